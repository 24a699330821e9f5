/* What interval, p and power of a balanced comparison share. Internal to
 * engine/stats/balanced*.c. */
#ifndef EVENHAND_STATS_BALANCED_INTERNAL_H
#define EVENHAND_STATS_BALANCED_INTERNAL_H

#include "engine/stats/balanced_test.h"

struct eh_own_records {
  double records, odds; /* of p0 */
};
struct eh_balanced {
  const struct eh_caseload *caseload;
  const struct eh_balance *balance;
  const double *p0;
  double records;             /* N */
  struct eh_own_records *own; /* of the unit, by pattern that has some */
  size_t own_count;
};

static inline double eh_logit(double p) { return log(p / (1.0 - p)); }
static inline double eh_expit(double x) { return 1.0 / (1.0 + exp(-x)); }

/* Fills at, z, p, log10_p, at_the_end. difference: in fractions. */
void eh_balanced_saddlepoint(const struct eh_balanced *b, double difference,
                             struct eh_balanced_test *test);

#endif
