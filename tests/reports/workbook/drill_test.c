/* The sheets that lead from a finding to its records. */
#include <unistd.h>

#include "tests/reports/sample.h"
#include "tests/reports/unzip.h"

/* One pair and a sample of two, for the sample's one finding. */
struct drilled {
  struct sample *s;
  struct eh_drilldown drilldown;
  struct eh_drill drill;
};

static struct eh_found_record record_of(struct sample *s, const char *id, const char *unit,
                                        bool event, int32_t day, const char *outcome) {
  const char **values = eh_arena_alloc(s->arena, s->rules->column_count, sizeof *values);
  for (size_t c = 0; c < s->rules->column_count; c++) values[c] = EH_NOT_RECORDED;
  values[sample_column(s->rules, "priority")] = "2 recent";
  values[sample_column(s->rules, "office")] = unit;
  values[sample_column(s->rules, "outcome")] = outcome;
  values[s->rules->case_column] = id;
  return (struct eh_found_record){id, unit, event, day > 0, day, values};
}

static void fill(struct drilled *d) {
  struct sample *s = d->s = sample_new();
  const struct eh_result *result = &s->results[0];
  struct eh_found *found = &d->drill.found;
  d->drill = (struct eh_drill){.comparison = &s->comparisons[0], .result = result};
  const struct eh_stratum_total *totals = eh_stratum_totals(s->arena, &s->cells[0]);
  d->drill.situations = eh_situations(s->arena, &s->cells[0], totals, result, 1);
  d->drill.varying = eh_strata_varying(s->arena, &s->cells[0], &sample_units[0]);
  *found = (struct eh_found){.files = 30, .sample_count = 2, .pair_count = 1};
  found->sample = eh_arena_alloc(s->arena, 2, sizeof *found->sample);
  found->sample[0] = record_of(s, "=A1", "=Chicago", true, 17000, "released");
  found->sample[1] = record_of(s, "A2", "=Chicago", false, 0, "detained");
  found->pairs = eh_arena_alloc(s->arena, 1, sizeof *found->pairs);
  found->pairs[0].unit = found->sample[0];
  found->pairs[0].peer = record_of(s, "B7", "Baltimore", false, 17003, "detained");
  d->drilldown = (struct eh_drilldown){.has_records = true, .items = &d->drill, .count = 1};
}

static struct bytes write_workbook(struct drilled *d) {
  char path[] = P_tmpdir "/evenhand-drill-XXXXXX";
  struct eh_report_context context = sample_context;
  struct eh_error error = {0};
  int file = mkstemp(path);
  ck_assert_int_ge(file, 0);
  close(file);
  context.drilldown = &d->drilldown;
  enum eh_status status = eh_workbook_write(&d->s->audit, &context, path, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  struct bytes bytes = read_file(path);
  unlink(path);
  return bytes;
}

static void ck_holds(const struct bytes *zip, const char *member, const char *text) {
  char *xml = member_text(zip, member);
  ck_assert_msg(strstr(xml, text) != NULL, "%s lacks %s", member, text);
  free(xml);
}

/* Sheets 3 to 6: situations, similar cases, file sample, file results. */
START_TEST(sheets_and_formulas) {
  struct drilled d;
  fill(&d);
  struct bytes zip = write_workbook(&d);
  ck_assert_uint_eq(count_members(&zip, "xl/worksheets/sheet"), 11);
  static const char *const names[] = {"Situations", "Similar cases", "File sample", "File results"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char sheet[64];
    snprintf(sheet, sizeof sheet, "<sheet name=\"%s\" sheetId=\"%zu\"", names[i], i + 3);
    ck_holds(&zip, "xl/workbook.xml", sheet);
    /* the finding leads to it */
    if (i < 3) {
      snprintf(sheet, sizeof sheet, "location=\"'%s'!A5\"", names[i]);
      ck_holds(&zip, "xl/worksheets/sheet2.xml", sheet);
    }
  }
  /* 15 - 20 x 11/42 events beyond expected, of 30, and 4 - 10 x 3/35 */
  ck_holds(&zip, "xl/worksheets/sheet3.xml", "<v>32.5396825396825");
  ck_holds(&zip, "xl/worksheets/sheet3.xml", "<v>10.4761904761904");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>priority: 1 danger</t>");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>priority: 2 recent</t>");
  /* only the outcome differs; three days apart */
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>outcome</t>");
  ck_holds(&zip, "xl/worksheets/sheet4.xml", "<v>3</v>");
  ck_holds(&zip, "xl/sharedStrings.xml", "<t>=A1</t>");
  ck_holds(&zip, "xl/worksheets/sheet5.xml",
           "<dataValidation type=\"list\" allowBlank=\"1\" showInputMessage=\"1\" "
           "showErrorMessage=\"1\"");
  ck_holds(&zip, "xl/worksheets/sheet5.xml", "\"supported,not supported,file not found\"");
  ck_holds(&zip, "xl/worksheets/sheet6.xml",
           "<f>COUNTIFS('File sample'!$A$5:$A$6,\"F1\",'File sample'!$G$5:$G$6,\"supported\")</f>"
           "<v>0</v>");
  ck_holds(&zip, "xl/worksheets/sheet6.xml",
           "<f>IF(H5=0,\"\",IF(H5=C5,I5/H5,IF(I5=0,0,BETAINV(0.025,I5,H5-I5+1))))</f>");
  free(zip.data);
  sample_free(d.s);
}
END_TEST

START_TEST(no_records) {
  struct drilled d;
  fill(&d);
  d.drill.found = (struct eh_found){0};
  d.drilldown.has_records = false;
  struct bytes zip = write_workbook(&d);
  ck_holds(&zip, "xl/sharedStrings.xml", "The input holds counts, not single records");
  free(zip.data);
  sample_free(d.s);
}
END_TEST

START_TEST(nothing_found) {
  struct drilled d;
  fill(&d);
  d.s->audit.findings = 0;
  d.s->results[0] = sample_empty_result("=Chicago", true, 0, 30);
  d.s->comparisons[0].levels.flagged = d.s->comparisons[0].levels.strong = 0;
  d.drilldown.count = 0;
  struct bytes zip = write_workbook(&d);
  ck_holds(&zip, "xl/workbook.xml", "Similar cases");
  free(zip.data);
  sample_free(d.s);
}
END_TEST

RUN_TESTS("reports/drill", sheets_and_formulas, no_records, nothing_found)
