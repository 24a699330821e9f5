/* The fast way to read records: plain ones and well-formed quoted ones out of a scan of the text.
 *
 * What it reads it reads as libcsv would, byte for byte (tests/load/text/differential_test.c).
 * Everything else (stray quotes, blank lines, CR alone, NUL, another number of fields, a record
 * longer than the window or without an end) it leaves to the caller, who asks libcsv. Internal to
 * engine/load/text/csv.c.
 */
#ifndef EVENHAND_LOAD_CSV_SCANNER_H
#define EVENHAND_LOAD_CSV_SCANNER_H

#include "engine/load/text/csv.h"
#include "engine/load/text/scan.h"

struct eh_csv_scanner;
struct eh_csv_scanner *eh_csv_scanner_new(enum eh_scan_way way, char delimiter,
                                          size_t fields_expected);
void eh_csv_scanner_free(struct eh_csv_scanner *scanner);

/* Forget the text: its bytes may be others now. */
void eh_csv_scanner_restart(struct eh_csv_scanner *scanner);
/* Make only these fields of a record (ascending numbers, borrowed). */
void eh_csv_scanner_want(struct eh_csv_scanner *scanner, const size_t *wanted, size_t count);
/* Read the record at *next and move behind it; false leaves *next where it is. */
bool eh_csv_scanner_next(struct eh_csv_scanner *scanner, const char **next, const char *end,
                         struct eh_csv_record *record);
/* Read plain records (whose quotes stand around whole fields) of ASCII, one line each, from *next
 * on, and move behind them; returns how many there were, at most `most`. They are read as
 * eh_csv_scanner_next reads them. fields: the wanted ones' texts, each `stride` apart from the one
 * before; they stay in the text. */
size_t eh_csv_scanner_plain(struct eh_csv_scanner *scanner, const char **next, const char *end,
                            const struct eh_csv_columns *fields, size_t most);

#endif
