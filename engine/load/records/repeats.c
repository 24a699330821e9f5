#include "engine/load/records/repeats.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/words.h"
#include "engine/load/records/fingerprints.h"

/* A record whose id others have too. */
struct candidate {
  uint64_t print;
  size_t row;
  uint32_t day;                /* EH_NO_DAY: not recorded */
  uint32_t rank;               /* of `worst`: the place of its value; 0 where nothing asks for it */
  const char *order, *case_id; /* "": not recorded, or nothing asks for it */
};

/* Keeping one record of those with one id. */
struct keeping {
  struct eh_records *records;
  bool of_persons, choose_last, has_units;
  bool asks_texts; /* the date does not say all */
  struct eh_arena *arena;
  pthread_mutex_t lock;        /* of what follows */
  struct candidate *undecided; /* their texts are to be looked up */
  size_t undecided_count, undecided_capacity;
  uint64_t shared; /* ids that stand in records of several of the rules' inputs */
};

/* --- the order --- */

static bool is_whole_number(const char *text) { return strspn(text, "0123456789") == strlen(text); }

int eh_repeats_compare_orders(const char *a, const char *b) {
  bool a_is_number = is_whole_number(a), b_is_number = is_whole_number(b);
  if (a_is_number != b_is_number) return a_is_number ? -1 : 1;
  size_t a_length = strlen(a), b_length = strlen(b);
  if (a_is_number && a_length != b_length) return a_length < b_length ? -1 : 1;
  return strcmp(a, b);
}

static int compare_days(uint32_t a, uint32_t b, bool last_first) {
  if (a == b) return 0;
  if (a == EH_NO_DAY || b == EH_NO_DAY) return a == EH_NO_DAY ? 1 : -1;
  return (a < b) != last_first ? -1 : 1;
}

/* A record's place: its chunk, and its row there. */
static struct eh_chunk *chunk_of(const struct eh_records *r, size_t row, size_t *i) {
  struct eh_chunk *chunk = eh_records_chunk(r, row);
  *i = row - chunk->first_row;
  return chunk;
}

/* By the units of all comparisons. */
static int compare_units(const struct eh_records *r, size_t a, size_t b) {
  size_t i, k;
  const struct eh_chunk *x = chunk_of(r, a, &i), *y = chunk_of(r, b, &k);
  for (size_t c = 0; c < r->rules->comparison_count; c++) {
    size_t d = eh_records_dimension(r, r->rules->comparisons[c].across);
    uint32_t code = eh_packed_get(&x->codes[d], i), other = eh_packed_get(&y->codes[d], k);
    if (code != other) return code < other ? -1 : 1;
  }
  return 0;
}

/* The one that stays comes first. */
static int compare(const struct keeping *k, const struct candidate *a, const struct candidate *b) {
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  int order = compare_days(a->day, b->day, k->choose_last);
  if (order) return order;
  if (!*a->order != !*b->order) return *a->order ? -1 : 1;
  if (*a->order) order = eh_repeats_compare_orders(a->order, b->order);
  if (!order) order = strcmp(a->case_id, b->case_id);
  if (!order) order = (a->row > b->row) - (a->row < b->row);
  return k->choose_last ? -order : order;
}

static int by_group(const void *left, const void *right, void *context) {
  const struct candidate *a = left, *b = right;
  const struct keeping *k = context;
  if (a->print != b->print) return a->print < b->print ? -1 : 1;
  int order = k->has_units ? compare_units(k->records, a->row, b->row) : 0;
  return order ? order : compare(k, a, b);
}

/* --- the fates --- */

