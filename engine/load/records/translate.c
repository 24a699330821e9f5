#include "engine/load/records/translate.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/tidy.h"
#include "rules/evaluate/intern.h"
#include "rules/language/missing.h"

/* What became of a text that had to be looked up. */
struct meaning {
  struct eh_interned standard; /* its value's text; first, so that the table's pointers are these */
  bool is_unmapped;
  size_t column;
  uint64_t records; /* unmapped ones since they were last taken */
  const char *raw;
  size_t raw_length;
  struct meaning *next; /* with records */
};

enum work { NOTHING, PLAIN, LOOKED_UP };

struct translation {
  enum work work;
  bool reads_dates, reads_numbers;
  struct eh_texts known; /* LOOKED_UP: by text, struct meaning */
};

struct eh_translator {
  const struct eh_rules *rules;
  const struct eh_rules_input *input;
  struct eh_arena *arena;
  struct translation *columns; /* by column of the rules */
  struct eh_missing_filter missing;
  int32_t latest;           /* the day on which the hundred years of a %y end */
  struct meaning *unmapped; /* with records */
};

/* Are the forms only the one in which the rules read dates? */
static bool are_standard(const struct eh_rules *rules, const struct eh_rules_input *input) {
  return !input->date_forms || (input->date_form_count == 1 && rules->date_form_count == 1 &&
                                strcmp(input->date_forms[0], rules->date_forms[0]) == 0);
}

/* Are its codes for "not recorded" only those of the rules? */
static bool lacks_alike(const struct eh_rules *rules, const struct eh_rules_input *input) {
  if (!input->missing) return true;
  return input->missing_count == 1 && rules->missing_count == 1 &&
         strcmp(input->missing[0], rules->missing[0]) == 0;
}

static struct translation plan(const struct eh_rules *rules, const struct eh_rules_input *input,
                               size_t column) {
  struct translation t = {.work = NOTHING};
  const struct eh_input_column *provided = &input->columns[column];
  if (!eh_rules_header(rules, input, column)) return t;
  t.reads_dates = rules->columns[column].read_as_date && !are_standard(rules, input);
  if (*provided->prefix || !lacks_alike(rules, input)) t.work = PLAIN;
  t.reads_numbers = rules->columns[column].read_as_number && input->numbers;
  if (provided->recode_count || t.reads_dates || t.reads_numbers) t.work = LOOKED_UP;
  return t;
}

struct eh_translator *eh_translator_new(const struct eh_rules *rules,
                                        const struct eh_rules_input *input, int32_t as_of) {
  bool is_needed = false;
  for (size_t c = 0; input && c < rules->column_count && !is_needed; c++)
    is_needed = plan(rules, input, c).work != NOTHING;
  if (!is_needed) return NULL;
  struct eh_translator *t = eh_alloc_zeroed(1, sizeof *t);
  *t = (struct eh_translator){
      .rules = rules, .input = input, .arena = eh_arena_new(), .latest = as_of ? as_of : INT32_MAX};
  t->columns = eh_arena_alloc(t->arena, rules->column_count, sizeof *t->columns);
  for (size_t c = 0; c < rules->column_count; c++) t->columns[c] = plan(rules, input, c);
  eh_missing_filter_make(&t->missing, input->missing ? input->missing : rules->missing,
                         input->missing ? input->missing_count : rules->missing_count);
  return t;
}

void eh_translator_free(struct eh_translator *t) {
  if (!t) return;
  for (size_t c = 0; c < t->rules->column_count; c++) eh_texts_free(&t->columns[c].known);
  eh_arena_free(t->arena);
  free(t);
}

bool eh_translator_wants(const struct eh_translator *t, size_t column) {
  return t->columns[column].work != NOTHING;
}

static const char nothing[EH_ROOM_BEHIND] = "";

static bool is_text(const char *known, struct eh_field field) {
  return strlen(known) == field.length &&
         (field.length == 0 || memcmp(known, field.text, field.length) == 0);
}

static bool is_missing(const struct eh_translator *t, struct eh_field field) {
  const struct eh_rules_input *input = t->input;
  const char *const *missing = input->missing ? input->missing : t->rules->missing;
  size_t count = input->missing ? input->missing_count : t->rules->missing_count;
  if (!eh_missing_may_be(&t->missing, field.text, field.length)) return false;
  return eh_missing_find(missing, count, field.text, field.length) != SIZE_MAX;
}

/* As the value is compared, before a prefix makes another text of it. */
static struct eh_field tidied(const struct eh_translator *t, size_t column, struct eh_arena *arena,
                              struct eh_field field) {
  if (!eh_tidy_is_plain(field.text, field.length))
    field.text = eh_tidy_text(arena, field.text, &field.length);
  field.text = eh_rules_id(arena, &t->rules->columns[column], field.text, &field.length);
  return field;
}

/* --- one value --- */

static const char *recoded(const struct eh_input_column *provided, struct eh_field field) {
  for (size_t i = 0; i < provided->recode_count; i++)
    for (size_t k = 0; k < provided->recodes[i].text_count; k++)
      if (is_text(provided->recodes[i].texts[k].text, field)) return provided->recodes[i].label;
  return NULL;
}

/* Is it written in the standard way already: a label of the recode? */
static bool is_label(const struct eh_input_column *provided, struct eh_field field) {
  for (size_t i = 0; i < provided->recode_count; i++)
    if (is_text(provided->recodes[i].label, field)) return true;
  return false;
}

/* A date in the input's forms, as the rules read dates. What is none stays as it is, malformed;
   what is one only in the rules' form is made malformed, since here it may mean another day. */
