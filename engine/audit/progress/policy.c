#include "engine/audit/progress/policy.h"

#include <math.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "engine/load/cells/by_period.h"
#include "engine/stats/exact.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/rounding.h"

struct finding_out {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_cells *cells, *tables;
  size_t count, table_count;
  struct eh_policy_changes *changes;
};

/* --- what was in force --- */

/* The column's label of a day, as records have it. */
static const char *in_force(struct eh_arena *arena, const struct eh_rules *rules, int32_t day) {
  const char *label = "";
  for (size_t i = 0; i < rules->policy_count; i++) {
    const struct eh_policy *policy = &rules->policies[i];
    if (day >= policy->from && day <= policy->until)
      label = eh_arena_printf(arena, "%s%s%s", label, *label ? " + " : "", policy->name);
  }
  return *label ? label : "(none)";
}

static int unit_of(const struct eh_cells *cells, const char *label) {
  for (size_t u = 0; u < cells->unit_count; u++)
    if (strcmp(cells->units[u].label, label) == 0) return (int)u;
  return -1;
}

/* --- before and after in the cells of one `each` value --- */

struct pair {
  struct eh_table *tables; /* by stratum that occurs at either time */
  size_t count;
};

static void put_unit(const struct eh_cells *cells, int unit, bool after, size_t *place,
                     struct pair *pair) {
  if (unit < 0) return;
  const struct eh_unit *u = &cells->units[unit];
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    if (!place[cell->stratum]) place[cell->stratum] = ++pair->count;
    struct eh_table *t = &pair->tables[place[cell->stratum] - 1];
    *(after ? &t->a : &t->c) = cell->events;
    *(after ? &t->n1 : &t->n2) = cell->records;
  }
}

static struct pair pair_of(struct eh_arena *arena, const struct eh_cells *cells,
                           const struct eh_policy_change *change) {
  struct pair pair = {eh_arena_alloc(arena, cells->stratum_count, sizeof *pair.tables), 0};
  size_t *place = eh_arena_alloc(arena, cells->stratum_count, sizeof *place);
  put_unit(cells, unit_of(cells, change->before), false, place, &pair);
  put_unit(cells, unit_of(cells, change->after), true, place, &pair);
  return pair;
}

static void take_unit(struct finding_out *f, const struct eh_cells *cells, const struct pair *pair,
                      struct eh_policy_change *change) {
  double confidence = change->measure->flag.confidence;
  struct eh_policy_unit *unit = &change->units[change->unit_count];
  *unit = (struct eh_policy_unit){.unit = cells->each,
                                  .change = eh_change(pair->tables, pair->count, confidence)};
  if (!cells->each || unit->change.differently.estimate.why_not) return;
  struct eh_exact_p p = eh_exact_mid_p(eh_exact_new(f->arena, pair->tables, pair->count));
  unit->p = p.why_not ? eh_no_figure(p.why_not) : eh_figure(p.log10_mid_p);
  unit->q = eh_no_figure(p.why_not ? p.why_not : "");
  double d = unit->change.differently.estimate.value;
  change->up += d > 0.0;
  change->down += d < 0.0;
  change->unit_count++;
}

/* p holds log10 p so far. */
static void judge_units(struct finding_out *f, struct eh_policy_change *change) {
  const struct eh_flag *flag = &change->measure->flag;
  double *log10_p = eh_arena_alloc(f->arena, 2 * change->unit_count, sizeof *log10_p),
         *q = log10_p + change->unit_count;
  size_t tests = 0;
  for (size_t i = 0; i < change->unit_count; i++)
    if (!change->units[i].p.why_not) log10_p[tests++] = change->units[i].p.value;
  eh_benjamini_hochberg(log10_p, tests, q, NULL);
  for (size_t i = change->unit_count; i-- > 0;) {
    struct eh_policy_unit *u = &change->units[i];
    if (u->p.why_not) continue;
    u->q = eh_figure(q[--tests]);
    u->p = eh_figure(pow(10.0, u->p.value));
    u->moved = u->change.comparable >= flag->smallest_caseload &&
               eh_passes(u->q.value, flag->false_discovery_rate) &&
               fabs(u->change.differently.estimate.value) >=
                   eh_with_rounding(flag->smallest_difference);
    change->moved += u->moved;
  }
}

