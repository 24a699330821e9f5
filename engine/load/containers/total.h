/* What people call a row that adds up others, or averages them, in English, Spanish, French, German,
 * Portuguese, Italian and Dutch. Whether a row is one is for its reader to say: it has few cells.
 */
#ifndef EVENHAND_LOAD_TOTAL_H
#define EVENHAND_LOAD_TOTAL_H

#include <stdbool.h>
#include <stddef.h>

/* "Total", "Subtotal:", "Total general", "North Total", "Total (600)", "n = 600"; capitals or not. */
bool eh_total_is_label(const char *text, size_t length);
/* Does it say so and nothing else, as no record's number does? */
bool eh_total_is_plain_label(const char *text, size_t length);

#endif
