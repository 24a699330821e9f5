/* A sheet for each family of tests: every unit with every figure, flagged or not. */
#include <stdlib.h>

#include "engine/base/words.h"
#include "reports/words/safe.h"
#include "reports/workbook/category_columns.h"

/* By `each` value; the testable units first, then those with a difference, from the highest; then
 * by name, as the audit has them. */
static int compare_units(const void *x, const void *y) {
  const struct eh_unit_row *a = x, *b = y;
  if (a->comparison != b->comparison) return a->comparison < b->comparison ? -1 : 1;
  if (a->result->testable != b->result->testable) return a->result->testable ? -1 : 1;
  const struct eh_figure *p = &eh_result_headline(a->result)->estimate;
  const struct eh_figure *q = &eh_result_headline(b->result)->estimate;
  if (!p->why_not != !q->why_not) return p->why_not ? 1 : -1;
  if (!p->why_not && p->value != q->value) return p->value > q->value ? -1 : 1;
  return a->result < b->result ? -1 : a->result > b->result;
}

/* The findings are by group, so one pass over those of this group finds a result's. */
static void attach_findings(struct eh_workbook *w, size_t group, struct eh_group_sheet *sheet) {
  for (size_t i = 0; i < w->findings->count; i++) {
    const struct eh_finding *finding = &w->findings->items[i];
    if (finding->group != group) continue;
    struct eh_unit_row wanted = {finding->comparison, finding->result, NULL};
    struct eh_unit_row *row =
        bsearch(&wanted, sheet->rows, sheet->row_count, sizeof wanted, compare_units);
    row->finding = finding;
    w->place_in_group[i] = (size_t)(row - sheet->rows);
  }
}

size_t eh_workbook_first_unit(const struct eh_group_sheet *sheet,
                              const struct eh_comparison_result *comparison) {
  size_t low = 0, high = sheet->row_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sheet->rows[middle].comparison < comparison)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool is_compared(const struct eh_unit_row *row) {
  return row->result->testable && !eh_result_headline(row->result)->estimate.why_not;
}

/* Of the rows of one comparison, from first to end, move those up that are flagged or are among the
 * `most` with the highest and lowest differences (where so few can be tested, some others, too);
 * returns where the next may go. */
static size_t keep_some(struct eh_unit_row *rows, size_t first, size_t end, size_t most,
                        size_t kept) {
  size_t compared = 0, seen = 0, others = 0;
  for (size_t i = first; i < end; i++) compared += is_compared(&rows[i]);
  for (size_t i = first; i < end; i++) {
    bool is_one = is_compared(&rows[i]);
    bool is_far = is_one && (seen < most / 2 || compared - seen <= most / 2);
    bool is_room = !is_one && compared < most && others++ < most - compared;
    seen += is_one;
    if (rows[i].result->flagged || is_far || is_room) rows[kept++] = rows[i];
  }
  return kept;
}

/* Nobody reads 500,000 rows, and few programs open them: of more units than `most` those stay that
 * are flagged, and about as many with the highest and the lowest differences of each comparison. */
static void keep_furthest(struct eh_group_sheet *sheet, size_t most) {
  enum { LEAST = 20 /* of each comparison */ };
  size_t kept = 0, all = sheet->row_count, least = most < LEAST ? most : LEAST;
  for (size_t first = 0, end; first < all; first = end) {
    for (end = first + 1; end < all; end++)
      if (sheet->rows[end].comparison != sheet->rows[first].comparison) break;
    size_t share = (size_t)((double)most * (double)(end - first) / (double)all);
    kept = keep_some(sheet->rows, first, end, share < least ? least : share, kept);
  }
  sheet->row_count = kept;
}

static void collect_rows(struct eh_workbook *w, size_t group, struct eh_group_sheet *sheet) {
  const struct eh_group *family = &w->findings->groups[group];
  sheet->rows = eh_arena_alloc(w->arena, family->units, sizeof *sheet->rows);
  for (const struct eh_comparison_result *c = family->first; c < family->first + family->count;
       c++) {
    for (size_t i = 0; i < c->result_count; i++) {
      sheet->rows[sheet->row_count++] = (struct eh_unit_row){c, &c->results[i], NULL};
    }
  }
  if (sheet->row_count) qsort(sheet->rows, sheet->row_count, sizeof *sheet->rows, compare_units);
  if (sheet->row_count > w->sizes.units) keep_furthest(sheet, w->sizes.units);
  attach_findings(w, group, sheet);
}

