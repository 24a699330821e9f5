/* The same records as a file and as a table give the same account and the same cells.
 *
 * SQLite is always tested. EVENHAND_TEST_POSTGRESQL and EVENHAND_TEST_MARIADB are connection
 * strings of servers to test as well (tests/databases/check.sh starts them).
 */
#include "tests/load/database.h"

#include <time.h>

#include "engine/base/random.h"

enum { COLUMNS = 9, MOST_DATABASES = 3, TABLES = 10 };

static const char sqlite_file[] = "/tmp/evenhand-database-test.XXXXXX";

static size_t find_databases(struct database *databases, struct eh_arena *arena, char *file) {
  size_t count = 0;
  strcpy(file, sqlite_file);
  int descriptor = mkstemp(file);
  ck_assert(descriptor >= 0);
  close(descriptor);
  databases[count++] = (struct database){
      "sqlite", eh_arena_printf(arena, "DRIVER=SQLite3;SyncPragma=OFF;Database=%s", file),
      '"',      '"',
      "text",   false};
  const char *postgresql = getenv("EVENHAND_TEST_POSTGRESQL"),
             *mariadb = getenv("EVENHAND_TEST_MARIADB");
  if (postgresql)
    databases[count++] = (struct database){"postgresql", postgresql, '"', '"', "text", false};
  if (mariadb)
    databases[count++] = (struct database){"mariadb", mariadb, '`', '`', "varchar(200)", true};
  return count;
}

/* Keep what differs, to look at. */
static void compare(const char *want, const char *got, const struct database *database,
                    const char *rules, const char *csv, const struct eh_account *account) {
  if (strcmp(want, got) == 0) return;
  FILE *kept = fopen("/tmp/evenhand-database-test.txt", "w");
  if (kept) {
    fprintf(kept, "%s\n%s\n--- file\n%s\n--- %s\n%s\n", rules, csv, want, database->name, got);
    for (size_t i = 0; i < account->statement_count; i++)
      fprintf(kept, "%s\n", account->statements[i]);
    fclose(kept);
  }
  ck_abort_msg("%s and the file differ; see /tmp/evenhand-database-test.txt", database->name);
}

/* Tables of which nothing says which of some records stays; in a file their place does. */
static size_t unordered;

static bool has_no_order(const struct counted *counted) {
  return counted->loaded.status != EH_OK &&
         strstr(counted->loaded.error.message, "a table has no order of rows");
}

/* Where the database has an answer, it is that of the records in any order. */
static void expect_same_backwards(const struct database *database, const char *rules,
                                  const struct table *table, const char *want,
                                  const struct eh_account *account) {
  struct table backwards = *table;
  backwards.fields = eh_alloc(table->row_count * table->column_count, sizeof *backwards.fields);
  for (size_t r = 0; r < table->row_count; r++)
    memcpy(backwards.fields + r * table->column_count,
           table->fields + (table->row_count - 1 - r) * table->column_count,
           table->column_count * sizeof *table->fields);
  char *csv = csv_of(&backwards), *name = file_of(csv, strlen(csv));
  struct loaded file = load_files(rules, (const char *const *)&name, 1,
                                  (struct eh_load_options){.threads = 1, .can_find = true});
  ck_assert_msg(file.status == EH_OK, "%s", file.error.message);
  char *got = describe_source(&file);
  compare(want, got, database, rules, csv, account);
  unlink(name);
  free(got);
  free(name);
  free(csv);
  free((void *)backwards.fields);
  unload(&file);
}

