#include "engine/load/records/joined_rows.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/tidy.h"

struct reading {
  struct eh_arena *arena;
  struct eh_table_rows *rows;
  size_t capacity;
  const size_t *fields; /* by wanted column: the field of the file */
  size_t wanted;
  struct eh_inputs *inputs;
};

/* --- a piece of the file --- */

/* Rows until their piece is retired; they may be read again before that. */
struct harvest {
  struct eh_arena *arena;
  struct eh_table_row *items; /* line: from 0 within the piece */
  size_t count, capacity;
};

static void *new_harvest(void *context) {
  (void)context;
  return eh_alloc_zeroed(1, sizeof(struct harvest));
}

static void clear(struct harvest *h) {
  eh_arena_free(h->arena);
  h->arena = NULL;
  h->count = 0;
}

static void free_harvest(void *context, void *harvest) {
  (void)context;
  struct harvest *h = harvest;
  clear(h);
  free(h->items);
  free(h);
}

static void *start_worker(void *context) { return context; }
static void end_worker(void *context, void *worker) { (void)context, (void)worker; }

static void begin(void *context, void *worker, void *harvest) {
  (void)context, (void)worker;
  clear(harvest);
  ((struct harvest *)harvest)->arena = eh_arena_new();
}

static void finish(void *context, void *worker, void *harvest) {
  (void)context, (void)worker, (void)harvest;
}

/* Tidied, with room behind it. */
static const char *keep_text(struct eh_arena *arena, const char *text, size_t *length) {
  const char *tidy = eh_tidy_text(arena, text, length);
  char *copy = eh_arena_alloc(arena, *length + EH_ROOM_BEHIND, 1);
  if (*length) memcpy(copy, tidy, *length);
  return copy;
}

static void take(void *context, void *worker, void *harvest, const struct eh_batch *batch) {
  (void)worker;
  const struct reading *r = context;
  struct harvest *h = harvest;
  for (size_t row = 0; row < batch->count; row++) {
    if (h->count == h->capacity) {
      h->capacity = h->capacity ? 2 * h->capacity : 256;
      h->items = eh_resize(h->items, h->capacity, sizeof *h->items);
    }
    struct eh_table_row *item = &h->items[h->count++];
    item->texts = eh_arena_alloc(h->arena, r->wanted, sizeof *item->texts);
    item->lengths = eh_arena_alloc(h->arena, r->wanted, sizeof *item->lengths);
    item->line = batch->lines[row];
    for (size_t i = 0; i < r->wanted; i++) {
      size_t place = r->fields[i] * EH_ROWS + row, length = batch->lengths[place];
      item->texts[i] = keep_text(h->arena, batch->texts[place], &length);
      item->lengths[i] = (uint32_t)length;
    }
  }
}

static void retire(void *context, void *worker, void *harvest, const struct eh_piece_place *place) {
  (void)worker;
  struct reading *r = context;
  struct harvest *h = harvest;
  struct eh_table_rows *rows = r->rows;
  while (r->capacity < rows->count + h->count) r->capacity = r->capacity ? 2 * r->capacity : 1024;
  rows->items = eh_resize(rows->items, r->capacity, sizeof *rows->items);
  for (size_t i = 0; i < h->count; i++) {
    struct eh_table_row *row = &rows->items[rows->count++];
    *row = h->items[i];
    row->line = eh_source_row(r->inputs->sources[0], place->first_line + row->line);
  }
  eh_arena_take(r->arena, h->arena);
  h->arena = NULL;
  h->count = 0;
}

/* --- the file --- */

static enum eh_status find_field(const struct eh_layout *layout, const struct eh_join *join,
                                 const char *header, size_t *field, struct eh_error *error) {
  size_t found = 0;
  for (size_t i = 0; i < layout->field_count; i++)
    if (strcmp(layout->headers[i], header) == 0 && found++ == 0) *field = i;
  if (found == 1) return EH_OK;
  if (found > 1)
    return eh_fail_at(error, EH_BAD_INPUT, join->path, layout->header_line - 1, 0,
                      "the header names the column '%.200s' %zu times; rename all but one", header,
                      found);
  struct eh_buffer known = {0};
  for (size_t i = 0; i < layout->field_count && known.length < 400; i++)
    eh_buffer_printf(&known, "%s%.80s", i ? ", " : "", layout->headers[i]);
  eh_fail_at(error, EH_BAD_INPUT, join->path, layout->header_line - 1, 0,
             "has no column '%.200s', which the rules join; its columns are %s", header,
             known.text ? known.text : "none");
  eh_buffer_free(&known);
  return EH_BAD_INPUT;
}

/* A line that is no row might be the one that a record asks for. */
static enum eh_status check_lines(const struct eh_account *account, const struct eh_join *join,
                                  struct eh_error *error) {
  if (account->bad_place_count)
    return eh_fail_at(error, EH_BAD_INPUT, join->path, account->bad_places[0].line, 0,
                      "%s; mend it, since a record may need this row",
                      account->bad_places[0].reason);
  return EH_OK;
}

static enum eh_status read_file(struct reading *r, const struct eh_join *join,
                                const char *const *headers, struct eh_account *account,
                                struct eh_error *error) {
  const struct eh_consumer consumer = {.context = r,
                                       .start_worker = start_worker,
                                       .end_worker = end_worker,
                                       .new_harvest = new_harvest,
                                       .free_harvest = free_harvest,
                                       .begin = begin,
                                       .take = take,
                                       .finish = finish,
                                       .retire = retire,
                                       .remedy = "raise it, or join a shorter table"};
  struct eh_pass pass = {
      .options = r->inputs->options, .consumer = &consumer, .arena = r->arena, .account = account};
  struct eh_problems problems = {0};
  enum eh_status status = eh_inputs_open(r->inputs, &join->path, 1, &problems, error);
  eh_problems_free(&problems);
  EH_TRY(status);
  size_t *fields = eh_arena_alloc(r->arena, r->wanted, sizeof *fields);
  for (size_t i = 0; i < r->wanted; i++)
    EH_TRY(find_field(&r->inputs->layouts[0], join, headers[i], &fields[i], error));
  r->fields = r->inputs->layouts[0].fields = fields; /* these must be text */
  r->inputs->layouts[0].named_count = r->wanted;
  EH_TRY(eh_inputs_read(r->inputs, &pass, true, error));
  return check_lines(account, join, error);
}

enum eh_status eh_table_rows_read(struct eh_arena *arena, const struct eh_join *join,
                                  const char *const *headers, size_t count,
                                  const struct eh_load_options *options, struct eh_table_rows *rows,
                                  struct eh_error *error) {
  struct eh_load_options own = {.threads = 1,
                                .hash = options->hash,
                                .sheet = join->sheet,
                                .as_of = options->as_of,
                                .use_libcsv = options->use_libcsv,
                                .memory = options->memory};
  struct eh_inputs inputs = {.options = &own, .arena = arena};
  struct eh_input *file = eh_arena_alloc(arena, 1, sizeof *file);
  struct eh_account account = {.inputs = file, .input_count = 1};
  *rows = (struct eh_table_rows){0};
  struct reading r = {.arena = arena, .rows = rows, .wanted = count, .inputs = &inputs};
  enum eh_status status = read_file(&r, join, headers, &account, error);
  eh_inputs_close(&inputs);
  free(account.bad_places);
  rows->file = *file;
  return status;
}
