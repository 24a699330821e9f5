#include "engine/load/survey/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"

/* Month before day: the forms' order decides where every date fits both. */
static const char *const date_forms[] = {"%Y-%m-%d",
                                         "%m/%d/%Y",
                                         "%d/%m/%Y",
                                         "%Y/%m/%d",
                                         "%m-%d-%Y",
                                         "%d.%m.%Y",
                                         "%d-%b-%Y",
                                         "%d %b %Y",
                                         "%d %B %Y",
                                         "%B %d, %Y",
                                         "%b %d, %Y",
                                         "%Y-%m-%d %H:%M:%S",
                                         "%Y-%m-%dT%H:%M:%S",
                                         "%Y-%m-%d %H:%M",
                                         "%m/%d/%Y %H:%M",
                                         "%m/%d/%Y %H:%M:%S",
                                         "%Y%m%d",
                                         "%m/%d/%y",
                                         "%d-%b-%y",
                                         "%m/%d/%Y %I:%M:%S %p",
                                         "%m/%d/%Y %I:%M %p",
                                         "%m/%d/%y %H:%M",
                                         "%m/%d/%y %I:%M %p",
                                         "%d/%m/%Y %H:%M",
                                         "%d/%m/%Y %H:%M:%S",
                                         "%d.%m.%Y %H:%M",
                                         "%d.%m.%Y %H:%M:%S",
                                         "%d.%m.%y"};
enum { DATE_FORMS = sizeof date_forms / sizeof date_forms[0], LONGEST_DATE = 32 };
static const double MOST = 0.7; /* of the values must read so */

static void put_slot(struct eh_survey_table *table, const struct eh_text_key *key, uint32_t length,
                     uint32_t index) {
  size_t mask = table->slot_count - 1, s = key->hash & mask;
  while (table->slots[s].code) s = (s + 1) & mask;
  table->slots[s] = (struct eh_survey_slot){key->a, key->b, length, index + 1};
}

static void grow_slots(struct eh_survey_table *table) {
  free(table->slots);
  table->slot_count = table->slot_count ? 4 * table->slot_count : 64;
  table->slots = eh_alloc_zeroed(table->slot_count, sizeof *table->slots);
  for (size_t i = 0; i < table->count; i++) {
    const struct eh_survey_value *item = &table->items[i];
    struct eh_text_key key = eh_text_key_of(item->text, item->length);
    if (item->hash) put_slot(table, &key, item->length, (uint32_t)i);
  }
}

uint32_t eh_survey_table_add(struct eh_survey_table *table, const struct eh_text_key *key,
                             const char *text, size_t length, bool findable) {
  if (table->count == table->capacity) {
    table->capacity = table->capacity ? 2 * table->capacity : 32;
    table->items = eh_resize(table->items, table->capacity, sizeof *table->items);
  }
  uint32_t index = (uint32_t)table->count++;
  table->items[index] = (struct eh_survey_value){
      .text = text, .length = (uint32_t)length, .hash = findable ? eh_survey_hash(key) : 0};
  if (2 * table->count > table->slot_count)
    grow_slots(table);
  else if (findable)
    put_slot(table, key, (uint32_t)length, index);
  return index;
}

void eh_survey_table_empty(struct eh_survey_table *table) {
  if (table->count) memset(table->slots, 0, table->slot_count * sizeof *table->slots);
  table->count = 0;
}

void eh_survey_table_free(struct eh_survey_table *table) {
  free(table->items);
  free(table->slots);
  *table = (struct eh_survey_table){0};
}

void eh_sketch_add(uint8_t *sketch, uint64_t hash) {
  size_t place = hash >> 50;
  uint64_t rest = hash << 14;
  uint8_t rank = (uint8_t)(rest ? __builtin_clzll(rest) + 1 : 51);
  if (rank > sketch[place]) sketch[place] = rank;
}

double eh_sketch_count(const uint8_t *sketch) {
  double m = EH_SKETCH_SIZE, sum = 0;
  size_t empty = 0;
  for (size_t i = 0; i < EH_SKETCH_SIZE; i++) {
    sum += ldexp(1.0, -sketch[i]);
    empty += sketch[i] == 0;
  }
  double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  return estimate < 2.5 * m && empty ? m * log(m / (double)empty) : estimate;
}

static bool may_be_date(const struct eh_survey_value *value) {
  if (value->length < 6 || value->length > LONGEST_DATE) return false;
  size_t digits = 0;
  for (size_t i = 0; i < value->length; i++)
    digits += value->text[i] >= '0' && value->text[i] <= '9';
  return digits >= 3;
}

void eh_survey_decide(const struct eh_survey_value *values, size_t count, enum eh_survey_kind *kind,
                      const char **form) {
  double all = 0, numbers = 0, dates[DATE_FORMS] = {0};
  for (size_t i = 0; i < count; i++) {
    const struct eh_survey_value *v = &values[i];
    double weight = (double)v->records, number;
    int32_t day;
    all += weight;
    if (eh_number_parse(v->text, v->length, &number)) numbers += weight;
    if (!may_be_date(v)) continue;
    for (size_t f = 0; f < DATE_FORMS; f++)
      if (eh_date_parse(v->text, v->length, date_forms[f], &day)) dates[f] += weight;
  }
  *kind = all > 0 ? EH_SURVEY_TEXT : EH_SURVEY_EMPTY;
  if (all <= 0) return;
  size_t best = 0;
  for (size_t f = 1; f < DATE_FORMS; f++)
    if (dates[f] > dates[best]) best = f;
  if (dates[best] >= MOST * all) {
    *kind = EH_SURVEY_DATE;
    *form = date_forms[best];
  } else if (numbers >= MOST * all) {
    *kind = EH_SURVEY_NUMBER;
  }
}

void eh_survey_classify(struct eh_survey_value *value, enum eh_survey_kind kind,
                        const char *const *forms, size_t form_count) {
  if (kind == EH_SURVEY_NUMBER)
    value->is_number = eh_number_parse(value->text, value->length, &value->number);
  if (kind != EH_SURVEY_DATE) return;
  for (size_t f = 0; f < form_count && !value->is_date; f++)
    value->is_date = eh_date_parse(value->text, value->length, forms[f], &value->day);
}
