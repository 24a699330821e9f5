/* `adjust_for`: on what peers are weighted until their caseload is the unit's. */
#include "rules/language/question.h"
#include "rules/read/internal.h"

void eh_read_adjust_for(struct eh_reader *reader, const struct eh_node *node) {
  reader->file_adjust = node;
}

static bool is_factor(const struct eh_measure *measure, int column) {
  for (size_t i = 0; i < measure->factor_count; i++)
    if (measure->factors[i] == column) return true;
  return false;
}

static void check_lists(struct eh_reader *reader, const struct eh_node *node,
                        const struct eh_measure *measure) {
  for (size_t i = 0; i < measure->adjust_count; i++) {
    if (!is_factor(measure, measure->adjust[i])) continue;
    eh_read_problem(reader, node->place,
                    "`%s` is in `similarly_situated` of `%s` already: there people agree in it "
                    "exactly, here they need not; leave it out of one of the lists",
                    eh_read_shown(reader, reader->columns[measure->adjust[i]].column.name),
                    eh_read_shown(reader, measure->name));
  }
}

void eh_read_adjust_of(struct eh_reader *reader, const struct eh_node *own,
                       struct eh_measure *measure) {
  const struct eh_node *node = own ? own : reader->file_adjust;
  if (!node) return;
  measure->adjust = eh_read_columns_of(reader, node, "`adjust_for`", &measure->adjust_count);
  measure->adjust_place = node->place;
  eh_read_check_factors(reader, node, measure->adjust, measure->adjust_count);
  if (!measure->adjust_count) return;
  if (eh_has_outcome(measure))
    eh_read_problem(reader, own ? own->place : measure->place,
                    own ? "`adjust_for` is for yes/no measures, and `%s` asks for a `%s`: remove it"
                        : "`adjust_for` is for yes/no measures, and `%s` asks for a `%s`: give it "
                          "an `adjust_for: []` of its own",
                    eh_read_shown(reader, measure->name), eh_question_of(measure->kind)->key);
  check_lists(reader, node, measure);
}

void eh_read_check_adjusted(struct eh_reader *reader, const struct eh_comparison *comparison) {
  const struct eh_rules *rules = reader->rules;
  if (comparison->dependent.choice != EH_DEPENDENT_NAMED) return;
  for (size_t i = 0; i < comparison->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[comparison->measures[i]];
    if (!measure->adjust_count) continue;
    eh_read_problem(reader, comparison->dependent.place,
                    "`dependent_within` cannot be allowed for where peers are weighted, and `%s` "
                    "has an `adjust_for`: leave one of them out",
                    eh_read_shown(reader, measure->name));
    return;
  }
}
