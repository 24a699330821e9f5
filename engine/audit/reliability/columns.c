/* What stands in each column. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/audit/reliability/internal.h"
#include "engine/base/date.h"
#include "engine/base/number.h"

enum { FEWEST = 200, EARLIEST_YEAR = 1900, LISTED_EXAMPLES = 3 };
/* Shares of dates on the 1st of a month, on 1 January, and of numbers that end in 0 or 5, above
   which they heap: about two, five and two times what is to be expected. */
static const double FIRSTS = 0.075, NEW_YEARS = 0.015, ROUND = 0.40;

/* The readable values of a column in order, with their records. */
struct reading {
  double value;
  uint64_t records;
};

static int by_value(const void *a, const void *b) {
  const struct reading *x = a, *y = b;
  return (x->value > y->value) - (x->value < y->value);
}

static int by_records(const void *a, const void *b) {
  const struct eh_survey_value *x = *(const struct eh_survey_value *const *)a,
                               *y = *(const struct eh_survey_value *const *)b;
  if (x->records != y->records) return x->records > y->records ? -1 : 1;
  return strcmp(x->text, y->text);
}

static size_t take_most(const struct eh_survey_value *values, size_t count,
                        struct eh_counted_text *texts) {
  const struct eh_survey_value **order = eh_alloc(count + 1, sizeof(struct eh_survey_value *));
  size_t used = 0, taken = 0;
  for (size_t i = 0; i < count; i++)
    if (values[i].records) order[used++] = &values[i];
  if (used) qsort((void *)order, used, sizeof(struct eh_survey_value *), by_records);
  for (; taken < used && taken < EH_PROFILE_TEXTS; taken++)
    texts[taken] = (struct eh_counted_text){order[taken]->text, order[taken]->records};
  free((void *)order);
  return taken;
}

