#include "rules/sql/sql.h"

#include <stdio.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "engine/cli/options.h"

static const char command[] = "sql";

/* By column of the rules. */
static int set_types(struct eh_request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  enum eh_sql_type *types = eh_arena_alloc(arena, rules->column_count, sizeof *types);
  for (size_t i = 0; i < r->typed_count; i++) {
    size_t found = 0;
    for (size_t c = 0; c < rules->column_count; c++) {
      if (rules->columns[c].kind != EH_GIVEN ||
          strcmp(rules->columns[c].header, r->typed[i].header) != 0)
        continue;
      types[c] = r->typed[i].type;
      found++;
    }
    if (!found)
      return eh_cli_misuse(command, "these rules read no column '%s'", r->typed[i].header);
  }
  r->sql.types = types;
  return 0;
}

static int print(struct eh_request *r, const char *name, struct eh_arena *arena) {
  const struct eh_rules *rules;
  const char *statement;
  struct eh_error error;
  int result = eh_cli_read_rules(arena, name, &rules);
  if (result == 0) result = set_types(r, rules, arena);
  if (result != 0) return result;
  enum eh_status status = eh_cli_refuse_inputs(rules, &error);
  if (status == EH_OK && r->source.query_file)
    status = eh_cli_read_query(arena, r->source.query_file, &r->sql.query, &error);
  if (status == EH_OK) status = eh_sql_cells(arena, rules, &r->sql, &statement, &error);
  if (status == EH_OK)
    fputs(statement, stdout);
  else
    eh_cli_report(&error);
  return eh_exit_status(status);
}

int eh_cli_sql(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .sql = {.table = "records", .as_of = eh_cli_today()}};
  int status = eh_cli_parse(EH_COMMAND_SQL, argc, argv, &r);
  if (status == 0 && !r.help) {
    if (r.operand_count != 1)
      status = eh_cli_misuse(command, "name one rules file");
    else if (!r.sql.dialect)
      status =
          eh_cli_misuse(command, "name the database's language with --dialect, such as postgresql");
    else
      status = print(&r, r.operands[0], arena);
  }
  eh_arena_free(arena);
  return status;
}
