/* What a measure asks of a record: whether an event occurred, which of several outcomes it had, or
 * how much. */
#include <string.h>

#include "engine/base/number.h"
#include "rules/evaluate/labels.h"
#include "rules/language/question.h"
#include "rules/read/internal.h"

/* --- reading --- */

/* "days" for what is counted in days, "years"; NULL: the rules do not know. */
static const char *derived_unit(const struct eh_reader *reader, int column) {
  if (column < 0) return NULL;
  switch (reader->columns[column].column.kind) {
    case EH_DAYS_BETWEEN:
      return "days";
    case EH_YEARS_BETWEEN:
      return "years";
    default:
      return NULL;
  }
}

static void read_column(struct eh_reader *reader, const struct eh_node *node, const char *what,
                        struct eh_measure *measure) {
  measure->outcome = eh_read_column_of(reader, node, what);
  measure->outcome_place = node->place;
  const char *unit = derived_unit(reader, measure->outcome);
  if (unit && eh_is_amount(measure)) measure->unit = unit;
}

/* "`event`" */
static const char *quoted_key(struct eh_reader *reader, const struct eh_measure *measure) {
  return eh_arena_printf(reader->arena, "`%s`", eh_question_of(measure->kind)->key);
}

void eh_read_question(struct eh_reader *reader, const struct eh_node *item, const char *what,
                      struct eh_measure *measure) {
  const struct eh_node *found = NULL;
  for (enum eh_measure_kind kind = 0; kind < EH_MEASURE_KINDS; kind++) {
    const struct eh_node *node = eh_read_get(item, eh_question_of(kind)->key);
    if (!node) continue;
    if (found) {
      eh_read_problem(reader, node->key_place,
                      "%s asks `%s` already; make `%s` a measure of its own", what, found->key,
                      node->key);
      continue;
    }
    found = node;
    measure->kind = kind;
  }
  if (!found)
    eh_read_problem(reader, item->key_place,
                    "%s asks nothing; add `event: ` and the condition that is counted, `category: "
                    "` and the column of outcomes, or `value: ` and a column of numbers",
                    what);
  else if (eh_has_outcome(measure))
    read_column(reader, found, quoted_key(reader, measure), measure);
  else
    measure->event = eh_read_condition(reader, found, quoted_key(reader, measure));
}

/* "5 days" into 5 and "days". False: not a number, or one of percentage points. */
static bool parse_difference(struct eh_reader *reader, const struct eh_node *node, double *number,
                             const char **unit) {
  if (node->kind != EH_NODE_TEXT) return false;
  size_t digits = strcspn(node->text, " ");
  const char *rest = node->text + digits + strspn(node->text + digits, " ");
  size_t length = strlen(rest);
  while (length > 0 && rest[length - 1] == ' ') length--;
  *unit = eh_arena_copy(reader->arena, rest, length);
  return eh_number_parse(node->text, digits, number) && *number >= 0 && strcmp(*unit, "%") != 0 &&
         strcmp(*unit, "points") != 0 && strcmp(*unit, "point") != 0;
}

/* "day" is "days" too. */
static bool names_unit(const char *written, const char *unit) {
  size_t length = strlen(unit);
  return strcmp(written, unit) == 0 ||
         (strlen(written) == length - 1 && strncmp(written, unit, length - 1) == 0);
}

void eh_read_value_difference(struct eh_reader *reader, const struct eh_node *node,
                              struct eh_measure *measure) {
  double number;
  const char *unit;
  if (!parse_difference(reader, node, &number, &unit)) {
    eh_read_expected(reader, node, "`smallest_difference` of a value",
                     "a number of 0 or more in the value's units, such as 5 days, 500 dollars or "
                     "0.5");
    return;
  }
  measure->flag.smallest_difference = number;
  const char *derived = derived_unit(reader, measure->outcome);
  if (*unit && derived && !names_unit(unit, derived))
    eh_read_problem(reader, node->place, "`%s` is counted in %s: write the difference in %s",
                    eh_read_shown(reader, reader->columns[measure->outcome].column.name), derived,
                    derived);
  else if (!derived)
    measure->unit = unit;
}

