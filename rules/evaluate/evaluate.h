/* Evaluating rules on records.
 *
 * A record is an array of values, one per column of the rules: the caller fills in the given
 * columns and that of the source, eh_evaluator_derive the derived ones. A value is interned: each
 * distinct text of a column is one struct eh_value per evaluator, and whatever the rules make of it
 * alone (a date, the outcome of a test, a band) is computed once and remembered behind it. An
 * evaluator belongs to one thread.
 *
 * A value that cannot be read as the rules read its column is malformed, and treated as missing
 * everywhere: in tests (`is missing` is true), in derivations and as a label. So are the years
 * between two dates of which the first is the later.
 *
 * The label of a value is what stands in cells and reports. Labels get numbers (codes) from the
 * caller's function, once per distinct value, so that several evaluators can share one numbering.
 * Fixed labels (bands, choices, missing) get theirs in eh_evaluator_new, whether they occur or not.
 */
#ifndef EVENHAND_RULES_EVALUATE_H
#define EVENHAND_RULES_EVALUATE_H

#include "rules/rules.h"

/* In this order it takes half a cache line. */
struct eh_value {
  const char *text; /* NUL-terminated; trimmed; the label of a derived value; "" when missing */
  double number;
  int32_t day;
  uint32_t length;         /* of text */
  uint32_t code;           /* of a dimension column: what the caller's function gave */
  bool missing;            /* not recorded, or a derivation that cannot be known */
  bool is_number, is_date; /* could be read so; asked only of columns read so */
  bool malformed; /* not missing, and some reading that the rules ask of the column failed */
  /* The evaluator keeps more behind each value: a copy cannot be evaluated. */
};

/* How the text of years between two dates ends of which the first is the later. */
#define EH_WRONG_YEARS " (below 0)"

struct eh_evaluator;

/* label gets the text of a new value of a dimension column (missing or malformed: NULL) and returns
   its code. */
typedef uint32_t eh_label_function(void *context, int column, const char *label, size_t length);
/* label may be NULL: codes stay 0. */
struct eh_evaluator *eh_evaluator_new(const struct eh_rules *rules, eh_label_function *label,
                                      void *context);
/* A year of two digits is one of the hundred years that end on this day (0: from 1969 to 2068), or,
   as the first date of years_between, that end on the second. Before any value is asked for. */
void eh_evaluator_set_as_of(struct eh_evaluator *evaluator, int32_t as_of);
void eh_evaluator_free(struct eh_evaluator *evaluator);

/* The value of a given column that is_evaluated (or of a label of a derived one, or the source's);
   text is copied when new. The value's own text is tidy (engine/base/tidy.h): texts that look
   alike have values of their own with the same text. Valid as long as the evaluator. length is at
   most UINT32_MAX. */
const struct eh_value *eh_evaluator_value(struct eh_evaluator *evaluator, int column,
                                          const char *text, size_t length);

/* The same for many records: values[i * stride] gets the value of texts[i]. */
void eh_evaluator_look_up(struct eh_evaluator *evaluator, int column, const char *const *texts,
                          const uint32_t *lengths, size_t count, const struct eh_value **values,
                          size_t stride);
/* The same, sooner, of texts that have room behind them (EH_ROOM_BEHIND). */
void eh_evaluator_look_up_roomy(struct eh_evaluator *evaluator, int column,
                                const char *const *texts, const uint32_t *lengths, size_t count,
                                const struct eh_value **values, size_t stride);

/* Has any value of the column been malformed so far? */
bool eh_evaluator_has_malformed(const struct eh_evaluator *evaluator, int column);

/* What the numbers of a column that is read as one look like: enum eh_amount_shape, together; 0
   where the rules say how numbers are written. */
unsigned eh_evaluator_shapes(const struct eh_evaluator *evaluator, int column);

/* Fill in the derived columns of a record. Each pointer is valid as long as the evaluator. Columns
   that are not is_evaluated stay as they are. */
void eh_evaluator_derive(struct eh_evaluator *evaluator, const struct eh_value **values);

/* The same for many records, that of record i at values + i * stride. */
void eh_evaluator_derive_all(struct eh_evaluator *evaluator, const struct eh_value **values,
                             size_t count, size_t stride);

/* condition is one of the rules' own; values are this evaluator's. */
enum eh_truth eh_evaluate(struct eh_evaluator *evaluator, const struct eh_expression *condition,
                          const struct eh_value *const *values);
/* The same for many records: truths[i] gets an enum eh_truth. */
void eh_evaluate_all(struct eh_evaluator *evaluator, const struct eh_expression *condition,
                     const struct eh_value *const *values, size_t count, size_t stride,
                     uint8_t *truths);

/* Does a tidy text stand for "not recorded"? */
bool eh_rules_is_missing(const struct eh_rules *rules, const char *text, size_t length);

#endif
