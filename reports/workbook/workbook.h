/* The workbook's parts. Each sheet has a file of its own with two functions: plan adds the sheet to
 * the book and says how many rows it has; write fills it. All are planned before the first is
 * written, so that any sheet can link to a row of any other.
 *
 * To add a sheet: a file with the two, a row in workbook.c where its tab is to stand, a member of
 * struct eh_workbook for its table, and its line in reports/README.md.
 */
#ifndef EVENHAND_REPORTS_WORKBOOK_H
#define EVENHAND_REPORTS_WORKBOOK_H

#include "engine/audit/kinds/kinds.h"
#include "engine/audit/monitoring/monitoring.h"
#include "reports/book/listing.h"
#include "reports/profile/sheets.h"
#include "reports/report.h"
#include "reports/words/findings.h"
#include "reports/workbook/drill.h"

/* Rows by the parts that results of their kind have, for columns that only some have. */
enum {
  EH_ROW_SHARE = 1 << EH_PART_SHARE,
  EH_ROW_EVENT = 1 << EH_PART_EVENT,
  EH_ROW_CATEGORY = 1 << EH_PART_CATEGORY,
  EH_ROW_VALUE = 1 << EH_PART_VALUE,
  EH_ROW_TEST = 1 << EH_PART_TEST,
  EH_ROW_BALANCED = 1 << EH_PARTS /* peers are weighted */
};
/* Of the results of a comparison. */
static inline unsigned eh_comparison_parts(const struct eh_comparison_result *c) {
  return eh_kind_parts(c->measure->kind) |
         (eh_cells_are_adjusted(c->cells) ? (unsigned)EH_ROW_BALANCED : 0);
}
/* Of all findings; of none, those of a measure of an event. */
unsigned eh_finding_parts(const struct eh_findings *findings);

/* One row of a comparison's sheet. */
struct eh_unit_row {
  const struct eh_comparison_result *comparison;
  const struct eh_result *result;
  const struct eh_finding *finding; /* NULL: not flagged */
};

/* The outcomes of a family whose measure asks for a category: of any of its `each` values, bytewise
 * ascending. */
struct eh_category_labels {
  const char *const *items;
  size_t count; /* 0 for other measures; at most 200: the findings file has all */
};

/* The sheet of a family: one comparison of one measure, all its `each` values. */
struct eh_group_sheet {
  struct eh_listing table;
  struct eh_category_labels categories; /* of the columns for each outcome */
  struct eh_unit_row *rows; /* by `each` value, the testable first, from the highest difference */
  size_t row_count;
};

/* Monitoring: the units, those that are or were watched first, and their charts. */
struct eh_monitoring_row {
  const struct eh_monitored *monitored;
  const struct eh_monitored_unit *unit;
};
struct eh_monitoring_sheets {
  struct eh_listing table;
  struct eh_monitoring_row *rows;
  size_t drawn;                   /* of these, from the first */
  struct eh_sheet *charts, *data; /* NULL: nothing to draw */
};

/* The most rows: of a sheet, before its table goes on over another; of the table of cells, before
 * only those that contribute most stand there one by one; and of a family's units, before only the
 * flagged and those furthest from their peers are listed. */
struct eh_workbook_sizes {
  size_t rows_per_sheet, cells, units;
};

struct eh_workbook {
  struct eh_book *book;
  struct eh_arena *arena;
  const struct eh_audit *audit;
  const struct eh_report_context *context;
  const struct eh_findings *findings;
  struct eh_workbook_sizes sizes;

  struct eh_sheet *summary, *method;
  struct eh_sheet *charts, *chart_data; /* NULL: nothing to draw */
  struct eh_profile_sheets reliability; /* unused where it was not assessed */
  struct eh_listing findings_table, comparisons_table, cells_table, progress_table, policy_table,
      workload_table, extremes_table;
  struct eh_group_sheet *groups; /* as findings->groups */
  size_t *place_in_group;        /* of finding number - 1: its row in its group's table */
  size_t *first_cell;            /* of finding number - 1: its first row in the cells table */
  size_t cells_shown;            /* of each finding, one by one; 0: all */
  const int *strata_columns;     /* of the cells table, as indices into the rules' columns */
  size_t strata_column_count;
  struct eh_drill_sheets drill;
  struct eh_finding_rows weights;  /* of findings whose peers are weighted */
  struct eh_finding_rows how_sure; /* rows of each finding: the definitions it was tried under */
  struct eh_monitoring_sheets monitoring; /* unused where the rules do not ask for it */
  size_t charted;                         /* comparisons with a page of charts */
  uint32_t *chart_row;                    /* by comparison: where its page begins; 0: it has none */
  const char *back;                       /* target of the links to the summary */
};

