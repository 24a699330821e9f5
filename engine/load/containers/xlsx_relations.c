/* Which part of an .xlsx stands where. */
#include <string.h>

#include "engine/load/containers/xlsx.h"

const char *const eh_xlsx_main[] = {"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                                    "http://purl.oclc.org/ooxml/spreadsheetml/main", NULL};
const char *const eh_xlsx_package[] = {
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://purl.oclc.org/ooxml/package/relationships", NULL};

struct reading {
  struct eh_xml *xml;
  struct eh_arena *arena;
  const char *part;
  struct eh_relations *relations;
  size_t capacity;
};

/* Add the segments of a path, with . and .. resolved. */
static void add_segments(struct eh_buffer *path, const char *text, size_t length) {
  const char *end = text + length;
  while (text < end) {
    size_t run = strcspn(text, "/\\");
    if (run > (size_t)(end - text)) run = (size_t)(end - text);
    bool is_up = run == 2 && memcmp(text, "..", 2) == 0;
    if (is_up) {
      const char *slash = path->length ? memrchr(path->text, '/', path->length) : NULL;
      path->length = slash ? (size_t)(slash - path->text) : 0;
    } else if (run && !(run == 1 && *text == '.')) {
      if (path->length) eh_buffer_puts(path, "/");
      eh_buffer_add(path, text, run);
    }
    text += run + 1;
  }
}

/* A target as the part writes it, from the root of the package. */
static const char *resolve(struct eh_arena *arena, const char *part, const char *target) {
  struct eh_buffer path = {0};
  const char *slash = strrchr(part, '/');
  if (slash && target[0] != '/' && target[0] != '\\')
    add_segments(&path, part, (size_t)(slash - part));
  add_segments(&path, target, strlen(target));
  const char *resolved = eh_arena_copy(arena, path.text ? path.text : "", path.length);
  eh_buffer_free(&path);
  return resolved;
}

static void start(void *context, const char *name, const char **attributes) {
  struct reading *r = context;
  const char *local = eh_xml_local(name, eh_xlsx_package);
  if (!local || strcmp(local, "Relationship") != 0) return;
  const char *id = eh_xml_attribute(attributes, "Id"),
             *type = eh_xml_attribute(attributes, "Type"),
             *target = eh_xml_attribute(attributes, "Target"),
             *mode = eh_xml_attribute(attributes, "TargetMode");
  if (!id || !type || !target) return;
  struct eh_relations *all = r->relations;
  if (all->count == r->capacity) {
    size_t capacity = r->capacity ? 2 * r->capacity : 16;
    struct eh_relation *items = eh_arena_alloc(r->arena, capacity, sizeof *items);
    if (all->count) memcpy(items, all->items, all->count * sizeof *items);
    all->items = items;
    r->capacity = capacity;
  }
  const char *slash = strrchr(type, '/');
  bool is_outside = mode && strcmp(mode, "External") == 0;
  all->items[all->count++] = (struct eh_relation){
      eh_arena_string(r->arena, id), eh_arena_string(r->arena, slash ? slash + 1 : type),
      is_outside ? NULL : resolve(r->arena, r->part, target)};
}

enum eh_status eh_xlsx_relations(struct eh_arena *arena, struct eh_zip *zip, const char *part,
                                 struct eh_relations *relations, struct eh_error *error) {
  static const struct eh_xml_calls calls = {.start = start};
  *relations = (struct eh_relations){0};
  struct reading r = {.arena = arena, .part = part, .relations = relations};
  const char *slash = strrchr(part, '/'), *base = slash ? slash + 1 : part;
  size_t entry = eh_zip_find(
      zip, eh_arena_printf(arena, "%.*s_rels/%s.rels", (int)(base - part), part, base));
  if (entry == SIZE_MAX) return EH_OK;
  return eh_xml_parse(&r.xml, zip, entry, &calls, &r, error);
}

const struct eh_relation *eh_xlsx_relation(const struct eh_relations *relations, const char *type,
                                           const char *id) {
  for (size_t i = 0; i < relations->count; i++) {
    const struct eh_relation *one = &relations->items[i];
    if (id ? strcmp(one->id, id) == 0 : strcmp(one->type, type) == 0) return one;
  }
  return NULL;
}

enum eh_status eh_xlsx_part(const struct eh_zip *zip, const char *part, size_t *entry,
                            struct eh_error *error) {
  *entry = eh_zip_find(zip, part);
  if (*entry == SIZE_MAX)
    return eh_zip_damaged(zip, error, "its part %.300s is missing", part);
  return EH_OK;
}
