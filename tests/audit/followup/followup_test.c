/* What becomes of earlier findings, and of the ledger that people keep, from small files made here. */
#include "engine/audit/followup/followup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

struct unit {
  const char *name;
  double difference, low, high, effect, variance;
  bool flagged, testable, higher;
  const char *who;
};

struct audit {
  const char *digest, *first, *last, *as_of;
  int format;
  struct unit units[6];
};

static const struct audit earlier = {
    "aa", "2012-01-01", "2012-12-31", "2013-01-15", 2,
    {{"A", .20, .12, .28, 1.0, .04, true, true, true, "unit"},
     {"B", -.15, -.22, -.08, -.8, .05, true, true, false, "unit"},
     {"C", .16, .11, .21, .7, .02, true, true, true, "peers"},
     {"D", .18, .10, .26, .9, .04, true, true, true, "unit"},
     {"E", .01, -.04, .06, .1, .02, false, true, true, "unit"}}};
static const struct audit later = {
    "aa", "2013-01-01", "2013-12-31", "2014-01-15", 2,
    {{"A", .03, -.03, .09, .1, .04, false, true, true, "unit"},
     {"B", -.14, -.20, -.08, -.75, .05, true, true, false, "unit"},
     {"C", .00, -.05, .05, .0, .02, false, true, true, "unit"},
     {"D", .08, .01, .15, .5, .04, false, true, true, "unit"},
     {"E", .19, .13, .25, 1.0, .03, true, true, true, "unit"}}};

static char *new_file(struct eh_arena *arena) {
  char *name = eh_arena_string(arena, "/tmp/followup_test_XXXXXX");
  int descriptor = mkstemp(name);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
  return name;
}

static const char *file_of(struct eh_arena *arena, const char *text) {
  char *name = new_file(arena);
  FILE *file = fopen(name, "w");
  fputs(text, file);
  fclose(file);
  return name;
}

static void add_unit(struct eh_buffer *text, const struct unit *u) {
  eh_buffer_printf(
      text,
      "{\"unit\": \"%s\", \"within\": {}, \"testable\": %s, \"records\": 100, \"difference\": "
      "{\"estimate\": %g, \"low\": %g, \"high\": %g}, \"decided_at\": 0.01, \"effect\": %g, "
      "\"effect_variance\": %g, \"effect_centre\": 0.0, \"flagged\": %s, \"who\": \"%s\", "
      "\"direction\": \"%s\", \"untestable_because\": \"few\"}",
      u->name, u->testable ? "true" : "false", u->difference, u->low, u->high, u->effect,
      u->variance, u->flagged ? "true" : "false", u->who, u->higher ? "higher" : "lower");
}

static struct eh_past past_of(struct eh_arena *arena, const struct audit *a) {
  struct eh_buffer text = {0};
  struct eh_past past;
  struct eh_error error;
  eh_buffer_printf(
      &text,
      "{\"evenhand\": \"x\", \"format\": %d, \"as_of\": \"%s\", \"rules\": {\"title\": \"T\"}, "
      "\"records\": {\"first_date\": \"%s\", \"last_date\": \"%s\"}, \"policies\": [{\"name\": "
      "\"P\", \"from\": \"2013-06-01\"}], \"comparisons\": [{\"measure\": \"m\", \"kind\": "
      "\"event\", \"across\": \"officer\", \"within\": [\"office\"], \"each\": null, "
      "\"definition_digest\": \"%s\", \"flag\": {\"false_discovery_rate\": 0.05, "
      "\"smallest_difference\": 0.1, \"smallest_caseload\": 30, \"confidence\": 0.95}, "
      "\"testable\": 5, \"spread\": {\"tau\": 0.5}, \"results\": [",
      a->format, a->as_of, a->first, a->last, a->digest);
  for (size_t i = 0; i < 6 && a->units[i].name; i++) {
    if (i) eh_buffer_puts(&text, ", ");
    add_unit(&text, &a->units[i]);
  }
  eh_buffer_puts(&text, "]}]}");
  const char *name = file_of(arena, text.text);
  eh_buffer_free(&text);
  ck_assert_msg(eh_past_read(arena, name, &past, &error) == EH_OK, "%s", error.message);
  unlink(name);
  return past;
}

static struct eh_followup follow(struct eh_arena *arena, const struct audit *old,
                                 const struct audit *new, const struct eh_ledger *ledger) {
  static struct eh_past before, after;
  static const struct eh_ledger none = {0};
  struct eh_followup up;
  struct eh_error error;
  before = past_of(arena, old);
  after = past_of(arena, new);
  enum eh_status status = eh_followup_make(arena, &before, &after, ledger ? ledger : &none, 16100,
                                           &up, &error); /* 2014-01-30 */
  ck_assert_msg(status == EH_OK, "%s", error.message);
  return up;
}

