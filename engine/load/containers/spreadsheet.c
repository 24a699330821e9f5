#include "engine/load/containers/spreadsheet.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/load/containers/spreadsheet_notes.h"

/* Records are read more than once: for the audit, for what they are worth, to find some again. What
   was made of a sheet is kept, unless it is much. */
enum { MOST_KEPT = 32 << 20 };

struct eh_spreadsheet {
  struct eh_arena *arena;
  struct eh_zip *zip;
  const struct eh_workbook_format *format;
  struct eh_workbook *workbook;
  struct eh_table_plan *plans; /* by sheet; those that were not read are of no sheet */
  size_t count, chosen;
  struct eh_table_text *text;
  struct eh_buffer kept; /* of the text that was read so far */
  bool is_kept;          /* all of it */
  size_t taken;          /* of it, in a later reading */
  const char **notes;
  size_t note_count;
};

static const char *name_of(const struct eh_spreadsheet *b, size_t sheet) {
  return b->format->sheet(b->workbook, sheet)->name;
}

/* --- which sheet --- */

/* "A", "B" and 3 more, each as it is shown. */
static const char *list_of(struct eh_spreadsheet *b, const char *const *items, size_t count) {
  enum { MOST_LISTED = 8 };
  struct eh_buffer text = {0};
  size_t shown = count > MOST_LISTED ? MOST_LISTED : count;
  for (size_t i = 0; i < shown; i++)
    eh_buffer_printf(&text, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", items[i]);
  if (shown < count) eh_buffer_printf(&text, " and %zu more", count - shown);
  const char *list = eh_arena_string(b->arena, text.text ? text.text : "");
  eh_buffer_free(&text);
  return list;
}

static enum eh_status no_such_sheet(struct eh_spreadsheet *b, const char *wanted,
                                    struct eh_error *error) {
  const char **names = eh_arena_alloc(b->arena, b->count, sizeof *names);
  for (size_t i = 0; i < b->count; i++)
    names[i] = eh_arena_printf(b->arena, "\"%.100s\"", name_of(b, i));
  return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                    "has no sheet \"%.100s\"; its sheets: %.700s", wanted,
                    list_of(b, names, b->count));
}

static enum eh_status plan_sheet(struct eh_spreadsheet *b, size_t sheet, const struct eh_wish *wish,
                                 struct eh_error *error) {
  return eh_table_plan(b->arena, b->format, b->workbook, b->zip, sheet, wish,
                       &b->plans[sheet], error);
}

/* Sheets are named without regard to capitals, as spreadsheets do. */
static enum eh_status choose_named(struct eh_spreadsheet *b, const struct eh_wish *wish,
                                   struct eh_error *error) {
  b->chosen = b->count;
  for (size_t i = b->count; i > 0; i--)
    if (strcasecmp(name_of(b, i - 1), wish->sheet) == 0) b->chosen = i - 1;
  for (size_t i = 0; i < b->count; i++)
    if (strcmp(name_of(b, i), wish->sheet) == 0) b->chosen = i;
  if (b->chosen == b->count) return no_such_sheet(b, wish->sheet, error);
  if (b->format->sheet(b->workbook, b->chosen)->is_chart)
    return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                      "its sheet \"%.100s\" is a chart and holds no records", wish->sheet);
  EH_TRY(plan_sheet(b, b->chosen, wish, error));
  const struct eh_table_plan *plan = &b->plans[b->chosen];
  if (plan->state == EH_TABLE_BLANK)
    return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                      "its sheet \"%.100s\" is blank; it needs a header row and records",
                      wish->sheet);
  if (plan->records > 0) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                    "its sheet \"%.100s\" has a header but no records", wish->sheet);
}

static bool has_columns(const struct eh_table_plan *plan, const struct eh_wish *wish) {
  for (size_t h = 0; h < wish->header_count; h++) {
    bool is_there = false;
    for (size_t c = 0; c < plan->column_count && !is_there; c++)
      is_there = strcmp(plan->columns[c].name, wish->headers[h]) == 0;
    if (!is_there) return false;
  }
  return true;
}

