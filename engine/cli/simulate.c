#include "fixtures/simulate.h"

#include <stdio.h>

#include "engine/base/output.h"
#include "engine/cli/cli.h"

static const char command[] = "simulate";
static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                        {"records", required_argument, NULL, 'r'},
                                        {"offices", required_argument, NULL, 'f'},
                                        {"officers", required_argument, NULL, 'n'},
                                        {"seed", required_argument, NULL, 's'},
                                        {"spread", required_argument, NULL, 'd'},
                                        {"planted", required_argument, NULL, 'p'},
                                        {"planted-offices", required_argument, NULL, 'q'},
                                        {"planted-effect", required_argument, NULL, 'e'},
                                        {"faults", required_argument, NULL, 'x'},
                                        {"truth", required_argument, NULL, 't'},
                                        {"threads", required_argument, NULL, 'j'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

struct request {
  struct eh_simulation simulation;
  const char *output, *truth;
};

static bool take_size(const char *option, const char *text, uint64_t high, size_t *number) {
  uint64_t count;
  if (!eh_cli_count(command, option, text, 0, high, &count)) return false;
  *number = (size_t)count;
  return true;
}

static bool take_faults(const char *text, unsigned *faults) {
  struct eh_error error;
  if (eh_faults_parse(text, faults, &error) == EH_OK) return true;
  eh_cli_misuse(command, "--faults: %s", error.message);
  return false;
}

static bool take_option(int c, struct request *r) {
  struct eh_simulation *s = &r->simulation;
  switch (c) {
    case 'o':
      r->output = optarg;
      return true;
    case 't':
      r->truth = optarg;
      return true;
    case 'r':
      return eh_cli_count(command, "--records", optarg, 1, 10000000000ULL, &s->records);
    case 'f':
      return take_size("--offices", optarg, 1000, &s->offices);
    case 'n':
      return take_size("--officers", optarg, 100000, &s->officers);
    case 's':
      return eh_cli_count(command, "--seed", optarg, 0, UINT64_MAX, &s->seed);
    case 'd':
      return eh_cli_real(command, "--spread", optarg, 0, 5, &s->spread);
    case 'p':
      return take_size("--planted", optarg, 100000, &s->planted);
    case 'q':
      return take_size("--planted-offices", optarg, 1000, &s->planted_offices);
    case 'e':
      return eh_cli_real(command, "--planted-effect", optarg, -10, 10, &s->planted_effect);
    case 'x':
      return take_faults(optarg, &s->faults);
    case 'j':
      return take_size("--threads", optarg, 1024, &s->threads);
    default:
      return false;
  }
}

static enum eh_status simulate(const struct request *r, struct eh_error *error) {
  enum { RECORDS, TRUTH, OUTPUTS };
  struct eh_output outputs[OUTPUTS] = {{0}};
  enum eh_status status = eh_output_open(&outputs[RECORDS], r->output, error);
  if (status == EH_OK && r->truth) status = eh_output_open(&outputs[TRUTH], r->truth, error);
  if (status == EH_OK)
    status = eh_simulate(&r->simulation, outputs[RECORDS].stream, outputs[TRUTH].stream, error);
  if (status == EH_OK) status = eh_output_commit_all(outputs, OUTPUTS, error);
  for (int i = 0; i < OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  return status;
}

int eh_cli_simulate(int argc, char **argv) {
  struct request r = {.simulation = eh_simulation_defaults()};
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
    if (c == 'h') return fputs(eh_cli_help_text(command), stdout), 0;
    if (c == '?' || c == ':') return eh_cli_wrong_option(command, argc, argv, options, c);
    if (!take_option(c, &r)) return eh_exit_status(EH_BAD_USAGE);
  }
  if (optind != argc) return eh_cli_misuse(command, "it takes no argument '%s'", argv[optind]);
  if (!r.output) return eh_cli_misuse(command, "name the file to write with -o");
  if (r.truth && eh_cli_is_same_file(r.output, r.truth))
    return eh_cli_misuse(command, "two results would go to '%s'; name a file for each", r.truth);
  struct eh_error error;
  enum eh_status status = simulate(&r, &error);
  if (status != EH_OK) eh_cli_report(&error);
  return eh_exit_status(status);
}
