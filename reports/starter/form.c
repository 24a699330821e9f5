#include "reports/starter/form.h"

#include <float.h>
#include <string.h>

#include "engine/base/words.h"
#include "reports/book/checks.h"

enum { MOST_VALUES = 500, MOST_DEPTH = 40 };

/* What may stand in a column, as far as the rules tell. */
struct values {
  const char *items[MOST_VALUES];
  size_t count;
  bool are_all; /* the rules expect one of these and nothing else */
  bool has_limits;
  double low, high;
};

struct form {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct eh_book *book;
  struct eh_sheet *records, *code_book, *lists;
  unsigned list_columns;
};

static void add_value(struct values *values, const char *text) {
  if (!text[0] || values->are_all) return;
  for (size_t i = 0; i < values->count; i++)
    if (strcmp(values->items[i], text) == 0) return;
  if (values->count < MOST_VALUES) values->items[values->count++] = text;
}

/* The texts that a condition compares the column with. */
static void add_from_condition(const struct eh_expression *e, int column, int depth,
                               struct values *values) {
  if (!e || depth == MOST_DEPTH) return;
  bool names_values = e->kind == EH_IN || (e->kind == EH_COMPARE && e->other < 0);
  if (names_values && e->column == column && e->reading == EH_AS_TEXT)
    for (size_t i = 0; i < e->literal_count; i++) add_value(values, e->literals[i].text);
  for (size_t i = 0; i < e->child_count; i++)
    add_from_condition(e->children[i], column, depth + 1, values);
}

static void add_from_expectation(const struct eh_expect *expect, int column,
                                 struct values *values) {
  const struct eh_expression *e = expect->condition;
  if (expect->column != column || !e) return;
  if (expect->kind == EH_EXPECT_ONE_OF) {
    values->count = 0;
    add_from_condition(e, column, 0, values);
    values->are_all = true;
  } else if (expect->kind == EH_EXPECT_BETWEEN && e->reading == EH_AS_NUMBER) {
    values->has_limits = true;
    values->low = e->literals[0].number;
    values->high = e->literals[1].number;
  }
}

/* A rule that asks for 'Y' alone has its opposite too. */
static void add_opposite(struct values *values) {
  static const char *const pairs[][2] = {{"Y", "N"},       {"y", "n"}, {"yes", "no"},
                                         {"Yes", "No"},    {"1", "0"}, {"true", "false"},
                                         {"True", "False"}};
  if (values->count != 1) return;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    if (strcmp(values->items[0], pairs[i][0]) == 0) add_value(values, pairs[i][1]);
    if (strcmp(values->items[0], pairs[i][1]) == 0) add_value(values, pairs[i][0]);
  }
}

static struct values values_of(const struct eh_rules *rules, int column) {
  struct values values = {.low = -DBL_MAX, .high = DBL_MAX};
  for (size_t i = 0; i < rules->expect_count; i++)
    add_from_expectation(&rules->expects[i], column, &values);
  add_from_condition(rules->keep, column, 0, &values);
  for (size_t i = 0; i < rules->measure_count; i++) {
    add_from_condition(rules->measures[i].among, column, 0, &values);
    add_from_condition(rules->measures[i].event, column, 0, &values);
  }
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *derived = &rules->columns[c];
    for (size_t k = 0; k < derived->choice_count; k++) {
      const struct eh_choice *choice = &derived->choices[k];
      add_from_condition(choice->condition, column, 0, &values);
      for (size_t t = 0; derived->of[0] == column && t < choice->text_count; t++)
        add_value(&values, choice->texts[t].text);
    }
  }
  add_opposite(&values);
  return values;
}

/* "%Y-%m-%d" as a spreadsheet writes it; NULL: it has no such form, and dates are typed as text. */
static const char *spreadsheet_form(const struct eh_rules *rules) {
  static const char *const forms[][2] = {{"%Y-%m-%d", "yyyy-mm-dd"}, {"%m/%d/%Y", "mm/dd/yyyy"},
                                         {"%d/%m/%Y", "dd/mm/yyyy"}, {"%d.%m.%Y", "dd.mm.yyyy"},
                                         {"%Y/%m/%d", "yyyy/mm/dd"}, {"%d-%b-%Y", "dd-mmm-yyyy"}};
  const char *first = rules->date_form_count ? rules->date_forms[0] : "%Y-%m-%d";
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (strcmp(first, forms[i][0]) == 0) return forms[i][1];
  return NULL;
}

static const char *meaning_of(const struct eh_rules *rules, int column) {
  if (column == rules->case_column) return "The number by which the file can be pulled; each once.";
  if (column == rules->person_column)
    return "The individual; the same in all records of one person.";
  if (column == rules->date_column) return "The day of the decision.";
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *comparison = &rules->comparisons[i];
    if (comparison->across == column)
      return comparison->within_count ? "Who decided." : "Compared across: who or where.";
    for (size_t w = 0; w < comparison->within_count; w++)
      if (comparison->within[w] == column) return "Where it was decided.";
  }
  return "";
}

/* Write a column's values to the sheet of lists; where they stand. */
static struct eh_area write_list(struct form *f, const char *header, const struct values *values) {
  unsigned column = f->list_columns++;
  eh_sheet_width(f->lists, column, column, 30);
  eh_sheet_text(f->lists, 0, column, header, EH_STYLE_LABEL);
  for (size_t i = 0; i < values->count; i++)
    eh_sheet_text(f->lists, (uint32_t)i + 1, column, values->items[i], EH_STYLE_TEXT);
  return (struct eh_area){1, (uint32_t)values->count, column, column};
}

