/* Balancing weights over 13,764 recorded decisions of 25 offices: R's values
 * (../shared/reference/model/balance.csv, records in ../shared/data/ice), by three designs. p0 is
 * that of R's mixed model, from its slopes and modes. Skipped where those folders are absent. */
#include <stdio.h>
#include <string.h>

#include "engine/stats/balance.h"
#include "engine/stats/balanced_test.h"
#include "tests/test.h"

#define MODEL "../shared/reference/model/"
#define RECORDS "../shared/data/ice/ice_decisions_2016-11.csv"
#define SET "ICE 2016-11 office"

enum { FACTORS = 3, MOST_LEVELS = 20, OFFICES = 40, MOST_PATTERNS = 400, FIELDS = 20 };

struct labels {
  char text[OFFICES][64];
  uint32_t count;
};
static struct labels offices, levels[FACTORS]; /* nationality group, gender, landmark */
static double slope[FACTORS][MOST_LEVELS], mean, mode[OFFICES], records_of[OFFICES];
static struct {
  uint32_t level[FACTORS];
  uint64_t records[OFFICES], events[OFFICES];
} pattern[MOST_PATTERNS];
static size_t pattern_count;

/* Numbers from 0, as texts are met. */
static uint32_t number_of(struct labels *labels, const char *text) {
  uint32_t i = 0;
  while (i < labels->count && strcmp(labels->text[i], text) != 0) i++;
  if (i == labels->count) {
    ck_assert_uint_lt(i, OFFICES);
    snprintf(labels->text[labels->count++], sizeof labels->text[0], "%s", text);
  }
  return i;
}

/* The fields of a line of CSV, in place. */
static size_t split(char *line, char **fields) {
  size_t count = 0;
  line[strcspn(line, "\r\n")] = '\0';
  for (char *at = line; at && count < FIELDS;) {
    bool quoted = *at == '"';
    fields[count++] = at += quoted;
    at += strcspn(at, quoted ? "\"" : ",");
    char *end = at;
    if (quoted && *at) at++;
    at = *at == ',' ? at + 1 : NULL;
    *end = '\0';
  }
  return count;
}

static const char *group_of(const char *citizenship) {
  static const char *const named[] = {"MEXICO",
                                      "GUATEMALA",
                                      "HONDURAS",
                                      "EL SALVADOR",
                                      "DOMINICAN REPUBLIC",
                                      "CUBA",
                                      "JAMAICA",
                                      "CHINA, PEOPLES REPUBLIC OF",
                                      "HAITI",
                                      "ECUADOR",
                                      "COLOMBIA",
                                      "BRAZIL",
                                      "UNKNOWN"};
  for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
    if (strcmp(citizenship, named[i]) == 0) return citizenship;
  return "OTHER";
}

static size_t pattern_with(const uint32_t *level) {
  size_t i = 0;
  while (i < pattern_count && memcmp(pattern[i].level, level, sizeof pattern[i].level) != 0) i++;
  if (i == pattern_count) {
    ck_assert_uint_lt(i, MOST_PATTERNS);
    memcpy(pattern[pattern_count++].level, level, sizeof pattern[i].level);
  }
  return i;
}

/* Case ID, office, date, landmark, disposition, citizenship, gender */
static bool read_records(void) {
  char line[1000], *f[FIELDS];
  FILE *file = fopen(RECORDS, "r");
  if (!file) return false;
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  while (fgets(line, sizeof line, file)) {
    ck_assert_uint_eq(split(line, f), 7);
    uint32_t office = number_of(&offices, f[1]);
    uint32_t level[FACTORS] = {number_of(&levels[0], group_of(f[5])), number_of(&levels[1], f[6]),
                               number_of(&levels[2], f[3])};
    size_t p = pattern_with(level);
    pattern[p].records[office]++;
    pattern[p].events[office] += strcmp(f[4], "Prosecutorial Discretion") == 0 ||
                                 strcmp(f[4], "Released/Prosecutorial Discretion") == 0;
    records_of[office]++;
  }
  fclose(file);
  return true;
}

static void read_slope(const char *name, double value) {
  static const char *const factors[FACTORS] = {"slope group", "slope gender", "slope landmark"};
  if (strcmp(name, "mu") == 0) mean = value;
  for (size_t k = 0; k < FACTORS; k++)
    if (strncmp(name, factors[k], strlen(factors[k])) == 0)
      slope[k][number_of(&levels[k], name + strlen(factors[k]))] = value;
}

static bool read_model(void) {
  char line[1000], *f[FIELDS];
  FILE *file = fopen(MODEL "twostep.csv", "r");
  if (!file) return false;
  while (fgets(line, sizeof line, file))
    if (split(line, f) == 3 && strcmp(f[0], SET) == 0 && strncmp(f[1], "slope se", 8) != 0)
      read_slope(f[1], strtod(f[2], NULL));
  fclose(file);
  file = fopen(MODEL "twostep_units.csv", "r");
  ck_assert_ptr_nonnull(file);
  while (fgets(line, sizeof line, file))
    if (split(line, f) > 4 && strcmp(f[0], SET) == 0)
      mode[number_of(&offices, f[1])] = strtod(f[4], NULL);
  fclose(file);
  return true;
}

