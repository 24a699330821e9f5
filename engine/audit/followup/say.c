/* What following up came to, in sentences that go no further than the figures. */
#include <math.h>
#include <string.h>

#include "engine/audit/followup/internal.h"
#include "engine/base/date.h"

static bool is_value(const struct eh_past_comparison *c) { return strcmp(c->kind, "value") == 0; }

static const char *size_of(struct eh_arena *arena, const struct eh_past_comparison *c,
                           double size) {
  if (is_value(c)) return eh_arena_printf(arena, "%.4g%s%s", size, *c->unit ? " " : "", c->unit);
  return eh_arena_printf(arena, "%.1f points", 100.0 * size);
}

const char *eh_follow_difference(struct eh_arena *arena, const struct eh_past_comparison *c,
                                 struct eh_figure difference) {
  if (!c || difference.why_not) return "none";
  double size = fabs(difference.value);
  return eh_arena_printf(arena, "%s %s", size_of(arena, c, size),
                         difference.value < 0.0 ? "lower" : "higher");
}

/* "12.3 points higher (4.0 to 20.1)": the limits on the estimate's own side. */
static const char *with_limits(struct eh_arena *arena, const struct eh_past_comparison *c,
                               const struct eh_interval *d) {
  const char *estimate = eh_follow_difference(arena, c, d->estimate);
  if (d->estimate.why_not || d->low.why_not || d->high.why_not) return estimate;
  bool lower = d->estimate.value < 0.0;
  double scale = (is_value(c) ? 1.0 : 100.0) * (lower ? -1.0 : 1.0);
  double from = scale * (lower ? d->high.value : d->low.value),
         to = scale * (lower ? d->low.value : d->high.value);
  return is_value(c) ? eh_arena_printf(arena, "%s (%.4g to %.4g)", estimate, from, to)
                     : eh_arena_printf(arena, "%s (%.1f to %.1f)", estimate, from, to);
}

static const char *status_words(struct eh_arena *arena, const struct eh_follow_item *item) {
  switch (item->status) {
    case EH_FOLLOW_PERSISTS:
      return "it persists";
    case EH_FOLLOW_REVERSED:
      return "it differs now to the other side";
    case EH_FOLLOW_RESOLVED:
      return eh_arena_printf(arena, "shown to be within %s either way",
                             size_of(arena, item->new_comparison, item->new_comparison->smallest));
    case EH_FOLLOW_UNDECIDED:
      return "not flagged, and not shown small: not decided";
    case EH_FOLLOW_UNTESTABLE:
      return eh_arena_printf(arena, "not testable now (%s)", item->now->untestable_because);
    case EH_FOLLOW_GONE:
      return "no records of it now";
    case EH_FOLLOW_REDEFINED:
      return item->new_comparison ? "what is compared has changed since: the two cannot be held "
                                    "against each other"
                                  : "not compared any more";
    case EH_FOLLOW_BY_OTHERS:
      return "flagged now only because others are among its peers";
    case EH_FOLLOW_NEW:
      return "flagged for the first time";
    default:
      return "in neither findings file";
  }
}

/* Where all are not compared, a note says so once. */
static const char *unmoved_words(struct eh_following *f, const struct eh_follow_item *item) {
  bool there = item->was && item->now && item->status != EH_FOLLOW_REDEFINED;
  if (!there || f->up->not_compared) return "";
  return eh_arena_printf(f->arena, " Whether more than chance changed cannot be told: %s.",
                         item->z.why_not);
}

static const char *moved_words(struct eh_following *f, const struct eh_follow_item *item) {
  struct eh_arena *arena = f->arena;
  static const char *const words[] = {
      [EH_MOVED_UNKNOWN] = "",
      [EH_MOVED_AS_EXPECTED] = "chance explains the rest",
      [EH_MOVED_FELL] = "it fell by more than chance and regression to the mean explain",
      [EH_MOVED_ROSE] = "it is further out than chance explains"};
  if (item->moved == EH_MOVED_UNKNOWN || item->expected.why_not) return unmoved_words(f, item);
  return eh_arena_printf(arena, " Had nothing changed, about %s would be expected; %s%s.",
                         eh_follow_difference(arena, item->old_comparison, item->expected),
                         words[item->moved],
                         item->old_comparison->tau.why_not
                             ? " (too few units to allow for regression to the mean)"
                             : "");
}

