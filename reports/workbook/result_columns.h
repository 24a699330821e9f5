/* A unit's result as a row of the findings sheet and of the comparisons' sheets, and the columns of
 * both. */
#ifndef EVENHAND_REPORTS_RESULT_COLUMNS_H
#define EVENHAND_REPORTS_RESULT_COLUMNS_H

#include "reports/workbook/workbook.h"

struct eh_result_row {
  struct eh_result result;
  struct eh_figure beyond_expected; /* events - expected */
  uint64_t repeated, pooled;
  struct eh_link finding;                    /* F12, on the findings sheet */
  struct eh_link comparison;                 /* its row on the comparison's sheet */
  struct eh_link cells;                      /* its first row on the cells sheet */
  struct eh_link definitions;                /* its first row on the sheet How sure */
  struct eh_link situations, similar, files; /* and on those, where it has any */
  const char *each, *within, *outcome, *level, *direction, *testable, *interval_from;
  const char *not_flagged_because, *caveats, *caveats_line, *missing_figures, *response;
  const char *finding_id, *responsible, *response_due, *action_due, *auditor_status, *attention;
};

void eh_result_row_fill(const struct eh_workbook *workbook, const struct eh_unit_row *unit,
                        struct eh_result_row *row);

/* Which columns there are. */
struct eh_columns_asked {
  bool with_each, with_within; /* is there anything to stand in those two? */
  bool with_ledger;            /* is there one beside the findings? */
  unsigned parts;              /* EH_ROW_ bits of the rows */
};
/* The columns, in the arena. */
struct eh_columns {
  const struct eh_listing_column *items;
  size_t count;
  size_t frozen; /* up to the unit's name */
};
struct eh_columns eh_unit_columns(struct eh_arena *arena, const struct eh_columns_asked *asked);
struct eh_columns eh_finding_columns(struct eh_arena *arena, const struct eh_columns_asked *asked);

#endif
