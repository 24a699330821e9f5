/* A file of any bytes is loaded or refused; no record is lost; the number of threads changes
 * nothing. */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/records/load.h"
#include "tests/fuzz/file.h"
#include "tests/fuzz/fuzz.h"

static const char rules_text[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id, person: who, date: day}\nmissing: ['', NA]\n"
    "dates: ['%Y-%m-%d', '%m/%d/%Y']\nrecords: {keep: kind != 'z'}\n"
    "derive:\n  band: {bands: [1, 10], of: size}\n  month: {month: day}\n"
    "similarly_situated: [kind, band]\nmeasures:\n  yes:\n    among: size > 0\n    event: result = "
    "'Y'\n"
    "comparisons:\n  - {across: office, within: month}\n";

static uint64_t sum_cells(const struct eh_cells *cells, size_t count) {
  uint64_t sum = 0;
  for (size_t c = 0; c < count; c++) {
    uint64_t counted = cells[c].records;
    for (size_t i = 0; i < cells[c].exclusion_count; i++) counted += cells[c].excluded[i].records;
    for (size_t i = 0; i < cells[c].cell_count; i++)
      sum = sum * 31 + cells[c].cells[i].records * 7 + cells[c].cells[i].events * 3 +
            cells[c].cells[i].stratum;
    sum = sum * 131 + counted;
  }
  return sum;
}

/* Returns a number that stands for the outcome. */
static uint64_t load(const struct eh_rules *rules, const char *path, size_t threads) {
  struct eh_load_options options = {.threads = threads};
  struct eh_problems problems = {0};
  struct eh_records *records;
  struct eh_error error = {0};
  const char *names[] = {path};
  uint64_t outcome;
  if (eh_load_files(rules, names, 1, &options, &records, &problems, &error) != EH_OK) {
    if (!error.message[0]) abort();
    outcome = error.line + 1;
  } else {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_account *account = eh_records_account(records);
    uint64_t excluded = 0;
    for (size_t i = 0; i < account->exclusion_count; i++) excluded += account->excluded[i].records;
    if (account->read != account->audited + excluded) abort();
    size_t count;
    struct eh_cells *cells;
    if (eh_records_cells(arena, records, &cells, &count, &error) != EH_OK) abort();
    outcome = sum_cells(cells, count) + account->read;
    for (size_t c = 0; c < count; c++) {
      uint64_t counted = cells[c].records;
      for (size_t i = 0; i < cells[c].exclusion_count; i++) counted += cells[c].excluded[i].records;
      if (counted != account->audited) abort();
    }
    eh_arena_free(arena);
    eh_records_free(records);
  }
  eh_problems_free(&problems);
  return outcome;
}

static const struct eh_rules *read_rules(void) {
  static const struct eh_rules *rules; /* read once: it takes as long as the rest */
  static struct eh_arena *arena;
  struct eh_problems problems = {0};
  if (!arena) arena = eh_arena_new();
  if (!rules &&
      eh_rules_read(arena, "r", rules_text, sizeof rules_text - 1, &rules, &problems) != EH_OK)
    abort();
  return rules;
}

/* Starting threads takes longer than the rest together, so only some inputs, whichever come, are
 * loaded by two. */
static bool takes_threads(const uint8_t *bytes, size_t length) {
  uint32_t sum = (uint32_t)length;
  for (size_t i = 0; i < length; i++) sum = sum * 31 + bytes[i];
  return sum % 64 == 0;
}

/* As long as a converter is open, its module is not loaded anew for each input. */
static void keep_converters(void) {
  static iconv_t kept[3];
  static const char *const encodings[] = {"WINDOWS-1252", "UTF-16LE", "UTF-16BE"};
  for (int i = 0; i < 3 && !kept[i]; i++) kept[i] = iconv_open("UTF-8", encodings[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  const struct eh_rules *rules = read_rules();
  keep_converters();
  const char *path = write_input(bytes, length);
  uint64_t outcome = load(rules, path, 1);
  if (takes_threads(bytes, length) && outcome != load(rules, path, 2)) abort();
  return 0;
}
