/* Never and always: what stands there, with which limit, and what does not. */
#include "engine/audit/behind/extremes.h"

#include <math.h>

#include "engine/audit/findings/audit.h"
#include "tests/load/records.h"

static const char rules[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [kind, age]\n"
    "measures: {yes: {event: result = 'Y'}}\ncomparisons: [{across: office}, {across: office, "
    "each: age}]\n";

struct made {
  struct eh_buffer text;
  int next;
};

/* So many records, of which so many have the event. */
static void put(struct made *m, const char *office, const char *kind, const char *age, int count,
                int events) {
  if (!m->next) eh_buffer_puts(&m->text, "id,office,kind,age,result\n");
  for (int i = 0; i < count; i++)
    eh_buffer_printf(&m->text, "%d,%s,%s,%s,%s\n", ++m->next, office, kind, age,
                     i < events ? "Y" : "N");
}

static const struct eh_extreme *find(const struct eh_extremes *e, enum eh_extreme_kind kind,
                                     const char *what) {
  for (size_t i = 0; i < e->count; i++)
    if (e->items[i].kind == kind && strcmp(e->items[i].what, what) == 0) return &e->items[i];
  return NULL;
}

static void check_extreme(const struct eh_extreme *e, bool always, uint64_t records) {
  ck_assert_ptr_nonnull(e);
  ck_assert_int_eq(e->always, always);
  ck_assert_uint_eq(e->records, records);
  double none = pow(0.025, 1.0 / (double)records); /* the exact limit of 0 of n is 1 - this */
  ck_close(e->limit, always ? none : 1 - none, 1e-9);
}

START_TEST(never_and_always) {
  struct made m = {0};
  put(&m, "North", "a", "old", 20, 0);
  put(&m, "South", "a", "old", 20, 0);
  put(&m, "North", "a", "young", 50, 0);
  put(&m, "South", "b", "young", 60, 60);
  put(&m, "North", "b", "old", 29, 29); /* too few */
  put(&m, "South", "b", "old", 1, 0);
  put(&m, "East", "c", "old", 31, 31);
  put(&m, "(none)", "c", "young", 40, 20);
  struct loaded l = load_bytes(rules, m.text.text, m.text.length, 1);
  ck_assert_int_eq(l.status, EH_OK);
  struct eh_audit_options options = {.threads = 1};
  const struct eh_audit *audit = eh_extremes_add(
      l.arena, eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options));
  const struct eh_extremes *e = audit->extremes;
  check_extreme(find(e, EH_EXTREME_LEVEL, "kind: a"), false, 90);
  check_extreme(find(e, EH_EXTREME_SITUATION, "kind: a; age: old"), false, 40);
  check_extreme(find(e, EH_EXTREME_SITUATION, "kind: a; age: young"), false, 50);
  check_extreme(find(e, EH_EXTREME_SITUATION, "kind: b; age: young"), true, 60);
  check_extreme(find(e, EH_EXTREME_SITUATION, "kind: c; age: old"), true, 31);
  check_extreme(find(e, EH_EXTREME_UNIT, "East"), true, 31);
  ck_assert_uint_eq(e->count, 6);
  for (size_t i = 1; i < e->count; i++)
    if (e->items[i].kind == e->items[i - 1].kind)
      ck_assert_uint_le(e->items[i].records, e->items[i - 1].records);
  unload(&l);
  eh_buffer_free(&m.text);
}
END_TEST

RUN_TESTS("never and always", never_and_always)
