/* Values and conditions: interning, and three-valued logic. */
#include "engine/base/random.h"
#include "rules/evaluate/intern.h"
#include "tests/rules/conditions.h"

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
    {"t1 is not missing", "na", EH_FALSE},
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
  ck_assert_msg(eh_evaluate(f.evaluator, condition, f.values) == pairs[_i].truth, "%s: '%s', '%s'",
                pairs[_i].condition, pairs[_i].values[0], pairs[_i].values[1]);
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
  } cases[] = {{"2", EH_FALSE}, {"3", EH_TRUE}, {"5", EH_FALSE}, {"7", EH_TRUE},
               {"8", EH_FALSE}, {"", EH_TRUE},  {"x", EH_TRUE}};
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
  ck_assert(eh_rules_is_missing(&f.rules, "na", 2));
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
  ck_assert_uint_ne(set(&f, N1, "")->code, none);
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
      char roomy[LONGEST + EH_ROOM_BEHIND];
      memset(roomy, '?', sizeof roomy);
      for (size_t changed = 0; changed <= length; changed++) {
        memset(text, 'x', length);
        if (changed < length) text[changed] = '\0';
        const struct eh_value *value = eh_evaluator_value(f.evaluator, T1, text, length);
        ck_assert_uint_eq(value->length, length);
        ck_assert_mem_eq(value->text, text, length);
        ck_assert_int_eq(value->text[length], '\0');
        memcpy(roomy, text, length);
        const char *const texts[] = {roomy};
        const struct eh_value *found;
        eh_evaluator_look_up_roomy(f.evaluator, T1, texts, &(uint32_t){(uint32_t)length}, 1, &found,
                                   COLUMN_COUNT);
        ck_assert_ptr_eq(found, value);
        if (pass == 1) ck_assert_ptr_eq(value, seen[length][changed]);
        seen[length][changed] = value;
      }
      free(text);
    }
  }
  end(&f);
}
END_TEST

/* A batch of records at a time, as loading does: values are known, new, long, short and repeated,
   of few values and of many. */
START_TEST(batches_find_each_value) {
  enum { VALUES = 3000, BATCH = 100, BATCHES = 200, ROOM = 48 };
  struct fixture f;
  begin(&f);
  ready(&f);
  struct eh_random random = eh_random_seeded(7, 1);
  static char roomy[BATCH][ROOM];
  static const struct eh_value *found[BATCH * COLUMN_COUNT];
  const char *texts[BATCH];
  uint32_t lengths[BATCH];
  for (size_t b = 0; b < BATCHES; b++) {
    size_t count = b % 3 ? BATCH : BATCH / 3 + b % 7;
    for (size_t i = 0; i < count; i++) {
      unsigned number = (unsigned)eh_random_below(&random, (b + 1) * VALUES / BATCHES);
      const char *behind = number % 5 ? "" : number % 2 ? ", an officer" : ", of this office only";
      memset(roomy[i], '?', ROOM);
      lengths[i] = (uint32_t)snprintf(roomy[i], ROOM, "%u%s", number, behind);
      roomy[i][lengths[i]] = '?';
      texts[i] = roomy[i];
      if (number % 500 == 0) lengths[i] = 0; /* not recorded */
    }
    eh_evaluator_look_up_roomy(f.evaluator, T1, texts, lengths, count, found, COLUMN_COUNT);
    for (size_t i = 0; i < count; i++) {
      ck_assert_ptr_eq(found[i * COLUMN_COUNT],
                       eh_evaluator_value(f.evaluator, T1, texts[i], lengths[i]));
      if (lengths[i] == 0) continue;
      ck_assert_uint_eq(found[i * COLUMN_COUNT]->length, lengths[i]);
      ck_assert_mem_eq(found[i * COLUMN_COUNT]->text, texts[i], lengths[i]);
    }
  }
  end(&f);
}
END_TEST

START_TEST(malformed_values_are_noted) {
  struct fixture f;
  begin(&f);
  ready(&f);
  set(&f, N1, "12");
  set(&f, N1, "");
  set(&f, T1, "x");
  ck_assert(!eh_evaluator_has_malformed(f.evaluator, N1));
  set(&f, N1, "x");
  ck_assert(eh_evaluator_has_malformed(f.evaluator, N1));
  ck_assert(!eh_evaluator_has_malformed(f.evaluator, T1));
  end(&f);
}
END_TEST