/* "Memo has one column only", "Sheet and Sheet2 are blank" */
static const char *why_none(struct eh_spreadsheet *b) {
  static const struct {
    enum eh_table_state state;
    const char *one, *several;
  } words[] = {{EH_TABLE_BLANK, "is blank", "are blank"},
               {EH_TABLE_ONE_COLUMN, "has one column only", "have one column only"},
               {EH_TABLE_NO_RECORDS, "has a header but no records",
                "have a header but no records"}};
  struct eh_buffer text = {0};
  const char **names = eh_arena_alloc(b->arena, b->count, sizeof *names);
  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++)
      if (b->plans[i].sheet && b->plans[i].state == words[w].state)
        names[count++] = eh_arena_printf(b->arena, "%.100s", name_of(b, i));
    if (count)
      eh_buffer_printf(&text, "%s%s %s", text.length ? "; " : "", list_of(b, names, count),
                       count == 1 ? words[w].one : words[w].several);
  }
  size_t unseen = 0;
  for (size_t i = 0; i < b->count; i++) unseen += !b->plans[i].sheet;
  if (unseen)
    eh_buffer_printf(&text, "%s%zu hidden or of charts", text.length ? "; " : "", unseen);
  const char *why = eh_arena_string(b->arena, text.text ? text.text : "it has none at all");
  eh_buffer_free(&text);
  return why;
}

static enum eh_status refuse_none(struct eh_spreadsheet *b, struct eh_error *error) {
  size_t seen = 0;
  bool is_bare = false;
  for (size_t i = 0; i < b->count; i++) {
    seen += b->plans[i].sheet != NULL;
    is_bare |= b->plans[i].sheet && b->plans[i].state == EH_TABLE_NO_RECORDS;
  }
  if (seen == 1 && is_bare)
    return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                      "has a header but no records");
  return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                    "has no sheet with records (%.700s)", why_none(b));
}

static enum eh_status refuse_several(struct eh_spreadsheet *b, struct eh_error *error) {
  const char **names = eh_arena_alloc(b->arena, b->count, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; i < b->count; i++)
    if (b->plans[i].state == EH_TABLE_SOUND)
      names[count++] = eh_arena_printf(b->arena, "\"%.100s\" (%u row%s)", name_of(b, i),
                                       b->plans[i].records, b->plans[i].records == 1 ? "" : "s");
  return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
                    "has %zu sheets of records: %.700s; name one with --sheet", count,
                    list_of(b, names, count));
}

/* Is this the code book or the lists of a form for recording decisions, beside its records? */
static bool is_beside_form(const struct eh_spreadsheet *b, size_t sheet) {
  static const char *const names[] = {"Records", "Code book", "Lists"};
  enum { SHEETS = sizeof names / sizeof names[0] };
  if (b->count != SHEETS || sheet == 0) return false;
  for (size_t i = 0; i < SHEETS; i++)
    if (strcmp(name_of(b, i), names[i]) != 0) return false;
  return true;
}

/* The only visible sheet with a table; of several, the only one with the columns needed. */
static enum eh_status choose(struct eh_spreadsheet *b, const struct eh_wish *wish,
                             struct eh_error *error) {
  size_t sound = 0, fitting = 0;
  for (size_t i = 0; i < b->count; i++) {
    const struct eh_worksheet *sheet = b->format->sheet(b->workbook, i);
    if (sheet->is_chart || sheet->visibility != EH_VISIBLE || is_beside_form(b, i)) continue;
    EH_TRY(plan_sheet(b, i, wish, error));
    if (b->plans[i].state != EH_TABLE_SOUND) continue;
    bool fits = wish->has_headers && has_columns(&b->plans[i], wish);
    if (fitting == 0 && (sound == 0 || fits)) b->chosen = i;
    sound++;
    fitting += fits;
  }
  if (sound == 0) return refuse_none(b, error);
  return sound == 1 || fitting == 1 ? EH_OK : refuse_several(b, error);
}

/* --- formulas --- */

static bool is_needed(const struct eh_wish *wish, const char *column) {
  if (!wish->has_headers) return true;
  for (size_t i = 0; i < wish->header_count; i++)
    if (strcmp(wish->headers[i], column) == 0) return true;
  return false;
}

