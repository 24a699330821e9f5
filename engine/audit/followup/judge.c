/* By how much earlier findings changed, and what chance alone would have done to them. */
#include <math.h>
#include <string.h>

#include "engine/audit/followup/internal.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/follow.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/rounding.h"
#include "engine/stats/student.h"

static double error_of(const struct eh_interval *i, double confidence) {
  return (i->high.value - i->low.value) / (2.0 * eh_normal_reach(confidence));
}

static const char *why_not_judged(const struct eh_followup *up, const struct eh_follow_item *item) {
  if (up->not_compared) return up->not_compared;
  if (!item->was) return "not in the earlier file";
  if (item->status == EH_FOLLOW_REDEFINED) return "what is compared has changed";
  if (!item->now || item->status == EH_FOLLOW_GONE) return "no records of the unit now";
  if (item->was->centre.why_not) return item->was->centre.why_not;
  return item->now->centre.why_not;
}

/* What the later difference has to reach: the smallest that matters, and the p that decided. */
static double threshold_of(const struct eh_follow_item *item, double later_error) {
  const struct eh_past_comparison *c = item->new_comparison;
  double level = c->testable ? c->rate / (double)c->testable : c->rate;
  if (!item->now->decided_at.why_not && item->now->decided_at.value > 0.0)
    level = item->now->decided_at.value;
  double reach = eh_normal_score(log(level / 2.0)) * later_error;
  return reach > c->smallest ? reach : c->smallest;
}

static void expect_again(struct eh_followup *up, struct eh_follow_item *item) {
  const struct eh_interval *was = &item->old_difference, *now = &item->new_difference;
  if (item->status == EH_FOLLOW_UNTESTABLE || was->low.why_not || was->high.why_not ||
      now->low.why_not || now->high.why_not || !(item->new_comparison->rate > 0.0))
    return;
  double later = error_of(now, item->new_comparison->confidence);
  item->again = eh_figure(eh_follow_again(item->shrinkage.value, was->estimate.value,
                                          error_of(was, item->old_comparison->confidence), later,
                                          threshold_of(item, later)));
  up->judged++;
  up->seen_again += item->status == EH_FOLLOW_PERSISTS;
  up->expected_again += item->again.value;
}

static void judge(struct eh_followup *up, struct eh_follow_item *item) {
  const char *why_not = why_not_judged(up, item);
  if (why_not) {
    item->shrinkage = item->expected = item->again = item->z = item->p = item->q =
        eh_no_figure(why_not);
    return;
  }
  struct eh_seen was = {item->was->effect.value - item->was->centre.value,
                        item->was->variance.value},
                 now = {item->now->effect.value - item->now->centre.value,
                        item->now->variance.value};
  struct eh_follow follow = eh_follow(item->old_comparison->tau, was, now);
  item->shrinkage = eh_figure(follow.shrinkage);
  item->z = eh_figure(follow.z);
  item->p = eh_figure(pow(10.0, follow.log10_p));
  item->expected = item->old_difference.estimate;
  item->expected.value *= follow.shrinkage;
  item->again = eh_no_figure("not testable now");
  expect_again(up, item);
}

/* Over all earlier findings together. */
static void adjust(struct eh_following *f) {
  struct eh_followup *up = f->up;
  double *log10_p = eh_arena_alloc(f->arena, 2 * up->count, sizeof *log10_p),
         *q = log10_p + up->count;
  size_t tests = 0;
  for (size_t i = 0; i < up->count; i++)
    if (!up->items[i].z.why_not) log10_p[tests++] = eh_normal_test(up->items[i].z.value).log10_p;
  eh_benjamini_hochberg(log10_p, tests, q, NULL);
  for (size_t i = up->count; i-- > 0;)
    if (!up->items[i].z.why_not) up->items[i].q = eh_figure(q[--tests]);
}

static void say_moved(struct eh_follow_item *item) {
  if (item->q.why_not) return;
  double rate = item->new_comparison->rate;
  bool towards = item->higher ? item->z.value < 0.0 : item->z.value > 0.0;
  item->moved = !eh_passes(item->q.value, rate) ? EH_MOVED_AS_EXPECTED
                : towards                       ? EH_MOVED_FELL
                                                : EH_MOVED_ROSE;
}

void eh_follow_judge(struct eh_following *f) {
  for (size_t i = 0; i < f->up->count; i++) judge(f->up, &f->up->items[i]);
  adjust(f);
  for (size_t i = 0; i < f->up->count; i++) say_moved(&f->up->items[i]);
}
