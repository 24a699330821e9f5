#include "engine/audit/audit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/drilldown.h"
#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/cli/privacy.h"
#include "engine/cli/progress.h"
#include "engine/cli/source.h"
#include "engine/load/records/load.h"
#include "reports/release/release.h"
#include "reports/report.h"
#include "reports/scorecards/scorecards.h"

/* Assessing reliability reads the records again, all columns: half as long again as an audit with a
   workbook, and some 250 bytes of memory a record. Of more records, only on request. */
enum { ASSESSED_UNASKED = 2000000 };
enum { EXIT_FINDINGS = 4 };

static const char command[] = "audit";
static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                        {"json", required_argument, NULL, 'j'},
                                        {"cells", required_argument, NULL, 'c'},
                                        {"scorecards", required_argument, NULL, 'S'},
                                        {"delimiter", required_argument, NULL, 'd'},
                                        {"skip-lines", required_argument, NULL, 's'},
                                        {"threads", required_argument, NULL, 't'},
                                        {"as-of", required_argument, NULL, 'a'},
                                        {"no-hash", no_argument, NULL, 'n'},
                                        {"parser", required_argument, NULL, 'p'},
                                        {"memory", required_argument, NULL, 'm'},
                                        {"reliability", no_argument, NULL, 'R'},
                                        {"no-reliability", no_argument, NULL, 'r'},
                                        {"from", required_argument, NULL, 'F'},
                                        {"table", required_argument, NULL, 'T'},
                                        {"query", required_argument, NULL, 'Q'},
                                        {"shard-key", required_argument, NULL, 'K'},
                                        {"from-cells", required_argument, NULL, 'C'},
                                        {"pseudonyms", required_argument, NULL, 'P'},
                                        {"public", no_argument, NULL, 'U'},
                                        {"public-threshold", required_argument, NULL, 'V'},
                                        {"fail-on-findings", no_argument, NULL, 'f'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

/* The outputs, in the order in which they are put in place. */
enum { WORKBOOK, JSON, CELLS, OUTPUTS };

struct request {
  const char *rules;
  const char *const *records;
  size_t record_count;
  const char *outputs[OUTPUTS];
  const char *scorecards; /* folder */
  struct eh_load_options load;
  struct eh_cli_privacy privacy;
  struct eh_cli_source source; /* where the records are, unless in files */
  int32_t as_of;
  bool fail_on_findings, reliability, no_reliability, quiet, help;
  struct eh_buffer command_line; /* as reports carry it */
};

/* A word as a shell would take it back. */
static void add_word(struct eh_buffer *text, const char *word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/=,:+@%";
  eh_buffer_puts(text, " ");
  if (word[0] && !word[strspn(word, plain)]) {
    eh_buffer_puts(text, word);
    return;
  }
  eh_buffer_puts(text, "'");
  for (const char *s = word; *s; s++)
    eh_buffer_add(text, *s == '\'' ? "'\\''" : s, *s == '\'' ? 4 : 1);
  eh_buffer_puts(text, "'");
}

/* Reports carry the command that made them, without what has no influence on the figures: so they
 * are the same to the byte whatever they are called and however many threads made them. */
static void record_option(struct eh_buffer *text, int c) {
  if (strchr("ojctqfpm", c)) return;
  const struct option *option = options;
  while (option->val != c) option++;
  eh_buffer_printf(text, " --%s", option->name);
  if (!option->has_arg || c == 'P') return; /* the key's place has no influence either */
  struct eh_arena *scratch = eh_arena_new();
  add_word(text, c == 'F' ? eh_cli_without_password(scratch, optarg) : optarg);
  eh_arena_free(scratch);
}

static bool take_parser(const char *name, struct request *r) {
  r->load.use_libcsv = strcmp(name, "libcsv") == 0;
  if (r->load.use_libcsv || strcmp(name, "fast") == 0) return true;
  eh_cli_misuse(command, "--parser takes fast or libcsv, not '%s'", name);
  return false;
}

/* 800M, 4G; a number alone is bytes. */
static bool take_memory(const char *text, struct request *r) {
  static const char units[] = "KMGT";
  char *end;
  errno = 0;
  uint64_t number = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
  const char *unit = number && *end ? strchr(units, *end) : NULL;
  unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
  if (number && !errno && number <= UINT64_MAX >> shift && (!*end || (unit && !end[1]))) {
    r->load.memory = number << shift;
    return true;
  }
  eh_cli_misuse(command, "--memory takes an amount such as 800M or 4G, not '%s'", text);
  return false;
}

static bool take_option(int c, struct request *r) {
  if (eh_cli_is_load_option(c)) return eh_cli_load_option(command, c, &r->load);
  switch (c) {
    case 'o':
      r->outputs[WORKBOOK] = optarg;
      return true;
    case 'j':
      r->outputs[JSON] = optarg;
      return true;
    case 'c':
      r->outputs[CELLS] = optarg;
      return true;
    case 'S':
      r->scorecards = optarg;
      return true;
    case 'a':
      return eh_cli_day(command, "--as-of", optarg, &r->as_of);
    case 'p':
      return take_parser(optarg, r);
    case 'm':
      return take_memory(optarg, r);
    case 'R':
      r->reliability = true;
      return true;
    case 'r':
      r->no_reliability = true;
      return true;
    case 'F':
      r->source.connection = optarg;
      return true;
    case 'T':
      r->source.table = optarg;
      return true;
    case 'Q':
      r->source.query_file = optarg;
      return true;
    case 'K':
      r->source.shard_key = optarg;
      return true;
    case 'C':
      r->source.cells = optarg;
      return true;
    case 'P':
      r->privacy.key_file = optarg;
      return true;
    case 'U':
      r->privacy.is_public = true;
      return true;
    case 'V':
      return eh_cli_privacy_threshold(command, optarg, &r->privacy);
    case 'f':
      r->fail_on_findings = true;
      return true;
    case 'q':
      r->quiet = true;
      return true;
    case 'h':
      r->help = true;
      return true;
    default:
      return false;
  }
}

static int check_outputs(const struct request *r) {
  struct eh_cli_files files = {.outputs = r->outputs,
                               .output_count = OUTPUTS,
                               .rules = r->rules,
                               .records = r->records,
                               .record_count = r->record_count,
                               .scorecards = r->scorecards,
                               .key = r->privacy.key_file,
                               .query = r->source.query_file,
                               .cells = r->source.cells};
  return eh_cli_check_outputs(command, &files);
}

static int parse(int argc, char **argv, struct request *r) {
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":o:qh", options, NULL)) != -1) {
    if (c == '?' || c == ':') return eh_cli_wrong_option(command, argc, argv, options, c);
    if (!take_option(c, r)) return eh_exit_status(EH_BAD_USAGE);
    record_option(&r->command_line, c);
  }
  if (r->help) return 0;
  if (argc - optind < 1) return eh_cli_misuse(command, "name a rules file and the records");
  int status = eh_cli_source_check(&r->source, argc - optind - 1);
  if (status != 0) return status;
  if (argc - optind < 2 && !eh_cli_source_is_given(&r->source))
    return eh_cli_misuse(command, "name the records after the rules file '%s'", argv[optind]);
  if (r->source.cells && r->scorecards)
    return eh_cli_misuse(command, "--scorecards needs the records themselves, not cells");
  if (r->source.connection && r->privacy.key_file && (r->scorecards || r->reliability))
    return eh_cli_misuse(command,
                         "with --pseudonyms a database is asked for counts only; for %s, audit the "
                         "records from files",
                         r->scorecards ? "--scorecards" : "--reliability");
  if (argv[optind + 1] && eh_cli_are_swapped(argv[optind], argv[optind + 1]))
    return eh_cli_misuse(command, "name the rules first: '%s', then the records: '%s'",
                         argv[optind + 1], argv[optind]);
  r->rules = argv[optind];
  r->records = (const char *const *)argv + optind + 1;
  r->record_count = (size_t)(argc - optind - 1);
  for (int i = optind; i < argc; i++) add_word(&r->command_line, argv[i]);
  status = eh_cli_privacy_check(command, &r->privacy,
                                r->outputs[CELLS] || r->scorecards || r->reliability);
  return status != 0 ? status : check_outputs(r);
}

