/* What each measure's verdict rests on, and what is said of persons with several records. */
#include "engine/audit/reliability/reliability.h"
#include "engine/base/date.h"
#include "reports/profile.h"
#include "tests/load/records.h"

#define HEAD "evenhand: 1\ncolumns: {case: id, person: person, date: day}\nsimilarly_situated: []\n"

struct assessed {
  struct eh_arena *arena;
  struct eh_survey *survey;
  const struct eh_reliability *r;
};

static struct assessed assess(const char *rules, const char *text) {
  struct assessed a = {.arena = eh_arena_new()};
  char *name = file_of(text, strlen(text));
  const char *names[] = {name};
  struct eh_error error;
  struct eh_problems problems = {0};
  struct eh_load_options options = {.threads = 2};
  enum eh_status status =
      eh_survey_files(names, 1, read_rules(a.arena, rules), &options, &a.survey, &problems, &error);
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

/* Of 100 records 30 name no officer; 50 are of another component, and 20 of those are among them.
 */
static char *records_without_officers(void) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,day,component,office,officer,result\n");
  for (int i = 0; i < 100; i++)
    eh_buffer_printf(&text, "%d,p%d,2014-01-%02d,%s,%c,%s,%s\n", i, i, i % 28 + 1,
                     i < 50 ? "ICE" : "CBP", 'N' + i % 2, i >= 40 && i < 70 ? "" : "o1",
                     i % 3 ? "Y" : "N");
  return text.text;
}

START_TEST(units_count_where_they_are_compared) {
  static const struct {
    const char *rules;
    double shares[2]; /* of both measures; below 0: none */
  } cases[] = {
      {"comparisons:\n  - {across: office, measure: first}\n  - {across: officer, measure: "
       "second}\n",
       {0, 0.3}},
      {"comparisons:\n  - {across: office, within: officer, measure: first}\n"
       "  - {across: component, measure: second}\n",
       {0.3, 0}},
      {"records: {keep: component = 'ICE'}\ncomparisons:\n  - {across: officer, within: office}\n",
       {0.2, 0.2}},
      {"derive: {month: {month: date}}\ncomparisons:\n  - {across: month, measure: first}\n"
       "  - {across: officer, measure: second}\n",
       {-1, 0.3}}};
  char *text = records_without_officers();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char rules[1024];
    snprintf(rules, sizeof rules,
             HEAD "measures:\n  first: {event: result = 'Y'}\n  second: {event: result = 'N'}\n%s",
             cases[i].rules);
    struct assessed a = assess(rules, text);
    for (size_t m = 0; m < 2; m++) {
      struct eh_figure share = a.r->verdicts[m].shares[EH_CRITERION_UNIT_MISSING];
      ck_assert((share.why_not == NULL) == (cases[i].shares[m] >= 0));
      if (!share.why_not) ck_close(share.value, cases[i].shares[m], 1e-15);
    }
    assessed_free(&a);
  }
  free(text);
}
END_TEST

/* The policy in force, and the groups compared within, hang on the date. */
START_TEST(unreadable_dates_count_where_they_part_records) {
  static const struct {
    const char *rules;
    double share;
  } cases[] = {
      {"comparisons:\n  - {across: office}\n", 0},
      {"policies:\n  - {name: P, from: 2014-01-10}\ncomparisons:\n  - {across: office}\n", 0.2},
      {"derive: {month: {month: date}}\ncomparisons:\n  - {across: office, within: month}\n", 0.2},
      {"derive: {month: {month: date}}\ncomparisons:\n  - {across: office, each: month}\n", 0.2}};
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,day,office,result\n");
  for (int i = 0; i < 100; i++)
    eh_buffer_printf(&text, "%d,p%d,%s,%c,Y\n", i, i, i % 5 ? "2014-01-11" : "soon", 'N' + i % 2);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char rules[1024];
    snprintf(rules, sizeof rules, HEAD "measures:\n  yes: {event: result = 'Y'}\n%s",
             cases[i].rules);
    struct assessed a = assess(rules, text.text);
    ck_close(a.r->verdicts[0].shares[EH_CRITERION_MALFORMED].value, cases[i].share, 1e-15);
    assessed_free(&a);
  }
  eh_buffer_free(&text);
}
END_TEST

/* 0.7% read from the rules is a little less than 7 in 1,000. */
START_TEST(a_share_at_its_limit_does_not_exceed_it) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,day,office,result\n");
  for (int i = 0; i < 1000; i++)
    eh_buffer_printf(&text, "%d,p%d,2014-01-11,%c,%s\n", i, i, 'N' + i % 2, i < 7 ? "" : "Y");
  struct assessed a = assess(HEAD
                             "reliability: {event_not_known: [0.7%, 5%]}\n"
                             "measures:\n  yes: {event: result = 'Y'}\n"
                             "comparisons:\n  - {across: office}\n",
                             text.text);
  const struct eh_verdict *v = &a.r->verdicts[0];
  ck_close(v->shares[EH_CRITERION_EVENT_UNKNOWN].value, 0.007, 1e-15);
  ck_assert_int_eq(v->grades[EH_CRITERION_EVENT_UNKNOWN], EH_SUFFICIENT);
  assessed_free(&a);
  eh_buffer_free(&text);
}
END_TEST

/* Two decisions on a person are alike in an event or not; that a category is known of both says
   nothing. */
START_TEST(decisions_are_alike_in_events_only) {
  struct assessed a =
      assess(HEAD
             "measures:\n  yes: {event: result = 'Y'}\n  what: {category: result}\n"
             "  days: {value: days, flag: {smallest_difference: 1 day}}\n"
             "comparisons:\n  - {across: office}\n",
             "id,person,day,office,result,days\n1,a,2014-01-01,N,Y,1\n2,a,2014-01-02,S,N,9\n"
             "3,b,2014-01-03,N,Y,2\n4,b,2014-01-04,S,Y,8\n");
  const struct eh_person_measure *m = a.r->repeats.measures;
  ck_assert_uint_eq(m[0].alike, 1);
  ck_assert_uint_eq(m[0].unlike, 1);
  for (size_t i = 1; i < 3; i++) ck_assert_uint_eq(m[i].alike + m[i].unlike, 0);
  static const struct eh_report_context context = {
      .version = "9.9.9", .command_line = "evenhand profile", .as_of = 16801};
  char *json = NULL;
  size_t length, found = 0;
  struct eh_error error;
  FILE *stream = open_memstream(&json, &length);
  ck_assert_int_eq(eh_profile_json_write(a.r, &context, stream, &error), EH_OK);
  fclose(stream);
  for (const char *at = json; (at = strstr(at, "\"unlike\": null")); at++) found++;
  ck_assert_uint_eq(found, 2);
  free(json);
  assessed_free(&a);
}
END_TEST

RUN_TESTS("profile/verdict", units_count_where_they_are_compared,
          unreadable_dates_count_where_they_part_records, a_share_at_its_limit_does_not_exceed_it,
          decisions_are_alike_in_events_only)
