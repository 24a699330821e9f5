/* Suppression, attacked by linear programming: what can be said of each suppressed count by a
 * reader who knows the rules, how the program chooses, and every number published. */
#include "engine/audit/release/suppress.h"

#include <stdio.h>

#include "engine/base/random.h"
#include "tests/audit/release/simplex.h"

enum { MOST_UNITS = 8, ATOMS = 8, MOST_MEASURES = 4, WORLDS = 4000 };

/* Records of eight kinds; a measure applies to some kinds, and some of those have its event. So
 * measures can be parts of each other, add up to each other, or be the same. */
struct world {
  size_t units, measures;
  uint64_t threshold;
  uint64_t records[MOST_UNITS][ATOMS];
  unsigned among[MOST_MEASURES], event[MOST_MEASURES]; /* bits of kinds */
  struct eh_public_count counts[MOST_UNITS * MOST_MEASURES];
  char names[MOST_UNITS][32];
  const char *name[MOST_UNITS];
};

static void add_counts(struct world *w) {
  for (size_t u = 0; u < w->units; u++)
    for (size_t m = 0; m < w->measures; m++) {
      struct eh_public_count *c = &w->counts[u * w->measures + m];
      for (unsigned k = 0; k < ATOMS; k++) {
        c->records += (w->among[m] >> k & 1) * w->records[u][k];
        c->events += (w->event[m] >> k & 1) * w->records[u][k];
      }
    }
}

static struct world world_of(uint64_t seed) {
  static const uint64_t thresholds[] = {3, 5, 11};
  static const uint64_t sizes[] = {2, 6, 20, 60, 300};
  struct eh_random r = eh_random_seeded(seed, 1);
  struct world w = {.units = 2 + eh_random_below(&r, MOST_UNITS - 1),
                    .measures = 1 + eh_random_below(&r, MOST_MEASURES),
                    .threshold = thresholds[eh_random_below(&r, 3)]};
  for (size_t m = 0; m < w.measures; m++) {
    /* among all, or among what another measure counts */
    unsigned base = m == 0 || eh_random_below(&r, 3) == 0 ? 255
                    : eh_random_below(&r, 2)              ? w.event[m - 1]
                                                          : w.among[m - 1] & ~w.event[m - 1];
    w.among[m] = base;
    w.event[m] = base & (unsigned)eh_random_below(&r, 256);
  }
  for (size_t u = 0; u < w.units; u++) {
    uint64_t size = sizes[eh_random_below(&r, 5)];
    snprintf(w.names[u], sizeof w.names[u], "unit %zu", u);
    for (unsigned k = 0; k < ATOMS; k++) w.records[u][k] = eh_random_below(&r, size);
  }
  add_counts(&w);
  return w;
}

static struct eh_suppression suppress(struct eh_arena *arena, struct world *w) {
  for (size_t u = 0; u < w->units; u++) w->name[u] = w->names[u];
  struct eh_public_table table = {w->name, w->units, w->counts, w->measures, w->threshold};
  return eh_suppress(arena, &table);
}

/* Which kinds a published count sums. */
static unsigned kinds_of(const struct world *w, size_t measure, int what) {
  unsigned among = w->among[measure], event = w->event[measure];
  return what == 0 ? event : what == 1 ? among & ~event : among;
}

static uint64_t count_of(const struct world *w, size_t unit, unsigned kinds) {
  uint64_t sum = 0;
  for (unsigned k = 0; k < ATOMS; k++) sum += (kinds >> k & 1) * w->records[unit][k];
  return sum;
}

static void set(double *row, size_t place, unsigned kinds) {
  for (unsigned k = 0; k < ATOMS; k++) row[place * ATOMS + k] = kinds >> k & 1;
}

/* The units not shown, in order; how many. */
static size_t hidden_units(const struct world *w, const enum eh_public_kind *kinds,
                           size_t *hidden) {
  size_t count = 0;
  for (size_t u = 0; u < w->units; u++)
    if (kinds[u] != EH_PUBLIC_SHOWN) hidden[count++] = u;
  return count;
}

/* The sums are known to the last record (a release rounds them), and so is which units are covers,
 * each of which has at least the threshold of everything. */
