#include "engine/load/database/command.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unistr.h>

#include "engine/load/database/words.h"

extern char **environ;

enum { PIECE = 1 << 16, LONGEST_COMPLAINT = 300 };

struct eh_command {
  struct eh_arena *arena;
  const struct eh_sql_dialect *dialect;
  const char *name, *version;
  char **words;
  FILE *answer; /* NULL: nothing was asked */
  struct csv_parser parser;
  bool has_parser, has_ended;
  struct eh_buffer texts; /* of the fields that were read and not handed on, each with its end */
  size_t *starts;         /* in texts */
  size_t count, capacity;
  size_t whole;    /* of the fields: those of whole rows */
  size_t next;     /* the first of the next row */
  size_t row_size; /* fields of the row that is read */
  bool has_header;
  bool is_ragged, has_nul;
  size_t columns;
  const char **fields;
};

const char *eh_command_name(const struct eh_command *c) { return c->name; }
const char *eh_command_version(const struct eh_command *c) { return c->version; }
size_t eh_command_columns(const struct eh_command *c) { return c->columns; }
const char *const *eh_command_fields(const struct eh_command *c) { return c->fields; }

/* --- the process --- */

/* A file without a name, that no process inherits unless it is given to it. */
static FILE *scratch(void) {
  FILE *file = tmpfile();
  if (file) fcntl(fileno(file), F_SETFD, FD_CLOEXEC);
  return file;
}

