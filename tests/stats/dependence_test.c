#include "engine/stats/dependence.h"

#include "engine/base/random.h"
#include "tests/stats/reference.h"

/* One world of tests/reference/dependence_cells.csv. */
struct world {
  struct eh_arena *arena;
  struct eh_cluster_base bases[64];
  struct eh_cluster_cell cells[800];
  size_t ends[400];
  struct eh_clustering clustering;
};

static uint32_t base_of(struct world *w, uint32_t unit, uint32_t stratum) {
  size_t count = w->clustering.base_count, i = 0;
  while (i < count && (w->bases[i].unit != unit || w->bases[i].stratum != stratum)) i++;
  ck_assert_uint_lt(i, count);
  return (uint32_t)i;
}

static void add_bases(struct world *w, const struct reference *r, double world) {
  struct eh_clustering *c = &w->clustering;
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "world") != world) continue;
    if (reference_count(r, i, "unit") >= c->units) c->units = reference_count(r, i, "unit") + 1;
    if (reference_count(r, i, "stratum") >= c->strata)
      c->strata = reference_count(r, i, "stratum") + 1;
    if (reference_count(r, i, "part") >= c->parts) c->parts = reference_count(r, i, "part") + 1;
  }
  for (uint32_t u = 0; u < c->units; u++)
    for (uint32_t h = 0; h < c->strata; h++)
      w->bases[c->base_count++] = (struct eh_cluster_base){u, h, 0, 0};
}

static void read_world(struct world *w, const struct reference *r, double world) {
  struct eh_clustering *c = &w->clustering;
  *w = (struct world){.arena = eh_arena_new()};
  *c = (struct eh_clustering){.bases = w->bases, .cells = w->cells, .ends = w->ends};
  add_bases(w, r, world);
  size_t count = 0;
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "world") != world) continue;
    uint32_t base = base_of(w, (uint32_t)reference_count(r, i, "unit"),
                            (uint32_t)reference_count(r, i, "stratum"));
    struct eh_cluster_cell cell = {base, (uint32_t)reference_count(r, i, "part"),
                                   (uint32_t)reference_count(r, i, "records"),
                                   (uint32_t)reference_count(r, i, "events")};
    w->bases[base].records += cell.records;
    w->bases[base].events += cell.events;
    w->cells[count++] = cell;
    c->clusters = reference_count(r, i, "cluster") + 1;
    w->ends[c->clusters - 1] = count;
  }
}

static void check_whole(const struct eh_dependence *got, const struct reference *want, size_t row) {
  ck_assert_uint_eq(got->clusters, reference_count(want, row, "clusters"));
  ck_assert_uint_eq(got->with_pairs, reference_count(want, row, "with_pairs"));
  ck_assert_uint_eq(got->smallest, reference_count(want, row, "smallest"));
  ck_assert_uint_eq(got->largest, reference_count(want, row, "largest"));
  ck_close(got->median, reference_at(want, row, "median"), 1e-15);
  ck_close(got->raw.value, reference_at(want, row, "raw"), 1e-10);
  ck_close(got->theta.value, reference_at(want, row, "theta"), 1e-10);
  ck_close(got->error, reference_at(want, row, "error"), 1e-10);
  ck_close(got->z, reference_at(want, row, "z"), 1e-10);
  ck_close(got->between, reference_at(want, row, "between"), 1e-9);
}

static void check_design(const struct eh_unit_dependence *unit, double g,
                         const struct reference *want, size_t row, const char *delta,
                         const char *df) {
  struct eh_design design = eh_design_of(g, unit->theta, unit->error);
  ck_close(design.delta, reference_at(want, row, delta), 1e-10);
  ck_close(design.df, reference_at(want, row, df), 1e-9);
}

static void check_unit(const struct eh_unit_dependence *got, const struct reference *want,
                       size_t row) {
  ck_assert_uint_eq(got->clusters, reference_count(want, row, "clusters"));
  ck_close(got->effective, reference_at(want, row, "effective"), 1e-12);
  ck_close(got->g, reference_at(want, row, "g"), 1e-11);
  ck_close(got->g_difference, reference_at(want, row, "g_difference"), 1e-11);
  ck_close(got->theta, reference_at(want, row, "theta"), 1e-10);
  ck_close(got->error, reference_at(want, row, "error"), 1e-10);
  check_design(got, got->g, want, row, "delta", "df");
  check_design(got, got->g_difference, want, row, "delta_difference", "df_difference");
  struct eh_design design = eh_design_of(got->g, got->theta, got->error);
  ck_close(eh_design_log10_p(reference_at(want, row, "log10_mid_p"), design),
           reference_at(want, row, "log10_p"), 1e-9);
}

START_TEST(agrees_with_pairs_of_records) {
  static struct world w;
  struct reference cells = reference_read("dependence_cells");
  struct reference values = reference_read("dependence_values");
  struct reference units = reference_read("dependence_units");
  for (size_t i = 0; i < values.rows; i++) {
    read_world(&w, &cells, reference_at(&values, i, "world"));
    struct eh_dependence got = eh_dependence(w.arena, &w.clustering, EH_DEPENDENCE_NAMED);
    check_whole(&got, &values, i);
    for (size_t k = 0; k < units.rows; k++)
      if (reference_at(&units, k, "world") == reference_at(&values, i, "world"))
        check_unit(&got.units[reference_count(&units, k, "unit")], &units, k);
    eh_arena_free(w.arena);
  }
  free(cells.values);
  free(values.values);
  free(units.values);
}
END_TEST

