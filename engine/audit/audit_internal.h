/* The steps of eh_audit_run. Internal to engine/audit. */
#ifndef EVENHAND_AUDIT_INTERNAL_H
#define EVENHAND_AUDIT_INTERNAL_H

#include "engine/audit/audit.h"

/* A stratum, over all units. */
struct eh_stratum {
  uint64_t records, events;
};
/* All of a comparison, and what the cells of each have in common. */
struct eh_strata_list {
  struct eh_stratum *items;
  uint32_t *group;    /* by stratum: number of its within columns' labels, taken together */
  bool *lacks_factor; /* by stratum: a factor is not recorded */
  size_t groups;      /* numbers of groups are below this */
  struct eh_presence *presence; /* by stratum; NULL where nothing was found */
};

/* Which units have records in a stratum. */
struct eh_presence {
  uint32_t count;
  uint32_t xored; /* their indices, exclusive or: of two it tells one from the other */
};

/* The portions of all units together, of a measure of a category or value. */
struct eh_totals {
  struct eh_portion *portions; /* by stratum, then outcome */
  size_t *first;               /* stratum s has those from first[s] up to first[s + 1] */
  uint64_t *records;           /* by outcome */
};
/* NULL for a measure of an event. */
const struct eh_totals *eh_totals_of(struct eh_arena *arena, const struct eh_cells *cells);

struct eh_unit_task {
  const struct eh_cells *cells;
  const struct eh_stratum *strata;
  const struct eh_measure *measure;
  struct eh_result *result; /* unit_index set; the rest is filled in */
  const struct eh_totals *totals;
  bool only_summary;
};
#define EH_ONLY_SUMMARY "not computed: only the summary was asked for"
/* Every figure of one unit that needs no other unit's result. Scratch is given back. */
void eh_unit_measure(struct eh_arena *scratch, const struct eh_unit_task *task);

/* Of a measure of a category, of a value. */
void eh_unit_measure_category(struct eh_arena *scratch, const struct eh_unit_task *task);
void eh_unit_measure_value(struct eh_arena *scratch, const struct eh_unit_task *task);
/* Give each of the unit's figures that only a yes or no has the reason why it is missing. */
void eh_unit_leave_out(struct eh_result *result);
/* More categories than can be compared with a sense. */
enum { EH_MOST_CATEGORIES = 100 };

/* The unit's tables, one per cell of its, in their order. tables has room for cell_count. */
void eh_unit_tables(const struct eh_unit_task *task, struct eh_table *tables);

/* What could have been found of a unit: its smallest detectable difference at the level that
   decided, or, where it is not testable, the caseload it would need. */
void eh_unit_power(struct eh_arena *scratch, const struct eh_unit_task *task);

/* What it would take to remove a unit's finding: unrecorded decisions, an unrecorded fact. */
void eh_unit_doubt(struct eh_arena *scratch, const struct eh_unit_task *task);

/* The unit's within group: the labels, and a text that tells groups apart ("" without within
 * columns). */
void eh_unit_place(struct eh_arena *arena, const struct eh_strata_list *strata,
                   const struct eh_comparison_result *comparison, struct eh_result *result);

/* The figures that relate units to each other. */
struct eh_whole_options {
  struct eh_arena *scratch;
  uint64_t seed;
  size_t threads;
  bool only_summary;
};
void eh_whole_measure(struct eh_comparison_result *comparison, const struct eh_strata_list *strata,
                      const struct eh_whole_options *options);
/* Do its units differ at all? Needs no unit's result. Scratch is given back. */
void eh_whole_associate(struct eh_arena *scratch, const struct eh_stratum *strata,
                        struct eh_comparison_result *comparison);
/* The same for a measure of a category or value. */
void eh_whole_measure_outcomes(struct eh_comparison_result *comparison, struct eh_arena *scratch);
/* The testable unit of median caseload, or NULL. */
struct eh_result *eh_whole_median_unit(const struct eh_comparison_result *comparison);

/* q-values, flags and levels of one family: the comparisons of one measure in one comparison of the
 * rules. */
void eh_family_flag(struct eh_comparison_result *comparisons, size_t count);

/* The strata of a comparison, summed and described, in the arena. */
struct eh_strata_list eh_strata_of(struct eh_arena *arena, const struct eh_comparison *comparison,
                                   const struct eh_cells *cells, size_t threads);

struct eh_presence *eh_presence_of(struct eh_arena *arena, const struct eh_cells *cells);

/* Where a column of the rules stands among the strata columns. */
size_t eh_column_place(const struct eh_cells *cells, int column);

/* "favourable discretion, across field_office": unique in the audit. */
const char *eh_comparison_title(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct eh_comparison_result *comparison);

/* The groups, reasons, caveats and statement of one result; the statement alone. */
void eh_result_describe(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct eh_strata_list *strata,
                        const struct eh_comparison_result *comparison, struct eh_result *result);
void eh_result_state(struct eh_arena *arena, const struct eh_rules *rules,
                     const struct eh_comparison_result *comparison, struct eh_result *result);

/* What must be known of the whole: fills notes, once the comparisons are described. */
void eh_audit_note(struct eh_arena *arena, const struct eh_audit_options *options,
                   struct eh_audit *audit);

#endif
