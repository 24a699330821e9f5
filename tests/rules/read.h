/* What tests of right rules files share: reading them, and finding their columns. */
#ifndef EVENHAND_TESTS_RULES_READ_H
#define EVENHAND_TESTS_RULES_READ_H

#include <string.h>

#include "rules/rules.h"
#include "tests/test.h"

/* The ends of a small rules file. */
#define HEAD "evenhand: 1\ncolumns: {case: id, person: p_id, date: decided, office: Field Office}\n"
#define TAIL "measures: {m: {event: a = 'b'}}\ncomparisons: [{across: office}]\n"

static inline const struct eh_rules *read_rules(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "line %d: %s", problems.count ? (int)problems.items[0].line : 0,
                problems.count ? problems.items[0].message : "");
  ck_assert_uint_eq(problems.count, 0);
  return rules;
}

static inline int column_named(const struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->column_count; i++) {
    if (strcmp(rules->columns[i].name, name) == 0) return (int)i;
  }
  return -1;
}

static inline const struct eh_column *column_of(const struct eh_rules *rules, const char *name) {
  int index = column_named(rules, name);
  ck_assert_msg(index >= 0, "no column %s", name);
  return &rules->columns[index];
}

static inline const char *name_of(const struct eh_rules *rules, int column) {
  ck_assert_int_ge(column, 0);
  ck_assert_int_lt(column, (int)rules->column_count);
  return rules->columns[column].name;
}

/* The names of columns, joined by blanks. */
static inline const char *names_of(struct eh_arena *arena, const struct eh_rules *rules,
                                   const int *columns, size_t count) {
  const char *names = "";
  for (size_t i = 0; i < count; i++)
    names = eh_arena_printf(arena, "%s%s%s", names, i ? " " : "", name_of(rules, columns[i]));
  return names;
}

#endif
