/* Numbers as people write them: 1.200,50 or 1'200.50, $1,200, (1,200), 25%.
 *
 * A form says which signs mean what. A number in it becomes the same number as programs write it,
 * which eh_number_parse reads.
 */
#ifndef EVENHAND_BASE_AMOUNT_H
#define EVENHAND_BASE_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>

struct eh_number_form {
  char decimal;      /* before the fraction */
  char thousands[4]; /* each may stand between groups of three digits; an apostrophe stands for the
                        printed one, too; "": none does */
  bool currency;     /* a sign or code of money may stand before or behind; it says nothing */
  bool percent;      /* % behind: the number is a share, 25% is 0.25 */
  bool parentheses;  /* (1,200) is -1200 */
};

/* By name: us, eu, swiss, plain; NULL: there is none so called. */
const struct eh_number_form *eh_number_form_named(const char *name);
/* The names, for messages. */
extern const char *const eh_number_form_names[];
extern const size_t eh_number_form_name_count;

enum { EH_AMOUNT_SIZE = 520 };
/* A tidy text of the form as a plain number, NUL-terminated; false: it is none. */
bool eh_amount_plain(const struct eh_number_form *form, const char *text, size_t length,
                     char plain[EH_AMOUNT_SIZE]);

/* What a text that nobody said the form of tells about it. */
enum eh_amount_shape {
  EH_AMOUNT_THREES = 1,  /* 1.200: a point before each three digits, read 1.2 or 1200 */
  EH_AMOUNT_DECIMAL = 2, /* another number with a point, or one of four digits and more without:
                            points are decimal ones */
};
/* 0: it tells nothing. */
unsigned eh_amount_shape(const char *text, size_t length);
/* Do the shapes of a column, together, leave open what a point means? */
static inline bool eh_amount_is_open(unsigned shapes) { return shapes == EH_AMOUNT_THREES; }

#endif
