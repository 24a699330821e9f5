#include "reports/scorecards/office.h"

#include "engine/audit/kinds/kinds.h"

const char *eh_scorecard_title(struct eh_arena *arena, const struct eh_office_result *item) {
  const struct eh_result *r = item->result;
  const char *title = item->comparison->title;
  const char *outcome = eh_result_outcome(r);
  if (!outcome || eh_result_headline(r)->estimate.why_not) return title;
  return eh_arena_printf(arena, "%s (most different: %s)", title, outcome);
}

const char *eh_scorecard_verdict(struct eh_arena *arena, const struct eh_result *result) {
  if (!result->testable) return "not testable";
  if (!result->flagged) return "not flagged";
  if (!eh_result_differs(result))
    return eh_arena_printf(arena, "%s only because others differ",
                           result->higher ? "higher" : "lower");
  return eh_arena_printf(arena, "%s: %s", eh_level_name(result->level),
                         result->higher ? "higher" : "lower");
}
