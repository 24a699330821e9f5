#include "reports/package/package.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/digest.h"
#include "engine/base/temporaries.h"
#include "engine/load/containers/zip_writer.h"
#include "reports/data/json_stream.h"
#include "reports/words/safe.h"

static const char readme[] =
    "An audit of how consistently like cases were decided, with all that redoes it.\n"
    "\n"
    "  rules.yaml     the rules: what was compared, and what counts as a finding\n"
    "  audit.xlsx     the workbook, for readers\n"
    "  findings.json  the same figures, for programs\n"
    "  cells.csv      the counts that every figure rests on: no record, no person\n"
    "  figures.csv    what the cells alone give of every unit\n"
    "  verify.R       redoes that from the cells in R, and compares:  Rscript verify.R\n"
    "  manifest.json  program, day, options, and the SHA-256 of the records and of each file here\n"
    "\n"
    "    evenhand verify audit.zip               redoes every figure that follows from the cells\n"
    "    evenhand verify audit.zip records.csv   redoes everything from the records, to the byte\n"
    "\n"
    "The fingerprint that both print is the SHA-256 of manifest.json. Who notes it when the "
    "package\n"
    "is made can tell later that nothing in it was changed.\n";

const char *eh_package_member_name(enum eh_package_member member) {
  static const char *const names[EH_PACKAGE_MEMBERS] = {
      [EH_PACKAGE_README] = "README.txt",      [EH_PACKAGE_RULES] = "rules.yaml",
      [EH_PACKAGE_FINDINGS] = "findings.json", [EH_PACKAGE_CELLS] = "cells.csv",
      [EH_PACKAGE_FIGURES] = "figures.csv",    [EH_PACKAGE_SCRIPT] = "verify.R",
      [EH_PACKAGE_WORKBOOK] = "audit.xlsx"};
  return names[member];
}

static enum eh_status put_text(const char *text, size_t length, FILE *stream,
                               struct eh_error *error) {
  fwrite(text, 1, length, stream);
  return eh_stream_check(stream, "the package", error);
}

enum eh_status eh_package_write_member(const struct eh_audit *audit,
                                       const struct eh_report_context *context,
                                       enum eh_package_member member, FILE *stream,
                                       const char *path, struct eh_error *error) {
  switch (member) {
    case EH_PACKAGE_RULES:
      return put_text(audit->rules->text, audit->rules->text_length, stream, error);
    case EH_PACKAGE_FINDINGS:
      return eh_json_write(audit, context, stream, error);
    case EH_PACKAGE_CELLS:
      return eh_cells_write(audit, stream, error);
    case EH_PACKAGE_FIGURES:
      return eh_package_figures_write(audit, stream, error);
    case EH_PACKAGE_SCRIPT:
      return put_text(eh_package_script, strlen(eh_package_script), stream, error);
    case EH_PACKAGE_WORKBOOK:
      return eh_workbook_write(audit, context, path, error);
    default:
      return put_text(readme, sizeof readme - 1, stream, error);
  }
}

/* --- the manifest --- */

struct digests {
  char hex[EH_PACKAGE_MEMBERS][65];
  uint64_t bytes[EH_PACKAGE_MEMBERS];
};

static void set_option(json_t *object, const char *name, const char *text) {
  eh_json_set(object, name, text ? json_string(text) : json_null());
}

static json_t *options_object(struct eh_arena *arena, const struct eh_package_options *o) {
  json_t *object = eh_json_object();
  char delimiter[] = {o->delimiter, '\0'};
  eh_json_set_text(object, "records_from", o->asked);
  set_option(object, "delimiter", o->delimiter ? delimiter : NULL);
  eh_json_set_count(object, "skip_lines", o->skip_lines);
  set_option(object, "sheet", o->sheet ? eh_safe_utf8(arena, o->sheet) : NULL);
  eh_json_set(object, "reliability", json_boolean(o->reliability));
  eh_json_set(object, "no_reliability", json_boolean(o->no_reliability));
  eh_json_set(object, "libcsv", json_boolean(o->use_libcsv));
  eh_json_set(object, "scorecards", json_boolean(o->with_scorecards));
  eh_json_set(object, "pseudonyms", json_boolean(o->with_pseudonyms));
  return object;
}

