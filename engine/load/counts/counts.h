/* Cells from counts that were made elsewhere: by a database, which ran the statement of
 * rules/sql/sql.h.
 *
 * Each row of that statement's result is added; what comes out is what engine/load makes of the
 * records themselves, to the last number, in the same order.
 */
#ifndef EVENHAND_LOAD_COUNTS_H
#define EVENHAND_LOAD_COUNTS_H

#include "engine/base/pseudonym.h"
#include "engine/load/account.h"

/* The largest sum of counts: exact in every result, and the exact tests still take seconds. */
#define EH_MOST_COUNTED ((uint64_t)1 << 40)

struct eh_counts;
/* source: the database or file, for messages. */
struct eh_counts *eh_counts_new(const struct eh_rules *rules, const char *source);
void eh_counts_free(struct eh_counts *counts);

/* How many columns the result has. */
size_t eh_counts_columns(const struct eh_counts *counts);

/* Add one row of the result, its fields as text, NULL for null. EH_BAD_INPUT when it is no such
   row, brings the sum over EH_MOST_COUNTED, or counts values that the database could not read
   exactly. */
enum eh_status eh_counts_add(struct eh_counts *counts, const char *const *fields,
                             struct eh_error *error) EH_MUST_USE;

/* Add one cell of one measure in one comparison, as --cells writes them. labels: by dimension, NULL
   for not recorded (and for those that the comparison has no use for). A counts has rows or cells,
   not both. */
struct eh_counts_cell {
  size_t comparison, measure;
  const char *const *labels;
  uint64_t records, events;
  uint64_t line; /* of its file */
};
void eh_counts_add_cell(struct eh_counts *counts, const struct eh_counts_cell *cell);
/* Do two rows, or two cells of different lines, count the same kind of records? Then the second of
 * them, the first such in the order of adding, and what it repeats; once all were added. */
bool eh_counts_find_repeated(const struct eh_counts *counts, size_t *first, size_t *second);
/* The rules' columns that are dimensions, in order. */
size_t eh_counts_dimensions(const struct eh_counts *counts, const int **columns);

/* A dimension's labels, bytewise; the not recorded last. Only once the cells were made. */
const char *const *eh_counts_labels(const struct eh_counts *counts, int column, size_t *count,
                                    bool *has_missing);

/* Count records of persons who have several among one unit's. each: NULL where the comparison has
 * none. */
void eh_counts_repeat(struct eh_counts *counts, size_t comparison, size_t measure, const char *each,
                      const char *unit, uint64_t records);

/* Settle the account once every row was added. It has one input, whose other fields are the
 * caller's. */
struct eh_account *eh_counts_account(struct eh_counts *counts);

/* Put pseudonyms in place of what names individuals, once every row was added. */
enum eh_status eh_counts_pseudonymise(struct eh_counts *counts,
                                      const struct eh_pseudonyms *pseudonyms,
                                      struct eh_error *error) EH_MUST_USE;

/* As eh_records_cells; the labels live as long as the counts. EH_BAD_INPUT where a cell has more
   records than it can count. */
enum eh_status eh_counts_cells(struct eh_arena *arena, struct eh_counts *counts,
                               struct eh_cells **cells, size_t *count,
                               struct eh_error *error) EH_MUST_USE;
/* So the tables by period, after the cells; none of which a file of cells has none. */
enum eh_status eh_counts_tables(struct eh_arena *arena, struct eh_counts *counts,
                                struct eh_cells **cells, size_t *count,
                                struct eh_error *error) EH_MUST_USE;

#endif
