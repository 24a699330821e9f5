/* Sentences of a follow-up that the terminal and the workbook share. */
#ifndef EVENHAND_REPORTS_FOLLOWUP_SENTENCES_H
#define EVENHAND_REPORTS_FOLLOWUP_SENTENCES_H

#include "engine/audit/followup/followup.h"

/* "persists 3, resolved 2" */
const char *eh_followup_counts(struct eh_arena *arena, const struct eh_followup *followup);
/* "old.json, decisions of 2012-10-01 to 2013-09-30" */
const char *eh_followup_span(struct eh_arena *arena, const struct eh_past *past);
const char *eh_followup_answer(struct eh_arena *arena, const struct eh_followup *followup);
/* What is overdue, or closed and persists; NULL: nothing. */
const char *eh_followup_urgent(struct eh_arena *arena, const struct eh_followup *followup);

#define EH_FOLLOWUP_LIMITS                                                                    \
  "A finding closes on evidence of action, not on a figure: evenhand closes none. That one is " \
  "no longer flagged does not show that like cases are decided alike; that one fell does not "  \
  "show why."

#endif
