#include "reports/scorecards/scorecard.h"

#include <string.h>

#include "engine/audit/kinds/kinds.h"
#include "engine/audit/monitoring/monitoring.h"
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/workbook/scale.h"
#include "rules/language/question.h"

/* The first sheet: a wide column for names, then figures. */
enum { NAME, RECORDS, RATE, EXPECTED, DIFFERENCE, LOW, HIGH, RANK, VERDICT, COLUMNS };
static const double widths[COLUMNS] = {44, 11, 9, 10, 13, 9, 9, 12, 22};

struct page {
  struct eh_scorecard *card;
  struct eh_sheet *sheet;
  struct eh_arena *arena;
  uint32_t row;
};

static double whole_width(void) {
  double sum = 0;
  for (int i = 0; i < COLUMNS; i++) sum += widths[i];
  return sum;
}

static void put_heading(struct page *page, const char *text) {
  eh_sheet_height(page->sheet, page->row++, 8.0);
  eh_sheet_across(page->sheet, page->row, 0, COLUMNS - 1, text, NULL, EH_STYLE_HEADING);
  eh_sheet_height(page->sheet, page->row++, 19.0);
}

static void put_paragraph(struct page *page, const char *text) {
  eh_sheet_paragraph(page->sheet, page->row++, 0, COLUMNS - 1, whole_width(), text,
                     EH_STYLE_PARAGRAPH);
}

static void put_title(struct page *page) {
  const struct eh_scorecard *card = page->card;
  const struct eh_account *account = card->audit->account;
  char as_of[11], first[11], last[11];
  const char *period = "";
  eh_date_format(card->context->as_of, as_of);
  if (account->has_dates) {
    eh_date_format(account->first_day, first);
    eh_date_format(account->last_day, last);
    period = eh_arena_printf(page->arena, "Decisions of %s to %s  \xC2\xB7  ", first, last);
  }
  eh_sheet_paragraph(page->sheet, page->row++, 0, COLUMNS - 1, whole_width(),
                     eh_words_name(page->arena, card->office->name), EH_STYLE_TITLE);
  eh_sheet_across(page->sheet, page->row++, 0, COLUMNS - 1, card->audit->rules->title, NULL,
                  EH_STYLE_SUBTITLE);
  eh_sheet_across(page->sheet, page->row++, 0, COLUMNS - 1,
                  eh_arena_printf(page->arena, "%sas of %s  \xC2\xB7  evenhand %s", period, as_of,
                                  card->context->version),
                  NULL, EH_STYLE_SUBTITLE);
  eh_sheet_link(page->sheet, page->row++, 0, "\xE2\x86\x90 All offices", "external:index.xlsx",
                EH_STYLE_PLAIN_LINK);
}

static void put_in_short(struct page *page) {
  const struct eh_scorecard *card = page->card;
  const struct eh_office *office = card->office;
  uint64_t records = card->times->units[office->place].records;
  put_heading(page, "In short");
  put_paragraph(
      page,
      eh_arena_printf(page->arena,
                      "%s of the office audited, of %s in all. %s of the office itself; %s "
                      "inside it.",
                      eh_words_of(page->arena, records, "record", "records"),
                      eh_words_count(page->arena, card->all_records),
                      office->own_findings
                          ? eh_words_of(page->arena, office->own_findings, "finding", "findings")
                          : "No findings",
                      eh_words_of(page->arena, office->inside_findings, "finding", "findings")));
  put_paragraph(page,
                "A difference is a reason to look at files, not proof of unequal treatment: what "
                "was not recorded may explain it. Not flagged does not mean consistent.");
}

/* "3 of 25": by difference, the highest first, among those that have one. Of a category each
   office's is in an outcome of its own: there is no order. */
