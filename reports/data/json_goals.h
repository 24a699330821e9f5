/* A goal in the findings file. */
#ifndef EVENHAND_REPORTS_JSON_GOALS_H
#define EVENHAND_REPORTS_JSON_GOALS_H

#include "reports/data/json_stream.h"

struct eh_rules;
struct eh_goal_outcome;
json_t *eh_json_goal(const struct eh_rules *rules, const struct eh_goal_outcome *outcome);

#endif
