/* The summary: one printed page that answers what was asked, how much it matters who decides, where
 * to look first, what the data cannot show, and what to do next. */
#include "engine/base/date.h"
#include "reports/safe.h"
#include "reports/words.h"
#include "reports/workbook.h"

/* Twelve columns of equal width carry everything. */
enum {
  COLUMNS = 12,
  LAST = COLUMNS - 1,
  TILE = 3,
  MOST_GROUPS = 6,
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
  uint64_t figure;
  const char *label, *note;
};

static void put_tiles(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  struct eh_arena *arena = page->arena;
  uint64_t units = 0;
  size_t notable = 0, strong = 0, exceptional = 0;
  for (size_t i = 0; i < w->findings->group_count; i++) {
    const struct eh_group *group = &w->findings->groups[i];
    units += group->units;
    notable += group->notable;
    strong += group->strong;
    exceptional += group->exceptional;
  }
  const char *levels = eh_levels_in_words(arena, exceptional, strong, notable);
  const struct tile tiles[COLUMNS / TILE] = {
      {w->audit->account->audited, "records audited",
       eh_arena_printf(arena, "of %s read", eh_words_count(arena, w->audit->account->read))},
      {units, units == 1 ? "unit compared" : "units compared",
       eh_arena_printf(
           arena, "in %s",
           eh_words_of(arena, w->audit->comparison_count, "comparison", "comparisons"))},
      {w->audit->tests, w->audit->tests == 1 ? "test made" : "tests made",
       eh_arena_printf(arena, "%s not testable", eh_words_count(arena, units - w->audit->tests))},
      {w->audit->findings, w->audit->findings == 1 ? "finding" : "findings",
       *levels ? levels : "none flagged"},
  };
  for (unsigned i = 0; i < COLUMNS / TILE; i++) {
    unsigned first = TILE * i, last = first + TILE - 1;
    eh_sheet_across(page->sheet, page->row, first, last, eh_words_count(arena, tiles[i].figure),
                    NULL, EH_STYLE_TILE_FIGURE);
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

/* What was found in a family, in a sentence or two. */
static const char *answer(struct eh_arena *arena, const struct eh_group *group) {
  const char *found;
  if (group->testable == 0) {
    found = eh_arena_printf(arena, "None of %s could be tested.",
                            eh_words_of(arena, group->units, "unit", "units"));
  } else if (group->flagged == 0) {
    found = eh_arena_printf(
        arena, "No unit of the %s tested differs from its peers by enough to be flagged.",
        eh_words_count(arena, group->testable));
  } else {
    found = eh_arena_printf(
        arena, "%s of %s tested %s from %s peers: %s.", eh_words_count(arena, group->flagged),
        eh_words_of(arena, group->testable, "unit", "units"),
        group->flagged == 1 ? "differs" : "differ", group->flagged == 1 ? "its" : "their",
        eh_levels_in_words(arena, group->exceptional, group->strong, group->notable));
  }
  const struct eh_comparison_result *c = group->first;
  if (group->count > 1 || c->typical_low.why_not || c->typical_high.why_not || c->tau.value <= 0.0)
    return found;
  return eh_arena_printf(arena,
                         "%s For one and the same case, the rate would be %s or less in the lowest "
                         "twentieth of units and "
                         "%s or more in the highest.",
                         found, eh_words_percent(arena, c->typical_low.value),
                         eh_words_percent(arena, c->typical_high.value));
}

static void put_answers(struct page *page) {
  const struct eh_findings *findings = page->workbook->findings;
  enum { TEXT_AT = 4 };
  put_heading(page, "What was found");
  size_t shown = findings->group_count > MOST_GROUPS ? MOST_GROUPS : findings->group_count;
  for (size_t i = 0; i < shown; i++) {
    const struct eh_group *group = &findings->groups[i];
    const char *text = answer(page->arena, group);
    double height = eh_text_height(text, width_of(TEXT_AT, LAST), EH_STYLE_PARAGRAPH);
    double title =
        eh_text_height(group->title, width_of(0, TEXT_AT - 1) - 1.0, EH_STYLE_PLAIN_LINK);
    eh_sheet_across(page->sheet, page->row, 0, TEXT_AT - 1, group->title,
                    eh_listing_target(&page->workbook->groups[i].table, 0), EH_STYLE_WRAPPED_LINK);
    eh_sheet_across(page->sheet, page->row, TEXT_AT, LAST, text, NULL, EH_STYLE_PARAGRAPH);
    eh_sheet_height(page->sheet, page->row++, title > height ? title : height);
  }
  if (shown < findings->group_count) {
    const char *more = eh_words_of(page->arena, findings->group_count - shown, "more comparison",
                                   "more comparisons");
    eh_sheet_across(page->sheet, page->row++, 0, LAST, eh_arena_printf(page->arena, "and %s", more),
                    eh_listing_target(&page->workbook->comparisons_table, 0), EH_STYLE_PLAIN_LINK);
  }
}

static const char *headline(struct eh_arena *arena, const struct eh_finding *finding) {
  const struct eh_result *r = finding->result;
  return r->statement ? r->statement
                      : eh_arena_printf(arena, "%s differs from its peers.", r->unit);
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
  size_t shown = findings->count > MOST_FINDINGS ? MOST_FINDINGS : findings->count;
  const char *which = shown < findings->count
                          ? eh_arena_printf(page->arena, "The %zu findings to look at first", shown)
                          : "The findings";
  put_heading(page, which);
  uint32_t first = page->row;
  for (size_t i = 0; i < shown; i++) put_finding(page, findings->by_weight[i]);
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

static void put_exclusions(struct page *page) {
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
}

static void put_limits(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  put_heading(page, "What these data cannot show");
  put_paragraph(page,
                "A difference is a reason to look at files, not proof of unequal treatment: what "
                "was not recorded may explain "
                "it. gamma and the E-value, beside each finding, say how strong an unrecorded fact "
                "would have to be.");
  put_paragraph(page,
                "Units that are not testable have too few comparable records for a conclusion. "
                "They are not thereby "
                "consistent.");
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
  put_paragraph(page,
                "1. For each finding, see on the Cells sheet which kinds of case it is about, and "
                "pull files of those kinds from "
                "the unit and from its peers.");
  put_paragraph(page, "2. Ask the office; note its response beside the finding.");
  put_paragraph(page,
                "3. On the Method sheet, check the rules and the records left out; sign as "
                "preparer and reviewer.");
}

void eh_workbook_write_summary(const struct eh_workbook *w) {
  struct page page = {w, w->summary, w->arena, 0};
  eh_sheet_width(page.sheet, 0, LAST, COLUMN_WIDTH);
  put_title(&page);
  put_tiles(&page);
  put_answers(&page);
  put_findings(&page);
  put_exclusions(&page);
  put_limits(&page);
  put_next_steps(&page);
  eh_sheet_page(page.sheet, false, 1);
  eh_sheet_print_area(page.sheet, page.row, LAST);
}
