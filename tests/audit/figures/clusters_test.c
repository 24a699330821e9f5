/* Dependent decisions of real and simulated records against the figures of a reference in another
 * language. Skipped where ../shared is absent. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/load/text/csv.h"
#include "engine/stats/dependence.h"
#include "engine/stats/difference.h"
#include "engine/stats/exact.h"
#include "engine/stats/wilcoxon_internal.h"
#include "tests/test.h"

#define SHARED "../shared/"

/* A CSV file in memory. */
struct file {
  struct eh_arena *arena;
  const char **header;
  size_t columns, count;
  const char ***rows;
};

static const char **take_row(struct eh_arena *arena, const struct eh_csv_record *record) {
  const char **row = eh_arena_alloc(arena, record->field_count, sizeof *row);
  for (size_t i = 0; i < record->field_count; i++)
    row[i] = eh_arena_copy(arena, record->fields[i].text, record->fields[i].length);
  return row;
}

static const char *read_text(struct eh_arena *arena, const char *path, size_t *length) {
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s", path);
  ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
  *length = (size_t)ftell(file);
  rewind(file);
  char *text = eh_arena_alloc(arena, *length + 1, 1);
  ck_assert_uint_eq(fread(text, 1, *length, file), *length);
  fclose(file);
  return text;
}

static struct file read_file(const char *path) {
  enum { MOST_ROWS = 100000 };
  struct file f = {.arena = eh_arena_new()};
  size_t length;
  const char *next = read_text(f.arena, path, &length), *end = next + length;
  struct eh_csv *csv = eh_csv_new(',', 0);
  struct eh_csv_record record;
  f.rows = eh_arena_alloc(f.arena, MOST_ROWS, sizeof *f.rows);
  while (eh_csv_next(csv, &next, end, true, &record) == EH_CSV_RECORD) {
    const char **row = take_row(f.arena, &record);
    if (!f.header) {
      f.header = row;
      f.columns = record.field_count;
    } else {
      ck_assert_uint_lt(f.count, MOST_ROWS);
      f.rows[f.count++] = row;
    }
  }
  eh_csv_free(csv);
  return f;
}

static const char *text_of(const struct file *f, size_t row, const char *column) {
  for (size_t i = 0; i < f->columns; i++)
    if (strcmp(f->header[i], column) == 0) return f->rows[row][i];
  ck_abort_msg("no column %s", column);
  return NULL;
}

static double number_of(const struct file *f, size_t row, const char *column) {
  return strtod(text_of(f, row, column), NULL);
}

/* One record: whose, of which kind, in which cluster. */
struct record {
  const char *cluster, *unit, *stratum;
  bool event;
};

static int by_texts(const void *left, const void *right) {
  const struct record *a = left, *b = right;
  int order = strcmp(a->cluster, b->cluster);
  if (order == 0) order = strcmp(a->unit, b->unit);
  return order ? order : strcmp(a->stratum, b->stratum);
}

static int by_text(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Distinct texts, in order. */
struct texts {
  const char **items;
  size_t count;
};

static void add_all(struct eh_arena *arena, const struct record *records, size_t count, bool units,
                    struct texts *texts) {
  texts->items = eh_arena_alloc(arena, count, sizeof *texts->items);
  for (size_t i = 0; i < count; i++) texts->items[i] = units ? records[i].unit : records[i].stratum;
  qsort(texts->items, count, sizeof *texts->items, by_text);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || strcmp(texts->items[i], texts->items[texts->count - 1]) != 0)
      texts->items[texts->count++] = texts->items[i];
}

static size_t place_of(const struct texts *texts, const char *text) {
  const char **found = bsearch(&text, texts->items, texts->count, sizeof *texts->items, by_text);
  ck_assert_ptr_nonnull(found);
  return (size_t)(found - texts->items);
}

/* What eh_dependence asks for, with the texts that its numbers stand for. */
struct clustered {
  struct texts units, strata;
  struct eh_cluster_base *bases;
  struct eh_clustering clustering;
};

static void add_record(struct clustered *c, struct eh_cluster_cell *cells, size_t *count,
                       size_t *ends, uint32_t base, bool event, bool same_cell, bool same_cluster) {
  if (!same_cell) cells[(*count)++] = (struct eh_cluster_cell){base, c->bases[base].stratum, 0, 0};
  cells[*count - 1].records++;
  cells[*count - 1].events += event;
  c->bases[base].records++;
  c->bases[base].events += event;
  c->clustering.clusters += !same_cluster;
  ends[c->clustering.clusters - 1] = *count;
}

