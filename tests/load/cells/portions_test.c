/* Records under measures of a category or a value. */
#include "engine/load/cells/portions.h"

#include "engine/base/random.h"
#include "tests/load/records.h"

#define HEAD                                      \
  "evenhand: 1\n"                                 \
  "columns: {case: id, date: day, person: who}\n" \
  "missing: [\"\", NA]\n"                         \
  "derive:\n"                                     \
  "  wait: {days_between: [met, date]}\n"         \
  "similarly_situated: [kind]\n"                  \
  "measures:\n"
#define ACROSS "comparisons:\n  - {across: office}\n"
#define HEADER "id,who,met,day,kind,office,result,fee\n"

static void expect_cells(const char *rules, const char *text, const char *want) {
  for (size_t threads = 1; threads <= 2; threads++) {
    struct loaded l = load_bytes(rules, text, strlen(text), threads);
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    char *got = describe_cells(&l);
    ck_assert_str_eq(got, want);
    free(got);
    unload(&l);
  }
}

START_TEST(categories_are_counted) {
  expect_cells(HEAD "  what: {category: result}\n" ACROSS,
               HEADER
               "1,a,,2016-01-01,x,North,stay,\n"
               "2,b,,2016-01-02,x,North,leave,\n"
               "3,c,,2016-01-03,x,North,stay,\n"
               "4,d,,2016-01-04,x,South,other,\n"
               "5,e,,2016-01-05,y,South,stay,\n"
               "6,f,,2016-01-05,x,South,NA,\n"
               "7,g,,2016-01-05,y,North,,\n"
               "8,h,,2016-01-05,x,,leave,\n",
               "what\n"
               "x | North 3 0 [leave 1] [stay 2]\n"
               "x | South 1 0 [other 1]\n"
               "y | South 1 0 [stay 1]\n"
               "x | (not recorded) 1 0 [leave 1]\n"
               "- its category is not recorded 2\n");
}
END_TEST

START_TEST(values_are_counted_as_numbers) {
  expect_cells(HEAD "  fee: {value: fee, flag: {smallest_difference: 5 dollars}}\n" ACROSS,
               HEADER
               "1,a,,2016-01-01,x,North,,10\n"
               "2,b,,2016-01-02,x,North,,9\n" /* before 10, though not bytewise */
               "3,c,,2016-01-03,x,North,,10.0\n"
               "4,d,,2016-01-04,x,North,,-2.5\n"
               "5,e,,2016-01-05,x,South,,-0\n"
               "6,f,,2016-01-05,x,South,,0.0\n"
               "7,g,,2016-01-05,x,South,,1e1\n"
               "8,h,,2016-01-05,x,South,,ten\n" /* malformed */
               "9,i,,2016-01-05,y,South,,\n",
               "fee\n"
               "x | North 4 0 [-2.5 1] [9 1] [10 2]\n"
               "x | South 3 0 [0 2] [10 1]\n"
               "- its value is not recorded or is no number 2\n");
}
END_TEST

START_TEST(derived_values_are_counted) {
  expect_cells(HEAD
               "  wait:\n    among: result = 'stay'\n    value: wait\n"
               "    similarly_situated: []\n    flag: {smallest_difference: 5 days}\n" ACROSS,
               HEADER
               "1,a,2016-01-01,2016-01-11,x,North,stay,\n"
               "2,b,2016-01-01,2016-01-10,x,North,stay,\n"
               "3,c,2016-01-05,2016-01-04,y,North,stay,\n"
               "4,d,2016-01-01,2016-01-02,x,North,leave,\n"
               "5,e,,2016-01-02,x,North,stay,\n"
               "6,f,2016-13-01,2016-01-02,x,North,stay,\n"
               "7,g,2016-01-01,2016-01-10,x,South,stay,\n",
               "wait\n"
               "| North 3 0 [-1 1] [9 1] [10 1]\n"
               "| South 1 0 [9 1]\n"
               "- the measure does not apply to it 1\n"
               "- its value is not recorded or is no number 2\n");
}
END_TEST

START_TEST(each_value_and_missing_factors) {
  expect_cells(HEAD
               "  what: {category: result, on_missing: exclude}\n"
               "  again: {among: fee > 5, category: result, on_missing: exclude}\n"
               "comparisons:\n  - {across: office, each: kind}\n",
               HEADER
               "1,a,,2016-01-01,x,North,stay,9\n"
               "2,b,,2016-01-02,x,South,leave,3\n"
               "3,c,,2016-01-03,y,North,leave,9\n"
               "4,d,,2016-01-04,,North,stay,9\n",
               "what/x\n"
               "x | North 1 0 [stay 1]\n"
               "x | South 1 0 [leave 1]\n"
               "what/y\n"
               "y | North 1 0 [leave 1]\n"
               "what/(not recorded)\n"
               "- a factor is not recorded 1\n"
               "again/x\n"
               "x | North 1 0 [stay 1]\n"
               "- the measure does not apply to it 1\n"
               "again/y\n"
               "y | North 1 0 [leave 1]\n"
               "again/(not recorded)\n"
               "- a factor is not recorded 1\n");
}
END_TEST

