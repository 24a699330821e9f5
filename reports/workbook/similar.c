/* Similar cases: records alike in every factor that the unit and its peers decided differently. */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/workbook/workbook.h"
#include "rules/language/question.h"

struct similar_row {
  struct eh_link finding;
  const char *pair, *whose, *unit, *case_id, *day, *decision, *differs_in;
  struct eh_figure days_apart;
  struct eh_marked values[]; /* one for each shown column */
};

#define AT(member) offsetof(struct similar_row, member)
#define TEXT(member) .style = EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(member)

static const struct eh_listing_column fixed[] = {
    {"Finding", "The finding that the pair belongs to.", 9, EH_STYLE_LINK, EH_VALUE_LINK,
     .at = AT(finding), .banded = true},
    {"Pair",
     "Up to five for each finding, from the situations that carry it most; no record is in two.", 7,
     TEXT(pair), .banded = true},
    {"Decided by", "The flagged unit, or one of its peers.", 12, TEXT(whose), .banded = true},
    {"Unit", "Who decided.", 10, TEXT(unit), .banded = true, .widest = 40},
    {"Case", "The case id, to pull the file.", 14, TEXT(case_id), .banded = true, .widest = 36},
    {"Date", "The date of the decision.", 12, TEXT(day), .banded = true},
    {"Days apart", "Between the two decisions: of all possible pairs, the closest are shown.", 8,
     EH_STYLE_COUNT, EH_VALUE_FIGURE, .at = AT(days_apart.value),
     .reason_at = AT(days_apart.why_not), .banded = true},
    {"Decision", "What the measure asks, and the answer in this case.", 20,
     .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = AT(decision), .banded = true},
    {"Differs in",
     "The columns, marked in both rows, in which the two records differ, but for the decision.", 44,
     EH_STYLE_WRAPPED, EH_VALUE_TEXT, .at = AT(differs_in), .banded = true},
};
enum { FIXED = sizeof fixed / sizeof fixed[0], MOST_PRINTED = 8 /* more are hard to read */ };

/* Is it the unit column of every finding? It has a column of its own then. */
static bool is_unit_of_all(const struct eh_workbook *w, int column) {
  for (size_t i = 0; i < w->findings->count; i++)
    if (w->findings->items[i].comparison->comparison->across != column) return false;
  return w->findings->count > 0;
}

static bool is_role(const struct eh_rules *rules, int column) {
  return column == rules->case_column || column == rules->person_column ||
         column == rules->date_column;
}

static bool is_listed(const int *columns, size_t count, int column) {
  for (size_t i = 0; i < count; i++)
    if (columns[i] == column) return true;
  return false;
}

/* The factors of the comparisons that have findings, each once, then every other column that holds
   a value of the record itself. Persons are not named: the case is enough to find the file. */
static size_t list_columns(const struct eh_workbook *w, int *columns) {
  const struct eh_rules *rules = w->audit->rules;
  size_t count = 0;
  for (size_t i = 0; i < w->findings->count; i++) {
    const struct eh_cells *cells = w->findings->items[i].comparison->cells;
    for (size_t k = 0; k < cells->column_count; k++)
      if (!is_listed(columns, count, cells->columns[k].column))
        columns[count++] = cells->columns[k].column;
  }
  for (int c = 0; c < (int)rules->column_count; c++) {
    bool has_value = rules->columns[c].kind == EH_GIVEN || rules->columns[c].is_dimension;
    if (!has_value || rules->columns[c].is_period || is_role(rules, c) || is_unit_of_all(w, c))
      continue;
    if (!is_listed(columns, count, c)) columns[count++] = c;
  }
  return count;
}

static const struct eh_listing_column *make_columns(struct eh_workbook *w) {
  const struct eh_rules *rules = w->audit->rules;
  int *shown = eh_arena_alloc(w->arena, rules->column_count, sizeof *shown);
  w->drill.shown_columns = shown;
  w->drill.shown_count = list_columns(w, shown);
  struct eh_listing_column *columns =
      eh_arena_alloc(w->arena, FIXED + w->drill.shown_count, sizeof *columns);
  memcpy(columns, fixed, sizeof fixed);
  for (size_t k = 0; k < w->drill.shown_count; k++) {
    const char *name = rules->columns[shown[k]].name;
    columns[FIXED + k] = (struct eh_listing_column){
        .heading = eh_listing_heading(w->arena, name, columns, FIXED + k),
        .width = 16,
        .style = EH_STYLE_WRAPPED,
        .kind = EH_VALUE_MARKED,
        .on_screen = k >= MOST_PRINTED,
        .at = AT(values) + k * sizeof(struct eh_marked),
    };
  }
  return columns;
}

static bool only_events(const struct eh_workbook *w) {
  for (size_t i = 0; i < w->findings->count; i++)
    if (eh_has_outcome(w->findings->items[i].comparison->measure)) return false;
  return true;
}

