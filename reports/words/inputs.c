#include "reports/words/inputs.h"

#include <string.h>

#include "engine/base/memory.h"

const char *eh_inputs_line(struct eh_arena *arena, const struct eh_input *input) {
  if (!input->sheet && input->note_count == 0) return NULL;
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, strcmp(input->name, "-") == 0 ? "standard input" : input->name);
  if (input->sheet) eh_buffer_printf(&text, ", sheet %s", input->sheet);
  for (size_t i = 0; i < input->note_count; i++)
    eh_buffer_printf(&text, "%s%s", i ? "; " : ": ", input->notes[i]);
  const char *line = eh_arena_string(arena, text.text);
  eh_buffer_free(&text);
  return line;
}

const char *eh_inputs_lines(struct eh_arena *arena, const struct eh_account *account) {
  struct eh_buffer text = {0};
  for (size_t i = 0; i < account->input_count; i++) {
    const char *line = eh_inputs_line(arena, &account->inputs[i]);
    if (line) eh_buffer_printf(&text, "%s\n", line);
  }
  const char *lines = text.length ? eh_arena_string(arena, text.text) : NULL;
  eh_buffer_free(&text);
  return lines;
}
