#include "rules/language/missing.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/tidy.h"
#include "tests/test.h"

static size_t find(const char *text) {
  return eh_missing_find(eh_missing_built_in, eh_missing_built_in_count, text, strlen(text));
}

START_TEST(the_usual_words_are_known) {
  static const char *const words[] = {"",
                                      "NULL",
                                      "null",
                                      "\\N",
                                      "NA",
                                      "n/a",
                                      "#N/A",
                                      "#REF!",
                                      "#DIV/0!",
                                      "(blank)",
                                      "(Blank)",
                                      "(b)(5)",
                                      "(B)(6)",
                                      "(b)(7)(C)",
                                      "(b)(6);(b)(7)(C)",
                                      "(k)(2)",
                                      "Not Recorded",
                                      "NOT RECORDED",
                                      "Unknown",
                                      "UNK",
                                      "k.A.",
                                      "N\xc3\x83O INFORMADO",
                                      "Inconnu",
                                      "REDACTED",
                                      "NaN",
                                      "--",
                                      "\xe2\x80\x94"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    ck_assert_msg(find(words[i]) != SIZE_MAX, "%s", words[i]);
}
END_TEST

/* What may be an answer, or a number, is no item. */
START_TEST(answers_are_no_items) {
  static const char *const words[] = {
      "none",   "None",          "pending", "0",      "9999", "99",   "no",     "other", "X",
      "closed", "null and void", "B6",      "(a)(1)", "(b)",  "(b)(", "exempt", "NK"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    ck_assert_msg(find(words[i]) == SIZE_MAX, "%s", words[i]);
  for (size_t i = 0; i < eh_missing_built_in_count; i++) {
    const char *item = eh_missing_built_in[i];
    ck_assert_msg(strchr(item, '(') || !strpbrk(item, "123456789"), "%s", item);
  }
}
END_TEST

/* Each item stands once, is tidy, and no filter passes it over. */
START_TEST(items_are_found_in_any_letters) {
  struct eh_missing_filter filter;
  struct eh_arena *arena = eh_arena_new();
  eh_missing_filter_make(&filter, eh_missing_built_in, eh_missing_built_in_count);
  for (size_t i = 0; i < eh_missing_built_in_count; i++) {
    const char *item = eh_missing_built_in[i];
    const char *ways[] = {item, eh_tidy_small(arena, item), eh_tidy_small_of_capitals(arena, item)};
    ck_assert(eh_tidy_is_done(item, strlen(item)));
    for (size_t k = 0; k < 3; k++) {
      ck_assert_msg(find(ways[k]) == i, "%s is another item", ways[k]);
      ck_assert(eh_missing_may_be(&filter, ways[k], strlen(ways[k])));
    }
    char *capitals = eh_arena_string(arena, item);
    for (char *c = capitals; *c; c++) *c = (char)toupper((unsigned char)*c);
    ck_assert(find(capitals) == i && eh_missing_may_be(&filter, capitals, strlen(capitals)));
  }
  ck_assert(!eh_missing_may_be(&filter, "2016-USCIS-000000001", 20));
  eh_arena_free(arena);
}
END_TEST

/* The paper on the rules lists what explanations send readers there for. */
START_TEST(the_paper_lists_them) {
  FILE *file = fopen("rules/README.md", "r");
  ck_assert_ptr_nonnull(file);
  char paper[1 << 16], quoted[128];
  paper[fread(paper, 1, sizeof paper - 1, file)] = '\0';
  fclose(file);
  const char *list = strstr(paper, "\n## Not recorded\n");
  ck_assert_ptr_nonnull(list);
  for (size_t i = 0; i < eh_missing_built_in_count; i++) {
    if (!*eh_missing_built_in[i]) continue;
    snprintf(quoted, sizeof quoted, "`%s`", eh_missing_built_in[i]);
    ck_assert_msg(strstr(list, quoted), "rules/README.md does not list %s", quoted);
  }
}
END_TEST

RUN_TESTS("rules/missing", the_usual_words_are_known, answers_are_no_items,
          items_are_found_in_any_letters, the_paper_lists_them)
