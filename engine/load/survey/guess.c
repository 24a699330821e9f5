#include "engine/load/survey/guess.h"

#include <string.h>
#include <strings.h>

#include "engine/load/survey/guess_words.h"

const char *eh_role_name(enum eh_role role) {
  static const char *const names[EH_ROLES] = {"case",   "person",  "date",  "officer",
                                              "office", "outcome", "factor"};
  return names[role];
}

static const double DECISIONS = 0.5; /* share of such values in a column of outcomes */

/* What stands in a column. */
struct content {
  double recorded;  /* records */
  double distinct;  /* values */
  double unique;    /* distinct / recorded */
  double filled;    /* recorded / records */
  double commonest; /* share of the recorded */
  double decisions; /* share of the recorded whose words tell of a decision */
  bool is_box;      /* ticked or blank */
  bool is_count;    /* how many there are of something: small numbers from 0 */
};

/* "num_accounts", "number of children", "total visits". */
static bool counts_by_name(const char *name) {
  static const char *const words[] = {"num", "number", "count", "total", "n"};
  size_t length = strcspn(name, " _-.");
  bool is_counted = name[length] != '\0';
  for (size_t i = 0; i < sizeof words / sizeof words[0] && is_counted; i++)
    if (strlen(words[i]) == length && strncasecmp(name, words[i], length) == 0) return true;
  return false;
}

/* Officers and offices may be numbers, but not 0, 1, 2 and so on. */
static bool is_count(const struct eh_survey *s, const struct eh_survey_column *c) {
  static const double SMALL = 100;
  bool has_none = false;
  if (c->kind != EH_SURVEY_NUMBER) return false;
  for (size_t i = s->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *value = &c->values[i];
    if (!value->is_number || value->records == 0) continue;
    if (value->number < 0 || value->number > SMALL) return false;
    has_none = has_none || (value->number == 0 && value->length == 1);
  }
  return has_none || counts_by_name(c->name);
}

static struct content content_of(const struct eh_survey *s, size_t column) {
  const struct eh_survey_column *c = &s->columns[column];
  struct content content = {0};
  for (size_t i = s->missing_count; i < c->value_count; i++) {
    double records = (double)c->values[i].records;
    content.recorded += records;
    if (records > content.commonest) content.commonest = records;
    if (eh_guess_is_decision(c->values[i].text)) content.decisions += records;
  }
  content.distinct = (double)(c->value_count - s->missing_count) + (double)c->rest.records;
  content.recorded += (double)c->rest.records;
  if (content.recorded > 0) {
    content.unique = content.distinct / content.recorded;
    content.commonest /= content.recorded;
    content.decisions /= content.recorded;
  }
  size_t last = c->value_count; /* the only value, where there is one */
  while (last > s->missing_count && c->values[last - 1].records == 0) last--;
  content.is_box = content.distinct == 1 && last > s->missing_count &&
                   eh_guess_is_tick(c->values[last - 1].text);
  content.is_count = is_count(s, c);
  content.filled = s->rows ? content.recorded / (double)s->rows : 0;
  return content;
}

static const double CLEAR_NAME = 0.35, CLEAR_CASE = 0.25 /* an id */, MOSTLY_FILLED = 0.8,
                    FEW = 0.02;

static double content_score(const struct eh_survey_column *c, const struct content *t,
                            enum eh_role role) {
  bool repeats = t->unique <= .2 || (t->distinct <= 10 && t->unique <= .5); /* a short file */
  switch (role) {
    case EH_ROLE_CASE:
      if (c->kind == EH_SURVEY_DATE) return -1;
      return (t->unique >= 0.98 ? .4 : t->unique >= .9 ? .2 : -1) + (t->filled > .99 ? .1 : -.3);
    case EH_ROLE_PERSON:
      if (c->kind == EH_SURVEY_DATE || t->distinct < 20) return -1;
      return t->unique > .3 ? .2 : -1;
    case EH_ROLE_DATE:
      return c->kind == EH_SURVEY_DATE ? .3 * t->filled : -2;
    case EH_ROLE_OFFICER:
      if (c->kind == EH_SURVEY_DATE || t->distinct < 2 || t->unique > .5 || t->is_count) return -1;
      if (t->distinct < 3 && eh_guess_name_score(c->name, role) < CLEAR_NAME)
        return -1; /* a yes and a no */
      return t->distinct >= 20 ? .1 : 0;
    case EH_ROLE_OFFICE:
      if (c->kind == EH_SURVEY_DATE || t->distinct < 2 || t->distinct > 1000 || !repeats) return -1;
      if (t->is_count) return -1;
      return (c->kind == EH_SURVEY_TEXT ? .1 : 0) + (t->distinct <= 150 ? .1 : 0);
    case EH_ROLE_OUTCOME:
      if (t->is_box) return t->filled > FEW && t->filled < 1 - FEW ? .2 : -1;
      if (c->kind == EH_SURVEY_DATE || t->distinct < 2 || t->distinct > 60 || !repeats) return -1;
      return (t->filled >= .8 ? .1 : -.3) + (t->commonest > .99 ? -.3 : 0) +
             (t->decisions > DECISIONS ? .3 : 0);
    default:
      if (t->decisions > DECISIONS / 2 || t->distinct < 2 || !repeats) return -1;
      if (t->distinct > (c->kind == EH_SURVEY_NUMBER ? 200 : 30)) return -1;
      return (t->filled >= .5 ? .1 : -1) + (t->commonest > .98 ? -.3 : 0);
  }
}

