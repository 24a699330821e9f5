/* Conditions: text to tree, printed back; and mistakes with their places and remedies. */
#include "rules/language/parse.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

static const char *const names[] = {"a", "b", "outcome", "date", "\xC3\xA2ge", "missing_since"};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

struct fixture {
  struct eh_arena *arena;
  struct eh_problems problems;
  struct eh_parse parse;
};

static int resolve(void *context, const char *name, size_t length, struct eh_place place) {
  struct fixture *f = context;
  for (int i = 0; i < NAME_COUNT; i++)
    if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return i;
  eh_problems_add(&f->problems, "rules.yaml", place, "no column %.*s", (int)length, name);
  return -1;
}

static void begin(struct fixture *f) {
  *f = (struct fixture){.arena = eh_arena_new()};
  f->parse = (struct eh_parse){.arena = f->arena,
                               .file = "rules.yaml",
                               .resolve = resolve,
                               .context = f,
                               .problems = &f->problems};
}

static void end(struct fixture *f) {
  eh_problems_free(&f->problems);
  eh_arena_free(f->arena);
}

static struct eh_expression *parse(struct fixture *f, const char *text, size_t length) {
  return eh_expression_parse(&f->parse, text, length, (struct eh_place){7, 11});
}

/* --- trees --- */

static void print_literals(struct eh_buffer *out, const struct eh_expression *node) {
  for (size_t i = 0; i < node->literal_count; i++) {
    const struct eh_literal *literal = &node->literals[i];
    if (literal->reading == EH_AS_TEXT)
      eh_buffer_printf(out, " '%.*s'", (int)literal->length, literal->text);
    else if (literal->reading == EH_AS_NUMBER)
      eh_buffer_printf(out, " %g", literal->number);
    else
      eh_buffer_printf(out, " day%d", literal->day);
  }
}

/* The tree as text in which nothing is left to precedence. */
static void print(struct eh_buffer *out, const struct eh_expression *node) {
  static const char *const kinds[] = {"and",     "or",      "not",    "",         "in",
                                      "between", "missing", "starts", "otherwise"};
  static const char *const operators[] = {"=", "!=", "<", "<=", ">", ">="};
  eh_buffer_printf(out, "(%s", node->kind == EH_COMPARE ? operators[node->op] : kinds[node->kind]);
  if (node->column >= 0) eh_buffer_printf(out, " %s", names[node->column]);
  if (node->other >= 0) eh_buffer_printf(out, " %s", names[node->other]);
  print_literals(out, node);
  for (size_t i = 0; i < node->child_count; i++) {
    eh_buffer_puts(out, " ");
    print(out, node->children[i]);
  }
  eh_buffer_puts(out, ")");
}

