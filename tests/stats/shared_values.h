/* Values of the feedback reference, ../shared/reference/feedback: CSV whose last columns are
 * numbers. Skipped where that folder is absent. */
#ifndef EVENHAND_TESTS_SHARED_VALUES_H
#define EVENHAND_TESTS_SHARED_VALUES_H

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

enum { SHARED_ROWS = 200, SHARED_NUMBERS = 12 };
struct shared_row {
  char first[64], second[64];
  double numbers[SHARED_NUMBERS];
};

static inline bool shared_is_there(void) {
  FILE *file = fopen("../shared/reference/feedback/README.md", "r");
  if (file) fclose(file);
  return file != NULL;
}

/* texts: how many columns of texts come first. Returns how many rows. */
static inline size_t shared_read(const char *name, int texts, struct shared_row *rows) {
  char path[256], line[4096];
  snprintf(path, sizeof path, "../shared/reference/feedback/%s.csv", name);
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  size_t count = 0;
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  for (; fgets(line, sizeof line, file) && count < SHARED_ROWS; count++) {
    char *at = line;
    for (int i = 0; i < texts; i++) {
      char *end = at + strcspn(at, ",");
      snprintf(i ? rows[count].second : rows[count].first, 64, "%.*s", (int)(end - at), at);
      at = end + 1;
    }
    for (int i = 0; i < SHARED_NUMBERS && *at && *at != '\n' && *at != '\r'; i++) {
      rows[count].numbers[i] = strtod(at, &at);
      if (*at == ',') at++;
    }
  }
  fclose(file);
  return count;
}

#endif
