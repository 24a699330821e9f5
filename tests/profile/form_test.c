/* The form for recording decisions: the columns that the rules need, lists and checks; what is
 * typed into it under its headings is audited as it is. */
#include "reports/starter/form.h"

#include "tests/load/records.h"
#include "tests/reports/unzip.h"

static const char rules_text[] =
    "evenhand: 1\ncolumns: {case: Case No., date: Decided}\ndates: \"%m/%d/%Y\"\n"
    "similarly_situated: [history]\n"
    "measures: {released: {among: flag = 'Y', event: outcome = 'released & free'}}\n"
    "comparisons: [{across: office}]\n"
    "expect: [{column: history, one_of: [none, felony]}, {column: age, between: [0, 110]},\n"
    "         {rule: date >= 2000-01-01}]\n";

START_TEST(the_form_has_columns_lists_and_checks) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, rules_text);
  struct eh_error error;
  char path[] = "/tmp/evenhand-form-XXXXXX";
  close(mkstemp(path));
  ck_assert_int_eq(eh_form_write(rules, 17000, path, &error), EH_OK);
  struct bytes file = read_file(path);
  ck_assert_uint_eq(count_members(&file, "xl/worksheets/"), 3);
  char *sheet = member_text(&file, "xl/worksheets/sheet1.xml");
  char *texts = member_text(&file, "xl/sharedStrings.xml");
  ck_assert(sheet && texts);
  static const char *const headers[] = {"Case No.",
                                        "Decided",
                                        "history",
                                        "outcome",
                                        "office",
                                        "age",
                                        "flag",
                                        "felony",
                                        "released &amp; free",
                                        "written as MM/DD/YYYY"};
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
    ck_assert_msg(strstr(texts, headers[i]) != NULL, "%s", headers[i]);
  ck_assert(strstr(sheet, "COUNTIF($A$2:$A$5001,A2)=1") != NULL);
  ck_assert(strstr(sheet, "type=\"date\"") != NULL);
  ck_assert(strstr(sheet, "type=\"decimal\"") != NULL);
  ck_assert(strstr(sheet, "<formula2>110</formula2>") != NULL);
  ck_assert(strstr(sheet, "type=\"list\"") != NULL);
  free(sheet);
  free(texts);
  free(file.data);
  unlink(path);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("form", the_form_has_columns_lists_and_checks)
