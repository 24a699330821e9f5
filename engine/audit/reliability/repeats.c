/* Records that occur twice, and persons with several records. */
#include "engine/audit/reliability/internal.h"

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

static void assess_cases(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_repeats *found = &s->repeats;
  struct eh_repeats *r = &a->result->repeats;
  r->has_case = s->counted || s->roles.case_column >= 0;
  r->exact = found->exact;
  r->differing = found->differing;
  r->items = eh_arena_alloc(a->arena, EH_SURVEY_PLACES, sizeof *r->items);
  for (; r->item_count < found->item_count; r->item_count++) {
    const struct eh_survey_repeat *item = &found->items[r->item_count];
    r->items[r->item_count] = (struct eh_repeat){eh_survey_place(s, item->row),
                                                 eh_survey_place(s, item->earlier), item->is_exact};
  }
  if (!s->counted && r->has_case) set_distinct(a, s->roles.case_column, found->cases);
  doubt_repeats(a, true);
  doubt_repeats(a, false);
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
  const struct eh_survey_repeats *found = &s->repeats;
  struct eh_repeats *r = &a->result->repeats;
  r->has_person = s->roles.person_column >= 0;
  r->persons = found->persons;
  r->persons_repeated = found->persons_repeated;
  r->records_repeated = found->records_repeated;
  r->within_day = found->within_day;
  r->within_month = found->within_month;
  r->within_year = found->within_year;
  r->later = found->later;
  r->undated = found->undated;
  size_t measures = a->rules ? a->rules->measure_count : 0;
  r->measures = eh_arena_alloc(a->arena, measures, sizeof *r->measures);
  for (size_t m = 0; m < measures && found->alike; m++)
    r->measures[m] = (struct eh_person_measure){found->alike[m], found->unlike[m]};
  if (!r->has_person) return;
  if (!s->counted) set_distinct(a, s->roles.person_column, found->all_persons);
  doubt_persons(a);
}

void eh_assess_repeats(struct eh_assessment *a) {
  assess_cases(a);
  assess_persons(a);
}
