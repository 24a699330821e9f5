/* Monitoring: has a unit changed against its peers, looked at anew at the end of every period?
 *
 * eh_monitoring_make takes the rules and the tables by period (engine/load/cells/by_period.h), and
 * makes for each measure and kind of unit that the rules watch one struct eh_monitored. At each
 * look only what was known then is used, so that a new month adds a look and changes none before
 * it. The statistics are those of engine/stats (standing, evidence, wander, peer_mix); here they are
 * put together: who is watched, since when, who moved, and by how much in points.
 */
#ifndef EVENHAND_AUDIT_MONITORING_MONITORING_H
#define EVENHAND_AUDIT_MONITORING_MONITORING_H

#include "engine/audit/result.h"
#include "engine/load/cells/by_period.h"
#include "engine/stats/evidence.h"
#include "engine/stats/wander.h"

enum eh_watch {
  EH_NOT_WATCHED,
  EH_WATCHED,     /* the evidence is as large as it takes */
  EH_WAS_WATCHED, /* it was at an earlier look, and is above 1 */
  EH_NO_LONGER    /* it was, and nothing is left of it */
};
/* "no", "watched", "was watched", "no longer". */
const char *eh_watch_name(enum eh_watch watch);

/* A unit in one period: its difference from its peers. */
struct eh_period_difference {
  uint64_t records;
  struct eh_interval difference;
};

struct eh_monitored_unit {
  const char *unit;
  bool recorded; /* false: the records without a unit; listed, never judged */
  uint64_t records;
  uint32_t begin;      /* the period from which it is judged: after a restart, above 0 */
  const char *why_not; /* it is not judged: too early, or too few decisions */
  struct eh_evidence now;
  const double *ln_e; /* by period: ln E at the look at its end; 0 before the first look */
  double max_ln_e;
  enum eh_watch watch;
  uint32_t since; /* of one that is or was watched: the first look */
  bool signal;
  uint32_t change, change_first, change_last; /* periods, where now.has_change */
  struct eh_interval before, after, moved;    /* differences from its peers: points as fractions */
  struct eh_interval own;     /* after against before, its own like cases; of those ever watched */
  struct eh_figure typical;   /* the typical unit's own, at the same cut */
  enum eh_who who;            /* of those watched now */
  struct eh_figure ln_e_without; /* with those named left out of its peers */
  struct eh_figure noticeable;   /* the odds ratio that six more periods would show */
  const struct eh_period_difference *path; /* by period; of those ever watched, else NULL */
  struct eh_texts caveats;
  const char *statement;
};

struct eh_monitored {
  const struct eh_watched *watched;
  const struct eh_measure *measure;
  const char *title; /* "release across office_id within region, by month" */
  const struct eh_by_period *view; /* NULL: not in these cells */
  const char *why_not;             /* nothing is judged: too few periods */
  uint32_t first, periods;         /* of the view's periods: the first used, and how many */
  bool last_incomplete;            /* the records end before the last period does */
  struct eh_wander wander;         /* at the last look */
  bool seasonal, last_look_only;
  double smallest_change;
  size_t judged, watched_now, signals;
  struct eh_monitored_unit *units; /* by name, the not recorded last */
  size_t unit_count;
  struct eh_texts notes;
};

struct eh_monitoring {
  const struct eh_monitor *rules;
  struct eh_monitored *items; /* as the rules' watched */
  size_t count;
  size_t judged, watched_now, signals; /* of all */
};

/* NULL where the rules do not ask for it. last_day: of the records; periods that begin later than
   as_of are left out. */
const struct eh_monitoring *eh_monitoring_make(struct eh_arena *arena, const struct eh_rules *rules,
                                               const struct eh_account *account,
                                               const struct eh_cells *tables, size_t table_count,
                                               int32_t as_of, size_t threads);

/* The label of one of its periods. */
const char *eh_monitored_period(struct eh_arena *arena, const struct eh_monitored *m,
                                uint32_t period);

#endif
