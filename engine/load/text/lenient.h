/* Reading what strict CSV refuses and common readers read: quotes that stand within a field mean
 * themselves (6'02", the "Blue Room"), ="0100001" is one field. What is quoted properly is read as
 * ever. Internal to engine/load/text/csv.c, which asks for it where libcsv finds a quote that may
 * not stand there.
 */
#ifndef EVENHAND_LOAD_LENIENT_H
#define EVENHAND_LOAD_LENIENT_H

#include "engine/load/text/csv.h"

struct eh_lenient {
  char delimiter;
  size_t field_count; /* that the record should have; 0: any number */
  bool is_last;       /* the text ends at its end */
  /* A field, without blanks around it; `has_pairs`: of quotes, each of which means one. */
  void (*take)(void *context, const char *text, size_t length, bool has_pairs);
  void (*forget)(void *context); /* what was taken */
  void *context;
};

enum eh_lenient_outcome {
  EH_LENIENT_RECORD,
  EH_LENIENT_INCOMPLETE, /* it does not end in the text */
  EH_LENIENT_NONE        /* no record even so */
};

/* Read the record that begins at start; *after: behind it. */
enum eh_lenient_outcome eh_lenient_read(const struct eh_lenient *lenient, const char *start,
                                        const char *end, const char **after);

#endif
