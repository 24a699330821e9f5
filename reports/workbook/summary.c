/* The summary: one printed page that answers what was asked, how much it matters who decides, where
 * to look first, what the data cannot show, and what to do next. */
#include "engine/audit/progress/goals.h"
#include "engine/audit/progress/policy.h"
#include "engine/audit/workload/workload.h"
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/words/families.h"
#include "reports/words/monitoring.h"
#include "reports/words/on_file.h"
#include "reports/words/repeated.h"
#include "reports/words/safe.h"
#include "reports/words/unreadable.h"
#include "reports/workbook/workbook.h"

/* Twelve columns of equal width carry everything. */
enum {
  COLUMNS = 12,
  LAST = COLUMNS - 1,
  TILE = 3,
  MOST_GROUPS = 8,
  MOST_FINDINGS = 10,
  MOST_REASONS = 5
};
static const double COLUMN_WIDTH = 9.0,
                    PADDING = 0.7 /* around a column's contents; merged columns share it */;

struct page {
  const struct eh_workbook *workbook;
  struct eh_sheet *sheet;
  struct eh_arena *arena;
  uint32_t row; /* the next free one */
};

static double width_of(unsigned first, unsigned last) {
  return (COLUMN_WIDTH + PADDING) * (last - first + 1) - PADDING;
}

static void put_heading(struct page *page, const char *text) {
  eh_sheet_height(page->sheet, page->row++, 8.0);
  eh_sheet_across(page->sheet, page->row, 0, LAST, text, NULL, EH_STYLE_HEADING);
  eh_sheet_height(page->sheet, page->row++, 19.0);
}

static void put_paragraph(struct page *page, const char *text) {
  eh_sheet_paragraph(page->sheet, page->row++, 0, LAST, width_of(0, LAST), text,
                     EH_STYLE_PARAGRAPH);
}

static void put_title(struct page *page) {
  const struct eh_account *account = page->workbook->audit->account;
  char as_of[11], first[11], last[11];
  eh_date_format(page->workbook->context->as_of, as_of);
  const char *period = "";
  if (account->has_dates) {
    eh_date_format(account->first_day, first);
    eh_date_format(account->last_day, last);
    period = eh_arena_printf(page->arena, "Decisions of %s to %s  \xC2\xB7  ", first, last);
  }
  eh_sheet_paragraph(page->sheet, page->row++, 0, LAST, width_of(0, LAST),
                     page->workbook->audit->rules->title, EH_STYLE_TITLE);
  eh_sheet_across(
      page->sheet, page->row++, 0, LAST,
      eh_arena_printf(page->arena, "%s%s  \xC2\xB7  as of %s  \xC2\xB7  evenhand %s", period,
                      eh_words_of(page->arena, account->input_count, "input file", "input files"),
                      as_of, page->workbook->context->version),
      NULL, EH_STYLE_SUBTITLE);
  eh_sheet_height(page->sheet, page->row++, 6.0);
}

struct tile {
  const char *figure, *label, *note;
};

struct totals {
  uint64_t units;
  size_t notable, strong, exceptional;
};

static struct totals add_up(const struct eh_findings *findings) {
  struct totals totals = {0};
  for (size_t i = 0; i < findings->group_count; i++) {
    const struct eh_group *group = &findings->groups[i];
    totals.units += group->units;
    totals.notable += group->notable;
    totals.strong += group->strong;
    totals.exceptional += group->exceptional;
  }
  return totals;
}

/* Policies and periods decide nothing. */
static bool is_time(const struct eh_rules *rules, int column) {
  enum eh_column_kind kind = rules->columns[column].kind;
  return column == rules->policy_column || kind == EH_YEAR || kind == EH_FISCAL_YEAR ||
         kind == EH_QUARTER || kind == EH_MONTH;
}

/* The family whose spread the report begins with: the rules' first comparison of a measure of an
   event, across units that decide, not repeated for each value of a column. Never the widest: that
   would pick chance. NULL: there is none, or nothing can be shown of it. */
