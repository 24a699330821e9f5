#include "reports/workbook/workbook.h"

#include <unistd.h>

#include "tests/reports/sample.h"
#include "tests/reports/unzip.h"

/* A workbook in a temporary file, read back. */
static struct bytes workbook_sized(const struct sample *s, struct eh_workbook_sizes sizes) {
  char path[] = P_tmpdir "/evenhand-workbook-XXXXXX";
  struct eh_error error = {0};
  int file = mkstemp(path);
  ck_assert_int_ge(file, 0);
  close(file);
  enum eh_status status =
      sizes.rows_per_sheet
          ? eh_workbook_write_sized(&s->audit, &sample_context, path, sizes, &error)
          : eh_workbook_write(&s->audit, &sample_context, path, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  struct bytes bytes = read_file(path);
  unlink(path);
  return bytes;
}

static struct bytes workbook_of(const struct sample *s, size_t rows_per_sheet) {
  return workbook_sized(s, (struct eh_workbook_sizes){rows_per_sheet, 1000, 20000});
}

static void ck_holds(const struct bytes *zip, const char *member, const char *text) {
  char *xml = member_text(zip, member);
  ck_assert_msg(strstr(xml, text) != NULL, "%s lacks %s", member, text);
  free(xml);
}

static void ck_lacks(const struct bytes *zip, const char *member, const char *text) {
  char *xml = member_text(zip, member);
  ck_assert_msg(strstr(xml, text) == NULL, "%s holds %s", member, text);
  free(xml);
}

START_TEST(same_bytes) {
  struct sample *s = sample_new();
  struct bytes first = workbook_of(s, 0);
  sleep(2); /* a clock in the file would show: ZIP's counts in steps of two seconds */
  struct bytes second = workbook_of(s, 0);
  ck_assert_uint_eq(first.length, second.length);
  ck_assert_int_eq(memcmp(first.data, second.data, first.length), 0);
  ck_holds(&first, "docProps/core.xml", "2026-01-31T00:00:00Z");
  free(first.data);
  free(second.data);
  sample_free(s);
}
END_TEST

START_TEST(sheets) {
  struct sample *s = sample_new();
  struct bytes zip = workbook_of(s, 0);
  static const char *const names[] = {"\"Summary\"",
                                      "\"Findings\"",
                                      "\"Comparisons\"",
                                      "\"1 released by office\"",
                                      "\"2 released by detained\"",
                                      "\"Cells\"",
                                      "\"Method\""};
  ck_assert_uint_eq(count_members(&zip, "xl/worksheets/sheet"), sizeof names / sizeof names[0]);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    ck_holds(&zip, "xl/workbook.xml", names[i]);
  /* links: summary to finding, finding to its row among the units and among the cells, and back */
  ck_holds(&zip, "xl/worksheets/sheet1.xml", "location=\"'Findings'!A5\"");
  ck_holds(&zip, "xl/worksheets/sheet2.xml", "location=\"'1 released by office'!A5\"");
  ck_holds(&zip, "xl/worksheets/sheet2.xml", "location=\"'Cells'!A5\"");
  ck_holds(&zip, "xl/worksheets/sheet4.xml", "location=\"'Summary'!A1\"");
  ck_holds(&zip, "xl/sharedStrings.xml",
           "Not readable as the rules read them, so not recorded: 2 values of date.");
  ck_holds(&zip, "xl/tables/table1.xml", "name=\"Findings\"");
  free(zip.data);
  sample_free(s);
}
END_TEST

/* Labels that look like formulas are text; what has no value is no number. */
START_TEST(values) {
  struct sample *s = sample_new();
  s->results[0].event.gamma = eh_figure(NAN);
  s->results[0].statement = "bell \x07 and _x0041_";
  struct bytes zip = workbook_of(s, 0);
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>=Chicago</t>");
  ck_holds(&zip, "xl/sharedStrings.xml", "bell \xE2\x90\x87 and _x005F_x0041_");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>not a number</t>");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>infinite</t>");
  ck_holds(&zip, "xl/sharedStrings.xml",
           "r\xEF\xBF\xBD"
           "cords.csv");
  ck_holds(&zip, "xl/sharedStrings.xml", "equals the records read");
  for (int i = 1; i <= 7; i++) {
    char member[64];
    snprintf(member, sizeof member, "xl/worksheets/sheet%d.xml", i);
    ck_lacks(&zip, member, "<f>");
    ck_lacks(&zip, member, "nan");
    ck_lacks(&zip, member, "inf");
  }
  /* the difference, to the digits that the library writes; the contributions of both cells */
  ck_holds(&zip, "xl/worksheets/sheet2.xml", "<v>43.015873015873");
  ck_holds(&zip, "xl/worksheets/sheet6.xml", "<v>32.5396825396825");
  ck_holds(&zip, "xl/worksheets/sheet6.xml", "<v>10.4761904761904");
  free(zip.data);
  sample_free(s);
}
END_TEST

