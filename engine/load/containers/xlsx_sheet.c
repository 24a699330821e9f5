/* The rows of a sheet of an .xlsx. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/cell_text.h"
#include "engine/load/containers/xlsx.h"

enum { MOST_ROW_BYTES = 64 << 20 };

/* A cell of the row being read; its text may still move. */
struct pending {
  uint32_t column, traits;
  const char *shared; /* NULL: in the row's own bytes */
  size_t offset, length;
};

enum type { NUMBER, SHARED, TEXT, BOOLEAN, ERROR_WORD, DATE, UNKNOWN };

struct eh_xlsx_reading {
  struct eh_xml *xml;
  struct eh_zip *zip;
  const char *sheet;
  struct eh_xlsx_meaning meaning;
  const struct eh_sheet_calls *calls;
  void *context;

  bool in_data, in_row, in_cell, in_value;
  unsigned in_phonetic;
  uint32_t row, last_row; /* from 1; 0: none */
  bool is_hidden, is_unsorted;
  uint32_t column, next_column;
  enum type type;
  size_t style;
  bool has_formula, has_value;
  size_t begin;           /* of the cell's text */
  struct eh_buffer bytes; /* of the row's texts */
  struct pending *pending;
  struct eh_sheet_cell *cells;
  size_t count, capacity;
  uint32_t hidden_columns;
  uint32_t *styles_of_columns; /* each and 1; NULL: none has one */
  uint32_t column_runs;
};

static void fail(struct eh_xlsx_reading *r, const struct eh_error *error) {
  eh_xml_fail(r->xml, error);
}

static const char *cell_name(const struct eh_xlsx_reading *r, char name[16]) {
  char column[4];
  eh_sheet_column_name(r->column, column);
  snprintf(name, 16, "%s%u", column, r->row);
  return name;
}

/* --- rows --- */

static int compare(const void *left, const void *right) {
  const struct pending *a = left, *b = right;
  return (a->column > b->column) - (a->column < b->column);
}

static void begin_row(struct eh_xlsx_reading *r, const char **attributes) {
  struct eh_error error;
  const char *number = eh_xml_attribute(attributes, "r"),
             *hidden = eh_xml_attribute(attributes, "hidden");
  char *end = NULL;
  unsigned long row = number ? strtoul(number, &end, 10) : r->last_row + 1UL;
  if ((number && (*end || number[0] < '0' || number[0] > '9')) || row < 1 || row > EH_MOST_ROWS) {
    (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\": \"%.40s\" is no row", r->sheet,
                          number ? number : "1048577");
    fail(r, &error);
    return;
  }
  if (row <= r->last_row) {
    (void)!eh_fail_at(&error, EH_BAD_INPUT, eh_zip_file(r->zip), 0, 0,
                      "sheet \"%.100s\" has its rows out of order (row %lu after row %u); open it "
                      "in Excel or LibreOffice, save it, and try again",
                      r->sheet, row, r->last_row);
    fail(r, &error);
    return;
  }
  r->in_row = true;
  r->row = r->last_row = (uint32_t)row;
  r->is_hidden = hidden && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
  r->next_column = 0;
  r->count = 0;
  r->bytes.length = 0;
  r->is_unsorted = false;
}

static void too_much(struct eh_xlsx_reading *r) {
  struct eh_error error;
  (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\": row %u has over %d MB of text", r->sheet,
                        r->row, MOST_ROW_BYTES >> 20);
  fail(r, &error);
}

static bool settle_cells(struct eh_xlsx_reading *r) {
  size_t bytes = 0;
  if (r->is_unsorted) qsort(r->pending, r->count, sizeof *r->pending, compare);
  for (size_t i = 0; i < r->count; i++) {
    const struct pending *p = &r->pending[i];
    bytes += p->length;
    if (i && p->column == p[-1].column) {
      char name[16];
      struct eh_error error;
      r->column = p->column;
      (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\": %s stands there twice", r->sheet,
                            cell_name(r, name));
      fail(r, &error);
      return false;
    }
    r->cells[i] = (struct eh_sheet_cell){
        p->column, p->traits, p->length,
        p->shared ? p->shared : p->length ? r->bytes.text + p->offset : ""};
  }
  if (bytes > MOST_ROW_BYTES) too_much(r);
  return bytes <= MOST_ROW_BYTES;
}

static void end_row(struct eh_xlsx_reading *r) {
  r->in_row = false;
  if (r->count == 0 || !settle_cells(r)) return;
  struct eh_error error;
  struct eh_sheet_row row = {r->row, 1, r->is_hidden, r->count, r->cells};
  if (r->calls->row(r->context, &row, &error) != EH_OK) fail(r, &error);
}

