/* Asking the files again, with a column more beside the factors. */
#ifndef EVENHAND_CLI_RECOUNT_H
#define EVENHAND_CLI_RECOUNT_H

#include "engine/audit/definitions/explain.h"
#include "engine/load/origin.h"

/* Set up recount for an audit of this origin; origin must outlive it. survey: NULL, none was made.
   is_short: no columns are tried, and millions of records are not read twice. Returns why the
   records cannot be asked again; NULL: they can. */
const char *eh_cli_recount(struct eh_origin *origin, const struct eh_survey *survey, bool is_short,
                           struct eh_recount *recount);
/* Once the audit is made: did reading them again fail? */
enum eh_status eh_cli_recount_check(const struct eh_recount *recount,
                                    struct eh_error *error) EH_MUST_USE;

#endif
