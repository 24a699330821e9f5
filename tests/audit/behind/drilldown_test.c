#include "engine/audit/behind/drilldown.h"

#include "engine/audit/findings/audit.h"
#include "engine/stats/sampling.h"
#include "tests/load/records.h"

static const char rules[] =
    "evenhand: 1\n"
    "columns: {case: id, date: decided}\n"
    "similarly_situated: [kind, sex]\n"
    "measures: {released: {event: outcome = 'released'}}\n"
    "comparisons: [{across: office}]\n"
    "review: {tolerable_rate: 10%}\n";

/* Thirty kinds of case at three offices; A releases three of four, the others one of four. Kind k00
   only A has seen. */
static char *write_records(void) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "id,decided,kind,sex,office,outcome\n");
  for (int i = 0; i < 3600; i++) {
    int kind = i % 30, office = kind ? i / 30 % 3 : 0, round = i / 90;
    bool released = office ? round % 4 == 0 : round % 4 != 0;
    eh_buffer_printf(&out, "%d,2016-01-%02d,k%02d,M,%c,%s\n", i, 1 + round % 28, kind,
                     (char)('A' + office), released ? "released" : "detained");
  }
  return out.text;
}

struct drilled {
  struct loaded l;
  const struct eh_audit *audit;
  const struct eh_drilldown *drilldown;
};

static struct drilled drill(bool with_records) {
  struct drilled d;
  char *text = write_records();
  char *name = file_of(text, strlen(text));
  d.l = load_files(rules, (const char *const *)&name, 1,
                   (struct eh_load_options){.threads = 2, .can_find = true});
  ck_assert_int_eq(d.l.status, EH_OK);
  struct eh_audit_options options = {.threads = 2};
  d.audit = eh_audit_run(d.l.arena, d.l.rules, d.l.account, d.l.cells, d.l.cells_count, &options);
  struct eh_find_source source = eh_records_source(d.l.records);
  ck_assert_int_eq(eh_drilldown_make(d.l.arena, d.audit, with_records ? &source : NULL,
                                     &d.drilldown, &d.l.error),
                   EH_OK);
  unlink(name);
  free(name);
  free(text);
  return d;
}

/* What is shown adds up to the finding: contributions to its difference, records to its own. */
START_TEST(situations_add_up) {
  struct drilled d = drill(false);
  ck_assert_uint_eq(d.drilldown->count, d.audit->findings);
  ck_assert_uint_ge(d.drilldown->count, 1);
  for (size_t i = 0; i < d.drilldown->count; i++) {
    const struct eh_drill *drill = &d.drilldown->items[i];
    const struct eh_situations *s = &drill->situations;
    const struct eh_result *r = drill->result;
    ck_assert_ptr_eq(eh_drilldown_of(d.drilldown, r), drill);
    bool is_a = strcmp(r->unit, "A") == 0;
    ck_assert_uint_eq(s->count, EH_MOST_SITUATIONS);
    ck_assert_uint_eq(s->rest.strata, 9); /* of the 29 kinds that others have seen too */
    ck_assert_uint_eq(s->unshared.strata, is_a);
    uint64_t records = s->rest.records + s->unshared.records;
    double excess = (double)s->rest.events - s->rest.expected, last = INFINITY;
    for (size_t k = 0; k < s->count; k++) {
      double own = (double)s->items[k].events - s->items[k].expected;
      ck_assert(r->higher ? own > 0 && own <= last : own < 0 && (k == 0 || own >= last));
      last = own;
      excess += own;
      records += s->items[k].records;
    }
    ck_assert_uint_eq(records, r->records);
    ck_close(excess / (double)r->comparable, r->share.difference.estimate.value, 1e-12);
    /* sex is the same everywhere and tells nothing apart */
    const char *said = eh_stratum_say(d.l.arena, d.l.rules, drill->comparison->cells,
                                      drill->varying, s->items[0].stratum);
    ck_assert_int_eq(strncmp(said, "kind: k", 7), 0);
    ck_assert_ptr_null(strchr(said, ';'));
  }
  unload(&d.l);
}
END_TEST

static const char *value_of(const struct drilled *d, const struct eh_found_record *record,
                            const char *column) {
  for (size_t c = 0; c < d->l.rules->column_count; c++)
    if (strcmp(d->l.rules->columns[c].name, column) == 0) return record->values[c];
  ck_abort_msg("no column %s", column);
  return NULL;
}

START_TEST(records_are_shown) {
  struct drilled d = drill(true);
  ck_assert(d.drilldown->has_records);
  for (size_t i = 0; i < d.drilldown->count; i++) {
    const struct eh_drill *drill = &d.drilldown->items[i];
    const struct eh_found *found = &drill->found;
    if (!eh_result_differs(drill->result)) {
      ck_assert_uint_eq(drill->sample_planned + drill->found.sample_count, 0);
      continue;
    }
    ck_assert_uint_eq(drill->sample_planned, eh_sample_size(drill->result->records, 0.95, 0.10));
    ck_assert_uint_eq(found->sample_count, drill->sample_planned);
    ck_assert_uint_eq(found->files, drill->result->records);
    for (size_t k = 0; k < found->sample_count; k++) {
      ck_assert_str_eq(found->sample[k].unit, drill->result->unit);
      for (size_t j = 0; j < k; j++)
        ck_assert_str_ne(found->sample[k].case_id, found->sample[j].case_id);
    }
    ck_assert_uint_eq(found->pair_count, EH_MOST_PAIRS);
    for (size_t k = 0; k < found->pair_count; k++) {
      const struct eh_found_record *unit = &found->pairs[k].unit, *peer = &found->pairs[k].peer;
      ck_assert_str_eq(unit->unit, drill->result->unit);
      ck_assert_str_ne(peer->unit, drill->result->unit);
      ck_assert_int_eq(unit->event, drill->result->higher);
      ck_assert_int_ne(unit->event, peer->event);
      ck_assert_str_eq(value_of(&d, unit, "kind"), value_of(&d, peer, "kind"));
      ck_assert_str_ne(value_of(&d, unit, "kind"), "k00");
    }
  }
  unload(&d.l);
}
END_TEST

START_TEST(without_records_there_are_situations_only) {
  struct drilled d = drill(false);
  ck_assert(!d.drilldown->has_records);
  for (size_t i = 0; i < d.drilldown->count; i++) {
    ck_assert_uint_eq(d.drilldown->items[i].found.sample_count, 0);
    ck_assert_uint_eq(d.drilldown->items[i].found.pair_count, 0);
  }
  unload(&d.l);
}
END_TEST

RUN_TESTS("audit/drilldown", situations_add_up, records_are_shown,
          without_records_there_are_situations_only)
