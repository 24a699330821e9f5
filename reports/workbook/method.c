/* The method sheet: everything that an independent referencer needs to trace and redo a figure. */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/data/r_script.h"
#include "reports/words/dependence.h"
#include "reports/words/inputs.h"
#include "reports/words/joins.h"
#include "reports/words/repeated.h"
#include "reports/words/sources.h"
#include "reports/workbook/workbook.h"
#include "rules/language/question.h"

enum { LABEL_COLUMN = 0, TEXT_COLUMN = 1, MEANING_COLUMN = 2 };
static const double LABEL_WIDTH = 26.0, TEXT_WIDTH = 30.0, MEANING_WIDTH = 84.0;

static const char notation[] =
    "Per stratum, the unit has a events of n1 records, its peers c of n2; m = a + c, n = n1 + n2, "
    "b = n1 - a, d = n2 - c.";

struct page {
  const struct eh_workbook *workbook;
  struct eh_sheet *sheet;
  struct eh_arena *arena;
  uint32_t row;
};

static void put_heading(struct page *page, const char *text) {
  page->row++;
  eh_sheet_across(page->sheet, page->row++, LABEL_COLUMN, MEANING_COLUMN, text, NULL,
                  EH_STYLE_HEADING);
}

static void put_pair(struct page *page, const char *label, const char *text) {
  eh_sheet_text(page->sheet, page->row, LABEL_COLUMN, label, EH_STYLE_LABEL);
  eh_sheet_paragraph(page->sheet, page->row, TEXT_COLUMN, MEANING_COLUMN,
                     TEXT_WIDTH + MEANING_WIDTH, text, EH_STYLE_PARAGRAPH);
  double label_height = eh_text_height(label, LABEL_WIDTH, EH_STYLE_LABEL);
  double height = eh_text_height(text, TEXT_WIDTH + MEANING_WIDTH, EH_STYLE_PARAGRAPH);
  eh_sheet_height(page->sheet, page->row++, label_height > height ? label_height : height);
}

static void put_count(struct page *page, const char *label, uint64_t count, const char *text) {
  eh_sheet_text(page->sheet, page->row, LABEL_COLUMN, label, EH_STYLE_LABEL);
  eh_sheet_number(page->sheet, page->row, TEXT_COLUMN, (double)count, EH_STYLE_COUNT);
  eh_sheet_text(page->sheet, page->row++, MEANING_COLUMN, text, EH_STYLE_TEXT);
}

/* Each line of a text in a row of its own. */
static void put_lines(struct page *page, const char *text, size_t length, enum eh_style style) {
  const char *end = text + length;
  while (text < end) {
    const char *line_end = memchr(text, '\n', (size_t)(end - text));
    size_t bytes = (size_t)((line_end ? line_end : end) - text);
    const char *line = eh_arena_copy(page->arena, text, bytes);
    if (style == EH_STYLE_CODE) {
      eh_sheet_text(page->sheet, page->row++, LABEL_COLUMN, line, style);
    } else {
      eh_sheet_paragraph(page->sheet, page->row++, LABEL_COLUMN, MEANING_COLUMN,
                         LABEL_WIDTH + TEXT_WIDTH + MEANING_WIDTH, line, style);
    }
    text += bytes + 1;
  }
}

static void put_run(struct page *page) {
  const struct eh_report_context *context = page->workbook->context;
  const struct eh_rules *rules = page->workbook->audit->rules;
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  put_heading(page, "This audit");
  put_pair(page, "Program", eh_arena_printf(page->arena, "evenhand %s", context->version));
  put_pair(page, "Command line", context->command_line);
  put_pair(page, "As of", as_of);
  put_pair(page, "Rules", rules->file);
  put_pair(page, "Rules' SHA-256", rules->sha256);
  put_pair(page, "Seed", eh_arena_printf(page->arena, "%llu", (unsigned long long)rules->seed));
  put_pair(page, "Tests made in all",
           eh_arena_printf(page->arena, "%s, of which %s flagged",
                           eh_words_count(page->arena, page->workbook->audit->tests),
                           eh_words_count(page->arena, page->workbook->audit->findings)));
}