/* "1 released by field_office": the measure is cut before the unit column is. */
static const char *tab_name(struct eh_workbook *w, size_t group) {
  enum { SHORTEST_MEASURE = 10 };
  const struct eh_comparison_result *c = w->findings->groups[group].first;
  const char *across =
      eh_arena_printf(w->arena, " by %s", w->audit->rules->columns[c->comparison->across].name);
  const char *measure = eh_arena_printf(w->arena, "%zu %s", group + 1, c->measure->name);
  size_t taken = eh_safe_units(across), length = eh_safe_units(measure);
  if (taken + length > EH_LONGEST_SHEET_NAME && taken + SHORTEST_MEASURE < EH_LONGEST_SHEET_NAME) {
    size_t kept = eh_safe_fit(measure, EH_LONGEST_SHEET_NAME - taken - 1);
    measure = eh_arena_printf(w->arena, "%.*s\xE2\x80\xA6", (int)kept, measure);
  }
  return eh_arena_printf(w->arena, "%s%s", measure, across);
}

/* "" where all units are listed. */
static const char *left_out_line(struct eh_workbook *w, const struct eh_group *family,
                                 const struct eh_group_sheet *sheet) {
  if (sheet->row_count == family->units) return "";
  return eh_arena_printf(w->arena,
                         " Of %s units %s are listed: all that are flagged, and those that differ "
                         "most, either way; all units are in the findings file (--json) and the "
                         "cells (--cells).",
                         eh_words_count(w->arena, family->units),
                         eh_words_count(w->arena, sheet->row_count));
}

static const char *peers_line(struct eh_workbook *w, const struct eh_comparison_result *c) {
  const struct eh_rules *rules = w->audit->rules;
  const char **names = eh_arena_alloc(w->arena, c->cells->column_count, sizeof *names);
  const char **adjusted = eh_arena_alloc(w->arena, c->cells->column_count, sizeof *adjusted);
  size_t count = 0, adjusted_count = 0;
  for (size_t i = 0; i < c->cells->column_count; i++) {
    const char *name = rules->columns[c->cells->columns[i].column].name;
    if (c->cells->columns[i].is_adjusted)
      adjusted[adjusted_count++] = name;
    else
      names[count++] = name;
  }
  const char *alike = count ? eh_arena_printf(w->arena, " in records alike in %s",
                                              eh_words_list(w->arena, names, count, "and"))
                            : "";
  const char *weighted =
      adjusted_count ? eh_arena_printf(w->arena, "%s weighted by %s", count ? "," : "",
                                       eh_words_list(w->arena, adjusted, adjusted_count, "and"))
                     : "";
  return eh_arena_printf(w->arena,
                         "Each %s against all others%s%s. Columns further right are on the screen "
                         "only; the Method sheet explains each.",
                         rules->columns[c->comparison->across].name, alike, weighted);
}

static void plan_group(struct eh_workbook *w, size_t group) {
  struct eh_group_sheet *sheet = &w->groups[group];
  const struct eh_group *family = &w->findings->groups[group];
  const struct eh_comparison *comparison = family->first->comparison;
  struct eh_columns_asked asked = {comparison->each >= 0, comparison->within_count > 0, false,
                                   eh_comparison_parts(family->first)};
  struct eh_columns columns = eh_unit_columns(w->arena, &asked);
  sheet->categories = eh_category_labels(w->arena, family);
  if (sheet->categories.count)
    columns = eh_category_columns(w->arena, &columns, &sheet->categories);
  collect_rows(w, group, sheet);
  sheet->table = (struct eh_listing){
      .title = family->title,
      .subtitle = eh_arena_printf(w->arena, "%s%s", peers_line(w, family->first),
                                  left_out_line(w, family, sheet)),
      .identifier = eh_arena_printf(w->arena, "Comparison_%zu", group + 1),
      .columns = columns.items,
      .column_count = columns.count,
      .frozen = columns.frozen,
      .count = sheet->row_count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .printed_rows = 60,
      .empty = "no units",
      .back = w->back,
  };
  eh_listing_plan(w->book, &sheet->table, tab_name(w, group));
}

void eh_workbook_plan_groups(struct eh_workbook *w) {
  w->groups = eh_arena_alloc(w->arena, w->findings->group_count, sizeof *w->groups);
  w->place_in_group = eh_arena_alloc(w->arena, w->findings->count, sizeof *w->place_in_group);
  for (size_t i = 0; i < w->findings->group_count; i++) plan_group(w, i);
}

struct rows {
  const struct eh_workbook *workbook;
  const struct eh_group_sheet *sheet;
  struct eh_category_row *row;
};

static const void *unit_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_unit_row *unit = &rows->sheet->rows[index];
  eh_result_row_fill(rows->workbook, unit, &rows->row->unit);
  eh_category_row_fill(unit->result, &rows->sheet->categories, rows->row);
  return rows->row;
}

void eh_workbook_write_groups(const struct eh_workbook *w) {
  for (size_t i = 0; i < w->findings->group_count; i++) {
    struct rows rows = {w, &w->groups[i], eh_category_row_new(w->arena, &w->groups[i].categories)};
    eh_listing_write(&rows.sheet->table, unit_row, &rows);
  }
}
