/* Where an audit's records are, by the command line: in files, or else in a database, or only as
 * cells that their owner made. */
#ifndef EVENHAND_CLI_SOURCE_H
#define EVENHAND_CLI_SOURCE_H

#include "engine/load/origin.h"
#include "rules/sql/sql.h"

struct eh_cli_source {
  const char *connection, *table, *query_file,
      *shard_key;    /* --from, --table, --query, --shard-key */
  const char *cells; /* --from-cells */
  const struct eh_sql_dialect *dialect; /* --dialect, of a command that is asked */
};

bool eh_cli_source_is_given(const struct eh_cli_source *source);
/* Do the options go together, and with so many files of records? An exit status; says what is
 * wrong. */
int eh_cli_source_check(const struct eh_cli_source *source, int files);

/* The origin's kind, and where it is, unless in the files that the origin names already. The
   password comes from the connection, EVENHAND_PASSWORD or, at a terminal, the keyboard. */
enum eh_status eh_cli_source_find(const struct eh_cli_source *source, struct eh_origin *origin,
                                  struct eh_error *error) EH_MUST_USE;

/* EH_BAD_RULES for rules with `inputs`, which no database can be asked by. */
enum eh_status eh_cli_refuse_inputs(const struct eh_rules *rules,
                                    struct eh_error *error) EH_MUST_USE;

/* The text of a file with a query. */
enum eh_status eh_cli_read_query(struct eh_arena *arena, const char *file, const char **text,
                                 struct eh_error *error) EH_MUST_USE;

#endif
