/* From rows to records that a report can show. */
#include <stdlib.h>

#include "engine/load/find_internal.h"
#include "engine/load/pairs.h"

/* A record that an answer shows: where it stands, and where its description goes. */
struct shown {
  size_t row;
  const struct eh_find_request *request;
  struct eh_found_record *record;
};

struct answers {
  const struct eh_records *records;
  struct eh_arena *arena;
  struct shown *shown;
  size_t shown_count, shown_capacity;
  size_t next_shown; /* while fetching */
};

static void show(struct answers *a, const struct eh_find_request *request, size_t row,
                 struct eh_found_record *record) {
  if (a->shown_count == a->shown_capacity) {
    a->shown_capacity = a->shown_capacity ? 2 * a->shown_capacity : 1024;
    a->shown = eh_resize(a->shown, a->shown_capacity, sizeof *a->shown);
  }
  a->shown[a->shown_count++] = (struct shown){row, request, record};
}

static void draw_sample(struct answers *a, const struct eh_find_request *request,
                        const struct eh_hit *hits, size_t count, struct eh_found *found) {
  found->sample_count = count < request->sample ? count : (size_t)request->sample;
  found->sample = eh_arena_alloc(a->arena, found->sample_count, sizeof *found->sample);
  for (size_t i = 0; i < found->sample_count; i++) show(a, request, hits[i].row, &found->sample[i]);
}

static void choose_pairs(struct answers *a, const struct eh_find_request *request,
                         const struct eh_hit *hits, size_t count, struct eh_found *found) {
  struct eh_candidate *candidates = eh_alloc(count, sizeof *candidates);
  struct eh_pair pairs[EH_MOST_PAIRS];
  for (size_t i = 0; i < count; i++)
    candidates[i] = (struct eh_candidate){hits[i].place, hits[i].is_peer, hits[i].day, hits[i].draw,
                                          hits[i].row};
  found->pair_count = eh_pairs_choose(candidates, count, pairs, EH_MOST_PAIRS);
  found->pairs = eh_arena_alloc(a->arena, found->pair_count, sizeof *found->pairs);
  for (size_t i = 0; i < found->pair_count; i++) {
    const struct eh_candidate *unit = &candidates[pairs[i].unit];
    found->pairs[i].stratum = request->strata[unit->place].stratum;
    show(a, request, unit->row, &found->pairs[i].unit);
    show(a, request, candidates[pairs[i].peer].row, &found->pairs[i].peer);
  }
  free(candidates);
}

static void choose(struct answers *a, const struct eh_find_request *requests, size_t count,
                   const struct eh_hits *hits, struct eh_found *found) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    size_t first = at, sample;
    while (at < hits->count && hits->items[at].request == i &&
           hits->items[at].place != EH_IN_SAMPLE)
      at++;
    sample = at;
    while (at < hits->count && hits->items[at].request == i) at++;
    choose_pairs(a, &requests[i], hits->items + first, sample - first, &found[i]);
    draw_sample(a, &requests[i], hits->items + sample, at - sample, &found[i]);
  }
}

/* --- what the chosen records hold --- */

static const struct eh_chunk *chunk_of(const struct eh_records *r, size_t row) {
  size_t low = 0, high = r->chunk_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (r->chunks[middle].first_row <= row)
      low = middle;
    else
      high = middle;
  }
  return &r->chunks[low];
}

static const char *label_at(const struct eh_records *r, const struct eh_chunk *chunk,
                            size_t dimension, size_t i) {
  const struct eh_dictionary *d = r->dictionaries[dimension];
  return eh_dictionary_labels(
      d)[eh_dictionary_ranks(d)[eh_packed_get(&chunk->codes[dimension], i)]];
}

static struct eh_found_record describe(struct answers *a, size_t row, const char *const *texts) {
  const struct eh_records *r = a->records;
  const struct eh_chunk *chunk = chunk_of(r, row);
  size_t i = row - chunk->first_row;
  const char **values = eh_arena_alloc(a->arena, r->rules->column_count, sizeof *values);
  for (size_t c = 0; c < r->rules->column_count; c++) {
    if (r->rules->columns[c].kind != EH_GIVEN) continue;
    values[c] = *texts[c] ? eh_arena_string(a->arena, texts[c]) : EH_NOT_RECORDED;
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
  size_t row = a->shown[a->next_shown].row;
  struct eh_found_record record = describe(a, row, texts);
  const struct eh_chunk *chunk = chunk_of(a->records, row);
  const struct eh_rules *rules = a->records->rules;
  for (; a->next_shown < a->shown_count && a->shown[a->next_shown].row == row; a->next_shown++) {
    const struct shown *shown = &a->shown[a->next_shown];
    const struct eh_cells *cells = shown->request->cells;
    record.unit = record.values[rules->comparisons[cells->comparison].across];
    record.event =
        chunk->outcomes[(row - chunk->first_row) * rules->measure_count + cells->measure] ==
        EH_EVENT;
    *shown->record = record;
  }
}

static int by_row(const void *left, const void *right) {
  const struct shown *a = left, *b = right;
  return (a->row > b->row) - (a->row < b->row);
}

static enum eh_status read_texts(struct answers *a, struct eh_records *records,
                                 struct eh_error *error) {
  size_t *rows = eh_alloc(a->shown_count, sizeof *rows), count = 0;
  if (a->shown_count) qsort(a->shown, a->shown_count, sizeof *a->shown, by_row);
  for (size_t i = 0; i < a->shown_count; i++)
    if (i == 0 || a->shown[i].row != a->shown[i - 1].row) rows[count++] = a->shown[i].row;
  enum eh_status status = eh_records_fetch(records, rows, count, take_texts, a, error);
  free(rows);
  return status;
}

static enum eh_status find(void *context, struct eh_arena *arena,
                           const struct eh_find_request *requests, size_t count,
                           struct eh_found *found, struct eh_error *error) {
  struct eh_records *records = context;
  struct answers answers = {.records = records, .arena = arena};
  uint64_t *files = eh_alloc_zeroed(count, sizeof *files);
  struct eh_hits hits = eh_find_rows(records, requests, count, files);
  for (size_t i = 0; i < count; i++) found[i] = (struct eh_found){.files = files[i]};
  choose(&answers, requests, count, &hits, found);
  enum eh_status status = read_texts(&answers, records, error);
  free(hits.items);
  free(files);
  free(answers.shown);
  return status;
}

struct eh_find_source eh_records_source(struct eh_records *records) {
  return (struct eh_find_source){find, records};
}
