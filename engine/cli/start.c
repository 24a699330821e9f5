/* start: for who has never typed a command. Each step says the command that does the same, asks,
 * and runs it. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/base/words.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "reports/words/paragraph.h"
#include "reports/words/safe.h"

static const char command[] = "start";
enum { LINE = 4096, LISTED = 9, MOST_NUMBERED = 1000 };

struct walk {
  struct eh_arena *arena;
  const char *records, *rules, *profile, *workbook;
  bool at_end; /* of the answers */
};

static void tell(const struct walk *w, const char *text) {
  eh_paragraph_write(stdout, w->arena, "", text);
}

static bool read_line(struct walk *w, char *line) {
  fflush(stdout);
  line[0] = '\0';
  if (w->at_end || !fgets(line, LINE, stdin)) w->at_end = true;
  line[strcspn(line, "\r\n")] = '\0';
  if (w->at_end) putchar('\n');
  return !w->at_end;
}

/* --- which file --- */

/* As a file is dropped on a terminal: in quotes, with blanks behind it, or with \ before blanks. */
static const char *dropped(struct walk *w, char *line) {
  size_t length = strlen(line);
  while (length && line[length - 1] == ' ') line[--length] = '\0';
  while (*line == ' ') line++, length--;
  if (length > 1 && (line[0] == '\'' || line[0] == '"') && line[length - 1] == line[0]) {
    line[length - 1] = '\0';
    return eh_arena_string(w->arena, line + 1);
  }
  if (access(line, R_OK) == 0) return eh_arena_string(w->arena, line);
  char *to = line;
  for (const char *from = line; *from; from++)
    if (*from != '\\' || !from[1]) *to++ = *from;
  *to = '\0';
  return eh_arena_string(w->arena, line);
}

/* Files here that may hold records. */
static size_t list_files(struct walk *w, const char **names) {
  glob_t found = {0};
  size_t count = 0;
  int flags = GLOB_BRACE;
  if (glob("*.{csv,tsv,txt,xlsx,xlsm,ods,sav,dta,sas7bdat,xpt,csv.gz,zip}", flags, NULL, &found) ==
      0)
    for (size_t i = 0; i < found.gl_pathc && count < LISTED; i++)
      names[count++] = eh_arena_string(w->arena, found.gl_pathv[i]);
  globfree(&found);
  return count;
}

static bool ask_file(struct walk *w) {
  const char *names[LISTED];
  char line[LINE];
  size_t count = list_files(w, names);
  tell(w,
       "Which file holds the records? One row a decision, with the names of the columns first: a "
       "text file (CSV), a workbook (.xlsx, .ods), or a file of SPSS, Stata or SAS.");
  for (size_t i = 0; i < count; i++) eh_cli_print(stdout, "  %zu  %s\n", i + 1, names[i]);
  for (;;) {
    eh_cli_print(stdout, count ? "A number, or a name (drop the file here; q ends): "
                               : "Its name (drop the file here; q ends): ");
    if (!read_line(w, line)) return false;
    if (strcasecmp(line, "q") == 0) return false;
    char *end;
    unsigned long number = strtoul(line, &end, 10);
    bool is_number = end != line && !*end && number >= 1 && number <= count;
    const char *name = is_number ? names[number - 1] : dropped(w, line);
    if (*name && access(name, R_OK) == 0) {
      w->records = name;
      return true;
    }
    if (*name) eh_cli_print(stdout, "  %s cannot be read: %s\n", name, strerror(errno));
  }
}

/* --- what is written --- */

/* A name of its own: nothing that is there is replaced. */
static const char *free_name(struct walk *w, const char *stem, const char *ending) {
  const char *name = eh_arena_printf(w->arena, "%s%s", stem, ending);
  for (int n = 2; access(name, F_OK) == 0 && n < MOST_NUMBERED; n++)
    name = eh_arena_printf(w->arena, "%s-%d%s", stem, n, ending);
  return name;
}

static void name_results(struct walk *w) {
  const char *slash = strrchr(w->records, '/'), *base = slash ? slash + 1 : w->records;
  size_t length = strcspn(base, ".");
  const char *stem = eh_arena_printf(w->arena, "%.*s", (int)(length ? length : strlen(base)), base);
  w->rules = free_name(w, eh_arena_printf(w->arena, "%s-rules", stem), ".yaml");
  w->profile = free_name(w, eh_arena_printf(w->arena, "%s-reliability", stem), ".xlsx");
  w->workbook = free_name(w, eh_arena_printf(w->arena, "%s-audit", stem), ".xlsx");
}

/* --- the steps --- */

struct step {
  const char *title, *about, *help;
  int (*run)(int argc, char **argv);
  const char *words[8]; /* of the command line; NULL ends */
};

/* "RULES" and such stand for the walk's names. */
static const char *word_of(const struct walk *w, const char *word) {
  if (strcmp(word, "RECORDS") == 0) return w->records;
  if (strcmp(word, "RULES") == 0) return w->rules;
  if (strcmp(word, "PROFILE") == 0) return w->profile;
  return strcmp(word, "WORKBOOK") == 0 ? w->workbook : word;
}

static int run_step(const struct walk *w, const struct step *step) {
  char *argv[9] = {NULL};
  int argc = 0;
  for (; step->words[argc]; argc++)
    argv[argc] = eh_arena_string(w->arena, word_of(w, step->words[argc]));
  fflush(stdout);
  return step->run(argc, argv);
}

