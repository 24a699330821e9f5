/* Records in a database: it groups them, and only counts come over.
 *
 *   eh_database_open(rules, &options, &database, &problems, &error)
 *   counts = eh_database_counts(database)
 *   account = eh_counts_account(counts)
 *   eh_counts_cells(arena, counts, &cells, &count, &error)
 *
 * The connection stays open until eh_database_close, in one transaction: whatever is asked later
 * (records behind findings, counts by day) is asked of the same records. All that was asked stands
 * in the account.
 */
#ifndef EVENHAND_LOAD_DATABASE_H
#define EVENHAND_LOAD_DATABASE_H

#include "engine/load/cells/over_time.h"
#include "engine/load/counts/counts.h"
#include "engine/load/find/find.h"
#include "engine/load/survey/survey.h"

struct eh_database_options {
  const char *connection; /* a data source's name, a connection string, or exec:COMMAND */
  const struct eh_sql_dialect *dialect; /* a command's; else NULL: the server tells */
  const char *table;      /* NAME or SCHEMA.NAME */
  const char *query;      /* or the text of a query; NULL: table */
  const char *query_file; /* where the query stands, for reports */
  const char *shard_key;  /* the column by which a table is spread over servers, or NULL */
  int32_t as_of;          /* see eh_sql_options */
  bool has_more;          /* after the counts something will be asked of the records */
  const char *password;   /* NULL: none known */
  /* Asked when the server refuses; returns a password, or NULL to give up. May be NULL. */
  const char *(*ask_password)(void *context);
  void *context;
};

struct eh_database;
/* Connect, and count. EH_BAD_RULES with problems when the table lacks a column of the rules. The
 * options' texts must live as long as the database. */
enum eh_status eh_database_open(const struct eh_rules *rules,
                                const struct eh_database_options *options,
                                struct eh_database **database, struct eh_problems *problems,
                                struct eh_error *error) EH_MUST_USE;
void eh_database_close(struct eh_database *database);
/* They live as long as the database. */
struct eh_counts *eh_database_counts(struct eh_database *database);

/* The records behind findings: those of a flagged unit, and those in the strata asked for, come
   over one by one; the answer is that of eh_records_source. */
struct eh_find_source eh_database_source(struct eh_database *database);

/* As eh_records_over_time, by one further question: of all, in fitting periods, and of each value of
   a column that is a dimension, by quarter (column -1: NULL). */
enum eh_status eh_database_over_time(struct eh_arena *arena, struct eh_database *database,
                                     int column, const struct eh_over_time **all,
                                     const struct eh_over_time **units,
                                     struct eh_error *error) EH_MUST_USE;

/* The survey of all columns, by further questions, whose answers are counts: what eh_survey_files
   makes of the same records, but for what needs their order or their lines
   (eh_survey_counted.unassessed says what). Not of a table with a shard key. */
enum eh_status eh_database_survey(struct eh_database *database, struct eh_survey **survey,
                                  struct eh_error *error) EH_MUST_USE;

#endif
