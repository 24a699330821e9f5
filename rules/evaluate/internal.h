/* What the evaluator's files share: rules/evaluate/evaluate.c (values and conditions) and
 * rules/evaluate/derive.c (derived columns).
 *
 * A derived column that depends on one other column only is a follower of that one: each value of
 * the other column remembers the value that follows from it. In memory a value is
 *
 *   struct eh_interned, a pointer for each follower of its column, a byte for each of its tests
 */
#ifndef EVENHAND_RULES_EVALUATE_INTERNAL_H
#define EVENHAND_RULES_EVALUATE_INTERNAL_H

#include "rules/evaluate/evaluate.h"
#include "rules/evaluate/intern.h"
#include "rules/language/missing.h"

struct eh_column_values {
  const struct eh_column *column;
  int index;
  struct eh_texts texts;
  struct eh_numbers numbers;      /* of years_between, days_between */
  bool has_malformed;             /* some value is */
  unsigned shapes;                /* of numbers: enum eh_amount_shape */
  const struct eh_value *missing; /* the one value for all that is not recorded */
  const int *followers;           /* columns */
  size_t follower_count;
  const struct eh_expression **tests;
  size_t test_count;
  char *room;                     /* memory for further values */
  size_t room_count, room_wanted; /* of values: left, and in the next piece of memory */
  const struct eh_value **labels; /* of bands; of choices, and then of otherwise */
};

/* Where the outcome of a test is remembered. */
struct eh_test_place {
  const struct eh_expression *test; /* NULL: no condition has this number */
  int column;
  uint32_t offset; /* bytes from the beginning of a value */
};

/* One derived column of a record. */
struct eh_step {
  int column;
  int source;      /* the column whose values remember it; -1: derive it anew */
  uint32_t offset; /* bytes from the beginning of a value */
};

struct eh_evaluator {
  const struct eh_rules *rules;
  eh_label_function *label;
  void *context;
  struct eh_arena *arena;
  struct eh_missing_filter missing;
  int32_t latest;                   /* the day on which the hundred years of a %y end */
  struct eh_column_values *columns; /* as in rules; unused where not is_evaluated */
  struct eh_test_place *tests;      /* rules->test_count */
  struct eh_step *steps;
  size_t step_count;
  const struct eh_value **scratch; /* a record that holds the one value that is being made */
};

static inline bool eh_value_is_known(const struct eh_value *value) {
  return !value->missing && !value->malformed;
}

static inline uint32_t eh_follower_offset(size_t follower) {
  return (uint32_t)(sizeof(struct eh_interned) + follower * sizeof(struct eh_value *));
}

/* --- evaluate.c --- */

/* The value of a whole number of a column. */
const struct eh_value *eh_evaluator_intern_number(struct eh_evaluator *evaluator, int column,
                                                  int32_t number);

/* --- derive.c --- */

/* The only column that a derived column depends on, or -1. */
int eh_derive_source(const struct eh_column *column);
/* Make the fixed labels of a column. */
void eh_derive_labels(struct eh_evaluator *evaluator, int column);
/* The value of a derived column in a record. */
const struct eh_value *eh_derive(struct eh_evaluator *evaluator, int column,
                                 const struct eh_value *const *values);

#endif
