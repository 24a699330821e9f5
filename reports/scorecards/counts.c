/* An office's trend and its record-keeping, beside all other offices'. */
#include "engine/base/words.h"
#include "reports/scorecards/scorecard.h"
#include "rules/evaluate/labels.h"
#include "rules/language/question.h"

static struct eh_figure share(uint64_t part, uint64_t whole) {
  return whole ? eh_figure((double)part / (double)whole) : eh_no_figure("no records");
}

static struct eh_figure difference(struct eh_figure a, struct eh_figure b) {
  if (a.why_not || b.why_not) return a.why_not ? a : b;
  return eh_figure(a.value - b.value);
}

/* --- trend --- */

struct trend_row {
  const char *measure, *quarter;
  uint64_t records, events, other_records;
  struct eh_figure rate, other_rate, difference;
};

#define AT(member) offsetof(struct trend_row, member)
#define TEXT(member) .style = EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

static const struct eh_listing_column trend_columns[] = {
    {"Measure", NULL, 16, TEXT(measure), .widest = 50},
    {"Quarter", NULL, 11, TEXT(quarter)},
    {"Records", NULL, 10, COUNT(records)},
    {"Events", NULL, 10, COUNT(events)},
    {"Rate", NULL, 9, EH_STYLE_PERCENT, FIGURE(rate)},
    {"Other offices' records", NULL, 13, COUNT(other_records)},
    {"Other offices' rate", NULL, 11, EH_STYLE_PERCENT, FIGURE(other_rate)},
    {"Difference, not adjusted", NULL, 16, EH_STYLE_DIFFERENCE, FIGURE(difference),
     .emphasis = EH_BARS},
};

/* Measures of a category or a value have no events to count by quarter. */
static void list_measures(struct eh_scorecard *card) {
  const struct eh_rules *rules = card->audit->rules;
  size_t *measures = eh_arena_alloc(card->arena, rules->measure_count, sizeof *measures);
  for (size_t m = 0; m < rules->measure_count; m++)
    if (!eh_has_outcome(&rules->measures[m])) measures[card->trend_measure_count++] = m;
  card->trend_measures = measures;
}

static const char *why_no_trend(const struct eh_over_time *times) {
  if (times->spans_too_long) return "The dates span over 50 years; some must be wrong.";
  if (times->count == 0) return "The records have no dates.";
  return "No measure asks for an event.";
}

void eh_scorecard_plan_trend(struct eh_scorecard *card) {
  const struct eh_over_time *times = card->times;
  list_measures(card);
  card->trend = (struct eh_listing){
      .title = eh_arena_printf(card->arena, "%s: trend by quarter",
                               eh_words_name(card->arena, card->office->name)),
      .subtitle =
          "All records of each measure of an event, whatever the kind of case: a change may be one "
          "of caseload. The comparisons on the first sheet adjust for it.",
      .identifier = "Trend",
      .columns = trend_columns,
      .column_count = sizeof trend_columns / sizeof trend_columns[0],
      .frozen = 2,
      .count = card->trend_measure_count * times->count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = why_no_trend(times),
      .back = card->back,
  };
  eh_listing_plan(card->book, &card->trend, "Trend");
}

struct trend_rows {
  struct eh_scorecard *card;
  struct trend_row row;
};

static const void *trend_row(void *context, size_t index) {
  struct trend_rows *rows = context;
  const struct eh_scorecard *card = rows->card;
  const struct eh_over_time *times = card->times;
  size_t measure = card->trend_measures[index / times->count];
  size_t at = measure * times->count + index % times->count;
  const struct eh_count *own = &times->units[card->office->place].counts[at];
  const struct eh_count *all = &card->all_quarters[at];
  char label[16];
  eh_label_period(EH_QUARTER, eh_period_first_day(times->period, times->first + (int32_t)(index % times->count)), label);
  rows->row = (struct trend_row){
      .measure = card->audit->rules->measures[measure].name,
      .quarter = eh_arena_string(card->arena, label),
      .records = own->records,
      .events = own->events,
      .other_records = all->records - own->records,
      .rate = share(own->events, own->records),
      .other_rate = share(all->events - own->events, all->records - own->records),
  };
  rows->row.difference = difference(rows->row.rate, rows->row.other_rate);
  return &rows->row;
}

