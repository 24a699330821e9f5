/* Differences with their intervals as a drawing that keeps its letters' size on any width: across,
 * everything is in per cent of the width, down in pixels. */
#include <stdlib.h>

#include "engine/base/words.h"
#include "reports/release/html.h"
#include "reports/release/page_parts.h"
#include "reports/words/safe.h"

enum { ROW = 44, TOP = 34, LEFT = 3, RIGHT = 97, MOST_TICKS = 6, NAME = 24, MOST_ROWS = 60 };

struct mark {
  const char *name;
  const struct eh_release_difference *d;
};

struct scale {
  int low, high, step; /* points */
};

static int by_points(const void *left, const void *right) {
  const struct mark *a = left, *b = right;
  int order = (b->d->points > a->d->points) - (b->d->points < a->d->points);
  return order ? order : (a->name > b->name) - (a->name < b->name);
}

/* The ticks are multiples of the step; zero is one of them. */
static struct scale scale_of(const struct mark *marks, size_t count) {
  static const int steps[] = {1, 2, 5, 10, 20, 25, 50, 100};
  int low = 0, high = 0, step = 1;
  for (size_t i = 0; i < count; i++) {
    if (marks[i].d->low < low) low = marks[i].d->low;
    if (marks[i].d->high > high) high = marks[i].d->high;
  }
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    step = steps[i];
    if ((high - low) / step < MOST_TICKS - 1) break;
  }
  return (struct scale){-((-low + step - 1) / step) * step, (high + step - 1) / step * step, step};
}

/* Where points stand, in per cent of the width. */
static double at(const struct scale *s, int points) {
  return LEFT +
         (double)(RIGHT - LEFT) * (points - s->low) / (s->high - s->low ? s->high - s->low : 1);
}

static void draw_axis(const struct eh_page *page, const struct scale *s, size_t count) {
  for (int tick = s->low; tick <= s->high; tick += s->step) {
    double x = at(s, tick);
    const char *anchor = tick == s->low ? "start" : tick == s->high ? "end" : "middle";
    eh_html_print(page->stream, "<text class=\"axis\" y=\"14\" text-anchor=\"%s\" ", anchor);
    fprintf(page->stream, "x=\"%.2f%%\">", x);
    eh_html_print(page->stream, "%s</text>", eh_page_points(page->arena, tick));
    fprintf(page->stream, "<line class=\"%s\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"20\" y2=\"%zu\"/>\n",
            tick == 0 ? "zero" : "grid", x, x, TOP + count * ROW);
  }
}

/* A name that leaves room for its figures on the narrowest screen. */
static const char *short_name(struct eh_arena *arena, const char *name) {
  const char *text = eh_safe_line(arena, name);
  if (eh_safe_units(text) <= NAME) return text;
  return eh_arena_printf(arena, "%.*s\xE2\x80\xA6", (int)eh_safe_fit(text, NAME - 1), text);
}

static void draw_mark(const struct eh_page *page, const struct scale *s, const struct mark *mark,
                      size_t row) {
  const struct eh_release_difference *d = mark->d;
  size_t y = TOP + row * ROW;
  struct eh_arena *arena = page->arena;
  eh_html_print(page->stream, "<g class=\"%s\">", d->finding[0] ? d->finding : "none");
  fprintf(page->stream, "<text x=\"0\" y=\"%zu\">", y + 8);
  eh_html_print(page->stream, "%s</text>", short_name(arena, mark->name));
  fprintf(page->stream, "<text x=\"100%%\" y=\"%zu\" text-anchor=\"end\">", y + 8);
  eh_html_print(page->stream, "%s (%s to %s)%s%s</text>", eh_page_points(arena, d->points),
                eh_page_points(arena, d->low), eh_page_points(arena, d->high),
                d->finding[0] ? " " : "", d->finding);
  fprintf(page->stream,
          "<line x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%zu\" y2=\"%zu\"/>"
          "<circle cx=\"%.2f%%\" cy=\"%zu\" r=\"6\"/></g>\n",
          at(s, d->low), at(s, d->high), y + 21, y + 21, at(s, d->points), y + 21);
}

/* The marks of those with a difference; of very many, the largest and the smallest. */
static size_t marks_of(const struct eh_page *page, size_t measure, struct mark *marks) {
  const struct eh_release *r = page->release;
  size_t count = 0;
  for (size_t u = 0; u < r->unit_count; u++) {
    const struct eh_release_difference *d = &r->units[u].differences[measure];
    if (!d->why_not) marks[count++] = (struct mark){r->units[u].name, d};
  }
  if (count) qsort(marks, count, sizeof *marks, by_points);
  if (count <= MOST_ROWS) return count;
  for (size_t i = 0; i < MOST_ROWS / 2; i++)
    marks[MOST_ROWS / 2 + i] = marks[count - MOST_ROWS / 2 + i];
  return MOST_ROWS;
}

void eh_page_draw(const struct eh_page *page, size_t measure) {
  const struct eh_release *r = page->release;
  struct mark *marks = eh_arena_alloc(page->arena, r->unit_count, sizeof *marks);
  size_t count = marks_of(page, measure, marks);
  if (!count) return;
  struct scale scale = scale_of(marks, count);
  const char *number = eh_words_count(page->arena, measure + 1);
  eh_html_print(
      page->stream,
      "<figure>\n<figcaption>Differences from the others, in points</figcaption>\n"
      "<p class=\"soft\">A dot is the difference, the line its interval. %sThe table below "
      "has the same figures.</p>\n",
      count == MOST_ROWS ? "Of many units, those that differ most either way. " : "");
  eh_html_print(page->stream, "<svg role=\"img\" aria-labelledby=\"drawing-%s\" height=\"", number);
  fprintf(page->stream, "%zu\">\n", TOP + count * ROW + 4);
  eh_html_print(page->stream,
                "<title id=\"drawing-%s\">%s: %s, each unit's difference from the others with its "
                "interval, from %s (%s points) to %s (%s points); all figures are in the table "
                "below</title>\n",
                number, r->measures[measure].measure->name,
                eh_words_of(page->arena, count, "unit", "units"), marks[0].name,
                eh_page_points(page->arena, marks[0].d->points), marks[count - 1].name,
                eh_page_points(page->arena, marks[count - 1].d->points));
  draw_axis(page, &scale, count);
  for (size_t i = 0; i < count; i++) draw_mark(page, &scale, &marks[i], i);
  fputs("</svg>\n</figure>\n", page->stream);
}
