/* What else "similarly situated" could mean, of one comparison: each factor left out, taken more
 * coarsely, records that lack one left out, other places taken in; and parts of its records. */
#ifndef EVENHAND_AUDIT_DEFINITIONS_LIST_H
#define EVENHAND_AUDIT_DEFINITIONS_LIST_H

#include "engine/audit/definitions/regroup.h"
#include "engine/audit/result.h"

/* How a definition, or a part, is made of the cells. */
enum eh_variant_kind {
  EH_VARIANT_REGROUPED, /* other strata */
  EH_VARIANT_STRATA,    /* some of the strata, for every unit */
  EH_VARIANT_LEVEL,     /* some, for units that have enough records there */
  EH_VARIANT_NO_LARGEST /* without the peer that has most records among a unit's peers */
};
struct eh_variant {
  struct eh_definition definition;
  enum eh_variant_kind kind;
  struct eh_regroup regroup; /* EH_VARIANT_REGROUPED */
  bool any_within;           /* the same: without the columns within which it compares */
  bool all_exact;            /* the same: peers are not weighted, but must agree in everything */
  const bool *strata;        /* EH_VARIANT_STRATA, EH_VARIANT_LEVEL: those that stay */
};
struct eh_variants {
  struct eh_variant *items;
  size_t count;
};

/* In order: definitions, then parts. In the arena. */
struct eh_variants eh_variants_of(struct eh_arena *arena, const struct eh_rules *rules,
                                  const struct eh_comparison_result *comparison);

#endif
