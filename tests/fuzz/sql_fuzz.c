/* The same conditions on the same records, by the row evaluator and by SQLite running the compiled
 * statement: each record's outcome, label and malformed values are the same. The bytes choose the
 * conditions and the records. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "rules/evaluate.h"
#include "rules/sql.h"
#include "tests/fuzz/fuzz.h"

enum { ROWS = 6, GIVEN = 6, LONGEST = 24, DEEPEST = 3, ROOM = 512 };
static const char *const names[GIVEN] = {"t1", "t2", "n1", "n2", "d1", "d2"};
static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
static const char *const domains[3][12] = {
    {"", "NA", "a", "ab", "A", "b", "a b", "%", "_", "a'b", "\xC3\xA4", "O''\\"},
    {"", "1", "2", "2.0", "-3", "1e1", "x", "0.1", "+5", "1e400", "00.10", "9007199254740993"},
    {"", "2011-06-17", "06/17/2011", "2012-02-29", "2011-02-29", "0000-01-01", "9999-12-31", "soon",
     "1/2/2013", "2011-6-7", "NA", "0001-01-01"}};
static const char *const constants[3][6] = {
    {"'a'", "'ab'", "'b'", "'%'", "'a''b'", "'\xC3\xA4'"},
    {"1", "2", "-3", "10", "0.1", "9007199254740993"},
    {"2011-06-17", "2012-02-29", "2013-01-02", "9999-12-31", "0001-01-01", "2011-06-07"}};

struct reader {
  const uint8_t *next, *end;
};

static unsigned pick(struct reader *r, unsigned count) {
  return r->next < r->end ? *r->next++ % count : 0;
}

static void add_test(struct reader *r, struct eh_buffer *out) {
  unsigned column = pick(r, GIVEN), kind = column / 2;
  const char *name = names[column], *one = constants[kind][pick(r, 6)],
             *other = constants[kind][pick(r, 6)], *negation = pick(r, 2) ? "not " : "";
  switch (pick(r, 6)) {
    case 0:
      eh_buffer_printf(out, "%s is %smissing", name, negation);
      break;
    case 1:
      eh_buffer_printf(out, "%s %sin (%s, %s)", name, negation, one, other);
      break;
    case 2:
      eh_buffer_printf(out, "%s %sbetween %s and %s", name, negation, one, other);
      break;
    case 3:
      eh_buffer_printf(out, "%s %s %s", name, signs[pick(r, 6)], names[column ^ 1]);
      break;
    case 4:
      if (kind == 0) {
        eh_buffer_printf(out, "%s starts with %s", name, one);
        break;
      } /* fall through */
    default:
      eh_buffer_printf(out, "%s %s %s", name, signs[pick(r, 6)], one);
  }
}

static void add_condition(struct reader *r, struct eh_buffer *out, int depth) {
  unsigned kind = depth == DEEPEST ? 3 : pick(r, 5);
  if (kind >= 3) {
    add_test(r, out);
    return;
  }
  eh_buffer_puts(out, kind == 2 ? "not (" : "(");
  add_condition(r, out, depth + 1);
  for (unsigned more = kind == 2 ? 0 : 1 + pick(r, 2); more > 0; more--) {
    eh_buffer_puts(out, kind == 0 ? " and " : " or ");
    add_condition(r, out, depth + 1);
  }
  eh_buffer_puts(out, ")");
}

/* A value of the column's domain, or one made of the bytes: no control characters, no blanks at its
 * ends, valid UTF-8. */
static void pick_value(struct reader *r, unsigned column, char value[LONGEST + 1]) {
  unsigned choice = pick(r, 16);
  value[0] = '\0';
  if (choice < 12) {
    strcpy(value, domains[column / 2][choice]);
    return;
  }
  size_t wanted = pick(r, LONGEST), length = 0;
  for (; length < wanted && r->next < r->end && *r->next >= 32 && *r->next != 127; r->next++)
    value[length++] = (char)*r->next;
  while (length && value[length - 1] == ' ') length--;
  value[length] = '\0';
  if (value[0] == ' ' || u8_check((uint8_t *)value, length)) value[0] = '\0';
}

static const struct eh_rules *pick_rules(struct eh_arena *arena, struct reader *r) {
  struct eh_buffer text = {0};
  struct eh_problems problems = {0};
  const struct eh_rules *rules = NULL;
  eh_buffer_puts(&text,
                 "evenhand: 1\ntitle: t\ncolumns: {case: id}\nmissing: ['', NA]\n"
                 "dates: ['%Y-%m-%d', '%m/%d/%Y']\nderive:\n  choice:\n    first_of:\n");
  for (int i = 0; i < 2; i++) {
    eh_buffer_printf(&text, "      - c%d: >-\n          ", i);
    add_condition(r, &text, 0);
    eh_buffer_puts(&text, "\n");
  }
  eh_buffer_puts(
      &text,
      "      - rest: otherwise\nsimilarly_situated: [choice]\nmeasures:\n  m:\n    event: "
      ">-\n      ");
  add_condition(r, &text, 0);
  eh_buffer_puts(&text, "\ncomparisons:\n  - {across: row}\n");
  if (eh_rules_read(arena, "r", text.text, text.length, &rules, &problems) != EH_OK) rules = NULL;
  eh_problems_free(&problems);
  eh_buffer_free(&text);
  return rules;
}

/* --- by row --- */

struct judged {
  enum eh_sql_outcome outcome;
  const char *choice; /* NULL: missing */
  bool malformed[ROOM];
};

