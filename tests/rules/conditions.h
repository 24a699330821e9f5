/* Rules of two texts, two numbers, two dates and a first_of, with conditions as totals. */
#ifndef EVENHAND_TESTS_RULES_CONDITIONS_H
#define EVENHAND_TESTS_RULES_CONDITIONS_H

#include <stdio.h>
#include <string.h>

#include "rules/evaluate/evaluate.h"
#include "rules/language/parse.h"
#include "tests/test.h"

enum { T1, T2, N1, N2, D1, D2, GIVEN_COUNT, CHOICE = GIVEN_COUNT, COLUMN_COUNT };
enum { MOST_CONDITIONS = 64 };
static const char *const names[COLUMN_COUNT] = {"t1", "t2", "n1", "n2", "d1", "d2", "choice"};
static const char *const missing[] = {"", "NA", "a text for missing that is longer than a key"};
static const char *const forms[] = {"%Y-%m-%d", "%d.%m.%Y"};

struct fixture {
  struct eh_arena *arena;
  struct eh_problems problems;
  struct eh_parse parse;
  struct eh_column columns[COLUMN_COUNT];
  struct eh_choice choices[4];
  struct eh_total totals[MOST_CONDITIONS];
  struct eh_expression *conditions[MOST_CONDITIONS];
  size_t condition_count;
  struct eh_rules rules;
  struct eh_evaluator *evaluator;
  const struct eh_value *values[COLUMN_COUNT];
  char labels[64][64]; /* what the label function was given, by code */
  uint32_t label_count;
};

static inline int resolve(void *context, const char *name, size_t length, struct eh_place place) {
  (void)context;
  (void)place;
  for (int i = 0; i < COLUMN_COUNT; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return i;
  ck_abort_msg("no column %.*s", (int)length, name);
  return -1;
}

static inline void begin(struct fixture *f) {
  *f = (struct fixture){.arena = eh_arena_new()};
  f->parse = (struct eh_parse){.arena = f->arena, .resolve = resolve, .problems = &f->problems};
  for (int i = 0; i < GIVEN_COUNT; i++)
    f->columns[i] = (struct eh_column){.name = names[i], .of = {-1, -1}, .is_evaluated = true};
  f->columns[N1].read_as_number = f->columns[N2].read_as_number = true;
  f->columns[D1].read_as_date = f->columns[D2].read_as_date = true;
  f->columns[CHOICE] = (struct eh_column){
      .name = "choice", .kind = EH_FIRST_OF, .of = {-1, -1}, .choices = f->choices};
  f->rules = (struct eh_rules){.columns = f->columns,
                               .column_count = COLUMN_COUNT,
                               .missing = missing,
                               .missing_count = 3,
                               .date_forms = forms,
                               .date_form_count = 2,
                               .totals = f->totals};
}

/* Parse a condition and make it the next total of the rules. */
static inline const struct eh_expression *add(struct fixture *f, const char *text) {
  ck_assert(f->condition_count < MOST_CONDITIONS);
  struct eh_expression *condition =
      eh_expression_parse(&f->parse, text, strlen(text), (struct eh_place){1, 1});
  ck_assert_msg(condition, "%s: %s", text, f->problems.count ? f->problems.items[0].message : "");
  f->conditions[f->condition_count] = condition;
  f->totals[f->condition_count++].where = condition;
  return condition;
}

static inline uint32_t label(void *context, int column, const char *text, size_t length) {
  struct fixture *f = context;
  (void)column;
  ck_assert(f->label_count < 64);
  snprintf(f->labels[f->label_count], 64, "%.*s", text ? (int)length : 6, text ? text : "(NULL)");
  return f->label_count++;
}

static inline void ready(struct fixture *f) {
  eh_expressions_settle(&f->parse, &f->rules, f->conditions, f->condition_count);
  ck_assert_msg(f->problems.count == 0, "%s",
                f->problems.count ? f->problems.items[0].message : "");
  f->rules.total_count = f->condition_count;
  f->rules.test_count = f->parse.test_count;
  f->evaluator = eh_evaluator_new(&f->rules, label, f);
}

static inline void end(struct fixture *f) {
  eh_evaluator_free(f->evaluator);
  eh_problems_free(&f->problems);
  eh_arena_free(f->arena);
}

static inline const struct eh_value *set(struct fixture *f, int column, const char *text) {
  f->values[column] = eh_evaluator_value(f->evaluator, column, text, strlen(text));
  return f->values[column];
}

#endif
