#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/cli.h"
#include "engine/cli/progress.h"
#include "reports/starter.h"

static const char command[] = "init";
static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                        {"delimiter", required_argument, NULL, 'd'},
                                        {"skip-lines", required_argument, NULL, 's'},
                                        {"ask", no_argument, NULL, 'k'},
                                        {"force", no_argument, NULL, 'f'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

struct request {
  const char *const *records;
  size_t record_count;
  const char *output;
  struct eh_load_options load;
  bool ask, force, help;
};

static int parse(int argc, char **argv, struct request *r) {
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
    if (c == '?' || c == ':') return eh_cli_wrong_option(command, argc, argv, options, c);
    bool right = true;
    if (c == 'o') r->output = optarg;
    if (c == 'd') right = eh_cli_delimiter(command, optarg, &r->load.delimiter);
    if (c == 's')
      right = eh_cli_count(command, "--skip-lines", optarg, 0, 1000000, &r->load.skip_lines);
    r->ask |= c == 'k';
    r->force |= c == 'f';
    r->help |= c == 'h';
    if (!right) return eh_exit_status(EH_BAD_USAGE);
  }
  if (r->help) return 0;
  if (argc - optind < 1) return eh_cli_misuse(command, "name the records");
  r->records = (const char *const *)argv + optind;
  r->record_count = (size_t)(argc - optind);
  if (r->ask && !isatty(STDIN_FILENO))
    return eh_cli_misuse(command, "--ask asks at a terminal, and standard input is none");
  if (strcmp(r->output, "-") != 0 && !r->force && access(r->output, F_OK) == 0)
    return eh_cli_misuse(
        command, "'%s' is there already; name another file with -o, or add --force", r->output);
  return 0;
}

/* One question: an empty answer keeps the guess, "-" means none. */
static int ask_column(const struct eh_survey *s, const char *what, int guess) {
  char answer[512];
  for (;;) {
    fprintf(stderr, "%s [%s]: ", what, guess >= 0 ? s->columns[guess].name : "none");
    if (!fgets(answer, sizeof answer, stdin)) return guess;
    answer[strcspn(answer, "\r\n")] = '\0';
    if (!answer[0]) return guess;
    if (strcmp(answer, "-") == 0) return -1;
    int column = eh_survey_find(s, answer);
    if (column >= 0) return column;
    const char **names = eh_alloc(s->column_count, sizeof *names);
    for (size_t c = 0; c < s->column_count; c++) names[c] = s->columns[c].name;
    const char *near = eh_rules_nearest(answer, names, s->column_count);
    fprintf(stderr, "  there is no column '%s'%s%s%s\n", answer, near ? "; did you mean '" : "",
            near ? near : "", near ? "'?" : "");
    free((void *)names);
  }
}

static bool is_used(const struct eh_starter *g, int column) {
  for (int role = 0; role <= EH_ROLE_OFFICE; role++)
    if (g->roles[role] == column) return true;
  for (size_t i = 0; i < g->outcome_count; i++)
    if (g->outcomes[i] == column) return true;
  return false;
}

/* Walk through the guesses; what an answer takes for one part is no longer a factor. */
static void ask(const struct eh_survey *s, struct eh_starter *g) {
  static const char *const questions[] = {"Case: the number by which a file can be pulled",
                                          "Person: the individual the record is about",
                                          "Date: when it was decided", "Officer: who decided",
                                          "Office: where"};
  fputs("Columns of the records:", stderr);
  for (size_t c = 0; c < s->column_count; c++)
    fprintf(stderr, "%s %s", c ? "," : "", s->columns[c].name);
  fputs("\nPress Enter to keep what is in [ ], or name a column; - means none.\n", stderr);
  for (int role = 0; role <= EH_ROLE_OFFICE; role++) {
    int answer = ask_column(s, questions[role], g->roles[role]);
    if (answer < 0 && role == EH_ROLE_CASE) continue; /* the rules need one */
    if (answer != g->roles[role]) g->sureness[role] = 1;
    g->roles[role] = answer;
  }
  int outcome = ask_column(s, "Outcome: what was decided", g->outcome_count ? g->outcomes[0] : -1);
  if (outcome >= 0) {
    g->outcomes[0] = outcome;
    g->outcome_count = 1;
  }
  size_t kept = 0;
  for (size_t i = 0; i < g->factor_count; i++)
    if (!is_used(g, g->factors[i])) g->factors[kept++] = g->factors[i];
  for (size_t i = 0; i < kept; i++) {
    int answer = ask_column(s, "Alike in", g->factors[i]);
    if (answer >= 0 && !is_used(g, answer)) g->factors[i] = answer;
    if (answer < 0) {
      memmove(&g->factors[i], &g->factors[i + 1], (kept - i - 1) * sizeof g->factors[0]);
      kept--, i--;
    }
  }
  g->factor_count = kept;
}

