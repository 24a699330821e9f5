#include "reports/words/shares.h"

#include <stdlib.h>
#include <string.h>

#include "rules/language/question.h"

/* A stratum, all units together. */
struct eh_share_total {
  uint64_t records;
  double sum; /* of a value */
};

/* Is each stratum parted by outcome? */
static bool is_parted(const struct eh_comparison_result *comparison) {
  return eh_has_outcome(comparison->measure) && !eh_is_amount(comparison->measure);
}

/* How many counts of events a stratum has. */
static size_t events_of(const struct eh_comparison_result *comparison) {
  return is_parted(comparison) ? comparison->cells->outcome_count : 1;
}

static double sum_of(const struct eh_cells *cells, size_t cell) {
  double sum = 0.0;
  for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++)
    sum += cells->values[cells->portions[t].outcome] * (double)cells->portions[t].records;
  return sum;
}

static void add_cell(struct eh_shares *s, size_t cell) {
  const struct eh_comparison_result *c = s->totals_of;
  const struct eh_cells *cells = c->cells;
  uint32_t stratum = cells->cells[cell].stratum;
  s->totals[stratum].records += cells->cells[cell].records;
  if (eh_is_amount(c->measure)) {
    s->totals[stratum].sum += sum_of(cells, cell);
  } else if (!is_parted(c)) {
    s->events[stratum] += cells->cells[cell].events;
  } else {
    for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++)
      s->events[stratum * cells->outcome_count + cells->portions[t].outcome] +=
          cells->portions[t].records;
  }
}

static void sum_strata(struct eh_shares *s, const struct eh_comparison_result *comparison) {
  const struct eh_cells *cells = comparison->cells;
  if (s->totals_of == comparison) return;
  s->totals_of = comparison;
  size_t events = cells->stratum_count * events_of(comparison);
  if (cells->stratum_count > s->totals_capacity) {
    s->totals_capacity = cells->stratum_count;
    s->totals = eh_resize(s->totals, cells->stratum_count, sizeof *s->totals);
  }
  if (events > s->events_capacity) {
    s->events_capacity = events;
    s->events = eh_resize(s->events, events, sizeof *s->events);
  }
  if (cells->stratum_count) memset(s->totals, 0, cells->stratum_count * sizeof *s->totals);
  if (events) memset(s->events, 0, events * sizeof *s->events);
  for (size_t i = 0; i < cells->cell_count; i++) add_cell(s, i);
}

static struct eh_sides sides_of(const struct eh_shares *s, const struct eh_cell *cell,
                                size_t outcome) {
  const struct eh_comparison_result *c = s->totals_of;
  const struct eh_cells *cells = c->cells;
  size_t index = (size_t)(cell - cells->cells);
  const struct eh_share_total *total = &s->totals[cell->stratum];
  struct eh_sides sides = {.n1 = (double)cell->records,
                           .n2 = (double)(total->records - cell->records)};
  if (eh_is_amount(c->measure)) {
    sides.own = sum_of(cells, index);
    sides.peers = total->sum - sides.own;
  } else {
    bool parted = is_parted(c);
    uint64_t own = parted ? 0 : cell->events;
    for (size_t t = parted ? cells->first_portion[index] : 0;
         parted && t < cells->first_portion[index + 1]; t++)
      if (cells->portions[t].outcome == outcome) own = cells->portions[t].records;
    size_t at = parted ? cell->stratum * cells->outcome_count + outcome : cell->stratum;
    sides.own = (double)own;
    sides.peers = (double)(s->events[at] - own);
  }
  if (sides.n2 > 0) sides.expected = sides.n1 * (sides.peers / sides.n2);
  return sides;
}

static int compare_shares(const struct eh_share *a, const struct eh_share *b, double sign) {
  bool with = a->sides.n2 > 0, other_with = b->sides.n2 > 0;
  if (with != other_with) return with ? -1 : 1;
  double x = sign * (a->sides.own - a->sides.expected),
         y = sign * (b->sides.own - b->sides.expected);
  if (with && x != y) return x > y ? -1 : 1;
  return a->cell < b->cell ? -1 : a->cell > b->cell;
}
static int highest_first(const void *x, const void *y) { return compare_shares(x, y, 1.0); }
static int lowest_first(const void *x, const void *y) { return compare_shares(x, y, -1.0); }

void eh_shares_take(struct eh_shares *s, const struct eh_finding *finding) {
  const struct eh_cells *cells = finding->comparison->cells;
  const struct eh_unit *unit = &cells->units[finding->result->unit_index];
  sum_strata(s, finding->comparison);
  if (unit->cell_count > s->capacity) {
    s->capacity = unit->cell_count;
    s->items = eh_resize(s->items, unit->cell_count, sizeof *s->items);
  }
  /* where peers are weighted no kind of case has a share of its own */
  s->count = finding->result->balance.applies ? 0 : unit->cell_count;
  s->comparable = 0;
  for (size_t i = 0; i < s->count; i++) {
    const struct eh_cell *cell = &cells->cells[unit->first_cell + i];
    s->items[i] = (struct eh_share){cell, sides_of(s, cell, finding->result->category.largest)};
    s->comparable += s->items[i].sides.n2 > 0;
  }
}

void eh_shares_fill(struct eh_shares *s, const struct eh_finding *finding) {
  eh_shares_take(s, finding);
  if (s->count)
    qsort(s->items, s->count, sizeof *s->items,
          finding->result->higher ? highest_first : lowest_first);
}

struct eh_sides eh_shares_sum(const struct eh_shares *s, size_t first, size_t end) {
  struct eh_sides sum = {0};
  for (size_t i = first; i < end; i++) {
    const struct eh_sides *sides = &s->items[i].sides;
    sum.own += sides->own;
    sum.n1 += sides->n1;
    sum.peers += sides->peers;
    sum.n2 += sides->n2;
    sum.expected += sides->expected;
  }
  return sum;
}

struct eh_share_rows eh_share_rows(const struct eh_shares *s, size_t most) {
  size_t own = s->comparable < most ? s->comparable : most;
  return (struct eh_share_rows){own, s->comparable - own, s->count - s->comparable};
}

size_t eh_share_rows_count(const struct eh_share_rows *rows) {
  return rows->own + (rows->others > 0) + (rows->unshared > 0);
}

void eh_share_rows_items(const struct eh_share_rows *rows, size_t place, size_t *first,
                         size_t *end) {
  *first = place;
  *end = place + 1;
  if (place < rows->own) return;
  bool is_others = place == rows->own && rows->others > 0;
  *first = is_others ? rows->own : rows->own + rows->others;
  *end = *first + (is_others ? rows->others : rows->unshared);
}

void eh_shares_free(struct eh_shares *s) {
  free(s->totals);
  free(s->events);
  free(s->items);
  *s = (struct eh_shares){0};
}
