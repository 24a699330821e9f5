/* Output files that appear whole or not at all.
 *
 * Open one, write to its stream (or let a library write to its temporary path), then commit:
 * the bytes are flushed to disk and renamed over the target. Until then the old file stands.
 * Files are readable by their owner only (mode 0600). The target "-" is standard output; what a name
 * such as /dev/stdout or /dev/fd/3 stands for is written through (target.h).
 */
#ifndef EVENHAND_BASE_OUTPUT_H
#define EVENHAND_BASE_OUTPUT_H

#include <stdio.h>

#include "engine/base/error.h"

struct eh_output {
  char *target;    /* what the user named; NULL: not open */
  int descriptor;  /* that it stands for; -1: a file */
  char *temporary; /* beside the target; what goes to a descriptor is copied from it at commit */
  FILE *stream;
};

enum eh_status eh_output_open(struct eh_output *output, const char *target,
                              struct eh_error *error) EH_MUST_USE;
/* Flush, close and rename into place. On failure nothing is left behind. */
enum eh_status eh_output_commit(struct eh_output *output, struct eh_error *error) EH_MUST_USE;
/* The same of several, of which those never opened are all zero. None is renamed before all are
 * flushed to disk and standard output has its own; no signal comes between two of them. */
enum eh_status eh_output_commit_all(struct eh_output *outputs, size_t count,
                                    struct eh_error *error) EH_MUST_USE;
/* Give up: remove the temporary file. Harmless after a commit. */
void eh_output_abandon(struct eh_output *output);

/* What messages call a target. */
const char *eh_output_name(const char *target);

#endif
