#include "engine/load/survey/guess.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *eh_role_name(enum eh_role role) {
  static const char *const names[EH_ROLES] = {"case",   "person",  "date",  "officer",
                                              "office", "outcome", "factor"};
  return names[role];
}

/* What a word of a header says for a role (above 0) or against it. */
struct clue {
  const char *word; /* the beginning of a word, where it has at least 4 letters; else the whole */
  double weight[EH_ROLES];
};
/*                        case person date officer office outcome factor */
static const struct clue clues[] = {
    {"case", {.5, 0, 0, 0, 0, 0, -.1}},
    {"record", {.4, 0, 0, 0, 0, 0, 0}},
    {"incident", {.4, 0, .1, 0, 0, 0, 0}},
    {"encounter", {.25, 0, .05, 0, 0, -.1, 0}},
    {"stop", {.4, 0, .1, 0, 0, 0, 0}},
    {"claimant", {-.4, .6, 0, 0, 0, 0, .1}},
    {"claim", {.35, 0, 0, 0, 0, 0, 0}},
    {"application", {.35, 0, .1, 0, 0, 0, 0}},
    {"ref", {.35, .1, -.2, .1, 0, -.3, -.3}},
    {"reference", {.35, .1, -.2, .1, 0, -.3, -.3}},
    {"hearing", {.2, 0, .35, -.1, 0, .1, -.1}},
    {"docket", {.5, 0, 0, 0, 0, 0, 0}},
    {"file", {.4, 0, 0, 0, 0, 0, 0}},
    {"receipt", {.4, 0, .1, 0, 0, 0, 0}},
    {"id", {.3, .2, -.3, .25, .05, -.3, -.3}},
    {"no", {.2, .1, -.2, .15, .05, -.3, -.3}},
    {"num", {.2, .1, -.2, .15, .05, -.3, -.3}},
    {"number", {.25, .1, -.2, .2, .05, -.3, -.3}},
    {"code", {.1, 0, -.1, .15, .15, 0, 0}},
    {"person", {-.4, .6, 0, 0, 0, 0, 0}},
    {"subject", {-.4, .5, -.1, -.2, -.2, -.1, .15}},
    {"individual", {-.4, .6, 0, 0, 0, 0, 0}},
    {"alien", {-.3, .6, 0, 0, 0, 0, 0}},
    {"anumber", {-.3, .7, 0, 0, 0, -.3, -.3}},
    {"defendant", {-.4, .6, 0, 0, 0, 0, .1}},
    {"respondent", {-.4, .6, 0, 0, 0, 0, .1}},
    {"applicant", {-.4, .6, 0, 0, 0, 0, .1}},
    {"client", {-.4, .6, 0, 0, 0, 0, .1}},
    {"offender", {-.4, .6, 0, 0, 0, 0, .1}},
    {"prisoner", {-.4, .6, 0, 0, 0, 0, .1}},
    {"detainee", {-.4, .6, 0, 0, 0, 0, .1}},
    {"petitioner", {-.4, .6, 0, 0, 0, 0, .1}},
    {"beneficiary", {-.4, .6, 0, 0, 0, 0, .1}},
    {"inmate", {-.4, .6, 0, 0, 0, 0, .1}},
    {"date", {-.4, -.4, .3, -.4, -.4, -.4, -.3}},
    {"dt", {-.4, -.4, .3, -.4, -.4, -.4, -.3}},
    {"decision", {0, 0, .5, .1, 0, .35, -.3}},
    {"decided", {0, 0, .5, 0, 0, .3, 0}},
    {"disposition", {0, 0, .4, 0, 0, .6, 0}},
    {"arraignment", {0, 0, .3, 0, 0, 0, 0}},
    {"event", {.1, 0, .3, 0, .05, 0, 0}},
    {"reported", {0, 0, .3, 0, 0, 0, 0}},
    {"closed", {0, 0, .3, 0, 0, .2, 0}},
    {"arrival", {0, 0, -.4, 0, 0, 0, .2}},
    {"entry", {0, 0, -.3, 0, 0, 0, .1}},
    {"birth", {-.4, -.3, -.7, -.5, -.4, -.4, .3}},
    {"dob", {-.4, -.3, -.7, -.5, -.4, -.4, .3}},
    {"yob", {-.4, -.3, -.7, -.6, -.4, -.4, .2}},
    {"officer", {-.4, -.4, -.2, .6, -.3, -.1, -.4}},
    {"agent", {-.4, -.2, -.2, .6, -.3, 0, -.4}},
    {"ij", {-.4, -.2, -.2, .7, -.2, 0, -.4}}, /* immigration judge */
    {"judge", {-.4, -.2, -.2, .7, -.2, 0, -.4}},
    {"adjudicator", {-.4, -.2, -.2, .7, -.2, 0, -.4}},
    {"chair", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"panel", {-.2, -.2, -.2, .3, .1, -.2, -.4}},
    {"magistrate", {-.4, -.2, -.2, .7, -.2, -.2, -.4}},
    {"commissioner", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"maker", {-.4, -.2, -.2, .5, -.2, -.4, -.4}},
    {"reviewer", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"assessor", {-.4, -.2, -.2, .6, -.2, -.2, -.4}},
    {"examiner", {-.4, -.2, -.2, .6, -.2, 0, -.4}},
    {"caseworker", {-.4, -.2, -.2, .6, -.2, 0, -.4}},
    {"official", {-.4, -.2, -.2, .5, -.2, 0, -.4}},
    {"attorney", {-.4, -.2, -.2, .5, -.2, 0, -.3}},
    {"badge", {-.4, -.2, -.2, .6, -.2, 0, -.4}},
    {"office", {-.3, -.3, -.3, -.2, .6, -.3, -.4}},
    {"area", {-.2, -.2, -.2, -.2, .4, -.2, -.2}},
    {"responsibility", {-.2, -.2, -.2, -.2, .3, -.2, -.3}},
    {"district", {-.2, -.2, -.2, -.2, .5, -.2, -.2}},
    {"precinct", {-.2, -.2, -.2, -.2, .55, -.2, -.2}},
    {"station", {-.2, -.2, -.2, -.2, .5, -.2, -.2}},
    {"sector", {-.2, -.2, -.2, -.2, .45, -.2, -.2}},
    {"region", {-.2, -.2, -.2, -.2, .45, -.2, -.2}},
    {"branch", {-.2, -.2, -.2, -.2, .5, -.2, -.2}},
    {"court", {-.1, -.2, -.1, -.1, .5, -.2, -.2}},
    {"prison", {-.3, -.3, -.2, -.2, .55, -.2, -.2}},
    {"facility", {-.3, -.3, -.2, -.2, .5, -.2, -.2}},
    {"institution", {-.3, -.3, -.2, -.2, .5, -.2, -.2}},
    {"centre", {-.3, -.3, -.2, -.2, .45, -.2, -.2}},
    {"center", {-.3, -.3, -.2, -.2, .45, -.2, -.2}},
    {"department", {-.3, -.3, -.2, -.2, .45, -.2, -.2}},
    {"county", {-.2, -.2, -.2, -.2, .4, -.2, 0}},
    {"division", {-.2, -.2, -.2, -.2, .45, -.2, -.2}},
    {"squad", {-.3, -.2, -.2, -.5, .35, -.2, -.3}},
    {"location", {-.2, -.2, -.2, -.2, .3, -.2, 0}},
    {"field", {0, 0, 0, 0, .1, 0, 0}},
    {"outcome", {-.2, -.2, .1, -.2, -.2, .8, -.4}},
    {"result", {-.2, -.2, 0, -.2, -.2, .7, -.4}},
    {"arrest", {-.1, -.1, .1, 0, 0, .5, -.3}},
    {"granted", {-.2, -.2, .1, -.2, -.2, .6, -.4}},
    {"determination", {-.2, -.2, .2, -.2, -.2, .6, -.4}},
    {"verdict", {-.2, -.2, .1, -.2, -.2, .7, -.4}},
    {"bail", {-.2, -.2, 0, -.2, -.2, .25, -.5}},
    {"award", {-.2, -.2, 0, -.2, -.2, .25, -.5}},
    {"amount", {-.3, -.3, -.2, -.3, -.3, -.2, -.4}},
    {"approved", {-.2, -.2, .1, -.2, -.2, .6, -.4}},
    {"released", {-.2, -.2, .1, -.2, -.2, .6, -.4}},
    {"frisk", {-.1, -.1, 0, 0, 0, .45, -.3}},
    {"action", {-.1, -.1, .1, 0, 0, .4, -.2}},
    {"status", {-.1, -.1, 0, 0, 0, .2, .1}},
    {"flag", {-.3, -.3, -.2, -.3, -.3, .2, 0}},
    {"later", {0, 0, 0, 0, 0, -.4, -.6}},
    {"point", {0, 0, 0, 0, 0, -.35, .55}},
    {"basis", {0, 0, 0, 0, 0, -.2, -.6}},
    {"reason", {0, 0, 0, 0, 0, -.2, -.5}},
    {"criminal", {0, 0, 0, 0, 0, -.2, .5}},
    {"history", {0, 0, 0, 0, 0, -.2, .4}},
    {"priority", {0, 0, 0, 0, 0, -.1, .5}},
    {"offence", {0, 0, 0, 0, 0, -.1, .4}},
    {"offense", {0, 0, 0, 0, 0, -.1, .4}},
    {"prior", {-.2, -.2, -.2, -.3, -.3, -.4, .4}},
    {"previous", {-.2, -.2, -.2, -.3, -.3, -.4, .4}},
    {"convictions", {-.2, -.2, -.2, -.3, -.3, -.2, .4}},
    {"benefit", {-.2, -.2, -.2, -.3, -.3, -.1, .3}},
    {"severity", {-.2, -.2, -.2, -.3, -.3, -.3, .4}},
    {"sentence", {-.2, -.2, -.1, -.3, -.3, 0, .3}},
    {"score", {-.2, -.2, -.2, -.3, -.3, -.3, .3}},
    {"income", {-.2, -.2, -.2, -.3, -.3, -.3, .3}},
    {"children", {-.2, -.2, -.2, -.3, -.3, -.3, .3}},
    {"charge", {0, 0, 0, 0, 0, -.1, .4}},
    {"threat", {0, 0, 0, 0, 0, -.1, .35}},
    {"violation", {0, 0, 0, 0, 0, -.1, .35}},
    {"fugitive", {0, 0, 0, 0, 0, -.1, .3}},
    {"detained", {0, 0, 0, 0, 0, .1, .25}},
    {"family", {0, 0, 0, 0, 0, -.1, .3}},
    {"type", {-.2, -.2, -.2, -.2, 0, 0, .35}},
    {"class", {-.2, -.2, -.2, -.2, 0, 0, .3}},
    {"category", {-.2, -.2, -.2, -.2, 0, 0, .35}},
    {"age", {-.3, -.3, -.3, -.5, -.3, -.3, .35}},
    {"time", {-.3, -.3, -.4, -.3, -.3, -.3, -.2}},
    {"citizenship", {-.3, -.3, -.3, -.3, -.2, -.3, .2}},
    {"country", {-.3, -.3, -.3, -.3, -.1, -.3, .1}},
    {"gender", {-.3, -.3, -.3, -.6, -.3, -.3, 0}},
    {"sex", {-.3, -.3, -.3, -.6, -.3, -.3, 0}},
    {"race", {-.3, -.3, -.3, -.6, -.3, -.3, -.1}},
    {"ethnicity", {-.3, -.3, -.3, -.6, -.3, -.3, -.1}},
    {"rank", {-.3, -.3, -.3, -.4, -.3, -.3, -.2}},
};
enum { CLUES = sizeof clues / sizeof clues[0], SHORT_WORD = 4 };

