/* Bringing the records of an input (rules/language/inputs.h) to the standard layout, value by
 * value:
 *
 *   not recorded there    -> ""
 *   recoded               -> the label
 *   a date in its forms   -> YYYY-MM-DD, which is how the rules then read dates
 *   and with its prefix.
 *
 * Whoever reads fields translates them first; nothing after that knows of layouts. A translator
 * belongs to one thread and remembers what became of each text that it had to look up.
 */
#ifndef EVENHAND_LOAD_TRANSLATE_H
#define EVENHAND_LOAD_TRANSLATE_H

#include "engine/load/text/csv.h"
#include "rules/language/inputs.h"

struct eh_translator;
/* as_of: see eh_evaluator_set_as_of. NULL: the fields of this input (or, input NULL, of rules
 * without inputs) stay as they are. */
struct eh_translator *eh_translator_new(const struct eh_rules *rules,
                                        const struct eh_rules_input *input, int32_t as_of);
void eh_translator_free(struct eh_translator *translator);

/* Does this column of the rules need translation? */
bool eh_translator_wants(const struct eh_translator *translator, size_t column);
/* A field's text in the standard layout. It is the field's own, or has room behind it and is the
   translator's or in the scratch arena. */
struct eh_field eh_translate(struct eh_translator *translator, size_t column, struct eh_field field,
                             struct eh_arena *scratch);

/* A value outside its column's recode, which stays as it is. */
struct eh_unmapped_text {
  size_t column; /* of the rules */
  char *text;    /* the list's own */
  size_t length;
  uint64_t records;
};
struct eh_unmapped_list {
  struct eh_unmapped_text *items;
  size_t count, capacity;
};
void eh_unmapped_list_free(struct eh_unmapped_list *list);
/* Those translated since the last call, counted; NULL translator: none. */
void eh_translator_take_unmapped(struct eh_translator *translator, struct eh_unmapped_list *list);

/* What an input gives to all its records alike, by column of the rules: its constants and its name;
   "" for what it does not provide; NULL: it is in a field, or derived. In the arena. */
const char *const *eh_translate_fixed(struct eh_arena *arena, const struct eh_rules *rules,
                                      const struct eh_rules_input *input);

#endif
