/* An .xlsx workbook (or .xlsm, whose macros are never looked at): its sheets, and what their cells
 * share. */
#include "engine/load/containers/xlsx.h"

#include <stdlib.h>
#include <string.h>

struct xlsx {
  struct eh_arena *arena;
  struct eh_zip *zip;
  const char *main; /* the workbook's part */
  struct eh_relations relations;
  struct eh_worksheet *sheets;
  const char **parts;  /* by sheet */
  const char **ids;    /* by sheet: of its relationship */
  size_t sheet_count, capacity;
  bool is_1904, calculates;
  struct eh_xlsx_strings strings;
  struct eh_xlsx_styles styles;
  struct eh_xlsx_reading *reading;
  struct eh_xml *xml; /* while the workbook's own part is parsed */
};

static bool is_true(const char *value) {
  return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* --- the workbook's own part --- */

static void grow(struct xlsx *x) {
  size_t capacity = x->capacity ? 2 * x->capacity : 16;
  struct eh_worksheet *sheets = eh_arena_alloc(x->arena, capacity, sizeof *sheets);
  const char **ids = eh_arena_alloc(x->arena, capacity, sizeof *ids);
  if (x->sheet_count) {
    memcpy(sheets, x->sheets, x->sheet_count * sizeof *sheets);
    memcpy(ids, x->ids, x->sheet_count * sizeof *ids);
  }
  x->sheets = sheets;
  x->ids = ids;
  x->capacity = capacity;
}

static void add_sheet(struct xlsx *x, const char **attributes) {
  static const char *const spaces[] = {
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
      "http://purl.oclc.org/ooxml/officeDocument/relationships", NULL};
  const char *name = eh_xml_attribute(attributes, "name"), *id = NULL;
  const char *state = eh_xml_attribute(attributes, "state");
  for (const char **a = attributes; *a; a += 2) {
    const char *local = eh_xml_local(a[0], spaces);
    if (local && strcmp(local, "id") == 0) id = a[1];
  }
  if (!name || !id) return;
  if (x->sheet_count == x->capacity) grow(x);
  x->ids[x->sheet_count] = eh_arena_string(x->arena, id);
  x->sheets[x->sheet_count++] =
      (struct eh_worksheet){.name = eh_arena_string(x->arena, name),
                        .visibility = state && strcmp(state, "visible") != 0 ? EH_HIDDEN
                                                                             : EH_VISIBLE};
}

static void start_workbook(void *context, const char *name, const char **attributes) {
  struct xlsx *x = context;
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (!local) return;
  if (strcmp(local, "sheet") == 0) add_sheet(x, attributes);
  if (strcmp(local, "workbookPr") == 0)
    x->is_1904 = is_true(eh_xml_attribute(attributes, "date1904"));
  if (strcmp(local, "calcPr") == 0)
    x->calculates = is_true(eh_xml_attribute(attributes, "fullCalcOnLoad"));
}

/* --- table objects --- */

struct table {
  struct eh_xml *xml;
  struct eh_sheet_range range;
  bool is_sound;
};

static void start_table(void *context, const char *name, const char **attributes) {
  struct table *t = context;
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (!local || strcmp(local, "table") != 0) return;
  const char *range = eh_xml_attribute(attributes, "ref"),
             *headers = eh_xml_attribute(attributes, "headerRowCount"),
             *totals = eh_xml_attribute(attributes, "totalsRowCount");
  unsigned long below = totals ? strtoul(totals, NULL, 10) : 0;
  t->is_sound = range && eh_sheet_range_of(range, &t->range) &&
                !(headers && strcmp(headers, "0") == 0) &&
                below <= t->range.bottom - t->range.top;
  if (t->is_sound) t->range.bottom -= (uint32_t)below;
}

/* The range of a sheet's only table object. */
static enum eh_status find_table(struct xlsx *x, size_t sheet, struct eh_error *error) {
  static const struct eh_xml_calls calls = {.start = start_table};
  struct eh_relations relations;
  const struct eh_relation *only = NULL;
  size_t tables = 0, entry;
  EH_TRY(eh_xlsx_relations(x->arena, x->zip, x->parts[sheet], &relations, error));
  for (size_t i = 0; i < relations.count; i++)
    if (strcmp(relations.items[i].type, "table") == 0 && relations.items[i].part) {
      only = &relations.items[i];
      tables++;
    }
  if (tables != 1) return EH_OK;
  struct table table = {0};
  EH_TRY(eh_xlsx_part(x->zip, only->part, &entry, error));
  EH_TRY(eh_xml_parse(&table.xml, x->zip, entry, &calls, &table, error));
  x->sheets[sheet].has_table = table.is_sound;
  x->sheets[sheet].table = table.range;
  return EH_OK;
}

static enum eh_status find_parts(struct xlsx *x, struct eh_error *error) {
  x->parts = eh_arena_alloc(x->arena, x->sheet_count, sizeof *x->parts);
  for (size_t i = 0; i < x->sheet_count; i++) {
    const struct eh_relation *r = eh_xlsx_relation(&x->relations, NULL, x->ids[i]);
    if (!r || !r->part)
      return eh_zip_damaged(x->zip, error, "its sheet \"%.100s\" has no part", x->sheets[i].name);
    x->parts[i] = r->part;
    x->sheets[i].is_chart = strcmp(r->type, "worksheet") != 0;
    if (!x->sheets[i].is_chart) EH_TRY(find_table(x, i, error));
  }
  return EH_OK;
}

/* --- opening --- */

/* A part of a kind that a workbook may lack. */
static enum eh_status find_shared(struct xlsx *x, const char *type, size_t *entry,
                                  struct eh_error *error) {
  *entry = SIZE_MAX;
  const struct eh_relation *r = eh_xlsx_relation(&x->relations, type, NULL);
  return r && r->part ? eh_xlsx_part(x->zip, r->part, entry, error) : EH_OK;
}

static enum eh_status open_parts(struct xlsx *x, struct eh_error *error) {
  static const struct eh_xml_calls calls = {.start = start_workbook};
  struct eh_relations package;
  size_t entry;
  EH_TRY(eh_xlsx_relations(x->arena, x->zip, "", &package, error));
  const struct eh_relation *main = eh_xlsx_relation(&package, "officeDocument", NULL);
  if (!main || !main->part) return eh_zip_damaged(x->zip, error, "it names no workbook");
  x->main = main->part;
  EH_TRY(eh_xlsx_part(x->zip, x->main, &entry, error));
  EH_TRY(eh_xml_parse(&x->xml, x->zip, entry, &calls, x, error));
  EH_TRY(eh_xlsx_relations(x->arena, x->zip, x->main, &x->relations, error));
  EH_TRY(find_parts(x, error));
  EH_TRY(find_shared(x, "styles", &entry, error));
  if (entry != SIZE_MAX) EH_TRY(eh_xlsx_read_styles(x->arena, &x->styles, x->zip, entry, error));
  EH_TRY(find_shared(x, "sharedStrings", &entry, error));
  return entry == SIZE_MAX ? EH_OK : eh_xlsx_read_strings(&x->strings, x->zip, entry, error);
}

static void free_xlsx(struct eh_workbook *workbook) {
  struct xlsx *x = (struct xlsx *)workbook;
  if (!x) return;
  eh_xlsx_end_sheet(x->reading);
  eh_xlsx_free_strings(&x->strings);
  eh_arena_free(x->arena);
}

static enum eh_status open_xlsx(struct eh_workbook **workbook, struct eh_zip *zip,
                                struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct xlsx *x = eh_arena_alloc(arena, 1, sizeof *x);
  *workbook = (struct eh_workbook *)x;
  x->arena = arena;
  x->zip = zip;
  enum eh_status status = open_parts(x, error);
  if (status == EH_OK) return EH_OK;
  free_xlsx(*workbook);
  *workbook = NULL;
  return status;
}

static size_t count_sheets(const struct eh_workbook *w) {
  return ((const struct xlsx *)w)->sheet_count;
}

static const struct eh_worksheet *sheet_of(const struct eh_workbook *w, size_t sheet) {
  return &((const struct xlsx *)w)->sheets[sheet];
}

static bool calculates(const struct eh_workbook *w) { return ((const struct xlsx *)w)->calculates; }

static enum eh_status begin(struct eh_workbook *workbook, size_t sheet,
                            const struct eh_sheet_calls *calls, void *context,
                            struct eh_error *error) {
  struct xlsx *x = (struct xlsx *)workbook;
  enum { DAYS_TO_1904 = 1462 };
  struct eh_xlsx_meaning meaning = {&x->strings, &x->styles, x->is_1904 ? DAYS_TO_1904 : 0};
  size_t entry;
  eh_xlsx_end_sheet(x->reading);
  x->reading = NULL;
  EH_TRY(eh_xlsx_part(x->zip, x->parts[sheet], &entry, error));
  return eh_xlsx_begin_sheet(&x->reading, x->zip, entry, x->sheets[sheet].name, &meaning, calls,
                             context, error);
}

static enum eh_status step(struct eh_workbook *workbook, bool *at_end, struct eh_error *error) {
  return eh_xlsx_step_sheet(((struct xlsx *)workbook)->reading, at_end, error);
}

static void pause_reading(struct eh_workbook *workbook) {
  eh_xlsx_pause_sheet(((struct xlsx *)workbook)->reading);
}

const struct eh_workbook_format eh_xlsx_format = {
    "workbook", open_xlsx, free_xlsx, count_sheets, sheet_of, calculates, begin, step,
    pause_reading};
