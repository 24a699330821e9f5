/* What the files of the page share; included by reports/release/page*.c only. */
#ifndef EVENHAND_REPORTS_PAGE_PARTS_H
#define EVENHAND_REPORTS_PAGE_PARTS_H

#include "reports/release/release.h"

struct eh_page {
  FILE *stream;
  struct eh_arena *arena;
  const struct eh_release *release;
};

/* The looks, and what makes tables sortable where scripts are allowed. */
extern const char eh_page_style[], eh_page_script[];

/* The differences of one measure with their intervals, drawn (SVG), the largest first; nothing
 * where no unit has one. number: of the measure, from 1; it names the parts of the page. */
void eh_page_draw(const struct eh_page *page, size_t measure);
/* The table of one measure: all units, each that is shown, and those not shown together. */
void eh_page_table(const struct eh_page *page, size_t measure);

/* "+12", "−3" (U+2212), "0": points. */
const char *eh_page_points(struct eh_arena *arena, int points);

#endif