static const struct eh_group *shown_spread(const struct eh_findings *findings,
                                           const struct eh_rules *rules) {
  for (size_t i = 0; i < findings->group_count; i++) {
    const struct eh_comparison_result *c = findings->groups[i].first;
    if (!eh_kind_has(c->measure->kind, EH_PART_EVENT) || c->cells->each ||
        is_time(rules, c->comparison->across))
      continue;
    return c->event.spread.low.why_not ? NULL : &findings->groups[i];
  }
  return NULL;
}

static const char *unit_word(const struct eh_workbook *w, const struct eh_group *group) {
  return w->audit->rules->columns[group->first->comparison->across].name;
}

static struct tile spread_tile(const struct page *page, uint64_t units) {
  const struct eh_workbook *w = page->workbook;
  struct eh_arena *arena = page->arena;
  const struct eh_group *group = shown_spread(w->findings, w->audit->rules);
  if (!group)
    return (struct tile){
        eh_words_count(arena, units), units == 1 ? "unit compared" : "units compared",
        eh_arena_printf(
            arena, "in %s",
            eh_words_of(arena, w->audit->comparison_count, "comparison", "comparisons"))};
  const struct eh_spread_part *spread = &group->first->event.spread;
  return (struct tile){
      eh_arena_printf(arena, "%s \xE2\x80\x93 %s", eh_words_percent(arena, spread->low.value),
                      eh_words_percent(arena, spread->high.value)),
      "for the same kinds of case",
      spread->shown.by_hundred
          ? eh_arena_printf(arena, "the 5th and the 95th of every hundred, by %s",
                            unit_word(w, group))
          : eh_arena_printf(arena, "lowest and highest of %zu, by %s; chance allowed for",
                            spread->tau.units, unit_word(w, group))};
}

/* Flagged units that differ only because others are among their peers. */
static size_t because_of_others(const struct eh_findings *findings) {
  size_t count = 0;
  for (size_t i = 0; i < findings->count; i++)
    count += findings->items[i].result->who.who == EH_WHO_PEERS;
  return count;
}

static struct tile findings_tile(const struct page *page, const char *levels) {
  const struct eh_workbook *w = page->workbook;
  const struct eh_audit *audit = w->audit;
  struct eh_arena *arena = page->arena;
  size_t others = because_of_others(w->findings);
  if (audit->facts == audit->findings)
    return (struct tile){eh_words_count(arena, audit->findings),
                         audit->findings == 1 ? "finding" : "findings",
                         *levels ? levels : "none flagged"};
  const char *flagged = eh_words_of(arena, audit->findings, "flagged unit", "flagged units");
  return (struct tile){eh_words_count(arena, audit->facts), audit->facts == 1 ? "fact" : "facts",
                       others ? eh_arena_printf(arena, "%s; %s only because of others", flagged,
                                                eh_words_count(arena, others))
                              : flagged};
}

static void put_tiles(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  struct eh_arena *arena = page->arena;
  struct totals totals = add_up(w->findings);
  uint64_t untested = totals.units - w->audit->tests;
  const char *levels = eh_levels_in_words(arena, totals.exceptional, totals.strong, totals.notable);
  const struct tile tiles[COLUMNS / TILE] = {
      {eh_words_count(arena, w->audit->account->audited), "records audited",
       eh_arena_printf(arena, "of %s read", eh_words_count(arena, w->audit->account->read))},
      {eh_words_count(arena, w->audit->tests), w->audit->tests == 1 ? "test made" : "tests made",
       untested       ? eh_arena_printf(arena, "%s not testable",
                                        eh_words_of(arena, untested, "unit", "units"))
       : totals.units ? "every unit testable"
                      : "no units"},
      findings_tile(page, levels),
      spread_tile(page, totals.units),
  };
  for (unsigned i = 0; i < COLUMNS / TILE; i++) {
    unsigned first = TILE * i, last = first + TILE - 1;
    eh_sheet_across(page->sheet, page->row, first, last, tiles[i].figure, NULL,
                    EH_STYLE_TILE_FIGURE);
    eh_sheet_across(page->sheet, page->row + 1, first, last, tiles[i].label, NULL,
                    EH_STYLE_TILE_LABEL);
    eh_sheet_across(page->sheet, page->row + 2, first, last, tiles[i].note, NULL,
                    EH_STYLE_TILE_NOTE);
  }
  eh_sheet_height(page->sheet, page->row, 38.0);
  eh_sheet_height(page->sheet, page->row + 1, 16.0);
  eh_sheet_height(page->sheet, page->row + 2, 18.0);
  page->row += 3;
}

