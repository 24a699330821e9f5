/* Records joined with a table give what records give in which the table's columns are written. */
#include "engine/load/records/joined.h"

#include "engine/base/random.h"
#include "tests/load/records.h"

static const char rules_head[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id, date: day}\nindividuals: []\n"
    "derive: {band: {bands: [3, 6], of: size}}\n"
    "similarly_situated: [grade, band]\nmeasures: {yes: {event: result = 'Y'}}\n"
    "comparisons: [{across: officer, within: office}]\n";

struct two_files {
  struct eh_buffer records, table;
};

static void put_join(struct eh_buffer *rules, const char *path, const char *rest) {
  eh_buffer_printf(rules, "%sjoins:\n  - {file: '%s', %s}\n", rules_head, path, rest);
}

static struct loaded load_joined(const char *rest, const char *records, const char *table,
                                 size_t threads) {
  struct eh_buffer rules = {0};
  char *path = file_of(table, strlen(table));
  put_join(&rules, path, rest);
  struct loaded l = load_bytes(rules.text, records, strlen(records), threads);
  unlink(path);
  free(path);
  eh_buffer_free(&rules);
  return l;
}

static const char by_officer[] = "on: officer, columns: [office, grade, size]";

static void check_refused(const char *rest, const char *records, const char *table,
                          const char *words) {
  struct loaded l = load_joined(rest, records, table, 1);
  ck_assert_int_ne(l.status, EH_OK);
  ck_assert_msg(strstr(l.error.message, words) != NULL, "%s", l.error.message);
  eh_arena_free(l.arena);
}

/* --- as if written in --- */

static const char *const offices[] = {"A", "B", "C", "N/A", ""}, *const grades[] = {"g1", "g2",
                                                                                    " g1 ", ""};

/* Officers with three tenures each: from day 1, 11 and 21 of a month, the last without an end. */
static void make_world(uint64_t seed, bool by_day, struct two_files *joined,
                       struct two_files *whole) {
  struct eh_random r = eh_random_seeded(seed, 3);
  char rows[40][3][64];
  eh_buffer_puts(&joined->table,
                 by_day ? "since,till,officer,office,grade,size\n" : "officer,office,grade,size\n");
  for (int o = 0; o < 40; o++)
    for (int t = 0; t < 3; t++) {
      snprintf(rows[o][t], sizeof rows[o][t], "%s,%s,%d", offices[eh_random_below(&r, 5)],
               grades[eh_random_below(&r, 4)], (int)eh_random_below(&r, 9));
      if (o % 7 == 3 || (t && !by_day)) continue;
      static const char *const days[] = {"2020-01-01,2020-01-11,", "2020-01-11,2020-01-20,",
                                         "2020-01-21,,"};
      eh_buffer_printf(&joined->table, "%s%s%02d%s,%s\n", by_day ? days[t] : "", o % 3 ? "" : " ",
                       o, o % 4 ? "" : " ", rows[o][t]);
    }
  eh_buffer_puts(&joined->records, "id,day,officer,result\n");
  eh_buffer_puts(&whole->records, "id,day,officer,result,office,grade,size\n");
  for (int i = 0; i < 3000; i++) {
    int o = (int)eh_random_below(&r, 42), day = 1 + (int)eh_random_below(&r, 28);
    bool has_row = o < 40 && o % 7 != 3;
    char record[80];
    snprintf(record, sizeof record, "%d,2020-01-%02d,%02d,%s", i, day, o,
             eh_random_below(&r, 3) ? "Y" : "N");
    eh_buffer_printf(&joined->records, "%s\n", record);
    int t = !by_day || day < 11 ? 0 : day < 21 ? 1 : 2;
    eh_buffer_printf(&whole->records, "%s,%s\n", record, has_row ? rows[o][t] : ",,");
  }
}

static void free_world(struct two_files *files) {
  eh_buffer_free(&files->records);
  eh_buffer_free(&files->table);
}

