/* The member `monitoring` of the findings file. */
#ifndef EVENHAND_REPORTS_JSON_MONITORING_H
#define EVENHAND_REPORTS_JSON_MONITORING_H

#include "engine/audit/monitoring/monitoring.h"
#include "reports/data/json_members.h"

void eh_json_put_monitoring(struct eh_json_stream *json, const char *name,
                            const struct eh_audit *audit);

#endif
