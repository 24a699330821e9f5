/* Doubts of ids that are no longer what was recorded, of names written in several ways, and of
 * exports that were cut. */
#include "engine/audit/reliability/reliability.h"
#include "engine/base/date.h"
#include "reports/profile.h"
#include "tests/load/records.h"

#define RULES                                                                                     \
  "evenhand: 1\ncolumns: {case: id, person: person}\nsimilarly_situated: []\nrecords: {one_per: " \
  "person}\nmeasures:\n  release: {event: result = 'Y'}\ncomparisons:\n  - {across: officer}\n"

struct assessed {
  struct eh_arena *arena;
  struct eh_survey *survey;
  const struct eh_reliability *r;
};

static struct assessed assess(const struct eh_buffer *text) {
  struct assessed a = {.arena = eh_arena_new()};
  char *name = file_of(text->text, text->length);
  const char *names[] = {name};
  struct eh_error error;
  struct eh_problems problems = {0};
  struct eh_load_options options = {.threads = 2};
  enum eh_status status =
      eh_survey_files(names, 1, read_rules(a.arena, RULES), &options, &a.survey, &problems, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  unlink(name);
  free(name);
  eh_problems_free(&problems);
  a.r = eh_reliability_assess(a.arena, a.survey, eh_date_from_civil(2016, 1, 1));
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

/* 60 records; officers in turn; the persons of the last 30 have numbers, or all are 0. */
static struct eh_buffer records(const char *const *officers, size_t officer_count,
                                bool have_numbers) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,officer,result\n");
  for (unsigned i = 0; i < 60; i++)
    eh_buffer_printf(&text, "c%u,%u,\"%s\",%s\n", 100 + i, i < 30 || have_numbers ? 100 + i : 0,
                     officers[i % officer_count], i % 3 ? "Y" : "N");
  return text;
}

struct expectation {
  const char *officers[6];
  enum eh_doubt_kind kind; /* EH_DOUBT_KINDS: none of those looked for here */
  uint64_t records;
  const char *says;
};

static const enum eh_doubt_kind kinds[] = {EH_DOUBT_LOST_DIGITS, EH_DOUBT_LOST_ZEROS,
                                           EH_DOUBT_ONE_FOR_MANY, EH_DOUBT_CUT_OFF,
                                           EH_DOUBT_SPELLINGS};

START_TEST(names_and_numbers_of_officers) {
  static const struct expectation cases[] = {
      {{"0029", "29", "0041"}, EH_DOUBT_LOST_ZEROS, 20, "`ids: {officer: digits 4}`"},
      {{"0029", "0129", "0041"}, EH_DOUBT_KINDS, 0, NULL},
      {{"A029", "A29"}, EH_DOUBT_KINDS, 0, NULL},
      {{"000", "0"}, EH_DOUBT_KINDS, 0, NULL},
      {{"2.01E+11", "7"}, EH_DOUBT_LOST_DIGITS, 30, "'2.01E+11'"},
      {{"2E7", "E+11", "2.01E+", "1E+1x"}, EH_DOUBT_KINDS, 0, NULL},
      {{"Smith, J", "J Smith", "Doe, J"}, EH_DOUBT_SPELLINGS, 20, "order of words"},
      {{"J. Smith", "j smith"}, EH_DOUBT_SPELLINGS, 30, "'J. Smith' (30)"},
      {{"East", "East&nbsp;"}, EH_DOUBT_SPELLINGS, 30, "'East' (30)"},
      {{"East",
        "\xEF\xBC\xA5"
        "ast"},
       EH_DOUBT_SPELLINGS,
       30,
       NULL},
      {{"Garc\xC3\xAD"
        "a",
        "Garci\xCC\x81"
        "a"},
       EH_DOUBT_KINDS, /* they are one */
       0,
       NULL},
      {{"Smith, J", "Smith, K", "Smithson, J"}, EH_DOUBT_KINDS, 0, NULL},
      {{"18-30", "30-18"}, EH_DOUBT_KINDS, 0, NULL},
      {{"A+", "A"}, EH_DOUBT_KINDS, 0, NULL}};
  const struct expectation *want = &cases[_i];
  size_t officers = 0;
  while (want->officers[officers]) officers++;
  struct eh_buffer text = records(want->officers, officers, true);
  struct assessed a = assess(&text);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    const struct eh_doubt *doubt = doubt_of(&a, kinds[k]);
    ck_assert_msg((doubt != NULL) == (kinds[k] == want->kind), "%s", doubt ? doubt->text : "none");
    if (!doubt) continue;
    ck_assert_uint_eq(doubt->records, want->records);
    if (want->says) ck_assert_msg(strstr(doubt->text, want->says) != NULL, "%s", doubt->text);
    ck_assert_int_eq(a.r->verdicts[0].grade, EH_USABLE_WITH_CAVEATS);
  }
  assessed_free(&a);
  eh_buffer_free(&text);
}
END_TEST

/* The person 0 is nobody, or everybody whose number is not known. */
START_TEST(one_person_for_many) {
  static const char *const officers[] = {"a", "b"};
  struct eh_buffer text = records(officers, 2, false);
  struct assessed a = assess(&text);
  const struct eh_doubt *doubt = doubt_of(&a, EH_DOUBT_ONE_FOR_MANY);
  ck_assert(doubt != NULL);
  ck_assert_uint_eq(doubt->records, 30);
  ck_assert(strstr(doubt->text, "person '0' stands in 30 records, no other in more than 1") !=
            NULL);
  assessed_free(&a);
  eh_buffer_free(&text);
}
END_TEST

/* As many records as a sheet holds below its header; one more is no sheet's. */
START_TEST(as_many_records_as_a_sheet_holds) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,officer,result\n");
  for (unsigned i = 0; i < 65535u + (unsigned)_i; i++)
    eh_buffer_printf(&text, "c%u,p%u,%c,Y\n", i, i, 'a' + (char)(i % 5));
  struct assessed a = assess(&text);
  const struct eh_doubt *doubt = doubt_of(&a, EH_DOUBT_CUT_OFF);
  ck_assert((doubt != NULL) == (_i == 0));
  if (doubt) ck_assert(strstr(doubt->text, "exactly 65,535 records") != NULL);
  assessed_free(&a);
  eh_buffer_free(&text);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("profile/ids");
  tcase_add_loop_test(tcase, names_and_numbers_of_officers, 0, 14);
  tcase_add_test(tcase, one_person_for_many);
  tcase_add_loop_test(tcase, as_many_records_as_a_sheet_holds, 0, 2);
  return run_case("profile/ids", tcase);
}