/* What is reported. */
struct results {
  const struct eh_audit *audit;
  const struct eh_drilldown *drilldown; /* NULL: not asked for */
  const struct eh_tally *tally;         /* for the scorecards; NULL: not asked for */
  const struct eh_release *release;     /* NULL, or all that may be reported */
};

static enum eh_status write_output(int which, const struct results *results,
                                   const struct eh_report_context *context,
                                   struct eh_output *output, struct eh_error *error) {
  const struct eh_release *release = results->release;
  switch (which) {
    case WORKBOOK:
      return release ? eh_release_workbook_write(release, context, output->temporary, error)
                     : eh_workbook_write(results->audit, context, output->temporary, error);
    case JSON:
      return release ? eh_release_json_write(release, context, output->stream, error)
                     : eh_json_write(results->audit, context, output->stream, error);
    default:
      return eh_cells_write(results->audit, output->stream, error);
  }
}

static enum eh_status write_scorecards(const struct request *r, const struct results *results,
                                       struct eh_folder *folder, struct eh_error *error) {
  struct eh_report_context context = {EH_VERSION, r->command_line.text, r->as_of, NULL};
  EH_TRY(eh_folder_open(folder, r->scorecards, error));
  return eh_scorecards_write(results->audit, &context, results->tally, folder, error);
}

