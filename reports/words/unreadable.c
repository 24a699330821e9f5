#include "reports/words/unreadable.h"

#include "engine/base/words.h"

enum { MOST_COLUMNS = 4 };

static const char *values_of(struct eh_arena *arena, uint64_t values, const char *column) {
  return eh_arena_printf(arena, "%s of %s", eh_words_of(arena, values, "value", "values"), column);
}

const char *eh_unreadable_line(struct eh_arena *arena, const struct eh_account *account) {
  const char *parts[MOST_COLUMNS + 1];
  size_t count = 0;
  uint64_t rest = 0;
  for (size_t i = 0; i < account->malformed_count; i++) {
    const struct eh_malformed *m = &account->malformed[i];
    if (count < MOST_COLUMNS)
      parts[count++] = values_of(arena, m->records, m->column);
    else
      rest += m->records;
  }
  if (count == 0) return NULL;
  if (rest) parts[count++] = values_of(arena, rest, "other columns");
  return eh_arena_printf(arena, "Not readable as the rules read them, so not recorded: %s.",
                         eh_words_list(arena, parts, count, "and"));
}
