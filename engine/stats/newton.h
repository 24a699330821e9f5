/* Roots of one equation. Newton's method on an increasing function, kept within a bracket of its
 * root: the bracket is narrowed by the sign of each value, and a step that leaves it goes to its
 * middle instead. And regula falsi, where there is no slope.
 */
#ifndef EVENHAND_STATS_NEWTON_H
#define EVENHAND_STATS_NEWTON_H

struct eh_search {
  double low, high, at;
};
/* One step from search->at, where the function has this value and slope; returns how long it was.
   A slope that is not positive stands for none. */
double eh_step_to(struct eh_search *search, double value, double slope);

/* A root between two places where the function differs in sign, or is 0, to all digits: regula
   falsi in which an end that stays has its value halved (Illinois: Dowell and Jarratt 1971), so
   that both ends close in. Falls back on halving the bracket. */
double eh_root_between(double (*function)(void *context, double x), void *context, double low,
                       double high);

#endif