/* The next word of a header: letters and digits, a capital after a small letter begins another. */
static size_t next_word(const char **at, char word[32]) {
  const char *s = *at;
  while (*s && !isalnum((unsigned char)*s)) s++;
  size_t length = 0;
  while (isalnum((unsigned char)*s)) {
    if (length && isupper((unsigned char)*s) && islower((unsigned char)s[-1])) break;
    if (length < 31) word[length++] = (char)tolower((unsigned char)*s);
    s++;
  }
  word[length] = '\0';
  *at = s;
  return length;
}

static bool is_word(const char *word, const char *clue) {
  size_t length = strlen(clue);
  if (length < SHORT_WORD) return strcmp(word, clue) == 0;
  return strncmp(word, clue, length) == 0 && strlen(word) <= length + 3;
}

/* The number of a person's file with the immigration service, however it is written. */
static bool is_alien_number(const char *name) {
  char first[32], second[32];
  next_word(&name, first);
  bool has_sign = *name == '#';
  size_t length = next_word(&name, second);
  bool is_number = length ? strcmp(second, "number") == 0 || strcmp(second, "num") == 0 ||
                                strcmp(second, "no") == 0
                          : has_sign;
  return strcmp(first, "a") == 0 && is_number;
}

static double name_score(const char *name, enum eh_role role) {
  double score = 0;
  char word[32];
  if (is_alien_number(name)) name = "anumber";
  for (const char *at = name; next_word(&at, word);)
    for (size_t i = 0; i < CLUES; i++)
      if (is_word(word, clues[i].word)) {
        score += clues[i].weight[role];
        break;
      }
  return score;
}