static const char *column_names(const struct page *page, const int *columns, size_t count) {
  const char **names = eh_arena_alloc(page->arena, count, sizeof *names);
  for (size_t i = 0; i < count; i++)
    names[i] = page->workbook->audit->rules->columns[columns[i]].name;
  return eh_words_list(page->arena, names, count, "and");
}

/* Do all measures ask for the same factors? */
static bool same_factors(const struct eh_rules *rules) {
  const struct eh_measure *first = &rules->measures[0];
  for (size_t i = 1; i < rules->measure_count; i++) {
    const struct eh_measure *m = &rules->measures[i];
    if (m->factor_count != first->factor_count || m->adjust_count != first->adjust_count)
      return false;
    for (size_t k = 0; k < m->factor_count; k++)
      if (m->factors[k] != first->factors[k]) return false;
    for (size_t k = 0; k < m->adjust_count; k++)
      if (m->adjust[k] != first->adjust[k]) return false;
  }
  return true;
}

/* What makes people similarly situated, where it is the same of all measures. */
static const char *say_alike(struct page *page, const struct eh_measure *measure) {
  struct eh_arena *arena = page->arena;
  const char *factors = column_names(page, measure->factors, measure->factor_count);
  const char *adjusted = column_names(page, measure->adjust, measure->adjust_count);
  if (measure->adjust_count)
    return eh_arena_printf(
        arena,
        "%s%s%seers are weighted until %s make%s up the same share of their cases as of the unit's",
        measure->factor_count ? "Similarly situated means alike in " : "", factors,
        measure->factor_count ? "; p" : "P", adjusted, measure->adjust_count == 1 ? "s" : "");
  return measure->factor_count
             ? eh_arena_printf(arena, "Similarly situated means alike in %s", factors)
             : "The rules name no factor in which cases must be alike: a difference may come from "
               "the cases alone";
}

static void put_question(struct page *page) {
  const struct eh_rules *rules = page->workbook->audit->rules;
  struct eh_arena *arena = page->arena;
  const char **names = eh_arena_alloc(arena, rules->measure_count, sizeof *names);
  for (size_t i = 0; i < rules->measure_count; i++) names[i] = rules->measures[i].name;
  const struct eh_measure *first = &rules->measures[0];
  const char *alike =
      !same_factors(rules)
          ? "Similarly situated means alike in the factors that the rules name for each measure "
            "(see Method)"
          : say_alike(page, first);
  put_heading(page, "What was asked");
  put_paragraph(
      page, eh_arena_printf(arena,
                            "Are similarly situated people treated alike, whoever decides? %s: %s. "
                            "%s.",
                            rules->measure_count == 1 ? "Compared" : "Measures compared",
                            eh_words_list(arena, names, rules->measure_count, "and"), alike));
}

/* "It matters who decides", with what may be shown of it. */
static void put_spread(struct page *page, const struct eh_group *group) {
  struct eh_arena *arena = page->arena;
  const struct eh_spread_part *s = &group->first->event.spread;
  const char *who = unit_word(page->workbook, group);
  const char *ends =
      s->shown.by_hundred
          ? eh_arena_printf(arena, "the 5th and the 95th of every hundred by %s", who)
          : eh_arena_printf(arena, "the lowest and the highest of %zu by %s", s->tau.units, who);
  put_paragraph(
      page, eh_arena_printf(arena,
                            "It matters who decides: the same kinds of case have a rate of %s and "
                            "of %s (for example: %s, %s, chance allowed for; spread %.2f, between "
                            "%.2f and %.2f).",
                            eh_words_percent(arena, s->low.value),
                            eh_words_percent(arena, s->high.value), group->first->measure->name,
                            ends, s->tau.tau.value, s->tau.low.value, s->tau.high.value));
}

