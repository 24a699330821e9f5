/* A folder of output files that appear together or not at all.
 *
 * Files are written into a hidden folder inside the target; commit flushes them all to disk and
 * then renames each into the target, over a file of the same name. Until then the target's files
 * stand. Programs that put files into one folder at the same time do so one after the other. The
 * folder is made if it does not exist. Mode 0700, its files 0600.
 */
#ifndef EVENHAND_BASE_FOLDER_H
#define EVENHAND_BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/error.h"
#include "engine/base/temporaries.h"

struct eh_folder {
  char *target;
  char *temporary;
  char *path;   /* what eh_folder_path returned last */
  char **names; /* of the files, without folder */
  size_t count;
  bool is_new; /* the target was made by eh_folder_open */
  bool is_prepared;
  struct eh_temporary_folder remembered; /* for signals; the struct must stay in its place */
};

enum eh_status eh_folder_open(struct eh_folder *folder, const char *target,
                              struct eh_error *error) EH_MUST_USE;
/* Where to write a file; name holds no "/". The path is the folder's, until the next call. */
const char *eh_folder_path(struct eh_folder *folder, const char *name);
/* Flush every file to disk, and see that none stands in the way: what of commit can fail for want
 * of room. For those who commit other things too; commit does it where it was not done. */
enum eh_status eh_folder_prepare(struct eh_folder *folder, struct eh_error *error) EH_MUST_USE;
enum eh_status eh_folder_commit(struct eh_folder *folder, struct eh_error *error) EH_MUST_USE;
/* A file of the target whose name ends so, hidden ones aside, that commit would not replace: the
 * first in bytewise order, and in *count how many there are. NULL: none. The caller frees it. */
char *eh_folder_other(const struct eh_folder *folder, const char *ending, size_t *count);
/* Give up: remove what was written. Harmless after a commit. */
void eh_folder_abandon(struct eh_folder *folder);

/* A file name made of a text: letters a to z and digits, hyphens for the rest, at most 60 of them;
   "unnamed" where nothing is left. name has room for EH_FILE_NAME bytes. */
enum { EH_FILE_NAME = 64 };
void eh_folder_safe_name(const char *text, char name[EH_FILE_NAME]);

#endif
