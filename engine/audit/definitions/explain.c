#include "engine/audit/definitions/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/definitions/regroup.h"
#include "engine/audit/figures/dependence.h"
#include "engine/audit/figures/strata.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/base/parallel.h"
#include "engine/stats/association.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/rounding.h"

static const double HALF = 0.5, QUARTER = 0.25, GOES_WITH = 0.05;
static const double FOLLOWS = 0.25; /* of the event's variance left within the column's values */
enum { MANY_FINDINGS = 5 };         /* of which nearly all are explained by a consequence */
static const double NEARLY_ALL = 0.9;

/* --- one comparison under one column more --- */

/* What is found of a unit. */
struct part {
  bool is_out_of_line;
  bool has; /* comparable records are left */
  struct eh_explained explained;
  bool would; /* it explains the finding, if the column goes with the event and is not refused */
};
struct attempt {
  const struct eh_comparison_result *comparison;
  const struct eh_cells *fine; /* NULL: the column has a part in the comparison already */
  size_t column;               /* where it stands among the fine cells' strata columns */
  struct part *parts;          /* by flagged unit */
  double left;                 /* the event's variance within its values over that within strata */
  double log10_p; /* does it go with the event among units not flagged; 0: that cannot be told */
};

/* The strata as they were: the new column left out. By fine stratum the number of the other. */
struct coarse {
  uint32_t *of;
  size_t count;
  struct eh_stratum *all; /* records and events of each */
};

static int by_codes(const void *left, const void *right, void *context) {
  const struct attempt *a = context;
  const struct eh_cells *cells = a->fine;
  const uint32_t *x = cells->codes + *(const uint32_t *)left * cells->column_count;
  const uint32_t *y = cells->codes + *(const uint32_t *)right * cells->column_count;
  for (size_t k = 0; k < cells->column_count; k++)
    if (k != a->column && x[k] != y[k]) return x[k] < y[k] ? -1 : 1;
  return 0;
}

static struct coarse coarse_of(struct eh_arena *scratch, struct attempt *a,
                               const struct eh_stratum *fine) {
  size_t strata = a->fine->stratum_count;
  struct coarse coarse = {.of = eh_arena_alloc(scratch, strata, sizeof *coarse.of)};
  uint32_t *order = eh_arena_alloc(scratch, strata, sizeof *order);
  for (size_t s = 0; s < strata; s++) order[s] = (uint32_t)s;
  qsort_r(order, strata, sizeof *order, by_codes, a);
  for (size_t i = 0; i < strata; i++) {
    if (i == 0 || by_codes(&order[i - 1], &order[i], a) != 0) coarse.count++;
    coarse.of[order[i]] = (uint32_t)coarse.count - 1;
  }
  coarse.all = eh_arena_alloc(scratch, coarse.count, sizeof *coarse.all);
  for (size_t s = 0; s < strata; s++) {
    coarse.all[coarse.of[s]].records += fine[s].records;
    coarse.all[coarse.of[s]].events += fine[s].events;
  }
  return coarse;
}

/* The sum over groups of m(n-m)/n. */
static double variance_within(const struct eh_stratum *groups, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double n = (double)groups[i].records, m = (double)groups[i].events;
    if (n > 0) sum += m * (n - m) / n;
  }
  return sum;
}

static double variance_left(const struct attempt *a, const struct eh_stratum *fine,
                            const struct coarse *coarse) {
  double all = variance_within(coarse->all, coarse->count);
  return all > 0 ? variance_within(fine, a->fine->stratum_count) / all : 1;
}

static int by_stratum(const void *left, const void *right) {
  const struct eh_association_cell *a = left, *b = right;
  if (a->stratum != b->stratum) return a->stratum < b->stratum ? -1 : 1;
  return (a->unit > b->unit) - (a->unit < b->unit);
}