static void say(const struct eh_survey *s, const struct eh_starter *g) {
  for (int role = 0; role <= EH_ROLE_OFFICE; role++)
    fprintf(stderr, "  %-8s %s%s%s%s\n", eh_role_name((enum eh_role)role),
            g->roles[role] >= 0 ? s->columns[g->roles[role]].name : "none found",
            g->roles[role] >= 0 ? " (" : "",
            g->roles[role] >= 0 ? eh_starter_sureness(g->sureness[role]) : "",
            g->roles[role] >= 0 ? ")" : "");
  for (size_t i = 0; i < g->outcome_count; i++)
    fprintf(stderr, "  outcome  %s (%s)\n", s->columns[g->outcomes[i]].name,
            eh_starter_sureness(g->outcome_sureness[i]));
  for (size_t i = 0; i < g->factor_count; i++)
    fprintf(stderr, "  alike in %s\n", s->columns[g->factors[i]].name);
}

static enum eh_status write_rules(const char *output, const char *text, struct eh_error *error) {
  struct eh_output file;
  EH_TRY(eh_output_open(&file, output, error));
  fputs(text, file.stream);
  enum eh_status status = eh_output_commit(&file, error);
  eh_output_abandon(&file);
  return status;
}

/* Rules need something to compare and someone to compare it between. */
static enum eh_status check_guesses(const struct request *r, const struct eh_starter *g,
                                    struct eh_error *error) {
  if (g->outcome_count == 0)
    return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                      "no column has a few values that could be an outcome; write the rules by "
                      "hand, from the rule pack 'template'");
  if (g->roles[EH_ROLE_OFFICE] < 0 && g->roles[EH_ROLE_OFFICER] < 0)
    return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                      "no column could be an office or an officer; write the rules by hand, from "
                      "the rule pack 'template'");
  return EH_OK;
}

static enum eh_status init(const struct request *r, struct eh_survey *survey,
                           struct eh_error *error) {
  struct eh_starter starter = eh_starter_guess(survey);
  if (r->ask) ask(survey, &starter);
  EH_TRY(check_guesses(r, &starter, error));
  struct eh_arena *arena = eh_arena_new();
  const char *text = eh_starter_text(arena, survey, &starter, r->records[0]);
  enum eh_status status = write_rules(r->output, text, error);
  if (status == EH_OK && strcmp(r->output, "-") != 0) {
    fputs("Guessed from the records:\n", stderr);
    say(survey, &starter);
    fprintf(stderr, "Read and change %s, then: evenhand audit %s %s -o audit.xlsx\n", r->output,
            r->output, r->records[0]);
  }
  eh_arena_free(arena);
  return status;
}

int eh_cli_init(int argc, char **argv) {
  struct request r = {.output = "rules.yaml", .load = {.threads = eh_processors()}};
  int status = parse(argc, argv, &r);
  if (status != 0) return status;
  if (r.help) return fputs(eh_cli_help_text(command), stdout), 0;
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_survey *survey;
  struct eh_progress progress = eh_progress_start(r.records, r.record_count, false);
  r.load.progress = eh_progress_show;
  r.load.progress_context = &progress;
  enum eh_status result =
      eh_survey_files(r.records, r.record_count, NULL, &r.load, &survey, &problems, &error);
  eh_progress_end(&progress);
  if (result == EH_OK) result = init(&r, survey, &error);
  if (result != EH_OK) eh_cli_report(&error);
  eh_problems_free(&problems);
  eh_survey_free(survey);
  return eh_exit_status(result);
}
