/* Columns in words: how each comes about, and which make people similarly situated. */
#include <string.h>

#include "rules/evaluate/labels.h"
#include "rules/explain/internal.h"

const char *eh_explain_list(struct eh_explanation *explanation, const char *const *texts,
                            size_t count, const char *word) {
  struct eh_buffer list = {0};
  for (size_t i = 0; i < count; i++) {
    if (i > 0 && i + 1 < count) eh_buffer_puts(&list, ", ");
    if (i > 0 && i + 1 == count) eh_buffer_printf(&list, " %s ", word);
    eh_buffer_puts(&list, texts[i]);
  }
  const char *joined = eh_arena_copy(explanation->arena, list.text ? list.text : "", list.length);
  eh_buffer_free(&list);
  return joined;
}

const char *eh_explain_names(struct eh_explanation *explanation, const int *columns, size_t count,
                             const char *word) {
  const char **names = eh_arena_alloc(explanation->arena, count, sizeof *names);
  for (size_t i = 0; i < count; i++) names[i] = explanation->rules->columns[columns[i]].name;
  return eh_explain_list(explanation, names, count, word);
}

static const char *name_of(const struct eh_explanation *explanation, int column) {
  return explanation->rules->columns[column].name;
}

static const char *derivation_of(struct eh_explanation *explanation,
                                 const struct eh_column *column);

/* A column that another is derived from: with its own derivation where that is one clause. */
static const char *source_of(struct eh_explanation *explanation, const struct eh_column *column) {
  int index = column->of[0];
  const struct eh_column *source = &explanation->rules->columns[index];
  bool is_clause = source->kind != EH_GIVEN && source->kind != EH_FIRST_OF &&
                   source->kind != EH_RECODE && source->kind != EH_POLICY;
  if (!is_clause || explanation->is_explained[index]) return source->name;
  explanation->is_explained[index] = true;
  return eh_arena_printf(explanation->arena, "%s (%s)", source->name,
                         derivation_of(explanation, source));
}

static const char *say_bands(struct eh_explanation *explanation, const struct eh_column *column) {
  size_t count = column->bound_count + 1;
  const char **bands = eh_arena_alloc(explanation->arena, count, sizeof *bands);
  for (size_t i = 0; i < count; i++) bands[i] = eh_label_band(explanation->arena, column, i);
  return eh_arena_printf(explanation->arena, "%s in bands: %s", source_of(explanation, column),
                         eh_explain_list(explanation, bands, count, "and"));
}

/* How a column comes about, as one clause. */
static const char *derivation_of(struct eh_explanation *explanation,
                                 const struct eh_column *column) {
  struct eh_arena *arena = explanation->arena;
  const char *first = column->of[0] >= 0 ? name_of(explanation, column->of[0]) : "";
  const char *second = column->of[1] >= 0 ? name_of(explanation, column->of[1]) : "";
  switch (column->kind) {
    case EH_GIVEN:
      if (column->join)
        return eh_arena_printf(arena, "as in the column \"%s\" of %s", column->header,
                               explanation->rules->joins[column->join - 1].file);
      if (strcmp(column->name, column->header) == 0) return "as recorded";
      if (explanation->rules->input_count) return "as recorded, in each source as said above";
      return eh_arena_printf(arena, "as recorded in the column \"%s\"", column->header);
    case EH_YEARS_BETWEEN:
      return eh_arena_printf(arena, "whole years from %s to %s", first, second);
    case EH_DAYS_BETWEEN:
      return eh_arena_printf(arena, "days from %s to %s", first, second);
    case EH_BANDS:
      return say_bands(explanation, column);
    case EH_MONTH:
      return eh_arena_printf(arena, "the month of %s, such as 2016-11", first);
    case EH_QUARTER:
      return eh_arena_printf(arena, "the calendar quarter of %s, such as 2016Q4", first);
    case EH_YEAR:
      return eh_arena_printf(arena, "the calendar year of %s, such as 2016", first);
    case EH_FISCAL_YEAR:
      return eh_arena_printf(arena, "the federal fiscal year of %s (FY2017 began on 2016-10-01)",
                             first);
    case EH_FIRST_OF:
      return "the first of these that holds, tried in this order:";
    case EH_RECODE:
      return eh_arena_printf(arena, "%s, grouped:", source_of(explanation, column));
    case EH_SOURCE:
      return "the name of the source that the record came from";
    case EH_POLICY:
      return eh_arena_printf(arena, "the policy in force on %s (see \"Policies\")", first);
  }
  return "";
}

