#include "engine/base/target.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of a path, resolved; false: there is none. name: what is behind it. */
static bool split(const char *path, char folder[PATH_MAX], const char **name) {
  const char *slash = strrchr(path, '/');
  char given[PATH_MAX];
  *name = slash ? slash + 1 : path;
  if (slash == path) return strcpy(folder, "/") != NULL;
  if (!slash) return realpath(".", folder) != NULL;
  size_t length = (size_t)(slash - path);
  if (length >= sizeof given) return false;
  memcpy(given, path, length);
  given[length] = '\0';
  return realpath(given, folder) != NULL;
}

static bool is_own_descriptors(const char *folder) {
  char own[64];
  snprintf(own, sizeof own, "/proc/%ld/", (long)getpid());
  size_t length = strlen(own), end = strlen(folder);
  return strncmp(folder, own, length) == 0 && end > 3 && strcmp(folder + end - 3, "/fd") == 0;
}

static int number_of(const char *name) {
  char *end;
  long number = *name >= '0' && *name <= '9' ? strtol(name, &end, 10) : -1;
  bool is_open = number >= 0 && number <= INT_MAX && !*end && fcntl((int)number, F_GETFD) >= 0;
  return is_open ? (int)number : -1;
}

int eh_target_descriptor(const char *target) {
  enum { LINKS = 16 };
  char path[PATH_MAX], folder[PATH_MAX], link[PATH_MAX];
  const char *name;
  if (strcmp(target, "-") == 0) return STDOUT_FILENO;
  if (strlen(target) >= sizeof path) return -1;
  strcpy(path, target);
  for (int i = 0; i < LINKS && split(path, folder, &name); i++) {
    if (is_own_descriptors(folder)) return number_of(name);
    ssize_t length = readlink(path, link, sizeof link - 1);
    if (length < 0) return -1;
    link[length] = '\0';
    int size = *link == '/' ? snprintf(path, sizeof path, "%s", link)
                            : snprintf(path, sizeof path, "%s/%s", folder, link);
    if (size < 0 || (size_t)size >= sizeof path) return -1;
  }
  return -1;
}

static bool is_within(const char *folder, const char *parent) {
  size_t length = strlen(parent);
  return strncmp(folder, parent, length) == 0 && (folder[length] == '/' || !folder[length]);
}

enum eh_status eh_target_check(const char *target, struct eh_error *error) {
  struct stat status;
  char folder[PATH_MAX];
  const char *name;
  bool is_there = lstat(target, &status) == 0;
  if (is_there && S_ISLNK(status.st_mode))
    return eh_fail_at(error, EH_BAD_USAGE, target, 0, 0,
                      "is a link; name the file that it points to, or another output file");
  if (is_there && !S_ISREG(status.st_mode))
    return eh_fail_at(error, EH_BAD_USAGE, target, 0, 0,
                      "is not a plain file and cannot be replaced; name another output file");
  if (split(target, folder, &name) && !is_within(folder, "/dev/shm") &&
      (is_within(folder, "/dev") || is_within(folder, "/proc")))
    return eh_fail_at(error, EH_BAD_USAGE, target, 0, 0,
                      "is the system's own place, not one for results; name another output file");
  return EH_OK;
}
