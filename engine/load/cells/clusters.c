/* How far records depend on each other: which clusters are looked at, and what they show. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/cells/clusters_internal.h"
#include "rules/language/question.h"

/* --- which --- */

static const char too_many[] = "there are more clusters, units and kinds of case than are counted";

enum { MOST_WAYS = 10 };
struct ways {
  struct eh_cluster_way items[MOST_WAYS];
  size_t count;
};

static const char *name_of(const struct eh_records *r, int column) {
  return r->rules->columns[column].name;
}

/* "officer_id, panel and date" */
static const char *names_of(struct eh_arena *arena, const struct eh_records *r, const int *columns,
                            size_t count) {
  const char *text = name_of(r, columns[0]);
  for (size_t k = 1; k < count; k++)
    text = eh_arena_printf(arena, "%s%s%s", text, k + 1 < count ? ", " : " and ",
                           name_of(r, columns[k]));
  return text;
}

static bool holds(const struct eh_cluster_columns *set, int column) {
  for (size_t k = 0; k < set->count; k++)
    if (set->columns[k] == column) return true;
  return false;
}

static enum eh_cluster_kind kind_of(const struct eh_rules *rules,
                                    const struct eh_cluster_columns *set) {
  for (size_t k = 0; k < set->count; k++)
    if (eh_rules_is_of_date(rules, set->columns[k])) return EH_CLUSTERS_OF_DATE;
  return rules->person_column >= 0 && holds(set, rules->person_column) ? EH_CLUSTERS_OF_PERSON
                                                                       : EH_CLUSTERS_OF_OTHER;
}

static bool is_unit_and_date(const struct eh_rules *rules, const struct eh_comparison *comparison,
                             const struct eh_cluster_columns *set) {
  return set->count == 2 && rules->date_column >= 0 && holds(set, comparison->across) &&
         holds(set, rules->date_column) && comparison->across != rules->date_column;
}

/* A named set of columns, also cut at the units: what two offices share on a day may be what each
   of their officers does. */
static struct eh_cluster_way way_of_columns(struct eh_arena *arena, const struct eh_records *r,
                                            const struct eh_comparison *comparison,
                                            const struct eh_cluster_columns *set, size_t number,
                                            bool named) {
  struct eh_cluster_way way = {.columns = set->columns, .column_count = set->count};
  struct eh_clustered said = {.within = names_of(arena, r, set->columns, set->count),
                              .kind = kind_of(r->rules, set),
                              .set = number,
                              .named = named};
  way.said[way.levels++] = said;
  if (!named || holds(set, comparison->across)) return way;
  said.within = eh_arena_printf(arena, "%s of one %s", said.within, name_of(r, comparison->across));
  way.said[way.levels++] = said;
  return way;
}

static struct eh_cluster_way way_of_days(struct eh_arena *arena, const struct eh_records *r,
                                         const struct eh_comparison *comparison, bool named,
                                         size_t set) {
  static const char *const periods[] = {"", "month of ", "quarter of "};
  struct eh_cluster_way way = {.of_days = true, .levels = EH_MOST_LEVELS};
  for (size_t k = 0; k < way.levels; k++)
    way.said[k] = (struct eh_clustered){
        .within = eh_arena_printf(arena, "%s and %s%s", name_of(r, comparison->across), periods[k],
                                  name_of(r, r->rules->date_column)),
        .kind = EH_CLUSTERS_OF_DATE,
        .set = set,
        .named = named && k == 0};
  return way;
}

