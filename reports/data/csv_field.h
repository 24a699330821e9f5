/* A text as a field of CSV (RFC 4180 quoting) that no program runs: one that a spreadsheet would
 * take for a formula has an apostrophe before it, which loading takes away again. */
#ifndef EVENHAND_REPORTS_CSV_FIELD_H
#define EVENHAND_REPORTS_CSV_FIELD_H

#include <stdio.h>

void eh_csv_put_field(FILE *stream, const char *text);

#endif
