/* Cells: what records become, and all that the statistics see of them.
 *
 * One struct eh_cells is one comparison of one measure (and of one value of its `each` column). A
 * cell counts the records, and among them the events, of one unit in one stratum; where the measure
 * asks for a category or a value, portions count a cell's records by what each had. Every source of
 * records ends here, so a file and a database give the same findings.
 */
#ifndef EVENHAND_LOAD_CELLS_H
#define EVENHAND_LOAD_CELLS_H

#include "engine/stats/dependence.h"
#include "rules/rules.h"

#define EH_NOT_RECORDED "(not recorded)"

struct eh_cell {
  uint32_t unit;    /* index into units */
  uint32_t stratum; /* index into the strata */
  uint32_t records; /* at least 1 */
  uint32_t events;  /* at most records; 0 where the measure does not ask for an event */
};

/* A cell's records with one category or value. */
struct eh_portion {
  uint32_t outcome; /* index into categories or values */
  uint64_t records; /* at least 1 */
};

/* Records left out, and why, in words that can follow "excluded: ". */
struct eh_exclusion {
  const char *reason;
  uint64_t records;
};

struct eh_unit {
  const char *label; /* EH_NOT_RECORDED where it is missing */
  bool recorded;     /* false: its officer or office is not recorded */
  size_t first_cell; /* its cells stand together */
  size_t cell_count;
  uint64_t repeated; /* records of persons who have several records among this unit's; 0 without a
                        person column */
};

struct eh_stratum_column {
  int column;                /* index into eh_rules.columns */
  const char *const *labels; /* by code; bytewise ascending, EH_NOT_RECORDED last where it occurs */
  size_t label_count;
  bool has_missing; /* the last label is "not recorded" */
  bool is_factor;   /* of the measure's similarly_situated, or adjust_for */
  bool is_adjusted; /* peers need not agree in it: they are weighted; see eh_rules_adjusts */
};

/* Decisions put together that may depend on each other, and what came of it. */
enum eh_cluster_kind { EH_CLUSTERS_OF_DATE, EH_CLUSTERS_OF_PERSON, EH_CLUSTERS_OF_OTHER };
struct eh_clustered {
  const char *within; /* "officer_id and date": what they share */
  enum eh_cluster_kind kind;
  size_t set; /* of the rules' named ones; of others that is no matter */
  bool named;   /* by the rules; else screened */
  bool sampled; /* part of the records was looked at, and showed nothing */
  struct eh_dependence dependence;
};

struct eh_cells {
  size_t comparison, measure; /* indices into the rules; they name the family of tests */
  const char *each;           /* the value of the comparison's each column; NULL without one */

  struct eh_unit *units; /* bytewise by label, the not recorded last */
  size_t unit_count;
  struct eh_cell *cells; /* by unit, then stratum */
  size_t cell_count;
  struct eh_stratum_column *columns;
  size_t column_count;
  const uint32_t
      *codes; /* stratum s has label columns[k].labels[codes[s * column_count + k]] in column k */
  size_t stratum_count;
  struct eh_exclusion
      *excluded; /* audited records that this measure does not count; only reasons that occur */
  size_t exclusion_count;
  uint64_t records, events; /* sums over the cells */
  const struct eh_clustered *clusterings; /* named ones first; of a measure of an event */
  size_t clustering_count;
  const char *no_clusterings; /* why nothing was looked for; NULL: it was, or nothing can be */

  /* Of a measure of a category or a value; NULL and 0 where it asks for an event. */
  const char *const *categories; /* those that occur, bytewise ascending */
  const double *values;          /* those that occur, ascending; finite */
  size_t outcome_count;          /* of categories or of values */
  const struct eh_portion *portions;
  const size_t *first_portion; /* cell i has those from first_portion[i] up to first_portion[i + 1],
                                by outcome; they add up to its records */
};

/* Are peers weighted? Not in a comparison that has none of what its measure is adjusted for. */
static inline bool eh_cells_are_adjusted(const struct eh_cells *cells) {
  for (size_t k = 0; k < cells->column_count; k++)
    if (cells->columns[k].is_adjusted) return true;
  return false;
}

#endif
