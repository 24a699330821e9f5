#include "engine/audit/workload/workload.h"

#include <math.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/load/cells/by_period.h"
#include "engine/stats/wilcoxon.h"
#include "rules/language/question.h"

enum side { NEITHER, HELD, STANDARD };

struct holding {
  struct eh_arena *arena;
  const struct eh_audit *audit;
  const struct eh_comparison_result *comparison;
  enum side *sides; /* by unit of the cells */
  struct eh_design design;
  /* The standard by stratum: records and events; of a value, its portions. */
  struct eh_table *standard; /* c and n2 */
  struct eh_amount *amounts;
  size_t *first_amount; /* by stratum, and behind the last */
  /* Of the units at hand: the place of a stratum among theirs, from 1; 0: they have none. */
  size_t *places;
  struct eh_table *tables;
  size_t *touched;
  size_t count;
};

/* --- who is held against whom --- */

static const struct eh_comparison_result *comparison_of(const struct eh_audit *audit,
                                                        const struct eh_workload *workload) {
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_cells *cells = audit->comparisons[i].cells;
    if (cells->comparison == workload->comparison && cells->measure == workload->measure)
      return &audit->comparisons[i];
  }
  return NULL;
}

/* A pair is one finding of which nobody can say whose it is. */
static bool is_found_itself(const struct eh_result *r) {
  return r->flagged && r->who.who == EH_WHO_UNIT;
}

static const char *choose_sides(struct holding *h, struct eh_workload_result *result) {
  const char *as = result->workload->as;
  size_t held = 0, standard = 0;
  for (size_t i = 0; i < h->comparison->result_count; i++) {
    const struct eh_result *r = &h->comparison->results[i];
    if (!r->recorded) continue;
    bool is_held = as ? strcmp(r->unit, as) != 0 : is_found_itself(r);
    result->unclear += !as && eh_result_differs(r) && !is_held;
    h->sides[r->unit_index] = is_held ? HELD : STANDARD;
    held += is_held;
    standard += !is_held;
  }
  if (as && !standard) return eh_arena_printf(h->arena, "no unit is called %s", as);
  if (!held && result->unclear)
    return "of those found to differ nobody can say which are out of line; name a standard with "
           "`as`";
  if (!held) return as ? "there is no other unit" : "no unit was found to differ";
  return standard ? NULL : "all units were found to differ; name a standard with `as`";
}

/* The design effect of one side's units together, each weighted by the variance of its own events;
   its degrees of freedom by Satterthwaite. */
static struct eh_design design_of_side(const struct holding *h, enum side side) {
  double sum = 0.0, weights = 0.0, rest = 0.0;
  for (size_t i = 0; i < h->comparison->result_count; i++) {
    const struct eh_result *r = &h->comparison->results[i];
    if (h->sides[r->unit_index] != side || r->share.rate.why_not) continue;
    const struct eh_dependence_part *d = &r->dependence;
    struct eh_design own = d->clustering ? d->difference : EH_INDEPENDENT;
    double weight = (double)r->comparable * r->share.rate.value * (1.0 - r->share.rate.value);
    weights += weight;
    sum += weight * own.delta;
    rest += weight * own.delta * weight * own.delta / own.df;
  }
  if (weights <= 0.0 || sum <= weights) return EH_INDEPENDENT;
  return (struct eh_design){sum / weights, rest > 0.0 ? sum * sum / rest : INFINITY};
}

/* That of the side whose decisions go together more. */
static struct eh_design design_of(const struct holding *h) {
  struct eh_design held = design_of_side(h, HELD), standard = design_of_side(h, STANDARD);
  return held.delta >= standard.delta ? held : standard;
}

/* --- the standard --- */

static void gather_standard(struct holding *h) {
  const struct eh_cells *cells = h->comparison->cells;
  size_t strata = cells->stratum_count;
  bool has_values = eh_is_amount(h->comparison->measure);
  h->standard = eh_arena_alloc(h->arena, strata, sizeof *h->standard);
  h->first_amount = eh_arena_alloc(h->arena, strata + 2, sizeof *h->first_amount);
  h->places = eh_arena_alloc(h->arena, strata, sizeof *h->places);
  h->touched = eh_arena_alloc(h->arena, strata, sizeof *h->touched);
  h->tables = eh_arena_alloc(h->arena, strata, sizeof *h->tables);
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *c = &cells->cells[i];
    if (h->sides[c->unit] != STANDARD) continue;
    h->standard[c->stratum].c += c->events;
    h->standard[c->stratum].n2 += c->records;
    if (has_values)
      h->first_amount[c->stratum + 2] += cells->first_portion[i + 1] - cells->first_portion[i];
  }
  if (!has_values) return;
  for (size_t s = 0; s < strata; s++) h->first_amount[s + 2] += h->first_amount[s + 1];
  h->amounts = eh_arena_alloc(h->arena, h->first_amount[strata + 1], sizeof *h->amounts);
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *c = &cells->cells[i];
    for (size_t t = cells->first_portion[i];
         h->sides[c->unit] == STANDARD && t < cells->first_portion[i + 1]; t++)
      h->amounts[h->first_amount[c->stratum + 1]++] = (struct eh_amount){
          c->stratum, false, cells->values[cells->portions[t].outcome], cells->portions[t].records};
  }
}