static json_t *inputs_array(struct eh_arena *arena, const struct eh_account *account) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < account->input_count; i++) {
    json_t *object = eh_json_object();
    eh_json_set_text(object, "name", eh_safe_utf8(arena, account->inputs[i].name));
    eh_json_set_text(object, "sha256", account->inputs[i].sha256);
    eh_json_set_count(object, "bytes", account->inputs[i].bytes);
    eh_json_append(array, object);
  }
  return array;
}

static json_t *members_array(const struct digests *digests) {
  json_t *array = eh_json_array();
  for (int m = 0; m < EH_PACKAGE_MEMBERS; m++) {
    json_t *object = eh_json_object();
    eh_json_set_text(object, "name", eh_package_member_name((enum eh_package_member)m));
    eh_json_set_text(object, "sha256", digests->hex[m]);
    eh_json_set_count(object, "bytes", digests->bytes[m]);
    eh_json_append(array, object);
  }
  return array;
}

static enum eh_status write_manifest(const struct eh_audit *audit,
                                     const struct eh_report_context *context,
                                     const struct eh_package_options *options,
                                     const struct digests *digests, FILE *stream,
                                     struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  json_t *object = eh_json_object();
  eh_json_set_count(object, "package", EH_PACKAGE_FORMAT);
  eh_json_set_text(object, "evenhand", context->version);
  eh_json_set_text(object, "as_of", as_of);
  eh_json_set_text(object, "command", eh_safe_utf8(arena, context->command_line));
  eh_json_set_text(object, "rules", eh_safe_utf8(arena, audit->rules->file));
  eh_json_set(object, "options", options_object(arena, options));
  eh_json_set(object, "inputs", inputs_array(arena, audit->account));
  eh_json_set(object, "members", members_array(digests));
  int answer = json_dumpf(object, stream, JSON_INDENT(1));
  putc('\n', stream);
  json_decref(object);
  eh_arena_free(arena);
  if (answer != 0) return eh_fail(error, EH_MACHINE, "the manifest cannot be written");
  return eh_stream_check(stream, "the manifest", error);
}

/* --- the zip --- */

struct packing {
  const struct eh_audit *audit;
  const struct eh_report_context *context;
  const char *workbook;
  struct eh_zip_writer *zip;
  struct digests digests;
};

static enum eh_status no_room(struct eh_error *error) {
  return eh_fail(error, EH_MACHINE,
                 "a temporary file cannot be made; set TMPDIR to a folder with room");
}

static enum eh_status add_member(struct packing *p, enum eh_package_member member,
                                 struct eh_error *error) {
  bool is_workbook = member == EH_PACKAGE_WORKBOOK;
  if (is_workbook)
    EH_TRY(eh_package_write_member(p->audit, p->context, member, NULL, p->workbook, error));
  FILE *stream = is_workbook ? fopen(p->workbook, "rb") : eh_temporary_file();
  if (!stream) return no_room(error);
  enum eh_status status = EH_OK;
  if (!is_workbook)
    status = eh_package_write_member(p->audit, p->context, member, stream, NULL, error);
  if (status == EH_OK)
    status = eh_zip_writer_add(p->zip, eh_package_member_name(member), stream,
                               &p->digests.bytes[member], p->digests.hex[member], error);
  fclose(stream);
  return status;
}

static enum eh_status add_manifest(struct packing *p, const struct eh_package_options *options,
                                   char fingerprint[65], struct eh_error *error) {
  uint64_t bytes;
  FILE *stream = eh_temporary_file();
  if (!stream) return no_room(error);
  enum eh_status status = write_manifest(p->audit, p->context, options, &p->digests, stream, error);
  if (status == EH_OK)
    status = eh_zip_writer_add(p->zip, EH_PACKAGE_MANIFEST, stream, &bytes, fingerprint, error);
  fclose(stream);
  return status;
}

enum eh_status eh_package_write(const struct eh_audit *audit,
                                const struct eh_report_context *context,
                                const struct eh_package_options *options, const char *path,
                                const char *workbook, char fingerprint[65],
                                struct eh_error *error) {
  struct packing p = {.audit = audit, .context = context, .workbook = workbook};
  EH_TRY(eh_zip_writer_open(&p.zip, path, context->as_of, error));
  enum eh_status status = EH_OK;
  for (int m = 0; m < EH_PACKAGE_MEMBERS && status == EH_OK; m++)
    status = add_member(&p, (enum eh_package_member)m, error);
  if (status == EH_OK) status = add_manifest(&p, options, fingerprint, error);
  if (status != EH_OK) {
    eh_zip_writer_free(p.zip);
    return status;
  }
  return eh_zip_writer_close(p.zip, error);
}
