/* What the files of this room share. */
#ifndef EVENHAND_AUDIT_FOLLOWUP_INTERNAL_H
#define EVENHAND_AUDIT_FOLLOWUP_INTERNAL_H

#include "engine/audit/followup/followup.h"

struct eh_following {
  struct eh_arena *arena;
  struct eh_followup *up;
  const struct eh_ledger *ledger; /* as read */
  int32_t as_of;
  const char **notes;
  size_t notes_room;
};

/* A unit in a comparison of a file; NULL: it is not there. */
const struct eh_past_result *eh_past_find(const struct eh_past_comparison *comparison,
                                          const char *unit);
/* The comparison of this measure across, within and each; NULL: none. */
const struct eh_past_comparison *eh_past_comparison_of(const struct eh_past *past,
                                                       const char *measure, const char *across,
                                                       const char *within, const char *each);
/* Its difference, of a category that of an outcome. */
struct eh_interval eh_past_difference(const struct eh_past_result *result, const char *outcome);

void eh_follow_note(struct eh_following *f, const char *text);
/* By how much items changed, against what chance alone would have done. */
void eh_follow_judge(struct eh_following *f);
/* What the items come to, in sentences. */
void eh_follow_say(struct eh_following *f);
/* The ledger brought up to date: items get their rows. */
void eh_follow_enter(struct eh_following *f);

#endif