static const struct eh_result *result_of(const struct eh_comparison_result *c, const char *unit) {
  size_t low = 0, high = c->result_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = c->results[middle].recorded ? strcmp(c->results[middle].unit, unit) : 1;
    if (order == 0) return &c->results[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* Flagged, and not only because of others. */
static bool is_out_of_line(const struct eh_result *r) {
  return r->flagged && r->who.who != EH_WHO_PEERS;
}

/* Of the records of units that are not out of line: the event by the column's values. */
static double association(struct eh_arena *scratch, const struct attempt *a,
                          const struct coarse *coarse) {
  const struct eh_cells *fine = a->fine;
  struct eh_association_cell *cells = eh_arena_alloc(scratch, fine->cell_count, sizeof *cells);
  size_t count = 0, kept = 0;
  for (size_t u = 0; u < fine->unit_count; u++) {
    const struct eh_result *r = result_of(a->comparison, fine->units[u].label);
    if (!r || is_out_of_line(r)) continue;
    for (size_t i = 0; i < fine->units[u].cell_count; i++) {
      const struct eh_cell *cell = &fine->cells[fine->units[u].first_cell + i];
      uint32_t value = fine->codes[cell->stratum * fine->column_count + a->column];
      cells[count++] = (struct eh_association_cell){coarse->of[cell->stratum], value, cell->records,
                                                    cell->events};
    }
  }
  qsort(cells, count, sizeof *cells, by_stratum);
  for (size_t i = 0; i < count; i++) {
    if (kept && by_stratum(&cells[kept - 1], &cells[i]) == 0) {
      cells[kept - 1].n += cells[i].n;
      cells[kept - 1].events += cells[i].events;
    } else {
      cells[kept++] = cells[i];
    }
  }
  struct eh_association found = eh_association(cells, kept);
  return found.test.why_not ? 0 : found.test.log10_p;
}

/* --- a unit --- */

/* Its tables within the finer strata, those that are comparable; and the same records within the
   others, against all peers there. */
struct tables {
  struct eh_table *fine, *same;
  size_t fine_count, same_count;
  uint64_t comparable;
};

/* What a unit has by stratum of the others; all 0 between units, since most of many strata are none
   of theirs. */
struct room {
  struct eh_stratum *own; /* what is left of a stratum are its peers' */
  uint32_t *place;        /* among the tables, and 1 */
};

static void add_own(const struct attempt *a, size_t u, const struct coarse *coarse,
                    struct room *room) {
  const struct eh_unit *unit = &a->fine->units[u];
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &a->fine->cells[unit->first_cell + i];
    room->own[coarse->of[cell->stratum]].records += cell->records;
    room->own[coarse->of[cell->stratum]].events += cell->events;
  }
}

static void clear(const struct attempt *a, size_t u, const struct coarse *coarse,
                  struct room *room) {
  const struct eh_unit *unit = &a->fine->units[u];
  for (size_t i = 0; i < unit->cell_count; i++) {
    uint32_t stratum = coarse->of[a->fine->cells[unit->first_cell + i].stratum];
    room->own[stratum] = (struct eh_stratum){0};
    room->place[stratum] = 0;
  }
}

static struct tables tables_of(struct eh_arena *scratch, const struct attempt *a, size_t u,
                               const struct eh_stratum *strata, const struct coarse *coarse,
                               struct room *room) {
  const struct eh_unit *unit = &a->fine->units[u];
  struct tables t = {.fine = eh_arena_alloc(scratch, unit->cell_count, sizeof *t.fine),
                     .same = eh_arena_alloc(scratch, unit->cell_count, sizeof *t.same)};
  add_own(a, u, coarse, room);
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &a->fine->cells[unit->first_cell + i];
    const struct eh_stratum *all = &strata[cell->stratum];
    struct eh_table table = {cell->events, cell->records, all->events - cell->events,
                             all->records - cell->records};
    if (!eh_table_is_comparable(&table)) continue;
    t.fine[t.fine_count++] = table;
    t.comparable += table.n1;
    uint32_t same = coarse->of[cell->stratum];
    if (!room->place[same]) {
      room->place[same] = (uint32_t)++t.same_count;
      t.same[t.same_count - 1] =
          (struct eh_table){0, 0, coarse->all[same].events - room->own[same].events,
                            coarse->all[same].records - room->own[same].records};
    }
    t.same[room->place[same] - 1].a += table.a;
    t.same[room->place[same] - 1].n1 += table.n1;
  }
  clear(a, u, coarse, room);
  return t;
}

