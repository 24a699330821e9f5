/* What of the rules' inputs could not be mapped, over all their files: gathered while records are
 * read, told in the account. Not for several threads at once. */
#ifndef EVENHAND_LOAD_UNMAPPED_H
#define EVENHAND_LOAD_UNMAPPED_H

#include "engine/load/records/records.h"

struct eh_unmapped *eh_unmapped_new(const struct eh_rules *rules);
void eh_unmapped_free(struct eh_unmapped *unmapped);

/* Add what a piece of a file with this layout gave. */
void eh_unmapped_add(struct eh_unmapped *unmapped, const struct eh_layout *layout,
                     const struct eh_unmapped_list *list);

/* The account of every input of the rules, once all files were read; in the arena. inputs and
   layouts: the files, by number. */
void eh_unmapped_account(const struct eh_unmapped *unmapped, struct eh_arena *arena,
                         const struct eh_layout *layouts, struct eh_account *account);

#endif
