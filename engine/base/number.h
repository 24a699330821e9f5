/* Decimal numbers in text, the same in every locale. */
#ifndef EVENHAND_BASE_NUMBER_H
#define EVENHAND_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* [+-]digits[.digits][(e|E)[+-]digits], the whole text. False: not such a number, or too large. */
bool eh_number_parse(const char *text, size_t length, double *number);

/* The shortest decimal text that reads back as the same double; number must be finite. */
void eh_number_format(double number, char text[32]);

#endif
