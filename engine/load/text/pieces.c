#include "engine/load/text/pieces.h"

#include <stdlib.h>
#include <string.h>

/* APART: of a plain file; small enough for a processor's own cache. IN_TURN: of others.
   FURTHER: how far a line's end is looked for at a time, and LONGEST_LOOK in all. */
enum {
  APART = 1 << 18,
  IN_TURN = 1 << 20,
  START = 1 << 20,
  FURTHER = 1 << 12,
  LONGEST_LOOK = 1 << 20
};

struct eh_pieces {
  struct eh_source *source;
  struct eh_buffer rest; /* read, but behind the last piece's last line */
  bool are_apart;
  uint64_t begin, length; /* of the records, decoded; only when apart */
  bool at_end;            /* only when in turn */
};

struct eh_pieces *eh_pieces_new(struct eh_source *source) {
  struct eh_pieces *p = eh_alloc_zeroed(1, sizeof *p);
  p->source = source;
  return p;
}

void eh_pieces_free(struct eh_pieces *p) {
  if (!p) return;
  eh_buffer_free(&p->rest);
  free(p);
}

/* With room behind the text. */
static void reserve(struct eh_buffer *buffer, size_t capacity) {
  if (buffer->capacity >= capacity + EH_ROOM_BEHIND) return;
  buffer->text = eh_resize(buffer->text, capacity + EH_ROOM_BEHIND, 1);
  buffer->capacity = capacity + EH_ROOM_BEHIND;
}

enum eh_status eh_pieces_start(struct eh_pieces *p, const char **text, size_t *length,
                               bool *is_whole, struct eh_error *error) {
  reserve(&p->rest, START);
  EH_TRY(eh_source_read(p->source, p->rest.text, START, &p->rest.length, error));
  p->rest.text[p->rest.length] = '\0';
  *text = p->rest.text;
  *length = p->rest.length;
  *is_whole = p->rest.length < START - 7;
  return EH_OK;
}

void eh_pieces_begin(struct eh_pieces *p, size_t header_length) {
  /* A file of old, whose lines end with CR alone, is read in turn. */
  p->are_apart =
      eh_source_is_plain(p->source) && memchr(p->rest.text, '\n', p->rest.length) != NULL;
  if (p->are_apart) {
    p->begin = header_length;
    p->length = eh_source_length(p->source) - header_length;
    eh_buffer_free(&p->rest);
    return;
  }
  p->rest.length -= header_length;
  memmove(p->rest.text, p->rest.text + header_length, p->rest.length);
  /* All inputs' are held at once, and most may be small. */
  p->rest.capacity = p->rest.length + EH_ROOM_BEHIND;
  p->rest.text = eh_resize(p->rest.text, p->rest.capacity, 1);
}

bool eh_pieces_are_apart(const struct eh_pieces *p) { return p->are_apart; }

bool eh_pieces_has(const struct eh_pieces *p, size_t number) {
  if (!p->are_apart) return !p->at_end;
  return number == 0 || (uint64_t)number * APART < p->length;
}

/* Where a cut at text[from] is made: behind the first line that ends there or later, or, where none
   ends for long, anywhere but within a CRLF. SIZE_MAX: more must be read to know. */
static size_t find_cut(const char *text, size_t length, size_t from) {
  size_t look = length - from < LONGEST_LOOK ? length - from : LONGEST_LOOK;
  const char *lf = memchr(text + from, '\n', look);
  if (lf) return (size_t)(lf - text) + 1;
  size_t cut = from + LONGEST_LOOK;
  if (cut >= length) return SIZE_MAX;
  return cut + (text[cut - 1] == '\r' && text[cut] == '\n');
}

