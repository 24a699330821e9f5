/* For each measure: are the records sufficient, usable with caveats, or not sufficient? */
#include <math.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"
#include "engine/stats/rounding.h"

const char *eh_grade_name(enum eh_grade grade) {
  static const char *const names[] = {"sufficient", "usable with caveats", "not sufficient"};
  return names[grade];
}

static double share(uint64_t part, uint64_t whole) {
  return whole ? (double)part / (double)whole : 0;
}

static bool is_of_measure(const struct eh_comparison *comparison, size_t measure) {
  for (size_t k = 0; k < comparison->measure_count; k++)
    if (comparison->measures[k] == measure) return true;
  return false;
}

/* The columns that a measure stands on: its question, its factors, the policy, the units it is
 * compared across and within. */
static bool *columns_of(struct eh_assessment *a, size_t m) {
  const struct eh_rules *rules = a->rules;
  const struct eh_measure *measure = &rules->measures[m];
  bool *used = eh_arena_alloc(a->arena, rules->column_count, sizeof *used);
  eh_rules_mark_condition(rules, measure->among, used);
  eh_rules_mark_condition(rules, measure->event, used);
  eh_rules_mark_column(rules, measure->outcome, used);
  eh_rules_mark_condition(rules, rules->keep, used);
  for (size_t f = 0; f < measure->factor_count; f++)
    eh_rules_mark_column(rules, measure->factors[f], used);
  for (size_t f = 0; f < measure->adjust_count; f++)
    eh_rules_mark_column(rules, measure->adjust[f], used);
  eh_rules_mark_column(rules, rules->policy_column, used);
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *c = &rules->comparisons[i];
    if (!is_of_measure(c, m)) continue;
    eh_rules_mark_column(rules, c->across, used);
    eh_rules_mark_column(rules, c->each, used);
    for (size_t w = 0; w < c->within_count; w++) eh_rules_mark_column(rules, c->within[w], used);
  }
  return used;
}

/* used: by the rules' columns; NULL: every column counts. */
static double worst_malformed(const struct eh_assessment *a, const bool *used) {
  double worst = 0;
  for (size_t c = 0; c < a->survey->column_count; c++) {
    const struct eh_survey_column *column = &a->survey->columns[c];
    if (used && (column->rules_column < 0 || !used[column->rules_column])) continue;
    double s = share(column->malformed, a->survey->rows - column->missing);
    if (s > worst) worst = s;
  }
  return worst;
}

static struct eh_figure worst_unit(const struct eh_assessment *a) {
  double worst = 0;
  const struct eh_survey_roles *roles = &a->survey->roles;
  if (roles->unit_count == 0) return eh_no_figure("no officer or office column is known");
  for (size_t u = 0; u < roles->unit_count; u++) {
    double s = share(a->survey->columns[roles->units[u]].missing, a->survey->rows);
    if (s > worst) worst = s;
  }
  return eh_figure(worst);
}

/* Is the measure compared across the units of this column, or within them? */
static bool is_compared(const struct eh_rules *rules, size_t measure, int column) {
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *c = &rules->comparisons[i];
    if (!is_of_measure(c, measure)) continue;
    if (c->across == column) return true;
    for (size_t w = 0; w < c->within_count; w++)
      if (c->within[w] == column) return true;
  }
  return false;
}

/* The same of one measure: the records it asks, and the units it is compared across or within. */
static struct eh_figure worst_unit_of_measure(const struct eh_assessment *a, size_t m) {
  const struct eh_survey *s = a->survey;
  size_t compared = 0;
  double worst = 0;
  for (size_t u = 0; u < s->roles.unit_count; u++) {
    if (!is_compared(a->rules, m, s->columns[s->roles.units[u]].rules_column)) continue;
    uint64_t asked = 0, missing = 0;
    compared++;
    for (size_t row = 0; row < s->rows; row++) {
      if (eh_survey_answer(s, m, row) == EH_SURVEY_NOT_ASKED) continue;
      asked++;
      missing += eh_survey_unit(s, u, row) < s->missing_count;
    }
    worst = fmax(worst, share(missing, asked));
  }
  return compared ? eh_figure(worst)
                  : eh_no_figure("the rules compare it across no officers or offices");
}

static struct eh_figure worst_total(const struct eh_reliability *r) {
  if (r->total_count == 0) return eh_no_figure("the rules state no control totals");
  double worst = 0;
  for (size_t t = 0; t < r->total_count; t++) {
    double d = r->totals[t].share.why_not ? (r->totals[t].difference != 0)
                                          : fabs(r->totals[t].share.value);
    if (d > worst) worst = d;
  }
  return eh_figure(worst);
}

