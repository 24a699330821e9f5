/* A change of what is in force, in the findings file. */
#ifndef EVENHAND_REPORTS_JSON_POLICY_H
#define EVENHAND_REPORTS_JSON_POLICY_H

#include "reports/data/json_stream.h"

struct eh_rules;
struct eh_policy_change;
json_t *eh_json_policy_change(const struct eh_rules *rules, const struct eh_policy_change *change);

#endif