static void check_world(uint64_t seed) {
  bool by_day = seed % 2;
  const char *rest =
      by_day ? "on: officer, columns: [office, grade, size], between: [since, till]" : by_officer;
  struct two_files joined = {0}, whole = {0};
  make_world(seed, by_day, &joined, &whole);
  struct loaded expected = load_bytes(rules_head, whole.records.text, whole.records.length, 1);
  ck_assert_int_eq(expected.status, EH_OK);
  char *want = describe_cells(&expected);
  for (size_t threads = 1; threads <= 3; threads += 2) {
    struct loaded l = load_joined(rest, joined.records.text, joined.table.text, threads);
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    char *have = describe_cells(&l);
    ck_assert_str_eq(have, want);
    free(have);
    const struct eh_join_account *a = &l.account->joins[0];
    ck_assert_uint_eq(a->found + a->not_there + a->not_in_force + a->without_key, 3000);
    ck_assert_uint_eq(a->not_in_force, 0);
    ck_assert_uint_gt(a->not_there, 100);
    ck_assert_uint_eq(a->key_count, 8); /* 03, 10, 17, 24, 31, 38, 40 and 41 */
    unload(&l);
  }
  free(want);
  unload(&expected);
  free_world(&joined);
  free_world(&whole);
}

START_TEST(joined_is_as_written_in) {
  for (uint64_t seed = 1; seed <= 8; seed++) check_world(seed);
}
END_TEST

/* --- what is refused, and what is not --- */

static const char records[] =
    "id,day,officer,result\n1,2020-01-05,7,Y\n2,2020-02-05,8,N\n3,2020-01-07,,N\n";

START_TEST(a_second_row_of_a_key) {
  check_refused(by_officer, records, "officer,office,grade,size\n7,A,g,1\n8,A,g,1\n7,B,g,1\n",
                "has the key of line 2");
  struct loaded l = load_joined(
      by_officer, records, "officer,office,grade,size,x\n7,A,g,1,1\n8,A,g,1,2\n7,A, g,1,3\n", 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  ck_assert_uint_eq(l.account->joins[0].found, 2);
  ck_assert_uint_eq(l.account->joins[0].without_key, 1);
  unload(&l);
}
END_TEST

START_TEST(rows_in_force) {
  const char *rest = "on: officer, columns: [office, grade, size], between: [a, b]";
  check_refused(
      rest, records,
      "officer,a,b,office,grade,size\n7,2020-01-01,2020-03-01,A,g,1\n7,2020-02-01,,B,g,1\n",
      "is in force on a day on which line 2");
  check_refused(rest, records, "officer,a,b,office,grade,size\n7,2020-05-01,2020-03-01,A,g,1\n",
                "ends before it begins");
  check_refused(rest, records, "officer,a,b,office,grade,size\n7,soon,2020-03-01,A,g,1\n",
                "'soon' in 'a' is no day");
  struct loaded l = load_joined(
      rest, records,
      "officer,a,b,office,grade,size\n7,,2020-01-04,A,g,1\n8,2020-02-05,NULL,B,g,1\n", 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  ck_assert_uint_eq(l.account->joins[0].found, 1);
  ck_assert_uint_eq(l.account->joins[0].not_in_force, 1);
  unload(&l);
}
END_TEST

START_TEST(tables_that_do_not_fit) {
  check_refused(by_officer, records, "officer,office,size\n7,A,1\n", "has no column 'grade'");
  check_refused(by_officer, records, "officer,office,grade,size,office\n7,A,g,1,B\n",
                "names the column 'office' 2 times");
  check_refused(by_officer, records, "officer,office,grade,size\n7,A,g,1\n8,A\"b,\"c\n", "mend it");
  check_refused(by_officer, "id,day,officer,result,office\n1,2020-01-05,7,Y,A\n",
                "officer,office,grade,size\n7,A,g,1\n", "and so has");
}
END_TEST

/* Zeros that an id has lost in one of the two; keys of two columns. */
START_TEST(keys_are_compared_as_ids_are) {
  struct eh_buffer rules = {0};
  static const char table[] =
      "component,officer,office,grade,size\nICE,0042,A,g,1\nCBP,0042,B,g,2\n";
  char *path = file_of(table, sizeof table - 1);
  put_join(&rules, path, "on: [component, officer], columns: [office, grade, size]");
  eh_buffer_puts(&rules, "ids: {officer: digits 4}\n");
  static const char text[] =
      "id,day,officer,component,result\n1,2020-01-05,42,ICE,Y\n2,2020-02-05,042,CBP,N\n3,2020-02-"
      "05,42,USCIS,N\n";
  struct loaded l = load_bytes(rules.text, text, sizeof text - 1, 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  ck_assert_uint_eq(l.account->joins[0].found, 2);
  ck_assert_str_eq(l.account->joins[0].keys[0], "USCIS / 0042");
  unload(&l);
  unlink(path);
  free(path);
  eh_buffer_free(&rules);
}
END_TEST

RUN_TESTS("joined tables", a_second_row_of_a_key, rows_in_force, tables_that_do_not_fit,
          keys_are_compared_as_ids_are, joined_is_as_written_in)
