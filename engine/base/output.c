#include "engine/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "engine/base/target.h"
#include "engine/base/temporaries.h"

const char *eh_output_name(const char *target) {
  return eh_target_descriptor(target) == STDOUT_FILENO ? "standard output" : target;
}

static char *temporary_name(const struct eh_output *output) {
  static const char suffix[] = ".XXXXXX";
  const char *beside = output->descriptor >= 0 ? NULL : output->target;
  const char *folder = getenv("TMPDIR");
  struct eh_buffer name = {0};
  if (beside)
    eh_buffer_puts(&name, beside);
  else
    eh_buffer_printf(&name, "%s/evenhand", folder && *folder ? folder : "/tmp");
  eh_buffer_puts(&name, suffix);
  return name.text;
}

/* Make the temporary file and remember it in one step: a signal in between would leave it behind.
 */
static int make_temporary(char *name) {
  sigset_t old;
  eh_signals_hold(&old);
  int descriptor = mkostemp(name, O_CLOEXEC); /* mode 0600 */
  if (descriptor >= 0) eh_temporary_remember(name);
  eh_signals_release(&old);
  return descriptor;
}

enum eh_status eh_output_open(struct eh_output *output, const char *target,
                              struct eh_error *error) {
  *output = (struct eh_output){.descriptor = eh_target_descriptor(target)};
  if (output->descriptor < 0) EH_TRY(eh_target_check(target, error));
  output->target = eh_alloc(strlen(target) + 1, 1);
  strcpy(output->target, target);
  output->temporary = temporary_name(output);
  int descriptor = make_temporary(output->temporary);
  if (descriptor >= 0) output->stream = fdopen(descriptor, "w+");
  if (!output->stream) {
    enum eh_status status =
        eh_fail_at(error, EH_MACHINE, eh_output_name(target), 0, 0, "cannot be written: %s; %s",
                   strerror(errno),
                   output->descriptor >= 0
                       ? "set TMPDIR to a folder that can hold what will be written there"
                       : "check that its folder exists and is writable");
    if (descriptor >= 0) close(descriptor);
    eh_output_abandon(output);
    return status;
  }
  return EH_OK;
}

/* The library that wrote the temporary path may have replaced the file, so its bytes are read back
 * by name. */
static int copy_to_stream(const char *path, FILE *out) {
  FILE *in = fopen(path, "r");
  if (!in) return -1;
  char bytes[65536];
  size_t length;
  int failed = 0;
  while (!failed && (length = fread(bytes, 1, sizeof bytes, in)) > 0)
    failed = fwrite(bytes, 1, length, out) != length;
  failed = failed || ferror(in) || fflush(out) != 0;
  int reason = errno;
  fclose(in);
  errno = reason;
  return failed ? -1 : 0;
}

static int copy_to_descriptor(const struct eh_output *output) {
  if (output->descriptor == STDOUT_FILENO) return copy_to_stream(output->temporary, stdout);
  int descriptor = fcntl(output->descriptor, F_DUPFD_CLOEXEC, 0);
  FILE *out = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
  if (!out) return -1;
  int failed = copy_to_stream(output->temporary, out), reason = errno;
  fclose(out);
  errno = reason;
  return failed;
}

static int sync_path(const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  int failed = fsync(descriptor), reason = errno;
  close(descriptor);
  errno = reason;
  return failed;
}

static int flush_to_disk(struct eh_output *output) {
  FILE *stream = output->stream;
  output->stream = NULL;
  if (fclose(stream) != 0) return -1;
  if (output->descriptor >= 0) return 0;
  return chmod(output->temporary, 0600) != 0 || sync_path(output->temporary) != 0 ? -1 : 0;
}

static int move_into_place(struct eh_output *output) {
  if (rename(output->temporary, output->target) != 0) return -1;
  eh_temporary_forget(output->temporary);
  free(output->temporary);
  output->temporary = NULL;
  return 0;
}

static enum eh_status cannot_write(const struct eh_output *output, bool was_any_moved,
                                   struct eh_error *error) {
  return eh_fail_at(error, EH_MACHINE, eh_output_name(output->target), 0, 0,
                    "cannot be written: %s%s", strerror(errno ? errno : EIO),
                    was_any_moved ? "" : "; nothing was changed");
}

/* All that can fail for want of room, before anything is changed. */
static enum eh_status prepare(struct eh_output *outputs, size_t count, struct eh_error *error) {
  errno = 0;
  for (size_t i = 0; i < count; i++)
    if (outputs[i].target && flush_to_disk(&outputs[i]) != 0)
      return cannot_write(&outputs[i], false, error);
  for (size_t i = 0; i < count; i++)
    if (outputs[i].target && outputs[i].descriptor >= 0 && copy_to_descriptor(&outputs[i]) != 0)
      return cannot_write(&outputs[i], false, error);
  return EH_OK;
}

static enum eh_status move_all(struct eh_output *outputs, size_t count, struct eh_error *error) {
  bool was_any_moved = false;
  for (size_t i = 0; i < count; i++) {
    if (!outputs[i].target || outputs[i].descriptor >= 0) continue;
    if (move_into_place(&outputs[i]) != 0) return cannot_write(&outputs[i], was_any_moved, error);
    was_any_moved = true;
  }
  return EH_OK;
}

enum eh_status eh_output_commit_all(struct eh_output *outputs, size_t count,
                                    struct eh_error *error) {
  sigset_t old;
  enum eh_status status = prepare(outputs, count, error);
  eh_signals_hold(&old);
  if (status == EH_OK) status = move_all(outputs, count, error);
  eh_signals_release(&old);
  for (size_t i = 0; i < count; i++) eh_output_abandon(&outputs[i]);
  return status;
}

enum eh_status eh_output_commit(struct eh_output *output, struct eh_error *error) {
  return eh_output_commit_all(output, 1, error);
}

void eh_output_abandon(struct eh_output *output) {
  if (output->stream) fclose(output->stream);
  if (output->temporary) {
    unlink(output->temporary);
    eh_temporary_forget(output->temporary);
  }
  free(output->temporary);
  free(output->target);
  *output = (struct eh_output){0};
}