static const struct {
  const char *text, *tree;
} trees[] = {
    {"a = 'x'", "(= a 'x')"},
    {"a='x'", "(= a 'x')"},
    {"a != 5", "(!= a 5)"},
    {"a < -2.5", "(< a -2.5)"},
    {"a <= 1e3", "(<= a 1000)"},
    {"a > +7", "(> a 7)"},
    {"a >= 0.5", "(>= a 0.5)"},
    {"date >= 2011-06-17", "(>= date day15142)"},
    {"date = 1969-12-31", "(= date day-1)"},
    {"date = 0001-01-01", "(= date day-719162)"},
    {"date = 9999-12-31", "(= date day2932896)"},
    {"date = 2012-02-29", "(= date day15399)"},
    {"a = b", "(= a b)"},
    {"a = 'O''Hara'", "(= a 'O'Hara')"},
    {"a = ''''", "(= a ''')"},
    {"a = ''", "(= a '')"},
    {"a = 'and or (not)'", "(= a 'and or (not)')"},
    {"a in ('x')", "(in a 'x')"},
    {"a in ('x', 'y','z')", "(in a 'x' 'y' 'z')"},
    {"a in (1, 2.5, -3)", "(in a 1 2.5 -3)"},
    {"date in (1970-01-01, 1970-01-02)", "(in date day0 day1)"},
    {"a not in ('x')", "(not (in a 'x'))"},
    {"a between 1 and 5", "(between a 1 5)"},
    {"a between 5 and 5", "(between a 5 5)"},
    {"a not between 'a' and 'b'", "(not (between a 'a' 'b'))"},
    {"a between 'a' and 'aa'", "(between a 'a' 'aa')"},
    {"a is missing", "(missing a)"},
    {"a is not missing", "(not (missing a))"},
    {"a starts with 'x'", "(starts a 'x')"},
    {"a not starts with 'x'", "(not (starts a 'x'))"},
    {"otherwise", "(otherwise)"},
    {"not a = 1", "(not (= a 1))"},
    {"not not a = 1", "(not (not (= a 1)))"},
    {"a = 1 and b = 2", "(and (= a 1) (= b 2))"},
    {"a = 1 and b = 2 and a = 3", "(and (= a 1) (= b 2) (= a 3))"},
    {"a = 1 or b = 2 or a = 3", "(or (= a 1) (= b 2) (= a 3))"},
    {"a = 1 or b = 2 and a = 3", "(or (= a 1) (and (= b 2) (= a 3)))"},
    {"a = 1 and b = 2 or a = 3", "(or (and (= a 1) (= b 2)) (= a 3))"},
    {"(a = 1 or b = 2) and a = 3", "(and (or (= a 1) (= b 2)) (= a 3))"},
    {"not a = 1 and b = 2", "(and (not (= a 1)) (= b 2))"},
    {"not (a = 1 and b = 2)", "(not (and (= a 1) (= b 2)))"},
    {"a between 1 and 5 and b = 2", "(and (between a 1 5) (= b 2))"},
    {"((a = 1))", "(= a 1)"},
    {"A IS MISSING", NULL},
    {"a IS NOT MISSING Or b In (1) AND NOT b Between 1 And 2",
     "(or (not (missing a)) (and (in b 1) (not (between b 1 2))))"},
    {"a STARTS WITH 'x'", "(starts a 'x')"},
    {"'x' = a", "(= a 'x')"},
    {"('x' != a)", "(!= a 'x')"},
    {"5 < a", "(> a 5)"},
    {"5 <= a", "(>= a 5)"},
    {"5 > a", "(< a 5)"},
    {"5 >= a", "(<= a 5)"},
    {" \t\r\n a\n=\n'x' \n", "(= a 'x')"},
    {"\xC3\xA2ge > 3", "(> \xC3\xA2ge 3)"},
    {"missing_since is missing", "(missing missing_since)"},
};

START_TEST(trees_are_as_written) {
  const char *text = trees[_i].text, *tree = trees[_i].tree;
  struct fixture f;
  begin(&f);
  struct eh_expression *condition = parse(&f, text, strlen(text));
  if (tree) {
    struct eh_buffer printed = {0};
    ck_assert_msg(condition, "%s: %s", text, f.problems.count ? f.problems.items[0].message : "");
    ck_assert_uint_eq(f.problems.count, 0);
    print(&printed, condition);
    ck_assert_str_eq(printed.text, tree);
    eh_buffer_free(&printed);
  } else { /* names keep their case */
    ck_assert_ptr_null(condition);
    ck_assert_uint_eq(f.problems.count, 1);
  }
  end(&f);
}
END_TEST

/* --- mistakes --- */

