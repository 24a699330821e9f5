/* Finding records again in their files. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/records/records.h"
#include "engine/load/text/encoding.h"
#include "engine/load/text/locate.h"
#include "rules/evaluate/evaluate.h"

enum { STEP = 1 << 18 };

struct fetching {
  struct eh_records *records;
  const size_t *wanted;
  size_t count, done;
  eh_fetch_visit *visit;
  void *context;
  struct eh_source *source; /* open at `position` */
  size_t input;
  uint64_t position;
  struct eh_buffer text;
  struct eh_error *error;
};

static enum eh_status changed(const struct fetching *f) {
  return eh_fail_at(f->error, EH_BAD_INPUT, eh_source_name(f->source), 0, 0,
                    "changed while it was being read; run again on a file that is at rest");
}

/* Read `length` bytes into the buffer, or, with keep false, past it. */
static enum eh_status read_on(struct fetching *f, uint64_t length, bool keep) {
  f->text.length = 0;
  char step[STEP];
  while (length > 0) {
    size_t wanted = length < STEP ? (size_t)length : STEP, got;
    EH_TRY(eh_source_read(f->source, step, wanted, &got, f->error));
    if (got == 0) return changed(f);
    if (keep) eh_buffer_add(&f->text, step, got);
    f->position += got;
    length -= got;
  }
  return EH_OK;
}

static enum eh_status open_input(struct fetching *f, size_t input) {
  if (f->source && f->input == input) return EH_OK;
  if (f->source) eh_source_rest(f->source);
  f->input = input;
  f->source = f->records->sources[input];
  f->position = 0;
  if (eh_source_is_plain(f->source)) return EH_OK;
  return eh_source_rewind(f->source, f->error);
}

static void visit_record(struct fetching *f, struct eh_arena *arena, const struct eh_layout *layout,
                         const struct eh_field *fields) {
  const struct eh_rules *rules = f->records->rules;
  const char **texts = eh_arena_alloc(arena, rules->column_count, sizeof *texts);
  for (size_t c = 0; layout->fixed && c < rules->column_count; c++) texts[c] = layout->fixed[c];
  for (size_t i = 0; i < layout->named_count; i++) {
    size_t length = fields[i].length;
    const char *text = eh_tidy_text(arena, fields[i].text, &length);
    texts[layout->columns[i]] =
        eh_rules_is_missing(rules, text, length) ? "" : eh_arena_copy(arena, text, length);
  }
  f->visit(f->context, f->done++, texts);
}

/* What reading a chunk once more needs. */
struct reading {
  const struct eh_chunk *chunk;
  const struct eh_layout *layout;
  struct eh_csv *csv;
  struct eh_translator *translator; /* NULL: fields stay as they are */
  struct eh_arena *arena;
  struct eh_field *fields; /* of the layout's named columns */
  size_t case_field;       /* of them, the case id's */
};

static bool take_record(struct reading *r, const struct eh_csv_record *record, const char *end) {
  bool is_utf8 = record->is_ascii || eh_text_is_utf8(record->start, (size_t)(end - record->start));
  for (size_t i = 0; i < r->layout->named_count; i++) {
    r->fields[i] = record->fields[r->layout->fields[i]];
    if (!is_utf8 && !eh_text_take_field(r->arena, &r->fields[i])) return false;
    if (r->translator)
      r->fields[i] = eh_translate(r->translator, r->layout->columns[i], r->fields[i], r->arena);
  }
  return true;
}

/* Read the one record that should stand here. False: it is another one. */
static bool visit_located(struct fetching *f, struct reading *r, struct eh_span span) {
  const struct eh_rules *rules = f->records->rules;
  const char *next = f->text.text + span.offset, *end = next + span.length;
  struct eh_csv_record record;
  eh_csv_restart(r->csv);
  if (eh_csv_next(r->csv, &next, end, true, &record) != EH_CSV_RECORD || next != end) return false;
  struct eh_arena_mark mark = eh_arena_mark(r->arena);
  const uint64_t *prints = r->chunk->case_prints;
  const struct eh_field *id = &r->fields[r->case_field];
  bool is_it = prints && take_record(r, &record, end) &&
               eh_records_print(rules, id->text, id->length) ==
                   prints[f->wanted[f->done] - r->chunk->first_row];
  if (is_it) visit_record(f, r->arena, r->layout, r->fields);
  eh_arena_reset(r->arena, mark);
  return is_it;
}

