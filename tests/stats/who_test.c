/* Who differs: records in which it is plain, and worlds in which the truth is known. */
#include "engine/stats/who.h"

#include "engine/base/random.h"
#include "engine/stats/difference.h"
#include "engine/stats/families.h"
#include "engine/stats/mantel_haenszel.h"
#include "engine/stats/typical.h"
#include "tests/stats/trials.h"

/* Records of a few units in up to three strata. */
struct world {
  size_t units, strata;
  uint64_t counts[MOST_UNITS * 3][2]; /* by unit, then stratum: records, events */
};

struct tested {
  double p, difference;
  bool passes;
};

/* A unit against its peers less some. */
static struct tested test_unit(const struct world *w, size_t unit, const bool *without,
                               double level) {
  struct eh_table tables[3];
  struct eh_arena *arena = eh_arena_new();
  for (size_t s = 0; s < w->strata; s++) {
    tables[s] = (struct eh_table){0, 0, 0, 0};
    for (size_t u = 0; u < w->units; u++) {
      const uint64_t *c = w->counts[u * w->strata + s];
      if (u == unit) {
        tables[s].n1 += c[0];
        tables[s].a += c[1];
      } else if (!without || !without[u]) {
        tables[s].n2 += c[0];
        tables[s].c += c[1];
      }
    }
  }
  double d = eh_difference(tables, w->strata, 0.95).interval.estimate.value;
  double D = eh_cmh(tables, w->strata).deviation;
  double p = eh_exact_mid_p(eh_exact_new(arena, tables, w->strata)).mid_p;
  eh_arena_free(arena);
  return (struct tested){p, d, p <= level * (1 + 1e-9) && fabs(d) >= 0.1 - 1e-12 && d * D > 0};
}

struct report {
  const struct world *world;
  double level[MOST_UNITS];
  struct eh_who_unit units[MOST_UNITS];
  enum eh_who who[MOST_UNITS];
  bool named[MOST_UNITS];
  size_t facts, flagged;
};

static bool still_differs(void *context, size_t unit, const bool *named) {
  const struct report *r = context;
  return test_unit(r->world, unit, named, r->level[unit]).passes;
}

static void measure_distances(struct report *r) {
  const struct world *w = r->world;
  struct eh_association_cell cells[MOST_UNITS * 3];
  struct eh_versus_typical typical[MOST_UNITS];
  bool listed[MOST_UNITS];
  size_t count = 0;
  struct eh_arena *arena = eh_arena_new();
  for (size_t s = 0; s < w->strata; s++)
    for (size_t u = 0; u < w->units; u++) {
      const uint64_t *c = w->counts[u * w->strata + s];
      if (c[0]) cells[count++] = (struct eh_association_cell){(uint32_t)s, (uint32_t)u, c[0], c[1]};
    }
  memset(listed, true, sizeof listed);
  const struct eh_effects *e = eh_effects_fit(arena, cells, count, w->units);
  struct eh_typical_options options = {listed, NULL, 0.95, 1, 1, 1};
  eh_typical(e, cells, count, &options, typical);
  for (size_t u = 0; u < w->units; u++)
    r->units[u].distance = typical[u].variance.why_not ? 0
                                                       : fabs(typical[u].excess.estimate.value) /
                                                             sqrt(typical[u].variance.value);
  eh_arena_free(arena);
}

static struct report report_on(const struct world *w) {
  struct report r = {.world = w};
  double log10_p[MOST_UNITS];
  struct eh_discovery found[MOST_UNITS];
  struct tested tested[MOST_UNITS];
  for (size_t u = 0; u < w->units; u++) {
    tested[u] = test_unit(w, u, NULL, 1);
    log10_p[u] = log10(tested[u].p);
  }
  const struct eh_family family = {.count = w->units};
  eh_discover(log10_p, &family, 1, 0.05, found);
  for (size_t u = 0; u < w->units; u++) {
    r.level[u] = found[u].decided_at;
    r.units[u].found = found[u].q <= 0.05 && tested[u].passes;
    r.units[u].size = fabs(tested[u].difference);
    r.flagged += r.units[u].found;
    for (size_t s = 0; s < w->strata; s++)
      r.units[u].records += (double)w->counts[u * w->strata + s][0];
  }
  measure_distances(&r);
  struct eh_who_differs result = {r.who, r.named, 0};
  eh_who_differs(r.units, w->units, still_differs, &r, &result);
  r.facts = result.facts;
  return r;
}

static struct world world_of(const struct trial *trial) {
  struct world w = {.units = trial->units, .strata = trial->strata};
  memcpy(w.counts, trial->counts, trial->units * trial->strata * sizeof w.counts[0]);
  return w;
}

START_TEST(one_of_six_is_one_fact) {
  struct world w = world_of(&one_of_six);
  struct report r = report_on(&w);
  ck_assert_uint_eq(r.flagged, 6);
  ck_assert_uint_eq(r.facts, 1);
  ck_assert_int_eq(r.who[0], EH_WHO_UNIT);
  for (size_t u = 1; u < 6; u++) ck_assert_int_eq(r.who[u], EH_WHO_PEERS);
  ck_close(test_unit(&w, 1, NULL, .05).p, .007414675903505, 1e-9);
  ck_close(test_unit(&w, 1, r.named, .05).p, .9945377704, 1e-9);
  ck_assert_double_eq_tol(test_unit(&w, 1, r.named, .05).difference, 0, 1e-12);
}
END_TEST