/* --- the units at hand --- */

static void clear(struct holding *h) {
  for (size_t i = 0; i < h->count; i++) h->places[h->touched[i]] = 0;
  h->count = 0;
}

/* Add a unit's cells to the tables. */
static void add_unit(struct holding *h, size_t unit) {
  const struct eh_cells *cells = h->comparison->cells;
  const struct eh_unit *u = &cells->units[unit];
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    const struct eh_cell *c = &cells->cells[i];
    if (!h->places[c->stratum]) {
      h->tables[h->count] = h->standard[c->stratum];
      h->touched[h->count] = c->stratum;
      h->places[c->stratum] = ++h->count;
    }
    struct eh_table *t = &h->tables[h->places[c->stratum] - 1];
    t->a += c->events;
    t->n1 += c->records;
  }
}

static struct eh_figure times(struct eh_figure figure, double factor) {
  return figure.why_not ? figure : eh_figure(factor * figure.value);
}

static struct eh_interval change_of(const struct eh_interval *difference, uint64_t records) {
  double n = -(double)records;
  return (struct eh_interval){.estimate = times(difference->estimate, n),
                              .low = times(difference->high, n),
                              .high = times(difference->low, n)};
}

static void hold_events(struct holding *h, struct eh_workload_change *change) {
  struct eh_difference d = eh_difference_by_design(
      h->tables, h->count, h->comparison->measure->flag.confidence, h->design);
  change->comparable = d.comparable;
  change->had = eh_figure((double)d.events);
  change->expected = d.comparable ? eh_figure(d.expected) : eh_no_figure("no like cases");
  change->change = change_of(&d.interval, d.comparable);
}

/* --- values --- */

/* Those of the units and of the standard where both have some; *sum: of the units'. */
static struct eh_amount *amounts_of(const struct holding *h, const size_t *units, size_t unit_count,
                                    size_t *count, double *sum) {
  const struct eh_cells *cells = h->comparison->cells;
  size_t most = 0;
  for (size_t i = 0; i < h->count; i++)
    most += h->first_amount[h->touched[i] + 1] - h->first_amount[h->touched[i]];
  for (size_t k = 0; k < unit_count; k++) {
    const struct eh_unit *u = &cells->units[units[k]];
    most +=
        cells->first_portion[u->first_cell + u->cell_count] - cells->first_portion[u->first_cell];
  }
  struct eh_amount *amounts = eh_arena_alloc(h->arena, most, sizeof *amounts);
  *count = 0;
  *sum = 0.0;
  for (size_t i = 0; i < h->count; i++)
    for (size_t t = h->first_amount[h->touched[i]]; t < h->first_amount[h->touched[i] + 1]; t++)
      amounts[(*count)++] = h->amounts[t];
  for (size_t k = 0; k < unit_count; k++) {
    const struct eh_unit *u = &cells->units[units[k]];
    for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++)
      for (size_t t = cells->first_portion[i];
           h->standard[cells->cells[i].stratum].n2 && t < cells->first_portion[i + 1]; t++) {
        const struct eh_portion *p = &cells->portions[t];
        double value = cells->values[p->outcome];
        amounts[(*count)++] = (struct eh_amount){cells->cells[i].stratum, true, value, p->records};
        *sum += value * (double)p->records;
      }
  }
  return amounts;
}

static void hold_values(struct holding *h, const size_t *units, size_t unit_count,
                        struct eh_workload_change *change) {
  size_t count;
  double sum;
  struct eh_amount *amounts = amounts_of(h, units, unit_count, &count, &sum);
  struct eh_wilcoxon w = eh_wilcoxon(amounts, count, h->comparison->measure->flag.confidence);
  change->comparable = w.comparable;
  change->change = change_of(&w.mean_difference, w.comparable);
  change->had = eh_figure(sum);
  change->expected = change->change.estimate.why_not
                         ? eh_no_figure(change->change.estimate.why_not)
                         : eh_figure(sum + change->change.estimate.value);
}

/* --- all of it --- */

static void hold(struct holding *h, const size_t *units, size_t count,
                 struct eh_workload_change *change) {
  clear(h);
  change->units = count;
  for (size_t k = 0; k < count; k++) add_unit(h, units[k]);
  for (size_t i = 0; i < h->count; i++) change->records += h->tables[i].n1;
  if (eh_is_amount(h->comparison->measure))
    hold_values(h, units, count, change);
  else
    hold_events(h, change);
}

