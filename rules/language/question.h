/* What a measure asks of a record, by kind: a row each. What is measured, and what is said of it,
 * is engine/audit/kinds.
 *
 * A new kind is a value of enum eh_measure_kind, before EH_MEASURE_KINDS, and a row here; then the
 * compiler names the other tables that have a row for each.
 */
#ifndef EVENHAND_RULES_LANGUAGE_QUESTION_H
#define EVENHAND_RULES_LANGUAGE_QUESTION_H

#include "rules/rules.h"

struct eh_question {
  const char *key;  /* of the measure, and the kind's name in words and in JSON: "event" */
  bool has_outcome; /* a column says what it was; the cells are parted by it. Else a condition
                       holds or does not, and the cells count events */
  bool is_amount;   /* the column holds numbers: differences are in its units, not in points */
  const char *asks; /* "what share had each of the outcomes in ": a column's name, its unit and "?"
                       follow; NULL: a condition is asked */
  const char *test; /* the one test it always has, in words; NULL: the rules choose */
  const char *unknown; /* of a record: why it is left out where it does not answer */
};

const struct eh_question *eh_question_of(enum eh_measure_kind kind);

/* Of a measure. */
bool eh_has_outcome(const struct eh_measure *measure);
bool eh_is_amount(const struct eh_measure *measure);

#endif
