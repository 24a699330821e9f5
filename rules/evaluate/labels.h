/* The labels of derived columns: what their values are called in conditions, cells and reports. */
#ifndef EVENHAND_RULES_LABELS_H
#define EVENHAND_RULES_LABELS_H

#include "rules/rules.h"

/* The label of a band, 0 to bound_count, in the arena. Whole bounds 16, 21 give "under 16", "16-20"
   and "21 and over"; others "under 2.5", "2.5 to under 5", "5 and over". */
const char *eh_label_band(struct eh_arena *arena, const struct eh_column *column, size_t band);

/* The label of a day in a column of kind EH_MONTH, EH_QUARTER, EH_YEAR or EH_FISCAL_YEAR. */
void eh_label_period(enum eh_column_kind kind, int32_t day, char label[16]);

/* Can the column ever hold this label? True where that is not known (policies, given columns, a
   derivation whose bands or choices could not be read). */
bool eh_label_possible(const struct eh_column *column, const char *label, size_t length);

/* Are all labels of a EH_FIRST_OF, EH_RECODE or EH_YEAR column numbers? False for other kinds. */
bool eh_label_all_numbers(const struct eh_column *column);

/* A label such as the column may hold, for a message; in the arena. */
const char *eh_label_sample(struct eh_arena *arena, const struct eh_column *column);

#endif