/* --- cells --- */

static enum type type_of(const char *type) {
  static const struct {
    const char *name;
    enum type type;
  } types[] = {{"n", NUMBER},       {"s", SHARED}, {"inlineStr", TEXT}, {"str", TEXT},
               {"b", BOOLEAN}, {"e", ERROR_WORD}, {"d", DATE}};
  if (!type) return NUMBER;
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
    if (strcmp(type, types[i].name) == 0) return types[i].type;
  return UNKNOWN;
}

/* Of a cell that states none: Excel would show it plainly, LibreOffice as its column; a date that a
   program put into a column of dates is a date. */
static size_t style_of_column(const struct eh_xlsx_reading *r) {
  uint32_t style = r->styles_of_columns ? r->styles_of_columns[r->column] : 0;
  return style ? style - 1 : 0;
}

static void begin_cell(struct eh_xlsx_reading *r, const char **attributes) {
  const char *reference = NULL, *style = NULL, *type = NULL;
  for (const char **a = attributes; *a; a += 2) {
    if (a[0][1]) continue;
    if (a[0][0] == 'r') reference = a[1];
    if (a[0][0] == 's') style = a[1];
    if (a[0][0] == 't') type = a[1];
  }
  uint32_t row = r->row - 1;
  r->column = r->next_column;
  if ((reference && !eh_sheet_cell_of(reference, strlen(reference), &row, &r->column)) ||
      row != r->row - 1 || r->column >= EH_MOST_COLUMNS) {
    struct eh_error error;
    (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\": \"%.40s\" is no cell%s", r->sheet,
                          reference ? reference : "XFE",
                          row != r->row - 1 && row < EH_MOST_ROWS ? " of its row" : "");
    fail(r, &error);
    return;
  }
  r->is_unsorted |= r->column < r->next_column;
  r->next_column = r->column + 1;
  r->in_cell = true;
  r->type = type_of(type);
  r->style = style ? strtoul(style, NULL, 10) : style_of_column(r);
  r->has_formula = r->has_value = false;
  r->begin = r->bytes.length;
}

static void add_cell(struct eh_xlsx_reading *r, const struct pending *cell) {
  if (r->count == r->capacity) {
    r->capacity = r->capacity ? 2 * r->capacity : 64;
    r->pending = eh_resize(r->pending, r->capacity, sizeof *r->pending);
    r->cells = eh_resize(r->cells, r->capacity, sizeof *r->cells);
  }
  r->pending[r->count++] = *cell;
}

/* what: behind the text, if there is one. */
static void damaged_cell(struct eh_xlsx_reading *r, const char *text, size_t length,
                         const char *what) {
  char name[16];
  struct eh_error error;
  const char *quote = text ? "\"" : "";
  (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\", %s: %s%.*s%s%s", r->sheet,
                        cell_name(r, name), quote, (int)(length < 60 ? length : 60),
                        text ? text : "", quote, what);
  fail(r, &error);
}

/* A text that several cells share. */
static bool take_shared(struct eh_xlsx_reading *r, struct pending *cell, const char *index,
                        size_t length) {
  const struct eh_xlsx_strings *s = r->meaning.strings;
  size_t number = 0, i = 0;
  for (; i < length && i < 10 && index[i] >= '0' && index[i] <= '9'; i++)
    number = number * 10 + (size_t)(index[i] - '0');
  if (i < length || length == 0 || number >= s->count) {
    damaged_cell(r, NULL, 0, "there is no such shared string");
    return false;
  }
  size_t begin = number ? s->ends[number - 1] : 0;
  cell->length = s->ends[number] - begin;
  cell->shared = cell->length ? s->bytes.text + begin : "";
  return true;
}

static bool take_text(struct eh_xlsx_reading *r, struct pending *cell) {
  if (cell->length > EH_LONGEST_CELL &&
      eh_cell_characters(r->bytes.text + r->begin, cell->length) > EH_LONGEST_CELL) {
    struct eh_error error;
    (void)!eh_xlsx_too_long(r->zip, &error);
    fail(r, &error);
    return false;
  }
  if (cell->length == 0) return true;
  char *trimmed = eh_cell_trim(r->bytes.text + r->begin, &cell->length, true);
  cell->offset = (size_t)(trimmed - r->bytes.text);
  return true;
}

/* Put made text in place of the cell's own. */
static void replace(struct eh_xlsx_reading *r, struct pending *cell, const char *text,
                    size_t length) {
  r->bytes.length = r->begin;
  eh_buffer_add(&r->bytes, text, length);
  cell->length = length;
}

