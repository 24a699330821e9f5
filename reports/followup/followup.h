/* Reports of a follow-up: a workbook, JSON, a summary for the terminal, and the ledger that people
 * go on with. */
#ifndef EVENHAND_REPORTS_FOLLOWUP_H
#define EVENHAND_REPORTS_FOLLOWUP_H

#include "engine/audit/followup/followup.h"
#include "reports/report.h"

/* The workbook: Summary, Follow-up, New findings, Ledger, Method; its sheet Ledger can be filled in
   and read again. Written to path (a temporary file of the caller's). */
enum eh_status eh_followup_workbook_write(const struct eh_followup *followup,
                                          const struct eh_report_context *context, const char *path,
                                          struct eh_error *error) EH_MUST_USE;
enum eh_status eh_followup_json_write(const struct eh_followup *followup,
                                      const struct eh_report_context *context, FILE *stream,
                                      struct eh_error *error) EH_MUST_USE;
enum eh_status eh_followup_summary_write(const struct eh_followup *followup, FILE *stream,
                                         struct eh_error *error) EH_MUST_USE;

/* The ledger alone, as CSV, or as a workbook. */
enum eh_status eh_ledger_csv_write(const struct eh_ledger *ledger, FILE *stream,
                                   struct eh_error *error) EH_MUST_USE;
enum eh_status eh_ledger_workbook_write(const struct eh_ledger *ledger,
                                        const struct eh_report_context *context, const char *path,
                                        struct eh_error *error) EH_MUST_USE;

#endif
