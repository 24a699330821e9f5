/* What the rules make of records, a batch at a time: their values, whether they are kept, what the
 * measures say of them. Everybody who asks something of the rules asks it of this. */
#ifndef EVENHAND_LOAD_EVALUATE_H
#define EVENHAND_LOAD_EVALUATE_H

#include "engine/load/records/inputs.h"
#include "engine/load/records/records.h"
#include "rules/evaluate/evaluate.h"

/* Valid until the next batch. */
struct eh_evaluation {
  const struct eh_rules *rules;
  struct eh_evaluator *evaluator;
  /* By column of the rules: EH_ROWS texts in the standard layout, with room behind them, and their
     lengths; NULL: derived, or the input does not have it. */
  const char *const **texts;
  const uint32_t **lengths;
  size_t count;                   /* records */
  const struct eh_value **values; /* by record, then column of the rules */
  uint8_t kept[EH_ROWS];          /* enum eh_truth */
  uint8_t *outcomes; /* by measure, then record (EH_ROWS): enum eh_outcome, whether kept or not */
  struct eh_join_gain *gains; /* by join of the rules: since a piece began; the caller clears them */
  struct eh_translator *translator; /* of the input's layout; NULL: texts stay as they are */
};

/* For one thread and the input at hand. label: see eh_evaluator_new. */
struct eh_evaluation *eh_evaluation_new(const struct eh_inputs *inputs, eh_label_function *label,
                                        void *context);
void eh_evaluation_free(struct eh_evaluation *evaluation);
void eh_evaluate_batch(struct eh_evaluation *evaluation, const struct eh_batch *batch);

#endif
