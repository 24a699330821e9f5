#include "reports/package/read.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/digest.h"
#include "engine/load/containers/zip.h"

struct reading {
  struct eh_arena *arena;
  struct eh_package *package;
  struct eh_package_text manifest;
  struct eh_error *error;
};

/* --- the zip --- */

static enum eh_status read_at(void *context, uint64_t offset, char *buffer, size_t wanted,
                              size_t *got, struct eh_error *error) {
  FILE *file = context;
  *got = fseeko(file, (off_t)offset, SEEK_SET) == 0 ? fread(buffer, 1, wanted, file) : 0;
  return ferror(file) ? eh_fail(error, EH_BAD_INPUT, "cannot be read") : EH_OK;
}

static enum eh_status unpack(struct reading *r, struct eh_zip *zip, size_t entry,
                             struct eh_package_text *text) {
  enum { STEP = 1 << 18 };
  struct eh_buffer buffer = {0};
  char *step = eh_alloc(STEP, 1);
  size_t got = STEP;
  enum eh_status status = eh_zip_begin(zip, entry, r->error);
  while (status == EH_OK && got > 0) {
    status = eh_zip_read(zip, step, STEP, &got, r->error);
    if (status == EH_OK && got) eh_buffer_add(&buffer, step, got);
  }
  if (status == EH_OK)
    *text = (struct eh_package_text){
        eh_arena_copy(r->arena, buffer.text ? buffer.text : "", buffer.length), buffer.length};
  eh_buffer_free(&buffer);
  free(step);
  return status;
}

static struct eh_package_text *place_of(struct reading *r, const char *name) {
  if (strcmp(name, EH_PACKAGE_MANIFEST) == 0) return &r->manifest;
  for (int m = 0; m < EH_PACKAGE_MEMBERS; m++)
    if (strcmp(name, eh_package_member_name((enum eh_package_member)m)) == 0)
      return &r->package->members[m];
  return NULL;
}

/* "FILE: what is wrong", where name tells of what. */
static enum eh_status refuse(const struct reading *r, const char *before, const char *name,
                             const char *after) {
  return eh_fail_at(r->error, EH_BAD_INPUT, r->package->file, 0, 0, "%s%.100s%s", before, name,
                    after);
}

static enum eh_status unpack_all(struct reading *r, struct eh_zip *zip) {
  for (size_t i = 0; i < eh_zip_count(zip); i++) {
    const char *name = eh_zip_name(zip, i);
    struct eh_package_text *text = place_of(r, name);
    if (!text) return refuse(r, "is no evidence package: ", name, " is no part of one");
    if (text->text) return refuse(r, "holds ", name, " twice; a package holds each file once");
    if (eh_zip_is_encrypted(zip, i))
      return refuse(r, "has ", name, " encrypted; unpack it with its password and pack it anew");
    EH_TRY(unpack(r, zip, i, text));
  }
  if (!r->manifest.text)
    return refuse(r, "is no evidence package: it has no ", EH_PACKAGE_MANIFEST, "");
  for (int m = 0; m < EH_PACKAGE_MEMBERS; m++)
    if (!r->package->members[m].text)
      return refuse(r, "lacks ", eh_package_member_name((enum eh_package_member)m),
                    ", which belongs to a package");
  return EH_OK;
}

static enum eh_status read_zip(struct reading *r) {
  struct eh_zip *zip;
  FILE *file = fopen(r->package->file, "rb");
  if (!file) return refuse(r, "cannot be opened: ", strerror(errno), "");
  struct eh_stored stored = {.name = r->package->file, .context = file, .read_at = read_at};
  off_t size = fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : -1;
  enum eh_status status = size > 0 ? EH_OK : refuse(r, "is no zip", "", "");
  stored.size = size > 0 ? (uint64_t)size : 0;
  if (status == EH_OK) status = eh_zip_open(&zip, &stored, r->error);
  if (status == EH_OK) {
    eh_zip_call(zip, "package");
    status = unpack_all(r, zip);
    eh_zip_free(zip);
  }
  fclose(file);
  return status;
}