/* The short way to the wanted rows: by line ends. Goes as far as it is sure of its way. */
static void visit_by_lines(struct fetching *f, struct reading *r) {
  const struct eh_chunk *chunk = r->chunk;
  size_t count = 0, most = f->count - f->done;
  while (count < most && f->wanted[f->done + count] < chunk->first_row + chunk->rows) count++;
  size_t *rows = eh_alloc(count, sizeof *rows);
  struct eh_span *spans = eh_alloc(count, sizeof *spans);
  for (size_t i = 0; i < count; i++) rows[i] = f->wanted[f->done + i] - chunk->first_row;
  if (eh_locate(f->text.text, f->text.length, chunk->rows, rows, count, spans))
    for (size_t i = 0; i < count && visit_located(f, r, spans[i]); i++) continue;
  free(spans);
  free(rows);
}

/* Parse the chunk's bytes once more and visit the wanted rows that are left. */
static enum eh_status visit_by_parsing(struct fetching *f, struct reading *r) {
  const struct eh_chunk *chunk = r->chunk;
  const char *next = f->text.text, *end = next + f->text.length;
  eh_csv_restart(r->csv);
  size_t row = chunk->first_row;
  for (;;) {
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(r->csv, &next, end, true, &record);
    if (outcome == EH_CSV_END) break;
    if (outcome != EH_CSV_RECORD) continue;
    struct eh_arena_mark mark = eh_arena_mark(r->arena);
    if (take_record(r, &record, next)) {
      if (f->done < f->count && f->wanted[f->done] == row)
        visit_record(f, r->arena, r->layout, r->fields);
      row++;
    }
    eh_arena_reset(r->arena, mark);
  }
  return row == chunk->first_row + chunk->rows ? EH_OK : changed(f);
}

static enum eh_status visit_chunk(struct fetching *f, const struct eh_chunk *chunk) {
  const struct eh_layout *layout = &f->records->layouts[chunk->input];
  struct reading r = {
      .chunk = chunk,
      .layout = layout,
      .csv = eh_csv_new(layout->delimiter, layout->field_count),
      .translator = eh_translator_new(f->records->rules, layout->input),
      .arena = eh_arena_new(),
      .fields = eh_alloc_zeroed(layout->named_count, sizeof(struct eh_field)),
  };
  if (f->records->options.use_libcsv) eh_csv_use_libcsv(r.csv);
  while (layout->columns[r.case_field] != (size_t)f->records->rules->case_column) r.case_field++;
  enum eh_status status = EH_OK;
  size_t end = chunk->first_row + chunk->rows;
  visit_by_lines(f, &r);
  if (f->done < f->count && f->wanted[f->done] < end) status = visit_by_parsing(f, &r);
  free(r.fields);
  eh_translator_free(r.translator);
  eh_arena_free(r.arena);
  eh_csv_free(r.csv);
  return status;
}

static enum eh_status read_chunk(struct fetching *f, const struct eh_chunk *chunk) {
  if (!eh_source_is_plain(f->source)) {
    EH_TRY(read_on(f, chunk->offset - f->position, false));
    return read_on(f, chunk->length, true);
  }
  f->text.text = eh_resize(f->text.text, chunk->length + 1, 1);
  f->text.capacity = chunk->length + 1;
  EH_TRY(eh_source_read_at(f->source, chunk->offset, f->text.text, chunk->length, &f->text.length,
                           f->error));
  return f->text.length == chunk->length ? EH_OK : changed(f);
}

enum eh_status eh_records_fetch(struct eh_records *records, const size_t *wanted, size_t count,
                                eh_fetch_visit *visit, void *context, struct eh_error *error) {
  struct fetching f = {.records = records,
                       .wanted = wanted,
                       .count = count,
                       .visit = visit,
                       .context = context,
                       .error = error};
  enum eh_status status = EH_OK;
  for (size_t c = 0; c < records->chunk_count && f.done < count && status == EH_OK; c++) {
    const struct eh_chunk *chunk = &records->chunks[c];
    if (wanted[f.done] >= chunk->first_row + chunk->rows) continue;
    status = open_input(&f, chunk->input);
    if (status == EH_OK) status = read_chunk(&f, chunk);
    if (status == EH_OK) status = visit_chunk(&f, chunk);
  }
  for (size_t i = 0; i < records->source_count && status == EH_OK; i++)
    status = eh_source_check_unchanged(records->sources[i], error);
  eh_buffer_free(&f.text);
  return status;
}