/* Write everything first, then put everything in place: a failure leaves the old files as they
 * were. */
static enum eh_status write_outputs(const struct request *r, const struct results *results,
                                    struct eh_error *error) {
  struct eh_report_context context = {EH_VERSION, r->command_line.text, r->as_of,
                                      results->drilldown};
  struct eh_output outputs[OUTPUTS] = {{0}};
  struct eh_folder folder = {0};
  enum eh_status status = EH_OK;
  for (int i = 0; i < OUTPUTS && status == EH_OK; i++) {
    if (!r->outputs[i]) continue;
    status = eh_output_open(&outputs[i], r->outputs[i], error);
    if (status == EH_OK) status = write_output(i, results, &context, &outputs[i], error);
    if (status != EH_OK)
      snprintf(error->file, sizeof error->file, "%s", eh_output_name(r->outputs[i]));
  }
  if (status == EH_OK && r->scorecards) status = write_scorecards(r, results, &folder, error);
  if (status == EH_OK && r->scorecards) status = eh_folder_prepare(&folder, error);
  if (status == EH_OK) status = eh_output_commit_all(outputs, OUTPUTS, error);
  if (status == EH_OK && r->scorecards) status = eh_folder_commit(&folder, error);
  for (int i = 0; i < OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  eh_folder_abandon(&folder);
  return status;
}

/* The summary goes to standard output, unless a result does. */
static enum eh_status summarise(const struct request *r, const struct results *results,
                                struct eh_error *error) {
  bool is_taken = false;
  for (int i = 0; i < OUTPUTS; i++) is_taken |= r->outputs[i] && strcmp(r->outputs[i], "-") == 0;
  if (r->quiet || is_taken) return EH_OK;
  struct eh_report_context context = {EH_VERSION, r->command_line.text, r->as_of, NULL};
  EH_TRY(results->release ? eh_release_summary_write(results->release, stdout, error)
                          : eh_summary_write(results->audit, &context, stdout, error));
  if (r->outputs[WORKBOOK])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[WORKBOOK]);
  else
    printf("\nFor the workbook, add -o audit.xlsx.\n");
  if (r->scorecards)
    eh_cli_print(stdout, "The office scorecards are in %s; begin with index.xlsx.\n",
                 r->scorecards);
  return EH_OK;
}

/* What there is to audit: cells, their account, and what holds the records behind them. */
struct material {
  const struct eh_account *account;
  struct eh_cells *cells;
  size_t count;
  struct eh_records *records;   /* of files; NULL: the records are elsewhere */
  struct eh_database *database; /* NULL: they are not in one */
};

static bool has_records(const struct material *m) { return m->records || m->database; }

