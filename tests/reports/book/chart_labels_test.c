#include "reports/book/chart_labels.h"

#include "tests/test.h"

/* A lone point takes the right, at the right edge the left. */
START_TEST(sides) {
  static const struct {
    double x, y;
    int side;
  } cases[] = {
      {0.5, 0.5, EH_LABELS_RIGHT}, {0.99, 0.5, EH_LABELS_LEFT}, {0.0, 0.0, EH_LABELS_RIGHT}};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_named_point point = {"New York City", cases[i].x, cases[i].y};
    int side;
    eh_chart_place_labels(arena, &point, 1, 600, 300, &side);
    ck_assert_int_eq(side, cases[i].side);
  }
  eh_arena_free(arena);
}
END_TEST

/* Where points lie on each other the gravest are named, each on a side of its own, and the rest go
 * without. */
START_TEST(crowd) {
  enum { POINTS = 8 };
  struct eh_arena *arena = eh_arena_new();
  struct eh_named_point points[POINTS];
  int side[POINTS], seen[EH_LABEL_SIDES] = {0}, named = 0;
  for (int i = 0; i < POINTS; i++) points[i] = (struct eh_named_point){"Chicago", 0.5, 0.5};
  eh_chart_place_labels(arena, points, POINTS, 600, 300, side);
  for (int i = 0; i < POINTS; i++) {
    if (side[i] < 0) continue;
    ck_assert_int_eq(seen[side[i]]++, 0);
    ck_assert_int_eq(named++, i); /* no less important one before a more important one */
  }
  ck_assert_int_eq(named, EH_LABEL_SIDES);
  eh_arena_free(arena);
}
END_TEST

START_TEST(no_room) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_named_point point = {"a name that is far longer than the chart is wide", 0.5, 0.5};
  int side;
  eh_chart_place_labels(arena, &point, 1, 100, 100, &side);
  ck_assert_int_eq(side, -1);
  eh_arena_free(arena);
}
END_TEST

START_TEST(short_names) {
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(eh_chart_short_name(arena, "Chicago", 7), "Chicago");
  ck_assert_str_eq(eh_chart_short_name(arena, "San Antonio", 7), "San An\xE2\x80\xA6");
  ck_assert_str_eq(eh_chart_short_name(arena, "two\nlines", 20), "two lines");
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("reports/chart_labels", sides, crowd, no_room, short_names)
