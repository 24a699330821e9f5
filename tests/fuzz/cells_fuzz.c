/* A file of counts of any bytes (--from-cells) is read or refused with a message; what was read
 * adds up, and no sum goes over. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/counts/cells_file.h"
#include "tests/fuzz/file.h"
#include "tests/fuzz/fuzz.h"

static const char rules_text[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id, date: day}\nsimilarly_situated: [kind]\n"
    "measures:\n  yes: {event: result = 'Y'}\n  much: {among: size > 0, event: result = 'M'}\n"
    "comparisons:\n  - {across: office}\n  - {across: officer, within: office, each: kind}\n";

static const struct eh_rules *read_rules(void) {
  static const struct eh_rules *rules; /* read once: this is what takes the time */
  static struct eh_arena *arena;
  struct eh_problems problems = {0};
  if (!arena) arena = eh_arena_new();
  if (!rules &&
      eh_rules_read(arena, "r", rules_text, sizeof rules_text - 1, &rules, &problems) != EH_OK)
    abort();
  return rules;
}

static void check_cells(struct eh_counts *counts) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_account *account = eh_counts_account(counts);
  size_t count;
  struct eh_cells *cells;
  struct eh_error error;
  if (eh_counts_cells(arena, counts, &cells, &count, &error) != EH_OK) {
    eh_arena_free(arena);
    return;
  }
  uint64_t excluded = 0;
  for (size_t i = 0; i < account->exclusion_count; i++) excluded += account->excluded[i].records;
  if (account->read != account->audited + excluded || account->read > EH_MOST_COUNTED) abort();
  for (size_t c = 0; c < count; c++) {
    uint64_t records = 0;
    for (size_t i = 0; i < cells[c].cell_count; i++) {
      const struct eh_cell *cell = &cells[c].cells[i];
      if (cell->records == 0 || cell->events > cell->records ||
          cell->stratum >= cells[c].stratum_count || cell->unit >= cells[c].unit_count)
        abort();
      records += cell->records;
    }
    if (records != cells[c].records || records > account->audited) abort();
  }
  eh_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  const struct eh_rules *rules = read_rules();
  struct eh_counts *counts;
  struct eh_error error = {0};
  if (eh_cells_file_load(rules, write_input(bytes, length), &counts, &error) == EH_OK) {
    check_cells(counts);
    eh_counts_free(counts);
  } else if (!error.message[0]) {
    abort();
  }
  return 0;
}
