/* The records are asked again: the cells of rules with something more. */
#ifndef EVENHAND_AUDIT_DEFINITIONS_ASK_H
#define EVENHAND_AUDIT_DEFINITIONS_ASK_H

#include "engine/audit/definitions/explain.h"

/* What is asked beyond the candidate columns. */
enum { EH_ASK_PERIOD, EH_ASK_LONGER_PERIOD, EH_ASK_MEMBERS, EH_ASK_OF_ALL, EH_ASKS };

struct eh_asked {
  struct eh_arena *scratch;
  const struct eh_recount *recount;
  struct eh_audit *audit;
  const struct eh_rules *varied;
  const struct eh_cells *cells;
  size_t count;
  size_t *variant; /* by measure: its first variant */
};

/* Has it findings to look at, of a measure of an event? */
bool eh_is_asked(const struct eh_comparison_result *comparison);
/* Is a range of rates to be shown that time may make? */
bool eh_shows_range(const struct eh_rules *rules, const struct eh_comparison_result *comparison);
/* Is what is compared a period, or a policy; or are the strata of one period already? */
bool eh_is_of_time(const struct eh_rules *rules, const struct eh_comparison_result *comparison);
/* Ask; NULL, or why the answer cannot be had. */
const char *eh_ask(struct eh_asked *asked);

/* The cells of a comparison with a candidate column; or what is asked beyond. NULL: there are none.
 */
const struct eh_cells *eh_asked_column(const struct eh_asked *asked,
                                       const struct eh_comparison_result *comparison, size_t column,
                                       size_t *place);
const struct eh_cells *eh_asked_more(const struct eh_asked *asked,
                                     const struct eh_comparison_result *comparison, size_t which,
                                     size_t *place);

/* What is done with the answers, a file each. */
void eh_asked_explain(struct eh_arena *arena, const struct eh_asked *asked, size_t threads,
                      struct eh_comparison_result *comparison);
void eh_asked_time(const struct eh_asked *asked, struct eh_comparison_result *comparison);
void eh_asked_spread(const struct eh_asked *asked, struct eh_comparison_result *comparison);
void eh_asked_selection(const struct eh_asked *asked, struct eh_comparison_result *comparison);

/* "month", "quarter", "year". */
const char *eh_period_word(enum eh_column_kind kind);

/* Has the column a part in the comparison, or in what its measure asks? */
bool eh_has_part(const struct eh_rules *rules, const struct eh_comparison_result *comparison,
                 const char *name);

#endif
