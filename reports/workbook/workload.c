/* Workload: what deciding as others do would come to, with what it costs; and present practice. */
#include "engine/audit/workload/workload.h"

#include "reports/workbook/workbook.h"

struct workload_row {
  const char *name, *measure, *what, *unit_cost, *statement;
  struct eh_figure units, records, comparable, had, expected, change, low, high, cost, cost_low,
      cost_high;
};

#define AT(member) offsetof(struct workload_row, member)
#define TEXT(member) .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = AT(member)
#define FIGURE(member)                                                      \
  .style = EH_STYLE_COUNT, .kind = EH_VALUE_FIGURE, .at = AT(member.value), \
  .reason_at = AT(member.why_not)

static const struct eh_listing_column columns[] = {
    {"Workload", "As the rules call it.", 18, TEXT(name)},
    {"Measure", "What is asked.", 20, TEXT(measure), .on_screen = true},
    {"Of",
     "All units held against the standard together, those above and below it apart, then each; "
     "and all units' present practice, by quarter.",
     20, TEXT(what)},
    {"Units", "How many.", 8, FIGURE(units)},
    {"Records", "Theirs.", 11, FIGURE(records)},
    {"With counterpart", "Of these, in situations that the standard has too.", 12,
     FIGURE(comparable)},
    {"Had", "Events, or the sum of the values, of those.", 9, FIGURE(had)},
    {"As the standard", "What the standard's rates, or means, would have made of them.", 11,
     FIGURE(expected)},
    {"Change", "The latter less the former: -N d, with d the difference on their caseload.", 11,
     FIGURE(change)},
    {"From", "Its lower limit.", 9, FIGURE(low)},
    {"To", "Its upper limit.", 9, FIGURE(high)},
    {"At", "The unit cost of the rules; it is taken to be without error.", 13, TEXT(unit_cost)},
    {"Cost", "The change times the unit cost; of a quarter, of its events.", 12, FIGURE(cost)},
    {"Cost from", "Its lower limit.", 12, FIGURE(cost_low)},
    {"Cost to", "Its upper limit.", 12, FIGURE(cost_high)},
    {"In words", "What it comes to, with what to bear in mind.", 110, TEXT(statement),
     .on_screen = true},
};

bool eh_workbook_has_workload(const struct eh_workbook *w) { return w->audit->workloads != NULL; }

enum { TOGETHER = 3 }; /* rows: all, above, below */

static size_t rows_of(const struct eh_workload_result *r) {
  return (r->why_not ? 1 : TOGETHER + r->unit_count) + r->quarter_count;
}

void eh_workbook_plan_workload(struct eh_workbook *w) {
  const struct eh_workloads *workloads = w->audit->workloads;
  size_t count = 0;
  for (size_t i = 0; i < workloads->count; i++) count += rows_of(&workloads->items[i]);
  w->workload_table = (struct eh_listing){
      .title = "Workload",
      .subtitle =
          "What it would come to if some units decided like cases as others do. That is "
          "arithmetic on these records: a rate that all share is not thereby right.",
      .identifier = "Workload",
      .columns = columns,
      .column_count = sizeof columns / sizeof *columns,
      .frozen = 3,
      .count = count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back};
  eh_listing_plan(w->book, &w->workload_table, "Workload");
}

struct rows {
  const struct eh_workbook *workbook;
  size_t workload, at;
  struct workload_row row;
};

static struct eh_figure times(struct eh_figure figure, double cost) {
  if (!figure.why_not) figure.value *= cost;
  return figure;
}

static void fill_change(struct workload_row *row, const struct eh_workload_change *c,
                        const char *what, double cost) {
  row->what = what;
  row->units = eh_figure((double)c->units);
  row->records = eh_figure((double)c->records);
  row->comparable = eh_figure((double)c->comparable);
  row->had = c->had;
  row->expected = c->expected;
  row->change = c->change.estimate;
  row->low = c->change.low;
  row->high = c->change.high;
  row->cost = times(row->change, cost);
  row->cost_low = times(row->low, cost);
  row->cost_high = times(row->high, cost);
}

static void fill_quarter(const struct eh_workbook *w, struct workload_row *row,
                         const struct eh_workload_quarter *q, const struct eh_workload *workload) {
  bool has_events = w->audit->rules->measures[workload->measure].kind == EH_MEASURE_EVENT;
  row->what = eh_arena_printf(w->arena, "present practice, %s", q->label);
  row->records = eh_figure((double)q->records);
  row->had = has_events ? eh_figure((double)q->events) : eh_no_figure("a value");
  row->cost = times(row->had, workload->unit_cost);
}

static const void *workload_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_workload_result *r = &w->audit->workloads->items[rows->workload];
  const struct eh_workload *workload = r->workload;
  size_t at = rows->at, changes = rows_of(r) - r->quarter_count;
  struct eh_figure none = eh_no_figure(r->why_not ? r->why_not : "present practice");
  (void)index;
  rows->row = (struct workload_row){
      workload->name,
      w->audit->rules->measures[workload->measure].name,
      "all together",
      eh_arena_printf(w->arena, "%.6g %s", workload->unit_cost, workload->cost_unit),
      at ? NULL : r->statement,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none};
  if (at >= changes)
    fill_quarter(w, &rows->row, &r->quarters[at - changes], workload);
  else if (!r->why_not && at == 0)
    fill_change(&rows->row, &r->all, "all together", workload->unit_cost);
  else if (!r->why_not && at < TOGETHER)
    fill_change(&rows->row, at == 1 ? &r->above : &r->below,
                at == 1 ? "those above the standard" : "those below it", workload->unit_cost);
  else if (!r->why_not)
    fill_change(&rows->row, &r->units[at - TOGETHER], r->units[at - TOGETHER].unit,
                workload->unit_cost);
  if (++rows->at >= rows_of(r)) rows->workload++, rows->at = 0;
  return &rows->row;
}

void eh_workbook_write_workload(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->workload_table, workload_row, &rows);
}
