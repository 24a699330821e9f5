/* From records to the sorted keys of engine/load/cells/clusters_internal.h. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/sort.h"
#include "engine/load/cells/clusters_internal.h"

/* 64 bits of which any change in the parts changes half. */
static uint64_t mixed(uint64_t code, uint64_t part) {
  code = (code ^ part) * 0x9E3779B97F4A7C15U;
  code ^= code >> 32;
  code *= 0xD6E8FEB86659FD93U;
  return code ^ code >> 29;
}

/* --- strata by their columns' ranks --- */

struct slots {
  uint64_t *codes;
  uint32_t *numbers; /* plus 1; 0: free */
  size_t mask;
};

static bool is_packed(const struct eh_grouping *g) {
  unsigned bits = 0;
  for (size_t p = 0; p + 1 < g->part_count; p++) bits += g->parts[p].bits;
  return bits < EH_KEY_BITS;
}

static uint64_t code_of_ranks(const struct eh_grouping *g, bool packed, const uint32_t *ranks) {
  uint64_t code = 0;
  for (size_t p = 0; p + 1 < g->part_count; p++)
    code = packed ? code << g->parts[p].bits | ranks[p] : mixed(code, ranks[p]);
  return code;
}

static size_t slot_of(const struct slots *slots, uint64_t code) {
  size_t at = mixed(0, code) & slots->mask;
  while (slots->numbers[at] && slots->codes[at] != code) at = (at + 1) & slots->mask;
  return at;
}

static size_t count_strata(const struct eh_made_cells *made) {
  size_t strata = 0;
  for (size_t e = 0; e < made->count; e++) strata += made->cells[e].stratum_count;
  return strata;
}

static struct slots slots_of(const struct eh_cluster_job *job, bool packed) {
  size_t strata = count_strata(job->made), room = 16, number = 0;
  while (room < 2 * strata) room *= 2;
  struct slots slots = {eh_alloc(room, sizeof *slots.codes),
                        eh_alloc_zeroed(room, sizeof *slots.numbers), room - 1};
  for (size_t e = 0; e < job->made->count; e++) {
    const struct eh_cells *cells = &job->made->cells[e];
    for (size_t s = 0; s < cells->stratum_count; s++) {
      uint64_t code = code_of_ranks(job->g, packed, cells->codes + s * cells->column_count);
      size_t at = slot_of(&slots, code);
      slots.codes[at] = code;
      slots.numbers[at] = (uint32_t)++number;
    }
  }
  return slots;
}

/* --- records --- */

/* A record that the measure counts. */
struct counted {
  uint64_t cluster; /* by the rules' columns; 0: it stands alone */
  uint32_t each, unit, day, stratum;
  bool event;
};

struct reading {
  const struct eh_cluster_job *job;
  const struct eh_records *records;
  struct slots slots;
  bool packed;
  const uint32_t *quarters; /* by day */
  uint32_t *each_number;    /* by rank of each; NULL without */
};

static uint32_t rank_at(const struct reading *r, size_t dimension, const struct eh_chunk *chunk,
                        size_t i) {
  return eh_dictionary_ranks(
      r->records->dictionaries[dimension])[eh_packed_get(&chunk->codes[dimension], i)];
}

/* The code of a record's stratum. */
static uint64_t code_at(const struct reading *r, const struct eh_chunk *chunk, size_t i) {
  const struct eh_grouping *g = r->job->g;
  uint64_t code = 0;
  for (size_t p = 0; p + 1 < g->part_count; p++) {
    uint32_t rank = rank_at(r, g->parts[p].dimension, chunk, i);
    code = r->packed ? code << g->parts[p].bits | rank : mixed(code, rank);
  }
  return code;
}

static uint32_t day_at(const struct reading *r, const struct eh_chunk *chunk, size_t i) {
  if (r->records->rules->date_column < 0) return 0;
  uint32_t stored = eh_packed_get(&chunk->days, i);
  if (stored == EH_NO_DAY) return 0;
  return stored - (uint32_t)(r->records->account.first_day + EH_DAY_ZERO) + 1;
}

