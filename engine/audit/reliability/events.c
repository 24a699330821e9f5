/* Units whose records hold almost no events: they may not record them. */
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"

enum { FEWEST_RECORDS = 20 };
static const double FEWEST_EXPECTED_EVENTS = 10, ALMOST_NONE = 0.1;

struct answers {
  uint64_t known, events;
};

static void doubt_events(struct eh_assessment *a, size_t u, size_t m,
                         const struct answers *answers) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_column *column = &s->columns[s->roles.units[u]];
  struct answers all = {0};
  for (size_t i = 0; i < column->value_count; i++) {
    all.known += answers[i].known;
    all.events += answers[i].events;
  }
  double places = (double)(column->value_count * a->rules->measure_count);
  for (size_t i = s->missing_count; i < column->value_count; i++) {
    double known = (double)answers[i].known, events = (double)answers[i].events;
    double others = (double)(all.known - answers[i].known);
    if (known < FEWEST_RECORDS || others <= 0) continue;
    double usual = (double)(all.events - answers[i].events) / others;
    if (usual * known < FEWEST_EXPECTED_EVENTS || events > ALMOST_NONE * usual * known) continue;
    if (!eh_assess_exceeds(known - events, known, 1 - usual, places)) continue;
    const char *measure = a->rules->measures[m].name;
    eh_assess_doubt(
        a, &(struct eh_doubt){
               .kind = EH_DOUBT_NO_EVENTS,
               .unit_column = column->name,
               .unit = column->values[i].text,
               .measure = measure,
               .records = answers[i].events,
               .of = answers[i].known,
               .usual = eh_figure(usual),
               .text = eh_arena_printf(a->arena,
                                       "%s %s: %s in %s of %s records (%s elsewhere): it may not "
                                       "record it.",
                                       column->name, column->values[i].text, measure,
                                       eh_words_count(a->arena, answers[i].events),
                                       eh_words_count(a->arena, answers[i].known),
                                       eh_assess_percent(a->arena, usual))});
  }
}

void eh_assess_events(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  if (!a->rules) return;
  for (size_t u = 0; u < s->roles.unit_count; u++) {
    size_t units = s->columns[s->roles.units[u]].value_count;
    struct answers *answers = eh_alloc(units + 1, sizeof *answers);
    for (size_t m = 0; m < a->rules->measure_count; m++) {
      memset(answers, 0, (units + 1) * sizeof *answers);
      for (size_t row = 0; row < s->rows; row++) {
        uint8_t outcome = eh_survey_answer(s, m, row);
        uint32_t unit = eh_survey_unit(s, u, row);
        if (outcome < EH_SURVEY_NO || unit >= units) continue;
        answers[unit].known++;
        answers[unit].events += outcome == EH_SURVEY_YES;
      }
      doubt_events(a, u, m, answers);
    }
    free(answers);
  }
}
