/* Peers whose caseload is made the unit's by weights.
 *
 * Where exact strata are too thin, like can be compared with like in another way: the peers'
 * records are weighted until, in every exact stratum and on every level of every further factor,
 * they make up the share that they make up of the unit's own records (entropy balancing,
 * Hainmueller 2012; as a benchmark of police officers, Ridgeway and MacDonald 2009). The weights
 * depend on the caseloads alone, never on how anything was decided, and the difference is a sum
 * over records that a spreadsheet can redo.
 *
 *   struct eh_balance b = eh_balance_fit(scratch, &caseload);
 *   if (!b.why_not) ... b.weight[pattern], b.expected ...
 *
 * A pattern is one combination of an exact stratum and levels. Shares are fractions.
 */
#ifndef EVENHAND_STATS_BALANCE_H
#define EVENHAND_STATS_BALANCE_H

#include "engine/base/memory.h"
#include "engine/stats/tables.h"

#define EH_NO_LEVEL UINT32_MAX
#define EH_BALANCE_WITHIN 0.01 /* a caseload further off on some level is not matched */

/* A unit's records and its peers', by pattern. Which peers there are is for the caller to say:
   those in strata that the unit does not have change nothing. */
struct eh_caseload {
  size_t count;
  const struct eh_table *tables; /* by pattern */
  const uint32_t *stratum;       /* by pattern; those of one stratum stand together */
  size_t factors;                /* further ones */
  size_t pairs;                  /* of further factors whose levels are balanced jointly, too */
  const uint32_t *pair;          /* by pair: its two factors, the smaller first */
  const uint32_t *levels;        /* by pattern: a level of each factor, then of each pair; of a pair
                                    EH_NO_LEVEL where its levels are left to the factors */
  const uint32_t *level_count;   /* by factor, then pair: levels are below it */
};

/* Where weighted peers are furthest off. */
struct eh_imbalance {
  double size; /* |share of the peers' weight - share of the unit's records| */
  double own, peers;
  size_t factor; /* the factor; of a pair its first */
  size_t other;  /* of a pair: the second */
  uint32_t level, other_level;
};

struct eh_balance {
  const char *why_not;   /* NULL: there are weights. Comparable and events apply all the same */
  uint64_t comparable;   /* the unit's records in strata, and with levels, that peers have, too */
  uint64_t events;       /* of these, with the event */
  const bool *kept;      /* by pattern: the records of this pattern enter */
  const double *weight;  /* by pattern: of each record of the peers'; they add up to comparable */
  double expected;       /* events: the peers' weighted */
  double effective;      /* peers: (sum w)^2 / sum w^2 */
  double largest_weight; /* of one record, as a share of all */
  size_t largest;        /* the pattern whose records have it */
  struct eh_imbalance worst; /* over levels of factors; size 0 without factors */
  struct eh_imbalance pair;  /* over joint levels of two factors whose pair is not balanced */
  int steps;
};

/* Records are dropped until every stratum and level left is the unit's and its peers'. Then with
   q = the unit's records/its peers', t the unit's totals of the levels x:

     minimise sum_h n1_h ln(sum_{p in h} n_p exp(l'x_p)) - l't + 0.1 q |l|^2
     w_p = n1_h exp(l'x_p) / sum_{p' in h} n_p' exp(l'x_p')

   by Newton's method from 0, so every stratum balances exactly and each level to 0.2 q l/N: some
   1e-4 points. All levels have an indicator, none is a reference, so their order is no matter. The
   small ridge makes the minimum unique where levels say the same. It is found where the gradient is
   below 1e-12 N; where it stays above 1e-9 N there are no weights. */
struct eh_balance eh_balance_fit(struct eh_arena *scratch, const struct eh_caseload *caseload);
/* How many of the unit's records would be comparable, without looking for weights. */
uint64_t eh_balance_comparable(struct eh_arena *scratch, const struct eh_caseload *caseload);

#endif