/* A column of formulas that nobody calculated is no column of zeros. */
static enum eh_status check_formulas(const struct eh_spreadsheet *b, const struct eh_wish *wish,
                                     struct eh_error *error) {
  const struct eh_table_plan *plan = &b->plans[b->chosen];
  bool calculates = b->format->calculates_on_load(b->workbook);
  for (size_t i = 0; i < plan->column_count; i++) {
    const struct eh_table_column *c = &plan->columns[i];
    bool are_zero = calculates && c->formulas && c->formulas == c->zero_formulas;
    uint32_t cells = c->no_values ? c->no_values : c->zero_formulas;
    if ((!c->no_values && !are_zero) || !is_needed(wish, c->name)) continue;
    char letters[4], others[40] = "";
    eh_sheet_column_name(c->column, letters);
    if (cells > 1) snprintf(others, sizeof others, " and %u more", cells - 1);
    return eh_fail_at(
        error, EH_BAD_INPUT, eh_zip_file(b->zip), 0, 0,
        "sheet \"%.100s\" has formulas without saved values in column %.100s (%s%u%s%s); open it "
        "in Excel or LibreOffice, save it, and try again",
        plan->sheet->name, c->name, letters, c->no_values ? c->first_no_value : c->first_zero,
        others,
        c->no_values ? "" : ": every one is 0 in a file marked to be calculated when opened");
  }
  return EH_OK;
}

/* --- the whole --- */

static enum eh_status open_all(struct eh_spreadsheet *b, const struct eh_wish *wish,
                               struct eh_error *error) {
  EH_TRY(b->format->open(&b->workbook, b->zip, error));
  b->count = b->format->sheet_count(b->workbook);
  b->plans = eh_arena_alloc(b->arena, b->count, sizeof *b->plans);
  EH_TRY(wish->sheet ? choose_named(b, wish, error) : choose(b, wish, error));
  EH_TRY(check_formulas(b, wish, error));
  b->notes = eh_spreadsheet_notes_of(b->arena, b->format, b->workbook, b->plans, b->chosen,
                              wish->sheet != NULL, &b->note_count);
  b->text = eh_table_text_new(&b->plans[b->chosen], b->format, b->workbook, b->chosen);
  return eh_table_text_begin(b->text, error);
}

enum eh_status eh_spreadsheet_open(struct eh_spreadsheet **spreadsheet, struct eh_zip *zip,
                            const struct eh_workbook_format *format, const struct eh_wish *wish,
                            struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_spreadsheet *b = *spreadsheet = eh_arena_alloc(arena, 1, sizeof *b);
  b->arena = arena;
  b->zip = zip;
  b->format = format;
  enum eh_status status = open_all(b, wish, error);
  if (status == EH_OK) return EH_OK;
  eh_spreadsheet_free(b);
  *spreadsheet = NULL;
  return status;
}

void eh_spreadsheet_free(struct eh_spreadsheet *b) {
  if (!b) return;
  eh_table_text_free(b->text);
  eh_buffer_free(&b->kept);
  b->format->free(b->workbook);
  eh_zip_free(b->zip);
  eh_arena_free(b->arena);
}

enum eh_status eh_spreadsheet_rewind(struct eh_spreadsheet *b, struct eh_error *error) {
  b->taken = 0;
  if (b->is_kept) return EH_OK;
  b->kept.length = 0;
  return eh_table_text_begin(b->text, error);
}

static void keep(struct eh_spreadsheet *b, const char *text, size_t length) {
  b->taken += length;
  if (b->taken <= MOST_KEPT)
    eh_buffer_add(&b->kept, text, length);
  else
    eh_buffer_free(&b->kept);
  b->is_kept = length == 0 && b->taken <= MOST_KEPT;
}

static size_t take_kept(struct eh_spreadsheet *b, char *buffer, size_t wanted) {
  size_t left = b->kept.length - b->taken, taken = left < wanted ? left : wanted;
  if (taken) memcpy(buffer, b->kept.text + b->taken, taken);
  b->taken += taken;
  return taken;
}

enum eh_status eh_spreadsheet_read(struct eh_spreadsheet *b, char *buffer, size_t wanted,
                                   size_t *got, struct eh_error *error) {
  if (b->is_kept) {
    *got = take_kept(b, buffer, wanted);
    return EH_OK;
  }
  EH_TRY(eh_table_text_read(b->text, buffer, wanted, got, error));
  keep(b, buffer, *got);
  return EH_OK;
}

const char *eh_spreadsheet_sheet(const struct eh_spreadsheet *b) { return b->plans[b->chosen].sheet->name; }
uint64_t eh_spreadsheet_row(const struct eh_spreadsheet *b, uint64_t line) {
  return eh_table_text_row(b->text, line);
}

const char *const *eh_spreadsheet_notes(const struct eh_spreadsheet *b, size_t *count) {
  *count = b->note_count;
  return b->notes;
}
