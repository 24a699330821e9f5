/* A small audit, made by hand: three offices and records without one; one finding. The figures of
 * the finding are worked out by hand in sample_fill; the rest is there to be written. */
#ifndef EVENHAND_TESTS_REPORTS_SAMPLE_H
#define EVENHAND_TESTS_REPORTS_SAMPLE_H

#include <string.h>

#include "engine/base/date.h"
#include "reports/report.h"
#include "tests/test.h"

static const char sample_rules[] =
    "evenhand: 1\n"
    "title: Releases & stays\n"
    "columns:\n"
    "  case: case_id\n"
    "  date: decision_date\n"
    "  office: Field Office\n"
    "similarly_situated: [priority]\n"
    "measures:\n"
    "  released:\n"
    "    event: outcome = 'released'\n"
    "comparisons:\n"
    "  - {across: office}\n"
    "  - {across: detained, each: office}\n";

static const struct eh_report_context sample_context = {
    "9.9.9", "evenhand audit rules.yaml records.csv", 20484 /* 2026-01-31 */, NULL, NULL};

/* 4 of 10 and 15 of 20 at "=Chicago"; its peers: 3 of 35 and 11 of 42. */
static struct eh_cell sample_cells[] = {{0, 0, 10, 4},  {0, 1, 20, 15}, {1, 0, 30, 3},
                                        {1, 1, 40, 10}, {2, 0, 5, 0},   {3, 1, 2, 1}};
static struct eh_unit sample_units[] = {{"=Chicago", true, 0, 2, 3},
                                        {"Baltimore", true, 2, 2, 0},
                                        {"Boston, \"MA\"", true, 4, 1, 0},
                                        {EH_NOT_RECORDED, false, 5, 1, 0}};
static const char *const sample_priorities[] = {"1 danger", "2 recent"};
static const char *const sample_offices[] = {"Boston, \"MA\""};
static const uint32_t sample_codes[] = {0, 1};
static const uint32_t sample_each_codes[] = {0, 0};
static struct eh_exclusion sample_not_counted[] = {{"the outcome is not recorded", 7}};
static struct eh_cell sample_each_cells[] = {{0, 0, 3, 1}, {1, 0, 2, 2}};
static struct eh_unit sample_each_units[] = {{"N", true, 0, 1, 0}, {"Y", true, 1, 1, 0}};

struct sample {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct eh_stratum_column columns[3];
  struct eh_cells cells[2];
  struct eh_input input;
  struct eh_exclusion excluded[2];
  struct eh_malformed malformed;
  struct eh_account account;
  struct eh_comparison_result comparisons[2];
  struct eh_result results[6];
  struct eh_audit audit;
};

static int sample_column(const struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->column_count; i++) {
    if (strcmp(rules->columns[i].name, name) == 0) return (int)i;
  }
  ck_abort_msg("no column %s", name);
  return -1;
}

/* Every figure lacks a value, with a reason. */
static struct eh_result sample_empty_result(const char *unit, bool recorded, size_t index,
                                            uint64_t records) {
  static const char none[] = "no stratum has peers";
  static const char *const reasons[] = {"not testable: no stratum has peers"};
  struct eh_figure f = eh_no_figure(none);
  struct eh_interval i = eh_no_interval(none);
  struct eh_test t = {0, 0, 0, 0, none};
  return (struct eh_result){.unit = unit,
                            .recorded = recorded,
                            .untestable_because = none,
                            .records = records,
                            .share.rate = f,
                            .share.expected = f,
                            .share.expected_rate = f,
                            .share.difference = i,
                            .event.odds_ratio = i,
                            .event.risk_difference = i,
                            .event.cmh = {0, 0, t},
                            .event.exact = {.why_not = none},
                            .p = f,
                            .log10_p = f,
                            .q = f,
                            .log10_q = f,
                            .event.homogeneity = {t, t},
                            .share.crude_difference = f,
                            .event.gamma = f,
                            .event.gamma_at_05 = f,
                            .decided_at = f,
                            .event.e_value = f,
                            .event.unrecorded = {f, f, f, false},
                            .among.outlier_z = f,
                            .among.outlier_q = f,
                            .among.shrunken_difference = f,
                            .event.power_80 = {f, f, f},
                            .among.versus_typical = {i, f, f, f, f, 0, 0},
                            .among.versus_typical_p = f,
                            .among.rank = i,
                            .not_flagged_because = {reasons, 1},
                            .statement = NULL,
                            .unit_index = index};
}

