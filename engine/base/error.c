#include "engine/base/error.h"

#include <stdarg.h>
#include <stdio.h>

static void fill(struct eh_error *error, enum eh_status code, const char *file, uint64_t line,
                 uint64_t column, const char *format, va_list arguments) {
  error->code = code;
  error->line = line;
  error->column = column;
  snprintf(error->file, sizeof error->file, "%s", file ? file : "");
  vsnprintf(error->message, sizeof error->message, format, arguments);
}

enum eh_status eh_fail(struct eh_error *error, enum eh_status code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fill(error, code, NULL, 0, 0, format, arguments);
  va_end(arguments);
  return code;
}

enum eh_status eh_fail_at(struct eh_error *error, enum eh_status code, const char *file,
                          uint64_t line, uint64_t column, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fill(error, code, file, line, column, format, arguments);
  va_end(arguments);
  return code;
}

int eh_exit_status(enum eh_status code) {
  switch (code) {
#define X(name, exit_status, meaning) \
  case name:                          \
    return exit_status;
    EH_STATUSES(X)
#undef X
  }
  return 3;
}
