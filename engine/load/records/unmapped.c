#include "engine/load/records/unmapped.h"

#include <stdlib.h>
#include <string.h>

#include "rules/evaluate/intern.h"

/* One value outside its recode. */
struct outside {
  struct eh_interned key; /* first, so that the table's pointers are these */
  const char *text;
  uint64_t records;
  struct outside *next; /* of the column */
};

struct column {
  struct eh_texts texts; /* struct outside */
  struct outside *first;
  size_t count;
};

struct eh_unmapped {
  const struct eh_rules *rules;
  struct eh_arena *arena;
  struct column *columns; /* by input, then column of the rules */
};

struct eh_unmapped *eh_unmapped_new(const struct eh_rules *rules) {
  if (rules->input_count == 0) return NULL;
  struct eh_unmapped *u = eh_alloc_zeroed(1, sizeof *u);
  *u = (struct eh_unmapped){.rules = rules, .arena = eh_arena_new()};
  u->columns =
      eh_arena_alloc(u->arena, rules->input_count, (rules->column_count + 1) * sizeof *u->columns);
  return u;
}

void eh_unmapped_free(struct eh_unmapped *u) {
  if (!u) return;
  for (size_t i = 0; i < u->rules->input_count * u->rules->column_count; i++)
    eh_texts_free(&u->columns[i].texts);
  eh_arena_free(u->arena);
  free(u);
}

static size_t number_of(const struct eh_rules *rules, const struct eh_rules_input *input) {
  return (size_t)(input - rules->inputs);
}

static struct outside *find_or_add(struct eh_unmapped *u, struct column *column,
                                   const struct eh_unmapped_text *item) {
  const struct eh_value *known = eh_texts_find(&column->texts, item->text, item->length);
  if (known) return (struct outside *)(uintptr_t)known;
  struct outside *added = eh_arena_alloc(u->arena, 1, sizeof *added);
  added->text = eh_arena_copy(u->arena, item->text, item->length);
  added->next = column->first;
  column->first = added;
  column->count++;
  eh_texts_add(&column->texts, added->text, item->length, &added->key);
  return added;
}

void eh_unmapped_add(struct eh_unmapped *u, const struct eh_layout *layout,
                     const struct eh_unmapped_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    const struct eh_unmapped_text *item = &list->items[i];
    size_t first = number_of(u->rules, layout->input) * u->rules->column_count;
    find_or_add(u, &u->columns[first + item->column], item)->records += item->records;
  }
}

/* --- the account --- */

static int most_first(const void *left, const void *right) {
  const struct eh_unmapped_value *a = left, *b = right;
  if (a->records != b->records) return a->records < b->records ? 1 : -1;
  return strcmp(a->value, b->value);
}

static void list_values(const struct eh_unmapped *u, size_t input, struct eh_arena *arena,
                        struct eh_source_account *source) {
  const struct column *columns = u->columns + input * u->rules->column_count;
  size_t count = 0;
  for (size_t c = 0; c < u->rules->column_count; c++) count += columns[c].count;
  source->unmapped = eh_arena_alloc(arena, count, sizeof *source->unmapped);
  for (size_t c = 0; c < u->rules->column_count; c++) {
    struct eh_unmapped_value *first = source->unmapped + source->unmapped_count;
    for (const struct outside *o = columns[c].first; o; o = o->next)
      source->unmapped[source->unmapped_count++] = (struct eh_unmapped_value){
          u->rules->columns[c].name, eh_arena_string(arena, o->text), o->records};
    if (columns[c].count) qsort(first, columns[c].count, sizeof *first, most_first);
  }
}

static void list_absent(const struct eh_rules *rules, const struct eh_rules_input *input,
                        struct eh_arena *arena, struct eh_source_account *source) {
  source->absent = eh_arena_alloc(arena, rules->column_count, sizeof *source->absent);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN && input->columns[c].provision == EH_NOT_PROVIDED &&
        input->columns[c].text)
      source->absent[source->absent_count++] = rules->columns[c].name;
}

static bool is_used(const struct eh_layout *layout, size_t field) {
  for (size_t i = 0; i < layout->named_count; i++)
    if (layout->fields[i] == field) return true;
  return false;
}

static bool is_listed(const struct eh_source_account *source, const char *header) {
  for (size_t i = 0; i < source->unused_count; i++)
    if (strcmp(source->unused[i], header) == 0) return true;
  return false;
}

static void add_file(const struct eh_layout *layout, const struct eh_input *file,
                     struct eh_source_account *source) {
  source->files++;
  source->records += file->records;
  for (size_t f = 0; f < layout->field_count; f++)
    if (!is_used(layout, f) && !is_listed(source, layout->headers[f]))
      source->unused[source->unused_count++] = layout->headers[f];
}

void eh_unmapped_account(const struct eh_unmapped *u, struct eh_arena *arena,
                         const struct eh_layout *layouts, struct eh_account *account) {
  const struct eh_rules *rules = u->rules;
  size_t fields = 0;
  for (size_t i = 0; i < account->input_count; i++) fields += layouts[i].field_count;
  account->source_count = rules->input_count;
  account->sources = eh_arena_alloc(arena, rules->input_count, sizeof *account->sources);
  for (size_t s = 0; s < rules->input_count; s++) {
    struct eh_source_account *source = &account->sources[s];
    source->name = rules->inputs[s].name;
    source->unused = eh_arena_alloc(arena, fields, sizeof *source->unused);
    list_values(u, s, arena, source);
    list_absent(rules, &rules->inputs[s], arena, source);
  }
  for (size_t i = 0; i < account->input_count; i++)
    add_file(&layouts[i], &account->inputs[i],
             &account->sources[number_of(rules, layouts[i].input)]);
}
