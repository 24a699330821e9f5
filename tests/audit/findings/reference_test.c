/* The real records of ../shared/data against R's results for them. Skipped where that folder is
 * absent. */
#include "engine/audit/findings/audit.h"
#include "engine/load/text/csv.h"
#include "tests/load/records.h"

#define DATA "../shared/data/"
static const double TOLERANCE = 1e-9;

struct reference {
  struct eh_arena *arena;
  const char **header;
  size_t columns;
  const char ***rows;
  size_t count;
};

static const char **take_row(struct eh_arena *arena, const struct eh_csv_record *record) {
  const char **row = eh_arena_alloc(arena, record->field_count, sizeof *row);
  for (size_t i = 0; i < record->field_count; i++)
    row[i] = eh_arena_copy(arena, record->fields[i].text, record->fields[i].length);
  return row;
}

static struct reference read_reference(const char *path) {
  struct reference r = {.arena = eh_arena_new()};
  const char *next = read_whole(r.arena, path), *end = next + strlen(next);
  struct eh_csv *csv = eh_csv_new(',', 0);
  struct eh_csv_record record;
  r.rows = eh_arena_alloc(r.arena, 2000, sizeof *r.rows);
  while (eh_csv_next(csv, &next, end, true, &record) == EH_CSV_RECORD) {
    if (!r.header) {
      r.header = take_row(r.arena, &record);
      r.columns = record.field_count;
    } else {
      r.rows[r.count++] = take_row(r.arena, &record);
    }
  }
  eh_csv_free(csv);
  return r;
}

static const char *cell_of(const struct reference *r, size_t row, const char *column) {
  for (size_t i = 0; i < r->columns; i++)
    if (strcmp(r->header[i], column) == 0) return r->rows[row][i];
  ck_abort_msg("no column %s", column);
  return NULL;
}

/* A figure against R's: blank or infinite there, none here. */
static size_t compare(const struct reference *r, size_t row, const char *column, double got,
                      const char *why_not) {
  const char *text = cell_of(r, row, column);
  if (!*text || strcmp(text, "Inf") == 0 || strcmp(text, "NA") == 0) return 0;
  double want = strtod(text, NULL);
  ck_assert_msg(!why_not, "%s of %s: none (%s), not %s", column, cell_of(r, row, "unit"), why_not,
                text);
  double scale = fabs(want) > 1e-300 ? fabs(want) : 1e-300;
  ck_assert_msg(fabs(got - want) <= TOLERANCE * scale || (want == 0 && fabs(got) < 1e-12),
                "%s of %s: %.17g, not %s", column, cell_of(r, row, "unit"), got, text);
  return 1;
}

static void compare_unit(const struct reference *r, size_t row, const struct eh_result *u) {
  size_t done = 0;
  done += compare(r, row, "n_total", (double)u->records, NULL);
  done += compare(r, row, "obs_total", (double)u->share.all_events, NULL);
  done += compare(r, row, "n_comparable", (double)u->comparable, NULL);
  done += compare(r, row, "observed", (double)u->share.events, NULL);
  done += compare(r, row, "expected", u->share.expected.value,
                  u->comparable ? u->share.expected.why_not : NULL);
  done += compare(r, row, "cmh_chisq", u->event.cmh.test.statistic, u->event.cmh.test.why_not);
  done += compare(r, row, "cmh_log10p", u->event.cmh.test.log10_p, u->event.cmh.test.why_not);
  if (*cell_of(r, row, "mh_or_lo")) {
    ck_assert_str_eq(u->event.odds_ratio_method, "mantel-haenszel");
    done += compare(r, row, "mh_or", u->event.odds_ratio.estimate.value,
                    u->event.odds_ratio.estimate.why_not);
    done +=
        compare(r, row, "mh_or_lo", u->event.odds_ratio.low.value, u->event.odds_ratio.low.why_not);
    done += compare(r, row, "mh_or_hi", u->event.odds_ratio.high.value,
                    u->event.odds_ratio.high.why_not);
  } else if (u->comparable) {
    ck_assert_str_eq(u->event.odds_ratio_method, "exact");
  }
  done += compare(r, row, "mh_rd", u->event.risk_difference.estimate.value,
                  u->event.risk_difference.estimate.why_not);
  done += compare(r, row, "mh_rd_lo_sato", u->event.risk_difference.low.value,
                  u->event.risk_difference.low.why_not);
  done += compare(r, row, "mh_rd_hi_sato", u->event.risk_difference.high.value,
                  u->event.risk_difference.high.why_not);
  done += compare(r, row, "bd_chisq", u->event.homogeneity.breslow_day.statistic,
                  u->event.homogeneity.breslow_day.why_not);
  done += compare(r, row, "bd_df", u->event.homogeneity.breslow_day.df,
                  u->event.homogeneity.breslow_day.why_not);
  done += compare(r, row, "tarone_chisq", u->event.homogeneity.tarone.statistic,
                  u->event.homogeneity.tarone.why_not);
  done += compare(r, row, "exact_p_minlik", u->event.exact.p, u->event.exact.why_not);
  done += compare(r, row, "exact_p_mid", u->event.exact.mid_p, u->event.exact.why_not);
  ck_assert_uint_ge(done, 4);
}

