/* The inputs of a run: opened, their headers read and held against the rules, then read one after
 * the other, each by all threads.
 *
 *   eh_inputs_open(&inputs, names, count, problems, error)
 *   eh_inputs_read(&inputs, &pass, wants_all, error)
 *   eh_inputs_close(&inputs)
 */
#ifndef EVENHAND_LOAD_INPUTS_H
#define EVENHAND_LOAD_INPUTS_H

#include "engine/load/text/pass.h"
#include "rules/rules.h"

/* How an input's fields map to the rules' columns. */
struct eh_layout {
  char delimiter;
  size_t field_count;
  uint64_t header_offset, header_line; /* of the first byte, the line, after the header */
  const char *const *headers;          /* by field */
  bool is_text;                        /* as people write it, not made from cells */
  bool keeps_totals;                   /* rows of totals are records */
  size_t fewest;                       /* fields that a record may have; 0: all */
  const char *const *notes; /* on what was found before the records, for the account */
  size_t note_count;
  /* With rules. */
  size_t *fields; /* the numbers of the fields that the rules name, ascending; an input may give two
                     columns one field */
  size_t *columns; /* the rules' column of each */
  size_t named_count;
  const struct eh_rules_input *input; /* of the rules; NULL: they have none */
  const char *const *fixed;           /* with an input: see eh_translate_fixed */
};

struct eh_joined; /* engine/load/records/joined.h */

struct eh_inputs {
  const struct eh_rules *rules; /* NULL: none; the caller sets this and the next two */
  const struct eh_load_options *options;
  struct eh_arena *arena; /* of the layouts */
  struct eh_source **sources;
  struct eh_layout *layouts;
  size_t count;              /* opened */
  struct eh_joined *joined;  /* the tables that the rules join; NULL: none */
  struct eh_pieces **pieces; /* of those that were not read yet */
  /* Of the input at hand: what is read of it, and by the layout's named fields their places there.
   */
  const struct eh_layout *layout;
  struct eh_rows_plan plan;
  const size_t *places;
};

/* EH_BAD_RULES with problems when a file lacks a column of the rules. Close them in any case. */
enum eh_status eh_inputs_open(struct eh_inputs *inputs, const char *const *names, size_t count,
                              struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
void eh_inputs_close(struct eh_inputs *inputs);

/* Which fields are read: those that the rules name, or all (then the others need not be text). In
   the arena. */
void eh_inputs_plan(struct eh_arena *arena, const struct eh_layout *layout, bool wants_all,
                    struct eh_rows_plan *plan, const size_t **places);

enum eh_status eh_inputs_read(struct eh_inputs *inputs, struct eh_pass *pass, bool wants_all,
                              struct eh_error *error) EH_MUST_USE;

#endif
