/* Completeness as a heat map: a row for each office, officer and month, a column for each column of
 * the records that somebody leaves out. */
#include "engine/base/words.h"
#include "reports/profile/sheets.h"
#include "reports/words/safe.h"

enum { FIXED = 4 /* by what, name, records, missing in all */, WIDEST_PRINT = 190 };

struct share {
  double value;
  const char *why_not;
};

/* A row: the fixed part, then a share for each column shown. */
struct row {
  const char *by_what, *name;
  uint64_t records;
  struct share missing;
  struct share by[];
};

/* Wide enough for a header of one word. */
static double width_for(const char *heading) {
  double width = 1.2 * (double)eh_safe_characters(heading) + 1;
  return width < 10 ? 10 : width > 26 ? 26 : width;
}

static bool is_shown(const struct eh_column_profile *p) { return p->missing > 0; }

/* The columns of the table; those complete everywhere are not shown. */
static struct eh_listing_column *make_columns(struct eh_arena *arena,
                                              const struct eh_reliability *r, size_t *count) {
  struct eh_listing_column *columns =
      eh_arena_alloc(arena, FIXED + r->column_count, sizeof *columns);
  columns[0] = (struct eh_listing_column){.heading = "By",
                                          .width = 10,
                                          .style = EH_STYLE_TEXT,
                                          .at = offsetof(struct row, by_what),
                                          .widest = 24};
  columns[1] = (struct eh_listing_column){.heading = "Unit or month",
                                          .width = 14,
                                          .style = EH_STYLE_TEXT,
                                          .at = offsetof(struct row, name),
                                          .widest = 40};
  columns[2] = (struct eh_listing_column){.heading = "Records (all)",
                                          .width = 10,
                                          .style = EH_STYLE_COUNT,
                                          .kind = EH_VALUE_COUNT,
                                          .at = offsetof(struct row, records)};
  columns[3] = (struct eh_listing_column){.heading = "Missing (all columns)",
                                          .width = 10,
                                          .style = EH_STYLE_PERCENT,
                                          .kind = EH_VALUE_FIGURE,
                                          .at = offsetof(struct row, missing.value),
                                          .reason_at = offsetof(struct row, missing.why_not),
                                          .emphasis = EH_HEAT};
  *count = FIXED;
  double taken = 52;
  for (size_t c = 0; c < r->column_count; c++) {
    if (!is_shown(&r->columns[c])) continue;
    size_t at = offsetof(struct row, by) + (*count - FIXED) * sizeof(struct share);
    const char *heading = eh_listing_heading(arena, r->columns[c].name, columns, *count);
    columns[(*count)++] =
        (struct eh_listing_column){.heading = heading,
                                   .width = width_for(heading),
                                   .style = EH_STYLE_PERCENT,
                                   .kind = EH_VALUE_FIGURE,
                                   .at = at + offsetof(struct share, value),
                                   .reason_at = at + offsetof(struct share, why_not),
                                   .emphasis = EH_HEAT,
                                   .on_screen = taken > WIDEST_PRINT};
    taken += width_for(heading);
  }
  return columns;
}

struct filling {
  const struct eh_reliability *r;
  struct eh_arena *arena;
  const struct eh_unit_table *units; /* of the row at hand */
  struct row *row;
};

static void fill_shares(struct filling *f, double missing, const double *missing_by) {
  size_t k = 0;
  f->row->missing = (struct share){missing, NULL};
  for (size_t c = 0; c < f->r->column_count; c++) {
    if (!is_shown(&f->r->columns[c])) continue;
    bool applies = missing_by[c] >= 0;
    f->row->by[k++] =
        (struct share){applies ? missing_by[c] : 0, applies ? NULL : "applies to none"};
  }
}

static const void *unit_row(struct filling *f, size_t index) {
  const struct eh_unit_profile *unit = &f->units->units[index];
  f->row->name = unit->label;
  f->row->records = unit->records;
  fill_shares(f, unit->missing, unit->missing_by);
  return f->row;
}

static const void *month_row(struct filling *f, size_t index) {
  const struct eh_month_profile *month = &f->r->months[index];
  f->row->name = eh_arena_printf(f->arena, "%04d-%02d", month->year, month->month);
  f->row->records = month->records;
  fill_shares(f, month->missing, month->missing_by);
  return f->row;
}

/* The rows of all units, one column of units after the other, then the months. */
static const void *completeness_row(void *context, size_t index) {
  struct filling *f = context;
  for (size_t u = 0; u < f->r->unit_table_count; u++) {
    f->units = &f->r->units[u];
    f->row->by_what = f->units->column;
    if (index < f->units->unit_count) return unit_row(f, index);
    index -= f->units->unit_count;
  }
  f->row->by_what = "month";
  return month_row(f, index);
}

void eh_profile_plan_completeness(struct eh_profile_sheets *sheets, struct eh_book *book,
                                  size_t rows_per_sheet, const char *back) {
  enum { PRINTED = 80 };
  const struct eh_reliability *r = sheets->reliability;
  struct eh_listing *table = &sheets->completeness;
  *table = (struct eh_listing){
      .title = "Completeness",
      .subtitle =
          "Share of values missing, where the column applies, by unit (the worst first) and "
          "by month. Columns that are complete everywhere are left out.",
      .identifier = "Completeness",
      .frozen = 2,
      .count = r->month_count,
      .rows_per_sheet = rows_per_sheet,
      .printed_rows = PRINTED,
      .empty = "no date column is known, and no units",
      .back = back};
  for (size_t u = 0; u < r->unit_table_count; u++) table->count += r->units[u].unit_count;
  table->columns = make_columns(sheets->arena, r, &table->column_count);
  eh_listing_plan(book, table, "Completeness");
}

void eh_profile_write_completeness(const struct eh_profile_sheets *sheets) {
  const struct eh_reliability *r = sheets->reliability;
  struct filling f = {.r = r, .arena = sheets->arena};
  f.row = eh_arena_alloc(sheets->arena, 1, sizeof *f.row + r->column_count * sizeof(struct share));
  eh_listing_write(&sheets->completeness, completeness_row, &f);
}
