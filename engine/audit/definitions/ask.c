#include "engine/audit/definitions/ask.h"

#include <stdlib.h>
#include <string.h>

#include "engine/audit/figures/strata.h"

bool eh_is_asked(const struct eh_comparison_result *c) {
  return c->measure->kind == EH_MEASURE_EVENT && c->levels.flagged > 0;
}

bool eh_has_part(const struct eh_rules *rules, const struct eh_comparison_result *c,
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
  for (size_t k = 0; k < c->measure->adjust_count; k++)
    eh_rules_mark_column(rules, c->measure->adjust[k], marked);
  for (size_t i = 0; i < rules->column_count; i++)
    has = has || (marked[i] && strcmp(rules->columns[i].name, name) == 0);
  free(marked);
  return has;
}

static const struct eh_cells *find_cells(const struct eh_asked *asked,
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

/* The variant's cells, and where its last factor stands among their strata columns. */
static const struct eh_cells *cells_of(const struct eh_asked *asked,
                                       const struct eh_comparison_result *c, size_t extra,
                                       size_t *place) {
  size_t variant = asked->variant[c->measure - asked->audit->rules->measures] + extra;
  const struct eh_cells *cells = find_cells(asked, c, variant);
  const struct eh_measure *measure = &asked->varied->measures[variant];
  if (cells && measure->factor_count)
    *place = eh_column_place(cells, measure->factors[measure->factor_count - 1]);
  return cells;
}

const struct eh_cells *eh_asked_column(const struct eh_asked *asked,
                                       const struct eh_comparison_result *c, size_t column,
                                       size_t *place) {
  return cells_of(asked, c, column, place);
}

const struct eh_cells *eh_asked_more(const struct eh_asked *asked,
                                     const struct eh_comparison_result *c, size_t which,
                                     size_t *place) {
  return cells_of(asked, c, asked->recount->column_count + which, place);
}

/* The candidates, and what is asked beyond. */
static struct eh_variation variation_of(struct eh_asked *asked, const bool *wanted,
                                        const bool *for_columns) {
  enum { YEAR = 366 };
  const struct eh_account *account = asked->audit->account;
  bool is_short = account->has_dates && account->last_day - account->first_day < YEAR;
  const struct eh_extra_column more[EH_ASKS] = {
      [EH_ASK_PERIOD] = {.name = is_short ? "month of decision" : "quarter of decision",
                         .kind = EH_EXTRA_PERIOD,
                         .period = is_short ? EH_MONTH : EH_QUARTER},
      [EH_ASK_LONGER_PERIOD] = {.name = is_short ? "quarter of decision" : "year of decision",
                                .kind = EH_EXTRA_PERIOD,
                                .period = is_short ? EH_QUARTER : EH_YEAR},
      [EH_ASK_MEMBERS] = {.name = "asked of", .kind = EH_EXTRA_MEMBERS},
      [EH_ASK_OF_ALL] = {.name = "of all records", .kind = EH_EXTRA_OF_ALL},
  };
  size_t columns = asked->recount->column_count;
  struct eh_extra_column *all = eh_arena_alloc(asked->scratch, columns + EH_ASKS, sizeof *all);
  for (size_t k = 0; k < columns; k++) all[k] = asked->recount->columns[k];
  for (size_t k = 0; k < EH_ASKS; k++) all[columns + k] = more[k];
  return (struct eh_variation){wanted, for_columns, all, columns + EH_ASKS};
}

const char *eh_ask(struct eh_asked *asked) {
  const struct eh_rules *rules = asked->audit->rules;
  bool *wanted = eh_arena_alloc(asked->scratch, rules->measure_count, sizeof *wanted);
  bool *for_columns = eh_arena_alloc(asked->scratch, rules->measure_count, sizeof *for_columns);
  size_t made = 0;
  for (size_t i = 0; i < asked->audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &asked->audit->comparisons[i];
    size_t measure = (size_t)(c->measure - rules->measures);
    for_columns[measure] = for_columns[measure] || eh_is_asked(c);
    wanted[measure] = wanted[measure] || eh_is_asked(c) || eh_shows_range(rules, c);
  }
  struct eh_variation variation = variation_of(asked, wanted, for_columns);
  asked->variant = eh_arena_alloc(asked->scratch, rules->measure_count, sizeof *asked->variant);
  for (size_t m = 0; m < rules->measure_count; m++) {
    asked->variant[m] = made;
    if (wanted[m]) made += variation.candidate_count;
  }
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
