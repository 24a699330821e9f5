/* Makes the Nth call of one function of the C library fail, for the tests: LD_PRELOAD this, with
 * FAULT_CALL the function's name, FAULT_AT the number of the call (from 1) and FAULT_REPORT a file
 * that is created when that call was reached. A disk that is full stays full: where writing failed
 * once, it goes on failing. A failed call sets errno as a full or broken machine would. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static const char *wanted;
static long fail_at;
static const char *report;

__attribute__((constructor)) static void read_orders(void) {
  wanted = getenv("FAULT_CALL");
  report = getenv("FAULT_REPORT");
  const char *at = getenv("FAULT_AT");
  fail_at = at ? atol(at) : 0;
}

static bool fails(const char *name) {
  if (!wanted || fail_at <= 0 || strcmp(wanted, name) != 0) return false;
  long call = atomic_fetch_add(&calls, 1) + 1;
  bool stays =
      strcmp(name, "write") == 0 || strcmp(name, "fwrite") == 0 || strcmp(name, "fflush") == 0;
  if (call != fail_at && !(stays && call > fail_at)) return false;
  if (report && call == fail_at) {
    int (*real_creat)(const char *, mode_t) =
        (int (*)(const char *, mode_t))dlsym(RTLD_NEXT, "creat");
    int (*real_close)(int) = (int (*)(int))dlsym(RTLD_NEXT, "close");
    int descriptor = real_creat(report, 0600);
    if (descriptor >= 0) real_close(descriptor);
  }
  return true;
}

#define REAL(type, name, parameters) \
  static type(*real) parameters;     \
  if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name)

/* glibc's own allocator under another name, so that dlsym may allocate while we look names up. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t size) {
  if (fails("malloc")) return errno = ENOMEM, NULL;
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  if (fails("malloc")) return errno = ENOMEM, NULL;
  return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  if (fails("malloc")) return errno = ENOMEM, NULL;
  return __libc_realloc(old, size);
}

ssize_t read(int descriptor, void *buffer, size_t count) {
  REAL(ssize_t, read, (int, void *, size_t));
  if (fails("read")) return errno = EIO, -1;
  return real(descriptor, buffer, count);
}
ssize_t write(int descriptor, const void *buffer, size_t count) {
  REAL(ssize_t, write, (int, const void *, size_t));
  if (descriptor != STDERR_FILENO && fails("write")) return errno = ENOSPC, -1;
  return real(descriptor, buffer, count);
}
size_t fwrite(const void *items, size_t size, size_t count, FILE *stream) {
  REAL(size_t, fwrite, (const void *, size_t, size_t, FILE *));
  if (stream != stderr && fails("fwrite")) return errno = ENOSPC, 0;
  return real(items, size, count, stream);
}
size_t fread(void *items, size_t size, size_t count, FILE *stream) {
  REAL(size_t, fread, (void *, size_t, size_t, FILE *));
  if (fails("fread")) return errno = EIO, 0;
  return real(items, size, count, stream);
}
int fclose(FILE *stream) {
  REAL(int, fclose, (FILE *));
  if (fails("fclose")) return real(stream), errno = ENOSPC, EOF;
  return real(stream);
}
int fflush(FILE *stream) {
  REAL(int, fflush, (FILE *));
  if (fails("fflush")) return errno = ENOSPC, EOF;
  return real(stream);
}
int fsync(int descriptor) {
  REAL(int, fsync, (int));
  if (fails("fsync")) return errno = EIO, -1;
  return real(descriptor);
}
int rename(const char *from, const char *to) {
  REAL(int, rename, (const char *, const char *));
  if (fails("rename")) return errno = EACCES, -1;
  return real(from, to);
}
int chmod(const char *path, mode_t mode) {
  REAL(int, chmod, (const char *, mode_t));
  if (fails("chmod")) return errno = EPERM, -1;
  return real(path, mode);
}
int mkostemp(char *name, int flags) {
  REAL(int, mkostemp, (char *, int));
  if (fails("mkostemp")) return errno = EACCES, -1;
  return real(name, flags);
}
FILE *tmpfile(void) {
  REAL(FILE *, tmpfile, (void));
  if (fails("tmpfile")) return errno = ENOSPC, NULL;
  return real();
}
FILE *fopen(const char *path, const char *mode) {
  REAL(FILE *, fopen, (const char *, const char *));
  if (fails("fopen")) return errno = EMFILE, NULL;
  return real(path, mode);
}
