/* Where a result is to go: to a file, or through an open descriptor such as standard output.
 *
 * Files are renamed into place, which on a name such as /dev/stdout would replace the name itself:
 * with it every program's standard output, where the user may do so.
 */
#ifndef EVENHAND_BASE_TARGET_H
#define EVENHAND_BASE_TARGET_H

#include "engine/base/error.h"

/* The descriptor of this process that a name stands for: 1 for "-"; for a name in /proc/self/fd, or a
 * link there (/dev/stdout, /dev/fd/3), its number; -1: it stands for none. */
int eh_target_descriptor(const char *target);

/* EH_BAD_USAGE where a file of this name could be made or replaced, but should not be: a link (is what
 * it points to meant, or the link?), a device, a folder, anything in /dev and /proc but shared memory.
 * Only of targets without descriptor. */
enum eh_status eh_target_check(const char *target, struct eh_error *error) EH_MUST_USE;

#endif
