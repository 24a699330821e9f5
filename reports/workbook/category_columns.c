#include "reports/workbook/category_columns.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LABELS = 200 };

static int by_text(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

struct eh_category_labels eh_category_labels(struct eh_arena *arena, const struct eh_group *group) {
  size_t most = 0, count = 0;
  if (!eh_kind_has(group->first->measure->kind, EH_PART_CATEGORY))
    return (struct eh_category_labels){0};
  for (size_t c = 0; c < group->count; c++)
    if (group->first[c].cells->outcome_count <= MOST_LABELS)
      most += group->first[c].cells->outcome_count;
  const char **labels = eh_arena_alloc(arena, most, sizeof *labels);
  for (size_t c = 0; c < group->count; c++) {
    const struct eh_cells *cells = group->first[c].cells;
    for (size_t j = 0; cells->outcome_count <= MOST_LABELS && j < cells->outcome_count; j++)
      labels[count++] = cells->categories[j];
  }
  if (count) qsort(labels, count, sizeof *labels, by_text);
  size_t kept = 0;
  for (size_t i = 0; i < count && kept < MOST_LABELS; i++)
    if (kept == 0 || strcmp(labels[i], labels[kept - 1]) != 0) labels[kept++] = labels[i];
  return (struct eh_category_labels){labels, kept};
}

/* One figure of every outcome. */
struct part {
  const char *heading, *meaning;
  double width;
  enum eh_style style;
  size_t at; /* of a struct eh_figure in struct eh_category_figures */
  enum eh_emphasis emphasis;
};
static const struct part parts[] = {
    {"difference",
     "The difference in this outcome against all others, as the columns before tell it of the one "
     "that differs most.",
     13, EH_STYLE_DIFFERENCE, offsetof(struct eh_category_figures, difference), EH_BARS},
    {"low", "Lower limit of its interval, at the rules' confidence for this outcome alone.", 10,
     EH_STYLE_DIFFERENCE, offsetof(struct eh_category_figures, low), EH_NO_EMPHASIS},
    {"high", "Upper limit of the same interval.", 10, EH_STYLE_DIFFERENCE,
     offsetof(struct eh_category_figures, high), EH_NO_EMPHASIS},
    {"rate", "The share of comparable records with this outcome.", 10, EH_STYLE_PERCENT,
     offsetof(struct eh_category_figures, rate), EH_NO_EMPHASIS},
    {"expected rate", "The share that its peers would have had on the same caseload.", 10,
     EH_STYLE_PERCENT, offsetof(struct eh_category_figures, expected_rate), EH_NO_EMPHASIS},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static struct eh_listing_column column_of(const struct part *part, size_t label) {
  size_t at = offsetof(struct eh_category_row, figures) +
              label * sizeof(struct eh_category_figures) + part->at;
  return (struct eh_listing_column){.meaning = part->meaning,
                                    .width = part->width,
                                    .style = part->style,
                                    .kind = EH_VALUE_FIGURE,
                                    .at = at + offsetof(struct eh_figure, value),
                                    .reason_at = at + offsetof(struct eh_figure, why_not),
                                    .emphasis = part->emphasis,
                                    .on_screen = true};
}

struct eh_columns eh_category_columns(struct eh_arena *arena, const struct eh_columns *unit_columns,
                                      const struct eh_category_labels *labels) {
  size_t total = unit_columns->count + labels->count * PARTS;
  struct eh_listing_column *items = eh_arena_alloc(arena, total, sizeof *items);
  struct eh_columns columns = {items, unit_columns->count, unit_columns->frozen};
  memcpy(items, unit_columns->items, unit_columns->count * sizeof *items);
  for (size_t i = 0; i < labels->count; i++)
    for (size_t k = 0; k < PARTS; k++) {
      const char *name = eh_arena_printf(arena, "%s: %s", parts[k].heading, labels->items[i]);
      items[columns.count] = column_of(&parts[k], i);
      items[columns.count].heading = eh_listing_heading(arena, name, items, columns.count);
      columns.count++;
    }
  return columns;
}

struct eh_category_row *eh_category_row_new(struct eh_arena *arena,
                                            const struct eh_category_labels *labels) {
  return eh_arena_alloc(
      arena, 1,
      sizeof(struct eh_category_row) + labels->count * sizeof(struct eh_category_figures));
}

void eh_category_row_fill(const struct eh_result *result, const struct eh_category_labels *labels,
                          struct eh_category_row *row) {
  size_t next = 0; /* both lists ascend */
  for (size_t i = 0; i < labels->count; i++) {
    struct eh_category_figures *figures = &row->figures[i];
    while (next < result->category.count &&
           strcmp(result->category.items[next].label, labels->items[i]) < 0)
      next++;
    if (next == result->category.count ||
        strcmp(result->category.items[next].label, labels->items[i]) != 0) {
      struct eh_figure none = eh_no_figure("this outcome does not occur in the comparison");
      *figures = (struct eh_category_figures){none, none, none, none, none};
      continue;
    }
    const struct eh_category_result *c = &result->category.items[next];
    *figures = (struct eh_category_figures){c->rate, c->expected_rate, c->difference.estimate,
                                            c->difference.low, c->difference.high};
  }
}
