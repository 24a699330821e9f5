/* The rows of a table that is joined, as they stand in its file. For joined.c. */
#ifndef EVENHAND_LOAD_JOINED_ROWS_H
#define EVENHAND_LOAD_JOINED_ROWS_H

#include "engine/load/records/inputs.h"

struct eh_table_row {
  const char **texts; /* by wanted field, tidied, with room behind them */
  uint32_t *lengths;
  uint64_t line; /* or row of a sheet */
};

struct eh_table_rows {
  struct eh_table_row *items;
  size_t count;
  struct eh_input file; /* for the account */
};

/* Read the fields under these headers. The rows live in the arena. EH_BAD_INPUT with its place
   where the file cannot be read, lacks one, has one twice, or holds a line that is no row. */
enum eh_status eh_table_rows_read(struct eh_arena *arena, const struct eh_join *join,
                                  const char *const *headers, size_t count,
                                  const struct eh_load_options *options, struct eh_table_rows *rows,
                                  struct eh_error *error) EH_MUST_USE;

#endif
