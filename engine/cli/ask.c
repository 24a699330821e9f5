#include "engine/cli/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/words.h"
#include "engine/cli/cli.h"
#include "reports/words/safe.h"

enum { SAMPLE = 3, LISTED_VALUES = 40 };

struct asking {
  const struct eh_survey *survey;
  struct eh_starter *starter;
  struct eh_arena *arena;
  bool at_end; /* of the answers */
};

/* "docket_number, such as CR-000017-17, CR-000018-17" */
static const char *described(const struct asking *a, int column) {
  if (column < 0) return "none";
  const struct eh_survey_column *c = &a->survey->columns[column];
  const char *parts[SAMPLE];
  size_t count = 0;
  for (size_t i = a->survey->missing_count; i < c->value_count && count < SAMPLE; i++)
    if (c->values[i].records) {
      const char *text = eh_safe_line(a->arena, c->values[i].text);
      parts[count++] = eh_arena_copy(a->arena, text, eh_safe_fit(text, 20));
    }
  return eh_arena_printf(a->arena, "%s, such as %s", eh_safe_line(a->arena, c->name),
                         eh_words_join(a->arena, parts, count, ", "));
}

/* false: there are no more answers, or it is empty. */
static bool read_answer(struct asking *a, char *answer, size_t size) {
  answer[0] = '\0';
  if (!a->at_end && !fgets(answer, (int)size, stdin)) {
    a->at_end = true;
    fputc('\n', stderr);
  }
  answer[strcspn(answer, "\r\n")] = '\0';
  return answer[0] != '\0';
}

/* One question: an empty answer keeps the guess, "-" means none. */
static int ask_column(struct asking *a, const char *what, int guess) {
  const struct eh_survey *s = a->survey;
  char answer[512];
  while (!a->at_end) {
    eh_cli_print(stderr, "%s\n  [%s]: ", what, described(a, guess));
    if (!read_answer(a, answer, sizeof answer)) return guess;
    if (strcmp(answer, "-") == 0) return -1;
    int column = eh_survey_find(s, answer);
    if (column >= 0) return column;
    const char **names = eh_alloc(s->column_count, sizeof *names);
    for (size_t c = 0; c < s->column_count; c++) names[c] = s->columns[c].name;
    const char *near = eh_rules_nearest(answer, names, s->column_count);
    eh_cli_print(stderr, "  there is no column '%s'%s%s%s\n", eh_safe_line(a->arena, answer),
                 near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    free((void *)names);
  }
  return guess;
}

static bool is_used(const struct eh_starter *g, int column) {
  for (int role = 0; role <= EH_ROLE_OFFICE; role++)
    if (g->roles[role] == column) return true;
  for (size_t i = 0; i < g->outcome_count; i++)
    if (g->outcomes[i] == column) return true;
  return false;
}

static bool is_factor(const struct eh_starter *g, int column) {
  for (size_t i = 0; i < g->factor_count; i++)
    if (g->factors[i] == column) return true;
  return false;
}

static void ask_roles(struct asking *a) {
  static const char *const questions[] = {"Case: the number by which a file can be pulled",
                                          "Person: the individual the record is about",
                                          "Date: when it was decided", "Officer: who decided",
                                          "Office: where"};
  struct eh_starter *g = a->starter;
  for (int role = 0; role <= EH_ROLE_OFFICE; role++) {
    int answer = ask_column(a, questions[role], g->roles[role]);
    if (answer < 0 && role == EH_ROLE_CASE) {
      fputs("  the rules need a case column; the guess stays\n", stderr);
      continue;
    }
    if (answer != g->roles[role]) g->sureness[role] = 1;
    g->roles[role] = answer;
  }
}

/* "1 3", "1,3": marks the values of these numbers; false after saying what is wrong. */
static bool take_numbers(const char *answer, uint8_t *marks, size_t count) {
  size_t marked = 0;
  for (const char *at = answer; *at;) {
    char *end;
    unsigned long number = strtoul(at, &end, 10);
    if (end == at || number < 1 || number > count) {
      eh_cli_print(stderr, "  give numbers from 1 to %zu, such as: 1 3\n", count);
      return false;
    }
    marked += !marks[number - 1];
    marks[number - 1] = 1;
    for (at = end; *at == ' ' || *at == ',';) at++;
  }
  if (marked > 0 && marked < count) return true;
  fputs("  some values count and some do not, or there is nothing to compare\n", stderr);
  return false;
}

/* Which values of the outcome are the event? */
static void ask_events(struct asking *a) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_column *c = &s->columns[a->starter->outcomes[0]];
  size_t numbers[LISTED_VALUES], count = 0;
  const uint8_t *guessed = eh_starter_events(a->arena, s, a->starter->outcomes[0]);
  for (size_t i = s->missing_count; i < c->value_count && count < LISTED_VALUES; i++)
    if (c->values[i].records) numbers[count++] = i;
  if (count < 2 || a->at_end) return;
  for (size_t k = 0; k < count; k++)
    eh_cli_print(stderr, "  %2zu%s %s (%s)\n", k + 1, guessed[numbers[k]] ? " *" : "  ",
                 eh_safe_line(a->arena, c->values[numbers[k]].text),
                 eh_words_of(a->arena, c->values[numbers[k]].records, "record", "records"));
  char answer[512];
  while (!a->at_end) {
    uint8_t marks[LISTED_VALUES] = {0};
    fputs("Which of them are to be counted?\n  [those with *]: ", stderr);
    if (!read_answer(a, answer, sizeof answer)) return;
    if (!take_numbers(answer, marks, count)) continue;
    uint8_t *events = eh_arena_alloc(a->arena, c->value_count, sizeof *events);
    for (size_t k = 0; k < count; k++) events[numbers[k]] = marks[k];
    a->starter->events = events;
    return;
  }
}

