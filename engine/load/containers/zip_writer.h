/* A zip, written: the same bytes for the same entries. */
#ifndef EVENHAND_LOAD_ZIP_WRITER_H
#define EVENHAND_LOAD_ZIP_WRITER_H

#include <stdint.h>
#include <stdio.h>

#include "engine/base/error.h"

struct eh_zip_writer;

/* Onto a file that is there (a temporary one of the caller's). day: what stands as the date of
   every entry, days since 1970-01-01; before 1980 that is 1980-01-01. */
enum eh_status eh_zip_writer_open(struct eh_zip_writer **writer, const char *path, int32_t day,
                                  struct eh_error *error) EH_MUST_USE;
/* An entry of what a stream holds, from its beginning to its end; hex: its SHA-256. */
enum eh_status eh_zip_writer_add(struct eh_zip_writer *writer, const char *name, FILE *stream,
                                 uint64_t *bytes, char hex[65], struct eh_error *error) EH_MUST_USE;
/* Finish it; the writer is gone either way. */
enum eh_status eh_zip_writer_close(struct eh_zip_writer *writer,
                                   struct eh_error *error) EH_MUST_USE;
/* Give it up. */
void eh_zip_writer_free(struct eh_zip_writer *writer);

#endif
