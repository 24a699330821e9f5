#include "engine/base/date.h"
#include "engine/load/cells/over_time.h"
#include "tests/load/records.h"

static const char rules[] =
    "evenhand: 1\n"
    "columns: {case: id, date: decided}\n"
    "missing: ['']\n"
    "records: {keep: kept = 'Y'}\n"
    "similarly_situated: [kind]\n"
    "measures:\n"
    "  released: {event: outcome = 'released'}\n"
    "  alone: {among: kind = 'a', event: outcome = 'released'}\n"
    "comparisons: [{across: office}]\n";

static const char records[] =
    "id,decided,kept,kind,office,outcome\n"
    "1,2016-01-05,Y,a,N,released\n"
    "2,2016-03-31,Y,a,N,detained\n"
    "3,2016-04-01,Y,b,N,released\n"
    "4,nonsense,Y,,N,released\n"    /* no date, no kind: the second measure is not known */
    "5,2016-10-01,Y,a,S,\n"         /* the event is not known */
    "6,2016-10-02,N,a,S,released\n" /* not audited */
    "7,2016-02-01,Y,a,,released\n";

enum { RELEASED, ALONE };

static struct eh_count events_of(const struct eh_over_time *t, size_t unit, size_t measure,
                                 size_t quarter) {
  return t->units[unit].counts[measure * t->count + quarter];
}

static const struct eh_over_time *by_quarter(const struct loaded *l) {
  return eh_records_over_time(
      l->arena, l->records,
      &(struct eh_time_request){EH_PERIOD_QUARTER, l->rules->comparisons[0].across});
}

START_TEST(records_are_counted) {
  for (size_t threads = 1; threads <= 3; threads++) {
    struct loaded l = load_bytes(rules, records, sizeof records - 1, threads);
    ck_assert_int_eq(l.status, EH_OK);
    const struct eh_over_time *t = by_quarter(&l);
    ck_assert_uint_eq(t->unit_count, 3);
    ck_assert(t->has_missing);
    ck_assert_str_eq(t->labels[0], "N");
    ck_assert_str_eq(t->labels[2], EH_NOT_RECORDED);
    static const uint64_t counts[] = {4, 1, 1};
    for (size_t u = 0; u < 3; u++) ck_assert_uint_eq(t->units[u].records, counts[u]);
    ck_assert_uint_eq(t->units[0].no_day, 1);
    ck_assert_uint_eq(t->units[1].no_day, 0);
    /* quarters 2016Q1 to 2016Q4: the record of October is audited, its event is not known */
    ck_assert_uint_eq(t->count, 4);
    ck_assert_int_eq(eh_period_first_day(t->period, t->first + 3), eh_date_from_civil(2016, 10, 1));
    struct eh_count e = events_of(t, 0, RELEASED, 0);
    ck_assert(e.records == 2 && e.events == 1);
    e = events_of(t, 0, RELEASED, 1);
    ck_assert(e.records == 1 && e.events == 1);
    e = events_of(t, 0, ALONE, 1);
    ck_assert(e.records == 0 && e.events == 0);
    e = events_of(t, 1, RELEASED, 3);
    ck_assert(e.records == 0 && e.events == 0);
    ck_assert_uint_eq(t->units[0].unknown[RELEASED], 0);
    ck_assert_uint_eq(t->units[0].unknown[ALONE], 1);
    ck_assert_uint_eq(t->units[1].unknown[RELEASED], 1);
    for (size_t c = 0; c < t->column_count; c++) {
      bool is_kind = strcmp(l.rules->columns[t->columns[c]].name, "kind") == 0;
      ck_assert_uint_eq(t->units[0].missing[c], is_kind);
      ck_assert_uint_eq(t->units[1].missing[c], 0);
      ck_assert_uint_eq(t->units[2].missing[c], !is_kind);
    }
    unload(&l);
  }
}
END_TEST

START_TEST(a_date_far_off_costs_no_memory) {
  static const char wide[] =
      "id,decided,kept,kind,office,outcome\n"
      "1,0001-01-05,Y,a,N,released\n"
      "2,9999-12-31,Y,a,N,released\n";
  struct loaded l = load_bytes(rules, wide, sizeof wide - 1, 1);
  const struct eh_over_time *t = by_quarter(&l);
  ck_assert(t->spans_too_long);
  ck_assert_uint_eq(t->count, 0);
  ck_assert_uint_eq(t->units[0].records, 2);
  unload(&l);
}
END_TEST

RUN_TESTS("load/units_over_time", records_are_counted, a_date_far_off_costs_no_memory)
