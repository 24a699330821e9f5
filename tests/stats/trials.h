/* Small records in which a figure once said more than it could: counts of a few units, which the
 * tests of engine/stats share. One stratum, but for the mirror that is none. */
#ifndef EVENHAND_TESTS_STATS_TRIALS_H
#define EVENHAND_TESTS_STATS_TRIALS_H

#include "engine/stats/association.h"
#include "engine/stats/exact.h"
#include "tests/test.h"

enum { MOST_UNITS = 60 };

struct trial {
  size_t units, strata;
  const uint64_t (*counts)[2]; /* by unit, then stratum: records, events */
};

static const struct trial sixty_units = {
    60, 1, (const uint64_t[][2]){{100, 25}, {100, 27}, {100, 26}, {100, 31}, {100, 30}, {100, 29},
                                 {100, 36}, {100, 33}, {100, 31}, {100, 38}, {100, 25}, {100, 33},
                                 {100, 28}, {100, 31}, {100, 32}, {100, 33}, {100, 28}, {100, 33},
                                 {100, 20}, {100, 36}, {100, 28}, {100, 27}, {100, 35}, {100, 30},
                                 {100, 29}, {100, 24}, {100, 30}, {100, 28}, {100, 29}, {100, 33},
                                 {100, 33}, {100, 29}, {100, 30}, {100, 27}, {100, 35}, {100, 31},
                                 {100, 27}, {100, 31}, {100, 27}, {100, 23}, {100, 33}, {100, 33},
                                 {100, 28}, {100, 37}, {100, 27}, {100, 29}, {100, 32}, {100, 28},
                                 {100, 30}, {100, 36}, {100, 31}, {100, 31}, {100, 32}, {100, 20},
                                 {100, 26}, {100, 31}, {100, 22}, {100, 32}, {100, 26}, {100, 46}}};
static const struct trial three_units = {3, 1,
                                         (const uint64_t[][2]){{200, 160}, {200, 60}, {200, 60}}};
static const struct trial one_large_unit = {11, 1,
                                            (const uint64_t[][2]){{9000, 4500},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20},
                                                                  {100, 20}}};
static const struct trial one_of_six = {
    6, 1, (const uint64_t[][2]){{200, 160}, {200, 60}, {200, 60}, {200, 60}, {200, 60}, {200, 60}}};
static const struct trial mirror = {
    2, 2, (const uint64_t[][2]){{900, 450}, {100, 20}, {100, 20}, {900, 220}}};
static const struct trial no_events = {2, 1, (const uint64_t[][2]){{105, 0}, {101, 0}}};
static const struct trial searched = {12, 1,
                                      (const uint64_t[][2]){{600, 343},
                                                            {600, 291},
                                                            {600, 262},
                                                            {600, 238},
                                                            {600, 227},
                                                            {600, 186},
                                                            {600, 154},
                                                            {600, 140},
                                                            {600, 113},
                                                            {600, 124},
                                                            {600, 84},
                                                            {600, 70}}};
static const struct trial hits = {12, 1,
                                  (const uint64_t[][2]){{343, 163},
                                                        {291, 154},
                                                        {262, 125},
                                                        {238, 135},
                                                        {227, 122},
                                                        {186, 108},
                                                        {154, 103},
                                                        {140, 82},
                                                        {113, 73},
                                                        {124, 88},
                                                        {84, 58},
                                                        {70, 54}}};
static const struct trial headline = {12, 1,
                                      (const uint64_t[][2]){{150, 67},
                                                            {150, 70},
                                                            {150, 75},
                                                            {150, 73},
                                                            {150, 84},
                                                            {150, 71},
                                                            {150, 69},
                                                            {150, 73},
                                                            {150, 70},
                                                            {150, 74},
                                                            {150, 22},
                                                            {150, 22}}};
static const struct trial new_words = {
    7, 1,
    (const uint64_t[][2]){
        {400, 280}, {400, 278}, {400, 282}, {400, 272}, {400, 284}, {400, 281}, {40, 40}}};

/* The tables of one unit; returns how many. */
static inline size_t trial_tables(const struct trial *t, size_t unit, struct eh_table *tables) {
  for (size_t s = 0; s < t->strata; s++) {
    tables[s] = (struct eh_table){0, 0, 0, 0};
    for (size_t u = 0; u < t->units; u++) {
      const uint64_t *count = t->counts[u * t->strata + s];
      if (u == unit) {
        tables[s].n1 += count[0];
        tables[s].a += count[1];
      } else {
        tables[s].n2 += count[0];
        tables[s].c += count[1];
      }
    }
  }
  return t->strata;
}

/* All cells in order of stratum; returns how many. */
static inline size_t trial_cells(const struct trial *t, struct eh_association_cell *cells) {
  size_t count = 0;
  for (size_t s = 0; s < t->strata; s++)
    for (size_t u = 0; u < t->units; u++) {
      const uint64_t *c = t->counts[u * t->strata + s];
      cells[count++] = (struct eh_association_cell){(uint32_t)s, (uint32_t)u, c[0], c[1]};
    }
  return count;
}

/* log10 of each unit's exact mid-p. */
static inline void trial_log10_p(const struct trial *t, double *log10_p) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t u = 0; u < t->units; u++) {
    struct eh_table tables[2];
    size_t count = trial_tables(t, u, tables);
    log10_p[u] = eh_exact_mid_p(eh_exact_new(arena, tables, count)).log10_mid_p;
  }
  eh_arena_free(arena);
}

#endif
