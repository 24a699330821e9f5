/* All that comes out of a source, for tests. */
#ifndef EVENHAND_TESTS_READ_SOURCE_H
#define EVENHAND_TESTS_READ_SOURCE_H

#include "engine/base/memory.h"
#include "engine/load/text/bytes.h"

/* Read to the end, in steps of an odd size, as often as asked for; each pass must give the same. */
static inline enum eh_status read_source(const char *name, const struct eh_wish *wish, int passes,
                                         struct eh_buffer *text, struct eh_error *error) {
  struct eh_source *source;
  enum eh_status status = eh_source_open(&source, name, true, wish, error);
  if (status != EH_OK) return status;
  size_t first = 0, some;
  char start[100]; /* a reading that is given up changes nothing */
  status = eh_source_read(source, start, sizeof start, &some, error);
  if (status == EH_OK) status = eh_source_rewind(source, error);
  for (int pass = 0; pass < passes && status == EH_OK; pass++) {
    if (pass) {
      eh_source_rest(source);
      status = eh_source_rewind(source, error);
    }
    char step[777];
    for (size_t got = 1; status == EH_OK && got > 0;) {
      status = eh_source_read(source, step, sizeof step, &got, error);
      eh_buffer_add(text, step, got);
    }
    if (pass == 0) first = text->length;
    if (pass > 0 && status == EH_OK) {
      ck_assert_uint_eq(text->length, 2 * first);
      ck_assert(memcmp(text->text, text->text + first, first) == 0);
      text->length = first;
      text->text[first] = '\0';
    }
  }
  eh_source_free(source);
  return status;
}

#endif
