#include "engine/cli/commands.h"

#include <string.h>

#include "engine/cli/cli.h"

/* clang-format off */
static const struct eh_command_row rows[EH_COMMANDS] = {
    [EH_COMMAND_AUDIT] = {
        "audit", eh_cli_audit, "audit RULES RECORDS... -o audit.xlsx", "compare, write the workbook",
        "evenhand audit RULES RECORDS... [options]\n"
        "evenhand audit RULES --from CONNECTION --table NAME [options]\n"
        "\n"
        "Compare the decisions in RECORDS under RULES. RULES is a YAML file, or the name\n"
        "of a rule pack such as ice-priorities-2011. RECORDS are delimited text files\n"
        "(CSV) with a header, plain or compressed, workbooks (.xlsx, .ods), or files of\n"
        "SPSS, Stata or SAS, with the same columns in any order, or each laid out as the\n"
        "rules' `inputs` say; '-' is standard input. A summary goes to standard output,\n"
        "unless a result does.\n",
        "Exit status: 0 done; 1 the records cannot be used; 2 wrong usage or wrong rules;\n"
        "3 the machine failed; 4 findings, with --fail-on-findings, or a unit watched or a\n"
        "goal missed, with --fail-on-signals.\n"},
    [EH_COMMAND_FOLLOW] = {
        "follow", eh_cli_follow, "follow OLD.json NEW.json",
        "what became of the findings?",
        "evenhand follow OLD.json NEW.json [--ledger LEDGER] [options]\n"
        "\n"
        "Look again, in a later audit, at the findings of an earlier one: which persist,\n"
        "which were shown small, which are not decided; and whether more changed than chance\n"
        "explains, since who was found for being far out comes back nearer by itself. OLD and\n"
        "NEW are what 'evenhand audit --json' wrote. The ledger holds each finding with the\n"
        "office's response, who acts and by when; people go on with it in a spreadsheet.\n",
        "Exit status: 0 done, whatever became of them; 1 the ledger cannot be used; 2 wrong\n"
        "usage, or files that are no two findings files in order; 3 the machine failed.\n"},
    [EH_COMMAND_VERIFY] = {
        "verify", eh_cli_verify, "verify audit.zip [RECORDS...]", "does it say what the records say?",
        "evenhand verify PACKAGE [RECORDS...] [options]\n"
        "\n"
        "Redo what an evidence package says, which 'evenhand audit --package' made: from\n"
        "its cells every figure that follows from them; from the records, where they are\n"
        "given, everything, to the byte. It says \"same\", or where not. The script in the\n"
        "package, verify.R, does the former in R.\n",
        "Exit status: 0 the same; 1 not the same, or no package; 2 wrong usage; 3 the\n"
        "machine failed.\n"},
    [EH_COMMAND_PROFILE] = {
        "profile", eh_cli_profile, "profile RECORDS... -o profile.xlsx", "can they be relied on?",
        "evenhand profile RECORDS... [--rules RULES] [options]\n"
        "\n"
        "Can these records be relied on? What stands in each column; where and when values\n"
        "are missing; records and persons that occur twice; offices that record less than\n"
        "usual; dates that cannot be so; and a verdict by stated criteria. Without rules,\n"
        "what the columns mean is guessed; with rules, each measure has its verdict, and\n"
        "the rules' totals and expectations are held against the records. The criteria\n"
        "stand in the rules' `reliability` section.\n",
        "Exit status: 0 done, whatever was found; 1 the records cannot be used; 2 wrong\n"
        "usage or wrong rules; 3 the machine failed.\n"},
    [EH_COMMAND_INIT] = {
        "init", eh_cli_init, "init RECORDS... -o rules.yaml", "starter rules from the records",
        "evenhand init RECORDS... [-o rules.yaml] [options]\n"
        "\n"
        "Write a commented rules file, guessed from the columns' names and from what stands\n"
        "in them. It is valid as it stands, and says how sure each guess is; read it before\n"
        "use.\n",
        "Exit status: 0 done; 1 the records cannot be used; 2 wrong usage; 3 the machine\n"
        "failed.\n"},
    [EH_COMMAND_TEMPLATE] = {
        "template", eh_cli_template, "template RULES -o form.xlsx", "a workbook to record decisions",
        "evenhand template RULES [-o form.xlsx]\n"
        "\n"
        "Write a workbook for recording decisions, a row each: the columns that the rules\n"
        "need, drop-down lists and checks on what is typed, and a code book. Its first\n"
        "sheet, saved as CSV (UTF-8), can be audited under the same rules as it is. The\n"
        "rules must be for one layout: without `inputs`.\n",
        NULL},
    [EH_COMMAND_CHECK] = {
        "check", eh_cli_check, "check RULES [RECORDS...]", "are the rules sound; do they fit?",
        "evenhand check RULES [RECORDS...]\n"
        "\n"
        "Report every mistake of a rules file at its line and column, and whether the\n"
        "columns it names stand in the header of RECORDS; under rules with `inputs`, to\n"
        "which of them each file belongs; under rules with `adjust_for`, how many records\n"
        "have peers. Nothing is compared.\n",
        "Exit status: 0 sound; 1 the records cannot be read; 2 the rules are wrong or do\n"
        "not fit the records.\n"},
    [EH_COMMAND_EXPLAIN] = {
        "explain", eh_cli_explain, "explain RULES", "the rules in plain English",
        "evenhand explain RULES\n"
        "\n"
        "Say in plain English what the rules do: which records are audited, who counts\n"
        "as similarly situated, what is compared, and what is flagged.\n",
        NULL},
    [EH_COMMAND_SQL] = {
        "sql", eh_cli_sql, "sql RULES --dialect D", "the rules as SQL, for a database",
        "evenhand sql RULES --dialect DIALECT [options]\n"
        "\n"
        "Print the statement that counts the records of a table as RULES ask, for the\n"
        "owner of the data to read and run. Its answer, as CSV with a header, is audited\n"
        "with 'evenhand audit RULES --from-cells answer.csv'.\n",
        NULL},
    [EH_COMMAND_SIMULATE] = {
        "simulate", eh_cli_simulate, "simulate -o records.csv", "records with known disparities",
        "evenhand simulate -o FILE [options]\n"
        "\n"
        "Write records in the standard layout, with disparities whose size is known.\n",
        NULL},
    [EH_COMMAND_START] = {
        "start", eh_cli_start, "start [RECORDS]", "a walk through all of it, with questions",
        "evenhand start [RECORDS]\n"
        "\n"
        "For who has never typed a command: asks which file holds the records, what its\n"
        "columns mean and whom to compare; shows the rules in plain English; looks whether\n"
        "the records can be relied on; audits them. Each step shows the command that does\n"
        "the same. Nothing that is there is replaced.\n",
        NULL},
    [EH_COMMAND_HELP] = {
        "help", eh_cli_help, "help COMMAND", "more on one of these", NULL, NULL},
};
/* clang-format on */

const struct eh_command_row *eh_command(enum eh_command command) { return &rows[command]; }

enum eh_command eh_command_find(const char *name) {
  enum eh_command command = 0;
  while (command < EH_COMMANDS && strcmp(rows[command].name, name) != 0) command++;
  return command;
}
