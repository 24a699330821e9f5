/* A table of any bytes is joined or refused; every record is found, or counted as not. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/load/records/load.h"
#include "tests/fuzz/file.h"
#include "tests/fuzz/fuzz.h"

static const char rules_head[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id, date: day}\ndates: ['%Y-%m-%d', '%d.%m.%y']\n"
    "similarly_situated: [kind]\nmeasures: {yes: {event: result = 'Y'}}\n"
    "comparisons: [{across: office}]\nids: {officer: digits 3}\njoins:\n  - {file: '";
static const char rules_rest[] =
    "', on: officer, columns: [office, kind], between: [since, till]}\n";
static const char records_text[] =
    "id,day,officer,result\n1,2020-01-05,7,Y\n2,2020-02-05,008,N\n3,2020-03-05,,N\n4,,9,Y\n";
enum { RECORDS = 4 };

static const char *records_path(void) {
  static char path[64];
  if (path[0]) return path;
  int file = memfd_create("records", 0);
  if (write(file, records_text, sizeof records_text - 1) != (ssize_t)sizeof records_text - 1)
    abort();
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  return path;
}

static const struct eh_rules *read_rules(const char *path) {
  static const struct eh_rules *rules;
  static struct eh_arena *arena; /* for as long as the rules */
  if (rules) return rules;
  arena = eh_arena_new();
  struct eh_problems problems = {0};
  const char *text = eh_arena_printf(arena, "%s%s%s", rules_head, path, rules_rest);
  if (eh_rules_read(arena, "r", text, strlen(text), &rules, &problems) != EH_OK) abort();
  return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  const struct eh_rules *rules = read_rules(write_input(bytes, length));
  struct eh_load_options options = {.threads = 1};
  struct eh_problems problems = {0};
  struct eh_records *records;
  struct eh_error error = {0};
  const char *names[] = {records_path()};
  if (eh_load_files(rules, names, 1, &options, &records, &problems, &error) == EH_OK) {
    const struct eh_join_account *a = eh_records_account(records)->joins;
    if (a->found + a->not_there + a->not_in_force + a->without_key != RECORDS) abort();
    if (a->without_key != 1 || a->rows < a->rows_without_key) abort();
    eh_records_free(records);
  } else if (!error.message[0]) {
    abort();
  }
  eh_problems_free(&problems);
  return 0;
}
