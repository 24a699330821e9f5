/* What of a workbook was passed over, or read though it may surprise: in words, with counts. */
#ifndef EVENHAND_LOAD_SPREADSHEET_NOTES_H
#define EVENHAND_LOAD_SPREADSHEET_NOTES_H

#include "engine/load/containers/table.h"

/* plans by sheet; was_named: the user chose the sheet, so that the others need no word. */
const char **eh_spreadsheet_notes_of(struct eh_arena *arena, const struct eh_workbook_format *format,
                              const struct eh_workbook *workbook,
                              const struct eh_table_plan *plans, size_t chosen, bool was_named,
                              size_t *count);

#endif
