#include "reports/data/json_inputs.h"

#include "reports/words/safe.h"

void eh_json_set_contained(json_t *object, struct eh_arena *arena, const struct eh_input *input) {
  if (!input->container && !input->note_count) return;
  if (input->container) eh_json_set_text(object, "container", input->container);
  if (input->sheet) eh_json_set_text(object, "sheet", eh_safe_utf8(arena, input->sheet));
  json_t *notes = eh_json_array();
  for (size_t i = 0; i < input->note_count; i++)
    eh_json_append(notes, json_string(eh_safe_utf8(arena, input->notes[i])));
  eh_json_set(object, "notes", notes);
}
