/* The goals in the findings file. */
#include "engine/audit/progress/goals.h"
#include "engine/base/date.h"
#include "reports/data/json_figures.h"
#include "reports/data/json_goals.h"

static void set_text(json_t *object, const char *name, const char *text, const char *why_not) {
  if (text && *text)
    eh_json_set_text(object, name, text);
  else
    eh_json_set_null(object, name, why_not);
}

static bool has_events(const struct eh_goal *goal) {
  return goal->kind == EH_GOAL_SHARE || goal->kind == EH_GOAL_RECORDED;
}

static json_t *result_object(const struct eh_goal *goal, const struct eh_goal_result *r) {
  json_t *object = eh_json_object();
  set_text(object, "unit", r->unit, "all together");
  eh_json_set_text(object, "period", r->period);
  eh_json_set_count(object, "records", r->records);
  if (has_events(goal))
    eh_json_set_count(object, "events", r->events);
  else
    eh_json_set_null(object, "events", "the figure is no share");
  eh_json_set_figure(object, "figure", r->figure.estimate);
  eh_json_set_figure(object, "low", r->figure.low);
  eh_json_set_figure(object, "high", r->figure.high);
  eh_json_set_text(object, "verdict", eh_goal_verdict_name(r->verdict));
  set_text(object, "because", r->because, "it is decided, or not due");
  eh_json_set(object, "reaches", json_boolean(r->reaches));
  eh_json_set_figure(object, "wanted_now", r->wanted_now);
  set_text(object, "course", eh_goal_course_name(r->course), "it is judged, or has no course");
  return object;
}

static void set_day(json_t *object, const char *name, int32_t day, const char *why_not) {
  char text[11];
  if (day != INT32_MIN) eh_date_format(day, text);
  set_text(object, name, day == INT32_MIN ? NULL : text, why_not);
}

json_t *eh_json_goal(const struct eh_rules *rules, const struct eh_goal_outcome *outcome) {
  static const char *const kinds[] = {"share", "mean", "difference", "spread", "recorded"};
  const struct eh_goal *goal = outcome->goal;
  json_t *object = eh_json_object(), *results = eh_json_array();
  eh_json_set_text(object, "name", goal->name);
  set_text(object, "owner", goal->owner, "nobody is named");
  eh_json_set_text(object, "measure", rules->measures[goal->measure].name);
  eh_json_set_text(object, "kind", kinds[goal->kind]);
  eh_json_set_text(object, "target", goal->at_least ? "at least" : "at most");
  eh_json_set_number(object, "at", goal->target, NULL);
  set_day(object, "from", goal->from, "all records");
  set_day(object, "by", goal->by, "judged in every period");
  set_text(object, "every", eh_every_name(goal->every), "judged once");
  eh_json_set_number(object, "baseline", goal->baseline, goal->has_baseline ? NULL : "none given");
  eh_json_set_count(object, "met", outcome->met);
  eh_json_set_count(object, "missed", outcome->missed);
  eh_json_set_count(object, "not_decided", outcome->undecided);
  eh_json_set_count(object, "not_due", outcome->not_due);
  eh_json_set_text(object, "statement", outcome->statement);
  for (size_t i = 0; i < outcome->count; i++)
    eh_json_append(results, result_object(goal, &outcome->results[i]));
  eh_json_set(object, "results", results);
  return object;
}
