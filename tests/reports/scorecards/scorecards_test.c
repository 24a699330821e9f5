#include "reports/scorecards/scorecards.h"

#include <unistd.h>

#include "tests/reports/sample.h"
#include "tests/reports/unzip.h"

/* Four offices (one not recorded), one measure, two quarters. */
static const char *const labels[] = {"../../=Chicago", "Baltimore", "baltimore?", EH_NOT_RECORDED};
static const uint64_t missing[4][2] = {{0, 15}, {0, 0}, {0, 0}, {2, 0}};
static const uint64_t unknown[4][1] = {{1}, {0}, {0}, {0}};
static const struct eh_count quarters[4][2] = {
    {{10, 4}, {20, 15}}, {{30, 3}, {40, 10}}, {{5, 0}, {0, 0}}, {{0, 0}, {2, 1}}};

struct cards {
  struct sample *s;
  struct eh_over_time times;
  struct eh_unit_over_time units[4];
  int columns[2];
  char folder[64];
};

static void fill(struct cards *c) {
  static struct eh_unit units[4]; /* the sample's, under names that try to lead astray */
  struct sample *s = c->s = sample_new();
  static const uint64_t records[] = {31, 70, 5, 2};
  for (size_t u = 0; u < 4; u++) {
    c->units[u] =
        (struct eh_unit_over_time){records[u], 0, missing[u], unknown[u], quarters[u], NULL};
    units[u] = sample_units[u];
    units[u].label = s->results[u].unit = labels[u];
  }
  s->cells[0].units = units;
  c->columns[0] = sample_column(s->rules, "office");
  c->columns[1] = sample_column(s->rules, "priority");
  c->times = (struct eh_over_time){.column = c->columns[0],
                                   .labels = labels,
                                   .unit_count = 4,
                                   .has_missing = true,
                                   .units = c->units,
                                   .columns = c->columns,
                                   .column_count = 2,
                                   .period = EH_PERIOD_QUARTER,
                                   .first = 2016 * 4 + 3,
                                   .count = 2,
                                   .measure_count = 1};
  strcpy(c->folder, P_tmpdir "/evenhand-cards-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(c->folder));
}

static void write_cards(struct cards *c) {
  struct eh_folder folder;
  struct eh_error error = {0};
  ck_assert_int_eq(eh_scorecards_column(c->s->rules), c->columns[0]);
  ck_assert_int_eq(eh_folder_open(&folder, c->folder, &error), EH_OK);
  enum eh_status status =
      eh_scorecards_write(&c->s->audit, &sample_context, &c->times, &folder, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  ck_assert_int_eq(eh_folder_commit(&folder, &error), EH_OK);
}

static struct bytes read_card(const struct cards *c, const char *name) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", c->folder, name);
  struct bytes bytes = read_file(path);
  unlink(path);
  return bytes;
}

static void release(struct cards *c) {
  ck_assert_int_eq(rmdir(c->folder), 0); /* nothing else was left there */
  sample_free(c->s);
}

static void ck_holds(const struct bytes *zip, const char *member, const char *text) {
  char *xml = member_text(zip, member);
  ck_assert_msg(strstr(xml, text) != NULL, "%s lacks %s", member, text);
  free(xml);
}

static const char *const names[] = {"index.xlsx", "chicago.xlsx", "baltimore.xlsx",
                                    "baltimore-2.xlsx"};

START_TEST(a_workbook_for_each_office) {
  struct cards c;
  fill(&c);
  write_cards(&c);
  struct bytes index = read_card(&c, names[0]), card = read_card(&c, names[1]);
  for (size_t i = 1; i < 4; i++) {
    char target[64];
    snprintf(target, sizeof target, "Target=\"%s\" TargetMode=\"External\"", names[i]);
    ck_holds(&index, "xl/worksheets/_rels/sheet1.xml.rels", target);
  }
  /* 15 of 2 x 31 values are not recorded; the difference of the office */
  ck_holds(&index, "xl/worksheets/sheet1.xml", "<v>0.24193548387096");
  ck_holds(&index, "xl/worksheets/sheet1.xml", "<v>43.015873015873");
  ck_assert_uint_eq(count_members(&card, "xl/worksheets/sheet"), 7);
  ck_holds(&card, "xl/worksheets/_rels/sheet1.xml.rels", "Target=\"index.xlsx\"");
  ck_holds(&card, "xl/sharedStrings.xml", "<t>../../=Chicago</t>");
  ck_holds(&card, "xl/sharedStrings.xml", "<t>strong: higher</t>");
  ck_holds(&card, "xl/sharedStrings.xml", "<t>1 of 1</t>");
  ck_holds(&card, "xl/sharedStrings.xml", "<t>2016Q4</t>");
  /* trend: 4 of 10 in the first quarter, 3 of 35 elsewhere */
  ck_holds(&card, "xl/worksheets/sheet5.xml", "<v>0.4</v>");
  ck_holds(&card, "xl/worksheets/sheet5.xml", "<v>0.08571428571428");
  /* record-keeping: 15 of 31, none of 77 elsewhere */
  ck_holds(&card, "xl/worksheets/sheet6.xml", "<v>48.387096774193");
  /* charts: the office among the offices, and its quarters, each with a text alternative */
  ck_assert_uint_eq(count_members(&card, "xl/charts/chart"), 2);
  ck_holds(&card, "xl/drawings/drawing1.xml", "is at place 1, +43.0 points");
  ck_holds(&card, "xl/drawings/drawing1.xml", "beside that of Other offices");
  ck_holds(&card, "xl/sharedStrings.xml", "Other offices: released");
  free(index.data);
  free(card.data);
  for (size_t i = 2; i < 4; i++) free(read_card(&c, names[i]).data);
  release(&c);
}
END_TEST

static void ck_lacks(const struct bytes *zip, const char *member, const char *text) {
  char *xml = member_text(zip, member);
  ck_assert_msg(strstr(xml, text) == NULL, "%s has %s", member, text);
  free(xml);
}

/* An office that is found only because others are among its peers is not told that it differs. */
START_TEST(an_office_has_no_findings_of_its_peers) {
  struct cards c;
  fill(&c);
  c.s->results[0].who.who = EH_WHO_PEERS;
  write_cards(&c);
  struct bytes card = read_card(&c, names[1]);
  ck_holds(&card, "xl/sharedStrings.xml", "<t>higher only because others differ</t>");
  ck_lacks(&card, "xl/sharedStrings.xml", "strong: higher");
  ck_lacks(&card, "xl/sharedStrings.xml", "with caveats and room for an answer");
  free(card.data);
  free(read_card(&c, names[0]).data);
  for (size_t i = 2; i < 4; i++) free(read_card(&c, names[i]).data);
  release(&c);
}
END_TEST

/* Each office differs most in an outcome of its own: such differences have no order. */
START_TEST(offices_are_not_ranked_by_a_category) {
  static struct eh_category_result outcomes[] = {{.label = "stayed"}};
  struct cards c;
  fill(&c);
  struct eh_measure measure = *c.s->comparisons[0].measure;
  measure.kind = EH_MEASURE_CATEGORY;
  c.s->comparisons[0].measure = &measure;
  for (size_t i = 0; i < 4; i++) {
    c.s->results[i].kind = EH_MEASURE_CATEGORY;
    c.s->results[i].category.items = outcomes;
    c.s->results[i].category.count = 1;
  }
  write_cards(&c);
  struct bytes index = read_card(&c, names[0]), card = read_card(&c, names[1]);
  ck_holds(&index, "xl/sharedStrings.xml",
           "In the outcome most different: released, across office");
  ck_holds(&card, "xl/sharedStrings.xml", "released, across office (most different: stayed)");
  ck_lacks(&card, "xl/sharedStrings.xml", "<t>1 of 1</t>");
  ck_assert_uint_eq(count_members(&card, "xl/charts/chart"), 1); /* by quarter */
  ck_lacks(&card, "xl/drawings/drawing1.xml", "is at place");
  free(index.data);
  free(card.data);
  for (size_t i = 2; i < 4; i++) free(read_card(&c, names[i]).data);
  release(&c);
}
END_TEST

/* An office of few records: its rates are on the chart, whatever those of the others. */
START_TEST(few_records_are_on_the_chart) {
  static const struct eh_count few[2] = {{2, 0}, {3, 3}};
  struct cards c;
  fill(&c);
  c.units[2].counts = few;
  write_cards(&c);
  struct bytes card = read_card(&c, names[3]);
  ck_holds(&card, "xl/charts/chart1.xml", "<c:max val=\"1\"/>");
  free(card.data);
  for (size_t i = 0; i < 4; i++)
    if (i != 3) free(read_card(&c, names[i]).data);
  release(&c);
}
END_TEST

START_TEST(same_bytes) {
  struct cards c;
  struct bytes first[4];
  fill(&c);
  write_cards(&c);
  for (size_t i = 0; i < 4; i++) first[i] = read_card(&c, names[i]);
  write_cards(&c);
  for (size_t i = 0; i < 4; i++) {
    struct bytes again = read_card(&c, names[i]);
    ck_assert_uint_eq(first[i].length, again.length);
    ck_assert_int_eq(memcmp(first[i].data, again.data, again.length), 0);
    free(first[i].data);
    free(again.data);
  }
  release(&c);
}
END_TEST

/* A workbook of an office that is gone must not pass for a present one. */
START_TEST(an_old_scorecard_is_not_kept_beside) {
  struct cards c;
  struct eh_folder folder;
  struct eh_error error = {0};
  char old[128];
  fill(&c);
  snprintf(old, sizeof old, "%s/atlanta.xlsx", c.folder);
  FILE *file = fopen(old, "w");
  ck_assert_ptr_nonnull(file);
  fclose(file);
  ck_assert_int_eq(eh_folder_open(&folder, c.folder, &error), EH_OK);
  ck_assert_int_eq(eh_scorecards_write(&c.s->audit, &sample_context, &c.times, &folder, &error),
                   EH_BAD_USAGE);
  ck_assert_ptr_nonnull(strstr(error.message, "holds atlanta.xlsx, which is not of an office"));
  eh_folder_abandon(&folder);
  ck_assert_int_eq(unlink(old), 0); /* it still stands, and nothing else does */
  release(&c);
}
END_TEST

RUN_TESTS("reports/scorecards", a_workbook_for_each_office, offices_are_not_ranked_by_a_category,
          an_office_has_no_findings_of_its_peers, few_records_are_on_the_chart, same_bytes,
          an_old_scorecard_is_not_kept_beside)
