/* Values that differ only in capitals or in blanks: mostly one thing, which is counted as several.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability_internal.h"

enum { MOST_VALUES = 100000, GROUPS_NAMED = 3, SPELLINGS_NAMED = 4 };

struct spelling {
  const char *plain; /* in small letters, one blank for several */
  const struct eh_survey_value *value;
};

static const char *plain_text(struct eh_arena *arena, const struct eh_survey_value *v) {
  char *plain = eh_arena_alloc(arena, v->length + 1, 1);
  size_t length = 0;
  for (size_t i = 0; i < v->length; i++) {
    bool is_blank = v->text[i] == ' ' || v->text[i] == '\t';
    if (is_blank && (length == 0 || plain[length - 1] == ' ')) continue;
    plain[length++] = is_blank ? ' ' : (char)tolower((unsigned char)v->text[i]);
  }
  while (length && plain[length - 1] == ' ') length--;
  plain[length] = '\0';
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
                             const struct eh_survey_column *c, struct spelling *spellings) {
  size_t count = 0;
  for (size_t i = s->missing_count; i < c->value_count; i++)
    if (c->values[i].records)
      spellings[count++] = (struct spelling){plain_text(arena, &c->values[i]), &c->values[i]};
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

static void doubt_spellings(struct eh_assessment *a, const struct eh_survey_column *c,
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
  eh_assess_doubt(a, &(struct eh_doubt){
                         .kind = EH_DOUBT_SPELLINGS,
                         .column = c->name,
                         .records = records,
                         .of = a->survey->rows - c->missing,
                         .text = eh_arena_printf(a->arena,
                                                 "%s has values that differ in capitals or blanks "
                                                 "only, and count as different: %s.",
                                                 c->name, text)});
}

/* Ids of cases and persons are as they are; so is what the rules do not use. */
static bool is_compared(const struct eh_assessment *a, size_t column) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_column *c = &s->columns[column];
  if (c->is_derived || c->kind != EH_SURVEY_TEXT || c->is_closed || c->rest.records) return false;
  if ((int)column == s->roles.case_column || (int)column == s->roles.person_column) return false;
  return !a->rules || c->rules_column >= 0;
}

void eh_assess_spelling(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  for (size_t i = 0; i < s->column_count; i++) {
    const struct eh_survey_column *c = &s->columns[i];
    if (!is_compared(a, i) || c->value_count - s->missing_count > MOST_VALUES) continue;
    struct eh_arena *arena = eh_arena_new();
    struct spelling *spellings = eh_arena_alloc(arena, c->value_count, sizeof *spellings);
    doubt_spellings(a, c, spellings, list_spellings(arena, s, c, spellings));
    eh_arena_free(arena);
  }
}
