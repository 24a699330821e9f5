/* A zip: its entries by name, and one of them at a time unpacked as it is read, never to disk.
 *
 * An entry past EH_PART_UNASKED bytes may unpack to at most EH_MOST_UNPACKED times its size,
 * counted while it is unpacked, whatever the zip says of it; its checksum is checked behind its
 * last byte.
 */
#ifndef EVENHAND_LOAD_ZIP_H
#define EVENHAND_LOAD_ZIP_H

#include <stdbool.h>

#include "engine/base/memory.h"
#include "engine/load/containers/stored.h"

enum { EH_MOST_UNPACKED = 100, EH_PART_UNASKED = 64 << 20 };

struct eh_zip;


enum eh_status eh_zip_open(struct eh_zip **zip, const struct eh_stored *stored,
                           struct eh_error *error) EH_MUST_USE;
void eh_zip_free(struct eh_zip *zip);
void eh_zip_call(struct eh_zip *zip, const char *what);

size_t eh_zip_count(const struct eh_zip *zip);
const char *eh_zip_name(const struct eh_zip *zip, size_t entry);
bool eh_zip_is_encrypted(const struct eh_zip *zip, size_t entry);
/* The entry of this name, whatever its capitals, with \ for /; SIZE_MAX: there is none. */
size_t eh_zip_find(const struct eh_zip *zip, const char *name);

/* Begin an entry; the one that was being read is given up. */
enum eh_status eh_zip_begin(struct eh_zip *zip, size_t entry, struct eh_error *error) EH_MUST_USE;
/* The next bytes of it; 0 at its end, once its checksum was found right. */
enum eh_status eh_zip_read(struct eh_zip *zip, char *buffer, size_t wanted, size_t *got,
                           struct eh_error *error) EH_MUST_USE;

/* "FILE: is a damaged workbook (...)". */
enum eh_status eh_zip_damaged(const struct eh_zip *zip, struct eh_error *error, const char *format,
                              ...) EH_PRINTF(3, 4);
const char *eh_zip_file(const struct eh_zip *zip);

#endif
