#include "engine/audit/behind/extremes.h"

#include <stdlib.h>
#include <string.h>

#include "engine/audit/behind/situations.h"
#include "engine/stats/share.h"

struct listing {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_comparison_result *comparison;
  struct eh_extremes *extremes;
  size_t capacity, first; /* of the measure and kind at hand */
};

const char *eh_extreme_kind_name(enum eh_extreme_kind kind) {
  static const char *const names[] = {"one factor", "kind of case", "unit"};
  return names[kind];
}

/* NULL: there is an event now and then, or too little is known. */
static struct eh_extreme *take(struct listing *l, enum eh_extreme_kind kind, uint64_t records,
                               uint64_t events) {
  struct eh_extremes *e = l->extremes;
  if (records < EH_EXTREME_RECORDS || (events != 0 && events != records)) return NULL;
  if (e->count == l->capacity) {
    struct eh_extreme *old = e->items;
    l->capacity = l->capacity ? 2 * l->capacity : 64;
    e->items = eh_arena_alloc(l->arena, l->capacity, sizeof *e->items);
    if (e->count) memcpy(e->items, old, e->count * sizeof *old);
  }
  struct eh_interval rate =
      eh_exact_share(events, records, l->comparison->measure->flag.confidence);
  struct eh_extreme *item = &e->items[e->count++];
  *item = (struct eh_extreme){.comparison = l->comparison,
                              .kind = kind,
                              .always = events != 0,
                              .records = records,
                              .limit = events ? rate.low.value : rate.high.value};
  return item;
}

static int most_records_first(const void *left, const void *right) {
  const struct eh_extreme *a = left, *b = right;
  if (a->records != b->records) return a->records > b->records ? -1 : 1;
  return strcmp(a->what, b->what);
}

/* Those of one measure and kind are complete. */
static void settle(struct listing *l) {
  struct eh_extremes *e = l->extremes;
  size_t count = e->count - l->first;
  if (count) qsort(e->items + l->first, count, sizeof *e->items, most_records_first);
  if (count > EH_MOST_EXTREMES) {
    e->left_out += count - EH_MOST_EXTREMES;
    e->count = l->first + EH_MOST_EXTREMES;
  }
  l->first = e->count;
}

static void list_levels(struct listing *l, const struct eh_stratum_total *totals) {
  const struct eh_cells *cells = l->comparison->cells;
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_stratum_column *column = &cells->columns[k];
    if (!column->is_factor) continue;
    struct eh_stratum_total *sums = eh_arena_alloc(l->arena, column->label_count, sizeof *sums);
    for (size_t s = 0; s < cells->stratum_count; s++) {
      uint32_t code = cells->codes[s * cells->column_count + k];
      sums[code].records += totals[s].records;
      sums[code].events += totals[s].events;
    }
    for (size_t i = 0; i < column->label_count; i++) {
      struct eh_extreme *item = take(l, EH_EXTREME_LEVEL, sums[i].records, sums[i].events);
      if (item)
        item->what = eh_arena_printf(l->arena, "%s: %s", l->rules->columns[column->column].name,
                                     column->labels[i]);
    }
  }
  settle(l);
}

static void list_situations(struct listing *l, const struct eh_stratum_total *totals) {
  const struct eh_cells *cells = l->comparison->cells;
  bool *all = eh_arena_alloc(l->arena, cells->column_count, sizeof *all);
  memset(all, true, cells->column_count * sizeof *all);
  for (uint32_t s = 0; s < cells->stratum_count && cells->column_count > 1; s++) {
    struct eh_extreme *item = take(l, EH_EXTREME_SITUATION, totals[s].records, totals[s].events);
    if (item) item->what = eh_stratum_say(l->arena, l->rules, cells, all, s);
  }
  settle(l);
}

static void list_units(struct listing *l) {
  for (size_t i = 0; i < l->comparison->result_count; i++) {
    const struct eh_result *r = &l->comparison->results[i];
    struct eh_extreme *item =
        r->recorded ? take(l, EH_EXTREME_UNIT, r->records, r->share.all_events) : NULL;
    if (item) item->what = r->unit;
  }
  settle(l);
}

static bool is_first(const struct eh_audit *audit, size_t index) {
  const struct eh_comparison_result *c = &audit->comparisons[index];
  if (c->measure->kind != EH_MEASURE_EVENT || c->cells->each ||
      c->comparison->across == audit->rules->policy_column)
    return false;
  for (size_t i = 0; i < index; i++)
    if (audit->comparisons[i].measure == c->measure && !audit->comparisons[i].cells->each &&
        audit->comparisons[i].comparison->across != audit->rules->policy_column)
      return false;
  return true;
}

const struct eh_audit *eh_extremes_add(struct eh_arena *arena, const struct eh_audit *audit) {
  struct eh_audit *more = eh_arena_alloc(arena, 1, sizeof *more);
  struct eh_extremes *extremes = eh_arena_alloc(arena, 1, sizeof *extremes);
  struct listing l = {.arena = arena, .rules = audit->rules, .extremes = extremes};
  for (size_t i = 0; i < audit->comparison_count; i++) {
    if (!is_first(audit, i)) continue;
    l.comparison = &audit->comparisons[i];
    const struct eh_stratum_total *totals = eh_stratum_totals(arena, l.comparison->cells);
    list_levels(&l, totals);
    list_situations(&l, totals);
    list_units(&l);
  }
  *more = *audit;
  more->extremes = extremes;
  return more;
}
