/* Where a record stands. */
#include "engine/load/survey/internal.h"

struct eh_survey_place eh_survey_place(const struct eh_survey *survey, size_t row) {
  uint32_t input = 0;
  while (survey->input_rows[input + 1] <= row) input++;
  uint32_t line = eh_packed_list_get(&survey->lines, row) + (uint32_t)row;
  return (struct eh_survey_place){input, line};
}
