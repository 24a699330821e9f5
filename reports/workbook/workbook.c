/* The workbook: its sheets, one row each, in the order of the tabs. */
#include "reports/workbook/workbook.h"

static bool has_drill(const struct eh_workbook *w) { return w->context->drilldown != NULL; }
static bool has_reliability(const struct eh_workbook *w) { return w->audit->reliability != NULL; }

static void plan_reliability(struct eh_workbook *w) {
  eh_profile_sheets_plan(&w->reliability, w->book, w->audit->reliability, w->sizes.rows_per_sheet,
                         w->back);
}

static void write_reliability(const struct eh_workbook *w) {
  eh_profile_sheets_write(&w->reliability);
}

#define TABLE(member) .table = offsetof(struct eh_workbook, member)

static const struct eh_workbook_part parts[] = {
    {"Summary", "what was asked, the answer, the findings to look at first, what to do next", NULL,
     eh_workbook_plan_summary, eh_workbook_write_summary, 0},
    {"Findings", "each flagged unit, with room for the office's response", NULL,
     eh_workbook_plan_findings, eh_workbook_write_findings, TABLE(findings_table)},
    {"How sure",
     "each finding under other definitions of similarly situated, and in parts of the records",
     eh_workbook_has_definitions, eh_workbook_plan_how_sure, eh_workbook_write_how_sure,
     TABLE(how_sure.table)},
    {"Monitoring", "each unit that the rules monitor: has it changed against its peers?",
     eh_workbook_has_monitoring, eh_workbook_plan_monitoring, eh_workbook_write_monitoring,
     TABLE(monitoring.table)},
    {"Monitoring charts", "the units watched, period by period, and the evidence",
     eh_workbook_has_monitoring_charts, eh_workbook_plan_monitoring_charts,
     eh_workbook_write_monitoring_charts, 0},
    {"Situations", "the kinds of case that each finding is about", has_drill,
     eh_workbook_plan_situations, eh_workbook_write_situations, TABLE(drill.situations.table)},
    {"Similar cases", "pairs of records alike and decided differently", has_drill,
     eh_workbook_plan_similar, eh_workbook_write_similar, TABLE(drill.similar.table)},
    {"File sample", "the files of each finding to read, drawn at random", has_drill,
     eh_workbook_plan_files, eh_workbook_write_files, TABLE(drill.files.table)},
    {"File results", "what reading them came to, reckoned from what is filled in", has_drill,
     eh_workbook_plan_results, eh_workbook_write_results, TABLE(drill.results)},
    {"Progress", "each goal of the rules: met, missed, or how far", eh_workbook_has_progress,
     eh_workbook_plan_progress, eh_workbook_write_progress, TABLE(progress_table)},
    {"Policy results", "like cases before and after each change of policy", eh_workbook_has_policy,
     eh_workbook_plan_policy, eh_workbook_write_policy, TABLE(policy_table)},
    {"Workload", "what deciding as others do would come to, and cost", eh_workbook_has_workload,
     eh_workbook_plan_workload, eh_workbook_write_workload, TABLE(workload_table)},
    {"Never and always", "kinds of case and units in which nobody, or everybody, had the event",
     eh_workbook_has_extremes, eh_workbook_plan_extremes, eh_workbook_write_extremes,
     TABLE(extremes_table)},
    {"Comparisons", "each comparison: its counts, its overall test, the spread of its units", NULL,
     eh_workbook_plan_comparisons, eh_workbook_write_comparisons, TABLE(comparisons_table)},
    {"Charts", "funnel plot, rates against expected, units in order, over time", NULL,
     eh_workbook_plan_charts, eh_workbook_write_charts, 0},
    {"(each comparison)", "all its units, flagged or not, from the highest difference down", NULL,
     eh_workbook_plan_groups, eh_workbook_write_groups, EH_TABLES_OF_GROUPS},
    {"Cells", "the counts behind the findings, by kind of case", NULL, eh_workbook_plan_cells,
     eh_workbook_write_cells, TABLE(cells_table)},
    {"Weights", "where peers are weighted: what each kind of case of theirs counts",
     eh_workbook_has_weights, eh_workbook_plan_weights, eh_workbook_write_weights,
     TABLE(weights.table)},
    {"Reliability", "whether the records can be relied on, with sheets for doubts and columns",
     has_reliability, plan_reliability, write_reliability, 0},
    {"Method", "how everything was reckoned, from what, under which rules", NULL,
     eh_workbook_plan_method, eh_workbook_write_method, 0},
    {"Chart data", "what the charts are drawn from", NULL, eh_workbook_plan_chart_data, NULL, 0},
    {"Monitoring data", "what the charts of monitoring are drawn from",
     eh_workbook_has_monitoring_charts, eh_workbook_plan_monitoring_data, NULL, 0},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

const struct eh_workbook_part *eh_workbook_parts(size_t *count) {
  *count = PARTS;
  return parts;
}

bool eh_workbook_has(const struct eh_workbook *w, const struct eh_workbook_part *part) {
  return !part->is_there || part->is_there(w);
}

static void plan_and_write(struct eh_workbook *w) {
  w->findings = eh_findings_collect(w->arena, w->audit);
  eh_workbook_collect_drills(w);
  for (size_t i = 0; i < PARTS; i++)
    if (eh_workbook_has(w, &parts[i])) parts[i].plan(w);
  for (size_t i = 0; i < PARTS; i++)
    if (eh_workbook_has(w, &parts[i]) && parts[i].write) parts[i].write(w);
}

enum eh_status eh_workbook_write_sized(const struct eh_audit *audit,
                                       const struct eh_report_context *context, const char *path,
                                       struct eh_workbook_sizes sizes, struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = {
      .title = audit->rules->title,
      .subject = "Are similarly situated people treated alike?",
      .comments = eh_arena_printf(arena,
                                  "Written by evenhand %s. A difference is a reason to look at "
                                  "files, not proof of unequal treatment.",
                                  context->version),
      .created = context->as_of,
  };
  struct eh_workbook w = {.arena = arena, .audit = audit, .context = context, .sizes = sizes};
  w.book = eh_book_open(arena, path, &about, error);
  if (w.book) {
    plan_and_write(&w);
    status = eh_book_close(w.book, error);
  }
  eh_arena_free(arena);
  return status;
}

enum eh_status eh_workbook_write(const struct eh_audit *audit,
                                 const struct eh_report_context *context, const char *path,
                                 struct eh_error *error) {
  /* the writing takes a second for some 30,000 rows of cells */
  struct eh_workbook_sizes sizes = {
      .rows_per_sheet = EH_SHEET_ROWS, .cells = 10000, .units = 20000};
  return eh_workbook_write_sized(audit, context, path, sizes, error);
}
