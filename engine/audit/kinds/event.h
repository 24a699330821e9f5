/* The parts of a measure of an event. Internal to kinds/event*.c. */
#ifndef EVENHAND_AUDIT_KINDS_EVENT_H
#define EVENHAND_AUDIT_KINDS_EVENT_H

#include "engine/audit/kinds/kinds.h"

#define EH_EXPLAINED_AT 0.05 /* the level at which gamma_at_05 explains a finding away */
#define EH_NOT_ASKED "not computed: the rules say test: cmh"

void eh_event_associate(struct eh_arena *scratch, const struct eh_stratum *strata,
                        struct eh_comparison_result *comparison);
/* Where peers are weighted: the same figures as far as they can be had so. */
bool eh_event_measure_balanced(struct eh_arena *scratch, const struct eh_unit_task *task);
void eh_event_leave_out_balanced(struct eh_comparison_result *comparison);
void eh_event_foresee_balanced(struct eh_arena *scratch, const struct eh_unit_task *task);
const char *eh_event_balanced_statement(const struct eh_view *view);
void eh_event_say_balance(const struct eh_view *view, struct eh_sentences *sentences);

void eh_event_relate(struct eh_comparison_result *comparison, const struct eh_strata_list *strata,
                     const struct eh_whole_options *options);
void eh_event_foresee(struct eh_arena *scratch, const struct eh_unit_task *task, bool is_median);
const char *eh_event_statement(const struct eh_view *view);
const char *eh_event_too_small(const struct eh_view *view);
void eh_event_say_caveats(const struct eh_view *view, struct eh_sentences *sentences);

#endif
