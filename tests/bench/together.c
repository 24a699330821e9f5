#include "tests/bench/together.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/findings/audit.h"
#include "engine/stats/categories.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/wilcoxon.h"

static double normal(struct eh_random *random) {
  double u = 1.0 - eh_random_uniform(random), v = eh_random_uniform(random);
  return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v);
}

static size_t size_of(const struct together_plan *plan, struct eh_random *random) {
  if (!plan->geometric || plan->size < 2) return plan->size;
  double stop = 1.0 / (double)plan->size;
  return 1 + (size_t)(log(1.0 - eh_random_uniform(random)) / log(1.0 - stop));
}

/* All records of one audit, as cells of (cluster, unit, stratum). */
struct drawn {
  struct eh_cluster_base *bases; /* units x strata */
  struct eh_cluster_cell *items;
  size_t *ends;
  size_t item_count, clusters;
};

static void draw_cluster(const struct together_plan *plan, size_t unit, struct eh_random *random,
                         struct drawn *d) {
  bool differs = plan->few == 0 || unit < plan->few;
  double shift = differs ? plan->spread * normal(random) : 0.0;
  size_t first = d->item_count, count = size_of(plan, random);
  uint32_t *records = eh_alloc_zeroed(2 * plan->units * plan->strata, sizeof *records);
  uint32_t *events = records + plan->units * plan->strata;
  for (size_t i = 0; i < count; i++) {
    size_t own = plan->across ? eh_random_below(random, plan->units) : unit;
    size_t stratum = eh_random_below(random, plan->strata);
    double middle = ((double)plan->strata - 1.0) / 2.0;
    double logit = log(plan->rate / (1.0 - plan->rate)) + 0.4 * ((double)stratum - middle) + shift;
    records[own * plan->strata + stratum]++;
    events[own * plan->strata + stratum] += eh_random_uniform(random) < 1.0 / (1.0 + exp(-logit));
  }
  for (size_t b = 0; b < plan->units * plan->strata; b++) {
    if (records[b] == 0) continue;
    d->items[d->item_count++] =
        (struct eh_cluster_cell){(uint32_t)b, (uint32_t)(b % plan->strata), records[b], events[b]};
    d->bases[b].records += records[b];
    d->bases[b].events += events[b];
  }
  free(records);
  if (d->item_count > first) d->ends[d->clusters++] = d->item_count;
}

static struct drawn draw(struct eh_arena *arena, const struct together_plan *plan,
                         struct eh_random *random) {
  size_t clusters = plan->units * plan->clusters, bases = plan->units * plan->strata;
  struct drawn d = {eh_arena_alloc(arena, bases, sizeof *d.bases),
                    eh_arena_alloc(arena, 40 * clusters * plan->size, sizeof *d.items),
                    eh_arena_alloc(arena, clusters, sizeof *d.ends), 0, 0};
  for (size_t b = 0; b < bases; b++)
    d.bases[b] =
        (struct eh_cluster_base){(uint32_t)(b / plan->strata), (uint32_t)(b % plan->strata), 0, 0};
  for (size_t c = 0; c < clusters; c++) draw_cluster(plan, c / plan->clusters, random, &d);
  return d;
}

/* The cells that an audit takes: those of the bases that have records. */
static struct eh_cells cells_of(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct together_plan *plan, const struct drawn *d) {
  struct eh_cells cells = {
      .unit_count = plan->units, .column_count = 1, .stratum_count = plan->strata};
  cells.units = eh_arena_alloc(arena, plan->units, sizeof *cells.units);
  cells.cells = eh_arena_alloc(arena, plan->units * plan->strata, sizeof *cells.cells);
  cells.columns = eh_arena_alloc(arena, 1, sizeof *cells.columns);
  uint32_t *codes = eh_arena_alloc(arena, plan->strata, sizeof *codes);
  const char **labels = eh_arena_alloc(arena, plan->strata, sizeof *labels);
  for (uint32_t h = 0; h < plan->strata; h++) {
    codes[h] = h;
    labels[h] = eh_arena_printf(arena, "k%02u", h);
  }
  cells.codes = codes;
  cells.columns[0] =
      (struct eh_stratum_column){rules->measures[0].factors[0], labels, plan->strata, false, true, false};
  for (size_t u = 0; u < plan->units; u++) {
    cells.units[u] =
        (struct eh_unit){eh_arena_printf(arena, "u%03zu", u), true, cells.cell_count, 0, 0};
    for (size_t h = 0; h < plan->strata; h++) {
      const struct eh_cluster_base *b = &d->bases[u * plan->strata + h];
      if (b->records == 0) continue;
      cells.cells[cells.cell_count++] =
          (struct eh_cell){(uint32_t)u, (uint32_t)h, b->records, b->events};
      cells.units[u].cell_count++;
      cells.records += b->records;
      cells.events += b->events;
    }
  }
  return cells;
}

