/* The files to read: a random sample of each finding's, with columns for what the reader finds. */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/workbook/workbook.h"
#include "rules/language/question.h"

struct file_row {
  struct eh_link finding;
  const char *unit, *number, *case_id, *day, *decision, *empty;
  const char *places[]; /* one for each unit column */
};

#define AT(member) offsetof(struct file_row, member)
#define TEXT(member) .style = EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(member)
#define BLANK .style = EH_STYLE_INPUT, .kind = EH_VALUE_TEXT, .at = AT(empty)

static const struct eh_listing_column fixed[] = {
    [EH_FILES_FINDING] = {"Finding", "The finding that the file belongs to.", 9, EH_STYLE_LINK,
                          EH_VALUE_LINK, .at = AT(finding), .banded = true},
    {"Unit", "The flagged unit.", 10, TEXT(unit), .banded = true, .widest = 40},
    {"File", "Its place in the draw: a sample of the first n files is a random sample too.", 7,
     TEXT(number), .banded = true},
    {"Case", "The case id, to pull the file.", 18, TEXT(case_id), .banded = true, .widest = 36},
    {"Date", "The date of the decision.", 12, TEXT(day), .banded = true},
    {"Decision", "What the measure asks, and the answer on record.", 30, TEXT(decision),
     .banded = true},
    [EH_FILES_CONCLUSION] = {"Conclusion",
                             "To be filled in: does the file support the decision? A file that "
                             "cannot be found counts as an error (AU-C 530).",
                             16, BLANK},
    {"Reason", "To be filled in: what in the file says so.", 40, BLANK},
    {"Read by", "To be filled in.", 14, BLANK},
    {"Read on", "To be filled in.", 12, BLANK},
};
enum { FIXED = sizeof fixed / sizeof fixed[0] };

const char *const *eh_review_conclusions(void) {
  static const char *const conclusions[EH_CONCLUSIONS + 1] = {
      [EH_SUPPORTED] = "supported",
      [EH_NOT_SUPPORTED] = "not supported",
      [EH_FILE_NOT_FOUND] = "file not found",
  };
  return conclusions;
}

/* Where a file may be kept: the columns of units and of the groups they are compared within. */
static size_t list_units(const struct eh_rules *rules, int *columns) {
  size_t count = 0;
  for (int column = 0; column < (int)rules->column_count; column++) {
    bool is_unit = false;
    for (size_t i = 0; i < rules->comparison_count; i++) {
      const struct eh_comparison *c = &rules->comparisons[i];
      for (size_t k = 0; k < c->within_count; k++)
        is_unit |= c->within[k] == column || c->across == column;
    }
    if (is_unit) columns[count++] = column;
  }
  return count;
}

static const struct eh_listing_column *make_columns(struct eh_workbook *w) {
  const struct eh_rules *rules = w->audit->rules;
  int *units = eh_arena_alloc(w->arena, rules->column_count, sizeof *units);
  w->drill.unit_columns = units;
  w->drill.unit_count = list_units(rules, units);
  struct eh_listing_column *columns =
      eh_arena_alloc(w->arena, FIXED + w->drill.unit_count, sizeof *columns);
  memcpy(columns, fixed, sizeof fixed);
  for (size_t k = 0; k < w->drill.unit_count; k++) {
    columns[FIXED + k] = (struct eh_listing_column){
        .heading = eh_listing_heading(w->arena, rules->columns[units[k]].name, columns, FIXED + k),
        .width = 12,
        .widest = 36,
        TEXT(places) + k * sizeof(const char *),
    };
  }
  return columns;
}

/* As the rules have it: 5, 97.5 */
static const char *percent(struct eh_arena *arena, double share) {
  return eh_arena_printf(arena, "%.6g", 100.0 * share);
}

void eh_workbook_plan_files(struct eh_workbook *w) {
  const struct eh_review *review = &w->audit->rules->review;
  struct eh_finding_rows *rows = &w->drill.files;
  rows->first = eh_arena_alloc(w->arena, w->findings->count + 1, sizeof *rows->first);
  for (size_t i = 0; i < w->findings->count; i++)
    rows->first[i + 1] = rows->first[i] + w->drill.drills[i]->found.sample_count;
  rows->table = (struct eh_listing){
      .title = "File sample",
      .subtitle = eh_arena_printf(
          w->arena,
          "A random sample of each finding's files, so large that if none is in error, fewer than "
          "%s%% are (%s%% confidence). Fill in the yellow columns; File results reckons up.",
          percent(w->arena, review->tolerable_rate), percent(w->arena, review->confidence)),
      .identifier = "File_sample",
      .columns = make_columns(w),
      .column_count = FIXED + w->drill.unit_count,
      .frozen = 4,
      .band = EH_EVERY_OTHER_FINDING,
      .count = rows->first[w->findings->count],
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = w->context->drilldown->has_records
                   ? "none"
                   : "The input holds counts, not single records: there are no files to draw.",
      .back = w->back,
  };
  eh_listing_plan(w->book, &rows->table, "File sample");
}

struct rows {
  const struct eh_workbook *workbook;
  struct file_row *row;
};

static const void *file_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_finding_rows *all = &w->drill.files;
  size_t finding = eh_finding_rows_find(all, w->findings->count, index);
  const struct eh_drill *drill = w->drill.drills[finding];
  size_t place = index - all->first[finding];
  const struct eh_found_record *record = &drill->found.sample[place];
  struct file_row *row = rows->row;
  char day[11] = "";
  if (record->has_day) eh_date_format(record->day, day);
  row->finding = eh_finding_rows_link(w, all, finding, index);
  row->unit = drill->result->unit;
  row->number = eh_arena_printf(w->arena, "%zu", place + 1);
  row->case_id = record->case_id;
  row->day = eh_arena_string(w->arena, day);
  row->decision = drill->comparison->measure->name;
  if (!eh_has_outcome(drill->comparison->measure))
    row->decision =
        eh_arena_printf(w->arena, "%s: %s", row->decision, record->event ? "yes" : "no");
  row->empty = "";
  for (size_t k = 0; k < w->drill.unit_count; k++)
    row->places[k] = record->values[w->drill.unit_columns[k]];
  return row;
}

void eh_workbook_write_files(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  rows.row =
      eh_arena_alloc(w->arena, 1, sizeof *rows.row + w->drill.unit_count * sizeof(const char *));
  eh_listing_write(&w->drill.files.table, file_row, &rows);
  eh_listing_choices(&w->drill.files.table, EH_FILES_CONCLUSION, eh_review_conclusions(),
                     "Choose supported, not supported or file not found.");
}