/* Would the finding be none within the finer strata? */
static bool is_lost(struct eh_arena *scratch, const struct attempt *a, const struct eh_result *r,
                    const struct tables *t, double fine) {
  const struct eh_flag *flag = &a->comparison->measure->flag;
  struct eh_exact_p exact = eh_exact_p(eh_exact_new(scratch, t->fine, t->fine_count));
  bool passes = !exact.why_not && exact.log10_mid_p <= log10(eh_unit_level(r)) + 4.4e-10;
  bool same_sign = (fine > 0) == (eh_result_headline(r)->estimate.value > 0);
  return !passes || !same_sign || fabs(fine) < eh_with_rounding(flag->smallest_difference);
}

static void explain_unit(struct eh_arena *scratch, const struct attempt *a,
                         const struct eh_result *r, size_t u, const struct eh_stratum *strata,
                         const struct coarse *coarse, struct room *room, struct part *part) {
  double confidence = a->comparison->measure->flag.confidence;
  struct tables t = tables_of(scratch, a, u, strata, coarse, room);
  struct eh_figure fine = eh_difference(t.fine, t.fine_count, confidence).interval.estimate;
  struct eh_figure same = eh_difference(t.same, t.same_count, confidence).interval.estimate;
  if (fine.why_not || same.why_not || same.value == 0 || r->comparable == 0) return;
  struct eh_explained *e = &part->explained;
  part->has = true;
  e->kept = (double)t.comparable / (double)r->comparable;
  e->same = same.value;
  e->fine = fine.value;
  e->explained = (same.value - fine.value) / same.value;
  bool much = e->explained >= HALF;
  bool enough = e->explained >= QUARTER && is_lost(scratch, a, r, &t, fine.value);
  part->would = e->kept >= HALF && (much || enough);
}

static void try_column(void *context, size_t index, size_t worker) {
  (void)worker;
  struct attempt *a = &((struct attempt *)context)[index];
  if (!a->fine) return;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_stratum *strata =
      eh_strata_of(scratch, &(struct eh_comparison){.each = -1}, a->fine, 1).items;
  struct coarse coarse = coarse_of(scratch, a, strata);
  a->left = variance_left(a, strata, &coarse);
  a->log10_p = association(scratch, a, &coarse);
  struct room room = {eh_arena_alloc(scratch, coarse.count, sizeof *room.own),
                      eh_arena_alloc(scratch, coarse.count, sizeof *room.place)};
  size_t f = 0;
  for (size_t u = 0; u < a->comparison->result_count; u++) {
    const struct eh_result *r = &a->comparison->results[u];
    if (!r->flagged) continue;
    a->parts[f].is_out_of_line = is_out_of_line(r);
    for (size_t v = 0; v < a->fine->unit_count; v++) {
      if (strcmp(a->fine->units[v].label, r->unit) != 0 || !a->fine->units[v].recorded) continue;
      struct eh_arena_mark mark = eh_arena_mark(scratch);
      explain_unit(scratch, a, r, v, strata, &coarse, &room, &a->parts[f]);
      eh_arena_reset(scratch, mark);
    }
    f++;
  }
  eh_arena_free(scratch);
}

/* --- what they come to --- */

