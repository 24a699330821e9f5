#include "engine/audit/kinds/kinds.h"

#include "engine/audit/figures/parts.h"
#include "engine/audit/kinds/rows.h"

static const struct eh_kind *const kinds[] = {
    [EH_MEASURE_EVENT] = &eh_kind_event,
    [EH_MEASURE_CATEGORY] = &eh_kind_category,
    [EH_MEASURE_VALUE] = &eh_kind_value,
};
_Static_assert(sizeof kinds / sizeof kinds[0] == EH_MEASURE_KINDS, "a row for each kind");

const struct eh_kind *eh_kind_of(enum eh_measure_kind kind) { return kinds[kind]; }

bool eh_kind_has(enum eh_measure_kind kind, enum eh_part part) {
  return !kinds[kind]->why_not[part];
}

unsigned eh_kind_parts(enum eh_measure_kind kind) {
  unsigned bits = 0;
  for (enum eh_part part = 0; part < EH_PARTS; part++)
    if (eh_kind_has(kind, part)) bits |= 1u << part;
  return bits;
}

void eh_unit_measure(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_kind *kind = kinds[r->kind];
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  eh_result_leave_out(r, kind->why_not);
  bool can_pass = kind->measure(scratch, task);
  bool has_caseload = r->comparable >= task->measure->flag.smallest_caseload;
  r->recorded = task->cells->units[r->unit_index].recorded;
  r->testable = r->recorded && has_caseload && !r->log10_p.why_not && can_pass &&
                !r->dependence.few && !r->dependence.unknown;
  eh_arena_reset(scratch, mark);
}

void eh_whole_measure(struct eh_comparison_result *c, const struct eh_strata_list *strata,
                      const struct eh_whole_options *options) {
  const struct eh_kind *kind = kinds[c->measure->kind];
  eh_whole_leave_out(c, kind->why_not);
  if (kind->relate) kind->relate(c, strata, options);
}

static const void *at(const struct eh_result *result, size_t offset) {
  return (const char *)result + offset;
}

const struct eh_interval *eh_result_headline(const struct eh_result *result) {
  return at(result, kinds[result->kind]->headline);
}

const struct eh_figure *eh_result_own(const struct eh_result *result) {
  return at(result, kinds[result->kind]->own);
}

const struct eh_figure *eh_result_expected(const struct eh_result *result) {
  return at(result, kinds[result->kind]->expected);
}

const char *eh_result_outcome(const struct eh_result *result) {
  return result->category.items ? result->category.items[result->category.largest].label : NULL;
}