static const char *role_of(const struct eh_survey *s, size_t column) {
  const struct eh_survey_roles *roles = &s->roles;
  int c = (int)column;
  if (c == roles->case_column) return "case";
  if (c == roles->person_column) return "person";
  if (c == roles->date_column) return "date";
  for (size_t u = 0; u < roles->unit_count; u++)
    if (roles->units[u] == c) return roles->is_individual[u] ? "officer" : "office";
  return NULL;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "not where outcome is 'denied' or 'granted'". */
static const char *applies_text(struct eh_arena *arena, const struct eh_survey *s,
                                const struct eh_survey_column *column) {
  if (column->applies_by < 0) return NULL;
  const struct eh_survey_column *by = &s->columns[column->applies_by];
  const char *text = eh_arena_printf(arena, "not where %s is ", by->name);
  const char **texts = eh_arena_alloc(arena, column->does_not_apply_count, sizeof *texts);
  size_t count = 0;
  for (size_t i = s->missing_count; i < column->does_not_apply_count; i++)
    if (column->does_not_apply[i]) texts[count++] = by->values[i].text;
  if (count) qsort((void *)texts, count, sizeof *texts, by_text);
  for (size_t i = 0; i < count; i++)
    text = eh_arena_printf(arena, "%s%s'%s'", text, i ? " or " : "", texts[i]);
  return text;
}

static const char *kind_text(enum eh_survey_kind kind) {
  static const char *const names[] = {"empty", "text", "number", "date"};
  return names[kind];
}

static const char *show(struct eh_arena *arena, enum eh_survey_kind kind, double value) {
  if (kind == EH_SURVEY_DATE) return eh_assess_day(arena, (int32_t)value);
  char text[32];
  eh_number_format(value, text);
  return eh_arena_string(arena, text);
}

static double quantile(const struct reading *readings, size_t count, uint64_t records, double p) {
  uint64_t before = 0;
  for (size_t i = 0; i < count; i++) {
    before += readings[i].records;
    if ((double)before >= p * (double)records) return readings[i].value;
  }
  return count ? readings[count - 1].value : 0;
}

/* Range, and Tukey's outer fences: three quartile ranges beyond the quartiles. */
static void take_range(struct eh_assessment *a, const struct eh_survey_column *c,
                       const struct reading *readings, size_t count, uint64_t records,
                       struct eh_column_profile *p) {
  if (count == 0) return;
  double low = readings[0].value, high = readings[count - 1].value;
  double q1 = quantile(readings, count, records, .25), q3 = quantile(readings, count, records, .75);
  double from = q1 - 3 * (q3 - q1), to = q3 + 3 * (q3 - q1);
  if (c->rest.numbers && c->rest.low < low) low = c->rest.low;
  if (c->rest.numbers && c->rest.high > high) high = c->rest.high;
  if (c->rest.dates && c->rest.first < low) low = c->rest.first;
  if (c->rest.dates && c->rest.last > high) high = c->rest.last;
  p->lowest = show(a->arena, c->kind, low);
  p->highest = show(a->arena, c->kind, high);
  if (q3 <= q1) return;
  p->usual_low = show(a->arena, c->kind, from < low ? low : from);
  p->usual_high = show(a->arena, c->kind, to > high ? high : to);
  for (size_t i = 0; i < count; i++)
    if (readings[i].value < from || readings[i].value > to) p->outliers += readings[i].records;
}

static void doubt_heaping(struct eh_assessment *a, const struct eh_survey_column *c,
                          const struct reading *readings, size_t count, uint64_t records) {
  uint64_t heaped = 0, new_years = 0;
  double usual = c->kind == EH_SURVEY_DATE ? 12 / 365.25 : 0.2;
  bool whole = true;
  for (size_t i = 0; i < count; i++) {
    double v = readings[i].value;
    if (c->kind == EH_SURVEY_DATE) {
      struct eh_civil civil = eh_date_to_civil((int32_t)v);
      if (civil.day == 1) heaped += readings[i].records;
      if (civil.day == 1 && civil.month == 1) new_years += readings[i].records;
    } else if (v < 0 || v > 150 || v != (double)(int)v) {
      whole = false;
    } else if ((int)v % 5 == 0) {
      heaped += readings[i].records;
    }
  }
  if (records < FEWEST || count < 30 || !whole) return;
  double n = (double)records;
  const char *text = NULL;
  if (c->kind == EH_SURVEY_DATE && (double)new_years / n > NEW_YEARS) {
    heaped = new_years;
    usual = 1 / 365.25;
    text = "lie on 1 January";
  } else if (c->kind == EH_SURVEY_DATE && (double)heaped / n > FIRSTS) {
    text = "lie on the 1st of a month";
  } else if (c->kind == EH_SURVEY_NUMBER && (double)heaped / n > ROUND) {
    text = "end in 0 or 5";
  }
  if (!text || !eh_assess_exceeds((double)heaped, n, usual, (double)a->survey->column_count))
    return;
  eh_assess_doubt(a, &(struct eh_doubt){.kind = EH_DOUBT_HEAPING,
                                        .column = c->name,
                                        .records = heaped,
                                        .of = records,
                                        .usual = eh_figure(usual),
                                        .text = eh_arena_printf(
                                            a->arena,
                                            "%s of the values of %s %s (%s would be usual): they "
                                            "may be rounded or defaults.",
                                            eh_assess_percent(a->arena, (double)heaped / n),
                                            c->name, text, eh_assess_percent(a->arena, usual))});
}

/* Dates in the future or before 1900; the lines are those where such a value first stands. */
static void doubt_dates(struct eh_assessment *a, const struct eh_survey_column *c) {
  int32_t earliest = eh_date_from_civil(EARLIEST_YEAR, 1, 1);
  struct eh_survey_place *places = NULL;
  uint64_t records = 0;
  size_t count = 0;
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (!v->is_date || (v->day >= earliest && v->day <= a->result->as_of) || !v->records) continue;
    records += v->records;
    if (!places) places = eh_arena_alloc(a->arena, EH_SURVEY_PLACES, sizeof *places);
    if (count < EH_SURVEY_PLACES && !a->survey->counted) places[count++] = v->first;
  }
  /* Of the values that were not kept only the range is known. */
  bool in_rest = c->rest.dates && (c->rest.first < earliest || c->rest.last > a->result->as_of);
  records += in_rest;
  if (records == 0) return;
  eh_assess_doubt(
      a, &(struct eh_doubt){
             .kind = EH_DOUBT_IMPLAUSIBLE_DATE,
             .column = c->name,
             .records = records,
             .of = a->survey->rows,
             .places = places,
             .place_count = count,
             .text = eh_arena_printf(a->arena, "%s%s %s before 1900 or after %s.",
                                     in_rest ? "At least " : "",
                                     eh_words_of(a->arena, records, "record has", "records have"),
                                     c->name, eh_assess_day(a->arena, a->result->as_of))});
}

