#include "engine/load/text/contained.h"

#include "engine/load/containers/container.h"

struct eh_wish eh_wish_of(struct eh_arena *arena, const struct eh_rules *rules,
                          const struct eh_rules_input *input, const char *sheet,
                          uint64_t skipped) {
  struct eh_wish wish = {.sheet = sheet, .skipped = (unsigned)skipped};
  if (!sheet && input) wish.sheet = input->sheet;
  wish.keeps_totals = eh_rules_keep_totals(rules, input);
  if (!rules) return wish;
  const char **headers = eh_arena_alloc(arena, rules->column_count, sizeof *headers);
  for (size_t c = 0; c < rules->column_count; c++) {
    const char *header = eh_rules_header(rules, input, c);
    if (header) headers[wish.header_count++] = header;
  }
  wish.headers = headers;
  wish.has_headers = true;
  return wish;
}

bool eh_contained_is_sheet(const struct eh_source *source) {
  const struct eh_container *container = eh_source_container(source);
  return container && eh_container_sheet(container);
}

void eh_contained_describe(struct eh_arena *arena, const struct eh_source *source,
                           struct eh_input *input) {
  const struct eh_container *container = eh_source_container(source);
  if (!container) return;
  const char *sheet = eh_container_sheet(container);
  input->container = eh_arena_string(arena, eh_container_kind(container));
  if (sheet) input->sheet = eh_arena_string(arena, sheet);
  input->place = eh_container_place(container);
  const char *const *notes = eh_container_notes(container, &input->note_count);
  const char **copies = eh_arena_alloc(arena, input->note_count, sizeof *copies);
  for (size_t i = 0; i < input->note_count; i++) copies[i] = eh_arena_string(arena, notes[i]);
  input->notes = copies;
}
