#include "engine/audit/monitoring/monitoring.h"

#include <stdlib.h>
#include <string.h>

#include "engine/audit/monitoring/internal.h"

const char *eh_watch_name(enum eh_watch watch) {
  static const char *const names[] = {"no", "watched", "was watched", "no longer"};
  return names[watch];
}

const char *eh_monitored_period(struct eh_arena *arena, const struct eh_monitored *m,
                                uint32_t period) {
  return eh_period_label(arena, m->view->every,
                         m->view->first + (int32_t)m->first + (int32_t)period);
}

/* --- the cells that count --- */

static void list_cells(struct eh_watching *w, const struct eh_by_period *view, uint32_t first) {
  struct eh_period_cell *cells = eh_arena_alloc(w->arena, view->item_count, sizeof *cells);
  size_t *first_cell = eh_arena_alloc(w->arena, w->units + 1, sizeof *first_cell);
  for (size_t u = 0; u < w->units; u++) {
    first_cell[u] = w->cell_count;
    for (size_t i = view->first_item[u]; i < view->first_item[u + 1]; i++) {
      if (view->items[i].period < first) continue;
      cells[w->cell_count] = view->items[i];
      cells[w->cell_count++].period -= first;
    }
  }
  first_cell[w->units] = w->cell_count;
  w->cells = cells;
  w->first_cell = first_cell;
}

/* Cells in the order of tables: by period, situation, circumstance, unit. */
static int by_table(const void *left, const void *right, void *context) {
  const struct eh_watching *w = context;
  const struct eh_period_cell *a = &w->cells[*(const size_t *)left],
                              *b = &w->cells[*(const size_t *)right];
  const uint32_t x[] = {a->period, a->situation, a->circumstance, a->unit},
                 y[] = {b->period, b->situation, b->circumstance, b->unit};
  for (size_t i = 0; i < sizeof x / sizeof x[0]; i++)
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  return 0;
}

static bool is_same_table(const struct eh_period_cell *a, const struct eh_period_cell *b) {
  return a->period == b->period && a->situation == b->situation &&
         a->circumstance == b->circumstance;
}

static void number_tables(struct eh_watching *w) {
  struct eh_arena *a = w->arena;
  size_t *order = eh_arena_alloc(a, w->cell_count, sizeof *order);
  uint32_t *table = eh_arena_alloc(a, w->cell_count, sizeof *table);
  w->mix = eh_arena_alloc(a, w->cell_count, sizeof *w->mix);
  w->mix_end = eh_arena_alloc(a, w->periods, sizeof *w->mix_end);
  w->all = eh_arena_alloc(a, w->cell_count, sizeof *w->all);
  for (size_t i = 0; i < w->cell_count; i++) order[i] = i;
  qsort_r(order, w->cell_count, sizeof *order, by_table, w);
  for (size_t i = 0; i < w->cell_count; i++) {
    const struct eh_period_cell *c = &w->cells[order[i]];
    if (i == 0 || !is_same_table(c, &w->cells[order[i - 1]])) w->table_count++;
    uint32_t at = table[order[i]] = (uint32_t)w->table_count - 1;
    w->mix[i] = (struct eh_mix_cell){at, c->unit, c->records, c->events};
    w->all[at].n1 += c->records;
    w->all[at].a += c->events;
    w->mix_end[c->period] = i + 1;
  }
  for (uint32_t t = 1; t < w->periods; t++)
    if (w->mix_end[t] < w->mix_end[t - 1]) w->mix_end[t] = w->mix_end[t - 1];
  w->table = table;
  w->psi = eh_arena_alloc(a, w->units, sizeof *w->psi);
  w->psi_sum = eh_arena_alloc(a, w->table_count, sizeof *w->psi_sum);
}

/* --- units --- */

