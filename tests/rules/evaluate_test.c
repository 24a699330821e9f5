/* Values and conditions: interning, three-valued logic, and random conditions against a naive evaluator. */
#include "rules/evaluate.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "rules/parse.h"
#include "tests/test.h"

enum { T1, T2, N1, N2, D1, D2, GIVEN_COUNT, CHOICE = GIVEN_COUNT, COLUMN_COUNT, MOST_CONDITIONS = 64 };
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

static int resolve(void *context, const char *name, size_t length, struct eh_place place) {
  (void)context;
  (void)place;
  for (int i = 0; i < COLUMN_COUNT; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return i;
  ck_abort_msg("no column %.*s", (int)length, name);
  return -1;
}

static void begin(struct fixture *f) {
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
static const struct eh_expression *add(struct fixture *f, const char *text) {
  ck_assert(f->condition_count < MOST_CONDITIONS);
  struct eh_expression *condition =
      eh_expression_parse(&f->parse, text, strlen(text), (struct eh_place){1, 1});
  ck_assert_msg(condition, "%s: %s", text, f->problems.count ? f->problems.items[0].message : "");
  f->conditions[f->condition_count] = condition;
  f->totals[f->condition_count++].where = condition;
  return condition;
}

static uint32_t label(void *context, int column, const char *text, size_t length) {
  struct fixture *f = context;
  (void)column;
  ck_assert(f->label_count < 64);
  snprintf(f->labels[f->label_count], 64, "%.*s", text ? (int)length : 6, text ? text : "(NULL)");
  return f->label_count++;
}

static void ready(struct fixture *f) {
  eh_expressions_settle(&f->parse, &f->rules, f->conditions, f->condition_count);
  ck_assert_msg(f->problems.count == 0, "%s",
                f->problems.count ? f->problems.items[0].message : "");
  f->rules.total_count = f->condition_count;
  f->rules.test_count = f->parse.test_count;
  f->evaluator = eh_evaluator_new(&f->rules, label, f);
}

static void end(struct fixture *f) {
  eh_evaluator_free(f->evaluator);
  eh_problems_free(&f->problems);
  eh_arena_free(f->arena);
}

static const struct eh_value *set(struct fixture *f, int column, const char *text) {
  f->values[column] = eh_evaluator_value(f->evaluator, column, text, strlen(text));
  return f->values[column];
}

/* --- single tests --- */

static const struct {
  const char *condition, *value; /* of the column the condition names */
  enum eh_truth truth;
} single[] = {
    {"t1 = 'a'", "a", EH_TRUE},
    {"t1 = 'a'", "A", EH_FALSE},
    {"t1 = 'a'", "ab", EH_FALSE},
    {"t1 = 'a'", "", EH_UNKNOWN},
    {"t1 = 'a'", "NA", EH_UNKNOWN},
    {"t1 = 'a'", "a text for missing that is longer than a key", EH_UNKNOWN},
    {"t1 = 'a'", "a text for missing that is longer than a kex", EH_FALSE},
    {"t1 != 'a'", "a", EH_FALSE},
    {"t1 != 'a'", "b", EH_TRUE},
    {"t1 != 'a'", "", EH_UNKNOWN},
    {"t1 < 'b'", "a", EH_TRUE},
    {"t1 < 'b'", "B", EH_TRUE},
    {"t1 < 'b'", "b", EH_FALSE},
    {"t1 > 'b'", "ba", EH_TRUE},
    {"t1 > 'b'", "\xC3\xA4", EH_TRUE},
    {"t1 <= 'b'", "b", EH_TRUE},
    {"t1 >= 'b'", "b", EH_TRUE},
    {"t1 >= 'b'", "a", EH_FALSE},
    {"t1 in ('a', 'b')", "b", EH_TRUE},
    {"t1 in ('a', 'b')", "c", EH_FALSE},
    {"t1 in ('a', 'b')", "", EH_UNKNOWN},
    {"t1 not in ('a', 'b')", "c", EH_TRUE},
    {"t1 not in ('a', 'b')", "NA", EH_UNKNOWN},
    {"t1 between 'a' and 'b'", "a", EH_TRUE},
    {"t1 between 'a' and 'b'", "b", EH_TRUE},
    {"t1 between 'a' and 'b'", "ba", EH_FALSE},
    {"t1 starts with 'ab'", "ab", EH_TRUE},
    {"t1 starts with 'ab'", "abc", EH_TRUE},
    {"t1 starts with 'ab'", "a", EH_FALSE},
    {"t1 starts with 'ab'", "", EH_UNKNOWN},
    {"t1 is missing", "", EH_TRUE},
    {"t1 is missing", "NA", EH_TRUE},
    {"t1 is missing", "a", EH_FALSE},
    {"t1 is not missing", "NA", EH_FALSE},
    {"t1 is not missing", "na", EH_TRUE},
    {"n1 = 2", "2", EH_TRUE},
    {"n1 = 2", "2.0", EH_TRUE},
    {"n1 = 2", "02", EH_TRUE},
    {"n1 = 2", "2e0", EH_TRUE},
    {"n1 = 2", "two", EH_UNKNOWN},
    {"n1 != 2", "two", EH_UNKNOWN},
    {"n1 > 9", "10", EH_TRUE},
    {"n1 > -1", "-2", EH_FALSE},
    {"n1 between 1 and 2.5", "2.5", EH_TRUE},
    {"n1 between 1 and 2.5", "2.51", EH_FALSE},
    {"n1 in (1, 3)", "3.00", EH_TRUE},
    {"n1 is missing", "two", EH_TRUE},
    {"n1 is not missing", "two", EH_FALSE},
    {"n1 is missing", "2", EH_FALSE},
    {"n1 starts with '2'", "20", EH_TRUE},
    {"n1 starts with '2'", "2x", EH_UNKNOWN},
    {"d1 >= 2011-06-17", "2011-06-17", EH_TRUE},
    {"d1 >= 2011-06-17", "2011-06-16", EH_FALSE},
    {"d1 >= 2011-06-17", "17.06.2011", EH_TRUE},
    {"d1 >= 2011-06-17", "2011-02-30", EH_UNKNOWN},
    {"d1 >= 2011-06-17", "NA", EH_UNKNOWN},
    {"d1 in (2011-06-17, 2012-02-29)", "29.02.2012", EH_TRUE},
    {"d1 between 0001-01-01 and 9999-12-31", "9999-12-31", EH_TRUE},
    {"d1 is missing", "yesterday", EH_TRUE},
    {"otherwise", "", EH_TRUE},
};
enum { SINGLE_COUNT = sizeof single / sizeof single[0] };

START_TEST(single_tests_hold) {
  struct fixture f;
  begin(&f);
  const struct eh_expression *condition = add(&f, single[_i].condition);
  ready(&f);
  for (int i = 0; i < GIVEN_COUNT; i++) set(&f, i, single[_i].value);
  for (int again = 0; again < 2; again++)
    ck_assert_msg(eh_evaluate(f.evaluator, condition, f.values) == single[_i].truth, "%s of '%s'",
                  single[_i].condition, single[_i].value);
  end(&f);
}
END_TEST

static const struct {
  const char *condition;
  int left, right;
  const char *values[2];
  enum eh_truth truth;
} pairs[] = {
    {"t1 = t2", T1, T2, {"a", "a"}, EH_TRUE},
    {"t1 = t2", T1, T2, {"a", "b"}, EH_FALSE},
    {"t1 = t2", T1, T2, {"", ""}, EH_UNKNOWN},
    {"t1 = t2", T1, T2, {"a", "NA"}, EH_UNKNOWN},
    {"t1 < t2", T1, T2, {"10", "9"}, EH_TRUE},
    {"n1 < n2", N1, N2, {"10", "9"}, EH_FALSE},
    {"n1 <= n2", N1, N2, {"2", "2.0"}, EH_TRUE},
    {"n1 <= n2", N1, N2, {"2", "two"}, EH_UNKNOWN},
    {"d1 >= d2", D1, D2, {"01.02.2012", "2012-01-31"}, EH_TRUE},
    {"d1 >= d2", D1, D2, {"01.02.2012", "2012-02-02"}, EH_FALSE},
    {"d1 != d2", D1, D2, {"01.02.2012", "2012-02-01"}, EH_FALSE},
    {"d1 != d2", D1, D2, {"soon", "2012-02-01"}, EH_UNKNOWN},
    {"t1 > d1", T1, D1, {"02.02.2012", "2012-02-01"}, EH_TRUE},
};
enum { PAIR_COUNT = sizeof pairs / sizeof pairs[0] };

START_TEST(comparisons_of_two_columns_hold) {
  struct fixture f;
  begin(&f);
  const struct eh_expression *condition = add(&f, pairs[_i].condition);
  ready(&f);
  set(&f, pairs[_i].left, pairs[_i].values[0]);
  set(&f, pairs[_i].right, pairs[_i].values[1]);
  ck_assert_msg(eh_evaluate(f.evaluator, condition, f.values) == pairs[_i].truth,
                "%s: '%s', '%s'", pairs[_i].condition, pairs[_i].values[0], pairs[_i].values[1]);
  end(&f);
}
END_TEST

/* --- three-valued logic --- */

/* Kleene's tables, written out; indices are false, true, unknown. */
static const enum eh_truth and_table[3][3] = {{EH_FALSE, EH_FALSE, EH_FALSE},
                                              {EH_FALSE, EH_TRUE, EH_UNKNOWN},
                                              {EH_FALSE, EH_UNKNOWN, EH_UNKNOWN}};
static const enum eh_truth or_table[3][3] = {{EH_FALSE, EH_TRUE, EH_UNKNOWN},
                                             {EH_TRUE, EH_TRUE, EH_TRUE},
                                             {EH_UNKNOWN, EH_TRUE, EH_UNKNOWN}};
static const enum eh_truth not_table[3] = {EH_TRUE, EH_FALSE, EH_UNKNOWN};

START_TEST(logic_has_three_values) {
  static const char *const texts[3] = {"n", "y", ""};
  static const char *const numbers[3] = {"0", "1", "one"};
  struct fixture f;
  begin(&f);
  const struct eh_expression *both = add(&f, "t1 = 'y' and t2 = 'y'");
  const struct eh_expression *either = add(&f, "t1 = 'y' or t2 = 'y'");
  const struct eh_expression *negated = add(&f, "not t1 = 'y'");
  const struct eh_expression *all = add(&f, "t1 = 'y' and n1 = 1 and t2 = 'y'");
  const struct eh_expression *any = add(&f, "t1 = 'y' or n1 = 1 or t2 = 'y'");
  const struct eh_expression *mixed = add(&f, "not (t1 = 'y' and not n1 = 1) or t2 = 'y'");
  ready(&f);
  for (int i = 0; i < 27; i++) {
    int a = i % 3, b = i / 3 % 3, c = i / 9;
    set(&f, T1, texts[a]);
    set(&f, N1, numbers[b]);
    set(&f, T2, texts[c]);
    ck_assert_int_eq(eh_evaluate(f.evaluator, both, f.values), and_table[a][c]);
    ck_assert_int_eq(eh_evaluate(f.evaluator, either, f.values), or_table[a][c]);
    ck_assert_int_eq(eh_evaluate(f.evaluator, negated, f.values), not_table[a]);
    ck_assert_int_eq(eh_evaluate(f.evaluator, all, f.values), and_table[and_table[a][b]][c]);
    ck_assert_int_eq(eh_evaluate(f.evaluator, any, f.values), or_table[or_table[a][b]][c]);
    ck_assert_int_eq(eh_evaluate(f.evaluator, mixed, f.values),
                     or_table[not_table[and_table[a][not_table[b]]]][c]);
  }
  end(&f);
}
END_TEST

START_TEST(parts_about_one_column_follow_the_same_logic) {
  struct fixture f;
  begin(&f);
  const struct eh_expression *condition =
      add(&f, "n1 is missing or not (n1 < 3 or n1 in (5, 6)) and n1 != 8");
  ck_assert_int_ge(condition->test, 0);
  ready(&f);
  static const struct {
    const char *value;
    enum eh_truth truth;
  } cases[] = {{"2", EH_FALSE}, {"3", EH_TRUE},  {"5", EH_FALSE}, {"7", EH_TRUE},
               {"8", EH_FALSE}, {"", EH_TRUE},   {"x", EH_TRUE}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    set(&f, N1, cases[i].value);
    ck_assert_msg(eh_evaluate(f.evaluator, condition, f.values) == cases[i].truth, "%s",
                  cases[i].value);
  }
  end(&f);
}
END_TEST

/* --- values --- */

START_TEST(values_tell_what_they_are) {
  struct fixture f;
  begin(&f);
  ready(&f);
  const struct eh_value *value = set(&f, T1, "a");
  ck_assert(!value->missing && !value->malformed && !value->is_number && !value->is_date);
  ck_assert_str_eq(value->text, "a");
  value = set(&f, N1, "12.5");
  ck_assert(value->is_number && !value->malformed && !value->missing);
  ck_assert_double_eq(value->number, 12.5);
  value = set(&f, N1, "12,5");
  ck_assert(!value->is_number && value->malformed && !value->missing);
  ck_assert_str_eq(value->text, "12,5");
  value = set(&f, D1, "31.12.1969");
  ck_assert(value->is_date && !value->malformed);
  ck_assert_int_eq(value->day, -1);
  value = set(&f, D1, "1969-12-32");
  ck_assert(!value->is_date && value->malformed);
  for (int i = 0; i < GIVEN_COUNT; i++) {
    value = set(&f, i, "NA");
    ck_assert(value->missing && !value->malformed && !value->is_number && !value->is_date);
    ck_assert_str_eq(value->text, "");
    ck_assert_uint_eq(value->length, 0);
  }
  end(&f);
}
END_TEST

START_TEST(both_readings_must_succeed) {
  struct fixture f;
  begin(&f);
  static const char *const compact[] = {"%Y%m%d"};
  f.rules.date_forms = compact;
  f.rules.date_form_count = 1;
  f.columns[T1].read_as_number = f.columns[T1].read_as_date = true;
  ready(&f);
  const struct eh_value *value = set(&f, T1, "20110617");
  ck_assert(value->is_number && value->is_date && !value->malformed);
  value = set(&f, T1, "20110631");
  ck_assert(value->is_number && !value->is_date && value->malformed);
  end(&f);
}
END_TEST

START_TEST(missing_texts_are_known) {
  struct fixture f;
  begin(&f);
  ck_assert(eh_rules_is_missing(&f.rules, "", 0));
  ck_assert(eh_rules_is_missing(&f.rules, "NA", 2));
  ck_assert(!eh_rules_is_missing(&f.rules, "N", 1));
  ck_assert(!eh_rules_is_missing(&f.rules, "NAN", 3));
  ck_assert(!eh_rules_is_missing(&f.rules, "na", 2));
  end(&f);
}
END_TEST

START_TEST(labels_are_given_once) {
  struct fixture f;
  begin(&f);
  f.columns[T1].is_dimension = f.columns[N1].is_dimension = true;
  ready(&f);
  ck_assert_uint_eq(f.label_count, 2); /* the missing values of two dimensions */
  ck_assert_str_eq(f.labels[0], "(NULL)");
  uint32_t a = set(&f, T1, "a")->code, b = set(&f, T1, "b")->code;
  ck_assert_uint_eq(set(&f, T1, "a")->code, a);
  ck_assert_uint_ne(a, b);
  ck_assert_str_eq(f.labels[a], "a");
  ck_assert_str_eq(f.labels[b], "b");
  ck_assert_uint_eq(f.label_count, 4);
  uint32_t none = set(&f, T1, "")->code;
  ck_assert_uint_eq(set(&f, T1, "NA")->code, none);
  ck_assert_str_eq(f.labels[none], "(NULL)");
  ck_assert_uint_eq(f.label_count, 4);
  ck_assert_str_eq(f.labels[set(&f, N1, "x")->code], "(NULL)"); /* malformed: treated as missing */
  set(&f, T2, "not a dimension");
  ck_assert_uint_eq(f.label_count, 5);
  end(&f);
}
END_TEST

/* Texts of every length that differ in one byte, or in length only. */
START_TEST(each_distinct_text_is_one_value) {
  enum { LONGEST = 70 };
  struct fixture f;
  begin(&f);
  ready(&f);
  static const struct eh_value *seen[LONGEST + 1][LONGEST + 1];
  for (int pass = 0; pass < 2; pass++) {
    for (size_t length = 1; length <= LONGEST; length++) {
      char *text = eh_alloc(length, 1); /* exact, so that reading beyond it is seen */
      for (size_t changed = 0; changed <= length; changed++) {
        memset(text, 'x', length);
        if (changed < length) text[changed] = '\0';
        const struct eh_value *value = eh_evaluator_value(f.evaluator, T1, text, length);
        ck_assert_uint_eq(value->length, length);
        ck_assert_mem_eq(value->text, text, length);
        ck_assert_int_eq(value->text[length], '\0');
        if (pass == 1) ck_assert_ptr_eq(value, seen[length][changed]);
        seen[length][changed] = value;
      }
      free(text);
    }
  }
  end(&f);
}
END_TEST

START_TEST(many_values_stay_where_they_are) {
  enum { COUNT = 100000 };
  struct fixture f;
  begin(&f);
  const struct eh_expression *condition = add(&f, "n1 >= 50000");
  ready(&f);
  const struct eh_value **seen = eh_alloc(COUNT, sizeof *seen);
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < COUNT; i++) {
      char text[64];
      snprintf(text, sizeof text, i % 2 ? "%d" : "%030d", i);
      const struct eh_value *value = set(&f, N1, text);
      if (pass == 1) ck_assert_ptr_eq(value, seen[i]);
      seen[i] = value;
      ck_assert_int_eq((int)value->number, i);
      ck_assert_int_eq(eh_evaluate(f.evaluator, condition, f.values), i >= 50000);
    }
  }
  free(seen);
  end(&f);
}
END_TEST

