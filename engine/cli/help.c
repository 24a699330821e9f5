/* What commands and options say of themselves: `evenhand help`, and in other forms what the build
 * puts into the manual page and the completion (`help --manual COMMAND`, `help --completion`). */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "rules/language/prose.h"

static void print_overview(void) {
  fputs(
      "evenhand: were similarly situated people decided alike?\n"
      "\n"
      "It compares the decisions of officers and field offices for people alike in\n"
      "every factor that your rules name, and writes the differences worth an auditor's\n"
      "time to a spreadsheet.\n"
      "\n",
      stdout);
  for (enum eh_command c = 0; c < EH_COMMANDS; c++)
    printf("  evenhand %-38s %s\n", eh_command(c)->use, eh_command(c)->use_for);
  fputs(
      "  evenhand --version\n"
      "\n"
      "A first try:\n"
      "\n"
      "  evenhand simulate --records 40000 --planted 8 --seed 7 -o records.csv\n"
      "  evenhand audit ice-priorities-2011 records.csv -o audit.xlsx\n",
      stdout);
}

/* The options of a command that its help tells, in order. */
static size_t list_options(enum eh_command command, const struct eh_option **list, size_t room) {
  size_t all, count = 0;
  const struct eh_option *rows = eh_options(&all);
  for (size_t i = 0; i < all && count < room; i++)
    if (rows[i].help && eh_option_is_of(&rows[i], command)) list[count++] = &rows[i];
  return count;
}

static const char *heading_of(enum eh_option_group group) {
  static const char *const headings[] = {
      [EH_GROUP_RESULTS] = "Results (each appears whole or not at all; '-' is standard output):",
      [EH_GROUP_SHOWN] = "What results show (see RULES, `individuals:`):",
      [EH_GROUP_READING] = "Reading:",
      [EH_GROUP_DATABASE] =
          "From a database, which counts the records; only counts travel, and for -o the records "
          "of flagged units and their situations:",
      [EH_GROUP_SIMULATED] = "What the records hold:",
      [EH_GROUP_OTHER] = "Other:"};
  return headings[group];
}

static void add_option(struct eh_buffer *out, const struct eh_option *option) {
  enum { TEXT_AT = 28 };
  char mark[64], letter[] = "  -x, ";
  letter[3] = option->letter;
  int length = snprintf(mark, sizeof mark, "%s--%s%s%s", option->letter ? letter : "      ",
                        option->name, option->value ? " " : "", option->value ? option->value : "");
  assert(length < TEXT_AT);
  snprintf(mark + length, sizeof mark - (size_t)length, "%*s", TEXT_AT - length, "");
  eh_prose_paragraph(out, 0, mark, "%s", option->help);
}

static void print_help_of(enum eh_command command) {
  enum { MOST = 64, MANY = 8 /* options, from which on they have headings */ };
  const struct eh_command_row *row = eh_command(command);
  const struct eh_option *list[MOST];
  size_t count = list_options(command, list, MOST);
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, row->about);
  for (size_t i = 0; i < count; i++) {
    bool is_first = i == 0 || list[i]->group != list[i - 1]->group;
    if (i == 0 || (is_first && count > MANY)) eh_prose_blank(&out);
    if (is_first && count > MANY) eh_prose_paragraph(&out, 0, "", "%s", heading_of(list[i]->group));
    add_option(&out, list[i]);
  }
  if (row->after) eh_buffer_printf(&out, "\n%s", row->after);
  fputs(out.text, stdout);
  eh_buffer_free(&out);
}

void eh_cli_print_help(enum eh_command command) {
  if (command == EH_COMMAND_HELP)
    print_overview();
  else
    print_help_of(command);
}

/* Text as mdoc shows it: a backslash and a line's first period or quote mean something there. */
static void print_mdoc(const char *text) {
  if (*text == '.' || *text == '\'') fputs("\\&", stdout);
  putchar(toupper((unsigned char)*text));
  for (const char *s = text + 1; *s; s++) *s == '\\' ? fputs("\\e", stdout) : putchar(*s);
  fputs(".\n", stdout);
}

/* The options of a command as a list of the manual page. */
static void print_manual(enum eh_command command) {
  enum { MOST = 64 };
  const struct eh_option *list[MOST];
  size_t count = list_options(command, list, MOST);
  if (!count) return;
  puts(".Bl -tag -width Ds");
  for (size_t i = 0; i < count; i++) {
    const struct eh_option *option = list[i];
    printf(".It Fl ");
    if (option->letter) printf("%c , ", option->letter);
    printf("-%s", option->name);
    if (option->value) printf(" Ar %s", option->value);
    putchar('\n');
    print_mdoc(option->help);
    if (option->more) puts(option->more);
  }
  puts(".El");
}

static void print_names(const struct eh_option *option, const char *between) {
  if (option->letter) printf("-%c%s", option->letter, between);
  printf("--%s", option->name);
}

static void print_options_of(enum eh_command command, const struct eh_option *rows, size_t count) {
  const char *between = "";
  printf("    %s) echo \"", eh_command(command)->name);
  for (size_t i = 0; i < count; i++) {
    if (!eh_option_is_of(&rows[i], command)) continue;
    fputs(between, stdout);
    print_names(&rows[i], " ");
    between = " ";
  }
  puts("\" ;;");
}

/* Of several commands' options of one name, the first speaks for all. */
static bool is_first_of_name(const struct eh_option *rows, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (strcmp(rows[i].name, rows[index].name) == 0) return false;
  return true;
}

/* Two functions of bash: the options of a command, and what completes the value of one. */
static void print_completion(void) {
  size_t count;
  const struct eh_option *rows = eh_options(&count);
  puts("_evenhand_options() {\n  case $1 in");
  for (enum eh_command c = 0; c < EH_COMMAND_HELP; c++) print_options_of(c, rows, count);
  puts("  esac\n}\n_evenhand_value() {\n  case $1 in");
  for (size_t i = 0; i < count; i++) {
    if (!rows[i].value || !is_first_of_name(rows, i)) continue;
    printf("    ");
    print_names(&rows[i], " | ");
    printf(") echo \"%s\" ;;\n", rows[i].completes ? rows[i].completes : "nothing");
  }
  puts("    *) return 1 ;;\n  esac\n}");
}

int eh_cli_help(int argc, char **argv) {
  enum eh_command command = argc > 1 ? eh_command_find(argv[argc - 1]) : EH_COMMAND_HELP;
  if (argc == 3 && strcmp(argv[1], "--manual") == 0 && command < EH_COMMANDS)
    print_manual(command);
  else if (argc == 2 && strcmp(argv[1], "--completion") == 0)
    print_completion();
  else if (argc > 1 && (command = eh_command_find(argv[1])) == EH_COMMANDS)
    return eh_cli_wrong_command(argv[1]);
  else
    eh_cli_print_help(command);
  return 0;
}
