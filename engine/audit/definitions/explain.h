/* Does a column that the rules do not name explain a finding?
 *
 * Each candidate column is put beside the factors. Over the unit's records that are comparable then
 * the difference is taken twice: within the strata as they are, against all peers there, and within
 * the finer ones. So the loss of records is not taken for an explanation:
 *
 *     explained = (same - fine) / same
 *
 * It explains the finding where at least half of its comparable records are left, explained is at
 * least half (or a quarter, and under it the finding would not have been one), and the column goes
 * with the event among units that are not flagged (generalised Cochran-Mantel-Haenszel test within
 * today's strata, Benjamini-Hochberg over the columns). A column that
 * nearly tells the event by itself (a quarter of its variance is left; or it would explain nearly
 * all of five findings or more) may follow from the decision, and one that leaves most of the
 * findings without peers names the unit: these are refused as explanations, and said to be.
 */
#ifndef EVENHAND_AUDIT_DEFINITIONS_EXPLAIN_H
#define EVENHAND_AUDIT_DEFINITIONS_EXPLAIN_H

#include "engine/audit/result.h"

struct eh_survey;

/* How the records are asked again. */
struct eh_recount {
  const struct eh_extra_column *columns; /* candidates */
  size_t column_count;
  const char *no_columns; /* why none is tried; NULL: they are */
  /* The cells of rules with those columns; false: they cannot be had, and why is filled in. */
  bool (*cells)(void *context, const struct eh_rules *varied, struct eh_arena *arena,
                struct eh_cells **cells, size_t *count, const char **why);
  void (*done)(
      void *context); /* the cells are no longer needed; called after cells, whatever came of it */
  void *context;
};

/* Columns of the records that might explain something: with 2 to 50 values, no case, person, date
   or individual, not known only after the decision. In the arena. */
struct eh_recount eh_recount_candidates(struct eh_arena *arena, const struct eh_rules *rules,
                                        const struct eh_survey *survey);

/* Ask the records again for the flagged units of measures of an event: fill in explained, time and
   selection of each, and the audit's screened. What goes with time is notable at most. */
void eh_findings_explain(struct eh_arena *arena, const struct eh_recount *recount, size_t threads,
                         struct eh_audit *audit);

#endif