static int by_size(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The share that the middle finding keeps of its comparable records. */
static double median_kept(struct eh_arena *scratch, const struct attempt *a, size_t flagged) {
  double *kept = eh_arena_alloc(scratch, flagged, sizeof *kept);
  for (size_t f = 0; f < flagged; f++) kept[f] = a->parts[f].has ? a->parts[f].explained.kept : 0;
  qsort(kept, flagged, sizeof *kept, by_size);
  return flagged ? (kept[(flagged - 1) / 2] + kept[flagged / 2]) / 2 : 0;
}

static const char *refusal(struct eh_arena *scratch, const struct attempt *a, size_t flagged,
                           double q) {
  size_t by_half = 0, findings = 0;
  for (size_t f = 0; f < flagged; f++) {
    findings += a->parts[f].is_out_of_line;
    by_half += a->parts[f].is_out_of_line && a->parts[f].explained.explained >= HALF;
  }
  bool explains_all = findings >= MANY_FINDINGS && (double)by_half >= NEARLY_ALL * (double)findings;
  if (a->left <= FOLLOWS || explains_all)
    return "it nearly tells the event by itself: it may follow from the decision";
  if (median_kept(scratch, a, flagged) < HALF) return "it names the unit: few records keep peers";
  if (!eh_passes(q, GOES_WITH)) return "it does not go with the event among other units";
  return NULL;
}

static int by_explained(const void *left, const void *right) {
  const struct eh_explained *a = left, *b = right;
  if ((a->refused != NULL) != (b->refused != NULL)) return a->refused ? 1 : -1;
  if (a->explained != b->explained) return a->explained < b->explained ? 1 : -1;
  return strcmp(a->column, b->column);
}

static void take_unit(struct eh_arena *arena, const struct attempt *attempts, size_t columns,
                      size_t f, struct eh_result *r) {
  struct eh_explained *items = eh_arena_alloc(arena, columns, sizeof *items);
  size_t count = 0;
  for (size_t k = 0; k < columns; k++)
    if (attempts[k].fine && attempts[k].parts[f].would)
      items[count++] = attempts[k].parts[f].explained;
  qsort(items, count, sizeof *items, by_explained);
  r->explained = (struct eh_explanations){items, count};
}

/* One comparison's columns, all tried. */
static void conclude(struct eh_arena *arena, const struct eh_recount *recount,
                     struct attempt *attempts, struct eh_comparison_result *c) {
  struct eh_arena *scratch = eh_arena_new();
  size_t columns = recount->column_count, tried = 0;
  double *log10_p = eh_arena_alloc(scratch, columns, sizeof *log10_p);
  double *q = eh_arena_alloc(scratch, columns, sizeof *q);
  for (size_t k = 0; k < columns; k++)
    if (attempts[k].fine) log10_p[tried++] = attempts[k].log10_p;
  eh_benjamini_hochberg(log10_p, tried, q, NULL);
  tried = 0;
  for (size_t k = 0; k < columns; k++) {
    if (!attempts[k].fine) continue;
    double own = q[tried++];
    const char *refused = refusal(scratch, &attempts[k], c->levels.flagged, own);
    for (size_t f = 0; f < c->levels.flagged; f++) {
      struct eh_explained *e = &attempts[k].parts[f].explained;
      e->column = eh_arena_string(arena, recount->columns[k].name);
      e->refused = refused;
      e->p = own;
    }
  }
  size_t f = 0;
  for (size_t u = 0; u < c->result_count; u++)
    if (c->results[u].flagged) take_unit(arena, attempts, columns, f++, &c->results[u]);
  eh_arena_free(scratch);
}

/* Has the column a part in the comparison, or in what its measure asks? */
static bool has_part(const struct eh_rules *rules, const struct eh_comparison_result *c,
                     const char *name) {
  bool *marked = eh_alloc_zeroed(rules->column_count, sizeof *marked), has = false;
  eh_rules_mark_condition(rules, c->measure->event, marked);
  eh_rules_mark_condition(rules, c->measure->among, marked);
  eh_rules_mark_column(rules, c->comparison->across, marked);
  eh_rules_mark_column(rules, c->comparison->each, marked);
  for (size_t k = 0; k < c->comparison->within_count; k++)
    eh_rules_mark_column(rules, c->comparison->within[k], marked);
  for (size_t k = 0; k < c->measure->factor_count; k++)
    eh_rules_mark_column(rules, c->measure->factors[k], marked);
  for (size_t i = 0; i < rules->column_count; i++)
    has = has || (marked[i] && strcmp(rules->columns[i].name, name) == 0);
  free(marked);
  return has;
}

/* --- the audit --- */

struct asked {
  struct eh_arena *scratch;
  const struct eh_recount *recount;
  struct eh_audit *audit;
  const struct eh_rules *varied;
  const struct eh_cells *cells;
  size_t count;
  size_t *variant; /* by measure: its first variant; SIZE_MAX: it is not asked */
};

static bool is_explained(const struct eh_comparison_result *c) {
  return c->measure->kind == EH_MEASURE_EVENT && c->levels.flagged > 0;
}

static const struct eh_cells *find_cells(const struct asked *asked,
                                         const struct eh_comparison_result *c, size_t variant) {
  for (size_t i = 0; i < asked->count; i++) {
    const struct eh_cells *cells = &asked->cells[i];
    bool same_each = !cells->each == !c->cells->each &&
                     (!cells->each || strcmp(cells->each, c->cells->each) == 0);
    if (cells->comparison == c->cells->comparison && cells->measure == variant && same_each)
      return cells;
  }
  return NULL;
}

/* Where the column stands among the strata columns: it is the varied measure's last factor. */
static void place_column(const struct asked *asked, struct attempt *a, size_t variant) {
  const struct eh_measure *measure = &asked->varied->measures[variant];
  a->column = eh_column_place(a->fine, measure->factors[measure->factor_count - 1]);
}

static void explain_comparison(struct eh_arena *arena, const struct asked *asked, size_t threads,
                               struct eh_comparison_result *c) {
  struct eh_arena_mark mark = eh_arena_mark(asked->scratch);
  size_t columns = asked->recount->column_count;
  struct attempt *attempts = eh_arena_alloc(asked->scratch, columns, sizeof *attempts);
  size_t first = asked->variant[c->measure - asked->audit->rules->measures];
  for (size_t k = 0; k < columns; k++) {
    struct attempt *a = &attempts[k];
    a->comparison = c;
    a->parts = eh_arena_alloc(asked->scratch, c->levels.flagged, sizeof *a->parts);
    if (!has_part(asked->audit->rules, c, asked->recount->columns[k].name))
      a->fine = find_cells(asked, c, first + k);
    if (a->fine) place_column(asked, a, first + k);
  }
  eh_parallel(columns, threads, try_column, attempts);
  conclude(arena, asked->recount, attempts, c);
  eh_arena_reset(asked->scratch, mark);
}

static const char *ask(struct asked *asked) {
  const struct eh_rules *rules = asked->audit->rules;
  bool *wanted = eh_arena_alloc(asked->scratch, rules->measure_count, sizeof *wanted);
  size_t made = 0;
  for (size_t i = 0; i < asked->audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &asked->audit->comparisons[i];
    if (is_explained(c)) wanted[c->measure - rules->measures] = true;
  }
  asked->variant = eh_arena_alloc(asked->scratch, rules->measure_count, sizeof *asked->variant);
  for (size_t m = 0; m < rules->measure_count; m++) {
    asked->variant[m] = made;
    if (wanted[m]) made += asked->recount->column_count;
  }
  struct eh_variation variation = {wanted, asked->recount->columns, asked->recount->column_count};
  struct eh_problems problems = {0};
  enum eh_status status =
      eh_rules_vary(asked->scratch, rules, &variation, &asked->varied, &problems);
  eh_problems_free(&problems);
  if (status != EH_OK) return "the rules cannot be asked with another column";
  struct eh_cells *cells;
  const char *why = NULL;
  if (!asked->recount->cells(asked->recount->context, asked->varied, asked->scratch, &cells,
                             &asked->count, &why))
    return why;
  asked->cells = cells;
  return NULL;
}

/* The columns that have no part in every comparison that is explained. */
static struct eh_texts names_of(struct eh_arena *arena, const struct eh_recount *recount,
                                const struct eh_audit *audit) {
  const char **names = eh_arena_alloc(arena, recount->column_count, sizeof *names);
  size_t count = 0;
  for (size_t k = 0; k < recount->column_count; k++) {
    bool tried = false;
    for (size_t i = 0; i < audit->comparison_count; i++)
      tried = tried || (is_explained(&audit->comparisons[i]) &&
                        !has_part(audit->rules, &audit->comparisons[i], recount->columns[k].name));
    if (tried) names[count++] = eh_arena_string(arena, recount->columns[k].name);
  }
  return (struct eh_texts){names, count};
}

void eh_findings_explain(struct eh_arena *arena, const struct eh_recount *recount, size_t threads,
                         struct eh_audit *audit) {
  bool any = false;
  for (size_t i = 0; i < audit->comparison_count; i++)
    any = any || is_explained(&audit->comparisons[i]);
  if (!any || recount->column_count == 0) return;
  struct asked asked = {.scratch = eh_arena_new(), .recount = recount, .audit = audit};
  audit->not_screened = ask(&asked);
  if (audit->not_screened)
    audit->not_screened = eh_arena_string(arena, audit->not_screened);
  else
    audit->screened = names_of(arena, recount, audit);
  for (size_t i = 0; i < audit->comparison_count && !audit->not_screened; i++)
    if (is_explained(&audit->comparisons[i]))
      explain_comparison(arena, &asked, threads, &audit->comparisons[i]);
  recount->done(recount->context);
  eh_arena_free(asked.scratch);
}
