/* Conditions as predicates of SQL, for SQLite, word by word. */
#include "rules/sql/internal.h"
#include "tests/rules/conditions.h"

static struct eh_sql sql_of(struct fixture *f, const char *dialect) {
  static const char *columns[COLUMN_COUNT];
  static struct eh_sql_options options;
  memcpy(columns, names, sizeof columns);
  options.dialect = eh_sql_dialect_find(dialect);
  return (struct eh_sql){.arena = f->arena,
                         .rules = &f->rules,
                         .options = &options,
                         .dialect = options.dialect,
                         .names = columns};
}

static const struct {
  const char *condition, *known_true, *known_false;
} cases[] = {
    {"t1 = 'a'", "(t1_text IS NOT NULL AND t1_text = 'a')",
     "(t1_text IS NOT NULL AND t1_text <> 'a')"},
    {"t2 != t1", "(t2_text IS NOT NULL AND t1_text IS NOT NULL AND t2_text <> t1_text)",
     "(t2_text IS NOT NULL AND t1_text IS NOT NULL AND t2_text = t1_text)"},
    {"n1 < 2", "(n1_number IS NOT NULL AND n1_number < 2)",
     "(n1_number IS NOT NULL AND n1_number >= 2)"},
    {"n1 <= 2", "(n1_number IS NOT NULL AND n1_number <= 2)",
     "(n1_number IS NOT NULL AND n1_number > 2)"},
    {"n2 > n1", "(n2_number IS NOT NULL AND n1_number IS NOT NULL AND n2_number > n1_number)",
     "(n2_number IS NOT NULL AND n1_number IS NOT NULL AND n2_number <= n1_number)"},
    {"d1 >= 2011-06-17", "(d1_date IS NOT NULL AND d1_date >= 20110617)",
     "(d1_date IS NOT NULL AND d1_date < 20110617)"},
    {"t1 in ('a', 'b', 'c')", "(t1_text IS NOT NULL AND t1_text IN ('a', 'b', 'c'))",
     "(t1_text IS NOT NULL AND t1_text NOT IN ('a', 'b', 'c'))"},
    {"n1 between 1 and 3", "(n1_number IS NOT NULL AND n1_number BETWEEN 1 AND 3)",
     "(n1_number IS NOT NULL AND n1_number NOT BETWEEN 1 AND 3)"},
    {"t1 starts with 'a'", "(t1_text IS NOT NULL AND SUBSTR(t1_text, 1, 1) = 'a')",
     "(t1_text IS NOT NULL AND SUBSTR(t1_text, 1, 1) <> 'a')"},
    {"t1 starts with 'ab'", "(t1_text IS NOT NULL AND SUBSTR(t1_text, 1, 2) = 'ab')",
     "(t1_text IS NOT NULL AND SUBSTR(t1_text, 1, 2) <> 'ab')"},
    {"t1 starts with '\xC3\xA4\xE2\x82\xAC"
     "b'",
     "(t1_text IS NOT NULL AND SUBSTR(t1_text, 1, 3) = '\xC3\xA4\xE2\x82\xAC"
     "b')",
     "(t1_text IS NOT NULL AND SUBSTR(t1_text, 1, 3) <> '\xC3\xA4\xE2\x82\xAC"
     "b')"},
    {"t1 is missing", "t1_text IS NULL", "t1_text IS NOT NULL"},
    {"t1 is not missing", "t1_text IS NOT NULL", "t1_text IS NULL"},
    {"not t1 is missing", "t1_text IS NOT NULL", "t1_text IS NULL"},
    {"t1 = 'a' and n1 = 2 and not t2 = 'b'",
     "((t1_text IS NOT NULL AND t1_text = 'a') AND (n1_number IS NOT NULL AND n1_number = 2) AND "
     "(t2_text IS NOT "
     "NULL AND t2_text <> 'b'))",
     "((t1_text IS NOT NULL AND t1_text <> 'a') OR (n1_number IS NOT NULL AND n1_number <> 2) OR "
     "(t2_text IS NOT "
     "NULL AND t2_text = 'b'))"},
    {"t1 = 'a' or not (n1 = 2 and t2 is missing)",
     "((t1_text IS NOT NULL AND t1_text = 'a') OR ((n1_number IS NOT NULL AND n1_number <> 2) OR "
     "t2_text IS NOT "
     "NULL))",
     "((t1_text IS NOT NULL AND t1_text <> 'a') AND ((n1_number IS NOT NULL AND n1_number = 2) AND "
     "t2_text IS "
     "NULL))"},
    {"otherwise", "1 = 1", "1 = 0"},
};

START_TEST(conditions) {
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct fixture f;
    begin(&f);
    const struct eh_expression *condition = add(&f, cases[i].condition);
    ready(&f);
    struct eh_sql sql = sql_of(&f, "sqlite");
    ck_assert_str_eq(eh_sql_known_true(&sql, condition), cases[i].known_true);
    ck_assert_str_eq(eh_sql_known_false(&sql, condition), cases[i].known_false);
    end(&f);
  }
}
END_TEST

START_TEST(numbers) {
  struct fixture f;
  begin(&f);
  f.choices[0] = (struct eh_choice){.label = "1"};
  f.choices[1] = (struct eh_choice){.label = "two"};
  f.choices[2] = (struct eh_choice){.label = "2.5"};
  f.columns[CHOICE].choice_count = 3;
  f.columns[CHOICE].otherwise = "30";
  f.columns[N2].kind = EH_YEARS_BETWEEN;
  f.columns[D2].kind = EH_YEAR;
  struct eh_sql sql = sql_of(&f, "postgresql");
  static const char labels[] =
      "CASE choice WHEN '1' THEN 1 WHEN '2.5' THEN 2.5 WHEN '30' THEN 30 END";
  ck_assert_str_eq(eh_sql_number_of(&sql, CHOICE), labels);
  f.columns[CHOICE].kind = EH_RECODE;
  ck_assert_str_eq(eh_sql_number_of(&sql, CHOICE), labels);
  ck_assert_str_eq(eh_sql_number_of(&sql, N1), "n1_number");
  ck_assert_str_eq(eh_sql_number_of(&sql, N2), "n2");
  ck_assert_str_eq(eh_sql_number_of(&sql, D2), "CAST(d2 AS integer)");
  ck_assert_str_eq(eh_sql_text_of(&sql, N1), "CASE WHEN n1_number IS NOT NULL THEN n1_text END");
  ck_assert_str_eq(eh_sql_text_of(&sql, N2), "CAST(n2 AS text)"); /* PostgreSQL insists */
  eh_problems_free(&f.problems);
  eh_arena_free(f.arena);
}
END_TEST

RUN_TESTS("sql_condition", conditions, numbers)