/* Each unit by itself, and those above the standard and below it together. */
static void hold_all(struct holding *h, struct eh_workload_result *result) {
  size_t most = h->comparison->cells->unit_count, all = 0, above = 0, below = 0;
  size_t *units = eh_arena_alloc(h->arena, 3 * most, sizeof *units), *up = units + most,
         *down = up + most;
  result->units = eh_arena_alloc(h->arena, most, sizeof *result->units);
  for (size_t u = 0; u < most; u++) {
    if (h->sides[u] != HELD) continue;
    struct eh_workload_change *change = &result->units[result->unit_count++];
    units[all++] = u;
    hold(h, &u, 1, change);
    change->unit = h->comparison->cells->units[u].label;
    if (change->change.estimate.why_not) continue;
    if (change->change.estimate.value < 0.0) up[above++] = u;
    if (change->change.estimate.value > 0.0) down[below++] = u;
  }
  hold(h, units, all, &result->all);
  hold(h, up, above, &result->above);
  hold(h, down, below, &result->below);
}

/* With each unit's difference from its peers drawn in by how reliable it is. */
static struct eh_figure drawn_in(const struct holding *h) {
  double sum = 0.0;
  for (size_t i = 0; i < h->comparison->result_count; i++) {
    const struct eh_result *r = &h->comparison->results[i];
    if (h->sides[r->unit_index] != HELD) continue;
    if (r->among.shrunken_difference.why_not)
      return eh_no_figure(r->among.shrunken_difference.why_not);
    sum -= (double)r->comparable * r->among.shrunken_difference.value;
  }
  return eh_figure(sum);
}

static bool is_whole(const struct eh_account *account, int32_t quarter) {
  enum { DAYS_OFF = 7 }; /* it may end on some */
  int32_t end = eh_period_first_day(EH_PERIOD_QUARTER, quarter + 1) - 1;
  return account->has_dates && account->last_day >= end - DAYS_OFF &&
         account->first_day <= eh_period_first_day(EH_PERIOD_QUARTER, quarter) + DAYS_OFF;
}

static void count_quarters(const struct holding *h, struct eh_workload_result *result) {
  const struct eh_audit *audit = h->audit;
  const struct eh_comparison *c = h->comparison->comparison;
  result->no_quarters = audit->rules->date_column < 0
                            ? "the rules name no date"
                            : "these records cover no whole quarter, or came without their dates";
  struct eh_by_period_asked asked = {.every = EH_EVERY_QUARTER,
                                     .across = c->across,
                                     .within = c->within,
                                     .within_count = c->within_count,
                                     .measure = result->workload->measure,
                                     .last_day = INT32_MAX};
  const struct eh_by_period *table =
      audit->rules->date_column < 0
          ? NULL
          : eh_by_period_of(h->arena, audit->rules, audit->tables, audit->table_count, &asked);
  if (!table) return;
  for (size_t p = table->count; p-- > 0 && result->quarter_count < EH_WORKLOAD_QUARTERS;)
    result->quarter_count += is_whole(audit->account, table->first + (int32_t)p);
  size_t at = 0, last = table->count;
  while (last > 0 && !is_whole(audit->account, table->first + (int32_t)last - 1)) last--;
  for (size_t p = last - result->quarter_count; p < last; p++, at++) {
    struct eh_workload_quarter *q = &result->quarters[at];
    q->label = eh_period_label(h->arena, EH_EVERY_QUARTER, table->first + (int32_t)p);
    for (size_t i = 0; i < table->item_count; i++)
      if (table->items[i].period == p) {
        q->records += table->items[i].records;
        q->events += table->items[i].events;
      }
  }
  if (result->quarter_count) result->no_quarters = NULL;
}

static void take(struct eh_arena *arena, const struct eh_audit *audit,
                 struct eh_workload_result *result) {
  struct holding h = {.arena = arena,
                      .audit = audit,
                      .comparison = comparison_of(audit, result->workload),
                      .design = EH_INDEPENDENT};
  if (!h.comparison) {
    result->why_not = "no record is in this comparison";
    result->no_quarters = result->why_not;
    return;
  }
  h.sides = eh_arena_alloc(arena, h.comparison->cells->unit_count, sizeof *h.sides);
  result->why_not = choose_sides(&h, result);
  count_quarters(&h, result);
  result->drawn_in = eh_no_figure(result->why_not);
  if (result->why_not) return;
  h.design = design_of(&h);
  gather_standard(&h);
  hold_all(&h, result);
  if (!result->workload->as) result->drawn_in = drawn_in(&h);
  if (result->workload->as) result->drawn_in = eh_no_figure("the standard is named");
  if (!result->all.comparable) result->why_not = "they and the standard have no like cases";
}

const struct eh_audit *eh_workload_add(struct eh_arena *arena, const struct eh_audit *audit) {
  const struct eh_rules *rules = audit->rules;
  if (!rules->workload_count) return audit;
  struct eh_audit *more = eh_arena_alloc(arena, 1, sizeof *more);
  struct eh_workloads *workloads = eh_arena_alloc(arena, 1, sizeof *workloads);
  workloads->items = eh_arena_alloc(arena, rules->workload_count, sizeof *workloads->items);
  for (size_t i = 0; i < rules->workload_count; i++) {
    struct eh_workload_result *result = &workloads->items[workloads->count++];
    result->workload = &rules->workloads[i];
    take(arena, audit, result);
    result->statement = eh_workload_say(arena, audit, result);
  }
  *more = *audit;
  more->workloads = workloads;
  return more;
}
