#include "engine/load/records/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "engine/load/records/joined.h"
#include "rules/language/question.h"

/* Texts that a column does not share with a field: translated, or the same for all records. */
struct own_texts {
  const char *texts[EH_ROWS];
  uint32_t lengths[EH_ROWS];
};

/* The evaluation with what only its making needs. */
struct whole {
  struct eh_evaluation e; /* first */
  const struct eh_layout *layout;
  const size_t *places; /* by named field */
  struct eh_arena *arena;
  struct own_texts **own; /* by column of the rules; NULL: a field's */
  const struct eh_joined *joined;
  struct eh_arena *scratch; /* of the batch */
  struct eh_arena_mark scratch_start;
};

/* What all records of an input have alike stays in place from batch to batch. */
static void set_fixed(struct whole *w) {
  const struct eh_rules *rules = w->e.rules;
  for (size_t c = 0; w->layout->fixed && c < rules->column_count; c++) {
    const char *text = w->layout->fixed[c];
    if (!text) continue;
    struct own_texts *own = eh_arena_alloc(w->arena, 1, sizeof *own);
    for (size_t r = 0; r < EH_ROWS; r++) {
      own->texts[r] = text;
      own->lengths[r] = (uint32_t)strlen(text);
    }
    w->e.texts[c] = own->texts;
    w->e.lengths[c] = own->lengths;
    if (!rules->columns[c].is_evaluated) continue;
    const struct eh_value *value = eh_evaluator_value(w->e.evaluator, (int)c, text, strlen(text));
    for (size_t r = 0; r < EH_ROWS; r++) w->e.values[r * rules->column_count + c] = value;
  }
}

static void plan_translation(struct whole *w, const struct eh_inputs *inputs) {
  w->e.translator = eh_translator_new(inputs->rules, w->layout->input, inputs->options->as_of);
  for (size_t i = 0; w->e.translator && i < w->layout->named_count; i++) {
    size_t c = w->layout->columns[i];
    if (eh_translator_wants(w->e.translator, c))
      w->own[c] = eh_arena_alloc(w->arena, 1, sizeof **w->own);
  }
}

static void plan_joins(struct whole *w, const struct eh_inputs *inputs) {
  const struct eh_rules *rules = inputs->rules;
  w->joined = inputs->joined;
  w->e.gains = eh_arena_alloc(w->arena, rules->join_count, sizeof *w->e.gains);
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!rules->columns[c].join) continue;
    w->own[c] = eh_arena_alloc(w->arena, 1, sizeof **w->own);
    w->e.texts[c] = w->own[c]->texts;
    w->e.lengths[c] = w->own[c]->lengths;
  }
}

struct eh_evaluation *eh_evaluation_new(const struct eh_inputs *inputs, eh_label_function *label,
                                        void *context) {
  const struct eh_rules *rules = inputs->rules;
  struct whole *w = eh_alloc_zeroed(1, sizeof *w);
  struct eh_evaluation *e = &w->e;
  w->layout = inputs->layout;
  w->places = inputs->places;
  w->arena = eh_arena_new();
  w->scratch = eh_arena_new();
  eh_arena_alloc(w->scratch, 1, 1); /* so that the first block stays */
  w->scratch_start = eh_arena_mark(w->scratch);
  w->own = eh_arena_alloc(w->arena, rules->column_count, sizeof *w->own);
  e->rules = rules;
  e->evaluator = eh_evaluator_new(rules, label, context);
  eh_evaluator_set_as_of(e->evaluator, inputs->options->as_of);
  e->texts = eh_arena_alloc(w->arena, rules->column_count, sizeof *e->texts);
  e->lengths = eh_arena_alloc(w->arena, rules->column_count, sizeof *e->lengths);
  e->values = eh_arena_alloc(w->arena, rules->column_count * EH_ROWS, sizeof *e->values);
  e->outcomes = eh_arena_alloc(w->arena, rules->measure_count * EH_ROWS, 1);
  plan_translation(w, inputs);
  plan_joins(w, inputs);
  set_fixed(w);
  return e;
}

void eh_evaluation_free(struct eh_evaluation *e) {
  if (!e) return;
  struct whole *w = (struct whole *)e; /* its first member */
  eh_evaluator_free(e->evaluator);
  eh_translator_free(e->translator);
  for (size_t j = 0; j < e->rules->join_count; j++) eh_join_gain_clear(&e->gains[j]);
  eh_arena_free(w->arena);
  eh_arena_free(w->scratch);
  free(w);
}

/* Bring a column's texts to the standard layout. */
static void translate(struct whole *w, size_t column, const char *const *texts,
                      const uint32_t *lengths) {
  struct own_texts *own = w->own[column];
  for (size_t r = 0; r < w->e.count; r++) {
    struct eh_field field =
        eh_translate(w->e.translator, column, (struct eh_field){texts[r], lengths[r]}, w->scratch);
    own->texts[r] = field.text;
    own->lengths[r] = (uint32_t)field.length;
  }
  w->e.texts[column] = own->texts;
  w->e.lengths[column] = own->lengths;
}

