/* Reading a ledger, whatever a spreadsheet has made of it: other columns between, others behind,
 * semicolons for commas, dates written as in the country. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/audit/followup/ledger.h"
#include "engine/load/counts/cells_file.h"
#include "engine/load/text/bytes.h"
#include "engine/load/text/csv.h"
#include "engine/load/text/encoding.h"

enum { STEP = 1 << 18, OTHER = -1 };

struct reading {
  struct eh_arena *arena;
  struct eh_ledger *ledger;
  struct eh_source *source;
  struct eh_error *error;
  int *columns; /* by field: enum eh_ledger_column, or OTHER */
  size_t field_count, rows_room, notes_room;
  const char **notes;
  uint64_t line;
};

static enum eh_status bad_line(struct reading *r, const char *why) {
  eh_fail_at(r->error, EH_BAD_INPUT, r->ledger->file, r->line, 0, "%s", why);
  eh_source_place_error(r->source, r->error);
  return EH_BAD_INPUT;
}

static void note(struct reading *r, const char *text) {
  if (r->ledger->note_count == r->notes_room) {
    const char **old = r->notes;
    r->notes_room = 2 * r->notes_room + 8;
    r->notes = eh_arena_alloc(r->arena, r->notes_room, sizeof *r->notes);
    if (r->ledger->note_count) memcpy(r->notes, old, r->ledger->note_count * sizeof *old);
  }
  r->notes[r->ledger->note_count++] =
      eh_arena_printf(r->arena, "%s, %s %llu: %s", r->ledger->file,
                      eh_source_is_table(r->source) ? "row" : "line",
                      (unsigned long long)eh_source_row(r->source, r->line), text);
  r->ledger->notes = r->notes;
}

/* --- the header --- */

static const char *field_text(struct reading *r, const struct eh_field *field) {
  const char *text = field->text;
  size_t length = field->length;
  if (!eh_text_is_utf8(text, length)) text = eh_text_from_windows(r->arena, text, length, &length);
  if (!text) return NULL;
  const char *copy = eh_arena_copy(r->arena, text, length);
  return eh_source_is_table(r->source) ? copy : eh_cells_file_unguarded(copy);
}

static int column_of(const char *name) {
  for (int c = 0; c < EH_LEDGER_COLUMNS; c++)
    if (strcasecmp(eh_ledger_column_name((enum eh_ledger_column)c), name) == 0) return c;
  return OTHER;
}

static enum eh_status take_header(struct reading *r, const struct eh_csv_record *record) {
  const char **others = eh_arena_alloc(r->arena, record->field_count, sizeof *others);
  bool seen[EH_LEDGER_COLUMNS] = {false};
  r->columns = eh_arena_alloc(r->arena, record->field_count, sizeof *r->columns);
  r->field_count = record->field_count;
  for (size_t i = 0; i < r->field_count; i++) {
    const char *name = field_text(r, &record->fields[i]);
    if (!name) return bad_line(r, "is text neither in UTF-8 nor in Windows-1252");
    r->columns[i] = column_of(name);
    if (r->columns[i] == OTHER)
      others[r->ledger->name_count++] = name;
    else if (seen[r->columns[i]])
      return bad_line(r, eh_arena_printf(r->arena, "has the column %s twice; leave one out", name));
    else
      seen[r->columns[i]] = true;
  }
  r->ledger->names = others;
  if (!seen[EH_LEDGER_ID])
    return bad_line(r,
                    "is no ledger: it has no column finding_id; name what `evenhand follow "
                    "--ledger-out` wrote");
  return EH_OK;
}

/* --- the rows --- */

static enum eh_status refuse_repeated(struct reading *r, const char *id) {
  const struct eh_ledger_row *earlier = eh_ledger_find(r->ledger, id);
  if (!earlier) return EH_OK;
  return bad_line(r, eh_arena_printf(r->arena,
                                     "is the finding %s, which stands in %s %llu already; leave "
                                     "one of the two out",
                                     id, eh_source_is_table(r->source) ? "row" : "line",
                                     (unsigned long long)eh_source_row(r->source, earlier->line)));
}

static bool is_choice(enum eh_ledger_column column, const char *text) {
  const char *const *choice = eh_ledger_choices(column);
  while (*choice && strcasecmp(*choice, text) != 0) choice++;
  return *choice != NULL;
}

static void doubt_texts(struct reading *r, const struct eh_ledger_row *row) {
  for (int c = 0; c < EH_LEDGER_COLUMNS; c++) {
    const char *text = row->texts[c], *name = eh_ledger_column_name((enum eh_ledger_column)c);
    int32_t day;
    if (!*text) continue;
    if (eh_ledger_is_date((enum eh_ledger_column)c) && !eh_ledger_day(text, &day))
      note(r, eh_arena_printf(r->arena, "%s is no date; it stays, and is not used", name));
    if (eh_ledger_choices((enum eh_ledger_column)c) &&
        !is_choice((enum eh_ledger_column)c, text))
      note(r, eh_arena_printf(r->arena, "%s is none of its choices; it stays, and is not used",
                              name));
  }
}