/* Does one of the words (NULL-terminated) occur in the text? They are in small letters. */
static bool has_word(const char *text, const char *const *words) {
  char lower[256];
  size_t length = 0;
  for (; length < sizeof lower - 1 && text[length]; length++)
    lower[length] = (char)tolower((unsigned char)text[length]);
  lower[length] = '\0';
  for (; *words; words++)
    if (strstr(lower, *words)) return true;
  return false;
}

static const char *const favourable[] = {
    "releas", "grant",   "approv",  "discretion",   "dismiss", "admin",   "deferred action",
    "waive",  "warning", "allowed", "recognizance", "closed",  "awarded", NULL};
static const char *const unfavourable[] = {
    "denied", "deport", "removal", "removed", "detained",  "disallow", "refus",
    "reject", "remand", "revok",   "no bail", "cash bail", NULL};
static const char *const negation[] = {"not ", "n't ", "never ", "without ", NULL};

bool eh_guess_is_favourable(const char *value) {
  if (strcasecmp(value, "ROR") == 0 || strncasecmp(value, "no action", 9) == 0) return true;
  if (strncasecmp(value, "no ", 3) == 0 || strncasecmp(value, "non-", 4) == 0) return false;
  return !has_word(value, unfavourable) && !has_word(value, negation) &&
         has_word(value, favourable);
}

