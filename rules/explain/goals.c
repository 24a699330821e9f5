/* The goals in words. */
#include "engine/base/date.h"
#include "rules/explain/internal.h"

static const char *size_of(struct eh_explanation *explanation, const struct eh_goal *goal,
                           double size) {
  struct eh_arena *arena = explanation->arena;
  const char *unit = explanation->rules->measures[goal->measure].unit;
  if (goal->kind == EH_GOAL_MEAN)
    return eh_arena_printf(arena, "%.6g%s%s", size, *unit ? " " : "", unit);
  if (goal->kind == EH_GOAL_SPREAD) return eh_arena_printf(arena, "%.6g (log odds)", size);
  return eh_arena_printf(arena, "%s%s", eh_explain_percent(explanation, size),
                         goal->kind == EH_GOAL_DIFFERENCE ? " points" : "%");
}

static const char *subject_of(struct eh_explanation *explanation, const struct eh_goal *goal) {
  struct eh_arena *arena = explanation->arena;
  const char *measure = explanation->rules->measures[goal->measure].name,
             *across = explanation->rules->columns[goal->across].name;
  switch (goal->kind) {
    case EH_GOAL_MEAN:
      return eh_arena_printf(arena, "the mean of \"%s\"%s%s", measure,
                             goal->each ? " of each " : "", goal->each ? across : "");
    case EH_GOAL_SPREAD:
      return eh_arena_printf(arena, "the spread of \"%s\" across %s, chance taken away,", measure,
                             across);
    case EH_GOAL_DIFFERENCE:
      return eh_arena_printf(arena, "each %s's difference from its peers in \"%s\", either way,",
                             across, measure);
    case EH_GOAL_RECORDED:
      return eh_arena_printf(arena, "the share of the records of \"%s\" that have %s", measure,
                             across);
    default:
      return eh_arena_printf(arena, "the share of \"%s\"%s%s", measure,
                             goal->each ? " of each " : "", goal->each ? across : "");
  }
}

static void explain_goal(struct eh_explanation *explanation, const struct eh_goal *goal) {
  char from[11] = "", by[11] = "";
  const char *when = "";
  if (goal->from != INT32_MIN) eh_date_format(goal->from, from);
  if (goal->every != EH_EVERY_NONE)
    when = eh_arena_printf(explanation->arena, "in each %s%s%s", eh_every_name(goal->every),
                           *from ? " from " : "", from);
  if (goal->by != INT32_MIN) {
    eh_date_format(goal->by, by);
    when = eh_arena_printf(explanation->arena, "by %s, judged then over the decisions from %s on",
                           by, from);
  }
  eh_prose_paragraph(
      explanation->out, 2, "- ", "%s: %s is to be at %s %s, %s.%s%s%s", goal->name,
      subject_of(explanation, goal), goal->at_least ? "least" : "most",
      size_of(explanation, goal, goal->target), when,
      goal->has_baseline ? eh_arena_printf(explanation->arena, " It began at %s.",
                                           size_of(explanation, goal, goal->baseline))
                         : "",
      *goal->owner ? " Owner: " : "",
      *goal->owner ? eh_arena_printf(explanation->arena, "%s.", goal->owner) : "");
}

void eh_explain_goals(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (!rules->goal_count) return;
  eh_prose_heading(explanation->out, "Goals", '-');
  for (size_t i = 0; i < rules->goal_count; i++) explain_goal(explanation, &rules->goals[i]);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "A goal is met where its whole interval is on the good side of the target, "
                     "missed where it is wholly on the other, and not decided else, or where the "
                     "records are not sufficient for the measure.");
}
