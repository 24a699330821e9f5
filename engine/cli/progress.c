#include "engine/cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const double FIRST_AFTER = 1.0, AGAIN_AFTER = 0.2; /* seconds */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint64_t total_bytes(const char *const *names, size_t count) {
  uint64_t total = 0;
  for (size_t i = 0; i < count; i++) {
    struct stat status;
    if (strcmp(names[i], "-") == 0 || stat(names[i], &status) != 0 || !S_ISREG(status.st_mode))
      return 0;
    total += (uint64_t)status.st_size;
  }
  return total;
}

struct eh_progress eh_progress_start(const char *const *names, size_t count, bool is_quiet) {
  struct eh_progress p = {.is_shown = !is_quiet && isatty(STDERR_FILENO), .started = now()};
  if (p.is_shown) p.total = total_bytes(names, count);
  return p;
}

void eh_progress_show(void *context, uint64_t bytes, uint64_t total, uint64_t records) {
  (void)total;
  struct eh_progress *p = context;
  if (!p->is_shown) return;
  if (bytes < p->last) p->before += p->last; /* the next input began */
  p->last = bytes;
  double time = now(), elapsed = time - p->started;
  if (elapsed < FIRST_AFTER || time - p->drawn < AGAIN_AFTER) return;
  double done = (double)(p->before + bytes);
  fprintf(stderr, "\revenhand: %.1f million records, %.0f MB/s", (double)records / 1e6,
          done / 1e6 / elapsed);
  if (p->total && done > 0)
    fprintf(stderr, ", %.0f s left", elapsed * ((double)p->total - done) / done);
  fputs("\033[K", stderr);
  fflush(stderr);
  p->drawn = time;
  p->was_drawn = true;
}

void eh_progress_end(struct eh_progress *p) {
  if (p->was_drawn) fputs("\r\033[K", stderr);
}