static bool is_decision(const char *value) {
  return strcasecmp(value, "ROR") == 0 || has_word(value, favourable) ||
         has_word(value, unfavourable);
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
};

static struct content content_of(const struct eh_survey *s, size_t column) {
  const struct eh_survey_column *c = &s->columns[column];
  struct content content = {0};
  for (size_t i = s->missing_count; i < c->value_count; i++) {
    double records = (double)c->values[i].records;
    content.recorded += records;
    if (records > content.commonest) content.commonest = records;
    if (is_decision(c->values[i].text)) content.decisions += records;
  }
  content.distinct = (double)(c->value_count - s->missing_count) + (double)c->rest.records;
  content.recorded += (double)c->rest.records;
  if (content.recorded > 0) {
    content.unique = content.distinct / content.recorded;
    content.commonest /= content.recorded;
    content.decisions /= content.recorded;
  }
  content.filled = s->rows ? content.recorded / (double)s->rows : 0;
  return content;
}

static const double CLEAR_NAME = 0.35, MOSTLY_FILLED = 0.8;

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
      if (c->kind == EH_SURVEY_DATE || t->distinct < 2 || t->unique > .5) return -1;
      if (t->distinct < 3 && name_score(c->name, role) < CLEAR_NAME) return -1; /* a yes and a no */
      return t->distinct >= 20 ? .1 : 0;
    case EH_ROLE_OFFICE:
      if (c->kind == EH_SURVEY_DATE || t->distinct < 2 || t->distinct > 1000 || !repeats) return -1;
      return (c->kind == EH_SURVEY_TEXT ? .1 : 0) + (t->distinct <= 150 ? .1 : 0);
    case EH_ROLE_OUTCOME:
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
  double score = name_score(survey->columns[column].name, role);
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
        name_score(survey->columns[c].name, role) >= CLEAR_NAME)
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

int eh_guess_yes_or_no(const char *value) {
  static const char *const yes[] = {"y", "yes", "1", "true", "t"};
  static const char *const no[] = {"n", "no", "0", "false", "f"};
  for (int i = 0; i < 5; i++) {
    if (strcasecmp(value, yes[i]) == 0) return 1;
    if (strcasecmp(value, no[i]) == 0) return 0;
  }
  return -1;
}