static void audit_one(const struct eh_rules *rules, const struct together_plan *plan,
                      enum together_use use, struct eh_random *random,
                      struct together_score *score) {
  struct eh_arena *arena = eh_arena_new();
  struct drawn d = draw(arena, plan, random);
  struct eh_cells cells = cells_of(arena, rules, plan, &d);
  struct eh_clustering clustering = {d.bases,      plan->units * plan->strata,
                                     plan->units,  plan->strata,
                                     plan->strata, d.items,
                                     d.ends,       d.clusters};
  struct eh_clustered clustered = {.within = "cluster", .named = use == TOGETHER_NAMED};
  if (use != TOGETHER_INDEPENDENT) {
    clustered.dependence = eh_dependence(
        arena, &clustering, use == TOGETHER_NAMED ? EH_DEPENDENCE_NAMED : EH_DEPENDENCE_SCREENED);
    cells.clusterings = &clustered;
    cells.clustering_count = 1;
  }
  struct eh_account account = {.read = cells.records, .audited = cells.records};
  struct eh_audit_options options = {.threads = 1, .only_summary = true};
  const struct eh_audit *audit = eh_audit_run(arena, rules, &account, &cells, 1, &options);
  score->audits++;
  score->any += audit->findings > 0;
  for (size_t u = 0; u < plan->units; u++) {
    const struct eh_interval *i = &audit->comparisons[0].results[u].share.difference;
    if (i->low.why_not || i->high.why_not) continue;
    score->intervals++;
    score->covering += i->low.value <= 0.0 && i->high.value >= 0.0;
  }
  eh_arena_free(arena);
}

struct together_score together_audit(const struct eh_rules *rules, const struct together_plan *plan,
                                     enum together_use use, size_t audits, uint64_t seed) {
  struct together_score score = {0};
  for (size_t i = 0; i < audits; i++) {
    struct eh_random random = eh_random_seeded(seed, i);
    audit_one(rules, plan, use, &random, &score);
  }
  return score;
}

/* Is any of these found at 5%? */
static bool any_found(const double *log10_p, size_t count) {
  double *q = eh_alloc(count, sizeof *q);
  bool any = false;
  eh_benjamini_hochberg(log10_p, count, q, NULL);
  for (size_t u = 0; u < count; u++) any = any || q[u] <= 0.05;
  free(q);
  return any;
}

static size_t caseload(size_t least, size_t most, struct eh_random *random) {
  return (size_t)round((double)least *
                       pow((double)most / (double)least, eh_random_uniform(random)));
}

static bool audit_values(const struct values_plan *plan, struct eh_random *random) {
  size_t count = 0, *unit_of = eh_alloc(plan->units * plan->most, sizeof *unit_of);
  struct eh_amount *all = eh_alloc(plan->units * plan->most, sizeof *all);
  struct eh_amount *one = eh_alloc(plan->units * plan->most, sizeof *one);
  double *log10_p = eh_alloc(plan->units, sizeof *log10_p);
  for (size_t u = 0; u < plan->units; u++)
    for (size_t n = caseload(plan->least, plan->most, random); n > 0; n--) {
      bool positive = eh_random_uniform(random) < plan->positive;
      double value = positive ? round(exp(7.0 + normal(random))) : 0.0;
      unit_of[count] = u;
      all[count++] = (struct eh_amount){eh_random_below(random, plan->strata), false, value, 1};
    }
  for (size_t u = 0; u < plan->units; u++) {
    memcpy(one, all, count * sizeof *one);
    for (size_t i = 0; i < count; i++) one[i].unit = unit_of[i] == u;
    log10_p[u] = eh_wilcoxon(one, count, 0.95).ranks.log10_p;
  }
  bool found = any_found(log10_p, plan->units);
  free(unit_of);
  free(all);
  free(one);
  free(log10_p);
  return found;
}

size_t together_values(const struct values_plan *plan, size_t audits, uint64_t seed) {
  size_t any = 0;
  for (size_t i = 0; i < audits; i++) {
    struct eh_random random = eh_random_seeded(seed, i);
    any += audit_values(plan, &random);
  }
  return any;
}

static bool audit_categories(const struct categories_plan *plan, struct eh_random *random) {
  enum { MOST = 12, MOST_UNITS = 60 };
  uint64_t own[MOST_UNITS][MOST] = {{0}}, all[MOST] = {0}, peers[MOST];
  double log10_p[MOST_UNITS];
  for (size_t u = 0; u < plan->units; u++)
    for (size_t n = caseload(plan->least, plan->most, random); n > 0; n--) {
      double at = eh_random_uniform(random);
      size_t j = 0;
      while (j + 1 < plan->count && at >= plan->shares[j]) at -= plan->shares[j++];
      own[u][j]++;
      all[j]++;
    }
  for (size_t u = 0; u < plan->units; u++) {
    for (size_t j = 0; j < plan->count; j++) peers[j] = all[j] - own[u][j];
    struct eh_category_tables tables = {1, plan->count, own[u], peers};
    size_t pooled;
    struct eh_test test = eh_categories_pooled_test(&tables, 2.0, &pooled);
    log10_p[u] = test.why_not ? 0.0 : test.log10_p;
  }
  return any_found(log10_p, plan->units);
}

size_t together_categories(const struct categories_plan *plan, size_t audits, uint64_t seed) {
  size_t any = 0;
  for (size_t i = 0; i < audits; i++) {
    struct eh_random random = eh_random_seeded(seed, i);
    any += audit_categories(plan, &random);
  }
  return any;
}