/* --- the spread between the units: of their own comparison, under each policy --- */

static const struct eh_cells *comparison_of_units(const struct finding_out *f,
                                                  const struct eh_policy_change *change) {
  for (size_t i = 0; i < f->count; i++) {
    const struct eh_comparison *c = &f->rules->comparisons[f->cells[i].comparison];
    if (c->across == change->each && c->each < 0 &&
        &f->rules->measures[f->cells[i].measure] == change->measure)
      return &f->cells[i];
  }
  return NULL;
}

/* By stratum: is it of this policy? */
static bool *strata_of_policy(struct finding_out *f, const struct eh_cells *cells,
                              const char *label) {
  bool *is = eh_arena_alloc(f->arena, cells->stratum_count, sizeof *is);
  for (size_t k = 0; k < cells->column_count; k++)
    for (size_t s = 0; s < cells->stratum_count; s++)
      if (cells->columns[k].column == f->rules->policy_column)
        is[s] =
            strcmp(cells->columns[k].labels[cells->codes[s * cells->column_count + k]], label) == 0;
  return is;
}

/* A unit against its peers in these strata. all: records and events of each stratum. */
static bool effect_of(struct finding_out *f, const struct eh_cells *cells, size_t unit,
                      const bool *is, const struct eh_table *all, uint64_t least,
                      struct eh_at_time *effect) {
  const struct eh_unit *u = &cells->units[unit];
  struct eh_table *tables = eh_arena_alloc(f->arena, u->cell_count, sizeof *tables);
  size_t count = 0;
  uint64_t comparable = 0;
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    const struct eh_cell *c = &cells->cells[i];
    if (!is[c->stratum]) continue;
    tables[count] = (struct eh_table){c->events, c->records, all[c->stratum].c - c->events,
                                      all[c->stratum].n2 - c->records};
    if (eh_table_is_comparable(&tables[count])) comparable += c->records;
    count++;
  }
  return u->recorded && comparable >= least && eh_log_odds_ratio(tables, count, effect);
}

static void take_spread(struct finding_out *f, struct eh_policy_change *change) {
  const struct eh_cells *cells = change->each < 0 ? NULL : comparison_of_units(f, change);
  uint64_t least = change->measure->flag.smallest_caseload;
  size_t most = cells ? cells->unit_count : 0, count = 0;
  struct eh_at_time *before = eh_arena_alloc(f->arena, 2 * most, sizeof *before),
                    *after = before + most;
  if (cells) {
    struct eh_table *all = eh_arena_alloc(f->arena, cells->stratum_count, sizeof *all);
    bool *was = strata_of_policy(f, cells, change->before),
         *is = strata_of_policy(f, cells, change->after);
    for (size_t i = 0; i < cells->cell_count; i++) {
      all[cells->cells[i].stratum].c += cells->cells[i].events;
      all[cells->cells[i].stratum].n2 += cells->cells[i].records;
    }
    for (size_t u = 0; u < most; u++)
      if (effect_of(f, cells, u, was, all, least, &before[count]) &&
          effect_of(f, cells, u, is, all, least, &after[count]))
        count++;
  }
  change->spread = eh_spread_change(before, after, count, change->measure->flag.confidence);
}

/* --- was it moving already? by month, where the rules ask for such a table --- */

