/* The workbook: its tabs in order. */
#include "reports/workbook/workbook.h"

#include "engine/base/words.h"

static void plan(struct eh_workbook *w) {
  w->summary = eh_book_add_sheet(w->book, "Summary");
  w->back = eh_sheet_target(w->summary, 0, 0);
  eh_workbook_plan_findings(w);
  eh_workbook_plan_drill(w);
  eh_workbook_plan_comparisons(w);
  eh_workbook_plan_charts(w);
  eh_workbook_plan_groups(w);
  eh_workbook_plan_cells(w);
  if (w->audit->reliability)
    eh_profile_sheets_plan(&w->reliability, w->book, w->audit->reliability, w->sizes.rows_per_sheet,
                           w->back);
  w->method = eh_book_add_sheet(w->book, "Method");
  eh_workbook_plan_chart_data(w);
}

static void write(const struct eh_workbook *w) {
  eh_workbook_write_summary(w);
  eh_workbook_write_findings(w);
  eh_workbook_write_drill(w);
  eh_workbook_write_comparisons(w);
  eh_workbook_write_charts(w);
  eh_workbook_write_groups(w);
  eh_workbook_write_cells(w);
  if (w->audit->reliability) eh_profile_sheets_write(&w->reliability);
  eh_workbook_write_method(w);
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
    w.findings = eh_findings_collect(arena, audit);
    plan(&w);
    write(&w);
    status = eh_book_close(w.book, error);
  }
  eh_arena_free(arena);
  return status;
}

enum eh_status eh_workbook_write(const struct eh_audit *audit,
                                 const struct eh_report_context *context, const char *path,
                                 struct eh_error *error) {
  /* the writing takes a second for some 30,000 rows of cells */
  struct eh_workbook_sizes sizes = {.rows_per_sheet = EH_SHEET_ROWS, .cells = 10000};
  return eh_workbook_write_sized(audit, context, path, sizes, error);
}