START_TEST(a_long_text_is_a_value) {
  enum { LENGTH = 1 << 20 };
  struct fixture f;
  begin(&f);
  char *text = eh_alloc(LENGTH, 1);
  memset(text, '7', LENGTH);
  ready(&f);
  const struct eh_value *value = eh_evaluator_value(f.evaluator, N1, text, LENGTH);
  ck_assert_uint_eq(value->length, LENGTH);
  ck_assert(value->malformed);
  ck_assert_ptr_eq(eh_evaluator_value(f.evaluator, N1, text, LENGTH), value);
  text[LENGTH / 2] = '8';
  ck_assert_ptr_ne(eh_evaluator_value(f.evaluator, N1, text, LENGTH), value);
  free(text);
  end(&f);
}
END_TEST

/* --- random conditions against a naive evaluator --- */

static const char *const domains[GIVEN_COUNT][7] = {
    {"", "NA", "a", "ab", "b", "B", "a longer text than a key holds"},
    {"", "NA", "a", "ab", "b", "c", "a longer text than a key holds"},
    {"", "1", "2", "2.0", "10", "-3", "x"},
    {"", "1", "2", "02", "9", "NA", "1e1"},
    {"", "2011-06-17", "17.06.2011", "2012-02-29", "2011-02-30", "2013-01-01", "soon"},
    {"", "2011-06-17", "2011-06-18", "01.01.2013", "NA", "1970-01-01", "-"},
};
static const char *const texts[] = {"'a'", "'a longer text than a key holds'", "'ab'", "'b'"};
static const char *const numbers[] = {"-3", "1", "2", "9.5", "10"};
static const char *const dates[] = {"2011-06-17", "2011-06-18", "2012-02-29", "2013-01-01"};
static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};

