/* Which columns name individuals, and where rules quote what these hold. */
#include "tests/rules/read.h"

#define INDIVIDUALS_RULES(more, event)                           \
  "evenhand: 1\n"                                                \
  "columns: {case: id, person: who, officer: decided_by}\n" more \
  "similarly_situated: []\n"                                     \
  "measures:\n  m:\n    event: " event                           \
  "\n"                                                           \
  "comparisons:\n  - {across: officer}\n"

static bool is_individual(const struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->column_count; i++)
    if (strcmp(rules->columns[i].name, name) == 0) return rules->columns[i].is_individual;
  ck_abort_msg("%s is not in use", name);
}

START_TEST(individuals_are_named) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, INDIVIDUALS_RULES("", "x = '1'"));
  ck_assert(!rules->individuals_given);
  ck_assert(is_individual(rules, "person"));
  ck_assert(!is_individual(rules, "officer"));
  rules = read_rules(arena, INDIVIDUALS_RULES("individuals: []\n", "x = '1'"));
  ck_assert(rules->individuals_given);
  /* A column that nothing else uses is in use: a slip in its name is noticed. */
  rules = read_rules(arena, INDIVIDUALS_RULES("individuals: [officer, clerk]\n", "x = '1'"));
  ck_assert(is_individual(rules, "person"));
  ck_assert(is_individual(rules, "officer"));
  ck_assert(is_individual(rules, "clerk"));
  ck_assert(!is_individual(rules, "case"));
  ck_assert_str_eq(eh_rules_individual(rules, rules->person_column), "person");
  ck_assert_str_eq(eh_rules_individual(rules, rules->case_column), "case");
  ck_assert_str_eq(eh_rules_individual(rules, rules->comparisons[0].across), "officer");
  eh_arena_free(arena);
}
END_TEST

/* Individuals are headers of each input, whatever they are called there. */
#define ALIAS_RULES(inputs)                                               \
  "evenhand: 1\ncolumns: {case: id, person: who}\nindividuals: [clerk]\n" \
  "inputs:\n" inputs                                                      \
  "similarly_situated: []\n"                                              \
  "measures:\n  m:\n    event: x = '1'\n"                                 \
  "comparisons:\n  - {across: officer, within: [unit, office]}\n"

