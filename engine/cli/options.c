#include "engine/cli/options.h"

#include "engine/cli/take.h"

enum {
  AUDIT = 1 << EH_COMMAND_AUDIT,
  FOLLOW = 1 << EH_COMMAND_FOLLOW,
  VERIFY = 1 << EH_COMMAND_VERIFY,
  PROFILE = 1 << EH_COMMAND_PROFILE,
  INIT = 1 << EH_COMMAND_INIT,
  TEMPLATE = 1 << EH_COMMAND_TEMPLATE,
  CHECK = 1 << EH_COMMAND_CHECK,
  SQL = 1 << EH_COMMAND_SQL,
  SIMULATE = 1 << EH_COMMAND_SIMULATE,
  EVERY = (1 << EH_COMMAND_HELP) - 1
};
enum {
  LEAST_THRESHOLD = 3,
  MOST_THRESHOLD = 1000000,
  MOST_SKIPPED = 1000000,
  MOST_THREADS = 1024,
  MOST_OFFICES = 1000,
  MOST_OFFICERS = 100000
};
static const uint64_t MOST_RECORDS = 10000000000;

#define SETS(taker, member) .take = (taker), .at = offsetof(struct eh_request, member)
#define TEXT(member) SETS(eh_take_text, member)
#define FLAG(member) SETS(eh_take_flag, member)
#define RANGE(lowest, highest) .least = (lowest), .most = (highest)
#define RESULT .recorded = EH_RECORD_KIND, .completes = "file", .group = EH_GROUP_RESULTS

