/* How wide text stands on paper and screen: what column widths and row heights are reckoned from.
 *
 * By the widths of Arial's letters, in digits, which is what spreadsheets measure columns in. Other
 * letters than ASCII's count as wide as a digit and a bit, those of East Asia as two.
 */
#ifndef EVENHAND_REPORTS_TEXT_WIDTH_H
#define EVENHAND_REPORTS_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* Of valid UTF-8, without line ends; size: bytes. */
double eh_text_width(const char *text, size_t size, bool bold);
/* How many lines it takes, broken at blanks and line ends (and within words too long for a line)
 * so that none is wider than width. At least 1. */
double eh_text_lines(const char *text, double width, bool bold);

#endif