static const struct eh_by_period *months_of(struct finding_out *f,
                                            const struct eh_policy_change *change) {
  const struct eh_rules *rules = f->rules;
  for (size_t t = 0; t < rules->table_count; t++) {
    const struct eh_comparison *table = &rules->comparisons[rules->comparison_count + t];
    if (table->every != EH_EVERY_MONTH || table->across != change->each) continue;
    struct eh_by_period_asked asked = {.every = EH_EVERY_MONTH,
                                       .across = table->across,
                                       .within = table->within,
                                       .within_count = table->within_count,
                                       .measure = (size_t)(change->measure - rules->measures),
                                       .last_day = INT32_MAX};
    const struct eh_by_period *found =
        eh_by_period_of(f->arena, rules, f->tables, f->table_count, &asked);
    if (found) return found;
  }
  return NULL;
}

static void take_trend(struct finding_out *f, struct eh_policy_change *change) {
  enum { FEWEST = 3 };
  const struct eh_by_period *months = months_of(f, change);
  static const char why_not[] = "these rules ask for no counts by month of these units";
  change->trend.test.why_not = why_not;
  change->trend.slope = change->trend.slope_error = eh_no_figure(why_not);
  if (!months) return;
  bool *was = strata_of_policy(f, months->cells, change->before);
  struct eh_trend_cell *cells = eh_arena_alloc(f->arena, months->item_count, sizeof *cells);
  size_t count = 0;
  uint32_t first = UINT32_MAX, last = 0;
  for (size_t i = 0; i < months->item_count; i++) {
    const struct eh_period_cell *c = &months->items[i];
    if (!was[c->stratum]) continue;
    if (c->period < first) first = c->period;
    if (c->period > last) last = c->period;
    /* a situation of a unit, so that units of unlike rates that come and go are no trend */
    cells[count++] =
        (struct eh_trend_cell){(uint32_t)(c->unit * months->situation_count + c->situation),
                               c->period, c->records, c->events};
  }
  if (count && last - first + 1 >= FEWEST) change->trend = eh_trend(cells, count);
}

/* --- words --- */

static const char *points(struct eh_arena *arena, double share) {
  return eh_arena_printf(arena, "%+.1f", 100.0 * share);
}

static const char *spread_words(struct eh_arena *arena, const struct eh_spread_change *s) {
  if (s->change.estimate.why_not) return "";
  if (s->change.low.value <= 0.0 && s->change.high.value >= 0.0)
    return eh_arena_printf(arena,
                           " No evidence that the spread between units changed (%+.2f to %+.2f).",
                           s->change.low.value, s->change.high.value);
  return eh_arena_printf(arena,
                         " The spread between units went from %.2f to %.2f: by %+.2f (%+.2f to "
                         "%+.2f).",
                         s->before.estimate.value, s->after.estimate.value,
                         s->change.estimate.value, s->change.low.value, s->change.high.value);
}

static const char *trend_words(struct eh_arena *arena, const struct eh_trend *t) {
  if (t->test.why_not || t->test.p >= 0.05) return "";
  return eh_arena_printf(arena,
                         " It was %s already before it began, by %.3f a month (log odds): the "
                         "change cannot be laid to the policy alone.",
                         t->slope.value > 0.0 ? "rising" : "falling", fabs(t->slope.value));
}

static const char *units_words(struct finding_out *f, const struct eh_policy_change *c) {
  if (c->each < 0) return "";
  return eh_arena_printf(f->arena,
                         " Of %s, %zu rose and %zu fell; %s moved by enough to be named.",
                         eh_words_of(f->arena, c->unit_count, "unit with like cases at both times",
                                     "units with like cases at both times"),
                         c->up, c->down,
                         c->moved ? eh_words_count(f->arena, c->moved) : "none");
}