double eh_guess_score(const struct eh_survey *survey, size_t column, enum eh_role role) {
  struct content content = content_of(survey, column);
  if (content.recorded <= 0) return 0;
  double score = eh_guess_name_score(survey->columns[column].name, role);
  bool is_told = role == EH_ROLE_OUTCOME && content.decisions > DECISIONS;
  if (is_told && score < 0) score = 0;
  if (score <= 0 && !is_told && role != EH_ROLE_CASE && role != EH_ROLE_DATE &&
      role != EH_ROLE_FACTOR)
    return 0;
  score += content_score(&survey->columns[column], &content, role);
  return score < 0 ? 0 : score > 1 ? 1 : score;
}

struct eh_guess eh_guess_column(const struct eh_survey *survey, enum eh_role role,
                                const bool *taken) {
  struct eh_guess guess = {.column = -1};
  double best = 0, next = 0;
  for (size_t c = 0; c < survey->column_count; c++) {
    if (taken && taken[c]) continue;
    double score = eh_guess_score(survey, c, role);
    if (score > best) {
      next = best;
      best = score;
      guess.column = (int)c;
    } else if (score > next) {
      next = score;
    }
  }
  guess.sureness = best - next / 2;
  return guess;
}

int eh_guess_constant(const struct eh_survey *survey, enum eh_role role) {
  for (size_t c = 0; c < survey->column_count; c++) {
    struct content content = content_of(survey, c);
    if (content.distinct == 1 && content.filled >= MOSTLY_FILLED &&
        eh_guess_name_score(survey->columns[c].name, role) >= CLEAR_NAME)
      return (int)c;
  }
  return -1;
}

void eh_guess_roles(const struct eh_survey *survey, struct eh_survey_roles *roles) {
  *roles =
      (struct eh_survey_roles){.case_column = eh_guess_column(survey, EH_ROLE_CASE, NULL).column,
                               .person_column = -1,
                               .date_column = eh_guess_column(survey, EH_ROLE_DATE, NULL).column};
  int person = eh_guess_column(survey, EH_ROLE_PERSON, NULL).column;
  if (person != roles->case_column) roles->person_column = person;
  int office = eh_guess_column(survey, EH_ROLE_OFFICE, NULL).column;
  int officer = eh_guess_column(survey, EH_ROLE_OFFICER, NULL).column;
  if (office >= 0) roles->units[roles->unit_count++] = office;
  if (officer >= 0 && officer != office) {
    roles->is_individual[roles->unit_count] = true;
    roles->units[roles->unit_count++] = officer;
  }
  if (roles->date_column >= 0) roles->dates[roles->date_count++] = roles->date_column;
  for (size_t c = 0; c < survey->column_count && roles->date_count < EH_SURVEY_DATES; c++)
    if (survey->columns[c].kind == EH_SURVEY_DATE && (int)c != roles->date_column)
      roles->dates[roles->date_count++] = (int)c;
}

bool eh_guess_is_box(const struct eh_survey *survey, size_t column) {
  return content_of(survey, column).is_box;
}

bool eh_guess_are_codes(const struct eh_survey *survey, size_t column) {
  const struct eh_survey_column *c = &survey->columns[column];
  bool all_digits = true, beyond_one = false;
  for (size_t i = survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (v->records == 0) continue;
    all_digits &= v->length > 0 && strspn(v->text, "0123456789") == v->length;
    beyond_one |= strcmp(v->text, "0") != 0 && strcmp(v->text, "1") != 0;
  }
  return all_digits && beyond_one;
}

bool eh_guess_is_named(const struct eh_survey *survey, size_t column, enum eh_role role) {
  double least = role == EH_ROLE_CASE ? CLEAR_CASE : CLEAR_NAME;
  return eh_guess_name_score(survey->columns[column].name, role) >= least;
}

const struct eh_survey_value *eh_guess_one_for_many(const struct eh_survey *survey, size_t column,
                                                    uint64_t *next) {
  enum { MANY_RECORDS = 20, TIMES_THE_NEXT = 10 };
  const struct eh_survey_column *c = &survey->columns[column];
  const struct eh_survey_value *most = NULL;
  *next = 0;
  for (size_t i = survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (!most || v->records > most->records) {
      *next = most ? most->records : 0;
      most = v;
    } else if (v->records > *next) {
      *next = v->records;
    }
  }
  bool is_many = most && *next && most->records >= MANY_RECORDS;
  return is_many && most->records >= TIMES_THE_NEXT * *next && !c->is_closed ? most : NULL;
}