static void write_checks(struct form *f, int column, unsigned position,
                         const struct values *values) {
  const struct eh_column *c = &f->rules->columns[column];
  struct eh_area area = {1, EH_FORM_ROWS, position, position};
  const char *date_form = spreadsheet_form(f->rules);
  if (column == f->rules->case_column) {
    eh_sheet_allow_once(f->records, &area, "This case number stands in another row already.");
  } else if (c->read_as_date && date_form) {
    eh_sheet_allow_dates(f->records, &area, "A date is wanted here.");
  } else if (values->has_limits || c->read_as_number) {
    eh_sheet_allow_numbers(f->records, &area, values->low, values->high,
                           values->has_limits ? "A number within the limits of the code book is "
                                                "wanted here."
                                              : "A number is wanted here.");
  } else if (values->count) {
    struct eh_area list = write_list(f, c->header, values);
    eh_sheet_allow_list(
        f->records, &area, f->lists, &list, !values->are_all,
        values->are_all ? "Choose one of the list." : "This value is not in the list. Keep it?");
  }
}

/* "%Y-%m-%d" as people write it: "YYYY-MM-DD". */
static const char *spelled(struct form *f, const char *date_form) {
  static const struct {
    char letter;
    const char *text;
  } parts[] = {{'Y', "YYYY"},  {'y', "YY"}, {'m', "MM"}, {'d', "DD"}, {'b', "Mon"},
               {'B', "Month"}, {'H', "hh"}, {'M', "mm"}, {'S', "ss"}};
  const char *text = "";
  for (const char *s = date_form; *s; s++) {
    const char *part = NULL;
    for (size_t i = 0; s[0] == '%' && i < sizeof parts / sizeof *parts; i++)
      if (parts[i].letter == s[1]) part = parts[i].text;
    text = part ? eh_arena_printf(f->arena, "%s%s", text, part)
                : eh_arena_printf(f->arena, "%s%c", text, *s);
    if (part) s++;
  }
  return text;
}

static const char *allowed_text(struct form *f, int column, const struct values *values) {
  const struct eh_column *c = &f->rules->columns[column];
  if (c->read_as_date)
    return eh_arena_printf(
        f->arena, "A date, written as %s.",
        spelled(f, f->rules->date_form_count ? f->rules->date_forms[0] : "%Y-%m-%d"));
  if (values->has_limits)
    return eh_arena_printf(f->arena, "A number from %g to %g.", values->low, values->high);
  if (c->read_as_number) return "A number.";
  if (values->count == 0) return "Any text.";
  return eh_arena_printf(f->arena, "%s%s", values->are_all ? "One of: " : "Such as: ",
                         eh_words_join(f->arena, values->items, values->count, "; "));
}

enum { CODE_BOOK_COLUMNS = 3 };
static const double code_book_widths[CODE_BOOK_COLUMNS] = {30, 40, 80};

static void write_column(struct form *f, int column, unsigned position) {
  const struct eh_column *c = &f->rules->columns[column];
  struct values values = values_of(f->rules, column);
  const char *date_form = spreadsheet_form(f->rules);
  bool is_number = values.has_limits || c->read_as_number;
  const char *format = c->read_as_date && date_form ? date_form : is_number ? "General" : "@";
  double width = 4.0 + (double)strlen(c->header);
  eh_sheet_column_format(f->records, position, width < 12 ? 12 : width > 40 ? 40 : width, format);
  eh_sheet_text(f->records, 0, position, c->header, EH_STYLE_COLUMN_HEADING);
  write_checks(f, column, position, &values);
  uint32_t row = position + 3;
  const char *allowed = allowed_text(f, column, &values);
  const char *texts[] = {c->header, meaning_of(f->rules, column), allowed};
  double height = 0;
  for (unsigned i = 0; i < CODE_BOOK_COLUMNS; i++) {
    double own = eh_text_height(texts[i], code_book_widths[i], EH_STYLE_WRAPPED);
    eh_sheet_text(f->code_book, row, i, texts[i], EH_STYLE_WRAPPED);
    if (own > height) height = own;
  }
  eh_sheet_height(f->code_book, row, height);
}

static void write_form(struct form *f) {
  f->records = eh_book_add_sheet(f->book, "Records");
  f->code_book = eh_book_add_sheet(f->book, "Code book");
  f->lists = eh_book_add_sheet(f->book, "Lists");
  eh_sheet_freeze(f->records, 1, 0);
  eh_sheet_text(f->code_book, 0, 0, f->rules->title, EH_STYLE_TABLE_TITLE);
  eh_sheet_text(f->code_book, 1, 0,
                "One row for each decision, on the sheet Records; leave empty what is not known. "
                "Save that sheet as CSV (UTF-8) to audit it.",
                EH_STYLE_SUBTITLE);
  static const char *const headings[] = {"Column", "What it is", "What may stand in it"};
  for (unsigned i = 0; i < CODE_BOOK_COLUMNS; i++) {
    eh_sheet_width(f->code_book, i, i, code_book_widths[i]);
    eh_sheet_text(f->code_book, 2, i, headings[i], EH_STYLE_COLUMN_HEADING);
  }
  unsigned position = 0;
  for (size_t c = 0; c < f->rules->column_count; c++)
    if (f->rules->columns[c].kind == EH_GIVEN) write_column(f, (int)c, position++);
  eh_sheet_page(f->code_book, true, 0);
}

enum eh_status eh_form_write(const struct eh_rules *rules, int32_t created, const char *path,
                             struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = {.title = rules->title,
                                .subject = "Recording decisions",
                                .comments = "A row for each decision.",
                                .created = created};
  struct form f = {.arena = arena, .rules = rules};
  f.book = eh_book_open(arena, path, &about, error);
  if (f.book) {
    write_form(&f);
    status = eh_book_close(f.book, error);
  }
  eh_arena_free(arena);
  return status;
}