static void say(struct finding_out *f, struct eh_policy_change *c) {
  struct eh_arena *arena = f->arena;
  char day[11];
  eh_date_format(c->on, day);
  const char *head =
      eh_arena_printf(arena, "%s, from \"%s\" to \"%s\" (%s)", c->measure->name, c->before,
                      c->after, day);
  const struct eh_interval *d = &c->change.differently;
  if (d->estimate.why_not) {
    c->statement = eh_arena_printf(arena, "%s: cannot be told: %s.", head, d->estimate.why_not);
    return;
  }
  const char *way = c->change.crude.value < 0.0 ? "fell" : "rose";
  c->statement = eh_arena_printf(
      arena,
      "%s: the rate %s by %.1f points, from %s to %s: %s (%s to %s) because like cases were "
      "decided differently, %s because there were other cases, %s because of cases without counterpart. What "
      "else changed then is not told apart from it.%s%s%s",
      head, way, 100.0 * fabs(c->change.crude.value),
      eh_words_percent(arena, c->change.before.value),
      eh_words_percent(arena, c->change.after.value), points(arena, d->estimate.value),
      points(arena, d->low.value), points(arena, d->high.value),
      points(arena, c->change.other_cases.value),
      points(arena, c->change.without_counterpart.value), units_words(f, c),
      spread_words(arena, &c->spread), trend_words(arena, &c->trend));
}

/* --- all changes of one comparison and measure --- */

/* The cells of its `each` values stand together. */
static size_t end_of_family(const struct finding_out *f, size_t first) {
  size_t end = first + 1;
  while (end < f->count && f->cells[end].comparison == f->cells[first].comparison &&
         f->cells[end].measure == f->cells[first].measure)
    end++;
  return end;
}

static void take_change(struct finding_out *f, size_t first, size_t end,
                        struct eh_policy_change *change) {
  size_t most = 0, count = 0;
  for (size_t i = first; i < end; i++) most += f->cells[i].stratum_count;
  struct eh_table *all = eh_arena_alloc(f->arena, most, sizeof *all);
  change->units = eh_arena_alloc(f->arena, end - first, sizeof *change->units);
  for (size_t i = first; i < end; i++) {
    struct pair pair = pair_of(f->arena, &f->cells[i], change);
    if (pair.count) memcpy(all + count, pair.tables, pair.count * sizeof *all);
    count += pair.count;
    take_unit(f, &f->cells[i], &pair, change);
  }
  change->change = eh_change(all, count, change->measure->flag.confidence);
  if (!change->change.before_records || !change->change.after_records) return;
  judge_units(f, change);
  take_spread(f, change);
  take_trend(f, change);
  say(f, change);
  f->changes->count++;
}

static void take_family(struct finding_out *f, size_t first, size_t end) {
  const struct eh_rules *rules = f->rules;
  const struct eh_comparison *c = &rules->comparisons[f->cells[first].comparison];
  const struct eh_measure *measure = &rules->measures[f->cells[first].measure];
  if (c->across != rules->policy_column || measure->kind != EH_MEASURE_EVENT) return;
  for (size_t i = 0; i < rules->policy_count; i++) {
    int32_t on = rules->policies[i].from;
    if (i && rules->policies[i - 1].from == on) continue;
    struct eh_policy_change change = {.before = in_force(f->arena, rules, on - 1),
                                      .after = in_force(f->arena, rules, on),
                                      .on = on,
                                      .measure = measure,
                                      .each = c->each};
    f->changes->items[f->changes->count] = change;
    take_change(f, first, end, &f->changes->items[f->changes->count]);
  }
}

const struct eh_policy_changes *eh_policy_changes_find(struct eh_arena *arena,
                                                       const struct eh_rules *rules,
                                                       const struct eh_cells *cells, size_t count,
                                                       const struct eh_cells *tables,
                                                       size_t table_count) {
  struct finding_out f = {arena, rules, cells, tables, count, table_count,
                          eh_arena_alloc(arena, 1, sizeof *f.changes)};
  size_t families = 0;
  for (size_t i = 0; i < count; i = end_of_family(&f, i)) families++;
  f.changes->items =
      eh_arena_alloc(arena, families * rules->policy_count + 1, sizeof *f.changes->items);
  if (rules->policy_column < 0) return NULL;
  for (size_t i = 0, end; i < count; i = end) {
    end = end_of_family(&f, i);
    take_family(&f, i, end);
  }
  return f.changes->count ? f.changes : NULL;
}
