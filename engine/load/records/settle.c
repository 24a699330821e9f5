/* One case once, and one record a person where the rules ask for it. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/records/fingerprints.h"

/* A record whose id others have too. */
struct candidate {
  uint64_t print;
  size_t row;
  uint32_t day; /* EH_NO_DAY: not recorded */
  const char
      *content; /* only of those that the date does not settle: case id and the other columns */
};

static bool is_audited(const struct eh_chunk *chunk, size_t i) {
  return (chunk->status[i] & EH_FATE_MASK) == EH_AUDITED;
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

/* Give content to candidates that the date does not settle. */
static enum eh_status settle_ties(struct eh_records *r, struct candidate *candidates, size_t count,
                                  struct eh_arena *arena, struct eh_error *error) {
  size_t *ties = eh_alloc(count, sizeof *ties), *rows = eh_alloc(count, sizeof *rows);
  for (size_t i = 0; i < count; i++) ties[i] = i;
  if (count) qsort_r(ties, count, sizeof *ties, by_row, candidates);
  for (size_t i = 0; i < count; i++) rows[i] = candidates[ties[i]].row;
  struct contents contents = {r->rules, candidates, ties, arena};
  enum eh_status status = eh_records_fetch(r, rows, count, take_content, &contents, error);
  free(rows);
  free(ties);
  return status;
}

static uint8_t *status_of(struct eh_records *r, size_t row) {
  struct eh_chunk *chunk = eh_records_chunk(r, row);
  return &chunk->status[row - chunk->first_row];
}

/* Keeping one record of those with one id. */
struct keeping {
  struct eh_records *records;
  enum eh_fate fate; /* of the others */
  bool choose_last;
  pthread_mutex_t lock;   /* of what follows */
  struct candidate *ties; /* those that the date does not settle */
  size_t tie_count, tie_capacity;
  uint64_t shared; /* ids that stand in records of several of the rules' inputs */
};

/* The mark: the day above the row. */
enum { ROW_BITS = 40 };

static bool mark_row(const void *context, const struct eh_chunk *chunk, size_t i, uint64_t *mark) {
  const struct keeping *k = context;
  if (k->fate != EH_REPEATED_CASE && !is_audited(chunk, i)) return false;
  uint64_t day = k->records->rules->date_column >= 0 ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
  *mark = day << ROW_BITS | (chunk->first_row + i);
  return true;
}

static struct candidate candidate_of(const struct eh_marked_print *item) {
  return (struct candidate){.print = item->print,
                            .row = item->mark & (((uint64_t)1 << ROW_BITS) - 1),
                            .day = (uint32_t)(item->mark >> ROW_BITS)};
}

/* Do records of one id come from several of the rules' inputs? */
static bool are_of_several(const struct eh_records *r, const struct eh_marked_print *items,
                           size_t count) {
  const struct eh_rules_input *first = NULL;
  for (size_t i = 0; i < count && r->rules->input_count > 1; i++) {
    size_t file = eh_records_chunk(r, candidate_of(&items[i]).row)->input;
    if (i > 0 && r->inputs.layouts[file].input != first) return true;
    first = r->inputs.layouts[file].input;
  }
  return false;
}

static void add_tie(struct keeping *k, struct candidate candidate) {
  if (k->tie_count == k->tie_capacity) {
    k->tie_capacity = k->tie_capacity ? 2 * k->tie_capacity : 256;
    k->ties = eh_resize(k->ties, k->tie_capacity, sizeof *k->ties);
  }
  k->ties[k->tie_count++] = candidate;
}

static void keep_by_date(void *context, struct eh_marked_print *items, size_t count) {
  struct keeping *k = context;
  struct candidate best = candidate_of(&items[0]);
  for (size_t i = 1; i < count; i++) {
    struct candidate other = candidate_of(&items[i]);
    if (compare(&other, &best, k->choose_last) < 0) best = other;
  }
  size_t tied = 0;
  for (size_t i = 0; i < count; i++) tied += candidate_of(&items[i]).day == best.day;
  bool is_shared = are_of_several(k->records, items, count);
  if (tied > 1 || is_shared) pthread_mutex_lock(&k->lock);
  if (is_shared) k->shared++;
  for (size_t i = 0; i < count; i++) {
    struct candidate c = candidate_of(&items[i]);
    if (c.day != best.day)
      *status_of(k->records, c.row) = (uint8_t)k->fate;
    else if (tied > 1)
      add_tie(k, c);
  }
  if (tied > 1 || is_shared) pthread_mutex_unlock(&k->lock);
}

/* Of the records with one id, the first in order keeps its fate; the others get this one. */
static enum eh_status keep_one(struct eh_records *r,
                               const uint64_t *(*prints_of)(const struct eh_records *,
                                                            const struct eh_chunk *),
                               enum eh_fate fate, bool choose_last, struct eh_error *error) {
  struct keeping k = {.records = r, .fate = fate, .choose_last = choose_last};
  pthread_mutex_init(&k.lock, NULL);
  eh_prints_group(r, &(struct eh_print_task){prints_of, mark_row, keep_by_date, &k});
  pthread_mutex_destroy(&k.lock);
  if (fate == EH_REPEATED_CASE) r->account.shared_cases = k.shared;
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = settle_ties(r, k.ties, k.tie_count, arena, error);
  if (k.tie_count)
    qsort(k.ties, k.tie_count, sizeof *k.ties, choose_last ? last_first : first_first);
  for (size_t i = 1; i < k.tie_count && status == EH_OK; i++)
    if (k.ties[i].print == k.ties[i - 1].print) *status_of(r, k.ties[i].row) = (uint8_t)fate;
  eh_arena_free(arena);
  free(k.ties);
  return status;
}

static void exclude(struct eh_account *account, const char *reason, uint64_t records) {
  if (records)
    account->excluded[account->exclusion_count++] = (struct eh_exclusion){reason, records};
}

/* The fates and the first and last day of each chunk's audited records. */
struct tally {
  uint64_t fates[EH_FATES];
  uint32_t first_day, last_day;
};
struct tallying {
  const struct eh_records *records;
  struct tally *tallies; /* by chunk */
};

static void tally_chunk(void *context, size_t index, size_t worker) {
  (void)worker;
  struct tallying *t = context;
  const struct eh_chunk *chunk = &t->records->chunks[index];
  struct tally tally = {.first_day = UINT32_MAX};
  for (size_t i = 0; i < chunk->rows; i++)
    if (!is_audited(chunk, i)) tally.fates[chunk->status[i] & EH_FATE_MASK]++;
  tally.fates[EH_AUDITED] = chunk->rows;
  for (int f = EH_AUDITED + 1; f < EH_FATES; f++) tally.fates[EH_AUDITED] -= tally.fates[f];
  for (size_t i = 0; t->records->rules->date_column >= 0 && i < chunk->rows; i++) {
    uint32_t day = eh_packed_get(&chunk->days, i);
    if (!is_audited(chunk, i) || day == EH_NO_DAY) continue;
    if (day < tally.first_day) tally.first_day = day;
    if (day > tally.last_day) tally.last_day = day;
  }
  t->tallies[index] = tally;
}

static struct tally tally_records(const struct eh_records *r) {
  struct tallying t = {r, eh_alloc(r->chunk_count, sizeof *t.tallies)};
  struct tally sum = {.first_day = UINT32_MAX};
  eh_parallel(r->chunk_count, r->options.threads, tally_chunk, &t);
  for (size_t c = 0; c < r->chunk_count; c++) {
    for (int f = 0; f < EH_FATES; f++) sum.fates[f] += t.tallies[c].fates[f];
    if (t.tallies[c].first_day < sum.first_day) sum.first_day = t.tallies[c].first_day;
    if (t.tallies[c].last_day > sum.last_day) sum.last_day = t.tallies[c].last_day;
  }
  free(t.tallies);
  return sum;
}

static void fill_account(struct eh_records *r) {
  struct eh_account *a = &r->account;
  struct tally tally = tally_records(r);
  const uint64_t *fates = tally.fates;
  uint32_t first = tally.first_day, last = tally.last_day;
  a->has_dates = last > 0;
  if (a->has_dates) {
    a->first_day = (int32_t)first - EH_DAY_ZERO;
    a->last_day = (int32_t)last - EH_DAY_ZERO;
  }
  a->audited = fates[EH_AUDITED];
  for (int f = EH_AUDITED + 1; f < EH_FATES; f++)
    exclude(a, eh_fate_reason((enum eh_fate)f), fates[f]);
  a->malformed = eh_arena_alloc(r->arena, r->rules->column_count, sizeof *a->malformed);
  for (size_t c = 0; c < r->rules->column_count; c++)
    if (r->malformed[c])
      a->malformed[a->malformed_count++] =
          (struct eh_malformed){r->rules->columns[c].name, r->malformed[c]};
}

enum eh_status eh_records_settle(struct eh_records *r, struct eh_error *error) {
  EH_TRY(keep_one(r, eh_case_prints, EH_REPEATED_CASE, false, error));
  if (r->rules->one_per >= 0)
    EH_TRY(keep_one(r, eh_person_prints, EH_SAME_PERSON, r->rules->choose_last, error));
  fill_account(r);
  return EH_OK;
}