/* Why nothing was tested. */
static const char *untested_answer(const struct eh_workbook *w) {
  if (w->audit->account->audited == 0)
    return "No record was audited: nothing can be concluded. Below stands why each was left out.";
  for (size_t i = 0; i < w->audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &w->audit->comparisons[i];
    for (size_t k = 0; k < c->result_count; k++)
      if (c->results[k].recorded && c->results[k].comparable >= c->measure->flag.smallest_caseload)
        return "No unit could be tested: nothing can be concluded from these records. Why stands "
               "beside each unit on the comparisons' sheets.";
  }
  return "No unit has enough comparable records to be tested: nothing can be concluded from these "
         "records.";
}

/* The whole answer in two or three sentences. */
static void put_answer(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  struct eh_arena *arena = page->arena;
  size_t others = because_of_others(w->findings);
  const struct eh_group *spread = shown_spread(w->findings, w->audit->rules);
  put_heading(page, "The answer");
  if (w->audit->tests == 0) {
    put_paragraph(page, untested_answer(w));
  } else if (w->findings->count == 0) {
    put_paragraph(
        page, eh_arena_printf(arena,
                              "Of %s, none differs from its peers by enough to be flagged. "
                              "That is no proof of equal treatment: the last column below says "
                              "how large a difference would have been found.",
                              eh_words_of(arena, w->audit->tests, "unit tested", "units tested")));
  } else {
    put_paragraph(
        page,
        eh_arena_printf(
            arena,
            "Not everywhere. In %s of %s a unit differs from its peers, in the same kinds of "
            "case, by more than chance explains and by enough to matter%s; %s.",
            eh_words_count(arena, w->findings->count - others),
            eh_words_of(arena, w->audit->tests, "test", "tests"),
            others ? eh_arena_printf(arena,
                                     "; %s more %s flagged only because such units are among "
                                     "their peers",
                                     eh_words_count(arena, others), others == 1 ? "is" : "are")
                   : "",
            eh_families_line(arena, w->audit)));
  }
  if (spread) put_spread(page, spread);
}

/* The table of families: where its columns stand. */
enum {
  FAMILY_LAST = 5,
  FOUND_AT = 6,
  LOW_AT = 7,
  HIGH_AT = 8,
  BEYOND_AT = 9,
  BEYOND_LAST = 10,
  DETECTABLE_AT = 11,
  MOST_NAMED = 3
};

static void put_share(struct page *page, unsigned column, const struct eh_group *group,
                      const struct eh_figure *figure) {
  if (group->count > 1) { /* one for each value: the comparisons' sheet has them */
    eh_sheet_text(page->sheet, page->row, column, "varies", EH_STYLE_NONE);
  } else if (figure->why_not) {
    eh_sheet_text(page->sheet, page->row, column, "\xE2\x80\x93", EH_STYLE_NONE);
  } else {
    eh_sheet_number(page->sheet, page->row, column, figure->value, EH_STYLE_PERCENT);
  }
}

/* One side: "+21", or "none". */
static const char *one_side(struct eh_arena *arena, const struct eh_figure *reach, bool above) {
  if (reach->why_not) return "none";
  return eh_arena_printf(arena, "%s%.0f", above ? "+" : "\xE2\x88\x92", 100.0 * reach->value);
}

/* The smallest true difference above, and below, its peers that is flagged four times out of five.
 */
