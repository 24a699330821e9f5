/* The findings beside what is on file of them, in words. */
#ifndef EVENHAND_REPORTS_ON_FILE_H
#define EVENHAND_REPORTS_ON_FILE_H

#include "engine/audit/followup/on_file.h"

/* "5 of 7 findings are on file in ledger.csv, 2 are not; 1 closed as implemented was found again, 2
   are overdue. 3 more rows are no findings now." */
const char *eh_on_file_line(struct eh_arena *arena, const struct eh_on_file *on_file);
/* "O0140, favourable discretion, across officer_id: response due 2026-03-01 (J. Doe)"; NULL:
   nothing waits. */
const char *eh_on_file_attention(struct eh_arena *arena, const struct eh_on_file_item *item);

#endif
