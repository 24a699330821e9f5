/* What a starter rules file is to say. */
#include <stdlib.h>

#include "engine/base/words.h"
#include "reports/starter/starter.h"

static const double SURE = 0.6, LIKELY = 0.35, CLEAR_OUTCOME = 0.5, CLEAR_FACTOR = 0.3,
                    FEW_VALUES = 12;

const char *eh_starter_sureness(double sureness) {
  return sureness >= SURE ? "sure" : sureness >= LIKELY ? "likely" : "a guess";
}

/* Without a column that tells records apart, the one with the most values; a date is no case. */
static int most_values(const struct eh_survey *s) {
  int best = 0;
  for (size_t c = 1; c < s->column_count; c++) {
    bool is_date = s->columns[c].kind == EH_SURVEY_DATE,
         was_date = s->columns[best].kind == EH_SURVEY_DATE;
    if (is_date > was_date) continue;
    if (is_date < was_date || s->columns[c].distinct > s->columns[best].distinct) best = (int)c;
  }
  return best;
}

/* Sure is only what the name says, too. */
static double held(const struct eh_survey *s, size_t column, enum eh_role role, double sureness) {
  bool is_sure = sureness >= SURE && !eh_guess_is_named(s, column, role);
  return is_sure ? (SURE + LIKELY) / 2 : sureness;
}

const char *eh_starter_reason(struct eh_arena *arena, const struct eh_survey *survey, int column,
                              enum eh_role role) {
  const struct eh_survey_column *c = &survey->columns[column];
  const char *name = eh_guess_is_named(survey, (size_t)column, role) ? "its name" : "its values";
  if (role == EH_ROLE_DATE)
    return eh_arena_printf(arena, "%s, and values that are dates",
                           name[4] == 'n' ? name : "no other has better ones");
  return eh_arena_printf(arena, "%s, and %s in %s", name,
                         eh_words_of(arena, (uint64_t)c->distinct, "value", "values"),
                         eh_words_of(arena, survey->rows, "record", "records"));
}

static void take(struct eh_starter *g, const struct eh_survey *s, enum eh_role role, bool *taken) {
  struct eh_guess guess = eh_guess_column(s, role, taken);
  g->roles[role] = guess.column;
  g->sureness[role] = guess.column >= 0 ? held(s, (size_t)guess.column, role, guess.sureness) : 0;
  if (guess.column >= 0) taken[guess.column] = true;
}

static void take_outcomes(struct eh_starter *g, const struct eh_survey *s, bool *taken) {
  while (g->outcome_count < EH_STARTER_OUTCOMES) {
    struct eh_guess guess = eh_guess_column(s, EH_ROLE_OUTCOME, taken);
    if (guess.column < 0) break;
    double score = eh_guess_score(s, (size_t)guess.column, EH_ROLE_OUTCOME);
    if (g->outcome_count && score < CLEAR_OUTCOME) break;
    g->outcome_sureness[g->outcome_count] =
        eh_guess_are_codes(s, (size_t)guess.column)
            ? 0
            : held(s, (size_t)guess.column, EH_ROLE_OUTCOME, guess.sureness);
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
  if (g.outcome_count == 0) take_any_outcome(&g, s, taken);
  take_factors(&g, s, taken);
  free(taken);
  return g;
}