/* Cells of a cluster may come in pieces, as the days of a month do. */
START_TEST(pieces_of_cells_change_nothing) {
  static struct world w;
  static struct eh_cluster_cell pieces[1600];
  static size_t ends[400];
  struct reference cells = reference_read("dependence_cells");
  read_world(&w, &cells, 0.0);
  struct eh_dependence whole = eh_dependence(w.arena, &w.clustering, EH_DEPENDENCE_NAMED);
  size_t count = 0, i = 0;
  for (size_t k = 0; k < w.clustering.clusters; ends[k++] = count)
    for (; i < w.ends[k]; i++) {
      struct eh_cluster_cell cell = w.cells[i], first = cell;
      first.records /= 2;
      first.events = first.events < first.records ? first.events : first.records;
      if (first.records) pieces[count++] = first;
      pieces[count++] = (struct eh_cluster_cell){cell.base, cell.part, cell.records - first.records,
                                                 cell.events - first.events};
    }
  ck_assert_uint_gt(count, w.ends[w.clustering.clusters - 1]);
  w.clustering.cells = pieces;
  w.clustering.ends = ends;
  struct eh_dependence parted = eh_dependence(w.arena, &w.clustering, EH_DEPENDENCE_NAMED);
  ck_close(parted.theta.value, whole.theta.value, 1e-12);
  ck_close(parted.error, whole.error, 1e-12);
  for (size_t u = 0; u < w.clustering.units; u++) {
    ck_close(parted.units[u].g, whole.units[u].g, 1e-12);
    ck_close(parted.units[u].effective, whole.units[u].effective, 1e-12);
  }
  free(cells.values);
  eh_arena_free(w.arena);
}
END_TEST

/* Two units of so many records each; `size` of them to a cluster, the last events of each unit. */
static struct eh_dependence two_units(struct world *w, uint32_t records, uint32_t size) {
  *w = (struct world){.arena = eh_arena_new()};
  for (uint32_t u = 0; u < 2; u++) {
    w->bases[u] = (struct eh_cluster_base){u, 0, records, records / 2};
    for (uint32_t i = 0; i < records; i += size) {
      size_t c = w->clustering.clusters++;
      uint32_t events = i + size <= records / 2 ? 0 : i >= records / 2 ? size : size / 2;
      w->cells[c] = (struct eh_cluster_cell){u, 0, size, events};
      w->ends[c] = c + 1;
    }
  }
  w->clustering.bases = w->bases;
  w->clustering.cells = w->cells;
  w->clustering.ends = w->ends;
  w->clustering.base_count = w->clustering.units = 2;
  w->clustering.strata = w->clustering.parts = 1;
  return eh_dependence(w->arena, &w->clustering, EH_DEPENDENCE_NAMED);
}

START_TEST(single_records_change_nothing) {
  static struct world w;
  struct eh_dependence got = two_units(&w, 20, 1);
  ck_assert_uint_eq(got.clusters, 40);
  ck_assert_uint_eq(got.with_pairs, 0);
  ck_assert_double_eq(got.theta.value, 0.0);
  ck_assert_double_eq(got.units[0].g, 0.0);
  ck_close(got.units[0].effective, 20.0, 1e-13);
  struct eh_design design = eh_design_of(got.units[0].g, got.theta.value, got.error);
  ck_assert_double_eq(design.delta, 1.0);
  ck_assert(isinf(design.df));
  ck_assert_double_eq(eh_design_log10_p(-3.25, design), -3.25);
  ck_assert_double_eq(eh_design_level(0.01, design), 0.01);
  eh_arena_free(w.arena);
}
END_TEST

/* Records that are copies of each other: theta is the largest there can be, and a unit's records
   tell as much as its clusters. */
START_TEST(copies_count_once) {
  static struct world w;
  struct eh_dependence got = two_units(&w, 40, 4);
  double v = 40.0 * 40.0 / (80.0 * 79.0);
  ck_close(got.theta.value, 1.0 / v, 1e-12);
  ck_close(1.0 + got.theta.value * got.units[0].g, 4.0, 1e-9);
  eh_arena_free(w.arena);
}
END_TEST

/* Its own level and its one cluster's cannot be told apart. */
START_TEST(one_cluster_a_unit_tells_nothing) {
  static struct world w;
  struct eh_dependence got = two_units(&w, 40, 40);
  ck_assert_uint_eq(got.with_pairs, 2);
  ck_assert_ptr_nonnull(got.theta.why_not);
  ck_assert_ptr_nonnull(got.raw.why_not);
  ck_assert_double_eq(got.z, 0.0);
  ck_close(got.units[0].effective, 1.0, 1e-12);
  eh_arena_free(w.arena);
}
END_TEST

START_TEST(designs_add_up_and_widen) {
  struct eh_design day = {2.5, 40.0}, person = {1.4, 90.0}, none = {1.0, INFINITY};
  struct eh_design both = eh_design_sum(day, person);
  ck_close(both.delta, 2.9, 1e-15);
  ck_close(both.df, 2.9 * 2.9 / (2.5 * 2.5 / 40.0 + 1.4 * 1.4 / 90.0), 1e-13);
  both = eh_design_sum(day, none);
  ck_close(both.delta, day.delta, 1e-15);
  ck_close(both.df, day.df, 1e-13);
  /* a p of that level is brought to `level` by the design */
  double level = eh_design_level(0.004, day);
  ck_assert_double_lt(level, 0.004);
  ck_close(eh_design_log10_p(log10(2.0 * level), day), log10(0.008), 1e-11);
  ck_close(eh_design_reach(0.95, none), 1.959963984540054, 1e-12);
  ck_close(eh_design_reach(0.95, (struct eh_design){4.0, 4.0}), 2.0 * 2.7764451051977987, 1e-11);
}
END_TEST

RUN_TESTS("dependence", agrees_with_pairs_of_records, pieces_of_cells_change_nothing,
          single_records_change_nothing, copies_count_once, one_cluster_a_unit_tells_nothing,
          designs_add_up_and_widen)
