/* What cannot be so: dates in the wrong order, failed expectations, control totals not met. */
#include <math.h>

#include "engine/audit/reliability/internal.h"

enum { FEWEST_PAIRS = 50 };
static const double USUAL_ORDER = 0.97; /* share of the records that have two dates in this order */

/* Records that have two dates, and in which the second lies before the first. */
struct order {
  uint64_t both, wrong;
};

static struct order count_order(const struct eh_survey *s, size_t x, size_t y) {
  struct order order = {0};
  if (s->counted) return (struct order){s->counted->both[x][y], s->counted->wrong[x][y]};
  for (size_t row = 0; row < s->rows; row++) {
    int32_t earlier = eh_survey_day(s, x, row), later = eh_survey_day(s, y, row);
    if (earlier == EH_SURVEY_NO_DAY || later == EH_SURVEY_NO_DAY) continue;
    order.both++;
    order.wrong += earlier > later;
  }
  return order;
}

static void doubt_order(struct eh_assessment *a, size_t x, size_t y, const struct order *order) {
  const struct eh_survey *s = a->survey;
  struct eh_survey_place *places = eh_arena_alloc(a->arena, EH_SURVEY_PLACES, sizeof *places);
  size_t count = 0;
  for (size_t row = 0; row < s->rows && !s->counted; row++) {
    int32_t earlier = eh_survey_day(s, x, row), later = eh_survey_day(s, y, row);
    if (earlier == EH_SURVEY_NO_DAY || later == EH_SURVEY_NO_DAY || earlier <= later) continue;
    if (count < EH_SURVEY_PLACES) places[count++] = eh_survey_place(s, row);
  }
  const char *first = s->columns[s->roles.dates[x]].name,
             *second = s->columns[s->roles.dates[y]].name;
  eh_assess_doubt(
      a, &(struct eh_doubt){
             .kind = EH_DOUBT_WRONG_ORDER,
             .column = second,
             .records = order->wrong,
             .of = order->both,
             .places = places,
             .place_count = count,
             .text = eh_arena_printf(
                 a->arena, "%s lies before %s in %s (in the others it never does).", second, first,
                 eh_words_of(a->arena, order->wrong, "record", "records"))});
}

/* Two dates that nearly always stand in one order, and in a few records do not. */
static void assess_orders(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  for (size_t x = 0; x < s->roles.date_count; x++) {
    for (size_t y = 0; y < s->roles.date_count; y++) {
      if (x == y) continue;
      struct order order = count_order(s, x, y);
      if (order.both >= FEWEST_PAIRS && order.wrong &&
          (double)(order.both - order.wrong) >= USUAL_ORDER * (double)order.both)
        doubt_order(a, x, y, &order);
    }
  }
}

static void assess_expectations(struct eh_assessment *a) {
  for (size_t i = 0; a->rules && i < a->rules->expect_count; i++) {
    const struct eh_survey_test *test = &a->survey->expects[i];
    if (test->no == 0) continue;
    const char *name = a->rules->expects[i].name;
    eh_assess_doubt(
        a, &(struct eh_doubt){
               .kind = EH_DOUBT_EXPECTATION,
               .column = a->rules->expects[i].column >= 0
                             ? a->rules->columns[a->rules->expects[i].column].name
                             : NULL,
               .records = test->no,
               .of = test->yes + test->no + test->unknown,
               .places = test->places,
               .place_count = test->place_count,
               .text = eh_arena_printf(
                   a->arena, "%s the expectation: %s.",
                   eh_words_of(a->arena, test->no, "record fails", "records fail"), name)});
  }
}

/* Records that `keep` keeps, each case once; before one_per. */
static void assess_totals(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  struct eh_reliability *r = a->result;
  if (!a->rules) return;
  size_t measures = a->rules->measure_count;
  r->total_count = a->rules->total_count;
  r->totals = eh_arena_alloc(a->arena, r->total_count, sizeof *r->totals);
  for (size_t t = 0; t < r->total_count; t++) {
    struct eh_total_result *total = &r->totals[t];
    *total = (struct eh_total_result){.name = a->rules->totals[t].name,
                                      .expected = a->rules->totals[t].expected};
    for (size_t row = 0; row < s->rows; row++) {
      if (s->repeats_case[row]) continue;
      uint8_t outcome = eh_survey_answer(s, measures + t, row);
      total->recorded += outcome == EH_SURVEY_YES;
      total->unknown += outcome == EH_SURVEY_UNKNOWN;
    }
    total->difference = (double)total->recorded - total->expected;
    total->share = total->expected > 0 ? eh_figure(total->difference / total->expected)
                                       : eh_no_figure("the expected total is 0");
    if (total->difference == 0) continue;
    eh_assess_doubt(
        a, &(struct eh_doubt){
               .kind = EH_DOUBT_TOTAL,
               .records = (uint64_t)llround(fabs(total->difference)),
               .of = (uint64_t)llround(total->expected),
               .text = eh_arena_printf(
                   a->arena, "%s: %s, where %s were expected (%s%s%s%s).", total->name,
                   eh_words_of(a->arena, total->recorded, "record", "records"),
                   eh_words_count(a->arena, (uint64_t)llround(total->expected)),
                   total->difference < 0 ? "-" : "+",
                   eh_words_count(a->arena, (uint64_t)llround(fabs(total->difference))),
                   total->share.why_not ? "" : ", ",
                   total->share.why_not ? ""
                                        : eh_assess_percent(a->arena, fabs(total->share.value)))});
  }
}

static void assess_policies(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  if (!a->rules || a->rules->policy_count == 0 || s->roles.date_column < 0) return;
  int32_t begin = a->rules->policies[0].from;
  struct eh_survey_place *places = eh_arena_alloc(a->arena, EH_SURVEY_PLACES, sizeof *places);
  uint64_t before = 0;
  size_t count = 0;
  for (size_t row = 0; row < s->rows; row++) {
    int32_t day = eh_survey_day(s, 0, row);
    if (day == EH_SURVEY_NO_DAY || day >= begin || eh_survey_kept(s, row) != EH_TRUE) continue;
    before++;
    if (count < EH_SURVEY_PLACES && !s->counted) places[count++] = eh_survey_place(s, row);
  }
  if (before == 0) return;
  eh_assess_doubt(
      a, &(struct eh_doubt){.kind = EH_DOUBT_BEFORE_POLICY,
                            .records = before,
                            .of = s->rows,
                            .places = places,
                            .place_count = count,
                            .text = eh_arena_printf(
                                a->arena,
                                "%s decided before %s, when the first policy of the rules came "
                                "into force.",
                                eh_words_of(a->arena, before, "record was", "records were"),
                                eh_assess_day(a->arena, begin))});
}

void eh_assess_logic(struct eh_assessment *a) {
  assess_orders(a);
  assess_expectations(a);
  assess_totals(a);
  assess_policies(a);
}
