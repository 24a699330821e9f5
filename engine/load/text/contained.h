/* What containers are asked for by the rules and the command line, and what they tell the account. */
#ifndef EVENHAND_LOAD_CONTAINED_H
#define EVENHAND_LOAD_CONTAINED_H

#include "engine/load/account.h"
#include "engine/load/containers/wish.h"
#include "engine/load/text/bytes.h"
#include "rules/language/inputs.h"

/* Of a file of this input (NULL: the rules have none; rules may be NULL too). sheet: as asked for on
   the command line, or NULL; skipped: lines to pass over before the header. */
struct eh_wish eh_wish_of(struct eh_arena *arena, const struct eh_rules *rules,
                          const struct eh_rules_input *input, const char *sheet, uint64_t skipped);

/* Are the records those of a sheet, which people fill? */
bool eh_contained_is_sheet(const struct eh_source *source);

/* The sheet of an input, and what was passed over in it. */
void eh_contained_describe(struct eh_arena *arena, const struct eh_source *source,
                           struct eh_input *input);

#endif