static const struct {
  const char *text;
  uint64_t line, column; /* the text begins at 7:11 */
  const char *part;      /* of the message */
} mistakes[] = {
    {"", 7, 11, "empty"},
    {"   ", 7, 14, "empty"},
    {"a", 7, 11, "a = 'Y'"},
    {"a and b = 1", 7, 11, "a column alone"},
    {"not a", 7, 15, "a column alone"},
    {"a == 1", 7, 13, "write ="},
    {"a <> 1", 7, 13, "write !="},
    {"a => 1", 7, 13, "write >="},
    {"a =< 1", 7, 13, "write <="},
    {"a = 1 && b = 2", 7, 17, "write and"},
    {"a = 1 || b = 2", 7, 17, "write or"},
    {"!(a = 1)", 7, 11, "write not"},
    {"a = \"x\"", 7, 15, "single quotes"},
    {"a = \xE2\x80\x98x\xE2\x80\x99", 7, 15, "straight quotes"},
    {"\xC3\xA2ge = \xE2\x80\x9Cx\xE2\x80\x9D", 7, 17, "straight single quotes"},
    {"a \xE2\x89\xA5 5", 7, 13, "write >="},
    {"a =\xC2\xA0"
     "5",
     7, 14, "no-break"},
    {"a = 5 ;", 7, 17, "; cannot be read"},
    {"a = 1\x01", 7, 16, "? cannot be read"},
    {"[a b] = 1", 7, 11, "columns"},
    {"field-office = 'x'", 7, 11, "short name"},
    {"t.a = 'x'", 7, 11, "short name"},
    {"a + 1 = 2", 7, 13, "do not calculate"},
    {"a > 5%", 7, 16, "without %"},
    {"a = 'x", 7, 15, "no closing quote"},
    {"a = 'x''", 7, 15, "no closing quote"},
    {"a = 2nd", 7, 15, "2nd cannot be read"},
    {"a = .5", 7, 15, "0.5"},
    {"a = 5.", 7, 15, "0.5"},
    {"a = 1e", 7, 15, "1e6"},
    {"a = 1e999", 7, 15, "too large"},
    {"a = 0x1F", 7, 15, "0x1F"},
    {"a > 1,000", 7, 16, "without commas"},
    {"date = 2011-02-30", 7, 18, "no such day"},
    {"date = 2011-13-01", 7, 18, "no such day"},
    {"date = 0000-01-01", 7, 18, "no such day"},
    {"date = 2011-6-17", 7, 18, "2011-06-17"},
    {"date = 06/17/2011", 7, 18, "year-month-day"},
    {"date = 2011-06-17T10:00", 7, 18, "year-month-day"},
    {"a =", 7, 14, "ends too early"},
    {"a = and", 7, 15, "expected a text in quotes"},
    {"= 5", 7, 11, "expected a column"},
    {"and a = 1", 7, 11, "name of a column"},
    {"a = 1 and", 7, 20, "ends too early"},
    {"a = 1 b = 2", 7, 17, "expected and, or, or the end"},
    {"a = 1 = 2", 7, 17, "between 16 and 20"},
    {"16 <= a < 21", 7, 19, "between 16 and 20"},
    {"'x' = 'y'", 7, 17, "name of a column"},
    {"'x'", 7, 14, "after a constant"},
    {"'x' in (a)", 7, 15, "begin the test with a column"},
    {"a = a", 7, 15, "compared with itself"},
    {"a = missing", 7, 15, "is missing"},
    {"a != NULL", 7, 16, "is not missing"},
    {"a is null", 7, 16, "missing"},
    {"a is 'x'", 7, 16, "= or !="},
    {"a is not 'x'", 7, 20, "= or !="},
    {"a = true", 7, 15, "in quotes"},
    {"a like 'x'", 7, 13, "starts with"},
    {"a outcome", 7, 13, "after the column"},
    {"a not = 1", 7, 17, "after not"},
    {"a in 'x'", 7, 16, "( after in"},
    {"a in ()", 7, 17, "empty"},
    {"a in ('x',)", 7, 21, "ends with a comma"},
    {"a in ('x' 'y')", 7, 21, ", or )"},
    {"a in ('x'", 7, 20, "ends too early"},
    {"a in (b)", 7, 17, "a constant"},
    {"a in ('x', 5)", 7, 22, "write both alike"},
    {"a in (5, 2011-06-17)", 7, 20, "5 is a number"},
    {"a between 1 and 'x'", 7, 27, "write both alike"},
    {"a between 5 and 1", 7, 21, "can never hold"},
    {"date between 2012-01-01 and 2011-01-01", 7, 24, "can never hold"},
    {"a between 'b' and 'a'", 7, 21, "can never hold"},
    {"a between 'ab' and 'a'", 7, 21, "can never hold"},
    {"a between b and 5", 7, 21, "x >= low"},
    {"a between 1 or 5", 7, 23, "and"},
    {"a starts with 5", 7, 25, "a text in quotes"},
    {"a starts with ''", 7, 25, "every text starts with"},
    {"a starts 'x'", 7, 20, "with"},
    {"otherwise or a = 1", 7, 21, "stands alone"},
    {"a = 1 or otherwise", 7, 20, "stands alone"},
    {"(a = 1", 7, 11, "never closed"},
    {"(a = 1 b", 7, 18, "expected and, or, or )"},
    {"a = 1)", 7, 16, "no ( is open"},
    {"()", 7, 12, "expected a column"},
    {"unknown = 1", 7, 11, "no column unknown"},
    {"a =\n\n  unknown", 9, 3, "no column unknown"},
    {"\xC3\xA2ge = 1 and nowhere = 2", 7, 23, "no column nowhere"},
};

