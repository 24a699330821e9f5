/* How many records are usual of each unit of a column, day by day, though units come and go.
 *
 * A unit is at work between the day of its first record and that of its last, both left out: that
 * it has a record on these is why they are the ends, and counting them would make every day near
 * the ends of the records look busier than it was. Records are taken to be quasi-independent in
 * between (Goodman 1968): of unit u on day t, rate_u times volume_t are usual, where the rates and
 * volumes are such that the usual records of every unit and of every day add up to those observed
 * (iterative proportional fitting). So a unit that joins late, or one that closes, does not make
 * the others look as if they recorded too few or too many.
 */
#ifndef EVENHAND_AUDIT_RELIABILITY_USUAL_VOLUME_H
#define EVENHAND_AUDIT_RELIABILITY_USUAL_VOLUME_H

#include <stddef.h>
#include <stdint.h>

struct eh_unit_days {
  size_t first, end; /* at work on the days from first up to (not with) end; none where equal */
  double records;    /* on those days */
  double rate;       /* filled in by the fit */
};

struct eh_usual_volume {
  size_t days, unit_count;
  double *totals;             /* by day: records of the units at work */
  struct eh_unit_days *units; /* by unit */
  uint32_t *at_work;          /* by day: units */
  double *rates;              /* by day: the sum of their rates */
};

/* totals and units (but for their rates) are the caller's, and must outlive the fit. */
struct eh_usual_volume eh_usual_volume_fit(double *totals, size_t days, struct eh_unit_days *units,
                                           size_t unit_count);
void eh_usual_volume_free(struct eh_usual_volume *fit);

/* The records usual of a unit on a day of its own time, judged by the others at work: own is what
 * it recorded itself that day. Negative where nobody else was at work, so that nothing is usual. */
double eh_usual_of_day(const struct eh_usual_volume *fit, size_t unit, size_t day, double own);

/* What the unit would have recorded from day first up to (not with) day end, had it been at work.
 */
double eh_usual_of_days(const struct eh_usual_volume *fit, size_t unit, size_t first, size_t end);

#endif
