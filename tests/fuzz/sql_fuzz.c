/* The same rules on the same records, by the row evaluator and by SQLite running the compiled
 * statement: each record's fate, outcome, labels and malformed values are the same. The bytes
 * choose what is derived, the conditions and the records; where they end, the simplest is chosen.
 * The first byte says how many bytes are the rules'. Preparing a statement takes ten times as long
 * as running it, so statements are kept, and most mutations are of the records. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "rules/evaluate/evaluate.h"
#include "rules/sql/sql.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sqlite_memory.h"

enum { ROWS = 4, GIVEN = 6, LONGEST = 24, DEEPEST = 3, ROOM = 16 };
enum { TEXT, NUMBER, DATE }; /* what a column is compared with */
static const char *const names[GIVEN] = {"t1", "t2", "n1", "n2", "d1", "d2"};
static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
static const char *const domains[3][12] = {
    {"", "NA", "a", "ab", "A", "b", "a b", "%", "_", "a'b", "\xC3\xA4", "O''\\"},
    {"", "1", "2", "2.0", "-3", "1e1", "x", "0.1", "+5", "1e400", "00.10", "9007199254740993"},
    {"", "2011-06-17", "06/17/2011", "2012-02-29", "2011-02-29", "0000-01-01", "9999-12-31", "soon",
     "1/2/2013", "2011-6-7", "NA", "0001-01-01"}};
/* In order, for `between`. */
static const char *const constants[3][6] = {
    {"'%'", "'a'", "'a''b'", "'ab'", "'b'", "'\xC3\xA4'"},
    {"-3", "0.1", "1", "2", "10", "9007199254740993"},
    {"0001-01-01", "2011-06-07", "2011-06-17", "2012-02-29", "2013-01-02", "9999-12-31"}};
static const char *const forms[] = {
    "'%Y-%m-%d', '%m/%d/%Y'", "'%Y-%m-%d'",           "'%e %b %Y'", "'%d.%m.%y'",
    "'%m/%d/%Y %H:%M:%S'",    "'%B %d, %Y', '%Y%m%d'"};

/* What is derived, under the name derived: as YAML, and two of its labels, in order; NULL: it is a
 * number. */
enum { NOTHING, FIRST_OF, POLICIES = 13 };
static const struct {
  const char *text, *labels[2];
} derivations[] = {
    [NOTHING] = {"", {NULL}},
    [FIRST_OF] = {NULL, {"'c1'", "'rest'"}},
    {"derived: {years_between: [d1, d2]}", {NULL}},
    {"derived: {days_between: [d1, d2]}", {NULL}},
    {"derived: {bands: [1, 10], of: n1}", {"'10 and over'", "'under 1'"}},
    {"derived: {bands: [-2.5, 0.1, 9007199254740993], of: n1}",
     {"'-2.5 to under 0.1'", "'under -2.5'"}},
    {"derived: {month: d1}", {"'2011-06'", "'9999-12'"}},
    {"derived: {quarter: d1}", {"'0001Q1'", "'2011Q2'"}},
    {"derived: {year: d1}", {"'2011'", "'2013'"}},
    {"derived: {fiscal_year: d1}", {"'FY2011'", "'FY2012'"}},
    {"derived: {recode: t1, to: {x: ['a', 'ab'], y: ['A', '%', \"O''\\\\\"]}}", {"'x'", "'y'"}},
    {"derived: {recode: t1, to: {x: ['a', '\xC3\xA4'], 'it''s': ['b']}, otherwise: z}",
     {"'it''s'", "'z'"}},
    {"apart: {days_between: [d1, d2]}\n  derived: {bands: [0, 5, 400], of: apart}",
     {"'0-4'", "'under 0'"}},
    [POLICIES] = {"", {NULL}},
};
static const char policies[] =
    "policies:\n  - {name: old, from: 2011-06-17}\n  - {name: 'it''s', from: 2012-02-29, "
    "supersedes: "
    "old}\n  - {name: third, from: 2013-01-02}\n";

struct reader {
  const uint8_t *next, *end;
  unsigned derivation; /* conditions may name what it derives */
};

static unsigned pick(struct reader *r, unsigned count) {
  return r->next < r->end ? *r->next++ % count : 0;
}

