/* The temporary files and folders in being, so that a signal that ends the program leaves none.
 *
 * Make and remember in one step, with signals held back: one in between would leave it behind.
 */
#ifndef EVENHAND_BASE_TEMPORARIES_H
#define EVENHAND_BASE_TEMPORARIES_H

#include <signal.h>
#include <stddef.h>
#include <stdio.h>

/* A folder made by this program, and all that it put there. */
struct eh_temporary_folder {
  const char *path;   /* NULL: not yet made */
  char *const *names; /* of its files, which need not all exist */
  size_t count;
  const char *parent; /* a folder to be removed with it, if empty; NULL: none */
};

/* Signals wait between the two; old is the caller's. */
void eh_signals_hold(sigset_t *old);
void eh_signals_release(const sigset_t *old);

/* The path or folder must stay as it is until it is forgotten, or change only while signals are
 * held. There is room for 64 of either; more are not remembered. */
void eh_temporary_remember(const char *path);
void eh_temporary_forget(const char *path);
void eh_temporary_folder_remember(const struct eh_temporary_folder *folder);
void eh_temporary_folder_forget(const struct eh_temporary_folder *folder);

/* A file without a name, in TMPDIR (which tmpfile does not look at); NULL with errno set. */
FILE *eh_temporary_file(void);

/* Remove all of them; safe in a signal handler. */
void eh_temporaries_remove(void);

#endif
