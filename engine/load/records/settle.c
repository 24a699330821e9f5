/* The fate of every record, and the account of them. */
#include <stdlib.h>

#include "engine/base/parallel.h"
#include "engine/load/records/repeats.h"

static bool is_audited(const struct eh_chunk *chunk, size_t i) {
  return (chunk->status[i] & EH_FATE_MASK) == EH_AUDITED;
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
  for (size_t i = 0; i < EH_FATES - 1; i++)
    exclude(a, eh_fate_reason(eh_fates_left_out[i]), fates[eh_fates_left_out[i]]);
  a->differing_cases = fates[EH_DIFFERING_CASE];
  a->malformed = eh_arena_alloc(r->arena, r->rules->column_count, sizeof *a->malformed);
  for (size_t c = 0; c < r->rules->column_count; c++)
    if (r->malformed[c])
      a->malformed[a->malformed_count++] =
          (struct eh_malformed){r->rules->columns[c].name, r->malformed[c]};
}

enum eh_status eh_records_settle(struct eh_records *r, struct eh_error *error) {
  EH_TRY(eh_repeats_settle_cases(r, error));
  if (r->rules->one_per >= 0) EH_TRY(eh_repeats_settle_persons(r, error));
  fill_account(r);
  return EH_OK;
}
