/* One case once, and one record a person where the rules ask for it. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/sort.h"
#include "engine/load/records.h"

/* A record whose id others have too. */
struct candidate {
  uint64_t print;
  size_t row;
  uint32_t day; /* EH_NO_DAY: not recorded */
  const char
      *content; /* only of those that the date does not settle: case id and the other columns */
};

typedef const uint64_t *print_list(const struct eh_chunk *chunk);
static const uint64_t *case_prints(const struct eh_chunk *chunk) { return chunk->case_prints; }
static const uint64_t *person_prints(const struct eh_chunk *chunk) { return chunk->person_prints; }

static bool is_audited(const struct eh_chunk *chunk, size_t i) {
  return (chunk->status[i] & EH_FATE_MASK) == EH_AUDITED;
}

/* The fingerprints that more than one record has, ascending; every_fate: of all records, else of
 * the audited. */
static uint64_t *repeated_prints(const struct eh_records *r, print_list *prints_of, bool every_fate,
                                 size_t *count) {
  uint64_t *prints = eh_alloc(r->rows, sizeof *prints);
  size_t n = 0, kept = 0;
  for (size_t c = 0; c < r->chunk_count; c++) {
    const struct eh_chunk *chunk = &r->chunks[c];
    const uint64_t *from = prints_of(chunk);
    for (size_t i = 0; i < chunk->rows; i++)
      if (from[i] && (every_fate || is_audited(chunk, i))) prints[n++] = from[i];
  }
  eh_sort_keys(prints, n, 64, r->options.threads);
  for (size_t i = 1; i < n; i++)
    if (prints[i] == prints[i - 1] && (kept == 0 || prints[kept - 1] != prints[i]))
      prints[kept++] = prints[i];
  *count = kept;
  return prints;
}

static bool contains(const uint64_t *sorted, size_t count, uint64_t wanted) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && sorted[low] == wanted;
}

static struct candidate *find_candidates(const struct eh_records *r, print_list *prints_of,
                                         bool every_fate, size_t *count) {
  size_t repeated_count;
  uint64_t *repeated = repeated_prints(r, prints_of, every_fate, &repeated_count);
  struct candidate *candidates = NULL;
  size_t n = 0, capacity = 0;
  for (size_t c = 0; c < r->chunk_count && repeated_count; c++) {
    const struct eh_chunk *chunk = &r->chunks[c];
    const uint64_t *prints = prints_of(chunk);
    for (size_t i = 0; i < chunk->rows; i++) {
      if (!prints[i] || !(every_fate || is_audited(chunk, i)) ||
          !contains(repeated, repeated_count, prints[i]))
        continue;
      if (n == capacity) {
        capacity = capacity ? 2 * capacity : 256;
        candidates = eh_resize(candidates, capacity, sizeof *candidates);
      }
      uint32_t day = r->rules->date_column >= 0 ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
      candidates[n++] =
          (struct candidate){.print = prints[i], .row = chunk->first_row + i, .day = day};
    }
  }
  free(repeated);
  *count = n;
  return candidates;
}

/* By id, date, content, place. A missing date comes last, whether the first or the last is chosen:
 * nobody can say when that was. */
static int compare(const struct candidate *a, const struct candidate *b, bool last_first) {
  if (a->print != b->print) return a->print < b->print ? -1 : 1;
  if (a->day != b->day) {
    if (a->day == EH_NO_DAY || b->day == EH_NO_DAY) return a->day == EH_NO_DAY ? 1 : -1;
    return (a->day < b->day) != last_first ? -1 : 1;
  }
  int order = a->content && b->content ? strcmp(a->content, b->content) : 0;
  if (order) return last_first ? -order : order;
  return (a->row > b->row) - (a->row < b->row);
}
static int first_first(const void *a, const void *b) { return compare(a, b, false); }
static int last_first(const void *a, const void *b) { return compare(a, b, true); }

static int by_row(const void *a, const void *b, void *context) {
  const struct candidate *candidates = context;
  size_t x = candidates[*(const size_t *)a].row, y = candidates[*(const size_t *)b].row;
  return (x > y) - (x < y);
}

/* Fetching the content of candidates that the date alone does not tell apart. */
struct contents {
  const struct eh_rules *rules;
  struct candidate *candidates;
  const size_t *ties; /* indices of candidates, in the order of rows */
  struct eh_arena *arena;
};

/* A column's texts, in the order of the headers' names. The parts are closed by a byte below every
 * other. */
static void take_content(void *context, size_t index, const char *const *texts) {
  struct contents *c = context;
  struct eh_buffer content = {0};
  eh_buffer_puts(&content, texts[c->rules->case_column]);
  const char *previous = "";
  for (;;) {
    const char *next = NULL, *text = NULL;
    for (size_t k = 0; k < c->rules->column_count; k++) {
      const struct eh_column *column = &c->rules->columns[k];
      if (column->kind != EH_GIVEN || strcmp(column->header, previous) <= 0) continue;
      if (next && strcmp(column->header, next) >= 0) continue;
      next = column->header;
      text = texts[k];
    }
    if (!next) break;
    eh_buffer_puts(&content, "\x01");
    eh_buffer_puts(&content, text);
    previous = next;
  }
  c->candidates[c->ties[index]].content = eh_arena_copy(c->arena, content.text, content.length);
  eh_buffer_free(&content);
}

