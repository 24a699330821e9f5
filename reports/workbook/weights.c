/* Weights: of findings whose peers were weighted, what each of their records counts, so that a
 * spreadsheet can redo the difference as a sum. */
#include <string.h>

#include "engine/base/words.h"
#include "reports/workbook/workbook.h"

struct weight_row {
  struct eh_link finding;
  const char *unit, *comparison, *each;
  uint64_t records, events, peer_records, peer_events;
  struct eh_figure weight, weighted_records, weighted_events, contribution;
  const char *labels[]; /* one for each strata column of the sheet */
};

#define AT(member) offsetof(struct weight_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = AT(member)
#define NUMBER(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

static const struct eh_listing_column before[] = {
    {"Finding", "The finding whose peers are weighted.", 10, EH_STYLE_LINK, EH_VALUE_LINK,
     .at = AT(finding)},
    {"Unit", "The flagged unit.", 10, EH_STYLE_TEXT, TEXT(unit), .widest = 40},
};
static const struct eh_listing_column after[] = {
    {"Unit records", "n1: the unit's records of this kind.", 10, COUNT(records)},
    {"Unit events", "a: with the event.", 10, COUNT(events)},
    {"Peer records", "n2: all other units' records of this kind.", 10, COUNT(peer_records)},
    {"Peer events", "c: with the event.", 10, COUNT(peer_events)},
    {"Weight",
     "w: what each of these peers' records counts. Found from the caseloads alone, never from how "
     "anything was decided, so that on every level the weighted records are as many as the unit's.",
     11, EH_STYLE_DECIMAL, NUMBER(weight)},
    {"Weighted records",
     "n2 w: summed over all rows of a finding with a level they are the unit's records with it.",
     12, EH_STYLE_DECIMAL, NUMBER(weighted_records)},
    {"Weighted events", "c w: a finding's add up to the events expected.", 12, EH_STYLE_DECIMAL,
     NUMBER(weighted_events)},
    {"Contribution",
     "(a - c w) / N, N = the unit's comparable records: a finding's add up to its difference.", 13,
     EH_STYLE_DIFFERENCE, NUMBER(contribution)},
    {"Comparison", "The finding's comparison.", 40, EH_STYLE_TEXT, TEXT(comparison),
     .on_screen = true},
    {"For", "The value of the rules' `each` column.", 18, EH_STYLE_TEXT, TEXT(each),
     .on_screen = true},
};
enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };
enum { WIDTH_OF_LABELS = 14, WIDEST_LABELS = 36, MOST_ROWS = 50000 };

bool eh_workbook_has_weights(const struct eh_workbook *w) {
  for (size_t i = 0; i < w->findings->count; i++)
    if (w->findings->items[i].result->balance.weight_count) return true;
  return false;
}

static void make_columns(struct eh_workbook *w, struct eh_listing *table) {
  size_t count = w->strata_column_count, total = BEFORE + AFTER + count;
  struct eh_listing_column *columns = eh_arena_alloc(w->arena, total, sizeof *columns);
  struct eh_listing_column *ordered = eh_arena_alloc(w->arena, total, sizeof *ordered);
  memcpy(columns, before, sizeof before);
  memcpy(columns + BEFORE, after, sizeof after); /* so that the others' names are unlike these */
  for (size_t k = 0; k < count; k++)
    columns[BEFORE + AFTER + k] = (struct eh_listing_column){
        .heading = eh_listing_heading(w->arena, w->audit->rules->columns[w->strata_columns[k]].name,
                                      columns, BEFORE + AFTER + k),
        .width = WIDTH_OF_LABELS,
        .widest = WIDEST_LABELS,
        .style = EH_STYLE_TEXT,
        .kind = EH_VALUE_TEXT,
        .at = AT(labels) + k * sizeof(const char *)};
  memcpy(ordered, columns, sizeof before);
  memcpy(ordered + BEFORE, columns + BEFORE + AFTER, count * sizeof *ordered);
  memcpy(ordered + BEFORE + count, columns + BEFORE, sizeof after);
  table->columns = ordered;
  table->column_count = total;
}

/* The rows of each finding; those that no longer fit have none. Returns how many findings. */
static size_t place_rows(struct eh_workbook *w) {
  size_t *first = w->weights.first, left_out = 0;
  for (size_t i = 0; i < w->findings->count; i++) {
    size_t count = w->findings->items[i].result->balance.weight_count;
    bool fits = first[i] + count <= MOST_ROWS;
    left_out += !fits;
    first[i + 1] = first[i] + (fits ? count : 0);
  }
  return left_out;
}

void eh_workbook_plan_weights(struct eh_workbook *w) {
  struct eh_finding_rows *rows = &w->weights;
  rows->first = eh_arena_alloc(w->arena, w->findings->count + 1, sizeof *rows->first);
  size_t left_out = place_rows(w);
  rows->table = (struct eh_listing){
      .title = "Weights",
      .subtitle = eh_arena_printf(
          w->arena,
          "Each row is one kind of case: the unit's records, its peers', and what each of the "
          "peers' counts until their caseload is the unit's. The contributions of a finding add up "
          "to its difference.%s",
          left_out
              ? eh_arena_printf(w->arena,
                                " %s too many rows and not here; the script on the Method "
                                "sheet finds the weights from the file that --cells writes.",
                                eh_words_of(w->arena, left_out, "finding has", "findings have"))
              : ""),
      .identifier = "Weights",
      .frozen = BEFORE,
      .band = EH_EVERY_OTHER_FINDING,
      .count = rows->first[w->findings->count],
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .printed_rows = 45,
      .empty = "none",
      .back = w->back,
  };
  make_columns(w, &rows->table);
  eh_listing_plan(w->book, &rows->table, "Weights");
}

struct rows {
  const struct eh_workbook *workbook;
  struct weight_row *row;
};

static void fill_labels(const struct eh_workbook *w, const struct eh_cells *cells, uint32_t stratum,
                        struct weight_row *row) {
  const uint32_t *codes = cells->codes + (size_t)stratum * cells->column_count;
  for (size_t k = 0; k < w->strata_column_count; k++) {
    row->labels[k] = NULL;
    for (size_t j = 0; j < cells->column_count; j++)
      if (cells->columns[j].column == w->strata_columns[k])
        row->labels[k] = cells->columns[j].labels[codes[j]];
  }
}

static const void *weight_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  size_t number = eh_finding_rows_find(&w->weights, w->findings->count, index);
  const struct eh_finding *finding = &w->findings->items[number];
  const struct eh_weighted_pattern *p =
      &finding->result->balance.weights[index - w->weights.first[number]];
  struct weight_row *row = rows->row;
  double events = (double)p->counts.c * p->weight;
  row->finding = eh_finding_rows_link(w, &w->weights, number, index);
  row->unit = finding->result->unit;
  row->comparison = w->findings->groups[finding->group].title;
  row->each = finding->comparison->cells->each;
  row->records = p->counts.n1;
  row->events = p->counts.a;
  row->peer_records = p->counts.n2;
  row->peer_events = p->counts.c;
  row->weight = eh_figure(p->weight);
  row->weighted_records = eh_figure((double)p->counts.n2 * p->weight);
  row->weighted_events = eh_figure(events);
  row->contribution =
      eh_figure(((double)p->counts.a - events) / (double)finding->result->comparable);
  fill_labels(w, finding->comparison->cells, p->stratum, row);
  return row;
}

void eh_workbook_write_weights(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  rows.row =
      eh_arena_alloc(w->arena, 1, sizeof *rows.row + w->strata_column_count * sizeof(const char *));
  eh_listing_write(&w->weights.table, weight_row, &rows);
}
