/* A rules file of any bytes is read or refused with at least one problem at a place; what was read
 * can be explained. */
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules *rules = NULL;
  char *text =
      malloc(length ? length : 1); /* its exact length, so that a read past the end is seen */
  if (length) memcpy(text, bytes, length);
  enum eh_status status = eh_rules_read(arena, "rules.yaml", text, length, &rules, &problems);
  if ((status == EH_OK) != (problems.count == 0)) abort();
  for (size_t i = 0; i < problems.count; i++)
    if (!problems.items[i].message[0] || (i && problems.items[i].line < problems.items[i - 1].line))
      abort();
  if (status == EH_OK && !*eh_rules_explain(arena, rules)) abort();
  eh_problems_free(&problems);
  eh_arena_free(arena);
  free(text);
  return 0;
}
