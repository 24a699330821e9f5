/* Figures as objects of the findings file. */
#ifndef EVENHAND_REPORTS_JSON_FIGURES_H
#define EVENHAND_REPORTS_JSON_FIGURES_H

#include "engine/audit/result.h"
#include "reports/data/json_stream.h"

json_t *eh_json_interval(const struct eh_interval *interval);
json_t *eh_json_test(const struct eh_test *test, bool with_df);

/* What only a measure of a category, or of a value, says of a unit; NULL for other measures. */
json_t *eh_json_category(const struct eh_measure *measure, const struct eh_result *result);
json_t *eh_json_value(const struct eh_measure *measure, const struct eh_result *result);

#endif