static const char *date_of(struct eh_translator *t, const char *text) {
  char written[11];
  int32_t day;
  size_t length = strlen(text);
  for (size_t i = 0; i < t->input->date_form_count; i++) {
    if (!eh_date_read(text, length, t->input->date_forms[i], t->latest, &day)) continue;
    eh_date_format(day, written);
    return eh_arena_string(t->arena, written);
  }
  for (size_t i = 0; i < t->rules->date_form_count; i++)
    if (eh_date_parse(text, length, t->rules->date_forms[i], &day))
      return eh_arena_printf(t->arena, "%s (not in a form of %s)", text, t->input->name);
  return text;
}

/* A number in the input's form as a plain one; what is none is malformed, even where it would be a
   plain one. */
static const char *number_of(struct eh_translator *t, const char *text) {
  char plain[EH_AMOUNT_SIZE];
  if (eh_amount_plain(t->input->numbers, text, strlen(text), plain))
    return eh_arena_string(t->arena, plain);
  return eh_arena_printf(t->arena, "%s (not a number as %s writes them)", text, t->input->name);
}

static struct meaning *look_up_new(struct eh_translator *t, size_t column, struct eh_field field) {
  struct translation *translation = &t->columns[column];
  const struct eh_input_column *provided = &t->input->columns[column];
  struct meaning *meaning = eh_arena_alloc(t->arena, 1, sizeof *meaning);
  char *raw = eh_arena_copy(t->arena, field.text, field.length);
  size_t raw_length = field.length;
  field = tidied(t, column, t->arena, (struct eh_field){raw, raw_length});
  char *tidy = eh_arena_copy(t->arena, field.text, field.length);
  const char *text = tidy;
  meaning->column = column;
  meaning->raw = tidy;
  meaning->raw_length = field.length;
  if (is_missing(t, field)) {
    text = "";
  } else {
    const char *label = recoded(provided, field);
    meaning->is_unmapped = provided->recode_count && !label && !is_label(provided, field);
    if (label)
      text = label;
    else if (translation->reads_dates)
      text = date_of(t, tidy);
    else if (translation->reads_numbers)
      text = number_of(t, tidy);
    if (*provided->prefix) text = eh_arena_printf(t->arena, "%s%s", provided->prefix, text);
  }
  meaning->standard.value.length = (uint32_t)strlen(text);
  meaning->standard.value.text = text == tidy ? tidy : eh_arena_string(t->arena, text);
  eh_texts_add(&translation->known, raw, raw_length, &meaning->standard);
  return meaning;
}

static struct eh_field look_up(struct eh_translator *t, size_t column, struct eh_field field) {
  const struct eh_value *value = eh_texts_find(&t->columns[column].known, field.text, field.length);
  struct meaning *meaning =
      value ? (struct meaning *)(uintptr_t)value : look_up_new(t, column, field);
  if (meaning->is_unmapped && meaning->records++ == 0) {
    meaning->next = t->unmapped;
    t->unmapped = meaning;
  }
  return (struct eh_field){meaning->standard.value.text, meaning->standard.value.length};
}

struct eh_field eh_translate(struct eh_translator *t, size_t column, struct eh_field field,
                             struct eh_arena *scratch) {
  if (t->columns[column].work == LOOKED_UP) return look_up(t, column, field);
  if (t->columns[column].work == NOTHING) return field;
  const char *prefix = t->input->columns[column].prefix;
  size_t length = strlen(prefix);
  field = tidied(t, column, scratch, field);
  if (is_missing(t, field)) return (struct eh_field){nothing, 0};
  if (length == 0) return field;
  char *text = eh_arena_alloc(scratch, length + field.length + EH_ROOM_BEHIND, 1);
  memcpy(text, prefix, length);
  if (field.length) memcpy(text + length, field.text, field.length);
  return (struct eh_field){text, length + field.length};
}

/* --- what could not be mapped --- */

void eh_unmapped_list_free(struct eh_unmapped_list *list) {
  for (size_t i = 0; i < list->count; i++) free(list->items[i].text);
  free(list->items);
  *list = (struct eh_unmapped_list){0};
}

void eh_translator_take_unmapped(struct eh_translator *t, struct eh_unmapped_list *list) {
  struct meaning *next = t ? t->unmapped : NULL;
  for (struct meaning *m = next; m; m = next) {
    if (list->count == list->capacity) {
      list->capacity = list->capacity ? 2 * list->capacity : 8;
      list->items = eh_resize(list->items, list->capacity, sizeof *list->items);
    }
    char *text = eh_alloc(m->raw_length + 1, 1);
    memcpy(text, m->raw, m->raw_length + 1);
    list->items[list->count++] =
        (struct eh_unmapped_text){m->column, text, m->raw_length, m->records};
    next = m->next;
    m->records = 0;
    m->next = NULL;
  }
  if (t) t->unmapped = NULL;
}

const char *const *eh_translate_fixed(struct eh_arena *arena, const struct eh_rules *rules,
                                      const struct eh_rules_input *input) {
  const char **fixed = eh_arena_alloc(arena, rules->column_count, sizeof *fixed);
  for (size_t c = 0; c < rules->column_count && input; c++) {
    if (rules->columns[c].kind == EH_SOURCE) fixed[c] = input->name;
    if (rules->columns[c].kind != EH_GIVEN || rules->columns[c].join) continue;
    const struct eh_input_column *provided = &input->columns[c];
    if (provided->provision == EH_CONSTANT) fixed[c] = provided->text;
    if (provided->provision == EH_NOT_PROVIDED) fixed[c] = "";
  }
  return fixed;
}