/* As eh_workbook_write, with other sizes, so that a test sees tables go on over several sheets. */
enum eh_status eh_workbook_write_sized(const struct eh_audit *audit,
                                       const struct eh_report_context *context, const char *path,
                                       struct eh_workbook_sizes sizes,
                                       struct eh_error *error) EH_MUST_USE;

/* A sheet, or several that belong together. */
struct eh_workbook_part {
  const char *name;                             /* of its tab */
  const char *shows;                            /* in a line */
  bool (*is_there)(const struct eh_workbook *); /* NULL: always */
  void (*plan)(struct eh_workbook *workbook);   /* adds nothing where there is nothing to show */
  void (*write)(const struct eh_workbook *workbook); /* NULL: another part's does */
  size_t table; /* where in struct eh_workbook its listing stands, whose columns the Method sheet
                   defines; 0: it has none */
};
enum { EH_TABLES_OF_GROUPS = 1 }; /* for table: one for each family */

/* In the order of the tabs. */
const struct eh_workbook_part *eh_workbook_parts(size_t *count);
bool eh_workbook_has(const struct eh_workbook *workbook, const struct eh_workbook_part *part);

void eh_workbook_plan_findings(struct eh_workbook *workbook);
void eh_workbook_write_findings(const struct eh_workbook *workbook);
bool eh_workbook_has_definitions(const struct eh_workbook *workbook);
void eh_workbook_plan_how_sure(struct eh_workbook *workbook);
void eh_workbook_write_how_sure(const struct eh_workbook *workbook);
bool eh_workbook_has_monitoring(const struct eh_workbook *workbook);
void eh_workbook_plan_monitoring(struct eh_workbook *workbook);
void eh_workbook_write_monitoring(const struct eh_workbook *workbook);
bool eh_workbook_has_monitoring_charts(const struct eh_workbook *workbook);
void eh_workbook_plan_monitoring_charts(struct eh_workbook *workbook);
void eh_workbook_write_monitoring_charts(const struct eh_workbook *workbook);
void eh_workbook_plan_monitoring_data(struct eh_workbook *workbook);
/* The row of the sheet of charts where a drawn unit begins. */
uint32_t eh_workbook_monitoring_chart_row(size_t index);
bool eh_workbook_has_progress(const struct eh_workbook *workbook);
void eh_workbook_plan_progress(struct eh_workbook *workbook);
void eh_workbook_write_progress(const struct eh_workbook *workbook);
bool eh_workbook_has_extremes(const struct eh_workbook *workbook);
void eh_workbook_plan_extremes(struct eh_workbook *workbook);
void eh_workbook_write_extremes(const struct eh_workbook *workbook);
bool eh_workbook_has_workload(const struct eh_workbook *workbook);
void eh_workbook_plan_workload(struct eh_workbook *workbook);
void eh_workbook_write_workload(const struct eh_workbook *workbook);
bool eh_workbook_has_policy(const struct eh_workbook *workbook);
void eh_workbook_plan_policy(struct eh_workbook *workbook);
void eh_workbook_write_policy(const struct eh_workbook *workbook);
void eh_workbook_plan_comparisons(struct eh_workbook *workbook); /* the overview */
void eh_workbook_write_comparisons(const struct eh_workbook *workbook);
void eh_workbook_plan_groups(struct eh_workbook *workbook); /* a sheet for each family */
void eh_workbook_write_groups(const struct eh_workbook *workbook);
/* Where a comparison's units begin on the sheet of its family. */
size_t eh_workbook_first_unit(const struct eh_group_sheet *sheet,
                              const struct eh_comparison_result *comparison);
void eh_workbook_plan_charts(struct eh_workbook *workbook);
void eh_workbook_plan_chart_data(struct eh_workbook *workbook);
void eh_workbook_write_charts(const struct eh_workbook *workbook); /* and their data */
/* The target of a link to a comparison's page of charts; NULL where it has none. */
const char *eh_workbook_chart_target(const struct eh_workbook *workbook,
                                     const struct eh_comparison_result *comparison);
void eh_workbook_plan_cells(struct eh_workbook *workbook);
void eh_workbook_write_cells(const struct eh_workbook *workbook);
bool eh_workbook_has_weights(const struct eh_workbook *workbook);
void eh_workbook_plan_weights(struct eh_workbook *workbook); /* after the cells */
void eh_workbook_write_weights(const struct eh_workbook *workbook);
void eh_workbook_plan_summary(struct eh_workbook *workbook);
void eh_workbook_write_summary(const struct eh_workbook *workbook);
void eh_workbook_plan_method(struct eh_workbook *workbook);
void eh_workbook_write_method(const struct eh_workbook *workbook);

#endif
