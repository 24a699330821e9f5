/* Text that is safe to write: valid UTF-8, nothing that a terminal obeys and nothing that a
 * workbook cannot hold.
 *
 * Labels come from other people's data and names from the command line, so every text passes one of
 * these on its way out. Each returns the text itself where nothing has to change, else a copy in
 * the arena.
 *
 * Characters that nobody sees (zero-width ones, and those that turn the direction of what follows)
 * could make two names look alike or a line read otherwise than it is written. In lines and cells
 * they are spelled out, "<U+202E>"; in JSON they are escapes, in CSV themselves.
 */
#ifndef EVENHAND_REPORTS_SAFE_H
#define EVENHAND_REPORTS_SAFE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/base/memory.h"

enum { EH_LONGEST_CELL = 32767 }; /* UTF-16 units that a spreadsheet cell holds */

/* Each byte that is not part of valid UTF-8 becomes U+FFFD. */
const char *eh_safe_utf8(struct eh_arena *arena, const char *text);

/* For a terminal: besides, line ends and tabs become blanks, other control characters U+FFFD, and
 * unseen characters are spelled out. */
const char *eh_safe_line(struct eh_arena *arena, const char *text);
/* The same of several lines: line ends stay. */
const char *eh_safe_lines(struct eh_arena *arena, const char *text);

/* For a cell: as UTF-8; besides, unseen characters are spelled out, what XML 1.0 cannot hold
   becomes a visible sign (U+2400 to U+2421, U+FFFD), a literal _x0041_ is escaped so that it is not
   read as "A", and text over EH_LONGEST_CELL is cut with a note that says so. */
const char *eh_safe_cell(struct eh_arena *arena, const char *text);

/* Does the code point show nothing, or turn the direction of what follows? */
bool eh_safe_is_unseen(uint32_t code);
/* The code point at text, which is not at its end; *length is its bytes, 0 where that is no valid
 * UTF-8. */
uint32_t eh_safe_decode(const char *text, size_t *length);

/* Characters (code points) of valid UTF-8. */
size_t eh_safe_characters(const char *text);
/* UTF-16 units of valid UTF-8, which is how spreadsheets count. */
size_t eh_safe_units(const char *text);
/* The length in bytes of the longest beginning of valid UTF-8 that has at most so many UTF-16
 * units. */
size_t eh_safe_fit(const char *text, size_t units);

/* EH_OK when everything written to the stream so far was taken; what: "the findings file". */
enum eh_status eh_stream_check(FILE *stream, const char *what, struct eh_error *error) EH_MUST_USE;

#endif
