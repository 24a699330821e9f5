#include "reports/words/safe.h"
#include "tests/reports/sample.h"

static enum eh_status write(const struct sample *s, FILE *stream, struct eh_error *error) {
  return eh_summary_write(&s->audit, &sample_context, stream, error);
}

START_TEST(golden) {
  struct sample *s = sample_new();
  char *text = sample_written(write, s);
  ck_assert_str_eq(
      text,
      "Releases & stays\n"
      "Decisions of 2016-11-01 to 2016-11-30, as of 2026-01-31\n"
      "120 records read from 1 file: 114 audited, 6 left out\n"
      "           5  not kept by the rules\n"
      "           1  another record of the same person\n"
      "Not readable as the rules read them, so not recorded: 2 values of date. evenhand\n"
      "profile shows some.\n"
      "\n"
      "released, across office\n"
      "  4 units, 1 testable: 1 differs from its peers (1 strong)\n"
      "  - =Chicago: released in 63.3% of 30 comparable records; its peers would have\n"
      "    had 20.3%: 43 points more (95% interval 20 to 60).\n"
      "\n"
      "released, across detained, for each office\n"
      "  2 units, none testable: nothing can be said of them\n"
      "\n"
      "1 finding from 1 test. A difference is a reason to look at files, not proof that\n"
      "like cases were treated unlike: what was not recorded may explain it. A unit\n"
      "that is not testable is not thereby consistent.\n"
      "Chance: on average at most 5% of such findings are false.\n"
      "Only decisions that were recorded are in these data.\n");
  free(text);
  sample_free(s);
}
END_TEST

/* Long and hostile labels: no line over 80 characters, nothing that a terminal obeys. */
START_TEST(hostile) {
  struct sample *s = sample_new();
  char label[401];
  memset(label, 'x', 400);
  label[400] = '\0';
  s->results[0].statement =
      eh_arena_printf(s->arena, "%s \x1B]0;owned\x07 %s", label, "\xC3\xA9 \xC3\xA9 \xC3\xA9");
  char *text = sample_written(write, s);
  ck_assert_ptr_null(strchr(text, '\x1B'));
  ck_assert_ptr_null(strchr(text, '\x07'));
  char *rest = NULL;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    ck_assert_uint_le(eh_safe_characters(line), 80);
  }
  free(text);
  sample_free(s);
}
END_TEST

START_TEST(no_findings) {
  struct sample *s = sample_new();
  s->audit.findings = s->audit.facts = 0;
  s->results[0].flagged = false;
  s->comparisons[0].levels.flagged = s->comparisons[0].levels.strong = 0;
  char *text = sample_written(write, s);
  ck_assert_ptr_nonnull(
      strstr(text, "  4 units, 1 testable: none differs from its peers by enough to be flagged\n"));
  ck_assert_ptr_nonnull(strstr(text, "\nNo findings from 1 test. "));
  free(text);
  sample_free(s);
}
END_TEST

START_TEST(many_unreadable_columns) {
  static struct eh_malformed malformed[] = {{"date", 2000}, {"age", 1},  {"days", 3},
                                            {"filed", 4},   {"paid", 5}, {"held", 1006}};
  struct sample *s = sample_new();
  struct eh_account account = *s->audit.account;
  account.malformed = malformed;
  account.malformed_count = 6;
  s->audit.account = &account;
  char *text = sample_written(write, s);
  ck_assert_ptr_nonnull(strstr(text,
                               "Not readable as the rules read them, so not recorded: 2,000 values "
                               "of date, 1\nvalue of age, 3 values of days, 4 values of filed and "
                               "1,011 values of other\ncolumns. evenhand profile shows some.\n"));
  free(text);
  account.malformed_count = 0;
  text = sample_written(write, s);
  ck_assert_ptr_null(strstr(text, "Not readable"));
  free(text);
  sample_free(s);
}
END_TEST

RUN_TESTS("reports/summary", golden, many_unreadable_columns, hostile, no_findings)