/* Records of many wide factors, whose keys do not fit 64 bits. */
static char *random_records(size_t count, size_t *length) {
  static const char *const results[] = {"stay", "leave", "other", "rare", ""};
  struct eh_buffer text = {0};
  struct eh_random random = eh_random_seeded(5, 0);
  eh_buffer_puts(&text, "id,who,office,a,b,c,d,result,met,day\n");
  for (size_t i = 0; i < count; i++) {
    eh_buffer_printf(&text, "%zu,p%d,o%d", i, (int)eh_random_below(&random, 400),
                     (int)eh_random_below(&random, 7));
    uint64_t width = i % 2 ? 2 : 60000; /* half of the records share strata */
    for (int f = 0; f < 4; f++)
      eh_buffer_printf(&text, ",%d", (int)eh_random_below(&random, width));
    eh_buffer_printf(&text, ",%s,2016-01-%02d,2016-02-%02d\n", results[eh_random_below(&random, 5)],
                     1 + (int)eh_random_below(&random, 28), 1 + (int)eh_random_below(&random, 28));
  }
  *length = text.length;
  return text.text;
}

static uint64_t portion_of(const struct eh_cells *cells, size_t cell, uint32_t outcome) {
  for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++)
    if (cells->portions[t].outcome == outcome) return cells->portions[t].records;
  return 0;
}

/* A category's portion is what a measure of that category as an event counts. */
static void check_against_event(const struct eh_cells *cells, const struct eh_cells *event,
                                uint32_t outcome) {
  ck_assert_uint_eq(cells->cell_count, event->cell_count);
  ck_assert_uint_eq(cells->stratum_count, event->stratum_count);
  ck_assert_uint_eq(cells->column_count, event->column_count);
  ck_assert_mem_eq(cells->codes, event->codes,
                   cells->stratum_count * cells->column_count * sizeof *cells->codes);
  for (size_t i = 0; i < cells->cell_count; i++) {
    ck_assert_uint_eq(cells->cells[i].unit, event->cells[i].unit);
    ck_assert_uint_eq(cells->cells[i].stratum, event->cells[i].stratum);
    ck_assert_uint_eq(cells->cells[i].records, event->cells[i].records);
    ck_assert_uint_eq(portion_of(cells, i, outcome), event->cells[i].events);
  }
  for (size_t u = 0; u < cells->unit_count; u++) {
    ck_assert_uint_eq(cells->units[u].first_cell, event->units[u].first_cell);
    ck_assert_uint_eq(cells->units[u].cell_count, event->units[u].cell_count);
    ck_assert_uint_eq(cells->units[u].repeated, event->units[u].repeated);
  }
}

START_TEST(portions_are_what_events_count) {
  static const char rules[] =
      "evenhand: 1\ncolumns: {case: id, person: who, date: day}\n"
      "derive:\n  wait: {days_between: [met, date]}\n"
      "similarly_situated: [a, b, c, d]\n"
      "measures:\n"
      "  what: {category: result}\n"
      "  leave: {event: result = 'leave'}\n"
      "  other: {event: result = 'other'}\n"
      "  rare: {event: result = 'rare'}\n"
      "  stay: {event: result = 'stay'}\n"
      "  wait: {value: wait, flag: {smallest_difference: 5}}\n"
      "  late: {event: wait >= 40}\n"
      /* the first's cells are made out of the second's */
      "comparisons:\n  - {across: office}\n  - {across: who, within: office}\n";
  size_t length;
  char *text = random_records(20000, &length);
  struct loaded l = load_bytes(rules, text, length, 2);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  ck_assert_uint_eq(l.cells_count, 14);
  const struct eh_cells *what = &l.cells[0], *wait = &l.cells[5], *late = &l.cells[6];
  static const char *const names[] = {"leave", "other", "rare", "stay"};
  ck_assert_uint_eq(what->outcome_count, 4);
  for (uint32_t k = 0; k < 4; k++) {
    ck_assert_str_eq(what->categories[k], names[k]);
    check_against_event(what, &l.cells[1 + k], k);
    check_against_event(&l.cells[7], &l.cells[8 + k], k);
  }
  ck_assert_uint_eq(wait->cell_count, late->cell_count);
  for (size_t i = 0; i < wait->cell_count; i++) {
    uint64_t events = 0, records = 0;
    for (size_t t = wait->first_portion[i]; t < wait->first_portion[i + 1]; t++) {
      ck_assert(t == wait->first_portion[i] ||
                wait->portions[t].outcome > wait->portions[t - 1].outcome);
      records += wait->portions[t].records;
      if (wait->values[wait->portions[t].outcome] >= 40) events += wait->portions[t].records;
    }
    ck_assert_uint_eq(records, wait->cells[i].records);
    ck_assert_uint_eq(events, late->cells[i].events);
  }
  for (size_t v = 1; v < wait->outcome_count; v++) ck_assert(wait->values[v] > wait->values[v - 1]);
  unload(&l);
  free(text);
}
END_TEST

RUN_TESTS("portion", categories_are_counted, values_are_counted_as_numbers,
          derived_values_are_counted, each_value_and_missing_factors,
          portions_are_what_events_count)
