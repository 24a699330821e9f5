#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/base/temporaries.h"
#include "engine/cli/cli.h"

static void out_of_memory(void) {
  static const char message[] =
      "evenhand: out of memory; give it more, or audit fewer records at a time\n";
  eh_temporaries_remove();
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
  _exit(3);
}

/* Leave nothing half-written behind, then die of the signal as anyone expects. */
static void die(int signal_number) {
  eh_temporaries_remove();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

#ifdef __SANITIZE_ADDRESS__
static void catch_crashes(void) {} /* the sanitizer says more about a crash */
#else
/* A crash, as of a library that does not check its allocations: leave nothing half-written behind
 * here either. */
static void crash(int signal_number) {
  static const char message[] =
      "evenhand: crashed, out of memory or by a defect of its own; no result was changed\n";
  (void)signal_number;
  eh_temporaries_remove();
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
  _exit(3);
}

static void catch_crashes(void) {
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
  struct sigaction action = {.sa_handler = crash};
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
    sigaction(crashes[i], &action, NULL);
}
#endif

static void catch_signals(void) {
  static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
  struct sigaction action = {.sa_handler = die};
  for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
    struct sigaction old;
    /* What was ignored from the start (nohup) stays ignored. */
    if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction(deadly[i], &action, NULL);
  }
  /* A closed pipe and a file that may not grow are write errors, reported like any other. */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

/* Every file of records stays open, so that those behind findings can be read again; many systems
 * allow 1,024 at first and more to those who ask. */
static void allow_many_files(void) {
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

int eh_cli_wrong_command(const char *given) {
  const char *names[EH_COMMANDS + 2] = {"--help", "--version"};
  for (enum eh_command c = 0; c < EH_COMMANDS; c++) names[c + 2] = eh_command(c)->name;
  const char *near = eh_rules_nearest(given, names, EH_COMMANDS + 2);
  eh_cli_print(stderr, "evenhand: there is no %s '%s'%s%s%s (see: evenhand help)\n",
               given[0] == '-' ? "option" : "command", given, near ? "; did you mean '" : "",
               near ? near : "", near ? "'?" : "");
  return eh_exit_status(EH_BAD_USAGE);
}

static int run_command(int argc, char **argv) {
  enum eh_command command = eh_command_find(argv[0]);
  char *start[] = {"start", argv[0], NULL};
  /* A file dropped on the program. */
  if (command == EH_COMMANDS && argc == 1 && isatty(STDIN_FILENO) && access(argv[0], R_OK) == 0)
    return eh_cli_start(2, start);
  return command == EH_COMMANDS ? eh_cli_wrong_command(argv[0])
                                : eh_command(command)->run(argc, argv);
}

/* A closed standard stream would give its number to the next file opened, and messages would end
 * up in there. So it is opened the wrong way round: using it fails, as it should. */
static void fill_standard_streams(void) {
  for (int i = 0; i <= 2; i++)
    if (fcntl(i, F_GETFD) == -1 && open("/dev/null", i == 0 ? O_WRONLY : O_RDONLY) != i) _exit(3);
}

/* What went to standard output must have got there. */
static int flush_output(int status) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  if (status == eh_exit_status(EH_MACHINE)) return status; /* said so already */
  if (errno != EPIPE) /* a reader that has seen enough wants no message */
    fprintf(stderr, "evenhand: standard output: cannot be written: %s\n",
            strerror(errno ? errno : EIO));
  return status ? status : eh_exit_status(EH_MACHINE);
}

int main(int argc, char **argv) {
  fill_standard_streams();
  eh_on_out_of_memory(out_of_memory);
  gsl_set_error_handler_off();
  catch_signals();
  catch_crashes();
  allow_many_files();
  if (argc < 2) {
    eh_cli_print_help(EH_COMMAND_HELP);
    return flush_output(eh_exit_status(EH_BAD_USAGE));
  }
  if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
    puts("evenhand " EH_VERSION);
    return flush_output(0);
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    eh_cli_print_help(EH_COMMAND_HELP);
    return flush_output(0);
  }
  return flush_output(run_command(argc - 1, argv + 1));
}
