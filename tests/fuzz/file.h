/* The bytes of an input as a file: one in memory, written anew for each. */
#ifndef EVENHAND_TESTS_FUZZ_FILE_H
#define EVENHAND_TESTS_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Its name. */
static inline const char *write_input(const uint8_t *bytes, size_t length) {
  static int file = -1;
  static char path[64];
  if (file < 0) {
    file = memfd_create("input", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  }
  if (file < 0 || pwrite(file, bytes, length, 0) != (ssize_t)length ||
      ftruncate(file, (off_t)length) != 0)
    abort();
  return path;
}

#endif
