/* What the files of this room share: a goal's figure over some months. */
#ifndef EVENHAND_AUDIT_PROGRESS_INTERNAL_H
#define EVENHAND_AUDIT_PROGRESS_INTERNAL_H

#include "engine/audit/progress/goals.h"
#include "engine/load/cells/by_period.h"

struct eh_months {
  int32_t first, last; /* numbers, both included */
};

/* A goal's subject: all together, or a unit. */
struct eh_goal_figure {
  uint64_t records, events;
  struct eh_interval figure;
};

/* One for each subject of the goal (eh_goal_subjects), in the arena. */
struct eh_goal_figure *eh_goal_measure(struct eh_arena *arena, const struct eh_rules *rules,
                                       const struct eh_goal *goal, const struct eh_by_period *table,
                                       struct eh_months months);
size_t eh_goal_subjects(const struct eh_goal *goal, const struct eh_by_period *table);

#endif
