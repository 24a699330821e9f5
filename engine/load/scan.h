/* Finding the bytes that shape delimited text: delimiters, line ends, quotes and NULs, many bytes
 * at a time.
 *
 * A scan lists the positions of them all, and apart from that which of them are no delimiter (the
 * stops), so that a plain record is one stop away and its fields are in the list. The fastest way
 * that the processor has is chosen at run time; all give the same lists.
 */
#ifndef EVENHAND_LOAD_SCAN_H
#define EVENHAND_LOAD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EH_SCAN_WINDOW = 1 << 15 }; /* the most bytes of one scan */

struct eh_scan {
  uint32_t at[EH_SCAN_WINDOW + 64];    /* positions, ascending; some beyond count are written to */
  uint32_t stops[EH_SCAN_WINDOW + 64]; /* indices into at: LF, CR, quote, NUL */
  size_t count, stop_count;
  bool is_ascii;  /* no byte above 127 */
  bool has_edges; /* a blank or tab, no delimiter itself, begins or ends some field */
};

/* Ways to scan, slowest first. */
enum eh_scan_way { EH_SCAN_PORTABLE, EH_SCAN_SSE2, EH_SCAN_AVX2, EH_SCAN_AVX512, EH_SCAN_WAYS };
bool eh_scan_has(enum eh_scan_way way); /* can this processor do it? */
enum eh_scan_way eh_scan_best(void);

/* length is at most EH_SCAN_WINDOW. */
void eh_scan_text(enum eh_scan_way way, const char *text, size_t length, char delimiter,
                  struct eh_scan *scan);

#endif