static void look_up_values(struct whole *w, const struct eh_batch *batch) {
  struct eh_evaluation *e = &w->e;
  for (size_t i = 0; i < w->layout->named_count; i++) {
    size_t c = w->layout->columns[i], place = w->places[i] * EH_ROWS;
    e->texts[c] = batch->texts + place;
    e->lengths[c] = batch->lengths + place;
    if (w->own[c]) translate(w, c, batch->texts + place, batch->lengths + place);
    if (e->rules->columns[c].is_evaluated)
      eh_evaluator_look_up_roomy(e->evaluator, (int)c, e->texts[c], e->lengths[c], e->count,
                                 e->values + c, e->rules->column_count);
  }
}

static const int32_t *day_of(const struct eh_evaluation *e, const struct eh_join *join, size_t r) {
  if (join->at < 0) return NULL;
  const struct eh_value *value = e->values[r * e->rules->column_count + (size_t)join->at];
  return value->is_date && !value->missing ? &value->day : NULL;
}

/* The row of each record at one join. */
static void find_rows(struct whole *w, size_t j, const struct eh_joined_row **rows) {
  static const char nothing[EH_ROOM_BEHIND] = "";
  struct eh_evaluation *e = &w->e;
  const struct eh_join *join = &e->rules->joins[j];
  const char *texts[EH_JOIN_MOST_KEYS], *key;
  uint32_t lengths[EH_JOIN_MOST_KEYS];
  for (size_t r = 0; r < e->count; r++) {
    for (size_t k = 0; k < join->key_count; k++) {
      int c = join->keys[k];
      texts[k] = e->texts[c] ? e->texts[c][r] : nothing;
      lengths[k] = e->texts[c] ? e->lengths[c][r] : 0;
    }
    enum eh_joining what = eh_joined_find(w->joined, j, texts, lengths, day_of(e, join, r),
                                          w->scratch, &rows[r], &key);
    eh_join_gain_note(&e->gains[j], what, key);
  }
}

/* Give the records what the tables have of them, in the rules' order. */
static void join(struct whole *w) {
  static const char nothing[EH_ROOM_BEHIND] = "";
  struct eh_evaluation *e = &w->e;
  for (size_t j = 0; j < e->rules->join_count; j++) {
    const struct eh_joined_row *rows[EH_ROWS];
    find_rows(w, j, rows);
    for (size_t c = 0; c < e->rules->column_count; c++) {
      if (e->rules->columns[c].join != j + 1) continue;
      for (size_t r = 0; r < e->count; r++) {
        w->own[c]->texts[r] = rows[r] ? rows[r]->texts[c] : nothing;
        w->own[c]->lengths[r] = rows[r] ? rows[r]->lengths[c] : 0;
      }
      if (e->rules->columns[c].is_evaluated)
        eh_evaluator_look_up_roomy(e->evaluator, (int)c, e->texts[c], e->lengths[c], e->count,
                                   e->values + c, e->rules->column_count);
    }
  }
}

static void judge_keep(struct eh_evaluation *e) {
  if (e->rules->keep)
    eh_evaluate_all(e->evaluator, e->rules->keep, e->values, e->count, e->rules->column_count,
                    e->kept);
  else
    memset(e->kept, EH_TRUE, e->count);
}

/* A loop of choices, not of look-ups, becomes vector instructions. */
static inline uint8_t outcome_of(uint8_t truth) {
  return truth == EH_TRUE ? EH_EVENT : truth == EH_FALSE ? EH_NO_EVENT : EH_EVENT_UNKNOWN;
}

/* What a measure says of them where it applies: an enum eh_outcome each. */
static void judge_event(struct eh_evaluation *e, const struct eh_measure *measure, uint8_t *found) {
  size_t stride = e->rules->column_count, count = e->count;
  if (!eh_has_outcome(measure)) {
    eh_evaluate_all(e->evaluator, measure->event, e->values, e->count, stride, found);
    for (size_t r = 0; r < count; r++) found[r] = outcome_of(found[r]);
    return;
  }
  for (size_t r = 0; r < count; r++) { /* which it was is in the codes of its column */
    const struct eh_value *value = e->values[r * stride + (size_t)measure->outcome];
    found[r] = value->missing || value->malformed ? EH_EVENT_UNKNOWN : EH_NO_EVENT;
  }
}

static void judge_measure(struct eh_evaluation *e, const struct eh_measure *measure,
                          uint8_t *found) {
  uint8_t applies[EH_ROWS];
  size_t count = e->count;
  judge_event(e, measure, found);
  if (!measure->among) return;
  eh_evaluate_all(e->evaluator, measure->among, e->values, e->count, e->rules->column_count,
                  applies);
  for (size_t r = 0; r < count; r++)
    if (applies[r] != EH_TRUE)
      found[r] = applies[r] == EH_FALSE ? EH_DOES_NOT_APPLY : EH_APPLIES_UNKNOWN;
}

void eh_evaluate_batch(struct eh_evaluation *e, const struct eh_batch *batch) {
  struct whole *w = (struct whole *)e;
  eh_arena_reset(w->scratch, w->scratch_start);
  e->count = batch->count;
  look_up_values(w, batch);
  join(w);
  eh_evaluator_derive_all(e->evaluator, e->values, e->count, e->rules->column_count);
  judge_keep(e);
  for (size_t m = 0; m < e->rules->measure_count; m++)
    judge_measure(e, &e->rules->measures[m], e->outcomes + m * EH_ROWS);
}
