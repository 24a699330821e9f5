/* HTML, written as it comes: texts stand for themselves, whatever is in them.
 *
 *   eh_html_print(stream, "<p title=\"%s\">%s</p>\n", why, text)
 *
 * The format is HTML, and takes %s alone; each such text is made safe, within an element as within
 * the quotes of an attribute: & < > " ' become references, bytes that are no UTF-8 and characters
 * that nobody sees are spelled out (reports/words/safe.h).
 */
#ifndef EVENHAND_REPORTS_HTML_H
#define EVENHAND_REPORTS_HTML_H

#include <stdio.h>

void eh_html_text(FILE *stream, const char *text);
__attribute__((format(printf, 2, 3))) void eh_html_print(FILE *stream, const char *format, ...);

#endif
