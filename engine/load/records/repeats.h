/* Which of the records with one case number, or of one person, stays.
 *
 * The earliest (or, where the rules say so, the last); of one day, the first by the column of
 * `order_by`; of persons then by case number; and then the first in the files as they are named.
 * Nothing that a record says of the decision has a say in it, unless `repeated: worst` asks. A
 * missing date or order comes last either way: nobody can say when that was.
 */
#ifndef EVENHAND_LOAD_RECORDS_REPEATS_H
#define EVENHAND_LOAD_RECORDS_REPEATS_H

#include "engine/load/records/records.h"

/* One record of a case keeps its fate, the others become EH_REPEATED_CASE or EH_DIFFERING_CASE.
   EH_BAD_INPUT where the rules refuse several. */
enum eh_status eh_repeats_settle_cases(struct eh_records *records,
                                       struct eh_error *error) EH_MUST_USE;
/* The same of the audited records of one person: EH_SAME_PERSON. */
enum eh_status eh_repeats_settle_persons(struct eh_records *records,
                                         struct eh_error *error) EH_MUST_USE;

/* Values of `order_by`: whole numbers by size, before all other texts, which go bytewise. Both are
 * recorded. */
int eh_repeats_compare_orders(const char *a, const char *b);

#endif
