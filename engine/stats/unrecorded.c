#include "engine/stats/unrecorded.h"

#include <math.h>

#include "engine/base/memory.h"
#include "engine/stats/exact.h"
#include "engine/stats/mantel_haenszel.h"

enum { MOST_TIMES = 1000 }; /* the comparable records */

/* A finding of a unit's comparable tables, and room for them with k more records. */
struct finding {
  const struct eh_table *tables;
  size_t count;
  uint64_t comparable; /* the unit's records */
  bool higher;
  const struct eh_standard *standard;
  struct eh_arena *scratch;
  struct eh_table *changed;
  double *weight; /* by stratum: a record lowers |D| by this over n (n + 1) */
};

static void add_to(const struct finding *f, size_t stratum, uint64_t records) {
  f->changed[stratum].n1 += records;
  if (!f->higher) f->changed[stratum].a += records;
}

/* --- where k more records go --- */

/* Spread over the strata as the unit's records are. */
static void place_in_proportion(const struct finding *f, uint64_t k) {
  uint64_t before = 0, given = 0;
  for (size_t i = 0; i < f->count; i++) {
    before += f->tables[i].n1;
    uint64_t upto = (uint64_t)((unsigned __int128)k * before / f->comparable);
    add_to(f, i, upto - given);
    given = upto;
  }
}

static double records_in(const struct eh_table *t) { return (double)t->n1 + (double)t->n2; }

/* How many records of this stratum lower |D| by at least gain each: the largest x with w >= gain
   (n + x - 1)(n + x). */
static double worth_at_least(const struct finding *f, size_t stratum, double gain) {
  double n = records_in(&f->tables[stratum]), most = f->weight[stratum] / gain;
  double x = floor((sqrt(1.0 + 4.0 * most) + 1.0) / 2.0 - n);
  if (x < 0.0) x = 0.0;
  while ((n + x) * (n + x + 1.0) <= most) x += 1.0;
  while (x > 0.0 && (n + x - 1.0) * (n + x) > most) x -= 1.0;
  return x;
}

static double all_worth(const struct finding *f, double gain) {
  double sum = 0.0;
  for (size_t i = 0; i < f->count; i++) sum += worth_at_least(f, i, gain);
  return sum;
}

/* Where each counts most: all records that are worth more than some gain, and of those that are
   worth just that, from the first stratum on, as many as are left. */
static void place_where_most(const struct finding *f, uint64_t k) {
  double high = 0.0, low;
  for (size_t i = 0; i < f->count; i++)
    high =
        fmax(high, f->weight[i] / (records_in(&f->tables[i]) * (records_in(&f->tables[i]) + 1.0)));
  high *= 1.0 + 1e-12; /* above all */
  for (low = high / 2.0; all_worth(f, low) < (double)k; low /= 2.0) high = low;
  while (high - low > 4e-16 * high) {
    double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high) break;
    if (all_worth(f, middle) < (double)k)
      high = middle;
    else
      low = middle;
  }
  uint64_t left = k;
  for (size_t i = 0; i < f->count; i++) {
    uint64_t sure = (uint64_t)worth_at_least(f, i, high);
    add_to(f, i, sure);
    left -= sure;
  }
  for (size_t i = 0; i < f->count && left > 0; i++) {
    uint64_t more = (uint64_t)(worth_at_least(f, i, low) - worth_at_least(f, i, high));
    if (more > left) more = left;
    add_to(f, i, more);
    left -= more;
  }
}

typedef void placing(const struct finding *f, uint64_t k);

/* --- does it stand? --- */

static double p_of_changed(const struct finding *f, const struct eh_cmh *cmh) {
  if (f->standard->by_cmh) return cmh->test.why_not ? 1.0 : cmh->test.p;
  struct eh_arena_mark mark = eh_arena_mark(f->scratch);
  double p = eh_exact_mid_p(eh_exact_new(f->scratch, f->changed, f->count)).mid_p;
  eh_arena_reset(f->scratch, mark);
  return p;
}

/* With k more decisions that speak against it. roughly: by the Cochran-Mantel-Haenszel test. */
static bool stands(const struct finding *f, placing *place, uint64_t k, bool roughly) {
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
static uint64_t first_fall(const struct finding *f, placing *place, uint64_t limit, uint64_t guess,
                           bool roughly) {
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
static uint64_t search(const struct finding *f, placing *place, uint64_t limit) {
  uint64_t guess = first_fall(f, place, limit, 1, true);
  return f->standard->by_cmh ? guess : first_fall(f, place, limit, guess, false);
}

/* By size alone; UINT64_MAX where no number is enough. */
static uint64_t enough_by_size(const struct finding *f) {
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

static struct finding finding_of(struct eh_arena *scratch, const struct eh_table *tables,
                                 size_t count, const struct eh_standard *standard) {
  struct finding f = {.standard = standard, .scratch = scratch};
  struct eh_table *kept = eh_arena_alloc(scratch, 2 * count, sizeof *kept);
  double *weight = eh_arena_alloc(scratch, count, sizeof *weight);
  f.higher = eh_cmh(tables, count).deviation > 0.0;
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_comparable(&tables[i])) continue;
    double m = (double)tables[i].a + (double)tables[i].c;
    weight[f.count] = (double)tables[i].n2 * (f.higher ? m : records_in(&tables[i]) - m);
    f.comparable += tables[i].n1;
    kept[f.count++] = tables[i];
  }
  f.tables = kept;
  f.changed = kept + count;
  f.weight = weight;
  return f;
}

static struct eh_unrecorded count_unrecorded(const struct finding *f) {
  uint64_t most = MOST_TIMES * f->comparable, by_size = enough_by_size(f);
  uint64_t limit = by_size < most ? by_size : most;
  uint64_t enough = search(f, place_where_most, limit);
  if (enough == most) return eh_no_unrecorded("no number of unrecorded decisions would remove it");
  uint64_t spread = search(f, place_in_proportion, most);
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
  struct finding f = finding_of(scratch, tables, count, standard);
  struct eh_unrecorded found = eh_no_unrecorded("no comparable records");
  if (f.comparable > 0)
    found = stands(&f, NULL, 0, false)
                ? count_unrecorded(&f)
                : eh_no_unrecorded(
                      "its records by themselves show no finding at the level that decided");
  eh_arena_free(scratch);
  return found;
}
