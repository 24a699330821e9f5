#include "rules/read/sections.h"

static const struct eh_section sections[] = {
    {"evenhand", EH_READ_NAMES, eh_read_version, NULL, NULL, NULL},
    {"title", EH_READ_NAMES, eh_read_title, NULL, NULL, NULL},
    {"about", EH_READ_NAMES, eh_read_about, NULL, NULL, NULL},
    {"columns", EH_READ_NAMES, eh_read_names, eh_read_mark_roles, eh_read_renumber_roles, NULL},
    {"inputs", EH_READ_LAYOUTS, eh_read_inputs, NULL, NULL, eh_explain_inputs},
    {"joins", EH_READ_LAYOUTS, eh_read_joins, NULL, eh_read_renumber_joins, eh_explain_joins},
    {"missing", EH_READ_MEANINGS, eh_read_missing, NULL, NULL, NULL},
    {"encoding", EH_READ_MEANINGS, eh_read_encoding, NULL, NULL, NULL},
    {"header", EH_READ_MEANINGS, eh_read_header, NULL, NULL, NULL},
    {"totals_rows", EH_READ_MEANINGS, eh_read_totals_rows, NULL, NULL, NULL},
    {"numbers", EH_READ_MEANINGS, eh_read_numbers, NULL, NULL, NULL},
    {"dates", EH_READ_MEANINGS, eh_read_dates, NULL, NULL, NULL},
    {"ids", EH_READ_LAYOUTS, eh_read_ids, NULL, NULL, NULL},
    {"split", EH_READ_LAYOUTS, eh_read_split, NULL, NULL, NULL},
    {"derive", EH_READ_MEANINGS, eh_read_derive, NULL, NULL, NULL},
    {"individuals", EH_READ_LAYOUTS, eh_read_individuals, NULL, NULL, NULL},
    {"records", EH_READ_QUESTIONS, eh_read_records, eh_read_mark_records, NULL, eh_explain_records},
    {"policies", EH_READ_MEANINGS, eh_read_policies, NULL, NULL, eh_explain_policies},
    {"similarly_situated", EH_READ_QUESTIONS, eh_read_situated, NULL, NULL, eh_explain_situated},
    {"adjust_for", EH_READ_QUESTIONS, eh_read_adjust_for, NULL, NULL, NULL},
    {"on_missing", EH_READ_QUESTIONS, eh_read_on_missing, NULL, NULL, NULL},
    {"after_decision", EH_READ_LAYOUTS, eh_read_after_decision, NULL, NULL,
     eh_explain_after_decision},
    {"measures", EH_READ_QUESTIONS, eh_read_measures, eh_read_mark_measures,
     eh_read_renumber_measures, eh_explain_measures},
    {"dependent_within", EH_READ_QUESTIONS, eh_read_dependent_of_file, NULL, NULL, NULL},
    {"comparisons", EH_READ_QUESTIONS, eh_read_comparisons, eh_read_mark_comparisons,
     eh_read_renumber_comparisons, eh_explain_comparisons},
    {"monitor", EH_READ_QUESTIONS, eh_read_monitor, NULL, eh_read_renumber_monitor,
     eh_explain_monitor},
    {"goals", EH_READ_QUESTIONS, eh_read_goals, NULL, eh_read_renumber_goals, eh_explain_goals},
    {"workload", EH_READ_QUESTIONS, eh_read_workloads, NULL, NULL, eh_explain_workloads},
    {"flag", EH_READ_MEANINGS, eh_read_flag, NULL, NULL, eh_explain_flag},
    {"robustness", EH_READ_LAYOUTS, eh_read_robustness, NULL, eh_read_renumber_robustness,
     eh_explain_robustness},
    {"review", EH_READ_MEANINGS, eh_read_review, NULL, NULL, eh_explain_review},
    {"publication", EH_READ_MEANINGS, eh_read_publication, NULL, NULL, eh_explain_publication},
    {"totals", EH_READ_QUESTIONS, eh_read_totals, eh_read_mark_totals, NULL, eh_explain_checks},
    {"expect", EH_READ_QUESTIONS, eh_read_expects, eh_read_mark_expects, eh_read_renumber_expects,
     NULL},
    {"reliability", EH_READ_QUESTIONS, eh_read_criteria, NULL, NULL, NULL},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

const struct eh_section *eh_sections(size_t *count) {
  *count = SECTIONS;
  return sections;
}

const char *eh_rules_explain(struct eh_arena *arena, const struct eh_rules *rules) {
  struct eh_buffer out = {0};
  struct eh_explanation explanation = {
      .arena = arena,
      .rules = rules,
      .out = &out,
      .is_explained = eh_arena_alloc(arena, rules->column_count, sizeof(bool)),
  };
  eh_prose_heading(&out, rules->title, '=');
  if (*rules->about) eh_prose_paragraph(&out, 0, "", "%s", rules->about);
  for (size_t i = 0; i < SECTIONS; i++)
    if (sections[i].explain) sections[i].explain(&explanation);
  eh_explain_rest(&explanation);
  const char *text = eh_arena_copy(arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}