void eh_scorecard_write_trend(struct eh_scorecard *card) {
  struct trend_rows rows = {.card = card};
  eh_listing_write(&card->trend, trend_row, &rows);
}

/* --- record-keeping --- */

struct keeping_row {
  const char *what, *problem;
  uint64_t records, missing;
  struct eh_figure share, other_share, difference;
};

#undef AT
#define AT(member) offsetof(struct keeping_row, member)

static const struct eh_listing_column keeping_columns[] = {
    {"What", NULL, 16, TEXT(what), .widest = 50},
    {"Problem", NULL, 16, TEXT(problem), .widest = 60},
    {"Records", NULL, 11, COUNT(records)},
    {"Of them with the problem", NULL, 13, COUNT(missing)},
    {"Share", NULL, 9, EH_STYLE_PERCENT, FIGURE(share)},
    {"Other offices' share", NULL, 12, EH_STYLE_PERCENT, FIGURE(other_share)},
    {"Difference", NULL, 16, EH_STYLE_DIFFERENCE, FIGURE(difference), .emphasis = EH_BARS},
};

/* The columns counted that are the rules' own: the place of each among all. */
static size_t list_kept(const struct eh_scorecard *card, size_t *places) {
  const struct eh_over_time *times = card->times;
  size_t count = 0;
  for (size_t k = 0; k < times->column_count; k++)
    if (!card->audit->rules->columns[times->columns[k]].is_period) places[count++] = k;
  return count;
}

void eh_scorecard_plan_keeping(struct eh_scorecard *card) {
  const struct eh_rules *rules = card->audit->rules;
  card->kept = eh_arena_alloc(card->arena, card->times->column_count, sizeof *card->kept);
  card->kept_count = list_kept(card, card->kept);
  card->keeping = (struct eh_listing){
      .title = eh_arena_printf(card->arena, "%s: record-keeping",
                               eh_words_name(card->arena, card->office->name)),
      .subtitle =
          "How often what the rules need is not recorded, or not readable, in the office's "
          "audited records.",
      .identifier = "Record_keeping",
      .columns = keeping_columns,
      .column_count = sizeof keeping_columns / sizeof keeping_columns[0],
      .frozen = 2,
      .count = (rules->date_column >= 0) + card->kept_count + rules->measure_count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "none",
      .back = card->back,
  };
  eh_listing_plan(card->book, &card->keeping, "Record-keeping");
}

struct keeping_rows {
  struct eh_scorecard *card;
  struct keeping_row row;
};

/* The office's count and that of all, of one row; and what it counts. */
static void find_counts(const struct eh_scorecard *card, size_t index, struct keeping_row *row,
                        uint64_t *all) {
  const struct eh_rules *rules = card->audit->rules;
  const struct eh_over_time *times = card->times;
  const struct eh_unit_over_time *unit = &times->units[card->office->place];
  size_t dates = rules->date_column >= 0;
  row->problem = "not recorded, or not readable";
  if (index < dates) {
    row->what = rules->columns[rules->date_column].name;
    row->missing = unit->no_day;
    *all = card->all_no_day;
  } else if (index < dates + card->kept_count) {
    size_t place = card->kept[index - dates];
    row->what = rules->columns[times->columns[place]].name;
    row->missing = unit->missing[place];
    *all = card->all_missing[place];
  } else {
    size_t measure = index - dates - card->kept_count;
    row->what = rules->measures[measure].name;
    row->problem = "cannot be answered from the record";
    row->missing = unit->unknown[measure];
    *all = card->all_unknown[measure];
  }
}

static const void *keeping_row(void *context, size_t index) {
  struct keeping_rows *rows = context;
  const struct eh_scorecard *card = rows->card;
  struct keeping_row *row = &rows->row;
  uint64_t all, records = card->times->units[card->office->place].records;
  *row = (struct keeping_row){.records = records};
  find_counts(card, index, row, &all);
  row->share = share(row->missing, records);
  row->other_share = share(all - row->missing, card->all_records - records);
  row->difference = difference(row->share, row->other_share);
  return row;
}

void eh_scorecard_write_keeping(struct eh_scorecard *card) {
  struct keeping_rows rows = {.card = card};
  eh_listing_write(&card->keeping, keeping_row, &rows);
}
