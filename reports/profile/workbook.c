/* The workbook of a profile: a summary page, then the sheets of the assessment. */
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/profile/sheets.h"
#include "reports/words/inputs.h"
#include "reports/words/safe.h"
#include "rules/language/question.h"

enum { LAST = 11, MOST_DOUBTS = 12 };
static const double WIDTH = 9.0, PAGE_WIDTH = 12 * 9.7 - 0.7;

struct page {
  struct eh_sheet *sheet;
  struct eh_arena *arena;
  uint32_t row;
};

static void put_heading(struct page *page, const char *text) {
  eh_sheet_height(page->sheet, page->row++, 8.0);
  eh_sheet_across(page->sheet, page->row, 0, LAST, text, NULL, EH_STYLE_HEADING);
  eh_sheet_height(page->sheet, page->row++, 19.0);
}

static void put_paragraph(struct page *page, const char *text) {
  eh_sheet_paragraph(page->sheet, page->row++, 0, LAST, PAGE_WIDTH, text, EH_STYLE_PARAGRAPH);
}

static void put_link(struct page *page, const struct eh_listing *listing, const char *what) {
  if (listing->sheet_count)
    eh_sheet_across(page->sheet, page->row++, 0, LAST, what, eh_listing_target(listing, 0),
                    EH_STYLE_LINK);
}

static void put_contents(struct page *page, const struct eh_profile_sheets *sheets) {
  put_heading(page, "The sheets");
  put_link(page, &sheets->verdicts, "Reliability: each criterion, what was found, and its limits");
  put_link(page, &sheets->doubts, "Doubts: each with its figures, days and lines");
  put_link(page, &sheets->columns, "Columns: what stands in each");
  put_link(page, &sheets->completeness, "Completeness: by office, officer and month");
  put_link(page, &sheets->repeats, "Repeats: records that occur twice, by line");
  put_link(page, &sheets->totals, "Totals: held against control totals");
}

static void put_inputs(struct page *page, const struct eh_reliability *r) {
  const struct eh_account *account = &r->survey->account;
  put_heading(page, "The records");
  for (size_t i = 0; i < account->input_count; i++) {
    const struct eh_input *input = &account->inputs[i];
    put_paragraph(
        page, eh_arena_printf(
                  page->arena, "%s: %s, %s, %s%s", input->name,
                  eh_words_of(page->arena, input->records, "record", "records"), input->encoding,
                  input->sha256[0] ? "SHA-256 " : "SHA-256 not computed", input->sha256));
    const char *line = eh_inputs_line(page->arena, input);
    if (line) put_paragraph(page, line);
  }
  if (account->unusable)
    put_paragraph(
        page, eh_arena_printf(page->arena, "%s no records and left out of everything below.",
                              eh_words_of(page->arena, account->unusable, "line is", "lines are")));
  const struct eh_survey_roles *roles = &r->survey->roles;
  if (r->rules) return;
  const char *text =
      eh_arena_printf(page->arena, "What the columns mean was guessed: case %s; person %s; date %s",
                      roles->case_column >= 0 ? r->columns[roles->case_column].name : "none",
                      roles->person_column >= 0 ? r->columns[roles->person_column].name : "none",
                      roles->date_column >= 0 ? r->columns[roles->date_column].name : "none");
  for (size_t u = 0; u < roles->unit_count; u++)
    text = eh_arena_printf(page->arena, "%s; %s %s", text,
                           roles->is_individual[u] ? "officer" : "office",
                           r->columns[roles->units[u]].name);
  put_paragraph(page, eh_arena_printf(page->arena, "%s. With --rules, the rules decide.", text));
}

