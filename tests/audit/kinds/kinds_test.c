/* Every kind of measure says of each figure whether it has it, or why not; and its words are its
 * own. */
#include "engine/audit/kinds/kinds.h"

#include <string.h>

#include "engine/audit/figures/parts.h"
#include "rules/language/question.h"
#include "tests/test.h"

/* A figure of each part: all or none of a part has a reason. */
static const struct {
  enum eh_part part;
  size_t reason_at;
} figures[] = {
    {EH_PART_SHARE, offsetof(struct eh_result, share.rate.why_not)},
    {EH_PART_SHARE, offsetof(struct eh_result, share.difference.high.why_not)},
    {EH_PART_EVENT, offsetof(struct eh_result, event.odds_ratio.estimate.why_not)},
    {EH_PART_EVENT, offsetof(struct eh_result, event.exact.why_not)},
    {EH_PART_EVENT, offsetof(struct eh_result, event.unrecorded.decisions.why_not)},
    {EH_PART_EVENT, offsetof(struct eh_result, among.outlier_q.why_not)},
    {EH_PART_EVENT, offsetof(struct eh_result, among.rank.low.why_not)},
    {EH_PART_EVENT, offsetof(struct eh_result, among.effect_variance.why_not)},
    {EH_PART_VALUE, offsetof(struct eh_result, value.mean.why_not)},
    {EH_PART_VALUE, offsetof(struct eh_result, value.shift.high.why_not)},
    {EH_PART_TEST, offsetof(struct eh_result, test.why_not)},
    {EH_PART_TEST, offsetof(struct eh_result, among.typical_difference.why_not)},
};

START_TEST(says_why_not) {
  const struct eh_kind *kind = eh_kind_of((enum eh_measure_kind)_i);
  struct eh_result result = {.kind = (enum eh_measure_kind)_i};
  eh_result_leave_out(&result, kind->why_not);
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    const char *reason = *(const char *const *)((const char *)&result + figures[i].reason_at);
    ck_assert_msg(eh_kind_has(result.kind, figures[i].part) == (reason == NULL), "figure %zu", i);
    ck_assert_uint_eq(eh_kind_parts(result.kind) >> figures[i].part & 1u, reason == NULL);
  }
}
END_TEST

/* What makes a finding material is among the parts that it has, and so is what both sides did. */
START_TEST(headline_is_its_own) {
  const struct eh_kind *kind = eh_kind_of((enum eh_measure_kind)_i);
  struct eh_result result = {.kind = (enum eh_measure_kind)_i};
  eh_result_leave_out(&result, kind->why_not);
  ck_assert_ptr_null(eh_result_headline(&result)->estimate.why_not);
  ck_assert_ptr_null(eh_result_headline(&result)->low.why_not);
  ck_assert_ptr_null(eh_result_own(&result)->why_not);
  ck_assert_ptr_null(eh_result_expected(&result)->why_not);
}
END_TEST

START_TEST(every_row_is_whole) {
  const struct eh_kind *kind = eh_kind_of((enum eh_measure_kind)_i);
  const struct eh_question *question = eh_question_of((enum eh_measure_kind)_i);
  ck_assert(kind->measure && kind->affected && kind->statement && kind->too_small &&
            kind->say_caveats && kind->disagrees);
  ck_assert(*question->key && *question->unknown);
  ck_assert((question->asks != NULL) == question->has_outcome);
  ck_assert(question->has_outcome || !question->is_amount);
  for (int other = 0; other < _i; other++)
    ck_assert_str_ne(question->key, eh_question_of((enum eh_measure_kind)other)->key);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("kinds");
  tcase_add_loop_test(tcase, says_why_not, 0, EH_MEASURE_KINDS);
  tcase_add_loop_test(tcase, headline_is_its_own, 0, EH_MEASURE_KINDS);
  tcase_add_loop_test(tcase, every_row_is_whole, 0, EH_MEASURE_KINDS);
  return run_case("kinds", tcase);
}