static void add_test(struct reader *r, struct eh_buffer *out) {
  unsigned column = pick(r, r->derivation == NOTHING ? GIVEN : GIVEN + 1), at = pick(r, 6);
  bool is_derived = column == GIVEN,
       has_labels = is_derived && derivations[r->derivation].labels[0];
  unsigned kind = has_labels ? TEXT : is_derived ? NUMBER : column / 2;
  const char *const *labels = derivations[r->derivation].labels;
  const char *name = is_derived ? "derived" : names[column],
             *peer = is_derived ? names[2 * kind] : names[column ^ 1],
             *one = has_labels ? labels[at % 2] : constants[kind][at],
             *other = has_labels ? labels[1] : constants[kind][at + pick(r, 6 - at)],
             *negation = pick(r, 2) ? "not " : "";
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
      eh_buffer_printf(out, "%s %s %s", name, signs[pick(r, 6)], peer);
      break;
    case 4:
      if (kind == TEXT) {
        eh_buffer_printf(out, "%s starts with %s", name, one);
        break;
      } /* fall through */
    default:
      eh_buffer_printf(out, "%s %s %s", name, signs[pick(r, 6)], one);
  }
}

static void add_condition(struct reader *r, struct eh_buffer *out, int depth) {
  enum { TEST, OTHER_TEST, NOT, AND, OR, KINDS };
  unsigned kind = depth == DEEPEST ? TEST : pick(r, KINDS);
  if (kind <= OTHER_TEST) {
    add_test(r, out);
    return;
  }
  eh_buffer_puts(out, kind == NOT ? "not (" : "(");
  add_condition(r, out, depth + 1);
  for (unsigned more = kind == NOT ? 0 : 1 + pick(r, 2); more > 0; more--) {
    eh_buffer_puts(out, kind == AND ? " and " : " or ");
    add_condition(r, out, depth + 1);
  }
  eh_buffer_puts(out, ")");
}

/* As a block of YAML, behind its key. */
static void add_block(struct reader *r, struct eh_buffer *out, const char *key) {
  eh_buffer_printf(out, "%s >-\n          ", key);
  add_condition(r, out, 0);
  eh_buffer_puts(out, "\n");
}

struct given {
  char text[LONGEST + 1], stored[LONGEST + 3]; /* as the rules read it, and as the table has it */
  bool is_null;
};

/* Made of bytes as they come: no control characters, no blanks at its ends, valid UTF-8. */
static void copy_text(struct reader *r, char value[LONGEST + 1]) {
  size_t wanted = pick(r, LONGEST), length = 0;
  for (; length < wanted && r->next < r->end && *r->next >= 32 && *r->next != 127; r->next++)
    value[length++] = (char)*r->next;
  while (length && value[length - 1] == ' ') length--;
  value[length] = '\0';
  if (value[0] == ' ' || u8_check((uint8_t *)value, length)) value[0] = '\0';
}

static void make_date(struct reader *r, char value[LONGEST + 1]) {
  static const int years[] = {2011, 2012, 2010, 2000, 1900, 1, 9999, 0};
  static const char *const months[] = {"Jan", "feb",  "March", "Apr", "MAY",      "June",
                                       "Jul", "Augu", "Sep",   "OCT", "NOVEMBER", "december"};
  int year = years[pick(r, 8)], month = 1 + (int)pick(r, 13), day = 1 + (int)pick(r, 32);
  const char *name = months[(month - 1) % 12];
  char made[96] = "";
  switch (pick(r, 8)) {
    case 0:
      snprintf(made, sizeof made, "%02d/%02d/%04d", month, day, year);
      break;
    case 1:
      snprintf(made, sizeof made, "%2d %s %04d", day, name, year);
      if (day < 10) memmove(made, made + 1, strlen(made));
      break;
    case 2:
      snprintf(made, sizeof made, "%d.%d.%02d", day, month, year % 100);
      break;
    case 3:
      snprintf(made, sizeof made, "%d/%d/%04d %d:%02d:%02d", month, day, year, (int)pick(r, 25),
               (int)pick(r, 61), (int)pick(r, 62));
      break;
    case 4:
      snprintf(made, sizeof made, "%s %d, %04d", name, day, year);
      break;
    case 5:
      snprintf(made, sizeof made, "%04d%02d%02d", year, month, day);
      break;
    default:
      snprintf(made, sizeof made, "%04d-%02d-%02d", year, month, day);
  }
  snprintf(value, LONGEST + 1, "%.*s", LONGEST, made);
}

