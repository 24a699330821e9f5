/* Earlier findings looked at again in a later audit, from the two findings files alone.
 *
 * What became of each is decided by the later figures: it persists; it is resolved only where it
 * was shown small, not where it was merely not flagged. Beside that stands what chance alone would
 * have done to it: who was found for being far out comes back nearer (engine/stats/follow.h).
 */
#ifndef EVENHAND_AUDIT_FOLLOWUP_FOLLOWUP_H
#define EVENHAND_AUDIT_FOLLOWUP_FOLLOWUP_H

#include "engine/audit/followup/findings_file.h"
#include "engine/audit/followup/ledger.h"

/* The first that holds. */
enum eh_followed_status {
  EH_FOLLOW_REDEFINED, /* not compared now, or something else is */
  EH_FOLLOW_GONE,      /* no records of the unit now */
  EH_FOLLOW_UNTESTABLE,
  EH_FOLLOW_PERSISTS,
  EH_FOLLOW_REVERSED,
  EH_FOLLOW_BY_OTHERS, /* flagged now, but only because others are among its peers */
  EH_FOLLOW_RESOLVED,  /* the whole interval lies within the smallest difference */
  EH_FOLLOW_UNDECIDED, /* not flagged, not shown small */
  EH_FOLLOW_NEW,       /* of the ledger: flagged for the first time now */
  EH_FOLLOW_UNKNOWN,   /* of the ledger: in neither file */
  EH_FOLLOW_STATUSES
};
const char *eh_follow_status_name(enum eh_followed_status status);

enum eh_moved { EH_MOVED_UNKNOWN, EH_MOVED_AS_EXPECTED, EH_MOVED_FELL, EH_MOVED_ROSE };

/* An earlier finding: of OLD, or only of the ledger. */
struct eh_follow_item {
  const char *id;
  const char *measure, *across, *within, *each, *unit, *place;
  const char *outcome; /* of a category; "" */
  bool higher;         /* it was */
  const struct eh_past_comparison *old_comparison, *new_comparison; /* NULL: none */
  const struct eh_past_result *was, *now;                           /* NULL: not in that file */
  struct eh_interval old_difference, new_difference;                /* of the same outcome */
  enum eh_followed_status status;
  enum eh_moved moved;
  struct eh_figure shrinkage, expected; /* the difference, had nothing changed */
  struct eh_figure again;               /* the chance of being flagged again then */
  struct eh_figure z, p, q;
  const struct eh_ledger_row *row;  /* in the ledger as updated */
  const char *attention;            /* what to do first: closed but persists, overdue; NULL */
  const char *statement;
};

struct eh_followup {
  const struct eh_past *before, *after;
  const char *not_compared; /* why no change can be judged; NULL: it can */
  struct eh_follow_item *items; /* what needs attention first */
  size_t count;
  struct eh_follow_item *fresh; /* flagged now and not before; with `now` alone */
  size_t fresh_count;
  size_t by_others;         /* earlier findings passed over: there only because of others */
  size_t judged, seen_again; /* those for which the following is reckoned; of these flagged now */
  double expected_again;
  struct eh_ledger ledger;   /* as updated */
  size_t overdue, reopened;  /* rows; closed as implemented, but persists */
  const char *const *notes;
  size_t note_count;
};

/* ledger: as read; without a file, a new one is begun. EH_BAD_USAGE where the files are the same, or
   the wrong way round; EH_BAD_INPUT where the ledger knows nobody in them. */
enum eh_status eh_followup_make(struct eh_arena *arena, const struct eh_past *before,
                                const struct eh_past *after, const struct eh_ledger *ledger,
                                int32_t as_of, struct eh_followup *followup,
                                struct eh_error *error) EH_MUST_USE;

/* The first 12 digits of the SHA-256 of what a finding is about. */
const char *eh_finding_id(struct eh_arena *arena, const char *measure, const char *across,
                          const char *within, const char *each, const char *unit);

/* "12.3 points higher", "4.2 days lower"; "none" without one. */
const char *eh_follow_difference(struct eh_arena *arena, const struct eh_past_comparison *comparison,
                                 struct eh_figure difference);

#endif
