#include "engine/load/containers/package.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/load/containers/refusals.h"
#include "engine/load/containers/xlsx.h"

static enum eh_status refuse(const struct eh_zip *zip, const char *why, struct eh_error *error) {
  return eh_fail_at(error, EH_BAD_INPUT, eh_zip_file(zip), 0, 0, "%s", why);
}

static bool begins(const char *text, const char *word) {
  return strncasecmp(text, word, strlen(word)) == 0;
}

static bool ends(const char *text, const char *word) {
  size_t length = strlen(text), letters = strlen(word);
  return length >= letters && strcasecmp(text + length - letters, word) == 0;
}

/* --- Office Open XML --- */

static enum eh_status judge_office(struct eh_zip *zip, struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_relations relations;
  enum eh_status status = eh_xlsx_relations(arena, zip, "", &relations, error);
  const struct eh_relation *main =
      status == EH_OK ? eh_xlsx_relation(&relations, "officeDocument", NULL) : NULL;
  const char *part = main && main->part ? main->part : "";
  if (ends(part, ".bin"))
    status = refuse(zip,
                    "is a binary workbook (.xlsb), which evenhand does not read; open it in Excel "
                    "or LibreOffice and save it as .xlsx or CSV",
                    error);
  else if (begins(part, "word/"))
    status = refuse(zip, "is a Word document, not a workbook", error);
  else if (begins(part, "ppt/"))
    status = refuse(zip, "is a PowerPoint presentation, not a workbook", error);
  eh_arena_free(arena);
  return status;
}

/* --- OpenDocument --- */

static const char *const manifest_space[] = {
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0", NULL};

struct manifest {
  struct eh_xml *xml;
  bool is_encrypted;
};

static void start_manifest(void *context, const char *name, const char **attributes) {
  (void)attributes;
  struct manifest *m = context;
  const char *local = eh_xml_local(name, manifest_space);
  m->is_encrypted |= local && strcmp(local, "encryption-data") == 0;
}

static enum eh_status check_manifest(struct eh_zip *zip, struct eh_error *error) {
  static const struct eh_xml_calls calls = {.start = start_manifest};
  struct manifest m = {0};
  size_t entry = eh_zip_find(zip, "META-INF/manifest.xml");
  if (entry == SIZE_MAX) return EH_OK;
  EH_TRY(eh_xml_parse(&m.xml, zip, entry, &calls, &m, error));
  return m.is_encrypted ? eh_refuse_encrypted(eh_zip_file(zip), error) : EH_OK;
}

/* What the body of content.xml is. */
static const char *const office_space[] = {"urn:oasis:names:tc:opendocument:xmlns:office:1.0",
                                           NULL};
struct body {
  struct eh_xml *xml;
  bool in_body, is_known;
  char kind[40];
};

static void start_body(void *context, const char *name, const char **attributes) {
  (void)attributes;
  struct body *b = context;
  const char *local = eh_xml_local(name, office_space);
  if (b->in_body && !b->is_known) {
    b->is_known = true;
    snprintf(b->kind, sizeof b->kind, "%s", local ? local : "");
    eh_xml_pause(b->xml);
  }
  b->in_body |= local && strcmp(local, "body") == 0;
}

static enum eh_status judge_kind(const struct eh_zip *zip, const char *kind,
                                 struct eh_error *error) {
  if (begins(kind, "spreadsheet")) return EH_OK;
  if (begins(kind, "text")) return refuse(zip, "is an OpenDocument text, not a spreadsheet", error);
  return refuse(zip, "is an OpenDocument file, but no spreadsheet", error);
}

/* What it says of itself, if it does. */
static enum eh_status judge_mimetype(struct eh_zip *zip, struct eh_error *error) {
  static const char open[] = "application/vnd.oasis.opendocument.";
  char type[100] = "";
  size_t entry = eh_zip_find(zip, "mimetype"), got;
  if (entry == SIZE_MAX) return EH_OK;
  EH_TRY(eh_zip_begin(zip, entry, error));
  EH_TRY(eh_zip_read(zip, type, sizeof type - 1, &got, error));
  return begins(type, open) ? judge_kind(zip, type + sizeof open - 1, error) : EH_OK;
}

static enum eh_status judge_document(struct eh_zip *zip, size_t entry, enum eh_package *package,
                                     struct eh_error *error) {
  static const struct eh_xml_calls calls = {.start = start_body};
  struct body b = {0};
  EH_TRY(check_manifest(zip, error));
  EH_TRY(judge_mimetype(zip, error));
  EH_TRY(eh_xml_open(&b.xml, zip, entry, &calls, &b, error));
  enum eh_status status = EH_OK;
  for (bool at_end = false; status == EH_OK && !at_end && !b.is_known;)
    status = eh_xml_step(b.xml, &at_end, error);
  eh_xml_free(b.xml);
  if (status != EH_OK) return status;
  *package = EH_PACKAGE_ODS;
  return judge_kind(zip, b.kind, error);
}

/* --- the whole --- */

static bool has_iwa(const struct eh_zip *zip) {
  return eh_zip_find(zip, "Index/Document.iwa") != SIZE_MAX ||
         eh_zip_find(zip, "Index.zip") != SIZE_MAX;
}

enum eh_status eh_package_of(struct eh_zip *zip, enum eh_package *package,
                             struct eh_error *error) {
  size_t content = eh_zip_find(zip, "content.xml");
  *package = EH_PACKAGE_NONE;
  if (eh_zip_find(zip, "_rels/.rels") != SIZE_MAX) {
    *package = EH_PACKAGE_XLSX;
    return judge_office(zip, error);
  }
  if (content != SIZE_MAX) return judge_document(zip, content, package, error);
  if (has_iwa(zip))
    return refuse(zip,
                  "is an Apple Numbers document, which evenhand does not read; export it as Excel "
                  "or CSV",
                  error);
  return EH_OK;
}
