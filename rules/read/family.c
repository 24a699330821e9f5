/* `family`, `main`: over what false findings are counted. */
#include <math.h>

#include "rules/language/question.h"
#include "rules/read/internal.h"

bool eh_read_main(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const words[] = {"no", "yes"};
  return eh_read_word(reader, node, "`main`", words, 2) == 1;
}

/* The measure that is marked; else the first that asks for an event; else the first. */
static void find_main(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  size_t marked = SIZE_MAX, event = SIZE_MAX;
  for (size_t i = 0; i < rules->measure_count; i++) {
    const struct eh_measure *m = &rules->measures[i];
    if (m->is_main && marked != SIZE_MAX)
      eh_read_problem(reader, m->place,
                      "`%s` is marked `main: yes`, too; a report has one main measure",
                      eh_read_shown(reader, rules->measures[marked].name));
    else if (m->is_main)
      marked = i;
    if (event == SIZE_MAX && !eh_has_outcome(m)) event = i;
  }
  rules->main_measure = marked != SIZE_MAX ? marked : event != SIZE_MAX ? event : 0;
}

static bool one_rate(const struct eh_rules *rules) {
  for (size_t i = 1; i < rules->measure_count; i++)
    if (fabs(rules->measures[i].flag.false_discovery_rate -
             rules->measures[0].flag.false_discovery_rate) > 1e-12)
      return false;
  return true;
}

void eh_read_family(struct eh_reader *reader, const struct eh_node *root) {
  static const char *const words[] = {[EH_FAMILY_REPORT] = "report",
                                      [EH_FAMILY_COMPARISON] = "comparison",
                                      [EH_FAMILY_STRICT] = "strict"};
  struct eh_rules *rules = reader->rules;
  find_main(reader);
  const struct eh_node *flag = eh_read_get(root, "flag");
  const struct eh_node *family =
      flag && flag->kind == EH_NODE_MAP ? eh_read_get(flag, "family") : NULL;
  int word = family ? eh_read_word(reader, family, "`family`", words, 3) : EH_FAMILY_REPORT;
  if (word >= 0) rules->family = (enum eh_family_scope)word;
  if (rules->family == EH_FAMILY_COMPARISON || one_rate(rules)) return;
  if (family)
    eh_read_problem(reader, family->place,
                    "`family: %s` needs one false_discovery_rate; remove those of the measures, or "
                    "write `family: comparison`",
                    words[rules->family]);
  rules->family = EH_FAMILY_COMPARISON;
  rules->family_fell_back = !family;
}