/* --- checks that need the whole file --- */

static bool is_counted(const struct eh_column *column) {
  return column->kind == EH_YEARS_BETWEEN || column->kind == EH_DAYS_BETWEEN;
}

/* Why the measure cannot ask for the column; NULL when it can. */
static const char *objection_to(struct eh_reader *reader, const struct eh_measure *measure,
                                const struct eh_column *column) {
  const char *name = eh_read_shown(reader, column->name);
  if (measure->outcome == reader->rules->case_column)
    return "differs in every record, so nothing could be compared; name another column";
  if (!eh_is_amount(measure)) {
    if (!is_counted(column)) return NULL;
    return eh_arena_printf(reader->arena,
                           "is a number: ask for it as `value: %s`, or derive bands of it", name);
  }
  if (is_counted(column) || eh_label_all_numbers(column)) return NULL;
  if (column->kind == EH_GIVEN && column->read_as_date)
    return "is read as a date elsewhere in these rules, and a value is a number: derive one with "
           "days_between or years_between";
  if (column->kind == EH_GIVEN) return NULL;
  return eh_arena_printf(reader->arena,
                         "holds labels like '%s', and a value is a number: ask for it as "
                         "`category: %s`",
                         eh_label_sample(reader->arena, column), name);
}

/* How a comparison uses the column to make like cases alike or to name units; NULL: it does not. */
static const char *use_of(struct eh_reader *reader, const struct eh_comparison *comparison,
                          const struct eh_measure *measure) {
  if (comparison->across == measure->outcome) return "across";
  struct eh_arena_mark mark = eh_arena_mark(reader->arena);
  size_t most = eh_rules_most_strata(comparison, measure);
  int *strata = eh_arena_alloc(reader->arena, most, sizeof *strata);
  size_t count = eh_rules_strata(reader->rules, comparison, measure, strata);
  bool is_among = false;
  for (size_t i = 0; i < count; i++) is_among |= strata[i] == measure->outcome;
  eh_arena_reset(reader->arena, mark);
  if (!is_among) return NULL;
  for (size_t i = 0; i < measure->factor_count; i++)
    if (measure->factors[i] == measure->outcome) return "similarly_situated";
  for (size_t i = 0; i < measure->adjust_count; i++)
    if (measure->adjust[i] == measure->outcome) return "adjust_for";
  if (comparison->each == measure->outcome) return "each";
  return measure->outcome == reader->rules->policy_column ? "policies" : "within";
}

/* What all of a stratum share cannot differ in it. */
static void check_free(struct eh_reader *reader, const struct eh_measure *measure,
                       const struct eh_column *column) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *comparison = &rules->comparisons[i];
    for (size_t k = 0; k < comparison->measure_count; k++) {
      if (&rules->measures[comparison->measures[k]] != measure) continue;
      const char *use = use_of(reader, comparison, measure);
      if (!use) continue;
      eh_read_problem(
          reader, measure->outcome_place,
          "`%s` is in `%s` of the comparison on line %llu, so it cannot be asked for there: "
          "name another column, or remove it there",
          eh_read_shown(reader, column->name), use, (unsigned long long)comparison->place.line);
      return;
    }
  }
}

void eh_read_check_outcomes(struct eh_reader *reader) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < rules->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[i];
    if (measure->outcome < 0 || reader->columns[measure->outcome].is_broken) continue;
    const struct eh_column *column = &rules->columns[measure->outcome];
    const char *objection = objection_to(reader, measure, column);
    if (objection)
      eh_read_problem(reader, measure->outcome_place, "`%s` %s",
                      eh_read_shown(reader, column->name), objection);
    else
      check_free(reader, measure, column);
  }
}
