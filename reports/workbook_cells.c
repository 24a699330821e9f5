/* The cells behind the findings: for each, every stratum that the unit has records in, spelled out,
 * and what it contributes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/safe.h"
#include "reports/words.h"
#include "reports/workbook.h"

struct cell_row {
  struct eh_link finding;
  const char *unit, *comparison, *each, *outcome;
  uint64_t records, peer_records;
  struct eh_figure events, peer_events, rate, peer_rate, expected, contribution;
  struct eh_figure mean, peer_mean, mean_contribution;
  const char *
      labels[]; /* one for each strata column of the sheet; NULL: the comparison does not have it */
};

#define AT(member) offsetof(struct cell_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .kind = EH_VALUE_COUNT, .style = EH_STYLE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

#define SHARE .only_for = EH_ROW_EVENT | EH_ROW_CATEGORY
#define VALUE .only_for = EH_ROW_VALUE

static const struct eh_listing_column before[] = {
    {"Finding", "The finding that the cell belongs to.", 10, EH_STYLE_LINK, EH_VALUE_LINK,
     .at = AT(finding)},
    {"Unit", "The flagged unit.", 26, EH_STYLE_TEXT, TEXT(unit)},
};
static const struct eh_listing_column after[] = {
    {"Outcome",
     "Where the measure asks for a category: the outcome that the finding is about. Events are the "
     "records with it.",
     20, EH_STYLE_TEXT, TEXT(outcome), .only_for = EH_ROW_CATEGORY},
    {"Unit records", "n1: the unit's records in this stratum.", 10, COUNT(records)},
    {"Unit events", "a: with the event.", 10, EH_STYLE_COUNT, FIGURE(events), SHARE},
    {"Peer records", "n2: all other units' records in this stratum.", 10, COUNT(peer_records)},
    {"Peer events", "c: with the event.", 10, EH_STYLE_COUNT, FIGURE(peer_events), SHARE},
    {"Unit rate", "a / n1.", 9, EH_STYLE_PERCENT, FIGURE(rate), SHARE},
    {"Peer rate", "c / n2; a dash where there are no peers: the stratum is not comparable.", 9,
     EH_STYLE_PERCENT, FIGURE(peer_rate), SHARE},
    {"Expected events", "n1 c/n2.", 11, EH_STYLE_DECIMAL, FIGURE(expected), SHARE},
    {"Contribution",
     "(a - n1 c/n2) / N, N = the unit's comparable records: a finding's contributions add up to "
     "its difference.",
     13, EH_STYLE_DIFFERENCE, FIGURE(contribution), .emphasis = EH_BARS, SHARE},
    {"Unit mean", "Where the measure asks for a value: the mean of the unit's records.", 10,
     EH_STYLE_RATIO, FIGURE(mean), VALUE},
    {"Peer mean", "The mean of its peers' records in this stratum.", 10, EH_STYLE_RATIO,
     FIGURE(peer_mean), VALUE},
    {"Mean contribution",
     "n1 (unit mean - peer mean) / N: a finding's contributions add up to its mean difference.", 13,
     EH_STYLE_RATIO, FIGURE(mean_contribution), .emphasis = EH_BARS, VALUE},
    {"Comparison", "The finding's comparison.", 40, EH_STYLE_TEXT, TEXT(comparison),
     .on_screen = true},
    {"For", "The value of the rules' `each` column.", 18, EH_STYLE_TEXT, TEXT(each),
     .on_screen = true},
};
enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };

static const struct eh_unit *unit_of(const struct eh_finding *finding) {
  return &finding->comparison->cells->units[finding->result->unit_index];
}

/* The strata columns of the comparisons that have findings, each once, as they first occur. */
static size_t list_strata_columns(const struct eh_workbook *w, int *columns) {
  size_t count = 0;
  for (size_t i = 0; i < w->findings->count; i++) {
    if (i > 0 && w->findings->items[i].group == w->findings->items[i - 1].group)
      continue; /* the same columns */
    const struct eh_cells *cells = w->findings->items[i].comparison->cells;
    for (size_t k = 0; k < cells->column_count; k++) {
      size_t j = 0;
      while (j < count && columns[j] != cells->columns[k].column) j++;
      if (j == count) columns[count++] = cells->columns[k].column;
    }
  }
  return count;
}

