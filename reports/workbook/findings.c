/* The findings sheet: one row for each flagged unit, with room for the office's response. */
#include "engine/base/words.h"
#include "reports/workbook/result_columns.h"

static bool any_each(const struct eh_findings *findings) {
  for (size_t i = 0; i < findings->count; i++) {
    if (findings->items[i].comparison->cells->each) return true;
  }
  return false;
}

static bool any_within(const struct eh_findings *findings) {
  for (size_t i = 0; i < findings->count; i++) {
    if (findings->items[i].comparison->comparison->within_count) return true;
  }
  return false;
}

unsigned eh_finding_parts(const struct eh_findings *findings) {
  unsigned parts = findings->count ? 0 : eh_kind_parts(EH_MEASURE_EVENT);
  for (size_t i = 0; i < findings->count; i++)
    parts |= eh_comparison_parts(findings->items[i].comparison);
  return parts;
}

void eh_workbook_plan_findings(struct eh_workbook *w) {
  const struct eh_findings *findings = w->findings;
  struct eh_columns_asked asked = {any_each(findings), any_within(findings),
                                   w->context->on_file != NULL, eh_finding_parts(findings)};
  struct eh_columns columns = eh_finding_columns(w->arena, &asked);
  w->findings_table = (struct eh_listing){
      .title = "Findings",
      .subtitle = eh_arena_printf(
          w->arena,
          "%s from %s. A difference is a reason to look at files, not proof of unequal treatment. "
          "To the right of the response: links to where each finding comes from.",
          findings->count ? eh_words_of(w->arena, findings->count, "finding", "findings")
                          : "No findings",
          eh_words_of(w->arena, w->audit->tests, "test", "tests")),
      .identifier = "Findings",
      .columns = columns.items,
      .column_count = columns.count,
      .frozen = columns.frozen,
      .count = findings->count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back,
  };
  eh_listing_plan(w->book, &w->findings_table, "Findings");
}

struct rows {
  const struct eh_workbook *workbook;
  struct eh_result_row row;
};

static const void *finding_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_finding *finding = &rows->workbook->findings->items[index];
  struct eh_unit_row unit = {finding->comparison, finding->result, finding};
  eh_result_row_fill(rows->workbook, &unit, &rows->row);
  return &rows->row;
}

void eh_workbook_write_findings(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->findings_table, finding_row, &rows);
}