/* clang-format off */
static const struct eh_option options[] = {
    /* results */
    {AUDIT, "output", 'o', "FILE", TEXT(outputs[EH_OUTPUT]), RESULT,
     .help = "the workbook (.xlsx)",
     .more = "Where the findings rest on over 10,000 cells it holds those that contribute most\n"
             "to each, the others summed;\n"
             ".Fl -cells\n"
             "writes all."},
    {FOLLOW, "output", 'o', "FILE", TEXT(outputs[EH_OUTPUT]), RESULT,
     .help = "the workbook (.xlsx); its sheet Ledger can be filled in and read again"},
    {PROFILE, "output", 'o', "FILE", TEXT(outputs[EH_OUTPUT]), RESULT,
     .help = "the workbook (.xlsx)"},
    {INIT, "output", 'o', "FILE", TEXT(outputs[EH_OUTPUT]), RESULT,
     .help = "the rules (default: rules.yaml; '-' is standard output)"},
    {TEMPLATE, "output", 'o', "FILE", TEXT(outputs[EH_OUTPUT]), RESULT,
     .help = "the form (default: form.xlsx)"},
    {SIMULATE, "output", 'o', "FILE", TEXT(outputs[EH_OUTPUT]), RESULT,
     .help = "the records ('-' is standard output)"},
    {AUDIT, "json", 0, "FILE", TEXT(outputs[EH_JSON]), RESULT,
     .help = "the findings, for scripts"},
    {FOLLOW, "json", 0, "FILE", TEXT(outputs[EH_JSON]), RESULT,
     .help = "the same as in the workbook, for scripts"},
    {FOLLOW, "ledger-out", 0, "FILE", TEXT(outputs[EH_LEDGER]), RESULT,
     .help = "the ledger alone, brought up to date: CSV, or a workbook where FILE ends in .xlsx",
     .more = "Its columns up to\n"
             ".Li status_by_records\n"
             "are written anew; the others, and any that were added, stay as people left them."},
    {PROFILE, "json", 0, "FILE", TEXT(outputs[EH_JSON]), RESULT,
     .help = "the same as in the workbook, for scripts"},
    {AUDIT, "cells", 0, "FILE", TEXT(outputs[EH_CELLS]), RESULT,
     .help = "the counts behind every comparison, as CSV",
     .more = "With them anyone can do the tests again.\n"
             "For a category or a value, each outcome has a row.\n"
             "A text that a spreadsheet would run as a formula has an apostrophe before it, which\n"
             ".Fl -from-cells\n"
             "takes away again."},
    {AUDIT, "html", 0, "FILE", TEXT(outputs[EH_PAGE]), RESULT,
     .help = "with --public: a page that can be posted (.html), and beside it its figures (.csv)",
     .more = "The page is one file that asks nothing of any network and needs no script.\n"
             "What it says of itself is in the rules\n"
             ".Pq Cm publication ."},
    {AUDIT, "package", 0, "FILE", TEXT(outputs[EH_PACKAGE]), RESULT,
     .help = "a zip that holds the audit with all that redoes it, for evenhand verify",
     .more = "The rules, the findings, the cells, the workbook, an R script that redoes the figures\n"
             "from the cells, and the digests of all of them and of the records.\n"
             "No record is in it but those that the workbook shows."},
    {AUDIT, "scorecards", 0, "DIR", TEXT(scorecards),
     .group = EH_GROUP_RESULTS, .recorded = EH_RECORD_KIND, .completes = "folder",
     .help = "a workbook for each office, and index.xlsx that links them; offices are what the "
             "rules compare within, or else what their first comparison compares",
     .more = "The folder is made if need be.\n"
             "One that holds another\n"
             ".Pa .xlsx\n"
             "file, of an office that is no longer in the records, say, is refused: it might be\n"
             "taken for a present one.\n"
             "Files of the same names are replaced, all together."},
    {SIMULATE, "truth", 0, "FILE", TEXT(outputs[EH_TRUTH]), RESULT,
     .help = "who was planted, each unit's true effect, and the place of every fault"},

    /* what results show */
    {AUDIT, "pseudonyms", 0, "KEY", TEXT(privacy.key_file),
     .group = EH_GROUP_SHOWN, .recorded = EH_RECORD_KIND, .completes = "file",
     .help = "in every result, pseudonyms in place of officers' and persons' ids; KEY is a file: "
             "openssl rand -hex 32 >KEY",
     .more = "These are keyed pseudonyms, such as\n"
             ".Li officer-7K3Q-F2MA-9XTB ;\n"
             "they stand in what is printed, too, and in the order of units.\n"
             "The rules say which columns name individuals\n"
             ".Pq Cm individuals ;\n"
             "the person is one.\n"
             "Case numbers stay, so that files can be pulled, unless the rules list their\n"
             "column, too.\n"
             "The same key gives the same pseudonyms in every audit and profile.\n"
             "A key is a file of at least 16 bytes that nobody can guess, which only its owner\n"
             "should be able to read.\n"
             "Rules that quote such ids are refused, because reports print the rules."},
    {VERIFY, "pseudonyms", 0, "KEY", TEXT(privacy.key_file),
     .group = EH_GROUP_SHOWN, .recorded = EH_RECORD_KIND, .completes = "file",
     .help = "the key that made the package's pseudonyms; only for the records"},
    {PROFILE, "pseudonyms", 0, "KEY", TEXT(privacy.key_file),
     .group = EH_GROUP_SHOWN, .recorded = EH_RECORD_KIND, .completes = "file",
     .help = "with --rules: pseudonyms in place of what these name individuals, as in an audit",
     .more = "Columns that the rules do not list under\n"
             ".Cm individuals\n"
             "are shown as they are."},
    {AUDIT, "public", 0, NULL, FLAG(privacy.is_public), .group = EH_GROUP_SHOWN,
     .help = "a release: -o, --html and --json hold rounded counts of units (the first comparison that is "
             "not across individuals) and no case, no person, no officer, nothing small",
     .more = "Of the units it shows rounded counts, rates and differences; of individuals only how\n"
             "many there are and how widely they differ.\n"
             "A unit is left out that has fewer records with, or without, the event of some\n"
             "measure than the threshold; others are left out, so that none can be had by\n"
             "subtraction.\n"
             "Measures that would hide most units are left out as a whole."},
    {AUDIT, "public-threshold", 0, "N", SETS(eh_take_count, privacy.threshold),
     RANGE(LEAST_THRESHOLD, MOST_THRESHOLD), .group = EH_GROUP_SHOWN,
     .help = "with --public, small is fewer than N (default: 11)"},

    /* reading */
    {AUDIT, "ledger", 0, "FILE", TEXT(ledger), .group = EH_GROUP_READING, .recorded = EH_RECORD_KIND,
     .completes = "file",
     .help = "the ledger of earlier findings, as people left it: what is on file stands beside the "
             "findings, the overdue first",
     .more = "A CSV file or a workbook, as\n"
             ".Ic evenhand follow\n"
             "writes it; it is never changed.\n"
             "With pseudonyms it must have been made with the same key."},
    {FOLLOW, "ledger", 0, "FILE", TEXT(ledger), .group = EH_GROUP_READING,
     .completes = "file",
     .help = "the ledger so far: a CSV file, or a workbook (such as the last -o), as people left "
             "it; without it one is begun",
     .more = "Overdue findings and those closed as implemented that persist come first.\n"
             "A date that is none, or a status that is none of the choices, stays as it is, is\n"
             "named, and is not used."},
    {PROFILE, "rules", 0, "RULES", TEXT(rules), .group = EH_GROUP_READING, .completes = "rules",
     .help = "what the columns mean, and the measures, totals and expectations: a rules file, or "
             "the name of an installed rule pack",
     .more = "Without rules, the columns' meaning is guessed."},
    {AUDIT | PROFILE | INIT | CHECK, "delimiter", 0, "D", SETS(eh_take_delimiter, load.delimiter),
     .group = EH_GROUP_READING, .completes = "words comma semicolon tab pipe",
     .help = "what separates the fields: comma, semicolon, tab or pipe (default: found from the "
             "header)"},
    {AUDIT | PROFILE | INIT | CHECK, "skip-lines", 0, "N", SETS(eh_take_count, load.skip_lines),
     RANGE(0, MOST_SKIPPED), .group = EH_GROUP_READING,
     .help = "lines to pass over before the header of each file (default: 0)"},
    {AUDIT | PROFILE | INIT | CHECK, "sheet", 0, "NAME", TEXT(load.sheet),
     .group = EH_GROUP_READING,
     .help = "the sheet of a workbook that holds the records (default: the only one that does)"},

    /* a database */
    {AUDIT, "from", 0, "CONNECTION", TEXT(source.connection),
     .group = EH_GROUP_DATABASE, .recorded = EH_RECORD_CONNECTION,
     .help = "an ODBC data source, or a string like 'DRIVER=SQLite3;Database=cases.db'; or a client "
             "that is asked by its standard input, 'exec:duckdb -csv cases.duckdb'; the "
             "password is in it, in EVENHAND_PASSWORD, or asked for",
     .more = "The database counts the records.\n"
             "Only counts travel, and for the workbook the records of flagged units and of the\n"
             "situations that carry their findings.\n"
             "All questions stand on the Method sheet. Through ODBC they are asked in one\n"
             "read-only transaction; of a client one by one, so nobody may change the records\n"
             "meanwhile."},
    {AUDIT, "table", 0, "NAME", TEXT(source.table), .group = EH_GROUP_DATABASE,
     .help = "the records: NAME or SCHEMA.NAME, as it is stored"},
    {AUDIT | SQL, "dialect", 0, "DIALECT", .take = eh_take_dialect, .group = EH_GROUP_DATABASE,
     .completes = "words postgresql sqlite mariadb mysql sqlserver oracle spark trino duckdb",
     .help = "postgresql, sqlite, mariadb, mysql, sqlserver, oracle, spark, trino or duckdb",
     .more = "Of a command that is asked\n"
             ".Pq Fl -from Cm exec: ,\n"
             "duckdb."},
    {SQL, "table", 0, "NAME", TEXT(sql.table), .group = EH_GROUP_DATABASE,
     .help = "NAME or SCHEMA.NAME (default: records)"},
    {AUDIT | SQL, "query", 0, "FILE.sql", TEXT(source.query_file), .group = EH_GROUP_DATABASE,
     .completes = "file", .help = "or a query for the records"},
    {SQL, "number", 0, "COLUMN", .take = eh_take_number_column, .group = EH_GROUP_DATABASE,
     .help = "the table keeps this column as a number, not as text"},
    {SQL, "date", 0, "COLUMN", .take = eh_take_date_column, .group = EH_GROUP_DATABASE,
     .help = "the table keeps it as a date or a timestamp"},
    {AUDIT, "shard-key", 0, "COLUMN", TEXT(source.shard_key), .group = EH_GROUP_DATABASE,
     .help = "by which a PostgreSQL table is spread over servers"},
    {SQL, "shard-key", 0, "COLUMN", TEXT(sql.shard_key), .group = EH_GROUP_DATABASE,
     .help = "by which a PostgreSQL table is spread over servers"},
    {AUDIT, "from-cells", 0, "FILE", TEXT(source.cells), .group = EH_GROUP_DATABASE,
     .completes = "file", .help = "what --cells wrote, or the answer to 'evenhand sql'",
     .more = "Of at most a million million records\n"
             ".Pq 2^40 ."},

    /* simulated records */
    {SIMULATE, "records", 0, "N", SETS(eh_take_count, simulation.records), RANGE(1, MOST_RECORDS),
     .group = EH_GROUP_SIMULATED, .help = "how many (default: 10000)"},
    {SIMULATE, "offices", 0, "N", SETS(eh_take_size, simulation.offices), RANGE(0, MOST_OFFICES),
     .group = EH_GROUP_SIMULATED, .help = "field offices, of very different size (default: 25)",
     .more = "From 1 to 1000."},
    {SIMULATE, "officers", 0, "N", SETS(eh_take_size, simulation.officers), RANGE(0, MOST_OFFICERS),
     .group = EH_GROUP_SIMULATED, .help = "officers, with log-normal caseloads (default: 400)",
     .more = "At least one an office, and at most 100000."},
    {SIMULATE, "seed", 0, "N", SETS(eh_take_count, simulation.seed), RANGE(0, UINT64_MAX),
     .group = EH_GROUP_SIMULATED,
     .help = "another seed gives other records, the same one the same bytes (default: 1)"},
    {SIMULATE, "spread", 0, "LOGIT", SETS(eh_take_real, simulation.spread), .low = 0, .high = 5,
     .group = EH_GROUP_SIMULATED, .help = "the standard deviation between officers (default: 0.3)",
     .more = "It is in log odds of a favourable decision.\n"
             "Offices differ by half of it.\n"
             "With 0 and nothing planted, none differs from its peers."},
    {SIMULATE, "planted", 0, "N", SETS(eh_take_size, simulation.planted), RANGE(0, MOST_OFFICERS),
     .group = EH_GROUP_SIMULATED, .help = "officers that differ by more (default: 0)"},
    {SIMULATE, "planted-offices", 0, "N", SETS(eh_take_size, simulation.planted_offices),
     RANGE(0, MOST_OFFICES), .group = EH_GROUP_SIMULATED, .help = "offices that do (default: 0)"},
    {SIMULATE, "planted-effect", 0, "E", SETS(eh_take_real, simulation.planted_effect),
     .low = -10, .high = 10, .group = EH_GROUP_SIMULATED,
     .help = "by how much, in logit (default: 1); above 0: alternately higher and lower; below: "
             "all lower"},
    {SIMULATE, "changes", 0, "N", SETS(eh_take_size, simulation.changes), RANGE(0, MOST_OFFICERS),
     .group = EH_GROUP_SIMULATED, .help = "officers who change during the time (default: 0)"},
    {SIMULATE, "changed-offices", 0, "N", SETS(eh_take_size, simulation.changed_offices),
     RANGE(0, MOST_OFFICES), .group = EH_GROUP_SIMULATED, .help = "offices that do (default: 0)"},
    {SIMULATE, "change-effect", 0, "E", SETS(eh_take_real, simulation.change_effect), .low = -10,
     .high = 10, .group = EH_GROUP_SIMULATED,
     .help = "by how much, in logit (default: 0.7); signs as of --planted-effect"},
    {SIMULATE, "change-at", 0, "DATE", SETS(eh_take_day, simulation.change_at),
     .group = EH_GROUP_SIMULATED, .help = "from this day on (default: 2014-01-01)"},
    {SIMULATE, "period-spread", 0, "LOGIT", SETS(eh_take_real, simulation.period_spread), .low = 0,
     .high = 5, .group = EH_GROUP_SIMULATED,
     .help = "the standard deviation of each officer and office from month to month (default: 0)"},
    {SIMULATE, "spread-after", 0, "LOGIT", SETS(eh_take_real, simulation.spread_after), .low = 0,
     .high = 5, .group = EH_GROUP_SIMULATED,
     .help = "the spread between officers from 2014-11-20 on (default: as before)"},
    {SIMULATE, "faults", 0, "LIST", SETS(eh_take_faults, simulation.faults),
     .group = EH_GROUP_SIMULATED,
     .completes = "list all none duplicates repeated-persons missing unreadable-dates "
                  "half-recorded broken-lines",
     .help = "faults of real records: all, or some of duplicates, repeated-persons, missing, "
             "unreadable-dates, half-recorded, broken-lines (profile finds each; half-recorded "
             "from some 20,000 records on)",
     .more = ".Bl -tag -width \"repeated-persons\"\n"
             ".It Cm duplicates\n"
             "case ids that occur twice, as exact copies and as differing ones\n"
             ".It Cm repeated-persons\n"
             "12% of the records about a person seen before, not 3%\n"
             ".It Cm missing\n"
             "values not recorded, far more of them at some offices\n"
             ".It Cm unreadable-dates\n"
             "dates that are none\n"
             ".It Cm half-recorded\n"
             "an office that records half of its decisions for a year\n"
             ".It Cm broken-lines\n"
             "lines with too few fields or a wrong quote\n"
             ".El"},
    {SIMULATE, "threads", 0, "N", SETS(eh_take_size, simulation.threads), RANGE(0, MOST_THREADS),
     .group = EH_GROUP_OTHER, .help = "default: one for each processor"},

    /* other */
    {AUDIT, "as-of", 0, "DATE", SETS(eh_take_day, as_of), .group = EH_GROUP_OTHER,
     .help = "the date that reports carry (default: today)",
     .more = "As\n"
             ".Ar YYYY-MM-DD .\n"
             "With the same date, rules and records, the output is the same to the byte."},
    {FOLLOW, "as-of", 0, "DATE", SETS(eh_take_day, as_of), .group = EH_GROUP_OTHER,
     .help = "what is due before it is overdue (default: today)"},
    {PROFILE, "as-of", 0, "DATE", SETS(eh_take_day, as_of), .group = EH_GROUP_OTHER,
     .help = "later dates are in the future (default: today)"},
    {TEMPLATE, "as-of", 0, "DATE", SETS(eh_take_day, as_of), .group = EH_GROUP_OTHER,
     .help = "the date that the file carries (default: today)"},
    {AUDIT | PROFILE | VERIFY, "threads", 0, "N", SETS(eh_take_size, load.threads), RANGE(1, MOST_THREADS),
     .group = EH_GROUP_OTHER, .recorded = EH_RECORD_NOTHING,
     .help = "default: one for each processor; results do not depend on it"},
    {AUDIT | PROFILE, "no-hash", 0, NULL, SETS(eh_take_no, load.hash), .group = EH_GROUP_OTHER,
     .help = "no SHA-256 of the records (reports then lack it)"},
    {AUDIT, "memory", 0, "LIMIT", SETS(eh_take_memory, load.memory), .group = EH_GROUP_OTHER,
     .recorded = EH_RECORD_NOTHING,
     .help = "stop, with a message, rather than take more (800M, 4G)"},
    {AUDIT, "parser", 0, "libcsv", SETS(eh_take_parser, load.use_libcsv), .group = EH_GROUP_OTHER,
     .recorded = EH_RECORD_NOTHING, .completes = "words fast libcsv",
     .help = "read every record with libcsv, not only unusual ones: slower, the same results"},
    {AUDIT, "reliability", 0, NULL, FLAG(reliability), .group = EH_GROUP_OTHER,
     .help = "assess whether a database's records can be relied on (those of files are, unasked, "
             "for -o, --json)",
     .more = "For it the database is asked a dozen questions more."},
    {AUDIT, "no-reliability", 0, NULL, FLAG(no_reliability), .group = EH_GROUP_OTHER,
     .help = "do not assess that"},
    {AUDIT, "fail-on-signals", 0, NULL, FLAG(fail_on_signals), .group = EH_GROUP_OTHER,
     .recorded = EH_RECORD_NOTHING,
     .help = "exit with status 4 when a unit that the rules monitor is watched, or a goal missed"},
    {AUDIT, "fail-on-findings", 0, NULL, FLAG(fail_on_findings), .group = EH_GROUP_OTHER,
     .recorded = EH_RECORD_NOTHING, .help = "exit with status 4 when there are findings"},
    {INIT, "ask", 0, NULL, FLAG(ask), .group = EH_GROUP_OTHER,
     .help = "at a terminal: walk through the guesses",
     .more = "These are the columns, which values of the outcome are counted, and what people must\n"
             "agree in."},
    {INIT, "force", 0, NULL, FLAG(force), .group = EH_GROUP_OTHER,
     .help = "replace a file that is there"},
    {FOLLOW | VERIFY, "quiet", 'q', NULL, FLAG(quiet), .group = EH_GROUP_OTHER,
     .recorded = EH_RECORD_NOTHING, .help = "no summary"},
    {AUDIT | PROFILE, "quiet", 'q', NULL, FLAG(quiet), .group = EH_GROUP_OTHER,
     .recorded = EH_RECORD_NOTHING, .help = "no summary, no progress, no list of broken lines"},
    {EVERY, "help", 'h', NULL, FLAG(help)},
};
/* clang-format on */

const struct eh_option *eh_options(size_t *count) {
  *count = sizeof options / sizeof options[0];
  return options;
}
