/* An .ods spreadsheet: its sheets. */
#include "engine/load/containers/ods.h"

struct ods {
  struct eh_zip *zip;
  size_t content; /* the entry */
  struct eh_ods_contents contents;
  struct eh_ods_reading *reading;
};

static void free_ods(struct eh_workbook *workbook) {
  struct ods *o = (struct ods *)workbook;
  if (!o) return;
  eh_ods_end_sheet(o->reading);
  eh_arena_free(o->contents.arena);
}

/* The styles that a workbook names are in styles.xml, those of single cells with the content. */
static enum eh_status read_parts(struct ods *o, struct eh_error *error) {
  size_t styles = eh_zip_find(o->zip, "styles.xml");
  o->content = eh_zip_find(o->zip, "content.xml");
  if (styles != SIZE_MAX) EH_TRY(eh_ods_read_contents(&o->contents, o->zip, styles, error));
  return eh_ods_read_contents(&o->contents, o->zip, o->content, error);
}

static enum eh_status open_ods(struct eh_workbook **workbook, struct eh_zip *zip,
                               struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct ods *o = eh_arena_alloc(arena, 1, sizeof *o);
  *workbook = (struct eh_workbook *)o;
  o->zip = zip;
  o->contents.arena = arena;
  enum eh_status status = read_parts(o, error);
  if (status == EH_OK) return EH_OK;
  free_ods(*workbook);
  *workbook = NULL;
  return status;
}

static size_t count_sheets(const struct eh_workbook *w) {
  return ((const struct ods *)w)->contents.sheet_count;
}

static const struct eh_worksheet *sheet_of(const struct eh_workbook *w, size_t sheet) {
  return &((const struct ods *)w)->contents.sheets[sheet];
}

static bool calculates(const struct eh_workbook *w) {
  (void)w;
  return false;
}

static enum eh_status begin(struct eh_workbook *workbook, size_t sheet,
                            const struct eh_sheet_calls *calls, void *context,
                            struct eh_error *error) {
  struct ods *o = (struct ods *)workbook;
  eh_ods_end_sheet(o->reading);
  o->reading = NULL;
  return eh_ods_begin_sheet(&o->reading, o->zip, o->content, &o->contents, sheet, calls, context,
                            error);
}

static enum eh_status step(struct eh_workbook *workbook, bool *at_end, struct eh_error *error) {
  return eh_ods_step_sheet(((struct ods *)workbook)->reading, at_end, error);
}

static void pause_reading(struct eh_workbook *workbook) {
  eh_ods_pause_sheet(((struct ods *)workbook)->reading);
}

const struct eh_workbook_format eh_ods_format = {
    "spreadsheet", open_ods, free_ods, count_sheets, sheet_of, calculates, begin, step,
    pause_reading};