static void put_detectable(struct page *page, const struct eh_group *group) {
  const struct eh_power_reach *power = &group->first->event.power_80;
  const char *text = "varies";
  if (group->count == 1)
    text = power->smallest.why_not ? "\xE2\x80\x93"
                                   : eh_arena_printf(page->arena, "%s / %s",
                                                     one_side(page->arena, &power->higher, true),
                                                     one_side(page->arena, &power->lower, false));
  eh_sheet_text(page->sheet, page->row, DETECTABLE_AT, text, EH_STYLE_NONE);
}

static const char *exceptional_units(const struct page *page, size_t group) {
  const struct eh_findings *findings = page->workbook->findings;
  const char *names[MOST_NAMED + 1];
  size_t count = 0, all = findings->groups[group].exceptional;
  for (size_t i = 0; i < findings->count && count < MOST_NAMED; i++) {
    const struct eh_finding *f = &findings->items[i];
    if (f->group == group && f->result->level == EH_EXCEPTIONAL) names[count++] = f->result->unit;
  }
  if (all == 0) return "none";
  if (all > count)
    names[count++] =
        eh_arena_printf(page->arena, "%s more", eh_words_count(page->arena, all - MOST_NAMED));
  return eh_words_list(page->arena, names, count, "and");
}

static void put_family(struct page *page, size_t index) {
  const struct eh_workbook *w = page->workbook;
  const struct eh_group *group = &w->findings->groups[index];
  const char *beyond = exceptional_units(page, index);
  eh_sheet_across(page->sheet, page->row, 0, FAMILY_LAST, group->title,
                  eh_listing_target(&w->groups[index].table, 0), EH_STYLE_TABLE_LINK);
  eh_sheet_text(
      page->sheet, page->row, FOUND_AT,
      eh_arena_printf(page->arena, "%s of %s", eh_words_count(page->arena, group->flagged),
                      eh_words_count(page->arena, group->testable)),
      EH_STYLE_NONE);
  put_share(page, LOW_AT, group, &group->first->event.spread.low);
  put_share(page, HIGH_AT, group, &group->first->event.spread.high);
  eh_sheet_across(page->sheet, page->row, BEYOND_AT, BEYOND_LAST, beyond, NULL, EH_STYLE_WRAPPED);
  put_detectable(page, group);
  double height = eh_text_height(group->title, width_of(0, FAMILY_LAST), EH_STYLE_TABLE_LINK);
  double other = eh_text_height(beyond, width_of(BEYOND_AT, BEYOND_LAST), EH_STYLE_WRAPPED);
  eh_sheet_height(page->sheet, page->row++, height > other ? height : other);
}

static void put_families(struct page *page) {
  static const struct {
    unsigned first, last;
    const char *text;
    enum eh_style style;
  } headings[] = {
      {0, FAMILY_LAST, "Comparison", EH_STYLE_COLUMN_HEADING},
      {FOUND_AT, FOUND_AT, "Findings of tests", EH_STYLE_NUMBER_HEADING},
      {LOW_AT, LOW_AT, "Same case, low unit", EH_STYLE_NUMBER_HEADING},
      {HIGH_AT, HIGH_AT, "Same case, high unit", EH_STYLE_NUMBER_HEADING},
      {BEYOND_AT, BEYOND_LAST, "Stand out even from that", EH_STYLE_COLUMN_HEADING},
      {DETECTABLE_AT, DETECTABLE_AT, "Would have been found, points", EH_STYLE_NUMBER_HEADING},
  };
  const struct eh_workbook *w = page->workbook;
  const struct eh_findings *findings = w->findings;
  put_heading(page, "How much it matters who decides");
  for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
    eh_sheet_across(page->sheet, page->row, headings[i].first, headings[i].last, headings[i].text,
                    NULL, headings[i].style);
  eh_sheet_height(page->sheet, page->row++, 52.0);
  size_t shown = findings->group_count > MOST_GROUPS ? MOST_GROUPS : findings->group_count;
  for (size_t i = 0; i < shown; i++) put_family(page, i);
  if (shown < findings->group_count) {
    const char *more = eh_words_of(page->arena, findings->group_count - shown, "more comparison",
                                   "more comparisons");
    eh_sheet_across(page->sheet, page->row++, 0, LAST, eh_arena_printf(page->arena, "and %s", more),
                    eh_listing_target(&w->comparisons_table, 0), EH_STYLE_PLAIN_LINK);
  }
  put_paragraph(page,
                "Low and high unit: what the 5th and the 95th of every hundred units would do with "
                "a case of the overall rate. Would have been found: the smallest true difference "
                "for which a unit of middling caseload is flagged four times out of five.");
  if (w->charts)
    eh_sheet_across(page->sheet, page->row++, 0, LAST, "See the charts",
                    eh_sheet_target(w->charts, 0, 0), EH_STYLE_PLAIN_LINK);
}