/* Of a counted survey, which has no lines: the most frequent. */
static const char *malformed_values(struct eh_assessment *a, const struct eh_survey_column *c) {
  const struct eh_survey_value **order = eh_alloc(c->value_count + 1, sizeof(*order));
  const char *examples = "";
  size_t count = 0;
  for (size_t i = a->survey->missing_count; i < c->value_count; i++)
    if (c->values[i].records && !c->values[i].is_date && !c->values[i].is_number)
      order[count++] = &c->values[i];
  if (count) qsort((void *)order, count, sizeof *order, by_records);
  for (size_t i = 0; i < count && i < LISTED_EXAMPLES; i++)
    examples = eh_arena_printf(a->arena, "%s%s'%s'", examples, i ? ", " : "", order[i]->text);
  free((void *)order);
  return examples;
}

static const char *malformed_lines(struct eh_assessment *a, const struct eh_survey_column *c) {
  const char *examples = "";
  size_t listed = 0;
  for (size_t i = 0; i < c->malformed_place_count && listed < LISTED_EXAMPLES; i++) {
    bool is_new = true;
    for (size_t k = 0; k < i; k++)
      is_new &= strcmp(c->malformed_texts[k], c->malformed_texts[i]) != 0;
    if (!is_new) continue;
    examples = eh_arena_printf(a->arena, "%s%s'%s' in %s", examples, listed ? ", " : "",
                               c->malformed_texts[i], eh_assess_line(a, &c->malformed_places[i]));
    listed++;
  }
  return examples;
}

/* What they are not; where none can be read, what a readable one would look like. */
static const char *malformed_text(struct eh_assessment *a, const struct eh_survey_column *c,
                                  bool are_all) {
  bool is_date = c->kind == EH_SURVEY_DATE;
  if (c->is_derived) /* only years between two dates can be malformed */
    return eh_arena_printf(a->arena, "%s of %s %s below 0: the first date is later than the second",
                           eh_words_of(a->arena, c->malformed, "value", "values"), c->name,
                           c->malformed == 1 ? "is" : "are");
  if (!is_date && c->kind != EH_SURVEY_NUMBER)
    return eh_arena_printf(a->arena, "%s of %s %s text in neither UTF-8 nor Windows-1252",
                           eh_words_of(a->arena, c->malformed, "value", "values"), c->name,
                           c->malformed == 1 ? "is" : "are");
  const char *form = is_date ? eh_arena_printf(a->arena, " (%s)", c->form) : "";
  if (are_all)
    return eh_arena_printf(a->arena, "No value of %s is a %s%s", c->name,
                           is_date ? "date in a form that is read" : "number that can be read",
                           is_date ? form
                                   : ", like 1234.5, without thousands separators, signs of "
                                     "currency or a decimal comma");
  return eh_arena_printf(
      a->arena, "%s of %s %s %s as the others%s",
      eh_words_of(a->arena, c->malformed, "value", "values"), c->name,
      c->malformed == 1 ? "is no" : "are no",
      is_date ? (c->malformed == 1 ? "date" : "dates") : (c->malformed == 1 ? "number" : "numbers"),
      form);
}

static void doubt_malformed(struct eh_assessment *a, const struct eh_survey_column *c,
                            uint64_t recorded) {
  if (c->malformed == 0) return;
  const char *examples = a->survey->counted ? malformed_values(a, c) : malformed_lines(a, c);
  eh_assess_doubt(
      a, &(struct eh_doubt){
             .kind = EH_DOUBT_MALFORMED,
             .column = c->name,
             .records = c->malformed,
             .of = recorded,
             .places = c->malformed_places,
             .place_count = c->malformed_place_count,
             .text = eh_arena_printf(a->arena, "%s: %s.",
                                     malformed_text(a, c, c->malformed >= recorded), examples)});
}

/* Texts that usually mean "not recorded", which the rules do not list. */
static void doubt_unlisted(struct eh_assessment *a, const struct eh_survey_column *c) {
  static const char *const usual[] = {"null", "na", "n/a", "unk", "unknown", "-", "#n/a"};
  if (!a->rules || c->is_derived) return;
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    bool is_usual = v->length == 0;
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
      is_usual |= strcasecmp(v->text, usual[k]) == 0;
    if (!is_usual || v->records == 0) continue;
    eh_assess_doubt(
        a, &(struct eh_doubt){
               .kind = EH_DOUBT_UNLISTED_MISSING,
               .column = c->name,
               .records = v->records,
               .of = a->survey->rows,
               .text = eh_arena_printf(a->arena,
                                       "%s is '%s' in %s, which the rules take as a value; if it "
                                       "means not recorded, add it to `missing`.",
                                       c->name, v->text,
                                       eh_words_of(a->arena, v->records, "record", "records"))});
  }
}