/* Do they differ in what the rules make of them? */
static bool differ(const struct keeping *k, size_t a, size_t b) {
  const struct eh_records *r = k->records;
  size_t i, j, measures = r->rules->measure_count;
  const struct eh_chunk *x = chunk_of(r, a, &i), *y = chunk_of(r, b, &j);
  if (x->status[i] != y->status[j]) return true;
  if (x->person_prints && x->person_prints[i] != y->person_prints[j]) return true;
  if (r->rules->date_column >= 0 && eh_packed_get(&x->days, i) != eh_packed_get(&y->days, j))
    return true;
  for (size_t d = 0; d < r->dimension_count; d++)
    if (eh_packed_get(&x->codes[d], i) != eh_packed_get(&y->codes[d], j)) return true;
  return !k->has_units &&
         memcmp(x->outcomes + i * measures, y->outcomes + j * measures, measures) != 0;
}

/* What is known of any of the records: an event in one is an event, and one that may be there is
 * not known. */
static uint8_t any_of(uint8_t a, uint8_t b) {
  static const uint8_t weight[EH_OUTCOMES] = {
      [EH_NO_EVENT] = 1, [EH_APPLIES_UNKNOWN] = 2, [EH_EVENT_UNKNOWN] = 3, [EH_EVENT] = 4};
  return weight[a] >= weight[b] ? a : b;
}

static void join_events(const struct eh_records *r, size_t stays, size_t goes) {
  size_t i, j, measures = r->rules->measure_count;
  struct eh_chunk *x = chunk_of(r, stays, &i), *y = chunk_of(r, goes, &j);
  for (size_t m = 0; m < measures; m++)
    x->outcomes[i * measures + m] =
        any_of(x->outcomes[i * measures + m], y->outcomes[j * measures + m]);
}

static void leave_out(const struct keeping *k, size_t stays, size_t goes) {
  size_t i;
  enum eh_fate fate = k->of_persons            ? EH_SAME_PERSON
                      : differ(k, stays, goes) ? EH_DIFFERING_CASE
                                               : EH_REPEATED_CASE;
  if (k->has_units) join_events(k->records, stays, goes);
  struct eh_chunk *chunk = chunk_of(k->records, goes, &i);
  chunk->status[i] = (uint8_t)fate;
}

/* Whole groups of candidates of which all is known. */
static void decide(struct keeping *k, struct candidate *candidates, size_t count) {
  size_t first = 0;
  if (count) qsort_r(candidates, count, sizeof *candidates, by_group, k);
  for (size_t i = 1; i < count; i++) {
    const struct candidate *stays = &candidates[first], *other = &candidates[i];
    if (other->print != stays->print ||
        (k->has_units && compare_units(k->records, stays->row, other->row) != 0))
      first = i;
    else
      leave_out(k, stays->row, other->row);
  }
}

/* --- texts --- */

struct looking_up {
  struct keeping *k;
  const size_t *order; /* indices of candidates, in the order of rows */
};

static const char *text_of(struct keeping *k, const char *const *texts, int column) {
  return column >= 0 ? eh_arena_string(k->arena, texts[column]) : "";
}

static void take_texts(void *context, size_t index, const char *const *texts) {
  const struct looking_up *l = context;
  const struct eh_rules *rules = l->k->records->rules;
  const struct eh_case_repeats *repeats = &rules->repeats;
  struct candidate *c = &l->k->undecided[l->order[index]];
  c->order = text_of(l->k, texts, repeats->order_by);
  if (l->k->of_persons || repeats->choice == EH_REPEATS_REFUSE)
    c->case_id = text_of(l->k, texts, rules->case_column);
  if (l->k->of_persons || repeats->worst < 0) return;
  while (c->rank < repeats->value_count &&
         strcmp(texts[repeats->worst], repeats->values[c->rank]) != 0)
    c->rank++;
}

static int by_row(const void *a, const void *b, void *context) {
  const struct candidate *candidates = context;
  size_t x = candidates[*(const size_t *)a].row, y = candidates[*(const size_t *)b].row;
  return (x > y) - (x < y);
}