static size_t below(struct eh_random *random, size_t limit) {
  return (size_t)eh_random_below(random, limit);
}

static size_t constant_index(struct eh_random *random, int column) {
  return below(random, column == N1 || column == N2 ? 5 : 4);
}

static const char *constant(int column, size_t index) {
  if (column == T1 || column == T2) return texts[index];
  return column == N1 || column == N2 ? numbers[index] : dates[index];
}

static void write_test(struct eh_buffer *out, struct eh_random *random) {
  int column = (int)below(random, GIVEN_COUNT);
  const char *name = names[column], *negation = below(random, 3) ? "" : "not ";
  size_t i = constant_index(random, column), k = constant_index(random, column);
  switch (below(random, 6)) {
    case 0: eh_buffer_printf(out, "%s is %smissing", name, negation); break;
    case 1:
      eh_buffer_printf(out, "%s %sin (%s, %s)", name, negation, constant(column, i),
                       constant(column, k));
      break;
    case 2:
      eh_buffer_printf(out, "%s %sbetween %s and %s", name, negation,
                       constant(column, i < k ? i : k), constant(column, i < k ? k : i));
      break;
    case 3: /* the other column of the same kind */
      eh_buffer_printf(out, "%s %s %s", name, signs[below(random, 6)], names[column ^ 1]);
      break;
    case 4:
      if (column <= T2) {
        eh_buffer_printf(out, "%s starts with %s", name, constant(column, i));
        break;
      } /* fall through */
    default:
      eh_buffer_printf(out, "%s %s %s", name, signs[below(random, 6)], constant(column, i));
  }
}

