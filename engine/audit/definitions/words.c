#include "engine/audit/definitions/words.h"

#include "engine/audit/words/say.h"
#include "rules/language/question.h"

static size_t testable(const size_t counts[EH_OUTCOMES]) {
  size_t sum = 0;
  for (size_t o = EH_OUTCOME_UNTESTABLE + 1; o < EH_OUTCOMES; o++) sum += counts[o];
  return sum;
}

static void say_count(struct eh_buffer *text, const char *outcome, size_t count) {
  if (count) eh_buffer_printf(text, ", %s in %zu", outcome, count);
}

static void say_others(struct eh_buffer *text, const size_t counts[EH_OUTCOMES]) {
  for (enum eh_outcome o = EH_OUTCOME_STANDS; o-- > EH_OUTCOME_REVERSED;)
    say_count(text, eh_outcome_name(o), counts[o]);
}

static const char *keep(struct eh_arena *arena, struct eh_buffer *text) {
  const char *kept = text->length ? eh_arena_copy(arena, text->text, text->length) : NULL;
  eh_buffer_free(text);
  return kept;
}

const char *eh_robustness_say(struct eh_arena *arena, const struct eh_comparison_result *c,
                              const struct eh_result *r) {
  const struct eh_robustness_part *part = &r->robustness;
  size_t definitions = testable(part->definitions), parts = testable(part->parts);
  if (!definitions && !parts) return "no other definition leaves it enough comparable records";
  struct eh_buffer text = {0};
  if (definitions) {
    eh_buffer_printf(&text, "stands in %zu of %zu other definition%s",
                     part->definitions[EH_OUTCOME_STANDS], definitions,
                     definitions == 1 ? "" : "s");
    say_others(&text, part->definitions);
    if (!eh_is_amount(c->measure))
      eh_buffer_printf(&text, ", between %s and %s points", eh_say_points(arena, part->low.value),
                       eh_say_points(arena, part->high.value));
  }
  if (parts) {
    eh_buffer_printf(&text, "%s in %zu of %zu part%s of the records", definitions ? ";" : "stands",
                     part->parts[EH_OUTCOME_STANDS], parts, parts == 1 ? "" : "s");
    say_others(&text, part->parts);
  }
  return keep(arena, &text);
}

static const char *size_of(struct eh_arena *arena, const struct eh_comparison_result *c,
                           const struct eh_retest *retest) {
  double d = retest->difference.estimate.value;
  if (eh_is_amount(c->measure))
    return eh_arena_printf(arena, "%+.3g%s%s", d, *c->measure->unit ? " " : "", c->measure->unit);
  return eh_arena_printf(arena, "%s points", eh_say_points(arena, d));
}

const char *eh_robustness_warn(struct eh_arena *arena, const struct eh_comparison_result *c,
                               const struct eh_result *r) {
  enum { MOST_NAMED = 3 };
  const struct eh_robustness_part *part = &r->robustness;
  struct eh_buffer text = {0};
  size_t named = 0, more = 0;
  for (size_t i = 0; part->retests && i < c->definition_count; i++) {
    const struct eh_retest *t = &part->retests[i];
    bool fails = t->outcome == EH_OUTCOME_VANISHES || t->outcome == EH_OUTCOME_REVERSED;
    if (c->definitions[i].is_part || !fails) continue;
    if (named++ < MOST_NAMED)
      eh_buffer_printf(&text, "%s%s (%s, %s)",
                       text.length ? "; " : "it does not stand if compared ",
                       c->definitions[i].name, eh_outcome_name(t->outcome), size_of(arena, c, t));
    else
      more++;
  }
  if (more) eh_buffer_printf(&text, "; and %zu other%s", more, more == 1 ? "" : "s");
  return keep(arena, &text);
}

const char *eh_explained_say(struct eh_arena *arena, const struct eh_result *r) {
  static const double HALF = 0.5;
  struct eh_buffer text = {0};
  for (size_t i = 0; i < r->explained.count; i++) {
    const struct eh_explained *e = &r->explained.items[i];
    if (e->refused) continue;
    eh_buffer_printf(&text,
                     "%s%s of it goes with %s, which the rules do not name: among records alike in "
                     "that, too, %s points become %s",
                     text.length ? "; " : "", e->explained >= HALF ? "most" : "part", e->column,
                     eh_say_points(arena, e->same), eh_say_points(arena, e->fine));
  }
  return keep(arena, &text);
}

const char *eh_time_say(struct eh_arena *a, const struct eh_result *r) {
  const struct eh_time_part *t = &r->time;
  if (!t->period || t->outcome == EH_TIME_NOTHING) return NULL;
  if (t->outcome == EH_TIME_FEW_PEERS)
    return eh_arena_printf(a,
                           "only %s of its comparable records have peers in the same %s: it may "
                           "differ because it decided at other times",
                           eh_say_percent(a, t->kept), t->period);
  const char *was = eh_say_points(a, t->same.value), *is = eh_say_points(a, t->difference.value);
  if (t->outcome == EH_TIME_TOO_FEW)
    return eh_arena_printf(a,
                           "within the same %s it differs by %s points (%s over the same records "
                           "before): too few decisions within a %s to tell",
                           t->period, is, was, t->period);
  return eh_arena_printf(a,
                         "it goes with time: within the same %s it differs by %s points (%s over "
                         "the same records before)",
                         t->period, is, was);
}

const char *eh_selection_say(struct eh_arena *a, const struct eh_result *r) {
  const struct eh_selection_part *s = &r->selection;
  if (!s->caveat) return NULL;
  const char *all =
      s->all_difference.why_not
          ? ""
          : eh_arena_printf(a, "; counted over all its records the event is %s points",
                            eh_say_points(a, s->all_difference.value));
  return eh_arena_printf(
      a,
      "it also makes %s of such cases: %s of its records are among those asked, where peers had %s "
      "(%s points), and a %s threshold alone would %s the share here%s",
      s->difference.value > 0 ? "more" : "fewer", eh_say_percent(a, s->rate.value),
      eh_say_percent(a, s->expected_rate.value), eh_say_points(a, s->difference.value),
      s->difference.value > 0 ? "lower" : "higher", s->difference.value > 0 ? "lower" : "raise",
      all);
}
