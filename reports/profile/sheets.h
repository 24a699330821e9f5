/* The sheets of a data reliability assessment, in a workbook of their own or in an audit's. */
#ifndef EVENHAND_REPORTS_PROFILE_SHEETS_H
#define EVENHAND_REPORTS_PROFILE_SHEETS_H

#include "reports/book/listing.h"
#include "reports/profile.h"

struct eh_profile_sheets {
  struct eh_arena *arena;
  const struct eh_reliability *reliability;
  struct eh_listing verdicts, doubts, columns, completeness, repeats, totals;
};

/* Plan adds the sheets; write fills them. back: the target of the links back. */
void eh_profile_sheets_plan(struct eh_profile_sheets *sheets, struct eh_book *book,
                            const struct eh_reliability *reliability, size_t rows_per_sheet,
                            const char *back);
void eh_profile_sheets_write(const struct eh_profile_sheets *sheets);

/* --- profile_completeness.c: units x columns and months x columns --- */
void eh_profile_plan_completeness(struct eh_profile_sheets *sheets, struct eh_book *book,
                                  size_t rows_per_sheet, const char *back);
void eh_profile_write_completeness(const struct eh_profile_sheets *sheets);

#endif
