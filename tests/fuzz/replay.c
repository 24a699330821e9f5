/* Runs a fuzz target without a fuzzer: every seed file, and a fixed number of seeded mutations of
 * each. For `make check`, where no fuzzing engine is at hand; `make fuzz` explores. Usage: TARGET
 * MUTATIONS SEED-FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "tests/fuzz/fuzz.h"

enum { LARGEST_SEED = 1 << 20, MOST_EDITS = 8 };

static size_t edit(uint8_t *bytes, size_t length, struct eh_random *random) {
  static const char spice[] = "\",\n\r;|\t\0'=@-:{}[]()%<>\xff\x81\xc3 09azAZ#&*!|";
  size_t at = (size_t)eh_random_below(random, length + 1);
  uint8_t byte = eh_random_below(random, 2)
                     ? (uint8_t)spice[eh_random_below(random, sizeof spice - 1)]
                     : (uint8_t)eh_random_bits(random);
  size_t span = (size_t)eh_random_below(random, 40);
  switch (eh_random_below(random, 4)) {
    case 0: /* change */
      if (at < length) bytes[at] = byte;
      return length;
    case 1: /* insert */
      memmove(bytes + at + 1, bytes + at, length - at);
      bytes[at] = byte;
      return length + 1;
    case 2: /* cut */
      if (at + span > length) span = length - at;
      memmove(bytes + at, bytes + at + span, length - at - span);
      return length - span;
    default: /* repeat */
      if (at + span > length) span = length - at;
      memmove(bytes + at + span, bytes + at, length - at);
      return length + span;
  }
}

static void run(const char *path, long mutations) {
  static uint8_t seed[LARGEST_SEED], bytes[LARGEST_SEED + MOST_EDITS * 64];
  FILE *file = fopen(path, "rb");
  if (!file) abort();
  size_t length = fread(seed, 1, sizeof seed, file);
  fclose(file);
  LLVMFuzzerTestOneInput(seed, length);
  struct eh_random random = eh_random_seeded(length, 1);
  for (long i = 0; i < mutations; i++) {
    size_t now = length;
    memcpy(bytes, seed, length);
    for (uint64_t edits = 1 + eh_random_below(&random, MOST_EDITS); edits > 0; edits--)
      now = edit(bytes, now, &random);
    LLVMFuzzerTestOneInput(bytes, now);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  for (int i = 2; i < argc; i++) run(argv[i], atol(argv[1]));
  printf("%d seeds, %s mutations of each\n", argc - 2, argv[1]);
  return 0;
}
