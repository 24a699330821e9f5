/* The rows of a sheet of an .ods. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/cell_text.h"
#include "engine/load/containers/ods.h"

enum { MOST_ROW_BYTES = 64 << 20, MOST_REPEATED_CELLS = 1 << 24 };

static const char *const calcext[] = {
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", NULL};
static const char *const drawing[] = {"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", NULL};

enum type { NONE, NUMBER, TEXT, BOOLEAN, DATE, TIME };

struct pending {
  uint32_t column, traits;
  size_t offset, length;
};

/* The style of so many columns whose cells state none. */
struct columns {
  uint32_t count;
  const char *style;
};

struct eh_ods_reading {
  struct eh_xml *xml;
  struct eh_zip *zip;
  const struct eh_ods_contents *contents;
  size_t wanted, sheet; /* the number of the sheet; of the one being parsed, from 1 */
  const struct eh_sheet_calls *calls;
  void *context;

  unsigned tables, ignored; /* open: tables within one another; elements that do not count */
  bool in_row, in_cell;
  uint32_t row, column; /* the next ones, from 0 */
  uint32_t row_repeats, cell_repeats;
  bool is_hidden, is_covered, is_error, has_formula;
  enum type type;
  struct eh_buffer value, style; /* of the cell; style: of the row's cells that state none */
  bool has_value;
  struct eh_number_format format;
  struct eh_ods_paragraphs paragraphs;
  struct eh_buffer bytes; /* of the row */
  struct pending *pending;
  struct eh_sheet_cell *cells;
  size_t count, capacity, row_bytes;
  struct columns *columns;
  size_t column_count, column_capacity;
  struct eh_arena *arena;
  uint32_t hidden_columns, columns_seen;
};

static const char *name_of(const struct eh_ods_reading *r) {
  return r->contents->sheets[r->wanted].name;
}

static void fail(struct eh_ods_reading *r, const struct eh_error *error) {
  eh_xml_fail(r->xml, error);
}

static void too_much(struct eh_ods_reading *r, uint64_t rows, uint64_t cells) {
  struct eh_error error;
  char shown[2][32];
  uint64_t numbers[2] = {rows, cells};
  for (int i = 0; i < 2; i++) { /* 1,048,500 */
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)numbers[i]), to = 0;
    for (int k = 0; k < length; k++) {
      if (k && (length - k) % 3 == 0) shown[i][to++] = ',';
      shown[i][to++] = digits[k];
    }
    shown[i][to] = '\0';
  }
  (void)!eh_fail_at(&error, EH_BAD_INPUT, eh_zip_file(r->zip), 0, 0,
                    "sheet \"%.100s\" repeats cells beyond what a sheet of records holds (%s rows "
                    "of %s cells); it is damaged or hostile",
                    name_of(r), shown[0], shown[1]);
  fail(r, &error);
}

static void damaged_cell(struct eh_ods_reading *r, const char *text, const char *what) {
  char column[4];
  struct eh_error error;
  eh_sheet_column_name(r->column, column);
  (void)!eh_zip_damaged(r->zip, &error, "sheet \"%.100s\", %s%u: \"%.60s\" %s", name_of(r), column,
                        r->row + 1, text, what);
  fail(r, &error);
}

