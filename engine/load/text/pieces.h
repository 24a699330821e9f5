/* An input in pieces, for several threads to parse at once.
 *
 * A piece ends behind a line, so that a record is likely to begin where the next one does. A plain
 * file is cut by byte range and each thread reads its own piece; from a pipe or a compressed file
 * the pieces are read in turn.
 */
#ifndef EVENHAND_LOAD_PIECES_H
#define EVENHAND_LOAD_PIECES_H

#include "engine/base/memory.h"
#include "engine/load/text/bytes.h"

struct eh_pieces;

/* Of a source that was just opened. */
struct eh_pieces *eh_pieces_new(struct eh_source *source);
void eh_pieces_free(struct eh_pieces *pieces);

/* The first bytes, enough for a header; is_whole: there are no others. Call it first. */
enum eh_status eh_pieces_start(struct eh_pieces *pieces, const char **text, size_t *length,
                               bool *is_whole, struct eh_error *error) EH_MUST_USE;
/* Where the first piece begins, within those bytes. Then the pieces can be read. */
void eh_pieces_begin(struct eh_pieces *pieces, size_t header_length);

/* Can pieces be read in any order, by several threads at once? Otherwise one at a time, in order.
 */
bool eh_pieces_are_apart(const struct eh_pieces *pieces);
/* Is there a piece with this number, counted from 0? When they are not apart: the next number. */
bool eh_pieces_has(const struct eh_pieces *pieces, size_t number);

/* Read it into buffer, which is kept for later pieces. text is within buffer. is_last: the input
 * ends with it. */
struct eh_piece_text {
  const char *text;
  size_t length;
  bool is_last;
};
enum eh_status eh_pieces_read(struct eh_pieces *pieces, size_t number, struct eh_buffer *buffer,
                              struct eh_piece_text *piece, struct eh_error *error) EH_MUST_USE;

#endif