static struct ways ways_of(struct eh_arena *arena, const struct eh_records *r,
                           const struct eh_comparison *comparison) {
  const struct eh_rules *rules = r->rules;
  const struct eh_dependent *dependent = &comparison->dependent;
  struct ways ways = {.count = 0};
  bool days_named = false, person_named = false;
  size_t set_of_days = 0;
  if (dependent->choice == EH_DEPENDENT_NONE) return ways;
  for (size_t i = 0; i < dependent->count; i++) {
    const struct eh_cluster_columns *set = &dependent->sets[i];
    if (is_unit_and_date(rules, comparison, set)) {
      days_named = true;
      set_of_days = i;
      continue;
    }
    person_named = person_named || (set->count == 1 && set->columns[0] == rules->person_column);
    ways.items[ways.count++] = way_of_columns(arena, r, comparison, set, i, true);
  }
  if (eh_cluster_days(r) && comparison->across != rules->date_column)
    ways.items[ways.count++] = way_of_days(arena, r, comparison, days_named, set_of_days);
  if (!person_named && eh_rules_is_person(rules, rules->person_column)) {
    int *column = eh_arena_alloc(arena, 1, sizeof *column);
    *column = rules->person_column;
    struct eh_cluster_columns set = {column, 1};
    ways.items[ways.count++] = way_of_columns(arena, r, comparison, &set, 0, false);
  }
  return ways;
}

/* --- one way --- */

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

static void leave_out(const struct eh_cluster_job *job) {
  for (size_t e = 0; e < job->made->count; e++)
    for (size_t level = 0; level < job->way->levels; level++) {
      job->to[e][level] = job->way->said[level];
      job->to[e][level].dependence.theta = job->to[e][level].dependence.raw =
          eh_no_figure(too_many);
    }
}

