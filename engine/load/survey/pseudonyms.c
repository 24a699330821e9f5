/* Pseudonyms in a survey, once every record was taken: what is reported of a column whose values
 * name individuals is then what can be said of names. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/records/dictionary.h"
#include "engine/load/survey/internal.h"

/* No number, no date: their lowest and highest would be ids. */
static void forget_readings(struct eh_survey_column *c) {
  if (c->kind != EH_SURVEY_EMPTY) c->kind = EH_SURVEY_TEXT;
  c->form = NULL;
  c->malformed = 0;
  c->malformed_place_count = 0;
  c->rest.numbers = c->rest.dates = 0;
}

static enum eh_status replace(struct eh_survey_run *run, struct eh_survey_column *c,
                              const char *kind, struct eh_error *error) {
  struct eh_dictionary *ids = eh_dictionary_new();
  size_t first = run->survey->missing_count;
  uint32_t *codes = eh_alloc(c->value_count, sizeof *codes);
  for (size_t i = first; i < c->value_count; i++)
    codes[i] = eh_dictionary_code(ids, c->values[i].text, c->values[i].length);
  enum eh_status status = eh_dictionary_pseudonymise(ids, run->options.pseudonyms, kind, error);
  for (size_t i = first; i < c->value_count && status == EH_OK; i++) {
    struct eh_survey_value *v = &c->values[i];
    const char *label = eh_dictionary_labels(ids)[eh_dictionary_ranks(ids)[codes[i]]];
    v->length = (uint32_t)strlen(label);
    v->text = eh_arena_copy(run->arena, label, v->length);
    v->is_number = v->is_date = false;
  }
  free(codes);
  eh_dictionary_free(ids);
  forget_readings(c);
  return status;
}

enum eh_status eh_survey_pseudonymise(struct eh_survey_run *run, struct eh_error *error) {
  struct eh_survey *s = run->survey;
  for (size_t c = 0; run->options.pseudonyms && s->rules && c < s->column_count; c++) {
    int column = s->columns[c].rules_column;
    if (column >= 0 && s->rules->columns[column].is_individual)
      EH_TRY(replace(run, &s->columns[c], eh_rules_individual(s->rules, column), error));
  }
  return EH_OK;
}
