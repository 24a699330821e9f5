#include "engine/load/records/header.h"

#include <string.h>

#include "engine/load/records/opening.h"
#include "engine/load/records/translate.h"

static size_t find_name(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return i;
  return SIZE_MAX;
}

static enum eh_status check_repeats(const struct eh_layout *layout, const struct eh_rules *rules,
                                    const struct eh_start *start, struct eh_error *error) {
  for (size_t c = 0; c < rules->column_count; c++) {
    const char *name = eh_rules_header(rules, start->input, c);
    if (!name) continue;
    size_t first = find_name(layout->headers, layout->field_count, name);
    for (size_t i = first == SIZE_MAX ? layout->field_count : first + 1; i < layout->field_count;
         i++)
      if (strcmp(layout->headers[i], name) == 0)
        return eh_fail_at(error, EH_BAD_INPUT, start->name, layout->header_line - 1, 0,
                          "the header names the column '%s' twice (fields %zu and %zu); rename one",
                          name, first + 1, i + 1);
  }
  return EH_OK;
}

static enum eh_status no_header(const struct eh_start *start, uint64_t line,
                                struct eh_error *error) {
  if (memchr(start->text, '\0', start->length))
    return eh_fail_at(error, EH_BAD_INPUT, start->name, line, 0,
                      "holds NUL bytes and is no delimited text; save it as CSV in UTF-8");
  return eh_fail_at(
      error, EH_BAD_INPUT, start->name, line, 0,
      "has no header line; the first line (after --skip-lines) must name the columns");
}

/* The fields that the rules name, in order. */
static void name_fields(struct eh_arena *arena, const struct eh_rules *rules,
                        struct eh_layout *layout) {
  layout->fields = eh_arena_alloc(arena, rules->column_count, sizeof *layout->fields);
  layout->columns = eh_arena_alloc(arena, rules->column_count, sizeof *layout->columns);
  layout->named_count = 0;
  for (size_t field = 0; field < layout->field_count; field++)
    for (size_t c = 0; c < rules->column_count; c++) {
      const char *name = eh_rules_header(rules, layout->input, c);
      if (!name || strcmp(name, layout->headers[field]) != 0) continue;
      layout->fields[layout->named_count] = field;
      layout->columns[layout->named_count++] = c;
    }
}

static enum eh_status list_headers(struct eh_arena *arena, const struct eh_rules *rules,
                                   const struct eh_load_options *options,
                                   const struct eh_start *start, struct eh_layout *layout,
                                   struct eh_error *error) {
  struct eh_opening opening;
  if (!eh_opening_find(arena, rules, options, start, &opening))
    return no_header(start, opening.line, error);
  *layout = (struct eh_layout){.delimiter = opening.delimiter,
                               .field_count = opening.count,
                               .fewest = opening.fewest,
                               .is_text = !start->is_table,
                               .header_offset = (uint64_t)(opening.after - start->text),
                               .header_line = opening.line,
                               .headers = opening.names,
                               .notes = opening.notes,
                               .note_count = opening.note_count,
                               .input = start->input};
  return EH_OK;
}

enum eh_status eh_header_read(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_load_options *options, const struct eh_start *start,
                              struct eh_layout *layout, struct eh_problems *problems,
                              struct eh_error *error) {
  EH_TRY(list_headers(arena, rules, options, start, layout, error));
  if (!rules) return EH_OK;
  EH_TRY(check_repeats(layout, rules, start, error));
  if (eh_rules_fit_input(rules, start->input, layout->headers, layout->field_count, start->name,
                         problems) != EH_OK) {
    *error = problems->items[0];
    return EH_BAD_RULES;
  }
  if (start->input) layout->fixed = eh_translate_fixed(arena, rules, start->input);
  name_fields(arena, rules, layout);
  return EH_OK;
}
