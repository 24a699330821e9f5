/* What a result says of itself. */
#include "engine/audit/audit_internal.h"

const char *eh_level_name(enum eh_level level) {
  static const char *const names[] = {"", "notable", "strong", "exceptional"};
  return names[level];
}

const struct eh_interval *eh_result_headline(const struct eh_result *result) {
  return result->kind == EH_MEASURE_VALUE ? &result->value.difference : &result->share.difference;
}

void eh_unit_leave_out(struct eh_result *r) {
  static const char only_yes_no[] = "only a measure of an event has it";
  struct eh_figure none = eh_no_figure(only_yes_no);
  r->event.odds_ratio = r->event.risk_difference = r->among.rank = eh_no_interval(only_yes_no);
  r->event.cmh.test.why_not = r->event.exact.why_not = only_yes_no;
  r->event.homogeneity.breslow_day.why_not = r->event.homogeneity.tarone.why_not = only_yes_no;
  r->event.gamma = r->event.gamma_at_05 = r->event.e_value = none;
  r->among.outlier_z = r->among.outlier_q = r->among.shrunken_difference = none;
  r->event.power_80 = eh_no_power(only_yes_no);
  r->event.caseload_needed = r->among.versus_typical_p = none;
  r->among.versus_typical = eh_no_versus_typical(only_yes_no);
  r->event.unrecorded = eh_no_unrecorded("computed for yes/no measures only");
}