/* E = 10 x 3/35 + 20 x 11/42; difference = (19 - E)/30. */
static void sample_fill_finding(struct eh_result *r) {
  static const char *const caveats[] = {"an unrecorded fact would explain it"};
  double expected = 10.0 * 3.0 / 35.0 + 20.0 * 11.0 / 42.0;
  r->testable = true;
  r->untestable_because = NULL;
  r->share.all_events = 19;
  r->comparable = 30;
  r->share.events = 19;
  r->share.rate = eh_figure(19.0 / 30.0);
  r->share.expected = eh_figure(expected);
  r->share.expected_rate = eh_figure(expected / 30.0);
  r->share.difference =
      (struct eh_interval){eh_figure((19.0 - expected) / 30.0), eh_figure(0.2), eh_figure(0.6)};
  r->event.odds_ratio =
      (struct eh_interval){eh_figure(8.0), eh_figure(2.0), eh_no_figure("infinite")};
  r->event.odds_ratio_method = "exact";
  r->event.cmh.test = (struct eh_test){25.0, 1.0, 5.733031437583869e-07, -6.241615688, NULL};
  r->event.exact =
      (struct eh_exact_p){.p = 0.0, .log10_p = -400.0, .mid_p = 0.0, .log10_mid_p = -400.0};
  r->p = r->q = eh_figure(0.0);
  r->log10_p = r->log10_q = eh_figure(-400.0);
  r->p_from = "exact mid-p";
  r->event.homogeneity.tarone = (struct eh_test){1.0, 1.0, 0.31731050786291415, -0.4985155, NULL};
  r->event.gamma = eh_figure(1.1);
  r->flagged = true;
  r->level = EH_STRONG;
  r->higher = true;
  r->not_flagged_because = (struct eh_texts){NULL, 0};
  r->caveats = (struct eh_texts){caveats, 1};
  r->statement =
      "=Chicago: released in 63.3% of 30 comparable records; its peers would have had 20.3%: 43 "
      "points more (95% interval 20 to 60).";
}

static void sample_fill_cells(struct sample *s) {
  s->columns[0] = (struct eh_stratum_column){sample_column(s->rules, "priority"), sample_priorities,
                                             2, false, true, false};
  s->columns[1] = s->columns[0];
  s->columns[2] = (struct eh_stratum_column){sample_column(s->rules, "office"), sample_offices, 1,
                                             false, false, false};
  s->cells[0] = (struct eh_cells){.units = sample_units,
                                  .unit_count = 4,
                                  .cells = sample_cells,
                                  .cell_count = 6,
                                  .columns = s->columns,
                                  .column_count = 1,
                                  .codes = sample_codes,
                                  .stratum_count = 2,
                                  .excluded = sample_not_counted,
                                  .exclusion_count = 1,
                                  .records = 107,
                                  .events = 33};
  s->cells[1] = (struct eh_cells){.comparison = 1,
                                  .each = sample_offices[0],
                                  .units = sample_each_units,
                                  .unit_count = 2,
                                  .cells = sample_each_cells,
                                  .cell_count = 2,
                                  .columns = s->columns + 1,
                                  .column_count = 2,
                                  .codes = sample_each_codes,
                                  .stratum_count = 1,
                                  .records = 5,
                                  .events = 3};
}

