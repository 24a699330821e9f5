/* Where and when values are missing: offices, officers, months, each against the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"

enum { FEWEST = 20 };
static const double LEAST_MORE = 0.03, /* more than usual, as a share of the records */
    LEAST_ODDS = 4,                    /* times the usual odds */
    LEAST_USUAL = 0.002;

/* A group of records: a unit, or a month. */
struct group {
  const double *missing_by;
  const uint64_t *applies_by;
};

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The median of the groups' shares, each weighed alike. */
static double usual_share(const struct group *groups, size_t count, size_t column) {
  double *shares = eh_alloc(count + 1, sizeof *shares), median = 0;
  size_t used = 0;
  for (size_t g = 0; g < count; g++)
    if (groups[g].applies_by[column] >= FEWEST) shares[used++] = groups[g].missing_by[column];
  if (used) {
    qsort(shares, used, sizeof *shares, ascending);
    median = shares[used / 2];
  }
  free(shares);
  return median;
}

static bool is_far_above(double share, double usual, double n, double places) {
  if (usual < LEAST_USUAL) usual = LEAST_USUAL;
  if (share - usual < LEAST_MORE || usual >= 0.5) return false;
  double odds = share / (1 - share + 1e-9), usual_odds = usual / (1 - usual);
  return odds >= LEAST_ODDS * usual_odds && eh_assess_exceeds(share * n, n, usual, places);
}

static double *shares_of(struct eh_assessment *a, const uint32_t *const *missing,
                         const uint32_t *const *inapplicable, size_t index, uint64_t records,
                         double *overall, const uint64_t **applies_by) {
  const struct eh_survey *s = a->survey;
  uint64_t *applies = eh_arena_alloc(a->arena, s->column_count, sizeof *applies);
  *applies_by = applies;
  double *shares = eh_arena_alloc(a->arena, s->column_count, sizeof *shares), all = 0, lost = 0;
  for (size_t c = 0; c < s->column_count; c++) {
    applies[c] = records - inapplicable[c][index];
    double n = (double)applies[c], m = missing[c][index];
    shares[c] = n > 0 ? m / n : -1;
    if (s->columns[c].is_derived) continue;
    all += n;
    lost += m;
  }
  *overall = all > 0 ? lost / all : 0;
  return shares;
}

static int worst_first(const void *a, const void *b) {
  const struct eh_unit_profile *x = a, *y = b;
  if (x->missing != y->missing) return x->missing > y->missing ? -1 : 1;
  return strcmp(x->label, y->label);
}

/* Which groups leave out which columns more often than usual, beyond chance? passed_over: a column
   of the survey. */
static void doubt_groups(struct eh_assessment *a, const struct eh_missing_at *at,
                         const struct group *groups, int passed_over) {
  const struct eh_survey *s = a->survey;
  size_t count = 0, capacity = 0;
  struct eh_missing *items = NULL;
  double places = (double)at->unit_count * (double)s->column_count;
  for (size_t c = 0; c < s->column_count && at->unit_count > 2; c++) {
    if ((int)c == passed_over || s->columns[c].is_derived) continue;
    double usual = usual_share(groups, at->unit_count, c);
    for (size_t u = 0; u < at->unit_count; u++) {
      uint64_t applies = groups[u].applies_by[c];
      double share = groups[u].missing_by[c], n = (double)applies;
      if (applies < FEWEST || !is_far_above(share, usual, n, places)) continue;
      if (count == capacity) {
        capacity = capacity ? 2 * capacity : 32;
        items = eh_resize(items, capacity, sizeof *items);
      }
      items[count++] = (struct eh_missing){u, c, (uint64_t)llround(share * n), applies, usual};
    }
  }
  eh_assess_missing(a, at, items, count);
  free(items);
}

