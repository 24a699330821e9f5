/* What the comparisons say of an office's own units, and the findings that concern it. */
#include "engine/base/words.h"
#include "reports/scorecards/scorecard.h"

struct result_row {
  struct eh_result result;
  const char *comparison, *verdict, *direction, *caveats, *level, *response, *not_flagged_because;
};

#define AT(member) offsetof(struct result_row, member)
#define TEXT(member) .style = EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(member)
#define WRAPPED(member) .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)
#define DIFFERENCE                                                                              \
  {"Difference",       NULL, 13, EH_STYLE_DIFFERENCE, FIGURE(result.share.difference.estimate), \
   .emphasis = EH_BARS},                                                                        \
      {"Low", NULL, 9, EH_STYLE_DIFFERENCE, FIGURE(result.share.difference.low)},               \
      {"High", NULL, 9, EH_STYLE_DIFFERENCE, FIGURE(result.share.difference.high)}, {           \
    "q", NULL, 9, EH_STYLE_P, FIGURE(result.q)                                                  \
  }

static const struct eh_listing_column inside_columns[] = {
    {"Comparison", NULL, 40, WRAPPED(comparison)},
    {"Unit", NULL, 10, TEXT(result.unit), .widest = 40},
    {"Level", NULL, 12, TEXT(level), .emphasis = EH_LEVEL_COLOURS},
    {"Records", NULL, 10, COUNT(result.records)},
    {"Comparable records", NULL, 12, COUNT(result.comparable)},
    {"Rate", NULL, 8, EH_STYLE_PERCENT, FIGURE(result.share.rate)},
    {"Expected rate", NULL, 10, EH_STYLE_PERCENT, FIGURE(result.share.expected_rate)},
    DIFFERENCE,
    {"Not flagged because", NULL, 46, WRAPPED(not_flagged_because)},
};

static const struct eh_listing_column finding_columns[] = {
    {"Unit", NULL, 10, TEXT(result.unit), .widest = 40},
    {"Level", NULL, 12, TEXT(level), .emphasis = EH_LEVEL_COLOURS},
    {"Statement", NULL, 56, WRAPPED(result.statement)},
    {"Comparable records", NULL, 12, COUNT(result.comparable)},
    DIFFERENCE,
    {"Caveats", NULL, 44, WRAPPED(caveats)},
    {"Response of the office", NULL, 34, .style = EH_STYLE_INPUT, .kind = EH_VALUE_TEXT,
     .at = AT(response)},
};

static struct result_row row_of(const struct eh_scorecard *card,
                                const struct eh_office_result *item) {
  const struct eh_result *r = item->result;
  return (struct result_row){
      .result = *r,
      .comparison = eh_scorecard_title(card->arena, item),
      .level = eh_level_name(r->level),
      .caveats = eh_words_lines(card->arena, r->caveats.items, r->caveats.count),
      .not_flagged_because = eh_words_join(card->arena, r->not_flagged_because.items,
                                           r->not_flagged_because.count, "; "),
      .response = "",
  };
}

struct rows {
  struct eh_scorecard *card;
  const struct eh_office_result **flagged; /* the office's own first */
  struct result_row row;
};

/* --- the units inside the office --- */

void eh_scorecard_plan_inside(struct eh_scorecard *card) {
  card->inside = (struct eh_listing){
      .title = eh_arena_printf(card->arena, "%s: inside the office",
                               eh_words_name(card->arena, card->office->name)),
      .subtitle =
          "Each unit against all others of the office, on like cases. \"Not testable\" is "
          "never \"consistent\".",
      .identifier = "Inside",
      .columns = inside_columns,
      .column_count = sizeof inside_columns / sizeof inside_columns[0],
      .frozen = 2,
      .count = card->office->inside_count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "The rules compare nothing within an office.",
      .back = card->back,
  };
  eh_listing_plan(card->book, &card->inside, "Inside");
}

static const void *inside_row(void *context, size_t index) {
  struct rows *rows = context;
  rows->row = row_of(rows->card, &rows->card->office->inside[index]);
  return &rows->row;
}

void eh_scorecard_write_inside(struct eh_scorecard *card) {
  struct rows rows = {.card = card};
  eh_listing_write(&card->inside, inside_row, &rows);
}

/* --- findings --- */

void eh_scorecard_plan_findings(struct eh_scorecard *card) {
  const struct eh_office *office = card->office;
  card->findings = (struct eh_listing){
      .title = eh_arena_printf(card->arena, "%s: findings", eh_words_name(card->arena, office->name)),
      .subtitle = "A difference is a reason to look at files, not proof of unequal treatment.",
      .identifier = "Findings",
      .columns = finding_columns,
      .column_count = sizeof finding_columns / sizeof finding_columns[0],
      .frozen = 1,
      .count = office->own_findings + office->inside_findings,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "none",
      .back = card->back,
  };
  eh_listing_plan(card->book, &card->findings, "Findings");
}

static const void *finding_row(void *context, size_t index) {
  struct rows *rows = context;
  rows->row = row_of(rows->card, rows->flagged[index]);
  return &rows->row;
}

void eh_scorecard_write_findings(struct eh_scorecard *card) {
  const struct eh_office *office = card->office;
  struct rows rows = {.card = card};
  size_t count = 0;
  rows.flagged = eh_arena_alloc(card->arena, card->findings.count, sizeof *rows.flagged);
  for (size_t i = 0; i < office->own_count; i++)
    if (eh_result_differs(office->own[i].result)) rows.flagged[count++] = &office->own[i];
  for (size_t i = 0; i < office->inside_count; i++)
    if (eh_result_differs(office->inside[i].result)) rows.flagged[count++] = &office->inside[i];
  eh_listing_write(&card->findings, finding_row, &rows);
}
