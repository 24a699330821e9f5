/* Tables whose rows belong to findings. */
#ifndef EVENHAND_REPORTS_FINDING_ROWS_H
#define EVENHAND_REPORTS_FINDING_ROWS_H

#include "reports/book/listing.h"
#include "reports/words/findings.h"

struct eh_workbook;

/* Rows of one table that belong to findings: finding number n has rows first[n - 1] to first[n]. */
struct eh_finding_rows {
  struct eh_listing table;
  size_t *first;
};

/* Where a finding's rows begin; NULL where it has none. */
const char *eh_finding_rows_target(const struct eh_finding_rows *rows,
                                   const struct eh_finding *finding);
/* The finding that a row belongs to, as an index. */
size_t eh_finding_rows_find(const struct eh_finding_rows *rows, size_t findings, size_t row);
/* F12; on the first row of a finding a link to it. */
struct eh_link eh_finding_rows_link(const struct eh_workbook *workbook,
                                    const struct eh_finding_rows *rows, size_t finding, size_t row);

/* Give the table those of the columns that some finding has. */
void eh_finding_rows_columns(const struct eh_workbook *workbook,
                             const struct eh_listing_column *all, size_t count,
                             struct eh_listing *table);

/* For eh_listing.band: every other finding. */
#define EH_EVERY_OTHER_FINDING "=ISEVEN(VALUE(MID($A5,2,9)))"

#endif
