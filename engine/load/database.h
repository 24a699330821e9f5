/* Loading from a database: it groups the records, and only counts come over.
 *
 *   eh_database_load(rules, &options, &counts, &problems, &error)
 *   account = eh_counts_account(counts); cells = eh_counts_cells(arena, counts, &count)
 */
#ifndef EVENHAND_LOAD_DATABASE_H
#define EVENHAND_LOAD_DATABASE_H

#include "engine/load/counts.h"

struct eh_database_options {
  const char *connection; /* a data source's name, or a connection string */
  const char *table;      /* NAME or SCHEMA.NAME */
  const char *query;      /* or the text of a query; NULL: table */
  const char *query_file; /* where the query stands, for reports */
  const char *shard_key;  /* the column by which a table is spread over servers, or NULL */
  const char *password;   /* NULL: none known */
  /* Asked when the server refuses; returns a password, or NULL to give up. May be NULL. */
  const char *(*ask_password)(void *context);
  void *context;
};

/* EH_BAD_RULES with problems when the table lacks a column of the rules. */
enum eh_status eh_database_load(const struct eh_rules *rules,
                                const struct eh_database_options *options, struct eh_counts **counts,
                                struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;

#endif
