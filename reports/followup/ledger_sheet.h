/* The ledger as a sheet: evenhand's columns, then people's as cells to fill in, with lists to choose
 * from. */
#ifndef EVENHAND_REPORTS_LEDGER_SHEET_H
#define EVENHAND_REPORTS_LEDGER_SHEET_H

#include "engine/audit/followup/ledger.h"
#include "reports/book/listing.h"

struct eh_ledger_sheet {
  struct eh_listing table;
  const struct eh_ledger *ledger;
};
void eh_ledger_sheet_plan(struct eh_ledger_sheet *sheet, struct eh_book *book,
                          const struct eh_ledger *ledger, const char *back);
void eh_ledger_sheet_write(struct eh_ledger_sheet *sheet, struct eh_arena *arena);

#endif
