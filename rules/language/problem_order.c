#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

static int compare(const void *left, const void *right) {
  const struct eh_error *a = left, *b = right;
  if (a->line != b->line) return a->line < b->line ? -1 : 1;
  if (a->column != b->column) return a->column < b->column ? -1 : 1;
  return strcmp(a->message, b->message);
}

void eh_problems_sort(struct eh_problems *problems, size_t first) {
  if (problems->count > first)
    qsort(problems->items + first, problems->count - first, sizeof *problems->items, compare);
}
