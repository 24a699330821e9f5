/* Units that are written in full here and short there ("North Field Office", "North", "N"), and
 * letters that were read in another encoding than they were written in ("MÃ©xico"). */
#include <ctype.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "engine/audit/reliability/internal.h"

enum { NAMED = 3, MOST_VALUES = 2000, LONGEST_SHORT = 3 };

/* What the records of some values come to, and up to three of them in words. */
struct named {
  size_t count;
  uint64_t records;
  const char *text;
};

static void name(struct eh_assessment *a, struct named *n, const struct eh_survey_value *odd,
                 const char *usual) {
  n->records += odd->records;
  if (++n->count > NAMED) return;
  n->text = eh_arena_printf(a->arena, "%s%s'%s' (%s) for '%s'", n->count > 1 ? n->text : "",
                            n->count > 1 ? ", " : "", odd->text,
                            eh_words_count(a->arena, odd->records), usual);
}

static void doubt(struct eh_assessment *a, const struct eh_survey_column *c, const struct named *n,
                  const char *what, const char *remedy) {
  if (n->count == 0) return;
  const char *more =
      n->count > NAMED ? eh_arena_printf(a->arena, " and %zu more", n->count - NAMED) : "";
  eh_assess_doubt(
      a, &(struct eh_doubt){.kind = EH_DOUBT_SPELLINGS,
                            .column = c->name,
                            .records = n->records,
                            .of = a->survey->rows - c->missing,
                            .text = eh_arena_printf(a->arena, "%s has values that %s: %s%s; %s.",
                                                    c->name, what, n->text, more, remedy)});
}

/* --- short for another --- */

/* What offices are called beside their name. */
static bool is_kind_of_office(const char *word, size_t length) {
  static const char *const kinds[] = {"office",   "offices",  "field",   "district",   "division",
                                      "region",   "regional", "station", "branch",     "bureau",
                                      "sector",   "area",     "dept",    "department", "unit",
                                      "precinct", "the",      "of",      "fo",         NULL};
  for (const char *const *kind = kinds; *kind; kind++)
    if (strlen(*kind) == length && strncasecmp(*kind, word, length) == 0) return true;
  return false;
}

/* The next word of letters and digits from *at; false: there is none. */
static bool next_word(const char **at, const char **word, size_t *length) {
  while (**at && !isalnum((unsigned char)**at) && !(**at & 0x80)) ++*at;
  *word = *at;
  while (isalnum((unsigned char)**at) || **at & 0x80) ++*at;
  *length = (size_t)(*at - *word);
  return *length > 0;
}

/* A value without what offices are called; its initials. Both in small letters. */
struct core {
  const struct eh_survey_value *value;
  char *words, *initials;
  size_t kinds; /* words that only say what an office is called */
  bool is_short, has_letter;
};

static struct core core_of(struct eh_arena *arena, const struct eh_survey_value *value) {
  struct core core = {.value = value,
                      .words = eh_arena_alloc(arena, value->length + 2, 1),
                      .initials = eh_arena_alloc(arena, value->length + 2, 1)};
  const char *at = value->text, *word;
  char *to = core.words, *initial = core.initials;
  for (size_t length; next_word(&at, &word, &length);) {
    *initial++ = (char)tolower((unsigned char)*word);
    if (is_kind_of_office(word, length)) {
      core.kinds++;
      continue;
    }
    if (to > core.words) *to++ = ' ';
    for (size_t i = 0; i < length; i++) {
      core.has_letter |= isalpha((unsigned char)word[i]) || word[i] & 0x80;
      *to++ = (char)tolower((unsigned char)word[i]);
    }
  }
  core.is_short = strlen(core.words) <= LONGEST_SHORT && !strpbrk(core.words, " 0123456789");
  return core;
}

static bool are_initials(const struct core *brief, const struct core *full) {
  return strlen(brief->words) > 1 && strcmp(brief->words, full->initials) == 0;
}

static bool begins(const struct core *brief, const struct core *full) {
  size_t length = strlen(brief->words);
  return length && length < strlen(full->words) && strncmp(full->words, brief->words, length) == 0;
}

/* The one value that a short one can stand for so; NULL: none, or several. */
static const struct core *only_one(const struct core *brief, const struct core *cores, size_t count,
                                   bool (*fits)(const struct core *, const struct core *)) {
  const struct core *found = NULL;
  for (size_t i = 0; i < count; i++) {
    if (cores[i].is_short || !fits(brief, &cores[i])) continue;
    if (found && strcmp(found->words, cores[i].words) != 0) return NULL;
    found = &cores[i];
  }
  return found;
}

