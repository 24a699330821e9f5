/* Cells of random records under random rules, against those counted one by one here. */
#include "engine/base/random.h"
#include "tests/load/records.h"

enum {
  CASES = 60,
  COLUMNS = 12, /* c0 to c11; 0 to 2 are compared, the others only tell kinds of case apart */
  COMPARED = 3,
  UNIT = COLUMNS,
  WHO,
  RESULT, /* the first of as many as there are measures */
  MEASURES = 5,
  FIELDS = RESULT + MEASURES
};

struct table {
  size_t rows;
  int (*fields)[FIELDS]; /* -1: missing */
};

/* How many values the columns have that tell kinds of case apart. */
enum width {
  FEW,
  SOME, /* so that a key just holds what all columns need, or just not */
  MANY, /* so that it does not */
  WIDTHS
};

static struct table random_table(struct eh_random *random, enum width width) {
  static const int few[] = {1, 2, 2, 3, 7, 12},
                   values_of[WIDTHS][5] = {
                       {1, 2, 3, 7, 12}, {20, 33, 40, 60, 64}, {40, 300, 1000, 3000, 9000}};
  struct table t = {.rows = 1 + eh_random_below(random, eh_random_below(random, 2) ? 9000 : 300)};
  t.fields = eh_alloc(t.rows, sizeof *t.fields);
  int kinds = 1 + (int)eh_random_below(random, t.rows);
  for (int c = 0; c < FIELDS; c++) {
    int values = values_of[width][eh_random_below(random, 5)];
    if (c < COMPARED) values = few[eh_random_below(random, 6)];
    if (c == UNIT) values = 1 + (int)eh_random_below(random, 200);
    if (c >= WHO) values = 2;
    uint64_t missing = eh_random_below(random, 3) ? 0 : 1 + eh_random_below(random, 20);
    struct eh_random kind = eh_random_seeded(eh_random_below(random, 1 << 30), (uint64_t)c);
    int *of_kind = eh_alloc((size_t)kinds, sizeof *of_kind);
    for (int k = 0; k < kinds; k++) of_kind[k] = (int)eh_random_below(&kind, (uint64_t)values);
    for (size_t i = 0; i < t.rows; i++) {
      /* what tells kinds of case apart goes together, so that cells have several records */
      bool together = c >= COMPARED && c < COLUMNS;
      t.fields[i][c] =
          together ? of_kind[i % (size_t)kinds] : (int)eh_random_below(random, (uint64_t)values);
      if (eh_random_below(random, 100) < missing) t.fields[i][c] = -1;
    }
    free(of_kind);
  }
  return t;
}

/* Of one width, so that their order is that of the numbers. */
static void put_label(struct eh_buffer *out, int value) {
  if (value < 0)
    eh_buffer_puts(out, EH_NOT_RECORDED);
  else
    eh_buffer_printf(out, "v%05d", value);
}

static char *as_csv(const struct table *t, size_t *length) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "id");
  for (int c = 0; c < COLUMNS; c++) eh_buffer_printf(&out, ",c%d", c);
  eh_buffer_puts(&out, ",unit,who");
  for (int m = 0; m < MEASURES; m++) eh_buffer_printf(&out, ",r%d", m);
  for (size_t i = 0; i < t->rows; i++) {
    eh_buffer_printf(&out, "\n%zu", i);
    for (int c = 0; c < FIELDS; c++) {
      eh_buffer_puts(&out, ",");
      if (t->fields[i][c] >= 0) put_label(&out, t->fields[i][c]);
    }
  }
  eh_buffer_puts(&out, "\n");
  *length = out.length;
  return out.text;
}

/* --- rules --- */

struct asked { /* the random part of the rules */
  bool excludes;
  bool factors[MEASURES][COLUMNS];
  bool among[MEASURES];
};

static void put_factors(struct eh_buffer *out, const bool *factors) {
  const char *between = "";
  eh_buffer_puts(out, "[");
  for (int c = 0; c < COLUMNS; c++) {
    if (!factors[c]) continue;
    eh_buffer_printf(out, "%sc%d", between, c);
    between = ", ";
  }
  eh_buffer_puts(out, "]\n");
}

