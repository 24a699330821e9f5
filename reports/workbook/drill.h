/* The sheets that lead from findings to records: situations, similar cases, the files to read, and
 * what reading them came to. As workbook.h's: all are planned before any is written. */
#ifndef EVENHAND_REPORTS_WORKBOOK_DRILL_H
#define EVENHAND_REPORTS_WORKBOOK_DRILL_H

#include "reports/workbook/finding_rows.h"

struct eh_workbook;

struct eh_drill_sheets {
  const struct eh_drill *const *drills; /* by finding number - 1 */
  struct eh_finding_rows situations, similar, files;
  struct eh_listing results; /* one row for each finding */
  const int *shown_columns;  /* of the similar cases, as indices into the rules' columns */
  size_t shown_count;
  const int *unit_columns; /* of the files */
  size_t unit_count;
};

/* What the drilldown holds of each finding; nothing without one. Before any sheet is planned. */
void eh_workbook_collect_drills(struct eh_workbook *workbook);

/* The sheets of an audit whose context has a drilldown, a file each. */
void eh_workbook_plan_situations(struct eh_workbook *workbook);
void eh_workbook_write_situations(const struct eh_workbook *workbook);
void eh_workbook_plan_similar(struct eh_workbook *workbook);
void eh_workbook_write_similar(const struct eh_workbook *workbook);
void eh_workbook_plan_files(struct eh_workbook *workbook);
void eh_workbook_write_files(const struct eh_workbook *workbook);
void eh_workbook_plan_results(struct eh_workbook *workbook);
void eh_workbook_write_results(const struct eh_workbook *workbook);

/* Columns of the files' sheet that formulas count in. */
enum { EH_FILES_FINDING = 0, EH_FILES_CONCLUSION = 6 };
/* The reviewer's choices, NULL after the last. */
enum { EH_SUPPORTED, EH_NOT_SUPPORTED, EH_FILE_NOT_FOUND, EH_CONCLUSIONS };
const char *const *eh_review_conclusions(void);

#endif
