/* Records that occur twice, and persons with several records. */
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"

/* From a print to a number: open addressing, sized once. */
struct map {
  uint64_t *keys; /* 0: free */
  size_t *numbers;
  size_t mask;
};

static struct map map_new(size_t count) {
  size_t size = 64;
  while (size < 2 * count) size *= 2;
  return (struct map){eh_alloc_zeroed(size, sizeof(uint64_t)), eh_alloc(size, sizeof(size_t)),
                      size - 1};
}

static void map_free(struct map *map) {
  free(map->keys);
  free(map->numbers);
}

/* Where the number of a key stands; *is_new: the key was not there, its number is to be set. */
static size_t *map_at(struct map *map, uint64_t key, bool *is_new) {
  if (key == 0) key = 1;
  size_t at = (key ^ key >> 32) & map->mask;
  while (map->keys[at] && map->keys[at] != key) at = (at + 1) & map->mask;
  *is_new = map->keys[at] == 0;
  map->keys[at] = key;
  return &map->numbers[at];
}

static void note_repeat(struct eh_assessment *a, size_t row, size_t earlier, bool is_exact) {
  struct eh_repeats *r = &a->result->repeats;
  if (is_exact)
    r->exact++;
  else
    r->differing++;
  if (r->item_count == EH_SURVEY_PLACES) return;
  r->items[r->item_count++] = (struct eh_repeat){eh_survey_place(a->survey, row),
                                                 eh_survey_place(a->survey, earlier), is_exact};
}

static const char *repeats_text(const struct eh_assessment *a, bool exact, uint64_t records,
                                const struct eh_repeat *first) {
  const char *example =
      first ? eh_arena_printf(a->arena, " (%s%s, as in %s)", records == 1 ? "in " : "the first in ",
                              eh_assess_line(a, &first->place), eh_assess_line(a, &first->earlier))
            : "";
  if (exact)
    return eh_arena_printf(
        a->arena, "%s of an earlier one%s.",
        eh_words_of(a->arena, records, "record is an exact copy", "records are exact copies"),
        example);
  return eh_arena_printf(a->arena, "%s the case number of an earlier one, and %s from it%s.",
                         eh_words_of(a->arena, records, "record has", "records have"),
                         records == 1 ? "differs" : "differ", example);
}

static void doubt_repeats(struct eh_assessment *a, bool exact) {
  const struct eh_repeats *r = &a->result->repeats;
  uint64_t records = exact ? r->exact : r->differing;
  if (records == 0) return;
  struct eh_survey_place *places = eh_arena_alloc(a->arena, r->item_count, sizeof *places);
  size_t count = 0;
  const struct eh_repeat *first = NULL;
  for (size_t i = 0; i < r->item_count; i++) {
    if (r->items[i].is_exact != exact) continue;
    if (!first) first = &r->items[i];
    places[count++] = r->items[i].place;
  }
  eh_assess_doubt(
      a, &(struct eh_doubt){.kind = exact ? EH_DOUBT_EXACT_DUPLICATES : EH_DOUBT_REPEATED_CASES,
                            .column = a->survey->roles.case_column >= 0
                                          ? a->survey->columns[a->survey->roles.case_column].name
                                          : NULL,
                            .records = records,
                            .of = a->survey->rows,
                            .places = places,
                            .place_count = count,
                            .text = repeats_text(a, exact, records, first)});
}

/* Every value of the column was told from the others: no estimate is needed. */
static void set_distinct(struct eh_assessment *a, int column, uint64_t distinct) {
  struct eh_column_profile *p = &a->result->columns[column];
  p->distinct = distinct;
  p->distinct_is_estimate = false;
}

/* A copy repeats any earlier record, so that how many there are is no matter of their order. */
static void find_repeats(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  uint64_t distinct = 0;
  struct map cases = map_new(s->rows), wholes = map_new(s->rows);
  for (size_t row = 0; row < s->rows; row++) {
    if (s->empty_rows && s->row_prints[row] == s->row_prints[s->first_empty]) continue;
    bool has_case = s->case_prints && s->case_prints[row], is_new, is_new_whole;
    size_t *same = map_at(&wholes, s->row_prints[row], &is_new_whole);
    /* A record without a case number can only be known again as a whole. */
    size_t *first = map_at(&cases, has_case ? s->case_prints[row] : ~s->row_prints[row], &is_new);
    if (is_new_whole) *same = row;
    if (is_new) {
      *first = row;
      distinct += has_case;
      continue;
    }
    a->repeats_case[row] = true;
    note_repeat(a, row, is_new_whole ? *first : *same, !is_new_whole);
  }
  map_free(&cases);
  map_free(&wholes);
  if (s->case_prints) set_distinct(a, s->roles.case_column, distinct);
}

