/* Takers of options' values, for the rows of options.c: each reads a text into the member of the
 * request that the option names. False after saying what is wrong. */
#ifndef EVENHAND_CLI_TAKE_H
#define EVENHAND_CLI_TAKE_H

#include "engine/cli/options.h"

#define EH_TAKER(name)                                                             \
  bool name(const struct eh_option *option, const char *command, const char *text, \
            struct eh_request *request)

EH_TAKER(eh_take_text);          /* const char * */
EH_TAKER(eh_take_flag);          /* bool: true */
EH_TAKER(eh_take_no);            /* bool: false */
EH_TAKER(eh_take_count);         /* uint64_t, from least to most */
EH_TAKER(eh_take_size);          /* size_t, likewise */
EH_TAKER(eh_take_real);          /* double, from low to high */
EH_TAKER(eh_take_day);           /* int32_t: 2026-01-31 */
EH_TAKER(eh_take_delimiter);     /* char */
EH_TAKER(eh_take_memory);        /* uint64_t, bytes: 800M, 4G; a number alone is bytes */
EH_TAKER(eh_take_parser);        /* bool: libcsv reads every record */
EH_TAKER(eh_take_faults);        /* unsigned: set of 1u << enum eh_fault */
EH_TAKER(eh_take_dialect);       /* request->sql.dialect */
EH_TAKER(eh_take_number_column); /* one more of request->typed */
EH_TAKER(eh_take_date_column);

#endif