static const struct eh_follow_item *item_of(const struct eh_followup *up, const char *unit) {
  for (size_t i = 0; i < up->count; i++)
    if (strcmp(up->items[i].unit, unit) == 0) return &up->items[i];
  return NULL;
}

START_TEST(statuses) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_followup up = follow(arena, &earlier, &later, NULL);
  ck_assert_uint_eq(up.count, 3); /* C was there because of others only */
  ck_assert_uint_eq(up.by_others, 1);
  ck_assert_ptr_null(item_of(&up, "C"));
  ck_assert_int_eq(item_of(&up, "A")->status, EH_FOLLOW_RESOLVED);
  ck_assert_int_eq(item_of(&up, "B")->status, EH_FOLLOW_PERSISTS);
  ck_assert_int_eq(item_of(&up, "D")->status, EH_FOLLOW_UNDECIDED);
  ck_assert_uint_eq(up.fresh_count, 1);
  ck_assert_str_eq(up.fresh[0].unit, "E");
  eh_arena_free(arena);
}
END_TEST

/* By hand: B = .25/(.25 + .04); z = (.1 - B)/sqrt(.04 B + .04) */
START_TEST(regression_to_the_mean) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_followup up = follow(arena, &earlier, &later, NULL);
  const struct eh_follow_item *a = item_of(&up, "A");
  double kept = .25 / .29;
  ck_close(a->shrinkage.value, kept, 1e-12);
  ck_close(a->expected.value, .2 * kept, 1e-12);
  ck_close(a->z.value, (.1 - kept) / sqrt(.04 * kept + .04), 1e-12);
  ck_assert_int_eq(a->moved, EH_MOVED_FELL);
  ck_assert_int_eq(item_of(&up, "B")->moved, EH_MOVED_AS_EXPECTED);
  ck_assert_uint_eq(up.judged, 3);
  ck_assert_uint_eq(up.seen_again, 1);
  ck_assert(up.expected_again > 1.0 && up.expected_again < 3.0);
  eh_arena_free(arena);
}
END_TEST

static const struct {
  const char *what;
  struct unit now;
  enum eh_followed_status status;
} becomes[] = {
    {"gone", {0}, EH_FOLLOW_GONE},
    {"too few", {"A", .1, -.2, .4, .1, .04, false, false, true, "unit"}, EH_FOLLOW_UNTESTABLE},
    {"turned", {"A", -.2, -.3, -.1, -1, .04, true, true, false, "unit"}, EH_FOLLOW_REVERSED},
    {"others", {"A", .2, .15, .25, 1, .04, true, true, true, "peers"}, EH_FOLLOW_BY_OTHERS},
    {"pair", {"A", .2, .15, .25, 1, .04, true, true, true, "pair"}, EH_FOLLOW_PERSISTS},
    {"just small", {"A", .05, -.1, .1, .1, .04, false, true, true, "unit"}, EH_FOLLOW_RESOLVED},
    {"not small", {"A", .05, -.1, .11, .1, .04, false, true, true, "unit"}, EH_FOLLOW_UNDECIDED},
};

START_TEST(first_that_holds) {
  struct eh_arena *arena = eh_arena_new();
  struct audit new = later;
  new.units[0] = becomes[_i].now;
  if (!becomes[_i].now.name) new.units[0] = (struct unit){"Z", .0, -.1, .1, .0, .04, false, true, true, "unit"};
  struct eh_followup up = follow(arena, &earlier, &new, NULL);
  ck_assert_msg(item_of(&up, "A")->status == becomes[_i].status, "%s: %s", becomes[_i].what,
                eh_follow_status_name(item_of(&up, "A")->status));
  eh_arena_free(arena);
}
END_TEST

START_TEST(another_definition) {
  struct eh_arena *arena = eh_arena_new();
  struct audit new = later;
  new.digest = "bb";
  struct eh_followup up = follow(arena, &earlier, &new, NULL);
  for (size_t i = 0; i < up.count; i++) {
    ck_assert_int_eq(up.items[i].status, EH_FOLLOW_REDEFINED);
    ck_assert_ptr_nonnull(up.items[i].z.why_not);
  }
  ck_assert_uint_eq(up.judged, 0);
  /* of format 1 nothing is known of it: the status alone */
  struct audit old = earlier;
  old.format = 1;
  up = follow(arena, &old, &later, NULL);
  ck_assert_ptr_nonnull(up.not_compared);
  eh_arena_free(arena);
}
END_TEST