static struct simplex knowledge(const struct world *w, const enum eh_public_kind *kinds,
                                const size_t *hidden, size_t count) {
  struct simplex s = simplex_new(count * ATOMS);
  for (size_t m = 0; m < w->measures; m++)
    for (int what = 0; what < 2; what++) {
      unsigned atoms = kinds_of(w, m, what);
      uint64_t sum = 0;
      for (size_t i = 0; i < count; i++) sum += count_of(w, hidden[i], atoms);
      double *row = simplex_add(&s, 0, (double)sum);
      for (size_t i = 0; i < count; i++) set(row, i, atoms);
      for (size_t i = 0; i < count; i++)
        if (kinds[hidden[i]] == EH_PUBLIC_COVER)
          set(simplex_add(&s, 1, (double)w->threshold), i, atoms);
    }
  ck_assert(simplex_start(&s));
  return s;
}

struct range {
  double low, high;
};

static struct range range_of(struct simplex *s, size_t place, unsigned atoms) {
  double *weights = eh_alloc_zeroed(s->variables, sizeof *weights);
  set(weights, place, atoms);
  struct range range = {simplex_extreme(s, weights, -1), simplex_extreme(s, weights, 1)};
  free(weights);
  return range;
}

/* Every suppressed count of a small unit may be anything from 0 to the threshold; one of a cover,
 * anything in a range as wide. */
static void attack(const struct world *w, const struct eh_suppression *s, size_t *counts) {
  size_t hidden[MOST_UNITS], count = hidden_units(w, s->kinds, hidden);
  struct simplex lp = knowledge(w, s->kinds, hidden, count);
  for (size_t i = 0; i < count; i++)
    for (size_t m = 0; m < w->measures; m++)
      for (int what = 0; what < 3; what++, ++*counts) {
        struct range r = range_of(&lp, i, kinds_of(w, m, what));
        double truth = (double)count_of(w, hidden[i], kinds_of(w, m, what));
        double threshold = (double)w->threshold;
        ck_assert(r.low <= truth + 1e-6 && truth <= r.high + 1e-6);
        if (s->kinds[hidden[i]] == EH_PUBLIC_SMALL)
          ck_assert_msg(r.low < 1e-6 && r.high > threshold - 1e-6, "%g to %g", r.low, r.high);
        else
          ck_assert_msg(r.high - r.low > threshold - 1e-6, "%g to %g", r.low, r.high);
      }
  simplex_free(&lp);
}

START_TEST(no_suppressed_count_can_be_recovered) {
  size_t attacked = 0, counts = 0, shown = 0;
  for (uint64_t seed = 1; seed <= WORLDS; seed++) {
    struct eh_arena *arena = eh_arena_new();
    struct world w = world_of(seed);
    struct eh_suppression s = suppress(arena, &w);
    ck_assert_uint_eq(s.shown + s.small + s.covers, w.units);
    ck_assert(s.small || !s.covers);
    if (!s.is_withheld && s.small) {
      attack(&w, &s, &counts);
      attacked++;
      shown += s.shown;
    }
    eh_arena_free(arena);
  }
  ck_assert_uint_ge(attacked, WORLDS / 10);
  ck_assert_uint_ge(counts, 1000);
  ck_assert_uint_ge(shown, 50);
}
END_TEST

/* The same attack on what suppression without covers leaves: it must find something. */
START_TEST(the_attack_breaks_what_has_no_cover) {
  size_t recovered = 0;
  for (uint64_t seed = 1; seed <= WORLDS / 4; seed++) {
    struct eh_arena *arena = eh_arena_new();
    struct world w = world_of(seed);
    struct eh_suppression s = suppress(arena, &w);
    enum eh_public_kind kinds[MOST_UNITS];
    for (size_t u = 0; u < w.units; u++)
      kinds[u] = s.kinds[u] == EH_PUBLIC_SMALL ? EH_PUBLIC_SMALL : EH_PUBLIC_SHOWN;
    size_t hidden[MOST_UNITS], count = hidden_units(&w, kinds, hidden);
    if (count) {
      struct simplex lp = knowledge(&w, kinds, hidden, count);
      for (size_t i = 0; i < count; i++) {
        struct range r = range_of(&lp, i, kinds_of(&w, 0, 0));
        recovered += r.high - r.low < 0.5;
      }
      simplex_free(&lp);
    }
    eh_arena_free(arena);
  }
  ck_assert_uint_ge(recovered, 10);
}
END_TEST

