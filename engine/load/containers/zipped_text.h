/* A zip that holds one file of delimited text. */
#ifndef EVENHAND_LOAD_ZIPPED_TEXT_H
#define EVENHAND_LOAD_ZIPPED_TEXT_H

#include "engine/load/containers/zip.h"

/* The entry that is the records; otherwise says what the zip holds, and what to do. */
enum eh_status eh_zipped_text_find(struct eh_zip *zip, size_t *entry,
                                   struct eh_error *error) EH_MUST_USE;

#endif
