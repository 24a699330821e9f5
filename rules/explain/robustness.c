/* `robustness` in plain English. */
#include "rules/explain/internal.h"

static void say_definition(struct eh_explanation *explanation,
                           const struct eh_other_definition *definition) {
  const struct eh_rules *rules = explanation->rules;
  struct eh_buffer text = {0};
  for (size_t i = 0; i < definition->factor_count; i++)
    eh_buffer_printf(&text, "%s%s", i ? ", " : "alike in ",
                     rules->columns[definition->factors[i]].name);
  if (definition->has_factors && definition->factor_count == 0)
    eh_buffer_puts(&text, "whatever the case");
  if (definition->any_within)
    eh_buffer_printf(&text, "%sacross all places", text.length ? ", " : "");
  eh_prose_paragraph(explanation->out, 2, "- ", "%s: %s", definition->name, text.text);
  eh_buffer_free(&text);
}

void eh_explain_robustness(struct eh_explanation *explanation) {
  const struct eh_robustness *robustness = &explanation->rules->robustness;
  if (!robustness->is_off && robustness->definition_count == 0) return;
  eh_prose_blank(explanation->out);
  if (robustness->is_off) {
    eh_prose_paragraph(explanation->out, 0, "",
                       "Findings are not tried under other definitions of similarly situated.");
    return;
  }
  eh_prose_paragraph(explanation->out, 0, "",
                     "Each finding is tried under other definitions of similarly situated, which "
                     "never add one; beside those that leave a factor out, under these:");
  for (size_t i = 0; i < robustness->definition_count; i++)
    say_definition(explanation, &robustness->definitions[i]);
}
