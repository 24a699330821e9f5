/* What holds records but is no delimited text itself, as the text that it stands for: the door of
 * this room.
 *
 * A workbook's sheet, or the cases of a statistical program's file, come out as CSV in UTF-8, made
 * as it is read; a CSV within a zip comes out as it is. What a file is, is told by its content,
 * never by its name; what cannot be read is refused in its own words. Memory is bounded by the
 * texts that differ.
 */
#ifndef EVENHAND_LOAD_CONTAINER_H
#define EVENHAND_LOAD_CONTAINER_H

#include <stdbool.h>

#include "engine/load/containers/stored.h"
#include "engine/load/containers/wish.h"

enum { EH_CONTAINER_LOOK = 512 }; /* first bytes that tell whether a file is one */
bool eh_container_is(const char *bytes, size_t length);

struct eh_container;
/* wish may be NULL. stored must stay. */
enum eh_status eh_container_open(struct eh_container **container, const struct eh_stored *stored,
                                 const struct eh_wish *wish, struct eh_error *error) EH_MUST_USE;
void eh_container_free(struct eh_container *container);

/* The next bytes; *got is 0 only at the end. */
enum eh_status eh_container_read(struct eh_container *container, char *buffer, size_t wanted,
                                 size_t *got, struct eh_error *error) EH_MUST_USE;
enum eh_status eh_container_rewind(struct eh_container *container,
                                   struct eh_error *error) EH_MUST_USE;

/* Was the text made from cells, by this program: commas between them, the header first? */
bool eh_container_is_table(const struct eh_container *container);
/* The file within a zip, or NULL. */
const char *eh_container_entry(const struct eh_container *container);
/* The sheet of a workbook, or NULL. */
const char *eh_container_sheet(const struct eh_container *container);
/* What kind of file, for reports: ".xlsx", "zip", "SPSS". */
const char *eh_container_kind(const struct eh_container *container);
/* What its records stand in: "row" of a sheet, "case" of a statistical program, "line" of a text. */
const char *eh_container_place(const struct eh_container *container);
/* Where a line of the text comes from: the number of the row or case; of a text, the line. */
uint64_t eh_container_row(const struct eh_container *container, uint64_t line);
/* What was passed over, and what may surprise: sentences without a full stop. */
const char *const *eh_container_notes(const struct eh_container *container, size_t *count);

#endif