static struct eh_figure worst_expectation(const struct eh_assessment *a) {
  if (!a->rules || a->rules->expect_count == 0)
    return eh_no_figure("the rules state no expectations");
  double worst = 0;
  for (size_t i = 0; i < a->rules->expect_count; i++) {
    const struct eh_survey_test *test = &a->survey->expects[i];
    double s = share(test->no, test->yes + test->no + test->unknown);
    if (s > worst) worst = s;
  }
  return eh_figure(worst);
}

/* What holds for every measure. */
static void general_shares(const struct eh_assessment *a, struct eh_figure *shares) {
  const struct eh_survey *s = a->survey;
  const struct eh_reliability *r = a->result;
  shares[EH_CRITERION_UNUSABLE] = eh_figure(share(s->account.unusable, s->account.read));
  shares[EH_CRITERION_REPEATED_CASES] =
      eh_figure(share(r->repeats.exact + r->repeats.differing, s->rows));
  shares[EH_CRITERION_REPEATED_PERSONS] =
      !r->repeats.has_person ? eh_no_figure("no person column is known")
      : a->rules && a->rules->one_per >= 0
          ? eh_no_figure("the rules keep one record of each person")
          : eh_figure(share(r->repeats.records_repeated, s->rows));
  shares[EH_CRITERION_UNIT_MISSING] = worst_unit(a);
  shares[EH_CRITERION_UNDER_RECORDED] = s->roles.date_column < 0
                                            ? eh_no_figure("no date column is known")
                                            : eh_figure(a->lost / ((double)s->rows + a->lost));
  shares[EH_CRITERION_TOTALS] = worst_total(r);
  shares[EH_CRITERION_EXPECTATIONS] = worst_expectation(a);
  shares[EH_CRITERION_MALFORMED] = eh_figure(worst_malformed(a, NULL));
  shares[EH_CRITERION_EVENT_UNKNOWN] = shares[EH_CRITERION_FACTOR_MISSING] =
      eh_no_figure("no rules say what is asked of the records");
}

static void add_reason(struct eh_assessment *a, struct eh_verdict *v, const char *reason) {
  const char **more = eh_arena_alloc(a->arena, v->reason_count + 1, sizeof *more);
  if (v->reason_count) memcpy(more, v->reasons, v->reason_count * sizeof *more);
  more[v->reason_count++] = reason;
  v->reasons = more;
}

static void add_reasons(struct eh_assessment *a, struct eh_verdict *v, enum eh_grade grade) {
  const struct eh_limits *limits = a->result->criteria;
  for (int i = 0; i < EH_CRITERION_COUNT; i++) {
    if (v->shares[i].why_not || v->grades[i] != grade) continue;
    double over = grade == EH_NOT_SUFFICIENT ? limits[i].limit : limits[i].caveat;
    add_reason(
        a, v,
        eh_arena_printf(a->arena, "%s: %s (over %s)", eh_criterion_meaning((enum eh_criterion)i),
                        eh_assess_percent(a->arena, v->shares[i].value),
                        eh_assess_percent(a->arena, over)));
  }
}

/* The reasons that decide stand first. */
static void grade(struct eh_assessment *a, struct eh_verdict *v) {
  const struct eh_limits *limits = a->result->criteria;
  for (int i = 0; i < EH_CRITERION_COUNT; i++) {
    if (v->shares[i].why_not) continue;
    double s = v->shares[i].value;
    v->grades[i] = !eh_passes(s, limits[i].limit)    ? EH_NOT_SUFFICIENT
                   : !eh_passes(s, limits[i].caveat) ? EH_USABLE_WITH_CAVEATS
                                                     : EH_SUFFICIENT;
    if (v->grades[i] > v->grade) v->grade = v->grades[i];
  }
  add_reasons(a, v, EH_NOT_SUFFICIENT);
  add_reasons(a, v, EH_USABLE_WITH_CAVEATS);
}

static bool is_office(const struct eh_reliability *r, const char *unit_column) {
  for (size_t u = 0; u < r->unit_table_count; u++)
    if (strcmp(r->units[u].column, unit_column) == 0) return !r->units[u].is_individual;
  return true;
}

static bool is_used(const struct eh_assessment *a, const char *name, const bool *used) {
  int column = eh_survey_find(a->survey, name);
  int rules_column = column >= 0 ? a->survey->columns[column].rules_column : -1;
  return rules_column >= 0 && used[rules_column];
}

/* The case, and the person where the rules keep one record of each. */
static bool is_id(const struct eh_assessment *a, const char *name) {
  const struct eh_survey *s = a->survey;
  int column = eh_survey_find(s, name);
  return column == s->roles.case_column ||
         (column == s->roles.person_column && a->rules && a->rules->one_per >= 0);
}

static bool stands_on(const struct eh_assessment *a, const struct eh_doubt *d, const bool *used) {
  for (size_t i = 0; i < d->column_count; i++)
    if (is_used(a, d->columns[i], used)) return true;
  return false;
}

