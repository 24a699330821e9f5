/* The findings of an audit beside what is on file of them: the ledger that people keep. */
#ifndef EVENHAND_AUDIT_FOLLOWUP_ON_FILE_H
#define EVENHAND_AUDIT_FOLLOWUP_ON_FILE_H

#include "engine/audit/followup/ledger.h"
#include "engine/audit/result.h"

/* A finding of a unit for what it does itself. */
struct eh_on_file_item {
  const struct eh_comparison_result *comparison;
  const struct eh_result *result;
  const char *id;
  const struct eh_ledger_row *row; /* NULL: not on file */
  const char *attention;           /* "closed as implemented, but found again", "response due
                                      2026-03-01"; NULL: nothing waits */
  bool is_reopened;
};

struct eh_on_file {
  const struct eh_ledger *ledger;
  struct eh_on_file_item *items; /* those that need attention first, else as in the audit */
  size_t count, known, overdue, reopened;
  size_t others; /* rows of the ledger that are no finding now */
};

/* EH_BAD_INPUT where the ledger has rows, and none is of a unit of this audit. */
enum eh_status eh_on_file_make(struct eh_arena *arena, const struct eh_audit *audit,
                               const struct eh_ledger *ledger, int32_t as_of,
                               struct eh_on_file *on_file, struct eh_error *error) EH_MUST_USE;
/* NULL: it is none of these. */
const struct eh_on_file_item *eh_on_file_find(const struct eh_on_file *on_file,
                                              const struct eh_result *result);

#endif
