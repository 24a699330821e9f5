#include "engine/load/find/pairs.h"

#include <stdlib.h>

#include "engine/base/memory.h"

/* The two halves of one stratum, as ranges of the ordered candidates. */
struct halves {
  size_t unit, peer, end; /* where the unit's begin, where the peers' do, behind them */
  size_t pairs;           /* chosen so far */
};

struct offer {
  struct eh_pair pair;
  uint32_t gap; /* UINT32_MAX: not known */
};

/* By stratum, side, day; days not recorded behind the others. */
static int compare(const void *left, const void *right) {
  const struct eh_candidate *a = left, *b = right;
  if (a->place != b->place) return a->place < b->place ? -1 : 1;
  if (a->is_peer != b->is_peer) return a->is_peer ? 1 : -1;
  if (a->day != b->day) return a->day - 1 < b->day - 1 ? -1 : 1; /* 0 - 1 is the largest */
  return (a->draw > b->draw) - (a->draw < b->draw);
}

static uint32_t gap_of(const struct eh_candidate *a, const struct eh_candidate *b) {
  if (a->day == 0 || b->day == 0) return UINT32_MAX;
  return a->day > b->day ? a->day - b->day : b->day - a->day;
}

static size_t next_free(const bool *used, size_t from, size_t end) {
  while (from < end && used[from]) from++;
  return from;
}

/* As close a pair on one day is as good as on another: chance decides, not the calendar. */
static bool is_better(const struct eh_candidate *c, const struct offer *a, const struct offer *b) {
  if (a->gap != b->gap) return a->gap < b->gap;
  if (a->pair.unit != b->pair.unit) return c[a->pair.unit].draw < c[b->pair.unit].draw;
  return c[a->pair.peer].draw < c[b->pair.peer].draw;
}

/* The closest pair left in a stratum. Both halves are in order of day, so one step past each other
   is enough: the nearest peer of a record is the last free one before it or the first behind. */
static bool closest(const struct eh_candidate *c, const bool *used, const struct halves *h,
                    struct offer *best) {
  bool found = false;
  size_t before = SIZE_MAX, behind = next_free(used, h->peer, h->end);
  for (size_t u = next_free(used, h->unit, h->peer); u < h->peer;
       u = next_free(used, u + 1, h->peer)) {
    while (behind < h->end && c[behind].day - 1 < c[u].day - 1) {
      before = behind;
      behind = next_free(used, behind + 1, h->end);
    }
    size_t sides[2] = {before, behind < h->end ? behind : SIZE_MAX};
    for (int s = 0; s < 2; s++) {
      if (sides[s] == SIZE_MAX) continue;
      struct offer offer = {{u, sides[s]}, gap_of(&c[u], &c[sides[s]])};
      if (!found || is_better(c, &offer, best)) *best = offer;
      found = true;
    }
  }
  return found;
}

static size_t find_halves(const struct eh_candidate *c, size_t count, struct halves *strata) {
  size_t n = 0;
  for (size_t i = 0; i < count;) {
    struct halves h = {.unit = i};
    while (i < count && c[i].place == c[h.unit].place && !c[i].is_peer) i++;
    h.peer = i;
    while (i < count && c[i].place == c[h.unit].place) i++;
    h.end = i;
    strata[n++] = h;
  }
  return n;
}

size_t eh_pairs_choose(struct eh_candidate *candidates, size_t count, struct eh_pair *pairs,
                       size_t most) {
  if (count) qsort(candidates, count, sizeof *candidates, compare);
  struct halves *strata = eh_alloc(count, sizeof *strata);
  bool *used = eh_alloc_zeroed(count, sizeof *used);
  size_t stratum_count = find_halves(candidates, count, strata), chosen = 0;
  while (chosen < most) {
    struct halves *from = NULL;
    struct offer best = {0};
    for (size_t s = 0; s < stratum_count; s++) {
      struct offer offer = {0};
      if (!closest(candidates, used, &strata[s], &offer)) continue;
      if (from &&
          (offer.gap > best.gap || (offer.gap == best.gap && strata[s].pairs >= from->pairs)))
        continue;
      best = offer;
      from = &strata[s];
    }
    if (!from) break;
    from->pairs++;
    used[best.pair.unit] = used[best.pair.peer] = true;
    pairs[chosen++] = best.pair;
  }
  free(used);
  free(strata);
  return chosen;
}
