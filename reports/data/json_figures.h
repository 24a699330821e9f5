/* Figures as objects of the findings file. */
#ifndef EVENHAND_REPORTS_JSON_FIGURES_H
#define EVENHAND_REPORTS_JSON_FIGURES_H

#include "engine/audit/result.h"
#include "reports/data/json_stream.h"

json_t *eh_json_interval(const struct eh_interval *interval);
json_t *eh_json_test(const struct eh_test *test, bool with_df);

/* Set "category" and "value": an object where the measure asks for one, else null with a reason. */
void eh_json_set_outcomes(json_t *object, const struct eh_measure *measure,
                          const struct eh_result *result);

#endif
