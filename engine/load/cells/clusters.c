/* How far records depend on each other: every measure of every grouping, each way. */
#include <stdlib.h>

#include "engine/base/parallel.h"
#include "engine/load/cells/clusters_internal.h"
#include "rules/language/question.h"

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
  eh_cluster_measure(job);
  if (job->sample.one_in <= 1 || !shows(job)) return;
  job->sample.one_in = 1;
  eh_cluster_measure(job);
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
  bool adjusts = made->count && eh_cells_are_adjusted(&made->cells[0]);
  for (size_t e = 0; adjusts && e < made->count; e++)
    made->cells[e].no_clusterings = "it cannot be allowed for where peers are weighted";
  if (adjusts) return;
  struct eh_cluster_ways *ways = eh_arena_alloc(arena, 1, sizeof *ways);
  *ways = eh_cluster_ways(arena, g->records, g->comparison);
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
