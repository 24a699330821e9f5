/* How an audit did in worlds whose truth is known.
 *
 * score_plan draws worlds, has eh_audit_run judge their cells, and counts against the truth. Sums
 * over comparisons are made in a fixed order, so that they do not depend on the threads.
 *
 * A unit is *found* where q <= false_discovery_rate and the difference agrees in sign with the
 * test; it is *flagged* where the difference also reaches smallest_difference. Found units put the
 * test itself to the proof, which the size asked for would cover up.
 */
#ifndef EVENHAND_TESTS_BENCH_SCORE_H
#define EVENHAND_TESTS_BENCH_SCORE_H

#include "tests/bench/world.h"

/* Counts of units that passed, and what became of them. False: the true difference is 0 or has the
   other sign. */
struct score_findings {
  double comparisons; /* with any */
  double units, false_ones;
  double proportions; /* sum over comparisons of false/max(1, all): the false proportion */
  double proportion_squares;
  double not_planted; /* units among them that nobody moved */
};

/* Intervals of the difference, and how many missed the true one; with the squares and products over
   comparisons, for a standard error that knows that units of one comparison share their peers. */
struct score_intervals {
  double count, missed;
  double count_squares, missed_squares, products;
};

struct score {
  double comparisons, units, testable;
  struct score_findings found, flagged;
  double targets; /* units whose true difference is at least smallest_difference */
  double targets_found, targets_flagged; /* in the right direction */
  double oracle_found, oracle_flagged;   /* of them, by the test that knows the peers' rates */
  struct score_intervals sure, few;      /* as the report calls them */
  double tau, tau_squares, taus;
  double groups_selected,
      group_proportions; /* offices with any found unit; their false proportion */
};

struct score_options {
  size_t comparisons, threads;
  uint64_t seed;
  bool oracle; /* tests every unit twice */
};

struct score score_plan(const struct eh_rules *rules, const struct world_plan *plan,
                        const struct score_options *options);
/* The same, each comparison with a plan of its own. */
struct score score_shapes(const struct eh_rules *rules, const struct world_shapes *shapes,
                          const struct score_options *options);

/* Both together. */
void score_add(struct score *sum, const struct score *score);

/* Means of what score counts, and their standard errors over the comparisons. */
struct score_mean {
  double value, error;
};
struct score_mean score_any(const struct score *score, const struct score_findings *findings);
struct score_mean score_false_proportion(const struct score *score,
                                         const struct score_findings *findings);
struct score_mean score_coverage(const struct score_intervals *intervals);
struct score_mean score_tau(const struct score *score);

/* Does a unit turn out flagged when its true difference is what the audit before it reported as
   power_80? Each comparison: an audit of a world where nobody differs; then the unit of median
   caseload gets that true difference, in the direction in which it is the easier to find, and all
   is decided and audited anew. */
struct score_power {
  double reports; /* audits that reported power_80 for the unit */
  double sizes;   /* their sum */
  double flagged; /* in the second audit, in the right direction */
};
struct score_power score_power_80(const struct eh_rules *rules, const struct world_plan *plan,
                                  const struct score_options *options);

#endif