static struct clustered cluster(struct eh_arena *arena, struct record *records, size_t count) {
  struct clustered c = {0};
  qsort(records, count, sizeof *records, by_texts);
  add_all(arena, records, count, true, &c.units);
  add_all(arena, records, count, false, &c.strata);
  size_t strata = c.strata.count, bases = c.units.count * strata, cell_count = 0;
  struct eh_cluster_cell *cells = eh_arena_alloc(arena, count, sizeof *cells);
  size_t *ends = eh_arena_alloc(arena, count, sizeof *ends);
  c.bases = eh_arena_alloc(arena, bases, sizeof *c.bases);
  for (size_t i = 0; i < bases; i++)
    c.bases[i] = (struct eh_cluster_base){(uint32_t)(i / strata), (uint32_t)(i % strata), 0, 0};
  for (size_t i = 0; i < count; i++) {
    const struct record *r = &records[i];
    bool same_cell = i > 0 && by_texts(r, r - 1) == 0;
    bool same_cluster = i > 0 && strcmp(r->cluster, r[-1].cluster) == 0;
    size_t base = place_of(&c.units, r->unit) * strata + place_of(&c.strata, r->stratum);
    add_record(&c, cells, &cell_count, ends, (uint32_t)base, r->event, same_cell, same_cluster);
  }
  struct eh_clustering *of = &c.clustering;
  of->bases = c.bases;
  of->base_count = bases;
  of->units = c.units.count;
  of->strata = of->parts = strata;
  of->cells = cells;
  of->ends = ends;
  return c;
}

/* A unit's tables. */
static size_t tables_of(const struct clustered *c, size_t unit, struct eh_table *tables) {
  size_t strata = c->strata.count;
  for (size_t h = 0; h < strata; h++) {
    uint64_t n = 0, m = 0;
    for (size_t u = 0; u < c->units.count; u++) {
      n += c->bases[u * strata + h].records;
      m += c->bases[u * strata + h].events;
    }
    const struct eh_cluster_base *own = &c->bases[unit * strata + h];
    tables[h] = (struct eh_table){own->events, own->records, m - own->events, n - own->records};
  }
  return strata;
}

static void check_p(const struct file *want, size_t row, const struct eh_table *tables,
                    size_t strata, struct eh_design design) {
  struct eh_arena *scratch = eh_arena_new();
  struct eh_exact_p p = eh_exact_mid_p(eh_exact_new(scratch, tables, strata));
  ck_close(p.mid_p, number_of(want, row, "mid_p"), 1e-9);
  ck_close(eh_design_log10_p(p.log10_mid_p, design), number_of(want, row, "log10_p"), 1e-9);
  eh_arena_free(scratch);
}

/* The reference's limits and g are differences of larger numbers. */
static void check_near(double got, double want) {
  ck_assert_msg(fabs(got - want) <= 1e-9 * fabs(want) + 1e-13, "%.17g, not %.17g", got, want);
}

static void check_interval(const struct file *want, size_t row, const struct eh_table *tables,
                           size_t strata, struct eh_design design) {
  struct eh_interval got = eh_difference_sato(tables, strata, 0.95, design).interval;
  ck_close(got.estimate.value, number_of(want, row, "difference"), 1e-9);
  check_near(got.low.value, number_of(want, row, "low"));
  check_near(got.high.value, number_of(want, row, "high"));
  struct eh_interval plain = eh_difference_sato(tables, strata, 0.95, EH_INDEPENDENT).interval;
  check_near(plain.low.value, number_of(want, row, "low0"));
  check_near(plain.high.value, number_of(want, row, "high0"));
}

/* theta, its error and z; each unit as in the file of that name, which was made with a theta and
   error that takes in units of one cluster only, too (unit_theta 0: there are none). */
struct known {
  const char *name;
  double theta, error, z;
  size_t clusters, with_pairs;
  double unit_theta, unit_error;
};

/* The reference gives every unit the comparison's theta, or for a few their own: with that theta
   and its error the rest must follow. */
