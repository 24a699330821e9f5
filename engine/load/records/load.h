/* Loading: from files of records to cells.
 *
 *   eh_load_files(rules, names, count, &options, &records, &problems, &error)
 *   eh_records_cells(arena, records, &cells, &count, &error)
 *   account = eh_records_account(records)
 *
 * Records are never dropped silently: account.read = account.audited + the sum of account.excluded.
 */
#ifndef EVENHAND_LOAD_LOAD_H
#define EVENHAND_LOAD_LOAD_H

#include "engine/load/account.h"
#include "engine/load/options.h"

struct eh_records;

/* Read files ("-" is standard input). EH_BAD_RULES with problems when a file lacks a column of the
 * rules. */
enum eh_status eh_load_files(const struct eh_rules *rules, const char *const *names, size_t count,
                             const struct eh_load_options *options, struct eh_records **records,
                             struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
void eh_records_free(struct eh_records *records);

const struct eh_account *eh_records_account(const struct eh_records *records);

/* The cells of every comparison of every measure and value of each, in the rules' order, in the
   arena. They refer to labels that live as long as the records. EH_MACHINE where they would pass
   options.memory. */
enum eh_status eh_records_cells(struct eh_arena *arena, struct eh_records *records,
                                struct eh_cells **cells, size_t *count,
                                struct eh_error *error) EH_MUST_USE;
/* So the tables by period that the rules ask for, in their order; see by_period.h. */
enum eh_status eh_records_tables(struct eh_arena *arena, struct eh_records *records,
                                 struct eh_cells **cells, size_t *count,
                                 struct eh_error *error) EH_MUST_USE;

/* Only the header: do the rules fit the file? */
enum eh_status eh_load_check_header(const struct eh_rules *rules, const char *name,
                                    const struct eh_load_options *options,
                                    struct eh_problems *problems,
                                    struct eh_error *error) EH_MUST_USE;

#endif
