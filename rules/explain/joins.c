/* Tables that the records are joined with, in words. */
#include "rules/explain/internal.h"

static void explain_join(struct eh_explanation *explanation, size_t number) {
  const struct eh_rules *rules = explanation->rules;
  const struct eh_join *join = &rules->joins[number];
  struct eh_arena *arena = explanation->arena;
  const char **names = eh_arena_alloc(arena, rules->column_count, sizeof *names);
  size_t count = 0;
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].join == number + 1) names[count++] = rules->columns[c].name;
  const char *row = "the row";
  if (join->from)
    row = eh_arena_printf(arena,
                          "the row in force on the day of %s (from \"%s\" until \"%s\", both days "
                          "included, open where empty; where one row ends on the day on which the "
                          "next begins, the next)",
                          rules->columns[join->at].name, join->from, join->until);
  eh_prose_paragraph(explanation->out, 2, "- ", "%s: %s, %s with the record's %s.", join->file,
                     eh_explain_list(explanation, names, count, "and"), row,
                     eh_explain_names(explanation, join->keys, join->key_count, "and"));
}

void eh_explain_joins(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (!rules->join_count) return;
  eh_prose_heading(explanation->out, "What is taken from other tables", '-');
  for (size_t j = 0; j < rules->join_count; j++) explain_join(explanation, j);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "A record that has no row there is counted; for it these are not recorded.");
}
