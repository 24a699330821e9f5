/* Has a unit changed against its peers? Evidence that may be looked at as often as one likes.
 *
 * Out of the scores of standing.h. For a change at the beginning of period j = 2..T, with Vb and Va
 * a situation's V before j and from j on,
 *
 *     u_j = -sum over situations of U before j,   v_j = sum of Vb Va/(Vb + Va)
 *     M_j = (1 + s^2 v_j)^(-1/2) exp(u_j^2 s^2/(2 (1 + s^2 v_j))),  s = 0.5
 *     E   = sum w_j M_j + (1 - sum w_j),  w_j = [j <= 37]/72 + 1/(2 j (j - 1))
 *
 * M_j is the likelihood ratio of a change by N(0, s^2) against none for normal scores, each
 * situation's standing unknown; a martingale while nothing changes (Robbins 1970; Howard et al.
 * 2021; Shin, Ramdas and Rinaldo 2022). So E reaches 1/alpha in at most alpha of unchanged units,
 * however often one looks. Where decisions vary from period to period by sigma^2 beyond chance
 * (wander.h), each period weighs 1/(1 + sigma^2 V_t), and the scores are centred anew.
 */
#ifndef EVENHAND_STATS_EVIDENCE_H
#define EVENHAND_STATS_EVIDENCE_H

#include "engine/stats/standing.h"

struct eh_evidence {
  double ln_e;        /* natural logarithm of E */
  double information; /* sum of V, as weighed */
  double phi;         /* by how much variation made it less */
  uint32_t periods;   /* with V above 0 */
  bool has_change;    /* false: one period, or no information */
  uint32_t change;    /* the likeliest j, from 0: the period with which it began; the earliest of
                         equals */
  uint32_t change_first, change_last; /* the fewest periods that hold 95%, from first to last */
  double score, score_information;    /* u_j and v_j there; u_j/v_j is the change of log odds */
};
/* looks: T. Scores by situation, then period, from 0. sigma: log odds. */
struct eh_evidence eh_evidence(const struct eh_score *scores, size_t count, uint32_t looks,
                               double sigma);
/* The same with one phi = 1 + sigma^2 (sum V)/periods for all periods, as first written. */
struct eh_evidence eh_evidence_plain(const struct eh_score *scores, size_t count, uint32_t looks,
                                     double sigma);

/* The smallest change of log odds that `more` further periods like the average one would show, with
   80% probability: (c + 0.8416 sqrt v)/v, v = vb va/(vb + va), c = sqrt(2 (1 + s^2 v)/s^2
   (ln(1/(alpha w_(periods + 1))) + ln(1 + s^2 v)/2)). information: as weighed. */
struct eh_figure eh_evidence_noticeable(double information, uint32_t periods, uint32_t more,
                                        double alpha);

/* Which of these are so large that at most `rate` of them are false, on average, whatever depends on
   what: the largest r with the r-th largest at least count/(rate r) (Wang and Ramdas 2022). */
void eh_e_values_select(const double *ln_e, size_t count, double rate, bool *selected);

#endif
