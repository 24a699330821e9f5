/* What the describers of units share: sentences, and figures in words. */
#include "engine/audit/words/say.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/stats/rounding.h"

void eh_say(struct eh_sentences *s, const char *text) {
  if (s->count < EH_MOST_SENTENCES) s->items[s->count++] = text;
}

const char *eh_say_points(struct eh_arena *arena, double fraction) {
  double tenths = round(fraction * 1000.0) / 10.0;
  return tenths == 0 ? "0.0" : eh_arena_printf(arena, "%+.1f", tenths);
}

bool eh_reads_below(const char *number, double size) {
  return fabs(strtod(number, NULL)) < eh_with_rounding(size);
}

const char *eh_say_points_below(struct eh_arena *arena, double fraction, double size) {
  enum { MOST = 12 };
  const char *text = eh_say_points(arena, fraction);
  for (int decimals = 2; decimals <= MOST && !eh_reads_below(text, 100.0 * size); decimals++)
    text = eh_arena_printf(arena, "%+.*f", decimals, 100.0 * fraction);
  return text;
}

const char *eh_say_percent(struct eh_arena *arena, double fraction) {
  return eh_arena_printf(arena, "%.1f%%", 100.0 * fraction);
}

const char *eh_say_confidence(struct eh_arena *arena, double confidence) {
  return eh_arena_printf(arena, "%.6g%%", 100.0 * confidence);
}

const char *eh_say_interval(const struct eh_view *v, const struct eh_interval *interval,
                            const char *low, const char *high) {
  const char *why_not = interval->low.why_not ? interval->low.why_not : interval->high.why_not;
  if (why_not && !interval->low.why_not)
    return eh_arena_printf(v->arena, "%s interval from %s up, without an upper limit: %s",
                           eh_say_confidence(v->arena, v->comparison->measure->flag.confidence),
                           low, why_not);
  if (why_not) return eh_arena_printf(v->arena, "no interval: %s", why_not);
  return eh_arena_printf(v->arena, "%s interval %s to %s",
                         eh_say_confidence(v->arena, v->comparison->measure->flag.confidence), low,
                         high);
}

const char *eh_say_unit(const struct eh_view *v) {
  enum { SHORT = 2 };
  const char *unit = v->result->unit, *name = eh_words_name(v->arena, unit);
  bool tells = strlen(unit) > SHORT && strspn(unit, "0123456789") < strlen(unit);
  if (tells) return name;
  return eh_arena_printf(v->arena, "%s %s",
                         v->rules->columns[v->comparison->comparison->across].name, name);
}

const char *eh_say_measure(const struct eh_view *v) {
  const struct eh_comparison_result *c = v->comparison;
  if (!c->cells->each) return c->measure->name;
  return eh_arena_printf(v->arena, "%s for %s %s", c->measure->name,
                         v->rules->columns[c->comparison->each].name, c->cells->each);
}

bool eh_typical_is_less(const struct eh_view *v) {
  const struct eh_result *r = v->result;
  double smallest = v->comparison->measure->flag.smallest_difference;
  if (!r->flagged || r->among.typical_difference.why_not) return false;
  double d = r->among.typical_difference.value;
  return (d > 0) != r->higher || fabs(d) < eh_with_rounding(smallest);
}

const char *eh_say_share_too_small(const struct eh_view *v, const char *what) {
  double smallest = v->comparison->measure->flag.smallest_difference;
  double difference = v->result->share.difference.estimate.value;
  return eh_arena_printf(v->arena, "the difference of %s points%s is smaller than %.6g",
                         eh_say_points_below(v->arena, difference, smallest), what,
                         100.0 * smallest);
}
