/* A findings file (what `evenhand audit --json` wrote), read back for following up. */
#ifndef EVENHAND_AUDIT_FOLLOWUP_FINDINGS_FILE_H
#define EVENHAND_AUDIT_FOLLOWUP_FINDINGS_FILE_H

#include "engine/base/error.h"
#include "engine/base/memory.h"
#include "engine/stats/tables.h"

/* A unit of a comparison, as far as it matters later. */
struct eh_past_result {
  const char *unit, *place; /* "field_office: Newark"; "" */
  bool testable, flagged, higher;
  bool by_others; /* flagged, and differs only because others are among its peers */
  const char *untestable_because;
  uint64_t records;
  const char *outcome;           /* of a category: the one that differs most; else "" */
  struct eh_interval difference; /* a fraction, or in the units of a value */
  const struct eh_past_outcome *outcomes; /* of a category, each outcome */
  size_t outcome_count;
  struct eh_figure effect, variance, centre; /* log odds */
  struct eh_figure decided_at;
};

struct eh_past_outcome {
  const char *label;
  struct eh_interval difference;
};

struct eh_past_comparison {
  const char *measure, *across, *within, *each; /* within: columns; each: "column: value"; or "" */
  const char *kind;                             /* "event", "category", "value" */
  const char *unit;   /* of a value; "" */
  const char *digest; /* NULL: format 1 */
  double rate, smallest, confidence; /* of the flag; 0: not said (format 1) */
  uint64_t caseload;
  struct eh_figure tau;
  size_t testable;
  const struct eh_past_result *results;
  size_t result_count;
};

struct eh_past_policy {
  const char *name;
  int32_t from;
};

struct eh_past {
  const char *file, *title;
  char sha256[65]; /* of the file */
  int format;      /* 1 or 2 */
  int32_t as_of;
  bool has_dates;
  int32_t first, last; /* of the records */
  const struct eh_past_policy *policies;
  size_t policy_count;
  const struct eh_past_comparison *comparisons;
  size_t comparison_count;
};

/* EH_BAD_USAGE where it is no findings file, or of a later version. */
enum eh_status eh_past_read(struct eh_arena *arena, const char *file, struct eh_past *past,
                            struct eh_error *error) EH_MUST_USE;

#endif
