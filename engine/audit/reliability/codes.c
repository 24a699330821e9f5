/* Codes that mean something else, or nothing: values that stand in one file, or until one year,
 * where others take their place; and values that no rule names and that one office writes where
 * others decide. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <unictype.h>
#include <unistr.h>

#include "engine/audit/reliability/internal.h"

enum { FEWEST_RECORDS = 50, NAMED = 3, FIRST_YEAR = 1800 };
/* A value that is absent where chance alone would leave it out once in 1,000 times; one that an
   office has at least three times as often as the others, in a tenth of its records. */
static const double CHANCE = 0.001, TIMES_ELSEWHERE = 3, SHARE_HERE = 0.1, SHARE_ELSEWHERE = 0.15;

/* One column's counts in one file or time, and in the rest. */
struct sides {
  const struct eh_survey *survey;
  const struct eh_survey_column *column;
  double here[EH_SURVEY_CROSSED], there[EH_SURVEY_CROSSED];
  double all_here, all_there;
};

static size_t values_of(const struct sides *s) {
  return s->column->value_count - s->survey->missing_count;
}

static void add_counts(double *sums, double *all, const struct eh_survey_counts *counts) {
  for (size_t v = 0; v < EH_SURVEY_CROSSED; v++) {
    sums[v] += counts->records[v];
    *all += counts->records[v];
  }
}

/* Does a value stand on one side only, and would it be expected on the other? */
static bool is_only(const double *has, double all_has, const double *lacks, double all_lacks,
                    size_t v, double places) {
  if (has[v] == 0 || lacks[v] > 0) return false;
  return has[v] / all_has * all_lacks >= log(places / CHANCE);
}

/* "'REL' (108), 'DET' (192)" of the values that stand on one side only; how many these are. */
static size_t list_only(struct eh_assessment *a, const struct sides *s, bool here, double places,
                        const char **text) {
  size_t found = 0;
  *text = "";
  for (size_t v = 0; v < values_of(s); v++) {
    bool only = here ? is_only(s->here, s->all_here, s->there, s->all_there, v, places)
                     : is_only(s->there, s->all_there, s->here, s->all_here, v, places);
    if (!only) continue;
    uint64_t records = (uint64_t)(here ? s->here[v] : s->there[v]);
    if (++found <= NAMED)
      *text = eh_arena_printf(a->arena, "%s%s'%s' (%s)", *text, found > 1 ? ", " : "",
                              s->column->values[s->survey->missing_count + v].text,
                              eh_words_count(a->arena, records));
  }
  if (found > NAMED) *text = eh_arena_printf(a->arena, "%s and %zu more", *text, found - NAMED);
  return found;
}

/* Values that stand only here, and others that never do: where says where that is. */
static bool doubt_change(struct eh_assessment *a, const struct sides *s, double places,
                         const char *where, const char *remedy) {
  const char *only_here, *only_there;
  if (s->all_here < FEWEST_RECORDS || s->all_there < FEWEST_RECORDS) return false;
  size_t here = list_only(a, s, true, places, &only_here),
         there = list_only(a, s, false, places, &only_there);
  if (here == 0 || there == 0) return false;
  double records = 0;
  for (size_t v = 0; v < values_of(s); v++)
    if (is_only(s->here, s->all_here, s->there, s->all_there, v, places)) records += s->here[v];
  eh_assess_doubt(
      a, &(struct eh_doubt){.kind = EH_DOUBT_CODES_CHANGE,
                            .column = s->column->name,
                            .records = (uint64_t)records,
                            .of = (uint64_t)(s->all_here + s->all_there),
                            .text = eh_arena_printf(
                                a->arena,
                                "%s has values that stand %s only: %s, and others that never do "
                                "there: %s; if they mean the same, %s.",
                                s->column->name, where, only_here, only_there, remedy)});
  return true;
}