static void put_sign_off(struct page *page) {
  static const char *const roles[] = {"Prepared by, date", "Reviewed by, date",
                                      "Figures traced by, date"};
  put_heading(page, "Sign-off");
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
    eh_sheet_text(page->sheet, page->row, LABEL_COLUMN, roles[i], EH_STYLE_LABEL);
    eh_sheet_across(page->sheet, page->row, TEXT_COLUMN, MEANING_COLUMN, "", NULL, EH_STYLE_INPUT);
    eh_sheet_height(page->sheet, page->row++, 22.0);
  }
}

static void put_inputs(struct page *page) {
  const struct eh_account *account = page->workbook->audit->account;
  put_heading(page, "Inputs");
  for (size_t i = 0; i < account->input_count; i++) {
    const struct eh_input *input = &account->inputs[i];
    put_pair(page, eh_arena_printf(page->arena, "Input %zu", i + 1), input->name);
    put_pair(page, "",
             eh_arena_printf(page->arena, "%s%s%s, %s, %s; SHA-256 %s",
                             input->source ? input->source : "", input->source ? ": " : "",
                             eh_words_of(page->arena, input->records, "record", "records"),
                             eh_words_of(page->arena, input->bytes, "byte", "bytes"),
                             input->encoding ? input->encoding : "encoding not stated",
                             input->sha256[0] ? input->sha256 : "not computed"));
    const char *line = eh_inputs_line(page->arena, input);
    if (line) put_pair(page, "", line);
  }
  if (!account->server) return;
  put_pair(page, "Database", account->server);
  put_heading(page, "What the database was asked");
  for (size_t i = 0; i < account->statement_count; i++)
    put_lines(page, account->statements[i], strlen(account->statements[i]), EH_STYLE_CODE);
}

/* The rules' inputs, and what of each could not be mapped. */
static void put_sources(struct page *page) {
  enum { MOST_OUTSIDE = 100 };
  const struct eh_account *account = page->workbook->audit->account;
  if (account->source_count == 0) return;
  put_heading(page, "Sources, and what could not be mapped");
  for (size_t i = 0; i < account->source_count; i++) {
    const struct eh_source_account *source = &account->sources[i];
    size_t count;
    const struct eh_sources_outside *outside = eh_sources_outside_of(page->arena, source, &count);
    put_pair(page, source->name, eh_sources_line(page->arena, source));
    for (size_t k = 0; k < count; k++)
      put_pair(page, "Values not mapped",
               eh_sources_outside_line(page->arena, source, &outside[k], MOST_OUTSIDE));
    if (source->unused_count)
      put_pair(page, "Columns not used",
               eh_words_list(page->arena, source->unused, source->unused_count, "and"));
  }
  const char *shared = eh_sources_shared_line(page->arena, account);
  if (shared) put_pair(page, "Shared case numbers", shared);
}

/* Tables that the rules join. */
static void put_joins(struct page *page) {
  const struct eh_account *account = page->workbook->audit->account;
  if (account->join_count == 0) return;
  put_heading(page, "Tables that the records are joined with");
  for (size_t i = 0; i < account->join_count; i++) {
    const struct eh_join_account *join = &account->joins[i];
    put_pair(page, join->file.name,
             eh_arena_printf(page->arena, "%s, %s; SHA-256 %s",
                             eh_words_of(page->arena, join->rows, "row", "rows"),
                             eh_words_of(page->arena, join->file.bytes, "byte", "bytes"),
                             join->file.sha256[0] ? join->file.sha256 : "not computed"));
    put_pair(page, "", eh_joins_line(page->arena, join));
    const char *line = eh_inputs_line(page->arena, &join->file);
    if (line) put_pair(page, "", line);
  }
}

static void put_records(struct page *page) {
  const struct eh_account *account = page->workbook->audit->account;
  put_heading(page, "Records: read = audited + left out");
  put_count(page, "Read", account->read, "");
  put_count(page, "Audited", account->audited, "");
  uint64_t sum = account->audited;
  for (size_t i = 0; i < account->exclusion_count; i++) {
    put_count(page, i ? "" : "Left out", account->excluded[i].records, account->excluded[i].reason);
    sum += account->excluded[i].records;
  }
  put_count(page, "Audited + left out", sum,
            sum == account->read ? "equals the records read" : "does not equal the records read");
  const char *repeated = eh_repeated_line(page->arena, page->workbook->audit->rules, account);
  if (repeated) put_pair(page, "Repeated case numbers", repeated);
  for (size_t i = 0; i < account->malformed_count; i++) {
    put_count(page, i ? "" : "Values not readable", account->malformed[i].records,
              eh_arena_printf(
                  page->arena,
                  "of %s could not be read as the rules read them; they count as not recorded",
                  account->malformed[i].column));
  }
}

