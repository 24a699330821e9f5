/* A release, from records to what is published, attacked with everything that it says: constraints
 * are made of the JSON alone, and the other outputs have no number that the JSON has not. */
#include "reports/release/release.h"

#include <ctype.h>
#include <jansson.h>
#include <unistd.h>

#include "engine/audit/findings/audit.h"
#include "engine/audit/release/suppress.h"
#include "engine/base/random.h"
#include "tests/audit/release/simplex.h"
#include "tests/load/records.h"
#include "tests/reports/unzip.h"

enum { MOST_UNITS = 12, KINDS = 8, MOST_MEASURES = 14, WORLDS = 150, WIDE_WORLDS = 30 };

static const struct eh_report_context context = {
    .version = "version", .command_line = "evenhand audit secret.csv", .as_of = 20484};

struct world {
  size_t units, measures;
  uint64_t threshold;
  uint64_t records[MOST_UNITS][KINDS];
  unsigned among[MOST_MEASURES], event[MOST_MEASURES]; /* bits of kinds */
  unsigned smallest; /* difference of a finding, in points; 0: the usual one, in strata */
};

static struct world world_of(uint64_t seed) {
  static const uint64_t sizes[] = {4, 20, 60, 200};
  struct eh_random r = eh_random_seeded(seed, 2);
  struct world w = {
      .units = seed > WORLDS ? 10 + eh_random_below(&r, 3) : 4 + eh_random_below(&r, 3),
      .measures =
          seed % 6 ? 1 + eh_random_below(&r, 4) : 8 + eh_random_below(&r, MOST_MEASURES - 7),
      .threshold = seed % 2 ? 11 : 5,
      .smallest = seed % 4 < 2 ? 0 : 5 + 5 * (unsigned)(seed / 4 % 5)};
  for (size_t m = 0; m < w.measures; m++) {
    unsigned base = m && eh_random_below(&r, 2) ? w.event[m - 1] : 255;
    unsigned first = base & (0u - base);
    w.among[m] = base;
    w.event[m] = first | (base & (unsigned)eh_random_below(&r, 256));
  }
  for (size_t u = 0; u < w.units; u++) {
    uint64_t size = sizes[eh_random_below(&r, 4)];
    if (seed > WORLDS) size = u % 2 ? 8 : 150;
    for (unsigned k = 0; k < KINDS; k++) w.records[u][k] = eh_random_below(&r, size);
  }
  return w;
}

static void put_kinds(struct eh_buffer *out, unsigned kinds) {
  for (unsigned k = 0, some = 0; k < KINDS; k++)
    if (kinds >> k & 1) eh_buffer_printf(out, "%s'k%u'", some++ ? ", " : "", k);
}

static char *rules_of(const struct world *w) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out,
                 "evenhand: 1\ntitle: title\ncolumns: {case: id, person: who}\n"
                 "individuals: [officer]\n");
  if (w->smallest)
    eh_buffer_printf(&out, "similarly_situated: []\nflag: {smallest_difference: %u points}\n",
                     w->smallest);
  else
    eh_buffer_puts(&out, "similarly_situated: [sex]\n");
  eh_buffer_puts(&out, "measures:\n");
  for (size_t m = 0; m < w->measures; m++) {
    eh_buffer_printf(&out, "  measure%c:\n    among: kind in (", (char)('a' + m));
    put_kinds(&out, w->among[m]);
    eh_buffer_puts(&out, ")\n    event: kind in (");
    put_kinds(&out, w->event[m]);
    eh_buffer_puts(&out, ")\n");
  }
  eh_buffer_puts(&out,
                 "comparisons:\n  - {across: officer, within: office}\n  - {across: office}\n"
                 "  - {across: sex}\n  - {across: office, each: sex}\n");
  return out.text;
}