START_TEST(shared_records) {
  struct eh_arena *arena = eh_arena_new();
  struct audit new = later;
  new.first = "2012-01-01";
  struct eh_followup up = follow(arena, &earlier, &new, NULL);
  ck_assert_str_eq(up.not_compared,
                   "the two audits share records from 2012-01-01 to 2012-12-31; a change cannot be "
                   "judged");
  ck_assert_int_eq(item_of(&up, "A")->status, EH_FOLLOW_RESOLVED);
  ck_assert_ptr_nonnull(item_of(&up, "A")->z.why_not);
  eh_arena_free(arena);
}
END_TEST

START_TEST(order_of_the_files) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_past before = past_of(arena, &earlier), after = past_of(arena, &later);
  struct eh_ledger none = {0};
  struct eh_followup up;
  struct eh_error error;
  ck_assert_int_eq(eh_followup_make(arena, &after, &before, &none, 16100, &up, &error),
                   EH_BAD_USAGE);
  ck_assert_ptr_nonnull(strstr(error.message, "are they the wrong way round?"));
  ck_assert_int_eq(eh_followup_make(arena, &before, &before, &none, 16100, &up, &error),
                   EH_BAD_USAGE);
  ck_assert_ptr_nonnull(strstr(error.message, "twice"));
  eh_arena_free(arena);
}
END_TEST

static const char *const no_findings_files[] = {
    "", "{", "[]", "{\"evenhand\": 3}", "{\"evenhand\": \"x\", \"as_of\": \"soon\", \"comparisons\": []}",
    "{\"evenhand\": \"x\", \"as_of\": \"2013-01-01\", \"comparisons\": [], \"format\": 3}"};

START_TEST(no_findings_file) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_past past;
  struct eh_error error;
  const char *name = file_of(arena, no_findings_files[_i]);
  ck_assert_int_eq(eh_past_read(arena, name, &past, &error), EH_BAD_USAGE);
  unlink(name);
  eh_arena_free(arena);
}
END_TEST

/* Members of other kinds than expected are taken for missing. */
START_TEST(odd_findings_file) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_past past;
  struct eh_error error;
  const char *name = file_of(
      arena,
      "{\"evenhand\": \"x\", \"as_of\": \"2013-01-01\", \"records\": 5, \"comparisons\": [3, "
      "{\"results\": [null, {\"unit\": 7, \"within\": [], \"difference\": \"none\"}]}]}");
  ck_assert_int_eq(eh_past_read(arena, name, &past, &error), EH_OK);
  ck_assert_uint_eq(past.comparison_count, 2);
  ck_assert_str_eq(past.comparisons[1].results[1].unit, "");
  ck_assert_ptr_nonnull(past.comparisons[1].results[1].difference.low.why_not);
  unlink(name);
  eh_arena_free(arena);
}
END_TEST

/* --- the ledger --- */

static enum eh_status read_ledger(struct eh_arena *arena, const char *text,
                                  struct eh_ledger *ledger, struct eh_error *error) {
  const char *name = file_of(arena, text);
  enum eh_status status = eh_ledger_read(arena, name, ledger, error);
  unlink(name);
  return status;
}

static const char *id_of(struct eh_arena *arena, const char *unit) {
  return eh_finding_id(arena, "m", "officer", "office", "", unit);
}

START_TEST(people_keep_what_is_theirs) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_ledger ledger;
  struct eh_error error;
  const char *text = eh_arena_printf(
      arena,
      "finding_id;region;response;auditor_status;action_due;note;status_by_records;first_seen\n"
      "%s;South;\"we disagree; see memo\";closed implemented;;'=1+1;old;2013-01-15\n"
      "%s;North;;open unresolved;12/31/2013;;old;2013-01-15\n"
      "ffffffffffff;;;;never;;;2012-01-01\n",
      id_of(arena, "B"), id_of(arena, "A"));
  ck_assert_int_eq(read_ledger(arena, text, &ledger, &error), EH_OK);
  ck_assert_uint_eq(ledger.count, 3);
  ck_assert_uint_eq(ledger.name_count, 1);
  ck_assert_uint_eq(ledger.note_count, 1); /* never is no date */
  ck_assert_ptr_nonnull(strstr(ledger.notes[0], "line 4: action_due is no date"));
  struct eh_followup up = follow(arena, &earlier, &later, &ledger);
  const struct eh_ledger_row *b = &up.ledger.rows[0], *a = &up.ledger.rows[1];
  ck_assert_str_eq(b->texts[EH_LEDGER_RESPONSE], "we disagree; see memo");
  ck_assert_str_eq(b->texts[EH_LEDGER_NOTE], "=1+1");
  ck_assert_str_eq(b->others[0], "South");
  ck_assert_str_eq(b->texts[EH_LEDGER_STATUS], "persists");
  ck_assert_str_eq(a->texts[EH_LEDGER_STATUS], "resolved");
  ck_assert_str_eq(a->texts[EH_LEDGER_ACTION_DUE], "12/31/2013");
  ck_assert_str_eq(up.ledger.rows[2].texts[EH_LEDGER_STATUS], "not in either file");
  ck_assert_uint_eq(up.ledger.count, 5); /* D, which it did not have, and E, which is new */
  /* what needs attention comes first */
  ck_assert_str_eq(up.items[0].attention, "closed as implemented, but persists");
  ck_assert_str_eq(up.items[0].unit, "B");
  ck_assert_str_eq(up.items[1].attention, "overdue: action due 12/31/2013");
  ck_assert_uint_eq(up.overdue, 1);
  ck_assert_uint_eq(up.reopened, 1);
  eh_arena_free(arena);
}
END_TEST