static void make_number(struct reader *r, char value[LONGEST + 1]) {
  static const char *const before[] = {"", "-", "+", "0"}, *const between[] = {"", ".", ".0", "e"};
  const char *sign = before[pick(r, 4)], *joint = between[pick(r, 4)];
  unsigned whole = pick(r, 256), part = pick(r, 256);
  int length = snprintf(value, LONGEST + 1, "%s%u", sign, whole % 16 ? whole % 20 : whole * 400);
  if (*joint) snprintf(value + length, LONGEST + 1 - (size_t)length, "%s%u", joint, part);
}

/* One of the column's domain, perhaps between blanks; none; made of the bytes. */
static void pick_value(struct reader *r, unsigned column, struct given *given) {
  enum { DOMAIN = 12, BLANKS = DOMAIN, NONE, BYTES, MADE = 18, CHOICES = 32 };
  unsigned choice = pick(r, CHOICES), kind = column / 2;
  *given = (struct given){.is_null = choice == NONE};
  if (choice <= BLANKS)
    strcpy(given->text, domains[kind][choice < DOMAIN ? choice : pick(r, DOMAIN)]);
  else if (choice >= MADE && kind == DATE)
    make_date(r, given->text);
  else if (choice >= MADE && kind == NUMBER)
    make_number(r, given->text);
  else if (choice >= BYTES)
    copy_text(r, given->text);
  bool has_blanks = choice == BLANKS;
  snprintf(given->stored, sizeof given->stored, "%s%.*s%s", has_blanks ? " " : "", LONGEST,
           given->text, has_blanks ? "\t" : "");
}

static void add_derivation(struct reader *r, struct eh_buffer *out, unsigned derivation) {
  if (derivation == POLICIES) eh_buffer_puts(out, policies);
  if (derivation == NOTHING || derivation == POLICIES) return;
  eh_buffer_puts(out, "derive:\n  ");
  if (derivation == FIRST_OF) {
    eh_buffer_puts(out, "derived:\n    first_of:\n");
    for (unsigned i = 0, more = 1 + pick(r, 2); i < more; i++)
      add_block(r, out, i ? "      - c2:" : "      - c1:");
    eh_buffer_puts(out, "      - rest: otherwise");
  } else {
    eh_buffer_puts(out, derivations[derivation].text);
  }
  eh_buffer_puts(out, "\n");
  r->derivation = derivation;
}

static void pick_rules(struct reader *r, struct eh_buffer *text) {
  enum { DERIVATIONS = sizeof derivations / sizeof *derivations };
  unsigned derivation = pick(r, DERIVATIONS), form = pick(r, sizeof forms / sizeof *forms),
           parts = pick(r, 4);
  bool is_named = derivation != NOTHING && derivation != POLICIES;
  eh_buffer_printf(text,
                   "evenhand: 1\ntitle: t\ncolumns: {case: id%s}\nmissing: ['', NA]\ndates: [%s]\n",
                   derivation == POLICIES || parts == 3 ? ", date: d1" : "", forms[form]);
  add_derivation(r, text, derivation);
  if (parts & 1) add_block(r, text, "records:\n  keep:");
  eh_buffer_printf(text, "similarly_situated: [%s]\nmeasures:\n  m:\n",
                   is_named ? "derived" : "t2, n2");
  if (parts & 2) add_block(r, text, "    among:");
  add_block(r, text, "    event:");
  eh_buffer_puts(text, "comparisons:\n  - {across: row}\n");
}

/* --- by row --- */

struct judged {
  enum eh_sql_fate fate;
  enum eh_sql_outcome outcome;
  const char *labels[ROOM]; /* of dimensions; NULL: missing */
  bool malformed[ROOM];
};

static enum eh_sql_fate fate_of(enum eh_truth kept) {
  return kept == EH_TRUE    ? EH_SQL_AUDITED
         : kept == EH_FALSE ? EH_SQL_NOT_KEPT
                            : EH_SQL_KEEP_UNKNOWN;
}

static enum eh_sql_outcome outcome_of(enum eh_truth among, enum eh_truth event) {
  if (among != EH_TRUE) return among == EH_FALSE ? EH_SQL_DOES_NOT_APPLY : EH_SQL_APPLIES_UNKNOWN;
  return event == EH_TRUE    ? EH_SQL_EVENT
         : event == EH_FALSE ? EH_SQL_NO_EVENT
                             : EH_SQL_EVENT_UNKNOWN;
}