START_TEST(mistakes_have_a_place_and_a_remedy) {
  const char *text = mistakes[_i].text;
  struct fixture f;
  begin(&f);
  ck_assert_msg(!parse(&f, text, strlen(text)), "accepted: %s", text);
  ck_assert_msg(f.problems.count == 1, "%s: %zu problems", text, f.problems.count);
  const struct eh_error *problem = &f.problems.items[0];
  ck_assert_msg(problem->line == mistakes[_i].line && problem->column == mistakes[_i].column,
                "%s: at %u:%u: %s", text, (unsigned)problem->line, (unsigned)problem->column,
                problem->message);
  ck_assert_msg(strstr(problem->message, mistakes[_i].part), "%s: %s", text, problem->message);
  ck_assert_str_eq(problem->file, "rules.yaml");
  ck_assert_int_eq(problem->code, EH_BAD_RULES);
  end(&f);
}
END_TEST

START_TEST(mistakes_of_meaning_are_all_told) {
  static const char text[] = "x = 1 and y = 2 or a between 2 and 1 or a = missing or b = b";
  struct fixture f;
  begin(&f);
  ck_assert_ptr_null(parse(&f, text, strlen(text)));
  ck_assert_uint_eq(f.problems.count, 5);
  end(&f);
}
END_TEST

/* --- numbers of tests, and columns --- */

static void note_visit(void *context, int column, enum eh_reading reading) {
  eh_buffer_printf(context, "%s%d ", names[column], (int)reading);
}

START_TEST(the_largest_parts_about_one_column_are_tests) {
  static const char text[] = "not (a = 1 or a is missing) and (b > 2 or a < b or b = 'x')";
  struct fixture f;
  begin(&f);
  f.parse.test_count = 3;
  const struct eh_expression *condition = parse(&f, text, strlen(text));
  ck_assert_ptr_nonnull(condition);
  const struct eh_expression *first = condition->children[0], *second = condition->children[1];
  ck_assert_int_eq(condition->test, -1);
  ck_assert_int_eq(first->test, 3);
  ck_assert_int_eq(first->children[0]->test, -1);
  ck_assert_int_eq(second->test, -1);
  ck_assert_int_eq(second->children[0]->test, 4);
  ck_assert_int_eq(second->children[1]->test, -1);
  ck_assert_int_eq(second->children[2]->test, 5);
  ck_assert_uint_eq(f.parse.test_count, 6);
  ck_assert_int_eq(eh_expression_only_column(condition), EH_SEVERAL_COLUMNS);
  ck_assert_int_eq(eh_expression_only_column(first), 0);
  ck_assert_int_eq(eh_expression_only_column(parse(&f, "otherwise", 9)), EH_NO_COLUMN);
  struct eh_buffer visited = {0};
  eh_expression_each_column(condition, note_visit, &visited);
  ck_assert_str_eq(visited.text, "a1 a0 b1 a0 b0 b0 ");
  eh_buffer_free(&visited);
  end(&f);
}
END_TEST

START_TEST(nodes_know_their_places) {
  static const char text[] = "a = 1 and\n not (b = 2)";
  struct fixture f;
  begin(&f);
  const struct eh_expression *condition = parse(&f, text, strlen(text));
  ck_assert_ptr_nonnull(condition);
  ck_assert_uint_eq(condition->position, 11);
  const struct eh_expression *negation = condition->children[1];
  ck_assert_uint_eq(negation->line, 8);
  ck_assert_uint_eq(negation->position, 2);
  ck_assert_uint_eq(negation->children[0]->position, 7);
  end(&f);
}
END_TEST

/* --- hostile input --- */

static char *repeated(const char *part, size_t count, const char *end_part) {
  struct eh_buffer buffer = {0};
  for (size_t i = 0; i < count; i++) eh_buffer_puts(&buffer, part);
  eh_buffer_puts(&buffer, end_part);
  return buffer.text;
}

START_TEST(nesting_is_bounded) {
  static const char *const parts[] = {"(", "not ", "not("};
  for (size_t i = 0; i < 3; i++) {
    struct fixture f;
    begin(&f);
    char *deep = repeated(parts[i], 10000, "a = 1");
    ck_assert_ptr_null(parse(&f, deep, strlen(deep)));
    ck_assert_uint_eq(f.problems.count, 1);
    ck_assert_ptr_nonnull(strstr(f.problems.items[0].message, "nested more than 100"));
    free(deep);
    char *fine = repeated("not ", 99, "a = 1");
    ck_assert_ptr_nonnull(parse(&f, fine, strlen(fine)));
    free(fine);
    end(&f);
  }
}
END_TEST

