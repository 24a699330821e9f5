/* Rules by name: a file, or else a rule pack that came with the program. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cli.h"

enum { PATH_SIZE = 4096 };
static const char SUFFIX[] = ".yaml";

static bool is_folder_of_packs(const char *path) { return access(path, R_OK | X_OK) == 0; }

/* Remove the last part of a path; false when none is left. */
static bool go_up(char *path) {
  char *slash = strrchr(path, '/');
  if (!slash) return false;
  *slash = '\0';
  return true;
}

/* The packs lie beside the program, so that it works wherever it was installed and where it was
 * built: PREFIX/bin/evenhand has them in PREFIX/share/evenhand/rules, build/VARIANT/evenhand in
 * rules. False when there are none. */
static bool find_packs(char folder[PATH_SIZE]) {
  char path[PATH_SIZE / 2];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length > 0) {
    path[length] = '\0';
    if (go_up(path) && go_up(path)) {
      snprintf(folder, PATH_SIZE, "%s/share/evenhand/rules", path);
      if (is_folder_of_packs(folder)) return true;
      bool is_build = strlen(path) > 6 && strcmp(path + strlen(path) - 6, "/build") == 0;
      if (is_build && go_up(path)) {
        snprintf(folder, PATH_SIZE, "%s/rules", path);
        if (is_folder_of_packs(folder)) return true;
      }
    }
  }
  snprintf(folder, PATH_SIZE, "%s/rules", EH_DATADIR);
  return is_folder_of_packs(folder);
}

static bool has_suffix(const char *name) {
  size_t length = strlen(name), suffix = strlen(SUFFIX);
  return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0;
}

bool eh_cli_are_swapped(const char *rules, const char *records) {
  return !has_suffix(rules) && strchr(rules, '.') && has_suffix(records);
}

/* "there is no such file": and which packs there are. */
static enum eh_status fail_unknown(const char *name, const char *folder, struct eh_error *error) {
  struct eh_buffer names = {0};
  char pattern[PATH_SIZE + 8];
  glob_t found = {0};
  snprintf(pattern, sizeof pattern, "%s/*%s", folder, SUFFIX);
  if (glob(pattern, 0, NULL, &found) == 0)
    for (size_t i = 0; i < found.gl_pathc; i++) {
      const char *base = strrchr(found.gl_pathv[i], '/') + 1;
      eh_buffer_printf(&names, "%s%.*s", i ? ", " : "", (int)(strlen(base) - strlen(SUFFIX)), base);
    }
  globfree(&found);
  enum eh_status status =
      eh_fail_at(error, EH_BAD_RULES, name, 0, 0,
                 "there is no such rules file, nor a rule pack of this name; the packs are: %s",
                 names.length ? names.text : "(none installed)");
  eh_buffer_free(&names);
  return status;
}

enum eh_status eh_cli_open_rules(struct eh_arena *arena, const char *name, FILE **file,
                                 const char **path, struct eh_error *error) {
  char folder[PATH_SIZE] = "", pack[PATH_SIZE + 512];
  *path = name;
  *file = fopen(name, "r");
  if (*file) return EH_OK;
  if (errno != ENOENT || strchr(name, '/') || strlen(name) > 255)
    return eh_fail_at(error, EH_BAD_RULES, name, 0, 0, "the rules cannot be opened: %s",
                      strerror(errno));
  if (find_packs(folder)) {
    snprintf(pack, sizeof pack, "%s/%s%s", folder, name, has_suffix(name) ? "" : SUFFIX);
    *file = fopen(pack, "r");
    *path = eh_arena_string(arena, pack);
  }
  return *file ? EH_OK : fail_unknown(name, folder, error);
}
