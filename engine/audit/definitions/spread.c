/* May the range of what units do be shown? Where units open late, or close, and everybody's
 * decisions change, equal units seem to differ. So the spread must be there within one calendar
 * quarter, too. */
#include "engine/audit/definitions/ask.h"
#include "engine/audit/definitions/finer.h"
#include "engine/audit/kinds/kinds.h"

/* The units of the cells, as the comparison knows them. */
static struct eh_result *results_of(struct eh_arena *scratch, const struct eh_comparison_result *c,
                                    const struct eh_cells *cells) {
  struct eh_result *results = eh_arena_alloc(scratch, cells->unit_count, sizeof *results);
  for (size_t u = 0; u < cells->unit_count; u++) {
    size_t own = eh_unit_named(c->cells, cells->units[u].label);
    if (own != SIZE_MAX) results[u] = c->results[own];
    results[u].recorded = cells->units[u].recorded;
  }
  return results;
}

static struct eh_tau tau_within(struct eh_arena *scratch, const struct eh_comparison_result *c,
                                const struct eh_cells *cells) {
  struct eh_comparison_result within = *c;
  within.cells = cells;
  within.results = results_of(scratch, c, cells);
  within.result_count = cells->unit_count;
  struct eh_strata_list strata = eh_strata_of(scratch, c->comparison, cells, 1);
  struct eh_whole_options options = {.scratch = scratch, .threads = 1, .only_summary = true};
  return eh_event_tau(&within, &strata, &options);
}

bool eh_shows_range(const struct eh_rules *rules, const struct eh_comparison_result *c) {
  return c->measure->kind == EH_MEASURE_EVENT && rules->date_column >= 0 &&
         !c->event.spread.low.why_not && !eh_is_of_time(rules, c);
}

void eh_asked_spread(const struct eh_asked *asked, struct eh_comparison_result *c) {
  static const char none[] =
      "it may go with time: among decisions of one period the spread's interval begins at 0";
  size_t place = 0;
  if (!eh_shows_range(asked->audit->rules, c)) return;
  const struct eh_cells *cells = eh_asked_more(asked, c, EH_ASK_PERIOD, &place);
  if (!cells) return;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_tau tau = tau_within(scratch, c, cells);
  if (tau.tau.why_not || !(tau.low.value > 0))
    c->event.spread.low = c->event.spread.high = eh_no_figure(none);
  eh_arena_free(scratch);
}