static const struct core *full_of(const struct core *brief, const struct core *cores,
                                  size_t count) {
  const struct core *found = only_one(brief, cores, count, are_initials);
  return found ? found : only_one(brief, cores, count, begins);
}

static int by_words(const void *left, const void *right) {
  const struct core *a = left, *b = right;
  int order = strcmp(a->words, b->words);
  if (order) return order;
  if (a->value->records != b->value->records) return a->value->records > b->value->records ? -1 : 1;
  return strcmp(a->value->text, b->value->text);
}

static size_t list_cores(struct eh_arena *arena, const struct eh_survey *s,
                         const struct eh_survey_column *c, struct core *cores) {
  size_t count = 0;
  for (size_t i = s->missing_count; i < c->value_count; i++)
    if (c->values[i].records) cores[count++] = core_of(arena, &c->values[i]);
  if (count) qsort(cores, count, sizeof *cores, by_words);
  return count;
}

/* Where most values are short, they are codes. */
static bool are_codes(const struct core *cores, size_t count) {
  size_t brief = 0;
  for (size_t i = 0; i < count; i++) brief += cores[i].is_short;
  return 2 * brief > count;
}

static void assess_short(struct eh_assessment *a, const struct eh_survey_column *c) {
  struct eh_arena *arena = eh_arena_new();
  struct core *cores = eh_arena_alloc(arena, c->value_count, sizeof *cores);
  size_t count = list_cores(arena, a->survey, c, cores);
  struct named named = {0};
  bool codes = are_codes(cores, count);
  for (size_t i = 0; i < count; i++) {
    bool is_again = i > 0 && cores[i].has_letter &&
                    strcmp(cores[i].words, cores[i - 1].words) == 0 &&
                    cores[i].kinds + cores[i - 1].kinds > 0;
    const struct core *full = !codes && cores[i].is_short ? full_of(&cores[i], cores, count) : NULL;
    if (is_again)
      name(a, &named, cores[i].value, cores[i - 1].value->text);
    else if (full)
      name(a, &named, cores[i].value, full->value->text);
  }
  doubt(a, c, &named, "may be short, or long, for another", "if they mean the same, `recode` them");
  eh_arena_free(arena);
}

/* --- in the wrong encoding --- */

/* The text as Windows-1252, which must be UTF-8 again, and shorter; NULL: it is not. */
static const char *undone(struct eh_arena *arena, iconv_t windows, const char *text,
                          size_t length) {
  char *in = (char *)(uintptr_t)text, *made = eh_arena_alloc(arena, length + 1, 1), *out = made;
  size_t left = length, room = length;
  iconv(windows, NULL, NULL, NULL, NULL);
  if (iconv(windows, &in, &left, &out, &room) == (size_t)-1 || left) return NULL;
  size_t got = (size_t)(out - made);
  if (got == 0 || got >= length || u8_check((const uint8_t *)made, got) != NULL) return NULL;
  for (size_t i = 0; i < got; i++)
    if (made[i] & 0x80) return made;
  return NULL;
}

static void assess_letters(struct eh_assessment *a, const struct eh_survey_column *c,
                           iconv_t windows) {
  struct eh_arena *arena = eh_arena_new();
  struct named named = {0};
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    const char *meant = v->records ? undone(arena, windows, v->text, v->length) : NULL;
    if (meant) name(a, &named, v, meant);
  }
  doubt(a, c, &named, "were written in UTF-8 and read in another encoding on their way here",
        "save the records anew from where they come from, in UTF-8, or `recode` them");
  eh_arena_free(arena);
}

static bool is_unit(const struct eh_survey *s, size_t column) {
  for (size_t u = 0; u < s->roles.unit_count; u++)
    if (s->roles.units[u] == (int)column) return !s->roles.is_individual[u];
  return false;
}

void eh_assess_likeness(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  iconv_t windows = iconv_open("WINDOWS-1252", "UTF-8");
  for (size_t i = 0; i < s->column_count; i++) {
    const struct eh_survey_column *c = &s->columns[i];
    if (c->is_derived || c->kind != EH_SURVEY_TEXT || c->is_closed || c->rest.records) continue;
    if ((int)i == s->roles.case_column || (int)i == s->roles.person_column) continue;
    if (a->rules && c->rules_column < 0) continue;
    if (windows != (iconv_t)-1) assess_letters(a, c, windows);
    if (is_unit(s, i) && c->value_count - s->missing_count <= MOST_VALUES) assess_short(a, c);
  }
  if (windows != (iconv_t)-1) iconv_close(windows);
}