static char *random_rules(struct eh_random *random, struct asked *asked) {
  struct eh_buffer out = {0};
  bool all[COLUMNS] = {false};
  for (int c = COMPARED; c < COLUMNS; c++) all[c] = eh_random_below(random, 4) > 0;
  asked->excludes = eh_random_below(random, 2);
  eh_buffer_printf(&out, "evenhand: 1\ntitle: t\ncolumns: {%s}\nsimilarly_situated: ",
                   eh_random_below(random, 2) ? "case: id" : "c0: c0, case: id");
  put_factors(&out, all);
  if (asked->excludes) eh_buffer_puts(&out, "on_missing: exclude\n");
  eh_buffer_puts(&out, "measures:\n");
  for (int m = 0; m < MEASURES; m++) {
    eh_buffer_printf(&out, "  m%d:\n    event: r%d = 'v00001'\n", m, m);
    memcpy(asked->factors[m], all, sizeof all);
    asked->among[m] = eh_random_below(random, 3) == 0;
    if (asked->among[m]) eh_buffer_puts(&out, "    among: who = 'v00001'\n");
    if (eh_random_below(random, 4)) continue;
    for (int c = COMPARED; c < COLUMNS; c++) asked->factors[m][c] = eh_random_below(random, 3) == 0;
    eh_buffer_puts(&out, "    similarly_situated: ");
    put_factors(&out, asked->factors[m]);
  }
  static const char *const comparisons[] = {
      "{across: unit}",
      "{across: unit, within: [c0, c1]}",
      "{across: unit, within: [c1, c0, c2]}",
      "{across: c0}",
      "{across: c0, within: c1}",
      "{across: c2, within: [c0, c1]}",
      "{across: c1, each: c0}",
      "{across: unit, each: c1}",
      "{across: unit, within: c2, each: c0}",
      "{across: unit, within: c0, each: c3}",
      "{across: c2, each: c3}",
  };
  enum { KINDS = sizeof comparisons / sizeof *comparisons };
  eh_buffer_puts(&out, "comparisons:\n");
  size_t first = eh_random_below(random, KINDS), step = 1 + eh_random_below(random, KINDS - 1);
  for (size_t i = 0, count = 1 + eh_random_below(random, 5); i < count; i++)
    eh_buffer_printf(&out, "  - %s\n", comparisons[(first + i * step) % KINDS]);
  return out.text;
}

/* --- counted one by one --- */

static int field_of(const struct loaded *l, int column) {
  const char *name = l->rules->columns[column].name;
  if (strcmp(name, "unit") == 0) return UNIT;
  ck_assert_int_eq(name[0], 'c');
  return atoi(name + 1);
}

static const struct table *sorted_table; /* qsort gives its comparison no context */
static int sort_fields[FIELDS];
static size_t sort_count;