/* Wide enough for the labels that occur in the findings' comparisons. */
static double width_of_labels(const struct eh_workbook *w, int column) {
  enum { NARROWEST = 12, WIDEST = 36 };
  size_t longest = NARROWEST;
  for (size_t i = 0; i < w->findings->count; i++) {
    const struct eh_cells *cells = w->findings->items[i].comparison->cells;
    if (i > 0 && w->findings->items[i - 1].comparison == w->findings->items[i].comparison) continue;
    for (size_t k = 0; k < cells->column_count; k++) {
      for (size_t l = 0; cells->columns[k].column == column && l < cells->columns[k].label_count;
           l++) {
        size_t characters = eh_safe_units(eh_safe_utf8(w->arena, cells->columns[k].labels[l]));
        if (characters > longest) longest = characters;
      }
    }
  }
  return (double)(longest > WIDEST ? WIDEST : longest) + 2.0;
}

static void make_columns(struct eh_workbook *w, struct eh_listing *table) {
  const struct eh_rules *rules = w->audit->rules;
  int *strata = eh_arena_alloc(w->arena, rules->column_count, sizeof *strata);
  size_t count = list_strata_columns(w, strata), total = BEFORE + AFTER + count;
  struct eh_listing_column *columns = eh_arena_alloc(w->arena, total, sizeof *columns);
  memcpy(columns, before, sizeof before);
  memcpy(columns + BEFORE, after,
         sizeof after); /* so that the strata columns' names are unlike all of these */
  for (size_t k = 0; k < count; k++) {
    const char *name = rules->columns[strata[k]].name;
    columns[BEFORE + AFTER + k] = (struct eh_listing_column){
        .heading = eh_listing_heading(w->arena, name, columns, BEFORE + AFTER + k),
        .width = width_of_labels(w, strata[k]),
        .style = EH_STYLE_TEXT,
        .kind = EH_VALUE_TEXT,
        .at = AT(labels) + k * sizeof(const char *),
    };
  }
  struct eh_listing_column *ordered = eh_arena_alloc(w->arena, total, sizeof *ordered);
  memcpy(ordered, before, sizeof before);
  memcpy(ordered + BEFORE, columns + BEFORE + AFTER, count * sizeof *ordered);
  size_t kept = BEFORE + count;
  unsigned kinds = w->findings->count ? 0 : EH_ROW_EVENT;
  for (size_t i = 0; i < w->findings->count; i++) kinds |= 1u << w->findings->items[i].result->kind;
  for (size_t i = 0; i < AFTER; i++)
    if (!after[i].only_for || after[i].only_for & kinds) ordered[kept++] = after[i];
  table->columns = ordered;
  table->column_count = kept;
  w->strata_columns = strata;
  w->strata_column_count = count;
}

void eh_workbook_plan_cells(struct eh_workbook *w) {
  size_t count = 0;
  w->first_cell = eh_arena_alloc(w->arena, w->findings->count, sizeof *w->first_cell);
  for (size_t i = 0; i < w->findings->count; i++) {
    w->first_cell[i] = count;
    count += unit_of(&w->findings->items[i])->cell_count;
  }
  w->cells_table = (struct eh_listing){
      .title = "Cells behind the findings",
      .subtitle =
          "Each row is one kind of case: what the unit decided and what its peers decided. The "
          "contributions of a finding add up to its difference.",
      .identifier = "Cells",
      .frozen = BEFORE,
      .count = count,
      .rows_per_sheet = w->rows_per_sheet,
      .empty = "none",
      .back = w->back,
  };
  make_columns(w, &w->cells_table);
  eh_listing_plan(w->book, &w->cells_table, "Cells");
}

/* A stratum of the comparison at hand, all units together. */
struct totals {
  uint64_t records;
  double sum; /* of a value */
};

/* One cell of the finding at hand, with what orders it. */
struct share {
  const struct eh_cell *cell;
  double weight; /* contribution in the finding's direction; below all others without peers */
};

struct rows {
  const struct eh_workbook *workbook;
  size_t next_finding; /* the one after that at hand */
  const struct eh_finding *finding;
  const struct eh_comparison_result *totals_of; /* the comparison whose strata are summed up */
  struct totals *totals;                        /* by stratum */
  uint64_t *events; /* by stratum, and in it by outcome where the measure asks for a category */
  size_t totals_capacity, events_capacity;
  struct share *shares;
  size_t share_capacity;
  int *positions; /* of the sheet's strata columns in the finding's cells; -1: not among them */
  struct cell_row *row;
};