static void measure_all(const struct eh_cluster_job *job) {
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

/* Beyond so many records a sample of about that many is screened first. What it could miss is a
   design effect of some hundredths. */
enum { MOST_SCREENED = 500000, UNITS_TO_SAMPLE = 40 };

static struct eh_cluster_sample sample_of(const struct eh_cluster_job *job) {
  uint64_t records = 0, units = 0;
  for (size_t level = 0; level < job->way->levels; level++)
    if (job->way->said[level].named) return (struct eh_cluster_sample){1, false};
  for (size_t e = 0; e < job->made->count; e++) {
    records += job->made->cells[e].records;
    if (job->made->cells[e].unit_count > units) units = job->made->cells[e].unit_count;
  }
  uint64_t one_in = records / MOST_SCREENED + (records % MOST_SCREENED != 0);
  return (struct eh_cluster_sample){one_in, units < UNITS_TO_SAMPLE * one_in};
}

/* Does any level show dependence: of all units, or of more of them than chance would? */
static bool shows(const struct eh_cluster_job *job) {
  static const double BY_CHANCE = 0.01;
  for (size_t e = 0; e < job->made->count; e++)
    for (size_t level = 0; level < job->way->levels; level++) {
      const struct eh_dependence *d = &job->to[e][level].dependence;
      double seen = 0.0, beyond = 0.0;
      if (!d->units) continue;
      for (size_t u = 0; u < job->made->cells[e].unit_count; u++) {
        seen += !d->units[u].own_z.why_not;
        beyond += !d->units[u].own_z.why_not && d->units[u].own_z.value > EH_SCREEN_OWN_Z;
      }
      if (d->z >= EH_SCREEN_Z || beyond > BY_CHANCE * seen + 1.0) return true;
    }
  return false;
}

static void do_job(struct eh_cluster_job *job) {
  job->sample = sample_of(job);
  measure_all(job);
  if (job->sample.one_in <= 1 || !shows(job)) return;
  job->sample.one_in = 1;
  measure_all(job);
}

/* --- all --- */

struct jobs {
  struct eh_cluster_job *items;
  size_t count;
};

static void run(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct jobs *jobs = context;
  do_job(&jobs->items[index]);
}

/* Room for what the ways of a comparison will show, beside each of a measure's cells. */
static void plan_measure(struct eh_arena *arena, const struct eh_grouping *g,
                         const struct eh_made_cells *made, struct jobs *jobs) {
  const struct eh_measure *measure = &g->records->rules->measures[made->measure];
  if (eh_has_outcome(measure)) return;
  struct ways *ways = eh_arena_alloc(arena, 1, sizeof *ways);
  *ways = ways_of(arena, g->records, g->comparison);
  size_t levels = 0;
  for (size_t i = 0; i < ways->count; i++) levels += ways->items[i].levels;
  if (levels == 0) return;
  jobs->items = eh_resize(jobs->items, jobs->count + ways->count, sizeof *jobs->items);
  size_t first_job = jobs->count;
  for (size_t i = 0; i < ways->count; i++)
    jobs->items[jobs->count++] = (struct eh_cluster_job){
        .arena = eh_arena_new(),
        .g = g,
        .made = made,
        .way = &ways->items[i],
        .to = eh_arena_alloc(arena, made->count, sizeof(struct eh_clustered *))};
  for (size_t e = 0; e < made->count; e++) {
    struct eh_clustered *to = eh_arena_alloc(arena, levels, sizeof *to);
    made->cells[e].clusterings = to;
    made->cells[e].clustering_count = levels;
    for (size_t i = 0; i < ways->count; to += ways->items[i++].levels)
      jobs->items[first_job + i].to[e] = to;
  }
}

bool eh_needs_clusters(const struct eh_records *r) {
  const struct eh_rules *rules = r->rules;
  for (size_t c = 0; c < rules->comparison_count; c++) {
    const struct eh_dependent *dependent = &rules->comparisons[c].dependent;
    if (dependent->choice == EH_DEPENDENT_NAMED) return true;
    if (dependent->choice == EH_DEPENDENT_AUTO &&
        (rules->date_column >= 0 || eh_rules_is_person(rules, rules->person_column)))
      return true;
  }
  return false;
}

/* The months of a unit are its days where it has one day in each: the same sums, to the last digit.
 */
static bool is_same(const struct eh_dependence *days, const struct eh_dependence *longer) {
  return days->clusters == longer->clusters && days->with_pairs == longer->with_pairs &&
         days->raw.value == longer->raw.value;
}

/* A clustering in which no two records share a cluster shows nothing, and is not told. */
static void drop_empty(struct eh_made_cells *made) {
  for (size_t e = 0; e < made->count; e++) {
    struct eh_cells *cells = &made->cells[e];
    struct eh_clustered *items = (struct eh_clustered *)(uintptr_t)cells->clusterings;
    size_t kept = 0;
    for (size_t i = 0; i < cells->clustering_count; i++) {
      const struct eh_dependence *d = &items[i].dependence;
      bool tells = d->with_pairs > 0 || d->theta.why_not;
      if (kept > 0 && !items[i].named && is_same(&items[kept - 1].dependence, d)) continue;
      if (items[i].within && (items[i].named || tells)) items[kept++] = items[i];
    }
    cells->clustering_count = kept;
  }
}

/* Each of two records takes some 50 bytes while its clusters are looked at. */
static bool has_room(const struct eh_records *r) {
  enum { BYTES = 50 };
  return r->options.memory == 0 ||
         eh_memory_used() + (uint64_t)r->rows * BYTES <= r->options.memory;
}

void eh_measure_clusters(struct eh_arena *arena, const struct eh_records *r,
                         const struct eh_grouping *groupings, struct eh_made_cells *const *made,
                         size_t count) {
  struct jobs jobs = {0};
  bool room = has_room(r);
  for (size_t i = 0; i < count; i++)
    for (size_t m = 0; m < groupings[i].measure_count; m++)
      for (size_t e = 0; e < made[i][m].count && !room; e++)
        made[i][m].cells[e].no_clusterings = "the limit on memory leaves no room for it";
  for (size_t i = 0; i < count && room; i++)
    for (size_t m = 0; m < groupings[i].measure_count; m++)
      plan_measure(arena, &groupings[i], &made[i][m], &jobs);
  eh_parallel(jobs.count, r->options.threads, run, &jobs);
  for (size_t k = 0; k < jobs.count; k++) eh_arena_take(arena, jobs.items[k].arena);
  for (size_t i = 0; i < count && room; i++)
    for (size_t m = 0; m < groupings[i].measure_count; m++) drop_empty(&made[i][m]);
  free(jobs.items);
}