/* One column of a cluster; 0: not recorded. */
static uint64_t share_at(const struct reading *r, int column, const struct eh_chunk *chunk,
                         size_t i) {
  const struct eh_rules *rules = r->records->rules;
  if (column == rules->date_column) return day_at(r, chunk, i);
  if (eh_rules_is_person(rules, column)) return chunk->person_prints[i];
  size_t dimension = eh_records_dimension(r->records, column);
  const struct eh_dictionary *d = r->records->dictionaries[dimension];
  uint32_t rank = rank_at(r, dimension, chunk, i);
  if (eh_dictionary_has_missing(d) && rank + 1 == eh_dictionary_count(d)) return 0;
  return (uint64_t)rank + 1;
}

static uint64_t cluster_at(const struct reading *r, const struct eh_chunk *chunk, size_t i) {
  const struct eh_cluster_way *way = r->job->way;
  uint64_t code = 1;
  for (size_t k = 0; k < way->column_count; k++) {
    uint64_t share = share_at(r, way->columns[k], chunk, i);
    if (share == 0) return 0;
    code = mixed(code, share);
  }
  return code ? code : 1;
}

/* One unit in so many, with all its records; or one quarter of a unit. */
static bool is_sampled(const struct reading *r, const struct counted *record) {
  const struct eh_cluster_sample *sample = &r->job->sample;
  if (sample->one_in <= 1) return true;
  uint64_t block = mixed(1, record->unit);
  if (sample->of_quarters) block = mixed(block, r->quarters[record->day]);
  return block % sample->one_in == 0;
}

/* False: the measure does not count it, or it is not in the sample. */
static bool read_record(const struct reading *r, const struct eh_chunk *chunk, size_t i,
                        struct counted *record) {
  const struct eh_grouping *g = r->job->g;
  uint8_t outcome = chunk->outcomes[i * r->records->rules->measure_count + r->job->made->measure];
  if ((chunk->status[i] & EH_FATE_MASK) != EH_AUDITED ||
      (outcome != EH_EVENT && outcome != EH_NO_EVENT))
    return false;
  *record = (struct counted){.unit = rank_at(r, eh_unit_part(g)->dimension, chunk, i),
                             .day = day_at(r, chunk, i),
                             .event = outcome == EH_EVENT};
  if (!is_sampled(r, record) || eh_lacks_factor(g, chunk, i)) return false;
  record->stratum = r->slots.numbers[slot_of(&r->slots, code_at(r, chunk, i))] - 1;
  if (r->each_number) record->each = r->each_number[rank_at(r, g->parts[0].dimension, chunk, i)];
  if (!r->job->way->of_days) record->cluster = cluster_at(r, chunk, i);
  return true;
}

static struct reading start_reading(const struct eh_cluster_job *job) {
  struct reading r = {.job = job, .records = job->g->records, .packed = is_packed(job->g)};
  r.slots = slots_of(job, r.packed);
  r.quarters = eh_cluster_periods(r.records, EH_PERIOD_QUARTER);
  if (job->g->comparison->each < 0) return r;
  const struct eh_dictionary *d = r.records->dictionaries[job->g->parts[0].dimension];
  const char *const *labels = eh_dictionary_labels(d);
  r.each_number = eh_alloc_zeroed(eh_dictionary_count(d), sizeof *r.each_number);
  for (size_t rank = 0; rank < eh_dictionary_count(d); rank++)
    for (size_t e = 0; e < job->made->count; e++)
      if (job->made->cells[e].each == labels[rank]) r.each_number[rank] = (uint32_t)e;
  return r;
}

static void end_reading(struct reading *r) {
  free(r->slots.codes);
  free(r->slots.numbers);
  free((void *)(uintptr_t)r->quarters);
  free(r->each_number);
}

/* Numbers for clusters that have several records, from 1 up: their codes, ascending. */
static uint64_t *repeated_codes(const struct reading *r, size_t *count) {
  uint64_t *codes = eh_alloc(r->records->rows, sizeof *codes);
  size_t all = 0, kept = 0;
  for (size_t c = 0; c < r->records->chunk_count; c++) {
    const struct eh_chunk *chunk = &r->records->chunks[c];
    for (size_t i = 0; i < chunk->rows; i++) {
      struct counted record;
      if (read_record(r, chunk, i, &record) && record.cluster) codes[all++] = record.cluster;
    }
  }
  eh_sort_keys(codes, all, EH_KEY_BITS, 1);
  for (size_t i = 1; i < all; i++)
    if (codes[i] == codes[i - 1] && (kept == 0 || codes[kept - 1] != codes[i]))
      codes[kept++] = codes[i];
  *count = kept;
  return codes;
}

