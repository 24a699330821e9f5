#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/base/date.h"
#include "engine/cli/cli.h"
#include "reports/words/safe.h"

enum { LARGEST_RULES = 1 << 20 };

const char *eh_cli_input_name(const char *name) {
  return strcmp(name, "-") == 0 ? "standard input" : name;
}

static void print(FILE *stream, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0) return;
  struct eh_arena *arena = eh_arena_new();
  char *text = eh_arena_alloc(arena, (size_t)length + 1, 1);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  fputs(eh_safe_lines(arena, text), stream);
  eh_arena_free(arena);
}

void eh_cli_print(FILE *stream, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print(stream, format, arguments);
  va_end(arguments);
}

/* Its names and message, on one line whatever they hold. */
void eh_cli_report(const struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  fputs("evenhand: ", stderr);
  if (error->file[0]) {
    fputs(eh_safe_line(arena, eh_cli_input_name(error->file)), stderr);
    if (error->line) fprintf(stderr, ":%llu", (unsigned long long)error->line);
    if (error->column) fprintf(stderr, ":%llu", (unsigned long long)error->column);
    fputs(": ", stderr);
  }
  fprintf(stderr, "%s\n", eh_safe_line(arena, error->message));
  eh_arena_free(arena);
}

void eh_cli_report_all(const struct eh_problems *problems) {
  for (size_t i = 0; i < problems->count; i++) eh_cli_report(&problems->items[i]);
}

int eh_cli_misuse(const char *command, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "evenhand %s: ", command);
  print(stderr, format, arguments);
  fprintf(stderr, " (see: evenhand help %s)\n", command);
  va_end(arguments);
  return eh_exit_status(EH_BAD_USAGE);
}

/* The folder part of a path: what rename changes. */
static const char *folder_of(const char *path, char *folder, size_t size) {
  const char *slash = strrchr(path, '/');
  if (!slash) return ".";
  snprintf(folder, size, "%.*s", (int)(slash - path + 1), path);
  return folder;
}

static bool is_same_entry(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool eh_cli_is_same_file(const char *a, const char *b) {
  char folder[2][PATH_MAX];
  if (strcmp(a, b) == 0 || is_same_entry(a, b)) return true;
  const char *a_slash = strrchr(a, '/'), *b_slash = strrchr(b, '/');
  return strcmp(a_slash ? a_slash + 1 : a, b_slash ? b_slash + 1 : b) == 0 &&
         is_same_entry(folder_of(a, folder[0], PATH_MAX), folder_of(b, folder[1], PATH_MAX));
}

bool eh_cli_is_in_folder(const char *file, const char *folder) {
  char of_file[PATH_MAX];
  return is_same_entry(folder_of(file, of_file, PATH_MAX), folder);
}

int32_t eh_cli_today(void) {
  time_t now = time(NULL);
  struct tm local;
  if (!localtime_r(&now, &local)) return 0;
  return eh_date_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

/* The text of a rules file or pack, and the path it was found at. */
static enum eh_status read_text(const char *name, struct eh_arena *arena, const char **path,
                                char **text, size_t *length, struct eh_error *error) {
  FILE *file;
  EH_TRY(eh_cli_open_rules(arena, name, &file, path, error));
  *text = eh_arena_alloc(arena, LARGEST_RULES + 1, 1);
  errno = 0;
  *length = fread(*text, 1, LARGEST_RULES + 1, file);
  bool failed = ferror(file) != 0;
  int reason = errno;
  fclose(file);
  if (failed && reason == EISDIR)
    return eh_fail_at(error, EH_BAD_RULES, name, 0, 0, "is a folder; name a rules file");
  if (failed)
    return eh_fail_at(error, EH_BAD_RULES, name, 0, 0, "the rules cannot be read: %s",
                      strerror(reason ? reason : EIO));
  if (*length > LARGEST_RULES)
    return eh_fail_at(error, EH_BAD_RULES, name, 0, 0,
                      "is over 1 MiB, too large for a rules file; is it the records? The rules "
                      "come first");
  return EH_OK;
}

int eh_cli_read_rules(struct eh_arena *arena, const char *name, const struct eh_rules **rules) {
  struct eh_error error;
  struct eh_problems problems = {0};
  const char *path = NULL;
  char *text = NULL;
  size_t length = 0;
  enum eh_status status = read_text(name, arena, &path, &text, &length, &error);
  if (status != EH_OK)
    eh_cli_report(&error);
  else
    status = eh_rules_read(arena, path, text, length, rules, &problems);
  eh_cli_report_all(&problems);
  eh_problems_free(&problems);
  return eh_exit_status(status);
}

void eh_cli_report_bad_places(const struct eh_account *account) {
  for (size_t i = 0; i < account->bad_place_count; i++) {
    const struct eh_bad_place *p = &account->bad_places[i];
    eh_cli_print(stderr, "evenhand: %s:%llu: %s; this line is left out\n",
                 eh_cli_input_name(p->input), (unsigned long long)p->line, p->reason);
  }
  uint64_t bad = account->unusable;
  if (bad > account->bad_place_count)
    fprintf(stderr,
            "evenhand: %llu lines in all cannot be read and are left out; the report counts them "
            "by reason\n",
            (unsigned long long)bad);
}
