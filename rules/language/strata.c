/* Which columns make the strata of a measure in a comparison. */
#include "rules/rules.h"

/* Add a column unless it is none, the unit's own, or there already. */
static void add(int column, int across, int *columns, size_t *count) {
  if (column < 0 || column == across) return;
  for (size_t i = 0; i < *count; i++) {
    if (columns[i] == column) return;
  }
  columns[(*count)++] = column;
}

size_t eh_rules_strata(const struct eh_rules *rules, const struct eh_comparison *comparison,
                       const struct eh_measure *measure, int *columns) {
  size_t count = 0;
  for (size_t i = 0; i < measure->factor_count; i++)
    add(measure->factors[i], comparison->across, columns, &count);
  for (size_t i = 0; i < comparison->within_count; i++)
    add(comparison->within[i], comparison->across, columns, &count);
  add(comparison->each, comparison->across, columns, &count);
  add(rules->policy_column, comparison->across, columns, &count);
  if (comparison->every)
    add(rules->period_columns[comparison->every], comparison->across, columns, &count);
  for (size_t i = 0; i < measure->adjust_count && !comparison->every; i++)
    add(measure->adjust[i], comparison->across, columns, &count);
  return count;
}

static bool is_in(const int *columns, size_t count, int column) {
  for (size_t i = 0; i < count; i++)
    if (columns[i] == column) return true;
  return false;
}

bool eh_rules_adjusts(const struct eh_rules *rules, const struct eh_comparison *comparison,
                      const struct eh_measure *measure, int column) {
  return !comparison->every && is_in(measure->adjust, measure->adjust_count, column) &&
         !is_in(measure->factors, measure->factor_count, column) &&
         !is_in(comparison->within, comparison->within_count, column) &&
         column != comparison->each && column != rules->policy_column;
}

bool eh_measure_has_factor(const struct eh_measure *measure, int column) {
  return is_in(measure->factors, measure->factor_count, column) ||
         is_in(measure->adjust, measure->adjust_count, column);
}

const char *eh_every_name(enum eh_every every) {
  static const char *const names[EH_EVERIES] = {"", "month", "quarter", "fiscal year"};
  return names[every];
}
