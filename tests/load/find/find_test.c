#include "engine/load/find/find.h"

#include "engine/load/text/locate.h"
#include "engine/load/find/pairs.h"
#include "tests/load/records.h"

static const char rules[] =
    "evenhand: 1\n"
    "columns: {case: id, date: decided}\n"
    "similarly_situated: [kind]\n"
    "measures: {released: {event: outcome = 'released'}}\n"
    "comparisons: [{across: office}]\n";

/* --- records by line ends --- */

START_TEST(records_are_located) {
  static const struct {
    const char *text;
    size_t records;
    bool found;
    struct eh_span first, last; /* of records 0 and records - 1 */
  } rows[] = {
      {"a,b\nc,d\n", 2, true, {0, 4}, {4, 4}},
      {"a,b\r\n\r\nc,d", 2, true, {0, 5}, {7, 3}},
      {"\n\n\"a\nb\",c\nd,\"x\"\"y\n\"\n", 2, true, {2, 8}, {10, 10}},
      {"a\n\"b\n", 2, true, {0, 2}, {2, 3}}, /* an open quote: the caller finds it out */
      {"a,b\nstray \" quote\nc,d\n", 2, true, {0, 4}, {4, 18}}, /* this too */
      {"a,b\nc,d\n", 1, false, {0, 0}, {0, 0}},
      {"a,b\rc,d\r", 2, false, {0, 0}, {0, 0}},
      {"", 1, false, {0, 0}, {0, 0}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    size_t wanted[] = {0, rows[i].records - 1}, count = rows[i].records > 1 ? 2 : 1;
    struct eh_span spans[2];
    bool found =
        eh_locate(rows[i].text, strlen(rows[i].text), rows[i].records, wanted, count, spans);
    ck_assert_msg(found == rows[i].found, "row %zu", i);
    if (!found) continue;
    ck_assert_uint_eq(spans[0].offset, rows[i].first.offset);
    ck_assert_uint_eq(spans[0].length, rows[i].first.length);
    ck_assert_uint_eq(spans[1].offset, rows[i].last.offset);
    ck_assert_uint_eq(spans[1].length, rows[i].last.length);
  }
}
END_TEST

/* --- choosing pairs --- */

static size_t choose(const struct eh_candidate *given, size_t count, bool reversed,
                     struct eh_candidate *ordered, struct eh_pair *pairs) {
  for (size_t i = 0; i < count; i++) ordered[i] = given[reversed ? count - 1 - i : i];
  return eh_pairs_choose(ordered, count, pairs, EH_MOST_PAIRS);
}

START_TEST(the_closest_pairs_are_chosen) {
  /* stratum, peer, day, draw, row */
  static const struct eh_candidate given[] = {
      {0, false, 100, 1, 0}, {0, false, 200, 2, 1}, {0, true, 103, 3, 2}, {0, true, 190, 4, 3},
      {1, false, 100, 5, 4}, {1, true, 97, 6, 5},   {1, true, 500, 7, 6}, {2, false, 0, 8, 7},
      {2, true, 100, 9, 8},  {3, false, 1, 10, 9}};
  /* 3 days in both strata: the preferred one first; then 10 days; then the one of unknown date.
     Stratum 3 has no peer. */
  static const size_t wanted[][2] = {{0, 2}, {4, 5}, {1, 3}, {7, 8}};
  enum { COUNT = sizeof given / sizeof given[0], PAIRS = 4 };
  for (int reversed = 0; reversed < 2; reversed++) {
    struct eh_candidate ordered[COUNT];
    struct eh_pair pairs[EH_MOST_PAIRS];
    ck_assert_uint_eq(choose(given, COUNT, reversed, ordered, pairs), PAIRS);
    for (size_t p = 0; p < PAIRS; p++) {
      ck_assert_uint_eq(ordered[pairs[p].unit].row, wanted[p][0]);
      ck_assert_uint_eq(ordered[pairs[p].peer].row, wanted[p][1]);
    }
  }
}
END_TEST

/* Against all pairs looked at one by one. */
START_TEST(no_closer_pair_is_overlooked) {
  uint64_t state = 1;
  for (int round = 0; round < 300; round++) {
    struct eh_candidate c[24];
    struct eh_pair pairs[EH_MOST_PAIRS];
    size_t count = 2 + (size_t)round % 22;
    for (size_t i = 0; i < count; i++) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      c[i] = (struct eh_candidate){(uint32_t)(state >> 60) % 3, state >> 40 & 1,
                                   (uint32_t)(state >> 45) % 40, i + 1, i};
    }
    size_t chosen = eh_pairs_choose(c, count, pairs, EH_MOST_PAIRS);
    bool used[24] = {false};
    for (size_t p = 0; p <= chosen; p++) {
      uint32_t best = UINT32_MAX;
      bool any = false;
      for (size_t u = 0; u < count; u++)
        for (size_t v = 0; v < count; v++) {
          if (used[u] || used[v] || c[u].is_peer || !c[v].is_peer || c[u].place != c[v].place)
            continue;
          uint32_t gap = c[u].day == 0 || c[v].day == 0
                             ? UINT32_MAX
                             : (uint32_t)abs((int)c[u].day - (int)c[v].day);
          any = true;
          if (gap < best) best = gap;
        }
      if (p == chosen) {
        ck_assert(!any || chosen == EH_MOST_PAIRS);
        break;
      }
      const struct eh_candidate *unit = &c[pairs[p].unit], *peer = &c[pairs[p].peer];
      ck_assert(!used[pairs[p].unit] && !used[pairs[p].peer]);
      ck_assert(!unit->is_peer && peer->is_peer && unit->place == peer->place);
      uint32_t gap = unit->day == 0 || peer->day == 0
                         ? UINT32_MAX
                         : (uint32_t)abs((int)unit->day - (int)peer->day);
      ck_assert_uint_eq(gap, best);
      used[pairs[p].unit] = used[pairs[p].peer] = true;
    }
  }
}
END_TEST

