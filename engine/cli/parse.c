/* Reading a command line by the table of options. */
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/load/database/connection.h"

enum { MOST_OPTIONS = 64 };

/* What getopt_long is told of a command, and the row of each option that it may find. */
struct known {
  struct option options[MOST_OPTIONS + 1];
  const struct eh_option *rows[MOST_OPTIONS];
  size_t count;
  char letters[3 * MOST_OPTIONS];
};

static void list_options(enum eh_command command, struct known *known) {
  size_t count;
  const struct eh_option *rows = eh_options(&count);
  char *letter = known->letters;
  *known = (struct known){0};
  *letter++ = ':';
  for (size_t i = 0; i < count; i++) {
    const struct eh_option *row = &rows[i];
    if (!eh_option_is_of(row, command)) continue;
    assert(known->count < MOST_OPTIONS);
    if (row->letter) *letter++ = row->letter;
    if (row->letter && row->value) *letter++ = ':';
    known->options[known->count] = (struct option){
        row->name, row->value ? required_argument : no_argument, NULL, 256 + (int)known->count};
    known->rows[known->count++] = row;
  }
}

/* By what getopt_long found: a letter, or a name's number. */
static const struct eh_option *found_row(const struct known *known, int found) {
  if (found >= 256) return known->rows[found - 256];
  size_t i = 0;
  while (known->rows[i]->letter != found) i++;
  return known->rows[i];
}

static const char *nearest_option(const char *wrong, const struct known *known) {
  const char *names[MOST_OPTIONS];
  for (size_t i = 0; i < known->count; i++) names[i] = known->rows[i]->name;
  return eh_rules_nearest(wrong, names, known->count);
}

/* How many options a shortened name could stand for. */
static int count_meant(const char *shortened, const struct known *known) {
  int count = 0;
  for (size_t i = 0; i < known->count; i++)
    count += strncmp(known->rows[i]->name, shortened, strlen(shortened)) == 0;
  return count;
}

/* getopt_long found a wrong option: says which, with the nearest one. */
static int refuse(const char *command, int argc, char **argv, const struct known *known,
                  int result) {
  const char *given = optind > 0 && optind <= argc ? argv[optind - 1] : "";
  if (result == ':') return eh_cli_misuse(command, "the option '%s' needs a value", given);
  if (strncmp(given, "--", 2) != 0)
    return eh_cli_misuse(command, "there is no option '-%c'", optopt);
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given + 2);
  const char *near = nearest_option(name, known);
  if (near && strcmp(near, name) == 0)
    return eh_cli_misuse(command, "the option '--%s' takes no value", name);
  if (count_meant(name, known) > 1)
    return eh_cli_misuse(command, "'--%s' is short for several options; write it in full", name);
  if (near)
    return eh_cli_misuse(command, "there is no option '--%s'; did you mean '--%s'?", name, near);
  return eh_cli_misuse(command, "there is no option '--%s'", name);
}

/* A word as a shell would take it back. */
static void add_word(struct eh_buffer *text, const char *word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/=,:+@%";
  eh_buffer_puts(text, " ");
  if (word[0] && !word[strspn(word, plain)]) {
    eh_buffer_puts(text, word);
    return;
  }
  eh_buffer_puts(text, "'");
  for (const char *s = word; *s; s++)
    eh_buffer_add(text, *s == '\'' ? "'\\''" : s, *s == '\'' ? 4 : 1);
  eh_buffer_puts(text, "'");
}

/* Reports carry the command that made them, without the places of results and whatever else has no
 * influence on what they show: so they are the same to the byte wherever they are written and
 * however many threads made them. */
static void record(struct eh_buffer *text, const struct eh_option *row, const char *value,
                   struct eh_arena *arena) {
  if (row->recorded == EH_RECORD_NOTHING) return;
  eh_buffer_printf(text, " --%s", row->name);
  if (!row->value) return;
  if (row->recorded == EH_RECORD_KIND)
    value = row->value;
  else if (row->recorded == EH_RECORD_CONNECTION)
    value = eh_connection_shown(arena, value);
  add_word(text, value);
}

static int take_options(enum eh_command command, int argc, char **argv, struct eh_request *r,
                        struct eh_buffer *text) {
  const char *name = eh_command(command)->name;
  struct known known;
  list_options(command, &known);
  opterr = 0;
  optind = 0; /* one command may run others, each with a line of its own */
  for (int c; (c = getopt_long(argc, argv, known.letters, known.options, NULL)) != -1;) {
    if (c == '?' || c == ':') return refuse(name, argc, argv, &known, c);
    const struct eh_option *row = found_row(&known, c);
    if (!row->take(row, name, optarg, r)) return eh_exit_status(EH_BAD_USAGE);
    record(text, row, optarg, r->arena);
  }
  return 0;
}

int eh_cli_parse(enum eh_command command, int argc, char **argv, struct eh_request *r) {
  struct eh_buffer text = {0};
  eh_buffer_printf(&text, "evenhand %s", eh_command(command)->name);
  r->typed = eh_arena_alloc(r->arena, (size_t)argc, sizeof *r->typed);
  int status = take_options(command, argc, argv, r, &text);
  for (int i = optind; i < argc; i++) add_word(&text, argv[i]);
  r->command_line = eh_arena_copy(r->arena, text.text, text.length);
  eh_buffer_free(&text);
  if (status == 0 && r->help) eh_cli_print_help(command);
  r->operands = (const char *const *)argv + optind;
  r->operand_count = (size_t)(argc - optind);
  return status;
}