static bool assess_inputs(struct eh_assessment *a, const struct eh_survey_column *c) {
  const struct eh_survey *s = a->survey;
  size_t inputs = s->account.input_count;
  bool any = false;
  for (size_t k = 0; k < inputs && inputs > 1; k++) {
    struct sides sides = {.survey = s, .column = c};
    for (size_t i = 0; i < inputs; i++) {
      const struct eh_survey_counts *counts = &c->crossed->by_input[i];
      if (i == k)
        add_counts(sides.here, &sides.all_here, counts);
      else
        add_counts(sides.there, &sides.all_there, counts);
    }
    double places = (double)(values_of(&sides) * inputs);
    const char *where = eh_arena_printf(a->arena, "in %s", s->account.inputs[k].name);
    bool found = doubt_change(a, &sides, places, where, "`recode` them in the rules' `inputs`");
    any |= found;
    if (found && inputs == 2) break; /* the other file would say it again */
  }
  return any;
}

/* The year from which on other values stand: the first with such. */
static void assess_years(struct eh_assessment *a, const struct eh_survey_column *c) {
  for (size_t year = 1; year < EH_SURVEY_YEARS; year++) {
    struct sides sides = {.survey = a->survey, .column = c};
    for (size_t y = 0; y < EH_SURVEY_YEARS; y++) {
      const struct eh_survey_counts *counts = &c->crossed->by_year[y];
      if (y >= year)
        add_counts(sides.here, &sides.all_here, counts);
      else
        add_counts(sides.there, &sides.all_there, counts);
    }
    if (sides.all_there < FEWEST_RECORDS) continue;
    if (sides.all_here < FEWEST_RECORDS) return;
    const char *where = eh_arena_printf(a->arena, "from %zu on", FIRST_YEAR + year);
    double places = (double)(10 * values_of(&sides));
    if (doubt_change(a, &sides, places, where, "`recode` them in the rules")) return;
  }
}

/* Does a condition of the rules name the text? */
static bool is_named(const struct eh_expression *condition, int column, const char *text) {
  if (!condition) return false;
  if (condition->column == column)
    for (size_t i = 0; i < condition->literal_count; i++)
      if (strcmp(condition->literals[i].text, text) == 0) return true;
  for (size_t i = 0; i < condition->child_count; i++)
    if (is_named(condition->children[i], column, text)) return true;
  return false;
}

static bool is_named_anywhere(const struct eh_rules *rules, int column, const char *text) {
  for (size_t m = 0; m < rules->measure_count; m++)
    if (is_named(rules->measures[m].event, column, text) ||
        is_named(rules->measures[m].among, column, text))
      return true;
  return false;
}

/* Words that stand where nothing was decided, or nothing may be told; in small letters. */
static const char *const in_place_of_none[] = {
    "none",       "no ",     "not ",         "non ",    "unk",    "unav",   "unspec",  "undet",
    "undec",      "unrec",   "pend",         "open",    "tbd",    "tba",    "to be",   "wait",
    "progress",   "process", "redact",       "withh",   "exempt", "miss",   "blank",   "null",
    "nil",        "see ",    "other",        "default", "dummy",  "error",  "incompl", "various",
    "misc",       "n.a",     "n/a",          "sin ",    "descon", "ningun", "unbek",   "kein",
    "nicht",      "offen",   "inconn",       "aucun",   "onbek",  "niet",   "geen",    "nao ",
    "n\xC3\xA3o", "sem ",    "nenhum",       "empty",   "undef",  "refus",  "declin",  "don't ",
    "dont ",      "suppr",   "void",         "err:",    "entf",   "ukjent", "sconosc", "nessun",
    "ej ",        "saknas",  "ok\xC3\xA4nd", NULL};
/* The whole text. */
static const char *const short_for_none[] = {"sup",  "nr",    "nd",    "nn",   "nk", "nsp",
                                             "n.c.", "n.c",   "n.r.",  "n.n.", "dk", "s.e.",
                                             "n.s.", "ns/nr", "ns/nc", NULL};

/* "b6", "b(7)(c)": a mark of exemption; "#BEZUG!": an error of a spreadsheet; "XXXX". */
static bool is_mark(const char *text) {
  size_t length = strlen(text);
  if (text[0] == '#' && text[length - 1] == '!') return true;
  if (tolower((unsigned char)text[0]) == 'b' && (isdigit((unsigned char)text[1]) || text[1] == '('))
    return length < 10;
  return length > 1 && strspn(text, (char[]){text[0], '\0'}) == length;
}

