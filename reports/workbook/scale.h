/* How the figures of a measure are shown: its rates in percent and its differences in points, or
 * its means in units of their own. */
#ifndef EVENHAND_REPORTS_SCALE_H
#define EVENHAND_REPORTS_SCALE_H

#include "reports/book/book.h"
#include "rules/rules.h"

struct eh_scale {
  enum eh_style plain, difference; /* of rates or means; of differences */
  bool is_amount;
  const char *unit;           /* "points", "days", "" */
  const char *in, *axis_unit; /* for titles: ", in " and "days" or "points"; else both "" */
  const char *axis;           /* Excel's format for numbers on an axis of differences */
  double factor;              /* to these units: 100 or 1; so are cells of that style written */
};
struct eh_scale eh_scale_of(const struct eh_measure *measure);

#endif