/* Hashes collide too rarely to be met with, so the table is made to believe in a collision. */
START_TEST(a_collision_of_hashes_is_no_match) {
  static const char *const collisions[][2] = {
      {"ab", "abb"},
      {"abcd", "abcde"},
      {"released", "released1"},
      {"released 1 June", "released 2 Junf"},
      {"released 1 June", "released 1 Juny"},
      {"a text longer than a key", "a text longer than a keys"},
      {"a text longer than a key", "a text larger than a key"},
  };
  for (size_t i = 0; i < sizeof collisions / sizeof collisions[0]; i++) {
    const char *known = collisions[i][0], *other = collisions[i][1];
    struct eh_texts texts = {0};
    struct eh_interned interned = {0};
    struct eh_text_key key = eh_text_key_of(other, strlen(other));
    eh_texts_add(&texts, known, strlen(known), &interned);
    for (size_t k = 0; k < texts.capacity; k++) texts.slots[k] = &interned;
    texts.slots[(key.hash + 1) & (texts.capacity - 1)] = NULL;
    if (strlen(known) > EH_INLINE_TEXT) interned.a = key.a;
    char roomy[64] = "";
    strcpy(roomy, other);
    ck_assert_msg(!eh_texts_find(&texts, other, strlen(other)), "%s found as %s", other, known);
    ck_assert_msg(!eh_texts_find_at_once(&texts, roomy, strlen(roomy)), "%s found as %s", other,
                  known);
    ck_assert_msg(!eh_texts_find_long(&texts, other, strlen(other)), "%s found as %s", other,
                  known);
    eh_texts_free(&texts);
  }
}
END_TEST

/* Whatever stands behind a text. */
START_TEST(a_key_is_the_same_with_room_and_without) {
  for (size_t length = 0; length <= EH_INLINE_TEXT; length++) {
    char text[EH_INLINE_TEXT + EH_ROOM_BEHIND];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + i);
    struct eh_text_key key = eh_text_key_of(text, length);
    struct eh_text_key roomy = eh_text_key_of_roomy(text, length);
    ck_assert(key.a == roomy.a && key.b == roomy.b && key.hash == roomy.hash);
    memset(text + length, 0xff, sizeof text - length);
    roomy = eh_text_key_of_roomy(text, length);
    ck_assert(key.a == roomy.a && key.b == roomy.b && key.hash == roomy.hash);
  }
}
END_TEST

START_TEST(tables_find_what_was_added) {
  static const char *const known[] = {"", "x", "xy", "a text longer than a key", "y"};
  enum { TEXTS = sizeof known / sizeof known[0], NUMBERS = 5000 };
  struct eh_interned interned[TEXTS] = {0};
  struct eh_texts texts = {0};
  for (size_t i = 0; i < TEXTS; i++) {
    char roomy[64] = "";
    strcpy(roomy, known[i]);
    ck_assert_ptr_null(eh_texts_find(&texts, known[i], strlen(known[i])));
    ck_assert_ptr_null(eh_texts_find_at_once(&texts, roomy, strlen(known[i])));
    eh_texts_add(&texts, known[i], strlen(known[i]), &interned[i]);
    for (size_t k = 0; k <= i; k++)
      ck_assert_ptr_eq(eh_texts_find(&texts, known[k], strlen(known[k])), &interned[k].value);
  }
  eh_texts_free(&texts);
  for (size_t i = 0; i < TEXTS; i++)
    ck_assert_ptr_null(eh_texts_find(&texts, known[i], strlen(known[i])));
  static struct eh_value values[NUMBERS];
  struct eh_numbers numbers = {0};
  for (int32_t i = 0; i < NUMBERS; i++) {
    ck_assert_ptr_null(eh_numbers_find(&numbers, i - NUMBERS / 2));
    eh_numbers_add(&numbers, i - NUMBERS / 2, &values[i]);
  }
  for (int32_t i = 0; i < NUMBERS; i++)
    ck_assert_ptr_eq(eh_numbers_find(&numbers, i - NUMBERS / 2), &values[i]);
  ck_assert_ptr_null(eh_numbers_find(&numbers, NUMBERS));
  eh_numbers_free(&numbers);
  ck_assert_ptr_null(numbers.slots);
  ck_assert_ptr_null(eh_numbers_find(&numbers, 0));
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

int main(void) {
  TCase *tcase = new_tests("evaluate");
  tcase_add_loop_test(tcase, single_tests_hold, 0, SINGLE_COUNT);
  tcase_add_loop_test(tcase, comparisons_of_two_columns_hold, 0, PAIR_COUNT);
  tcase_add_test(tcase, logic_has_three_values);
  tcase_add_test(tcase, parts_about_one_column_follow_the_same_logic);
  tcase_add_test(tcase, values_tell_what_they_are);
  tcase_add_test(tcase, both_readings_must_succeed);
  tcase_add_test(tcase, missing_texts_are_known);
  tcase_add_test(tcase, labels_are_given_once);
  tcase_add_test(tcase, each_distinct_text_is_one_value);
  tcase_add_test(tcase, batches_find_each_value);
  tcase_add_test(tcase, malformed_values_are_noted);
  tcase_add_test(tcase, a_collision_of_hashes_is_no_match);
  tcase_add_test(tcase, a_key_is_the_same_with_room_and_without);
  tcase_add_test(tcase, tables_find_what_was_added);
  tcase_add_test(tcase, many_values_stay_where_they_are);
  tcase_add_test(tcase, a_long_text_is_a_value);
  return run_case("evaluate", tcase);
}