static void judge(const struct eh_rules *rules, struct eh_evaluator *evaluator,
                  const struct given values[GIVEN], const char *row, struct judged *judged) {
  const struct eh_value *record[ROOM] = {NULL};
  const struct eh_measure *measure = &rules->measures[0];
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (column->kind != EH_GIVEN || !column->is_evaluated) continue;
    const char *text = strcmp(column->header, "row") == 0 ? row : NULL;
    for (int i = 0; i < GIVEN; i++)
      if (strcmp(column->header, names[i]) == 0) text = values[i].text;
    if (!text) abort();
    record[c] = eh_evaluator_value(evaluator, (int)c, text, strlen(text));
    judged->malformed[c] = record[c]->malformed;
  }
  eh_evaluator_derive(evaluator, record);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind != EH_GIVEN && record[c] && eh_sql_is_counted(&rules->columns[c]))
      judged->malformed[c] = record[c]->malformed;
  judged->fate = fate_of(rules->keep ? eh_evaluate(evaluator, rules->keep, record) : EH_TRUE);
  judged->outcome =
      outcome_of(measure->among ? eh_evaluate(evaluator, measure->among, record) : EH_TRUE,
                 eh_evaluate(evaluator, measure->event, record));
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension)
      judged->labels[c] = record[c]->missing || record[c]->malformed ? NULL : record[c]->text;
}

/* --- by statement --- */

static sqlite3 *database;
static sqlite3_stmt *insert;

static void must(int result) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(database));
  abort();
}

/* One connection for all inputs; without what several threads would need. */
static void open_database(void) {
  if (database) return;
  must(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD));
  must(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));
  must(sqlite3_config(SQLITE_CONFIG_MALLOC, &sqlite_memory));
  must(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0));
  must(sqlite3_open(":memory:", &database));
  must(sqlite3_exec(database, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL));
  must(sqlite3_exec(
      database,
      "CREATE TABLE r (id INTEGER PRIMARY KEY, \"row\" TEXT, t1 TEXT, t2 TEXT, n1 TEXT, "
      "n2 TEXT, d1 TEXT, d2 TEXT)",
      NULL, NULL, NULL));
  must(sqlite3_prepare_v2(database,
                          "INSERT OR REPLACE INTO r VALUES (?1, 'r' || ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          -1, &insert, NULL));
}

static void put_record(int row, const struct given values[GIVEN]) {
  must(sqlite3_reset(insert));
  must(sqlite3_bind_int(insert, 1, row));
  for (int i = 0; i < GIVEN; i++)
    must(values[i].is_null ? sqlite3_bind_null(insert, i + 2)
                           : sqlite3_bind_text(insert, i + 2, values[i].stored, -1, SQLITE_STATIC));
  must(sqlite3_step(insert));
}

static void differ(const char *what, const char *statement, int row) {
  fprintf(stderr, "row %d: another %s by\n%s\n", row, what, statement);
  abort();
}

static bool same_label(const char *one, const char *other) {
  return one && other ? strcmp(one, other) == 0 : !one && !other;
}

/* Compare one row of the result, which is one record. */
static void compare(const struct eh_rules *rules, sqlite3_stmt *result, const char *statement,
                    const struct judged *judged) {
  int at = EH_SQL_FIXED_COLUMNS, row = -1;
  bool malformed[ROOM] = {false}, is_inexact = false;
  const char *labels[ROOM] = {NULL};
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (!column->is_evaluated || !eh_sql_is_counted(column)) continue;
    malformed[c] = sqlite3_column_int(result, at++) != 0;
    is_inexact |= sqlite3_column_int(result, at++) != 0;
  }
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!rules->columns[c].is_dimension) continue;
    labels[c] = (const char *)sqlite3_column_text(result, at++);
    if (strcmp(rules->columns[c].name, "row") == 0) row = labels[c] ? atoi(labels[c] + 1) : -1;
  }
  if (row < 0 || row >= ROWS) differ("record", statement, row);
  if (is_inexact) return; /* the program refuses this database's answer */
  const struct judged *own = &judged[row];
  if (sqlite3_column_int(result, EH_SQL_FATE) != (int)own->fate) differ("fate", statement, row);
  if (sqlite3_column_int(result, at) != (int)own->outcome) differ("outcome", statement, row);
  for (size_t c = 0; c < rules->column_count; c++)
    if (!same_label(labels[c], own->labels[c])) differ("label", statement, row);
  if (memcmp(malformed, own->malformed, rules->column_count) != 0)
    differ("malformed value", statement, row);
}