static void compare_all(const struct eh_comparison_result *c, const char *path) {
  struct reference r = read_reference(path);
  ck_assert_uint_eq(r.count, c->result_count);
  for (size_t row = 0; row < r.count; row++) {
    const struct eh_result *found = NULL;
    for (size_t i = 0; i < c->result_count; i++)
      if (strcmp(c->results[i].unit, cell_of(&r, row, "unit")) == 0) found = &c->results[i];
    ck_assert_msg(found != NULL, "%s", cell_of(&r, row, "unit"));
    compare_unit(&r, row, found);
  }
  eh_arena_free(r.arena);
}

static bool has_data(void) {
  if (access(DATA, R_OK) == 0) return true;
  printf("skipped: no real records in " DATA "\n");
  return false;
}

static const struct eh_audit *audit_file(struct loaded *l, const char *rules, const char *records) {
  struct eh_arena *arena = eh_arena_new();
  const char *text = read_whole(arena, rules); /* R takes decisions to be independent */
  *l = load_files(eh_arena_printf(arena, "%s\ndependent_within: none\n", text), &records, 1,
                  (struct eh_load_options){.threads = 2});
  ck_assert_msg(l->status == EH_OK, "%s", l->error.message);
  /* The rules' text lives as long as the rules. */
  struct eh_audit_options options = {.threads = 2};
  const struct eh_audit *audit =
      eh_audit_run(l->arena, l->rules, l->account, l->cells, l->cells_count, &options);
  eh_arena_free(arena);
  return audit;
}

START_TEST(ice_offices_in_november) {
  if (!has_data()) return;
  struct loaded l;
  const struct eh_audit *audit =
      audit_file(&l, "rules/ice-encounters-foia.yaml", DATA "ice/ice_decisions_2016-11.csv");
  compare_all(&audit->comparisons[0], DATA "ice/reference/units_office_2016-11.csv");
  unload(&l);
}
END_TEST

START_TEST(ice_offices_in_the_quarter) {
  if (!has_data()) return;
  struct loaded l;
  const struct eh_audit *audit = audit_file(&l, "rules/ice-encounters-foia.yaml",
                                            DATA "ice/ice_decisions_2016-10_2016-12.csv.gz");
  ck_assert_uint_eq(l.account->audited, 42799);
  compare_all(&audit->comparisons[0], DATA "ice/reference/units_office_2016q4.csv");
  unload(&l);
}
END_TEST

START_TEST(seattle_officers_and_areas) {
  if (!has_data()) return;
  struct loaded l;
  const struct eh_audit *audit =
      audit_file(&l, "tests/audit/seattle.yaml", DATA "seattle/terry_stops_trimmed.csv");
  compare_all(&audit->comparisons[0], DATA "seattle/reference/units_officer_arrest.csv");
  compare_all(&audit->comparisons[1], DATA "seattle/reference/units_officer_frisk.csv");
  compare_all(&audit->comparisons[2], DATA "seattle/reference/units_squad_area_arrest.csv");
  unload(&l);
}
END_TEST

RUN_TESTS("reference", ice_offices_in_november, ice_offices_in_the_quarter,
          seattle_officers_and_areas)
