/* The range of what units do is no matter of when they opened: of twenty offices ten open late,
 * while everybody decides otherwise from month to month. */
#include <math.h>

#include "engine/audit/findings/audit.h"
#include "engine/base/random.h"
#include "tests/load/records.h"

static const char rules[] =
    "evenhand: 1\ncolumns: {case: id, date: date}\nmeasures: {m: {event: y = '1'}}\n"
    "comparisons: [{across: office, dependent_within: none}]\n";

/* sd: of the offices' own log odds. */
static char *make_records(uint64_t seed, bool late, double sd) {
  struct eh_random random = eh_random_seeded(seed, 1);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,date,office,y\n");
  for (int office = 0, id = 0; office < 20; office++) {
    double own = sd * eh_random_normal(&random);
    for (int i = 0; i < 300; i++) {
      double begins = late && office < 10 ? 0.5 : 0.0;
      double time = begins + (1.0 - begins) * eh_random_uniform(&random);
      int day = (int)(time * 1440.0);
      bool event = eh_random_uniform(&random) < 1.0 / (1.0 + exp(1.5 - 2.4 * time - own));
      eh_buffer_printf(&text, "%d,%d-%02d-%02d,o%d,%d\n", id++, 2014 + day / 360, day / 30 % 12 + 1,
                       day % 28 + 1, office, event);
    }
  }
  return text.text;
}

static const char *records;
static struct eh_records *again;

static bool read_again(void *context, const struct eh_rules *varied, struct eh_arena *arena,
                       struct eh_cells **cells, size_t *count, const char **why) {
  struct eh_load_options options = {.threads = 1};
  struct eh_problems problems = {0};
  struct eh_error error;
  char *name = file_of(records, strlen(records));
  const char *names[] = {name};
  (void)context;
  (void)why;
  ck_assert_int_eq(eh_load_files(varied, names, 1, &options, &again, &problems, &error), EH_OK);
  ck_assert_int_eq(eh_records_cells(arena, again, cells, count, &error), EH_OK);
  eh_problems_free(&problems);
  unlink(name);
  free(name);
  return true;
}

static void free_again(void *context) {
  (void)context;
  eh_records_free(again);
}

/* Is a range shown, with and without asking again? */
static bool shown(uint64_t seed, bool late, double sd, bool asks) {
  char *made = make_records(seed, late, sd);
  records = made;
  struct loaded l = load_bytes(rules, made, strlen(made), 1);
  struct eh_recount recount = {.cells = read_again, .done = free_again};
  struct eh_audit_options options = {.threads = 1, .recount = asks ? &recount : NULL};
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  bool is_shown = !audit->comparisons[0].event.spread.low.why_not;
  unload(&l);
  free(made);
  return is_shown;
}

enum { WORLDS = 8 };

START_TEST(a_range_that_time_makes_is_not_shown) {
  int before = 0, now = 0;
  for (uint64_t seed = 1; seed <= WORLDS; seed++) {
    before += shown(seed, true, 0.0, false);
    now += shown(seed, true, 0.0, true);
  }
  ck_assert_int_eq(before, WORLDS); /* else this shows nothing */
  ck_assert_int_le(now, 1);
}
END_TEST

START_TEST(a_range_that_is_there_is_shown) {
  for (uint64_t seed = 1; seed <= WORLDS / 2; seed++) {
    ck_assert(shown(seed, true, 0.5, true));
    ck_assert(shown(seed, false, 0.5, true));
  }
}
END_TEST

RUN_TESTS("spread within periods", a_range_that_time_makes_is_not_shown,
          a_range_that_is_there_is_shown)
