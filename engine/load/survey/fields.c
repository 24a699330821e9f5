/* Which fields of an input stand in which column of the survey.
 *
 * Where the rules have inputs, the survey is of the columns that the rules use: a column of one
 * source only is not missing in the others. They are called by their headers in the standard
 * layout. */
#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/survey/internal.h"

int eh_survey_find(const struct eh_survey *survey, const char *name) {
  for (size_t c = 0; c < survey->column_count; c++)
    if (strcmp(survey->columns[c].name, name) == 0) return (int)c;
  return -1;
}

void eh_survey_add_column(struct eh_survey *s, const char *name, int rules_column,
                          bool is_derived) {
  s->columns[s->column_count++] = (struct eh_survey_column){.name = name,
                                                            .rules_column = rules_column,
                                                            .is_derived = is_derived,
                                                            .lacked_by = -1,
                                                            .applies_by = -1};
}

/* The next column of the rules, from the number on, that an input has in a field; -1: none. */
static int rules_column_of(const struct eh_rules *rules, const struct eh_survey_input *input,
                           size_t field, size_t from) {
  for (size_t c = from; rules && c < rules->column_count; c++) {
    const char *header = eh_rules_header(rules, input->of_rules, c);
    if (header && strcmp(header, input->header.names[field]) == 0) return (int)c;
  }
  return -1;
}

/* A name that no other column of the input has: "race", "race (2)". */
static const char *unique_name(struct eh_arena *arena, const struct eh_header *header, size_t at) {
  size_t nth = 1;
  for (size_t i = 0; i < at; i++) nth += strcmp(header->names[i], header->names[at]) == 0;
  const char *name = header->names[at];
  return nth == 1 ? name : eh_arena_printf(arena, "%s (%zu)", name, nth);
}

/* Is a column of the rules there to be recorded in every input? Not where only what one of them
   keeps asks for it. */
static bool is_surveyed(const struct eh_rules *rules, size_t column) {
  for (size_t i = 0; i < rules->input_count; i++) {
    const struct eh_input_column *provided = &rules->inputs[i].columns[column];
    if (provided->provision == EH_NOT_PROVIDED && !provided->text) return false;
  }
  return true;
}

static void add_given(struct eh_survey *s, size_t column) {
  const char *name = s->rules->columns[column].header;
  if (is_surveyed(s->rules, column) && eh_survey_find(s, name) < 0)
    eh_survey_add_column(s, name, (int)column, false);
}

void eh_survey_list_fields(struct eh_survey_run *run, const struct eh_survey_input *input) {
  struct eh_survey *s = run->survey;
  for (size_t k = 0; k < input->header.count; k++) {
    int column = rules_column_of(s->rules, input, k, 0);
    if (column < 0 && !input->of_rules) {
      const char *name = unique_name(run->arena, &input->header, k);
      if (eh_survey_find(s, name) < 0) eh_survey_add_column(s, name, -1, false);
      if (name == input->header.names[k]) continue;
      s->columns[eh_survey_find(s, name)].shares_name = true;
      s->columns[eh_survey_find(s, input->header.names[k])].shares_name = true;
    }
    for (; column >= 0; column = rules_column_of(s->rules, input, k, (size_t)column + 1))
      add_given(s, (size_t)column);
  }
  for (size_t c = 0; input->fixed && c < s->rules->column_count; c++)
    if (s->rules->columns[c].kind == EH_GIVEN && input->fixed[c] && *input->fixed[c])
      add_given(s, c);
}

static size_t *no_fields(struct eh_survey_run *run, size_t count) {
  size_t *fields = eh_arena_alloc(run->arena, count, sizeof *fields);
  for (size_t i = 0; i < count; i++) fields[i] = SIZE_MAX;
  return fields;
}

