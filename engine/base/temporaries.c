#include "engine/base/temporaries.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/memory.h"

enum { MOST = 64 };

/* For the signal handler: the one table of the program that changes. */
static const char *volatile files[MOST];
static const struct eh_temporary_folder *volatile folders[MOST];

void eh_signals_hold(sigset_t *old) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, old);
}

void eh_signals_release(const sigset_t *old) {
  int reason = errno;
  pthread_sigmask(SIG_SETMASK, old, NULL);
  errno = reason;
}

void eh_temporary_remember(const char *path) {
  for (int i = 0; i < MOST; i++) {
    if (files[i]) continue;
    files[i] = path;
    return;
  }
}

void eh_temporary_forget(const char *path) {
  for (int i = 0; i < MOST; i++)
    if (files[i] == path) files[i] = NULL;
}

void eh_temporary_folder_remember(const struct eh_temporary_folder *folder) {
  for (int i = 0; i < MOST; i++) {
    if (folders[i]) continue;
    folders[i] = folder;
    return;
  }
}

void eh_temporary_folder_forget(const struct eh_temporary_folder *folder) {
  for (int i = 0; i < MOST; i++)
    if (folders[i] == folder) folders[i] = NULL;
}

/* Without memory of its own but the stack's, as in a signal handler it must be. */
static void remove_folder(const struct eh_temporary_folder *folder) {
  char path[PATH_MAX];
  size_t length = strlen(folder->path);
  for (size_t i = 0; i < folder->count; i++) {
    size_t more = strlen(folder->names[i]);
    if (length + more + 2 > sizeof path) continue;
    memcpy(path, folder->path, length);
    path[length] = '/';
    memcpy(path + length + 1, folder->names[i], more + 1);
    unlink(path);
  }
  rmdir(folder->path);
}

void eh_temporaries_remove(void) {
  for (int i = 0; i < MOST; i++) {
    if (files[i]) unlink(files[i]);
    if (!folders[i]) continue;
    if (folders[i]->path) remove_folder(folders[i]);
    if (folders[i]->parent) rmdir(folders[i]->parent);
  }
}

FILE *eh_temporary_file(void) {
  const char *folder = getenv("TMPDIR");
  if (!folder || !*folder) folder = "/tmp";
  int descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno != ENOENT && errno != EACCES) { /* a file system without such files */
    struct eh_buffer name = {0};
    eh_buffer_printf(&name, "%s/evenhand.XXXXXX", folder);
    sigset_t old;
    eh_signals_hold(&old); /* one between the two would leave it behind */
    descriptor = mkostemp(name.text, O_CLOEXEC);
    if (descriptor >= 0) unlink(name.text);
    eh_signals_release(&old);
    eh_buffer_free(&name);
  }
  FILE *spool = descriptor >= 0 ? fdopen(descriptor, "w+") : NULL;
  if (descriptor >= 0 && !spool) close(descriptor);
  return spool;
}
