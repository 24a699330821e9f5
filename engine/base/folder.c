#include "engine/base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "engine/base/target.h"

static char *join(const char *folder, const char *name) {
  struct eh_buffer path = {0};
  eh_buffer_printf(&path, "%s/%s", folder, name);
  return path.text;
}

static enum eh_status cannot(const char *target, struct eh_error *error) {
  if (errno == EWOULDBLOCK)
    return eh_fail_at(error, EH_MACHINE, target, 0, 0,
                      "another program is putting its files into this folder; nothing was changed: "
                      "run again when it is done, or name another folder");
  return eh_fail_at(error, EH_MACHINE, target, 0, 0, "the folder cannot be written: %s",
                    strerror(errno ? errno : EIO));
}

/* With signals held back. */
static enum eh_status make(struct eh_folder *folder, struct eh_error *error) {
  folder->is_new = mkdir(folder->target, 0700) == 0;
  if (!folder->is_new && errno != EEXIST) return cannot(folder->target, error);
  folder->remembered.parent = folder->is_new ? folder->target : NULL;
  eh_temporary_folder_remember(&folder->remembered);
  folder->temporary = join(folder->target, ".evenhand-XXXXXX");
  if (mkdtemp(folder->temporary)) {
    folder->remembered.path = folder->temporary;
    return EH_OK;
  }
  enum eh_status status = cannot(folder->target, error);
  free(folder->temporary);
  folder->temporary = NULL;
  return status;
}

enum eh_status eh_folder_open(struct eh_folder *folder, const char *target,
                              struct eh_error *error) {
  sigset_t old;
  *folder = (struct eh_folder){.target = strdup(target)};
  if (!folder->target) return cannot(target, error);
  eh_signals_hold(&old);
  enum eh_status status = make(folder, error);
  eh_signals_release(&old);
  if (status != EH_OK) eh_folder_abandon(folder);
  return status;
}

const char *eh_folder_path(struct eh_folder *folder, const char *name) {
  sigset_t old;
  eh_signals_hold(&old);
  folder->names = eh_resize(folder->names, folder->count + 1, sizeof *folder->names);
  folder->is_prepared = false;
  folder->names[folder->count] = eh_alloc(strlen(name) + 1, 1);
  strcpy(folder->names[folder->count++], name);
  folder->remembered.names = folder->names;
  folder->remembered.count = folder->count;
  eh_signals_release(&old);
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
static enum eh_status prepare_file(const struct eh_folder *folder, const char *name,
                                   struct eh_error *error) {
  char *from = join(folder->temporary, name), *to = join(folder->target, name);
  enum eh_status status = eh_target_check(to, error);
  errno = 0;
  if (status == EH_OK && sync_file(from) != 0) status = cannot(folder->target, error);
  free(from);
  free(to);
  return status;
}

/* Two programs that put their files into one folder do so one after the other, or it would hold some
 * of each. -1: another has been at it for long. Where the system has no locks, nobody waits. */
static int lock(int descriptor) {
  enum { TRIES = 100, PAUSE = 100 * 1000 * 1000 /* nanoseconds */ };
  const struct timespec pause = {0, PAUSE};
  for (int i = 0; i < TRIES; i++) {
    if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
    if (errno != EWOULDBLOCK) return 0;
    nanosleep(&pause, NULL);
  }
  errno = EWOULDBLOCK;
  return -1;
}

static int move(const struct eh_folder *folder) {
  int descriptor = open(folder->target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int failed = lock(descriptor);
  for (size_t i = 0; i < folder->count && !failed; i++) {
    char *from = join(folder->temporary, folder->names[i]);
    char *to = join(folder->target, folder->names[i]);
    failed = rename(from, to);
    free(from);
    free(to);
  }
  int reason = errno;
  if (descriptor >= 0) close(descriptor);
  errno = reason;
  return failed;
}

enum eh_status eh_folder_prepare(struct eh_folder *folder, struct eh_error *error) {
  enum eh_status status = EH_OK;
  for (size_t i = 0; i < folder->count && status == EH_OK; i++)
    status = prepare_file(folder, folder->names[i], error);
  folder->is_prepared = status == EH_OK;
  return status;
}

enum eh_status eh_folder_commit(struct eh_folder *folder, struct eh_error *error) {
  sigset_t old;
  enum eh_status status = folder->is_prepared ? EH_OK : eh_folder_prepare(folder, error);
  errno = 0;
  eh_signals_hold(&old); /* all files or none */
  if (status == EH_OK && move(folder)) status = cannot(folder->target, error);
  if (status == EH_OK) folder->is_new = false;
  eh_signals_release(&old);
  eh_folder_abandon(folder);
  return status;
}

static bool is_own(const struct eh_folder *folder, const char *name) {
  for (size_t i = 0; i < folder->count; i++)
    if (strcmp(folder->names[i], name) == 0) return true;
  return false;
}

char *eh_folder_other(const struct eh_folder *folder, const char *ending, size_t *count) {
  char *first = NULL;
  DIR *list = opendir(folder->target);
  *count = 0;
  for (struct dirent *entry; list && (entry = readdir(list)) != NULL;) {
    const char *name = entry->d_name;
    size_t length = strlen(name), end = strlen(ending);
    bool is_hidden = name[0] == '.' || name[0] == '~'; /* "~$...": what a program has open */
    if (is_hidden || length < end || strcasecmp(name + length - end, ending) != 0) continue;
    if (is_own(folder, name)) continue;
    ++*count;
    if (first && strcmp(first, name) <= 0) continue;
    free(first);
    first = eh_alloc(length + 1, 1);
    memcpy(first, name, length + 1);
  }
  if (list) closedir(list);
  return first;
}

/* With signals held back, so that none finds half of it. */
static void release(struct eh_folder *folder) {
  free(folder->names);
  free(folder->path);
  free(folder->temporary);
  free(folder->target);
  eh_temporary_folder_forget(&folder->remembered);
  *folder = (struct eh_folder){0};
}

void eh_folder_abandon(struct eh_folder *folder) {
  sigset_t old;
  eh_signals_hold(&old);
  for (size_t i = 0; i < folder->count; i++) {
    char *path = join(folder->temporary, folder->names[i]);
    unlink(path);
    free(path);
    free(folder->names[i]);
  }
  if (folder->temporary) rmdir(folder->temporary);
  if (folder->is_new) rmdir(folder->target);
  release(folder);
  eh_signals_release(&old);
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
