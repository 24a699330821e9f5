#include "engine/audit/behind/drilldown.h"

#include <stdlib.h>

#include "engine/stats/sampling.h"

/* Pairs are sought in the situations that carry the most. */
enum { PAIR_STRATA = 5 };

/* Totals are summed once for each comparison that has findings. */
static void find_situations(struct eh_arena *arena, const struct eh_comparison_result *c,
                            struct eh_drilldown *d) {
  const struct eh_stratum_total *totals = NULL;
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *result = &c->results[i];
    if (!result->flagged) continue;
    if (!totals) totals = eh_stratum_totals(arena, c->cells);
    d->items[d->count++] = (struct eh_drill){
        .comparison = c,
        .result = result,
        .varying = eh_strata_varying(arena, c->cells, &c->cells->units[result->unit_index]),
        .situations = eh_situations(arena, c->cells, totals, result, EH_MOST_SITUATIONS)};
  }
}

static struct eh_find_stratum halves_of(const struct eh_situation *s, bool event) {
  uint64_t kept = s->records - s->events, peer_kept = s->peer_records - s->peer_events;
  return (struct eh_find_stratum){s->stratum, event ? s->events : kept,
                                  event ? peer_kept : s->peer_events};
}

static struct eh_find_request request_of(struct eh_arena *arena, const struct eh_drill *drill) {
  const struct eh_situations *s = &drill->situations;
  struct eh_find_stratum *strata = eh_arena_alloc(arena, PAIR_STRATA, sizeof *strata);
  struct eh_find_request request = {.cells = drill->comparison->cells,
                                    .unit = drill->result->unit_index,
                                    .event = drill->result->higher,
                                    .sample = drill->sample_planned,
                                    .strata = strata};
  for (size_t i = 0; i < s->count && request.stratum_count < PAIR_STRATA && request.sample; i++) {
    struct eh_find_stratum halves = halves_of(&s->items[i], request.event);
    if (halves.unit_records && halves.peer_records) strata[request.stratum_count++] = halves;
  }
  return request;
}

static enum eh_status find_records(struct eh_arena *arena, const struct eh_find_source *source,
                                   struct eh_drilldown *d, struct eh_error *error) {
  struct eh_find_request *requests = eh_arena_alloc(arena, d->count, sizeof *requests);
  struct eh_found *found = eh_arena_alloc(arena, d->count, sizeof *found);
  for (size_t i = 0; i < d->count; i++) requests[i] = request_of(arena, &d->items[i]);
  EH_TRY(source->find(source->context, arena, requests, d->count, found, error));
  for (size_t i = 0; i < d->count; i++) d->items[i].found = found[i];
  return EH_OK;
}

enum eh_status eh_drilldown_make(struct eh_arena *arena, const struct eh_audit *audit,
                                 const struct eh_find_source *source,
                                 const struct eh_drilldown **drilldown, struct eh_error *error) {
  struct eh_drilldown *d = eh_arena_alloc(arena, 1, sizeof *d);
  d->items = eh_arena_alloc(arena, audit->findings, sizeof *d->items);
  for (size_t c = 0; c < audit->comparison_count; c++)
    find_situations(arena, &audit->comparisons[c], d);
  const struct eh_review *review = &audit->rules->review;
  for (size_t i = 0; i < d->count; i++) {
    const struct eh_result *result = d->items[i].result;
    d->items[i].sample_planned =
        eh_result_differs(result)
            ? eh_sample_size(result->records, review->confidence, review->tolerable_rate)
            : 0;
  }
  d->has_records = source != NULL;
  *drilldown = d;
  return source && d->count ? find_records(arena, source, d, error) : EH_OK;
}

const struct eh_drill *eh_drilldown_of(const struct eh_drilldown *drilldown,
                                       const struct eh_result *result) {
  for (size_t i = 0; i < drilldown->count; i++)
    if (drilldown->items[i].result == result) return &drilldown->items[i];
  return NULL;
}
