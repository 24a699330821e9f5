/* Real records against the evidence that Python had for them, in the plain form: every unit, every
 * look. Skipped where ../shared is absent. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/load/cells/by_period.h"
#include "engine/stats/evidence.h"
#include "engine/stats/wander.h"
#include "tests/load/records.h"

#define DATA "../shared/data/"
#define WANTED "../shared/reference/feedback/monitor_"

enum { MOST_UNITS = 64, MOST_LOOKS = 16, LINE = 4096 };

/* A file of values by unit and look. */
struct wanted {
  char units[MOST_UNITS][64];
  double ln_e[MOST_UNITS][MOST_LOOKS], sigma[MOST_LOOKS];
  size_t count, looks, pairs[MOST_LOOKS];
};

static void read_path(const char *name, struct wanted *w) {
  char path[128], line[LINE];
  snprintf(path, sizeof path, WANTED "%s_path.csv", name);
  FILE *file = fopen(path, "r");
  ck_assert(file && fgets(line, sizeof line, file));
  while (fgets(line, sizeof line, file)) {
    char *at = strchr(line, ','), *next;
    snprintf(w->units[w->count], sizeof w->units[0], "%.*s", (int)(at - line), line);
    for (w->looks = 0; at && *at == ','; at = next) w->ln_e[w->count][w->looks++] = strtod(at + 1, &next);
    w->count++;
  }
  fclose(file);
  snprintf(path, sizeof path, WANTED "%s_sigma.csv", name);
  file = fopen(path, "r");
  ck_assert(file && fgets(line, sizeof line, file));
  for (size_t t = 0; fgets(line, sizeof line, file); t++)
    ck_assert_int_eq(sscanf(line, "%*[^,],%lf,%zu", &w->sigma[t], &w->pairs[t]), 2);
  fclose(file);
}

/* The rules as `monitor` would leave them, and its table. */
static const struct eh_by_period *view_of(struct eh_arena *arena, const char *rules_text,
                                          const char *file, struct eh_records **records) {
  const struct eh_rules *rules = read_rules(arena, rules_text);
  struct eh_problems problems = {0};
  struct eh_error error;
  struct eh_cells *cells, *tables;
  size_t count;
  ck_assert_int_eq(EH_OK, eh_load_files(rules, &file, 1, &(struct eh_load_options){.threads = 2},
                                        records, &problems, &error));
  ck_assert_int_eq(EH_OK, eh_records_cells(arena, *records, &cells, &count, &error));
  ck_assert_int_eq(EH_OK, eh_records_tables(arena, *records, &tables, &count, &error));
  struct eh_by_period_asked asked = {.every = rules->monitor.every,
                                     .across = rules->comparisons[0].across,
                                     .last_day = INT32_MAX};
  const struct eh_by_period *view = eh_by_period_of(arena, rules, tables, count, &asked);
  ck_assert_ptr_nonnull(view);
  return view;
}

/* A unit's tables, by situation and period. Each peers' count is looked up the slow way. */
static size_t tables_of(const struct eh_by_period *p, size_t unit, struct eh_period_table *tables) {
  size_t count = 0;
  for (size_t i = p->first_item[unit]; i < p->first_item[unit + 1]; i++) {
    const struct eh_period_cell *c = &p->items[i];
    struct eh_table t = {c->events, c->records, 0, 0};
    for (size_t k = 0; k < p->item_count; k++) {
      const struct eh_period_cell *o = &p->items[k];
      if (o->unit == unit || o->situation != c->situation || o->period != c->period) continue;
      t.c += o->events;
      t.n2 += o->records;
    }
    if (eh_table_is_informative(&t))
      tables[count++] = (struct eh_period_table){c->situation, c->period, t, 0.0};
  }
  return count;
}

static size_t unit_named(const struct eh_by_period *p, const char *name) {
  for (size_t u = 0; u < p->cells->unit_count; u++)
    if (strcmp(p->cells->units[u].label, name) == 0) return u;
  ck_abort_msg("no unit is called %s", name);
}

struct unit_tables {
  struct eh_period_table *tables;
  double *theta;
  struct eh_score *scores;
  size_t count;
};