/* How many counts of events a stratum has. */
static size_t events_of(const struct eh_comparison_result *comparison) {
  return comparison->measure->kind == EH_MEASURE_CATEGORY ? comparison->cells->outcome_count : 1;
}

static double sum_of(const struct eh_cells *cells, size_t cell) {
  double sum = 0.0;
  for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++)
    sum += cells->values[cells->portions[t].outcome] * (double)cells->portions[t].records;
  return sum;
}

static void add_cell(struct rows *rows, size_t cell) {
  const struct eh_comparison_result *c = rows->totals_of;
  const struct eh_cells *cells = c->cells;
  uint32_t stratum = cells->cells[cell].stratum;
  rows->totals[stratum].records += cells->cells[cell].records;
  switch (c->measure->kind) {
    case EH_MEASURE_EVENT:
      rows->events[stratum] += cells->cells[cell].events;
      break;
    case EH_MEASURE_CATEGORY:
      for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++)
        rows->events[stratum * cells->outcome_count + cells->portions[t].outcome] +=
            cells->portions[t].records;
      break;
    case EH_MEASURE_VALUE:
      rows->totals[stratum].sum += sum_of(cells, cell);
      break;
  }
}

static void sum_strata(struct rows *rows, const struct eh_comparison_result *comparison) {
  const struct eh_cells *cells = comparison->cells;
  if (rows->totals_of == comparison) return;
  rows->totals_of = comparison;
  size_t events = cells->stratum_count * events_of(comparison);
  if (cells->stratum_count > rows->totals_capacity) {
    rows->totals_capacity = cells->stratum_count;
    rows->totals = eh_resize(rows->totals, cells->stratum_count, sizeof *rows->totals);
  }
  if (events > rows->events_capacity) {
    rows->events_capacity = events;
    rows->events = eh_resize(rows->events, events, sizeof *rows->events);
  }
  if (events) memset(rows->totals, 0, cells->stratum_count * sizeof *rows->totals);
  if (events) memset(rows->events, 0, events * sizeof *rows->events);
  for (size_t i = 0; i < cells->cell_count; i++) add_cell(rows, i);
  for (size_t k = 0; k < rows->workbook->strata_column_count; k++) {
    rows->positions[k] = -1;
    for (size_t j = 0; j < cells->column_count; j++) {
      if (cells->columns[j].column == rows->workbook->strata_columns[k])
        rows->positions[k] = (int)j;
    }
  }
}

/* What one cell of the finding and its peers have: events and records, or the sum of their values.
 */
struct sides {
  double own, n1, peers, n2;
};

static struct sides sides_of(const struct rows *rows, const struct eh_cell *cell) {
  const struct eh_comparison_result *c = rows->totals_of;
  const struct eh_cells *cells = c->cells;
  size_t index = (size_t)(cell - cells->cells), outcome = rows->finding->result->category;
  const struct totals *total = &rows->totals[cell->stratum];
  struct sides s = {.n1 = (double)cell->records, .n2 = (double)(total->records - cell->records)};
  if (c->measure->kind == EH_MEASURE_VALUE) {
    s.own = sum_of(cells, index);
    s.peers = total->sum - s.own;
    return s;
  }
  uint64_t own = cell->events;
  if (c->measure->kind == EH_MEASURE_CATEGORY)
    for (size_t t = cells->first_portion[index]; t < cells->first_portion[index + 1]; t++)
      if (cells->portions[t].outcome == outcome) own = cells->portions[t].records;
  size_t at = c->measure->kind == EH_MEASURE_CATEGORY
                  ? cell->stratum * cells->outcome_count + outcome
                  : cell->stratum;
  s.own = (double)own;
  s.peers = (double)(rows->events[at] - own);
  return s;
}

/* Events, or the sum of values, beyond those expected from the peers, which there are. */
static double excess_of(const struct sides *s) { return s->own - s->n1 * (s->peers / s->n2); }

static int compare_shares(const void *x, const void *y) {
  const struct share *a = x, *b = y;
  if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
  return a->cell < b->cell ? -1 : a->cell > b->cell;
}

