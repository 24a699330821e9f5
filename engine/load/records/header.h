/* The start of an input: lines to skip, the delimiter, the header, and where the columns of the
 * rules stand. */
#ifndef EVENHAND_LOAD_HEADER_H
#define EVENHAND_LOAD_HEADER_H

#include "engine/load/records/inputs.h"

/* What a column is called whose header is empty, as that of the row names is that R writes. */
#define EH_NO_NAME "(no name)"

/* text: the first bytes of the input (all of it when is_whole). The layout's arrays live in the
 * arena. */
struct eh_start {
  const char *name;
  const char *text;
  size_t length;
  bool is_whole;
  const struct eh_rules_input *input; /* of the rules; NULL: they have none */
  bool is_sheet; /* of a workbook: people write rows there that are no records */
  bool is_table; /* made from cells: commas, and the header first, whatever options say */
};
/* rules NULL: the header alone. */
enum eh_status eh_header_read(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_load_options *options, const struct eh_start *start,
                              struct eh_layout *layout, struct eh_problems *problems,
                              struct eh_error *error) EH_MUST_USE;

#endif
