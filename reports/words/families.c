#include "reports/words/families.h"

#include <math.h>

static double highest_rate(const struct eh_rules *rules) {
  double highest = 0.0;
  for (size_t i = 0; i < rules->measure_count; i++)
    highest = fmax(highest, rules->measures[i].flag.false_discovery_rate);
  return highest;
}

/* "3 reports of 5", of those like this one in which nobody differs. */
static const char *reports_with_a_finding(struct eh_arena *arena, double rate, size_t families) {
  double share = 1.0 - pow(1.0 - rate, (double)families);
  double of_five = round(5.0 * share);
  if (share < 0.15) return eh_arena_printf(arena, "about 1 report of %.0f", round(1.0 / share));
  if (of_five >= 5.0) return "nearly every report";
  return eh_arena_printf(arena, "about %.0f report%s of 5", of_five, of_five == 1.0 ? "" : "s");
}

static const char *by_comparison(struct eh_arena *arena, const struct eh_audit *audit, double rate,
                                 size_t families) {
  const char *because = audit->rules->family_fell_back
                            ? "the measures have false discovery rates of their own, so "
                            : "";
  return eh_arena_printf(arena,
                         "%sin each comparison by itself on average at most %.6g%% are false; this "
                         "report has %zu, and where nobody differs some of them would hold a "
                         "finding in %s",
                         because, 100.0 * rate, families,
                         reports_with_a_finding(arena, rate, families));
}

const char *eh_families_line(struct eh_arena *arena, const struct eh_audit *audit) {
  const struct eh_rules *rules = audit->rules;
  size_t main = audit->families.main, side = audit->families.side;
  double rate = highest_rate(rules);
  if (main + side <= 1)
    return eh_arena_printf(arena, "on average at most %.6g%% of such findings are false",
                           100.0 * rate);
  if (rules->family == EH_FAMILY_COMPARISON) return by_comparison(arena, audit, rate, main + side);
  if (rules->family == EH_FAMILY_STRICT || main == 0 || side == 0)
    return eh_arena_printf(
        arena, "of the findings of this report on average at most %.6g%% are false", 100.0 * rate);
  return eh_arena_printf(
      arena, "of the findings on %s on average at most %.6g%% are false, of the others likewise",
      rules->measures[rules->main_measure].name, 100.0 * rate);
}
