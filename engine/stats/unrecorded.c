#include "engine/stats/unrecorded.h"

#include <math.h>

#include "engine/stats/exact.h"
#include "engine/stats/mantel_haenszel.h"
#include "engine/stats/unrecorded_internal.h"

enum { MOST_TIMES = 1000 }; /* the comparable records */

/* --- does it stand? --- */

static double p_of_changed(const struct eh_unrecorded_finding *f, const struct eh_cmh *cmh) {
  if (f->standard->by_cmh) return cmh->test.why_not ? 1.0 : cmh->test.p;
  struct eh_arena_mark mark = eh_arena_mark(f->scratch);
  double p = eh_exact_mid_p(eh_exact_new(f->scratch, f->changed, f->count)).mid_p;
  eh_arena_reset(f->scratch, mark);
  return p;
}

/* With k more decisions that speak against it. roughly: by the Cochran-Mantel-Haenszel test. */
static bool stands(const struct eh_unrecorded_finding *f, eh_unrecorded_placing *place, uint64_t k,
                   bool roughly) {
  const struct eh_standard *s = f->standard;
  double events = 0.0, expected = 0.0, sign = f->higher ? 1.0 : -1.0;
  for (size_t i = 0; i < f->count; i++) f->changed[i] = f->tables[i];
  if (k > 0) place(f, k);
  for (size_t i = 0; i < f->count; i++) {
    const struct eh_table *t = &f->changed[i];
    events += (double)t->a;
    expected += (double)t->n1 * ((double)t->c / (double)t->n2);
  }
  double difference = sign * (events - expected) / (double)(f->comparable + k);
  if (!(difference > 0.0 && difference >= s->smallest_difference - 1e-12)) return false;
  struct eh_cmh cmh = eh_cmh(f->changed, f->count);
  if (!(sign * cmh.deviation > 0.0)) return false;
  double level = s->level_at ? s->level_at(s->context, f->changed, f->count) : s->level;
  double p = roughly ? cmh.test.p : p_of_changed(f, &cmh);
  return p <= level * (1.0 + 1e-9);
}

/* The smallest k above low at which it no longer stands, or limit where that is not below; it
   stands at low. From a guess, in growing steps, to both sides of it; then by bisection. */
static uint64_t first_fall(const struct eh_unrecorded_finding *f, eh_unrecorded_placing *place,
                           uint64_t limit, uint64_t guess, bool roughly) {
  uint64_t low = 0, high = limit, step = 1;
  if (guess >= limit) guess = limit - 1;
  for (uint64_t k = guess; k > low && k < high; step *= 2) {
    if (stands(f, place, k, roughly)) {
      low = k;
      if (high < limit || limit - k <= step) break;
      k += step;
    } else {
      high = k;
      if (low > 0 || k <= step) break;
      k -= step;
    }
  }
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    if (stands(f, place, middle, roughly))
      low = middle;
    else
      high = middle;
  }
  return high;
}

/* The Cochran-Mantel-Haenszel test, which costs next to nothing, says about where. */
static uint64_t search(const struct eh_unrecorded_finding *f, eh_unrecorded_placing *place,
                       uint64_t limit) {
  uint64_t guess = first_fall(f, place, limit, 1, true);
  return f->standard->by_cmh ? guess : first_fall(f, place, limit, guess, false);
}

/* By size alone; UINT64_MAX where no number is enough. */
static uint64_t enough_by_size(const struct eh_unrecorded_finding *f) {
  double size = f->standard->smallest_difference - 1e-12, N = (double)f->comparable;
  double above = 0.0, furthest = f->higher ? 0.0 : 1.0;
  for (size_t i = 0; i < f->count; i++) {
    const struct eh_table *t = &f->tables[i];
    double rate = (double)t->c / (double)t->n2;
    above += (double)t->a - (double)t->n1 * rate;
    furthest = f->higher ? fmax(furthest, rate) : fmin(furthest, rate);
  }
  double each = (f->higher ? furthest : 1.0 - furthest) + size;
  double needed = floor(((f->higher ? above : -above) - size * N) / each) + 1.0;
  return each > 0.0 && needed < 1e18 ? (uint64_t)needed : UINT64_MAX;
}

/* --- a unit --- */

struct eh_unrecorded eh_no_unrecorded(const char *why_not) {
  struct eh_figure no = eh_no_figure(why_not);
  return (struct eh_unrecorded){no, no, no, false};
}

static struct eh_unrecorded_finding finding_of(struct eh_arena *scratch,
                                               const struct eh_table *tables, size_t count,
                                               const struct eh_standard *standard) {
  struct eh_unrecorded_finding f = {.standard = standard, .scratch = scratch};
  struct eh_table *kept = eh_arena_alloc(scratch, 2 * count, sizeof *kept);
  double *weight = eh_arena_alloc(scratch, count, sizeof *weight);
  f.higher = eh_cmh(tables, count).deviation > 0.0;
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_comparable(&tables[i])) continue;
    double m = (double)tables[i].a + (double)tables[i].c;
    weight[f.count] = (double)tables[i].n2 * (f.higher ? m : eh_unrecorded_records(&tables[i]) - m);
    f.comparable += tables[i].n1;
    kept[f.count++] = tables[i];
  }
  f.tables = kept;
  f.changed = kept + count;
  f.weight = weight;
  f.order = eh_unrecorded_order(&f);
  return f;
}

static struct eh_unrecorded count_unrecorded(const struct eh_unrecorded_finding *f) {
  uint64_t most = MOST_TIMES * f->comparable, by_size = enough_by_size(f);
  uint64_t limit = by_size < most ? by_size : most;
  uint64_t enough = search(f, eh_unrecorded_where_most, limit);
  if (enough == most) return eh_no_unrecorded("no number of unrecorded decisions would remove it");
  uint64_t spread = search(f, eh_unrecorded_in_proportion, most);
  double N = (double)f->comparable;
  return (struct eh_unrecorded){eh_figure((double)enough), eh_figure(N / (N + (double)enough)),
                                spread == most
                                    ? eh_no_figure("spread over its kinds of case, no number would")
                                    : eh_figure((double)spread),
                                enough == by_size};
}

struct eh_unrecorded eh_unrecorded(const struct eh_table *tables, size_t count,
                                   const struct eh_standard *standard) {
  struct eh_arena *scratch = eh_arena_new();
  struct eh_unrecorded_finding f = finding_of(scratch, tables, count, standard);
  struct eh_unrecorded found = eh_no_unrecorded("no comparable records");
  if (f.comparable > 0)
    found = stands(&f, NULL, 0, false)
                ? count_unrecorded(&f)
                : eh_no_unrecorded(
                      "its records by themselves show no finding at the level that decided");
  eh_arena_free(scratch);
  return found;
}