static void assess_cases(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  struct eh_repeats *r = &a->result->repeats;
  r->has_case = s->case_prints != NULL;
  r->items = eh_arena_alloc(a->arena, EH_SURVEY_PLACES, sizeof *r->items);
  if (s->counted) {
    r->has_case = true;
    r->exact = s->counted->exact;
    r->differing = s->counted->differing;
    memcpy(a->repeats_case, s->repeats_case, s->rows * sizeof *a->repeats_case);
  } else {
    find_repeats(a);
  }
  doubt_repeats(a, true);
  doubt_repeats(a, false);
}

static void count_gap(struct eh_repeats *r, int32_t earlier, int32_t day) {
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

static void compare_decisions(struct eh_assessment *a, size_t row, size_t earlier) {
  const struct eh_survey *s = a->survey;
  size_t stride = a->rules->measure_count + a->rules->total_count;
  for (size_t m = 0; m < a->rules->measure_count; m++) {
    if (a->rules->measures[m].kind != EH_MEASURE_EVENT) continue; /* known or not is all there is */
    uint8_t x = s->outcomes[row * stride + m], y = s->outcomes[earlier * stride + m];
    if (x < EH_SURVEY_NO || y < EH_SURVEY_NO) continue;
    struct eh_person_measure *measure = &a->result->repeats.measures[m];
    measure->alike += x == y;
    measure->unlike += x != y;
  }
}

/* No doubt where the rules keep one record of each person. */
static void doubt_persons(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  const struct eh_repeats *r = &a->result->repeats;
  if (a->rules && a->rules->one_per >= 0 && a->rules->one_per == a->rules->person_column) return;
  double share = (double)r->records_repeated / (double)s->rows;
  if (share <= a->result->criteria[EH_CRITERION_REPEATED_PERSONS].caveat) return;
  eh_assess_doubt(
      a,
      &(struct eh_doubt){
          .kind = EH_DOUBT_REPEATED_PERSONS,
          .column = s->columns[s->roles.person_column].name,
          .records = r->records_repeated,
          .of = s->rows,
          .text = eh_arena_printf(
              a->arena,
              "%s of the records are of persons who occurred before (%s several): records of one "
              "person are not independent; `one_per` in the rules keeps one.",
              eh_assess_percent(a->arena, share),
              eh_words_of(a->arena, r->persons_repeated, "person has", "persons have"))});
}

static void assess_persons(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  struct eh_repeats *r = &a->result->repeats;
  r->has_person = s->person_prints != NULL;
  if (a->rules)
    r->measures = eh_arena_alloc(a->arena, a->rules->measure_count, sizeof *r->measures);
  if (s->counted) {
    r->has_person = s->roles.person_column >= 0;
    r->persons = s->counted->persons;
    r->persons_repeated = s->counted->persons_repeated;
    r->records_repeated = s->counted->records_repeated;
    if (r->has_person) doubt_persons(a);
    return;
  }
  if (!r->has_person) return;
  struct map map = map_new(s->rows);
  bool *has_several = eh_alloc_zeroed(map.mask + 1, sizeof *has_several);
  const int32_t *days = s->roles.date_column >= 0 ? s->days[0] : NULL;
  for (size_t row = 0; row < s->rows; row++) {
    if (!s->person_prints[row] || a->repeats_case[row]) continue;
    bool is_new;
    size_t *last = map_at(&map, s->person_prints[row], &is_new);
    r->persons += is_new;
    if (!is_new) {
      bool *several = &has_several[last - map.numbers];
      r->persons_repeated += !*several;
      *several = true;
      r->records_repeated++;
      count_gap(r, days ? days[*last] : EH_SURVEY_NO_DAY, days ? days[row] : EH_SURVEY_NO_DAY);
      if (a->rules) compare_decisions(a, row, *last);
    }
    *last = row;
  }
  uint64_t distinct = r->persons;
  for (size_t row = 0; row < s->rows; row++) {
    if (!s->person_prints[row] || !a->repeats_case[row]) continue;
    bool is_new;
    *map_at(&map, s->person_prints[row], &is_new) = row;
    distinct += is_new;
  }
  set_distinct(a, s->roles.person_column, distinct);
  free(has_several);
  map_free(&map);
  doubt_persons(a);
}

void eh_assess_repeats(struct eh_assessment *a) {
  assess_cases(a);
  assess_persons(a);
}
