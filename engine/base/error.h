/* Errors as values: what went wrong, where, and what the user can do about it.
 *
 * A call that can fail returns an enum eh_status and fills the struct eh_error it
 * was given, once, at the origin. Callers pass the status up with EH_TRY and leave
 * the error alone. Only engine/cli prints it.
 */
#ifndef EVENHAND_BASE_ERROR_H
#define EVENHAND_BASE_ERROR_H

#include <stdint.h>

/* The one list of status codes: name, exit status of the program, meaning. */
#define EH_STATUSES(X)                                          \
  X(EH_OK, 0, "done")                                           \
  X(EH_BAD_INPUT, 1, "the input or its records cannot be used") \
  X(EH_BAD_RULES, 2, "the rules are wrong")                     \
  X(EH_BAD_USAGE, 2, "the command line is wrong")               \
  X(EH_MACHINE, 3, "the machine failed")

enum eh_status {
#define X(name, exit_status, meaning) name,
  EH_STATUSES(X)
#undef X
};

struct eh_error {
  enum eh_status code;
  char file[512];     /* the file concerned, or "" */
  uint64_t line;      /* from 1; 0: none */
  uint64_t column;    /* from 1; 0: none */
  char message[1024]; /* what is wrong, and what to do */
};

#define EH_MUST_USE __attribute__((warn_unused_result))
#define EH_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Fill error and return code. error must not be NULL. */
enum eh_status eh_fail(struct eh_error *error, enum eh_status code, const char *format, ...)
    EH_PRINTF(3, 4);

/* The same with a place; file may be NULL, line and column 0. */
enum eh_status eh_fail_at(struct eh_error *error, enum eh_status code, const char *file,
                          uint64_t line, uint64_t column, const char *format, ...) EH_PRINTF(6, 7);

/* The exit status of the program for a code: 0 to 3. */
int eh_exit_status(enum eh_status code);

/* Return from the calling function when a call fails. Only where nothing is held. */
#define EH_TRY(call)                      \
  do {                                    \
    enum eh_status eh_try_ = (call);      \
    if (eh_try_ != EH_OK) return eh_try_; \
  } while (0)

#endif
