#include "engine/load/containers/container.h"

#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/package.h"
#include "engine/load/containers/refusals.h"
#include "engine/load/containers/spreadsheet.h"
#include "engine/load/containers/statistical.h"
#include "engine/load/containers/zip.h"
#include "engine/load/containers/zipped_text.h"

/* One of these at a time. */
struct eh_container {
  const char *kind;
  struct eh_spreadsheet *spreadsheet;
  struct eh_statistical *statistical;
  struct eh_zip *zip; /* with a text in it */
  size_t entry;
};

static bool is_zip(const char *bytes, size_t length) {
  return length >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

bool eh_container_is(const char *bytes, size_t length) {
  return is_zip(bytes, length) || eh_is_ole(bytes, length) || eh_statistical_is(bytes, length);
}

static enum eh_status open_text(struct eh_container *c, struct eh_error *error) {
  c->kind = "zip";
  EH_TRY(eh_zipped_text_find(c->zip, &c->entry, error));
  return eh_zip_begin(c->zip, c->entry, error);
}

static enum eh_status open_zip(struct eh_container *c, const struct eh_stored *stored,
                               const struct eh_wish *wish, struct eh_error *error) {
  enum eh_package package;
  EH_TRY(eh_zip_open(&c->zip, stored, error));
  EH_TRY(eh_package_of(c->zip, &package, error));
  if (package == EH_PACKAGE_NONE) return open_text(c, error);
  struct eh_zip *zip = c->zip;
  c->zip = NULL;
  c->kind = package == EH_PACKAGE_XLSX ? ".xlsx" : ".ods";
  return eh_spreadsheet_open(&c->spreadsheet, zip,
                      package == EH_PACKAGE_XLSX ? &eh_xlsx_format : &eh_ods_format, wish, error);
}

enum eh_status eh_container_open(struct eh_container **container, const struct eh_stored *stored,
                                 const struct eh_wish *wish, struct eh_error *error) {
  static const struct eh_wish any;
  char start[EH_CONTAINER_LOOK];
  size_t length;
  struct eh_container *c = *container = eh_alloc_zeroed(1, sizeof *c);
  enum eh_status status = stored->read_at(stored->context, 0, start, sizeof start, &length, error);
  if (status == EH_OK && is_zip(start, length))
    status = open_zip(c, stored, wish ? wish : &any, error);
  else if (status == EH_OK && eh_is_ole(start, length))
    status = eh_refuse_ole(stored, error);
  else if (status == EH_OK)
    status = eh_statistical_open(&c->statistical, stored, error);
  if (status == EH_OK) return EH_OK;
  eh_container_free(c);
  *container = NULL;
  return status;
}

void eh_container_free(struct eh_container *c) {
  if (!c) return;
  eh_spreadsheet_free(c->spreadsheet);
  eh_statistical_free(c->statistical);
  eh_zip_free(c->zip);
  free(c);
}

enum eh_status eh_container_read(struct eh_container *c, char *buffer, size_t wanted, size_t *got,
                                 struct eh_error *error) {
  if (c->spreadsheet) return eh_spreadsheet_read(c->spreadsheet, buffer, wanted, got, error);
  if (c->statistical) return eh_statistical_read(c->statistical, buffer, wanted, got, error);
  return eh_zip_read(c->zip, buffer, wanted, got, error);
}

enum eh_status eh_container_rewind(struct eh_container *c, struct eh_error *error) {
  if (c->spreadsheet) return eh_spreadsheet_rewind(c->spreadsheet, error);
  if (c->statistical) return eh_statistical_rewind(c->statistical, error);
  return eh_zip_begin(c->zip, c->entry, error);
}

bool eh_container_is_table(const struct eh_container *c) { return !c->zip; }

const char *eh_container_kind(const struct eh_container *c) {
  return c->statistical ? eh_statistical_kind(c->statistical) : c->kind;
}

const char *eh_container_entry(const struct eh_container *c) {
  return c->zip ? eh_zip_name(c->zip, c->entry) : NULL;
}

const char *eh_container_sheet(const struct eh_container *c) {
  return c->spreadsheet ? eh_spreadsheet_sheet(c->spreadsheet) : NULL;
}

const char *eh_container_place(const struct eh_container *c) {
  return c->spreadsheet ? "row" : c->statistical ? "case" : "line";
}

uint64_t eh_container_row(const struct eh_container *c, uint64_t line) {
  if (c->spreadsheet) return eh_spreadsheet_row(c->spreadsheet, line);
  return c->statistical ? eh_statistical_case(c->statistical, line) : line;
}

const char *const *eh_container_notes(const struct eh_container *c, size_t *count) {
  *count = 0;
  if (c->spreadsheet) return eh_spreadsheet_notes(c->spreadsheet, count);
  return c->statistical ? eh_statistical_notes(c->statistical, count) : NULL;
}