static enum eh_status look_up(struct keeping *k, struct eh_error *error) {
  size_t count = k->undecided_count;
  size_t *order = eh_alloc(count, sizeof *order), *rows = eh_alloc(count, sizeof *rows);
  for (size_t i = 0; i < count; i++) order[i] = i;
  if (count) qsort_r(order, count, sizeof *order, by_row, k->undecided);
  for (size_t i = 0; i < count; i++) rows[i] = k->undecided[order[i]].row;
  struct looking_up l = {k, order};
  enum eh_status status = eh_records_fetch(k->records, rows, count, take_texts, &l, error);
  free(rows);
  free(order);
  return status;
}

/* --- groups --- */

/* The mark: the day above the row. */
enum { ROW_BITS = 40 };

/* Of a person, and of cases whose events are joined, only audited records are looked at. */
static bool mark_row(const void *context, const struct eh_chunk *chunk, size_t i, uint64_t *mark) {
  const struct keeping *k = context;
  bool is_audited = (chunk->status[i] & EH_FATE_MASK) == EH_AUDITED;
  if ((k->of_persons || k->has_units) && !is_audited) return false;
  uint64_t day = k->records->rules->date_column >= 0 ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
  *mark = day << ROW_BITS | (chunk->first_row + i);
  return true;
}

static struct candidate candidate_of(const struct eh_marked_print *item) {
  return (struct candidate){.print = item->print,
                            .row = item->mark & (((uint64_t)1 << ROW_BITS) - 1),
                            .day = (uint32_t)(item->mark >> ROW_BITS),
                            .order = "",
                            .case_id = ""};
}

/* Do records of one id come from several of the rules' inputs? */
static bool are_of_several(const struct eh_records *r, const struct candidate *candidates,
                           size_t count) {
  const struct eh_rules_input *first = NULL;
  for (size_t i = 0; i < count && r->rules->input_count > 1; i++) {
    size_t file = eh_records_chunk(r, candidates[i].row)->input;
    if (i > 0 && r->inputs.layouts[file].input != first) return true;
    first = r->inputs.layouts[file].input;
  }
  return false;
}

static void put_off(struct keeping *k, const struct candidate *candidates, size_t count) {
  while (k->undecided_count + count > k->undecided_capacity) {
    k->undecided_capacity = k->undecided_capacity ? 2 * k->undecided_capacity : 256;
    k->undecided = eh_resize(k->undecided, k->undecided_capacity, sizeof *k->undecided);
  }
  memcpy(k->undecided + k->undecided_count, candidates, count * sizeof *candidates);
  k->undecided_count += count;
}

/* Is the best day that of one record alone, so that no text has a say? */
static bool is_settled_by_day(const struct keeping *k, const struct candidate *candidates,
                              size_t count) {
  size_t best = 0, tied = 0;
  if (k->has_units || (!k->of_persons && k->records->rules->repeats.worst >= 0)) return false;
  for (size_t i = 1; i < count; i++)
    if (compare_days(candidates[i].day, candidates[best].day, k->choose_last) < 0) best = i;
  for (size_t i = 0; i < count; i++) tied += candidates[i].day == candidates[best].day;
  return tied == 1;
}

static void take_group(void *context, struct eh_marked_print *items, size_t count) {
  struct keeping *k = context;
  struct candidate few[16], *candidates = few;
  if (count > sizeof few / sizeof *few) candidates = eh_alloc(count, sizeof *candidates);
  for (size_t i = 0; i < count; i++) candidates[i] = candidate_of(&items[i]);
  bool is_shared = are_of_several(k->records, candidates, count);
  bool waits = k->asks_texts && !is_settled_by_day(k, candidates, count);
  if (is_shared || waits) {
    pthread_mutex_lock(&k->lock);
    k->shared += is_shared;
    if (waits) put_off(k, candidates, count);
    pthread_mutex_unlock(&k->lock);
  }
  if (!waits) decide(k, candidates, count);
  if (candidates != few) free(candidates);
}

typedef const uint64_t *prints_function(const struct eh_records *, const struct eh_chunk *);

