#include "engine/load/records/header.h"

#include <string.h>

#include "engine/load/records/opening.h"
#include "engine/load/records/translate.h"
#include "rules/language/inputs.h"

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

/* The rules say where it is, and it is not there. */
static enum eh_status no_header_there(const struct eh_rules *rules,
                                      const struct eh_header_place *place,
                                      const struct eh_start *start, struct eh_error *error) {
  return eh_fail_at(error, EH_BAD_RULES, rules->file, place->place.line, place->place.column,
                    "%.200s has no header at line %llu%s; correct `header`, or leave it out and "
                    "the header is looked for",
                    start->name, (unsigned long long)place->line,
                    place->count == 2 ? " and the next, as wide as it or wider" : "");
}

/* The names of a sheet are its cells': they are never joined here. */
static enum eh_status check_said(const struct eh_rules *rules, const struct eh_start *start,
                                 struct eh_error *error) {
  struct eh_header_place place = eh_rules_header_place(rules, start->input);
  if (!start->is_table || !place.line || place.count < 2) return EH_OK;
  return eh_fail_at(error, EH_BAD_RULES, rules->file, place.place.line, place.place.column,
                    "%.200s is no text, and only the headers of text are joined of two lines; name "
                    "the lower of the two rows, `header: {line: %llu}`, or save the sheet as CSV",
                    start->name, (unsigned long long)place.line + 1);
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
  EH_TRY(check_said(rules, start, error));
  if (!eh_opening_find(arena, rules, options, start, &opening)) {
    struct eh_header_place place = eh_rules_header_place(rules, start->input);
    return place.line && !options->skip_lines ? no_header_there(rules, &place, start, error)
                                              : no_header(start, opening.line, error);
  }
  *layout = (struct eh_layout){.delimiter = opening.delimiter,
                               .field_count = opening.count,
                               .fewest = opening.fewest,
                               .is_text = !start->is_table || start->is_sheet,
                               .header_offset = (uint64_t)(opening.after - start->text),
                               .header_line = opening.line,
                               .headers = opening.names,
                               .notes = opening.notes,
                               .note_count = opening.note_count,
                               .keeps_totals = eh_rules_keep_totals(rules, start->input),
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
