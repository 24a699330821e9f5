/* What is said of a unit where the measure asks for a category or a value. */
#ifndef EVENHAND_AUDIT_WORDS_OUTCOMES_H
#define EVENHAND_AUDIT_WORDS_OUTCOMES_H

#include "engine/audit/words/say.h"

/* Of a measure of a category, of a value: what differs in one sentence, and what to bear in mind.
   The statements need a difference. */
const char *eh_category_statement(const struct eh_view *view);
const char *eh_value_statement(const struct eh_view *view);
void eh_say_category_caveats(const struct eh_view *view, struct eh_sentences *sentences);
void eh_say_value_caveats(const struct eh_view *view, struct eh_sentences *sentences);
/* Would the difference from the typical unit be too small, or the other way? */
bool eh_typical_is_less(const struct eh_view *view);
const char *eh_value_too_small(const struct eh_view *view);

#endif
