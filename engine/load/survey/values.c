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
                                         "%d.%m.%y",
                                         "%Y-%m-%dT%H:%M:%S%z",
                                         "%Y-%m-%dT%H:%M%z",
                                         "%Y-%m-%d %H:%M:%S%z",
                                         "%Y-%m-%d %H:%M:%S %z",
                                         "%Y/%m/%d %H:%M:%S",
                                         "%d%b%Y",
                                         "%d%b%Y:%H:%M:%S",
                                         "%d%b%y",
                                         "%b %d %Y %I:%M%p",
                                         "%b %d %Y",
                                         "%d-%m-%Y",
                                         "%d/%m/%y",
                                         "%d. %B %Y",
                                         "%d de %B de %Y",
                                         "%A, %B %d, %Y",
                                         "%a, %d %b %Y",
                                         "%d-%b-%Y %H:%M:%S"};
enum { DATE_FORMS = sizeof date_forms / sizeof date_forms[0], LONGEST_DATE = 40 };
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

static bool read_number(const struct eh_number_form *form, const struct eh_survey_value *value,
                        double *number) {
  char plain[EH_AMOUNT_SIZE];
  if (!form) return eh_number_parse(value->text, value->length, number);
  return eh_amount_plain(form, value->text, value->length, plain) &&
         eh_number_parse(plain, strlen(plain), number);
}

/* --- which forms of dates --- */

struct date_search {
  const struct eh_survey_value *values;
  size_t count;
  uint64_t *fits;   /* by value: a bit for each form */
  double all, read; /* records, and those that some chosen form reads */
};
_Static_assert(DATE_FORMS <= 64, "a bit for each form");
static const double WORTH = 0.05; /* of the records, for one form more */

static void find_fits(struct date_search *s) {
  int32_t day;
  for (size_t i = 0; i < s->count; i++) {
    const struct eh_survey_value *v = &s->values[i];
    for (size_t f = 0; f < DATE_FORMS && may_be_date(v); f++)
      if (eh_date_parse(v->text, v->length, date_forms[f], &day)) s->fits[i] |= (uint64_t)1 << f;
  }
}

static bool clashes(const struct eh_survey_column *column, const char *form) {
  char text[EH_DATE_TEXT];
  for (size_t i = 0; i < column->form_count; i++)
    if (eh_date_forms_clash(column->forms[i], form, text)) return true;
  return false;
}

/* The form that reads most of what no form reads yet; false: none is worth it. */
static bool choose_form(struct date_search *s, struct eh_survey_column *column) {
  double gains[DATE_FORMS] = {0};
  size_t best = DATE_FORMS;
  for (size_t i = 0; i < s->count; i++)
    for (size_t f = 0; f < DATE_FORMS && s->fits[i]; f++)
      if (s->fits[i] >> f & 1) gains[f] += (double)s->values[i].records;
  for (size_t f = 0; f < DATE_FORMS; f++)
    if (gains[f] >= WORTH * s->all && gains[f] > 0 && !clashes(column, date_forms[f]) &&
        (best == DATE_FORMS || gains[f] > gains[best]))
      best = f;
  if (best == DATE_FORMS) return false;
  column->forms[column->form_count++] = date_forms[best];
  s->read += gains[best];
  for (size_t i = 0; i < s->count; i++)
    if (s->fits[i] >> best & 1) s->fits[i] = 0;
  return true;
}

static bool find_forms(const struct eh_survey_value *values, size_t count, double all,
                       struct eh_survey_column *column) {
  struct date_search s = {.values = values, .count = count, .all = all};
  s.fits = eh_alloc_zeroed(count, sizeof *s.fits);
  find_fits(&s);
  while (column->form_count < EH_SURVEY_FORMS && choose_form(&s, column)) continue;
  free(s.fits);
  if (s.read < MOST * all) column->form_count = 0;
  column->form = column->form_count ? column->forms[0] : NULL;
  return column->form_count > 0;
}

/* Does the header say that it is a date? */
static bool is_called_date(const char *name) {
  static const char *const words[] = {"date", "fecha", "datum"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcasestr(name, words[i])) return true;
  return false;
}

/* Whole numbers that are days, seconds or milliseconds of 1954 to 2064, in a column called a date.
 */
static const char *form_of_serials(const struct eh_survey_value *values, size_t count,
                                   const char *name) {
  static const char *const forms[] = {"excel", "unix", "unix-ms"};
  int32_t day, first = eh_date_from_civil(1954, 10, 1), last = eh_date_from_civil(2064, 4, 1);
  for (size_t f = 0; f < 3 && is_called_date(name); f++) {
    bool all = count > 0;
    for (size_t i = 0; i < count && all; i++)
      all = values[i].records == 0 ||
            (eh_date_parse(values[i].text, values[i].length, forms[f], &day) && day >= first &&
             day <= last && values[i].length >= 5);
    if (all) return forms[f];
  }
  return NULL;
}

void eh_survey_decide(const struct eh_survey_value *values, size_t count,
                      const struct eh_number_form *form_of_numbers,
                      struct eh_survey_column *column) {
  double all = 0, numbers = 0, number;
  unsigned shapes = 0;
  for (size_t i = 0; i < count; i++) {
    const struct eh_survey_value *v = &values[i];
    all += (double)v->records;
    if (!form_of_numbers) shapes |= eh_amount_shape(v->text, v->length);
    if (read_number(form_of_numbers, v, &number)) numbers += (double)v->records;
  }
  column->kind = all > 0 ? EH_SURVEY_TEXT : EH_SURVEY_EMPTY;
  if (all <= 0) return;
  if (find_forms(values, count, all, column)) {
    column->kind = EH_SURVEY_DATE;
  } else if (numbers >= MOST * all && !eh_amount_is_open(shapes)) {
    column->form = form_of_serials(values, count, column->name);
    column->kind = column->form ? EH_SURVEY_DATE : EH_SURVEY_NUMBER;
  }
}

void eh_survey_classify(struct eh_survey_value *value, enum eh_survey_kind kind,
                        const struct eh_number_form *numbers, const char *const *forms,
                        size_t form_count, int32_t as_of) {
  if (kind == EH_SURVEY_NUMBER) value->is_number = read_number(numbers, value, &value->number);
  if (kind != EH_SURVEY_DATE) return;
  for (size_t f = 0; f < form_count && !value->is_date; f++)
    value->is_date =
        eh_date_read(value->text, value->length, forms[f], as_of ? as_of : INT32_MAX, &value->day);
}