static bool has_letter_in(const char *text) {
  ucs4_t c;
  for (const uint8_t *at = (const uint8_t *)text; (at = u8_next(&c, at));)
    if (uc_is_alpha(c)) return true;
  return false;
}

/* Text without a letter, or that begins with such a word or has it after a blank or bracket. */
static bool looks_like_none(const char *text) {
  for (const char *const *word = short_for_none; *word; word++)
    if (strcasecmp(text, *word) == 0) return true;
  for (const char *at = text; *at; at++) {
    bool starts = at == text || strchr(" ([-_/", at[-1]) != NULL;
    for (const char *const *word = in_place_of_none; starts && *word; word++)
      if (strncasecmp(at, *word, strlen(*word)) == 0) return true;
  }
  return is_mark(text) || !has_letter_in(text);
}

static void doubt_placeholder(struct eh_assessment *a, const struct sides *s, size_t v,
                              const char *office) {
  const struct eh_survey_value *value = &s->column->values[s->survey->missing_count + v];
  const char *unit_column =
      s->survey->columns[s->survey->roles.units[s->column->crossed->office]].name;
  eh_assess_doubt(
      a,
      &(struct eh_doubt){
          .kind = EH_DOUBT_PLACEHOLDER,
          .column = s->column->name,
          .unit_column = unit_column,
          .unit = office,
          .records = (uint64_t)s->here[v],
          .of = (uint64_t)s->all_here,
          .usual = eh_figure(s->there[v] / s->all_there),
          .text = eh_arena_printf(
              a->arena,
              "%s is '%s' in %s of the records of %s %s, and in %s elsewhere, and the rules name "
              "it nowhere, so that it counts as no event; if it means not recorded or not yet "
              "decided, add it to `missing`.",
              s->column->name, value->text, eh_assess_percent(a->arena, s->here[v] / s->all_here),
              unit_column, office, eh_assess_percent(a->arena, s->there[v] / s->all_there))});
}

/* A value that the rules do not name, and that one office has far more often than the others. */
static void assess_offices(struct eh_assessment *a, const struct eh_survey_column *c) {
  const struct eh_survey_crossed *crossed = c->crossed;
  if (!a->rules || crossed->office < 0) return;
  const struct eh_survey_column *offices =
      &a->survey->columns[a->survey->roles.units[crossed->office]];
  struct sides s = {.survey = a->survey, .column = c};
  for (size_t o = 0; o < offices->value_count; o++)
    add_counts(s.there, &s.all_there, &crossed->by_office[o]);
  double places = (double)(offices->value_count * values_of(&s));
  for (size_t v = 0; v < values_of(&s); v++) {
    const struct eh_survey_value *value = &c->values[a->survey->missing_count + v];
    if (!looks_like_none(value->text)) continue;
    if (is_named_anywhere(a->rules, c->rules_column, value->text)) continue;
    for (size_t o = a->survey->missing_count; o < offices->value_count; o++) {
      struct sides one = {.survey = a->survey, .column = c};
      add_counts(one.here, &one.all_here, &crossed->by_office[o]);
      one.there[v] = s.there[v] - one.here[v];
      one.all_there = s.all_there - one.all_here;
      double elsewhere = one.all_there > 0 ? one.there[v] / one.all_there : 1;
      bool is_odd = one.here[v] >= SHARE_HERE * one.all_here && elsewhere <= SHARE_ELSEWHERE &&
                    one.here[v] >= TIMES_ELSEWHERE * elsewhere * one.all_here;
      double p = fmax(elsewhere, 1 / (one.all_there + 1));
      if (is_odd && eh_assess_exceeds(one.here[v], one.all_here, p, places))
        doubt_placeholder(a, &one, v, offices->values[o].text);
    }
  }
}

void eh_assess_codes(struct eh_assessment *a) {
  for (size_t i = 0; i < a->survey->column_count; i++) {
    const struct eh_survey_column *c = &a->survey->columns[i];
    if (!c->crossed || c->is_derived) continue;
    if (!assess_inputs(a, c)) assess_years(a, c);
    assess_offices(a, c);
  }
}
