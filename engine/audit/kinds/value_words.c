/* A measure of a value: what is said of a unit. */
#include <math.h>

#include "engine/audit/kinds/value.h"
#include "engine/base/number.h"
#include "engine/base/words.h"
#include "engine/stats/rounding.h"

/* How many decimals a figure deserves whose uncertainty is this large: two figures of that. */
static int decimals_for(double uncertainty) {
  enum { MOST_DECIMALS = 6 };
  if (!(uncertainty > 0)) return 1;
  double decimals = 1.0 - floor(log10(uncertainty));
  return decimals < 0 ? 0 : decimals > MOST_DECIMALS ? MOST_DECIMALS : (int)decimals;
}

static int decimals_of(const struct eh_result *r) {
  const struct eh_interval *d = &r->value.difference;
  if (d->low.why_not) return decimals_for(0.0);
  return decimals_for((d->high.why_not ? d->estimate.value : d->high.value) - d->low.value);
}

static const char *say_decimals(const struct eh_view *v, double value, bool with_sign,
                                int decimals) {
  if (fabs(value) < 0.5 * pow(10, -decimals)) value = 0.0;
  return eh_arena_printf(v->arena, with_sign && value != 0 ? "%+.*f" : "%.*f", decimals, value);
}

/* A value, or with a sign a difference; a rounded zero carries none. */
static const char *say_value(const struct eh_view *v, double value, bool with_sign) {
  return say_decimals(v, value, with_sign, decimals_of(v->result));
}

/* "4.2 days", " " and the unit where there is one. */
static const char *unit_of(const struct eh_view *v) {
  const char *unit = v->comparison->measure->unit;
  return *unit ? eh_arena_printf(v->arena, " %s", unit) : "";
}

const char *eh_value_statement(const struct eh_view *v) {
  const struct eh_result *r = v->result;
  struct eh_arena *a = v->arena;
  return eh_arena_printf(
      a,
      "%s differs from peers by %s%s (%s) in %s: a mean of %s over its %s "
      "comparable record%s, where peers had %s for the same kinds of case.",
      eh_say_unit(v), say_value(v, r->value.difference.estimate.value, true),
      unit_of(v),
      eh_say_interval(v, &r->value.difference, say_value(v, r->value.difference.low.value, false),
                      say_value(v, r->value.difference.high.value, false)),
      eh_say_measure(v), say_value(v, r->value.mean.value, false), eh_words_count(a, r->comparable),
      r->comparable == 1 ? "" : "s", say_value(v, r->value.expected_mean.value, false));
}

const char *eh_value_too_small(const struct eh_view *v) {
  enum { MOST_DECIMALS = 12 };
  char smallest[32];
  double size = v->comparison->measure->flag.smallest_difference;
  double difference = v->result->value.difference.estimate.value;
  eh_number_format(size, smallest);
  const char *text = say_value(v, difference, true);
  for (int decimals = decimals_of(v->result); decimals <= MOST_DECIMALS; decimals++) {
    if (eh_reads_below(text, size)) break;
    text = say_decimals(v, difference, true, decimals);
  }
  return eh_arena_printf(v->arena, "the mean difference of %s%s is smaller than %s", text,
                         unit_of(v), smallest);
}

void eh_value_say_caveats(const struct eh_view *v, struct eh_sentences *s) {
  const struct eh_result *r = v->result;
  const struct eh_interval *mean = &r->value.difference;
  double smallest = v->comparison->measure->flag.smallest_difference;
  if (!mean->estimate.why_not && !r->value.crude_difference.why_not &&
      mean->estimate.value * r->value.crude_difference.value < 0)
    eh_say(s, eh_arena_printf(v->arena,
                              "before like was compared with like the difference had the opposite "
                              "sign (%s%s)",
                              say_value(v, r->value.crude_difference.value, true), unit_of(v)));
  if (eh_typical_is_less(v))
    eh_say(s, eh_arena_printf(v->arena,
                              "against the typical unit rather than all its peers together the "
                              "difference would be %s%s: its peers hold units that differ much "
                              "themselves",
                              say_value(v, r->among.typical_difference.value, true), unit_of(v)));
  if (r->value.difference_approximate && !mean->low.why_not && !r->value.effective.why_not)
    eh_say(s, eh_arena_printf(v->arena,
                              "its mean rests on few values other than 0, or on a few large ones "
                              "(worth %.2g values): the interval is approximate",
                              r->value.effective.value));
  if (r->flagged && r->value.p_approximate)
    eh_say(s,
           "few of its values differ from the commonest one, and there are too many kinds of case "
           "to count all ways they could have fallen: its p is approximate");
  double shift = r->value.shift.estimate.value;
  bool agrees = (shift > 0) == r->higher && fabs(shift) >= eh_with_rounding(smallest);
  if (r->flagged && !r->value.shift.estimate.why_not && !agrees)
    eh_say(s,
           eh_arena_printf(v->arena,
                           "the difference of the means is not that of typical records, which "
                           "is %s%s (the median of all pairs): few large values carry it, or the "
                           "values are few",
                           say_value(v, shift, true), unit_of(v)));
}
