#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/language/parse.h"

void eh_problems_add(struct eh_problems *problems, const char *file, struct eh_place place,
                     const char *format, ...) {
  if (problems->count == problems->capacity) {
    problems->capacity = problems->capacity ? 2 * problems->capacity : 8;
    problems->items = eh_resize(problems->items, problems->capacity, sizeof *problems->items);
  }
  char message[sizeof problems->items->message];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  eh_fail_at(&problems->items[problems->count++], EH_BAD_RULES, file, place.line, place.column,
             "%s", message);
}

void eh_problems_free(struct eh_problems *problems) {
  free(problems->items);
  *problems = (struct eh_problems){0};
}
