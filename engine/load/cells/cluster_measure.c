/* From a job's sorted keys to how far its clusters depend, level by level. */
#include <stdlib.h>

#include "engine/load/cells/clusters_internal.h"

/* A job's cells for one value of each, by cluster at the finest. */
struct walk {
  const struct eh_cluster_job *job;
  const struct eh_cluster_keys *keys;
  const struct eh_cells *cells;
  size_t first_stratum;    /* of these cells, among those of all */
  const uint32_t *unit_of; /* by rank */
  struct eh_cluster_base *bases;
  struct eh_cluster_cell *items;
  uint64_t *clusters; /* by item: its first and second field */
  size_t count;
  size_t *ends;
  uint64_t *parts;        /* which parts of strata occur: stratum times quarter, a bit each */
  uint32_t *part_numbers; /* of the first bit of each word */
  size_t quarters, part_count;
  const uint32_t *month_of, *quarter_of; /* by day */
};

static uint32_t quarter_at(const struct walk *w, uint64_t key) {
  return w->job->way->of_days ? w->quarter_of[eh_cluster_field(key, w->keys->second)]
                              : (uint32_t)eh_cluster_field(key, w->keys->quarter);
}

static size_t bit_of(const struct walk *w, uint64_t key) {
  size_t stratum = eh_cluster_field(key, w->keys->stratum) - w->first_stratum;
  return stratum * w->quarters + quarter_at(w, key);
}

static uint64_t cluster_of(const struct walk *w, uint64_t key) {
  return eh_cluster_field(key, w->keys->first) << 32 | eh_cluster_field(key, w->keys->second);
}

static void number_parts(struct walk *w, size_t first, size_t last) {
  size_t words = w->cells->stratum_count * w->quarters / 64 + 1;
  w->parts = eh_alloc_zeroed(words, sizeof *w->parts);
  w->part_numbers = eh_alloc(words, sizeof *w->part_numbers);
  for (size_t i = first; i < last; i++) {
    size_t bit = bit_of(w, w->keys->keys[i]);
    w->parts[bit / 64] |= (uint64_t)1 << bit % 64;
  }
  for (size_t k = 0; k < words; k++) {
    w->part_numbers[k] = (uint32_t)w->part_count;
    w->part_count += (size_t)__builtin_popcountll(w->parts[k]);
  }
}

static uint32_t part_of(const struct walk *w, size_t bit) {
  uint64_t below = w->parts[bit / 64] & (((uint64_t)1 << bit % 64) - 1);
  return w->part_numbers[bit / 64] + (uint32_t)__builtin_popcountll(below);
}

/* The cell of a unit and stratum: it is there, since the record made it. */
static uint32_t base_of(const struct walk *w, uint32_t unit, uint32_t stratum) {
  const struct eh_unit *u = &w->cells->units[unit];
  size_t low = u->first_cell, high = u->first_cell + u->cell_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (w->cells->cells[middle].stratum <= stratum)
      low = middle;
    else
      high = middle;
  }
  return (uint32_t)low;
}

/* What is not recorded makes no cluster. */
static bool is_alone(const struct walk *w, uint64_t key) {
  return eh_cluster_field(key, w->job->way->of_days ? w->keys->second : w->keys->first) == 0;
}

static void add_items(struct walk *w, size_t first, size_t last) {
  uint64_t before = UINT64_MAX;
  for (size_t i = first; i < last; i++) {
    uint64_t key = w->keys->keys[i];
    if (key >> 1 != before >> 1 || i == first || is_alone(w, key)) {
      uint64_t rank =
          eh_cluster_field(key, w->job->way->of_days ? w->keys->first : w->keys->second);
      uint32_t stratum = (uint32_t)(eh_cluster_field(key, w->keys->stratum) - w->first_stratum);
      w->items[w->count].base = base_of(w, w->unit_of[rank], stratum);
      w->items[w->count].part = part_of(w, bit_of(w, key));
      w->items[w->count].records = w->items[w->count].events = 0;
      w->clusters[w->count++] = is_alone(w, key) ? UINT64_MAX : cluster_of(w, key);
      before = key;
    }
    w->items[w->count - 1].records++;
    w->items[w->count - 1].events += key & 1;
  }
}

/* What of an item's fields names its cluster at a level. */
static uint64_t at_level(const struct walk *w, uint64_t cluster, size_t level) {
  if (!w->job->way->of_days) return level == 0 ? cluster >> 32 : cluster;
  if (level == 0) return cluster;
  const uint32_t *period_of = level == 1 ? w->month_of : w->quarter_of;
  return (cluster >> 32 << 32) | period_of[(uint32_t)cluster];
}

