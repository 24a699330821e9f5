/* A finding, and where decisions that nobody recorded may go. Internal to
   engine/stats/unrecorded*.c. */
#ifndef EVENHAND_STATS_UNRECORDED_INTERNAL_H
#define EVENHAND_STATS_UNRECORDED_INTERNAL_H

#include "engine/base/memory.h"
#include "engine/stats/unrecorded.h"

struct eh_unrecorded_order;

/* A finding of a unit's comparable tables, and room for them with k more records. */
struct eh_unrecorded_finding {
  const struct eh_table *tables;
  size_t count;
  uint64_t comparable; /* the unit's records */
  bool higher;
  const struct eh_standard *standard;
  struct eh_arena *scratch;
  struct eh_table *changed;
  double *weight;                    /* by stratum: a record lowers |D| by this over n (n + 1) */
  struct eh_unrecorded_order *order; /* in which records go where each counts most */
};

static inline double eh_unrecorded_records(const struct eh_table *t) {
  return (double)t->n1 + (double)t->n2;
}

/* Add k records to the changed tables: spread over the strata as the unit's records are, or where
   each counts most. */
typedef void eh_unrecorded_placing(const struct eh_unrecorded_finding *finding, uint64_t k);
eh_unrecorded_placing eh_unrecorded_in_proportion, eh_unrecorded_where_most;

/* What eh_unrecorded_where_most found so far; of a finding whose tables and weights are set. */
struct eh_unrecorded_order *eh_unrecorded_order(const struct eh_unrecorded_finding *finding);

#endif
