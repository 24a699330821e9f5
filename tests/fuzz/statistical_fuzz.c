/* A file of SPSS, Stata or SAS of any bytes is read or refused, the same twice. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/load/containers/container.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_TEXT = 1 << 20 };

struct bytes {
  const char *text;
  size_t length;
};

static enum eh_status read_at(void *context, uint64_t offset, char *buffer, size_t wanted,
                              size_t *got, struct eh_error *error) {
  (void)error;
  const struct bytes *b = context;
  size_t left = offset < b->length ? b->length - (size_t)offset : 0;
  *got = left < wanted ? left : wanted;
  if (*got) memcpy(buffer, b->text + offset, *got);
  return EH_OK;
}

static uint64_t read_all(struct eh_container *container) {
  struct eh_error error = {0};
  uint64_t sum = 0, length = 0;
  char step[5000];
  for (size_t got = 1; got && length < MOST_TEXT; length += got) {
    if (eh_container_read(container, step, sizeof step, &got, &error) != EH_OK)
      return error.message[0] ? 1 : (abort(), 0u);
    for (size_t i = 0; i < got; i++) sum = sum * 31 + (unsigned char)step[i];
  }
  return 2 * sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct bytes bytes = {(const char *)input, length};
  struct eh_stored stored = {"input", length, &bytes, read_at};
  struct eh_container *container;
  struct eh_error error = {0};
  if (!eh_container_is(bytes.text, length) || memcmp(bytes.text, "PK", 2) == 0) return 0;
  if (eh_container_open(&container, &stored, NULL, &error) != EH_OK) {
    if (!error.message[0]) abort();
    return 0;
  }
  uint64_t sum = read_all(container);
  size_t notes;
  eh_container_notes(container, &notes);
  if (eh_container_rewind(container, &error) != EH_OK || read_all(container) != sum) abort();
  eh_container_free(container);
  return 0;
}
