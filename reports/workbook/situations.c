/* Situations: the kinds of case that carry each finding most. */
#include "engine/base/words.h"
#include "reports/words/shares.h"
#include "reports/workbook/workbook.h"

struct situation_row {
  struct eh_link finding;
  const char *unit, *number, *kind, *comparison, *each, *outcome;
  uint64_t records, peer_records;
  struct eh_figure events, rate, expected_rate, contribution;
  struct eh_figure mean, expected_mean, mean_contribution, share;
};

#define AT(member) offsetof(struct situation_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .kind = EH_VALUE_COUNT, .style = EH_STYLE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

#define SHARE .only_for = EH_ROW_SHARE
#define VALUE .only_for = EH_ROW_VALUE

static const struct eh_listing_column all_columns[] = {
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
    {"Outcome",
     "Where the measure asks for a category: the outcome that the finding is about. Events are the "
     "records with it.",
     12, EH_STYLE_TEXT, TEXT(outcome), .only_for = EH_ROW_CATEGORY, .widest = 30},
    {"Unit records", "n1: the unit's records of this kind.", 10, COUNT(records)},
    {"Unit events", "a: with the event.", 10, EH_STYLE_COUNT, FIGURE(events), SHARE},
    {"Unit rate", "a / n1.", 9, EH_STYLE_PERCENT, FIGURE(rate), SHARE},
    {"Peer records", "n2: its peers' records of this kind.", 10, COUNT(peer_records)},
    {"Expected rate", "c / n2, the peers' rate; for several situations sum(n1 c/n2) / sum n1.", 10,
     EH_STYLE_PERCENT, FIGURE(expected_rate), SHARE},
    {"Contribution",
     "(a - n1 c/n2) / N, N = the unit's comparable records: a finding's contributions add up to "
     "its difference.",
     14, EH_STYLE_DIFFERENCE, FIGURE(contribution), .emphasis = EH_BARS, SHARE},
    {"Unit mean", "Where the measure asks for a value: the mean of the unit's records.", 10,
     EH_STYLE_AMOUNT, FIGURE(mean), VALUE},
    {"Expected mean", "The peers' mean; for several situations sum(n1 mean2) / sum n1.", 10,
     EH_STYLE_AMOUNT, FIGURE(expected_mean), VALUE},
    {"Mean contribution",
     "n1 (unit mean - peer mean) / N: a finding's contributions add up to its mean difference.", 13,
     EH_STYLE_AMOUNT, FIGURE(mean_contribution), .emphasis = EH_BARS, VALUE},
    {"Share of the difference",
     "Contribution / difference; below 0 where the situation goes against the finding.", 13,
     EH_STYLE_PERCENT, FIGURE(share)},
    {"Comparison", "The finding's comparison.", 40, EH_STYLE_TEXT, TEXT(comparison),
     .on_screen = true},
    {"For", "The value of the rules' `each` column.", 18, EH_STYLE_TEXT, TEXT(each),
     .on_screen = true},
};

enum { COLUMNS = sizeof all_columns / sizeof all_columns[0] };

void eh_workbook_plan_situations(struct eh_workbook *w) {
  struct eh_finding_rows *rows = &w->drill.situations;
  struct eh_shares shares = {0};
  rows->first = eh_arena_alloc(w->arena, w->findings->count + 1, sizeof *rows->first);
  for (size_t i = 0; i < w->findings->count; i++) {
    eh_shares_take(&shares, &w->findings->items[i]);
    struct eh_share_rows part = eh_share_rows(&shares, EH_MOST_SITUATIONS);
    rows->first[i + 1] = rows->first[i] + eh_share_rows_count(&part);
  }
  eh_shares_free(&shares);
  rows->table = (struct eh_listing){
      .title = "Situations",
      .subtitle =
          "What kinds of case each finding is about: the twenty that carry its difference "
          "most, the rest summed. The file that --cells writes has every one.",
      .identifier = "Situations",
      .frozen = 3,
      .band = EH_EVERY_OTHER_FINDING,
      .count = rows->first[w->findings->count],
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .printed_rows = 100,
      .empty = "none",
      .back = w->back,
  };
  eh_finding_rows_columns(w, all_columns, COLUMNS, &rows->table);
  eh_listing_plan(w->book, &rows->table, "Situations");
}

