/* Values that differ only in capitals, blanks or the way their characters are put together, and
 * names that differ only in points, commas and the order of their words: mostly one thing, which is
 * counted as several. */
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "engine/audit/reliability/internal.h"

enum { MOST_VALUES = 100000, GROUPS_NAMED = 3, SPELLINGS_NAMED = 4, MOST_WORDS = 16 };

struct spelling {
  const char *plain; /* what those that are alike have in common */
  const struct eh_survey_value *value;
};

/* A blank as web pages write it becomes one, in place. */
static void take_entities(char *text) {
  static const char blank[] = "&nbsp;";
  for (char *at = text; (at = strstr(at, blank));) {
    *at = ' ';
    memmove(at + 1, at + sizeof blank - 1, strlen(at + sizeof blank - 1) + 1);
  }
}

/* In small letters, composed, wide letters as narrow ones; the text itself where it is no UTF-8. */
static char *folded(struct eh_arena *arena, const struct eh_survey_value *v) {
  size_t length = 0;
  uint8_t *text =
      u8_casefold((const uint8_t *)v->text, v->length, NULL, UNINORM_NFKC, NULL, &length);
  char *copy = text ? eh_arena_copy(arena, (const char *)text, length)
                    : eh_arena_copy(arena, v->text, v->length);
  free(text);
  take_entities(copy);
  return copy;
}

/* One blank for several, and none at the ends. In place. */
static void close_up(char *text, const char *blanks) {
  size_t length = 0;
  for (const char *s = text; *s; s++) {
    bool is_blank = strchr(blanks, *s) != NULL;
    if (is_blank && (length == 0 || text[length - 1] == ' ')) continue;
    text[length++] = is_blank ? ' ' : *s;
  }
  while (length && text[length - 1] == ' ') length--;
  text[length] = '\0';
}

static int by_word(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "smith, j." and "j smith" are "j smith"; what has no letters stays as it is. */
static char *sorted_words(struct eh_arena *arena, char *text) {
  char *words[MOST_WORDS], *rest = NULL;
  size_t count = 0, letters = 0;
  for (const char *s = text; *s; s++) letters += (unsigned char)*s >= 'A';
  if (letters == 0) return text;
  close_up(text, " \t.,;-'\"");
  char *copy = eh_arena_copy(arena, text, strlen(text));
  for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
    if (count == MOST_WORDS) return text;
    words[count++] = word;
  }
  qsort(words, count, sizeof *words, by_word);
  char *sorted = eh_arena_copy(arena, text, strlen(text)), *end = sorted;
  for (size_t i = 0; i < count; i++) {
    if (i) *end++ = ' ';
    end = stpcpy(end, words[i]);
  }
  return sorted;
}

static const char *plain_text(struct eh_arena *arena, const struct eh_survey_value *v,
                              bool is_name) {
  char *plain = folded(arena, v);
  if (is_name) return sorted_words(arena, plain);
  close_up(plain, " \t");
  return plain;
}

/* Alike ones together, the most frequent first. */
static int by_plain_text(const void *a, const void *b) {
  const struct spelling *x = a, *y = b;
  int order = strcmp(x->plain, y->plain);
  if (order) return order;
  if (x->value->records != y->value->records) return x->value->records > y->value->records ? -1 : 1;
  return strcmp(x->value->text, y->value->text);
}

static size_t list_spellings(struct eh_arena *arena, const struct eh_survey *s,
                             const struct eh_survey_column *c, bool is_name,
                             struct spelling *spellings) {
  size_t count = 0;
  for (size_t i = s->missing_count; i < c->value_count; i++)
    if (c->values[i].records)
      spellings[count++] =
          (struct spelling){plain_text(arena, &c->values[i], is_name), &c->values[i]};
  if (count) qsort(spellings, count, sizeof *spellings, by_plain_text);
  return count;
}

/* "'Approved' (481), 'APPROVED' (145)" */
static const char *group_text(struct eh_arena *arena, const struct spelling *group, size_t count) {
  const char *text = "";
  for (size_t i = 0; i < count && i < SPELLINGS_NAMED; i++)
    text = eh_arena_printf(arena, "%s%s'%s' (%s)", text, i ? ", " : "", group[i].value->text,
                           eh_words_count(arena, group[i].value->records));
  return count > SPELLINGS_NAMED
             ? eh_arena_printf(arena, "%s and %zu more", text, count - SPELLINGS_NAMED)
             : text;
}

static void doubt_spellings(struct eh_assessment *a, const struct eh_survey_column *c, bool is_name,
                            const struct spelling *spellings, size_t count) {
  const char *text = "";
  size_t groups = 0;
  uint64_t records = 0;
  for (size_t i = 0, n; i < count; i += n) {
    for (n = 1; i + n < count && strcmp(spellings[i].plain, spellings[i + n].plain) == 0; n++)
      records += spellings[i + n].value->records;
    if (n == 1 || ++groups > GROUPS_NAMED) continue;
    text = eh_arena_printf(a->arena, "%s%s%s", text, groups > 1 ? "; " : "",
                           group_text(a->arena, &spellings[i], n));
  }
  if (groups == 0) return;
  if (groups > GROUPS_NAMED)
    text = eh_arena_printf(a->arena, "%s; and %zu more", text, groups - GROUPS_NAMED);
  eh_assess_doubt(a, &(struct eh_doubt){.kind = EH_DOUBT_SPELLINGS,
                                        .column = c->name,
                                        .records = records,
                                        .of = a->survey->rows - c->missing,
                                        .text = eh_arena_printf(
                                            a->arena,
                                            "%s has values that differ in %s only, and count as "
                                            "different: %s.",
                                            c->name,
                                            is_name ? "capitals, blanks, points or the order of "
                                                      "words"
                                                    : "capitals or blanks",
                                            text)});
}

/* Ids of cases and persons are as they are; so is what the rules do not use. */
static bool is_compared(const struct eh_assessment *a, size_t column) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_column *c = &s->columns[column];
  if (c->is_derived || c->kind != EH_SURVEY_TEXT || c->is_closed || c->rest.records) return false;
  if ((int)column == s->roles.case_column || (int)column == s->roles.person_column) return false;
  return !a->rules || c->rules_column >= 0;
}

static bool is_unit(const struct eh_survey *s, size_t column) {
  for (size_t u = 0; u < s->roles.unit_count; u++)
    if (s->roles.units[u] == (int)column) return true;
  return false;
}

void eh_assess_spelling(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  for (size_t i = 0; i < s->column_count; i++) {
    const struct eh_survey_column *c = &s->columns[i];
    if (!is_compared(a, i) || c->value_count - s->missing_count > MOST_VALUES) continue;
    struct eh_arena *arena = eh_arena_new();
    struct spelling *spellings = eh_arena_alloc(arena, c->value_count, sizeof *spellings);
    bool is_name = is_unit(s, i);
    doubt_spellings(a, c, is_name, spellings, list_spellings(arena, s, c, is_name, spellings));
    eh_arena_free(arena);
  }
}
