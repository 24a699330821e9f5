/* Reports of data reliability: a workbook and a findings file of their own, or parts of an audit's.
 */
#ifndef EVENHAND_REPORTS_PROFILE_H
#define EVENHAND_REPORTS_PROFILE_H

#include "engine/audit/reliability/reliability.h"
#include "reports/report.h"

/* The workbook of a profile, written to path (a temporary file of the caller's). */
enum eh_status eh_profile_workbook_write(const struct eh_reliability *reliability,
                                         const struct eh_report_context *context, const char *path,
                                         struct eh_error *error) EH_MUST_USE;
/* The profile as JSON. */
enum eh_status eh_profile_json_write(const struct eh_reliability *reliability,
                                     const struct eh_report_context *context, FILE *stream,
                                     struct eh_error *error) EH_MUST_USE;
/* A short summary that a person can read. */
enum eh_status eh_profile_summary_write(const struct eh_reliability *reliability, FILE *stream,
                                        struct eh_error *error) EH_MUST_USE;

struct eh_json_stream;
/* The assessment as a member of the object that is open. */
void eh_profile_json_put(struct eh_json_stream *json, const char *name,
                         const struct eh_reliability *reliability, struct eh_arena *arena);

#endif
