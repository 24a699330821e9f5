/* A starter rules file, guessed from a survey of the records: commented, and valid as it stands. */
#ifndef EVENHAND_REPORTS_STARTER_H
#define EVENHAND_REPORTS_STARTER_H

#include "engine/load/survey/guess.h"

enum { EH_STARTER_FACTORS = 6, EH_STARTER_OUTCOMES = 3 };

/* What is guessed, and may be altered before it is written. Columns of the survey; -1: none. */
struct eh_starter {
  int roles[EH_ROLE_OFFICE + 1]; /* case, person, date, officer, office */
  double sureness[EH_ROLE_OFFICE + 1];
  int outcomes[EH_STARTER_OUTCOMES]; /* a measure each */
  double outcome_sureness[EH_STARTER_OUTCOMES];
  size_t outcome_count;
  int factors[EH_STARTER_FACTORS];
  size_t factor_count;
  const uint8_t *events; /* by value of the first outcome: does it count? NULL: by its words */
};

struct eh_starter eh_starter_guess(const struct eh_survey *survey);

/* By value of a column: would it count as the event, by its words? In the arena. */
const uint8_t *eh_starter_events(struct eh_arena *arena, const struct eh_survey *survey,
                                 int column);

/* "sure", "likely", "a guess" */
const char *eh_starter_sureness(double sureness);

/* Why a column was taken for a role: "its name, and 25 values in 40,000 records". */
const char *eh_starter_reason(struct eh_arena *arena, const struct eh_survey *survey, int column,
                              enum eh_role role);

/* What to know of the column that is taken for the case: of records with the same one only the
   first is audited. NULL: it tells all but few records apart. */
const char *eh_starter_case_warning(struct eh_arena *arena, const struct eh_survey *survey,
                                    const struct eh_starter *starter);

/* The rules file's text, in the arena. records: the first file's name. */
const char *eh_starter_text(struct eh_arena *arena, const struct eh_survey *survey,
                            const struct eh_starter *starter, const char *records);

#endif
