/* What is wanted of a container that may hold several tables. */
#ifndef EVENHAND_LOAD_WISH_H
#define EVENHAND_LOAD_WISH_H

#include <stdbool.h>
#include <stddef.h>

struct eh_wish {
  const char *sheet;           /* the name of one; NULL: the only one with records */
  const char *const *headers;  /* columns that are needed */
  size_t header_count;
  bool has_headers;            /* it is known which; otherwise all are */
  unsigned skipped;            /* rows to pass over before the header */
  bool keeps_totals;           /* rows of totals are records */
};

#endif