static const char *headline(struct eh_arena *arena, const struct eh_finding *finding) {
  const struct eh_result *r = finding->result;
  return r->statement
             ? r->statement
             : eh_arena_printf(arena, "%s differs from its peers.", eh_words_name(arena, r->unit));
}

static void put_finding(struct page *page, const struct eh_finding *finding) {
  enum { LEVEL_AT = 1, TEXT_AT = 3 };
  const struct eh_workbook *w = page->workbook;
  const char *text = headline(page->arena, finding);
  eh_sheet_link(page->sheet, page->row, 0, eh_arena_printf(page->arena, "F%zu", finding->number),
                eh_listing_target(&w->findings_table, finding->number - 1), EH_STYLE_LINK);
  eh_sheet_across(page->sheet, page->row, LEVEL_AT, TEXT_AT - 1,
                  eh_level_name(finding->result->level), NULL, EH_STYLE_TEXT);
  eh_sheet_across(page->sheet, page->row, TEXT_AT, LAST, text, NULL, EH_STYLE_WRAPPED);
  eh_sheet_height(page->sheet, page->row++,
                  eh_text_height(text, width_of(TEXT_AT, LAST), EH_STYLE_WRAPPED));
}

static void put_findings(struct page *page) {
  const struct eh_findings *findings = page->workbook->findings;
  if (findings->count == 0) return;
  size_t own = findings->count - because_of_others(findings);
  size_t shown = own > MOST_FINDINGS ? MOST_FINDINGS : own;
  const char *which = shown < findings->count
                          ? eh_arena_printf(page->arena, "The %zu findings to look at first", shown)
                          : "The findings";
  put_heading(page, which);
  uint32_t first = page->row;
  for (size_t i = 0; i < shown; i++) put_finding(page, &findings->items[i]);
  struct eh_area levels = {first, page->row - 1, 1, 2};
  eh_sheet_level_colours(page->sheet, &levels);
  if (shown < findings->count) {
    eh_sheet_across(
        page->sheet, page->row++, 0, LAST,
        eh_arena_printf(page->arena, "All %s",
                        eh_words_of(page->arena, findings->count, "finding", "findings")),
        eh_listing_target(&page->workbook->findings_table, 0), EH_STYLE_PLAIN_LINK);
  }
}

/* "released: the records are usable with caveats: ..." or, where several measures have the verdict,
 * their names alone. */
static const char *verdict_line(struct page *page, enum eh_grade grade, size_t *first) {
  const struct eh_reliability *r = page->workbook->audit->reliability;
  const char **names = eh_arena_alloc(page->arena, r->verdict_count, sizeof *names);
  size_t count = 0;
  for (size_t i = r->verdict_count; i-- > 0;)
    if (r->verdicts[i].grade == grade) *first = i;
  for (size_t i = 0; i < r->verdict_count; i++)
    if (r->verdicts[i].grade == grade) names[count++] = r->verdicts[i].measure;
  if (count < 2) return count ? r->verdicts[*first].text : NULL;
  return eh_arena_printf(page->arena, "%s: the records are %s.",
                         eh_words_list(page->arena, names, count, "and"), eh_grade_name(grade));
}

