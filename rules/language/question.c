#include "rules/language/question.h"

static const struct eh_question questions[] = {
    [EH_MEASURE_EVENT] = {.key = "event", .unknown = "whether the event occurred is not known"},
    [EH_MEASURE_CATEGORY] =
        {.key = "category",
         .has_outcome = true,
         .asks = "what share had each of the outcomes in ",
         .test = "one generalised Cochran-Mantel-Haenszel test of all outcomes, of which the one "
                 "that differs most must be large enough",
         .unknown = "its category is not recorded"},
    [EH_MEASURE_VALUE] = {.key = "value",
                          .has_outcome = true,
                          .is_amount = true,
                          .asks = "how large is ",
                          .test = "the stratified Wilcoxon test (van Elteren), which goes by ranks",
                          .unknown = "its value is not recorded or is no number"},
};
_Static_assert(sizeof questions / sizeof questions[0] == EH_MEASURE_KINDS, "a row for each kind");

const struct eh_question *eh_question_of(enum eh_measure_kind kind) { return &questions[kind]; }

bool eh_has_outcome(const struct eh_measure *measure) {
  return questions[measure->kind].has_outcome;
}

bool eh_is_amount(const struct eh_measure *measure) { return questions[measure->kind].is_amount; }