/* The first period that begins on the day or later. */
static uint32_t period_from(const struct eh_by_period *view, int32_t day) {
  enum eh_period period = eh_period_of_every(view->every);
  int32_t number = eh_period_of(period, day);
  number += eh_period_first_day(period, number) < day;
  return number <= view->first ? 0 : (uint32_t)(number - view->first);
}

static void begin_anew(struct eh_watching *w, const struct eh_restart *restart, size_t *found) {
  struct eh_monitored *m = w->monitored;
  uint32_t period = period_from(m->view, restart->on);
  uint32_t begin = period > m->first ? period - m->first : 0;
  for (size_t u = 0; u < w->units; u++) {
    if (restart->unit && strcmp(restart->unit, m->units[u].unit) != 0) continue;
    (*found)++;
    if (begin > m->units[u].begin) m->units[u].begin = begin;
  }
}

static void list_units(struct eh_watching *w) {
  struct eh_monitored *m = w->monitored;
  const struct eh_cells *cells = m->view->cells;
  m->unit_count = w->units = cells->unit_count;
  m->units = eh_arena_alloc(w->arena, w->units, sizeof *m->units);
  for (size_t u = 0; u < w->units; u++) {
    m->units[u].unit = cells->units[u].label;
    m->units[u].recorded = cells->units[u].recorded;
    w->judged_units += cells->units[u].recorded;
  }
}

static void count_records(struct eh_watching *w) {
  for (size_t i = 0; i < w->cell_count; i++)
    w->monitored->units[w->cells[i].unit].records += w->cells[i].records;
}

/* --- notes --- */

static void note(struct eh_watching *w, const char *text) {
  struct eh_texts *notes = &w->monitored->notes;
  const char **items = eh_arena_alloc(w->arena, notes->count + 1, sizeof *items);
  for (size_t i = 0; i < notes->count; i++) items[i] = notes->items[i];
  items[notes->count++] = text;
  notes->items = items;
}

static void note_restarts(struct eh_watching *w) {
  const struct eh_monitor *rules = &w->rules->monitor;
  for (size_t i = 0; i < rules->restart_count; i++) {
    size_t found = 0;
    begin_anew(w, &rules->restarts[i], &found);
    if (found == 0)
      note(w, eh_arena_printf(w->arena, "No unit is called %s, which `restart` names.",
                              rules->restarts[i].unit));
  }
}

/* A table as it stands today says the same of all months, past ones too. */
static void note_joins(struct eh_watching *w) {
  const struct eh_rules *rules = w->rules;
  for (size_t j = 0; j < rules->join_count; j++)
    if (!rules->joins[j].from)
      note(w, eh_arena_printf(w->arena,
                              "%s is joined as it stands today: what it says now of past months it "
                              "may not have said then, so that a change in it can look like a change "
                              "in decisions; `between` takes the row in force on the day.",
                              rules->joins[j].file));
}

static void note_records(struct eh_watching *w) {
  const struct eh_by_period *view = w->monitored->view;
  if (view->undated)
    note(w, eh_arena_printf(w->arena, "%llu records have no date, and are in no period.",
                            (unsigned long long)view->undated));
  if (view->later)
    note(w, eh_arena_printf(w->arena,
                            "%llu records are of periods after the day of this report, and are "
                            "left out.",
                            (unsigned long long)view->later));
  if (w->monitored->last_incomplete)
    note(w, eh_arena_printf(w->arena, "The last period, %s, is incomplete; it is used.",
                            eh_monitored_period(w->arena, w->monitored, w->periods - 1)));
  if (w->monitored->last_look_only)
    note(w, "There are too many counts for every look: only the last was taken.");
  if (w->monitored->wander.pairs < 20 && !w->monitored->wander.sigma && !w->monitored->why_not)
    note(w, "How much these vary from period to period could not be assessed.");
  if (view->every != EH_EVERY_MONTH)
    note(w, "So few periods tell little of how much these vary of themselves.");
}

/* --- one watched measure --- */