static void expect_same(const struct database *database, const char *rules,
                        const struct table *table) {
  char *csv = csv_of(table), *name = file_of(csv, strlen(csv));
  struct loaded file = load_files(rules, (const char *const *)&name, 1,
                                  (struct eh_load_options){.threads = 1, .can_find = true});
  ck_assert_msg(file.status == EH_OK, "%s", file.error.message);
  fill_table(database, "records; DROP", table);
  struct eh_database_options options = {.connection = database->connection,
                                        .table = "records; DROP",
                                        .has_more = table->row_count % 2}; /* prepared, or not */
  struct counted counted = load_table(rules, &options);
  if (has_no_order(&counted)) {
    unordered++;
    unlink(name);
    free(name);
    free(csv);
    unload(&file);
    return;
  }
  ck_assert_msg(counted.loaded.status == EH_OK, "%s: %s\n%s", database->name,
                counted.loaded.error.message, rules);
  char *want = describe_source(&file), *got = describe_source(&counted.loaded);
  compare(want, got, database, rules, csv, counted.loaded.account);
  expect_same_backwards(database, rules, table, want, counted.loaded.account);
  char *records = describe_records(&file, NULL),
       *rows = describe_records(&counted.loaded, counted.database);
  compare(records, rows, database, rules, csv, counted.loaded.account);
  unlink(name);
  free(name);
  free(want);
  free(got);
  free(records);
  free(rows);
  free(csv);
  unload_table(&counted);
  unload(&file);
}

/* --- random records --- */

/* Headers that would break out of careless quotation. */
static const char *const headers[COLUMNS] = {
    "case id; DROP TABLE x --",
    "per\"son",
    "select",
    "born [on]",
    "a`b'c",
    "Anz\xC3\x98hl \xE2\x82\xAC",
    "unit,office",
    "a column named by one byte more than the 63 that PostgreSQL keep",
    "%s\\$1"};
enum { CASE, PERSON, DATE, BORN, NUMBER, COUNT, UNIT, KIND, RESULT };

static const char *pick(struct eh_random *random, const char *const *texts, size_t count) {
  return texts[eh_random_below(random, count)];
}
#define PICK(random, list) pick(random, list, sizeof(list) / sizeof *(list))

static const char *random_date(struct eh_random *random, struct eh_arena *arena, int from,
                               int years) {
  static const char *const odd[] = {"",
                                    "NA",
                                    NULL,
                                    "2015-02-30",
                                    "2015-2-3",
                                    "5/6/2014",
                                    "2016-02-29",
                                    "31.12.2013",
                                    "2015-02-29",
                                    "2015-01-01T10:00",
                                    "x",
                                    "0000-01-01",
                                    "2014-13-01",
                                    "02/29/2000",
                                    "1/1/1900",
                                    "2015-01-01\n",
                                    "12/31/9999",
                                    "3 Mar 2014 9:05:00.25",
                                    "04 september 2013 24:00:1",
                                    "4 Sept 2013 1:2:3",
                                    "May  1, 2014",
                                    "SEPTEMBRE 17, 2013",
                                    "m\xC3\xA4rz 3, 2015",
                                    "D\xC3\x89"
                                    "CEMBRE  9, 2014",
                                    "M\xC3\xA1y 1, 2014",
                                    "Mayx 1, 2014"};
  if (eh_random_below(random, 4) == 0) return PICK(random, odd);
  return eh_arena_printf(
      arena, "%04d-%02d-%02d", from + (int)eh_random_below(random, (uint64_t)years),
      1 + (int)eh_random_below(random, 12), 1 + (int)eh_random_below(random, 28));
}