static void write_condition(struct eh_buffer *out, struct eh_random *random, int depth) {
  size_t kind = depth == 0 ? 3 : below(random, 4);
  if (kind == 3) {
    write_test(out, random);
    return;
  }
  if (kind == 2) eh_buffer_puts(out, "not ");
  eh_buffer_puts(out, "(");
  write_condition(out, random, depth - 1);
  for (size_t more = kind == 2 ? 0 : 1 + below(random, 2); more > 0; more--) {
    eh_buffer_puts(out, kind == 0 ? " and " : " or ");
    write_condition(out, random, depth - 1);
  }
  eh_buffer_puts(out, ")");
}

/* As SQL would be given it: two predicates, known true and known false. */
struct known {
  bool is_true, is_false;
};

/* A text as a number by which values of its column are ordered; false: it is not known. */
static bool naive_number(int column, const char *text, double *number) {
  int year, month, day, used = 0;
  for (size_t i = 0; i < 3; i++)
    if (strcmp(text, missing[i]) == 0) return false;
  if (column == N1 || column == N2) {
    char *rest;
    *number = strtod(text, &rest);
    return *rest == '\0' && *text != '\0';
  }
  bool read = sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) == 3 && text[used] == '\0';
  if (!read) read = sscanf(text, "%2d.%2d.%4d", &day, &month, &year) == 3;
  if (!read || (month == 2 && day == 30)) return false;
  *number = 10000 * year + 100 * month + day;
  return true;
}

