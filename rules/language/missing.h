/* What stands for "not recorded".
 *
 * A tidy text (engine/base/tidy.h) stands for it where it is one of a list without regard to
 * capitals; an empty one always does. The list is the rules' own `missing`, or the built-in one:
 * nulls of databases, errors of spreadsheets, marks of exemption (FOIA), and words for it in the
 * languages that records come in. It holds no digits, and no word that may be an answer ("none",
 * "pending"): where such a word stands for "not recorded", only the rules can say so.
 */
#ifndef EVENHAND_RULES_MISSING_H
#define EVENHAND_RULES_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An item that stands for every mark of exemption: (b)(5), (b)(6);(b)(7)(C), (k)(2)... */
#define EH_EXEMPTION_MARKS "(b)(...)"

extern const char *const eh_missing_built_in[];
extern const size_t eh_missing_built_in_count;

/* The number of the item that a tidy text is; SIZE_MAX: none. An empty text is the first empty
   item; where there is none, item 0. */
size_t eh_missing_find(const char *const *items, size_t count, const char *text, size_t length);

/* Does it begin as a mark of exemption does? */
bool eh_missing_is_mark(const char *text, size_t length);

/* A quick look at texts, most of which stand for nothing missing. */
struct eh_missing_filter {
  uint64_t
      lengths[256]; /* by first byte: a bit for each length; the last for all that are longer */
};
void eh_missing_filter_make(struct eh_missing_filter *filter, const char *const *items,
                            size_t count);
/* False: it is none of the list. */
static inline bool eh_missing_may_be(const struct eh_missing_filter *filter, const char *text,
                                     size_t length) {
  if (length == 0) return true;
  return filter->lengths[(unsigned char)*text] >> (length < 63 ? length : 63) & 1;
}

#endif
