/* Plain counts for each value of one column, an office say: its records, what is not recorded in
 * them, and each measure's events quarter by quarter. Not adjusted for the kind of case: that is
 * what comparisons are for. */
#ifndef EVENHAND_LOAD_TALLY_H
#define EVENHAND_LOAD_TALLY_H

#include "engine/load/records/load.h"

enum { EH_MOST_QUARTERS = 200 };

struct eh_tally_events {
  uint64_t records, events; /* among the records that the measure applies to */
};

struct eh_tally_unit {
  uint64_t records;        /* audited */
  uint64_t no_day;         /* without a date that can be read */
  const uint64_t *missing; /* by eh_tally.columns: not recorded, or not readable */
  const uint64_t *unknown; /* by measure: whether it applies, or its event, is not known */
  const struct eh_tally_events *quarters; /* [measure * quarter_count + quarter] */
};

struct eh_tally {
  int column;                /* of the rules */
  const char *const *labels; /* bytewise; the not recorded last */
  size_t count;
  bool has_missing;                  /* the last label is "not recorded" */
  const struct eh_tally_unit *units; /* by label */
  const int *columns;                /* the rules' columns whose values were counted */
  size_t column_count;
  const int32_t *quarter_days; /* the first day of each quarter */
  size_t quarter_count;        /* 0 without dates, or where they span over EH_MOST_QUARTERS */
  bool spans_too_long;
};

/* The quarters of an account's days: sets the quarters of the tally. */
void eh_tally_plan_quarters(struct eh_arena *arena, const struct eh_account *account,
                            struct eh_tally *tally);
/* Which of them a day lies in. */
size_t eh_tally_quarter(const struct eh_tally *tally, int32_t day);

/* Of the audited records; column must be a dimension of the rules. In the arena. */
const struct eh_tally *eh_records_tally(struct eh_arena *arena, const struct eh_records *records,
                                        int column);

#endif
