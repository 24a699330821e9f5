/* Where an audit's counts come from when the records are not in files: a database, or cells that
 * its owner made. */
#ifndef EVENHAND_CLI_SOURCE_H
#define EVENHAND_CLI_SOURCE_H

#include "engine/load/database/database.h"

struct eh_cli_source {
  const char *connection, *table, *query_file,
      *shard_key;    /* --from, --table, --query, --shard-key */
  const char *cells; /* --from-cells */
  bool has_more;     /* results want more of a database than counts */
};

bool eh_cli_source_is_given(const struct eh_cli_source *source);
/* Do the options go together, and with so many files of records? An exit status; says what is
 * wrong. */
int eh_cli_source_check(const struct eh_cli_source *source, int files);

/* The counts, and the database that they came from (NULL: from cells). */
struct eh_cli_counts {
  struct eh_counts *counts;
  struct eh_database *database;
};
/* The password comes from the connection, EVENHAND_PASSWORD or, at a terminal, the keyboard. */
enum eh_status eh_cli_source_load(const struct eh_cli_source *source, const struct eh_rules *rules,
                                  struct eh_arena *arena, struct eh_cli_counts *counts,
                                  struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
void eh_cli_counts_free(struct eh_cli_counts *counts);

/* EH_BAD_RULES for rules with `inputs`, which no database can be asked by. */
enum eh_status eh_cli_refuse_inputs(const struct eh_rules *rules,
                                    struct eh_error *error) EH_MUST_USE;

/* The text of a file with a query. */
enum eh_status eh_cli_read_query(struct eh_arena *arena, const char *file, const char **text,
                                 struct eh_error *error) EH_MUST_USE;

#endif