static const char *random_field(struct eh_random *random, struct eh_arena *arena, size_t column,
                                size_t rows) {
  static const char *const numbers[] = {"1",     "2",   "17",  "-3",    "1.5",  "+4", "007",
                                        "12.",   ".5",  "abc", "",      "NA",   NULL, "1e2e3",
                                        "0",     "-0",  "1 2", "20.50", "16",   "21", "15.999",
                                        "1.5.2", "3\n", "+",   "--4",   "0x10", "9-9"};
  static const char *const units[] = {"North",
                                      "north",
                                      "NORTH",
                                      "South",
                                      "S\xC3\xBC"
                                      "d",
                                      "",
                                      "NA",
                                      NULL,
                                      "O'Brien",
                                      "a\\b",
                                      "\xC3\x9Ast\xC3\xAD",
                                      "North "};
  static const char *const kinds[] = {"x",   "X",        "y",     "%",    "_",    "",
                                      NULL,  "x y",      "\"q\"", "x\ny", "NA",   "na",
                                      "xyz", "\xC3\xA9", "7",     "007",  "0007", "70x"};
  static const char *const results[] = {"Y", "N", "Y", "N", "n", "", NULL, "y"};
  switch (column) {
    case CASE:
      return eh_random_below(random, 20) == 0
                 ? ""
                 : eh_arena_printf(arena, "c%d", (int)eh_random_below(random, rows * 3));
    case PERSON:
      return eh_random_below(random, 10) == 0
                 ? NULL
                 : eh_arena_printf(arena, "p%d", (int)eh_random_below(random, rows / 2 + 1));
    case DATE:
      return random_date(random, arena, 2013, 4);
    case BORN:
      return random_date(random, arena, 1980, 25);
    case NUMBER:
    case COUNT:
      return PICK(random, numbers);
    case UNIT:
      return PICK(random, units);
    case KIND:
      return PICK(random, kinds);
    default:
      return PICK(random, results);
  }
}

static struct table random_table(struct eh_random *random, struct eh_arena *arena) {
  struct table t = {
      .headers = headers, .column_count = COLUMNS, .row_count = 20 + eh_random_below(random, 100)};
  t.fields = eh_arena_alloc(arena, t.row_count * COLUMNS, sizeof *t.fields);
  for (size_t r = 0; r < t.row_count; r++)
    for (size_t c = 0; c < COLUMNS; c++)
      t.fields[r * COLUMNS + c] = random_field(random, arena, c, t.row_count);
  return t;
}

/* --- random rules --- */

static const char *random_test(struct eh_random *random) {
  static const char *const tests[] = {"kind = 'x'",
                                      "kind != 'X'",
                                      "kind in ('x', 'y', '%')",
                                      "kind starts with 'x'",
                                      "kind < 'x y'",
                                      "kind >= 'X'",
                                      "kind is missing",
                                      "kind is not missing",
                                      "unit = 'O''Brien'",
                                      "unit in ('North', 'a\\b', '\xC3\x9Ast\xC3\xAD', 'S\xC3\xBC"
                                      "d')",
                                      "unit starts with 'No'",
                                      "number > 1.5",
                                      "number between 0 and 17",
                                      "number in (1, 2, 20.5)",
                                      "number != 4",
                                      "number = count",
                                      "number <= count",
                                      "date >= 2014-06-01",
                                      "date between 2014-01-01 and 2015-06-30",
                                      "date is missing",
                                      "born <= date",
                                      "age >= 21",
                                      "age_band = '16-20'",
                                      "age_band is missing",
                                      "days > 9000",
                                      "size = '-1 to under 2.5'",
                                      "month = '2014-03'",
                                      "quarter in ('2014Q1', '2015Q4')",
                                      "year >= 2015",
                                      "fiscal = 'FY2015'",
                                      "priority = '1'",
                                      "priority >= 2",
                                      "charge = 'some'",
                                      "charge is not missing",
                                      "policy = 'June memo'",
                                      "result = 'Y'",
                                      "result = kind",
                                      "days < age"};
  return PICK(random, tests);
}

static const char *random_condition(struct eh_random *random, struct eh_arena *arena, int depth) {
  uint64_t shape = eh_random_below(random, depth > 0 ? 6 : 1);
  if (shape < 2) return random_test(random);
  const char *left = random_condition(random, arena, depth - 1),
             *right = random_condition(random, arena, depth - 1);
  if (shape == 2) return eh_arena_printf(arena, "(not (%s))", left);
  return eh_arena_printf(arena, "((%s) %s (%s))", left, shape == 3 ? "or" : "and", right);
}

