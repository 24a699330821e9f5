#include <stdio.h>
#include <string.h>

#include "engine/cli/cli.h"

static const char overview[] =
    "evenhand: were similarly situated people decided alike?\n"
    "\n"
    "It compares the decisions of officers and field offices for people alike in\n"
    "every factor that your rules name, and writes the differences worth an auditor's\n"
    "time to a spreadsheet.\n"
    "\n"
    "  evenhand audit RULES RECORDS... -o audit.xlsx   compare, write the workbook\n"
    "  evenhand profile RECORDS... -o profile.xlsx     can they be relied on?\n"
    "  evenhand init RECORDS... -o rules.yaml          starter rules from the records\n"
    "  evenhand template RULES -o form.xlsx            a workbook to record decisions\n"
    "  evenhand check RULES [RECORDS...]               are the rules sound; do they fit?\n"
    "  evenhand explain RULES                          the rules in plain English\n"
    "  evenhand sql RULES --dialect D                  the rules as SQL, for a database\n"
    "  evenhand simulate -o records.csv                records with known disparities\n"
    "  evenhand help COMMAND                           more on one of these\n"
    "  evenhand --version\n"
    "\n"
    "A first try:\n"
    "\n"
    "  evenhand simulate --records 40000 --planted 8 --seed 7 -o records.csv\n"
    "  evenhand audit ice-priorities-2011 records.csv -o audit.xlsx\n";

static const char audit_help[] =
    "evenhand audit RULES RECORDS... [options]\n"
    "evenhand audit RULES --from CONNECTION --table NAME [options]\n"
    "\n"
    "Compare the decisions in RECORDS under RULES. RULES is a YAML file, or the name\n"
    "of a rule pack such as ice-priorities-2011. RECORDS are delimited text files\n"
    "(CSV) with a header, plain or .gz, with the same columns in any order, or each\n"
    "laid out as the rules' `inputs` say; '-' is standard input. A summary goes to\n"
    "standard output, unless a result does.\n"
    "\n"
    "Results (each appears whole or not at all; '-' is standard output):\n"
    "  -o, --output FILE       the workbook (.xlsx)\n"
    "      --json FILE         the findings, for scripts\n"
    "      --cells FILE        the counts behind every comparison, as CSV\n"
    "      --scorecards DIR    a workbook for each office, and index.xlsx that links\n"
    "                          them; offices are what the rules compare within, or\n"
    "                          else what their first comparison compares\n"
    "\n"
    "What results show (see RULES, `individuals:`):\n"
    "      --pseudonyms KEY    in every result, pseudonyms in place of officers' and\n"
    "                          persons' ids; KEY is a file: openssl rand -hex 32 >KEY\n"
    "      --public            a release: -o and --json hold rounded counts of units\n"
    "                          (the first comparison that is not across individuals)\n"
    "                          and no case, no person, no officer, nothing small\n"
    "      --public-threshold N  small is fewer than N (default: 11)\n"
    "\n"
    "Reading:\n"
    "      --delimiter D       comma, semicolon, tab or pipe (default: found from the\n"
    "                          header)\n"
    "      --skip-lines N      lines to pass over before the header\n"
    "\n"
    "From a database, which counts the records; only counts travel, and for -o the\n"
    "records of flagged units and their situations:\n"
    "      --from CONNECTION   an ODBC data source, or a string like\n"
    "                          'DRIVER=SQLite3;Database=cases.db'; the password is in\n"
    "                          it, in EVENHAND_PASSWORD, or asked for\n"
    "      --table NAME        the records: NAME or SCHEMA.NAME, as it is stored\n"
    "      --query FILE.sql    or a query for them\n"
    "      --shard-key COLUMN  by which a PostgreSQL table is spread over servers\n"
    "      --from-cells FILE   what --cells wrote, or the answer to 'evenhand sql'\n"
    "\n"
    "Other:\n"
    "      --as-of DATE        the date that reports carry (default: today)\n"
    "      --threads N         default: one for each processor; results do not depend\n"
    "                          on it\n"
    "      --no-hash           no SHA-256 of the records (reports then lack it)\n"
    "      --memory LIMIT      stop, with a message, rather than take more (800M, 4G)\n"
    "      --parser libcsv     read every record with libcsv, not only unusual ones:\n"
    "                          slower, the same results\n"
    "      --reliability       assess whether the records can be relied on, however\n"
    "                          many there are (unasked: up to 2 million, for -o, --json)\n"
    "      --no-reliability    do not\n"
    "      --fail-on-findings  exit with status 4 when there are findings\n"
    "  -q, --quiet             no summary, no progress, no list of broken lines\n"
    "\n"
    "Exit status: 0 done; 1 the records cannot be used; 2 wrong usage or wrong rules;\n"
    "3 the machine failed; 4 findings, with --fail-on-findings.\n";