static int spawn(const struct eh_command *c, FILE *const streams[3], pid_t *process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, restored;
  sigemptyset(&none);
  sigemptyset(&restored);
  sigaddset(&restored, SIGPIPE);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &restored);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  for (int i = 0; i < 3; i++)
    posix_spawn_file_actions_adddup2(&actions, fileno(streams[i]), i);
  int failure = posix_spawnp(process, c->words[0], &actions, &attributes, c->words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

/* The last line that says something. */
static const char *last_line(FILE *file, char line[LONGEST_COMPLAINT]) {
  char text[LONGEST_COMPLAINT];
  snprintf(line, LONGEST_COMPLAINT, "it says nothing of why");
  rewind(file);
  while (fgets(text, sizeof text, file)) {
    text[strcspn(text, "\r\n")] = '\0';
    if (text[strspn(text, " \t")]) memcpy(line, text, sizeof text);
  }
  for (char *s = line; *s; s++)
    if ((unsigned char)*s < ' ' || *s == 0x7F) *s = ' ';
  return line;
}

static enum eh_status judge(const struct eh_command *c, int state, FILE *complaints,
                            struct eh_error *error) {
  char line[LONGEST_COMPLAINT];
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return EH_OK;
  bool is_signal = WIFSIGNALED(state);
  return eh_fail_at(error, EH_MACHINE, c->name, 0, 0,
                    "the client ended with %s %d (%s); nothing was written",
                    is_signal ? "signal" : "status",
                    is_signal ? WTERMSIG(state) : WEXITSTATUS(state), last_line(complaints, line));
}

static enum eh_status run(const struct eh_command *c, FILE *const streams[3],
                          struct eh_error *error) {
  pid_t process;
  int state = 0, failure = spawn(c, streams, &process);
  if (failure)
    return eh_fail_at(error, EH_MACHINE, c->name, 0, 0,
                      "the client cannot be started: %s; name a program that is installed",
                      strerror(failure));
  while (waitpid(process, &state, 0) < 0)
    if (errno != EINTR)
      return eh_fail_at(error, EH_MACHINE, c->name, 0, 0, "the client was lost: %s",
                        strerror(errno));
  return judge(c, state, streams[2], error);
}

static enum eh_status answer(struct eh_command *c, const char *statement, struct eh_error *error) {
  FILE *streams[3] = {scratch(), scratch(), scratch()};
  enum eh_status status = EH_OK;
  bool is_ready = streams[0] && streams[1] && streams[2] &&
                  fprintf(streams[0], "%s;\n", statement) > 0 && fflush(streams[0]) == 0;
  if (is_ready)
    rewind(streams[0]);
  else
    status = eh_fail_at(error, EH_MACHINE, c->name, 0, 0,
                        "no temporary file can be written for the statement: %s", strerror(errno));
  if (status == EH_OK) status = run(c, streams, error);
  if (status == EH_OK) {
    c->answer = streams[1];
    streams[1] = NULL;
    rewind(c->answer);
  }
  for (size_t i = 0; i < 3; i++)
    if (streams[i]) fclose(streams[i]);
  return status;
}

/* --- the answer --- */

static int is_no_space(unsigned char c) {
  (void)c;
  return 0;
}

static void take_field(void *text, size_t length, void *context) {
  struct eh_command *c = context;
  if (c->count == c->capacity) {
    c->capacity = c->capacity ? 2 * c->capacity : 256;
    c->starts = eh_resize(c->starts, c->capacity, sizeof *c->starts);
  }
  if (length && memchr(text, '\0', length)) c->has_nul = true;
  c->starts[c->count++] = c->texts.length;
  if (length) eh_buffer_add(&c->texts, text, length);
  eh_buffer_add(&c->texts, "", 1);
  c->row_size++;
}

static void take_end(int end, void *context) {
  struct eh_command *c = context;
  (void)end;
  if (!c->has_header) {
    c->has_header = true;
    c->columns = c->row_size;
    c->count = c->texts.length = 0;
  } else if (c->row_size != c->columns) {
    c->is_ragged = true;
  }
  c->row_size = 0;
  c->whole = c->count;
}

static enum eh_status refuse(const struct eh_command *c, const char *what,
                             struct eh_error *error) {
  return eh_fail_at(error, EH_BAD_INPUT, c->name, 0, 0,
                    "the client's answer is not what was asked for: %s; let it write plain CSV, "
                    "with a header and nothing else",
                    what);
}

/* What was handed on goes, and a piece of the answer is read. */
static enum eh_status read_piece(struct eh_command *c, struct eh_error *error) {
  char piece[PIECE];
  size_t kept = c->next < c->count ? c->starts[c->next] : c->texts.length;
  memmove(c->texts.text, c->texts.text + kept, c->texts.length - kept);
  for (size_t i = c->next; i < c->count; i++) c->starts[i - c->next] = c->starts[i] - kept;
  c->texts.length -= kept;
  c->count -= c->next;
  c->next = c->whole = 0;
  size_t length = fread(piece, 1, sizeof piece, c->answer);
  if (csv_parse(&c->parser, piece, length, take_field, take_end, c) != length)
    return refuse(c, csv_strerror(csv_error(&c->parser)), error);
  if (length == sizeof piece) return EH_OK;
  if (ferror(c->answer)) return refuse(c, "it cannot be read back", error);
  c->has_ended = true;
  return csv_fini(&c->parser, take_field, take_end, c) == 0
             ? EH_OK
             : refuse(c, "a quotation mark is open at its end", error);
}

static enum eh_status read_row(struct eh_command *c, struct eh_error *error) {
  while (c->next == c->whole && !c->has_ended) EH_TRY(read_piece(c, error));
  if (c->is_ragged) return refuse(c, "its rows differ in how many fields they have", error);
  return c->has_nul ? refuse(c, "there is a NUL in it", error) : EH_OK;
}

void eh_command_done(struct eh_command *c) {
  if (c->answer) fclose(c->answer);
  if (c->has_parser) csv_free(&c->parser);
  c->answer = NULL;
  c->has_parser = c->has_ended = c->has_header = false;
  c->count = c->whole = c->next = c->row_size = c->texts.length = 0;
}

enum eh_status eh_command_ask(struct eh_command *c, const char *statement,
                              struct eh_error *error) {
  eh_command_done(c);
  EH_TRY(answer(c, eh_sql_marked(c->arena, c->dialect, statement), error));
  if (csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) abort();
  c->has_parser = true;
  csv_set_space_func(&c->parser, is_no_space);
  c->columns = 0;
  eh_buffer_add(&c->texts, "", 1); /* so that there is a text to move */
  c->texts.length = 0;
  while (!c->has_header && !c->has_ended) EH_TRY(read_piece(c, error));
  if (!c->has_header) return refuse(c, "there is none", error);
  c->fields = eh_resize((void *)c->fields, c->columns, sizeof *c->fields);
  return EH_OK;
}

enum eh_status eh_command_row(struct eh_command *c, const char *const **fields,
                              struct eh_error *error) {
  *fields = NULL;
  EH_TRY(read_row(c, error));
  if (c->next == c->whole) return EH_OK;
  for (size_t i = 0; i < c->columns; i++) {
    const char *text = c->texts.text + c->starts[c->next + i];
    bool is_null = strcmp(text, "-") == 0;
    if (!is_null && *text != '=') return refuse(c, "a field has no mark before it", error);
    if (u8_check((const uint8_t *)text, strlen(text)))
      return refuse(c, "it is not text in UTF-8", error);
    c->fields[i] = is_null ? NULL : text + 1;
  }
  c->next += c->columns;
  *fields = c->fields;
  return EH_OK;
}

/* --- the client --- */

/* Does the client give back what it is given, and does the engine speak the dialect? */
static enum eh_status probe(struct eh_command *c, struct eh_error *error) {
  static const char *const expected[] = {NULL, "", ",\"'\\\n\t\xC3\xA9 ", "6.56",
                                         "9007199254740993", "3"};
  enum { VERSION = sizeof expected / sizeof expected[0] };
  const char *const *fields;
  EH_TRY(eh_command_ask(c, eh_sql_probe(c->dialect), error));
  EH_TRY(eh_command_row(c, &fields, error));
  bool is_sound = fields && c->columns == VERSION + 1 && fields[VERSION];
  for (size_t i = 0; is_sound && i < VERSION; i++)
    is_sound = expected[i] ? fields[i] && strcmp(fields[i], expected[i]) == 0 : !fields[i];
  if (!is_sound) return refuse(c, "it does not give back the texts of a first statement", error);
  c->version = eh_arena_printf(c->arena, "%s %s", eh_sql_dialect_name(c->dialect), fields[VERSION]);
  eh_command_done(c);
  return EH_OK;
}

static enum eh_status connect(struct eh_command *c, const char *target, struct eh_error *error) {
  c->words = eh_words_split(c->arena, target);
  if (!c->words || !c->words[0])
    return eh_fail_at(error, EH_BAD_USAGE, "--from exec:", 0, 0,
                      "%s; write it as in --from 'exec:duckdb -csv cases.duckdb'",
                      c->words ? "names no command" : "has a quotation mark that is not closed");
  c->name = eh_arena_printf(c->arena, "exec:%s", c->words[0]);
  if (eh_sql_probe(c->dialect)) return probe(c, error);
  return eh_fail_at(error, EH_BAD_USAGE, c->name, 0, 0,
                    "a command cannot be asked in %s yet, only in duckdb: use ODBC, or `evenhand "
                    "sql` and --from-cells",
                    eh_sql_dialect_name(c->dialect));
}

enum eh_status eh_command_connect(struct eh_command **command, const char *target,
                                  const struct eh_sql_dialect *dialect, struct eh_error *error) {
  struct eh_command *c = eh_alloc_zeroed(1, sizeof *c);
  c->arena = eh_arena_new();
  c->dialect = dialect;
  enum eh_status status = connect(c, target, error);
  if (status != EH_OK) {
    eh_command_close(c);
    c = NULL;
  }
  *command = c;
  return status;
}

void eh_command_close(struct eh_command *c) {
  if (!c) return;
  eh_command_done(c);
  eh_buffer_free(&c->texts);
  free(c->starts);
  free((void *)c->fields);
  eh_arena_free(c->arena);
  free(c);
}
