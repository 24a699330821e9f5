/* What the findings file says of weighted peers; of other comparisons nothing. */
#ifndef EVENHAND_REPORTS_JSON_BALANCE_H
#define EVENHAND_REPORTS_JSON_BALANCE_H

#include "reports/data/json_members.h"

/* Of a comparison. */
EH_JSON_SETTER(eh_json_set_adjusted_for);
EH_JSON_SETTER(eh_json_set_pairs);
/* Of a unit. */
EH_JSON_SETTER(eh_json_set_balance); /* effective peers */
EH_JSON_SETTER(eh_json_set_imbalance);
EH_JSON_SETTER(eh_json_set_pair_imbalance);
EH_JSON_SETTER(eh_json_set_largest_weight);

#endif