static const char profile_help[] =
    "evenhand profile RECORDS... [--rules RULES] [options]\n"
    "\n"
    "Can these records be relied on? What stands in each column; where and when values\n"
    "are missing; records and persons that occur twice; offices that record less than\n"
    "usual; dates that cannot be so; and a verdict by stated criteria. Without rules,\n"
    "what the columns mean is guessed; with rules, each measure has its verdict, and\n"
    "the rules' totals and expectations are held against the records. The criteria\n"
    "stand in the rules' `reliability` section.\n"
    "\n"
    "  -o, --output FILE       the workbook (.xlsx)\n"
    "      --json FILE         the same, for scripts\n"
    "      --rules RULES       a rules file, or the name of an installed rule pack\n"
    "      --pseudonyms KEY    with --rules: pseudonyms in place of what these name\n"
    "                          individuals\n"
    "      --as-of DATE        later dates are in the future (default: today)\n"
    "      --delimiter D, --skip-lines N, --threads N, --no-hash, -q, --quiet\n"
    "                          as for 'evenhand audit'\n"
    "\n"
    "Exit status: 0 done, whatever was found; 1 the records cannot be used; 2 wrong\n"
    "usage or wrong rules; 3 the machine failed.\n";

static const char init_help[] =
    "evenhand init RECORDS... [-o rules.yaml] [options]\n"
    "\n"
    "Write a commented rules file, guessed from the columns' names and from what stands\n"
    "in them. It is valid as it stands, and says how sure each guess is; read it before\n"
    "use.\n"
    "\n"
    "  -o, --output FILE       the rules (default rules.yaml; '-' is standard output)\n"
    "      --ask               at a terminal: walk through the guesses\n"
    "      --force             replace a file that is there\n"
    "      --delimiter D, --skip-lines N   as for 'evenhand audit'\n"
    "\n"
    "Exit status: 0 done; 1 the records cannot be used; 2 wrong usage; 3 the machine\n"
    "failed.\n";

static const char template_help[] =
    "evenhand template RULES [-o form.xlsx]\n"
    "\n"
    "Write a workbook for recording decisions, a row each: the columns that the rules\n"
    "need, drop-down lists and checks on what is typed, and a code book. Its first\n"
    "sheet, saved as CSV (UTF-8), can be audited under the same rules as it is. The\n"
    "rules must be for one layout: without `inputs`.\n"
    "\n"
    "  -o, --output FILE       default form.xlsx\n"
    "      --as-of DATE        the date that the file carries (default: today)\n";

static const char check_help[] =
    "evenhand check RULES [RECORDS...]\n"
    "\n"
    "Report every mistake of a rules file at its line and column, and whether the\n"
    "columns it names stand in the header of RECORDS; under rules with `inputs`, to\n"
    "which of them each file belongs. Nothing is compared.\n"
    "\n"
    "      --delimiter D, --skip-lines N   as for 'evenhand audit'\n"
    "\n"
    "Exit status: 0 sound; 1 the records cannot be read; 2 the rules are wrong or do\n"
    "not fit the records.\n";

static const char explain_help[] =
    "evenhand explain RULES\n"
    "\n"
    "Say in plain English what the rules do: which records are audited, who counts\n"
    "as similarly situated, what is compared, and what is flagged.\n";

static const char sql_help[] =
    "evenhand sql RULES --dialect DIALECT [options]\n"
    "\n"
    "Print the statement that counts the records of a table as RULES ask, for the\n"
    "owner of the data to read and run. Its answer, as CSV with a header, is audited\n"
    "with 'evenhand audit RULES --from-cells answer.csv'.\n"
    "\n"
    "      --dialect DIALECT   postgresql, sqlite, mariadb, mysql, sqlserver, oracle,\n"
    "                          spark or trino\n"
    "      --table NAME        NAME or SCHEMA.NAME (default: records)\n"
    "      --query FILE.sql    or a query for the records\n"
    "      --number COLUMN     the table keeps this column as a number, not as text\n"
    "      --date COLUMN       ... as a date or a timestamp\n"
    "      --shard-key COLUMN  by which a PostgreSQL table is spread over servers\n";

static const char simulate_help[] =
    "evenhand simulate -o FILE [options]\n"
    "\n"
    "Write records in the standard layout, with disparities whose size is known.\n"
    "\n"
    "  -o, --output FILE         the records ('-' is standard output)\n"
    "      --records N           how many (default 10000)\n"
    "      --offices N           default 25\n"
    "      --officers N          default 400\n"
    "      --seed N              default 1; the same seed gives the same bytes\n"
    "      --spread S            between officers: standard deviation, logit (default 0.3)\n"
    "      --planted N           officers that differ by more (default 0)\n"
    "      --planted-offices N   offices that do (default 0)\n"
    "      --planted-effect E    by how much, logit (default 1); negative: all lower\n"
    "      --faults LIST         all, or some of: duplicates, repeated-persons, missing,\n"
    "                            unreadable-dates, half-recorded, broken-lines\n"
    "                            (profile finds each; half-recorded from some 20,000\n"
    "                            records on)\n"
    "      --truth FILE          who was planted, and each unit's true effect\n"
    "      --threads N           default: one for each processor\n";

const char *eh_cli_help_text(const char *command) {
  static const struct {
    const char *command, *text;
  } texts[] = {{"audit", audit_help},     {"check", check_help},      {"explain", explain_help},
               {"profile", profile_help}, {"init", init_help},        {"template", template_help},
               {"sql", sql_help},         {"simulate", simulate_help}};
  if (!command || strcmp(command, "help") == 0) return overview;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (strcmp(command, texts[i].command) == 0) return texts[i].text;
  return NULL;
}

int eh_cli_help(int argc, char **argv) {
  const char *text = eh_cli_help_text(argc > 1 ? argv[1] : NULL);
  if (!text) return eh_cli_wrong_command(argv[1]);
  fputs(text, stdout);
  return 0;
}