/* -1, 0 or 1 as a is below, at or above b; 2 when that is not known. */
static int naive_order(int column, const char *a, const char *b) {
  if (column == T1 || column == T2) {
    if (!*a || !*b || strcmp(a, "NA") == 0 || strcmp(b, "NA") == 0) return 2;
    int order = strcmp(a, b);
    return (order > 0) - (order < 0);
  }
  double x, y;
  if (!naive_number(column, a, &x) || !naive_number(column, b, &y)) return 2;
  return (x > y) - (x < y);
}

static bool naive_holds(enum eh_operator operator, int order) {
  static const bool holds[6][3] = {{0, 1, 0}, {1, 0, 1}, {1, 0, 0}, {1, 1, 0}, {0, 0, 1}, {0, 1, 1}};
  return holds[operator][order + 1];
}

static struct known known_if(bool is_known, bool holds) {
  return (struct known){is_known && holds, is_known && !holds};
}

static struct known naive_test(const struct eh_expression *node, const char *const *record) {
  const char *value = record[node->column];
  const char *right = node->other >= 0 ? record[node->other]
                      : node->literal_count ? node->literals[0].text : "a";
  int own = naive_order(node->column, value, value), order = naive_order(node->column, value, right);
  bool is_known = own != 2;
  bool holds = false;
  switch (node->kind) {
    case EH_IS_MISSING: return known_if(true, !is_known);
    case EH_COMPARE:
      return known_if(order != 2, order != 2 && naive_holds(node->operator, order));
    case EH_IN:
      for (size_t i = 0; i < node->literal_count; i++)
        holds |= naive_order(node->column, value, node->literals[i].text) == 0;
      return known_if(is_known, holds);
    case EH_BETWEEN:
      holds = order >= 0 && naive_order(node->column, value, node->literals[1].text) <= 0;
      return known_if(is_known, holds);
    default: return known_if(is_known, strncmp(value, right, strlen(right)) == 0);
  }
}

