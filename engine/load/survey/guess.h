/* Guessing what columns mean, from their names and from what stands in them. */
#ifndef EVENHAND_LOAD_GUESS_H
#define EVENHAND_LOAD_GUESS_H

#include "engine/load/survey/survey.h"

enum eh_role {
  EH_ROLE_CASE,
  EH_ROLE_PERSON,
  EH_ROLE_DATE,    /* when it was decided */
  EH_ROLE_OFFICER, /* who decided */
  EH_ROLE_OFFICE,  /* where */
  EH_ROLE_OUTCOME, /* what was decided */
  EH_ROLE_FACTOR,  /* what the case was like */
  EH_ROLES
};
/* "case", "person", "date", ... */
const char *eh_role_name(enum eh_role role);

/* How well a column would play a role: 0 (not at all) to 1. survey.columns need their values. */
double eh_guess_score(const struct eh_survey *survey, size_t column, enum eh_role role);

struct eh_guess {
  int column;      /* -1: none plays it */
  double sureness; /* its score, less half of the next one's */
};
/* The column that plays a role best; columns that are taken (by column; may be NULL) are left out.
 */
struct eh_guess eh_guess_column(const struct eh_survey *survey, enum eh_role role,
                                const bool *taken);

/* A column whose name says that it plays a role, in which one value stands throughout; -1: none. */
int eh_guess_constant(const struct eh_survey *survey, enum eh_role role);

/* Does the column's name alone say that it plays the role? */
bool eh_guess_is_named(const struct eh_survey *survey, size_t column, enum eh_role role);

/* Is it a box, ticked or left blank? */
bool eh_guess_is_box(const struct eh_survey *survey, size_t column);
/* Are its values numbers that stand for something only a code book tells? 0 and 1 are no and yes. */
bool eh_guess_are_codes(const struct eh_survey *survey, size_t column);

/* The value of an id that far more records have than any other (*next: the records of the next): that
   of everybody whose own is not known, perhaps. NULL: none. */
const struct eh_survey_value *eh_guess_one_for_many(const struct eh_survey *survey, size_t column,
                                                    uint64_t *next);

/* The roles that a survey without rules needs. */
void eh_guess_roles(const struct eh_survey *survey, struct eh_survey_roles *roles);

/* Is this value of an outcome a use of discretion in the person's favour, by its words? */
bool eh_guess_is_favourable(const char *value);
/* "Y", "yes", "1", "true": 1; "N", ...: 0; else -1. */
int eh_guess_yes_or_no(const char *value);

#endif
