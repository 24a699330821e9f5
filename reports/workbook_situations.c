/* Situations: the kinds of case that carry each finding most. */
#include "reports/words.h"
#include "reports/workbook.h"

struct situation_row {
  struct eh_link finding;
  const char *unit, *number, *kind, *comparison, *each;
  uint64_t records, events, peer_records;
  struct eh_figure rate, expected_rate, contribution, share;
};

#define AT(member) offsetof(struct situation_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .kind = EH_VALUE_COUNT, .style = EH_STYLE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

static const struct eh_listing_column columns[] = {
    {"Finding", "The finding that the situation belongs to.", 9, EH_STYLE_LINK, EH_VALUE_LINK,
     .at = AT(finding), .banded = true},
    {"Unit", "The flagged unit.", 10, EH_STYLE_TEXT, TEXT(unit), .banded = true, .widest = 40},
    {"Situation",
     "1 carries the finding most; \"others\": all that follow the twentieth, summed; \"no peers\": "
     "records that could not be compared.",
     10, EH_STYLE_TEXT, TEXT(number), .banded = true},
    {"Kind of case",
     "The values on which all records of the situation agree (those columns that tell the unit's "
     "situations apart).",
     64, EH_STYLE_WRAPPED, TEXT(kind)},
    {"Unit records", "n1: the unit's records of this kind.", 10, COUNT(records)},
    {"Unit events", "a: with the event.", 10, COUNT(events)},
    {"Unit rate", "a / n1.", 9, EH_STYLE_PERCENT, FIGURE(rate)},
    {"Peer records", "n2: its peers' records of this kind.", 10, COUNT(peer_records)},
    {"Expected rate", "c / n2, the peers' rate; for several situations sum(n1 c/n2) / sum n1.", 10,
     EH_STYLE_PERCENT, FIGURE(expected_rate)},
    {"Contribution",
     "(a - n1 c/n2) / N, N = the unit's comparable records: a finding's contributions add up to "
     "its difference.",
     14, EH_STYLE_DIFFERENCE, FIGURE(contribution), .emphasis = EH_BARS},
    {"Share of the difference",
     "Contribution / difference; below 0 where the situation goes against the finding.", 13,
     EH_STYLE_PERCENT, FIGURE(share)},
    {"Comparison", "The finding's comparison.", 40, EH_STYLE_TEXT, TEXT(comparison),
     .on_screen = true},
    {"For", "The value of the rules' `each` column.", 18, EH_STYLE_TEXT, TEXT(each),
     .on_screen = true},
};

static size_t rows_of(const struct eh_situations *s) {
  return s->count + (s->rest.strata > 0) + (s->unshared.strata > 0);
}

void eh_workbook_plan_situations(struct eh_workbook *w) {
  struct eh_finding_rows *rows = &w->drill.situations;
  rows->first = eh_arena_alloc(w->arena, w->findings->count + 1, sizeof *rows->first);
  for (size_t i = 0; i < w->findings->count; i++)
    rows->first[i + 1] = rows->first[i] + rows_of(&w->drill.drills[i]->situations);
  rows->table = (struct eh_listing){
      .title = "Situations",
      .subtitle =
          "What kinds of case each finding is about: the twenty that carry its difference "
          "most, the rest summed. The file that --cells writes has every one.",
      .identifier = "Situations",
      .columns = columns,
      .column_count = sizeof columns / sizeof columns[0],
      .frozen = 3,
      .band = EH_EVERY_OTHER_FINDING,
      .count = rows->first[w->findings->count],
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back,
  };
  eh_listing_plan(w->book, &rows->table, "Situations");
}

struct rows {
  const struct eh_workbook *workbook;
  struct situation_row row;
};

static struct eh_figure ratio(double a, double b, const char *why_not) {
  return b != 0 ? eh_figure(a / b) : eh_no_figure(why_not);
}

static void fill_counts(struct situation_row *row, const struct eh_situation *s,
                        const struct eh_result *result) {
  static const char none[] = "no peers";
  double excess = (double)s->events - s->expected, records = (double)s->records;
  row->records = s->records;
  row->events = s->events;
  row->peer_records = s->peer_records;
  row->rate = ratio((double)s->events, records, none);
  if (!s->peer_records) {
    row->expected_rate = row->contribution = row->share = eh_no_figure(none);
    return;
  }
  row->expected_rate = ratio(s->expected, records, none);
  row->contribution = ratio(excess, (double)result->comparable, none);
  row->share = ratio(row->contribution.value, result->difference.estimate.value, "no difference");
}

static void fill_kind(const struct eh_workbook *w, const struct eh_drill *drill, size_t place,
                      struct situation_row *row) {
  const struct eh_situations *s = &drill->situations;
  const struct eh_cells *cells = drill->comparison->cells;
  const struct eh_situation *one = NULL;
  if (place < s->count) {
    one = &s->items[place];
    row->number = eh_arena_printf(w->arena, "%zu", place + 1);
    row->kind = eh_stratum_say(w->arena, w->audit->rules, cells, drill->varying, one->stratum);
  } else if (place == s->count && s->rest.strata) {
    one = &s->rest;
    row->number = "others";
    row->kind = eh_words_of(w->arena, one->strata, "other situation", "other situations");
  } else {
    one = &s->unshared;
    row->number = "no peers";
    row->kind = eh_words_of(w->arena, one->strata, "situation that no peer had a record of",
                            "situations that no peer had a record of");
  }
  fill_counts(row, one, drill->result);
}

static const void *situation_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_finding_rows *all = &w->drill.situations;
  size_t finding = eh_finding_rows_find(all, w->findings->count, index);
  const struct eh_drill *drill = w->drill.drills[finding];
  rows->row = (struct situation_row){
      .finding = eh_finding_rows_link(w, all, finding, index),
      .unit = drill->result->unit,
      .comparison = w->findings->groups[w->findings->items[finding].group].title,
      .each = drill->comparison->cells->each,
  };
  fill_kind(w, drill, index - all->first[finding], &rows->row);
  return &rows->row;
}

void eh_workbook_write_situations(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->drill.situations.table, situation_row, &rows);
}
