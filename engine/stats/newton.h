/* Newton's method on an increasing function, kept within a bracket of its root: the bracket is
 * narrowed by the sign of each value, and a step that leaves it goes to its middle instead.
 */
#ifndef EVENHAND_STATS_NEWTON_H
#define EVENHAND_STATS_NEWTON_H

struct eh_search {
  double low, high, at;
};
/* One step from search->at, where the function has this value and slope; returns how long it was.
   A slope that is not positive stands for none. */
double eh_step_to(struct eh_search *search, double value, double slope);

#endif
