/* Finding the bytes that shape delimited text, many at a time: the delimiters and the line ends
 * that stand outside quotes.
 *
 * A scan begins where a record does. It lists the positions of them all, and apart from that which
 * of them end a line, so that a record is one end away and its fields are in the list. It holds as
 * long as quotes stand where they may: an opening one where a field begins, a closing one where it
 * ends; there it stops. The fastest way that the processor has is chosen at run time; all give the
 * same lists.
 */
#ifndef EVENHAND_LOAD_SCAN_H
#define EVENHAND_LOAD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most bytes of one scan. A list has room for as many and ROOM more, since some beyond its end
   are written to. */
enum { EH_SCAN_WINDOW = 1 << 15, EH_SCAN_ROOM = 64, EH_SCAN_BLOCK = 64 };

struct eh_scan {
  uint32_t at[EH_SCAN_WINDOW + EH_SCAN_ROOM];   /* positions, ascending */
  uint32_t ends[EH_SCAN_WINDOW + EH_SCAN_ROOM]; /* indices into at: LF, CR, NUL */
  uint32_t odd[EH_SCAN_WINDOW + EH_SCAN_ROOM]; /* positions, ascending, of what stands within quotes
                                                  and is more than text: LF, CR, NUL, and of a pair
                                                  of quotes that means one the second */
  uint32_t quoted[EH_SCAN_WINDOW / EH_SCAN_BLOCK + 2]; /* positions, ascending, of the blocks of
                                                          bytes that hold quotes */
  size_t count, end_count, odd_count, quoted_count;
  size_t length; /* bytes that it holds for */
  bool is_ascii; /* no byte above 127 */
  bool
      has_edges; /* a blank or tab, no delimiter itself, begins or ends some field without quotes */
};

/* Ways to scan, slowest first. */
enum eh_scan_way { EH_SCAN_PORTABLE, EH_SCAN_SSE2, EH_SCAN_AVX2, EH_SCAN_AVX512, EH_SCAN_WAYS };
bool eh_scan_has(enum eh_scan_way way); /* can this processor do it? */
enum eh_scan_way eh_scan_best(void);

/* length is at most EH_SCAN_WINDOW. delimiter is no quote and ends no line. */
void eh_scan_text(enum eh_scan_way way, const char *text, size_t length, char delimiter,
                  struct eh_scan *scan);

#endif
