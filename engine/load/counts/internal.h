/* What the files behind counts.h share. Internal to engine/load. */
#ifndef EVENHAND_LOAD_COUNTS_INTERNAL_H
#define EVENHAND_LOAD_COUNTS_INTERNAL_H

#include "engine/load/counts/counts.h"
#include "engine/load/records/records.h"

/* Records of persons who repeat, of one unit. */
struct eh_counts_repeat {
  size_t comparison, measure;
  const char *each, *unit;
  uint64_t records;
};

struct eh_counts_tag {
  size_t comparison, measure;
};

struct eh_counts {
  const struct eh_rules *rules;
  const char *source;
  struct eh_arena *arena;
  size_t *read; /* the rules' columns with counts of malformed values */
  size_t read_count;
  int *dimensions; /* the rules' columns */
  size_t dimension_count;
  struct eh_dictionary **dictionaries;
  /* The audited rows. */
  size_t count, capacity;
  uint32_t *codes;   /* count x dimensions */
  uint8_t *outcomes; /* count x measures */
  uint64_t *records;
  uint64_t *lines;            /* of cells: where in their file; NULL: of rows */
  struct eh_counts_tag *tags; /* of cells: what they belong to; NULL: rows, for every comparison */
  /* The account's sums. */
  uint64_t fates[EH_FATES], *malformed; /* by column of the rules */
  uint64_t total;                       /* of the rows' records */
  int64_t first_date, last_date;        /* year * 10000 + month * 100 + day; 0: none */
  struct eh_account account;
  struct eh_counts_repeat *repeats;
  size_t repeat_count, repeat_capacity;
};

/* The place of a column of the rules among the dimensions; it must be one. */
size_t eh_counts_dimension(const struct eh_counts *counts, int column);

#endif
