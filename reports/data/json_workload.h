#ifndef EVENHAND_REPORTS_JSON_WORKLOAD_H
#define EVENHAND_REPORTS_JSON_WORKLOAD_H

#include "engine/audit/workload/workload.h"
#include "reports/data/json_stream.h"

/* What deciding as others do would come to. */
json_t *eh_json_workload(const struct eh_rules *rules, const struct eh_workload_result *result);

#endif
