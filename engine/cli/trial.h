/* Trying starter rules on the records: which of the guessed factors can stay?
 *
 * A column that follows from the decision is no reason for it: records that agree in it have one
 * outcome. And each further factor leaves fewer records with peers. Both are counted, not guessed.
 */
#ifndef EVENHAND_CLI_TRIAL_H
#define EVENHAND_CLI_TRIAL_H

#include "reports/starter/starter.h"

struct eh_trial {
  uint64_t records;    /* of the first measure in the comparison that has the fewest peers */
  uint64_t comparable; /* of these */
  double left; /* the share of the outcome's variance that is left among records that agree in
                  the factors: 0 where they tell the outcome, 1 where they say nothing */
};

/* What became of each guessed factor. */
enum eh_factor_fate { EH_FACTOR_KEPT, EH_FACTOR_FOLLOWS, EH_FACTOR_TOO_THIN };
struct eh_factor_trial {
  int column;
  enum eh_factor_fate fate;
  struct eh_trial trial; /* alone where it follows, else together with those kept before it */
};
struct eh_factor_trials {
  struct eh_factor_trial items[EH_STARTER_FACTORS];
  size_t count;
  struct eh_trial last; /* with all that are kept */
};

/* Leaves in the starter the factors that can stay. The records are read once for each trial.
   Standard input can be read once only: nothing is tried. */
enum eh_status eh_cli_try_factors(const struct eh_survey *survey, struct eh_starter *starter,
                                  const char *const *names, size_t count,
                                  const struct eh_load_options *options,
                                  struct eh_factor_trials *trials,
                                  struct eh_error *error) EH_MUST_USE;

#endif