static struct known naive(const struct eh_expression *node, const char *const *record) {
  struct known result;
  if (node->kind == EH_NOT) {
    result = naive(node->children[0], record);
    return (struct known){result.is_false, result.is_true};
  }
  if (node->kind == EH_OTHERWISE) return (struct known){true, false};
  if (node->kind != EH_AND && node->kind != EH_OR) return naive_test(node, record);
  bool is_and = node->kind == EH_AND;
  result = (struct known){is_and, !is_and};
  for (size_t i = 0; i < node->child_count; i++) {
    struct known child = naive(node->children[i], record);
    result.is_true = is_and ? result.is_true && child.is_true : result.is_true || child.is_true;
    result.is_false =
        is_and ? result.is_false || child.is_false : result.is_false && child.is_false;
  }
  return result;
}

static enum eh_truth naive_truth(const struct eh_expression *node, const char *const *record) {
  struct known known = naive(node, record);
  return known.is_true ? EH_TRUE : known.is_false ? EH_FALSE : EH_UNKNOWN;
}

static const char *naive_choice(const struct fixture *f, const char *const *record) {
  for (size_t i = 0; i < f->columns[CHOICE].choice_count; i++) {
    enum eh_truth truth = naive_truth(f->choices[i].condition, record);
    if (truth == EH_TRUE) return f->choices[i].label;
    if (truth == EH_UNKNOWN) return NULL;
  }
  return NULL;
}

