#include "reports/workbook/drill.h"

#include "reports/workbook/workbook.h"

void eh_workbook_collect_drills(struct eh_workbook *w) {
  const struct eh_drilldown *drilldown = w->context->drilldown;
  if (!drilldown) return;
  const struct eh_drill **drills = eh_arena_alloc(w->arena, w->findings->count, sizeof *drills);
  for (size_t i = 0; i < w->findings->count; i++)
    drills[i] = eh_drilldown_of(drilldown, w->findings->items[i].result);
  w->drill.drills = drills;
}