static void check(const char *name, const char *rules, const char *file) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_records *records;
  struct wanted *w = eh_arena_alloc(arena, 1, sizeof *w);
  read_path(name, w);
  const struct eh_by_period *p = view_of(arena, rules, file, &records);
  size_t units = p->cells->unit_count;
  ck_assert_uint_eq(units, w->count);
  ck_assert_uint_eq(p->count, w->looks);
  struct unit_tables *t = eh_arena_alloc(arena, units, sizeof *t);
  double *u = eh_arena_alloc(arena, units * w->looks, sizeof *u),
         *v = eh_arena_alloc(arena, units * w->looks, sizeof *v);
  for (size_t i = 0; i < units; i++) {
    size_t most = p->first_item[i + 1] - p->first_item[i];
    t[i].tables = eh_arena_alloc(arena, most, sizeof *t[i].tables);
    t[i].theta = eh_arena_alloc(arena, most, sizeof *t[i].theta);
    t[i].scores = eh_arena_alloc(arena, most, sizeof *t[i].scores);
    t[i].count = tables_of(p, i, t[i].tables);
  }
  for (uint32_t look = 1; look <= w->looks; look++) {
    size_t made[MOST_UNITS], pairs = 0, judged = 0;
    for (size_t i = 0; i < units; i++) {
      made[i] = eh_standing_scores(t[i].tables, t[i].count, look, t[i].theta, t[i].scores);
      if (!p->cells->units[i].recorded) continue;
      for (size_t k = 0; k < w->looks; k++) u[judged * w->looks + k] = v[judged * w->looks + k] = 0;
      for (size_t k = 0; k < made[i]; k++) {
        u[judged * w->looks + t[i].scores[k].period] += t[i].scores[k].u;
        v[judged * w->looks + t[i].scores[k].period] += t[i].scores[k].v;
      }
      judged++;
    }
    double sigma = look < 3 ? 0.0 : eh_wander_of(u, v, judged, w->looks, look, 1, 20, &pairs);
    if (look >= 3) ck_assert_uint_eq(pairs, w->pairs[look - 1]);
    ck_assert_msg(fabs(sigma - w->sigma[look - 1]) <= 1e-9, "%s: sigma after %u: %.12g, %.12g", name,
                  look, sigma, w->sigma[look - 1]);
    for (size_t i = 0; i < units; i++) {
      size_t unit = unit_named(p, w->units[i]);
      struct eh_evidence e = eh_evidence_plain(t[unit].scores, made[unit], look, sigma);
      double want = w->ln_e[i][look - 1];
      ck_assert_msg(fabs(e.ln_e - want) <= 1e-9 * fmax(1.0, fabs(want)), "%s, %s after %u: %.12g, %.12g",
                    name, w->units[i], look, e.ln_e, want);
    }
  }
  eh_records_free(records);
  eh_arena_free(arena);
}

START_TEST(ice_offices_by_month) {
  check("ice_month",
        "evenhand: 1\n"
        "columns: {case: Case ID, date: Event Date, area: Event Area of Responsibility,\n"
        "          class: Landmark Class, nationality: Citizenship, what: Processing Disposition}\n"
        "missing: ['']\n"
        "similarly_situated: [class, nationality, Gender]\n"
        "measures: {discretion: {event: \"what in ('Prosecutorial Discretion', "
        "'Released/Prosecutorial Discretion')\"}}\n"
        "comparisons: [{across: area}]\nmonitor: {every: month}\n",
        DATA "ice/ice_decisions_2016-10_2016-12.csv.gz");
}
END_TEST

#define SEATTLE                                                                        \
  "evenhand: 1\n"                                                                      \
  "columns: {case: TERRY_STOP_ID, date: Reported_Date, squad: OfficerSquad}\n"         \
  "missing: ['NULL', '-', '']\n"                                                       \
  "similarly_situated: [SubjectAgeGroup, SubjectPerceivedRace, SubjectPerceivedGender, CallType]\n" \
  "measures: {arrest: {event: ArrestFlag = 'Y'}}\n"

START_TEST(seattle_precincts_by_quarter) {
  check("seattle_precinct_quarter",
        SEATTLE "comparisons: [{across: Precinct}]\nmonitor: {every: quarter}\n",
        DATA "seattle/terry_stops_trimmed.csv");
}
END_TEST

/* The area is the first word of the squad. */
START_TEST(seattle_areas_by_quarter) {
  struct eh_arena *arena = eh_arena_new();
  struct wanted *w = eh_arena_alloc(arena, 1, sizeof *w);
  struct eh_buffer rules = {0};
  read_path("seattle_area_quarter", w);
  eh_buffer_puts(&rules, SEATTLE "comparisons: [{across: area}]\nmonitor: {every: quarter}\n"
                                 "derive:\n  area:\n    first_of:\n");
  for (size_t i = 0; i < w->count; i++)
    if (w->units[i][0] != '(')
      eh_buffer_printf(&rules, "      - '%s': squad = '%s' or squad starts with '%s '\n", w->units[i],
                       w->units[i], w->units[i]);
  eh_buffer_puts(&rules, "");
  check("seattle_area_quarter", rules.text, DATA "seattle/terry_stops_trimmed.csv");
  eh_buffer_free(&rules);
  eh_arena_free(arena);
}
END_TEST

static bool has_data(void) {
  if (access(DATA, R_OK) == 0) return true;
  printf("skipped: no real records in " DATA "\n");
  return false;
}

int main(void) {
  if (!has_data()) return 77;
  Suite *suite = suite_create("audit/monitoring released");
  TCase *tests = tcase_create("released");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, ice_offices_by_month);
  tcase_add_test(tests, seattle_precincts_by_quarter);
  tcase_add_test(tests, seattle_areas_by_quarter);
  tcase_set_timeout(tests, 120);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
