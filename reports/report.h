/* Reports: what an audit found, written for a spreadsheet, for scripts and for a terminal. */
#ifndef EVENHAND_REPORTS_REPORT_H
#define EVENHAND_REPORTS_REPORT_H

#include <stdio.h>

#include "engine/audit/behind/drilldown.h"
#include "engine/audit/followup/on_file.h"

/* The form of the findings file. 2: with effects and digests of definitions. */
enum { EH_FINDINGS_FORMAT = 2 };

struct eh_report_context {
  const char *version;                  /* of the program */
  const char *command_line;             /* as typed, for the method sheet */
  int32_t as_of;                        /* the day in reports */
  const struct eh_drilldown *drilldown; /* for the workbook; NULL: without those sheets */
  const struct eh_on_file *on_file;     /* the ledger beside the findings; NULL: none was given */
};

/* The workbook, written to path (a temporary file of the caller's). */
enum eh_status eh_workbook_write(const struct eh_audit *audit,
                                 const struct eh_report_context *context, const char *path,
                                 struct eh_error *error) EH_MUST_USE;
/* The findings file. */
enum eh_status eh_json_write(const struct eh_audit *audit, const struct eh_report_context *context,
                             FILE *stream, struct eh_error *error) EH_MUST_USE;
/* The cells behind every comparison, as CSV: one row per stratum x unit. */
enum eh_status eh_cells_write(const struct eh_audit *audit, FILE *stream,
                              struct eh_error *error) EH_MUST_USE;
/* A short summary that a person can read. */
enum eh_status eh_summary_write(const struct eh_audit *audit,
                                const struct eh_report_context *context, FILE *stream,
                                struct eh_error *error) EH_MUST_USE;

#endif
