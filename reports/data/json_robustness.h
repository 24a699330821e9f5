/* Findings under other definitions, in the findings file. */
#ifndef EVENHAND_REPORTS_JSON_ROBUSTNESS_H
#define EVENHAND_REPORTS_JSON_ROBUSTNESS_H

#include "reports/data/json_members.h"

EH_JSON_SETTER(eh_json_set_definitions); /* of a comparison */
EH_JSON_SETTER(eh_json_set_robustness);  /* of a result */
EH_JSON_SETTER(eh_json_set_explained);   /* of a result */
EH_JSON_SETTER(eh_json_set_time);        /* of a result */
EH_JSON_SETTER(eh_json_set_selection);   /* of a result */

#endif
