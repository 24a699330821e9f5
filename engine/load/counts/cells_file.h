/* Counts out of a CSV file: what `evenhand audit --cells` writes, or the answer to the statement
 * that `evenhand sql` prints.
 *
 * The answer says all that a database would have told. A file of cells has less: no records that
 * were left out, no malformed values, so the account counts the records in the cells only. The
 * findings are the same.
 *
 * Spreadsheets take a field that begins with = + - @ for a formula and run it. So where such a text
 * is no number, it has an apostrophe before it in the file, which loading takes away again.
 */
#ifndef EVENHAND_LOAD_CELLS_FILE_H
#define EVENHAND_LOAD_CELLS_FILE_H

#include "engine/load/counts/counts.h"

enum eh_status eh_cells_file_load(const struct eh_rules *rules, const char *name,
                                  struct eh_counts **counts, struct eh_error *error) EH_MUST_USE;

/* A text of a cell as it stands in the file (before quoting); itself where nothing has to change.
 */
const char *eh_cells_file_guarded(struct eh_arena *arena, const char *text);
/* The text behind one that stands in the file; within it. */
const char *eh_cells_file_unguarded(const char *text);

#endif
