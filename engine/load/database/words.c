#include "engine/load/database/words.h"

#include <stdbool.h>
#include <string.h>

/* The word at *next, whose end is written to *to; false: a mark is not closed. */
static bool take_word(const char **next, char **to) {
  const char *s = *next;
  char mark = '\0';
  for (; *s && (mark || !strchr(" \t\n", *s)); s++) {
    if (mark ? *s == mark : *s == '\'' || *s == '"')
      mark = mark ? '\0' : *s;
    else
      *(*to)++ = *s == '\\' && mark != '\'' && s[1] ? *++s : *s;
  }
  *(*to)++ = '\0';
  *next = s;
  return !mark;
}

char **eh_words_split(struct eh_arena *arena, const char *text) {
  size_t length = strlen(text), count = 0;
  char *to = eh_arena_alloc(arena, length + 1, 1);
  char **words = eh_arena_alloc(arena, length / 2 + 2, sizeof *words);
  for (const char *s = text + strspn(text, " \t\n"); *s; s += strspn(s, " \t\n")) {
    words[count++] = to;
    if (!take_word(&s, &to)) return NULL;
  }
  words[count] = NULL;
  return words;
}
