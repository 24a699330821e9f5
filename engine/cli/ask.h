/* init --ask: a walk through the guesses, question by question, at a terminal. */
#ifndef EVENHAND_CLI_ASK_H
#define EVENHAND_CLI_ASK_H

#include "reports/starter/starter.h"

/* Asks on standard error, reads standard input; at its end every guess that is left stays. What is
   answered goes to the starter; its texts live in the arena. */
void eh_cli_ask_starter(const struct eh_survey *survey, struct eh_starter *starter,
                        struct eh_arena *arena);

#endif