static void check_unit(const struct file *want, size_t row, const struct clustered *c,
                       const struct eh_dependence *d, const struct known *known) {
  size_t unit = place_of(&c->units, text_of(want, row, "unit"));
  const struct eh_unit_dependence *got = &d->units[unit];
  ck_close((double)got->clusters, number_of(want, row, "own_clusters"), 1e-15);
  ck_close(got->effective, number_of(want, row, "effective_clusters"), 1e-9);
  check_near(got->g, number_of(want, row, "g"));
  if (strcmp(text_of(want, row, "theta_from"), "pooled") != 0) {
    ck_close(fmin(got->own.value, d->most), number_of(want, row, "theta"), 1e-9);
    ck_assert_double_gt(got->own_z.value, EH_SCREEN_OWN_Z);
    return;
  }
  double theta = known->unit_theta > 0.0 ? known->unit_theta : d->theta.value;
  double error = known->unit_theta > 0.0 ? known->unit_error : d->error;
  struct eh_design test = eh_design_of(got->g, theta, error);
  struct eh_design difference = eh_design_of(got->g_difference, theta, error);
  ck_close(test.delta, number_of(want, row, "delta"), 1e-9);
  double tolerance = got->g > 1e-3 ? 1e-9 : 1e-7;
  ck_close(test.df, number_of(want, row, "df"), tolerance);
  ck_close(difference.delta, number_of(want, row, "delta_difference"), 1e-9);
  ck_close(difference.df, number_of(want, row, "df_difference"), tolerance);
  struct eh_table tables[64];
  size_t strata = tables_of(c, unit, tables);
  check_p(want, row, tables, strata, test);
  check_interval(want, row, tables, strata, difference);
}

static void check_all(struct eh_arena *arena, struct record *records, size_t count,
                      const struct known *known) {
  struct clustered c = cluster(arena, records, count);
  struct eh_dependence d = eh_dependence(arena, &c.clustering, EH_DEPENDENCE_NAMED);
  ck_assert_uint_eq(d.clusters, known->clusters);
  ck_assert_uint_eq(d.with_pairs, known->with_pairs);
  ck_close(d.theta.value, known->theta, 1e-9);
  ck_close(d.error, known->error, 1e-9);
  ck_close(d.z, known->z, 1e-9);
  ck_assert(!d.bounded);
  char path[256];
  snprintf(path, sizeof path, SHARED "reference/clusters/%s.csv", known->name);
  struct file want = read_file(path);
  for (size_t row = 0; row < want.count; row++) check_unit(&want, row, &c, &d, known);
  ck_assert_uint_gt(want.count, 0);
  eh_arena_free(want.arena);
}

static const char *join(struct eh_arena *arena, const char *a, const char *b) {
  return eh_arena_printf(arena, "%s|%s", a, b);
}

static void check_court(const char *file, const char *cluster, const struct known *known) {
  struct file f = read_file(file);
  struct record *records = eh_arena_alloc(f.arena, f.count, sizeof *records);
  for (size_t i = 0; i < f.count; i++) {
    const char *unit = text_of(&f, i, "u"), *of = text_of(&f, i, cluster);
    records[i] = (struct record){strcmp(cluster, "day") == 0 ? join(f.arena, unit, of) : of, unit,
                                 join(f.arena, text_of(&f, i, "o"), text_of(&f, i, "s")),
                                 *text_of(&f, i, "y") == '1'};
  }
  check_all(f.arena, records, f.count, known);
  eh_arena_free(f.arena);
}

#define CASE SHARED "cases/44-decided-on-the-same-day/"

START_TEST(court_days) {
  static const struct known known = {
      "court_days_by_officer_day", .901596516409, .133165586031, 18.0074728367, 200, 200, 0, 0};
  check_court(CASE "04_court_days.csv", "day", &known);
}
END_TEST

START_TEST(persons_twice) {
  static const struct known known = {
      "persons_twice_by_person", 4.92392208159, .222077335184, 31.249026941, 1000, 1000, 0, 0};
  check_court(CASE "04_persons_twice.csv", "person", &known);
}
END_TEST

START_TEST(ice_offices_and_dates) {
  static const struct known known = {
      "ice_2016_11_by_office_date", .260946013036, .0518318227924, 17.4278317279, 672, 631, 0, 0};
  struct file f = read_file(SHARED "data/ice/ice_decisions_2016-11.csv");
  struct record *records = eh_arena_alloc(f.arena, f.count, sizeof *records);
  for (size_t i = 0; i < f.count; i++) {
    const char *office = text_of(&f, i, "Event Area of Responsibility");
    records[i] = (struct record){
        join(f.arena, office, text_of(&f, i, "Event Date")), office,
        join(f.arena, text_of(&f, i, "Landmark Class"), text_of(&f, i, "Gender")),
        strstr(text_of(&f, i, "Processing Disposition"), "Prosecutorial Discretion") != NULL};
  }
  check_all(f.arena, records, f.count, &known);
  eh_arena_free(f.arena);
}
END_TEST

static bool is_missing(const char *text) {
  return !*text || strcmp(text, "-") == 0 || strcmp(text, "NULL") == 0;
}