static void sample_fill_account(struct sample *s) {
  /* a name that is not UTF-8, as file names need not be */
  s->input = (struct eh_input){.name = "r\xE9"
                                       "cords.csv",
                               .bytes = 5000,
                               .sha256 = "ab12",
                               .records = 120,
                               .encoding = "UTF-8",
                               .delimiter = ',',
                               .header_line = 1};
  s->excluded[0] = (struct eh_exclusion){"not kept by the rules", 5};
  s->excluded[1] = (struct eh_exclusion){"another record of the same person", 1};
  s->malformed = (struct eh_malformed){"date", 2};
  s->account = (struct eh_account){.inputs = &s->input,
                                   .input_count = 1,
                                   .read = 120,
                                   .audited = 114,
                                   .excluded = s->excluded,
                                   .exclusion_count = 2,
                                   .malformed = &s->malformed,
                                   .malformed_count = 1,
                                   .has_dates = true,
                                   .first_day = eh_date_from_civil(2016, 11, 1),
                                   .last_day = eh_date_from_civil(2016, 11, 30)};
}

static void sample_fill_comparisons(struct sample *s) {
  static const char none[] = "fewer than 5 units";
  struct eh_comparison_result shared = {
      .measure = &s->rules->measures[0],
      .event.spread = {.tau = {eh_no_figure(none), eh_no_figure(none), eh_no_figure(none), 0, 0},
                       .shown.why_not = none,
                       .low = eh_no_figure(none),
                       .high = eh_no_figure(none)},
      .event.power_80 = {eh_figure(0.25), eh_no_figure("none below"), eh_figure(0.25)}};
  for (size_t i = 0; i < 4; i++) {
    uint64_t records = 0;
    for (size_t j = 0; j < 6; j++)
      records += sample_cells[j].unit == i ? sample_cells[j].records : 0;
    s->results[i] =
        sample_empty_result(sample_units[i].label, sample_units[i].recorded, i, records);
  }
  for (size_t i = 0; i < 2; i++)
    s->results[4 + i] = sample_empty_result(sample_each_units[i].label, true, i, 3 - i);
  sample_fill_finding(&s->results[0]);
  s->comparisons[0] = s->comparisons[1] = shared;
  struct eh_comparison_result *c = &s->comparisons[0];
  c->cells = &s->cells[0];
  c->comparison = &s->rules->comparisons[0];
  c->title = "released, across office";
  c->strata = 2, c->records = 107, c->comparable = 105, c->event.events = 33;
  c->testable = c->levels.flagged = c->levels.strong = 1;
  c->overall = (struct eh_test){24.5, 2.0, 4.785117e-06, -5.3201074, NULL};
  c->results = s->results;
  c->result_count = 4;
  c = &s->comparisons[1];
  c->cells = &s->cells[1];
  c->comparison = &s->rules->comparisons[1];
  c->title = "released, across detained, for office Boston, \"MA\"";
  c->strata = 1, c->records = 5, c->comparable = 5, c->event.events = 3;
  c->overall = (struct eh_test){.why_not = "too few records"};
  c->results = s->results + 4;
  c->result_count = 2;
}

static struct sample *sample_new(void) {
  static const char *const notes[] = {"Only decisions that were recorded are in these data."};
  struct eh_arena *arena = eh_arena_new();
  struct sample *s = eh_arena_alloc(arena, 1, sizeof *s);
  struct eh_problems problems = {0};
  s->arena = arena;
  enum eh_status status =
      eh_rules_read(arena, "rules.yaml", sample_rules, strlen(sample_rules), &s->rules, &problems);
  ck_assert_msg(status == EH_OK, "%s", problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  sample_fill_cells(s);
  sample_fill_account(s);
  sample_fill_comparisons(s);
  s->audit = (struct eh_audit){.rules = s->rules,
                               .account = &s->account,
                               .comparisons = s->comparisons,
                               .comparison_count = 2,
                               .tests = 1,
                               .findings = 1,
                               .facts = 1,
                               .notes = {notes, 1}};
  return s;
}

static void sample_free(struct sample *s) { eh_arena_free(s->arena); }

/* What a writer writes; the caller frees it. */
static inline char *sample_written(enum eh_status (*write)(const struct sample *s, FILE *stream,
                                                           struct eh_error *error),
                                   const struct sample *s) {
  char *text = NULL;
  size_t length;
  struct eh_error error;
  FILE *stream = open_memstream(&text, &length);
  ck_assert_ptr_nonnull(stream);
  ck_assert_int_eq(write(s, stream, &error), EH_OK);
  fclose(stream);
  return text;
}

#endif
