/* What deciding otherwise would come to, in words. */
#include "rules/explain/internal.h"

void eh_explain_workloads(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (!rules->workload_count) return;
  eh_prose_heading(explanation->out, "Workload", '-');
  for (size_t i = 0; i < rules->workload_count; i++) {
    const struct eh_workload *w = &rules->workloads[i];
    const char *across = rules->columns[rules->comparisons[w->comparison].across].name;
    const char *as = w->as ? eh_arena_printf(explanation->arena,
                                             "all others decided like cases as %s does", w->as)
                           : "those found to differ decided like cases as the others do";
    eh_prose_paragraph(explanation->out, 2, "- ",
                       "%s: how \"%s\" would change, across %s, if %s; at %.6g %s each.", w->name,
                       rules->measures[w->measure].name, across, as, w->unit_cost, w->cost_unit);
  }
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "That is arithmetic, not advice: a rate that all share is not thereby right.");
}
