#include <stdio.h>
#include <string.h>

#include "engine/audit/figures/balancing.h"
#include "engine/base/words.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/load/records/load.h"
#include "reports/words/safe.h"
#include "rules/language/inputs.h"

static int check_records(const struct eh_rules *rules, const char *name,
                         const struct eh_load_options *load) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  enum eh_status status = eh_load_check_header(rules, name, load, &problems, &error);
  if (problems.count)
    eh_cli_report_all(&problems);
  else if (status != EH_OK)
    eh_cli_report(&error);
  eh_problems_free(&problems);
  if (status != EH_OK) return eh_exit_status(status);
  const struct eh_rules_input *input = eh_rules_input_of(rules, name);
  if (input)
    eh_cli_print(stdout, "%s: has the columns that the rules need of %s\n", eh_cli_input_name(name),
                 input->name);
  else
    eh_cli_print(stdout, "%s: has the columns that the rules need\n", eh_cli_input_name(name));
  return 0;
}

/* Tell of the rules' inputs that none of the files belongs to. */
static void report_idle_inputs(const struct eh_rules *rules, const char *const *names,
                               size_t count) {
  for (size_t i = 0; i < rules->input_count && count > 0; i++) {
    bool is_met = false;
    for (size_t k = 0; k < count && !is_met; k++)
      is_met = eh_rules_input_of(rules, names[k]) == &rules->inputs[i];
    if (!is_met) eh_cli_print(stdout, "%s: no file was named for it\n", rules->inputs[i].name);
  }
}

static void report_agreement(const struct eh_request *r, const struct eh_rules *rules,
                             const struct eh_cells *cells) {
  const struct eh_comparison *comparison = &rules->comparisons[cells->comparison];
  const struct eh_measure *measure = &rules->measures[cells->measure];
  if (!eh_cells_are_adjusted(cells)) return;
  struct eh_agreement a = eh_balancing_agreement(comparison, cells);
  double all = a.records ? (double)a.records : 1.0;
  eh_cli_print(stdout,
               "%s, across %s%s%s: of %s, %s have peers alike in every factor, %s where peers are "
               "weighted as `adjust_for` says\n",
               measure->name, rules->columns[comparison->across].name, cells->each ? ", for " : "",
               cells->each ? cells->each : "",
               eh_words_of(r->arena, a.records, "record", "records"),
               eh_words_percent(r->arena, (double)a.alike / all),
               eh_words_percent(r->arena, (double)a.weighted / all));
}

/* Of rules that adjust: how many records keep peers, before anybody audits. */
static int check_adjusted(const struct eh_request *r, const struct eh_rules *rules,
                          const char *const *names, size_t count) {
  bool adjusts = false;
  for (size_t m = 0; m < rules->measure_count; m++)
    adjusts = adjusts || rules->measures[m].adjust_count;
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], "-") == 0) return 0; /* standard input is read once */
  if (!adjusts || count == 0) return 0;
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_records *records = NULL;
  struct eh_cells *cells;
  size_t cells_count = 0;
  struct eh_load_options load = r->load;
  load.only_cells = true;
  enum eh_status status = eh_load_files(rules, names, count, &load, &records, &problems, &error);
  if (status == EH_OK) status = eh_records_cells(r->arena, records, &cells, &cells_count, &error);
  for (size_t i = 0; i < cells_count && status == EH_OK; i++) report_agreement(r, rules, &cells[i]);
  if (problems.count)
    eh_cli_report_all(&problems);
  else if (status != EH_OK)
    eh_cli_report(&error);
  eh_problems_free(&problems);
  eh_records_free(records);
  return status == EH_OK ? 0 : eh_exit_status(status);
}

static int check(const struct eh_request *r) {
  if (r->operand_count == 0) return eh_cli_misuse("check", "name a rules file");
  const char *name = r->operands[0], *const *records = r->operands + 1;
  size_t count = r->operand_count - 1;
  if (count && eh_cli_are_swapped(name, records[0]))
    return eh_cli_misuse("check", "name the rules first: '%s', then the records: '%s'", records[0],
                         name);
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(r->arena, name, &rules);
  if (status == 0) eh_cli_print(stdout, "%s: the rules are sound\n", rules->file);
  for (size_t i = 0; i < count && status == 0; i++)
    status = check_records(rules, records[i], &r->load);
  if (status == 0) report_idle_inputs(rules, records, count);
  if (status == 0) status = check_adjusted(r, rules, records, count);
  return status;
}

int eh_cli_check(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .load = {.threads = 1}};
  int status = eh_cli_parse(EH_COMMAND_CHECK, argc, argv, &r);
  if (status == 0 && !r.help) status = check(&r);
  eh_arena_free(arena);
  return status;
}

static int explain(const struct eh_request *r) {
  if (r->operand_count != 1) return eh_cli_misuse("explain", "name one rules file");
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(r->arena, r->operands[0], &rules);
  if (status == 0) fputs(eh_safe_lines(r->arena, eh_rules_explain(r->arena, rules)), stdout);
  return status;
}

int eh_cli_explain(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena};
  int status = eh_cli_parse(EH_COMMAND_EXPLAIN, argc, argv, &r);
  if (status == 0 && !r.help) status = explain(&r);
  eh_arena_free(arena);
  return status;
}
