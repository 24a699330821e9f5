#include "reports/workbook/drawing.h"

#include <math.h>
#include <stdlib.h>

enum { LEVELS = EH_EXCEPTIONAL + 1 };
static const double TITLE_HEIGHT = 22.0, HEADING_HEIGHT = 28.0; /* points */

uint32_t eh_drawing_block(struct eh_drawing *d, const char *title, const char *const *headings,
                          size_t count) {
  d->next++;
  eh_sheet_text(d->data, d->next, 0, title, EH_STYLE_BLOCK_TITLE);
  eh_sheet_height(d->data, d->next++, TITLE_HEIGHT);
  for (size_t i = 0; i < count; i++)
    eh_sheet_text(d->data, d->next, (unsigned)i, headings[i], EH_STYLE_COLUMN_HEADING);
  eh_sheet_height(d->data, d->next, HEADING_HEIGHT);
  return ++d->next;
}

enum eh_look eh_look_of_level(enum eh_level level) {
  static const enum eh_look looks[LEVELS] = {EH_LOOK_NOT_FLAGGED, EH_LOOK_NOTABLE, EH_LOOK_STRONG,
                                             EH_LOOK_EXCEPTIONAL};
  return looks[level];
}

const char *eh_shown_as(enum eh_level level) {
  return level == EH_NOT_FLAGGED ? "not flagged" : eh_level_name(level);
}

static int compare_shown(const void *x, const void *y) {
  const struct eh_result *a = *(const struct eh_result *const *)x,
                         *b = *(const struct eh_result *const *)y;
  if (a->level != b->level) return a->level < b->level ? -1 : 1;
  double p = eh_result_headline(a)->estimate.value, q = eh_result_headline(b)->estimate.value;
  if (p != q) return p > q ? -1 : 1;
  return a < b ? -1 : a > b;
}

struct eh_shown_units eh_shown_units(struct eh_arena *arena,
                                     const struct eh_comparison_result *comparison) {
  struct eh_shown_units units = {.comparison = comparison};
  units.items = eh_arena_alloc(arena, comparison->result_count, sizeof *units.items);
  for (size_t i = 0; i < comparison->result_count; i++) {
    const struct eh_result *r = &comparison->results[i];
    if (r->testable && !eh_result_headline(r)->estimate.why_not) units.items[units.count++] = r;
  }
  if (units.count) qsort(units.items, units.count, sizeof *units.items, compare_shown);
  for (size_t i = 0; i < units.count; i++) units.first[units.items[i]->level + 1] = i + 1;
  for (size_t level = 1; level <= LEVELS; level++)
    if (units.first[level] < units.first[level - 1]) units.first[level] = units.first[level - 1];
  return units;
}

void eh_axis_round(double *low, double *high) {
  double step = *high - *low > 0.3 ? 0.1 : 0.05;
  *low = floor(*low / step + 1e-9) * step;
  *high = ceil(*high / step - 1e-9) * step;
  if (*high <= *low) *high = *low + step;
}
