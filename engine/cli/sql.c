#include "rules/sql/sql.h"

#include <stdio.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "engine/cli/source.h"

static const char command[] = "sql";
static const struct option options[] = {
    {"dialect", required_argument, NULL, 'd'}, {"table", required_argument, NULL, 't'},
    {"query", required_argument, NULL, 'q'},   {"shard-key", required_argument, NULL, 's'},
    {"number", required_argument, NULL, 'n'},  {"date", required_argument, NULL, 'D'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};

struct request {
  struct eh_sql_options sql;
  const char *query_file;
  const char **typed; /* headers of columns that the database keeps as numbers or dates */
  enum eh_sql_type *types;
  size_t typed_count;
  bool help;
};

static bool take_dialect(struct request *r, const char *name) {
  const char *known[16];
  size_t count = 0;
  r->sql.dialect = eh_sql_dialect_find(name);
  if (r->sql.dialect) return true;
  struct eh_buffer list = {0};
  while (count < 16 && (known[count] = eh_sql_dialect_at(count))) {
    eh_buffer_printf(&list, "%s%s", count ? ", " : "", known[count]);
    count++;
  }
  const char *near = eh_rules_nearest(name, known, count);
  eh_cli_misuse(command, "there is no dialect '%s'%s%s%s; there are %s", name,
                near ? "; did you mean '" : "", near ? near : "", near ? "'" : "", list.text);
  eh_buffer_free(&list);
  return false;
}

static bool take_option(int c, struct request *r) {
  switch (c) {
    case 'd':
      return take_dialect(r, optarg);
    case 't':
      r->sql.table = optarg;
      return true;
    case 'q':
      r->query_file = optarg;
      return true;
    case 's':
      r->sql.shard_key = optarg;
      return true;
    case 'n':
    case 'D':
      r->types[r->typed_count] = c == 'n' ? EH_SQL_NUMBER : EH_SQL_DATE;
      r->typed[r->typed_count++] = optarg;
      return true;
    case 'h':
      r->help = true;
      return true;
    default:
      return false;
  }
}

/* By column of the rules. */
static int set_types(struct request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  enum eh_sql_type *types = eh_arena_alloc(arena, rules->column_count, sizeof *types);
  for (size_t i = 0; i < r->typed_count; i++) {
    size_t found = 0;
    for (size_t c = 0; c < rules->column_count; c++) {
      if (rules->columns[c].kind != EH_GIVEN || strcmp(rules->columns[c].header, r->typed[i]) != 0)
        continue;
      types[c] = r->types[i];
      found++;
    }
    if (!found) return eh_cli_misuse(command, "these rules read no column '%s'", r->typed[i]);
  }
  r->sql.types = types;
  return 0;
}

static int print(struct request *r, const char *name, struct eh_arena *arena) {
  const struct eh_rules *rules;
  const char *statement;
  struct eh_error error;
  int result = eh_cli_read_rules(arena, name, &rules);
  if (result == 0) result = set_types(r, rules, arena);
  if (result != 0) return result;
  enum eh_status status = eh_cli_refuse_inputs(rules, &error);
  if (status == EH_OK && r->query_file)
    status = eh_cli_read_query(arena, r->query_file, &r->sql.query, &error);
  if (status == EH_OK) status = eh_sql_cells(arena, rules, &r->sql, &statement, &error);
  if (status == EH_OK)
    fputs(statement, stdout);
  else
    eh_cli_report(&error);
  return eh_exit_status(status);
}

int eh_cli_sql(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct request r = {.sql = {.table = "records"}};
  r.typed = eh_arena_alloc(arena, (size_t)argc, sizeof *r.typed);
  r.types = eh_arena_alloc(arena, (size_t)argc, sizeof *r.types);
  int c, status = 0;
  opterr = 0;
  while (status == 0 && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
    if (c == '?' || c == ':')
      status = eh_cli_wrong_option(command, argc, argv, options, c);
    else if (!take_option(c, &r))
      status = eh_exit_status(EH_BAD_USAGE);
  }
  if (status == 0 && r.help)
    fputs(eh_cli_help_text(command), stdout);
  else if (status == 0 && argc - optind != 1)
    status = eh_cli_misuse(command, "name one rules file");
  else if (status == 0 && !r.sql.dialect)
    status =
        eh_cli_misuse(command, "name the database's language with --dialect, such as postgresql");
  else if (status == 0)
    status = print(&r, argv[optind], arena);
  eh_arena_free(arena);
  return status;
}