static void group(struct keeping *k, prints_function *prints_of,
                  void (*take)(void *, struct eh_marked_print *, size_t)) {
  k->arena = eh_arena_new();
  pthread_mutex_init(&k->lock, NULL);
  eh_prints_group(k->records, &(struct eh_print_task){prints_of, mark_row, take, k});
  pthread_mutex_destroy(&k->lock);
}

static void end(struct keeping *k) {
  free(k->undecided);
  eh_arena_free(k->arena);
}

/* Of the records with one id, the first in order keeps its fate. */
static enum eh_status keep_one(struct keeping *k, prints_function *prints_of,
                               struct eh_error *error) {
  group(k, prints_of, take_group);
  enum eh_status status = look_up(k, error);
  if (status == EH_OK) decide(k, k->undecided, k->undecided_count);
  end(k);
  return status;
}

/* --- none --- */

/* The first record of each. */
static void note_case(void *context, struct eh_marked_print *items, size_t count) {
  struct keeping *k = context;
  struct candidate first = candidate_of(&items[0]);
  for (size_t i = 1; i < count; i++) {
    struct candidate other = candidate_of(&items[i]);
    if (other.row < first.row) first = other;
  }
  pthread_mutex_lock(&k->lock);
  put_off(k, &first, 1);
  pthread_mutex_unlock(&k->lock);
}

static int by_place(const void *a, const void *b) {
  const struct candidate *x = a, *y = b;
  return (x->row > y->row) - (x->row < y->row);
}

static enum eh_status name_cases(struct keeping *k, uint64_t count, struct eh_error *error) {
  const char *names[20];
  size_t i;
  for (size_t c = 0; c < k->undecided_count; c++)
    names[c] = eh_arena_printf(k->arena, "%.30s", k->undecided[c].case_id);
  const struct eh_chunk *chunk = chunk_of(k->records, k->undecided[0].row, &i);
  return eh_fail_at(
      error, EH_BAD_INPUT, k->records->account.inputs[chunk->input].name, 0, 0,
      "%s in several records, which `repeated: refuse` does not allow%s: %s; mend the records, or "
      "say in the rules which of them stays",
      eh_words_of(k->arena, count, "case number stands", "case numbers stand"),
      count > k->undecided_count ? ", beginning with" : "",
      eh_words_list(k->arena, names, k->undecided_count, "and"));
}

/* The cases are named in the order of the files. */
static enum eh_status refuse(struct eh_records *r, struct eh_error *error) {
  struct keeping k = {.records = r};
  group(&k, eh_case_prints, note_case);
  uint64_t count = k.undecided_count;
  enum eh_status status = EH_OK;
  if (count) {
    qsort(k.undecided, k.undecided_count, sizeof *k.undecided, by_place);
    if (k.undecided_count > 20) k.undecided_count = 20;
    status = look_up(&k, error);
    if (status == EH_OK) status = name_cases(&k, count, error);
  }
  end(&k);
  return status;
}

/* --- cases and persons --- */

enum eh_status eh_repeats_settle_cases(struct eh_records *r, struct eh_error *error) {
  const struct eh_case_repeats *repeats = &r->rules->repeats;
  if (repeats->choice == EH_REPEATS_TRUST) return EH_OK;
  if (repeats->choice == EH_REPEATS_REFUSE) return refuse(r, error);
  struct keeping k = {.records = r,
                      .choose_last = repeats->choice == EH_REPEATS_LAST,
                      .has_units = repeats->choice == EH_REPEATS_ANY,
                      .asks_texts = repeats->order_by >= 0 || repeats->worst >= 0};
  enum eh_status status = keep_one(&k, eh_case_prints, error);
  r->account.shared_cases = k.shared;
  return status;
}

enum eh_status eh_repeats_settle_persons(struct eh_records *r, struct eh_error *error) {
  struct keeping k = {
      .records = r, .of_persons = true, .choose_last = r->rules->choose_last, .asks_texts = true};
  return keep_one(&k, eh_person_prints, error);
}
