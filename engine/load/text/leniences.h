/* What was forgiven while an input was read, added up and told. */
#ifndef EVENHAND_LOAD_LENIENCES_H
#define EVENHAND_LOAD_LENIENCES_H

#include "engine/load/account.h"
#include "engine/load/text/rows.h"

void eh_leniences_add(struct eh_leniences *sum, const struct eh_leniences *more);

/* Into the input's account: the number of records, and a note on each kind. */
void eh_leniences_describe(struct eh_arena *arena, const struct eh_leniences *leniences,
                           struct eh_input *input);

/* Notes behind those that an input has. The texts must stay. */
void eh_notes_add(struct eh_arena *arena, struct eh_input *input, const char *const *notes,
                  size_t count);

#endif
