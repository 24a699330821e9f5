/* Doubts of missing values as a reader wants them: columns that a unit leaves out alike in one
 * sentence, units that leave out the same columns in one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"

enum { LISTED_COLUMNS = 8, LISTED_UNITS = 4 };
static const double ALIKE = 0.01;

static int by_unit(const void *a, const void *b) {
  const struct eh_missing *x = a, *y = b;
  if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
  if (x->records != y->records) return x->records > y->records ? -1 : 1;
  if (x->of != y->of) return x->of > y->of ? -1 : 1;
  return (x->column > y->column) - (x->column < y->column);
}

/* A unit and the columns it leaves out in as many records. */
struct sameness {
  const struct eh_missing *first;
  size_t count;
};

static int by_columns(const void *a, const void *b) {
  const struct sameness *x = a, *y = b;
  for (size_t i = 0; i < x->count && i < y->count; i++)
    if (x->first[i].column != y->first[i].column)
      return x->first[i].column < y->first[i].column ? -1 : 1;
  if (x->count != y->count) return x->count < y->count ? -1 : 1;
  if (x->first->records != y->first->records) return x->first->records > y->first->records ? -1 : 1;
  return x->first->unit < y->first->unit ? -1 : x->first->unit > y->first->unit;
}

static bool same_columns(const struct sameness *x, const struct sameness *y) {
  if (x->count != y->count) return false;
  for (size_t i = 0; i < x->count; i++)
    if (x->first[i].column != y->first[i].column) return false;
  return true;
}

/* "a", "a and b", "a, b and 3 more". */
static const char *list_columns(struct eh_assessment *a, const struct sameness *s) {
  const char *text = "";
  size_t listed = s->count <= LISTED_COLUMNS ? s->count : LISTED_COLUMNS - 1;
  for (size_t i = 0; i < listed; i++)
    text = eh_arena_printf(a->arena, "%s%s%s", text,
                           i == 0                                  ? ""
                           : i + 1 == listed && listed == s->count ? " and "
                                                                   : ", ",
                           a->survey->columns[s->first[i].column].name);
  return listed == s->count ? text
                            : eh_arena_printf(a->arena, "%s and %zu more", text, s->count - listed);
}

/* The usual shares of columns that are left out together are near each other: the largest. */
static double usual_of(const struct sameness *s, size_t count) {
  double usual = 0;
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < s[i].count; k++)
      if (s[i].first[k].usual > usual) usual = s[i].first[k].usual;
  return usual;
}

static const char *one_unit(struct eh_assessment *a, const struct eh_missing_at *at,
                            const struct sameness *s, const struct eh_doubt *d) {
  const char *share = eh_assess_percent(a->arena, (double)d->records / (double)d->of),
             *usual = eh_assess_percent(a->arena, d->usual.value), *columns = list_columns(a, s),
             *label = at->labels[s->first->unit];
  if (!at->unit_column)
    return eh_arena_printf(a->arena,
                           "In %s, %s is not recorded in %s of the records (%s is usual).", label,
                           columns, share, usual);
  return eh_arena_printf(
      a->arena, "%s %s does not record %s in %s of its records where it applies (%s is usual).",
      at->unit_column, label, columns, share, usual);
}

static const char *several_units(struct eh_assessment *a, const struct eh_missing_at *at,
                                 const struct sameness *s, const struct eh_doubt *d) {
  const char *text = eh_arena_printf(
      a->arena, "%s: left out far more often than usual (%s) %s %zu of %zu %s%s",
      list_columns(a, s), eh_assess_percent(a->arena, d->usual.value),
      at->unit_column ? "at" : "in", d->unit_count, at->unit_count,
      at->unit_column ? "values of " : "months", at->unit_column ? at->unit_column : "");
  size_t listed = d->unit_count <= LISTED_UNITS + 1 ? d->unit_count : LISTED_UNITS;
  for (size_t i = 0; i < listed; i++) {
    const struct eh_doubt_unit *unit = &d->units[i];
    text = eh_arena_printf(a->arena, "%s%s %s (%s of %s records)", text, i ? "," : ":", unit->label,
                           eh_assess_percent(a->arena, (double)unit->records / (double)unit->of),
                           eh_words_count(a->arena, unit->of));
  }
  return listed == d->unit_count
             ? eh_arena_printf(a->arena, "%s.", text)
             : eh_arena_printf(a->arena, "%s and %zu more.", text, d->unit_count - listed);
}

/* One doubt of all units that leave out the same columns. */
static void doubt(struct eh_assessment *a, const struct eh_missing_at *at, const struct sameness *s,
                  size_t count) {
  struct eh_doubt d = {
      .kind = at->unit_column ? EH_DOUBT_MISSING_AT_UNIT : EH_DOUBT_MISSING_IN_MONTH,
      .unit_column = at->unit_column,
      .unit_count = count,
      .column_count = s->count,
      .usual = eh_figure(usual_of(s, count))};
  const char **columns = eh_arena_alloc(a->arena, s->count, sizeof *columns);
  for (size_t i = 0; i < s->count; i++) columns[i] = a->survey->columns[s->first[i].column].name;
  struct eh_doubt_unit *units = eh_arena_alloc(a->arena, count, sizeof *units);
  for (size_t i = 0; i < count; i++) {
    const struct eh_missing *m = s[i].first;
    units[i] = (struct eh_doubt_unit){at->labels[m->unit], m->records, m->of};
    d.records += m->records;
    d.of += m->of;
  }
  d.columns = columns;
  d.column = s->count == 1 ? columns[0] : NULL;
  d.units = units;
  if (count == 1 && at->unit_column) d.unit = units[0].label;
  d.text = count == 1 ? one_unit(a, at, s, &d) : several_units(a, at, s, &d);
  eh_assess_doubt(a, &d);
}

/* As many blanks in all: columns that are filled in together. Few blanks can be as many by chance.
 */
static bool is_filled_alike(const struct eh_assessment *a, size_t x, size_t y) {
  double p = (double)a->survey->columns[x].missing, q = (double)a->survey->columns[y].missing;
  return fabs(p - q) <= ALIKE * fmax(p, q);
}

void eh_assess_missing(struct eh_assessment *a, const struct eh_missing_at *at,
                       struct eh_missing *items, size_t count) {
  if (count == 0) return;
  qsort(items, count, sizeof *items, by_unit);
  struct sameness *same = eh_alloc(count, sizeof *same);
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    const struct eh_missing *m = &items[i];
    bool joins = n && same[n - 1].first->unit == m->unit &&
                 same[n - 1].first->records == m->records && same[n - 1].first->of == m->of &&
                 is_filled_alike(a, same[n - 1].first->column, m->column);
    if (!joins) same[n++] = (struct sameness){m, 0};
    same[n - 1].count++;
  }
  qsort(same, n, sizeof *same, by_columns);
  for (size_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && same_columns(&same[i], &same[end]);) end++;
    doubt(a, at, &same[i], end - i);
  }
  free(same);
}