static void put_rules(struct page *page) {
  const struct eh_rules *rules = page->workbook->audit->rules;
  put_heading(page, "The rules in plain English");
  const char *plain = eh_rules_explain(page->arena, rules);
  put_lines(page, plain, strlen(plain), EH_STYLE_PARAGRAPH);
  if (rules->policy_count) put_heading(page, "Policies");
  for (size_t i = 0; i < rules->policy_count; i++) {
    const struct eh_policy *policy = &rules->policies[i];
    char from[11], until[11];
    eh_date_format(policy->from, from);
    const char *when = eh_arena_printf(page->arena, "from %s", from);
    if (policy->until != INT32_MAX) {
      eh_date_format(policy->until, until);
      when = eh_arena_printf(page->arena, "%s to %s", from, until);
    }
    put_pair(page, when, policy->name);
  }
  put_heading(page, "The rules as given");
  put_lines(page, rules->text, rules->text_length, EH_STYLE_CODE);
}

/* What was looked at of decisions that depend on each other, comparison by comparison. */
static void put_dependence(struct page *page) {
  const struct eh_audit *audit = page->workbook->audit;
  put_heading(page, "Decisions that depend on each other");
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    const char *why_not = eh_dependence_why_not(c);
    if (why_not) put_pair(page, c->title, eh_arena_printf(page->arena, "Nothing: %s.", why_not));
    for (size_t k = 0; k < c->cells->clustering_count && !why_not; k++)
      put_pair(page, c->title, eh_clustering_words(page->arena, &c->cells->clusterings[k], c));
  }
}

/* The columns of one table, each defined. */
static void put_columns(struct page *page, const char *sheet, const struct eh_listing *table) {
  for (size_t i = 0; i < table->column_count; i++) {
    const struct eh_listing_column *column = &table->columns[i];
    const char *meaning = column->meaning
                              ? column->meaning
                              : "The rules' column of this name: its value in the stratum.";
    eh_sheet_text(page->sheet, page->row, LABEL_COLUMN, sheet, EH_STYLE_TEXT);
    eh_sheet_text(page->sheet, page->row, TEXT_COLUMN, column->heading, EH_STYLE_TEXT);
    eh_sheet_text(page->sheet, page->row, MEANING_COLUMN, meaning, EH_STYLE_WRAPPED);
    eh_sheet_height(page->sheet, page->row++,
                    eh_text_height(meaning, MEANING_WIDTH, EH_STYLE_WRAPPED));
  }
}

/* Comparisons of one kind of measure have the same columns, but for those of single outcomes. */
static void put_columns_of_kinds(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  for (enum eh_measure_kind kind = 0; kind < EH_MEASURE_KINDS; kind++)
    for (size_t i = 0; i < w->findings->group_count; i++) {
      if (w->findings->groups[i].first->measure->kind != kind) continue;
      const struct eh_question *question = eh_question_of(kind);
      const char *sheet = question->has_outcome
                              ? eh_arena_printf(w->arena, "each comparison of a %s", question->key)
                              : "each comparison";
      put_columns(page, sheet, &w->groups[i].table);
      break;
    }
}

static void put_columns_of_part(struct page *page, const struct eh_workbook_part *part) {
  if (part->table == EH_TABLES_OF_GROUPS) {
    put_columns_of_kinds(page);
  } else if (part->table) {
    const void *table = (const char *)page->workbook + part->table;
    const struct eh_listing *listing = table;
    put_columns(page, eh_sheet_title(listing->sheets[0]), listing);
  }
}

static void put_definitions(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  put_heading(page, "Every column of every sheet");
  put_lines(page, notation, strlen(notation), EH_STYLE_PARAGRAPH);
  static const struct eh_heading headings[] = {
      {"Sheet", false}, {"Column", false}, {"Meaning", false}};
  uint32_t first = page->row++;
  size_t count;
  const struct eh_workbook_part *parts = eh_workbook_parts(&count);
  for (size_t i = 0; i < count; i++)
    if (eh_workbook_has(w, &parts[i])) put_columns_of_part(page, &parts[i]);
  struct eh_area area = {first, page->row - 1, LABEL_COLUMN, MEANING_COLUMN};
  eh_sheet_table(page->sheet, "Definitions", &area, headings);
}

