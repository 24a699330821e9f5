/* Finding records again in their files. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/records/joined.h"
#include "engine/load/records/records.h"
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
  f->source = f->records->inputs.sources[input];
  f->position = 0;
  if (eh_source_is_plain(f->source)) return EH_OK;
  return eh_source_rewind(f->source, f->error);
}

/* What reading a chunk once more needs. */
struct reading {
  const struct eh_chunk *chunk;
  const struct eh_layout *layout;
  struct eh_rows_plan plan;
  struct eh_rows *rows;
  struct eh_translator *translator; /* NULL: fields stay as they are */
  struct eh_arena *arena;
  size_t case_place; /* among the named fields, the case id's */
};

/* A named field of a record, in the standard layout. */
static struct eh_field field_of(const struct reading *r, const struct eh_batch *batch, size_t row,
                                size_t i) {
  struct eh_field field = {batch->texts[i * EH_ROWS + row], batch->lengths[i * EH_ROWS + row]};
  return r->translator ? eh_translate(r->translator, r->layout->columns[i], field, r->arena)
                       : field;
}

static void visit_record(struct fetching *f, const struct reading *r, const struct eh_batch *batch,
                         size_t row) {
  const struct eh_rules *rules = f->records->rules;
  const struct eh_layout *layout = r->layout;
  struct eh_arena_mark mark = eh_arena_mark(r->arena);
  const char **texts = eh_arena_alloc(r->arena, rules->column_count, sizeof *texts);
  for (size_t c = 0; layout->fixed && c < rules->column_count; c++) texts[c] = layout->fixed[c];
  for (size_t i = 0; i < layout->named_count; i++) {
    struct eh_field field = field_of(r, batch, row, i);
    size_t length = field.length;
    const char *text = eh_tidy_text(r->arena, field.text, &length);
    text = eh_rules_id(r->arena, &rules->columns[layout->columns[i]], text, &length);
    texts[layout->columns[i]] =
        eh_rules_is_missing(rules, text, length) ? "" : eh_arena_copy(r->arena, text, length);
  }
  eh_joined_texts(f->records->inputs.joined, texts, r->arena);
  f->visit(f->context, f->done++, texts);
  eh_arena_reset(r->arena, mark);
}

/* Read the one record that should stand here. False: it is another one. */
static bool visit_located(struct fetching *f, struct reading *r, struct eh_span span) {
  const uint64_t *prints = r->chunk->case_prints;
  eh_rows_begin(r->rows, f->text.text + span.offset, span.length, true);
  const struct eh_batch *batch = eh_rows_next(r->rows);
  if (!prints || !batch || batch->count != 1 || eh_rows_gain(r->rows)->used != span.length)
    return false;
  struct eh_field id = field_of(r, batch, 0, r->case_place);
  if (eh_records_print(f->records->rules, f->records->rules->case_column, id.text, id.length) !=
      prints[f->wanted[f->done] - r->chunk->first_row])
    return false;
  visit_record(f, r, batch, 0);
  return true;
}

/* The short way to the wanted rows: by line ends. Goes as far as it is sure of its way. */
static void visit_by_lines(struct fetching *f, struct reading *r) {
  const struct eh_chunk *chunk = r->chunk;
  size_t count = 0, most = f->count - f->done;
  while (count < most && f->wanted[f->done + count] < chunk->first_row + chunk->rows) count++;
  size_t *rows = eh_alloc(count, sizeof *rows);
  struct eh_span *spans = eh_alloc(count, sizeof *spans);
  for (size_t i = 0; i < count; i++) rows[i] = f->wanted[f->done + i] - chunk->first_row;
  if (eh_locate(f->text.text, chunk->length, chunk->rows, rows, count, spans))
    for (size_t i = 0; i < count && visit_located(f, r, spans[i]); i++) continue;
  free(spans);
  free(rows);
}

/* Read all the chunk's records once more and visit the wanted ones that are left. */
static enum eh_status visit_by_parsing(struct fetching *f, struct reading *r) {
  const struct eh_chunk *chunk = r->chunk;
  const struct eh_batch *batch;
  size_t first = chunk->first_row;
  eh_rows_begin(r->rows, f->text.text, chunk->length, true);
  for (; (batch = eh_rows_next(r->rows)); first += batch->count)
    while (f->done < f->count && f->wanted[f->done] < first + batch->count)
      visit_record(f, r, batch, f->wanted[f->done] - first);
  return first == chunk->first_row + chunk->rows ? EH_OK : changed(f);
}

static enum eh_status visit_chunk(struct fetching *f, const struct eh_chunk *chunk) {
  const struct eh_layout *layout = &f->records->inputs.layouts[chunk->input];
  struct reading r = {
      .chunk = chunk,
      .layout = layout,
      .translator = eh_translator_new(f->records->rules, layout->input, f->records->options.as_of),
      .arena = eh_arena_new(),
  };
  const size_t *places;
  eh_inputs_plan(r.arena, layout, false, &r.plan, &places);
  r.plan.use_libcsv = f->records->options.use_libcsv;
  r.plan.encoding = eh_rules_encoding(f->records->rules, layout->input);
  r.rows = eh_rows_new(&r.plan);
  while (layout->columns[r.case_place] != (size_t)f->records->rules->case_column) r.case_place++;
  enum eh_status status = EH_OK;
  size_t end = chunk->first_row + chunk->rows;
  visit_by_lines(f, &r);
  if (f->done < f->count && f->wanted[f->done] < end) status = visit_by_parsing(f, &r);
  eh_rows_free(r.rows);
  eh_translator_free(r.translator);
  eh_arena_free(r.arena);
  return status;
}

/* With room behind it. */
static enum eh_status read_chunk(struct fetching *f, const struct eh_chunk *chunk) {
  static const char room[EH_ROOM_BEHIND] = "";
  f->text.length = 0;
  if (eh_source_is_plain(f->source)) {
    f->text.text = eh_resize(f->text.text, chunk->length + EH_ROOM_BEHIND, 1);
    f->text.capacity = chunk->length + EH_ROOM_BEHIND;
    EH_TRY(eh_source_read_at(f->source, chunk->offset, f->text.text, chunk->length, &f->text.length,
                             f->error));
    return f->text.length == chunk->length ? EH_OK : changed(f);
  }
  EH_TRY(read_on(f, chunk->offset - f->position, false));
  EH_TRY(read_on(f, chunk->length, true));
  eh_buffer_add(&f->text, room, sizeof room);
  return EH_OK;
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
  for (size_t i = 0; i < records->inputs.count && status == EH_OK; i++)
    status = eh_source_check_unchanged(records->inputs.sources[i], error);
  eh_buffer_free(&f.text);
  return status;
}