static void judge(const struct eh_rules *rules, struct eh_evaluator *evaluator,
                  char values[GIVEN][LONGEST + 1], const char *row, struct judged *judged) {
  const struct eh_value *record[ROOM] = {NULL};
  int choice = -1;
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (column->kind == EH_FIRST_OF) choice = (int)c;
    if (column->kind != EH_GIVEN || !column->is_evaluated) continue;
    const char *text = strcmp(column->header, "row") == 0 ? row : NULL;
    for (int i = 0; i < GIVEN; i++)
      if (strcmp(column->header, names[i]) == 0) text = values[i];
    if (!text) abort();
    record[c] = eh_evaluator_value(evaluator, (int)c, text, strlen(text));
    judged->malformed[c] = record[c]->malformed;
  }
  eh_evaluator_derive(evaluator, record);
  enum eh_truth event = eh_evaluate(evaluator, rules->measures[0].event, record);
  judged->outcome = event == EH_TRUE    ? EH_SQL_EVENT
                    : event == EH_FALSE ? EH_SQL_NO_EVENT
                                        : EH_SQL_EVENT_UNKNOWN;
  judged->choice = record[choice]->missing ? NULL : record[choice]->text;
}

/* --- by statement --- */

static sqlite3 *database;
static sqlite3_stmt *insert;

static void must(int result) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(database));
  abort();
}

static void open_database(void) {
  if (database) return;
  must(sqlite3_open(":memory:", &database));
  must(sqlite3_exec(database,
                    "CREATE TABLE r (id TEXT, \"row\" TEXT, t1 TEXT, t2 TEXT, n1 TEXT, n2 TEXT, d1 "
                    "TEXT, d2 TEXT)",
                    NULL, NULL, NULL));
  must(sqlite3_prepare_v2(database, "INSERT INTO r VALUES (?1, 'r' || ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          -1, &insert, NULL));
}

static void put_record(int row, char values[GIVEN][LONGEST + 1]) {
  must(sqlite3_reset(insert));
  must(sqlite3_bind_int(insert, 1, row));
  for (int i = 0; i < GIVEN; i++)
    must(sqlite3_bind_text(insert, i + 2, values[i], -1, SQLITE_STATIC));
  must(sqlite3_step(insert));
}

static void differ(const char *what, const char *statement, int row) {
  fprintf(stderr, "row %d: another %s by\n%s\n", row, what, statement);
  abort();
}

/* Compare one row of the result, which is one record. */
static void compare(const struct eh_rules *rules, sqlite3_stmt *result, const char *statement,
                    const struct judged *judged) {
  int at = EH_SQL_FIXED_COLUMNS, row = -1;
  bool malformed[ROOM] = {false}, is_inexact = false;
  const char *choice = NULL;
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (column->kind != EH_GIVEN || !column->is_evaluated ||
        !(column->read_as_number || column->read_as_date))
      continue;
    malformed[c] = sqlite3_column_int(result, at++) != 0;
    is_inexact |= sqlite3_column_int(result, at++) != 0;
  }
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!rules->columns[c].is_dimension) continue;
    const char *label = (const char *)sqlite3_column_text(result, at++);
    if (rules->columns[c].kind == EH_FIRST_OF)
      choice = label;
    else
      row = label ? atoi(label + 1) : -1;
  }
  if (row < 0 || row >= ROWS) differ("record", statement, row);
  if (is_inexact) return; /* the program refuses this database's answer */
  const struct judged *own = &judged[row];
  if (sqlite3_column_int(result, at) != (int)own->outcome) differ("outcome", statement, row);
  if (!choice != !own->choice || (choice && strcmp(choice, own->choice) != 0))
    differ("label", statement, row);
  if (memcmp(malformed, own->malformed, rules->column_count) != 0)
    differ("malformed value", statement, row);
}

static void compare_all(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct judged *judged) {
  struct eh_sql_options options = {.dialect = eh_sql_dialect_find("sqlite"), .table = "r"};
  struct eh_error error;
  const char *statement;
  sqlite3_stmt *result;
  int rows = 0;
  if (eh_sql_cells(arena, rules, &options, &statement, &error) != EH_OK) abort();
  must(sqlite3_prepare_v2(database, statement, -1, &result, NULL));
  while (sqlite3_step(result) == SQLITE_ROW) {
    if (sqlite3_column_int(result, EH_SQL_RECORDS) != 1) abort();
    compare(rules, result, statement, judged);
    rows++;
  }
  must(sqlite3_finalize(result));
  if (rows != ROWS) differ("number of rows", statement, rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  struct reader r = {bytes, bytes + length};
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = pick_rules(arena, &r);
  open_database();
  if (rules && rules->column_count <= ROOM) {
    struct judged *judged = eh_arena_alloc(arena, ROWS, sizeof *judged);
    struct eh_evaluator *evaluator = eh_evaluator_new(rules, NULL, NULL);
    must(sqlite3_exec(database, "DELETE FROM r", NULL, NULL, NULL));
    for (int row = 0; row < ROWS; row++) {
      char values[GIVEN][LONGEST + 1], label[16];
      for (unsigned i = 0; i < GIVEN; i++) pick_value(&r, i, values[i]);
      snprintf(label, sizeof label, "r%d", row);
      put_record(row, values);
      judge(rules, evaluator, values, label, &judged[row]);
    }
    compare_all(arena, rules, judged);
    eh_evaluator_free(evaluator);
  }
  eh_arena_free(arena);
  return 0;
}
