#include "rules/evaluate/evaluate.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "engine/base/tidy.h"
#include "rules/evaluate/internal.h"

/* Bytes; and the most values that memory is taken for at once. */
enum { CACHE_LINE = 64, HALF_LINE = 32, MOST_ROOM = 256 };
/* MANY: values of a column that do not stay near the processor; how many are sent for at once. */
enum { MANY = 1000, AT_ONCE = 64 };

bool eh_rules_is_missing(const struct eh_rules *rules, const char *text, size_t length) {
  return eh_missing_find(rules->missing, rules->missing_count, text, length) != SIZE_MAX;
}

/* --- conditions --- */

static enum eh_truth truth_of(bool holds) { return holds ? EH_TRUE : EH_FALSE; }

static enum eh_truth negation(enum eh_truth truth) {
  if (truth == EH_UNKNOWN) return EH_UNKNOWN;
  return truth == EH_TRUE ? EH_FALSE : EH_TRUE;
}

static int compare_texts(const char *a, size_t a_length, const char *b, size_t b_length) {
  size_t shorter = a_length < b_length ? a_length : b_length;
  int order = shorter ? memcmp(a, b, shorter) : 0;
  return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_numbers(double a, double b) { return (a > b) - (a < b); }
static int compare_days(int32_t a, int32_t b) { return (a > b) - (a < b); }

static int compare_literal(const struct eh_value *value, const struct eh_literal *literal) {
  if (literal->reading == EH_AS_NUMBER) return compare_numbers(value->number, literal->number);
  if (literal->reading == EH_AS_DATE) return compare_days(value->day, literal->day);
  return compare_texts(value->text, value->length, literal->text, literal->length);
}

static int compare_values(const struct eh_value *a, const struct eh_value *b,
                          enum eh_reading reading) {
  if (reading == EH_AS_NUMBER) return compare_numbers(a->number, b->number);
  if (reading == EH_AS_DATE) return compare_days(a->day, b->day);
  return compare_texts(a->text, a->length, b->text, b->length);
}

static bool order_holds(enum eh_operator op, int order) {
  switch (op) {
    case EH_EQ:
      return order == 0;
    case EH_NE:
      return order != 0;
    case EH_LT:
      return order < 0;
    case EH_LE:
      return order <= 0;
    case EH_GT:
      return order > 0;
    case EH_GE:
      break;
  }
  return order >= 0;
}

static bool is_in(const struct eh_value *value, const struct eh_expression *list) {
  for (size_t i = 0; i < list->literal_count; i++)
    if (compare_literal(value, &list->literals[i]) == 0) return true;
  return false;
}

static bool begins_with(const struct eh_value *value, const struct eh_literal *beginning) {
  return value->length >= beginning->length &&
         memcmp(value->text, beginning->text, beginning->length) == 0;
}

static bool can_read(const struct eh_value *value, enum eh_reading reading) {
  if (!eh_value_is_known(value)) return false;
  if (reading == EH_AS_NUMBER) return value->is_number;
  return reading == EH_AS_TEXT || value->is_date;
}

/* A test that names a column. */
static enum eh_truth judge_test(const struct eh_expression *test,
                                const struct eh_value *const *values) {
  const struct eh_value *value = values[test->column];
  if (test->kind == EH_IS_MISSING) return truth_of(!eh_value_is_known(value));
  if (!can_read(value, test->reading)) return EH_UNKNOWN;
  switch (test->kind) {
    case EH_COMPARE:
      if (test->other < 0)
        return truth_of(order_holds(test->op, compare_literal(value, test->literals)));
      const struct eh_value *other = values[test->other];
      if (!can_read(other, test->reading)) return EH_UNKNOWN;
      return truth_of(order_holds(test->op, compare_values(value, other, test->reading)));
    case EH_IN:
      return truth_of(is_in(value, test));
    case EH_BETWEEN:
      return truth_of(compare_literal(value, &test->literals[0]) >= 0 &&
                      compare_literal(value, &test->literals[1]) <= 0);
    default:
      return truth_of(begins_with(value, test->literals));
  }
}

/* `and` is false as soon as one child is, `or` true; else unknown as soon as one child is. */
static enum eh_truth judge_joined(struct eh_evaluator *evaluator,
                                  const struct eh_expression *condition,
                                  const struct eh_value *const *values, enum eh_truth decisive) {
  enum eh_truth truth = negation(decisive);
  for (size_t i = 0; i < condition->child_count; i++) {
    enum eh_truth child = eh_evaluate(evaluator, condition->children[i], values);
    if (child == decisive) return decisive;
    if (child == EH_UNKNOWN) truth = EH_UNKNOWN;
  }
  return truth;
}

static enum eh_truth judge(struct eh_evaluator *evaluator, const struct eh_expression *condition,
                           const struct eh_value *const *values) {
  switch (condition->kind) {
    case EH_AND:
      return judge_joined(evaluator, condition, values, EH_FALSE);
    case EH_OR:
      return judge_joined(evaluator, condition, values, EH_TRUE);
    case EH_NOT:
      return negation(eh_evaluate(evaluator, condition->children[0], values));
    case EH_OTHERWISE:
      return EH_TRUE;
    case EH_COMPARE:
    case EH_IN:
    case EH_BETWEEN:
    case EH_IS_MISSING:
    case EH_STARTS_WITH:
      break;
  }
  return judge_test(condition, values);
}

enum eh_truth eh_evaluate(struct eh_evaluator *evaluator, const struct eh_expression *condition,
                          const struct eh_value *const *values) {
  if (condition->test < 0) return judge(evaluator, condition, values);
  const struct eh_test_place *place = &evaluator->tests[condition->test];
  assert(place->test == condition);
  return ((const unsigned char *)values[place->column])[place->offset];
}

void eh_evaluate_all(struct eh_evaluator *evaluator, const struct eh_expression *condition,
                     const struct eh_value *const *values, size_t count, size_t stride,
                     uint8_t *truths) {
  if (condition->test < 0) {
    for (size_t i = 0; i < count; i++)
      truths[i] = (uint8_t)judge(evaluator, condition, values + i * stride);
    return;
  }
  const struct eh_test_place place = evaluator->tests[condition->test];
  assert(place.test == condition);
  for (size_t i = 0; i < count; i++)
    truths[i] = ((const unsigned char *)values[i * stride + (size_t)place.column])[place.offset];
}

/* --- values --- */

/* The text of a number becomes that of a plain one, where it is none or another. */
static void read_number(struct eh_evaluator *evaluator, struct eh_column_values *values,
                        struct eh_value *value) {
  bool is_given = values->column->kind == EH_GIVEN;
  const struct eh_number_form *form = is_given ? evaluator->rules->numbers : NULL;
  char plain[EH_AMOUNT_SIZE];
  double number;
  value->is_number = eh_number_parse(value->text, value->length, &value->number);
  if (!form) {
    values->shapes |= eh_amount_shape(value->text, value->length);
    return;
  }
  bool was_number = value->is_number;
  value->is_number = eh_amount_plain(form, value->text, value->length, plain) &&
                     eh_number_parse(plain, strlen(plain), &number);
  if (!value->is_number || (was_number && number == value->number)) return;
  value->number = number;
  value->length = (uint32_t)strlen(plain);
  value->text = eh_arena_copy(evaluator->arena, plain, value->length);
}

/* Returns whether it is a date whose year has two digits. */
static bool read_text(struct eh_evaluator *evaluator, struct eh_column_values *values,
                      struct eh_value *value) {
  const struct eh_rules *rules = evaluator->rules;
  const struct eh_column *column = values->column;
  if (column->read_as_number) read_number(evaluator, values, value);
  bool is_short = false;
  for (size_t i = 0; column->read_as_date && i < rules->date_form_count && !value->is_date; i++) {
    const char *form = rules->date_forms[i];
    value->is_date = eh_date_read(value->text, value->length, form, evaluator->latest, &value->day);
    is_short = value->is_date && eh_date_form_is_short(form);
  }
  value->malformed =
      (column->read_as_number && !value->is_number) || (column->read_as_date && !value->is_date);
  return is_short;
}

/* Zeroed memory for one value of a column, placed so that it meets few cache lines. */
static char *room_for_value(struct eh_evaluator *evaluator, struct eh_column_values *values) {
  size_t size = eh_follower_offset(values->follower_count) + values->test_count;
  size = (size + HALF_LINE - 1) / HALF_LINE * HALF_LINE;
  if (values->room_count == 0) {
    values->room_count = values->room_wanted ? values->room_wanted : 1;
    values->room_wanted = 2 * values->room_count < MOST_ROOM ? 2 * values->room_count : MOST_ROOM;
    char *room = eh_arena_alloc(evaluator->arena, values->room_count + 2, size);
    values->room = room + (CACHE_LINE - (uintptr_t)room % CACHE_LINE) % CACHE_LINE;
  }
  char *memory = values->room;
  values->room += size;
  values->room_count--;
  return memory;
}

/* A copy of a filled in value, with all that the rules make of it behind it. */
static struct eh_interned *keep(struct eh_evaluator *evaluator, int column,
                                const struct eh_value *filled) {
  struct eh_column_values *values = &evaluator->columns[column];
  char *memory = room_for_value(evaluator, values);
  struct eh_interned *interned = (struct eh_interned *)memory;
  struct eh_value *value = &interned->value;
  *value = *filled;
  if (value->is_date) {
    struct eh_civil civil = eh_date_to_civil(value->day);
    interned->ordinal = 10000 * civil.year + 100 * civil.month + civil.day;
  }
  if (filled->missing && values->missing) {
    value->code = values->missing->code;
  } else if ((values->column->is_dimension || values->column->is_cluster) && evaluator->label) {
    const char *label = eh_value_is_known(value) ? value->text : NULL;
    value->code = evaluator->label(evaluator->context, column, label, label ? value->length : 0);
  }
  evaluator->scratch[column] = value;
  char *tests = memory + eh_follower_offset(values->follower_count);
  for (size_t i = 0; i < values->test_count; i++)
    tests[i] = (char)judge(evaluator, values->tests[i], evaluator->scratch);
  const struct eh_value **follows = (const struct eh_value **)(memory + eh_follower_offset(0));
  for (size_t i = 0; i < values->follower_count; i++)
    follows[i] = eh_derive(evaluator, values->followers[i], evaluator->scratch);
  return interned;
}

static const struct eh_value missing_value = {.text = "", .missing = true};

static __attribute__((noinline)) const struct eh_value *intern_new(struct eh_evaluator *evaluator,
                                                                   int column, const char *text,
                                                                   size_t length) {
  struct eh_column_values *values = &evaluator->columns[column];
  const char *copy = eh_arena_copy(evaluator->arena, text, length), *tidy = copy;
  size_t tidy_length = length;
  bool is_given = values->column->kind == EH_GIVEN, is_short = false;
  if (is_given && !eh_tidy_is_plain(copy, length)) {
    tidy = eh_tidy_text(evaluator->arena, copy, &tidy_length);
    tidy = eh_arena_copy(evaluator->arena, tidy, tidy_length);
  }
  if (is_given) tidy = eh_rules_id(evaluator->arena, values->column, tidy, &tidy_length);
  struct eh_value filled = {.text = tidy, .length = (uint32_t)tidy_length};
  if (is_given && eh_missing_may_be(&evaluator->missing, tidy, tidy_length) &&
      eh_rules_is_missing(evaluator->rules, tidy, tidy_length))
    filled = missing_value;
  else
    is_short = read_text(evaluator, values, &filled);
  values->has_malformed |= filled.malformed;
  struct eh_interned *interned = keep(evaluator, column, &filled);
  if (is_short) interned->ordinal |= EH_SHORT_YEAR;
  eh_texts_add(&values->texts, copy, length, interned);
  return &interned->value;
}

const struct eh_value *eh_evaluator_intern_number(struct eh_evaluator *evaluator, int column,
                                                  int32_t number) {
  char text[32];
  bool is_wrong = number < 0 && evaluator->columns[column].column->kind == EH_YEARS_BETWEEN;
  int length = snprintf(text, sizeof text, is_wrong ? "%d" EH_WRONG_YEARS : "%d", number);
  struct eh_value filled = {.text = eh_arena_copy(evaluator->arena, text, (size_t)length),
                            .length = (uint32_t)length,
                            .is_number = !is_wrong,
                            .malformed = is_wrong,
                            .number = number};
  evaluator->columns[column].has_malformed |= is_wrong;
  const struct eh_value *value = &keep(evaluator, column, &filled)->value;
  eh_numbers_add(&evaluator->columns[column].numbers, number, value);
  return value;
}

const struct eh_value *eh_evaluator_value(struct eh_evaluator *evaluator, int column,
                                          const char *text, size_t length) {
  assert(evaluator->rules->columns[column].is_evaluated && length <= UINT32_MAX);
  const struct eh_value *value = eh_texts_find(&evaluator->columns[column].texts, text, length);
  return value ? value : intern_new(evaluator, column, text, length);
}

static __attribute__((noinline)) const struct eh_value *find_or_intern(
    struct eh_evaluator *evaluator, int column, const char *text, size_t length) {
  const struct eh_value *value = eh_texts_find(&evaluator->columns[column].texts, text, length);
  return value ? value : intern_new(evaluator, column, text, length);
}

typedef const struct eh_value *eh_finder(const struct eh_texts *known, const char *text,
                                         size_t length);

/* find is known when this is compiled. */
static inline __attribute__((always_inline)) void look_up_with(
    eh_finder *find, struct eh_evaluator *evaluator, int column, const char *const *texts,
    const uint32_t *lengths, size_t count, const struct eh_value **values, size_t stride) {
  struct eh_texts known = evaluator->columns[column].texts; /* a copy stays in registers */
  for (size_t i = 0; i < count; i++, values += stride) {
    *values = find(&known, texts[i], lengths[i]);
    if (*values) continue;
    *values = find_or_intern(evaluator, column, texts[i], lengths[i]);
    known = evaluator->columns[column].texts;
  }
}

/* The same for texts that have room behind them, of a column with so many values that they are not
   near the processor: all are sent for before the first is looked at. */
static void look_up_afar(struct eh_evaluator *evaluator, int column, const char *const *texts,
                         const uint32_t *lengths, size_t count, const struct eh_value **values,
                         size_t stride) {
  struct eh_text_key keys[AT_ONCE];
  const struct eh_interned *found[AT_ONCE];
  const struct eh_texts *known = &evaluator->columns[column].texts;
  size_t mask = known->capacity - 1;
  for (size_t i = 0; i < count; i++) {
    size_t length = lengths[i] > EH_INLINE_TEXT ? 0 : lengths[i]; /* a long one is not found here */
    keys[i] = eh_text_key_of_roomy(texts[i], length);
    __builtin_prefetch(&known->slots[keys[i].hash & mask]);
  }
  for (size_t i = 0; i < count; i++) {
    found[i] = known->slots[keys[i].hash & mask];
    if (found[i]) __builtin_prefetch(&found[i]->a);
  }
  for (size_t i = 0; i < count; i++, values += stride)
    *values = found[i] && eh_interned_is_at_once(found[i], &keys[i], lengths[i])
                  ? &found[i]->value
                  : find_or_intern(evaluator, column, texts[i], lengths[i]);
}

void eh_evaluator_look_up_roomy(struct eh_evaluator *evaluator, int column,
                                const char *const *texts, const uint32_t *lengths, size_t count,
                                const struct eh_value **values, size_t stride) {
  assert(evaluator->rules->columns[column].is_evaluated);
  const struct eh_texts *known = &evaluator->columns[column].texts;
  if (count == 0) return;
  /* Whichever is chosen, what it does not find takes more steps. */
  if (lengths[0] > EH_INLINE_TEXT && lengths[count - 1] > EH_INLINE_TEXT)
    look_up_with(eh_texts_find_long, evaluator, column, texts, lengths, count, values, stride);
  else if (known->longest <= EH_BRIEF && known->brief)
    look_up_with(eh_texts_find_brief, evaluator, column, texts, lengths, count, values, stride);
  else if (known->count >= MANY)
    for (size_t i = 0; i < count; i += AT_ONCE)
      look_up_afar(evaluator, column, texts + i, lengths + i,
                   count - i < AT_ONCE ? count - i : AT_ONCE, values + i * stride, stride);
  else
    look_up_with(eh_texts_find_at_once, evaluator, column, texts, lengths, count, values, stride);
}

void eh_evaluator_look_up(struct eh_evaluator *evaluator, int column, const char *const *texts,
                          const uint32_t *lengths, size_t count, const struct eh_value **values,
                          size_t stride) {
  assert(evaluator->rules->columns[column].is_evaluated);
  const struct eh_texts *known = &evaluator->columns[column].texts;
  for (size_t i = 0; i < count; i++) {
    const struct eh_value *value = eh_texts_find(known, texts[i], lengths[i]);
    values[i * stride] = value ? value : intern_new(evaluator, column, texts[i], lengths[i]);
  }
}

bool eh_evaluator_has_malformed(const struct eh_evaluator *evaluator, int column) {
  return evaluator->columns[column].has_malformed;
}

unsigned eh_evaluator_shapes(const struct eh_evaluator *evaluator, int column) {
  return evaluator->columns[column].shapes;
}

void eh_evaluator_derive_all(struct eh_evaluator *evaluator, const struct eh_value **values,
                             size_t count, size_t stride) {
  for (size_t k = 0; k < evaluator->step_count; k++) {
    const struct eh_step step = evaluator->steps[k];
    const struct eh_value **record = values;
    if (step.source < 0) {
      for (size_t i = 0; i < count; i++, record += stride)
        record[step.column] = eh_derive(evaluator, step.column, record);
      continue;
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < count; i++, record += stride)
      record[step.column] =
          *(const struct eh_value *const *)((const char *)record[step.source] + step.offset);
  }
}

void eh_evaluator_derive(struct eh_evaluator *evaluator, const struct eh_value **values) {
  eh_evaluator_derive_all(evaluator, values, 1, 0);
}

/* --- an evaluator --- */

/* Note the numbered tests of a condition. */
static void find_tests(struct eh_evaluator *evaluator, const struct eh_expression *condition) {
  if (!condition) return;
  if (condition->test >= 0) {
    assert((size_t)condition->test < evaluator->rules->test_count);
    struct eh_test_place *place = &evaluator->tests[condition->test];
    assert(!place->test || place->test == condition);
    place->test = condition;
    place->column = eh_expression_only_column(condition);
    return;
  }
  for (size_t i = 0; i < condition->child_count; i++) find_tests(evaluator, condition->children[i]);
}

static void find_all_tests(struct eh_evaluator *evaluator) {
  const struct eh_rules *rules = evaluator->rules;
  find_tests(evaluator, rules->keep);
  for (size_t i = 0; i < rules->measure_count; i++) {
    find_tests(evaluator, rules->measures[i].among);
    find_tests(evaluator, rules->measures[i].event);
  }
  for (size_t i = 0; i < rules->total_count; i++) find_tests(evaluator, rules->totals[i].where);
  for (size_t i = 0; i < rules->expect_count; i++)
    find_tests(evaluator, rules->expects[i].condition);
  for (size_t i = 0; i < rules->column_count; i++)
    for (size_t j = 0; j < rules->columns[i].choice_count; j++)
      find_tests(evaluator, rules->columns[i].choices[j].condition);
}

/* Give each derived column its step, and its place behind the values of its source. */
static void plan_steps(struct eh_evaluator *evaluator) {
  const struct eh_rules *rules = evaluator->rules;
  evaluator->steps = eh_arena_alloc(evaluator->arena, rules->column_count, sizeof(struct eh_step));
  for (size_t i = 0; i < rules->column_count; i++) {
    const struct eh_column *column = &rules->columns[i];
    if (column->kind == EH_GIVEN || column->kind == EH_SOURCE || !column->is_evaluated) continue;
    struct eh_step step = {.column = (int)i, .source = eh_derive_source(column)};
    assert(step.source < step.column);
    if (step.source >= 0)
      step.offset = eh_follower_offset(evaluator->columns[step.source].follower_count++);
    evaluator->steps[evaluator->step_count++] = step;
  }
}

static void list_followers(struct eh_evaluator *evaluator, struct eh_column_values *values) {
  int *followers = eh_arena_alloc(evaluator->arena, values->follower_count, sizeof *followers);
  size_t count = 0;
  for (size_t i = 0; i < evaluator->step_count; i++)
    if (evaluator->steps[i].source == values->index)
      followers[count++] = evaluator->steps[i].column;
  values->followers = followers;
}

/* Give each test its place behind the values of its column, after the followers. */
static void place_tests(struct eh_evaluator *evaluator) {
  const struct eh_rules *rules = evaluator->rules;
  for (size_t i = 0; i < rules->test_count; i++)
    if (evaluator->tests[i].test) evaluator->columns[evaluator->tests[i].column].test_count++;
  for (size_t i = 0; i < rules->column_count; i++) {
    struct eh_column_values *values = &evaluator->columns[i];
    values->tests = eh_arena_alloc(evaluator->arena, values->test_count, sizeof *values->tests);
    values->test_count = 0;
  }
  for (size_t i = 0; i < rules->test_count; i++) {
    struct eh_test_place *place = &evaluator->tests[i];
    if (!place->test) continue;
    struct eh_column_values *values = &evaluator->columns[place->column];
    place->offset = eh_follower_offset(values->follower_count) + (uint32_t)values->test_count;
    values->tests[values->test_count++] = place->test;
  }
}

struct eh_evaluator *eh_evaluator_new(const struct eh_rules *rules, eh_label_function *label,
                                      void *context) {
  struct eh_evaluator *evaluator = eh_alloc_zeroed(1, sizeof *evaluator);
  *evaluator = (struct eh_evaluator){
      .rules = rules, .label = label, .context = context, .arena = eh_arena_new()};
  size_t count = rules->column_count;
  evaluator->latest = INT32_MAX;
  eh_missing_filter_make(&evaluator->missing, rules->missing, rules->missing_count);
  evaluator->columns = eh_arena_alloc(evaluator->arena, count, sizeof *evaluator->columns);
  evaluator->scratch = eh_arena_alloc(evaluator->arena, count, sizeof *evaluator->scratch);
  evaluator->tests = eh_arena_alloc(evaluator->arena, rules->test_count, sizeof *evaluator->tests);
  for (size_t i = 0; i < count; i++) {
    evaluator->columns[i].column = &rules->columns[i];
    evaluator->columns[i].index = (int)i;
  }
  find_all_tests(evaluator);
  plan_steps(evaluator);
  for (size_t i = 0; i < count; i++) list_followers(evaluator, &evaluator->columns[i]);
  place_tests(evaluator);
  /* A column's followers come after it, and their missing values and labels are needed first. */
  for (size_t i = count; i-- > 0;) {
    if (!rules->columns[i].is_evaluated) continue;
    evaluator->columns[i].missing = &keep(evaluator, (int)i, &missing_value)->value;
    eh_derive_labels(evaluator, (int)i);
  }
  return evaluator;
}

void eh_evaluator_set_as_of(struct eh_evaluator *evaluator, int32_t as_of) {
  if (as_of) evaluator->latest = as_of;
}

void eh_evaluator_free(struct eh_evaluator *evaluator) {
  if (!evaluator) return;
  for (size_t i = 0; i < evaluator->rules->column_count; i++) {
    eh_texts_free(&evaluator->columns[i].texts);
    eh_numbers_free(&evaluator->columns[i].numbers);
  }
  eh_arena_free(evaluator->arena);
  free(evaluator);
}
