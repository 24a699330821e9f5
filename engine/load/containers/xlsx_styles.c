/* How the numbers of an .xlsx are shown, as far as that tells what they are. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/xlsx.h"

struct named {
  unsigned long id;
  struct eh_number_format format;
};

struct reading {
  struct eh_xml *xml;
  struct eh_arena *arena;
  bool in_formats, in_cells;
  struct named *named;
  size_t named_count, named_capacity, capacity;
  struct eh_xlsx_styles *styles;
};

static void add_format(struct reading *r, const char **attributes) {
  const char *id = eh_xml_attribute(attributes, "numFmtId"),
             *code = eh_xml_attribute(attributes, "formatCode");
  if (!id || !code) return;
  if (r->named_count == r->named_capacity) {
    r->named_capacity = r->named_capacity ? 2 * r->named_capacity : 32;
    r->named = eh_resize(r->named, r->named_capacity, sizeof *r->named);
  }
  r->named[r->named_count++] = (struct named){
      strtoul(id, NULL, 10), eh_number_format_of(eh_arena_string(r->arena, code))};
}

/* Declared twice, the last holds; a declared one comes before one that every workbook has. */
static struct eh_number_format format_of(const struct reading *r, unsigned long id) {
  for (size_t i = r->named_count; i > 0; i--)
    if (r->named[i - 1].id == id) return r->named[i - 1].format;
  return eh_number_format_built_in(id);
}

static void add_style(struct reading *r, const char **attributes) {
  const char *id = eh_xml_attribute(attributes, "numFmtId");
  struct eh_xlsx_styles *s = r->styles;
  if (s->count == r->capacity) {
    size_t capacity = r->capacity ? 2 * r->capacity : 64;
    struct eh_number_format *formats = eh_arena_alloc(r->arena, capacity, sizeof *formats);
    if (s->count) memcpy(formats, s->formats, s->count * sizeof *formats);
    s->formats = formats;
    r->capacity = capacity;
  }
  s->formats[s->count++] = format_of(r, id ? strtoul(id, NULL, 10) : 0);
}

static void start(void *context, const char *name, const char **attributes) {
  struct reading *r = context;
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (!local) return;
  if (strcmp(local, "numFmts") == 0) r->in_formats = true;
  if (strcmp(local, "cellXfs") == 0) r->in_cells = true;
  if (r->in_formats && strcmp(local, "numFmt") == 0) add_format(r, attributes);
  if (r->in_cells && strcmp(local, "xf") == 0) add_style(r, attributes);
}

static void end(void *context, const char *name) {
  struct reading *r = context;
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (!local) return;
  if (strcmp(local, "numFmts") == 0) r->in_formats = false;
  if (strcmp(local, "cellXfs") == 0) r->in_cells = false;
}

enum eh_status eh_xlsx_read_styles(struct eh_arena *arena, struct eh_xlsx_styles *styles,
                                   struct eh_zip *zip, size_t entry, struct eh_error *error) {
  static const struct eh_xml_calls calls = {.start = start, .end = end};
  struct reading r = {.arena = arena, .styles = styles};
  enum eh_status status = eh_xml_parse(&r.xml, zip, entry, &calls, &r, error);
  free(r.named);
  return status;
}
