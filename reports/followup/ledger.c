/* The ledger as CSV, and as a sheet. Its headings are the names that it is read back by. */
#include <string.h>

#include "engine/load/counts/cells_file.h"
#include "reports/followup/followup.h"
#include "reports/followup/ledger_sheet.h"
#include "reports/words/safe.h"

/* --- CSV --- */

static void put_field(FILE *stream, struct eh_arena *arena, const char *text, bool last) {
  struct eh_arena_mark mark = eh_arena_mark(arena);
  text = eh_cells_file_guarded(arena, text);
  if (text[strcspn(text, "\",\r\n")]) {
    putc('"', stream);
    for (const char *s = text; *s; s++) {
      if (*s == '"') putc('"', stream);
      putc(*s, stream);
    }
    putc('"', stream);
  } else {
    fputs(text, stream);
  }
  putc(last ? '\n' : ',', stream);
  eh_arena_reset(arena, mark);
}

enum eh_status eh_ledger_csv_write(const struct eh_ledger *ledger, FILE *stream,
                                   struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  size_t count = EH_LEDGER_COLUMNS + ledger->name_count;
  for (size_t c = 0; c < count; c++)
    put_field(stream, arena,
              c < EH_LEDGER_COLUMNS ? eh_ledger_column_name((enum eh_ledger_column)c)
                                    : ledger->names[c - EH_LEDGER_COLUMNS],
              c + 1 == count);
  for (size_t i = 0; i < ledger->count; i++)
    for (size_t c = 0; c < count; c++)
      put_field(stream, arena,
                c < EH_LEDGER_COLUMNS ? ledger->rows[i].texts[c]
                                      : ledger->rows[i].others[c - EH_LEDGER_COLUMNS],
                c + 1 == count);
  eh_arena_free(arena);
  return eh_stream_check(stream, "the ledger", error);
}

/* --- a sheet --- */

enum { DATE_WIDTH = 12 };

static const struct {
  double width;
  bool is_long;
  const char *meaning;
} columns[EH_LEDGER_COLUMNS] = {
    [EH_LEDGER_ID] = {15, false, "The finding, by what it is about. It never changes."},
    [EH_LEDGER_FIRST_SEEN] = {DATE_WIDTH, false, "The first report that had it."},
    [EH_LEDGER_LAST_SEEN] = {DATE_WIDTH, false, "The last report that had it."},
    [EH_LEDGER_MEASURE] = {26, true, "What was asked."},
    [EH_LEDGER_ACROSS] = {16, false, "Between whom."},
    [EH_LEDGER_WITHIN] = {20, true, "Where the unit has most of its records."},
    [EH_LEDGER_EACH] = {16, true, "The part of the records that was compared."},
    [EH_LEDGER_UNIT] = {16, true, "Whom the finding is about."},
    [EH_LEDGER_DIRECTION] = {12, true, "Whether it was more or less frequent there."},
    [EH_LEDGER_FIRST_DIFFERENCE] = {16, true, "The difference from peers in the first report."},
    [EH_LEDGER_LATEST_DIFFERENCE] = {16, true, "The same in the latest."},
    [EH_LEDGER_STATUS] = {17, true, "What became of it by the records."},
    [EH_LEDGER_RESPONSE] = {34, true, "To be filled in: the office's answer."},
    [EH_LEDGER_AGREES] = {11, true, "To be filled in: does the office agree?"},
    [EH_LEDGER_ACTION] = {30, true, "To be filled in: what is to be done."},
    [EH_LEDGER_RESPONSIBLE] = {18, true, "To be filled in: by whom."},
    [EH_LEDGER_RESPONSE_DUE] = {DATE_WIDTH, false,
                                "To be filled in: when an answer is due; 90 days after the first "
                                "report unless changed."},
    [EH_LEDGER_ACTION_DUE] = {DATE_WIDTH, false, "To be filled in: when it is to be done."},
    [EH_LEDGER_AUDITOR_STATUS] = {17, true,
                                  "To be filled in: what the auditor made of it. A finding closes "
                                  "on evidence of action, not on a figure alone."},
    [EH_LEDGER_CLOSED_ON] = {DATE_WIDTH, false, "To be filled in: when it was closed."},
    [EH_LEDGER_NOTE] = {30, true, "To be filled in: anything else."}};

