#include "engine/audit/reliability/reliability.h"

#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"

const char *eh_doubt_name(enum eh_doubt_kind kind) {
  static const char *const names[] = {
#define X(name, text) text,
      EH_DOUBTS(X)
#undef X
  };
  return names[kind];
}

static int by_kind(const void *a, const void *b) {
  const struct eh_doubt *x = a, *y = b;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  if (x->records != y->records) return x->records > y->records ? -1 : 1;
  return strcmp(x->text, y->text);
}

static void doubt_lines(struct eh_assessment *a) {
  const struct eh_account *account = &a->survey->account;
  if (account->unusable == 0) return;
  struct eh_survey_place *places =
      eh_arena_alloc(a->arena, account->bad_place_count, sizeof *places);
  for (size_t i = 0; i < account->bad_place_count; i++) {
    places[i].line = account->bad_places[i].line;
    for (size_t k = 0; k < account->input_count; k++)
      if (account->inputs[k].name == account->bad_places[i].input) places[i].input = (uint32_t)k;
  }
  const char *what = "";
  for (size_t i = 0; i < account->exclusion_count; i++)
    what = eh_arena_printf(a->arena, "%s%s%s with %s", what, i ? ", " : "",
                           eh_words_count(a->arena, account->excluded[i].records),
                           account->excluded[i].reason);
  eh_assess_doubt(
      a, &(struct eh_doubt){
             .kind = EH_DOUBT_UNUSABLE_LINES,
             .records = account->unusable,
             .of = account->read,
             .places = places,
             .place_count = account->bad_place_count,
             .text = eh_arena_printf(
                 a->arena, "%s of %s lines %s: %s.", eh_words_count(a->arena, account->unusable),
                 eh_words_count(a->arena, account->read),
                 account->unusable == 1 ? "is no record" : "are no records", what)});
}

/* Records whose form had to be forgiven, where they are many: were they read as they are meant? */
static void doubt_lenient(struct eh_assessment *a) {
  const struct eh_account *account = &a->survey->account;
  uint64_t lenient = 0;
  const char *what = "";
  for (size_t i = 0; i < account->input_count; i++) {
    const struct eh_input *input = &account->inputs[i];
    lenient += input->lenient;
    for (size_t n = input->note_count - input->lenient_note_count; n < input->note_count; n++)
      what = eh_arena_printf(a->arena, "%s%s%s", what, *what ? "; " : "", input->notes[n]);
  }
  if (100 * lenient <= account->read) return;
  eh_assess_doubt(
      a, &(struct eh_doubt){.kind = EH_DOUBT_LENIENT_LINES,
                            .records = lenient,
                            .of = account->read,
                            .text = eh_arena_printf(
                                a->arena,
                                "%s of %s lines are not quite in the form of the others or of the "
                                "header and were read even so: %s; look at some of them.",
                                eh_words_count(a->arena, lenient),
                                eh_words_count(a->arena, account->read), what)});
}

/* Mostly what a spreadsheet writes of rows left blank. They are read as records. */
static void doubt_empty(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  if (s->empty_rows == 0) return;
  struct eh_survey_place *first = eh_arena_alloc(a->arena, 1, sizeof *first);
  *first = eh_survey_place(s, s->first_empty);
  eh_assess_doubt(
      a, &(struct eh_doubt){.kind = EH_DOUBT_EMPTY_LINES,
                            .records = s->empty_rows,
                            .of = s->rows,
                            .places = first,
                            .place_count = 1,
                            .text = eh_arena_printf(
                                a->arena,
                                "%s no value at all (the first: %s) and %s as %s; rows left "
                                "blank in a spreadsheet look so, and should be taken out.",
                                eh_words_of(a->arena, s->empty_rows, "line holds", "lines hold"),
                                eh_assess_line(a, first), s->empty_rows == 1 ? "counts" : "count",
                                s->empty_rows == 1 ? "a record" : "records")});
}

static const struct eh_limits *default_criteria(struct eh_arena *arena) {
  struct eh_limits *limits = eh_arena_alloc(arena, EH_CRITERION_COUNT, sizeof *limits);
  for (int i = 0; i < EH_CRITERION_COUNT; i++)
    limits[i] = eh_criterion_default((enum eh_criterion)i);
  return limits;
}

const struct eh_reliability *eh_reliability_assess(struct eh_arena *arena,
                                                   const struct eh_survey *survey, int32_t as_of) {
  struct eh_reliability *r = eh_arena_alloc(arena, 1, sizeof *r);
  *r = (struct eh_reliability){.survey = survey, .rules = survey->rules, .as_of = as_of};
  r->criteria = survey->rules ? survey->rules->criteria : default_criteria(arena);
  struct eh_assessment a = {.arena = arena, .survey = survey, .rules = survey->rules, .result = r};
  doubt_lines(&a);
  doubt_lenient(&a);
  doubt_empty(&a);
  eh_assess_columns(&a);
  eh_assess_ids(&a);
  eh_assess_codes(&a);
  eh_assess_spelling(&a);
  eh_assess_likeness(&a);
  eh_assess_completeness(&a);
  eh_assess_repeats(&a);
  eh_assess_volume(&a);
  eh_assess_events(&a);
  eh_assess_logic(&a);
  if (r->doubt_count) qsort(r->doubts, r->doubt_count, sizeof *r->doubts, by_kind);
  eh_assess_verdicts(&a);
  return r;
}