START_TEST(long_lists_are_read_whole) {
  struct fixture f;
  begin(&f);
  char *terms = repeated("a = 1 or ", 10000, "a = 1");
  const struct eh_expression *condition = parse(&f, terms, strlen(terms));
  ck_assert_ptr_nonnull(condition);
  ck_assert_uint_eq(condition->child_count, 10001);
  free(terms);
  char *entries = repeated("'x', ", 100000, "'y')");
  char *text = eh_arena_printf(f.arena, "b in (%s", entries);
  condition = parse(&f, text, strlen(text));
  ck_assert_ptr_nonnull(condition);
  ck_assert_uint_eq(condition->literal_count, 100001);
  ck_assert_str_eq(condition->literals[100000].text, "y");
  free(entries);
  end(&f);
}
END_TEST

START_TEST(long_words_are_cut_in_messages) {
  static const char *const forms[] = {"%s = 1", "a = '%s", "a = 1 %s", "a = 1%s"};
  char *word = repeated("\xC3\xA4x", 350000, "");
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct fixture f;
    begin(&f);
    struct eh_buffer text = {0};
    const char *hole = strstr(forms[i], "%s");
    eh_buffer_add(&text, forms[i], (size_t)(hole - forms[i]));
    eh_buffer_puts(&text, word);
    eh_buffer_puts(&text, hole + 2);
    ck_assert_ptr_null(parse(&f, text.text, text.length));
    ck_assert_uint_eq(f.problems.count, 1);
    if (i > 0) ck_assert_ptr_nonnull(strstr(f.problems.items[0].message, "..."));
    eh_buffer_free(&text);
    end(&f);
  }
  struct fixture f;
  begin(&f);
  char *text = eh_arena_printf(f.arena, "a = '%s'", word);
  const struct eh_expression *condition = parse(&f, text, strlen(text));
  ck_assert_ptr_nonnull(condition);
  ck_assert_uint_eq(condition->literals[0].length, strlen(word));
  free(word);
  end(&f);
}
END_TEST

START_TEST(a_nul_is_refused) {
  static const char inside[] = "a = 'x\0y'", outside[] = "a = 1 \0 and b = 2";
  struct fixture f;
  begin(&f);
  ck_assert_ptr_null(parse(&f, inside, sizeof inside - 1));
  ck_assert_ptr_nonnull(strstr(f.problems.items[0].message, "NUL"));
  ck_assert_ptr_null(parse(&f, outside, sizeof outside - 1));
  ck_assert_uint_eq(f.problems.items[1].column, 17);
  end(&f);
}
END_TEST

/* Every text, cut anywhere, or with any byte changed, gives a tree or problems, and no crash. */
START_TEST(damaged_conditions_are_refused_or_read) {
  static const char text[] =
      "not (outcome in ('x', 'y') or date between 2011-06-17 and 2012-02-29) and a starts with 'z'";
  size_t length = sizeof text - 1;
  for (size_t i = 0; i < length; i++) {
    for (int byte = -1; byte < 256; byte++) {
      struct fixture f;
      begin(&f);
      char *copy = eh_alloc(length, 1); /* exact, so that reading beyond it is seen */
      memcpy(copy, text, length);
      if (byte >= 0) copy[i] = (char)byte;
      char *cut = byte < 0 ? eh_resize(copy, i, 1) : copy;
      const struct eh_expression *condition = parse(&f, cut, byte < 0 ? i : length);
      ck_assert((condition == NULL) == (f.problems.count > 0));
      free(cut);
      end(&f);
    }
  }
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("parse");
  tcase_add_loop_test(tcase, trees_are_as_written, 0, sizeof trees / sizeof trees[0]);
  tcase_add_loop_test(tcase, mistakes_have_a_place_and_a_remedy, 0,
                      sizeof mistakes / sizeof mistakes[0]);
  tcase_add_test(tcase, mistakes_of_meaning_are_all_told);
  tcase_add_test(tcase, the_largest_parts_about_one_column_are_tests);
  tcase_add_test(tcase, nodes_know_their_places);
  tcase_add_test(tcase, nesting_is_bounded);
  tcase_add_test(tcase, long_lists_are_read_whole);
  tcase_add_test(tcase, long_words_are_cut_in_messages);
  tcase_add_test(tcase, a_nul_is_refused);
  tcase_add_test(tcase, damaged_conditions_are_refused_or_read);
  return run_case("parse", tcase);
}