static int by_fields(const void *left, const void *right) {
  const int *a = sorted_table->fields[*(const size_t *)left],
            *b = sorted_table->fields[*(const size_t *)right];
  for (size_t k = 0; k < sort_count; k++) {
    unsigned x = (unsigned)a[sort_fields[k]], y = (unsigned)b[sort_fields[k]]; /* missing last */
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

enum outcome { NO_EVENT, EVENT, EVENT_UNKNOWN, NOT_ASKED, APPLIES_UNKNOWN, LACKS_FACTOR, OUTCOMES };
static const char *const reasons[OUTCOMES] = {
    [EVENT_UNKNOWN] = "whether the event occurred is not known",
    [NOT_ASKED] = "the measure does not apply to it",
    [APPLIES_UNKNOWN] = "whether the measure applies is not known",
    [LACKS_FACTOR] = "a factor is not recorded"};

static enum outcome outcome_of(const struct asked *asked, size_t m, const int *fields) {
  if (asked->among[m] && fields[WHO] != 1) return fields[WHO] < 0 ? APPLIES_UNKNOWN : NOT_ASKED;
  if (fields[RESULT + m] < 0) return EVENT_UNKNOWN;
  for (int c = 0; c < COLUMNS && asked->excludes; c++)
    if (asked->factors[m][c] && fields[c] < 0) return LACKS_FACTOR;
  return fields[RESULT + m] == 1 ? EVENT : NO_EVENT;
}

static size_t excluded_from(const struct eh_cells *cells, const char *reason) {
  for (size_t i = 0; i < cells->exclusion_count; i++)
    if (strcmp(cells->excluded[i].reason, reason) == 0) return cells->excluded[i].records;
  return 0;
}

/* Check notes every assertion that it passes in a file, so the many are compared before. */
static void expect_label(const char *label, int value, const char *what) {
  if (value < 0 ? strcmp(label, EH_NOT_RECORDED) == 0 : label[0] == 'v' && atoi(label + 1) == value)
    return;
  ck_abort_msg("%s is %s, not %d", what, label, value);
}

/* Each stratum once: a stratum's labels are behind those of the one before it. */
static void check_order(const struct eh_cells *cells, size_t stratum) {
  const uint32_t *codes = cells->codes + stratum * cells->column_count,
                 *before = codes - cells->column_count;
  size_t k = 0;
  while (k < cells->column_count && codes[k] == before[k]) k++;
  ck_assert(k < cells->column_count && codes[k] > before[k]);
}

/* One list of cells: of the records whose field `each` is `value`, if there is an each. */
static void check_cells(const struct loaded *l, const struct eh_cells *cells, const struct table *t,
                        const struct asked *asked, int each, int value) {
  const struct eh_comparison *comparison = &l->rules->comparisons[cells->comparison];
  size_t counts[OUTCOMES] = {0}, kept = 0, *rows = eh_alloc(t->rows, sizeof *rows);
  for (size_t i = 0; i < t->rows; i++) {
    if (each >= 0 && t->fields[i][each] != value) continue;
    enum outcome outcome = outcome_of(asked, cells->measure, t->fields[i]);
    counts[outcome]++;
    if (outcome <= EVENT) rows[kept++] = i;
  }
  for (int o = EVENT_UNKNOWN; o < OUTCOMES; o++)
    ck_assert_uint_eq(excluded_from(cells, reasons[o]), counts[o]);
  ck_assert_uint_eq(cells->records, kept);
  ck_assert_uint_eq(cells->events, counts[EVENT]);
  bool named[COLUMNS] = {false};
  sort_count = 0;
  sort_fields[sort_count++] = field_of(l, comparison->across);
  for (size_t k = 0; k < cells->column_count; k++) {
    sort_fields[sort_count] = field_of(l, cells->columns[k].column);
    named[sort_fields[sort_count++]] = true;
  }
  for (int c = 0; c < COLUMNS; c++) ck_assert(named[c] || !asked->factors[cells->measure][c]);
  sorted_table = t;
  qsort(rows, kept, sizeof *rows, by_fields);
  size_t cell = 0;
  for (size_t i = 0, end; i < kept; i = end, cell++) {
    uint32_t events = 0;
    for (end = i; end < kept && by_fields(&rows[i], &rows[end]) == 0; end++)
      events += t->fields[rows[end]][RESULT + cells->measure] == 1;
    if (cell >= cells->cell_count) break;
    const struct eh_cell *got = &cells->cells[cell];
    const int *fields = t->fields[rows[i]];
    expect_label(cells->units[got->unit].label, fields[sort_fields[0]], "the unit");
    for (size_t k = 0; k < cells->column_count; k++)
      expect_label(cells->columns[k].labels[cells->codes[got->stratum * cells->column_count + k]],
                   fields[sort_fields[k + 1]], "a column");
    if (got->records != end - i || got->events != events)
      ck_abort_msg("cell %zu has %u records, %u events, not %zu, %u", cell, got->records,
                   got->events, end - i, events);
  }
  ck_assert_uint_eq(cell, cells->cell_count);
  for (size_t i = 1; i < cells->stratum_count; i++) check_order(cells, i);
  free(rows);
}

/* The values of a field that occur, ascending, missing last; returns how many. */
static size_t values_of(const struct table *t, int field, int *values) {
  size_t *rows = eh_alloc(t->rows, sizeof *rows), count = 0;
  for (size_t i = 0; i < t->rows; i++) rows[i] = i;
  sorted_table = t;
  sort_fields[0] = field;
  sort_count = 1;
  qsort(rows, t->rows, sizeof *rows, by_fields);
  for (size_t i = 0; i < t->rows; i++)
    if (i == 0 || by_fields(&rows[i - 1], &rows[i])) values[count++] = t->fields[rows[i]][field];
  free(rows);
  return count;
}

static void check_all(const struct loaded *l, const struct table *t, const struct asked *asked) {
  int *values = eh_alloc(t->rows, sizeof *values);
  size_t at = 0;
  for (size_t c = 0; c < l->rules->comparison_count; c++) {
    const struct eh_comparison *comparison = &l->rules->comparisons[c];
    int each = comparison->each < 0 ? -1 : field_of(l, comparison->each);
    size_t count = each < 0 ? 1 : values_of(t, each, values);
    for (size_t m = 0; m < comparison->measure_count; m++)
      for (size_t e = 0; e < count; e++, at++) {
        ck_assert_uint_lt(at, l->cells_count);
        ck_assert_uint_eq(l->cells[at].comparison, c);
        ck_assert_uint_eq(l->cells[at].measure, comparison->measures[m]);
        if (each >= 0) expect_label(l->cells[at].each, values[e], "each");
        check_cells(l, &l->cells[at], t, asked, each, each < 0 ? 0 : values[e]);
      }
  }
  ck_assert_uint_eq(at, l->cells_count);
  free(values);
}

START_TEST(cells_are_those_counted_one_by_one) {
  struct eh_random random = eh_random_seeded(11, (uint64_t)_i);
  struct table t = random_table(&random, (enum width)(_i % WIDTHS));
  struct asked asked;
  char *rules = random_rules(&random, &asked);
  size_t length;
  char *csv = as_csv(&t, &length);
  struct loaded l = load_bytes(rules, csv, length, 1 + eh_random_below(&random, 3));
  ck_assert_msg(l.status == EH_OK, "%s\n%s", l.error.message, rules);
  check_all(&l, &t, &asked);
  unload(&l);
  free(rules);
  free(csv);
  free(t.fields);
}
END_TEST

/* More units than 16 bits number, in one chunk; and more cells than one thread takes at once. */
START_TEST(very_many_units) {
  enum { UNITS = 70000, KIND = COLUMNS - 1, KINDS = 50 };
  struct table t = {.rows = 2 * UNITS};
  t.fields = eh_alloc_zeroed(t.rows, sizeof *t.fields);
  struct asked asked = {.factors[0][KIND] = true};
  struct eh_buffer csv = {0};
  eh_buffer_puts(&csv, "id,unit,c11,r0\n");
  for (size_t i = 0; i < t.rows; i++) {
    t.fields[i][UNIT] = (int)((i * (i < UNITS ? 9 : 31) + 12345) % UNITS);
    t.fields[i][KIND] = (int)((i + 7) % KINDS);
    t.fields[i][RESULT] = i % 3 == 0;
    eh_buffer_printf(&csv, "%zu,", i);
    put_label(&csv, t.fields[i][UNIT]);
    eh_buffer_puts(&csv, ",");
    put_label(&csv, t.fields[i][KIND]);
    eh_buffer_puts(&csv, i % 3 ? ",v00000\n" : ",v00001\n");
  }
  struct loaded l = load_bytes(
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [c11]\n"
      "measures: {yes: {event: r0 = 'v00001'}}\ncomparisons: [{across: unit}]\n",
      csv.text, csv.length, 2);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  ck_assert_uint_eq(l.cells[0].unit_count, UNITS);
  check_all(&l, &t, &asked);
  unload(&l);
  free(t.fields);
  eh_buffer_free(&csv);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("cells");
  tcase_add_test(tcase, very_many_units);
  tcase_add_loop_test(tcase, cells_are_those_counted_one_by_one, 0, CASES);
  return run_case("cells", tcase);
}
