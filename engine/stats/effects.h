/* One set of effects for all units of a comparison.
 *
 * Tested against all others together, four like units look extreme where two are. So each unit gets
 * a log odds theta of its own, all fitted together (Mantel and Haenszel's estimate for many
 * groups): in stratum k, of n records, unit u has a events and b others, all together A. psi =
 * exp(theta) solves
 *
 *     psi_u sum_k b_uk (A_k - a_uk)/n_k = sum_k a_uk (sum_v b_vk psi_v - b_uk psi_u)/n_k
 *
 * with two units exactly the Mantel-Haenszel odds ratio, in one stratum exactly the odds; it is not
 * drawn out by sparse strata. Of three units or more it depends a little on which outcome is called
 * the event; theta is half of what both ways say, so that swapping them turns it round, no more.
 * The sums on each side balance what flows between units, so that psi is the resting distribution
 * of a Markov chain: up to 400 units it is computed by elimination without a subtraction
 * (Grassmann, Taksar and Heyman 1985), beyond by sweeps.
 *
 * Only units that share strata, directly or through others, can be compared: they make a block,
 * with a scale of its own. A unit without events, or without others, in what it shares has no
 * finite effect and is left out of the fit; it gets one step of Newton's from the typical unit
 * instead (typical.h).
 */
#ifndef EVENHAND_STATS_EFFECTS_H
#define EVENHAND_STATS_EFFECTS_H

#include "engine/base/memory.h"
#include "engine/stats/association.h"

enum eh_fitted {
  EH_NOT_FITTED, /* why_not says why */
  EH_FITTED,
  EH_ONE_STEP /* left out: without events, or without others */
};

struct eh_unit_fit {
  enum eh_fitted fitted;
  const char *why_not;
  size_t block;    /* of a fitted one */
  double theta;    /* log odds, up to a constant of the block; of a fitted one */
  double variance; /* floating (Easton, Peto and Babiker 1991): that of a difference of two units is
                      about the sum of theirs */
  double records;  /* in strata with peers */
  double events;   /* in these */
  double expected; /* events, at the overall rate of each of these strata */
};

struct eh_block_fit {
  size_t first, units;  /* member[first], ..., of eh_effects: fitted units, by what they have, not
                           by name or number */
  const char *why_not;  /* it has no effects */
  const double *shares; /* of eh_effects_draw; NULL: the block is too large for it */
  double thinness; /* the middle unit's variance, from the covariance of the fit, over that from
                      the floating variances: well above 1 where units hang together by few
                      records */
};
/* Blocks above this thinness are linked by too few records to be measured with one another. */
#define EH_TOO_THIN 1.25
#define EH_LINKED_BY_TOO_FEW "its kinds of case are linked by too few records"

struct eh_stratum_fit {
  double log_odds; /* lambda: at theta = 0 */
  size_t block;
  bool fitted; /* two fitted units and both outcomes */
};

struct eh_effects {
  size_t units, blocks, strata;
  struct eh_unit_fit *unit;
  struct eh_block_fit *block;
  size_t *member;
  struct eh_stratum_fit *stratum; /* in order of the cells */
};
/* cells: sorted by stratum, with unit < units. Everything lives in the arena. */
const struct eh_effects *eh_effects_fit(struct eh_arena *arena,
                                        const struct eh_association_cell *cells, size_t count,
                                        size_t units);

/* What the effects of a block might have come out off: normal errors, with the covariance of the
   fit, from one standard normal value a unit. EH_DRAWN_TOGETHER draws at once, side by side for
   each unit in normal and in errors; each comes out as it would by itself. inflation: by unit of
   eh_effects, or NULL: the factor on its variance. */
enum { EH_DRAWN_TOGETHER = 16 };
void eh_effects_draw(const struct eh_effects *effects, size_t block, const double *inflation,
                     const double *normal, double *errors);

#endif