void eh_survey_place_fields(struct eh_survey_run *run, struct eh_survey_input *input) {
  struct eh_survey *s = run->survey;
  size_t count = input->header.count;
  input->fields = no_fields(run, s->column_count);
  input->of_columns = no_fields(run, s->rules ? s->rules->column_count : 0);
  input->is_asked = eh_arena_alloc(run->arena, count, sizeof *input->is_asked);
  input->others = eh_arena_alloc(run->arena, count, sizeof *input->others);
  for (size_t k = 0; k < count; k++) {
    int column = rules_column_of(s->rules, input, k, 0);
    if (column < 0 && input->of_rules)
      input->others[input->other_count++] = k;
    else if (column < 0)
      input->fields[eh_survey_find(s, unique_name(run->arena, &input->header, k))] = k;
    for (; column >= 0; column = rules_column_of(s->rules, input, k, (size_t)column + 1)) {
      int found = eh_survey_find(s, s->rules->columns[column].header);
      input->of_columns[column] = k;
      input->is_asked[k] = true;
      if (found >= 0) input->fields[found] = k;
    }
  }
}

void eh_survey_take_layout(const struct eh_survey_run *run, struct eh_survey_worker *w) {
  const struct eh_survey_input *input = &run->inputs[run->input];
  if (w->of_input == input) return;
  w->of_input = input;
  eh_translator_free(w->translator);
  w->translator = eh_translator_new(run->survey->rules, input->of_rules);
}

static const char *fixed_text(const struct eh_survey_input *input, int rules_column) {
  return input->fixed && rules_column >= 0 ? input->fixed[rules_column] : NULL;
}

bool eh_survey_input_has(const struct eh_survey_run *run, size_t column) {
  const struct eh_survey_input *input = &run->inputs[run->input];
  const char *fixed = fixed_text(input, run->survey->columns[column].rules_column);
  return fixed ? *fixed != '\0' : input->fields[column] != SIZE_MAX;
}

static void put_text(struct eh_survey_worker *w, size_t slot, const char *text, size_t length) {
  w->texts[slot * EH_SURVEY_ROWS + w->count] = text;
  w->lengths[slot * EH_SURVEY_ROWS + w->count] = (uint32_t)length;
}

/* A value is surveyed as it is compared; what the parser would overwrite is copied. */
static void put_field(const struct eh_survey_piece *piece, struct eh_survey_worker *w, size_t slot,
                      struct eh_field field) {
  if (!eh_tidy_is_plain(field.text, field.length))
    field.text = eh_tidy_text(piece->arena, field.text, &field.length);
  bool stays = (uintptr_t)field.text - (uintptr_t)piece->text < piece->length;
  put_text(w, slot, stays ? field.text : eh_arena_copy(piece->arena, field.text, field.length),
           field.length);
}

/* The columns of the rules, in the standard layout. */
static void put_translated(const struct eh_survey_run *run, const struct eh_survey_piece *piece,
                           struct eh_survey_worker *w, const struct eh_field *fields) {
  const struct eh_survey *s = run->survey;
  const struct eh_survey_input *input = &run->inputs[run->input];
  for (size_t c = 0; c < s->rules->column_count; c++) {
    size_t slot = s->column_count + c;
    const char *fixed = fixed_text(input, (int)c);
    if (fixed || input->of_columns[c] == SIZE_MAX) {
      put_text(w, slot, fixed ? fixed : "", fixed ? strlen(fixed) : 0);
      continue;
    }
    struct eh_field field = fields[input->of_columns[c]];
    if (w->translator && eh_translator_wants(w->translator, c))
      field = eh_translate(w->translator, c, field, piece->arena);
    put_field(piece, w, slot, field);
  }
}

void eh_survey_take_fields(const struct eh_survey_run *run, const struct eh_survey_piece *piece,
                           struct eh_survey_worker *w, const struct eh_field *fields) {
  const struct eh_survey *s = run->survey;
  const struct eh_survey_input *input = &run->inputs[run->input];
  if (input->of_rules) put_translated(run, piece, w, fields);
  for (size_t c = 0; c < s->column_count; c++) {
    if (s->columns[c].is_derived || run->slots[c] != c) continue;
    if (input->fields[c] == SIZE_MAX)
      put_text(w, c, "", 0);
    else
      put_field(piece, w, c, fields[input->fields[c]]);
  }
  uint64_t print = 0;
  for (size_t i = 0; i < input->other_count; i++) {
    const struct eh_field *other = &fields[input->others[i]];
    struct eh_text_key key = eh_text_key_of(other->text, other->length);
    print = (print ^ eh_survey_hash(&key)) * 0x9E3779B97F4A7C15ULL + i;
  }
  w->other_prints[w->count] = print;
}