/* by_date: officer and date; else the person, whose records without one stand alone. */
static void check_seattle(bool by_date, const struct known *known) {
  struct file f = read_file(SHARED "data/seattle/terry_stops_trimmed.csv");
  struct record *records = eh_arena_alloc(f.arena, f.count, sizeof *records);
  size_t count = 0;
  for (size_t i = 0; i < f.count; i++) {
    const char *flag = text_of(&f, i, "ArrestFlag"), *officer = text_of(&f, i, "OfficerID");
    if ((*flag != 'Y' && *flag != 'N') || is_missing(officer)) continue;
    const char *person = text_of(&f, i, "SubjectID");
    if (is_missing(person))
      person = eh_arena_printf(f.arena, "case %s", text_of(&f, i, "TERRY_STOP_ID"));
    records[count++] = (struct record){
        by_date ? join(f.arena, officer, text_of(&f, i, "Reported_Date")) : person, officer,
        join(f.arena, text_of(&f, i, "SubjectAgeGroup"), text_of(&f, i, "SubjectPerceivedGender")),
        *flag == 'Y'};
  }
  check_all(f.arena, records, count, known);
  eh_arena_free(f.arena);
}

START_TEST(seattle_officers_and_dates) {
  static const struct known known = {"seattle_arrest_by_officer_date",
                                     2.5850123577,
                                     .198765596634,
                                     39.1562001835,
                                     14056,
                                     3684,
                                     2.58874588531,
                                     .198737565814};
  check_seattle(true, &known);
}
END_TEST

START_TEST(seattle_persons) {
  static const struct known known = {
      "seattle_arrest_by_subject", .56872041876, .0952245708091, 7.7619951516, 16128, 2251, 0, 0};
  check_seattle(false, &known);
}
END_TEST

/* One unit's values and all others' of the file of mostly zero values. */
static size_t amounts_of(const struct file *f, const char *unit, struct eh_amount *amounts) {
  for (size_t i = 0; i < f->count; i++)
    amounts[i] =
        (struct eh_amount){0, strcmp(text_of(f, i, "u"), unit) == 0, number_of(f, i, "y"), 1};
  return f->count;
}

/* The reference gives the peers' shape the worth of 30 values throughout. */
static void check_interval_of_mean(const struct file *want, size_t row,
                                   const struct eh_value_strata *strata) {
  struct eh_mean_interval got = eh_mean_interval(strata, 0.95, 30.0);
  check_near(got.interval.estimate.value, number_of(want, row, "difference"));
  ck_assert_msg(fabs(got.interval.low.value - number_of(want, row, "low")) < 1e-6, "%.17g",
                got.interval.low.value);
  const char *high = text_of(want, row, "high");
  ck_assert(*high ? !got.interval.high.why_not : got.interval.high.why_not != NULL);
  ck_close(got.effective.value, number_of(want, row, "effective_values"), 1e-9);
}

START_TEST(mostly_zero_values) {
  struct file f = read_file(SHARED "cases/41-mostly-zero-values/01_value_mostly_zero_null.csv");
  struct file want = read_file(SHARED "reference/clusters/values_mostly_zero.csv");
  struct eh_amount *amounts = eh_arena_alloc(f.arena, f.count, sizeof *amounts);
  for (size_t row = 0; row < want.count; row++) {
    size_t count = amounts_of(&f, text_of(&want, row, "unit"), amounts);
    struct eh_wilcoxon got = eh_wilcoxon(amounts, count, 0.95);
    ck_close(got.ranks.statistic, number_of(&want, row, "T"), 1e-9);
    ck_close(got.ranks.variance, number_of(&want, row, "variance"), 1e-9);
    double exact = number_of(&want, row, "exact_mid_p"), saddle = number_of(&want, row, "saddle_p");
    ck_close(got.ranks.p, got.ranks.method == EH_RANK_SADDLEPOINT ? saddle : exact, 1e-8);
    ck_assert(got.ranks.method != EH_RANK_SADDLEPOINT || saddle > 0.1);
    ck_assert(!got.ranks.approximate || got.ranks.method == EH_RANK_SADDLEPOINT);
    struct eh_value_strata strata = eh_value_strata(f.arena, amounts, count);
    check_interval_of_mean(&want, row, &strata);
  }
  ck_assert_uint_eq(want.count, 40);
  eh_arena_free(f.arena);
  eh_arena_free(want.arena);
}
END_TEST

int main(void) {
  if (access(SHARED "reference/clusters", R_OK) != 0) {
    puts("skipped: no " SHARED "reference");
    return 77;
  }
  const TTest *const tests[] = {
      court_days,      persons_twice,     ice_offices_and_dates, seattle_officers_and_dates,
      seattle_persons, mostly_zero_values};
  return run_tests("clusters", tests, sizeof tests / sizeof tests[0]);
}
