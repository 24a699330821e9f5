/* Where decisions that nobody recorded may go. */
#include <math.h>

#include "engine/stats/unrecorded_internal.h"

static void add_to(const struct eh_unrecorded_finding *f, size_t stratum, uint64_t records) {
  f->changed[stratum].n1 += records;
  if (!f->higher) f->changed[stratum].a += records;
}

void eh_unrecorded_in_proportion(const struct eh_unrecorded_finding *f, uint64_t k) {
  uint64_t before = 0, given = 0;
  for (size_t i = 0; i < f->count; i++) {
    before += f->tables[i].n1;
    uint64_t upto = (uint64_t)((unsigned __int128)k * before / f->comparable);
    add_to(f, i, upto - given);
    given = upto;
  }
}

/* --- where each counts most, one after the other --- */

/* The strata as a heap: on top the one where the next record lowers |D| most, of equal ones the
   first. An equal gain is an equal number: both are rounded once, from whole numbers. */
struct next {
  double gain;
  uint32_t stratum;
};
struct eh_unrecorded_order {
  struct next *heap;
  double *given;     /* by stratum: records so far */
  uint32_t *stratum; /* of each record in turn */
  size_t count, capacity;
};

static double gain_of(const struct eh_unrecorded_finding *f, size_t stratum, double given) {
  double n = eh_unrecorded_records(&f->tables[stratum]) + given;
  return f->weight[stratum] / (n * (n + 1.0));
}

static bool goes_first(const struct next *a, const struct next *b) {
  return a->gain > b->gain || (a->gain == b->gain && a->stratum < b->stratum);
}

static void sift_down(struct next *heap, size_t count, size_t at) {
  struct next moved = heap[at];
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && goes_first(&heap[child + 1], &heap[child])) child++;
    if (!goes_first(&heap[child], &moved)) break;
    heap[at] = heap[child];
  }
  heap[at] = moved;
}

struct eh_unrecorded_order *eh_unrecorded_order(const struct eh_unrecorded_finding *f) {
  struct eh_unrecorded_order *o = eh_arena_alloc(f->scratch, 1, sizeof *o);
  o->heap = eh_arena_alloc(f->scratch, f->count, sizeof *o->heap);
  o->given = eh_arena_alloc(f->scratch, f->count, sizeof *o->given);
  for (size_t i = 0; i < f->count; i++) o->heap[i] = (struct next){gain_of(f, i, 0.0), (uint32_t)i};
  for (size_t i = f->count / 2; i-- > 0;) sift_down(o->heap, f->count, i);
  return o;
}

static void find_next(const struct eh_unrecorded_finding *f) {
  struct eh_unrecorded_order *o = f->order;
  struct next *top = &o->heap[0];
  if (o->count == o->capacity) {
    size_t capacity = o->capacity ? 2 * o->capacity : 64;
    uint32_t *stratum = eh_arena_alloc(f->scratch, capacity, sizeof *stratum);
    for (size_t i = 0; i < o->count; i++) stratum[i] = o->stratum[i];
    o->stratum = stratum;
    o->capacity = capacity;
  }
  o->stratum[o->count++] = top->stratum;
  top->gain = gain_of(f, top->stratum, o->given[top->stratum] += 1.0);
  sift_down(o->heap, f->count, 0);
}

/* --- where each counts most, of very many --- */

/* How many records of this stratum lower |D| by at least gain each: the largest x with w >= gain
   (n + x - 1)(n + x). */
static double worth_at_least(const struct eh_unrecorded_finding *f, size_t stratum, double gain) {
  double n = eh_unrecorded_records(&f->tables[stratum]), most = f->weight[stratum] / gain;
  double x = floor((sqrt(1.0 + 4.0 * most) + 1.0) / 2.0 - n);
  if (x < 0.0) x = 0.0;
  while ((n + x) * (n + x + 1.0) <= most) x += 1.0;
  while (x > 0.0 && (n + x - 1.0) * (n + x) > most) x -= 1.0;
  return x;
}

static double all_worth(const struct eh_unrecorded_finding *f, double gain) {
  double sum = 0.0;
  for (size_t i = 0; i < f->count; i++) sum += worth_at_least(f, i, gain);
  return sum;
}

/* Where each counts most: all records that are worth more than some gain, and of those that are
   worth just that, from the first stratum on, as many as are left. */
static void place_by_gain(const struct eh_unrecorded_finding *f, uint64_t k) {
  double high = 0.0, low;
  for (size_t i = 0; i < f->count; i++)
    high = fmax(high, f->weight[i] / (eh_unrecorded_records(&f->tables[i]) *
                                      (eh_unrecorded_records(&f->tables[i]) + 1.0)));
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

void eh_unrecorded_where_most(const struct eh_unrecorded_finding *f, uint64_t k) {
  enum { MOST_IN_ORDER = 20000 };
  if (k > MOST_IN_ORDER) {
    place_by_gain(f, k);
    return;
  }
  while (f->order->count < k) find_next(f);
  for (uint64_t i = 0; i < k; i++) add_to(f, f->order->stratum[i], 1);
}
