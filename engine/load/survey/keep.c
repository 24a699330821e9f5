/* What the survey keeps of each record. */
#include "engine/load/survey/internal.h"
#include "engine/load/survey/repeats.h"

static uint32_t zigzag(int32_t number) {
  return number < 0 ? 2 * (uint32_t)~number + 1 : 2 * (uint32_t)number;
}

/* Small numbers for days close to the first that is met. */
uint32_t eh_survey_store_day(struct eh_survey_run *run, int32_t day) {
  if (day == EH_SURVEY_NO_DAY) return 0;
  if (!run->has_days) run->survey->day_base = day;
  run->has_days = true;
  return zigzag(day - run->survey->day_base) + 1;
}

void eh_survey_start_rows(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  s->answers = eh_arena_alloc(run->arena, run->question_count, sizeof *s->answers);
  if (s->counted) return;
  run->cases = eh_spill_new(sizeof(struct eh_repeat_case), EH_SPILL_HELD);
  if (s->roles.person_column >= 0)
    run->persons = eh_spill_new(sizeof(struct eh_repeat_person), EH_SPILL_HELD);
}

static void keep_prints(struct eh_survey_run *run, const struct eh_survey_piece *piece, size_t r) {
  uint64_t whole = piece->row_prints[r], id = piece->case_prints ? piece->case_prints[r] : 0;
  uint32_t row = (uint32_t)(piece->first_row + r);
  eh_repeats_add_case(run->cases, id, whole, row);
  if (run->persons && piece->person_prints[r])
    eh_repeats_add_person(run->persons, piece->person_prints[r], row);
}

void eh_survey_keep_rows(struct eh_survey_run *run, const struct eh_survey_piece *piece) {
  struct eh_survey *s = run->survey;
  const struct eh_survey_roles *roles = &s->roles;
  size_t questions = run->question_count;
  if (piece->empty_rows && !s->empty_rows) {
    s->first_empty = piece->first_row + piece->first_empty;
    run->empty_print = piece->row_prints[piece->first_empty];
  }
  s->empty_rows += piece->empty_rows;
  for (size_t r = 0; r < piece->rows; r++) {
    uint32_t line = (uint32_t)piece->first_line + piece->lines[r];
    eh_packed_list_add(&s->lines, run->rows, line - (uint32_t)(piece->first_row + r));
    keep_prints(run, piece, r);
  }
  for (size_t u = 0; u < roles->unit_count; u++)
    for (size_t r = 0; r < piece->rows; r++)
      eh_packed_list_add(&s->units[u], run->rows, piece->codes[roles->units[u]][r] + 1);
  for (size_t d = 0; d < roles->date_count; d++)
    for (size_t r = 0; r < piece->rows; r++)
      eh_packed_list_add(&s->days[d], run->rows, eh_survey_store_day(run, piece->days[d][r]));
  for (size_t r = 0; s->rules && r < piece->rows; r++)
    eh_packed_list_add(&s->kept, run->rows, piece->kept[r]);
  for (size_t q = 0; q < questions; q++)
    for (size_t r = 0; r < piece->rows; r++)
      eh_packed_list_add(&s->answers[q], run->rows, piece->outcomes[r * questions + q]);
}
