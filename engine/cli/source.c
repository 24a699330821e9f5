#include "engine/cli/source.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "engine/base/temporaries.h"
#include "engine/cli/cli.h"
#include "engine/load/database/database.h"
#include "engine/load/database/link.h"
#include "engine/load/origins/origins.h"
#include "rules/language/inputs.h"

enum { LARGEST_QUERY = 1 << 20, LONGEST_PASSWORD = 512 };

bool eh_cli_source_is_given(const struct eh_cli_source *s) { return s->connection || s->cells; }

int eh_cli_source_check(const struct eh_cli_source *s, int files) {
  static const char command[] = "audit";
  if (s->connection && s->cells)
    return eh_cli_misuse(command, "--from and --from-cells are two sources; name one");
  if (eh_cli_source_is_given(s) && files > 0)
    return eh_cli_misuse(command, "files of records and %s are two sources; name one",
                         s->connection ? "--from" : "--from-cells");
  if (!s->connection && (s->table || s->query_file || s->shard_key))
    return eh_cli_misuse(command, "%s is for a database; name it with --from",
                         s->table        ? "--table"
                         : s->query_file ? "--query"
                                         : "--shard-key");
  if (s->connection && !s->table == !s->query_file)
    return eh_cli_misuse(
        command,
        "name the records' table in the database with --table NAME, or else --query FILE.sql");
  bool is_command = s->connection && eh_link_command(s->connection);
  if (is_command && !s->dialect)
    return eh_cli_misuse(command,
                         "a command does not tell its language: name it with --dialect duckdb");
  if (!is_command && s->dialect)
    return eh_cli_misuse(command, "--dialect is for a command, --from 'exec:...'");
  if (s->shard_key && s->query_file)
    return eh_cli_misuse(
        command, "--shard-key is a column of the --table; a query is not spread over servers");
  return 0;
}

enum eh_status eh_cli_read_query(struct eh_arena *arena, const char *name, const char **text,
                                 struct eh_error *error) {
  FILE *file = fopen(name, "r");
  if (!file)
    return eh_fail_at(error, EH_BAD_USAGE, name, 0, 0,
                      "cannot be opened: %s; name a file with a query", strerror(errno));
  char *query = eh_arena_alloc(arena, LARGEST_QUERY + 1, 1);
  size_t length = fread(query, 1, LARGEST_QUERY, file);
  bool sound = !ferror(file) && feof(file) && strlen(query) == length && length > 0;
  fclose(file);
  *text = query;
  if (sound) return EH_OK;
  return eh_fail_at(error, EH_BAD_USAGE, name, 0, 0,
                    "is no query: it must be text, of at most 1 MiB");
}

enum eh_status eh_cli_refuse_inputs(const struct eh_rules *rules, struct eh_error *error) {
  EH_TRY(eh_rules_refuse_joins(rules,
                               "`joins` is for tables in files, and a database joins its own: "
                               "join them in a view or a --query, and use rules without `joins`",
                               error));
  return eh_rules_refuse_inputs(rules,
                                "`inputs` is for files of different layouts, and a database is "
                                "asked for one table; bring the records to one layout in a view "
                                "or a --query, and use rules with `columns` and no `inputs`",
                                error);
}

/* --- passwords --- */

struct prompt {
  struct eh_arena *arena;
  const char *given; /* what was typed, for a second connection; NULL: nothing yet */
};

/* Signals are held back; false: one of those that end the program came before a line was typed. */
static bool wait_for_line(void) {
  static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  enum { A_MOMENT = 100 /* milliseconds */ };
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  for (;;) {
    int ready = poll(&input, 1, A_MOMENT);
    sigset_t pending;
    sigpending(&pending);
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
      if (sigismember(&pending, deadly[i])) return false;
    if (ready != 0) return true;
  }
}

/* Ask at the terminal, without echo. A signal waits until what is typed shows again. */
static const char *ask_password(void *context) {
  struct prompt *prompt = context;
  struct termios shown, hidden;
  char line[LONGEST_PASSWORD + 2];
  if (prompt->given) return prompt->given;
  if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO) || tcgetattr(STDIN_FILENO, &shown) != 0)
    return NULL;
  fputs("Password: ", stderr);
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t)ECHO;
  sigset_t old;
  eh_signals_hold(&old);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  const char *read = wait_for_line() ? fgets(line, sizeof line, stdin) : NULL;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  fputs("\n", stderr);
  eh_signals_release(&old);
  if (!read) return NULL;
  line[strcspn(line, "\r\n")] = '\0';
  prompt->given = eh_arena_string(prompt->arena, line);
  explicit_bzero(line, sizeof line);
  return prompt->given;
}

/* Where the records are; what a prompt needs lives in the arena. */
static enum eh_status find_database(const struct eh_cli_source *s, struct eh_origin *origin,
                                    struct eh_error *error) {
  struct eh_database_options *options = eh_arena_alloc(origin->arena, 1, sizeof *options);
  struct prompt *prompt = eh_arena_alloc(origin->arena, 1, sizeof *prompt);
  *prompt = (struct prompt){.arena = origin->arena};
  *options = (struct eh_database_options){.connection = s->connection,
                                          .table = s->table,
                                          .query_file = s->query_file,
                                          .shard_key = s->shard_key,
                                          .dialect = s->dialect,
                                          .password = getenv("EVENHAND_PASSWORD"),
                                          .ask_password = ask_password,
                                          .context = prompt};
  origin->kind = eh_origin_database();
  origin->database = options;
  EH_TRY(eh_cli_refuse_inputs(origin->rules, error));
  if (!s->query_file) return EH_OK;
  return eh_cli_read_query(origin->arena, s->query_file, &options->query, error);
}

enum eh_status eh_cli_source_find(const struct eh_cli_source *s, struct eh_origin *origin,
                                  struct eh_error *error) {
  if (s->connection) return find_database(s, origin, error);
  origin->kind = s->cells ? eh_origin_cells() : eh_origin_files();
  if (s->cells) origin->names = &s->cells;
  return EH_OK;
}
