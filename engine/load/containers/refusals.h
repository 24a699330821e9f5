/* Files that are no records, known by their first bytes, each refused in its own words, with what
 * helps. */
#ifndef EVENHAND_LOAD_REFUSALS_H
#define EVENHAND_LOAD_REFUSALS_H

#include <stdbool.h>

#include "engine/load/containers/stored.h"

/* Enough of a beginning to tell. */
enum { EH_REFUSAL_LOOK = 4096 };

/* EH_OK: nothing speaks against it. name: of the file. */
enum eh_status eh_refuse_beginning(const char *name, const char *bytes, size_t length,
                                   struct eh_error *error) EH_MUST_USE;
/* A file of the OLE kind: .xls, an encrypted workbook, ... */
enum eh_status eh_refuse_ole(const struct eh_stored *stored, struct eh_error *error) EH_MUST_USE;
bool eh_is_ole(const char *bytes, size_t length);

/* Words that several refusals share. */
enum eh_status eh_refuse_encrypted(const char *name, struct eh_error *error) EH_MUST_USE;

#endif
