#include "engine/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "engine/base/temporaries.h"

static char *temporary_name(const char *target) {
  static const char suffix[] = ".XXXXXX";
  const char *beside = strcmp(target, "-") == 0 ? NULL : target;
  const char *folder = getenv("TMPDIR");
  struct eh_buffer name = {0};
  if (beside)
    eh_buffer_puts(&name, beside);
  else
    eh_buffer_printf(&name, "%s/evenhand", folder && *folder ? folder : "/tmp");
  eh_buffer_puts(&name, suffix);
  return name.text;
}

/* Only a plain file can be replaced: renaming over a device or a folder would destroy or fail late.
 */
static enum eh_status check_target(const char *target, struct eh_error *error) {
  struct stat status;
  if (strcmp(target, "-") == 0 || stat(target, &status) != 0) return EH_OK;
  if (S_ISREG(status.st_mode)) return EH_OK;
  return eh_fail_at(error, EH_BAD_USAGE, target, 0, 0,
                    "is not a plain file and cannot be replaced; name another output file");
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
  *output = (struct eh_output){0};
  EH_TRY(check_target(target, error));
  output->target = strdup(target);
  output->temporary = temporary_name(target);
  int descriptor = make_temporary(output->temporary);
  if (descriptor >= 0) output->stream = fdopen(descriptor, "w+");
  if (!output->target || !output->stream) {
    enum eh_status status = eh_fail_at(
        error, EH_MACHINE, target, 0, 0,
        "cannot be written: %s; check that its folder exists and is writable", strerror(errno));
    if (descriptor >= 0) close(descriptor);
    eh_output_abandon(output);
    return status;
  }
  return EH_OK;
}

/* The library that wrote the temporary path may have replaced the file, so its bytes are read back
 * by name. */
static int copy_to_standard_output(const char *path) {
  FILE *in = fopen(path, "r");
  if (!in) return -1;
  char bytes[65536];
  size_t length;
  int failed = 0;
  while (!failed && (length = fread(bytes, 1, sizeof bytes, in)) > 0)
    failed = fwrite(bytes, 1, length, stdout) != length;
  failed = failed || ferror(in) || fflush(stdout) != 0;
  fclose(in);
  return failed ? -1 : 0;
}

static int sync_path(const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  int failed = fsync(descriptor);
  close(descriptor);
  return failed;
}

static int move_into_place(struct eh_output *output) {
  FILE *stream = output->stream;
  output->stream = NULL;
  if (fclose(stream) != 0) return -1;
  if (strcmp(output->target, "-") == 0) return copy_to_standard_output(output->temporary);
  if (chmod(output->temporary, 0600) != 0 || sync_path(output->temporary) != 0) return -1;
  return rename(output->temporary, output->target);
}

enum eh_status eh_output_commit(struct eh_output *output, struct eh_error *error) {
  enum eh_status status = EH_OK;
  errno = 0;
  if (move_into_place(output) != 0)
    status = eh_fail_at(
        error, EH_MACHINE, strcmp(output->target, "-") == 0 ? "standard output" : output->target, 0,
        0, "cannot be written: %s; nothing was changed", strerror(errno ? errno : EIO));
  else if (strcmp(output->target, "-") != 0)
    eh_temporary_forget(output->temporary), free(output->temporary), output->temporary = NULL;
  eh_output_abandon(output);
  return status;
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
