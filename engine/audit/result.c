/* What a result says of itself. */
#include "engine/audit/audit_internal.h"

const char *eh_level_name(enum eh_level level) {
  static const char *const names[] = {"", "notable", "strong", "exceptional"};
  return names[level];
}

const struct eh_interval *eh_result_headline(const struct eh_result *result) {
  return result->kind == EH_MEASURE_VALUE ? &result->mean_difference : &result->difference;
}

void eh_unit_leave_out(struct eh_result *r) {
  static const char only_yes_no[] = "only a measure of an event has it";
  struct eh_figure none = eh_no_figure(only_yes_no);
  r->odds_ratio = r->risk_difference = r->versus_typical = r->rank = eh_no_interval(only_yes_no);
  r->cmh.test.why_not = r->exact.why_not = only_yes_no;
  r->homogeneity.breslow_day.why_not = r->homogeneity.tarone.why_not = only_yes_no;
  r->gamma = r->e_value = r->outlier_z = r->outlier_q = r->shrunken_difference = none;
  r->power_80 = r->caseload_needed = none;
  r->versus_typical_p = r->versus_typical_log10_p = none;
}
