/* In which input, year and office does each value of a column stand? Counted of columns with few
 * values, where somebody will ask: those that the rules' questions stand on, or without rules all.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey/internal.h"

enum { MOST_OFFICES = 1000 };

/* The office, or else any unit: the one whose units are few enough. */
static int office_of(const struct eh_survey *s) {
  int found = -1;
  for (size_t u = 0; u < s->roles.unit_count; u++) {
    if (s->columns[s->roles.units[u]].value_count > MOST_OFFICES) continue;
    if (found < 0 || !s->roles.is_individual[u]) found = (int)u;
  }
  return found;
}

static bool is_asked(const struct eh_survey *s, const struct eh_survey_column *column) {
  const struct eh_rules *rules = s->rules;
  if (!rules) return true;
  if (column->rules_column < 0) return false;
  bool *marked = eh_alloc_zeroed(rules->column_count, sizeof *marked);
  for (size_t m = 0; m < rules->measure_count; m++) {
    eh_rules_mark_condition(rules, rules->measures[m].among, marked);
    eh_rules_mark_condition(rules, rules->measures[m].event, marked);
    eh_rules_mark_column(rules, rules->measures[m].outcome, marked);
  }
  bool asked = marked[column->rules_column];
  free(marked);
  return asked;
}

void eh_survey_start_crossing(struct eh_survey_run *run, size_t c) {
  struct eh_survey *s = run->survey;
  struct eh_survey_column *column = &s->columns[c];
  if (column->kind == EH_SURVEY_DATE || (int)c == s->roles.case_column || !is_asked(s, column))
    return;
  if (column->value_count - s->missing_count > EH_SURVEY_CROSSED) return;
  struct eh_survey_crossed *crossed = eh_alloc_zeroed(1, sizeof *crossed);
  crossed->office = office_of(s);
  crossed->by_input = eh_alloc_zeroed(s->account.input_count + 1, sizeof *crossed->by_input);
  crossed->by_year = eh_alloc_zeroed(EH_SURVEY_YEARS + 1, sizeof *crossed->by_year);
  if (crossed->office >= 0)
    crossed->by_office = eh_alloc_zeroed(MOST_OFFICES, sizeof *crossed->by_office);
  column->crossed = crossed;
}

void eh_survey_free_crossed(struct eh_survey_column *column) {
  if (!column->crossed) return;
  free(column->crossed->by_input);
  free(column->crossed->by_year);
  free(column->crossed->by_office);
  free(column->crossed);
  column->crossed = NULL;
}

void eh_survey_cross_values(struct eh_survey_run *run, size_t c) {
  struct eh_survey *s = run->survey;
  struct eh_survey_column *column = &s->columns[c];
  struct eh_survey_crossed *crossed = column->crossed;
  if (!crossed) return;
  size_t missing = s->missing_count;
  if (column->value_count - missing > EH_SURVEY_CROSSED) { /* too many after all */
    eh_survey_free_crossed(column);
    return;
  }
  for (size_t p = 0; p < run->piece_count; p++) {
    const struct eh_survey_piece *piece = &run->pieces[p];
    const uint32_t *offices =
        crossed->office >= 0 ? piece->codes[s->roles.units[crossed->office]] : NULL;
    for (size_t r = 0; r < piece->rows; r++) {
      uint32_t code = piece->codes[c][r];
      if (code < missing || code == EH_SURVEY_OTHER) continue;
      crossed->by_input[run->input].records[code - missing]++;
      crossed->by_year[piece->months[r] / 12].records[code - missing]++;
      if (offices && offices[r] < MOST_OFFICES)
        crossed->by_office[offices[r]].records[code - missing]++;
    }
  }
}