static void check_record(struct fixture *f, struct eh_random *random, int counts[3]) {
  const char *record[GIVEN_COUNT];
  for (int i = 0; i < GIVEN_COUNT; i++) {
    record[i] = domains[i][below(random, 7)];
    set(f, i, record[i]);
  }
  for (size_t i = 0; i < f->condition_count; i++) {
    enum eh_truth got = eh_evaluate(f->evaluator, f->conditions[i], f->values);
    ck_assert_int_eq(got, naive_truth(f->conditions[i], record));
    counts[got]++;
  }
  eh_evaluator_derive(f->evaluator, f->values);
  const char *expected = naive_choice(f, record);
  const struct eh_value *choice = f->values[CHOICE];
  ck_assert_int_eq(choice->missing, expected == NULL);
  ck_assert_str_eq(choice->text, expected ? expected : "");
}

START_TEST(random_conditions_are_as_a_naive_evaluator_has_them) {
  static const char *const labels[] = {"one", "two", "one"};
  int counts[3] = {0};
  for (uint64_t seed = 0; seed < 60; seed++) {
    struct eh_random random = eh_random_seeded(2011, seed);
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 40; i++) {
      struct eh_buffer text = {0};
      write_condition(&text, &random, i % 5);
      add(&f, text.text);
      eh_buffer_free(&text);
    }
    for (int i = 0; i < 3; i++) /* sometimes all about one column */
      f.choices[i] = (struct eh_choice){.label = labels[i],
                                        .condition = f.conditions[seed % 2 ? 5 * i + 4 : 5 * i]};
    f.columns[CHOICE].choice_count = 1 + seed % 3;
    f.columns[CHOICE].is_evaluated = true;
    ready(&f);
    for (int i = 0; i < 200; i++) check_record(&f, &random, counts);
    end(&f);
  }
  for (int i = 0; i < 3; i++) ck_assert_int_gt(counts[i], 10000);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("evaluate");
  TCase *tcase = tcase_create("evaluate");
  tcase_set_timeout(tcase, 300);
  tcase_add_loop_test(tcase, single_tests_hold, 0, SINGLE_COUNT);
  tcase_add_loop_test(tcase, comparisons_of_two_columns_hold, 0, PAIR_COUNT);
  tcase_add_test(tcase, logic_has_three_values);
  tcase_add_test(tcase, parts_about_one_column_follow_the_same_logic);
  tcase_add_test(tcase, values_tell_what_they_are);
  tcase_add_test(tcase, both_readings_must_succeed);
  tcase_add_test(tcase, missing_texts_are_known);
  tcase_add_test(tcase, labels_are_given_once);
  tcase_add_test(tcase, each_distinct_text_is_one_value);
  tcase_add_test(tcase, many_values_stay_where_they_are);
  tcase_add_test(tcase, a_long_text_is_a_value);
  tcase_add_test(tcase, random_conditions_are_as_a_naive_evaluator_has_them);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
