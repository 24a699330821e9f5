#include <stdio.h>
#include <unistd.h>

#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/cli/ask.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/cli/progress.h"
#include "engine/cli/trial.h"
#include "reports/starter/starter.h"
#include "reports/words/inputs.h"

static const char command[] = "init";

static int parse(int argc, char **argv, struct eh_request *r) {
  int status = eh_cli_parse(EH_COMMAND_INIT, argc, argv, r);
  if (status != 0 || r->help) return status;
  if (r->operand_count < 1) return eh_cli_misuse(command, "name the records");
  r->records = r->operands;
  r->record_count = r->operand_count;
  if (r->ask && !isatty(STDIN_FILENO))
    return eh_cli_misuse(command, "--ask asks at a terminal, and standard input is none");
  status = eh_cli_check_outputs(command, r);
  if (status != 0) return status;
  const char *output = r->outputs[EH_OUTPUT];
  if (!eh_cli_is_printed(output) && !r->force && access(output, F_OK) == 0)
    return eh_cli_misuse(
        command, "'%s' is there already; name another file with -o, or add --force", output);
  return 0;
}

static double share(const struct eh_trial *trial) {
  return 100 * (double)trial->comparable / (double)trial->records;
}

/* Which factors stay, which do not and why, and how many records have peers. */
static void say_factors(const struct eh_survey *s, const struct eh_starter *g,
                        const struct eh_factor_trials *trials, struct eh_arena *arena) {
  for (size_t i = 0; i < g->factor_count; i++)
    eh_cli_print(stderr, "  alike in %s\n", s->columns[g->factors[i]].name);
  for (size_t i = 0; i < trials->count; i++) {
    const struct eh_factor_trial *item = &trials->items[i];
    const char *name = s->columns[item->column].name;
    if (item->fate == EH_FACTOR_FOLLOWS)
      eh_cli_print(stderr, "  not in   %s: it tells the outcome, so it follows from the decision\n",
                   name);
    if (item->fate == EH_FACTOR_TOO_THIN)
      eh_cli_print(stderr, "  not in   %s: only %.0f%% of the records would have peers with it\n",
                   name, share(&item->trial));
  }
  if (trials->last.records)
    eh_cli_print(stderr, "  so that %s of %s (%.0f%%) have peers\n",
                 eh_words_count(arena, trials->last.comparable),
                 eh_words_of(arena, trials->last.records, "record", "records"),
                 share(&trials->last));
}

/* What the records say of the factors that were answered. */
static void say_answered(const struct eh_survey *s, const struct eh_factor_trials *trials,
                         struct eh_arena *arena) {
  for (size_t i = 0; i < trials->count; i++) {
    const struct eh_factor_trial *item = &trials->items[i];
    const char *name = s->columns[item->column].name;
    if (item->fate == EH_FACTOR_FOLLOWS)
      eh_cli_print(stderr, "  %s tells the outcome: if it follows from the decision, take it out\n",
                   name);
    if (item->fate == EH_FACTOR_TOO_THIN)
      eh_cli_print(stderr, "  with %s only %.0f%% of the records have peers\n", name,
                   share(&item->trial));
    if (item->fate == EH_FACTOR_KEPT)
      eh_cli_print(stderr, "  with %s %s of %s (%.0f%%) have peers\n", name,
                   eh_words_count(arena, item->trial.comparable),
                   eh_words_of(arena, item->trial.records, "record", "records"),
                   share(&item->trial));
  }
}

static void say(const struct eh_survey *s, const struct eh_starter *g,
                const struct eh_factor_trials *trials, struct eh_arena *arena) {
  for (int i = 0; i <= EH_ROLE_OFFICE; i++) {
    enum eh_role role = (enum eh_role)i;
    int column = g->roles[role];
    if (column < 0)
      eh_cli_print(stderr, "  %-8s none found\n", eh_role_name(role));
    else
      eh_cli_print(stderr, "  %-8s %s (%s: %s)\n", eh_role_name(role), s->columns[column].name,
                   eh_starter_sureness(g->sureness[role]),
                   eh_starter_reason(arena, s, column, role));
  }
  for (size_t i = 0; i < g->outcome_count; i++) {
    bool are_codes = eh_guess_are_codes(s, (size_t)g->outcomes[i]);
    eh_cli_print(
        stderr, "  outcome  %s (%s%s)\n", s->columns[g->outcomes[i]].name,
        eh_starter_sureness(g->outcome_sureness[i]),
        are_codes ? ": its values are codes, whose meaning only their code book tells" : "");
  }
  say_factors(s, g, trials, arena);
  int constant = eh_guess_constant(s, EH_ROLE_OUTCOME);
  if (constant >= 0)
    eh_cli_print(stderr, "One value stands in all of %s: nobody can differ in it.\n",
                 s->columns[constant].name);
  const char *warning = eh_starter_case_warning(arena, s, g);
  if (warning) eh_cli_print(stderr, "%s\n", warning);
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
static enum eh_status check_guesses(const struct eh_request *r, const struct eh_survey *s,
                                    const struct eh_starter *g, struct eh_error *error) {
  int constant = eh_guess_constant(s, EH_ROLE_OUTCOME);
  if (g->outcome_count == 0 && constant >= 0)
    return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                      "one value stands in all of `%s`: nobody can differ in it, and no other "
                      "column could be an outcome",
                      s->columns[constant].name);
  if (g->outcome_count == 0)
    return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                      "no column has a few values that could be an outcome; write the rules by "
                      "hand, from the rule pack 'template'");
  if (g->roles[EH_ROLE_OFFICE] >= 0 || g->roles[EH_ROLE_OFFICER] >= 0) return EH_OK;
  constant = eh_guess_constant(s, EH_ROLE_OFFICER);
  if (constant < 0) constant = eh_guess_constant(s, EH_ROLE_OFFICE);
  if (constant >= 0)
    return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                      "one value stands in all of `%s`, and no other column could be an office or "
                      "an officer: there is nobody to compare; add the records of others",
                      s->columns[constant].name);
  return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                    "no column could be an office or an officer; write the rules by hand, from "
                    "the rule pack 'template'");
}

