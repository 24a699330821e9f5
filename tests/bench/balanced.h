/* Simulated audits with adjust_for, in worlds whose truth is known: many factors, of which no two
 * records need agree in all.
 *
 * A factor has three levels, whose shares differ by unit; slopes and interactions of all pairs are
 * drawn for each world. The true difference of a unit is its own true rate on its comparable
 * records less what its peers, each with its own records' weight, would have done with them.
 */
#ifndef EVENHAND_TESTS_BENCH_BALANCED_H
#define EVENHAND_TESTS_BENCH_BALANCED_H

#include <stddef.h>
#include <stdint.h>

struct balanced_plan {
  const char *what;
  size_t units, factors; /* at most 100, 14 */
  double cases;          /* median; log-normal with 0.6, from 10 to 500 */
  double mix;            /* standard deviation of the units' caseloads, logits */
  double interactions;   /* of all pairs together, logits */
  double rate;
  double planted; /* a tenth of the units are moved by this, half up, half down; logits */
  double
      adversary; /* the first two factors go together otherwise in each unit, and matter jointly */
};

struct balanced_score {
  double units, tested, unmatched;
  double covered;          /* of the tested: intervals that hold the truth */
  double same, found;      /* tested units that do not differ; of these p < .005 */
  double few, found_few;   /* the same with fewer effective peers than cases */
  double planted, flagged; /* of the planted: p < .005 and 10 points */
  double pairs;            /* found, all worlds */
  double squares;          /* of errors */
};
/* Worlds have streams of the seed of their own; their sums do not depend on the threads. */
struct balanced_score balanced_audit(const struct balanced_plan *plan, size_t worlds, uint64_t seed,
                                     size_t threads);

#endif