static bool take_number(struct eh_xlsx_reading *r, struct pending *cell) {
  static const struct eh_number_format plain = {EH_PLAIN_NUMBER, false, false, false, NULL, 0};
  const struct eh_xlsx_styles *styles = r->meaning.styles;
  const char *text = r->bytes.text + r->begin;
  if (!eh_cell_is_number(text, cell->length)) {
    damaged_cell(r, text, cell->length, " is no number");
    return false;
  }
  bool is_long = false;
  char made[EH_NUMBER_TEXT];
  size_t length =
      eh_cell_formatted(text, cell->length,
                        r->style < styles->count ? &styles->formats[r->style] : &plain,
                        r->meaning.first_day, made, &is_long);
  replace(r, cell, made, length);
  if (is_long) cell->traits |= EH_CELL_LONG_NUMBER;
  if (r->has_formula && length == 1 && made[0] == '0') cell->traits |= EH_CELL_ZERO_FORMULA;
  return true;
}

static bool take_date(struct eh_xlsx_reading *r, struct pending *cell) {
  const struct eh_xlsx_styles *styles = r->meaning.styles;
  bool has_time = r->style < styles->count && styles->formats[r->style].has_time;
  char made[EH_NUMBER_TEXT];
  size_t length =
      eh_cell_iso_date(r->bytes.text + r->begin, cell->length, has_time, made);
  replace(r, cell, made, length);
  return true;
}

/* The value of a cell that has one. */
static bool take_value(struct eh_xlsx_reading *r, struct pending *cell) {
  if (r->type == TEXT) return take_text(r, cell);
  char *text = eh_cell_trim(r->bytes.text + r->begin, &cell->length, false);
  cell->offset = (size_t)(text - r->bytes.text);
  r->begin = cell->offset;
  switch (r->type) {
    case SHARED:
      return take_shared(r, cell, text, cell->length);
    case BOOLEAN:
      if (cell->length == 1 && text[0] == '1') replace(r, cell, "TRUE", 4);
      else if (cell->length == 1 && text[0] == '0') replace(r, cell, "FALSE", 5);
      return true;
    case ERROR_WORD:
      cell->traits |= EH_CELL_ERROR;
      return true;
    case DATE:
      return take_date(r, cell);
    case NUMBER:
      return take_number(r, cell);
    default:
      damaged_cell(r, text, cell->length, " is of a kind that no cell is");
      return false;
  }
}

static void end_cell(struct eh_xlsx_reading *r) {
  r->in_cell = false;
  struct pending cell = {.column = r->column,
                         .offset = r->begin,
                         .length = r->bytes.length - r->begin};
  bool is_empty = cell.length == 0;
  if (r->has_formula)
    cell.traits = is_empty && r->type != TEXT ? EH_CELL_NO_VALUE
                  : r->has_value || !is_empty ? EH_CELL_FORMULA
                                              : EH_CELL_NO_VALUE;
  if (!is_empty && !take_value(r, &cell)) return;
  if (cell.length || cell.traits & EH_CELL_NO_VALUE) add_cell(r, &cell);
}

/* --- the part --- */

static void note_style(struct eh_xlsx_reading *r, size_t from, size_t to, const char *style) {
  unsigned long number = strtoul(style, NULL, 10);
  if (number >= UINT32_MAX) return;
  if (!r->styles_of_columns)
    r->styles_of_columns = eh_alloc_zeroed(EH_MOST_COLUMNS, sizeof *r->styles_of_columns);
  for (size_t c = from; c <= to; c++) r->styles_of_columns[c - 1] = (uint32_t)number + 1;
}

static void note_columns(struct eh_xlsx_reading *r, const char **attributes) {
  const char *hidden = eh_xml_attribute(attributes, "hidden"),
             *style = eh_xml_attribute(attributes, "style"),
             *first = eh_xml_attribute(attributes, "min"),
             *last = eh_xml_attribute(attributes, "max");
  unsigned long from = first ? strtoul(first, NULL, 10) : 0, to = last ? strtoul(last, NULL, 10) : 0;
  if (from < 1 || from > to || to > EH_MOST_COLUMNS || ++r->column_runs > EH_MOST_COLUMNS) return;
  if (style) note_style(r, from, to, style);
  bool is_hidden = hidden && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
  if (is_hidden && to < EH_MOST_COLUMNS) r->hidden_columns += (uint32_t)(to - from + 1);
}