static const char *rank_of(struct eh_arena *arena, const struct eh_office_result *item) {
  const struct eh_comparison_result *c = item->comparison;
  const struct eh_figure *own = &eh_result_headline(item->result)->estimate;
  size_t above = 0, count = 0;
  if (own->why_not || !eh_kind_of(item->result->kind)->is_ranked) return "";
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_figure *other = &eh_result_headline(&c->results[i])->estimate;
    if (other->why_not || !c->results[i].recorded) continue;
    count++;
    above += other->value > own->value;
  }
  return eh_arena_printf(arena, "%zu of %zu", above + 1, count);
}

static void put_figure(struct page *page, unsigned column, struct eh_figure figure,
                       enum eh_style style) {
  if (figure.why_not)
    eh_sheet_text(page->sheet, page->row, column, "\xE2\x80\x93", EH_STYLE_NONE);
  else
    eh_sheet_number(page->sheet, page->row, column, figure.value, style);
}

/* With what the row's figures are of, where that is not the measure's event. */
static const char *title_of(struct eh_arena *arena, const struct eh_office_result *item) {
  const char *title = eh_scorecard_title(arena, item);
  struct eh_scale scale = eh_scale_of(item->comparison->measure);
  if (!eh_kind_has(item->result->kind, EH_PART_VALUE)) return title;
  return eh_arena_printf(arena, "%s (means%s%s)", title, scale.in, scale.axis_unit);
}

static void put_measure(struct page *page, const struct eh_office_result *item) {
  const struct eh_result *r = item->result;
  const char *title = title_of(page->arena, item);
  eh_sheet_text(page->sheet, page->row, NAME, title, EH_STYLE_WRAPPED);
  eh_sheet_height(page->sheet, page->row, eh_text_height(title, widths[NAME], EH_STYLE_WRAPPED));
  eh_sheet_number(page->sheet, page->row, RECORDS, (double)r->comparable, EH_STYLE_COUNT);
  struct eh_scale scale = eh_scale_of(item->comparison->measure);
  put_figure(page, RATE, *eh_result_own(r), scale.plain);
  put_figure(page, EXPECTED, *eh_result_expected(r), scale.plain);
  put_figure(page, DIFFERENCE, eh_result_headline(r)->estimate, scale.difference);
  put_figure(page, LOW, eh_result_headline(r)->low, scale.difference);
  put_figure(page, HIGH, eh_result_headline(r)->high, scale.difference);
  eh_sheet_text(page->sheet, page->row, RANK, rank_of(page->arena, item), EH_STYLE_TEXT);
  eh_sheet_text(page->sheet, page->row, VERDICT, eh_scorecard_verdict(page->arena, r),
                EH_STYLE_TEXT);
  page->row++;
}

static void put_measures(struct page *page) {
  static const struct eh_heading headings[COLUMNS] = {
      {"Comparison", false},  {"Comparable records", true},
      {"Rate or mean", true}, {"Peers' rate or mean", true},
      {"Difference", true},   {"Low", true},
      {"High", true},         {"Rank, highest first", false},
      {"Verdict", false}};
  const struct eh_office *office = page->card->office;
  put_heading(page, "The office against its peers, on like cases");
  if (office->own_count == 0) {
    put_paragraph(page, "The rules do not compare offices with each other.");
    return;
  }
  uint32_t first = page->row++;
  for (size_t i = 0; i < office->own_count; i++) put_measure(page, &office->own[i]);
  struct eh_area area = {first, page->row - 1, 0, COLUMNS - 1};
  eh_sheet_table(page->sheet, "Measures", &area, headings);
  eh_sheet_height(page->sheet, first, 44.0);
  bool has_values = false; /* whose differences are in units of their own */
  for (size_t i = 0; i < office->own_count; i++)
    has_values |= eh_is_amount(office->own[i].comparison->measure);
  struct eh_area bars = {first + 1, page->row - 1, DIFFERENCE, DIFFERENCE};
  if (!has_values) eh_sheet_bars(page->sheet, &bars);
}