/* Does a doubt concern a measure, whose columns are used (NULL: all)? Its own words then say why
 * the records are no better than usable with caveats: units that leave out a value the measure
 * stands on, hold almost no events, or record no more; values of such a column that are not what
 * was recorded. */
static bool concerns(const struct eh_assessment *a, const struct eh_doubt *d,
                     const struct eh_verdict *v, const bool *used) {
  switch (d->kind) {
    case EH_DOUBT_NO_EVENTS:
      return strcmp(d->measure, v->measure) == 0;
    case EH_DOUBT_MISSING_AT_UNIT:
      return is_office(a->result, d->unit_column) && (!used || stands_on(a, d, used));
    case EH_DOUBT_ENDED:
      return is_office(a->result, d->unit_column) && (!used || is_used(a, d->unit_column, used));
    case EH_DOUBT_LOST_DIGITS:
    case EH_DOUBT_LOST_ZEROS:
    case EH_DOUBT_ONE_FOR_MANY:
    case EH_DOUBT_SPELLINGS:
    case EH_DOUBT_CODES_CHANGE:
    case EH_DOUBT_PLACEHOLDER:
      return !used || is_id(a, d->column) || is_used(a, d->column, used);
    case EH_DOUBT_CUT_OFF:
      return true;
    default:
      return false;
  }
}

static void name_doubts(struct eh_assessment *a, struct eh_verdict *v, const bool *used) {
  const struct eh_reliability *r = a->result;
  for (size_t i = 0; i < r->doubt_count; i++) {
    const struct eh_doubt *d = &r->doubts[i];
    if (!concerns(a, d, v, used)) continue;
    add_reason(a, v, eh_arena_copy(a->arena, d->text, strlen(d->text) - 1)); /* no full stop */
    if (v->grade == EH_SUFFICIENT) v->grade = EH_USABLE_WITH_CAVEATS;
  }
}

/* Of no records nothing was found wrong; they are no better for it. */
static void grade_none(struct eh_assessment *a, const struct eh_survey_measure *measure,
                       struct eh_verdict *v) {
  if (measure->applies + measure->applies_unknown > 0) return;
  static const char why[] = "no record is kept for the measure";
  v->shares[EH_CRITERION_EVENT_UNKNOWN] = v->shares[EH_CRITERION_FACTOR_MISSING] =
      eh_no_figure(why);
  v->grade = EH_NOT_SUFFICIENT;
  add_reason(a, v, why);
}

static void state(struct eh_assessment *a, struct eh_verdict *v) {
  size_t unknown = 0;
  for (int i = 0; i < EH_CRITERION_COUNT; i++) unknown += v->shares[i].why_not != NULL;
  const char *first = v->reason_count ? v->reasons[0] : NULL;
  size_t length = first ? strlen(first) : 0; /* without its full stop: the sentence goes on */
  if (length && first[length - 1] == '.') first = eh_arena_copy(a->arena, first, length - 1);
  const char *rest =
      v->reason_count > 1 ? eh_arena_printf(a->arena, "; and %zu more", v->reason_count - 1) : "";
  v->text =
      eh_arena_printf(a->arena, "%s: the records are %s%s%s%s (%zu of %d criteria assessed).",
                      v->measure, eh_grade_name(v->grade), first ? ": " : "", first ? first : "",
                      rest, (size_t)EH_CRITERION_COUNT - unknown, (int)EH_CRITERION_COUNT);
}

void eh_assess_verdicts(struct eh_assessment *a) {
  struct eh_reliability *r = a->result;
  r->verdict_count = a->rules ? a->rules->measure_count : 1;
  r->verdicts = eh_arena_alloc(a->arena, r->verdict_count, sizeof *r->verdicts);
  for (size_t m = 0; m < r->verdict_count; m++) {
    struct eh_verdict *v = &r->verdicts[m];
    const bool *used = a->rules ? columns_of(a, m) : NULL;
    v->measure = a->rules ? a->rules->measures[m].name : "(all records)";
    general_shares(a, v->shares);
    if (a->rules) {
      const struct eh_survey_measure *measure = &a->survey->measures[m];
      v->shares[EH_CRITERION_EVENT_UNKNOWN] =
          eh_figure(share(measure->event_unknown + measure->applies_unknown,
                          measure->applies + measure->applies_unknown));
      v->shares[EH_CRITERION_FACTOR_MISSING] =
          eh_figure(share(measure->factor_missing, measure->applies));
      v->shares[EH_CRITERION_MALFORMED] = eh_figure(worst_malformed(a, used));
      v->shares[EH_CRITERION_UNIT_MISSING] = worst_unit_of_measure(a, m);
      grade_none(a, measure, v);
    }
    grade(a, v);
    name_doubts(a, v, used);
    state(a, v);
  }
}
