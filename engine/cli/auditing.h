/* The making of an audit, from a request to all that is reported: for `audit`, and for `verify`,
 * which makes it again. */
#ifndef EVENHAND_CLI_AUDITING_H
#define EVENHAND_CLI_AUDITING_H

#include "engine/cli/options.h"
#include "engine/load/origin.h"
#include "reports/release/release.h"
#include "reports/report.h"

/* What is reported. */
struct eh_cli_results {
  const struct eh_audit *audit;
  const struct eh_drilldown *drilldown; /* NULL: not asked for */
  const struct eh_over_time *offices;   /* over time, for the scorecards; NULL: not asked for */
  const struct eh_release *release;     /* NULL, or all that may be reported */
  const struct eh_on_file *on_file;     /* NULL: no ledger was given */
};

struct eh_report_context eh_cli_context(const struct eh_request *request,
                                        const struct eh_cli_results *results);

/* Is this output (EH_OUTPUT, EH_JSON, ...) asked for, by itself or in a package? */
bool eh_cli_wants(const struct eh_request *request, int output);

/* Open the origin of the request's records. problems: of rules that do not fit. */
enum eh_status eh_cli_open_origin(const struct eh_request *request, struct eh_origin *origin,
                                  struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
/* Everything lives in the origin's arena; the origin must outlive it. */
enum eh_status eh_cli_make_results(const struct eh_request *request, struct eh_origin *origin,
                                   struct eh_cli_results *results,
                                   struct eh_error *error) EH_MUST_USE;

#endif
