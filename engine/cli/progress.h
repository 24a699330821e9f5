/* A line of progress on standard error, when that is a terminal and the work lasts over a second.
 */
#ifndef EVENHAND_CLI_PROGRESS_H
#define EVENHAND_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eh_progress {
  bool is_shown;
  bool was_drawn;
  double started, drawn; /* seconds */
  uint64_t total;        /* bytes of all inputs; 0: not known */
  uint64_t before;       /* bytes of the inputs that are done */
  uint64_t last;
};

struct eh_progress eh_progress_start(const char *const *names, size_t count, bool is_quiet);
/* For eh_load_options.progress; context is the struct eh_progress. */
void eh_progress_show(void *context, uint64_t bytes, uint64_t total, uint64_t records);
void eh_progress_end(struct eh_progress *progress);

#endif