/* --- records found --- */

enum { RECORDS = 60000 };

/* Record i, whose case id tells what it must hold. Some lines are spoilt, some values span lines.
 */
static void write_record(struct eh_buffer *out, size_t i) {
  static const char *const offices[] = {"North", "South", "East"};
  uint64_t h = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
  if (i % 9001 == 17) eh_buffer_puts(out, "spoilt \" line\n");
  eh_buffer_printf(out, "%s%zu,2016-%02d-%02d,%s,%s,%s,\"note%s%zu\"\n",
                   i % 5000 == 4999 ? "" : "C", i, 1 + (int)(h >> 20) % 12, 1 + (int)(h >> 30) % 28,
                   i % 7 ? "common" : "rare", offices[h >> 40 & 1 ? 0 : 1 + (h >> 41 & 1)],
                   (h >> 50) % 10 < ((h >> 40 & 1) ? 6U : 3U) ? "released" : "detained",
                   i % 100 == 3 ? "\nand, more" : " ", i);
}

static char *write_records(const size_t *order, size_t *length) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "id,decided,kind,office,outcome,note\n");
  for (size_t i = 0; i < RECORDS; i++) write_record(&out, order ? order[i] : i);
  *length = out.length;
  return out.text;
}

/* The request of unit "North" for its records with the event. */
static struct eh_find_request request_of(const struct loaded *l, struct eh_find_stratum *strata) {
  const struct eh_cells *cells = &l->cells[0];
  struct eh_find_request r = {
      .cells = cells, .event = true, .sample = 59, .strata = strata, .stratum_count = 2};
  while (strcmp(cells->units[r.unit].label, "North") != 0) r.unit++;
  for (uint32_t s = 0; s < 2; s++) strata[s] = (struct eh_find_stratum){.stratum = s};
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    if (cell->unit == r.unit)
      strata[cell->stratum].unit_records += cell->events;
    else
      strata[cell->stratum].peer_records += cell->records - cell->events;
  }
  return r;
}

static void ck_record(const struct loaded *l, const struct eh_found_record *r, bool is_north,
                      bool event) {
  size_t i = (size_t)atoi(r->case_id + (r->case_id[0] == 'C'));
  struct eh_buffer line = {0};
  write_record(&line, i);
  const char *outcome = NULL;
  for (size_t c = 0; c < l->rules->column_count; c++)
    if (strcmp(l->rules->columns[c].name, "outcome") == 0) outcome = r->values[c];
  const char *record = strstr(line.text, r->case_id);
  ck_assert_ptr_nonnull(record);
  ck_assert_ptr_nonnull(strstr(record, r->unit));
  ck_assert_ptr_nonnull(strstr(record, outcome));
  ck_assert_int_eq(strcmp(r->unit, "North") == 0, is_north);
  ck_assert_int_eq(r->event, event);
  ck_assert_int_eq(strcmp(outcome, "released") == 0, event);
  eh_buffer_free(&line);
}