/* To three digits, as good as the estimate is. */
static uint64_t rounded(double estimate) {
  double unit = 1;
  while (estimate / unit >= 1000) unit *= 10;
  return (uint64_t)(round(estimate / unit) * unit);
}

static double highest_of(const struct eh_survey *s, const struct eh_survey_column *c) {
  double highest = c->rest.numbers ? c->rest.high : 0;
  for (size_t i = s->missing_count; i < c->value_count; i++)
    if (c->values[i].is_number && c->values[i].number > highest) highest = c->values[i].number;
  return highest;
}

/* Numbers that often stand for "not recorded" among those of officers, offices and persons. */
static void doubt_codes(struct eh_assessment *a, const struct eh_survey_column *c,
                        const char *role) {
  static const char *const usual[] = {"-1", "-8", "-9", "-99", "-999", "999", "9999", "99999"};
  if (!role || c->kind != EH_SURVEY_NUMBER || strcmp(role, "date") == 0) return;
  double highest = highest_of(a->survey, c);
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    bool is_usual = false;
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
      is_usual |= strcmp(v->text, usual[k]) == 0;
    bool is_inside = v->number > 0 && v->number < highest;
    if (!is_usual || is_inside || v->records == 0) continue;
    struct eh_survey_place *place = eh_arena_alloc(a->arena, 1, sizeof *place);
    *place = v->first;
    eh_assess_doubt(
        a, &(struct eh_doubt){
               .kind = EH_DOUBT_UNLISTED_MISSING,
               .column = c->name,
               .records = v->records,
               .of = a->survey->rows,
               .places = place,
               .place_count = 1,
               .text = eh_arena_printf(a->arena,
                                       "%s is %s in %s: a number that often means not recorded; if "
                                       "it does, add it to `missing` in the rules.",
                                       c->name, v->text,
                                       eh_words_of(a->arena, v->records, "record", "records"))});
  }
}

static void assess_values(struct eh_assessment *a, const struct eh_survey_column *c,
                          struct eh_column_profile *p) {
  struct reading *readings = eh_alloc(c->value_count, sizeof *readings);
  size_t count = 0;
  uint64_t records = 0;
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (!v->records || !(v->is_date || v->is_number)) continue;
    readings[count++] = (struct reading){v->is_date ? (double)v->day : v->number, v->records};
    records += v->records;
  }
  if (count) qsort(readings, count, sizeof *readings, by_value);
  take_range(a, c, readings, count, records, p);
  if (c->rest.records == 0) doubt_heaping(a, c, readings, count, records);
  if (c->kind == EH_SURVEY_DATE) doubt_dates(a, c);
  free(readings);
}

void eh_assess_columns(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  struct eh_reliability *r = a->result;
  r->columns = eh_arena_alloc(a->arena, s->column_count, sizeof *r->columns);
  r->column_count = s->column_count;
  for (size_t i = 0; i < s->column_count; i++) {
    const struct eh_survey_column *c = &s->columns[i];
    struct eh_column_profile *p = &r->columns[i];
    uint64_t applies = s->rows - c->not_applicable;
    *p = (struct eh_column_profile){
        .name = c->name,
        .kind = kind_text(c->kind),
        .form = c->kind == EH_SURVEY_DATE ? c->form : NULL,
        .role = role_of(s, i),
        .is_derived = c->is_derived,
        .distinct_is_estimate = c->rest.records > 0,
        .is_nearly_unique = c->is_closed,
        .records = s->rows,
        .recorded = s->rows - c->missing,
        .missing = c->missing - c->not_applicable,
        .not_applicable = c->not_applicable,
        .malformed = c->malformed,
        .applies = applies_text(a->arena, s, c),
        .distinct = c->rest.records ? rounded(c->distinct) : (uint64_t)(c->distinct + .5),
        .lowest = "",
        .highest = "",
        .usual_low = "",
        .usual_high = "",
        .column = c};
    p->missing_share = applies ? eh_figure((double)p->missing / (double)applies)
                               : eh_no_figure("it applies to no record");
    p->most_frequent_count = c->is_closed
                                 ? 0
                                 : take_most(c->values + s->missing_count,
                                             c->value_count - s->missing_count, p->most_frequent);
    p->missing_code_count = take_most(c->values, s->missing_count, p->missing_codes);
    for (size_t k = 0; k < p->missing_code_count; k++)
      if (!p->missing_codes[k].text[0]) p->missing_codes[k].text = "(blank)";
    assess_values(a, c, p);
    doubt_malformed(a, c, p->recorded);
    doubt_unlisted(a, c);
    doubt_codes(a, c, p->role);
  }
}
