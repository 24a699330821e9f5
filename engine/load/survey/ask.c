/* What the rules ask of each record: does a measure's question apply, and what is its answer; is an
 * expectation met; does it count to a total? */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey/internal.h"
#include "rules/language/question.h"

/* Of a category or a value, "yes" is that it is recorded. */
static uint8_t answer_of(const struct eh_measure *measure, enum eh_outcome outcome) {
  static const uint8_t answers[] = {[EH_DOES_NOT_APPLY] = EH_SURVEY_NOT_ASKED,
                                    [EH_APPLIES_UNKNOWN] = EH_SURVEY_UNKNOWN,
                                    [EH_EVENT_UNKNOWN] = EH_SURVEY_UNKNOWN,
                                    [EH_NO_EVENT] = EH_SURVEY_NO,
                                    [EH_EVENT] = EH_SURVEY_YES};
  return eh_has_outcome(measure) && outcome == EH_NO_EVENT ? EH_SURVEY_YES : answers[outcome];
}

static bool lacks_factor(const struct eh_measure *measure, const struct eh_value *const *values) {
  for (size_t f = 0; f < measure->factor_count; f++)
    if (values[measure->factors[f]]->missing || values[measure->factors[f]]->malformed) return true;
  for (size_t f = 0; f < measure->adjust_count; f++)
    if (values[measure->adjust[f]]->missing || values[measure->adjust[f]]->malformed) return true;
  return false;
}

static void ask_measure(const struct eh_evaluation *e, size_t m, struct eh_survey_measure *count,
                        uint8_t *answers, size_t stride) {
  const struct eh_measure *measure = &e->rules->measures[m];
  for (size_t r = 0; r < e->count; r++) {
    enum eh_outcome outcome = (enum eh_outcome)e->outcomes[m * EH_ROWS + r];
    if (e->kept[r] != EH_TRUE) continue;
    uint8_t answer = answers[r * stride] = answer_of(measure, outcome);
    count->applies_unknown += outcome == EH_APPLIES_UNKNOWN;
    if (outcome == EH_DOES_NOT_APPLY || outcome == EH_APPLIES_UNKNOWN) continue;
    count->applies++;
    count->event_unknown += answer == EH_SURVEY_UNKNOWN;
    count->events += answer == EH_SURVEY_YES;
    count->factor_missing += lacks_factor(measure, e->values + r * e->rules->column_count);
  }
}

static void note_place(struct eh_survey_test *test, size_t row) {
  if (test->place_count == EH_SURVEY_PLACES) return;
  if ((test->place_count & (test->place_count - 1)) == 0)
    test->places = eh_resize(test->places, test->place_count ? 2 * test->place_count : 1,
                             sizeof *test->places);
  test->places[test->place_count++].line = row;
}

/* first: the row of the batch's first record. */
static void ask_expect(const struct eh_evaluation *e, const struct eh_expect *expect,
                       struct eh_survey_test *test, size_t first) {
  uint8_t truths[EH_ROWS];
  eh_evaluate_all(e->evaluator, expect->condition, e->values, e->count, e->rules->column_count,
                  truths);
  for (size_t r = 0; r < e->count; r++) {
    if (e->kept[r] == EH_FALSE) continue;
    test->yes += truths[r] == EH_TRUE;
    test->no += truths[r] == EH_FALSE;
    test->unknown += truths[r] == EH_UNKNOWN;
    if (truths[r] == EH_FALSE) note_place(test, first + r);
  }
}

static void ask_total(const struct eh_evaluation *e, const struct eh_total *total, uint8_t *answers,
                      size_t stride) {
  static const uint8_t of_truths[] = {
      [EH_TRUE] = EH_SURVEY_YES, [EH_FALSE] = EH_SURVEY_NO, [EH_UNKNOWN] = EH_SURVEY_UNKNOWN};
  uint8_t truths[EH_ROWS];
  eh_evaluate_all(e->evaluator, total->where, e->values, e->count, e->rules->column_count, truths);
  for (size_t r = 0; r < e->count; r++)
    if (e->kept[r] == EH_TRUE) answers[r * stride] = of_truths[truths[r]];
}

void eh_survey_ask(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                   const struct eh_evaluation *e) {
  const struct eh_rules *rules = e->rules;
  size_t stride = run->question_count;
  uint8_t *answers = piece->outcomes + piece->rows * stride;
  memcpy(piece->kept + piece->rows, e->kept, e->count);
  memset(answers, EH_SURVEY_NOT_ASKED, e->count * stride);
  for (size_t m = 0; m < rules->measure_count; m++)
    ask_measure(e, m, &piece->measures[m], answers + m, stride);
  for (size_t i = 0; i < rules->expect_count; i++)
    ask_expect(e, &rules->expects[i], &piece->expects[i], piece->rows);
  for (size_t t = 0; t < rules->total_count; t++)
    ask_total(e, &rules->totals[t], answers + rules->measure_count + t, stride);
}