static const char *title_of(struct eh_arena *arena, const struct eh_rules *rules,
                            const struct eh_watched *watched) {
  const char *title = eh_arena_printf(
      arena, "%s across %s", rules->measures[watched->measure].name,
      rules->columns[rules->comparisons[watched->comparison].across].name);
  for (size_t i = 0; i < watched->within_count; i++)
    title = eh_arena_printf(arena, "%s%s %s", title, i ? " and" : " within",
                            rules->columns[watched->within[i]].name);
  return eh_arena_printf(arena, "%s, by %s", title, eh_every_name(rules->monitor.every));
}

static bool ends_early(const struct eh_by_period *view, const struct eh_account *account) {
  int32_t next = view->first + (int32_t)view->count;
  return account->has_dates &&
         account->last_day + 1 < eh_period_first_day(eh_period_of_every(view->every), next);
}

static void judge(struct eh_watching *w) {
  struct eh_monitored *m = w->monitored;
  list_units(w);
  m->first = w->rules->monitor.has_from ? period_from(m->view, w->rules->monitor.from) : 0;
  m->periods = w->periods =
      m->view->count > m->first ? (uint32_t)m->view->count - m->first : 0;
  list_cells(w, m->view, m->first);
  count_records(w);
  if (w->periods < w->rules->monitor.first_look) {
    m->why_not = eh_arena_printf(
        w->arena, "too early: %u %s%s of records, and the first look is after %llu", w->periods,
        eh_every_name(m->view->every), w->periods == 1 ? "" : "s",
        (unsigned long long)w->rules->monitor.first_look);
    for (size_t u = 0; u < w->units; u++) m->units[u].why_not = m->why_not;
  } else {
    note_restarts(w);
    number_tables(w);
    eh_watching_look(w);
    eh_watching_measure(w);
    eh_watching_signal(w);
    eh_watching_say(w);
  }
  note_joins(w);
  note_records(w);
}

static void monitor_one(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct eh_account *account, const struct eh_by_period *view,
                        size_t threads, struct eh_monitored *m) {
  struct eh_watching w = {
      .arena = arena, .rules = rules, .monitored = m, .threads = threads ? threads : 1};
  m->view = view;
  m->title = title_of(arena, rules, m->watched);
  if (!view) {
    m->why_not = "the cells were made without it: they have no counts by period";
    return;
  }
  m->last_incomplete = ends_early(view, account);
  judge(&w);
}

const struct eh_monitoring *eh_monitoring_make(struct eh_arena *arena, const struct eh_rules *rules,
                                               const struct eh_account *account,
                                               const struct eh_cells *tables, size_t table_count,
                                               int32_t as_of, size_t threads) {
  const struct eh_monitor *asked = &rules->monitor;
  if (asked->every == EH_EVERY_NONE) return NULL;
  struct eh_monitoring *all = eh_arena_alloc(arena, 1, sizeof *all);
  all->rules = asked;
  all->count = asked->watched_count;
  all->items = eh_arena_alloc(arena, all->count, sizeof *all->items);
  for (size_t i = 0; i < all->count; i++) {
    struct eh_monitored *m = &all->items[i];
    m->watched = &asked->watched[i];
    m->measure = &rules->measures[m->watched->measure];
    m->smallest_change = asked->smallest_change >= 0.0
                             ? asked->smallest_change
                             : m->measure->flag.smallest_difference / 2.0;
    struct eh_by_period_asked wanted = {
        .every = asked->every,
        .across = rules->comparisons[m->watched->comparison].across,
        .within = m->watched->within,
        .within_count = m->watched->within_count,
        .measure = m->watched->measure,
        .last_day = as_of};
    const struct eh_by_period *view = eh_by_period_of(arena, rules, tables, table_count, &wanted);
    monitor_one(arena, rules, account, view, threads, m);
    all->judged += m->judged;
    all->watched_now += m->watched_now;
    all->signals += m->signals;
  }
  return all;
}
