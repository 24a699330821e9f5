/* One office's workbook: its sheets, as workbook.h's of the audit's. Internal to reports/. */
#ifndef EVENHAND_REPORTS_SCORECARD_H
#define EVENHAND_REPORTS_SCORECARD_H

#include "engine/load/cells/over_time.h"
#include "reports/book/listing.h"
#include "reports/report.h"
#include "reports/scorecards/office.h"

struct eh_scorecard {
  struct eh_book *book;
  struct eh_arena *arena;
  const struct eh_audit *audit;
  const struct eh_report_context *context;
  const struct eh_over_time *times;
  const struct eh_office *office;
  const uint64_t *all_missing; /* by times column: over all offices */
  const uint64_t *all_unknown; /* by measure */
  uint64_t all_records, all_no_day;
  const struct eh_count *all_quarters; /* as a unit's */

  struct eh_sheet *summary, *charts, *chart_data;
  const char *back;
  struct eh_listing findings, inside, trend, keeping;
  size_t *kept; /* of the keeping: places of times' columns that are the rules' own */
  size_t kept_count;
  const size_t *trend_measures; /* of the trend: those of an event */
  size_t trend_measure_count;
};

/* Every sheet; the book is the caller's to open and to close. */
void eh_scorecard_fill(struct eh_scorecard *card);

/* The parts: plan a table, then write it. */
void eh_scorecard_write_summary(struct eh_scorecard *card);
/* Both of these sheets are added by eh_scorecard_fill. */
void eh_scorecard_write_charts(struct eh_scorecard *card);
void eh_scorecard_plan_findings(struct eh_scorecard *card);
void eh_scorecard_write_findings(struct eh_scorecard *card);
void eh_scorecard_plan_inside(struct eh_scorecard *card);
void eh_scorecard_write_inside(struct eh_scorecard *card);
void eh_scorecard_plan_trend(struct eh_scorecard *card);
void eh_scorecard_write_trend(struct eh_scorecard *card);
void eh_scorecard_plan_keeping(struct eh_scorecard *card);
void eh_scorecard_write_keeping(struct eh_scorecard *card);

#endif