START_TEST(of_three_one) {
  struct world w = world_of(&three_units);
  struct report r = report_on(&w);
  ck_assert_int_eq(r.who[0], EH_WHO_UNIT);
  ck_assert_int_eq(r.who[1], EH_WHO_PEERS);
  ck_assert_int_eq(r.who[2], EH_WHO_PEERS);
}
END_TEST

START_TEST(one_that_holds_most) {
  struct world w = world_of(&one_large_unit);
  struct report r = report_on(&w);
  for (size_t u = 0; u < 11; u++) ck_assert_int_eq(r.who[u], EH_WHO_UNCLEAR);
  ck_assert_uint_eq(r.facts, 1);
}
END_TEST

START_TEST(two_on_one_side) {
  struct world w = world_of(&headline);
  struct report r = report_on(&w);
  ck_assert_int_eq(r.who[10], EH_WHO_UNIT);
  ck_assert_int_eq(r.who[11], EH_WHO_UNIT);
  ck_assert_int_eq(r.who[4], EH_WHO_PEERS);
  ck_assert_int_eq(r.who[0], EH_WHO_NOBODY);
  ck_assert_uint_eq(r.facts, 2);
  struct tested fir = test_unit(&w, 4, r.named, .05);
  ck_close(fir.difference, .0844444444, 1e-8);
  ck_close(fir.p, .05040674579, 1e-9);
}
END_TEST

START_TEST(two_alone_are_a_pair) {
  struct world w = {.units = 2, .strata = 1, .counts = {{200, 160}, {200, 60}}};
  struct report r = report_on(&w);
  ck_assert_int_eq(r.who[0], EH_WHO_PAIR);
  ck_assert_int_eq(r.who[1], EH_WHO_PAIR);
  ck_assert_uint_eq(r.facts, 1);
}
END_TEST

/* Six judges, granted of heard: three on one side, two on the other of the typical one. Those named
   would come to hold half of the records, so nobody is named. */
START_TEST(six_judges) {
  struct world w = {
      .units = 6,
      .strata = 1,
      .counts = {{149, 2}, {165, 49}, {269, 172}, {346, 277}, {167, 145}, {137, 122}}};
  struct report r = report_on(&w);
  ck_assert_uint_eq(r.flagged, 5);
  ck_assert_int_eq(r.who[2], EH_WHO_NOBODY);
  ck_assert_int_eq(r.who[0], EH_WHO_UNCLEAR);
  ck_assert_uint_eq(r.facts, 1);
}
END_TEST

START_TEST(nobody_found) {
  struct world w = world_of(&new_words);
  w.units = 6; /* those that are alike */
  struct report r = report_on(&w);
  ck_assert_uint_eq(r.flagged, 0);
  ck_assert_uint_eq(r.facts, 0);
}
END_TEST

/* Of units that equal the typical one, how many are named; of those moved, how many. */
START_TEST(names_those_who_moved) {
  static const struct {
    size_t units, moved, strata;
    uint64_t records, first;
    double by;
  } worlds[] = {{6, 1, 1, 200, 200, 2}, {20, 2, 3, 100, 100, 1.5}, {13, 1, 1, 100, 600, 1}};
  enum { ROUNDS = 40 };
  for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
    size_t wrongly = 0, rightly = 0, today = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
      struct eh_random random = eh_random_seeded(31 + i, round);
      struct world w = {.units = worlds[i].units, .strata = worlds[i].strata};
      for (size_t u = 0; u < w.units; u++)
        for (size_t s = 0; s < w.strata; s++) {
          uint64_t n = (u == 0 ? worlds[i].first : worlds[i].records) / w.strata;
          double log_odds = -0.62 + (u < worlds[i].moved ? worlds[i].by : 0) +
                            (w.strata > 1 ? 0.4 * ((double)s - 1) : 0);
          uint64_t *c = w.counts[u * w.strata + s];
          c[0] = n;
          for (uint64_t k = 0; k < n; k++)
            c[1] += eh_random_uniform(&random) < 1 / (1 + exp(-log_odds));
        }
      struct report r = report_on(&w);
      for (size_t u = 0; u < w.units; u++) {
        wrongly += u >= worlds[i].moved && r.who[u] == EH_WHO_UNIT;
        rightly += u < worlds[i].moved && r.who[u] == EH_WHO_UNIT;
        today += u >= worlds[i].moved && r.units[u].found;
      }
    }
    ck_assert_uint_le(wrongly, today / 2);
    ck_assert_double_le((double)wrongly / ROUNDS, 0.25);
    ck_assert_double_ge((double)rightly / (double)(ROUNDS * worlds[i].moved), 0.9);
  }
}
END_TEST

RUN_TESTS("who", one_of_six_is_one_fact, of_three_one, one_that_holds_most, two_on_one_side,
          two_alone_are_a_pair, six_judges, nobody_found, names_those_who_moved)