static size_t cut(struct walk *w, size_t level) {
  size_t clusters = 0;
  uint64_t raw = UINT64_MAX, now = 0;
  for (size_t i = 0; i < w->count; i++) {
    bool alone = w->clusters[i] == UINT64_MAX, begins = i == 0 || alone || raw == UINT64_MAX;
    if (!alone && w->clusters[i] != raw) {
      uint64_t next = at_level(w, w->clusters[i], level);
      begins = begins || next != now;
      now = next;
    }
    raw = w->clusters[i];
    clusters += begins;
    w->ends[clusters - 1] = i + 1;
  }
  return clusters;
}

static void measure_levels(struct walk *w, struct eh_clustered *to) {
  for (size_t level = 0; level < w->job->way->levels; level++) {
    struct eh_clustering clustering = {.bases = w->bases,
                                       .base_count = w->cells->cell_count,
                                       .units = w->cells->unit_count,
                                       .strata = w->cells->stratum_count,
                                       .parts = w->part_count,
                                       .cells = w->items,
                                       .ends = w->ends};
    clustering.clusters = cut(w, level);
    to[level] = w->job->way->said[level];
    to[level].sampled = w->job->sample.one_in > 1;
    enum eh_dependence_use use = to[level].sampled ? EH_DEPENDENCE_LOOKED_AT
                                 : to[level].named ? EH_DEPENDENCE_NAMED
                                                   : EH_DEPENDENCE_SCREENED;
    to[level].dependence = eh_dependence(w->job->arena, &clustering, use);
  }
}

static uint32_t *units_by_rank(const struct eh_grouping *g, const struct eh_cells *cells) {
  const struct eh_dictionary *d = g->records->dictionaries[eh_unit_part(g)->dimension];
  const char *const *labels = eh_dictionary_labels(d);
  uint32_t *units = eh_alloc_zeroed(eh_dictionary_count(d), sizeof *units);
  for (size_t u = 0, rank = 0; u < cells->unit_count; u++, rank++) {
    while (labels[rank] != cells->units[u].label) rank++; /* both in order of labels */
    units[rank] = (uint32_t)u;
  }
  return units;
}

static void walk_keys(const struct eh_cluster_job *job, const struct eh_cluster_keys *keys,
                      size_t first, size_t last, size_t each, size_t first_stratum) {
  const struct eh_cells *cells = &job->made->cells[each];
  uint32_t *units = units_by_rank(job->g, cells);
  uint32_t *months = eh_cluster_periods(job->g->records, EH_PERIOD_MONTH);
  uint32_t *quarters = eh_cluster_periods(job->g->records, EH_PERIOD_QUARTER);
  size_t count = last - first;
  struct walk w = {.job = job,
                   .keys = keys,
                   .cells = cells,
                   .first_stratum = first_stratum,
                   .unit_of = units,
                   .quarters = (size_t)quarters[eh_cluster_days(job->g->records)] + 1,
                   .month_of = months,
                   .quarter_of = quarters};
  number_parts(&w, first, last);
  w.bases = eh_alloc(cells->cell_count, sizeof *w.bases);
  for (size_t i = 0; i < cells->cell_count; i++)
    w.bases[i] = (struct eh_cluster_base){cells->cells[i].unit, cells->cells[i].stratum,
                                          cells->cells[i].records, cells->cells[i].events};
  w.items = eh_alloc(count, sizeof *w.items);
  w.clusters = eh_alloc(count, sizeof *w.clusters);
  add_items(&w, first, last);
  w.ends = eh_alloc(w.count, sizeof *w.ends);
  measure_levels(&w, job->to[each]);
  free(w.ends);
  free(w.clusters);
  free(w.items);
  free(w.bases);
  free(w.parts);
  free(w.part_numbers);
  free(units);
  free(months);
  free(quarters);
}

static const char too_many[] = "there are more clusters, units and kinds of case than are counted";

static void leave_out(const struct eh_cluster_job *job) {
  for (size_t e = 0; e < job->made->count; e++)
    for (size_t level = 0; level < job->way->levels; level++) {
      job->to[e][level] = job->way->said[level];
      job->to[e][level].dependence.theta = job->to[e][level].dependence.raw =
          eh_no_figure(too_many);
    }
}

void eh_cluster_measure(const struct eh_cluster_job *job) {
  struct eh_cluster_keys keys;
  if (!eh_cluster_keys(job, &keys)) {
    leave_out(job);
    return;
  }
  size_t stratum = 0;
  for (size_t e = 0, first = 0; e < job->made->count; e++) {
    size_t last = first;
    while (last < keys.count && eh_cluster_field(keys.keys[last], keys.each) == e) last++;
    if (last > first) walk_keys(job, &keys, first, last, e, stratum);
    stratum += job->made->cells[e].stratum_count;
    first = last;
  }
  free(keys.keys);
}
