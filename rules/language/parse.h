/* Reading one condition: text to tree. Used by the reader of rules only.
 *
 * The reader parses each condition with eh_expression_parse as it meets it. When every condition is
 * read and every column known, it calls eh_expressions_settle once: what a condition may ask of a
 * column depends on the whole file.
 */
#ifndef EVENHAND_RULES_PARSE_H
#define EVENHAND_RULES_PARSE_H

#include "rules/rules.h"

/* The column of a name, for a condition that is being read: its index in eh_rules.columns. It may
   add a given column for a plain header. Returns -1 after adding a problem of its own (a name that
   cannot be used here). */
typedef int eh_resolve_function(void *context, const char *name, size_t length,
                                struct eh_place place);

struct eh_parse {
  struct eh_arena *arena;
  const char *file;
  eh_resolve_function *resolve;
  void *context;
  struct eh_problems *problems;
  size_t test_count; /* the next number for a test */
};

/* The tree of a condition, or NULL after adding at least one problem at its place. place is that of
   the text's first character; a place in the text is found by counting on from there (a folded YAML
   scalar's lines were joined by single blanks). A condition that is `otherwise` gives a lone
   EH_OTHERWISE: the caller refuses it outside first_of. Reading stops at the first mistake of
   grammar, and goes on after one of meaning. */
struct eh_expression *eh_expression_parse(struct eh_parse *parse, const char *text, size_t length,
                                          struct eh_place place);

/* Give the tests of a condition that the caller made itself their numbers (eh_expression.test);
   eh_expression_parse has done so for its own. */
void eh_expression_number_tests(struct eh_parse *parse, struct eh_expression *condition);

/* Settle how conditions read columns: call once, after the last condition was parsed.
 *
 * Asks of rules: columns (complete but for the flags below) and missing. The caller has set
 * read_as_date and read_as_number where a role or a derivation reads a column so (the date role;
 * the dates of years_between, days_between, month, ..., policy; the number of bands). Sets
 * read_as_date and read_as_number for every column a condition reads so, and the reading of each
 * comparison of two columns:
 *
 *   numbers, when either is a number: years_between, days_between, or read as one elsewhere;
 *   dates, when either is read as a date elsewhere;
 *   text otherwise.
 *
 * "Elsewhere" includes other comparisons of two columns, so the result does not depend on the order
 * of conditions. Adds a problem for what can never hold: a column read as a date and as a number,
 * a label (fiscal_year, bands, ...) or a text compared with a number or a date, a text that stands
 * for "not recorded". */
void eh_expressions_settle(struct eh_parse *parse, struct eh_rules *rules,
                           struct eh_expression *const *conditions, size_t count);

/* Call visit for every node that names a column, the left column first. */
void eh_expression_each_column(const struct eh_expression *condition,
                               void (*visit)(void *context, int column, enum eh_reading reading),
                               void *context);

/* Add a problem; in rules/language/problems.c, with eh_problems_free. */
void eh_problems_add(struct eh_problems *problems, const char *file, struct eh_place place,
                     const char *format, ...) EH_PRINTF(4, 5);

#endif
