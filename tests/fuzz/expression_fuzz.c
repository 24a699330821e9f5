/* A condition of any text is parsed, or refused with a problem at a place; what was parsed can be
 * said, is settled or refused, and is true, false or unknown of every record. */
#include <stdlib.h>
#include <string.h>

#include "rules/evaluate/evaluate.h"
#include "rules/language/parse.h"
#include "tests/fuzz/fuzz.h"

enum { COLUMNS = 3 };
static const char *const names[COLUMNS] = {"t", "n", "d"};
static const char *const missing[] = {"", "NA"}, *const forms[] = {"%Y-%m-%d"};
static const char *const values[] = {"", "NA", "a", "1", "-2.5e3", "2011-06-17", "2011-02-30"};

static int resolve(void *context, const char *name, size_t length, struct eh_place place) {
  struct eh_problems *problems = context;
  for (int i = 0; i < COLUMNS; i++)
    if (length == 1 && *name == *names[i]) return i;
  eh_problems_add(problems, "r", place, "there is no column `%.*s`", (int)length, name);
  return -1;
}

static void evaluate(const struct eh_rules *rules, const struct eh_expression *condition) {
  struct eh_evaluator *evaluator = eh_evaluator_new(rules, NULL, NULL);
  enum { VALUES = sizeof values / sizeof *values };
  for (size_t i = 0; i < VALUES * VALUES; i++) {
    const struct eh_value *record[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
      const char *text = values[(i + (size_t)c * (i / VALUES)) % VALUES];
      record[c] = eh_evaluator_value(evaluator, c, text, strlen(text));
    }
    enum eh_truth truth = eh_evaluate(evaluator, condition, record);
    if (truth != EH_TRUE && truth != EH_FALSE && truth != EH_UNKNOWN) abort();
    if (truth != eh_evaluate(evaluator, condition, record)) abort();
  }
  eh_evaluator_free(evaluator);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  struct eh_problems problems = {0};
  struct eh_arena *arena = eh_arena_new();
  struct eh_parse parse = {
      .arena = arena, .file = "r", .resolve = resolve, .context = &problems, .problems = &problems};
  char *text = malloc(length ? length : 1); /* its exact length: a read past the end is seen */
  if (length) memcpy(text, bytes, length);
  struct eh_expression *condition =
      eh_expression_parse(&parse, text, length, (struct eh_place){1, 1});
  if (!condition && !problems.count) abort();
  if (condition && !problems.count && condition->kind != EH_OTHERWISE) {
    struct eh_column columns[COLUMNS];
    for (int c = 0; c < COLUMNS; c++)
      columns[c] = (struct eh_column){.name = names[c], .of = {-1, -1}, .is_evaluated = true};
    struct eh_total total = {.where = condition};
    struct eh_rules rules = {.columns = columns,
                             .column_count = COLUMNS,
                             .missing = missing,
                             .missing_count = 2,
                             .date_forms = forms,
                             .date_form_count = 1,
                             .totals = &total,
                             .total_count = 1};
    eh_expressions_settle(&parse, &rules, &condition, 1);
    rules.test_count = parse.test_count;
    if (!*eh_rules_say(arena, &rules, condition)) abort();
    if (!problems.count) evaluate(&rules, condition);
  }
  for (size_t i = 0; i < problems.count; i++)
    if (!problems.items[i].message[0] || !problems.items[i].line) abort();
  eh_problems_free(&problems);
  eh_arena_free(arena);
  free(text);
  return 0;
}