void eh_workbook_plan_similar(struct eh_workbook *w) {
  struct eh_finding_rows *rows = &w->drill.similar;
  rows->first = eh_arena_alloc(w->arena, w->findings->count + 1, sizeof *rows->first);
  for (size_t i = 0; i < w->findings->count; i++)
    rows->first[i + 1] = rows->first[i] + 2 * w->drill.drills[i]->found.pair_count;
  rows->table = (struct eh_listing){
      .title = "Similar cases decided differently",
      .subtitle = eh_arena_printf(
          w->arena,
          "Two records each, alike in every factor, one decided by the flagged unit and one by a "
          "peer. What else is recorded and differs is marked: it may be the reason.%s",
          only_events(w) ? ""
                         : " Findings of a category or a value have no pairs: there is no yes and "
                           "no to set against each other."),
      .identifier = "Similar_cases",
      .columns = make_columns(w),
      .column_count = FIXED + w->drill.shown_count,
      .frozen = 3,
      .band = "=ISEVEN(VALUE($B5))",
      .count = rows->first[w->findings->count],
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = w->context->drilldown->has_records
                   ? "none"
                   : "The input holds counts, not single records: there are no cases to show.",
      .back = w->back,
  };
  eh_listing_plan(w->book, &rows->table, "Similar cases");
}

struct rows {
  const struct eh_workbook *workbook;
  struct similar_row *row;
  const struct eh_comparison_result *expected_of;
  bool *expected; /* by the rules' columns: see mark_expected */
};

static void fill_record(const struct eh_workbook *w, const struct eh_found_record *record,
                        struct similar_row *row) {
  char day[11] = "";
  if (record->has_day) eh_date_format(record->day, day);
  row->unit = record->unit;
  row->case_id = record->case_id;
  row->day = eh_arena_string(w->arena, day);
}

/* By the rules' columns: the unit's, which differs by design, and those that the decision stands
   on, which differ because it does. */
static void mark_expected(struct rows *rows, const struct eh_comparison_result *comparison) {
  const struct eh_rules *rules = rows->workbook->audit->rules;
  if (rows->expected_of == comparison) return;
  rows->expected_of = comparison;
  memset(rows->expected, 0, rules->column_count * sizeof *rows->expected);
  eh_rules_mark_condition(rules, comparison->measure->event, rows->expected);
  eh_rules_mark_column(rules, comparison->comparison->across, rows->expected);
}

/* Every other column that differs is marked. */
static void fill_values(struct rows *rows, const struct eh_found_record *own,
                        const struct eh_found_record *other) {
  const struct eh_workbook *w = rows->workbook;
  struct similar_row *row = rows->row;
  struct eh_buffer names = {0};
  for (size_t k = 0; k < w->drill.shown_count; k++) {
    int column = w->drill.shown_columns[k];
    const char *value = own->values[column], *like = other->values[column];
    bool differs = value && like && strcmp(value, like) != 0;
    row->values[k] = (struct eh_marked){value, differs && !rows->expected[column]};
    if (!row->values[k].is_marked) continue;
    eh_buffer_printf(&names, "%s%s", names.length ? ", " : "",
                     w->audit->rules->columns[column].name);
  }
  row->differs_in = names.length ? eh_arena_copy(w->arena, names.text, names.length) : "nothing";
  eh_buffer_free(&names);
}

static const void *similar_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_finding_rows *all = &w->drill.similar;
  size_t finding = eh_finding_rows_find(all, w->findings->count, index);
  const struct eh_drill *drill = w->drill.drills[finding];
  size_t place = index - all->first[finding];
  const struct eh_found_pair *pair = &drill->found.pairs[place / 2];
  bool is_peer = place % 2;
  const struct eh_found_record *own = is_peer ? &pair->peer : &pair->unit;
  struct similar_row *row = rows->row;
  row->finding = eh_finding_rows_link(w, all, finding, index);
  row->pair = eh_arena_printf(w->arena, "%zu", place / 2 + 1);
  row->whose = is_peer ? "a peer" : "flagged unit";
  row->decision = eh_arena_printf(w->arena, "%s: %s", drill->comparison->measure->name,
                                  own->event ? "yes" : "no");
  row->days_apart =
      !pair->unit.has_day || !pair->peer.has_day
          ? eh_no_figure("no date")
          : eh_figure(pair->unit.day > pair->peer.day ? (double)pair->unit.day - pair->peer.day
                                                      : (double)pair->peer.day - pair->unit.day);
  fill_record(w, own, row);
  mark_expected(rows, drill->comparison);
  fill_values(rows, own, is_peer ? &pair->unit : &pair->peer);
  return row;
}

void eh_workbook_write_similar(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  rows.expected = eh_arena_alloc(w->arena, w->audit->rules->column_count, sizeof *rows.expected);
  rows.row = eh_arena_alloc(w->arena, 1,
                            sizeof *rows.row + w->drill.shown_count * sizeof(struct eh_marked));
  eh_listing_write(&w->drill.similar.table, similar_row, &rows);
}
