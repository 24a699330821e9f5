/* Student's t and the normal distribution in log scale, and scores between the two.
 *
 * A p of 1e-300 is no rarity where units decide many cases, and what design effects do to it must
 * keep its digits: every tail here is a natural logarithm, right to 3e-10 of itself, and mostly to
 * 1e-12. df: degrees of freedom above 0; infinity, and more than 1e7, stands for the normal
 * distribution.
 */
#ifndef EVENHAND_STATS_STUDENT_H
#define EVENHAND_STATS_STUDENT_H

/* ln of the chance of a value at least as far from 0 as t, on either side. */
double eh_student_log_two_sided(double t, double df);

/* The z of at least 0 whose upper normal tail has this ln (at most ln 1/2; more counts as that). */
double eh_normal_score(double log_tail);

/* The t of at least 0 whose two tails together have this ln: the inverse of the first. */
double eh_student_quantile(double log_two_sided, double df);

#endif
