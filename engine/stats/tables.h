/* What every statistic is a function of: one 2 x 2 table of counts per stratum.
 *
 * The unit (an officer, an office) has a events among its n1 records of the stratum; its peers, all
 * other units' records in the same stratum, have c events among n2. A unit's strata are an array of
 * these tables.
 *
 *               event        no event      all
 *     unit      a            n1 - a        n1
 *     peers     c            n2 - c        n2
 *     both      m = a + c    n - m         n = n1 + n2
 *
 * A stratum is comparable when n1 and n2 are at least 1, and informative when m and n - m are at
 * least 1 too. The difference and the risk difference sum over comparable strata, everything else
 * over informative ones; every function here takes all of a unit's strata and leaves out by itself
 * what it cannot use.
 *
 * Rates and differences are fractions (0.12), never points. A figure that cannot be had carries the
 * reason; no NaN and no infinity is ever returned as a value without one.
 */
#ifndef EVENHAND_STATS_TABLES_H
#define EVENHAND_STATS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eh_table {
  uint64_t a, n1; /* the unit: events, records; a <= n1 */
  uint64_t c, n2; /* its peers: events, records; c <= n2 */
};

static inline bool eh_table_is_comparable(const struct eh_table *t) {
  return t->n1 >= 1 && t->n2 >= 1;
}
static inline bool eh_table_is_informative(const struct eh_table *t) {
  return eh_table_is_comparable(t) && t->a + t->c >= 1 && t->a + t->c < t->n1 + t->n2;
}

/* A value, or the reason why there is none (a constant text in lower case, fit to follow "none: ").
 */
struct eh_figure {
  double value;        /* finite; 0 when why_not is set */
  const char *why_not; /* NULL: the value applies */
};

struct eh_interval {
  struct eh_figure estimate, low, high;
};

/* A test against a chi-square distribution. Where it does not apply, why_not is set and the rest is
 * 0. */
struct eh_test {
  double statistic;
  double df;
  double p;       /* 0 where it underflows; */
  double log10_p; /* this does not */
  const char *why_not;
};

static inline struct eh_figure eh_figure(double value) { return (struct eh_figure){value, NULL}; }
static inline struct eh_figure eh_no_figure(const char *why_not) {
  return (struct eh_figure){0.0, why_not};
}
static inline struct eh_interval eh_no_interval(const char *why_not) {
  return (struct eh_interval){{0.0, why_not}, {0.0, why_not}, {0.0, why_not}};
}

#endif
