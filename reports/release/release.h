/* A release to the public (audit/release.h), written: nothing but what stands in it. */
#ifndef EVENHAND_REPORTS_RELEASE_H
#define EVENHAND_REPORTS_RELEASE_H

#include "engine/audit/release/release.h"
#include "reports/report.h"

/* The workbook, written to path (a temporary file of the caller's). Of the context, the version and
 * the day. */
enum eh_status eh_release_workbook_write(const struct eh_release *release,
                                         const struct eh_report_context *context, const char *path,
                                         struct eh_error *error) EH_MUST_USE;
enum eh_status eh_release_json_write(const struct eh_release *release,
                                     const struct eh_report_context *context, FILE *stream,
                                     struct eh_error *error) EH_MUST_USE;
/* A page that can be posted: one file of HTML, with drawings, which needs no network and no script.
 * figures: the name of the file beside it that has them as CSV. */
enum eh_status eh_release_page_write(const struct eh_release *release,
                                     const struct eh_report_context *context, const char *figures,
                                     FILE *stream, struct eh_error *error) EH_MUST_USE;
/* That file. */
enum eh_status eh_release_figures_write(const struct eh_release *release, FILE *stream,
                                        struct eh_error *error) EH_MUST_USE;
/* For the terminal. */
enum eh_status eh_release_summary_write(const struct eh_release *release, FILE *stream,
                                        struct eh_error *error) EH_MUST_USE;

/* "of the audited records in which ..., those in which ...", in the arena. */
const char *eh_release_meaning(struct eh_arena *arena, const struct eh_release *release,
                               const struct eh_measure *measure);

#endif
