/* From rows to records that a report can show. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/find/internal.h"

struct answers {
  const struct eh_records *records;
  struct eh_showing showing;
  size_t next_shown;     /* while fetching */
  enum eh_status status; /* of making pseudonyms */
  struct eh_error error;
};

/* --- what the chosen records hold --- */

static const char *label_at(const struct eh_records *r, const struct eh_chunk *chunk,
                            size_t dimension, size_t i) {
  const struct eh_dictionary *d = r->dictionaries[dimension];
  return eh_dictionary_labels(
      d)[eh_dictionary_ranks(d)[eh_packed_get(&chunk->codes[dimension], i)]];
}

/* A value as it stands in the records, or its pseudonym. */
static const char *given_value(struct answers *a, size_t column, const char *text) {
  const struct eh_records *r = a->records;
  char pseudonym[EH_PSEUDONYM_SIZE];
  if (!*text) return EH_NOT_RECORDED;
  if (!r->options.pseudonyms || !r->rules->columns[column].is_individual)
    return eh_arena_string(a->showing.arena, text);
  if (a->status == EH_OK)
    a->status = eh_pseudonym_make(r->options.pseudonyms, eh_rules_individual(r->rules, (int)column),
                                  text, strlen(text), pseudonym, &a->error);
  return a->status == EH_OK ? eh_arena_string(a->showing.arena, pseudonym) : "";
}

static struct eh_found_record describe(struct answers *a, size_t row, const char *const *texts) {
  const struct eh_records *r = a->records;
  const struct eh_chunk *chunk = eh_records_chunk(r, row);
  size_t i = row - chunk->first_row;
  const char **values = eh_arena_alloc(a->showing.arena, r->rules->column_count, sizeof *values);
  for (size_t c = 0; c < r->rules->column_count; c++) {
    if (r->rules->columns[c].kind != EH_GIVEN) continue;
    values[c] = given_value(a, c, texts[c]);
  }
  struct eh_found_record record = {.case_id = values[r->rules->case_column], .values = values};
  for (size_t d = 0; d < r->dimension_count; d++) {
    const char *label = label_at(r, chunk, d, i);
    values[r->dimensions[d]] = label;
  }
  uint32_t day = r->rules->date_column >= 0 ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
  record.has_day = day != EH_NO_DAY;
  if (record.has_day) record.day = (int32_t)day - EH_DAY_ZERO;
  return record;
}

static void take_texts(void *context, size_t index, const char *const *texts) {
  (void)index;
  struct answers *a = context;
  size_t row = a->showing.items[a->next_shown].row;
  struct eh_found_record record = describe(a, row, texts);
  const struct eh_chunk *chunk = eh_records_chunk(a->records, row);
  const struct eh_rules *rules = a->records->rules;
  for (; a->next_shown < a->showing.count && a->showing.items[a->next_shown].row == row;
       a->next_shown++) {
    const struct eh_shown *shown = &a->showing.items[a->next_shown];
    const struct eh_cells *cells = shown->request->cells;
    record.unit = record.values[rules->comparisons[cells->comparison].across];
    record.event =
        chunk->outcomes[(row - chunk->first_row) * rules->measure_count + cells->measure] ==
        EH_EVENT;
    *shown->record = record;
  }
}

static int by_row(const void *left, const void *right) {
  const struct eh_shown *a = left, *b = right;
  return (a->row > b->row) - (a->row < b->row);
}

static enum eh_status read_texts(struct answers *a, struct eh_records *records,
                                 struct eh_error *error) {
  size_t *rows = eh_alloc(a->showing.count, sizeof *rows), count = 0;
  if (a->showing.count) qsort(a->showing.items, a->showing.count, sizeof *a->showing.items, by_row);
  for (size_t i = 0; i < a->showing.count; i++)
    if (i == 0 || a->showing.items[i].row != a->showing.items[i - 1].row)
      rows[count++] = a->showing.items[i].row;
  enum eh_status status = eh_records_fetch(records, rows, count, take_texts, a, error);
  free(rows);
  if (status != EH_OK || a->status == EH_OK) return status;
  *error = a->error;
  return a->status;
}

static enum eh_status find(void *context, struct eh_arena *arena,
                           const struct eh_find_request *requests, size_t count,
                           struct eh_found *found, struct eh_error *error) {
  struct eh_records *records = context;
  struct answers answers = {.records = records, .showing = {.arena = arena}};
  uint64_t *files = eh_alloc_zeroed(count, sizeof *files);
  struct eh_hits hits = eh_find_rows(records, requests, count, files);
  for (size_t i = 0; i < count; i++) found[i] = (struct eh_found){.files = files[i]};
  eh_find_choose(&answers.showing, requests, count, &hits, found);
  enum eh_status status = read_texts(&answers, records, error);
  free(hits.items);
  free(files);
  free(answers.showing.items);
  return status;
}

struct eh_find_source eh_records_source(struct eh_records *records) {
  return (struct eh_find_source){find, records};
}