static char *records_of(const struct world *w) {
  struct eh_buffer out = {0};
  unsigned number = 0;
  eh_buffer_puts(&out, "id,who,officer,office,kind,sex\n");
  for (size_t u = 0; u < w->units; u++)
    for (unsigned k = 0; k < KINDS; k++)
      for (uint64_t i = 0; i < w->records[u][k]; i++, number++)
        eh_buffer_printf(&out, "caseid%u,person%u,officer%c%u,office%c,k%u,%c\n", number,
                         number / 2, (char)('A' + u), number % 5, (char)('A' + u), k,
                         number % 3 ? 'F' : 'M');
  return out.text;
}

struct released {
  struct loaded loaded;
  struct eh_arena *arena;
  const struct eh_release *release;
  char *json_text, *summary;
  json_t *json;
};

static struct released release_of(const struct world *w) {
  struct released r = {.arena = eh_arena_new()};
  char *rules = rules_of(w), *records = records_of(w);
  r.loaded = load_bytes(rules, records, strlen(records), 1);
  ck_assert_msg(r.loaded.status == EH_OK, "%s", r.loaded.error.message);
  struct eh_audit_options options = {.threads = 1};
  const struct eh_audit *audit = eh_audit_run(r.arena, r.loaded.rules, r.loaded.account,
                                              r.loaded.cells, r.loaded.cells_count, &options);
  r.release = eh_release_make(r.arena, audit, w->threshold, 1);
  struct eh_error error;
  size_t length;
  FILE *stream = open_memstream(&r.json_text, &length);
  ck_assert_int_eq(eh_release_json_write(r.release, &context, stream, &error), EH_OK);
  fclose(stream);
  stream = open_memstream(&r.summary, &length);
  ck_assert_int_eq(eh_release_summary_write(r.release, stream, &error), EH_OK);
  fclose(stream);
  r.json = json_loads(r.json_text, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_ptr_nonnull(r.json);
  free(rules);
  free(records);
  return r;
}

static void free_released(struct released *r) {
  json_decref(r->json);
  free(r->json_text);
  free(r->summary);
  unload(&r->loaded);
  eh_arena_free(r->arena);
}

/* --- the attack --- */

static double number(json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  ck_assert_msg(json_is_number(value), "%s is no number", name);
  return json_number_value(value);
}

static void add_kinds(double *row, size_t unit, unsigned kinds, double weight) {
  for (unsigned k = 0; k < KINDS; k++)
    if (kinds >> k & 1) row[unit * KINDS + k] += weight;
}

/* A rounded sum of the records of such kinds of some units. */
static void know_count(struct simplex *s, const bool *units, unsigned kinds, double count,
                       uint64_t step) {
  double *low = simplex_add(s, 1, count - (double)(step / 2));
  for (size_t u = 0; u < MOST_UNITS; u++)
    if (units[u]) add_kinds(low, u, kinds, 1);
  double *high = simplex_add(s, -1, count + (double)((step - 1) / 2));
  for (size_t u = 0; u < MOST_UNITS; u++)
    if (units[u]) add_kinds(high, u, kinds, 1);
}

static uint64_t count_of(const struct world *w, size_t unit, unsigned kinds) {
  uint64_t sum = 0;
  for (unsigned k = 0; k < KINDS; k++) sum += (kinds >> k & 1) * w->records[unit][k];
  return sum;
}

static void know(struct simplex *s, const struct world *w, size_t measure, const bool *units,
                 json_t *count, uint64_t step) {
  unsigned among = w->among[measure], event = w->event[measure];
  know_count(s, units, among, number(count, "records"), step);
  know_count(s, units, event, number(count, "events"), step);
  if (json_is_null(json_object_get(count, "rate"))) return;
  /* The rate is of the rounded counts: it tells no more. */
  double rate = number(count, "rate"), within = number(count, "rate_within");
  double of_counts = number(count, "events") / number(count, "records");
  ck_assert_msg(fabs(rate - of_counts) <= within + 1e-9, "%g, not %g", rate, of_counts);
  ck_assert_msg(within * number(count, "records") >= (double)step - 1e-9, "too fine a rate");
  uint64_t records = 0, events = 0;
  for (size_t u = 0; u < MOST_UNITS; u++) {
    records += units[u] ? count_of(w, u, among) : 0;
    events += units[u] ? count_of(w, u, event) : 0;
  }
  double truth = (double)events / (double)records;
  ck_assert_msg(fabs(rate - truth) <= within + 1e-9, "%g within %g: %g", rate, within, truth);
}

/* The sum over all units is that of what is shown: so it tells nothing more. */
static void check_sum(json_t *measure) {
  static const char *const counts[] = {"records", "events"};
  json_t *others = json_object_get(measure, "not_shown"), *unit;
  for (int i = 0; i < 2; i++) {
    double sum = json_is_object(others) ? number(others, counts[i]) : 0;
    size_t k;
    json_array_foreach(json_object_get(measure, "units"), k, unit) sum += number(unit, counts[i]);
    ck_assert_double_eq(sum, number(json_object_get(measure, "all"), counts[i]));
  }
}

static size_t unit_of(json_t *unit) { return (size_t)(json_string_value(unit)[6] - 'A'); }

/* --- what a finding says --- */

/* The least and the largest rate of counts that round so. */
struct rates {
  double low, high;
};

static struct rates rates_of(json_t *unit, uint64_t step) {
  double n = number(unit, "records"), e = number(unit, "events"), half = (double)(step / 2);
  return (struct rates){fmax(e - half, 0) / (n + half), fmin((e + half) / fmax(n - half, 1), 1)};
}

/* The rate of some units together: between those of the one with the least and with the largest. */
static struct rates rates_of_others(json_t *measure, json_t *but, bool all, uint64_t step) {
  struct rates range = {1, 0};
  json_t *unit, *rest = json_object_get(measure, "not_shown");
  size_t k;
  json_array_foreach(json_object_get(measure, "units"), k, unit) {
    struct rates r = rates_of(unit, step);
    if (unit == but) continue;
    range = (struct rates){fmin(range.low, r.low), fmax(range.high, r.high)};
  }
  if (!all || !json_is_object(rest)) return range;
  struct rates r = rates_of(rest, step);
  return (struct rates){fmin(range.low, r.low), fmax(range.high, r.high)};
}

/* sign (events - rate records) >= 0, of some units together. */
static void know_rate(struct simplex *s, const struct world *w, size_t m, const bool *units,
                      double rate, double sign) {
  double *row = simplex_add(s, 1, 0);
  for (size_t u = 0; u < MOST_UNITS; u++) {
    if (!units[u]) continue;
    add_kinds(row, u, w->event[m], sign);
    add_kinds(row, u, w->among[m], -sign * rate);
  }
}

/* Without strata a finding says that the unit's rate and the others' are the smallest difference
   apart, in the audit of all units and in that of the units shown. What is known of the one side
   bounds the other. */
static void know_finding(struct simplex *s, const struct world *w, size_t m, json_t *measure,
                         json_t *unit, const bool *is_hidden, uint64_t step) {
  const char *finding = json_string_value(json_object_get(unit, "finding"));
  if (!w->smallest || !finding || !*finding) return;
  double sign = strcmp(finding, "higher") == 0 ? 1 : -1, apart = sign * w->smallest / 100.0;
  struct rates own = rates_of(unit, step);
  for (int all = 0; all < 2; all++) {
    bool one[MOST_UNITS] = {false}, others[MOST_UNITS] = {false};
    size_t u = unit_of(json_object_get(unit, "unit"));
    for (size_t k = 0; k < w->units; k++) others[k] = k != u && (all || !is_hidden[k]);
    one[u] = true;
    struct rates peers = rates_of_others(measure, unit, all, step);
    know_rate(s, w, m, one, (sign > 0 ? peers.low : peers.high) + apart, sign);
    know_rate(s, w, m, others, (sign > 0 ? own.high : own.low) - apart, -sign);
  }
}

/* Everything that the JSON says of counts. shown: filled in. */
static struct simplex knowledge(const struct world *w, json_t *json, bool *is_shown,
                                bool *is_released) {
  struct simplex s = simplex_new(MOST_UNITS * KINDS);
  uint64_t step = (uint64_t)number(json, "rounded_to");
  size_t index;
  json_t *measure, *unit;
  json_array_foreach(json_object_get(json, "measures"), index, measure) {
    size_t m = (size_t)(json_string_value(json_object_get(measure, "measure"))[7] - 'a'), k;
    bool others[MOST_UNITS] = {false};
    for (size_t u = 0; u < w->units; u++) others[u] = true;
    is_released[m] = true;
    json_array_foreach(json_object_get(measure, "units"), k, unit) {
      bool one[MOST_UNITS] = {false};
      size_t u = unit_of(json_object_get(unit, "unit"));
      one[u] = is_shown[u] = true;
      others[u] = false;
      know(&s, w, m, one, unit, step);
    }
    check_sum(measure);
    json_t *rest = json_object_get(measure, "not_shown");
    if (json_is_object(rest)) know(&s, w, m, others, rest, step);
    json_array_foreach(json_object_get(measure, "units"), k, unit)
        know_finding(&s, w, m, measure, unit, others, step);
  }
  return s;
}

struct tally {
  size_t suppressed, left_out, shown, findings, wide;
};

/* Every count under the threshold, of what the rules ask: that of a unit not shown may be anything
 * from 0 to the threshold; that of a measure left out, anything in a range as wide as what is too
 * small. */
static void attack_count(struct simplex *s, const struct world *w, size_t unit, unsigned kinds,
                         bool is_suppressed, struct tally *t) {
  double truth = (double)count_of(w, unit, kinds), weights[MOST_UNITS * KINDS] = {0};
  if (truth >= (double)w->threshold || kinds == 0) return;
  add_kinds(weights, unit, kinds, 1);
  double low = simplex_extreme(s, weights, -1), high = simplex_extreme(s, weights, 1);
  ck_assert_msg(low <= truth + 1e-6 && truth <= high + 1e-6, "%g to %g: %g", low, high, truth);
  if (is_suppressed) {
    ck_assert_msg(low < 1e-6 && high > (double)w->threshold - 1e-6, "%g to %g", low, high);
    t->suppressed++;
  } else {
    t->left_out++;
    double step = (double)eh_public_step(w->threshold); /* so many values are promised */
    ck_assert_msg(high - low > step - 1 - 1e-6, "%g to %g", low, high);
  }
}

/* The truth meets every constraint. */
static void check_truth(const struct simplex *s, const struct world *w) {
  for (size_t i = 0; i < s->rows; i++) {
    const double *row = s->given + i * (s->variables + 2);
    double sum = -row[s->variables + 1];
    for (size_t j = 0; j < s->variables; j++)
      sum += row[j] * (double)w->records[j / KINDS][j % KINDS];
    ck_assert_msg(row[s->variables] * sum > -1e-6, "%zu: %g", i, sum);
  }
}

static void attack(const struct world *w, const struct released *r, struct tally *t) {
  bool is_shown[MOST_UNITS] = {false}, is_released[MOST_MEASURES] = {false};
  struct simplex s = knowledge(w, r->json, is_shown, is_released);
  check_truth(&s, w);
  ck_assert(simplex_start(&s));
  for (size_t u = 0; u < r->release->unit_count; u++)
    for (size_t m = 0; m < r->release->measure_count && w->smallest; m++)
      t->findings += r->release->units[u].differences[m].finding[0] != '\0';
  for (size_t u = 0; u < w->units; u++) {
    t->shown += is_shown[u];
    for (size_t m = 0; m < w->measures; m++) {
      if (is_shown[u] && is_released[m]) {
        ck_assert_uint_ge(count_of(w, u, w->event[m]), w->threshold);
        ck_assert_uint_ge(count_of(w, u, w->among[m] & ~w->event[m]), w->threshold);
        continue;
      }
      attack_count(&s, w, u, w->event[m], !is_shown[u] && is_released[m], t);
      attack_count(&s, w, u, w->among[m] & ~w->event[m], !is_shown[u] && is_released[m], t);
    }
    /* Whatever two measures' records have in common, or one has and the other not. */
    for (size_t m = 0; m < 2 * w->measures && is_shown[u]; m++)
      for (size_t k = 0; k < 2 * w->measures; k++) {
        unsigned one = m % 2 ? w->event[m / 2] : w->among[m / 2];
        unsigned other = k % 2 ? w->event[k / 2] : w->among[k / 2];
        attack_count(&s, w, u, one & ~other, false, t);
        attack_count(&s, w, u, one & other, false, t);
      }
  }
  simplex_free(&s);
}

START_TEST(no_count_under_the_threshold_can_be_recovered) {
  struct tally t = {0};
  for (uint64_t seed = 1; seed <= WORLDS + WIDE_WORLDS; seed++) {
    struct world w = world_of(seed);
    struct released r = release_of(&w);
    if (!r.release->withheld) attack(&w, &r, &t);
    t.wide += !r.release->withheld && r.release->not_shown.count > 5;
    free_released(&r);
  }
  ck_assert_uint_ge(t.suppressed, 40);
  ck_assert_uint_ge(t.left_out, 40);
  ck_assert_uint_ge(t.shown, 40);
  ck_assert_uint_ge(t.findings, 10);
  ck_assert_uint_ge(t.wide, 10); /* over five units, each of which may be small or a cover */
}
END_TEST

/* 25 of 84, in both measures: once the rate told that, and so that nobody was deferred there. */
START_TEST(rates_tell_no_more_than_counts) {
  static const struct {
    uint64_t records, events;
    unsigned percent, step;
  } shown[] = {{80, 30, 40, 20}, {400, 160, 40, 5}, {500, 210, 42, 2}};
  struct eh_buffer records = {0};
  eh_buffer_puts(&records, "id,office,outcome\n");
  static const unsigned counts[3][3] = {{25, 0, 59}, {120, 40, 240}, {150, 60, 290}};
  static const char *const outcomes[] = {"released", "deferred", "detained"};
  for (unsigned u = 0, id = 0; u < 3; u++)
    for (unsigned k = 0; k < 3; k++)
      for (unsigned i = 0; i < counts[u][k]; i++)
        eh_buffer_printf(&records, "%u,%c,%s\n", id++, 'A' + u, outcomes[k]);
  struct loaded l = load_bytes(
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\nindividuals: []\n"
      "similarly_situated: []\nmeasures:\n"
      "  favourable:\n    event: outcome in ('released', 'deferred')\n"
      "  released:\n    event: outcome = 'released'\n"
      "comparisons:\n  - {across: office}\n",
      records.text, records.length, 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  struct eh_audit_options options = {.threads = 1};
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  const struct eh_release *release = eh_release_make(l.arena, audit, 11, 1);
  ck_assert_uint_eq(release->unit_count, 3);
  for (size_t u = 0; u < 3; u++) {
    const struct eh_release_count *c = &release->units[u].counts[0];
    ck_assert_uint_eq(c->records, shown[u].records);
    ck_assert_uint_eq(c->events, shown[u].events);
    ck_assert_uint_eq(c->percent, shown[u].percent);
    ck_assert_uint_eq(c->percent_step, shown[u].step);
  }
  eh_buffer_free(&records);
  unload(&l);
}
END_TEST

static struct eh_release_difference of_two(struct loaded *l, unsigned first, unsigned first_events,
                                           unsigned second, unsigned second_events, size_t unit) {
  struct eh_buffer records = {0};
  eh_buffer_puts(&records, "id,office,outcome\n");
  for (unsigned i = 0; i < first; i++)
    eh_buffer_printf(&records, "a%u,A,%c\n", i, i < first_events ? 'Y' : 'N');
  for (unsigned i = 0; i < second; i++)
    eh_buffer_printf(&records, "b%u,B,%c\n", i, i < second_events ? 'Y' : 'N');
  *l = load_bytes(
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\nindividuals: []\n"
      "similarly_situated: []\nmeasures:\n"
      "  yes:\n    event: outcome = 'Y'\n"
      "comparisons:\n  - {across: office}\n",
      records.text, records.length, 1);
  ck_assert_msg(l->status == EH_OK, "%s", l->error.message);
  eh_buffer_free(&records);
  struct eh_audit_options options = {.threads = 1};
  const struct eh_audit *audit =
      eh_audit_run(l->arena, l->rules, l->account, l->cells, l->cells_count, &options);
  const struct eh_release *release = eh_release_make(l->arena, audit, 11, 1);
  ck_assert_uint_eq(release->unit_count, 2);
  ck_assert_ptr_null(release->units[unit].differences[0].why_not);
  return release->units[unit].differences[0];
}

/* 30% of 10,000 and 28 of 84: to a point, the large one's difference would tell the small one's
   rate. */
START_TEST(differences_are_as_coarse_as_the_smaller_side) {
  for (size_t unit = 0; unit < 2; unit++) {
    struct loaded l;
    ck_assert_uint_eq(of_two(&l, 10000, 3000, 84, 28, unit).step, 20);
    unload(&l);
  }
  struct loaded l;
  ck_assert_uint_eq(of_two(&l, 10000, 3000, 5000, 2000, 0).step, 1);
  unload(&l);
}
END_TEST

/* Whatever the counts are that 80 and 30 are the rounded ones of, the difference is theirs, and its
   interval holds that of the counts. */
START_TEST(differences_tell_no_more_than_counts) {
  static const unsigned counts[][2] = {{75, 25}, {75, 34}, {84, 25}, {84, 34}, {80, 30}, {78, 27}};
  int low = 0, high = 0;
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
    unsigned records = counts[k][0], events = counts[k][1];
    struct loaded l;
    struct eh_release_difference d = of_two(&l, 10004, 7998, records, events, 1);
    ck_assert_int_eq(d.points, -40); /* 37.5 less 80, to the nearest 20 */
    if (k == 0) low = d.low, high = d.high;
    ck_assert_int_eq(d.low, low);
    ck_assert_int_eq(d.high, high);
    unload(&l);
    double rate = (double)events / records, peers = 7998 / 10004.0, reach = 0.1;
    ck_assert(d.low <= 100 * (rate - peers - reach) && 100 * (rate - peers + reach) <= d.high);
    d = of_two(&l, 10004, 7998, records, events, 0);
    ck_assert_int_eq(d.points, 40);
    unload(&l);
  }
}
END_TEST

/* --- what else is written --- */

/* Every number of the JSON, as it stands and in percent. */
static size_t numbers_of(json_t *value, double *numbers, size_t count) {
  const char *name;
  json_t *member;
  size_t index;
  if (json_is_number(value)) {
    numbers[count++] = json_number_value(value);
    numbers[count++] = 100 * json_number_value(value);
  }
  json_object_foreach(value, name, member) count = numbers_of(member, numbers, count);
  json_array_foreach(value, index, member) count = numbers_of(member, numbers, count);
  return count;
}

static bool is_known(double number, const double *numbers, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (fabs(numbers[i] - number) < 1e-9) return true;
  return false;
}

/* Where a number begins in a text for people: no part of a name such as officeA or k0. */
static const char *next_number(const char *text, double *number) {
  char digits[32];
  size_t length = 0;
  for (; *text; text++)
    if (isdigit((unsigned char)*text) && !isalnum((unsigned char)text[-1])) break;
  if (!*text) return NULL;
  bool is_negative = text[-1] == '-';
  for (; isdigit((unsigned char)*text) || *text == ','; text++)
    if (*text != ',' && length < sizeof digits - 1) digits[length++] = *text;
  digits[length] = '\0';
  *number = is_negative ? -atof(digits) : atof(digits);
  return text;
}

static void check_summary(const struct released *r, const double *numbers, size_t count) {
  double number;
  const char *at = r->summary + 1;
  while ((at = next_number(at, &number)) != NULL) {
    bool is_unit_count =
        number == (double)r->release->unit_count || number == (double)r->release->not_shown.count;
    ck_assert_msg(is_unit_count || is_known(number, numbers, count), "%g in\n%s", number,
                  r->summary);
  }
}

/* Cells that hold numbers: <c r="C5" s="1"><v>90</v>. */
static void check_sheet(const char *sheet, const double *numbers, size_t count) {
  for (const char *at = sheet; (at = strstr(at, "<v>")) != NULL; at++) {
    const char *cell = at;
    while (cell > sheet && strncmp(cell, "<c ", 3) != 0) cell--;
    const char *text = strstr(cell, "t=\"");
    if (text && text < at) continue;
    ck_assert_msg(is_known(atof(at + 3), numbers, count), "%g", atof(at + 3));
  }
}

static void check_names(const char *text) {
  static const char *const never[] = {"caseid",   "person0",  "person1",
                                      "officerA", "officerB", "secret"};
  for (size_t i = 0; i < sizeof never / sizeof *never; i++)
    ck_assert_msg(strstr(text, never[i]) == NULL, "%s in %s", never[i], text);
}

START_TEST(no_output_says_more_than_the_json) {
  double *numbers = eh_alloc(4000, sizeof *numbers);
  size_t tables = 0;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    struct world w = world_of(seed);
    struct released r = release_of(&w);
    char path[] = "/tmp/evenhand-release-XXXXXX";
    struct eh_error error;
    close(mkstemp(path));
    ck_assert_int_eq(eh_release_workbook_write(r.release, &context, path, &error), EH_OK);
    size_t count = numbers_of(r.json, numbers, 0);
    ck_assert_uint_le(count, 4000);
    check_summary(&r, numbers, count);
    check_names(r.json_text);
    check_names(r.summary);
    struct bytes zip = read_file(path);
    static const char *const members[] = {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
                                          "xl/worksheets/sheet3.xml", "xl/sharedStrings.xml",
                                          "docProps/core.xml",        "docProps/app.xml",
                                          "xl/workbook.xml"};
    ck_assert_uint_eq(count_members(&zip, "xl/worksheets/sheet"), 3);
    ck_assert_uint_eq(count_members(&zip, "xl/charts"), 0);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
      char *text = member_text(&zip, members[i]);
      check_names(text);
      if (i < 3) check_sheet(text, numbers, count);
      free(text);
    }
    tables += r.release->unit_count > 0;
    free(zip.data);
    unlink(path);
    free_released(&r);
  }
  ck_assert_uint_ge(tables, 3);
  free(numbers);
}
END_TEST