static void ask_outcome(struct asking *a) {
  struct eh_starter *g = a->starter;
  int guess = g->outcome_count ? g->outcomes[0] : -1;
  int outcome = ask_column(a, "Outcome: what was decided", guess);
  if (outcome < 0) return;
  if (outcome != guess) g->outcome_sureness[0] = 1;
  g->outcomes[0] = outcome;
  g->outcome_count = 1;
  ask_events(a);
}

/* What an answer took for one part is no longer a factor. */
static void ask_factors(struct asking *a) {
  struct eh_starter *g = a->starter;
  size_t guesses = g->factor_count;
  int guessed[EH_STARTER_FACTORS];
  memcpy(guessed, g->factors, sizeof guessed);
  g->factor_count = 0;
  fputs("Similarly situated: people who agree in what the policy tells officers to weigh.\n",
        stderr);
  for (size_t i = 0; i < guesses; i++) {
    if (is_used(g, guessed[i]) || is_factor(g, guessed[i])) continue;
    int answer = ask_column(a, "Alike in", guessed[i]);
    if (answer >= 0 && !is_used(g, answer) && !is_factor(g, answer))
      g->factors[g->factor_count++] = answer;
  }
  while (!a->at_end && g->factor_count < EH_STARTER_FACTORS) {
    int answer = ask_column(a, "Also alike in (Enter: that is all)", -1);
    if (answer < 0) return;
    if (is_used(g, answer) || is_factor(g, answer))
      eh_cli_print(stderr, "  %s has its part already\n",
                   eh_safe_line(a->arena, a->survey->columns[answer].name));
    else
      g->factors[g->factor_count++] = answer;
  }
}

void eh_cli_ask_starter(const struct eh_survey *survey, struct eh_starter *starter,
                        struct eh_arena *arena) {
  struct asking a = {survey, starter, arena, false};
  fputs("Columns of the records:\n", stderr);
  for (size_t c = 0; c < survey->column_count; c++)
    eh_cli_print(stderr, "  %s\n", described(&a, (int)c));
  fputs("\nPress Enter to keep what is in [ ], or name a column; - means none.\n", stderr);
  ask_roles(&a);
  ask_outcome(&a);
  ask_factors(&a);
  fputc('\n', stderr);
}
