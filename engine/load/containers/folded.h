/* One compressed stream: gzip or Zstandard, unfolded as it comes. */
#ifndef EVENHAND_LOAD_FOLDED_H
#define EVENHAND_LOAD_FOLDED_H

#include <stdbool.h>
#include <stddef.h>

enum eh_fold { EH_NOT_FOLDED, EH_GZIP, EH_ZSTD };
enum { EH_FOLD_MARK = 4 }; /* bytes that tell */

enum eh_fold eh_fold_of(const char *bytes, size_t length);

struct eh_folded;
struct eh_folded *eh_folded_new(enum eh_fold fold); /* NULL: out of memory */
void eh_folded_free(struct eh_folded *folded);
/* Begin again, at the beginning of the stream. */
void eh_folded_reset(struct eh_folded *folded);

/* Unfold some of *in (which moves on) into at most `room` bytes. False: the data are damaged. */
bool eh_folded_step(struct eh_folded *folded, const char **in, size_t *length, char *out,
                    size_t room, size_t *made);
/* Is it within a member, so that more must come? */
bool eh_folded_is_inside(const struct eh_folded *folded);

#endif
