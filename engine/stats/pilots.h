/* Did the pilot offices change otherwise than the others?
 *
 * Each office has the log odds ratio of its decisions after against before, within situations, and
 * its variance v. Offices change of their own accord by sigma: the spread (spread_change.h) of the
 * others about their median, 0 with fewer than 5. With w = 1/(v + sigma^2) the answer is the
 * weighted mean of the pilots less that of the others, its standard error sqrt(1/sum w + 1/sum w),
 * and p and limits from Student's t with (others - 1) degrees of freedom: records alone would claim
 * far too much (their 95% intervals hold 38 to 64%, these 93 to 95%, simulated).
 *
 * Beside it the placebo groups: every group of as many other offices is taken for the pilots (against all
 * the rest), and p = (1 + those with |t| at least as large)/(1 + groups) (after MacKinnon and Webb 2020).
 */
#ifndef EVENHAND_STATS_PILOTS_H
#define EVENHAND_STATS_PILOTS_H

#include "engine/stats/spread_change.h"

struct eh_pilots_options {
  double confidence;
  uint64_t seed; /* draws groups where there are over 10,000 */
};
struct eh_pilots {
  size_t pilots, others;
  struct eh_interval difference; /* log odds ratio */
  struct eh_figure error, error_of_records, sigma, p;
  uint64_t groups;
  struct eh_figure placebo_p;
};
/* changes: of each office; is_pilot: which. Fewer than 5 others: "too few offices to tell". */
struct eh_pilots eh_pilots(const struct eh_at_time *changes, const bool *is_pilot, size_t count,
                           const struct eh_pilots_options *options);

#endif