/* Whether and how much a unit is small says nothing of which cover is taken. */
START_TEST(covers_do_not_depend_on_sizes) {
  struct eh_arena *arena = eh_arena_new();
  const char *names[] = {"a", "b", "c", "d", "e"};
  struct eh_public_count counts[] = {{5, 2}, {900, 300}, {80, 40}, {70, 30}, {90, 40}};
  struct eh_public_table table = {names, 5, counts, 1, 11};
  struct eh_suppression s = eh_suppress(arena, &table);
  ck_assert(!s.is_withheld);
  ck_assert_uint_eq(s.covers, 1);
  size_t cover = 0;
  while (s.kinds[cover] != EH_PUBLIC_COVER) cover++;
  for (size_t u = 1; u < 5; u++) counts[u] = (struct eh_public_count){1000 - 100 * u, 100 + 50 * u};
  s = eh_suppress(arena, &table);
  ck_assert_int_eq(s.kinds[cover], EH_PUBLIC_COVER);
  eh_arena_free(arena);
}
END_TEST

START_TEST(edges) {
  struct eh_arena *arena = eh_arena_new();
  const char *names[] = {"a", "b"};
  static const struct {
    struct eh_public_count counts[2];
    size_t shown, covers;
    bool is_withheld;
  } cases[] = {
      {{{22, 11}, {100, 50}}, 2, 0, false}, /* just enough of both */
      {{{22, 10}, {100, 50}}, 0, 1, false}, /* one event short: the other hides it */
      {{{21, 11}, {100, 50}}, 0, 1, false}, /* one without the event short */
      {{{0, 0}, {100, 50}}, 0, 1, false},   /* none is few */
      {{{0, 0}, {100, 21}}, 0, 1, true},    /* the cover is too small to hide it */
      {{{50, 50}, {60, 0}}, 0, 0, true},    /* no cover */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct eh_public_table table = {names, 2, cases[i].counts, 1, 11};
    struct eh_suppression s = eh_suppress(arena, &table);
    ck_assert_uint_eq(s.shown, cases[i].shown);
    ck_assert_uint_eq(s.covers, cases[i].covers);
    ck_assert_int_eq(s.is_withheld, cases[i].is_withheld);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(measures_that_hide_most_units_are_left_out) {
  const char *names[] = {"a", "b", "c", "d"};
  static const struct eh_public_count counts[] = {{90, 40}, {40, 20}, {40, 2},  {90, 40},
                                                  {40, 20}, {40, 2},  {90, 40}, {40, 2},
                                                  {4, 2},   {90, 40}, {40, 2},  {90, 40}};
  struct eh_public_table table = {names, 4, counts, 3, 11};
  size_t kept[3];
  ck_assert_uint_eq(eh_public_measures(&table, kept), 2);
  ck_assert_uint_eq(kept[0], 0);
  ck_assert_uint_eq(kept[1], 1);
  table.measure_count = 0;
  ck_assert_uint_eq(eh_public_measures(&table, kept), 0);
}
END_TEST

START_TEST(rounding) {
  static const uint64_t steps[][2] = {{2, 1},   {3, 2},   {5, 5},   {6, 5},
                                      {11, 10}, {12, 20}, {51, 50}, {52, 100}};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    ck_assert_uint_eq(eh_public_step(steps[i][0]), steps[i][1]);
  static const uint64_t rounded[][3] = {{0, 10, 0},   {4, 10, 0}, {5, 10, 10}, {14, 10, 10},
                                        {15, 10, 20}, {7, 1, 7},  {7, 5, 5},   {8, 5, 10}};
  for (size_t i = 0; i < sizeof rounded / sizeof *rounded; i++)
    ck_assert_uint_eq(eh_public_round(rounded[i][0], rounded[i][1]), rounded[i][2]);
  static const uint64_t percents[][2] = {{49, 0},  {50, 20}, {99, 20},  {100, 10},
                                         {200, 5}, {500, 2}, {1000, 1}, {UINT64_MAX, 1}};
  for (size_t i = 0; i < sizeof percents / sizeof *percents; i++)
    ck_assert_uint_eq(eh_public_percent_step(percents[i][0], 10), percents[i][1]);
}
END_TEST

RUN_TESTS("suppress", no_suppressed_count_can_be_recovered, the_attack_breaks_what_has_no_cover,
          covers_do_not_depend_on_sizes, edges, measures_that_hide_most_units_are_left_out,
          rounding)