/* Counts over time, and office by office, where a result asks for them. */
static enum eh_status count_over_time(const struct request *r, const struct eh_rules *rules,
                                      const struct material *m, struct eh_arena *arena,
                                      const struct eh_series **series,
                                      const struct eh_tally **tally, struct eh_error *error) {
  int column = r->scorecards ? eh_scorecards_column(rules) : -1;
  *series = NULL;
  *tally = NULL;
  if (!has_records(m) || r->privacy.is_public || !(r->scorecards || r->outputs[WORKBOOK]))
    return EH_OK;
  if (m->database) return eh_database_days(arena, m->database, column, series, tally, error);
  *series = eh_records_series(arena, m->records);
  if (r->scorecards) *tally = eh_records_tally(arena, m->records, column);
  return EH_OK;
}

static enum eh_status drill_down(const struct material *m, struct eh_arena *arena,
                                 const struct eh_audit *audit,
                                 const struct eh_drilldown **drilldown, struct eh_error *error) {
  struct eh_find_source source = {0};
  if (m->database) source = eh_database_source(m->database);
  if (m->records) source = eh_records_source(m->records);
  return eh_drilldown_make(arena, audit, has_records(m) ? &source : NULL, drilldown, error);
}

/* Of a database only on request: it takes a dozen questions, each a pass over the table. */
static bool wants_reliability(const struct request *r, const struct material *m) {
  if (r->no_reliability || r->privacy.is_public || !(r->outputs[WORKBOOK] || r->outputs[JSON]))
    return false;
  return r->reliability || (m->records && m->account->read <= ASSESSED_UNASKED);
}

/* The records are read a second time, all columns of them (a database is asked about them); only
 * where a report says so. */
static enum eh_status assess_reliability(const struct request *r, const struct eh_rules *rules,
                                         const struct material *m, struct eh_arena *arena,
                                         struct eh_survey **survey,
                                         const struct eh_reliability **reliability) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  *survey = NULL;
  *reliability = NULL;
  if (!has_records(m) || !wants_reliability(r, m)) return EH_OK;
  if (m->database && r->source.shard_key) return EH_OK;
  enum eh_status status = m->database
                              ? eh_database_survey(m->database, survey, &error)
                              : eh_survey_again(m->records, rules, survey, &problems, &error);
  if (status == EH_OK)
    *reliability = eh_reliability_assess(arena, *survey, r->as_of);
  else
    eh_cli_report(&error);
  eh_problems_free(&problems);
  return status;
}

static bool asks_for_summary_only(const struct request *r) {
  return !(r->outputs[WORKBOOK] || r->outputs[JSON] || r->scorecards || r->privacy.is_public);
}

