/* Runs a fuzz target without a fuzzer: every seed file, and a fixed number of seeded mutations of
 * each. For `make check`, where no fuzzing engine is at hand; `make fuzz` explores. Usage: TARGET
 * MUTATIONS SEED-FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "tests/fuzz/fuzz.h"

enum { LARGEST_SEED = 1 << 20, MOST_EDITS = 8, LONGEST_SPAN = 40 };

static size_t edit(uint8_t *bytes, size_t length, struct eh_random *random) {
  static const char spice[] = "\",\n\r;|\t\0'=@-:{}[]()%<>\xff\x81\xc3 09azAZ#&*!|";
  size_t at = (size_t)eh_random_below(random, length + 1);
  uint8_t byte = eh_random_below(random, 2)
                     ? (uint8_t)spice[eh_random_below(random, sizeof spice - 1)]
                     : (uint8_t)eh_random_bits(random);
  size_t span = (size_t)eh_random_below(random, LONGEST_SPAN);
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

static struct eh_random stream;

/* As libFuzzer gives it to a target that has a mutator of its own. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room) {
  for (uint64_t edits = 1 + eh_random_below(&stream, MOST_EDITS); edits > 0; edits--)
    if (length + LONGEST_SPAN <= room) length = edit(bytes, length, &stream);
  return length;
}

static size_t mutate(uint8_t *bytes, size_t length, size_t room) {
  if (!LLVMFuzzerCustomMutator) return LLVMFuzzerMutate(bytes, length, room);
  return LLVMFuzzerCustomMutator(bytes, length, room, (unsigned)eh_random_bits(&stream));
}

static void run(const char *path, long mutations) {
  static uint8_t seed[LARGEST_SEED], bytes[LARGEST_SEED + MOST_EDITS * LONGEST_SPAN];
  FILE *file = fopen(path, "rb");
  if (!file) abort();
  size_t length = fread(seed, 1, sizeof seed, file);
  fclose(file);
  LLVMFuzzerTestOneInput(seed, length);
  stream = eh_random_seeded(length, 1);
  for (long i = 0; i < mutations; i++) {
    memcpy(bytes, seed, length);
    LLVMFuzzerTestOneInput(bytes, mutate(bytes, length, sizeof bytes));
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  for (int i = 2; i < argc; i++) run(argv[i], atol(argv[1]));
  printf("%d seeds, %s mutations of each\n", argc - 2, argv[1]);
  return 0;
}