static const char *random_factors(struct eh_random *random, struct eh_arena *arena) {
  static const char *const columns[] = {"kind",   "age_band", "month",    "quarter",
                                        "fiscal", "year",     "priority", "charge",
                                        "size",   "age",      "born",     "number"};
  struct eh_buffer out = {0};
  size_t first = eh_random_below(random, 4), count = eh_random_below(random, 4);
  for (size_t i = 0; i < count; i++)
    eh_buffer_printf(&out, "%s%s", i ? ", " : "", columns[(first + 3 * i) % 12]);
  eh_buffer_puts(&out, "");
  const char *text = eh_arena_copy(arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

static const char fixed_rules[] =
    "evenhand: 1\n"
    "title: random\n"
    "columns:\n"
    "  case: \"case id; DROP TABLE x --\"\n"
    "  date: select\n"
    "  born: \"born [on]\"\n"
    "  number: \"a`b'c\"\n"
    "  count: \"Anz\xC3\x98hl \xE2\x82\xAC\"\n"
    "  unit: \"unit,office\"\n"
    "  kind: a column named by one byte more than the 63 that PostgreSQL keep\n"
    "  result: \"%s\\\\$1\"\n"
    "missing: [\"\", \"NA\"]\n"
    "numbers: plain\n"
    "ids: {kind: digits 3}\n"
    "dates: [\"%Y-%m-%d\", \"%m/%d/%Y\", \"%d.%m.%Y\", \"%Y-%m-%dT%H:%M\", \"%d %b %Y %H:%M:%S\", "
    "\"%B %e, %Y\"]\n"
    "policies:\n"
    "  - {name: June memo, from: 2014-06-17}\n"
    "  - {name: \"O'Brien's\", from: 2014-11-20}\n"
    "  - {name: last, from: 2015-06-01, supersedes: June memo}\n"
    "derive:\n"
    "  age: {years_between: [born, date]}\n"
    "  days: {days_between: [born, date]}\n"
    "  age_band: {bands: [16, 21, 31], of: age}\n"
    "  size: {bands: [-1, 2.5, 17], of: number}\n"
    "  month: {month: date}\n"
    "  quarter: {quarter: date}\n"
    "  year: {year: date}\n"
    "  fiscal: {fiscal_year: date}\n"
    "  charge: {recode: kind, to: {some: [x, X], none: [y, \"%\"]}, otherwise: other}\n"
    "  ending: {recode: kind, to: {good: [x, \"x y\"], bad: [y, X, xyz], worse: [nb]}}\n";

/* Which of the records of one case stays. */
static void add_repeated(struct eh_random *random, struct eh_buffer *out) {
  static const char *const ways[] = {"first", "first", "last",
                                     "any",   "trust", "worst\n  worst: {result: [N, \"n\", Y]}"};
  static const char *const orders[] = {"",
                                       "",
                                       "",
                                       "  order_by: number\n",
                                       "  order_by: count\n",
                                       "  order_by: born\n",
                                       "  order_by: kind\n"};
  eh_buffer_printf(out, "  repeated: %s\n%s", PICK(random, ways), PICK(random, orders));
}

static const char *random_rules(struct eh_random *random, struct eh_arena *arena) {
  struct eh_buffer out = {0};
  static const char *const persons[] = {"", "  person: \"per\\\"son\"\n"};
  const char *person = persons[eh_random_below(random, 2)];
  const char *behind = strstr(fixed_rules, "missing:");
  eh_buffer_add(&out, fixed_rules, (size_t)(behind - fixed_rules));
  eh_buffer_printf(&out, "%s%s", person, behind);
  /* first_of may not ask for itself, so its conditions are simple. */
  eh_buffer_printf(&out,
                   "  priority:\n    first_of:\n      - 1: %s\n      - 2: unit = 'North' and "
                   "number > 1\n      - 3: otherwise\n",
                   eh_random_below(random, 2) ? "kind = 'x' or date >= 2015-01-01"
                                              : "not (result = 'Y') and age >= 20");
  bool keep = eh_random_below(random, 2), one_per = *person && eh_random_below(random, 2);
  eh_buffer_puts(&out, "records:\n");
  add_repeated(random, &out);
  if (keep) eh_buffer_printf(&out, "  keep: %s\n", random_condition(random, arena, 2));
  if (one_per)
    eh_buffer_printf(&out, "  one_per: person\n  choose: %s\n",
                     eh_random_below(random, 2) ? "first" : "last");
  eh_buffer_printf(&out, "similarly_situated: [%s]\n", random_factors(random, arena));
  if (eh_random_below(random, 3) == 0) eh_buffer_puts(&out, "on_missing: exclude\n");
  eh_buffer_puts(&out, "measures:\n");
  for (int m = 0; m < 3; m++) {
    eh_buffer_printf(&out, "  measure %d:\n    event: %s\n", m, random_condition(random, arena, 2));
    if (eh_random_below(random, 2))
      eh_buffer_printf(&out, "    among: %s\n", random_condition(random, arena, 2));
    if (eh_random_below(random, 3) == 0)
      eh_buffer_printf(&out, "    similarly_situated: [%s]\n", random_factors(random, arena));
  }
  if (eh_random_below(random, 2))
    eh_buffer_printf(&out,
                     "  how it ended:\n    category: ending\n    similarly_situated: [%s]\n%s",
                     eh_random_below(random, 2) ? "age_band, year" : "month",
                     eh_random_below(random, 2) ? "    among: number > 1\n" : "");
  if (eh_random_below(random, 2))
    eh_buffer_printf(&out,
                     "  how much:\n    value: %s\n    flag: {smallest_difference: 1}\n    "
                     "similarly_situated: [%s]\n",
                     eh_random_below(random, 2) ? "count" : "days",
                     eh_random_below(random, 2) ? "age_band" : "quarter, result");
  static const char *const comparisons[] = {
      "{across: unit}", "{across: unit, within: charge}", "{across: policy, each: unit}",
      "{across: kind, each: month, measure: measure 1}", "{across: result, within: [unit, kind]}"};
  enum { KINDS = sizeof comparisons / sizeof *comparisons };
  size_t first = eh_random_below(random, KINDS);
  eh_buffer_printf(&out, "comparisons:\n  - %s\n  - %s\n", comparisons[first],
                   comparisons[(first + 1 + eh_random_below(random, KINDS - 1)) % KINDS]);
  const char *text = eh_arena_copy(arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

static bool are_sound(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules;
  struct eh_problems problems = {0};
  bool sound = eh_rules_read(arena, "rules.yaml", text, strlen(text), &rules, &problems) == EH_OK;
  if (!sound && getenv("EVENHAND_TEST_TALK")) fprintf(stderr, "%s\n", problems.items[0].message);
  eh_problems_free(&problems);
  return sound;
}

/* From the environment: how many tables at least, and for how many seconds more of them. */
static uint64_t setting(const char *name, uint64_t usual) {
  const char *text = getenv(name);
  return text ? strtoull(text, NULL, 10) : usual;
}

START_TEST(random_rules_and_records) {
  struct eh_arena *arena = eh_arena_new();
  struct database databases[MOST_DATABASES];
  char file[sizeof sqlite_file];
  size_t count = find_databases(databases, arena, file), compared = 0, tables = 0;
  struct eh_random random = eh_random_seeded(setting("EVENHAND_TEST_SEED", 20140617), 0);
  time_t end = time(NULL) + (time_t)setting("EVENHAND_TEST_SECONDS", 5);
  for (; tables < TABLES || time(NULL) < end; tables++) {
    struct eh_arena_mark mark = eh_arena_mark(arena);
    const char *rules = random_rules(&random, arena);
    struct table table = random_table(&random, arena);
    if (strstr(rules, "repeated: any") && (strstr(rules, "category:") || strstr(rules, "value:"))) {
      ck_assert(!are_sound(arena, rules));
    } else if (are_sound(arena, rules)) {
      for (size_t d = 0; d < count; d++) expect_same(&databases[d], rules, &table);
      compared++;
    }
    eh_arena_reset(arena, mark);
  }
  ck_assert_uint_gt(compared, tables / 2);
  unlink(file);
  eh_arena_free(arena);
  if (unordered) printf("%zu of %zu tables without an order\n", unordered, count * tables);
  ck_assert_uint_lt(unordered, count * compared);
}
END_TEST

/* --- columns of the database's own types --- */

enum { TYPED = 9 };
static const char typed_rules[] =
    "evenhand: 1\n"
    "columns: {case: id, date: decided}\n"
    "dates: [\"%Y-%m-%d\", \"%Y-%m-%d %H:%M:%S\"]\n"
    "derive:\n"
    "  age: {years_between: [born, date]}\n"
    "  age_band: {bands: [21, 31], of: age}\n"
    "  size: {bands: [0, 10.5], of: amount}\n"
    "  month: {month: date}\n"
    "similarly_situated: [age_band, size, kind]\n"
    "measures:\n"
    "  released: {event: result = 'true', among: visits >= 1 or visits is missing}\n"
    "  early: {event: seen < 2014-06-01, similarly_situated: [month]}\n"
    "  large: {event: amount between 2.25 and 40, similarly_situated: [visits]}\n"
    "  how much: {value: visits, flag: {smallest_difference: 1}, similarly_situated: [size]}\n"
    "comparisons: [{across: office}, {across: kind, within: office, measure: early}]\n";

/* Dates, timestamps, numbers, booleans, padded texts, and nulls among them. */
static struct table typed_table(struct eh_random *random, struct eh_arena *arena) {
  static const char *const typed[TYPED] = {"id",     "decided", "born", "seen",  "visits",
                                           "amount", "result",  "kind", "office"};
  static const char *const amounts[] = {"-3.25", "0.75", "2.25", "10.75", "40.25", NULL};
  static const char *const results[] = {"true", "false", NULL};
  static const char *const kinds[] = {"x", "y z", NULL};
  static const char *const offices[] = {"North", "South"};
  struct table t = {.headers = typed, .column_count = TYPED, .row_count = 80};
  t.fields = eh_arena_alloc(arena, t.row_count * TYPED, sizeof *t.fields);
  for (size_t r = 0; r < t.row_count; r++) {
    const char **f = t.fields + r * TYPED;
    int month = 1 + (int)eh_random_below(random, 12), day = 1 + (int)eh_random_below(random, 28);
    f[0] = eh_arena_printf(arena, "%zu", r + 1);
    f[1] = eh_random_below(random, 9) ? eh_arena_printf(arena, "2014-%02d-%02d", month, day) : NULL;
    f[2] = eh_random_below(random, 9)
               ? eh_arena_printf(arena, "%d-02-%d", 1980 + month, r % 3 ? 28 : 27)
               : NULL;
    f[3] = eh_random_below(random, 9)
               ? eh_arena_printf(arena, "2014-%02d-%02d 10:20:%02d", day % 12 + 1, month, day)
               : NULL;
    f[4] = eh_random_below(random, 9)
               ? eh_arena_printf(arena, "%d", (int)eh_random_below(random, 5))
               : NULL;
    f[5] = PICK(random, amounts);
    f[6] = PICK(random, results);
    f[7] = PICK(random, kinds);
    f[8] = PICK(random, offices);
  }
  return t;
}

START_TEST(typed_columns_give_the_same) {
  static const char *const types[][TYPED] = {
      {"integer", "date", "date", "timestamp", "integer", "numeric", "text", "text", "text"},
      {"integer", "date", "date", "timestamp", "integer", "numeric(10,2)", "boolean", "char(12)",
       "varchar(40)"},
      {"integer", "date", "date", "datetime", "smallint", "decimal(10,2)", "varchar(5)", "char(12)",
       "varchar(40)"}};
  struct eh_arena *arena = eh_arena_new();
  struct database databases[MOST_DATABASES];
  char file[sizeof sqlite_file];
  size_t count = find_databases(databases, arena, file);
  struct eh_random random = eh_random_seeded(1, 0);
  for (int round = 0; round < 5; round++) {
    struct table table = typed_table(&random, arena);
    for (size_t d = 0; d < count; d++) {
      size_t kind = strcmp(databases[d].name, "mariadb") == 0 ? 2 : d;
      table.types = types[kind];
      expect_same(&databases[d], typed_rules, &table);
    }
  }
  unlink(file);
  eh_arena_free(arena);
}
END_TEST

/* --- texts that only files are read without --- */

/* What the audit of a table of ids, offices, amounts and outcomes says. */
static void expect_refusal(const struct database *database, struct eh_arena *arena,
                           const char *const *fields, size_t rows, const char *more,
                           const char *want) {
  static const char *const names[] = {"id", "office", "amount", "outcome"};
  struct table t = {.headers = names, .column_count = 4, .row_count = rows};
  t.fields = eh_arena_alloc(arena, rows * 4, sizeof *t.fields);
  memcpy(t.fields, fields, rows * 4 * sizeof *fields);
  fill_table(database, "texts", &t);
  struct eh_database_options options = {.connection = database->connection, .table = "texts"};
  const char *rules =
      eh_arena_printf(arena,
                      "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: []\n%s"
                      "measures:\n  m: {event: outcome = 'x', among: amount < 5000}\n"
                      "comparisons: [{across: office}]\n",
                      more);
  struct counted counted = load_table(rules, &options);
  if (want)
    ck_assert_msg(counted.loaded.status != EH_OK && strstr(counted.loaded.error.message, want),
                  "%s: %s", database->name, counted.loaded.error.message);
  else
    ck_assert_msg(counted.loaded.status == EH_OK, "%s: %s", database->name,
                  counted.loaded.error.message);
  unload_table(&counted);
}

START_TEST(texts_that_a_database_misreads_are_refused) {
  struct eh_arena *arena = eh_arena_new();
  struct database databases[MOST_DATABASES];
  char file[sizeof sqlite_file];
  size_t count = find_databases(databases, arena, file);
  static const char *const plain[] = {"1", "N\xC3\xB6rd", "700", "x", "2", " North\n", "1200", "y"},
                           *const office[] = {"1", "North\xC2\xA0", "7", "x", "2", "N", "8", "y"},
                           *const outcome[] = {"1", "N", "7", "x\xE2\x80\x8B", "2", "N", "8", "y"},
                           *const marks[] = {"1", "N", "7", "xe\xCC\x81", "2", "N", "8", "y"},
                           *const points[] = {"1", "N", "1.200", "x", "2", "N", "-80.500", "y"},
                           *const mixed[] = {"1", "N", "1.200", "x", "2", "N", "8.5", "y"},
                           *const large[] = {"1", "N", "1.200", "x", "2", "N", "1500", "y"};
  for (size_t d = 0; d < count; d++) {
    expect_refusal(&databases[d], arena, plain, 2, "", NULL);
    expect_refusal(&databases[d], arena, office, 2, "", "`office` has white space");
    expect_refusal(&databases[d], arena, outcome, 2, "", "`outcome` has white space");
    expect_refusal(&databases[d], arena, marks, 2, "", "`outcome` has white space");
    expect_refusal(&databases[d], arena, points, 2, "", "1.200 may be 1200 or 1.2");
    expect_refusal(&databases[d], arena, points, 2, "numbers: plain\n", NULL);
    expect_refusal(&databases[d], arena, points, 2, "numbers: eu\n", "plain numbers only");
    expect_refusal(&databases[d], arena, mixed, 2, "", NULL);
    expect_refusal(&databases[d], arena, large, 2, "", NULL);
  }
  unlink(file);
  eh_arena_free(arena);
}
END_TEST

/* Records of one case: alike they may come in any order; else something must tell which is first.
 */
START_TEST(records_of_one_case_need_an_order) {
  struct eh_arena *arena = eh_arena_new();
  struct database databases[MOST_DATABASES];
  char file[sizeof sqlite_file];
  size_t count = find_databases(databases, arena, file);
  static const char *const alike[] = {"1", "N", "7", "x", "1", "N", "8", "x"},
                           *const unlike[] = {"1", "N", "7", "x", "1", "N", "8", "y"},
                           *const tied[] = {"1", "N", "7", "x", "1", "N", "7", "y"};
  static const char *const order = "records: {order_by: amount}\n";
  for (size_t d = 0; d < count; d++) {
    expect_refusal(&databases[d], arena, alike, 2, "", NULL);
    expect_refusal(&databases[d], arena, unlike, 2, "", "(`order_by: ` under `records`)");
    expect_refusal(&databases[d], arena, unlike, 2, order, NULL);
    expect_refusal(&databases[d], arena, tied, 2, order, "; the one named does not)");
    expect_refusal(&databases[d], arena, unlike, 2, "records: {repeated: trust}\n", NULL);
    expect_refusal(&databases[d], arena, unlike, 2, "records: {repeated: any}\n", NULL);
    expect_refusal(&databases[d], arena, unlike, 2,
                   "records: {repeated: worst, worst: {outcome: [y]}}\n", NULL);
    expect_refusal(&databases[d], arena, alike, 2, "records: {repeated: refuse}\n",
                   "`repeated: refuse` does not allow");
  }
  unlink(file);
  eh_arena_free(arena);
}
END_TEST

/* --- one view of the records --- */

static const char counting_rules[] =
    "evenhand: 1\ncolumns: {case: id, date: day}\nsimilarly_situated: []\n"
    "measures: {released: {event: outcome = 'released'}}\ncomparisons: [{across: office}]\n";

/* What is asked later is asked of the records that were counted, whatever was changed meanwhile. */
START_TEST(later_questions_see_the_same_records) {
  static const char *const names[] = {"id", "day", "office", "outcome"};
  static const char *fields[] = {"1", "2014-01-01", "N", "released",   "2", "2014-02-01",
                                 "S", "detained",   "3", "2014-03-01", "N", "detained"};
  struct table table = {names, 4, fields, 3, NULL};
  struct eh_arena *arena = eh_arena_new();
  struct database databases[MOST_DATABASES];
  char file[sizeof sqlite_file];
  size_t count = find_databases(databases, arena, file);
  for (size_t d = 0; d < count; d++) {
    const char *connection = databases[d].connection;
    if (d == 0) run_sql(connection, "PRAGMA journal_mode = WAL"); /* readers do not block writers */
    fill_table(&databases[d], "cases", &table);
    struct eh_database_options options = {.connection = connection, .table = "cases"};
    struct counted counted = load_table(counting_rules, &options);
    ck_assert_msg(counted.loaded.status == EH_OK, "%s", counted.loaded.error.message);
    run_sql(connection, "DELETE FROM cases WHERE id = '1'");
    const struct eh_over_time *all, *units;
    struct eh_error error;
    ck_assert_int_eq(eh_database_over_time(arena, counted.database, -1, &all, &units, &error),
                     EH_OK);
    ck_assert_ptr_null(units);
    uint64_t records = 0;
    for (size_t i = 0; i < all->count; i++) records += all->units[0].counts[i].records;
    ck_assert_msg(records == 3, "%s: %d records", databases[d].name, (int)records);
    unload_table(&counted);
  }
  unlink(file);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("database", records_of_one_case_need_an_order, texts_that_a_database_misreads_are_refused,
          random_rules_and_records, typed_columns_give_the_same,
          later_questions_see_the_same_records)
