/* Which records occurred before: what is gathered of each, until all were read. */
#ifndef EVENHAND_LOAD_REPEATS_H
#define EVENHAND_LOAD_REPEATS_H

#include "engine/load/survey/internal.h"

struct eh_repeat_case {
  uint64_t id;    /* of the case; of a record without one, which can only be known again as a whole,
                     the complement of `whole` */
  uint64_t whole; /* of the record */
  uint32_t row;
  bool has_case;
};
struct eh_repeat_person {
  uint64_t id;
  uint32_t row;
};

/* Items of one id are in one part, in the order of the records. id 0: not recorded. */
void eh_repeats_add_case(struct eh_spill *spill, uint64_t id, uint64_t whole, uint32_t row);
void eh_repeats_add_person(struct eh_spill *spill, uint64_t id, uint32_t row);

#endif
