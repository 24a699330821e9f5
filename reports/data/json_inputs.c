#include "reports/data/json_inputs.h"

#include "reports/words/safe.h"

static json_t *texts_of(struct eh_arena *arena, const char *const *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++)
    eh_json_append(array, eh_json_text(eh_safe_utf8(arena, items[i])));
  return array;
}

json_t *eh_json_join(struct eh_arena *arena, const struct eh_join_account *join) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "name", eh_safe_utf8(arena, join->file.name));
  if (join->file.sha256[0])
    eh_json_set_text(object, "sha256", join->file.sha256);
  else
    eh_json_set_null(object, "sha256", "not computed");
  eh_json_set(object, "by", texts_of(arena, join->by, join->by_count));
  eh_json_set_count(object, "rows", join->rows);
  eh_json_set_count(object, "rows_without_key", join->rows_without_key);
  eh_json_set_count(object, "found", join->found);
  eh_json_set_count(object, "not_there", join->not_there);
  eh_json_set_count(object, "not_in_force", join->not_in_force);
  eh_json_set_count(object, "without_key", join->without_key);
  eh_json_set(object, "keys_not_there", texts_of(arena, join->keys, join->key_count));
  eh_json_set_contained(object, arena, &join->file);
  return object;
}

void eh_json_set_contained(json_t *object, struct eh_arena *arena, const struct eh_input *input) {
  if (!input->container && !input->note_count) return;
  if (input->container) eh_json_set_text(object, "container", input->container);
  if (input->sheet) eh_json_set_text(object, "sheet", eh_safe_utf8(arena, input->sheet));
  json_t *notes = eh_json_array();
  for (size_t i = 0; i < input->note_count; i++)
    eh_json_append(notes, json_string(eh_safe_utf8(arena, input->notes[i])));
  eh_json_set(object, "notes", notes);
}