/* --- the manifest --- */

static const char *text_of(const struct reading *r, json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? eh_arena_string(r->arena, text) : NULL;
}

static void take_options(const struct reading *r, json_t *from, struct eh_package_options *o) {
  const char *delimiter = text_of(r, from, "delimiter");
  json_int_t skipped = json_integer_value(json_object_get(from, "skip_lines"));
  *o = (struct eh_package_options){
      .delimiter = delimiter ? *delimiter : '\0',
      .skip_lines = skipped > 0 ? (uint64_t)skipped : 0,
      .sheet = text_of(r, from, "sheet"),
      .reliability = json_is_true(json_object_get(from, "reliability")),
      .no_reliability = json_is_true(json_object_get(from, "no_reliability")),
      .use_libcsv = json_is_true(json_object_get(from, "libcsv")),
      .with_scorecards = json_is_true(json_object_get(from, "scorecards")),
      .with_pseudonyms = json_is_true(json_object_get(from, "pseudonyms")),
      .asked = text_of(r, from, "records_from")};
}

static void take_inputs(const struct reading *r, json_t *list) {
  struct eh_package *p = r->package;
  struct eh_package_input *inputs = eh_arena_alloc(r->arena, json_array_size(list), sizeof *inputs);
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    const char *name = text_of(r, item, "name"), *sha256 = text_of(r, item, "sha256");
    inputs[i] = (struct eh_package_input){name ? name : "", sha256 ? sha256 : ""};
  }
  p->inputs = inputs;
  p->input_count = json_array_size(list);
}

/* Has each member the digest and length that the manifest states? */
static void hold_members(const struct reading *r, json_t *list) {
  struct eh_package *p = r->package;
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    const char *name = json_string_value(json_object_get(item, "name"));
    const char *stated = json_string_value(json_object_get(item, "sha256"));
    json_int_t bytes = json_integer_value(json_object_get(item, "bytes"));
    for (int m = 0; name && stated && m < EH_PACKAGE_MEMBERS; m++) {
      char hex[65];
      if (strcmp(name, eh_package_member_name((enum eh_package_member)m)) != 0) continue;
      eh_digest_of(p->members[m].text, p->members[m].length, hex);
      p->is_stated[m] = strcmp(hex, stated) == 0 && (uint64_t)bytes == p->members[m].length;
    }
  }
}

static enum eh_status take_manifest(struct reading *r, json_t *root) {
  struct eh_package *p = r->package;
  const char *as_of = text_of(r, root, "as_of");
  p->version = text_of(r, root, "evenhand");
  p->command = text_of(r, root, "command");
  p->rules = text_of(r, root, "rules");
  take_options(r, json_object_get(root, "options"), &p->options);
  take_inputs(r, json_object_get(root, "inputs"));
  hold_members(r, json_object_get(root, "members"));
  bool is_whole = as_of && eh_date_parse(as_of, strlen(as_of), "%Y-%m-%d", &p->as_of) &&
                  p->version && p->command && p->rules && p->options.asked;
  if (!is_whole) return refuse(r, "has a manifest that lacks something", "", "");
  if (json_integer_value(json_object_get(root, "package")) != EH_PACKAGE_FORMAT)
    return refuse(r, "is a package of another form; verify it with the evenhand that made it", "",
                  "");
  return EH_OK;
}

enum eh_status eh_package_read(struct eh_arena *arena, const char *file, struct eh_package *package,
                               struct eh_error *error) {
  struct reading r = {.arena = arena, .package = package, .error = error};
  *package = (struct eh_package){.file = file};
  EH_TRY(read_zip(&r));
  eh_digest_of(r.manifest.text, r.manifest.length, package->fingerprint);
  json_t *root = json_loadb(r.manifest.text, r.manifest.length, JSON_REJECT_DUPLICATES, NULL);
  enum eh_status status = json_is_object(root)
                              ? take_manifest(&r, root)
                              : refuse(&r, "has a manifest that is no JSON", "", "");
  json_decref(root);
  return status;
}
