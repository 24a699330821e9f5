/* Decisions that depend on each other: of one day, one panel, one person.
 *
 * Ten cases decided on one good day are not ten independent decisions, and a test that takes them
 * for such finds officers who differ by chance alone. The model: the decisions of one cluster share
 * a shift of their log odds that is random with variance theta,
 *
 *     cov(y_i, y_j) = theta v_i v_j     for i, j in one cluster,
 *
 * with v = m(n-m)/(n(n-1)) of the record's stratum (m events among n records). One theta holds for
 * all units of a comparison; a unit whose own days vary more is drawn towards that, as far as the
 * data tell (empirical Bayes). From theta follows by how much a unit's variance is larger than its
 * margins alone would make it: the design effect
 *
 *     delta = 1 + theta g,  g = (sum over clusters of (sum x)^2 - sum x^2) / sum x^2/v,
 *
 * x = (1-f) v for own and -f v for peers' records in a test, f = n1/n; and v, -(n1/n2) v for the
 * difference. The signed normal score z of the exact mid-p, over sqrt(delta), is then held to
 * Student's t; its degrees of freedom tell how well theta is known: 2 delta^2/(g s)^2.
 *
 * How theta is had: r = y - m/n - b v, with b = sum e/sum v of its unit (its own level is taken
 * out, else a true difference of units would look like dependence); pairs of a cluster's r are
 * multiplied and compared with what theta = 1 would make of them, both corrected for the centring:
 * a moment estimate, with a standard error s. Units all of whose records are one cluster are left
 * out of it. Where dates are known, m, n and v of theta (not of the
 * test) are those of the stratum's records of one calendar quarter: a trend that all share is no
 * dependence.
 */
#ifndef EVENHAND_STATS_DEPENDENCE_H
#define EVENHAND_STATS_DEPENDENCE_H

#include "engine/base/memory.h"
#include "engine/stats/tables.h"

/* A unit's records in a stratum, over all clusters. */
struct eh_cluster_base {
  uint32_t unit, stratum; /* numbered from 0 */
  uint32_t records, events;
};

/* Records of one cluster in one of these, and in one part of its stratum. */
struct eh_cluster_cell {
  uint32_t base; /* index into the bases */
  uint32_t part; /* of the stratum: its records of one calendar quarter, numbered over all strata;
                    the stratum's own number where there are no dates */
  uint32_t records, events;
};

/* Every record of a comparison, by cluster. */
struct eh_clustering {
  const struct eh_cluster_base *bases;     /* by unit, then stratum */
  size_t base_count, units, strata, parts; /* numbers are below these */
  const struct eh_cluster_cell *cells;     /* by cluster, then unit */
  const size_t *ends; /* cluster c has cells from ends[c - 1], or 0, up to ends[c] */
  size_t clusters;
};

/* One unit, in one clustering. */
struct eh_unit_dependence {
  uint64_t clusters;           /* that have comparable records of its */
  double effective;            /* (sum O)^2/sum O^2, O a cluster's sum of (1-f) v of its records */
  double g, g_difference;      /* of the test, of the difference */
  double theta, error;         /* that hold for it, and the standard error */
  bool decides;                /* what is said of it counts for this unit's test */
  struct eh_figure own, own_z; /* from its own clusters alone; its distance from the comparison's
                                  theta in standard errors */
};

struct eh_dependence {
  uint64_t clusters,
      with_pairs;             /* those with two records or more (of strata that tell something) */
  uint64_t smallest, largest; /* records of a cluster with pairs */
  double median;
  struct eh_figure raw;   /* the estimate as it is; it may be below 0 */
  struct eh_figure theta; /* between 0 and the most that there can be; none where it cannot be had:
                             every unit's records are one cluster */
  double most;            /* theta beyond it would make records more than copies of each other */
  double error;
  double z;       /* of raw, under independence: the screen */
  double between; /* variance of the units' own thetas beyond their errors */
  bool bounded;   /* the peers' part of g was bounded, not summed: there are many cells */
  struct eh_unit_dependence *units; /* by unit */
};
/* For whom it decides, and g is computed. */
enum eh_dependence_use {
  EH_DEPENDENCE_NAMED,    /* every unit: it is known that records of a cluster may depend */
  EH_DEPENDENCE_SCREENED, /* every unit if z passes EH_SCREEN_Z; else those whose own_z passes */
  EH_DEPENDENCE_LOOKED_AT /* nobody */
};
/* No cluster with two records: theta is 0, and every design effect 1. */
struct eh_dependence eh_dependence(struct eh_arena *arena, const struct eh_clustering *clustering,
                                   enum eh_dependence_use use);

/* From here on a screen counts. */
#define EH_SCREEN_Z 2.0
#define EH_SCREEN_OWN_Z 3.0

/* What dependence does to one unit's test or difference. {1, INFINITY}: nothing. */
struct eh_design {
  double delta; /* at least 1 */
  double df;
};
#define EH_INDEPENDENT ((struct eh_design){1.0, INFINITY}) /* with <math.h> */
struct eh_design eh_design_of(double g, double theta, double error);
/* Dependence of several kinds at once, of the same day and of the same person: the excesses add. */
struct eh_design eh_design_sum(struct eh_design a, struct eh_design b);

/* log10 of a two-sided p under a design, from that under independence; the same, to the last digit,
   where the design does nothing. */
double eh_design_log10_p(double log10_p, struct eh_design design);
/* The one-sided level that a test under independence has to be held to, so that it is `level` under
   the design. */
double eh_design_level(double level, struct eh_design design);
/* Standard errors that an interval reaches, those under independence being 1. */
double eh_design_reach(double confidence, struct eh_design design);

#endif
