/* Where records stand in the text of a chunk, found by their line ends without parsing them. */
#ifndef EVENHAND_LOAD_LOCATE_H
#define EVENHAND_LOAD_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

struct eh_span {
  size_t offset, length; /* with the line end */
};

/* The places of the wanted records (numbers from 0, ascending). A line end outside quotes ends a
   record. False where the text does not come out as so many records: some line in it is no record,
   and only parsing can tell which. Even then the answer is a good guess, not proof: compare what
   was found with what is known of the record. */
bool eh_locate(const char *text, size_t length, size_t records, const size_t *wanted, size_t count,
               struct eh_span *spans);

#endif