START_TEST(overdue) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_ledger_row row;
  for (int c = 0; c < EH_LEDGER_COLUMNS; c++) row.texts[c] = "";
  row.texts[EH_LEDGER_RESPONSE_DUE] = "2014-01-29";
  ck_assert_str_eq(eh_ledger_overdue(arena, &row, 16100), "response due 2014-01-29");
  ck_assert_ptr_null(eh_ledger_overdue(arena, &row, 16099)); /* due that day */
  row.texts[EH_LEDGER_RESPONSE] = "answered";
  ck_assert_ptr_null(eh_ledger_overdue(arena, &row, 16100));
  row.texts[EH_LEDGER_ACTION_DUE] = "1/2/2014";
  ck_assert_str_eq(eh_ledger_overdue(arena, &row, 16100), "action due 1/2/2014");
  row.texts[EH_LEDGER_AUDITOR_STATUS] = "Closed not implemented";
  ck_assert_ptr_null(eh_ledger_overdue(arena, &row, 16100));
  eh_arena_free(arena);
}
END_TEST

static const struct {
  const char *text, *said;
} wrong_ledgers[] = {
    {"", "is empty"},
    {"unit,response\nA,yes\n", "has no column finding_id"},
    {"finding_id,response\nabc,x\ndef,y\nabc,z\n", "stands in line 2 already"},
    {"finding_id,response\nabc,x,y\n", "has more fields than the header"},
    {"finding_id,response,response\nabc,x,y\n", "has the column response twice"},
};

START_TEST(wrong_ledger) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_ledger ledger;
  struct eh_error error;
  ck_assert_int_eq(read_ledger(arena, wrong_ledgers[_i].text, &ledger, &error), EH_BAD_INPUT);
  ck_assert_msg(strstr(error.message, wrong_ledgers[_i].said) != NULL, "%s", error.message);
  eh_arena_free(arena);
}
END_TEST

START_TEST(ledger_of_others) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_ledger ledger;
  struct eh_error error;
  struct eh_followup up;
  ck_assert_int_eq(read_ledger(arena, "finding_id,unit\n0123456789ab,officer-7K3Q\n", &ledger,
                               &error),
                   EH_OK);
  struct eh_past before = past_of(arena, &earlier), after = past_of(arena, &later);
  ck_assert_int_eq(eh_followup_make(arena, &before, &after, &ledger, 16100, &up, &error),
                   EH_BAD_INPUT);
  ck_assert_ptr_nonnull(strstr(error.message, "another key"));
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("followup");
  tcase_add_test(tcase, statuses);
  tcase_add_test(tcase, regression_to_the_mean);
  tcase_add_loop_test(tcase, first_that_holds, 0, sizeof becomes / sizeof *becomes);
  tcase_add_test(tcase, another_definition);
  tcase_add_test(tcase, shared_records);
  tcase_add_test(tcase, order_of_the_files);
  tcase_add_loop_test(tcase, no_findings_file, 0,
                      sizeof no_findings_files / sizeof *no_findings_files);
  tcase_add_test(tcase, odd_findings_file);
  tcase_add_test(tcase, people_keep_what_is_theirs);
  tcase_add_test(tcase, overdue);
  tcase_add_loop_test(tcase, wrong_ledger, 0, sizeof wrong_ledgers / sizeof *wrong_ledgers);
  tcase_add_test(tcase, ledger_of_others);
  return run_case("followup", tcase);
}
