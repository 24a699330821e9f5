/* Many small items in 256 parts, which are read part by part in the end: held in memory up to a
 * limit, and beyond it in an unnamed temporary file (TMPDIR). Where there can be none they are held
 * all the same.
 *
 *   spill = eh_spill_new(sizeof item)
 *   eh_spill_add(spill, part, &item)
 *   eh_spill_read(spill, part, &items, &count, error)
 */
#ifndef EVENHAND_LOAD_SPILL_H
#define EVENHAND_LOAD_SPILL_H

#include <stddef.h>

#include "engine/base/error.h"

enum { EH_SPILL_PARTS = 256, EH_SPILL_HELD = 1 << 26 /* bytes */ };

struct eh_spill;
/* held: bytes in memory, at most. */
struct eh_spill *eh_spill_new(size_t item_size, size_t held);
void eh_spill_free(struct eh_spill *spill);
void eh_spill_add(struct eh_spill *spill, unsigned part, const void *item);
/* A part's items, in the order in which they were added; the caller frees them. */
enum eh_status eh_spill_read(const struct eh_spill *spill, unsigned part, void **items,
                             size_t *count, struct eh_error *error) EH_MUST_USE;

#endif
