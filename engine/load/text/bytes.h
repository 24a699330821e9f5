/* Where the bytes of an input come from: a file, a compressed file, a workbook, a pipe; as UTF-8
 * (or what claims to be), in order, hashed as they pass.
 *
 * gzip, Zstandard and containers (workbooks, zips) are recognised by their first bytes, UTF-16 and UTF-8 by a byte order mark (or several), UTF-16 without one by its zeros. Bytes of UTF-16
 * that are no text come out as 0x81, which is text in no encoding the loader knows, so that their
 * record is left out with its reason.
 *
 * Compressed data that unfold to over EH_MOST_UNFOLDED times their size, beyond
 * EH_UNFOLDED_UNASKED bytes, are no records but a trap, and refused.
 */
#ifndef EVENHAND_LOAD_SOURCE_H
#define EVENHAND_LOAD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/error.h"
#include "engine/load/containers/wish.h"

/* Records compress to a tenth or a thirtieth; deflate itself reaches 1032. */
enum { EH_MOST_UNFOLDED = 500, EH_UNFOLDED_UNASKED = 1 << 28 };

struct eh_source;
/* wish: what is wanted of a container; may be NULL. name "-" is standard input. What cannot be read twice is kept in an unnamed temporary file while
 * it is read. */
enum eh_status eh_source_open(struct eh_source **source, const char *name, bool hash,
                              const struct eh_wish *wish, struct eh_error *error) EH_MUST_USE;
void eh_source_free(struct eh_source *source);

/* Fill buffer with the next decoded bytes: as many as asked for, fewer only at the end of the
 * input. */
enum eh_status eh_source_read(struct eh_source *source, char *buffer, size_t wanted, size_t *got,
                              struct eh_error *error) EH_MUST_USE;
/* Begin again at the first byte (nothing is hashed a second time). */
enum eh_status eh_source_rewind(struct eh_source *source, struct eh_error *error) EH_MUST_USE;

/* Give back the memory that reading in order takes; a source that was read costs little then. To
 * read it again, rewind it. */
void eh_source_rest(struct eh_source *source);

/* A plain file, in UTF-8, can also be read anywhere, by several threads at once. */
bool eh_source_is_plain(const struct eh_source *source);
/* How long it is, decoded, when it was opened. Only of a plain one. */
uint64_t eh_source_length(const struct eh_source *source);
uint64_t eh_source_size(const struct eh_source *source); /* the same, as stored */
/* *got is less than wanted only at the end. Only of a plain one. */
enum eh_status eh_source_read_at(const struct eh_source *source, uint64_t offset, char *buffer,
                                 size_t wanted, size_t *got, struct eh_error *error) EH_MUST_USE;
/* Hash all bytes of a plain one that is read with eh_source_read_at; may run beside that. */
enum eh_status eh_source_hash(struct eh_source *source, struct eh_error *error) EH_MUST_USE;

/* EH_BAD_INPUT when a file's size, or one of its times, is no longer what it was when it was opened:
 * what was read, and hashed, may then be part old, part new. To be asked at the end of every pass. */
enum eh_status eh_source_check_unchanged(const struct eh_source *source,
                                         struct eh_error *error) EH_MUST_USE;

/* What it was taken out of; NULL: it is text as stored, or compressed. */
struct eh_container;
const struct eh_container *eh_source_container(const struct eh_source *source);
/* Was the text made from cells: commas between them, the header first? */
bool eh_source_is_table(const struct eh_source *source);
/* Where a line comes from: the row of a sheet, or else the line. Not while another thread reads. */
uint64_t eh_source_row(const struct eh_source *source, uint64_t line);
/* Let an error at a line of this source name the sheet and the row instead. */
void eh_source_place_error(const struct eh_source *source, struct eh_error *error);

/* What is known once every byte was read. */
const char *eh_source_name(const struct eh_source *source);
const char *eh_source_encoding(
    const struct eh_source *source);                      /* "UTF-8", "UTF-16LE", "UTF-16BE" */
uint64_t eh_source_bytes(const struct eh_source *source); /* as stored */
void eh_source_sha256(struct eh_source *source,
                      char hex[65]); /* of the stored bytes; "" without hashing. Call once. */

#endif