static struct eh_found find_one(const struct loaded *l) {
  struct eh_find_stratum strata[2];
  struct eh_find_request request = request_of(l, strata);
  struct eh_find_source source = eh_records_source(l->records);
  struct eh_found found;
  struct eh_error error;
  ck_assert_int_eq(source.find(source.context, l->arena, &request, 1, &found, &error), EH_OK);
  ck_assert_uint_eq(found.sample_count, 59);
  ck_assert_uint_eq(found.pair_count, EH_MOST_PAIRS);
  uint64_t records = 0;
  const struct eh_unit *unit = &request.cells->units[request.unit];
  for (size_t i = 0; i < unit->cell_count; i++)
    records += request.cells->cells[unit->first_cell + i].records;
  ck_assert_uint_eq(found.files, records);
  for (size_t i = 0; i < found.sample_count; i++)
    ck_record(l, &found.sample[i], true, found.sample[i].event);
  for (size_t i = 0; i < found.pair_count; i++) {
    ck_record(l, &found.pairs[i].unit, true, true);
    ck_record(l, &found.pairs[i].peer, false, false);
    ck_assert_int_eq(found.pairs[i].unit.day, found.pairs[i].peer.day);
  }
  return found;
}

/* The same records in another order, on other numbers of threads, give the same answer. */
START_TEST(order_and_threads_change_nothing) {
  size_t length, *order = eh_alloc(RECORDS, sizeof *order);
  for (size_t i = 0; i < RECORDS; i++) order[i] = (i * 7919) % RECORDS;
  char *text = write_records(NULL, &length);
  char *shuffled = write_records(order, &length);
  char *names[2] = {file_of(text, length), file_of(shuffled, length)};
  struct loaded l[3];
  struct eh_found found[3];
  for (size_t i = 0; i < 3; i++) {
    l[i] = load_files(rules, (const char *const *)&names[i == 2], 1,
                      (struct eh_load_options){.threads = 1 + i, .can_find = true});
    ck_assert_int_eq(l[i].status, EH_OK);
    ck_assert_uint_eq(l[i].account->unusable, 7);
    found[i] = find_one(&l[i]);
  }
  for (size_t i = 1; i < 3; i++) {
    for (size_t k = 0; k < found[0].sample_count; k++)
      ck_assert_str_eq(found[0].sample[k].case_id, found[i].sample[k].case_id);
    for (size_t k = 0; k < found[0].pair_count; k++) {
      ck_assert_str_eq(found[0].pairs[k].unit.case_id, found[i].pairs[k].unit.case_id);
      ck_assert_str_eq(found[0].pairs[k].peer.case_id, found[i].pairs[k].peer.case_id);
    }
  }
  for (size_t i = 0; i < 3; i++) unload(&l[i]);
  for (size_t i = 0; i < 2; i++) {
    unlink(names[i]);
    free(names[i]);
  }
  free(text);
  free(shuffled);
  free(order);
}
END_TEST

/* Over many seeds each file is drawn as often as any other. */
START_TEST(every_file_has_its_chance) {
  enum { FILES = 40, SEEDS = 1000, SAMPLE = 10 };
  struct eh_buffer text = {0};
  unsigned drawn[FILES] = {0};
  eh_buffer_puts(&text, "id,decided,kind,office,outcome\n");
  for (int i = 0; i < FILES; i++)
    eh_buffer_printf(&text, "%d,2016-01-01,k,North,%s\n", i, i % 2 ? "released" : "detained");
  char *name = file_of(text.text, text.length);
  for (int seed = 0; seed < SEEDS; seed++) {
    char with_seed[512];
    snprintf(with_seed, sizeof with_seed, "%sflag: {seed: %d}\n", rules, seed);
    struct loaded l = load_files(with_seed, (const char *const *)&name, 1,
                                 (struct eh_load_options){.threads = 1, .can_find = true});
    struct eh_find_request request = {.cells = &l.cells[0], .sample = SAMPLE};
    struct eh_find_source source = eh_records_source(l.records);
    struct eh_found found;
    ck_assert_int_eq(source.find(source.context, l.arena, &request, 1, &found, &l.error), EH_OK);
    ck_assert_uint_eq(found.sample_count, SAMPLE);
    for (size_t i = 0; i < SAMPLE; i++) drawn[atoi(found.sample[i].case_id)]++;
    unload(&l);
  }
  /* Chi-square with FILES - 1 = 39 degrees of freedom, scaled for drawing without replacement;
     72.05 is its 99.9% point. */
  double expected = (double)SEEDS * SAMPLE / FILES, statistic = 0;
  for (int i = 0; i < FILES; i++)
    statistic += (drawn[i] - expected) * (drawn[i] - expected) / expected;
  statistic *= (FILES - 1.0) / (FILES - SAMPLE);
  ck_assert_msg(statistic < 72.05, "chi-square is %g", statistic);
  unlink(name);
  free(name);
  eh_buffer_free(&text);
}
END_TEST

RUN_TESTS("load/find", records_are_located, the_closest_pairs_are_chosen,
          no_closer_pair_is_overlooked, order_and_threads_change_nothing, every_file_has_its_chance)
