/* What the words of headers and values say, in English, Spanish, French, German, Portuguese and
 * Dutch. */
#ifndef EVENHAND_LOAD_GUESS_WORDS_H
#define EVENHAND_LOAD_GUESS_WORDS_H

#include "engine/load/survey/guess.h"

/* What a column's name says for a role (above 0) or against it (below); 0: nothing. A clear name
   has about 0.35 or more. */
double eh_guess_name_score(const char *name, enum eh_role role);

/* Do a value's words tell of a decision? */
bool eh_guess_is_decision(const char *value);

/* Is it what marks a box: X, 1, yes? */
bool eh_guess_is_tick(const char *value);

#endif