static enum eh_style style_of(size_t column) {
  if (column >= EH_LEDGER_RESPONSE) return EH_STYLE_INPUT;
  return columns[column].is_long ? EH_STYLE_WRAPPED : EH_STYLE_TEXT;
}

/* A row is an array of texts, one for each column. */
static struct eh_listing_column *make_columns(struct eh_arena *arena,
                                              const struct eh_ledger *ledger) {
  size_t count = EH_LEDGER_COLUMNS + ledger->name_count;
  struct eh_listing_column *items = eh_arena_alloc(arena, count, sizeof *items);
  for (size_t c = 0; c < count; c++) {
    bool known = c < EH_LEDGER_COLUMNS;
    items[c] = (struct eh_listing_column){.width = known ? columns[c].width : 16,
                                          .style = style_of(known ? c : EH_LEDGER_NOTE),
                                          .kind = EH_VALUE_TEXT,
                                          .at = c * sizeof(const char *)};
    items[c].heading =
        known ? eh_ledger_column_name((enum eh_ledger_column)c)
              : eh_listing_heading(arena, ledger->names[c - EH_LEDGER_COLUMNS], items, c);
    items[c].meaning = known ? columns[c].meaning : "A column of the ledger's keepers.";
  }
  return items;
}

void eh_ledger_sheet_plan(struct eh_ledger_sheet *sheet, struct eh_book *book,
                          const struct eh_ledger *ledger, const char *back) {
  sheet->ledger = ledger;
  sheet->table = (struct eh_listing){
      .title = "Ledger of findings",
      .subtitle = "Fill in the yellow columns and keep this file: the next follow-up reads it with "
                  "--ledger, and changes none of them.",
      .identifier = "Ledger",
      .columns = make_columns(eh_book_arena(book), ledger),
      .column_count = EH_LEDGER_COLUMNS + ledger->name_count,
      .frozen = 1,
      .count = ledger->count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "no findings",
      .back = back};
  eh_listing_plan(book, &sheet->table, "Ledger");
}

struct rows {
  const struct eh_ledger *ledger;
  const char **texts;
};

static const void *ledger_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_ledger_row *row = &rows->ledger->rows[index];
  memcpy(rows->texts, row->texts, sizeof row->texts);
  if (rows->ledger->name_count)
    memcpy(rows->texts + EH_LEDGER_COLUMNS, row->others,
           rows->ledger->name_count * sizeof *rows->texts);
  return rows->texts;
}

void eh_ledger_sheet_write(struct eh_ledger_sheet *sheet, struct eh_arena *arena) {
  struct rows rows = {sheet->ledger, eh_arena_alloc(arena, sheet->table.column_count,
                                                    sizeof(const char *))};
  eh_listing_write(&sheet->table, ledger_row, &rows);
  if (!sheet->table.count) return;
  eh_listing_choices(&sheet->table, EH_LEDGER_AGREES, eh_ledger_choices(EH_LEDGER_AGREES),
                     "Choose none yet, yes, partly or no.");
  eh_listing_choices(&sheet->table, EH_LEDGER_AUDITOR_STATUS,
                     eh_ledger_choices(EH_LEDGER_AUDITOR_STATUS),
                     "Choose open unresolved, open resolved, closed implemented or closed not "
                     "implemented.");
}

enum eh_status eh_ledger_workbook_write(const struct eh_ledger *ledger,
                                        const struct eh_report_context *context, const char *path,
                                        struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = {
      .title = "Ledger of findings",
      .subject = "What became of each finding, and what is done about it",
      .comments = eh_arena_printf(arena, "Written by evenhand %s.", context->version),
      .created = context->as_of};
  struct eh_book *book = eh_book_open(arena, path, &about, error);
  if (book) {
    struct eh_ledger_sheet sheet;
    eh_ledger_sheet_plan(&sheet, book, ledger, NULL);
    eh_ledger_sheet_write(&sheet, arena);
    status = eh_book_close(book, error);
  }
  eh_arena_free(arena);
  return status;
}
