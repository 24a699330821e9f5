/* Which fields of an input stand in which column of the survey.
 *
 * Where the rules have inputs, the survey is of the columns that the rules use: a column of one
 * source only is not missing in the others. They are called by their headers in the standard
 * layout. */
#include <string.h>

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
static int rules_column_of(const struct eh_rules *rules, const struct eh_layout *layout,
                           size_t field, size_t from) {
  for (size_t c = from; rules && c < rules->column_count; c++) {
    const char *header = eh_rules_header(rules, layout->input, c);
    if (header && strcmp(header, layout->headers[field]) == 0) return (int)c;
  }
  return -1;
}

/* A name that no other column of the input has: "race", "race (2)". */
static const char *unique_name(struct eh_arena *arena, const struct eh_layout *layout, size_t at) {
  size_t nth = 1;
  for (size_t i = 0; i < at; i++) nth += strcmp(layout->headers[i], layout->headers[at]) == 0;
  const char *name = layout->headers[at];
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
  if (s->rules->columns[column].join) return; /* a table's, not the records' */
  const char *name = s->rules->columns[column].header;
  if (is_surveyed(s->rules, column) && eh_survey_find(s, name) < 0)
    eh_survey_add_column(s, name, (int)column, false);
}

void eh_survey_list_fields(struct eh_survey_run *run, const struct eh_layout *layout) {
  struct eh_survey *s = run->survey;
  for (size_t k = 0; k < layout->field_count; k++) {
    int column = rules_column_of(s->rules, layout, k, 0);
    if (column < 0 && !layout->input) {
      const char *name = unique_name(run->arena, layout, k);
      if (eh_survey_find(s, name) < 0) eh_survey_add_column(s, name, -1, false);
      if (name == layout->headers[k]) continue;
      s->columns[eh_survey_find(s, name)].shares_name = true;
      s->columns[eh_survey_find(s, layout->headers[k])].shares_name = true;
    }
    for (; column >= 0; column = rules_column_of(s->rules, layout, k, (size_t)column + 1))
      add_given(s, (size_t)column);
  }
  for (size_t c = 0; layout->fixed && c < s->rules->column_count; c++)
    if (s->rules->columns[c].kind == EH_GIVEN && layout->fixed[c] && *layout->fixed[c])
      add_given(s, c);
}

void eh_survey_place_fields(struct eh_survey_run *run, size_t number) {
  struct eh_survey *s = run->survey;
  const struct eh_layout *layout = &run->layouts[number];
  struct eh_survey_input *input = &run->inputs[number];
  input->fields = eh_arena_alloc(run->arena, s->column_count, sizeof *input->fields);
  for (size_t c = 0; c < s->column_count; c++) input->fields[c] = SIZE_MAX;
  input->others = eh_arena_alloc(run->arena, layout->field_count, sizeof *input->others);
  for (size_t k = 0; k < layout->field_count; k++) {
    int column = rules_column_of(s->rules, layout, k, 0);
    if (column < 0 && layout->input)
      input->others[input->other_count++] = k;
    else if (column < 0)
      input->fields[eh_survey_find(s, unique_name(run->arena, layout, k))] = k;
    for (; column >= 0; column = rules_column_of(s->rules, layout, k, (size_t)column + 1)) {
      int found = eh_survey_find(s, s->rules->columns[column].header);
      if (found >= 0) input->fields[found] = k;
    }
  }
}

bool eh_survey_input_has(const struct eh_survey_run *run, size_t column) {
  const struct eh_layout *layout = &run->layouts[run->input];
  int of = run->survey->columns[column].rules_column;
  const char *fixed = layout->fixed && of >= 0 ? layout->fixed[of] : NULL;
  return fixed ? *fixed != '\0' : run->inputs[run->input].fields[column] != SIZE_MAX;
}

const char *const *eh_survey_texts(const struct eh_survey_run *run,
                                   const struct eh_survey_worker *w, const struct eh_batch *batch,
                                   size_t column, const uint32_t **lengths) {
  int of = run->survey->columns[column].rules_column;
  if (of >= 0) {
    *lengths = w->evaluation->lengths[of];
    return w->evaluation->texts[of];
  }
  size_t place = run->inputs[run->input].fields[column] * EH_ROWS;
  *lengths = batch->lengths + place;
  return batch->texts + place;
}

void eh_survey_other_prints(const struct eh_survey_run *run, const struct eh_batch *batch,
                            uint64_t *prints) {
  const struct eh_survey_input *input = &run->inputs[run->input];
  memset(prints, 0, batch->count * sizeof *prints);
  for (size_t i = 0; i < input->other_count; i++) {
    const char *const *texts = batch->texts + input->others[i] * EH_ROWS;
    const uint32_t *lengths = batch->lengths + input->others[i] * EH_ROWS;
    for (size_t r = 0; r < batch->count; r++) {
      struct eh_text_key key = eh_text_key_of(texts[r], lengths[r]);
      prints[r] = (prints[r] ^ eh_survey_hash(&key)) * 0x9E3779B97F4A7C15ULL + i;
    }
  }
}