static uint32_t repeats_of(const char **attributes, const char *name) {
  const char *value = eh_ods_attribute(attributes, eh_ods_table, name);
  unsigned long count = value ? strtoul(value, NULL, 10) : 1;
  return count == 0 ? 1 : count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

/* --- columns --- */

static void start_column(struct eh_ods_reading *r, const char **attributes) {
  const char *style = eh_ods_attribute(attributes, eh_ods_table, "default-cell-style-name"),
             *visibility = eh_ods_attribute(attributes, eh_ods_table, "visibility");
  uint32_t count = repeats_of(attributes, "number-columns-repeated");
  if (count > EH_MOST_COLUMNS) count = EH_MOST_COLUMNS;
  if (r->columns_seen >= EH_MOST_COLUMNS) return;
  if (r->column_count == r->column_capacity) {
    r->column_capacity = r->column_capacity ? 2 * r->column_capacity : 32;
    r->columns = eh_resize(r->columns, r->column_capacity, sizeof *r->columns);
  }
  r->columns[r->column_count++] =
      (struct columns){count, style ? eh_arena_string(r->arena, style) : NULL};
  r->columns_seen += count;
  bool goes_on = r->columns_seen < EH_MOST_COLUMNS;
  if (goes_on && visibility && strcmp(visibility, "visible") != 0) r->hidden_columns += count;
}

static const char *style_of_column(const struct eh_ods_reading *r, uint32_t column) {
  for (size_t i = 0; i < r->column_count; i++) {
    if (column < r->columns[i].count) return r->columns[i].style;
    column -= r->columns[i].count;
  }
  return NULL;
}

/* --- rows --- */

static void start_row(struct eh_ods_reading *r, const char **attributes) {
  const char *visibility = eh_ods_attribute(attributes, eh_ods_table, "visibility"),
             *style = eh_ods_attribute(attributes, eh_ods_table, "default-cell-style-name");
  r->in_row = true;
  r->column = 0;
  r->count = r->row_bytes = 0;
  r->bytes.length = r->style.length = 0;
  if (style) eh_buffer_puts(&r->style, style);
  r->row_repeats = repeats_of(attributes, "number-rows-repeated");
  r->is_hidden = visibility && strcmp(visibility, "visible") != 0;
}

static void end_row(struct eh_ods_reading *r) {
  r->in_row = false;
  uint32_t number = r->row + 1;
  struct eh_error error;
  if (r->count && (number > EH_MOST_ROWS || r->row_repeats > EH_MOST_ROWS - r->row ||
                   (r->row_repeats > 1 &&
                    (uint64_t)r->row_repeats * r->count > MOST_REPEATED_CELLS))) {
    too_much(r, r->row_repeats, r->count);
    return;
  }
  r->row = r->row_repeats > EH_MOST_ROWS - r->row ? EH_MOST_ROWS : r->row + r->row_repeats;
  if (r->count == 0) return;
  for (size_t i = 0; i < r->count; i++) {
    const struct pending *p = &r->pending[i];
    r->cells[i] = (struct eh_sheet_cell){p->column, p->traits, p->length,
                                         p->length ? r->bytes.text + p->offset : ""};
  }
  struct eh_sheet_row row = {number, r->row_repeats, r->is_hidden, r->count, r->cells};
  if (r->calls->row(r->context, &row, &error) != EH_OK) fail(r, &error);
}

/* --- cells --- */

static enum type type_of(const char *name) {
  static const struct {
    const char *name;
    enum type type;
  } types[] = {{"float", NUMBER},    {"currency", NUMBER}, {"percentage", NUMBER},
               {"string", TEXT},     {"boolean", BOOLEAN}, {"date", DATE},
               {"time", TIME}};
  for (size_t i = 0; name && i < sizeof types / sizeof types[0]; i++)
    if (strcmp(name, types[i].name) == 0) return types[i].type;
  return name ? TEXT : NONE;
}

static void take_value(struct eh_ods_reading *r, const char **attributes) {
  static const char *const names[] = {[NONE] = "string-value",     [NUMBER] = "value",
                                      [TEXT] = "string-value",     [BOOLEAN] = "boolean-value",
                                      [DATE] = "date-value",       [TIME] = "time-value"};
  const char *value = eh_ods_attribute(attributes, eh_ods_office, names[r->type]);
  r->value.length = 0;
  r->has_value = value != NULL;
  if (value) eh_buffer_puts(&r->value, value);
}

static void note_spans(struct eh_ods_reading *r, const char **attributes) {
  uint32_t columns = repeats_of(attributes, "number-columns-spanned"),
           rows = repeats_of(attributes, "number-rows-spanned");
  if ((columns == 1 && rows == 1) || !r->calls->merge || r->row >= EH_MOST_ROWS ||
      r->column >= EH_MOST_COLUMNS)
    return;
  if (rows > EH_MOST_ROWS - r->row) rows = EH_MOST_ROWS - r->row;
  if (columns > EH_MOST_COLUMNS - r->column) columns = EH_MOST_COLUMNS - r->column;
  struct eh_sheet_range range = {r->row, r->column, r->row + rows - 1, r->column + columns - 1};
  struct eh_error error;
  if (r->calls->merge(r->context, &range, &error) != EH_OK) fail(r, &error);
}

static void start_cell(struct eh_ods_reading *r, const char **attributes, bool is_covered) {
  const char *error_type = eh_ods_attribute(attributes, calcext, "value-type"),
             *style = eh_ods_attribute(attributes, eh_ods_table, "style-name");
  r->in_cell = true;
  r->is_covered = is_covered;
  r->cell_repeats = repeats_of(attributes, "number-columns-repeated");
  r->type = type_of(eh_ods_attribute(attributes, eh_ods_office, "value-type"));
  r->is_error = error_type && strcmp(error_type, "error") == 0;
  r->has_formula = eh_ods_attribute(attributes, eh_ods_table, "formula") != NULL;
  take_value(r, attributes);
  eh_ods_text_reset(&r->paragraphs);
  if (is_covered) return;
  note_spans(r, attributes);
  r->format = (struct eh_number_format){.kind = EH_PLAIN_NUMBER};
  if (r->type != NUMBER) return;
  if (!style && r->style.length) style = r->style.text;
  if (!style) style = style_of_column(r, r->column);
  if (style) r->format = eh_ods_format_of(r->contents, style);
}

/* The cell's text, into made or within its own; false after a failure. */
static bool make_text(struct eh_ods_reading *r, char *made, const char **text, size_t *length,
                      uint32_t *traits) {
  const char *value = r->value.length ? r->value.text : "";
  bool is_long = false, is_true = strcmp(value, "true") == 0;
  *text = made;
  switch (r->type) {
    case NUMBER:
      if (!eh_cell_is_number(value, r->value.length)) {
        damaged_cell(r, value, "is no number");
        return false;
      }
      *length = eh_cell_formatted(value, r->value.length, &r->format, 0, made, &is_long);
      if (is_long) *traits |= EH_CELL_LONG_NUMBER;
      return true;
    case BOOLEAN:
      *text = is_true ? "TRUE" : "FALSE";
      *length = is_true ? 4 : 5;
      return true;
    case DATE:
      *length = eh_cell_iso_date(value, r->value.length, false, made);
      return true;
    case TIME:
      *length = eh_cell_iso_duration(value, r->value.length, made);
      if (*length == 0) damaged_cell(r, value, "is no time");
      return *length > 0;
    default:
      break;
  }
  struct eh_buffer *own = r->has_value && !r->is_error ? &r->value : &r->paragraphs.text;
  *length = own->length;
  *text = own->length ? eh_cell_trim(own->text, length, false) : "";
  if (r->is_error) *traits |= EH_CELL_ERROR;
  return true;
}

static void add_cells(struct eh_ods_reading *r, const char *text, size_t length, uint32_t traits) {
  size_t offset = r->bytes.length;
  r->row_bytes += (size_t)r->cell_repeats * length;
  if (r->cell_repeats > EH_MOST_COLUMNS - r->column || r->row_bytes > MOST_ROW_BYTES) {
    too_much(r, r->row_repeats, (uint64_t)r->column + r->cell_repeats);
    return;
  }
  eh_buffer_add(&r->bytes, text, length);
  for (uint32_t i = 0; i < r->cell_repeats; i++) {
    if (r->count == r->capacity) {
      r->capacity = r->capacity ? 2 * r->capacity : 64;
      r->pending = eh_resize(r->pending, r->capacity, sizeof *r->pending);
      r->cells = eh_resize(r->cells, r->capacity, sizeof *r->cells);
    }
    r->pending[r->count++] = (struct pending){r->column + i, traits, offset, length};
  }
}

static void end_cell(struct eh_ods_reading *r) {
  char made[EH_NUMBER_TEXT];
  const char *text = "";
  size_t length = 0;
  uint32_t traits = 0;
  r->in_cell = false;
  bool is_shown = r->has_value || r->paragraphs.has_paragraph;
  if (!r->is_covered && r->has_formula && (r->type == NONE || (r->type != TEXT && !is_shown)))
    traits |= EH_CELL_NO_VALUE;
  else if (!r->is_covered && is_shown && !make_text(r, made, &text, &length, &traits))
    return;
  if (eh_cell_characters(text, length) > EH_LONGEST_CELL) {
    struct eh_error error;
    (void)!eh_zip_damaged(
        r->zip, &error, "a text of more than 32,767 characters, the most that a cell holds");
    fail(r, &error);
    return;
  }
  if (length || traits & EH_CELL_NO_VALUE) add_cells(r, text, length, traits);
  r->column = r->cell_repeats > EH_MOST_COLUMNS - r->column ? EH_MOST_COLUMNS
                                                            : r->column + r->cell_repeats;
}

/* --- the part --- */

static void start_in_cell(struct eh_ods_reading *r, const char *name, const char **attributes) {
  const char *local = eh_xml_local(name, eh_ods_text);
  const char *office = local ? NULL : eh_xml_local(name, eh_ods_office);
  bool is_ruby = local && strcmp(local, "ruby-text") == 0;
  if (is_ruby || (office && strcmp(office, "annotation") == 0) || eh_xml_local(name, drawing) ||
      eh_xml_local(name, eh_ods_table))
    r->ignored = 1;
  else if (local && (strcmp(local, "p") == 0 || strcmp(local, "h") == 0))
    eh_ods_text_begin(&r->paragraphs);
  else if (local && r->paragraphs.in_paragraph)
    eh_ods_text_element(&r->paragraphs, local, attributes);
}

static void start_in_table(struct eh_ods_reading *r, const char *local, const char **attributes) {
  if (r->in_row && strcmp(local, "table-cell") == 0)
    start_cell(r, attributes, false);
  else if (r->in_row && strcmp(local, "covered-table-cell") == 0)
    start_cell(r, attributes, true);
  else if (!r->in_row && strcmp(local, "table-row") == 0)
    start_row(r, attributes);
  else if (!r->in_row && strcmp(local, "table-column") == 0)
    start_column(r, attributes);
  else if (!r->in_row && strcmp(local, "shapes") == 0)
    r->ignored = 1;
}

static void start(void *context, const char *name, const char **attributes) {
  struct eh_ods_reading *r = context;
  if (r->ignored) {
    r->ignored++;
    return;
  }
  if (r->in_cell) {
    start_in_cell(r, name, attributes);
    return;
  }
  const char *local = eh_xml_local(name, eh_ods_table);
  if (!local) return;
  if (strcmp(local, "table") == 0) {
    if (r->tables++ == 0) r->sheet++;
  } else if (r->tables == 1 && r->sheet == r->wanted + 1) {
    start_in_table(r, local, attributes);
  }
}

static void end(void *context, const char *name) {
  struct eh_ods_reading *r = context;
  if (r->ignored) {
    r->ignored--;
    return;
  }
  const char *local = eh_xml_local(name, eh_ods_text);
  if (r->in_cell && local) {
    if (strcmp(local, "p") == 0 || strcmp(local, "h") == 0) eh_ods_text_end(&r->paragraphs);
    return;
  }
  local = eh_xml_local(name, eh_ods_table);
  if (!local) return;
  if (r->in_cell && (strcmp(local, "table-cell") == 0 || strcmp(local, "covered-table-cell") == 0))
    end_cell(r);
  else if (r->in_row && strcmp(local, "table-row") == 0)
    end_row(r);
  else if (strcmp(local, "table") == 0)
    r->tables--;
}

static void text(void *context, const char *bytes, int length) {
  struct eh_ods_reading *r = context;
  if (r->ignored || !r->in_cell || r->is_covered || !r->paragraphs.in_paragraph) return;
  eh_ods_text_add(&r->paragraphs, bytes, (size_t)length);
  if (r->paragraphs.text.length <= 8 * EH_LONGEST_CELL) return;
  struct eh_error error;
  (void)!eh_zip_damaged(
      r->zip, &error, "a text of more than 32,767 characters, the most that a cell holds");
  fail(r, &error);
}

enum eh_status eh_ods_begin_sheet(struct eh_ods_reading **reading, struct eh_zip *zip, size_t entry,
                                  const struct eh_ods_contents *contents, size_t sheet,
                                  const struct eh_sheet_calls *calls, void *context,
                                  struct eh_error *error) {
  static const struct eh_xml_calls own = {start, end, text};
  struct eh_ods_reading *r = *reading = eh_alloc_zeroed(1, sizeof *r);
  r->arena = eh_arena_new();
  r->zip = zip;
  r->contents = contents;
  r->wanted = sheet;
  r->calls = calls;
  r->context = context;
  return eh_xml_open(&r->xml, zip, entry, &own, r, error);
}

enum eh_status eh_ods_step_sheet(struct eh_ods_reading *r, bool *at_end, struct eh_error *error) {
  EH_TRY(eh_xml_step(r->xml, at_end, error));
  if (*at_end && r->hidden_columns && r->calls->hidden_columns)
    r->calls->hidden_columns(r->context, r->hidden_columns);
  return EH_OK;
}

void eh_ods_pause_sheet(struct eh_ods_reading *r) { eh_xml_pause(r->xml); }

void eh_ods_end_sheet(struct eh_ods_reading *r) {
  if (!r) return;
  eh_xml_free(r->xml);
  eh_buffer_free(&r->value);
  eh_buffer_free(&r->style);
  eh_buffer_free(&r->bytes);
  eh_buffer_free(&r->paragraphs.text);
  eh_arena_free(r->arena);
  free(r->pending);
  free(r->cells);
  free(r->columns);
  free(r);
}
