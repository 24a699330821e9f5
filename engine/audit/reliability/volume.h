/* The volume of the records over time, of all and unit by unit: what the search for times without
 * records, and for units that begin or end, is made from. Internal to the assessment. */
#ifndef EVENHAND_AUDIT_RELIABILITY_VOLUME_H
#define EVENHAND_AUDIT_RELIABILITY_VOLUME_H

#include "engine/audit/reliability/internal.h"
#include "engine/audit/reliability/usual_volume.h"

/* Fewer records, or days between the first and the last, tell nothing of a unit. */
enum { EH_VOLUME_RECORDS = 20, EH_VOLUME_DAYS = 28 };
/* Of a doubt where nothing is wrong, over all units of a column. */
#define EH_VOLUME_CHANCE 0.001

/* The days of the records, bulk: a few stray dates do not stretch it. */
struct eh_volume_span {
  int32_t first;
  size_t days;
  uint32_t *totals; /* records of each day */
};

/* The records within the span, unit by unit. */
struct eh_volume_rows {
  size_t *starts; /* by unit's code; and one behind the last */
  uint32_t *days; /* of the span */
  uint32_t *rows; /* NULL of individuals */
};

/* The units of a column, and what is usual of each. */
struct eh_volume_unit {
  size_t first, last; /* days of its first and last record */
  size_t records;
};

struct eh_volume_column {
  const struct eh_volume_span *span;
  size_t u; /* of the roles' units */
  struct eh_volume_rows by;
  struct eh_volume_unit *units; /* by code */
  struct eh_usual_volume fit;
  double places; /* units that are looked at */
};

/* days is 0 where the dates are too few or too far apart; totals is the caller's to free. */
struct eh_volume_span eh_volume_find_span(const struct eh_survey *survey);
/* u: of the roles' units. Ended by eh_volume_free; the span must outlive it. */
struct eh_volume_column eh_volume_measure(const struct eh_survey *survey,
                                          const struct eh_volume_span *span, size_t u);
void eh_volume_free(struct eh_volume_column *column);
bool eh_volume_can_be_judged(const struct eh_volume_unit *unit);

/* Doubts of the units that begin, or end (kind), within the time of the records. */
void eh_assess_turnover(struct eh_assessment *a, const struct eh_volume_column *column,
                        enum eh_doubt_kind kind);

#endif