static void put_findings(struct page *page) {
  enum { MOST_STATEMENTS = 12 };
  const struct eh_office *office = page->card->office;
  size_t shown = 0, all = office->own_findings + office->inside_findings;
  put_heading(page, "Findings");
  if (all == 0) put_paragraph(page, "None.");
  const struct eh_office_result *lists[2] = {office->own, office->inside};
  size_t counts[2] = {office->own_count, office->inside_count};
  for (int l = 0; l < 2; l++) {
    for (size_t i = 0; i < counts[l]; i++) {
      const struct eh_result *r = lists[l][i].result;
      if (!eh_result_differs(r) || shown++ >= MOST_STATEMENTS) continue;
      put_paragraph(page,
                    eh_arena_printf(page->arena, "%s: %s", eh_level_name(r->level), r->statement));
    }
  }
  if (all)
    eh_sheet_link(page->sheet, page->row++, 0,
                  eh_arena_printf(page->arena, "%s, with caveats and room for an answer",
                                  eh_words_of(page->arena, all, "finding", "findings")),
                  eh_listing_target(&page->card->findings, 0), EH_STYLE_PLAIN_LINK);
}

/* Has the office changed against the others? */
static void put_standing(struct page *page) {
  const struct eh_scorecard *card = page->card;
  const struct eh_monitoring *all = card->audit->monitoring;
  bool is_headed = false;
  for (size_t i = 0; all && i < all->count; i++) {
    const struct eh_monitored *m = &all->items[i];
    size_t comparison = m->watched->comparison;
    if (card->audit->rules->comparisons[comparison].across != card->times->column) continue;
    for (size_t u = 0; u < m->unit_count; u++) {
      if (strcmp(m->units[u].unit, card->office->name) != 0 || !m->units[u].statement) continue;
      if (!is_headed) put_heading(page, "The office's standing over time");
      is_headed = true;
      put_paragraph(page, eh_arena_printf(page->arena, "%s: %s", m->title, m->units[u].statement));
    }
  }
}

static void put_links(struct page *page) {
  struct eh_scorecard *card = page->card;
  const struct {
    const char *text;
    const struct eh_listing *table;
  } links[] = {{"Inside the office: each of its units against the others", &card->inside},
               {"Trend: each measure by quarter", &card->trend},
               {"Record-keeping: what is not recorded", &card->keeping}};
  put_heading(page, "More");
  eh_sheet_link(page->sheet, page->row++, 0,
                "Charts: where the office stands, and each measure by quarter",
                eh_sheet_target(card->charts, 0, 0), EH_STYLE_PLAIN_LINK);
  for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
    eh_sheet_link(page->sheet, page->row++, 0, links[i].text, eh_listing_target(links[i].table, 0),
                  EH_STYLE_PLAIN_LINK);
}

void eh_scorecard_write_summary(struct eh_scorecard *card) {
  struct page page = {card, card->summary, card->arena, 0};
  for (unsigned i = 0; i < COLUMNS; i++) eh_sheet_width(page.sheet, i, i, widths[i]);
  put_title(&page);
  put_in_short(&page);
  put_measures(&page);
  put_findings(&page);
  put_standing(&page);
  put_links(&page);
  eh_sheet_page(page.sheet, true, 0);
  eh_sheet_print_area(page.sheet, page.row, COLUMNS - 1);
}

void eh_scorecard_fill(struct eh_scorecard *card) {
  card->summary = eh_book_add_sheet(card->book, "Summary");
  card->back = eh_sheet_target(card->summary, 0, 0);
  card->charts = eh_book_add_sheet(card->book, "Charts");
  eh_scorecard_plan_findings(card);
  eh_scorecard_plan_inside(card);
  eh_scorecard_plan_trend(card);
  eh_scorecard_plan_keeping(card);
  card->chart_data = eh_book_add_sheet(card->book, "Chart data");
  eh_scorecard_write_summary(card);
  eh_scorecard_write_charts(card);
  eh_scorecard_write_findings(card);
  eh_scorecard_write_inside(card);
  eh_scorecard_write_trend(card);
  eh_scorecard_write_keeping(card);
}
