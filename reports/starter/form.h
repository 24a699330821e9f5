/* A workbook for recording decisions: a row each, with the columns that the rules need, drop-down
 * lists and checks, and a code book. Its first sheet, saved as CSV, can be audited as it is. */
#ifndef EVENHAND_REPORTS_FORM_H
#define EVENHAND_REPORTS_FORM_H

#include "rules/rules.h"

enum { EH_FORM_ROWS = 5000 };

/* created: the day in the file; its bytes depend on nothing else but the rules. */
enum eh_status eh_form_write(const struct eh_rules *rules, int32_t created, const char *path,
                             struct eh_error *error) EH_MUST_USE;

#endif