/* Rules name a column by its header: it must not stand there twice. */
static enum eh_status check_names(const struct eh_request *r, const struct eh_survey *s,
                                  const struct eh_starter *g, struct eh_error *error) {
  int used[EH_ROLE_OFFICE + 1 + EH_STARTER_OUTCOMES + EH_STARTER_FACTORS];
  size_t count = 0;
  for (int role = 0; role <= EH_ROLE_OFFICE; role++) used[count++] = g->roles[role];
  for (size_t i = 0; i < g->outcome_count; i++) used[count++] = g->outcomes[i];
  for (size_t i = 0; i < g->factor_count; i++) used[count++] = g->factors[i];
  for (size_t i = 0; i < count; i++)
    if (used[i] >= 0 && s->columns[used[i]].shares_name)
      return eh_fail_at(error, EH_BAD_INPUT, r->records[0], 0, 0,
                        "the header has several columns with the name of `%s`; give each a name of "
                        "its own, so that rules can tell them apart",
                        s->columns[used[i]].name);
  return EH_OK;
}

/* What columns mean can be guessed only where every file has them. */
static enum eh_status check_alike(const struct eh_request *r, const struct eh_survey *survey,
                                  struct eh_error *error) {
  for (size_t c = 0; c < survey->column_count; c++) {
    const struct eh_survey_column *column = &survey->columns[c];
    if (column->lacked_by < 0) continue;
    return eh_fail_at(error, EH_BAD_INPUT, r->records[column->lacked_by], 0, 0,
                      "has no column `%s`, which other files have; make the rules from files with "
                      "the same columns, and say under `inputs:` what the others call theirs",
                      column->name);
  }
  return EH_OK;
}

static enum eh_status init(const struct eh_request *r, struct eh_survey *survey,
                           struct eh_error *error) {
  EH_TRY(check_alike(r, survey, error));
  struct eh_starter starter = eh_starter_guess(survey);
  struct eh_arena *arena = r->arena;
  if (r->ask) eh_cli_ask_starter(survey, &starter, arena);
  enum eh_status status = check_guesses(r, survey, &starter, error);
  if (status == EH_OK) status = check_names(r, survey, &starter, error);
  struct eh_factor_trials trials = {0};
  struct eh_starter tried = starter; /* what was answered stays, whatever comes of it */
  if (status == EH_OK)
    status = eh_cli_try_factors(survey, r->ask ? &tried : &starter, r->records, r->record_count,
                                &r->load, &trials, error);
  if (status == EH_OK) {
    const char *text = eh_starter_text(arena, survey, &starter, r->records[0]);
    status = write_rules(r->outputs[EH_OUTPUT], text, error);
  }
  if (status == EH_OK && !eh_cli_is_printed(r->outputs[EH_OUTPUT])) {
    fputs(r->ask ? "As answered:\n" : "Guessed from the records:\n", stderr);
    say(survey, &starter, r->ask ? &(struct eh_factor_trials){0} : &trials, arena);
    if (r->ask) say_answered(survey, &trials, arena);
    const char *told = eh_inputs_lines(arena, &survey->account);
    if (told) eh_cli_print(stderr, "Read: %s", told);
    eh_cli_print(stderr, "Read and change %s, then: evenhand audit %s%s%s%s %s -o audit.xlsx\n",
                 r->outputs[EH_OUTPUT], r->load.sheet ? "--sheet '" : "",
                 r->load.sheet ? r->load.sheet : "", r->load.sheet ? "' " : "",
                 r->outputs[EH_OUTPUT], r->records[0]);
  }
  return status;
}

static enum eh_status read_and_init(struct eh_request *r) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_survey *survey;
  struct eh_progress progress = eh_progress_start(r->records, r->record_count, false);
  r->load.progress = eh_progress_show;
  r->load.progress_context = &progress;
  enum eh_status result =
      eh_survey_files(r->records, r->record_count, NULL, &r->load, &survey, &problems, &error);
  eh_progress_end(&progress);
  if (result == EH_OK) result = init(r, survey, &error);
  if (result != EH_OK) eh_cli_report(&error);
  eh_problems_free(&problems);
  eh_survey_free(survey);
  return result;
}

int eh_cli_init(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena,
                         .outputs = {"rules.yaml"},
                         .load = {.threads = eh_processors(), .as_of = eh_cli_today()}};
  int status = parse(argc, argv, &r);
  if (status == 0 && !r.help) status = eh_exit_status(read_and_init(&r));
  eh_arena_free(arena);
  return status;
}