START_TEST(individuals_are_headers_of_each_input) {
  static const struct {
    const char *rules, *individuals, *cases, *persons;
  } cases[] = {
      {ALIAS_RULES("  - {name: A, columns: {clerk: badge}}\n"), "person clerk ", "case ",
       "person "},
      {ALIAS_RULES("  - {name: A, columns: {clerk: officer}}\n"), "person officer clerk ", "case ",
       "person "},
      {ALIAS_RULES("  - {name: A, columns: {clerk: OFFICER}}\n"), "person officer clerk ", "case ",
       "person "},
      {ALIAS_RULES("  - {name: A, columns: {clerk: badge, unit: badge}}\n"), "person unit clerk ",
       "case ", "person "},
      /* What holds ids in one source holds them in another, too; and so on, from name to name. */
      {ALIAS_RULES("  - {name: A, files: a*, columns: {clerk: badge}}\n"
                   "  - {name: B, columns: {clerk: missing, unit: badge}}\n"),
       "person unit clerk ", "case ", "person "},
      {ALIAS_RULES("  - {name: A, files: a*, columns: {clerk: badge, unit: badge}}\n"
                   "  - {name: B, columns: {clerk: missing, unit: seal, office: seal}}\n"),
       "person unit office clerk ", "case ", "person "},
      {ALIAS_RULES("  - {name: A, columns: {office: who, unit: id}}\n"), "person office clerk ",
       "case unit ", "person office "},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct eh_rules *rules = read_rules(arena, cases[i].rules);
    struct eh_buffer marked[3] = {{0}};
    for (int k = 0; k < 3; k++) eh_buffer_puts(&marked[k], "");
    for (size_t c = 0; c < rules->column_count; c++) {
      const struct eh_column *column = &rules->columns[c];
      if (column->is_individual) eh_buffer_printf(&marked[0], "%s ", column->name);
      if (column->is_case) eh_buffer_printf(&marked[1], "%s ", column->name);
      if (column->is_person) eh_buffer_printf(&marked[2], "%s ", column->name);
      if (column->is_person) ck_assert_str_eq(eh_rules_individual(rules, (int)c), "person");
    }
    ck_assert_str_eq(marked[0].text, cases[i].individuals);
    ck_assert_str_eq(marked[1].text, cases[i].cases);
    ck_assert_str_eq(marked[2].text, cases[i].persons);
    for (int k = 0; k < 3; k++) eh_buffer_free(&marked[k]);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(derived_columns_are_no_individuals) {
  static const char text[] =
      INDIVIDUALS_RULES("individuals: [band]\nderive: {band: {bands: [5], of: x}}\n", "x = 1");
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules *rules;
  ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                   EH_BAD_RULES);
  ck_assert_uint_eq(problems.count, 1);
  ck_assert_uint_eq(problems.items[0].line, 3);
  ck_assert_str_eq(problems.items[0].message,
                   "`individuals` takes columns of the records, and `band` is derived; name the "
                   "column that it comes from");
  eh_problems_free(&problems);
  eh_arena_free(arena);
}
END_TEST

/* Where rules quote values that are not to be shown: `LINE:COLUMN` of each place. */
START_TEST(rules_quote_nobody) {
  static const struct {
    const char *rules;
    bool with_cases;
    const char *places;
  } cases[] = {
      {INDIVIDUALS_RULES("individuals: [officer]\n", "x = '1'"), true, ""},
      {INDIVIDUALS_RULES("individuals: [officer]\n", "officer is not missing"), true, ""},
      {INDIVIDUALS_RULES("individuals: [officer]\n", "officer != 'O1'"), false, "7:12 "},
      {INDIVIDUALS_RULES("individuals: []\n", "officer != 'O1'"), false, ""},
      {INDIVIDUALS_RULES("individuals: []\n", "x = '1' or person in ('P1', 'P2')"), false, "7:23 "},
      {INDIVIDUALS_RULES("individuals: []\n", "case starts with 'FY12'"), false, ""},
      {INDIVIDUALS_RULES("individuals: []\n", "case starts with 'FY12'"), true, "7:12 "},
      {INDIVIDUALS_RULES("individuals: [officer]\nrecords: {keep: officer = 'O1'}\n"
                         "derive:\n  team: {recode: officer, to: {north: [O1]}}\n"
                         "  shift:\n    first_of:\n      - night: officer = 'O2'\n"
                         "      - day: otherwise\n",
                         "team = 'north' and shift = 'day'"),
       false, "4:17 6:3 9:16 "},
      {INDIVIDUALS_RULES("individuals: [officer]\n"
                         "totals:\n  - {name: t, where: officer = 'O1', expected: 3}\n"
                         "expect:\n  - {column: officer, one_of: [O1, O2]}\n",
                         "x = '1'"),
       false, "5:22 7:31 "},
      {INDIVIDUALS_RULES("individuals: [badge]\n"
                         "inputs:\n  - {name: A, columns: {badge: decided_by}}\n",
                         "officer != 'O1'"),
       false, "9:12 "},
      {INDIVIDUALS_RULES("individuals: [badge]\n"
                         "inputs:\n  - {name: A, columns: {badge: decided_by},"
                         " recode: {officer: {chief: [O1]}}}\n",
                         "x = '1'"),
       false, "5:15 "},
      {INDIVIDUALS_RULES("individuals: [badge]\n",
                         "x = '1'\n  n: {value: badge, flag: {smallest_difference: 2}}"),
       false, "8:14 "},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct eh_problems problems = {0};
    struct eh_buffer places = {0};
    const struct eh_rules *rules = read_rules(arena, cases[i].rules);
    enum eh_status status =
        eh_rules_quote_nobody(rules, cases[i].with_cases, "--pseudonyms", &problems);
    eh_buffer_puts(&places, "");
    for (size_t k = 0; k < problems.count; k++)
      eh_buffer_printf(&places, "%d:%d ", (int)problems.items[k].line,
                       (int)problems.items[k].column);
    ck_assert_str_eq(places.text ? places.text : "", cases[i].places);
    ck_assert_int_eq(status, *cases[i].places ? EH_BAD_RULES : EH_OK);
    eh_buffer_free(&places);
    eh_problems_free(&problems);
  }
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("individuals", individuals_are_named, individuals_are_headers_of_each_input,
          derived_columns_are_no_individuals, rules_quote_nobody)
