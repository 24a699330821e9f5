/* Simulated audits in which nobody differs and decisions hang together: days, families, persons.
 *
 * Records become cells and clusters as loading makes them, and are audited; what is counted is
 * whether anybody is found, and how many intervals of the difference hold the truth (0).
 */
#ifndef EVENHAND_TESTS_BENCH_TOGETHER_H
#define EVENHAND_TESTS_BENCH_TOGETHER_H

#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "rules/rules.h"

struct together_plan {
  const char *what;
  size_t units, clusters, size; /* clusters of a unit, records of a cluster */
  bool geometric;               /* sizes are of a geometric law with that mean */
  size_t strata;
  double rate;   /* of the middle stratum; others are .4 logits apart */
  double spread; /* standard deviation of the clusters' logits */
  size_t few;    /* only so many units' clusters differ; 0: all */
  bool across;   /* clusters are persons, whose records fall to units by lot */
};

/* How dependence is treated: as if there were none, screened, named. */
enum together_use { TOGETHER_INDEPENDENT, TOGETHER_SCREENED, TOGETHER_NAMED };

struct together_score {
  size_t audits, any; /* with a finding */
  size_t intervals, covering;
};
struct together_score together_audit(const struct eh_rules *rules, const struct together_plan *plan,
                                     enum together_use use, size_t audits, uint64_t seed);

/* Measures of a value and of a category, by the tests alone: so many units, Benjamini and Hochberg
   at 5%. Returns in how many of the audits anybody is found. */
struct values_plan {
  const char *what;
  size_t units, least, most; /* records of a unit, by a log-uniform law */
  size_t strata;
  double positive; /* share of values above 0; the rest are 0 */
};
size_t together_values(const struct values_plan *plan, size_t audits, uint64_t seed);
struct categories_plan {
  const char *what;
  size_t units, least, most, count;
  double shares[12];
};
size_t together_categories(const struct categories_plan *plan, size_t audits, uint64_t seed);

#endif
