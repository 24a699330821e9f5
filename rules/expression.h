/* Conditions over columns: SQL's boolean expressions, small, with three-valued logic.
 *
 *   outcome in ('released', 'stay granted') and decision_date >= 2011-06-17
 *
 * rules/read parses each condition once, as it reads the rules. The tree is public because it is
 * walked three ways: rules/evaluate computes it for a record, rules/explain says it in English, and
 * it can be printed as SQL.
 */
#ifndef EVENHAND_RULES_EXPRESSION_H
#define EVENHAND_RULES_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/error.h"
#include "engine/base/memory.h"

/* A comparison with something that is not recorded is not known. */
enum eh_truth { EH_FALSE = 0, EH_TRUE = 1, EH_UNKNOWN = 2 };

enum eh_expression_kind {
  EH_AND,         /* children */
  EH_OR,          /* children */
  EH_NOT,         /* children[0] */
  EH_COMPARE,     /* column, op, literals[0] or other */
  EH_IN,          /* column, literals */
  EH_BETWEEN,     /* column, literals[0] to literals[1], both included */
  EH_IS_MISSING,  /* column; never unknown; `is not missing` is EH_NOT of it */
  EH_STARTS_WITH, /* column, literals[0] */
  EH_OTHERWISE    /* true; only in first_of */
};

enum eh_operator { EH_EQ, EH_NE, EH_LT, EH_LE, EH_GT, EH_GE };

/* How a column's value is read in a condition. Text compares bytewise. */
enum eh_reading { EH_AS_TEXT, EH_AS_NUMBER, EH_AS_DATE };

struct eh_literal {
  enum eh_reading reading;
  const char *text; /* as written; for text, what is between the quotes */
  size_t length;
  double number;
  int32_t day;
};

struct eh_expression {
  enum eh_expression_kind kind;
  enum eh_operator op;
  enum eh_reading reading; /* of column (and of other) in this node */
  int column;              /* index into eh_rules.columns; -1 for and, or, not, otherwise */
  int other;               /* EH_COMPARE of two columns: the right one; else -1 */
  struct eh_literal *literals;
  size_t literal_count;
  struct eh_expression **children;
  size_t child_count;
  uint64_t line, position; /* where the node begins in the rules file */
  int test;                /* number of a part that concerns one column only, the largest such, for
                              remembering its outcome per value; else -1 */
};

/* The one column a condition concerns, or EH_NO_COLUMN (otherwise), or EH_SEVERAL_COLUMNS. */
enum { EH_NO_COLUMN = -1, EH_SEVERAL_COLUMNS = -2 };
int eh_expression_only_column(const struct eh_expression *condition);

#endif