/* A line for each verdict that occurs, the worst first, and a link to the reasons. */
static void put_verdicts(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  size_t worst = 0;
  if (!w->audit->reliability) {
    put_paragraph(page,
                  "Whether the records can be relied on was not assessed: there is no verdict, and "
                  "no Reliability sheet.");
    return;
  }
  for (int grade = EH_SUFFICIENT; grade <= EH_NOT_SUFFICIENT; grade++)
    (void)verdict_line(page, (enum eh_grade)grade, &worst);
  for (int grade = EH_NOT_SUFFICIENT; grade >= EH_SUFFICIENT; grade--) {
    size_t first;
    const char *line = verdict_line(page, (enum eh_grade)grade, &first);
    if (line) put_paragraph(page, line);
  }
  eh_sheet_across(page->sheet, page->row++, 0, LAST, "See by which criteria (Reliability)",
                  eh_listing_target(&w->reliability.verdicts, worst * EH_CRITERION_COUNT),
                  EH_STYLE_PLAIN_LINK);
}

/* Who has changed against its peers, and a link to the sheet. */
static void put_monitoring(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  if (!w->audit->monitoring) return;
  put_heading(page, "Over time");
  put_paragraph(page, eh_monitoring_line(page->arena, w->audit->monitoring));
  eh_sheet_across(page->sheet, page->row++, 0, LAST, "See each unit (Monitoring)",
                  eh_listing_target(&w->monitoring.table, 0), EH_STYLE_PLAIN_LINK);
}

/* What became of each record read, and whether they can be relied on. */
static void put_records(struct page *page) {
  const struct eh_account *account = page->workbook->audit->account;
  struct eh_arena *arena = page->arena;
  put_heading(page, "The records");
  const char *parts[MOST_REASONS + 1];
  size_t count = 0;
  uint64_t rest = 0;
  for (size_t i = 0; i < account->exclusion_count; i++) {
    if (i >= MOST_REASONS) {
      rest += account->excluded[i].records;
      continue;
    }
    parts[count++] = eh_arena_printf(arena, "%s (%s)", account->excluded[i].reason,
                                     eh_words_count(arena, account->excluded[i].records));
  }
  if (rest)
    parts[count++] = eh_arena_printf(arena, "other reasons (%s)", eh_words_count(arena, rest));
  uint64_t left_out = account->read - account->audited;
  const char *why =
      count ? eh_arena_printf(arena, ": %s", eh_words_join(arena, parts, count, "; ")) : "";
  put_paragraph(page, eh_arena_printf(arena, "%s read = %s audited + %s left out%s.",
                                      eh_words_count(arena, account->read),
                                      eh_words_count(arena, account->audited),
                                      eh_words_count(arena, left_out), why));
  const char *repeated = eh_repeated_line(arena, page->workbook->audit->rules, account);
  if (repeated) put_paragraph(page, repeated);
  const char *unreadable = eh_unreadable_line(arena, account);
  if (unreadable) put_paragraph(page, unreadable);
  put_verdicts(page);
}

/* Each goal in a sentence. */
static void put_goals(struct page *page) {
  const struct eh_goals *goals = page->workbook->audit->goals;
  enum { MOST = 8 };
  if (!goals) return;
  put_heading(page, "Goals");
  for (size_t i = 0; i < goals->count && i < MOST; i++)
    put_paragraph(page, goals->items[i].statement);
  if (goals->count > MOST) put_paragraph(page, "The others stand on the sheet Progress.");
}

/* Before against after, all units together. */
static void put_policy_changes(struct page *page) {
  const struct eh_policy_changes *changes = page->workbook->audit->policy_changes;
  enum { MOST = 6 };
  if (!changes) return;
  put_heading(page, "What policies did");
  for (size_t i = 0; i < changes->count && i < MOST; i++)
    put_paragraph(page, changes->items[i].statement);
  if (changes->count > MOST) put_paragraph(page, "The others stand on the sheet Policy results.");
}

