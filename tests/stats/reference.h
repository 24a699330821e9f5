/* Stored output of the R scripts in tests/reference, read from the top of the checkout, and the
 * data sets that several tests share. */
#ifndef EVENHAND_TESTS_STATS_REFERENCE_H
#define EVENHAND_TESTS_STATS_REFERENCE_H

#include <stdio.h>
#include <string.h>

#include "engine/stats/tables.h"
#include "tests/test.h"

/* A CSV file of numbers with one header line. */
struct reference {
  char names[24][32];
  size_t columns, rows;
  double *values;
};

static inline void reference_header(struct reference *r, char *line) {
  char *rest = NULL;
  for (char *name = strtok_r(line, ",\r\n", &rest); name; name = strtok_r(NULL, ",\r\n", &rest)) {
    ck_assert_uint_lt(r->columns, 24);
    snprintf(r->names[r->columns++], sizeof r->names[0], "%s", name);
  }
}

static inline struct reference reference_read(const char *name) {
  char path[256], line[4096];
  snprintf(path, sizeof path, "tests/reference/%s.csv", name);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot open %s: run the tests from the top folder", path);
  struct reference r = {0};
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  reference_header(&r, line);
  while (fgets(line, sizeof line, file)) {
    r.values = realloc(r.values, (r.rows + 1) * r.columns * sizeof *r.values);
    ck_assert_ptr_nonnull(r.values);
    char *at = line;
    for (size_t j = 0; j < r.columns; j++) {
      char *end = at;
      r.values[r.rows * r.columns + j] = strtod(at, &end);
      ck_assert_msg(end != at, "%s: row %zu has no number in column %s", path, r.rows + 1,
                    r.names[j]);
      at = *end == ',' ? end + 1 : end;
    }
    r.rows++;
  }
  fclose(file);
  ck_assert_uint_gt(r.rows, 0);
  return r;
}

static inline double reference_at(const struct reference *r, size_t row, const char *name) {
  for (size_t j = 0; j < r->columns; j++)
    if (strcmp(r->names[j], name) == 0) return r->values[row * r->columns + j];
  ck_abort_msg("no column %s", name);
}

static inline uint64_t reference_count(const struct reference *r, size_t row, const char *name) {
  return (uint64_t)reference_at(r, row, name);
}

/* The tables of one set of mantel_haenszel_tables.csv. */
static inline size_t reference_tables(const struct reference *r, double id,
                                      struct eh_table *tables) {
  size_t count = 0;
  for (size_t i = 0; i < r->rows; i++)
    if (reference_at(r, i, "id") == id)
      tables[count++] = (struct eh_table){reference_count(r, i, "a"), reference_count(r, i, "n1"),
                                          reference_count(r, i, "c"), reference_count(r, i, "n2")};
  return count;
}

/* K tables from an R array of 2 x 2 x K, column by column: its first row is the unit, its first
 * column the event. */
static inline void tables_from_r(const uint64_t *x, size_t count, struct eh_table *tables) {
  for (size_t k = 0; k < count; k++, x += 4)
    tables[k] = (struct eh_table){.a = x[0], .n1 = x[0] + x[2], .c = x[1], .n2 = x[1] + x[3]};
}

struct known_data {
  const char *name;
  size_t strata;
  uint64_t x[24];
};
enum { UCB, RABBITS, MIGRAINE, DEATH_PENALTY, DOUBLE_ZERO, KNOWN_DATA };
static const struct known_data known_data[KNOWN_DATA] = {
    [UCB] = {"UCBAdmissions", 6, {512, 313, 89,  19,  353, 207, 17, 8,   120, 205, 202, 391,
                                  138, 279, 131, 244, 53,  138, 94, 299, 22,  351, 24,  317}},
    [RABBITS] = {"rabbits", 5, {0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0}},
    [MIGRAINE] = {"migraine", 2, {16, 5, 11, 20, 12, 7, 16, 19}},
    [DEATH_PENALTY] = {"death penalty", 2, {53, 11, 414, 37, 0, 4, 16, 139}},
    [DOUBLE_ZERO] = {"double-zero", 3, {0, 0, 20, 20, 0, 2, 20, 18, 2, 4, 18, 16}},
};
static inline size_t known_tables(int which, struct eh_table *tables) {
  tables_from_r(known_data[which].x, known_data[which].strata, tables);
  return known_data[which].strata;
}

#endif