static void explain_first_of(struct eh_explanation *explanation, size_t indent,
                             const struct eh_column *column) {
  bool is_complete = false;
  for (size_t i = 0; i < column->choice_count; i++) {
    const struct eh_choice *choice = &column->choices[i];
    is_complete = choice->condition->kind == EH_OTHERWISE;
    const char *when = eh_rules_say(explanation->arena, explanation->rules, choice->condition);
    eh_prose_paragraph(explanation->out, indent, "- ", "\"%s\"%s %s", choice->label,
                       is_complete ? "" : " when", when);
  }
  eh_prose_paragraph(
      explanation->out, indent, "",
      "Where it cannot be known whether one of them holds, because a value is not recorded, "
      "%s counts as not recorded: the later ones are not tried.%s",
      column->name, is_complete ? "" : " It also does where none of them holds.");
}

static void explain_recode(struct eh_explanation *explanation, size_t indent,
                           const struct eh_column *column) {
  for (size_t i = 0; i < column->choice_count; i++) {
    const struct eh_choice *choice = &column->choices[i];
    const char **texts = eh_arena_alloc(explanation->arena, choice->text_count, sizeof *texts);
    for (size_t k = 0; k < choice->text_count; k++)
      texts[k] = eh_arena_printf(explanation->arena, "'%s'", choice->texts[k].text);
    eh_prose_paragraph(explanation->out, indent, "- ", "\"%s\" for %s", choice->label,
                       eh_explain_list(explanation, texts, choice->text_count, "and"));
  }
  if (column->otherwise)
    eh_prose_paragraph(explanation->out, indent, "- ", "\"%s\" for any other recorded value",
                       column->otherwise);
  else
    eh_prose_paragraph(explanation->out, indent, "", "Any other value counts as not recorded.");
}

void eh_explain_column(struct eh_explanation *explanation, size_t indent, const char *mark,
                       int index) {
  const struct eh_column *column = &explanation->rules->columns[index];
  size_t inner = indent + strlen(mark);
  if (explanation->is_explained[index] && column->kind != EH_GIVEN) {
    eh_prose_paragraph(explanation->out, indent, mark, "%s: as above", column->name);
    return;
  }
  explanation->is_explained[index] = true;
  eh_prose_paragraph(explanation->out, indent, mark, "%s: %s", column->name,
                     derivation_of(explanation, column));
  if (column->kind == EH_FIRST_OF) explain_first_of(explanation, inner, column);
  if (column->kind == EH_RECODE) explain_recode(explanation, inner, column);
}

static bool is_alike(const struct eh_measure *a, const struct eh_measure *b) {
  bool same = a->factor_count == b->factor_count && a->adjust_count == b->adjust_count &&
              (a->factor_count + a->adjust_count == 0 || a->exclude_missing == b->exclude_missing);
  for (size_t i = 0; same && i < a->factor_count; i++) same = a->factors[i] == b->factors[i];
  for (size_t i = 0; same && i < a->adjust_count; i++) same = a->adjust[i] == b->adjust[i];
  return same;
}

/* The names of the measures that take the same people as similarly situated as one of them does. */
static const char *names_alike(struct eh_explanation *explanation, const struct eh_measure *measure,
                               bool *are_all) {
  const struct eh_rules *rules = explanation->rules;
  const char **names = eh_arena_alloc(explanation->arena, rules->measure_count, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; i < rules->measure_count; i++) {
    if (is_alike(&rules->measures[i], measure))
      names[count++] = eh_arena_printf(explanation->arena, "\"%s\"", rules->measures[i].name);
  }
  *are_all = count == rules->measure_count;
  return eh_explain_list(explanation, names, count, "and");
}

