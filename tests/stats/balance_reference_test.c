/* Balancing weights over recorded decisions: R's values (../shared/reference/model/balance.csv,
 * records in ../shared/data), of 25 offices by three designs, of seven officers among 883, and of
 * cells drawn by formula. p0 is that of R's mixed model, from its slopes and modes. Skipped where
 * those folders are absent. */
#include <stdio.h>
#include <string.h>

#include "engine/stats/balance.h"
#include "engine/stats/balanced_test.h"
#include "tests/test.h"

#define MODEL "../shared/reference/model/"

enum { FACTORS = 4, MOST_LABELS = 900, MOST_LEVELS = 40, MOST_PATTERNS = 2500, FIELDS = 20 };
enum { MOST_CELLS = 20000 };

struct labels {
  char text[MOST_LABELS][48];
  uint32_t count;
};
/* One set of the reference. */
struct set {
  const char *name, *records;
  size_t factors, rows;
  const char *slopes[FACTORS]; /* what their names begin with */
  void (*read)(char **fields, const char **unit, const char **levels, uint64_t *n, uint64_t *y);
  struct {
    const char *name;
    unsigned exact; /* bit k: factor k must agree */
  } designs[3];
};
static const struct set *set;
static struct labels units, levels[FACTORS];
static double slope[FACTORS][MOST_LEVELS], mean, mode[MOST_LABELS], records_of[MOST_LABELS];
static bool known[FACTORS][MOST_LEVELS]; /* the model has a slope; or it is the first level */
static uint32_t pattern[MOST_PATTERNS][FACTORS];
static size_t pattern_count, cell_count;
static struct {
  uint32_t pattern, unit;
  uint64_t n, y;
} cells[MOST_CELLS];