static const char *name_of(struct eh_arena *arena, const struct eh_follow_item *item) {
  if (*item->each)
    return eh_arena_printf(arena, "%s (%s, across %s, %s)", item->unit, item->measure,
                           item->across, item->each);
  return eh_arena_printf(arena, "%s (%s, across %s)", item->unit, item->measure, item->across);
}

static void say_item(struct eh_following *f, struct eh_follow_item *item) {
  struct eh_arena *arena = f->arena;
  const char *text = eh_arena_printf(arena, "%s:", name_of(arena, item));
  if (item->was)
    text = eh_arena_printf(arena, "%s was %s;", text,
                           with_limits(arena, item->old_comparison, &item->old_difference));
  if (item->now && !item->new_difference.estimate.why_not)
    text = eh_arena_printf(arena, "%s now %s;", text,
                           with_limits(arena, item->new_comparison, &item->new_difference));
  item->statement = eh_arena_printf(arena, "%s %s.%s", text, status_words(arena, item),
                                    moved_words(f, item));
}

/* --- on the whole --- */

static const char *day_text(struct eh_arena *arena, int32_t day) {
  char text[11];
  eh_date_format(day, text);
  return eh_arena_string(arena, text);
}

static void say_policies(struct eh_following *f) {
  const struct eh_past *before = f->up->before, *after = f->up->after;
  if (!before->has_dates || !after->has_dates) return;
  for (size_t i = 0; i < after->policy_count; i++)
    if (after->policies[i].from > before->last && after->policies[i].from <= after->last)
      eh_follow_note(f, eh_arena_printf(f->arena,
                                        "Between the two began: %s (%s). A change may come with "
                                        "it; this page does not tell what made it.",
                                        after->policies[i].name,
                                        day_text(f->arena, after->policies[i].from)));
}

/* A finding may be one no more only because another measure of what matters is in force. */
static void say_settings(struct eh_following *f) {
  size_t changed = 0;
  for (size_t i = 0; i < f->up->before->comparison_count; i++) {
    const struct eh_past_comparison *was = &f->up->before->comparisons[i],
                                    *now = eh_past_comparison_of(f->up->after, was->measure,
                                                                 was->across, was->within,
                                                                 was->each);
    changed += now && was->digest && now->digest &&
               (was->rate != now->rate || was->smallest != now->smallest ||
                was->caseload != now->caseload || was->confidence != now->confidence);
  }
  if (changed)
    eh_follow_note(f, eh_arena_printf(f->arena,
                                      "What is worth flagging was set otherwise in the later "
                                      "rules, in %zu of the comparisons: some findings may have "
                                      "come or gone for that alone.",
                                      changed));
}

void eh_follow_say(struct eh_following *f) {
  struct eh_followup *up = f->up;
  for (size_t i = 0; i < up->count; i++) say_item(f, &up->items[i]);
  for (size_t i = 0; i < up->fresh_count; i++) say_item(f, &up->fresh[i]);
  if (up->not_compared)
    eh_follow_note(f, eh_arena_printf(f->arena, "Only what became of findings is told: %s.",
                                      up->not_compared));
  if (up->judged)
    eh_follow_note(
        f, eh_arena_printf(f->arena,
                           "Of %zu earlier findings that can be compared, %.1f would be flagged "
                           "again if nothing had changed; %zu %s. Who was found partly by chance "
                           "comes back nearer to the others by itself.",
                           up->judged, up->expected_again, up->seen_again,
                           up->seen_again == 1 ? "is" : "are"));
  say_policies(f);
  say_settings(f);
}
