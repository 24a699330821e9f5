/* What a reader must know of the whole audit. */
#ifndef EVENHAND_AUDIT_FINDINGS_NOTES_H
#define EVENHAND_AUDIT_FINDINGS_NOTES_H

#include "engine/audit/result.h"

struct eh_notes_asked {
  bool pseudonyms; /* say that ids are pseudonyms */
  bool unassessed; /* say that reliability was not assessed */
};
/* Fills the audit's notes, once its comparisons are described. */
void eh_audit_note(struct eh_arena *arena, struct eh_notes_asked asked, struct eh_audit *audit);

#endif
