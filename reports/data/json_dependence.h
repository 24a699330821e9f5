/* Decisions that depend on each other, as members of the findings file. */
#ifndef EVENHAND_REPORTS_JSON_DEPENDENCE_H
#define EVENHAND_REPORTS_JSON_DEPENDENCE_H

#include "reports/data/json_members.h"

/* "dependence": of a comparison what was looked at and found, of a result what counts for it
   and what its figures would be without; null with a reason where there is none. */
EH_JSON_SETTER(eh_json_set_clusterings);
EH_JSON_SETTER(eh_json_set_dependence);

#endif
