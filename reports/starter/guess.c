/* What a starter rules file is to say. */
#include <stdlib.h>

#include "reports/starter/starter.h"

static const double SURE = 0.6, LIKELY = 0.35, CLEAR_OUTCOME = 0.5, CLEAR_FACTOR = 0.3,
                    FEW_VALUES = 12;

const char *eh_starter_sureness(double sureness) {
  return sureness >= SURE ? "sure" : sureness >= LIKELY ? "likely" : "a guess";
}

/* Something to compare across, whatever it is called: the texts with the fewest values. */
static int any_unit(const struct eh_survey *s, const bool *taken) {
  int best = -1;
  double fewest = 1000;
  for (size_t c = 0; c < s->column_count; c++) {
    const struct eh_survey_column *column = &s->columns[c];
    if (taken[c] || column->kind != EH_SURVEY_TEXT || column->distinct < 3) continue;
    if (column->distinct < fewest) {
      fewest = column->distinct;
      best = (int)c;
    }
  }
  return best;
}

/* Without a column that tells records apart, the one with the most values. */
static int most_values(const struct eh_survey *s) {
  int best = 0;
  for (size_t c = 1; c < s->column_count; c++)
    if (s->columns[c].distinct > s->columns[best].distinct) best = (int)c;
  return best;
}

static void take(struct eh_starter *g, const struct eh_survey *s, enum eh_role role, bool *taken) {
  struct eh_guess guess = eh_guess_column(s, role, taken);
  g->roles[role] = guess.column;
  g->sureness[role] = guess.sureness;
  if (guess.column >= 0) taken[guess.column] = true;
}

static void take_outcomes(struct eh_starter *g, const struct eh_survey *s, bool *taken) {
  while (g->outcome_count < EH_STARTER_OUTCOMES) {
    struct eh_guess guess = eh_guess_column(s, EH_ROLE_OUTCOME, taken);
    if (guess.column < 0) break;
    double score = eh_guess_score(s, (size_t)guess.column, EH_ROLE_OUTCOME);
    if (g->outcome_count && score < CLEAR_OUTCOME) break;
    g->outcome_sureness[g->outcome_count] = guess.sureness;
    g->outcomes[g->outcome_count++] = guess.column;
    taken[guess.column] = true;
  }
}

/* No word tells: some column with few values has to be asked about. What was decided stands after
   what it was decided on, mostly. */
static void take_any_outcome(struct eh_starter *g, const struct eh_survey *s, bool *taken) {
  for (size_t c = s->column_count; c-- > 0;) {
    if (taken[c] || s->columns[c].distinct > FEW_VALUES) continue;
    if (eh_guess_score(s, c, EH_ROLE_FACTOR) <= 0) continue;
    g->outcomes[g->outcome_count++] = (int)c;
    taken[c] = true;
    return;
  }
}

static void take_factors(struct eh_starter *g, const struct eh_survey *s, bool *taken) {
  while (g->factor_count < EH_STARTER_FACTORS) {
    int column = eh_guess_column(s, EH_ROLE_FACTOR, taken).column;
    if (column < 0) return;
    double score = eh_guess_score(s, (size_t)column, EH_ROLE_FACTOR);
    if (g->factor_count && score < CLEAR_FACTOR) return;
    g->factors[g->factor_count++] = column;
    taken[column] = true;
  }
}

struct eh_starter eh_starter_guess(const struct eh_survey *s) {
  struct eh_starter g = {0};
  bool *taken = eh_alloc_zeroed(s->column_count, sizeof *taken);
  take(&g, s, EH_ROLE_CASE, taken);
  if (g.roles[EH_ROLE_CASE] < 0) {
    g.roles[EH_ROLE_CASE] = most_values(s);
    taken[g.roles[EH_ROLE_CASE]] = true;
  }
  take(&g, s, EH_ROLE_PERSON, taken);
  take(&g, s, EH_ROLE_DATE, taken);
  take(&g, s, EH_ROLE_OFFICER, taken);
  take(&g, s, EH_ROLE_OFFICE, taken);
  take_outcomes(&g, s, taken);
  if (g.roles[EH_ROLE_OFFICER] < 0 && g.roles[EH_ROLE_OFFICE] < 0) {
    g.roles[EH_ROLE_OFFICE] = any_unit(s, taken);
    if (g.roles[EH_ROLE_OFFICE] >= 0) taken[g.roles[EH_ROLE_OFFICE]] = true;
  }
  if (g.outcome_count == 0) take_any_outcome(&g, s, taken);
  take_factors(&g, s, taken);
  free(taken);
  return g;
}