static void doubt_units(struct eh_assessment *a, const struct eh_unit_table *table) {
  struct group *groups = eh_alloc(table->unit_count + 1, sizeof *groups);
  const char **labels = eh_alloc(table->unit_count + 1, sizeof *labels);
  for (size_t u = 0; u < table->unit_count; u++) {
    groups[u] = (struct group){table->units[u].missing_by, table->units[u].applies_by};
    labels[u] = table->units[u].label;
  }
  doubt_groups(a, &(struct eh_missing_at){table->column, labels, table->unit_count}, groups,
               eh_survey_find(a->survey, table->column));
  free(groups);
  free((void *)labels);
}

static void assess_units(struct eh_assessment *a, size_t u, struct eh_unit_table *table) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_column *column = &s->columns[s->roles.units[u]];
  const uint32_t **missing = eh_alloc(s->column_count, sizeof *missing);
  const uint32_t **inapplicable = eh_alloc(s->column_count, sizeof *inapplicable);
  for (size_t c = 0; c < s->column_count; c++) {
    missing[c] = s->columns[c].missing_by[u];
    inapplicable[c] = s->columns[c].inapplicable_by[u];
  }
  *table =
      (struct eh_unit_table){.column = column->name, .is_individual = s->roles.is_individual[u]};
  table->units = eh_arena_alloc(a->arena, column->value_count, sizeof *table->units);
  for (size_t i = s->missing_count; i < column->value_count; i++) {
    const struct eh_survey_value *v = &column->values[i];
    if (v->records == 0) continue;
    struct eh_unit_profile *unit = &table->units[table->unit_count++];
    *unit = (struct eh_unit_profile){.label = v->text, .records = v->records};
    unit->missing_by =
        shares_of(a, missing, inapplicable, i, v->records, &unit->missing, &unit->applies_by);
  }
  if (table->unit_count) qsort(table->units, table->unit_count, sizeof *table->units, worst_first);
  free((void *)missing);
  free((void *)inapplicable);
  doubt_units(a, table);
}

static void doubt_months(struct eh_assessment *a) {
  const struct eh_reliability *r = a->result;
  struct group *groups = eh_alloc(r->month_count + 1, sizeof *groups);
  const char **labels = eh_alloc(r->month_count + 1, sizeof *labels);
  for (size_t m = 0; m < r->month_count; m++) {
    const struct eh_month_profile *month = &r->months[m];
    groups[m] = (struct group){month->missing_by, month->applies_by};
    labels[m] = eh_arena_printf(a->arena, "%04d-%02d", month->year, month->month);
  }
  doubt_groups(a, &(struct eh_missing_at){NULL, labels, r->month_count}, groups,
               a->survey->roles.date_column);
  free(groups);
  free((void *)labels);
}

static void assess_months(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  struct eh_reliability *r = a->result;
  const uint32_t **missing = eh_alloc(s->column_count, sizeof *missing);
  const uint32_t **inapplicable = eh_alloc(s->column_count, sizeof *inapplicable);
  for (size_t c = 0; c < s->column_count; c++) {
    missing[c] = s->columns[c].missing_by_month;
    inapplicable[c] = s->columns[c].inapplicable_by_month;
  }
  r->months = eh_arena_alloc(a->arena, EH_SURVEY_MONTHS, sizeof *r->months);
  for (size_t m = 0; m < EH_SURVEY_MONTHS; m++) {
    if (s->month_records[m] == 0) continue;
    struct eh_month_profile *month = &r->months[r->month_count++];
    *month = (struct eh_month_profile){
        .year = 1800 + (int)m / 12, .month = 1 + (int)m % 12, .records = s->month_records[m]};
    month->missing_by =
        shares_of(a, missing, inapplicable, m, month->records, &month->missing, &month->applies_by);
  }
  free((void *)missing);
  free((void *)inapplicable);
  doubt_months(a);
}

void eh_assess_completeness(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  struct eh_reliability *r = a->result;
  r->units = eh_arena_alloc(a->arena, s->roles.unit_count, sizeof *r->units);
  r->unit_table_count = s->roles.unit_count;
  for (size_t u = 0; u < s->roles.unit_count; u++) assess_units(a, u, &r->units[u]);
  if (s->roles.date_column >= 0) assess_months(a);
}
