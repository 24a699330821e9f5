/* Office scorecards: a workbook for each office with its measures against peers, the units inside
 * it, its trend, its record-keeping and its findings; and an index workbook that links them.
 *
 * An office is a value of the column that comparisons are made `within` (officers within their
 * field office); where no comparison has `within`, of the first comparison's `across` column.
 */
#ifndef EVENHAND_REPORTS_SCORECARDS_H
#define EVENHAND_REPORTS_SCORECARDS_H

#include "engine/base/folder.h"
#include "engine/load/cells/over_time.h"
#include "reports/report.h"

/* The rules' column whose values are offices. */
int eh_scorecards_column(const struct eh_rules *rules);

/* Write index.xlsx and a workbook for each office, named after it, into the folder; the caller
   commits it. EH_BAD_USAGE where the folder holds another workbook: of an office that is no longer
   in the records, say, which a reader might take for a present one. times: of that column. */
enum eh_status eh_scorecards_write(const struct eh_audit *audit,
                                   const struct eh_report_context *context,
                                   const struct eh_over_time *times, struct eh_folder *folder,
                                   struct eh_error *error) EH_MUST_USE;

#endif