/* Two rows a sheet: four units go on two sheets; the others' one or two rows on one. */
START_TEST(continued) {
  struct sample *s = sample_new();
  struct bytes zip = workbook_of(s, 6);
  ck_assert_uint_eq(count_members(&zip, "xl/worksheets/sheet"), 8);
  ck_holds(&zip, "xl/workbook.xml", "\"1 released by office (2)\"");
  ck_holds(&zip, "xl/sharedStrings.xml", "released, across office (part 2 of 2)");
  ck_holds(&zip, "xl/tables/table4.xml", "name=\"Comparison_1_part_2\"");
  free(zip.data);
  sample_free(s);
}
END_TEST

/* Room for one row: the finding's first kind of case stands there, the other one summed. */
/* Of more units than a reader can use, the flagged and those furthest away. */
START_TEST(many_units) {
  struct sample *s = sample_new();
  struct bytes zip = workbook_sized(s, (struct eh_workbook_sizes){EH_SHEET_ROWS, 1000, 2}),
               all = workbook_of(s, 0);
  ck_holds(&zip, "xl/sharedStrings.xml", "are listed: all that are flagged");
  ck_lacks(&all, "xl/sharedStrings.xml", "are listed: all that are flagged");
  for (size_t i = 0; i < s->audit.comparison_count; i++)
    for (size_t k = 0; k < s->audit.comparisons[i].result_count; k++)
      if (s->audit.comparisons[i].results[k].flagged)
        ck_holds(&zip, "xl/sharedStrings.xml", s->audit.comparisons[i].results[k].unit);
  free(zip.data);
  free(all.data);
  sample_free(s);
}
END_TEST

START_TEST(many_cells) {
  struct sample *s = sample_new();
  struct bytes zip = workbook_sized(s, (struct eh_workbook_sizes){EH_SHEET_ROWS, 1, 20000}),
               all = workbook_sized(s, (struct eh_workbook_sizes){EH_SHEET_ROWS, 2, 20000});
  ck_holds(&zip, "xl/sharedStrings.xml", "Not all: the findings rest on 2 cells.");
  ck_holds(&zip, "xl/sharedStrings.xml", "--cells FILE");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>(all others)</t>");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>Kinds of case</t>");
  ck_holds(&zip, "xl/worksheets/sheet6.xml", "<v>32.5396825396825");
  ck_holds(&zip, "xl/worksheets/sheet6.xml", "<v>10.4761904761904");
  ck_lacks(&all, "xl/sharedStrings.xml", "(all others)");
  ck_lacks(&all, "xl/sharedStrings.xml", "<t>Kinds of case</t>");
  free(zip.data);
  free(all.data);
  sample_free(s);
}
END_TEST

