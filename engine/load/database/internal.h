/* What the files behind database.h share. Internal to engine/load. */
#ifndef EVENHAND_LOAD_DATABASE_INTERNAL_H
#define EVENHAND_LOAD_DATABASE_INTERNAL_H

#include "engine/load/database/database.h"
#include "engine/load/database/link.h"
#include "engine/load/records/records.h"
#include "rules/sql/sql.h"

struct eh_database {
  const struct eh_rules *rules;
  struct eh_database_options options;
  struct eh_link *connection;
  struct eh_sql_options sql;
  struct eh_counts *counts;
  struct eh_account *account; /* NULL: not settled yet */
  const char **headers;       /* of the table, as the rules write them */
  size_t header_count;
  struct eh_arena *arena; /* of the column types and statements */
  const char **statements;
  size_t statement_count, statement_capacity;
};

/* Ask, and let the reports say so. */
enum eh_status eh_database_ask(struct eh_database *database, const char *statement,
                               struct eh_error *error) EH_MUST_USE;
/* The day of a record_date; false: none. */
bool eh_database_day(const struct eh_database *database, const char *field, int32_t *day);

#endif
