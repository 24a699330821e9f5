/* Random conditions on random records, against a naive evaluator. */
#include "engine/base/random.h"

#include "tests/rules/conditions.h"

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
    case 0:
      eh_buffer_printf(out, "%s is %smissing", name, negation);
      break;
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

static bool naive_holds(enum eh_operator op, int order) {
  static const bool holds[6][3] = {{0, 1, 0}, {1, 0, 1}, {1, 0, 0},
                                   {1, 1, 0}, {0, 0, 1}, {0, 1, 1}};
  return holds[op][order + 1];
}

static struct known known_if(bool is_known, bool holds) {
  return (struct known){is_known && holds, is_known && !holds};
}

static struct known naive_test(const struct eh_expression *node, const char *const *record) {
  const char *value = record[node->column];
  const char *right = node->other >= 0      ? record[node->other]
                      : node->literal_count ? node->literals[0].text
                                            : "a";
  int order = naive_order(node->column, value, right);
  bool is_known = naive_order(node->column, value, value) != 2, holds = false;
  switch (node->kind) {
    case EH_IS_MISSING:
      return known_if(true, !is_known);
    case EH_COMPARE:
      return known_if(order != 2, order != 2 && naive_holds(node->op, order));
    case EH_IN:
      for (size_t i = 0; i < node->literal_count; i++)
        holds |= naive_order(node->column, value, node->literals[i].text) == 0;
      return known_if(is_known, holds);
    case EH_BETWEEN:
      holds = order >= 0 && naive_order(node->column, value, node->literals[1].text) <= 0;
      return known_if(is_known, holds);
    default:
      return known_if(is_known, strncmp(value, right, strlen(right)) == 0);
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

/* Records of a batch are judged as they are one by one; this one and the one before it. */
static void check_batch(struct fixture *f, const struct eh_value *const *before) {
  enum { STRIDE = COLUMN_COUNT + 1 };
  const struct eh_value *both[2 * STRIDE] = {NULL};
  memcpy(both, before, sizeof f->values);
  memcpy(both + STRIDE, f->values, sizeof f->values);
  for (size_t i = 0; i < f->condition_count; i++) {
    uint8_t truths[2];
    eh_evaluate_all(f->evaluator, f->conditions[i], both, 2, STRIDE, truths);
    ck_assert_int_eq(truths[0], eh_evaluate(f->evaluator, f->conditions[i], before));
    ck_assert_int_eq(truths[1], eh_evaluate(f->evaluator, f->conditions[i], f->values));
  }
  both[CHOICE] = both[STRIDE + CHOICE] = NULL;
  eh_evaluator_derive_all(f->evaluator, both, 2, STRIDE);
  ck_assert_ptr_eq(both[CHOICE], before[CHOICE]);
  ck_assert_ptr_eq(both[STRIDE + CHOICE], f->values[CHOICE]);
}

static void check_record(struct fixture *f, struct eh_random *random, int counts[3]) {
  const struct eh_value *before[COLUMN_COUNT];
  memcpy(before, f->values, sizeof before);
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
  if (before[CHOICE]) check_batch(f, before);
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

RUN_TESTS("random", random_conditions_are_as_a_naive_evaluator_has_them)