/* What is on file of the findings, what waits first. */
static void put_on_file(struct page *page) {
  const struct eh_on_file *on_file = page->workbook->context->on_file;
  enum { MOST = 10 };
  if (!on_file) return;
  put_heading(page, "On file");
  put_paragraph(page, eh_on_file_line(page->arena, on_file));
  for (size_t i = 0; i < on_file->count && i < MOST; i++) {
    const char *line = eh_on_file_attention(page->arena, &on_file->items[i]);
    if (line) put_paragraph(page, line);
  }
  for (size_t i = 0; i < on_file->ledger->note_count; i++)
    put_paragraph(page, on_file->ledger->notes[i]);
}

/* What deciding as others do would come to. */
static void put_workloads(struct page *page) {
  const struct eh_workloads *workloads = page->workbook->audit->workloads;
  enum { MOST = 5 };
  if (!workloads) return;
  put_heading(page, "Workload");
  for (size_t i = 0; i < workloads->count && i < MOST; i++)
    put_paragraph(page, workloads->items[i].statement);
  if (workloads->count > MOST) put_paragraph(page, "The others stand on the sheet Workload.");
}

static void put_limits(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  put_heading(page, "What these data cannot show");
  put_paragraph(page,
                "A difference is a reason to look at files, not proof of unequal treatment: what "
                "was not recorded may explain "
                "it. Gamma and the E-value, beside each finding, say how strong an unrecorded fact "
                "would have to be.");
  put_paragraph(page,
                "Units that are not testable have too few comparable records for a conclusion, or "
                "too few with the event or without. They are not thereby consistent.");
  for (size_t i = 0; i < w->audit->notes.count; i++) put_paragraph(page, w->audit->notes.items[i]);
}

static void put_next_steps(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  put_heading(page, "Next steps");
  if (w->findings->count == 0) {
    put_paragraph(
        page,
        "1. On the comparisons' sheets, see how large a difference could have been detected.");
    put_paragraph(page,
                  "2. On the Method sheet, check the rules and the records left out; sign as "
                  "preparer and reviewer.");
    return;
  }
  bool has_files = w->context->drilldown && w->context->drilldown->has_records;
  bool all_weighted = true;
  for (size_t i = 0; i < w->findings->count; i++)
    all_weighted = all_weighted && w->findings->items[i].result->balance.applies;
  put_paragraph(page, all_weighted
                          ? "1. For each finding, see on the Weights sheet what its peers' records "
                            "count in each kind of case."
                      : w->context->drilldown
                          ? "1. For each finding, see on the Situations sheet which kinds of case "
                            "it is about."
                          : "1. For each finding, see on the Cells sheet which kinds of case it is "
                            "about.");
  put_paragraph(page, has_files
                          ? "2. Pull the files that the File sample sheet lists, and enter what "
                            "they show; compare the pairs on the Similar cases sheet."
                          : "2. Pull files of those kinds from the unit and from its peers.");
  put_paragraph(page, "3. Ask the office; note its response beside the finding.");
  put_paragraph(page,
                "4. On the Method sheet, check the rules and the records left out; sign as "
                "preparer and reviewer.");
}

void eh_workbook_plan_summary(struct eh_workbook *w) {
  w->summary = eh_book_add_sheet(w->book, "Summary");
  w->back = eh_sheet_target(w->summary, 0, 0);
}

void eh_workbook_write_summary(const struct eh_workbook *w) {
  struct page page = {w, w->summary, w->arena, 0};
  eh_sheet_width(page.sheet, 0, LAST, COLUMN_WIDTH);
  put_title(&page);
  put_tiles(&page);
  put_question(&page);
  put_answer(&page);
  put_families(&page);
  put_findings(&page);
  put_on_file(&page);
  put_monitoring(&page);
  put_records(&page);
  put_policy_changes(&page);
  put_goals(&page);
  put_workloads(&page);
  put_limits(&page);
  put_next_steps(&page);
  eh_sheet_page(page.sheet, false, 1);
  eh_sheet_print_area(page.sheet, page.row, LAST);
}
