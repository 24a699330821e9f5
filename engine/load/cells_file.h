/* Counts out of a CSV file: what `evenhand audit --cells` writes, or the answer to the statement
 * that `evenhand sql` prints.
 *
 * The answer says all that a database would have told. A file of cells has less: no records that
 * were left out, no malformed values, so the account counts the records in the cells only. The
 * findings are the same.
 */
#ifndef EVENHAND_LOAD_CELLS_FILE_H
#define EVENHAND_LOAD_CELLS_FILE_H

#include "engine/load/counts.h"

enum eh_status eh_cells_file_load(const struct eh_rules *rules, const char *name,
                                  struct eh_counts **counts, struct eh_error *error) EH_MUST_USE;

#endif
