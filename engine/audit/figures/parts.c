#include "engine/audit/figures/parts.h"

static void leave_out_share(struct eh_share_part *share, const char *why_not) {
  share->rate = share->expected = share->expected_rate = share->crude_difference =
      eh_no_figure(why_not);
  share->difference = eh_no_interval(why_not);
}

/* Relations between units rest on log odds ratios. */
static void leave_out_event(struct eh_result *r, const char *why_not) {
  struct eh_event_part *event = &r->event;
  event->odds_ratio = event->risk_difference = eh_no_interval(why_not);
  event->cmh.test.why_not = event->exact.why_not = why_not;
  event->homogeneity.breslow_day.why_not = event->homogeneity.tarone.why_not = why_not;
  event->gamma = event->gamma_at_05 = event->e_value = event->caseload_needed =
      eh_no_figure(why_not);
  event->power_80 = eh_no_power(why_not);
  event->unrecorded = eh_no_unrecorded("computed for yes/no measures only");
  struct eh_among_part *among = &r->among;
  among->outlier_z = among->outlier_q = among->shrunken_difference = among->versus_typical_p =
      among->effect = among->effect_variance = among->effect_centre = eh_no_figure(why_not);
  among->versus_typical = eh_no_versus_typical(why_not);
  among->rank = eh_no_interval(why_not);
}

static void leave_out_value(struct eh_value_part *value, const char *why_not) {
  value->mean = value->expected_mean = value->superiority = value->crude_difference =
      value->effective = eh_no_figure(why_not);
  value->difference = value->shift = eh_no_interval(why_not);
}

void eh_result_leave_out(struct eh_result *r, const char *const *why_not) {
  if (why_not[EH_PART_SHARE]) leave_out_share(&r->share, why_not[EH_PART_SHARE]);
  if (why_not[EH_PART_EVENT]) leave_out_event(r, why_not[EH_PART_EVENT]);
  if (why_not[EH_PART_VALUE]) leave_out_value(&r->value, why_not[EH_PART_VALUE]);
  if (why_not[EH_PART_TEST]) {
    r->test.why_not = why_not[EH_PART_TEST];
    r->among.typical_difference = eh_no_figure("see versus_typical");
  }
}

void eh_whole_leave_out(struct eh_comparison_result *c, const char *const *why_not) {
  const char *no_event = why_not[EH_PART_EVENT];
  if (!no_event) return;
  struct eh_spread_part *spread = &c->event.spread;
  spread->tau.tau = spread->tau.low = spread->tau.high = spread->low = spread->high =
      eh_no_figure(no_event);
  c->event.power_80 = eh_no_power(no_event);
}
