/* Doubts of codes that change between files and years, and of words for nothing that one office
 * writes. */
#include "engine/audit/reliability/reliability.h"
#include "engine/base/date.h"
#include "tests/load/records.h"

#define RULES                                                                                   \
  "evenhand: 1\ncolumns: {case: id, date: day}\nsimilarly_situated: []\nmeasures:\n  release: " \
  "{event: result = 'released'}\ncomparisons:\n  - {across: office}\n"

struct assessed {
  struct eh_arena *arena;
  struct eh_survey *survey;
  const struct eh_reliability *r;
};

static struct assessed assess(const struct eh_buffer *texts, size_t count) {
  struct assessed a = {.arena = eh_arena_new()};
  const char *names[2];
  struct eh_error error;
  struct eh_problems problems = {0};
  struct eh_load_options options = {.threads = 2};
  for (size_t i = 0; i < count; i++) names[i] = file_of(texts[i].text, texts[i].length);
  enum eh_status status = eh_survey_files(names, count, read_rules(a.arena, RULES), &options,
                                          &a.survey, &problems, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  for (size_t i = 0; i < count; i++) {
    unlink(names[i]);
    free((void *)names[i]);
  }
  eh_problems_free(&problems);
  a.r = eh_reliability_assess(a.arena, a.survey, eh_date_from_civil(2020, 1, 1));
  return a;
}

static void assessed_free(struct assessed *a) {
  eh_survey_free(a->survey);
  eh_arena_free(a->arena);
}

static const struct eh_doubt *doubt_of(const struct assessed *a, enum eh_doubt_kind kind) {
  for (size_t i = 0; i < a->r->doubt_count; i++)
    if (a->r->doubts[i].kind == kind) return &a->r->doubts[i];
  return NULL;
}

/* 200 records of a year: two in three have the first result, the others the second. */
static struct eh_buffer year_of(int year, const char *first, const char *second) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,day,office,result\n");
  for (int i = 0; i < 200; i++)
    eh_buffer_printf(&text, "%s%d-%d,%d-%02d-%02d,%c,%s\n", first, year, i, year, i % 12 + 1,
                     i % 28 + 1, 'N' + i % 3, i % 3 ? first : second);
  return text;
}

struct change {
  const char *first, *second; /* of the second file or year, after released and detained */
  bool is_doubted;
};
static const struct change changes[] = {{"REL", "DET", true},
                                        {"RELEASED", "DET", true},
                                        {"released", "detained", false},
                                        {"released", "released", false}};

START_TEST(codes_that_change_between_files) {
  struct eh_buffer texts[] = {year_of(2014, "released", "detained"),
                              year_of(2014, changes[_i].first, changes[_i].second)};
  struct assessed a = assess(texts, 2);
  const struct eh_doubt *doubt = doubt_of(&a, EH_DOUBT_CODES_CHANGE);
  ck_assert((doubt != NULL) == changes[_i].is_doubted);
  if (doubt) {
    ck_assert_msg(strstr(doubt->text, "'detained' (67)") != NULL, "%s", doubt->text);
    ck_assert_msg(strstr(doubt->text, "'DET' (67)") != NULL, "%s", doubt->text);
    ck_assert_int_eq(a.r->verdicts[0].grade, EH_USABLE_WITH_CAVEATS);
  }
  assessed_free(&a);
  for (int i = 0; i < 2; i++) eh_buffer_free(&texts[i]);
}
END_TEST

START_TEST(codes_that_change_with_the_year) {
  struct eh_buffer text = year_of(2014, "released", "detained"),
                   later = year_of(2015, changes[_i].first, changes[_i].second);
  eh_buffer_puts(&text, strchr(later.text, '\n') + 1);
  struct assessed a = assess(&text, 1);
  const struct eh_doubt *doubt = doubt_of(&a, EH_DOUBT_CODES_CHANGE);
  ck_assert((doubt != NULL) == changes[_i].is_doubted);
  if (doubt) ck_assert_msg(strstr(doubt->text, "from 2015 on only") != NULL, "%s", doubt->text);
  assessed_free(&a);
  eh_buffer_free(&text);
  eh_buffer_free(&later);
}
END_TEST

/* A third of North's records, and one in twenty elsewhere, has a result that the rules do not name.
 */
START_TEST(a_word_for_nothing_at_one_office) {
  static const struct {
    const char *word;
    bool is_doubted;
  } cases[] = {{"Pending", true},
               {"9999", true},
               {"None", true},
               {"still open", true},
               {"ohne Ergebnis", false},
               {"expedited removal", false},
               {"other", true},
               {"released", false},
               {"b6", true},
               {"b7c", true},
               {"#BEZUG!", true},
               {"NR", true},
               {"Refused", true},
               {"XXXX", true},
               {"\xE2\x96\x88\xE2\x96\x88", true},
               {"bond", false},
               {"S", false}};
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,day,office,result\n");
  for (int i = 0; i < 600; i++) {
    bool is_north = i % 3 == 0, is_odd = is_north ? i % 9 == 0 : i % 20 == 1;
    eh_buffer_printf(&text, "%d,2014-%02d-%02d,%s,%s\n", i, i % 12 + 1, i % 28 + 1,
                     is_north     ? "North"
                     : i % 3 == 1 ? "South"
                                  : "East",
                     is_odd  ? cases[_i].word
                     : i % 2 ? "released"
                             : "detained");
  }
  struct assessed a = assess(&text, 1);
  const struct eh_doubt *doubt = doubt_of(&a, EH_DOUBT_PLACEHOLDER);
  ck_assert_msg((doubt != NULL) == cases[_i].is_doubted, "%s", cases[_i].word);
  if (doubt) {
    ck_assert_str_eq(doubt->unit, "North");
    ck_assert_uint_eq(doubt->records, 67);
  }
  assessed_free(&a);
  eh_buffer_free(&text);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("profile/codes");
  tcase_add_loop_test(tcase, codes_that_change_between_files, 0, 4);
  tcase_add_loop_test(tcase, codes_that_change_with_the_year, 0, 4);
  tcase_add_loop_test(tcase, a_word_for_nothing_at_one_office, 0, 17);
  return run_case("profile/codes", tcase);
}