struct rows {
  const struct eh_workbook *workbook;
  size_t next_finding;     /* the one after that at hand */
  struct eh_shares shares; /* of the finding at hand */
  struct eh_share_rows part;
  struct situation_row row;
};

static struct eh_figure ratio(double a, double b, const char *why_not) {
  return b != 0 ? eh_figure(a / b) : eh_no_figure(why_not);
}

static void fill_counts(struct situation_row *row, const struct eh_sides *s,
                        const struct eh_result *result) {
  bool is_value = eh_kind_has(result->kind, EH_PART_VALUE), has_peers = s->n2 > 0;
  struct eh_figure other =
      eh_no_figure(is_value ? "not a measure of an event" : "not a measure of a value");
  struct eh_figure own = eh_figure(s->own / s->n1), expected = eh_no_figure("no peers");
  struct eh_figure contribution = expected;
  if (has_peers) {
    expected = eh_figure(s->expected / s->n1);
    contribution = ratio(s->own - s->expected, (double)result->comparable, "no peers");
  }
  row->records = (uint64_t)s->n1;
  row->peer_records = (uint64_t)s->n2;
  row->events = is_value ? other : eh_figure(s->own);
  row->rate = is_value ? other : own;
  row->expected_rate = is_value ? other : expected;
  row->contribution = is_value ? other : contribution;
  row->mean = is_value ? own : other;
  row->expected_mean = is_value ? expected : other;
  row->mean_contribution = is_value ? contribution : other;
  row->share = contribution;
  if (has_peers)
    row->share =
        ratio(contribution.value, eh_result_headline(result)->estimate.value, "no difference");
}

static void fill_kind(struct rows *rows, const struct eh_drill *drill, size_t place) {
  const struct eh_workbook *w = rows->workbook;
  const struct eh_share_rows *part = &rows->part;
  struct situation_row *row = &rows->row;
  size_t first, end;
  eh_share_rows_items(part, place, &first, &end);
  if (place < part->own) {
    row->number = eh_arena_printf(w->arena, "%zu", place + 1);
    row->kind = eh_stratum_say(w->arena, w->audit->rules, drill->comparison->cells, drill->varying,
                               rows->shares.items[place].cell->stratum);
  } else if (place == part->own && part->others) {
    row->number = "others";
    row->kind = eh_words_of(w->arena, part->others, "other situation", "other situations");
  } else {
    row->number = "no peers";
    row->kind = eh_words_of(w->arena, part->unshared, "situation that no peer had a record of",
                            "situations that no peer had a record of");
  }
  struct eh_sides sides = eh_shares_sum(&rows->shares, first, end);
  fill_counts(row, &sides, drill->result);
}

static const void *situation_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_finding_rows *all = &w->drill.situations;
  size_t finding = eh_finding_rows_find(all, w->findings->count, index);
  const struct eh_drill *drill = w->drill.drills[finding];
  const struct eh_result *result = drill->result;
  for (; rows->next_finding <= finding; rows->next_finding++) {
    eh_shares_fill(&rows->shares, &w->findings->items[rows->next_finding]);
    rows->part = eh_share_rows(&rows->shares, EH_MOST_SITUATIONS);
  }
  rows->row = (struct situation_row){
      .finding = eh_finding_rows_link(w, all, finding, index),
      .unit = result->unit,
      .comparison = w->findings->groups[w->findings->items[finding].group].title,
      .each = drill->comparison->cells->each,
      .outcome = eh_result_outcome(result),
  };
  fill_kind(rows, drill, index - all->first[finding]);
  return &rows->row;
}

void eh_workbook_write_situations(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->drill.situations.table, situation_row, &rows);
  eh_shares_free(&rows.shares);
}
