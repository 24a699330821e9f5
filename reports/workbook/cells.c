/* The cells behind the findings: for each, every stratum that the unit has records in, spelled out,
 * and what it contributes. Where that would be too many rows for a workbook, those that contribute
 * most, the others summed. */
#include <string.h>

#include "engine/base/words.h"
#include "reports/words/shares.h"
#include "reports/words/text_width.h"
#include "reports/workbook/workbook.h"

struct cell_row {
  struct eh_link finding;
  const char *unit, *comparison, *each, *outcome;
  uint64_t kinds, records, peer_records;
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

#define SHARE .only_for = EH_ROW_SHARE
#define VALUE .only_for = EH_ROW_VALUE

static const struct eh_listing_column before[] = {
    {"Finding", "The finding that the cell belongs to.", 10, EH_STYLE_LINK, EH_VALUE_LINK,
     .at = AT(finding)},
    {"Unit", "The flagged unit.", 10, EH_STYLE_TEXT, TEXT(unit), .widest = 40},
};
static const struct eh_listing_column after[] = {
    {"Kinds of case",
     "1, or where kinds of case are taken together: how many. Counts and expected events are then "
     "their sums, and rates those of the sums.",
     9, COUNT(kinds)},
    {"Outcome",
     "Where the measure asks for a category: the outcome that the finding is about. Events are the "
     "records with it.",
     20, EH_STYLE_TEXT, TEXT(outcome), .only_for = EH_ROW_CATEGORY},
    {"Unit records", "n1: the unit's records of this kind.", 10, COUNT(records)},
    {"Unit events", "a: with the event.", 10, EH_STYLE_COUNT, FIGURE(events), SHARE},
    {"Peer records", "n2: all other units' records of this kind.", 10, COUNT(peer_records)},
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
     EH_STYLE_AMOUNT, FIGURE(mean), VALUE},
    {"Peer mean", "The mean of its peers' records of this kind.", 10, EH_STYLE_AMOUNT,
     FIGURE(peer_mean), VALUE},
    {"Mean contribution",
     "n1 (unit mean - peer mean) / N: a finding's contributions add up to its mean difference.", 13,
     EH_STYLE_AMOUNT, FIGURE(mean_contribution), .emphasis = EH_BARS, VALUE},
    {"Comparison", "The finding's comparison.", 40, EH_STYLE_TEXT, TEXT(comparison),
     .on_screen = true},
    {"For", "The value of the rules' `each` column.", 18, EH_STYLE_TEXT, TEXT(each),
     .on_screen = true},
};
enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };
enum { WIDEST_LABELS = 36, LONGEST_HEADING = 20 };

static const struct eh_unit *unit_of(const struct eh_finding *finding) {
  return &finding->comparison->cells->units[finding->result->unit_index];
}

/* Those of weighted peers are on a sheet of their own. */
static size_t cells_of(const struct eh_finding *finding) {
  return finding->result->balance.applies ? 0 : unit_of(finding)->cell_count;
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

/* On one line, where it is not too long. */
static double width_of_heading(const char *name) {
  double width = eh_text_width(name, strlen(name), true) + 2.0;
  return width > LONGEST_HEADING ? LONGEST_HEADING : width;
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
        .width = width_of_heading(name),
        .widest = WIDEST_LABELS,
        .style = EH_STYLE_TEXT,
        .kind = EH_VALUE_TEXT,
        .at = AT(labels) + k * sizeof(const char *),
    };
  }
  struct eh_listing_column *ordered = eh_arena_alloc(w->arena, total, sizeof *ordered);
  memcpy(ordered, before, sizeof before);
  memcpy(ordered + BEFORE, columns + BEFORE + AFTER, count * sizeof *ordered);
  size_t kept = BEFORE + count;
  unsigned parts = eh_finding_parts(w->findings);
  for (size_t i = 0; i < AFTER; i++) {
    if (after[i].at == AT(kinds) && !w->cells_shown) continue; /* always 1 */
    if (!after[i].only_for || after[i].only_for & parts) ordered[kept++] = after[i];
  }
  table->columns = ordered;
  table->column_count = kept;
  w->strata_columns = strata;
  w->strata_column_count = count;
}

/* Fewer than in the situations only where findings are so many. */
static size_t most_kinds(size_t findings, size_t most_rows) {
  size_t room = findings ? most_rows / findings : 0;
  return room > EH_MOST_SITUATIONS ? EH_MOST_SITUATIONS : room ? room : 1;
}

/* The first row of each finding; the count of all. */
static size_t place_rows(struct eh_workbook *w) {
  struct eh_shares shares = {0};
  size_t count = 0;
  for (size_t i = 0; i < w->findings->count; i++) {
    const struct eh_finding *finding = &w->findings->items[i];
    w->first_cell[i] = count;
    if (w->cells_shown) {
      eh_shares_take(&shares, finding);
      struct eh_share_rows part = eh_share_rows(&shares, w->cells_shown);
      count += eh_share_rows_count(&part);
    } else {
      count += cells_of(finding);
    }
  }
  eh_shares_free(&shares);
  return count;
}

static const char *subtitle_of(struct eh_workbook *w, size_t all) {
  if (!w->cells_shown)
    return "Each row is one kind of case: what the unit decided and what its peers decided. The "
           "contributions of a finding add up to its difference.";
  return eh_arena_printf(w->arena,
                         "Not all: the findings rest on %s. Of each finding here are the %zu that "
                         "contribute most, the others summed, so that contributions add up to its "
                         "difference. All are in the file that evenhand audit --cells FILE writes.",
                         eh_words_of(w->arena, all, "cell", "cells"), w->cells_shown);
}