/* A name as a shell takes it. */
static const char *typed(const struct walk *w, const char *word) {
  if (!strpbrk(word, " '\"$&;()<>|*?\\!")) return word;
  return strchr(word, '\'') ? eh_arena_printf(w->arena, "\"%s\"", word)
                            : eh_arena_printf(w->arena, "'%s'", word);
}

static void show_command(const struct walk *w, const struct step *step) {
  const char *line = "evenhand";
  for (int i = 0; step->words[i]; i++)
    line = eh_arena_printf(w->arena, "%s %s", line, typed(w, word_of(w, step->words[i])));
  eh_cli_print(stdout, "  $ %s\n", line);
}

static const struct step steps[] = {
    {"The rules",
     "Rules say what the columns mean, which decisions count as favourable, who is compared, and "
     "who is "
     "alike. They are guessed from the records; each guess can be changed now, or later in the "
     "file.",
     "Enter keeps a guess; a column's name takes its place; - means none. Whoever decides here "
     "decides "
     "what \"similarly situated\" means: a policy office should sign the rules.",
     eh_cli_init,
     {"init", "RECORDS", "--ask", "-o", "RULES"}},
    {"The rules in plain English",
     "Read what they say before anything is compared. The file can be changed with any editor.",
     "Nothing is reckoned in this step.",
     eh_cli_explain,
     {"explain", "RULES"}},
    {"Can the records be relied on?",
     "What is missing and where, what occurs twice, what cannot be so: before the audit, since "
     "what is "
     "found in records that are not sound is found in the records, not in the decisions.",
     "The verdict goes by criteria that stand in the rules under `reliability`.",
     eh_cli_profile,
     {"profile", "RECORDS", "--rules", "RULES", "-o", "PROFILE"}},
    {"The audit",
     "Each officer or office is compared with the others on like cases, and a workbook is written.",
     "A difference is a reason to look at files. It does not say why, nor that any one decision "
     "was "
     "wrong.",
     eh_cli_audit,
     {"audit", "RULES", "RECORDS", "-o", "WORKBOOK"}},
};
enum { STEPS = sizeof steps / sizeof *steps };

enum answer { DO, SKIP, BACK, HELP, QUIT, AGAIN };

static enum answer ask_step(struct walk *w) {
  static const struct {
    const char *letter;
    enum answer answer;
  } letters[] = {{"", DO},       {"y", DO},   {"yes", DO},    {"s", SKIP},
                 {"skip", SKIP}, {"b", BACK}, {"back", BACK}, {"h", HELP},
                 {"help", HELP}, {"?", HELP}, {"q", QUIT},    {"quit", QUIT}};
  char line[LINE];
  eh_cli_print(stdout, "Go on? [Enter: yes, s: skip, b: back, h: help, q: end] ");
  if (!read_line(w, line)) return QUIT;
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
    if (strcasecmp(line, letters[i].letter) == 0) return letters[i].answer;
  eh_cli_print(stdout, "  a letter, or Enter\n");
  return AGAIN;
}

static void show_step(const struct walk *w, size_t number) {
  eh_cli_print(stdout, "\n%zu of %d  %s\n", number + 1, STEPS, steps[number].title);
  tell(w, steps[number].about);
  show_command(w, &steps[number]);
}

/* Run it; a rules file of an earlier time round is not replaced. */
static bool do_step(struct walk *w, size_t number) {
  if (number == 0 && access(w->rules, F_OK) == 0) name_results(w);
  putchar('\n');
  int status = run_step(w, &steps[number]);
  if (status == 0) return true;
  eh_cli_print(stdout, "\nThat did not work; the line above says why.\n");
  return false;
}

static void walk_steps(struct walk *w) {
  for (size_t at = 0; at < STEPS;) {
    show_step(w, at);
    enum answer answer = ask_step(w);
    while (answer == HELP || answer == AGAIN) {
      if (answer == HELP) tell(w, steps[at].help);
      answer = ask_step(w);
    }
    if (answer == QUIT) return;
    if (answer == BACK) at -= at > 0;
    if (answer == SKIP) at++;
    if (answer == DO && do_step(w, at)) at++;
  }
}

static void say_end(const struct walk *w) {
  putchar('\n');
  const char *names[] = {w->rules, w->profile, w->workbook};
  for (size_t i = 0; i < 3; i++)
    if (access(names[i], F_OK) == 0) eh_cli_print(stdout, "  %s is written\n", names[i]);
  if (access(w->workbook, F_OK) == 0)
    eh_cli_print(stdout,
                 "Open %s with a spreadsheet program; its first sheet says what was found.\n",
                 w->workbook);
}

int eh_cli_start(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena};
  int status = eh_cli_parse(EH_COMMAND_START, argc, argv, &r);
  if (status == 0 && !r.help) {
    struct walk w = {.arena = arena, .records = r.operand_count ? r.operands[0] : NULL};
    if (r.operand_count > 1)
      status =
          eh_cli_misuse(command, "name one file, or none; several are audited with evenhand audit");
    else if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
      status =
          eh_cli_misuse(command, "it asks at a terminal, and this is none; see evenhand help init");
    else if (w.records && access(w.records, R_OK) != 0)
      status = eh_cli_misuse(command, "'%s' cannot be read: %s", w.records, strerror(errno));
    else if (w.records || ask_file(&w)) {
      name_results(&w);
      walk_steps(&w);
      say_end(&w);
    }
  }
  eh_arena_free(arena);
  return status;
}