/* Give content to the candidates that share their id and the date that would be chosen. */
static enum eh_status settle_ties(struct eh_records *r, struct candidate *candidates, size_t count,
                                  struct eh_arena *arena, struct eh_error *error) {
  size_t *ties = eh_alloc(count, sizeof *ties), tie_count = 0;
  for (size_t i = 0; i < count;) {
    size_t end = i + 1, tied = i + 1;
    while (end < count && candidates[end].print == candidates[i].print) end++;
    while (tied < end && candidates[tied].day == candidates[i].day) tied++;
    for (size_t k = i; tied - i > 1 && k < tied; k++) ties[tie_count++] = k;
    i = end;
  }
  qsort_r(ties, tie_count, sizeof *ties, by_row, candidates);
  size_t *rows = eh_alloc(tie_count, sizeof *rows);
  for (size_t i = 0; i < tie_count; i++) rows[i] = candidates[ties[i]].row;
  struct contents contents = {r->rules, candidates, ties, arena};
  enum eh_status status = eh_records_fetch(r, rows, tie_count, take_content, &contents, error);
  free(rows);
  free(ties);
  return status;
}

static uint8_t *status_of(struct eh_records *r, size_t row) {
  size_t low = 0, high = r->chunk_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (r->chunks[middle].first_row <= row)
      low = middle;
    else
      high = middle;
  }
  return &r->chunks[low].status[row - r->chunks[low].first_row];
}

/* Of the records with one id, the first in order keeps its fate; the others get this one. */
static enum eh_status keep_one(struct eh_records *r, print_list *prints_of, enum eh_fate fate,
                               bool choose_last, struct eh_error *error) {
  size_t count;
  bool every_fate = fate == EH_REPEATED_CASE;
  struct candidate *candidates = find_candidates(r, prints_of, every_fate, &count);
  int (*order)(const void *, const void *) = choose_last ? last_first : first_first;
  struct eh_arena *arena = eh_arena_new();
  if (count) qsort(candidates, count, sizeof *candidates, order);
  enum eh_status status = settle_ties(r, candidates, count, arena, error);
  if (status == EH_OK && count) qsort(candidates, count, sizeof *candidates, order);
  for (size_t i = 1; i < count && status == EH_OK; i++)
    if (candidates[i].print == candidates[i - 1].print)
      *status_of(r, candidates[i].row) = (uint8_t)fate;
  eh_arena_free(arena);
  free(candidates);
  return status;
}

static void mark_repeated_persons(struct eh_records *r) {
  size_t count;
  struct candidate *candidates = find_candidates(r, person_prints, false, &count);
  for (size_t i = 0; i < count; i++) *status_of(r, candidates[i].row) |= EH_PERSON_REPEATS;
  free(candidates);
}

static void exclude(struct eh_account *account, const char *reason, uint64_t records) {
  if (records)
    account->excluded[account->exclusion_count++] = (struct eh_exclusion){reason, records};
}

static void fill_account(struct eh_records *r) {
  static const char *const reasons[EH_FATES] = {
      [EH_REPEATED_CASE] = "repeated case id",
      [EH_NOT_KEPT] = "not kept by the rules",
      [EH_KEEP_UNKNOWN] = "whether the rules keep it is not known",
      [EH_SAME_PERSON] = "another record of the same person",
  };
  struct eh_account *a = &r->account;
  uint64_t fates[EH_FATES] = {0};
  uint32_t first = UINT32_MAX, last = 0;
  for (size_t c = 0; c < r->chunk_count; c++) {
    const struct eh_chunk *chunk = &r->chunks[c];
    for (size_t i = 0; i < chunk->rows; i++) {
      fates[chunk->status[i] & EH_FATE_MASK]++;
      if (r->rules->date_column < 0 || !is_audited(chunk, i)) continue;
      uint32_t day = eh_packed_get(&chunk->days, i);
      if (day == EH_NO_DAY) continue;
      if (day < first) first = day;
      if (day > last) last = day;
    }
  }
  a->has_dates = last > 0;
  if (a->has_dates) {
    a->first_day = (int32_t)first - EH_DAY_ZERO;
    a->last_day = (int32_t)last - EH_DAY_ZERO;
  }
  for (size_t i = 0; i < a->input_count; i++) a->read += a->inputs[i].records;
  a->audited = fates[EH_AUDITED];
  a->excluded = eh_arena_alloc(r->arena, EH_CSV_PROBLEMS + EH_FATES, sizeof *a->excluded);
  for (int p = 0; p < EH_CSV_PROBLEMS; p++) a->unusable += r->bad[p];
  for (int p = 0; p < EH_CSV_PROBLEMS; p++)
    exclude(a, eh_csv_problem_text((enum eh_csv_problem)p), r->bad[p]);
  for (int f = EH_AUDITED + 1; f < EH_FATES; f++) exclude(a, reasons[f], fates[f]);
  a->malformed = eh_arena_alloc(r->arena, r->rules->column_count, sizeof *a->malformed);
  for (size_t c = 0; c < r->rules->column_count; c++)
    if (r->malformed[c])
      a->malformed[a->malformed_count++] =
          (struct eh_malformed){r->rules->columns[c].name, r->malformed[c]};
}

enum eh_status eh_records_settle(struct eh_records *r, struct eh_error *error) {
  EH_TRY(keep_one(r, case_prints, EH_REPEATED_CASE, false, error));
  if (r->rules->one_per >= 0)
    EH_TRY(keep_one(r, person_prints, EH_SAME_PERSON, r->rules->choose_last, error));
  else if (r->rules->person_column >= 0)
    mark_repeated_persons(r);
  fill_account(r);
  return EH_OK;
}
