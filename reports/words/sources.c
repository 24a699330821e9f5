#include "reports/words/sources.h"

#include <stdbool.h>
#include <string.h>

#include "engine/base/words.h"
#include "reports/words/safe.h"

const char *eh_sources_line(struct eh_arena *arena, const struct eh_source_account *source) {
  if (source->files == 0) return "no file was named for it";
  const char *line =
      eh_arena_printf(arena, "%s in %s", eh_words_of(arena, source->records, "record", "records"),
                      eh_words_of(arena, source->files, "file", "files"));
  if (source->absent_count)
    line = eh_arena_printf(arena, "%s; without %s", line,
                           eh_words_list(arena, source->absent, source->absent_count, "and"));
  if (source->unused_count)
    line = eh_arena_printf(arena, "%s; %s that no rule uses", line,
                           eh_words_of(arena, source->unused_count, "column", "columns"));
  return line;
}

const char *eh_sources_shared_line(struct eh_arena *arena, const struct eh_account *account) {
  if (account->shared_cases == 0) return NULL;
  bool is_one = account->shared_cases == 1;
  return eh_arena_printf(
      arena,
      "%s in records of several sources; one record of each stays. If %s different cases, give "
      "the case of a source a `prefix` in the rules.",
      eh_words_of(arena, account->shared_cases, "case number stands", "case numbers stand"),
      is_one ? "it is the number of" : "they are numbers of");
}

const struct eh_sources_outside *eh_sources_outside_of(struct eh_arena *arena,
                                                       const struct eh_source_account *source,
                                                       size_t *count) {
  struct eh_sources_outside *items = eh_arena_alloc(arena, source->unmapped_count, sizeof *items);
  *count = 0;
  for (size_t i = 0; i < source->unmapped_count; i++) {
    const struct eh_unmapped_value *value = &source->unmapped[i];
    if (*count == 0 || strcmp(items[*count - 1].column, value->column) != 0)
      items[(*count)++] = (struct eh_sources_outside){.column = value->column, .first = i};
    items[*count - 1].count++;
    items[*count - 1].records += value->records;
  }
  return items;
}

const char *eh_sources_outside_line(struct eh_arena *arena, const struct eh_source_account *source,
                                    const struct eh_sources_outside *outside, size_t most) {
  size_t shown = outside->count < most ? outside->count : most;
  const char **values = eh_arena_alloc(arena, shown + 1, sizeof *values);
  for (size_t i = 0; i < shown; i++) {
    const struct eh_unmapped_value *value = &source->unmapped[outside->first + i];
    values[i] = eh_arena_printf(arena, "'%.60s' (%s)", eh_safe_utf8(arena, value->value),
                                eh_words_count(arena, value->records));
  }
  if (shown < outside->count) {
    values[shown] =
        eh_arena_printf(arena, "%s more", eh_words_count(arena, outside->count - shown));
    shown++;
  }
  return eh_arena_printf(arena, "%s: %s with %s that the recode does not name, kept as %s: %s",
                         outside->column, eh_words_of(arena, outside->records, "record", "records"),
                         eh_words_of(arena, outside->count, "value", "values"),
                         outside->count == 1 ? "it is" : "they are",
                         eh_words_list(arena, values, shown, "and"));
}