static double p0_of(size_t p, size_t office) {
  double eta = mean, sum = 0, all = 0;
  for (size_t k = 0; k < FACTORS; k++) eta += slope[k][pattern[p].level[k]];
  for (size_t o = 0; o < offices.count; o++) {
    if (o == office) continue;
    sum += records_of[o] / (1 + exp(-eta - mode[o]));
    all += records_of[o];
  }
  return sum / all;
}

struct posed {
  struct eh_caseload caseload;
  struct eh_table tables[MOST_PATTERNS];
  uint32_t stratum[MOST_PATTERNS], levels[MOST_PATTERNS * FACTORS], level_count[FACTORS];
  double p0[MOST_PATTERNS];
};

/* Bit k of exact: factor k must agree. Strata in the order in which they are met. */
static void pose(size_t office, unsigned exact, struct posed *x) {
  size_t width = 0, at = 0;
  uint32_t strata = 0;
  bool done[MOST_PATTERNS] = {false};
  for (size_t k = 0; k < FACTORS; k++)
    if (!(exact >> k & 1)) x->level_count[width++] = levels[k].count;
  for (size_t first = 0; first < pattern_count; first++) {
    if (done[first]) continue;
    for (size_t p = first; p < pattern_count; p++) {
      bool same = !done[p];
      for (size_t k = 0; k < FACTORS; k++)
        same = same && (!(exact >> k & 1) || pattern[p].level[k] == pattern[first].level[k]);
      if (!same) continue;
      done[p] = true;
      x->stratum[at] = strata;
      x->p0[at] = p0_of(p, office);
      x->tables[at] =
          (struct eh_table){.a = pattern[p].events[office], .n1 = pattern[p].records[office]};
      for (size_t o = 0; o < offices.count; o++) {
        if (o == office) continue;
        x->tables[at].c += pattern[p].events[o];
        x->tables[at].n2 += pattern[p].records[o];
      }
      size_t j = 0;
      for (size_t k = 0; k < FACTORS; k++)
        if (!(exact >> k & 1)) x->levels[at * width + j++] = pattern[p].level[k];
      at++;
    }
    strata++;
  }
  x->caseload = (struct eh_caseload){.count = at,
                                     .tables = x->tables,
                                     .stratum = x->stratum,
                                     .factors = width,
                                     .levels = x->levels,
                                     .level_count = x->level_count};
}

/* set, design, unit, records, comparable, events, expected, ess, largest_imbalance, worst,
   difference, low, high, z, log10_p, v_peers, v_unit */
static void check(char **f) {
  static struct posed x;
  unsigned exact = strcmp(f[1], "strata_only") == 0 ? 7 : strcmp(f[1], "gender_exact") == 0 ? 2 : 0;
  memset(&x, 0, sizeof x);
  pose(number_of(&offices, f[2]), exact, &x);
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &x.caseload);
  ck_assert_ptr_null(b.why_not);
  ck_assert_uint_eq(b.comparable, strtoul(f[4], NULL, 10));
  ck_assert_uint_eq(b.events, strtoul(f[5], NULL, 10));
  ck_close(b.expected, strtod(f[6], NULL), 1e-9);
  ck_close(b.effective, strtod(f[7], NULL), 1e-9);
  ck_assert_double_eq_tol(b.worst.size, strtod(f[8], NULL), 1e-9);
  struct eh_balanced_test t = eh_balanced_test(&x.caseload, &b, x.p0, 0.95);
  ck_close(t.difference.estimate.value, strtod(f[10], NULL), 1e-9);
  ck_close(t.difference.low.value, strtod(f[11], NULL), 1e-9);
  ck_close(t.difference.high.value, strtod(f[12], NULL), 1e-9);
  ck_close(t.normal, strtod(f[13], NULL), 1e-9);
  ck_close(t.peers_variance, strtod(f[15], NULL), 1e-9);
  ck_close(t.unit_variance, strtod(f[16], NULL), 1e-9);
  eh_arena_free(arena);
}

START_TEST(offices_of_ice) {
  char line[1000], *f[FIELDS];
  if (!read_records() || !read_model()) return;
  FILE *file = fopen(MODEL "balance.csv", "r");
  ck_assert_ptr_nonnull(file);
  int rows = 0;
  while (fgets(line, sizeof line, file)) {
    if (split(line, f) != 17 || strcmp(f[0], SET) != 0) continue;
    check(f);
    rows++;
  }
  fclose(file);
  ck_assert_int_eq(rows, 75);
}
END_TEST

RUN_TESTS("balance reference", offices_of_ice)
