#include "engine/load/survey/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "rules/language/question.h"

void eh_repeats_add_case(struct eh_spill *spill, uint64_t id, uint64_t whole, uint32_t row) {
  struct eh_repeat_case item = {id ? id : ~whole, whole, row, id != 0};
  eh_spill_add(spill, (unsigned)(item.id >> 56), &item);
}

void eh_repeats_add_person(struct eh_spill *spill, uint64_t id, uint32_t row) {
  struct eh_repeat_person item = {id, row};
  eh_spill_add(spill, (unsigned)(id >> 56), &item);
}

/* From a print to a row: open addressing, sized once. */
struct map {
  uint64_t *keys; /* 0: free */
  uint32_t *rows;
  size_t mask;
};

static struct map map_new(size_t count) {
  size_t size = 64;
  while (size < 2 * count) size *= 2;
  return (struct map){eh_alloc_zeroed(size, sizeof(uint64_t)), eh_alloc(size, sizeof(uint32_t)),
                      size - 1};
}

static void map_free(struct map *map) {
  free(map->keys);
  free(map->rows);
}

/* Where the row of a key stands; *is_new: the key was not there, its row is to be set. */
static uint32_t *map_at(struct map *map, uint64_t key, bool *is_new) {
  if (key == 0) key = 1;
  size_t at = (key ^ key >> 32) & map->mask;
  while (map->keys[at] && map->keys[at] != key) at = (at + 1) & map->mask;
  *is_new = map->keys[at] == 0;
  map->keys[at] = key;
  return &map->rows[at];
}

/* --- cases --- */

static int by_row(const void *a, const void *b) {
  const struct eh_survey_repeat *x = a, *y = b;
  return (x->row > y->row) - (x->row < y->row);
}

/* The first of all: twice as many are held, and the later ones dropped when there is no more room.
 */
static void keep_first(struct eh_survey_repeats *r) {
  if (r->item_count) qsort(r->items, r->item_count, sizeof *r->items, by_row);
  if (r->item_count > EH_SURVEY_PLACES) r->item_count = EH_SURVEY_PLACES;
}

static void note_repeat(struct eh_survey_repeats *r, struct eh_survey_repeat repeat) {
  if (repeat.is_exact)
    r->exact++;
  else
    r->differing++;
  if (r->item_count == 2 * EH_SURVEY_PLACES) keep_first(r);
  r->items[r->item_count++] = repeat;
}

/* A copy repeats any earlier record, so that how many there are is no matter of their order. */
static void find_cases(struct eh_survey_run *run, const struct eh_repeat_case *items,
                       size_t count) {
  struct eh_survey *s = run->survey;
  struct map cases = map_new(count), wholes = map_new(count);
  for (size_t i = 0; i < count; i++) {
    const struct eh_repeat_case *item = &items[i];
    bool is_new, is_new_whole;
    if (s->empty_rows && item->whole == run->empty_print) continue;
    uint32_t *same = map_at(&wholes, item->whole, &is_new_whole);
    uint32_t *first = map_at(&cases, item->id, &is_new);
    if (is_new_whole) *same = item->row;
    if (is_new) {
      *first = item->row;
      s->repeats.cases += item->has_case;
      continue;
    }
    s->repeats_case[item->row] = true;
    note_repeat(&s->repeats,
                (struct eh_survey_repeat){item->row, is_new_whole ? *first : *same, !is_new_whole});
  }
  map_free(&cases);
  map_free(&wholes);
}

/* --- persons --- */

static void count_gap(struct eh_survey_repeats *r, int32_t earlier, int32_t day) {
  if (earlier == EH_SURVEY_NO_DAY || day == EH_SURVEY_NO_DAY) {
    r->undated++;
    return;
  }
  int64_t days = (int64_t)day - earlier;
  if (days < 0) days = -days;
  if (days <= 1)
    r->within_day++;
  else if (days <= 31)
    r->within_month++;
  else if (days <= 366)
    r->within_year++;
  else
    r->later++;
}

static int32_t day_of(const struct eh_survey *s, size_t row) {
  return s->roles.date_column >= 0 ? eh_survey_day(s, 0, row) : EH_SURVEY_NO_DAY;
}

static void compare_decisions(struct eh_survey *s, size_t row, size_t earlier) {
  for (size_t m = 0; s->rules && m < s->rules->measure_count; m++) {
    if (eh_has_outcome(&s->rules->measures[m])) continue; /* known or not is all there is */
    uint8_t x = eh_survey_answer(s, m, row), y = eh_survey_answer(s, m, earlier);
    if (x < EH_SURVEY_NO || y < EH_SURVEY_NO) continue;
    s->repeats.alike[m] += x == y;
    s->repeats.unlike[m] += x != y;
  }
}

/* A person's records, each once, and each with the one before it. */
static void find_persons(struct eh_survey_run *run, const struct eh_repeat_person *items,
                         size_t count) {
  struct eh_survey *s = run->survey;
  struct eh_survey_repeats *r = &s->repeats;
  struct map map = map_new(count);
  bool *has_several = eh_alloc_zeroed(map.mask + 1, sizeof *has_several), is_new;
  for (size_t i = 0; i < count; i++) {
    if (s->repeats_case[items[i].row]) continue;
    uint32_t *last = map_at(&map, items[i].id, &is_new);
    r->persons += is_new;
    if (!is_new) {
      bool *several = &has_several[last - map.rows];
      r->persons_repeated += !*several;
      *several = true;
      r->records_repeated++;
      count_gap(r, day_of(s, *last), day_of(s, items[i].row));
      compare_decisions(s, items[i].row, *last);
    }
    *last = items[i].row;
  }
  for (size_t i = 0; i < count; i++) {
    if (!s->repeats_case[items[i].row]) continue;
    *map_at(&map, items[i].id, &is_new) = items[i].row;
    r->all_persons += is_new;
  }
  free(has_several);
  map_free(&map);
}

/* --- the whole --- */

static void start(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  size_t measures = s->rules ? s->rules->measure_count : 0;
  s->repeats_case = eh_alloc_zeroed(s->rows + 1, sizeof *s->repeats_case);
  s->repeats.items =
      eh_arena_alloc(run->arena, (size_t)2 * EH_SURVEY_PLACES, sizeof *s->repeats.items);
  s->repeats.alike = eh_arena_alloc(run->arena, measures, sizeof *s->repeats.alike);
  s->repeats.unlike = eh_arena_alloc(run->arena, measures, sizeof *s->repeats.unlike);
}

enum eh_status eh_survey_find_repeats(struct eh_survey_run *run, struct eh_error *error) {
  void *items;
  size_t count;
  start(run);
  for (unsigned part = 0; run->cases && part < EH_SPILL_PARTS; part++) {
    EH_TRY(eh_spill_read(run->cases, part, &items, &count, error));
    find_cases(run, items, count);
    free(items);
  }
  keep_first(&run->survey->repeats);
  for (unsigned part = 0; run->persons && part < EH_SPILL_PARTS; part++) {
    EH_TRY(eh_spill_read(run->persons, part, &items, &count, error));
    find_persons(run, items, count);
    free(items);
  }
  run->survey->repeats.all_persons += run->survey->repeats.persons;
  return EH_OK;
}
