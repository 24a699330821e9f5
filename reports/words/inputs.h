/* Where the records of an input stood, beyond its name: the sheet of a workbook, and what of it was
 * passed over. */
#ifndef EVENHAND_REPORTS_INPUTS_H
#define EVENHAND_REPORTS_INPUTS_H

#include "engine/load/account.h"

/* "cases.xlsx, sheet Decisions: the header is in row 4; row 62 was left out: it holds totals", in the
   arena; NULL: it is text, or there is nothing to say. */
const char *eh_inputs_line(struct eh_arena *arena, const struct eh_input *input);
/* The same of all inputs, a line each; NULL: of none. */
const char *eh_inputs_lines(struct eh_arena *arena, const struct eh_account *account);

#endif
