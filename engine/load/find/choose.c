/* Which of the records that a request may use it does use. */
#include <stdlib.h>

#include "engine/base/random.h"
#include "engine/load/find/internal.h"
#include "engine/load/find/pairs.h"

enum { MOST_HALVES = 200 }; /* candidates on each side of a stratum, about */

uint64_t eh_find_draw(uint64_t seed, uint64_t print) {
  struct eh_random random = eh_random_seeded(seed, print);
  return eh_random_bits(&random);
}

/* Keep those of `among` records whose draw is up to this, to have about `wanted` of them. */
static uint64_t limit_for(double wanted, uint64_t among) {
  double share = among ? wanted / (double)among : 1.0;
  return share >= 1.0 ? UINT64_MAX : (uint64_t)(share * 0x1p64);
}

/* So many more than the sample that it will never fall short: the number kept is a Poisson
   variable, and this is over ten standard deviations above the sample. */
static double with_reserve(uint64_t sample) {
  double n = (double)sample;
  return 2.0 * n + 70.0;
}

uint64_t eh_find_half_limit(uint64_t records) { return limit_for(MOST_HALVES, records); }

uint64_t eh_find_sample_limit(const struct eh_find_request *request) {
  const struct eh_unit *unit = &request->cells->units[request->unit];
  uint64_t records = 0;
  for (size_t i = 0; i < unit->cell_count; i++)
    records += request->cells->cells[unit->first_cell + i].records;
  return limit_for(with_reserve(request->sample), records);
}

/* --- hits --- */

void eh_hits_add(struct eh_hits *hits, const struct eh_hit *hit) {
  if (hits->count == hits->capacity) {
    hits->capacity = hits->capacity ? 2 * hits->capacity : 64;
    hits->items = eh_resize(hits->items, hits->capacity, sizeof *hits->items);
  }
  hits->items[hits->count++] = *hit;
}

/* By request, stratum and draw: the same order whatever the order of the rows. */
static int compare(const void *left, const void *right) {
  const struct eh_hit *a = left, *b = right;
  if (a->request != b->request) return a->request < b->request ? -1 : 1;
  if (a->place != b->place) return a->place < b->place ? -1 : 1;
  if (a->draw != b->draw) return a->draw < b->draw ? -1 : 1;
  return (a->row > b->row) - (a->row < b->row);
}

void eh_hits_sort(struct eh_hits *hits) {
  if (hits->count) qsort(hits->items, hits->count, sizeof *hits->items, compare);
}

/* --- choosing --- */

static void show(struct eh_showing *s, const struct eh_find_request *request, size_t row,
                 struct eh_found_record *record) {
  if (s->count == s->capacity) {
    s->capacity = s->capacity ? 2 * s->capacity : 1024;
    s->items = eh_resize(s->items, s->capacity, sizeof *s->items);
  }
  s->items[s->count++] = (struct eh_shown){row, request, record};
}

static void draw_sample(struct eh_showing *s, const struct eh_find_request *request,
                        const struct eh_hit *hits, size_t count, struct eh_found *found) {
  found->sample_count = count < request->sample ? count : (size_t)request->sample;
  found->sample = eh_arena_alloc(s->arena, found->sample_count, sizeof *found->sample);
  for (size_t i = 0; i < found->sample_count; i++) show(s, request, hits[i].row, &found->sample[i]);
}

static void choose_pairs(struct eh_showing *s, const struct eh_find_request *request,
                         const struct eh_hit *hits, size_t count, struct eh_found *found) {
  struct eh_candidate *candidates = eh_alloc(count, sizeof *candidates);
  struct eh_pair pairs[EH_MOST_PAIRS];
  for (size_t i = 0; i < count; i++)
    candidates[i] = (struct eh_candidate){hits[i].place, hits[i].is_peer, hits[i].day, hits[i].draw,
                                          hits[i].row};
  found->pair_count = eh_pairs_choose(candidates, count, pairs, EH_MOST_PAIRS);
  found->pairs = eh_arena_alloc(s->arena, found->pair_count, sizeof *found->pairs);
  for (size_t i = 0; i < found->pair_count; i++) {
    const struct eh_candidate *unit = &candidates[pairs[i].unit];
    found->pairs[i].stratum = request->strata[unit->place].stratum;
    show(s, request, unit->row, &found->pairs[i].unit);
    show(s, request, candidates[pairs[i].peer].row, &found->pairs[i].peer);
  }
  free(candidates);
}

void eh_find_choose(struct eh_showing *showing, const struct eh_find_request *requests,
                    size_t count, const struct eh_hits *hits, struct eh_found *found) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    size_t first = at, sample;
    while (at < hits->count && hits->items[at].request == i &&
           hits->items[at].place != EH_IN_SAMPLE)
      at++;
    sample = at;
    while (at < hits->count && hits->items[at].request == i) at++;
    choose_pairs(showing, &requests[i], hits->items + first, sample - first, &found[i]);
    draw_sample(showing, &requests[i], hits->items + sample, at - sample, &found[i]);
  }
}
