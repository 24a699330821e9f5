/* Which columns of the records might explain a finding. */
#include <string.h>

#include "engine/audit/definitions/explain.h"
#include "engine/load/survey/survey.h"

enum { MOST_CANDIDATES = 24, MOST_VALUES = 50 };

static bool is_listed(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

/* Has a role, or names somebody. */
static bool has_role(const struct eh_survey *survey, size_t index) {
  const struct eh_survey_roles *roles = &survey->roles;
  int column = (int)index;
  bool has = column == roles->case_column || column == roles->person_column;
  for (size_t i = 0; i < roles->unit_count; i++)
    has = has || (column == roles->units[i] && roles->is_individual[i]);
  return has;
}

static bool can_be_used(const struct eh_rules *rules, const struct eh_survey *survey,
                        size_t index) {
  const struct eh_survey_column *c = &survey->columns[index];
  if (has_role(survey, index) || c->kind == EH_SURVEY_DATE || c->kind == EH_SURVEY_EMPTY)
    return false;
  if (c->is_closed || c->distinct < 2 || c->distinct > MOST_VALUES) return false;
  if (is_listed(rules->after_decision, rules->after_decision_count, c->name)) return false;
  if (c->rules_column < 0) return !is_listed(rules->names, rules->name_count, c->name);
  const struct eh_column *column = &rules->columns[c->rules_column];
  return !column->is_individual && !column->is_after_decision && !column->is_person &&
         !column->is_case && column->kind != EH_POLICY && column->kind != EH_SOURCE &&
         !eh_rules_is_of_date(rules, c->rules_column);
}

struct eh_recount eh_recount_candidates(struct eh_arena *arena, const struct eh_rules *rules,
                                        const struct eh_survey *survey) {
  struct eh_extra_column *columns = eh_arena_alloc(arena, MOST_CANDIDATES, sizeof *columns);
  struct eh_recount recount = {.columns = columns};
  for (size_t i = 0; i < survey->column_count && recount.column_count < MOST_CANDIDATES; i++) {
    const struct eh_survey_column *c = &survey->columns[i];
    if (!can_be_used(rules, survey, i)) continue;
    const struct eh_column *column = c->rules_column >= 0 ? &rules->columns[c->rules_column] : NULL;
    columns[recount.column_count++] =
        (struct eh_extra_column){.name = column ? column->name : c->name,
                                 .header = column && column->header ? column->header : c->name};
  }
  return recount;
}