static void begin_finding(struct rows *rows, const struct eh_finding *finding) {
  const struct eh_unit *unit = unit_of(finding);
  rows->finding = finding;
  sum_strata(rows, finding->comparison);
  if (unit->cell_count > rows->share_capacity) {
    rows->share_capacity = unit->cell_count;
    rows->shares = eh_resize(rows->shares, unit->cell_count, sizeof *rows->shares);
  }
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &finding->comparison->cells->cells[unit->first_cell + i];
    struct sides sides = sides_of(rows, cell);
    double excess = sides.n2 > 0 ? excess_of(&sides) : 0.0;
    rows->shares[i].cell = cell;
    rows->shares[i].weight = sides.n2 <= 0 ? -INFINITY : finding->result->higher ? excess : -excess;
  }
  if (unit->cell_count) qsort(rows->shares, unit->cell_count, sizeof *rows->shares, compare_shares);
}

static void fill_means(const struct rows *rows, const struct sides *s, struct cell_row *row) {
  struct eh_figure no_share = eh_no_figure("not a measure of an event");
  row->events = row->peer_events = row->rate = row->peer_rate = row->expected = row->contribution =
      no_share;
  row->mean = eh_figure(s->own / s->n1);
  row->peer_mean = row->mean_contribution = eh_no_figure("no peers");
  if (s->n2 <= 0) return;
  row->peer_mean = eh_figure(s->peers / s->n2);
  row->mean_contribution = eh_figure(excess_of(s) / (double)rows->finding->result->comparable);
}

static void fill_rates(const struct rows *rows, const struct sides *s, struct cell_row *row) {
  row->mean = row->peer_mean = row->mean_contribution = eh_no_figure("not a measure of a value");
  row->events = eh_figure(s->own);
  row->peer_events = eh_figure(s->peers);
  row->rate = eh_figure(s->own / s->n1);
  row->peer_rate = row->expected = row->contribution = eh_no_figure("no peers");
  if (s->n2 <= 0) return;
  row->peer_rate = eh_figure(s->peers / s->n2);
  row->expected = eh_figure(s->own - excess_of(s));
  row->contribution = eh_figure(excess_of(s) / (double)rows->finding->result->comparable);
}

static void fill_figures(const struct rows *rows, const struct eh_cell *cell,
                         struct cell_row *row) {
  struct sides sides = sides_of(rows, cell);
  const struct eh_result *result = rows->finding->result;
  row->outcome = result->categories ? result->categories[result->category].label : NULL;
  if (result->kind == EH_MEASURE_VALUE)
    fill_means(rows, &sides, row);
  else
    fill_rates(rows, &sides, row);
}

static const void *cell_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  while (rows->next_finding < w->findings->count && w->first_cell[rows->next_finding] <= index) {
    begin_finding(rows, &w->findings->items[rows->next_finding++]);
  }
  const struct eh_finding *finding = rows->finding;
  const struct eh_cells *cells = finding->comparison->cells;
  size_t place = index - w->first_cell[finding->number - 1];
  const struct eh_cell *cell = rows->shares[place].cell;
  const struct totals *total = &rows->totals[cell->stratum];
  struct cell_row *row = rows->row;
  /* Only a finding's first row links back: a sheet cannot hold a link for each of many rows. */
  if (place == 0) {
    row->finding.text = eh_arena_printf(w->arena, "F%zu", finding->number);
    row->finding.target = eh_listing_target(&w->findings_table, finding->number - 1);
    row->comparison = w->findings->groups[finding->group].title;
  } else {
    row->finding.target = NULL;
  }
  row->unit = finding->result->unit;
  row->each = cells->each;
  row->records = cell->records;
  row->peer_records = total->records - cell->records;
  fill_figures(rows, cell, row);
  const uint32_t *codes = cells->codes + (size_t)cell->stratum * cells->column_count;
  for (size_t k = 0; k < w->strata_column_count; k++) {
    int at = rows->positions[k];
    row->labels[k] = at < 0 ? NULL : cells->columns[at].labels[codes[at]];
  }
  return row;
}

void eh_workbook_write_cells(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  rows.positions = eh_arena_alloc(w->arena, w->strata_column_count, sizeof *rows.positions);
  rows.row =
      eh_arena_alloc(w->arena, 1, sizeof *rows.row + w->strata_column_count * sizeof(const char *));
  eh_listing_write(&w->cells_table, cell_row, &rows);
  free(rows.totals);
  free(rows.events);
  free(rows.shares);
}
