#include "reports/book/chart_labels.h"

#include "reports/words/safe.h"

/* Of a label in 8 points, in pixels. */
static const double CHARACTER = 6.0, LINE = 14.0, MARGIN = 7.0;

struct box {
  double left, right, bottom, top;
};

static bool overlap(const struct box *a, const struct box *b) {
  return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static struct box box_at(double x, double y, double length, int side) {
  switch (side) {
    case EH_LABELS_RIGHT:
      return (struct box){x + MARGIN, x + MARGIN + length, y - LINE / 2, y + LINE / 2};
    case EH_LABELS_LEFT:
      return (struct box){x - MARGIN - length, x - MARGIN, y - LINE / 2, y + LINE / 2};
    case EH_LABELS_ABOVE:
      return (struct box){x - length / 2, x + length / 2, y + MARGIN, y + MARGIN + LINE};
    default:
      return (struct box){x - length / 2, x + length / 2, y - MARGIN - LINE, y - MARGIN};
  }
}

static bool is_free(const struct box *box, const struct box *taken, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (overlap(box, &taken[i])) return false;
  return true;
}

void eh_chart_place_labels(struct eh_arena *arena, const struct eh_named_point *points,
                           size_t count, double width, double height, int *side) {
  struct box *taken = eh_arena_alloc(arena, 2 * count, sizeof *taken);
  for (size_t i = 0; i < count; i++) { /* the points themselves */
    double x = points[i].x * width, y = points[i].y * height;
    taken[i] = (struct box){x - MARGIN / 2, x + MARGIN / 2, y - MARGIN / 2, y + MARGIN / 2};
  }
  size_t boxes = count;
  for (size_t i = 0; i < count; i++) {
    double length = CHARACTER * (double)eh_safe_characters(points[i].name);
    side[i] = -1;
    for (int s = 0; s < EH_LABEL_SIDES && side[i] < 0; s++) {
      struct box box = box_at(points[i].x * width, points[i].y * height, length, s);
      bool inside = box.left >= -LINE && box.right <= width + LINE && box.bottom >= -LINE / 2 &&
                    box.top <= height + LINE / 2;
      if (!inside || !is_free(&box, taken, boxes)) continue;
      side[i] = s;
      taken[boxes++] = box;
    }
  }
}

const char *eh_chart_short_name(struct eh_arena *arena, const char *name, size_t units) {
  const char *line = eh_safe_line(arena, name);
  if (eh_safe_units(line) <= units) return line;
  return eh_arena_printf(arena, "%.*s\xE2\x80\xA6", (int)eh_safe_fit(line, units - 1), line);
}
