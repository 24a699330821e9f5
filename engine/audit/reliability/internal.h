/* What the files of the assessment share. Each adds its doubts and its part of the value. */
#ifndef EVENHAND_AUDIT_RELIABILITY_INTERNAL_H
#define EVENHAND_AUDIT_RELIABILITY_INTERNAL_H

#include "engine/audit/reliability/reliability.h"
#include "engine/base/words.h"

struct eh_assessment {
  struct eh_arena *arena;
  const struct eh_survey *survey;
  const struct eh_rules *rules;
  struct eh_reliability *result;
  size_t doubt_capacity;
  double lost;        /* records of the offices that seem not to be recorded */
};

void eh_assess_doubt(struct eh_assessment *a, const struct eh_doubt *doubt);
const char *eh_assess_percent(struct eh_arena *arena, double fraction);
const char *eh_assess_day(struct eh_arena *arena, int32_t day);
/* "line 12", or "line 12 of b.csv" where there are several inputs. */
const char *eh_assess_line(const struct eh_assessment *a, const struct eh_survey_place *place);

/* A unit (or month) that leaves a column out more often than usual. */
struct eh_missing {
  size_t unit, column; /* of the labels; of the survey */
  uint64_t records, of;
  double usual;
};
struct eh_missing_at {
  const char *unit_column; /* NULL: months */
  const char *const *labels;
  size_t unit_count;
};
/* Doubts of these, put together (reliability_missing.c); items are sorted. */
void eh_assess_missing(struct eh_assessment *a, const struct eh_missing_at *at,
                       struct eh_missing *items, size_t count);

void eh_assess_columns(struct eh_assessment *a);
void eh_assess_ids(struct eh_assessment *a);
void eh_assess_codes(struct eh_assessment *a);
void eh_assess_spelling(struct eh_assessment *a);
void eh_assess_likeness(struct eh_assessment *a);
void eh_assess_completeness(struct eh_assessment *a);
void eh_assess_repeats(struct eh_assessment *a);
void eh_assess_volume(struct eh_assessment *a);
void eh_assess_events(struct eh_assessment *a);
void eh_assess_logic(struct eh_assessment *a);
void eh_assess_verdicts(struct eh_assessment *a);

/* Is the rate k / n higher than p by more than chance, looked for in so many places? By Chernoff's
   bound on the binomial tail, at 1 in 1,000 over all places. */
bool eh_assess_exceeds(double k, double n, double p, double places);

#endif
