#include <errno.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/output.h"
#include "engine/cli/cli.h"

struct command {
  const char *name;
  int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"audit", eh_cli_audit},       {"check", eh_cli_check}, {"explain", eh_cli_explain},
    {"simulate", eh_cli_simulate}, {"help", eh_cli_help},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void out_of_memory(void) {
  static const char message[] =
      "evenhand: out of memory; give it more, or audit fewer records at a time\n";
  eh_output_abandon_all();
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
  _exit(3);
}

/* Leave nothing half-written behind, then die of the signal as anyone expects. */
static void die(int signal_number) {
  eh_output_abandon_all();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

/* A crash, as of a library that does not check its allocations: leave nothing half-written behind here either. */
static void crash(int signal_number) {
  static const char message[] =
      "evenhand: it broke down, out of memory or by a defect; no result was changed\n";
  (void)signal_number;
  eh_output_abandon_all();
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
  _exit(3);
}

static void catch_crashes(void) {
#ifndef __SANITIZE_ADDRESS__ /* the sanitizer says more about a crash */
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
  struct sigaction action = {.sa_handler = crash};
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
    sigaction(crashes[i], &action, NULL);
#endif
}

static void catch_signals(void) {
  static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = die};
  for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
    struct sigaction old;
    /* What was ignored from the start (nohup) stays ignored. */
    if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction(deadly[i], &action, NULL);
  }
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error, reported like any other */
}

static int run_command(int argc, char **argv) {
  const char *names[COMMANDS];
  for (size_t i = 0; i < COMMANDS; i++) {
    names[i] = commands[i].name;
    if (strcmp(argv[0], commands[i].name) == 0) return commands[i].run(argc, argv);
  }
  const char *near = eh_cli_nearest(argv[0], names, COMMANDS);
  fprintf(stderr, "evenhand: there is no command '%s'; %s%s%stype 'evenhand help' for the list\n",
          argv[0], near ? "did you mean '" : "", near ? near : "", near ? "'? Or " : "");
  return eh_exit_status(EH_BAD_USAGE);
}

/* What went to standard output must have got there. */
static int flush_output(int status) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  if (errno != EPIPE) /* a reader that has seen enough wants no message */
    fprintf(stderr, "evenhand: standard output: cannot be written: %s\n",
            strerror(errno ? errno : EIO));
  return status ? status : eh_exit_status(EH_MACHINE);
}

int main(int argc, char **argv) {
  eh_on_out_of_memory(out_of_memory);
  gsl_set_error_handler_off();
  catch_signals();
  catch_crashes();
  if (argc < 2) {
    fputs(eh_cli_help_text(NULL), stdout);
    return flush_output(eh_exit_status(EH_BAD_USAGE));
  }
  if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
    puts("evenhand " EH_VERSION);
    return flush_output(0);
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    fputs(eh_cli_help_text(NULL), stdout);
    return flush_output(0);
  }
  return flush_output(run_command(argc - 1, argv + 1));
}
