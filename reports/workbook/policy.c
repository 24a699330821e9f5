/* Policy results: before against after, all units together and each. */
#include "engine/audit/progress/policy.h"
#include "engine/base/date.h"
#include "reports/workbook/workbook.h"

struct policy_row {
  const char *change, *on, *measure, *unit, *moved, *statement;
  uint64_t before_records, after_records;
  struct eh_figure before, after, crude, differently, low, high, other_cases, rest, q;
};

#define AT(member) offsetof(struct policy_row, member)
#define TEXT(member) .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)
#define POINTS(member) .style = EH_STYLE_DIFFERENCE, FIGURE(member)

static const struct eh_listing_column columns[] = {
    {"Change", "What was in force before and after.", 48, TEXT(change)},
    {"On", "The first day of what came after.", 12, TEXT(on)},
    {"Measure", "What is asked.", 20, TEXT(measure)},
    {"Unit", "Of which unit; (all) is all together, like cases of the same unit.", 16, TEXT(unit)},
    {"Records before", "So many decisions.", 9, COUNT(before_records)},
    {"Records after", "So many decisions.", 9, COUNT(after_records)},
    {"Rate before", "Of all of them.", 9, .style = EH_STYLE_PERCENT, FIGURE(before)},
    {"Rate after", "Of all of them.", 9, .style = EH_STYLE_PERCENT, FIGURE(after)},
    {"Crude change", "The sum of the three parts.", 9, POINTS(crude)},
    {"Decided differently",
     "sum n1 (a/n1 - c/n2)/N1 over situations of both times: like cases, on the caseload after.", 11,
     POINTS(differently)},
    {"From", "Its lower limit.", 9, POINTS(low)},
    {"To", "Its upper limit.", 9, POINTS(high)},
    {"Other cases", "sum n1 c/n2 / N1 - sum c / N2: what the change of caseload alone made.", 9,
     POINTS(other_cases)},
    {"Without counterpart", "The rest: situations that occur at one of the times only.", 11,
     POINTS(rest)},
    {"q",
     "Of a unit: Benjamini and Hochberg's, of the exact mid-p of after against before, over the "
     "units of this change.",
     9, .style = EH_STYLE_P, FIGURE(q)},
    {"Moved", "q at most the false discovery rate, and at least the smallest difference.", 9,
     TEXT(moved)},
    {"In words", "The answer for all together.", 60, TEXT(statement)},
};

bool eh_workbook_has_policy(const struct eh_workbook *w) {
  return w->audit->policy_changes != NULL;
}

void eh_workbook_plan_policy(struct eh_workbook *w) {
  const struct eh_policy_changes *changes = w->audit->policy_changes;
  size_t count = 0;
  for (size_t i = 0; i < changes->count; i++) count += 1 + changes->items[i].unit_count;
  w->policy_table = (struct eh_listing){
      .title = "Policy results",
      .subtitle = "Like cases before and after each change of what is in force. What else changed "
                  "at that time is not told apart from it.",
      .identifier = "Policy_results",
      .columns = columns,
      .column_count = sizeof columns / sizeof *columns,
      .frozen = 4,
      .count = count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back};
  eh_listing_plan(w->book, &w->policy_table, "Policy results");
}

struct rows {
  const struct eh_workbook *workbook;
  size_t change, at; /* the next row: 0 is all together */
  struct policy_row row;
};

static void fill(struct policy_row *row, const struct eh_change *change) {
  row->before_records = change->before_records;
  row->after_records = change->after_records;
  row->before = change->before;
  row->after = change->after;
  row->crude = change->crude;
  row->differently = change->differently.estimate;
  row->low = change->differently.low;
  row->high = change->differently.high;
  row->other_cases = change->other_cases;
  row->rest = change->without_counterpart;
}

static const void *policy_row(void *context, size_t index) {
  struct rows *rows = context;
  struct eh_arena *arena = rows->workbook->arena;
  const struct eh_policy_change *c =
      &rows->workbook->audit->policy_changes->items[rows->change];
  char day[11];
  (void)index;
  eh_date_format(c->on, day);
  rows->row = (struct policy_row){
      .change = eh_arena_printf(arena, "%s \xE2\x86\x92 %s", c->before, c->after),
      .on = eh_arena_string(arena, day),
      .measure = c->measure->name,
      .unit = "(all)",
      .q = eh_no_figure("of all together")};
  if (rows->at == 0) {
    fill(&rows->row, &c->change);
    rows->row.statement = c->statement;
  } else {
    const struct eh_policy_unit *unit = &c->units[rows->at - 1];
    fill(&rows->row, &unit->change);
    rows->row.unit = unit->unit;
    rows->row.q = unit->q;
    rows->row.moved = unit->moved ? "moved" : "";
  }
  if (++rows->at > c->unit_count) rows->change++, rows->at = 0;
  return &rows->row;
}

void eh_workbook_write_policy(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->policy_table, policy_row, &rows);
}