static struct eh_ledger_row *new_row(struct reading *r) {
  struct eh_ledger *ledger = r->ledger;
  if (ledger->count == r->rows_room) {
    struct eh_ledger_row *old = ledger->rows;
    r->rows_room = 2 * r->rows_room + 64;
    ledger->rows = eh_arena_alloc(r->arena, r->rows_room, sizeof *old);
    if (ledger->count) memcpy(ledger->rows, old, ledger->count * sizeof *old);
  }
  return &ledger->rows[ledger->count];
}

static enum eh_status take_row(struct reading *r, const struct eh_csv_record *record) {
  struct eh_ledger_row row = {.line = r->line};
  const char **others = eh_arena_alloc(r->arena, r->ledger->name_count, sizeof *others);
  size_t other = 0;
  bool filled = false;
  for (int c = 0; c < EH_LEDGER_COLUMNS; c++) row.texts[c] = "";
  if (record->field_count > r->field_count)
    return bad_line(r, "has more fields than the header");
  for (size_t i = 0; i < r->field_count; i++) {
    const char *text = i < record->field_count ? field_text(r, &record->fields[i]) : "";
    if (!text) return bad_line(r, "is text neither in UTF-8 nor in Windows-1252");
    filled |= *text != '\0';
    if (r->columns[i] == OTHER)
      others[other++] = text;
    else
      row.texts[r->columns[i]] = text;
  }
  row.others = others;
  if (!filled) return EH_OK;
  if (!*row.texts[EH_LEDGER_ID])
    note(r, "has no finding_id; it stays, and nothing is known of it");
  else
    EH_TRY(refuse_repeated(r, row.texts[EH_LEDGER_ID]));
  doubt_texts(r, &row);
  *new_row(r) = row;
  r->ledger->count++;
  return EH_OK;
}

/* --- the file --- */

static enum eh_status read_all(struct reading *r, struct eh_buffer *text) {
  const char *headers[EH_LEDGER_COLUMNS];
  for (int c = 0; c < EH_LEDGER_COLUMNS; c++)
    headers[c] = eh_ledger_column_name((enum eh_ledger_column)c);
  struct eh_wish wish = {
      .headers = headers, .header_count = EH_LEDGER_COLUMNS, .has_headers = true};
  EH_TRY(eh_source_open(&r->source, r->ledger->file, false, &wish, r->error));
  char *step = eh_alloc(STEP, 1);
  enum eh_status status = EH_OK;
  for (size_t got = STEP; got == STEP && status == EH_OK;) {
    status = eh_source_read(r->source, step, STEP, &got, r->error);
    if (status == EH_OK) eh_buffer_add(text, step, got);
  }
  free(step);
  return status;
}

/* What stands behind the first name. */
static char delimiter_of(const struct eh_buffer *text) {
  size_t line = strcspn(text->text, "\r\n"), best = 0;
  char delimiter = ',';
  for (const char *d = ",;\t"; *d; d++) {
    size_t count = 0;
    for (size_t i = 0; i < line; i++) count += text->text[i] == *d;
    if (count > best) best = count, delimiter = *d;
  }
  return delimiter;
}

static enum eh_status take_records(struct reading *r, const struct eh_buffer *text) {
  const char *next = text->text, *end = next + text->length;
  struct eh_csv *csv = eh_csv_new(delimiter_of(text), 0);
  enum eh_status status = EH_OK;
  r->line = 1;
  while (status == EH_OK) {
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, true, &record);
    r->line += record.blank_lines;
    if (outcome == EH_CSV_END) break;
    if (outcome != EH_CSV_RECORD)
      status = bad_line(r, eh_csv_problem_text(record.problem));
    else
      status = r->columns ? take_row(r, &record) : take_header(r, &record);
    r->line += record.lines;
  }
  eh_csv_free(csv);
  return status;
}

enum eh_status eh_ledger_read(struct eh_arena *arena, const char *file, struct eh_ledger *ledger,
                              struct eh_error *error) {
  struct reading r = {.arena = arena, .ledger = ledger, .error = error};
  struct eh_buffer text = {0};
  *ledger = (struct eh_ledger){.file = file};
  enum eh_status status = read_all(&r, &text);
  if (status == EH_OK && !text.length)
    status = eh_fail_at(error, EH_BAD_INPUT, file, 0, 0, "is empty; it needs a header line");
  if (status == EH_OK) status = take_records(&r, &text);
  eh_source_free(r.source);
  eh_buffer_free(&text);
  return status;
}