/* What the summary and the charts show beyond the tables' columns. */
static void put_pictures(struct page *page) {
  static const struct {
    const char *label, *text;
  } figures[] = {
      {"Same case, low and high unit",
       "The rates of the lowest and of the highest unit for the same kinds of case, with what "
       "chance "
       "explains taken away; from 20 units on those of the 5th and the 95th of every hundred, "
       "never "
       "beyond what a unit did. Shown only where at least 5 units that hold half of the comparable "
       "records can tell, the interval of tau begins above 0, and the units differ beyond chance; "
       "else the Comparisons sheet says why not."},
      {"Would have been found",
       "Detectable above and below, of the Comparisons sheet: the smallest true difference above, "
       "and below, its peers that is flagged four times out of five, of the testable unit of "
       "middling caseload."},
      {"Stand out even from that",
       "The findings of level exceptional: outliers even where units differ by tau."},
      {"Funnel plot",
       "Each testable unit's difference against its comparable records n. Limits of chance alone: "
       "expit(logit p -/+ z sqrt(1/(n p (1 - p)))) - p, z for the rules' confidence; of chance and "
       "the usual spread: tau^2 added under the root. They are those of a unit of the overall rate "
       "against peers known without error: the test decides, not the picture."},
      {"Rate against expected rate",
       "The two columns of these names. Dashed: the smallest difference worth flagging."},
      {"Units in order",
       "The difference with its interval; where there are more than 51 testable units, the 25 "
       "highest and the 25 lowest."},
      {"Over time",
       "Events among the records of the measure, by the date of the decision, whatever their kind "
       "of case; the score interval of each rate (Wilson 1927)."},
      {"A dash",
       "There is no such figure; the column \"Figures without value\", at the right end of its "
       "row, says why. It is never 0."},
  };
  put_heading(page, "What the summary and the charts show");
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
    put_pair(page, figures[i].label, figures[i].text);
}

/* For the gravest finding, or where there is none the first unit of all. */
static void put_script(struct page *page) {
  const struct eh_workbook *w = page->workbook;
  const struct eh_comparison_result *comparison = NULL;
  const struct eh_result *result = NULL;
  if (w->findings->count) {
    comparison = w->findings->items[0].comparison;
    result = w->findings->items[0].result;
  }
  for (size_t i = 0; i < w->audit->comparison_count && !result; i++) {
    comparison = &w->audit->comparisons[i];
    if (comparison->result_count) result = &comparison->results[0];
  }
  if (!result) return;
  put_heading(page, "To redo a unit's figures in R from the file that --cells writes");
  const char *script = eh_r_script(page->arena, w->audit, comparison, result);
  put_lines(page, script, strlen(script), EH_STYLE_CODE);
}

void eh_workbook_plan_method(struct eh_workbook *w) {
  w->method = eh_book_add_sheet(w->book, "Method");
}

void eh_workbook_write_method(const struct eh_workbook *w) {
  struct page page = {w, w->method, w->arena, 0};
  eh_sheet_width(page.sheet, LABEL_COLUMN, LABEL_COLUMN, LABEL_WIDTH);
  eh_sheet_width(page.sheet, TEXT_COLUMN, TEXT_COLUMN, TEXT_WIDTH);
  eh_sheet_width(page.sheet, MEANING_COLUMN, MEANING_COLUMN, MEANING_WIDTH);
  eh_sheet_text(page.sheet, page.row, 0, "Method", EH_STYLE_TABLE_TITLE);
  eh_sheet_height(page.sheet, page.row++, 24.0);
  eh_sheet_link(page.sheet, page.row++, 0, "\xE2\x86\x90 Summary", w->back, EH_STYLE_PLAIN_LINK);
  put_run(&page);
  put_sign_off(&page);
  put_inputs(&page);
  put_sources(&page);
  put_joins(&page);
  put_records(&page);
  put_rules(&page);
  put_dependence(&page);
  put_script(&page);
  put_pictures(&page);
  put_definitions(&page);
  eh_sheet_page(page.sheet, true, 0);
}