static void put_persons(struct page *page, const struct eh_reliability *r) {
  const struct eh_repeats *p = &r->repeats;
  if (!p->has_person) return;
  put_heading(page, "Persons with several records");
  put_paragraph(
      page,
      eh_arena_printf(
          page->arena,
          "%s of %s have several records; %s come after a person's first (%s within a day of "
          "the one before, %s within a month, %s within a year, %s later, %s undated).",
          eh_words_count(page->arena, p->persons_repeated),
          eh_words_of(page->arena, p->persons, "person", "persons"),
          eh_words_of(page->arena, p->records_repeated, "record", "records"),
          eh_words_count(page->arena, p->within_day), eh_words_count(page->arena, p->within_month),
          eh_words_count(page->arena, p->within_year), eh_words_count(page->arena, p->later),
          eh_words_count(page->arena, p->undated)));
  for (size_t m = 0; r->rules && m < r->rules->measure_count; m++) {
    if (eh_has_outcome(&r->rules->measures[m])) continue;
    put_paragraph(
        page, eh_arena_printf(page->arena, "%s: decided as before in %s of these, otherwise in %s.",
                              r->rules->measures[m].name,
                              eh_words_count(page->arena, p->measures[m].alike),
                              eh_words_count(page->arena, p->measures[m].unlike)));
  }
}

static void write_summary(struct page *page, const struct eh_profile_sheets *sheets,
                          const struct eh_report_context *context) {
  const struct eh_reliability *r = sheets->reliability;
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  eh_sheet_width(page->sheet, 0, LAST, WIDTH);
  eh_sheet_paragraph(page->sheet, page->row++, 0, LAST, PAGE_WIDTH,
                     "Can these records be relied on?", EH_STYLE_TITLE);
  eh_sheet_across(page->sheet, page->row++, 0, LAST,
                  eh_arena_printf(page->arena, "%s  \xC2\xB7  as of %s  \xC2\xB7  evenhand %s",
                                  eh_words_of(page->arena, r->survey->rows, "record", "records"),
                                  as_of, context->version),
                  NULL, EH_STYLE_SUBTITLE);
  put_heading(page, "Verdict");
  for (size_t i = 0; i < r->verdict_count; i++) put_paragraph(page, r->verdicts[i].text);
  put_heading(page, r->doubt_count ? eh_arena_printf(page->arena, "What raises doubt (%s in all)",
                                                     eh_words_count(page->arena, r->doubt_count))
                                   : "What raises doubt");
  if (r->doubt_count == 0)
    put_paragraph(page,
                  "Nothing was found. That is no proof that the records are sound: what was "
                  "never recorded leaves no trace.");
  for (size_t i = 0; i < r->doubt_count && i < MOST_DOUBTS; i++)
    put_paragraph(page, r->doubts[i].text);
  if (r->doubt_count > MOST_DOUBTS)
    put_paragraph(page, eh_arena_printf(page->arena, "The other %s on the sheet Doubts.",
                                        eh_words_of(page->arena, r->doubt_count - MOST_DOUBTS,
                                                    "one stands", "stand")));
  if (r->detectable) put_paragraph(page, r->detectable->text);
  put_persons(page, r);
  put_inputs(page, r);
  put_contents(page, sheets);
  eh_sheet_page(page->sheet, false, 0);
}

enum eh_status eh_profile_workbook_write(const struct eh_reliability *r,
                                         const struct eh_report_context *context, const char *path,
                                         struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = {
      .title = r->rules ? r->rules->title : "Data reliability",
      .subject = "Can these records be relied on?",
      .comments = eh_arena_printf(arena, "Written by evenhand %s.", context->version),
      .created = context->as_of,
  };
  struct eh_book *book = eh_book_open(arena, path, &about, error);
  if (book) {
    struct page page = {.sheet = eh_book_add_sheet(book, "Summary"), .arena = arena};
    struct eh_profile_sheets sheets;
    eh_profile_sheets_plan(&sheets, book, r, EH_SHEET_ROWS, eh_sheet_target(page.sheet, 0, 0));
    write_summary(&page, &sheets, context);
    eh_profile_sheets_write(&sheets);
    status = eh_book_close(book, error);
  }
  eh_arena_free(arena);
  return status;
}
