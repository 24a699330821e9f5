/* Measures of a category and of a value in every report, from records on. */
#include <jansson.h>
#include <unistd.h>

#include "engine/audit/findings/audit.h"
#include "reports/data/r_script.h"
#include "reports/workbook/workbook.h"
#include "tests/load/records.h"
#include "tests/reports/unzip.h"

static const char rules[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [kind]\n"
    "flag: {smallest_difference: 8 points}\n"
    "measures:\n"
    "  yes:\n    event: result = '1'\n"
    "  what:\n    category: result\n"
    "  how long:\n    value: days\n    flag: {smallest_difference: 5 days}\n"
    "comparisons:\n  - {across: unit}\n";

static const struct eh_report_context context = {
    .version = "9.9.9", .command_line = "evenhand audit", .as_of = 20484};

struct audited {
  struct loaded loaded;
  const struct eh_audit *audit;
  struct eh_arena *arena;
};

static struct audited audit_text(const char *rules_text, const char *text) {
  struct audited a = {.arena = eh_arena_new()};
  struct eh_audit_options options = {.threads = 1};
  a.loaded = load_bytes(rules_text, text, strlen(text), 1);
  ck_assert_msg(a.loaded.status == EH_OK, "%s", a.loaded.error.message);
  a.audit = eh_audit_run(a.arena, a.loaded.rules, a.loaded.account, a.loaded.cells,
                         a.loaded.cells_count, &options);
  return a;
}

/* The records of tests/reference/outcomes.R, where unit 3 takes longer and decides otherwise. */
static struct audited audit_reference(void) {
  struct eh_arena *arena = eh_arena_new();
  struct audited a = audit_text(rules, read_whole(arena, "tests/reference/outcomes_records.csv"));
  eh_arena_free(arena);
  return a;
}

static void release(struct audited *a) {
  unload(&a->loaded);
  eh_arena_free(a->arena);
}

static char *written(enum eh_status (*write)(const struct eh_audit *audit, FILE *stream,
                                             struct eh_error *error),
                     const struct eh_audit *audit) {
  char *text = NULL;
  size_t length;
  struct eh_error error;
  FILE *stream = open_memstream(&text, &length);
  ck_assert_ptr_nonnull(stream);
  ck_assert_int_eq(write(audit, stream, &error), EH_OK);
  fclose(stream);
  return text;
}

static enum eh_status write_json(const struct eh_audit *audit, FILE *stream,
                                 struct eh_error *error) {
  return eh_json_write(audit, &context, stream, error);
}

static enum eh_status write_summary(const struct eh_audit *audit, FILE *stream,
                                    struct eh_error *error) {
  return eh_summary_write(audit, &context, stream, error);
}

/* What only other reports say changes nothing of it. */
START_TEST(the_summary_is_the_same_where_nothing_else_is_asked_for) {
  static const char nested[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\n"
      "flag: {test: cmh, multiplicity: nested, smallest_difference: 1 point}\n"
      "measures: {slow: {event: days > 34}}\n"
      "comparisons: [{across: unit, within: kind}, {across: unit}]\n";
  const char *const texts[] = {rules, nested};
  for (size_t i = 0; i < 2; i++) {
    struct eh_arena *arena = eh_arena_new();
    struct audited a =
        audit_text(texts[i], read_whole(arena, "tests/reference/outcomes_records.csv"));
    struct eh_audit_options options = {.threads = 1, .only_summary = true};
    const struct eh_audit *brief = eh_audit_run(a.arena, a.loaded.rules, a.loaded.account,
                                                a.loaded.cells, a.loaded.cells_count, &options);
    char *whole = written(write_summary, a.audit), *same = written(write_summary, brief);
    ck_assert_uint_gt(a.audit->findings, 0);
    ck_assert_str_eq(whole, same);
    for (size_t r = 0; r < brief->comparisons[0].result_count; r++)
      ck_assert_ptr_nonnull(brief->comparisons[0].results[r].among.rank.estimate.why_not);
    free(whole);
    free(same);
    release(&a);
    eh_arena_free(arena);
  }
}
END_TEST

static json_t *result_of(json_t *root, size_t comparison, size_t result) {
  json_t *c = json_array_get(json_object_get(root, "comparisons"), comparison);
  return json_array_get(json_object_get(c, "results"), result);
}

static double number(json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  ck_assert_msg(json_is_number(value), "%s is no number", name);
  return json_number_value(value);
}

static const char *text_of(json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  ck_assert_msg(text != NULL, "%s is no text", name);
  return text;
}

START_TEST(the_findings_file_has_a_category) {
  struct audited a = audit_reference();
  char *text = written(write_json, a.audit);
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_ptr_nonnull(root);
  json_t *c = json_array_get(json_object_get(root, "comparisons"), 1), *r = result_of(root, 1, 2);
  ck_assert_str_eq(text_of(c, "kind"), "category");
  ck_assert_str_eq(text_of(c, "outcome"), "result");
  ck_assert(json_is_null(json_object_get(c, "events")));
  json_t *category = json_object_get(r, "category");
  json_t *outcomes = json_object_get(category, "outcomes");
  ck_assert_uint_eq(json_array_size(outcomes), 4);
  double records = 0, sum = 0;
  for (size_t i = 0; i < 4; i++) {
    json_t *outcome = json_array_get(outcomes, i);
    records += number(outcome, "records");
    sum += number(json_object_get(outcome, "difference"), "estimate");
  }
  ck_assert_double_eq(records, number(r, "comparable"));
  ck_close(sum, 0.0, 1e-12);
  ck_assert_str_eq(text_of(category, "differs_most"), "1");
  ck_assert_double_eq(
      number(json_object_get(r, "difference"), "estimate"),
      number(json_object_get(json_array_get(outcomes, 0), "difference"), "estimate"));
  ck_close(number(json_object_get(category, "test"), "statistic"), 5.5797547114736625, 1e-9);
  ck_assert_str_eq(text_of(r, "p_from"), "generalised cmh");
  ck_assert_str_eq(text_of(r, "gamma_reason"), "only a measure of an event has it");
  ck_assert_str_eq(text_of(r, "value_reason"), "not a measure of a value");
  json_decref(root);
  free(text);
  release(&a);
}
END_TEST

START_TEST(the_findings_file_has_a_value) {
  struct audited a = audit_reference();
  char *text = written(write_json, a.audit);
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_ptr_nonnull(root);
  json_t *r = result_of(root, 2, 2), *value = json_object_get(r, "value");
  ck_assert_str_eq(text_of(value, "unit"), "days");
  ck_close(number(value, "mean"), 41.4042553191489, 1e-12);
  ck_close(number(json_object_get(value, "difference"), "estimate"), 5.798561957253633, 1e-9);
  ck_close(number(value, "mean") - number(value, "expected_mean"), 5.798561957253633, 1e-9);
  ck_close(number(json_object_get(value, "test"), "statistic"), 115.32482924256767, 1e-9);
  ck_assert_str_eq(text_of(json_object_get(r, "difference"), "estimate_reason"),
                   "a measure of a value has no rate");
  ck_assert(json_is_null(json_object_get(r, "events")));
  ck_assert(json_is_true(json_object_get(r, "flagged")));
  ck_assert_str_eq(text_of(r, "direction"), "higher");
  ck_assert_str_eq(text_of(r, "level"), "notable");
  json_decref(root);
  free(text);
  release(&a);
}
END_TEST

static const char few[] =
    "id,unit,kind,result,days\n"
    "1,N,x,1,10\n2,N,x,1,10.0\n3,N,x,\"2, 3\",7.5\n4,S,x,1,\n5,S,y,1,8\n";

START_TEST(the_cells_file_has_outcomes) {
  struct audited a = audit_text(rules, few);
  char *text = written(eh_cells_write, a.audit);
  ck_assert_str_eq(text,
                   "comparison,measure,across,unit,each,outcome,kind,records,events\n"
                   "\"yes, across unit\",yes,unit,N,,,x,3,2\n"
                   "\"yes, across unit\",yes,unit,S,,,x,1,1\n"
                   "\"yes, across unit\",yes,unit,S,,,y,1,1\n"
                   "\"what, across unit\",what,unit,N,,1,x,2,\n"
                   "\"what, across unit\",what,unit,N,,\"2, 3\",x,1,\n"
                   "\"what, across unit\",what,unit,S,,1,x,1,\n"
                   "\"what, across unit\",what,unit,S,,1,y,1,\n"
                   "\"how long, across unit\",how long,unit,N,,7.5,x,1,\n"
                   "\"how long, across unit\",how long,unit,N,,10,x,2,\n"
                   "\"how long, across unit\",how long,unit,S,,8,y,1,\n");
  free(text);
  release(&a);
}
END_TEST

START_TEST(the_summary_tells_them) {
  struct audited a = audit_reference();
  char *text = written(write_summary, a.audit);
  ck_assert_ptr_nonnull(strstr(text, "how long, across unit\n  4 units, 4 testable: 1 differs"));
  ck_assert_ptr_nonnull(strstr(text, "  - unit 3 differs from peers by +5.8 days (95% interval"));
  free(text);
  release(&a);
}
END_TEST

static struct bytes workbook_of(const struct eh_audit *audit) {
  char path[] = P_tmpdir "/evenhand-workbook-XXXXXX";
  struct eh_error error = {0};
  int file = mkstemp(path);
  ck_assert_int_ge(file, 0);
  close(file);
  enum eh_status status = eh_workbook_write(audit, &context, path, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  struct bytes bytes = read_file(path);
  unlink(path);
  return bytes;
}

static void ck_table(const struct bytes *zip, const char *table, const char *heading, bool wanted) {
  char *xml = member_text(zip, table);
  struct eh_buffer name = {0};
  eh_buffer_printf(&name, " name=\"%s\"", heading);
  ck_assert_msg((strstr(xml, name.text) != NULL) == wanted, "%s %s %s", table,
                wanted ? "lacks" : "has", heading);
  eh_buffer_free(&name);
  free(xml);
}

/* Tables: findings, how sure, comparisons, one of each measure, cells, columns. */
START_TEST(each_sheet_has_the_columns_of_its_kind) {
  struct audited a = audit_reference();
  struct bytes zip = workbook_of(a.audit);
  static const struct {
    const char *heading;
    bool findings, event, category, value, cells;
  } columns[] = {
      {"Difference", false, true, true, false, false},
      {"Odds ratio", false, true, false, false, false},
      {"gamma", false, true, false, false, false},
      {"Mean difference", true, false, false, true, false},
      {"Mean low", true, false, false, true, false},
      {"Shift", false, false, false, true, false},
      {"Outcome", false, false, true, false, false},
      {"difference: 1", false, false, true, false, false},
      {"expected rate: 4", false, false, true, false, false},
      {"Test statistic", false, false, true, true, false},
      {"Taken together", false, false, true, false, false},
      {"Peer mean", false, false, false, false, true},
      {"Mean contribution", false, false, false, false, true},
      {"Unit events", false, false, false, false, false},
  };
  for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
    ck_table(&zip, "xl/tables/table1.xml", columns[i].heading, columns[i].findings);
    ck_table(&zip, "xl/tables/table4.xml", columns[i].heading, columns[i].event);
    ck_table(&zip, "xl/tables/table5.xml", columns[i].heading, columns[i].category);
    ck_table(&zip, "xl/tables/table6.xml", columns[i].heading, columns[i].value);
    ck_table(&zip, "xl/tables/table7.xml", columns[i].heading, columns[i].cells);
  }
  char *strings = member_text(&zip, "xl/sharedStrings.xml");
  ck_assert_ptr_nonnull(strstr(strings, "<t>each comparison of a category</t>"));
  ck_assert_ptr_nonnull(strstr(strings, "<t>value days, in days</t>"));
  ck_assert_ptr_null(strstr(strings, "only a measure of an event has it; "));
  free(strings);
  free(zip.data);
  release(&a);
}
END_TEST

/* Unit a decides otherwise and takes longer; its findings of every kind share the sheets. */
START_TEST(findings_of_all_kinds_share_a_sheet) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result,days\n");
  for (int i = 0; i < 600; i++) {
    int unit = i % 3, result = i / 3 % 10 < (unit == 0 ? 8 : 3) ? 1 : 2 + i % 2;
    eh_buffer_printf(&text, "%d,%c,%c,%d,%d\n", i, "abc"[unit], "xy"[i / 300], result,
                     10 + i % 7 + (unit == 0 ? 20 : 0));
  }
  struct audited a = audit_text(rules, text.text);
  ck_assert_uint_eq(a.audit->findings, 9);
  struct bytes zip = workbook_of(a.audit);
  static const char *const headings[] = {"Difference", "Outcome", "Mean difference", "gamma"};
  static const char *const of_cells[] = {"Unit events", "Outcome", "Peer mean", "Contribution"};
  for (size_t i = 0; i < 4; i++) {
    ck_table(&zip, "xl/tables/table1.xml", headings[i], true);
    ck_table(&zip, "xl/tables/table7.xml", of_cells[i], true);
  }
  eh_buffer_free(&text);
  free(zip.data);
  release(&a);
}
END_TEST

/* What R makes of the script and the cells file, or "" where there is no R. */
static char *answer_of_r(const struct eh_audit *audit, size_t comparison, size_t unit) {
  char folder[] = P_tmpdir "/evenhand-r-XXXXXX", path[128], command[300];
  ck_assert_ptr_nonnull(mkdtemp(folder));
  struct eh_arena *arena = eh_arena_new();
  const struct eh_comparison_result *c = &audit->comparisons[comparison];
  const char *names[] = {"cells.csv", "unit.R"};
  char *texts[] = {written(eh_cells_write, audit),
                   strdup(eh_r_script(arena, audit, c, &c->results[unit]))};
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    FILE *file = fopen(path, "w");
    ck_assert(file != NULL && fputs(texts[i], file) >= 0 && fclose(file) == 0);
    free(texts[i]);
  }
  snprintf(command, sizeof command,
           "cd %s && { Rscript -e 'options(digits = 12)' -e 'source(\"unit.R\", echo = TRUE, "
           "max.deparse.length = 1e6)' 2>&1 || true; }; rm -r %s",
           folder, folder);
  FILE *r = system("command -v Rscript >/dev/null 2>&1") == 0 ? popen(command, "r") : NULL;
  char *answer = calloc(1, 1 << 16);
  if (r) {
    answer[fread(answer, 1, (1 << 16) - 1, r)] = '\0';
    pclose(r);
  }
  eh_arena_free(arena);
  return answer;
}

START_TEST(r_agrees_with_the_script) {
  struct audited a = audit_reference();
  static const char *const wanted[3][2] = {{"[1] 188", "0.0891569595878"},
                                           {"M^2 = 5.710157785", "0.0891569595"},
                                           {"[1] 188", "5.79856195725"}};
  for (size_t c = 0; c < 3; c++) {
    char *answer = answer_of_r(a.audit, c, 2);
    for (size_t i = 0; i < 2 && *answer; i++)
      ck_assert_msg(strstr(answer, wanted[c][i]), "no %s in %s", wanted[c][i], answer);
    free(answer);
  }
  release(&a);
}
END_TEST

RUN_TESTS("reports/outcomes", the_findings_file_has_a_category, the_findings_file_has_a_value,
          the_cells_file_has_outcomes, the_summary_tells_them,
          the_summary_is_the_same_where_nothing_else_is_asked_for,
          each_sheet_has_the_columns_of_its_kind, findings_of_all_kinds_share_a_sheet,
          r_agrees_with_the_script)