void eh_workbook_plan_cells(struct eh_workbook *w) {
  size_t all = 0;
  w->first_cell = eh_arena_alloc(w->arena, w->findings->count, sizeof *w->first_cell);
  for (size_t i = 0; i < w->findings->count; i++)
    all += cells_of(&w->findings->items[i]);
  if (all > w->sizes.cells) w->cells_shown = most_kinds(w->findings->count, w->sizes.cells);
  w->cells_table = (struct eh_listing){
      .title = "Cells behind the findings",
      .subtitle = subtitle_of(w, all),
      .identifier = "Cells",
      .frozen = BEFORE,
      .count = place_rows(w),
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .printed_rows = 45,
      .empty = "none",
      .back = w->back,
  };
  make_columns(w, &w->cells_table);
  eh_listing_plan(w->book, &w->cells_table, "Cells");
}

struct rows {
  const struct eh_workbook *workbook;
  size_t next_finding; /* the one after that at hand */
  const struct eh_finding *finding;
  struct eh_shares shares; /* of the finding at hand */
  struct eh_share_rows part;
  int *positions; /* of the sheet's strata columns in the finding's cells; -1: not among them */
  struct cell_row *row;
};

static void find_positions(struct rows *rows, const struct eh_cells *cells) {
  for (size_t k = 0; k < rows->workbook->strata_column_count; k++) {
    rows->positions[k] = -1;
    for (size_t j = 0; j < cells->column_count; j++)
      if (cells->columns[j].column == rows->workbook->strata_columns[k])
        rows->positions[k] = (int)j;
  }
}

static void begin_finding(struct rows *rows, const struct eh_finding *finding) {
  rows->finding = finding;
  eh_shares_fill(&rows->shares, finding);
  rows->part = rows->workbook->cells_shown
                   ? eh_share_rows(&rows->shares, rows->workbook->cells_shown)
                   : (struct eh_share_rows){.own = rows->shares.count};
  find_positions(rows, finding->comparison->cells);
}

static void fill_means(const struct rows *rows, const struct eh_sides *s, struct cell_row *row) {
  struct eh_figure no_share = eh_no_figure("not a measure of an event");
  row->events = row->peer_events = row->rate = row->peer_rate = row->expected = row->contribution =
      no_share;
  row->mean = eh_figure(s->own / s->n1);
  row->peer_mean = row->mean_contribution = eh_no_figure("no peers");
  if (s->n2 <= 0) return;
  row->peer_mean = eh_figure(s->peers / s->n2);
  row->mean_contribution =
      eh_figure((s->own - s->expected) / (double)rows->finding->result->comparable);
}

static void fill_rates(const struct rows *rows, const struct eh_sides *s, struct cell_row *row) {
  row->mean = row->peer_mean = row->mean_contribution = eh_no_figure("not a measure of a value");
  row->events = eh_figure(s->own);
  row->peer_events = eh_figure(s->peers);
  row->rate = eh_figure(s->own / s->n1);
  row->peer_rate = row->expected = row->contribution = eh_no_figure("no peers");
  if (s->n2 <= 0) return;
  row->peer_rate = eh_figure(s->peers / s->n2);
  row->expected = eh_figure(s->expected);
  row->contribution = eh_figure((s->own - s->expected) / (double)rows->finding->result->comparable);
}

static void fill_figures(const struct rows *rows, const struct eh_sides *sides,
                         struct cell_row *row) {
  const struct eh_result *result = rows->finding->result;
  row->outcome = eh_result_outcome(result);
  row->records = (uint64_t)sides->n1;
  row->peer_records = (uint64_t)sides->n2;
  if (eh_kind_has(result->kind, EH_PART_VALUE))
    fill_means(rows, sides, row);
  else
    fill_rates(rows, sides, row);
}

static void fill_labels(const struct rows *rows, size_t place, size_t first, struct cell_row *row) {
  const struct eh_cells *cells = rows->finding->comparison->cells;
  const uint32_t *codes =
      cells->codes + (size_t)rows->shares.items[first].cell->stratum * cells->column_count;
  const char *together = first < rows->shares.comparable ? "(all others)" : "(no peers)";
  for (size_t k = 0; k < rows->workbook->strata_column_count; k++) {
    int at = rows->positions[k];
    row->labels[k] = at < 0                   ? NULL
                     : place < rows->part.own ? cells->columns[at].labels[codes[at]]
                                              : together;
  }
}

static const void *cell_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  while (rows->next_finding < w->findings->count && w->first_cell[rows->next_finding] <= index)
    begin_finding(rows, &w->findings->items[rows->next_finding++]);
  const struct eh_finding *finding = rows->finding;
  size_t place = index - w->first_cell[finding->number - 1], first, end;
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
  row->each = finding->comparison->cells->each;
  eh_share_rows_items(&rows->part, place, &first, &end);
  row->kinds = end - first;
  struct eh_sides sides = eh_shares_sum(&rows->shares, first, end);
  fill_figures(rows, &sides, row);
  fill_labels(rows, place, first, row);
  return row;
}

void eh_workbook_write_cells(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  rows.positions = eh_arena_alloc(w->arena, w->strata_column_count, sizeof *rows.positions);
  rows.row =
      eh_arena_alloc(w->arena, 1, sizeof *rows.row + w->strata_column_count * sizeof(const char *));
  eh_listing_write(&w->cells_table, cell_row, &rows);
  eh_shares_free(&rows.shares);
}