uint32_t eh_cluster_days(const struct eh_records *records) {
  const struct eh_account *account = &records->account;
  if (records->rules->date_column < 0 || !account->has_dates) return 0;
  return (uint32_t)(account->last_day - account->first_day) + 1;
}

uint32_t *eh_cluster_periods(const struct eh_records *records, enum eh_period period) {
  uint32_t days = eh_cluster_days(records);
  uint32_t *periods = eh_alloc_zeroed((size_t)days + 1, sizeof *periods);
  int32_t first = records->account.first_day, base = days ? eh_period_of(period, first) : 0;
  for (uint32_t day = 1; day <= days; day++)
    periods[day] = (uint32_t)(eh_period_of(period, first + (int32_t)day - 1) - base) + 1;
  return periods;
}

static bool lay_out(const struct eh_cluster_job *job, size_t clusters, size_t quarters,
                    struct eh_cluster_keys *keys) {
  const struct eh_records *r = job->g->records;
  uint32_t days = eh_cluster_days(r);
  unsigned unit = eh_unit_part(job->g)->bits, at = 1;
  bool of_days = job->way->of_days;
  struct eh_cluster_field *const fields[] = {&keys->stratum, &keys->quarter, &keys->second,
                                             &keys->first, &keys->each};
  unsigned bits[] = {eh_bits_for(count_strata(job->made)), of_days ? 0 : eh_bits_for(quarters),
                     of_days ? eh_bits_for((size_t)days + 1) : unit,
                     of_days ? unit : eh_bits_for(clusters + 1), eh_bits_for(job->made->count)};
  for (size_t k = 0; k < 5; k++) {
    *fields[k] = (struct eh_cluster_field){at, bits[k]};
    at += bits[k];
  }
  return at <= EH_KEY_BITS;
}

/* A field without bits may stand behind the last bit. */
static uint64_t shifted(uint64_t value, struct eh_cluster_field field) {
  return field.bits ? value << field.shift : 0;
}

static void fill(const struct reading *r, const uint64_t *clusters, size_t cluster_count,
                 struct eh_cluster_keys *keys) {
  bool of_days = r->job->way->of_days;
  for (size_t c = 0; c < r->records->chunk_count; c++) {
    const struct eh_chunk *chunk = &r->records->chunks[c];
    for (size_t i = 0; i < chunk->rows; i++) {
      struct counted record;
      if (!read_record(r, chunk, i, &record)) continue;
      uint64_t first = record.unit, second = record.day;
      if (!of_days) {
        size_t place = eh_place_key(clusters, cluster_count, record.cluster);
        first = place < cluster_count && clusters[place] == record.cluster ? place + 1 : 0;
        second = record.unit;
      }
      keys->keys[keys->count++] = shifted(record.each, keys->each) | shifted(first, keys->first) |
                                  shifted(second, keys->second) |
                                  shifted(r->quarters[record.day], keys->quarter) |
                                  shifted(record.stratum, keys->stratum) | record.event;
    }
  }
}

bool eh_cluster_keys(const struct eh_cluster_job *job, struct eh_cluster_keys *keys) {
  struct reading r = start_reading(job);
  uint64_t *clusters = NULL;
  size_t cluster_count = 0;
  *keys = (struct eh_cluster_keys){0};
  if (!job->way->of_days) clusters = repeated_codes(&r, &cluster_count);
  size_t quarters = (size_t)r.quarters[eh_cluster_days(r.records)] + 1;
  bool fits = lay_out(job, cluster_count, quarters, keys);
  if (fits) {
    keys->keys = eh_alloc(r.records->rows, sizeof *keys->keys);
    fill(&r, clusters, cluster_count, keys);
    eh_sort_keys(keys->keys, keys->count, keys->each.shift + keys->each.bits, 1);
  }
  free(clusters);
  end_reading(&r);
  return fits;
}
