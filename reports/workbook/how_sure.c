/* How sure: each finding under every other definition of "similarly situated", and in parts of the
 * records. */
#include "engine/audit/definitions/definitions.h"
#include "engine/base/words.h"
#include "reports/workbook/workbook.h"

struct definition_row {
  struct eh_link finding;
  const char *unit, *definition, *kind, *outcome, *comparison, *each;
  uint64_t comparable;
  struct eh_interval difference, mean_difference;
  struct eh_figure p;
};

#define AT(member) offsetof(struct definition_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)
#define SHARE .only_for = EH_ROW_SHARE
#define VALUE .only_for = EH_ROW_VALUE

static const struct eh_listing_column all_columns[] = {
    {"Finding", "The finding that is tried again.", 9, EH_STYLE_LINK, EH_VALUE_LINK,
     .at = AT(finding), .banded = true},
    {"Unit", "The flagged unit.", 10, EH_STYLE_TEXT, TEXT(unit), .banded = true, .widest = 40},
    {"Definition",
     "What \"similarly situated\" means instead, on the same records; or which part of the records "
     "is looked at. The first row of a finding is the rules' own.",
     30, EH_STYLE_WRAPPED, TEXT(definition), .widest = 60},
    {"Kind", "definition, or part of the records.", 11, EH_STYLE_TEXT, TEXT(kind)},
    {"Outcome",
     "stands: the test that decided passes at the level at which it decided, and the difference is "
     "large enough to matter. smaller: it passes, but the difference is too small. too few to "
     "tell: it does not pass, and the interval holds the difference as found. vanishes: it does "
     "not pass, and the difference cannot be as large. reversed: it passes with the other sign. "
     "not testable: too few comparable records.",
     14, EH_STYLE_TEXT, TEXT(outcome)},
    {"Comparable records", "The unit's records that have peers under that definition.", 13,
     EH_STYLE_COUNT, EH_VALUE_COUNT, .at = AT(comparable)},
    {"Difference", "As on the Findings sheet, under that definition.", 13, EH_STYLE_DIFFERENCE,
     FIGURE(difference.estimate), .emphasis = EH_BARS, SHARE},
    {"Low", "Lower limit of its interval.", 9, EH_STYLE_DIFFERENCE, FIGURE(difference.low), SHARE},
    {"High", "Upper limit of its interval.", 9, EH_STYLE_DIFFERENCE, FIGURE(difference.high),
     SHARE},
    {"Mean difference", "Of a measure of a value, in its units.", 13, EH_STYLE_AMOUNT,
     FIGURE(mean_difference.estimate), .emphasis = EH_BARS, VALUE},
    {"Mean low", "Lower limit of its interval.", 10, EH_STYLE_AMOUNT, FIGURE(mean_difference.low),
     VALUE},
    {"Mean high", "Upper limit of its interval.", 10, EH_STYLE_AMOUNT, FIGURE(mean_difference.high),
     VALUE},
    {"p", "The p that decides, under that definition.", 9, EH_STYLE_P, FIGURE(p)},
    {"Comparison", "The finding's comparison.", 40, EH_STYLE_TEXT, TEXT(comparison),
     .on_screen = true},
    {"For", "The value of the rules' `each` column.", 18, EH_STYLE_TEXT, TEXT(each),
     .on_screen = true},
};
enum { COLUMNS = sizeof all_columns / sizeof all_columns[0] };

/* The rules' own definition, and those under which it was tried. */
static size_t rows_of(const struct eh_finding *finding) {
  const struct eh_retest *retests = finding->result->robustness.retests;
  size_t count = retests != NULL;
  for (size_t i = 0; retests && i < finding->comparison->definition_count; i++)
    count += retests[i].outcome != EH_OUTCOME_NOT_TRIED;
  return count;
}

/* Which definition a finding's row, from 1, is of. */
static size_t definition_of(const struct eh_finding *finding, size_t row) {
  size_t i = 0;
  for (;; i++) {
    row -= finding->result->robustness.retests[i].outcome != EH_OUTCOME_NOT_TRIED;
    if (row == 0) return i;
  }
}

bool eh_workbook_has_definitions(const struct eh_workbook *w) {
  for (size_t i = 0; i < w->audit->comparison_count; i++)
    if (w->audit->comparisons[i].definition_count) return true;
  return false;
}

void eh_workbook_plan_how_sure(struct eh_workbook *w) {
  struct eh_finding_rows *rows = &w->how_sure;
  rows->first = eh_arena_alloc(w->arena, w->findings->count + 1, sizeof *rows->first);
  for (size_t i = 0; i < w->findings->count; i++)
    rows->first[i + 1] = rows->first[i] + rows_of(&w->findings->items[i]);
  rows->table = (struct eh_listing){
      .title = "How sure",
      .subtitle =
          "Does each finding stand if \"similarly situated\" means something else, or in a "
          "part of the records? These definitions overlap and were not chosen to find "
          "anything, so nothing can be read from how many there are; none adds a finding, "
          "and none can answer for what the records lack.",
      .identifier = "HowSure",
      .frozen = 3,
      .band = EH_EVERY_OTHER_FINDING,
      .count = rows->first[w->findings->count],
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .printed_rows = 100,
      .empty = "none",
      .back = w->back,
  };
  eh_finding_rows_columns(w, all_columns, COLUMNS, &rows->table);
  eh_listing_plan(w->book, &rows->table, "How sure");
}

static void fill_own(const struct eh_result *result, struct definition_row *row) {
  row->definition = "as the rules define it";
  row->kind = "the finding";
  row->outcome = eh_level_name(result->level);
  row->comparable = result->comparable;
  row->difference = row->mean_difference = *eh_result_headline(result);
  row->p = result->p;
}

static void fill_retest(const struct eh_definition *definition, const struct eh_retest *retest,
                        struct definition_row *row) {
  row->definition = definition->name;
  row->kind = definition->is_part ? "part" : "definition";
  row->outcome = eh_outcome_name(retest->outcome);
  row->comparable = retest->comparable;
  row->difference = row->mean_difference = retest->difference;
  row->p = retest->p;
}

struct rows {
  const struct eh_workbook *workbook;
  struct definition_row row;
};

static const void *definition_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  size_t number = eh_finding_rows_find(&w->how_sure, w->findings->count, index);
  const struct eh_finding *finding = &w->findings->items[number];
  const struct eh_result *result = finding->result;
  struct definition_row *row = &rows->row;
  *row = (struct definition_row){
      .finding = eh_finding_rows_link(w, &w->how_sure, number, index),
      .unit = result->unit,
      .comparison = w->findings->groups[finding->group].title,
      .each = finding->comparison->cells->each,
  };
  size_t place = index - w->how_sure.first[number];
  if (place == 0) {
    fill_own(result, row);
  } else {
    size_t i = definition_of(finding, place);
    fill_retest(&finding->comparison->definitions[i], &result->robustness.retests[i], row);
  }
  bool is_value = eh_kind_has(result->kind, EH_PART_VALUE);
  const char *none = is_value ? "not a measure of an event" : "not a measure of a value";
  *(is_value ? &row->difference : &row->mean_difference) = eh_no_interval(none);
  return row;
}

void eh_workbook_write_how_sure(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->how_sure.table, definition_row, &rows);
}