static int audit_cells(const struct request *r, const struct eh_rules *rules,
                       const struct material *m, struct eh_arena *arena) {
  struct eh_error error;
  struct eh_survey *survey;
  if (!r->quiet) eh_cli_report_bad_places(m->account);
  struct eh_audit_options audit_options = {.threads = r->load.threads};
  struct results results = {0};
  enum eh_status status =
      count_over_time(r, rules, m, arena, &audit_options.series, &results.tally, &error);
  if (status != EH_OK) {
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  status = assess_reliability(r, rules, m, arena, &survey, &audit_options.reliability);
  if (status != EH_OK) return eh_exit_status(status);
  audit_options.note_pseudonyms = r->privacy.pseudonyms != NULL;
  audit_options.note_unassessed =
      !audit_options.reliability && (r->outputs[WORKBOOK] || r->outputs[JSON]);
  audit_options.only_summary = asks_for_summary_only(r);
  const struct eh_audit *audit =
      eh_audit_run(arena, rules, m->account, m->cells, m->count, &audit_options);
  results.audit = audit;
  if (r->privacy.is_public)
    results.release = eh_release_make(arena, audit, r->privacy.threshold, r->load.threads);
  else if (r->outputs[WORKBOOK])
    status = drill_down(m, arena, audit, &results.drilldown, &error);
  if (status == EH_OK) status = write_outputs(r, &results, &error);
  if (status == EH_OK) status = summarise(r, &results, &error);
  eh_survey_free(survey);
  if (status != EH_OK) {
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  return r->fail_on_findings && audit->findings ? EXIT_FINDINGS : 0;
}

/* Report what went wrong; the exit status. */
static int report_failure(enum eh_status status, const struct eh_problems *problems,
                          const struct eh_error *error) {
  if (problems->count)
    eh_cli_report_all(problems);
  else if (status != EH_OK)
    eh_cli_report(error);
  return eh_exit_status(status);
}

static int audit_files(struct request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_records *records;
  struct eh_progress progress = eh_progress_start(r->records, r->record_count, r->quiet);
  r->load.can_find = r->outputs[WORKBOOK] && !r->privacy.is_public;
  r->load.only_cells = !r->load.can_find && !r->scorecards;
  r->load.pseudonyms = r->privacy.pseudonyms;
  r->load.progress = eh_progress_show;
  r->load.progress_context = &progress;
  enum eh_status status =
      eh_load_files(rules, r->records, r->record_count, &r->load, &records, &problems, &error);
  eh_progress_end(&progress);
  int result = report_failure(status, &problems, &error);
  eh_problems_free(&problems);
  if (status != EH_OK) return result;
  struct material m = {.account = eh_records_account(records), .records = records};
  status = eh_records_cells(arena, records, &m.cells, &m.count, &error);
  result = status == EH_OK ? audit_cells(r, rules, &m, arena)
                           : report_failure(status, &problems, &error);
  eh_records_free(records);
  return result;
}

/* Counts from a database or a file of cells. */
static int audit_counts(struct request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_cli_counts counts;
  r->source.has_more =
      (r->outputs[WORKBOOK] || r->scorecards) && !r->privacy.is_public && !r->privacy.pseudonyms;
  enum eh_status status = eh_cli_source_load(&r->source, rules, arena, &counts, &problems, &error);
  if (status == EH_OK && r->privacy.pseudonyms)
    status = eh_counts_pseudonymise(counts.counts, r->privacy.pseudonyms, &error);
  int result = report_failure(status, &problems, &error);
  eh_problems_free(&problems);
  if (status != EH_OK) return result;
  /* Of a database that knows the ids only, nothing can be asked by pseudonym. */
  struct material m = {.account = eh_counts_account(counts.counts),
                       .database = r->privacy.pseudonyms ? NULL : counts.database};
  status = eh_counts_cells(arena, counts.counts, &m.cells, &m.count, &error);
  result = status == EH_OK ? audit_cells(r, rules, &m, arena)
                           : report_failure(status, &problems, &error);
  eh_cli_counts_free(&counts);
  return result;
}

static int load_and_audit(struct request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  return eh_cli_source_is_given(&r->source) ? audit_counts(r, rules, arena)
                                            : audit_files(r, rules, arena);
}

/* Find out early that a result cannot be written, before the work. */
static int try_outputs(const struct request *r) {
  struct eh_folder folder = {0};
  struct eh_error folder_error;
  enum eh_status folder_status =
      r->scorecards ? eh_folder_open(&folder, r->scorecards, &folder_error) : EH_OK;
  eh_folder_abandon(&folder);
  if (folder_status != EH_OK) {
    eh_cli_report(&folder_error);
    return eh_exit_status(folder_status);
  }
  for (int i = 0; i < OUTPUTS; i++) {
    struct eh_output output;
    struct eh_error error;
    if (!r->outputs[i]) continue;
    enum eh_status status = eh_output_open(&output, r->outputs[i], &error);
    eh_output_abandon(&output);
    if (status == EH_OK) continue;
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  return 0;
}

int eh_cli_audit(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct request r = {.load = {.threads = eh_processors(), .hash = true}, .as_of = eh_cli_today()};
  eh_buffer_puts(&r.command_line, "evenhand audit");
  int status = parse(argc, argv, &r);
  const struct eh_rules *rules;
  if (status == 0 && r.help)
    fputs(eh_cli_help_text(command), stdout);
  else if (status == 0) {
    status = eh_cli_read_rules(arena, r.rules, &rules);
    if (status == 0) status = eh_cli_privacy_prepare(&r.privacy, rules);
    if (status == 0) status = try_outputs(&r);
    if (status == 0) status = load_and_audit(&r, rules, arena);
  }
  eh_pseudonyms_free(r.privacy.pseudonyms);
  eh_buffer_free(&r.command_line);
  eh_arena_free(arena);
  return status;
}
