#include "engine/audit/definitions/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/definitions/ask.h"
#include "engine/audit/definitions/finer.h"
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

/* The sum over groups of m(n-m)/n. */
static double variance_within(const struct eh_stratum *groups, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double n = (double)groups[i].records, m = (double)groups[i].events;
    if (n > 0) sum += m * (n - m) / n;
  }
  return sum;
}

static double variance_left(const struct eh_finer *finer) {
  double all = variance_within(finer->coarse, finer->coarse_count);
  return all > 0 ? variance_within(finer->strata, finer->cells->stratum_count) / all : 1;
}

static int by_stratum(const void *left, const void *right) {
  const struct eh_association_cell *a = left, *b = right;
  if (a->stratum != b->stratum) return a->stratum < b->stratum ? -1 : 1;
  return (a->unit > b->unit) - (a->unit < b->unit);
}

/* Flagged, and not only because of others. */
static bool is_out_of_line(const struct eh_result *r) {
  return r->flagged && r->who.who != EH_WHO_PEERS;
}

/* Of the records of units that are not out of line: the event by the column's values. */
static double association(struct eh_arena *scratch, const struct attempt *a,
                          const struct eh_finer *finer) {
  const struct eh_cells *fine = a->fine;
  struct eh_association_cell *cells = eh_arena_alloc(scratch, fine->cell_count, sizeof *cells);
  size_t count = 0, kept = 0;
  for (size_t u = 0; u < fine->unit_count; u++) {
    size_t own = eh_unit_named(a->comparison->cells, fine->units[u].label);
    if (own == SIZE_MAX || is_out_of_line(&a->comparison->results[own])) continue;
    for (size_t i = 0; i < fine->units[u].cell_count; i++) {
      const struct eh_cell *cell = &fine->cells[fine->units[u].first_cell + i];
      uint32_t value = fine->codes[cell->stratum * fine->column_count + a->column];
      cells[count++] = (struct eh_association_cell){finer->of[cell->stratum], value, cell->records,
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

/* Would the finding be none within the finer strata? */
static bool is_lost(struct eh_arena *scratch, const struct attempt *a, const struct eh_result *r,
                    const struct eh_finer_tables *t, double fine) {
  const struct eh_flag *flag = &a->comparison->measure->flag;
  struct eh_exact_p exact = eh_exact_p(eh_exact_new(scratch, t->fine, t->fine_count));
  bool passes = !exact.why_not && exact.log10_mid_p <= log10(eh_unit_level(r)) + 4.4e-10;
  bool same_sign = (fine > 0) == (eh_result_headline(r)->estimate.value > 0);
  return !passes || !same_sign || fabs(fine) < eh_with_rounding(flag->smallest_difference);
}

static void explain_unit(struct eh_arena *scratch, const struct attempt *a,
                         const struct eh_result *r, size_t u, struct eh_finer *finer,
                         struct part *part) {
  double confidence = a->comparison->measure->flag.confidence;
  struct eh_finer_tables t = eh_finer_tables(scratch, finer, u);
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
  struct eh_finer finer = eh_finer_of(scratch, a->fine, a->column);
  a->left = variance_left(&finer);
  a->log10_p = association(scratch, a, &finer);
  size_t f = 0;
  for (size_t u = 0; u < a->comparison->result_count; u++) {
    const struct eh_result *r = &a->comparison->results[u];
    if (!r->flagged) continue;
    a->parts[f].is_out_of_line = is_out_of_line(r);
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    size_t unit = eh_unit_named(a->fine, r->unit);
    if (unit != SIZE_MAX) explain_unit(scratch, a, r, unit, &finer, &a->parts[f]);
    eh_arena_reset(scratch, mark);
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

void eh_asked_explain(struct eh_arena *arena, const struct eh_asked *asked, size_t threads,
                      struct eh_comparison_result *c) {
  struct eh_arena *scratch = eh_arena_new();
  size_t columns = asked->recount->column_count;
  struct attempt *attempts = eh_arena_alloc(scratch, columns, sizeof *attempts);
  for (size_t k = 0; k < columns; k++) {
    struct attempt *a = &attempts[k];
    a->comparison = c;
    a->parts = eh_arena_alloc(scratch, c->levels.flagged, sizeof *a->parts);
    if (!eh_has_part(asked->audit->rules, c, asked->recount->columns[k].name))
      a->fine = eh_asked_column(asked, c, k, &a->column);
  }
  eh_parallel(columns, threads, try_column, attempts);
  conclude(arena, asked->recount, attempts, c);
  eh_arena_free(scratch);
}

/* Columns are tried within exact strata. */
static bool is_explained(const struct eh_comparison_result *c) {
  return eh_is_asked(c) && !eh_cells_are_adjusted(c->cells);
}

static bool any_explained(const struct eh_audit *audit) {
  for (size_t i = 0; i < audit->comparison_count; i++)
    if (is_explained(&audit->comparisons[i])) return true;
  return false;
}

/* The columns that have no part in every comparison that is explained. */
static struct eh_texts names_of(struct eh_arena *arena, const struct eh_recount *recount,
                                const struct eh_audit *audit) {
  const char **names = eh_arena_alloc(arena, recount->column_count, sizeof *names);
  size_t count = 0;
  for (size_t k = 0; k < recount->column_count; k++) {
    bool tried = false;
    for (size_t i = 0; i < audit->comparison_count; i++)
      tried =
          tried || (is_explained(&audit->comparisons[i]) &&
                    !eh_has_part(audit->rules, &audit->comparisons[i], recount->columns[k].name));
    if (tried) names[count++] = eh_arena_string(arena, recount->columns[k].name);
  }
  return (struct eh_texts){names, count};
}

/* Is there anything to ask: columns, the time of decisions, who is asked? */
static bool has_questions(const struct eh_recount *recount, const struct eh_audit *audit) {
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    if (eh_shows_range(audit->rules, c)) return true;
    if (!eh_is_asked(c)) continue;
    if (recount->column_count || audit->rules->date_column >= 0 || c->measure->among) return true;
  }
  return false;
}

void eh_findings_explain(struct eh_arena *arena, const struct eh_recount *recount, size_t threads,
                         struct eh_audit *audit) {
  if (!has_questions(recount, audit)) return;
  struct eh_asked asked = {.scratch = eh_arena_new(), .recount = recount, .audit = audit};
  audit->not_asked_again = eh_ask(&asked);
  if (audit->not_asked_again)
    audit->not_screened = audit->not_asked_again = eh_arena_string(arena, audit->not_asked_again);
  else if (any_explained(audit))
    audit->screened = names_of(arena, recount, audit);
  else if (audit->findings)
    audit->not_screened = "where peers are weighted they are not tried";
  for (size_t i = 0; i < audit->comparison_count && !audit->not_asked_again; i++) {
    struct eh_comparison_result *c = &audit->comparisons[i];
    eh_asked_spread(&asked, c);
    if (!eh_is_asked(c)) continue;
    if (is_explained(c)) eh_asked_explain(arena, &asked, threads, c);
    eh_asked_selection(&asked, c);
    eh_asked_time(&asked, c);
  }
  recount->done(recount->context);
  eh_arena_free(asked.scratch);
}