/* Numbers from 0, as texts are met. */
static uint32_t number_of(struct labels *labels, const char *text) {
  uint32_t i = 0;
  while (i < labels->count && strcmp(labels->text[i], text) != 0) i++;
  if (i == labels->count) {
    ck_assert_uint_lt(i, MOST_LABELS);
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

/* Case ID, office, date, landmark, disposition, citizenship, gender */
static void read_ice(char **f, const char **unit, const char **l, uint64_t *n, uint64_t *y) {
  *unit = f[1];
  l[0] = group_of(f[5]);
  l[1] = f[6];
  l[2] = f[3];
  *n = 1;
  *y = strcmp(f[4], "Prosecutorial Discretion") == 0 ||
       strcmp(f[4], "Released/Prosecutorial Discretion") == 0;
}

/* stop, subject, officer, squad, precinct, date, age, race, gender, call, frisk, arrest */
static void read_seattle(char **f, const char **unit, const char **l, uint64_t *n, uint64_t *y) {
  f[3][strcspn(f[3], " ")] = '\0';
  *unit = f[2];
  l[0] = f[3];
  l[1] = f[9];
  l[2] = f[6];
  l[3] = f[8];
  *n = 1;
  *y = strcmp(f[11], "Y") == 0;
}

static void read_grid(char **f, const char **unit, const char **l, uint64_t *n, uint64_t *y) {
  *unit = f[0];
  for (size_t k = 0; k < 3; k++) l[k] = f[1 + k];
  *n = strtoul(f[4], NULL, 10);
  *y = strtoul(f[5], NULL, 10);
}

static uint32_t pattern_with(const uint32_t *level) {
  size_t i = 0, bytes = set->factors * sizeof *level;
  while (i < pattern_count && memcmp(pattern[i], level, bytes) != 0) i++;
  if (i == pattern_count) {
    ck_assert_uint_lt(i, MOST_PATTERNS);
    memcpy(pattern[pattern_count++], level, bytes);
  }
  return (uint32_t)i;
}

/* Levels that the model left out, for none or all of their records have the event, are left out. */
static bool read_records(void) {
  char line[1000], *f[FIELDS];
  FILE *file = fopen(set->records, "r");
  if (!file) return false;
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  while (fgets(line, sizeof line, file)) {
    const char *unit, *text[FACTORS];
    uint32_t level[FACTORS];
    uint64_t n, y;
    bool is_known = true;
    split(line, f);
    set->read(f, &unit, text, &n, &y);
    for (size_t k = 0; k < set->factors; k++) {
      level[k] = number_of(&levels[k], text[k]);
      is_known = is_known && known[k][level[k]];
    }
    if (!is_known) continue;
    ck_assert_uint_lt(cell_count, MOST_CELLS);
    cells[cell_count].pattern = pattern_with(level);
    cells[cell_count].unit = number_of(&units, unit);
    cells[cell_count].n = n;
    cells[cell_count].y = y;
    records_of[cells[cell_count++].unit] += (double)n;
  }
  fclose(file);
  return true;
}

static void read_slope(const char *name, double value) {
  if (strcmp(name, "mu") == 0) mean = value;
  for (size_t k = 0; k < set->factors; k++) {
    size_t length = strlen(set->slopes[k]);
    if (strncmp(name, set->slopes[k], length) != 0) continue;
    uint32_t level = number_of(&levels[k], name + length);
    slope[k][level] = value;
    known[k][level] = true;
  }
}

static bool read_model(void) {
  char line[1000], *f[FIELDS];
  FILE *file = fopen(MODEL "twostep.csv", "r");
  if (!file) return false;
  while (fgets(line, sizeof line, file))
    if (split(line, f) == 3 && strcmp(f[0], set->name) == 0 && strncmp(f[1], "slope se", 8) != 0)
      read_slope(f[1], strtod(f[2], NULL));
  fclose(file);
  file = fopen(MODEL "twostep_units.csv", "r");
  ck_assert_ptr_nonnull(file);
  while (fgets(line, sizeof line, file))
    if (split(line, f) > 4 && strcmp(f[0], set->name) == 0)
      mode[number_of(&units, f[1])] = strtod(f[4], NULL);
  fclose(file);
  return true;
}

static double p0_of(size_t p, size_t unit) {
  double eta = mean, sum = 0, all = 0;
  for (size_t k = 0; k < set->factors; k++) eta += slope[k][pattern[p][k]];
  for (size_t u = 0; u < units.count; u++) {
    if (u == unit) continue;
    sum += records_of[u] / (1 + exp(-eta - mode[u]));
    all += records_of[u];
  }
  return sum / all;
}

struct posed {
  struct eh_caseload caseload;
  struct eh_table tables[MOST_PATTERNS];
  uint32_t stratum[MOST_PATTERNS], levels[MOST_PATTERNS * FACTORS], level_count[FACTORS];
  double p0[MOST_PATTERNS];
};

static bool agree(size_t p, size_t q, unsigned exact) {
  for (size_t k = 0; k < set->factors; k++)
    if (exact >> k & 1 && pattern[p][k] != pattern[q][k]) return false;
  return true;
}

static void add_pattern(struct posed *x, size_t p, size_t unit, uint32_t stratum, unsigned exact) {
  size_t at = x->caseload.count++, j = 0;
  x->stratum[at] = stratum;
  x->p0[at] = p0_of(p, unit);
  for (size_t k = 0; k < set->factors; k++)
    if (!(exact >> k & 1)) x->levels[at * x->caseload.factors + j++] = pattern[p][k];
  for (size_t i = 0; i < cell_count; i++) {
    if (cells[i].pattern != p) continue;
    bool own = cells[i].unit == unit;
    *(own ? &x->tables[at].a : &x->tables[at].c) += cells[i].y;
    *(own ? &x->tables[at].n1 : &x->tables[at].n2) += cells[i].n;
  }
}

/* Strata in the order in which they are met. */
static void pose(size_t unit, unsigned exact, struct posed *x) {
  static bool done[MOST_PATTERNS];
  uint32_t strata = 0;
  memset(x, 0, sizeof *x);
  memset(done, 0, sizeof done);
  x->caseload = (struct eh_caseload){.tables = x->tables,
                                     .stratum = x->stratum,
                                     .levels = x->levels,
                                     .level_count = x->level_count};
  for (size_t k = 0; k < set->factors; k++)
    if (!(exact >> k & 1)) x->level_count[x->caseload.factors++] = levels[k].count;
  for (size_t first = 0; first < pattern_count; first++) {
    if (done[first]) continue;
    for (size_t p = first; p < pattern_count; p++) {
      if (done[p] || !agree(p, first, exact)) continue;
      done[p] = true;
      add_pattern(x, p, unit, strata, exact);
    }
    strata++;
  }
}

static unsigned exact_of(const char *design) {
  for (size_t i = 0; i < 3; i++)
    if (set->designs[i].name && strcmp(set->designs[i].name, design) == 0)
      return set->designs[i].exact;
  ck_abort_msg("no design %s", design);
}

/* set, design, unit, records, comparable, events, expected, ess, largest_imbalance, worst,
   difference, low, high, z, log10_p, v_peers, v_unit */
static void check(char **f) {
  static struct posed x;
  pose(number_of(&units, f[2]), exact_of(f[1]), &x);
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

static const struct set sets[] = {{"grid_cells",
                                   MODEL "grid_cells.csv",
                                   3,
                                   8,
                                   {"slope a", "slope b", "slope c"},
                                   read_grid,
                                   {{"margins", 0}, {"a_exact", 1}}},
                                  {"ICE 2016-11 office",
                                   "../shared/data/ice/ice_decisions_2016-11.csv",
                                   3,
                                   75,
                                   {"slope group", "slope gender", "slope landmark"},
                                   read_ice,
                                   {{"margins", 0}, {"strata_only", 7}, {"gender_exact", 2}}},
                                  {"Seattle officer arrest",
                                   "../shared/data/seattle/terry_stops_trimmed.csv",
                                   4,
                                   7,
                                   {"slope area", "slope call", "slope age", "slope gender"},
                                   read_seattle,
                                   {{"area_exact", 1}}}};
enum { SETS = sizeof sets / sizeof sets[0] };

/* The levels that have no slope, being the first by name: the model's intercept. */
static void name_first_levels(void) {
  static const char *const first[SETS][FACTORS] = {
      {"0", "0", "0"}, {"BRAZIL", "Female", "federal prison"}, {"BURG/THEFT/JUV", "911", "-", "-"}};
  for (size_t k = 0; k < set->factors; k++)
    known[k][number_of(&levels[k], first[set - sets][k])] = true;
}

START_TEST(values_of_r) {
  char line[1000], *f[FIELDS];
  set = &sets[_i];
  if (!read_model()) return;
  name_first_levels();
  if (!read_records()) return;
  FILE *file = fopen(MODEL "balance.csv", "r");
  ck_assert_ptr_nonnull(file);
  size_t rows = 0;
  while (fgets(line, sizeof line, file)) {
    if (split(line, f) != 17 || strcmp(f[0], set->name) != 0) continue;
    check(f);
    rows++;
  }
  fclose(file);
  ck_assert_uint_eq(rows, set->rows);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("balance reference");
  tcase_add_loop_test(tcase, values_of_r, 0, SETS);
  return run_case("balance reference", tcase);
}
