/* What the rules ask of each record: does a measure's question apply, and what is its answer; is an
 * expectation met; does it count to a total? */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey/internal.h"

/* A record and what evaluates it. */
struct asking {
  struct eh_evaluator *evaluator;
  const struct eh_value **values;
};

static uint8_t outcome_of(enum eh_truth truth) {
  return truth == EH_TRUE ? EH_SURVEY_YES : truth == EH_FALSE ? EH_SURVEY_NO : EH_SURVEY_UNKNOWN;
}

/* Of a category or a value, "yes" is that it is recorded. */
static uint8_t outcome_asked(const struct asking *e, const struct eh_measure *measure) {
  if (measure->kind == EH_MEASURE_EVENT)
    return outcome_of(eh_evaluate(e->evaluator, measure->event, e->values));
  const struct eh_value *value = e->values[measure->outcome];
  return value->missing || value->malformed ? EH_SURVEY_UNKNOWN : EH_SURVEY_YES;
}

static uint8_t ask_measure(const struct asking *e, const struct eh_measure *measure,
                           struct eh_survey_measure *count) {
  enum eh_truth applies =
      measure->among ? eh_evaluate(e->evaluator, measure->among, e->values) : EH_TRUE;
  if (applies == EH_UNKNOWN) count->applies_unknown++;
  if (applies != EH_TRUE) return applies == EH_UNKNOWN ? EH_SURVEY_UNKNOWN : EH_SURVEY_NOT_ASKED;
  count->applies++;
  bool missing = false;
  for (size_t f = 0; f < measure->factor_count; f++)
    missing |= e->values[measure->factors[f]]->missing || e->values[measure->factors[f]]->malformed;
  count->factor_missing += missing;
  uint8_t outcome = outcome_asked(e, measure);
  count->event_unknown += outcome == EH_SURVEY_UNKNOWN;
  count->events += outcome == EH_SURVEY_YES;
  return outcome;
}

static void ask_expect(const struct asking *e, const struct eh_expect *expect,
                       struct eh_survey_test *test, size_t row) {
  enum eh_truth truth = eh_evaluate(e->evaluator, expect->condition, e->values);
  test->yes += truth == EH_TRUE;
  test->no += truth == EH_FALSE;
  test->unknown += truth == EH_UNKNOWN;
  if (truth != EH_FALSE || test->place_count == EH_SURVEY_PLACES) return;
  if ((test->place_count & (test->place_count - 1)) == 0)
    test->places = eh_resize(test->places, test->place_count ? 2 * test->place_count : 1,
                             sizeof *test->places);
  test->places[test->place_count++].line = row;
}

void eh_survey_ask(const struct eh_survey_run *run, struct eh_survey_piece *piece, size_t row,
                   struct eh_evaluator *evaluator, const struct eh_value **values) {
  const struct eh_rules *rules = run->survey->rules;
  const struct asking e = {evaluator, values};
  eh_evaluator_derive(evaluator, values);
  enum eh_truth kept = rules->keep ? eh_evaluate(evaluator, rules->keep, values) : EH_TRUE;
  piece->kept[row] = (uint8_t)kept;
  uint8_t *outcomes = piece->outcomes + row * run->question_count;
  memset(outcomes, EH_SURVEY_NOT_ASKED, run->question_count);
  if (kept == EH_FALSE) return;
  for (size_t i = 0; i < rules->expect_count; i++)
    ask_expect(&e, &rules->expects[i], &piece->expects[i], row);
  if (kept != EH_TRUE) return;
  for (size_t m = 0; m < rules->measure_count; m++)
    outcomes[m] = ask_measure(&e, &rules->measures[m], &piece->measures[m]);
  for (size_t t = 0; t < rules->total_count; t++)
    outcomes[rules->measure_count + t] =
        outcome_of(eh_evaluate(evaluator, rules->totals[t].where, values));
}
