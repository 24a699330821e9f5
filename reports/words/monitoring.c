#include "reports/words/monitoring.h"

#include "engine/audit/words/say.h"
#include "engine/base/words.h"

const char *eh_monitored_line(struct eh_arena *arena, const struct eh_monitored *m) {
  if (m->why_not) return eh_arena_printf(arena, "nothing is judged: %s", m->why_not);
  const char *what =
      m->watched_now == 0
          ? "none is watched: no evidence that one changed against its peers, which is not "
            "evidence that none did"
          : eh_arena_printf(arena, "%s watched, %s",
                            eh_words_count(arena, m->watched_now),
                            m->signals ? eh_words_of(arena, m->signals, "of them a signal",
                                                     "of them signals")
                                       : "none of them a signal");
  return eh_arena_printf(arena, "%s of %s monitored, %s to %s: %s",
                         eh_words_count(arena, m->judged),
                         eh_words_of(arena, m->unit_count, "unit", "units"),
                         eh_monitored_period(arena, m, 0),
                         eh_monitored_period(arena, m, m->periods - 1), what);
}

/* A reason that all of them share why nothing is judged; NULL: some are. */
static const char *why_none(const struct eh_monitoring *all) {
  for (size_t i = 0; i < all->count; i++)
    if (!all->items[i].why_not) return NULL;
  return all->items[0].why_not;
}

const char *eh_monitoring_line(struct eh_arena *arena, const struct eh_monitoring *all) {
  const char *why_not = why_none(all);
  if (why_not) return eh_arena_printf(arena, "Monitoring: nothing is judged: %s.", why_not);
  const char *head = eh_arena_printf(
      arena, "Monitoring, by %s: %s judged in %s", eh_every_name(all->rules->every),
      eh_words_of(arena, all->judged, "unit", "units"),
      eh_words_of(arena, all->count, "question", "questions"));
  if (all->watched_now == 0)
    return eh_arena_printf(arena,
                           "%s; none is watched: there is no evidence that one changed against its "
                           "peers, which does not show that none did.",
                           head);
  return eh_arena_printf(
      arena, "%s; %s watched, %s.", head,
      all->watched_now == 1
          ? "1 is"
          : eh_arena_printf(arena, "%s are", eh_words_count(arena, all->watched_now)),
      all->signals == 0   ? "none of them a signal"
      : all->signals == 1 ? "1 of them a signal"
                          : eh_arena_printf(arena, "%s of them signals",
                                            eh_words_count(arena, all->signals)));
}

const char *eh_monitoring_promise(struct eh_arena *arena, const struct eh_monitoring *all) {
  double times = 1.0 / all->rules->false_alarms;
  return eh_arena_printf(
      arena,
      "A unit that does not wander or have seasons of its own beyond what was measured reaches "
      "evidence of %.0f to 1, and is watched, at most once in %.0f such units, however often one "
      "looks. A signal is one that is clear among all units watched together, is its own and not "
      "its peers' change, and is large enough to matter. Not watched is not unchanged: Would be "
      "noticed says what would have been. In simulated worlds at most 2%% of unchanged units were "
      "ever watched, however records grew, mixes swung, units closed or had seasons; but 4 to 7%% "
      "where units wandered for months or longer, and then about 1%% of comparisons had a false "
      "signal.",
      times, times);
}
