/* The overview: one row for each comparison, and each of its `each` values. */
#include "engine/base/words.h"
#include "reports/workbook/scale.h"
#include "reports/workbook/workbook.h"
#include "rules/language/question.h"

struct comparison_row {
  struct eh_comparison_result result;
  struct eh_link title, charts;
  const char *each, *excluded;
  uint64_t units, testable, not_testable, flagged, notable, strong, exceptional, not_counted;
  struct eh_figure events;
  const char *missing_figures, *asks_for;
};

#define AT(member) offsetof(struct comparison_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .kind = EH_VALUE_COUNT, .style = EH_STYLE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)
#define MEMBER(base, member) \
  .kind = EH_VALUE_FIGURE, .at = AT(base.member), .reason_at = AT(base.why_not)

static const struct eh_listing_column columns[] = {
    {"Comparison", "The measure and the units compared; it leads to the comparison's sheet.", 30,
     EH_STYLE_LINK, EH_VALUE_LINK, .at = AT(title), .widest = 60},
    {"For", "The value of the rules' `each` column, where the comparison is repeated for each.", 10,
     EH_STYLE_TEXT, TEXT(each), .widest = 40},
    {"Charts", "They lead to the comparison's page of charts, where it has one.", 9, EH_STYLE_LINK,
     EH_VALUE_LINK, .at = AT(charts)},
    {"Units", "Units with at least one record, \"(not recorded)\" among them.", 9, COUNT(units)},
    {"Testable", "Units with enough comparable records; tests made.", 11, COUNT(testable)},
    {"Not testable", "The others: nothing is claimed of them.", 11, COUNT(not_testable)},
    {"Flagged", "Findings: notable, strong and exceptional together.", 10, COUNT(flagged)},
    {"Notable", "See Level on the Findings sheet.", 10, COUNT(notable)},
    {"Strong", "See Level on the Findings sheet.", 9, COUNT(strong)},
    {"Exceptional", "See Level on the Findings sheet.", 12, COUNT(exceptional)},
    {"Records", "Records in the measure.", 11, COUNT(result.records)},
    {"Comparable records", "Records in strata that have units to compare.", 13,
     COUNT(result.comparable)},
    {"Events", "Among the records.", 11, EH_STYLE_COUNT, FIGURE(events), .only_for = EH_ROW_EVENT},
    {"p that units do not differ",
     "Generalised Cochran-Mantel-Haenszel test of units x 2, or x outcomes.", 16, EH_STYLE_P,
     MEMBER(result.overall, p), .only_for = EH_ROW_SHARE},
    {"Same case, low",
     "The rate of the lowest unit for the same kinds of case, with what chance explains taken "
     "away; "
     "from 20 units on that of the 5th of every hundred.",
     9, EH_STYLE_PERCENT, FIGURE(result.event.spread.low), .only_for = EH_ROW_EVENT},
    {"Same case, high", "That of the highest, or the 95th of every hundred.", 9, EH_STYLE_PERCENT,
     FIGURE(result.event.spread.high), .only_for = EH_ROW_EVENT},
    {"Detectable above",
     "The smallest true difference above its peers that the testable unit of middling caseload "
     "would be flagged for with 80% probability.",
     12, EH_STYLE_POINTS, FIGURE(result.event.power_80.higher), .only_for = EH_ROW_EVENT},
    {"Detectable below", "The same below its peers.", 12, EH_STYLE_POINTS,
     FIGURE(result.event.power_80.lower), .only_for = EH_ROW_EVENT},
    {"Asks for",
     "Of each record: whether an event occurred, which outcome a column names (category), or how "
     "much a column holds (value).",
     26, EH_STYLE_TEXT, TEXT(asks_for), .on_screen = true},
    {"Strata", "Kinds of case: records alike in every factor.", 10, COUNT(result.strata),
     .on_screen = true},
    {"Not counted", "Audited records that this measure leaves out; the reasons are beside it.", 11,
     COUNT(not_counted), .on_screen = true},
    {"Not counted because", "Why, and how many records each.", 60, EH_STYLE_TEXT, TEXT(excluded),
     .on_screen = true},
    {"Statistic", "Of that test.", 11, EH_STYLE_DECIMAL, MEMBER(result.overall, statistic),
     .only_for = EH_ROW_SHARE, .on_screen = true},
    {"df", "Rank of that test's covariance.", 8, EH_STYLE_COUNT, MEMBER(result.overall, df),
     .only_for = EH_ROW_SHARE, .on_screen = true},
    {"tau",
     "Spread of the units' log odds beyond chance: solves mean z^2 = 0.678655 for winsorised "
     "z = (theta - mu) / sqrt((q + tau^2)(1 - w/W)). Where one unit in twenty lies far out on one "
     "side it comes out too large, in simulations by up to 0.06.",
     8, EH_STYLE_RATIO, FIGURE(result.event.spread.tau.tau), .only_for = EH_ROW_EVENT,
     .on_screen = true},
    {"tau low", "Lower limit of that spread.", 8, EH_STYLE_RATIO,
     FIGURE(result.event.spread.tau.low), .only_for = EH_ROW_EVENT, .on_screen = true},
    {"tau high", "Upper limit.", 8, EH_STYLE_RATIO, FIGURE(result.event.spread.tau.high),
     .only_for = EH_ROW_EVENT, .on_screen = true},
    {"Figures without value", "Why some of the figures in this row are dashes.", 40, EH_STYLE_TEXT,
     TEXT(missing_figures), .on_screen = true},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

void eh_workbook_plan_comparisons(struct eh_workbook *w) {
  w->comparisons_table = (struct eh_listing){
      .title = "Comparisons",
      .subtitle =
          "Every comparison that the rules ask for. Units that are not testable are not thereby "
          "consistent.",
      .identifier = "Comparisons",
      .columns = columns,
      .column_count = COLUMNS,
      .frozen = 2,
      .count = w->audit->comparison_count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back,
  };
  eh_listing_plan(w->book, &w->comparisons_table, "Comparisons");
}

struct rows {
  const struct eh_workbook *workbook;
  size_t group; /* of the row asked for last */
  struct comparison_row row;
};

static const char *excluded_text(struct eh_arena *arena, const struct eh_cells *cells) {
  const char **parts = eh_arena_alloc(arena, cells->exclusion_count, sizeof *parts);
  for (size_t i = 0; i < cells->exclusion_count; i++) {
    parts[i] = eh_arena_printf(arena, "%s: %s", cells->excluded[i].reason,
                               eh_words_count(arena, cells->excluded[i].records));
  }
  return eh_words_join(arena, parts, cells->exclusion_count, "; ");
}

/* "event", "category outcome", "value wait, in days" */
static const char *asked_text(const struct eh_workbook *w, const struct eh_measure *measure) {
  const char *key = eh_question_of(measure->kind)->key;
  if (!eh_has_outcome(measure)) return key;
  struct eh_scale scale = eh_scale_of(measure);
  const char *column = w->audit->rules->columns[measure->outcome].name;
  if (!scale.is_amount) return eh_arena_printf(w->arena, "%s %s", key, column);
  return eh_arena_printf(w->arena, "%s %s%s%s", key, column, scale.in, scale.axis_unit);
}

static const void *comparison_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_comparison_result *c = &w->audit->comparisons[index];
  const struct eh_group *group = &w->findings->groups[rows->group];
  if (c >= group->first + group->count) group = &w->findings->groups[++rows->group];
  struct eh_group_sheet *sheet = &w->groups[rows->group];
  size_t first_row = eh_workbook_first_unit(sheet, c);
  if (first_row >= sheet->row_count) first_row = 0;
  const char *chart = eh_workbook_chart_target(w, c);
  rows->row = (struct comparison_row){
      .result = *c,
      .title = {group->title, eh_listing_target(&sheet->table, first_row)},
      .charts = {chart ? "charts" : NULL, chart},
      .each = c->cells->each,
      .excluded = excluded_text(w->arena, c->cells),
      .units = c->result_count,
      .testable = c->testable,
      .not_testable = c->result_count - c->testable,
      .flagged = c->levels.flagged,
      .notable = c->levels.notable,
      .strong = c->levels.strong,
      .exceptional = c->levels.exceptional,
      .asks_for = asked_text(w, c->measure),
      .events = eh_has_outcome(c->measure) ? eh_no_figure("not a measure of an event")
                                           : eh_figure((double)c->event.events),
  };
  for (size_t i = 0; i < c->cells->exclusion_count; i++)
    rows->row.not_counted += c->cells->excluded[i].records;
  rows->row.missing_figures =
      eh_listing_reasons(w->arena, (struct eh_listing_columns){columns, COLUMNS},
                         eh_kind_parts(c->measure->kind), &rows->row);
  return &rows->row;
}

void eh_workbook_write_comparisons(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->comparisons_table, comparison_row, &rows);
}