START_TEST(nothing_found) {
  struct sample *s = sample_new();
  s->audit.findings = s->audit.tests = 0;
  s->results[0] = sample_empty_result("=Chicago", true, 0, 30);
  s->comparisons[0].levels.flagged = s->comparisons[0].levels.strong = s->comparisons[0].testable =
      0;
  struct bytes zip = workbook_of(s, 0);
  ck_holds(&zip, "xl/sharedStrings.xml", "No findings from no tests.");
  ck_holds(&zip, "xl/sharedStrings.xml",
           "No unit has enough comparable records to be tested: nothing can be concluded from "
           "these records.");
  free(zip.data);
  sample_free(s);
}
END_TEST

START_TEST(cannot_write) {
  struct sample *s = sample_new();
  struct eh_error error = {0};
  ck_assert_int_eq(
      eh_workbook_write(&s->audit, &sample_context, "/nonexistent/folder/audit.xlsx", &error),
      EH_MACHINE);
  ck_assert_str_eq(error.file, "/nonexistent/folder/audit.xlsx");
  ck_assert_ptr_nonnull(strstr(error.message, "cannot write the workbook"));
  sample_free(s);
}
END_TEST

static const struct eh_count sample_counts[] = {{20, 5}, {0, 0}, {30, 6}, {40, 10}};
static const struct eh_count sample_undated[] = {{1, 1}};

/* Three testable units and four months. */
static void add_pictures(struct sample *s, struct eh_over_time *times) {
  static const double differences[] = {0.1, -0.25};
  for (size_t i = 1; i <= 2; i++) {
    struct eh_result *r = &s->results[i];
    r->testable = true;
    r->comparable = 40 * i;
    r->share.difference =
        (struct eh_interval){eh_figure(differences[i - 1]), eh_figure(differences[i - 1] - 0.05),
                             eh_figure(differences[i - 1] + 0.05)};
    r->share.rate = eh_figure(0.5 + differences[i - 1]);
    r->share.expected_rate = eh_figure(0.5);
  }
  static const struct eh_unit_over_time all = {.counts = sample_counts, .undated = sample_undated};
  *times = (struct eh_over_time){.period = EH_PERIOD_MONTH,
                                 .first = 2016 * 12,
                                 .count = 4,
                                 .measure_count = 1,
                                 .column = -1,
                                 .unit_count = 1,
                                 .units = &all};
  s->audit.over_time = times;
}

START_TEST(charts) {
  struct sample *s = sample_new();
  struct eh_over_time times;
  add_pictures(s, &times);
  struct bytes zip = workbook_of(s, 0);
  ck_holds(&zip, "xl/workbook.xml", "\"Charts\"");
  ck_holds(&zip, "xl/workbook.xml", "\"Chart data\"");
  ck_assert_uint_eq(count_members(&zip, "xl/charts/chart"), 4);
  ck_holds(&zip, "xl/drawings/drawing1.xml", "descr=\"Funnel plot, released, across office: the ");
  ck_holds(&zip, "xl/drawings/drawing1.xml", "1 flagged (1 strong)");
  ck_holds(&zip, "xl/drawings/drawing1.xml", "descr=\"Rate against expected rate");
  ck_holds(&zip, "xl/drawings/drawing1.xml", "from =Chicago (+43.0 points) to ");
  ck_holds(&zip, "xl/drawings/drawing1.xml", "Rate of released by month from 2016-01 to 2016-04");
  /* a flagged unit is named, and a name that looks like a formula is none */
  ck_holds(&zip, "xl/charts/chart1.xml", "<a:t>\xC2\xA0=Chicago</a:t>");
  ck_lacks(&zip, "xl/charts/chart1.xml", "<c:f>Chicago");
  ck_holds(&zip, "xl/charts/chart1.xml", "<c:f>'Chart data'!$C$");
  free(zip.data);
  sample_free(s);
}
END_TEST

RUN_TESTS("reports/workbook", same_bytes, sheets, values, continued, many_units, many_cells,
          nothing_found, cannot_write, charts)