static bool is_first_alike(const struct eh_rules *rules, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (is_alike(&rules->measures[i], &rules->measures[index])) return false;
  }
  return true;
}

static void explain_list(struct eh_explanation *explanation, const int *columns, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const char *mark = eh_arena_printf(explanation->arena, "%zu. ", i + 1);
    eh_explain_column(explanation, 2, mark, columns[i]);
  }
  eh_prose_blank(explanation->out);
}

/* where: "", or whom it is about. */
static void explain_adjusted(struct eh_explanation *explanation, const struct eh_measure *measure,
                             const char *where) {
  if (!measure->adjust_count) return;
  const char *alike = measure->factor_count ? "In what follows they need not agree"
                      : *where              ? "nobody has to agree in anything"
                                            : "Nobody has to agree in anything";
  eh_prose_paragraph(
      explanation->out, 0, "",
      "%s%s: a unit's peers' cases are weighted until each value makes up the same share of them "
      "as "
      "of the unit's own cases. A unit whose cases cannot be matched to within 1 point is not "
      "tested, and the report says which value it is.",
      measure->factor_count ? "" : where, alike);
  explain_list(explanation, measure->adjust, measure->adjust_count);
}

static void explain_factors(struct eh_explanation *explanation, const struct eh_measure *measure) {
  bool are_all;
  const char *names = names_alike(explanation, measure, &are_all);
  const char *where = are_all ? "" : eh_arena_printf(explanation->arena, "For %s: ", names);
  if (measure->factor_count == 0 && measure->adjust_count == 0)
    eh_prose_paragraph(explanation->out, 0, "", "%s%s", where,
                       are_all ? "Everyone counts as similarly situated."
                               : "everyone counts as similarly situated.");
  if (measure->factor_count) {
    eh_prose_paragraph(
        explanation->out, 0, "", "%s%s people are similarly situated when they agree in %s:", where,
        are_all ? "Two" : "two", measure->factor_count == 1 ? "this" : "all of these");
    explain_list(explanation, measure->factors, measure->factor_count);
  }
  explain_adjusted(explanation, measure, where);
  if (measure->factor_count + measure->adjust_count == 0) return;
  eh_prose_paragraph(
      explanation->out, 0, "",
      measure->exclude_missing
          ? "A person for whom one of these is not recorded is left out of the comparison, and "
            "counted."
      : measure->adjust_count
          ? "That one of these is not recorded counts as a value of its own."
          : "People for whom one of these is not recorded are compared with each other, never with "
            "those for whom it is recorded.");
}

void eh_explain_situated(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  eh_prose_heading(explanation->out, "Who counts as similarly situated", '-');
  for (size_t i = 0; i < rules->measure_count; i++) {
    if (!is_first_alike(rules, i)) continue;
    if (i > 0) eh_prose_blank(explanation->out);
    explain_factors(explanation, &rules->measures[i]);
  }
}

void eh_explain_rest(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  bool has_years = false;
  eh_prose_heading(explanation->out, "What the other names stand for", '-');
  for (size_t i = 0; i < rules->column_count; i++) {
    const struct eh_column *column = &rules->columns[i];
    bool is_plain =
        column->kind == EH_GIVEN && !column->join && strcmp(column->name, column->header) == 0;
    has_years |= column->kind == EH_YEARS_BETWEEN;
    if (!is_plain && !explanation->is_explained[i] && column->kind != EH_POLICY &&
        !column->is_period)
      eh_explain_column(explanation, 2, "- ", (int)i);
  }
  eh_prose_paragraph(explanation->out, 2, "- ",
                     "any other name: a column of the records with that header");
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "What is derived from a value that is not recorded is not recorded either.%s",
                     has_years ? " In years that have no 29 February, a person born on that day is "
                                 "a year older on 1 March."
                               : "");
}