/* The differences are those of an audit that has only the units shown. */
START_TEST(differences_are_among_the_units_shown) {
  size_t compared = 0;
  for (uint64_t seed = 1; seed <= WORLDS && compared < 20; seed++) {
    struct world w = world_of(seed);
    struct released r = release_of(&w);
    struct world shown = w;
    size_t hidden = r.release->not_shown.count;
    for (size_t i = 0; i < hidden; i++)
      memset(shown.records[r.release->not_shown.items[i][6] - 'A'], 0, sizeof shown.records[0]);
    if (!r.release->withheld && r.release->unit_count > 1 && hidden) {
      struct released again = release_of(&shown);
      bool is_alike = again.release->measure_count == r.release->measure_count;
      if (is_alike) ck_assert_uint_eq(again.release->unit_count, r.release->unit_count);
      for (size_t u = 0; is_alike && u < r.release->unit_count; u++)
        for (size_t m = 0; m < r.release->measure_count; m++) {
          const struct eh_release_difference *a = &r.release->units[u].differences[m],
                                             *b = &again.release->units[u].differences[m];
          if (a->why_not && b->why_not) continue;
          ck_assert_int_eq(a->points, b->points);
          ck_assert_int_eq(a->low, b->low);
          ck_assert_int_eq(a->high, b->high);
          if (a->finding[0]) ck_assert_str_eq(a->finding, b->finding);
          compared++;
        }
      free_released(&again);
    }
    free_released(&r);
  }
  ck_assert_uint_ge(compared, 20);
}
END_TEST

RUN_TESTS("release", no_count_under_the_threshold_can_be_recovered, rates_tell_no_more_than_counts,
          differences_are_as_coarse_as_the_smaller_side, differences_tell_no_more_than_counts,
          no_output_says_more_than_the_json, differences_are_among_the_units_shown)
