/* Are the rules' goals met? Each is a figure over whole months with its interval, held against its
 * target: met where the whole interval is on the good side, missed where it is wholly on the other,
 * else not decided. A goal is judged once, at the end of what it covers, so that no correction for
 * looking often is needed; before, only its course is told.
 */
#ifndef EVENHAND_AUDIT_PROGRESS_GOALS_H
#define EVENHAND_AUDIT_PROGRESS_GOALS_H

#include "engine/audit/result.h"

enum eh_goal_verdict { EH_GOAL_NOT_DUE, EH_GOAL_MET, EH_GOAL_MISSED, EH_GOAL_UNDECIDED };
/* "not due", "met", "missed", "not decided" */
const char *eh_goal_verdict_name(enum eh_goal_verdict verdict);

enum eh_goal_course { EH_COURSE_NONE, EH_ON_COURSE, EH_NEAR_COURSE, EH_BEHIND };
/* "", "on course", "near its course", "behind" */
const char *eh_goal_course_name(enum eh_goal_course course);

/* Of a goal, of a unit and of a period, where it has these. */
struct eh_goal_result {
  const char *unit;   /* NULL: all together */
  const char *period; /* what it is over: "2016Q4", "2015-10 to 2016-09"; of one that is not due, the
                         latest complete quarter */
  uint64_t records, events; /* events: of a share */
  struct eh_interval figure;
  enum eh_goal_verdict verdict;
  const char *because; /* of one not decided; else NULL */
  bool reaches;        /* the figure itself does */
  struct eh_figure wanted_now; /* of one not due: on the straight way from the baseline */
  enum eh_goal_course course;
};

struct eh_goal_outcome {
  const struct eh_goal *goal;
  struct eh_goal_result *results;
  size_t count, met, missed, undecided, not_due;
  const char *statement; /* one sentence, two where chance is to be borne in mind */
};

struct eh_goals {
  struct eh_goal_outcome *items; /* as in the rules */
  size_t count, missed;          /* goals with a missed result */
};

/* Where the cells were made without the tables by month, a goal is not decided, and says so. NULL:
   the rules have none. */
const struct eh_goals *eh_goals_judge(struct eh_arena *arena, const struct eh_rules *rules,
                                      const struct eh_account *account,
                                      const struct eh_cells *tables, size_t table_count,
                                      const struct eh_reliability *reliability, int32_t as_of);

/* A target or a figure as the rules write it: "95%", "30 days", "10 points", "0.3". */
const char *eh_goal_size(struct eh_arena *arena, const struct eh_rules *rules,
                         const struct eh_goal *goal, double size);

#endif