/* Add up to `wanted` bytes of the file, whose byte at `offset` is the buffer's first. */
static enum eh_status read_more(const struct eh_pieces *p, uint64_t offset, size_t wanted,
                                struct eh_buffer *buffer, struct eh_error *error) {
  uint64_t left = p->begin + p->length - offset - buffer->length;
  size_t got;
  if (left < wanted) wanted = (size_t)left;
  reserve(buffer, buffer->length + wanted);
  EH_TRY(eh_source_read_at(p->source, offset + buffer->length, buffer->text + buffer->length,
                           wanted, &got, error));
  buffer->length += got;
  if (got == wanted) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, eh_source_name(p->source), 0, 0,
                    "changed while it was being read; run again on a file that is at rest");
}

/* As find_cut, reading on as far as needed. */
static enum eh_status cut(const struct eh_pieces *p, uint64_t offset, size_t from,
                          struct eh_buffer *buffer, size_t *place, struct eh_error *error) {
  for (size_t step = FURTHER;; step *= 2) {
    size_t before = buffer->length;
    *place = find_cut(buffer->text, buffer->length, from);
    if (*place != SIZE_MAX) return EH_OK;
    EH_TRY(read_more(p, offset, step, buffer, error));
    if (buffer->length > before) continue;
    *place = buffer->length; /* the end of the file */
    return EH_OK;
  }
}

static enum eh_status read_apart(const struct eh_pieces *p, size_t number, struct eh_buffer *buffer,
                                 struct eh_piece_text *piece, struct eh_error *error) {
  bool is_first = number == 0, is_last = !eh_pieces_has(p, number + 1);
  uint64_t offset = p->begin + (uint64_t)number * APART - !is_first;
  size_t length = APART + !is_first;
  buffer->length = 0;
  EH_TRY(read_more(p, offset, is_last ? SIZE_MAX : length + FURTHER, buffer, error));
  size_t start = 0, end = buffer->length;
  if (!is_first) EH_TRY(cut(p, offset, 0, buffer, &start, error));
  if (!is_last) EH_TRY(cut(p, offset, length - 1, buffer, &end, error));
  *piece = (struct eh_piece_text){buffer->text + start, end - start, is_last};
  return EH_OK;
}

/* Where a piece may end: behind its last line; where no line ends for long, anywhere but within a
   CRLF. 0: more must be read. */
static size_t last_cut(const char *text, size_t length) {
  const char *lf = memrchr(text, '\n', length);
  if (lf) return (size_t)(lf - text) + 1;
  /* A file of old, with CR alone; the last byte may be half of a CRLF. */
  const char *cr = length > 1 ? memrchr(text, '\r', length - 1) : NULL;
  if (cr) return (size_t)(cr - text) + 1;
  return length > LONGEST_LOOK ? length - 1 : 0;
}

/* Read on until a line ends, or the input does. */
static enum eh_status read_in_turn(struct eh_pieces *p, struct eh_buffer *buffer,
                                   struct eh_piece_text *piece, struct eh_error *error) {
  reserve(buffer, p->rest.length + IN_TURN);
  if (p->rest.length) memcpy(buffer->text, p->rest.text, p->rest.length);
  buffer->length = p->rest.length;
  p->rest.length = 0;
  size_t lines = 0;
  while (!p->at_end && lines == 0) {
    size_t got, wanted = IN_TURN;
    reserve(buffer, buffer->length + wanted);
    EH_TRY(eh_source_read(p->source, buffer->text + buffer->length, wanted, &got, error));
    buffer->length += got;
    p->at_end = got == 0;
    lines = p->at_end ? buffer->length : last_cut(buffer->text, buffer->length);
  }
  eh_buffer_add(&p->rest, buffer->text + lines, buffer->length - lines);
  *piece = (struct eh_piece_text){buffer->text, lines, p->at_end};
  return EH_OK;
}

enum eh_status eh_pieces_read(struct eh_pieces *p, size_t number, struct eh_buffer *buffer,
                              struct eh_piece_text *piece, struct eh_error *error) {
  if (p->are_apart) return read_apart(p, number, buffer, piece, error);
  return read_in_turn(p, buffer, piece, error);
}
