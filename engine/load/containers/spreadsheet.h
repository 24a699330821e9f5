/* A workbook of any format as CSV: the one sheet that is wanted, and what was passed over.
 *
 * Of several sheets with records one must be named, unless the columns that are needed stand on one
 * only. What could be misread is refused in words that help.
 */
#ifndef EVENHAND_LOAD_SPREADSHEET_H
#define EVENHAND_LOAD_SPREADSHEET_H

#include "engine/load/containers/table.h"
#include "engine/load/containers/wish.h"

struct eh_spreadsheet;

/* Takes the zip, which is freed with the spreadsheet, or by a failure. */
enum eh_status eh_spreadsheet_open(struct eh_spreadsheet **spreadsheet, struct eh_zip *zip,
                            const struct eh_workbook_format *format, const struct eh_wish *wish,
                            struct eh_error *error) EH_MUST_USE;
void eh_spreadsheet_free(struct eh_spreadsheet *spreadsheet);

enum eh_status eh_spreadsheet_rewind(struct eh_spreadsheet *spreadsheet, struct eh_error *error) EH_MUST_USE;
enum eh_status eh_spreadsheet_read(struct eh_spreadsheet *spreadsheet, char *buffer, size_t wanted, size_t *got,
                            struct eh_error *error) EH_MUST_USE;

const char *eh_spreadsheet_sheet(const struct eh_spreadsheet *spreadsheet);
uint64_t eh_spreadsheet_row(const struct eh_spreadsheet *spreadsheet, uint64_t line);
/* Sentences without an end: "rows 1 to 3 above the header were passed over". */
const char *const *eh_spreadsheet_notes(const struct eh_spreadsheet *spreadsheet, size_t *count);

#endif
