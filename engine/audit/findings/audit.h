/* Comparisons and findings: what the cells say of every unit, and which differences are worth an
 * auditor's time.
 *
 * eh_audit_run takes the rules, the account of the records and the cells, all const, and makes one
 * value (result.h); reports/ writes it out.
 */
#ifndef EVENHAND_AUDIT_FINDINGS_AUDIT_H
#define EVENHAND_AUDIT_FINDINGS_AUDIT_H

#include "engine/audit/definitions/explain.h"
#include "engine/audit/result.h"

struct eh_audit_options {
  const struct eh_reliability *reliability; /* for the reports; NULL: not assessed */
  const struct eh_goals *goals;             /* passed on; NULL: none */
  const struct eh_policy_changes *policy_changes; /* likewise */
  bool note_pseudonyms;                     /* say that ids are pseudonyms */
  bool note_unassessed;                     /* say so, where a reader would expect it */
  size_t threads;
  const struct eh_monitoring *monitoring; /* for the reports; NULL: not asked for */
  const struct eh_cells *tables;        /* by period; passed on, as is what follows */
  size_t table_count;
  const struct eh_over_time *over_time; /* passed on to the reports; may be NULL */
  const struct eh_recount *recount; /* columns that might explain findings; NULL: not asked */
  const char *no_recount;           /* why not; NULL: nobody asks */
  bool only_summary; /* only eh_summary_write will be asked for it: of measures of events,
                        what that does not say is left out, with the reason */
};

/* Everything lives in the arena; rules, account and cells must outlive it. */
const struct eh_audit *eh_audit_run(struct eh_arena *arena, const struct eh_rules *rules,
                                    const struct eh_account *account, const struct eh_cells *cells,
                                    size_t cells_count, const struct eh_audit_options *options);

#endif