/* Rules, and what SQLite made of their statement. */
struct plan {
  struct eh_buffer text;
  struct eh_arena *arena;
  const struct eh_rules *rules; /* NULL: refused */
  sqlite3_stmt *prepared;
};

static void end_plan(struct plan *plan) {
  must(sqlite3_finalize(plan->prepared));
  eh_arena_free(plan->arena);
  eh_buffer_free(&plan->text);
}

static void prepare(struct plan *plan) {
  struct eh_sql_options options = {.dialect = eh_sql_dialect_find("sqlite"), .table = "r"};
  struct eh_arena *arena = eh_arena_new();
  struct eh_error error;
  const char *statement;
  if (plan->rules->column_count > ROOM) abort();
  if (eh_sql_cells(arena, plan->rules, &options, &statement, &error) == EH_OK)
    must(sqlite3_prepare_v2(database, statement, -1, &plan->prepared, NULL));
  else if (strstr(error.message, "%y"))
    plan->rules = NULL; /* a year of two digits, whose century another column's date decides */
  else
    abort();
  eh_arena_free(arena);
}

static void begin_plan(struct plan *plan, struct eh_buffer text) {
  struct eh_problems problems = {0};
  *plan = (struct plan){.text = text, .arena = eh_arena_new()};
  if (eh_rules_read(plan->arena, "r", text.text, text.length, &plan->rules, &problems) == EH_OK)
    prepare(plan);
  else
    plan->rules = NULL;
  eh_problems_free(&problems);
}

/* Takes text. */
static const struct plan *find_plan(struct eh_buffer text) {
  enum { PLANS = 4096 };
  static struct plan plans[PLANS];
  uint32_t hash = 0;
  for (size_t i = 0; i < text.length; i++) hash = hash * 31 + (unsigned char)text.text[i];
  struct plan *plan = &plans[hash % PLANS];
  if (plan->text.length == text.length && memcmp(plan->text.text, text.text, text.length) == 0) {
    eh_buffer_free(&text);
    return plan;
  }
  end_plan(plan);
  begin_plan(plan, text);
  return plan;
}

static void compare_all(const struct plan *plan, const struct judged *judged) {
  int rows = 0, result;
  while ((result = sqlite3_step(plan->prepared)) == SQLITE_ROW) {
    if (sqlite3_column_int(plan->prepared, EH_SQL_RECORDS) != 1) abort();
    compare(plan->rules, plan->prepared, sqlite3_sql(plan->prepared), judged);
    rows++;
  }
  must(result);
  must(sqlite3_reset(plan->prepared));
  if (rows != ROWS) differ("number of rows", sqlite3_sql(plan->prepared), rows);
}

static size_t rules_length(const uint8_t *bytes, size_t length) {
  return length > 0 && bytes[0] < length - 1 ? bytes[0] : length ? length - 1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  size_t of_rules = rules_length(bytes, length);
  const uint8_t *first = bytes + (length > 0), *records = first + of_rules;
  struct reader rules = {first, records, NOTHING}, r = {records, bytes + length, NOTHING};
  struct eh_buffer text = {0};
  open_database();
  pick_rules(&rules, &text);
  const struct plan *plan = find_plan(text);
  if (!plan->rules) return 0;
  static struct judged judged[ROWS];
  struct eh_evaluator *evaluator = eh_evaluator_new(plan->rules, NULL, NULL);
  memset(judged, 0, sizeof judged);
  for (int row = 0; row < ROWS; row++) {
    struct given values[GIVEN];
    char label[16];
    for (unsigned i = 0; i < GIVEN; i++) pick_value(&r, i, &values[i]);
    snprintf(label, sizeof label, "r%d", row);
    put_record(row, values);
    judge(plan->rules, evaluator, values, label, &judged[row]);
  }
  compare_all(plan, judged);
  eh_evaluator_free(evaluator);
  return 0;
}

/* One mutation in 128 may change the rules too. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed) {
  size_t kept = length ? 1 + rules_length(bytes, length) : 0;
  if (seed % 128 == 0 || kept == 0 || kept >= room) return LLVMFuzzerMutate(bytes, length, room);
  bytes[0] = (uint8_t)(kept - 1);
  return kept + LLVMFuzzerMutate(bytes + kept, length - kept, room - kept);
}