static void note_merge(struct eh_xlsx_reading *r, const char **attributes) {
  const char *reference = eh_xml_attribute(attributes, "ref");
  struct eh_sheet_range range;
  struct eh_error error;
  if (!reference || !eh_sheet_range_of(reference, &range)) {
    (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\": \"%.40s\" are no cells to merge",
                          r->sheet, reference ? reference : "");
    fail(r, &error);
  } else if (r->calls->merge && r->calls->merge(r->context, &range, &error) != EH_OK) {
    fail(r, &error);
  }
}

static void start_in_cell(struct eh_xlsx_reading *r, const char *local) {
  if (strcmp(local, "v") == 0) {
    r->in_value = true;
    r->has_value = true;
  } else if (strcmp(local, "t") == 0) {
    r->in_value = r->type == TEXT;
  } else if (strcmp(local, "f") == 0) {
    r->has_formula = true;
  } else if (strcmp(local, "rPh") == 0) {
    r->in_phonetic = 1;
  }
}

static void start(void *context, const char *name, const char **attributes) {
  struct eh_xlsx_reading *r = context;
  if (r->in_phonetic) {
    r->in_phonetic++;
    return;
  }
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (!local) return;
  if (r->in_cell)
    start_in_cell(r, local);
  else if (r->in_row && strcmp(local, "c") == 0)
    begin_cell(r, attributes);
  else if (r->in_data && !r->in_row && strcmp(local, "row") == 0)
    begin_row(r, attributes);
  else if (strcmp(local, "sheetData") == 0)
    r->in_data = true;
  else if (!r->in_data && strcmp(local, "mergeCell") == 0)
    note_merge(r, attributes);
  else if (!r->in_data && strcmp(local, "col") == 0)
    note_columns(r, attributes);
}

static void end(void *context, const char *name) {
  struct eh_xlsx_reading *r = context;
  r->in_value = false;
  if (r->in_phonetic) {
    r->in_phonetic--;
    return;
  }
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (!local) return;
  if (r->in_cell && strcmp(local, "c") == 0)
    end_cell(r);
  else if (r->in_row && !r->in_cell && strcmp(local, "row") == 0)
    end_row(r);
  else if (r->in_data && !r->in_row && strcmp(local, "sheetData") == 0)
    r->in_data = false;
}

static void text(void *context, const char *bytes, int length) {
  struct eh_xlsx_reading *r = context;
  if (!r->in_value || r->in_phonetic) return;
  eh_buffer_add(&r->bytes, bytes, (size_t)length);
  struct eh_error error;
  if (r->bytes.length - r->begin > 4 * EH_LONGEST_CELL) {
    (void)!eh_xlsx_too_long(r->zip, &error);
    fail(r, &error);
  } else if (r->bytes.length > MOST_ROW_BYTES) {
    too_much(r);
  }
}

enum eh_status eh_xlsx_begin_sheet(struct eh_xlsx_reading **reading, struct eh_zip *zip,
                                   size_t entry, const char *name,
                                   const struct eh_xlsx_meaning *meaning,
                                   const struct eh_sheet_calls *calls, void *context,
                                   struct eh_error *error) {
  static const struct eh_xml_calls own = {start, end, text};
  struct eh_xlsx_reading *r = *reading = eh_alloc_zeroed(1, sizeof *r);
  r->zip = zip;
  r->sheet = name;
  r->meaning = *meaning;
  r->calls = calls;
  r->context = context;
  return eh_xml_open(&r->xml, zip, entry, &own, r, error);
}

/* A part that cannot be parsed to its end: near which row. */
static enum eh_status say_where(const struct eh_xlsx_reading *r, struct eh_error *error) {
  size_t length = strlen(error->message);
  uint32_t row = r->in_row ? r->last_row - 1 : r->last_row;
  if (row && strstr(error->message, "not well-formed") && error->message[length - 1] == ')')
    snprintf(error->message + length - 1, sizeof error->message - length + 1, ", near row %u)",
             row);
  return error->code;
}

enum eh_status eh_xlsx_step_sheet(struct eh_xlsx_reading *r, bool *at_end,
                                  struct eh_error *error) {
  enum eh_status status = eh_xml_step(r->xml, at_end, error);
  if (status != EH_OK) return say_where(r, error);
  if (*at_end && r->hidden_columns && r->calls->hidden_columns)
    r->calls->hidden_columns(r->context, r->hidden_columns);
  return EH_OK;
}

void eh_xlsx_pause_sheet(struct eh_xlsx_reading *r) { eh_xml_pause(r->xml); }

void eh_xlsx_end_sheet(struct eh_xlsx_reading *r) {
  if (!r) return;
  eh_xml_free(r->xml);
  eh_buffer_free(&r->bytes);
  free(r->pending);
  free(r->cells);
  free(r->styles_of_columns);
  free(r);
}
