#include "engine/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/memory.h"

static char *join(const char *folder, const char *name) {
  struct eh_buffer path = {0};
  eh_buffer_printf(&path, "%s/%s", folder, name);
  return path.text;
}

static enum eh_status cannot(const char *target, struct eh_error *error) {
  return eh_fail_at(error, EH_MACHINE, target, 0, 0, "the folder cannot be written: %s",
                    strerror(errno ? errno : EIO));
}

enum eh_status eh_folder_open(struct eh_folder *folder, const char *target,
                              struct eh_error *error) {
  *folder = (struct eh_folder){.target = strdup(target)};
  if (!folder->target) return cannot(target, error);
  folder->is_new = mkdir(target, 0700) == 0;
  if (!folder->is_new && errno != EEXIST) {
    enum eh_status status = cannot(target, error);
    eh_folder_abandon(folder);
    return status;
  }
  folder->temporary = join(target, ".evenhand-XXXXXX");
  if (mkdtemp(folder->temporary)) return EH_OK;
  enum eh_status status = cannot(target, error);
  free(folder->temporary);
  folder->temporary = NULL;
  eh_folder_abandon(folder);
  return status;
}

const char *eh_folder_path(struct eh_folder *folder, const char *name) {
  folder->names = eh_resize(folder->names, folder->count + 1, sizeof *folder->names);
  folder->names[folder->count] = eh_alloc(strlen(name) + 1, 1);
  strcpy(folder->names[folder->count++], name);
  free(folder->path);
  folder->path = join(folder->temporary, name);
  return folder->path;
}

static int sync_file(const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  int failed = fchmod(descriptor, 0600) != 0 || fsync(descriptor) != 0;
  close(descriptor);
  return failed ? -1 : 0;
}

/* Nothing stands in the way of renaming: whatever has a file's name is a file. */
static int check_target(const char *path) {
  struct stat status;
  if (stat(path, &status) != 0 || S_ISREG(status.st_mode)) return 0;
  errno = EEXIST;
  return -1;
}

static int prepare(const struct eh_folder *folder) {
  int failed = 0;
  for (size_t i = 0; i < folder->count && !failed; i++) {
    char *from = join(folder->temporary, folder->names[i]);
    char *to = join(folder->target, folder->names[i]);
    failed = sync_file(from) != 0 || check_target(to) != 0;
    free(from);
    free(to);
  }
  return failed;
}

static int move(const struct eh_folder *folder) {
  int failed = 0;
  for (size_t i = 0; i < folder->count && !failed; i++) {
    char *from = join(folder->temporary, folder->names[i]);
    char *to = join(folder->target, folder->names[i]);
    failed = rename(from, to);
    free(from);
    free(to);
  }
  return failed;
}

enum eh_status eh_folder_commit(struct eh_folder *folder, struct eh_error *error) {
  errno = 0;
  enum eh_status status = prepare(folder) || move(folder) ? cannot(folder->target, error) : EH_OK;
  if (status == EH_OK) folder->is_new = false;
  eh_folder_abandon(folder);
  return status;
}

void eh_folder_abandon(struct eh_folder *folder) {
  for (size_t i = 0; i < folder->count; i++) {
    char *path = join(folder->temporary, folder->names[i]);
    unlink(path);
    free(path);
    free(folder->names[i]);
  }
  if (folder->temporary) rmdir(folder->temporary);
  if (folder->is_new) rmdir(folder->target);
  free(folder->names);
  free(folder->path);
  free(folder->temporary);
  free(folder->target);
  *folder = (struct eh_folder){0};
}

void eh_folder_safe_name(const char *text, char name[EH_FILE_NAME]) {
  enum { LONGEST = EH_FILE_NAME - 4 };
  size_t length = 0;
  for (; *text && length < LONGEST; text++) {
    char c = *text;
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain)
      name[length++] = c;
    else if (length && name[length - 1] != '-')
      name[length++] = '-';
  }
  while (length && name[length - 1] == '-') length--;
  name[length] = '\0';
  if (length == 0) strcpy(name, "unnamed");
}
