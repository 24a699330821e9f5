/* `monitor` in plain English. */
#include "engine/base/date.h"
#include "rules/explain/internal.h"

static const char *watched_names(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  const struct eh_monitor *m = &rules->monitor;
  const char **names = eh_arena_alloc(explanation->arena, m->watched_count, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; i < m->watched_count; i++) {
    const struct eh_watched *w = &m->watched[i];
    const char *name = eh_arena_printf(
        explanation->arena, "`%s` across %s", rules->measures[w->measure].name,
        rules->columns[rules->comparisons[w->comparison].across].name);
    if (w->within_count)
      name = eh_arena_printf(explanation->arena, "%s within each %s", name,
                             eh_explain_names(explanation, w->within, w->within_count, "and"));
    names[count++] = name;
  }
  return eh_explain_list(explanation, names, count, "and");
}

static void explain_season(struct eh_explanation *explanation) {
  const struct eh_monitor *m = &explanation->rules->monitor;
  if (m->season == EH_SEASON_NO || m->every == EH_EVERY_FISCAL_YEAR) return;
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "%s each quarter of the year is compared with itself, so that a unit's "
                     "seasons are no change.",
                     m->season == EH_SEASON_YES ? "Always" : "From two years on");
}

static void explain_restarts(struct eh_explanation *explanation) {
  const struct eh_monitor *m = &explanation->rules->monitor;
  for (size_t i = 0; i < m->restart_count; i++) {
    const struct eh_restart *r = &m->restarts[i];
    char day[11];
    eh_date_format(r->on, day);
    eh_prose_paragraph(explanation->out, 2, "- ", "%s anew with %s: %s.",
                       r->unit ? eh_arena_printf(explanation->arena, "%s begins", r->unit)
                               : "all begin",
                       day, r->because);
  }
}

void eh_explain_monitor(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  const struct eh_monitor *m = &rules->monitor;
  if (m->every == EH_EVERY_NONE) return;
  eh_prose_heading(explanation->out, "What is watched over time", '-');
  eh_prose_paragraph(explanation->out, 0, "",
                     "At the end of every %s, from number %llu on, each of these is judged anew: has "
                     "it changed against its peers in decisions on similarly situated people? %s.",
                     eh_every_name(m->every), (unsigned long long)m->first_look,
                     watched_names(explanation));
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "One that never changes, and does not wander or have seasons of its own beyond "
                     "what was measured, is watched in at most %s%% of cases, however often one "
                     "looks.",
                     eh_explain_percent(explanation, m->false_alarms));
  explain_season(explanation);
  explain_restarts(explanation);
}
