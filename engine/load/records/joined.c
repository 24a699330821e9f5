#include "engine/load/records/joined.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/tidy.h"
#include "engine/load/records/joined_rows.h"
#include "rules/evaluate/intern.h"
#include "rules/language/missing.h"

/* A row that can be looked up. */
struct row {
  struct eh_joined_row row; /* first: what is handed out */
  int32_t from, until;
  uint64_t line;
  struct row *next; /* of the same key, by the day on which it begins */
};

/* The rows of a key. */
struct entry {
  struct eh_interned key; /* first, so that the table's pointers are these */
  struct row *first;
};

struct table {
  const struct eh_join *join;
  struct eh_texts entries; /* struct entry, by key */
  struct eh_input file;
  uint64_t rows, without_key;
};

struct eh_joined {
  const struct eh_rules *rules;
  int32_t latest; /* of years of two digits */
  struct eh_missing_filter missing;
  struct eh_arena *arena;
  struct table *tables;
  size_t count;
};

/* --- keys --- */

/* Between the parts of a key: what no text of records holds. */
static const char BETWEEN_KEYS[] = "\x1f";

/* A part as keys are compared; NULL: not recorded. */
static const char *part_of(const struct eh_rules *rules, int column, const char *text,
                           size_t length, struct eh_arena *arena, size_t *tidy) {
  *tidy = length;
  text = eh_tidy_text(arena, text, tidy);
  text = eh_rules_id(arena, &rules->columns[column], text, tidy);
  return eh_rules_is_missing(rules, text, *tidy) ? NULL : text;
}

/* In the arena, ended with a zero; NULL where a part is not recorded. */
static const char *key_of(const struct eh_rules *rules, const struct eh_join *join,
                          const char *const *texts, const uint32_t *lengths,
                          struct eh_arena *arena) {
  const char *key = NULL;
  for (size_t k = 0; k < join->key_count; k++) {
    size_t length;
    const char *part = part_of(rules, join->keys[k], texts[k], lengths[k], arena, &length);
    if (!part) return NULL;
    key = key ? eh_arena_printf(arena, "%s%s%.*s", key, BETWEEN_KEYS, (int)length, part)
              : eh_arena_copy(arena, part, length);
  }
  return key;
}

/* --- reading --- */

/* What is read of a table: its keys, its days, its columns. */
struct wanted {
  const char **headers;
  size_t count, days, first; /* where the days begin, where the columns do */
  int *columns;              /* of the rules, by column from there */
};

static struct wanted wanted_of(const struct eh_rules *rules, size_t j, struct eh_arena *arena) {
  const struct eh_join *join = &rules->joins[j];
  struct wanted w = {.days = join->key_count};
  size_t most = join->key_count + 2 + rules->column_count;
  w.headers = eh_arena_alloc(arena, most, sizeof *w.headers);
  w.columns = eh_arena_alloc(arena, rules->column_count, sizeof *w.columns);
  for (size_t k = 0; k < join->key_count; k++) w.headers[w.count++] = join->key_headers[k];
  if (join->from) w.headers[w.count++] = join->from;
  if (join->from) w.headers[w.count++] = join->until;
  w.first = w.count;
  for (size_t c = 0; c < rules->column_count; c++) {
    if (rules->columns[c].join != j + 1) continue;
    w.columns[w.count - w.first] = (int)c;
    w.headers[w.count++] = rules->columns[c].header;
  }
  return w;
}

static bool read_day(const struct eh_joined *joined, const char *text, size_t length,
                     int32_t *day) {
  const struct eh_rules *rules = joined->rules;
  for (size_t i = 0; i < rules->date_form_count; i++)
    if (eh_date_read(text, length, rules->date_forms[i], joined->latest, day)) return true;
  return false;
}

/* A day of the table; of one not recorded, `open`. */
static enum eh_status day_of(const struct eh_joined *joined, const struct table *t,
                             const struct eh_table_row *from, size_t place, const char *header,
                             int32_t open, int32_t *day, struct eh_error *error) {
  const char *text = from->texts[place];
  size_t length = from->lengths[place];
  *day = open;
  if (eh_rules_is_missing(joined->rules, text, length)) return EH_OK;
  if (read_day(joined, text, length, day)) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, t->join->path, from->line, 0,
                    "'%.*s' in '%.100s' is no day as the rules read days; write it %s, or add its "
                    "form to `dates`",
                    (int)(length < 60 ? length : 60), text, header, joined->rules->date_forms[0]);
}

static bool is_alike(const struct row *a, const struct row *b, const struct wanted *w) {
  for (size_t i = w->first; i < w->count; i++) {
    int c = w->columns[i - w->first];
    if (a->row.lengths[c] != b->row.lengths[c] ||
        memcmp(a->row.texts[c], b->row.texts[c], a->row.lengths[c]) != 0)
      return false;
  }
  return true;
}

static enum eh_status refuse_second(const struct table *t, const struct row *a, const struct row *b,
                                    struct eh_error *error) {
  uint64_t first = a->line < b->line ? a->line : b->line, second = a->line ^ b->line ^ first;
  return eh_fail_at(
      error, EH_BAD_INPUT, t->join->path, second, 0,
      t->join->from ? "is in force on a day on which line %llu, of the same key, is too, and says "
                      "something else; correct the days, or leave one of the two out"
                    : "has the key of line %llu and says something else; leave one of the two "
                      "out, or say when each is in force (`between`)",
      (unsigned long long)first);
}

/* Put a row among those of its key. One that says what its neighbour says of the same days adds
   nothing, and one that begins on the day on which that ends goes on from it. */
static enum eh_status insert(const struct table *t, struct entry *entry, struct row *row,
                             const struct wanted *w, struct eh_error *error) {
  struct row **at = &entry->first, *before = NULL;
  while (*at && (*at)->from <= row->from) {
    before = *at;
    at = &before->next;
  }
  struct row *behind = *at;
  bool touches_before = before && before->until >= row->from && !is_alike(before, row, w);
  bool touches_behind = behind && row->until >= behind->from && !is_alike(row, behind, w);
  if (touches_before && (!t->join->from || before->until > row->from || before->from == row->from))
    return refuse_second(t, before, row, error);
  if (touches_behind && (row->until > behind->from || row->from == behind->from))
    return refuse_second(t, row, behind, error);
  row->next = behind;
  *at = row;
  return EH_OK;
}

static struct row *row_of(struct eh_joined *joined, const struct eh_table_row *from,
                          const struct wanted *w) {
  size_t columns = joined->rules->column_count;
  struct row *row = eh_arena_alloc(joined->arena, 1, sizeof *row);
  const char **texts = eh_arena_alloc(joined->arena, columns, sizeof *texts);
  uint32_t *lengths = eh_arena_alloc(joined->arena, columns, sizeof *lengths);
  for (size_t i = w->first; i < w->count; i++) {
    texts[w->columns[i - w->first]] = from->texts[i];
    lengths[w->columns[i - w->first]] = from->lengths[i];
  }
  row->row = (struct eh_joined_row){texts, lengths};
  row->from = INT32_MIN;
  row->until = INT32_MAX;
  row->line = from->line;
  return row;
}

static struct entry *entry_of(struct eh_joined *joined, struct table *t, const char *key) {
  size_t length = strlen(key);
  const struct eh_value *known = eh_texts_find(&t->entries, key, length);
  if (known) return (struct entry *)(uintptr_t)known;
  struct entry *entry = eh_arena_alloc(joined->arena, 1, sizeof *entry);
  eh_texts_add(&t->entries, key, length, &entry->key);
  return entry;
}

static enum eh_status add_row(struct eh_joined *joined, struct table *t,
                              const struct eh_table_row *from, const struct wanted *w,
                              struct eh_error *error) {
  const struct eh_rules *rules = joined->rules;
  const char *key = key_of(rules, t->join, from->texts, from->lengths, joined->arena);
  t->rows++;
  if (!key) {
    t->without_key++;
    return EH_OK;
  }
  struct row *row = row_of(joined, from, w);
  if (t->join->from) {
    EH_TRY(day_of(joined, t, from, w->days, t->join->from, INT32_MIN, &row->from, error));
    EH_TRY(day_of(joined, t, from, w->days + 1, t->join->until, INT32_MAX, &row->until, error));
    if (row->until < row->from)
      return eh_fail_at(error, EH_BAD_INPUT, t->join->path, from->line, 0,
                        "ends before it begins; correct '%.100s' or '%.100s'", t->join->from,
                        t->join->until);
  }
  return insert(t, entry_of(joined, t, key), row, w, error);
}

static enum eh_status read_table(struct eh_joined *joined, size_t j,
                                 const struct eh_load_options *options, struct eh_error *error) {
  struct table *t = &joined->tables[j];
  struct wanted w = wanted_of(joined->rules, j, joined->arena);
  struct eh_table_rows rows;
  t->join = &joined->rules->joins[j];
  enum eh_status status =
      eh_table_rows_read(joined->arena, t->join, w.headers, w.count, options, &rows, error);
  for (size_t i = 0; i < rows.count && status == EH_OK; i++)
    status = add_row(joined, t, &rows.items[i], &w, error);
  free(rows.items);
  t->file = rows.file;
  return status;
}

enum eh_status eh_joined_read(struct eh_joined **joined, const struct eh_rules *rules,
                              const struct eh_load_options *options, struct eh_error *error) {
  *joined = NULL;
  if (!rules || !rules->join_count) return EH_OK;
  struct eh_joined *j = *joined = eh_alloc_zeroed(1, sizeof *j);
  *j = (struct eh_joined){.rules = rules,
                          .latest = options->as_of ? options->as_of : INT32_MAX,
                          .arena = eh_arena_new(),
                          .count = rules->join_count};
  eh_missing_filter_make(&j->missing, rules->missing, rules->missing_count);
  j->tables = eh_arena_alloc(j->arena, j->count, sizeof *j->tables);
  for (size_t i = 0; i < j->count; i++) EH_TRY(read_table(j, i, options, error));
  return EH_OK;
}

void eh_joined_free(struct eh_joined *joined) {
  if (!joined) return;
  for (size_t i = 0; i < joined->count; i++) eh_texts_free(&joined->tables[i].entries);
  eh_arena_free(joined->arena);
  free(joined);
}

enum eh_status eh_joined_check(const struct eh_rules *rules, const struct eh_layout *layout,
                               const char *name, struct eh_error *error) {
  for (size_t c = 0; rules && c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    for (size_t f = 0; column->join && f < layout->field_count; f++)
      if (strcmp(layout->headers[f], column->name) == 0)
        return eh_fail_at(
            error, EH_BAD_RULES, rules->file, column->place.line, column->place.column,
            "%.200s has a column '%.100s', and so has %.200s that is joined; give the "
            "joined one a name of its own: `columns: {another_name: %.100s}`",
            name, column->name, rules->joins[column->join - 1].file, column->header);
  }
  return EH_OK;
}

/* --- looking up --- */

/* Most keys are one text that needs no work and cannot stand for "not recorded". */
static bool is_plain_key(const struct eh_joined *joined, const struct eh_join *join,
                         const char *text, size_t length) {
  return join->key_count == 1 && eh_tidy_is_plain(text, length) &&
         length >= joined->rules->columns[join->keys[0]].id_digits &&
         !joined->rules->columns[join->keys[0]].split &&
         !eh_missing_may_be(&joined->missing, text, length);
}

enum eh_joining eh_joined_find(const struct eh_joined *joined, size_t j, const char *const *texts,
                               const uint32_t *lengths, const int32_t *day,
                               struct eh_arena *scratch, const struct eh_joined_row **row,
                               const char **key) {
  const struct table *t = &joined->tables[j];
  const struct entry *entry = NULL;
  *row = NULL;
  *key = "";
  if (is_plain_key(joined, t->join, texts[0], lengths[0]))
    entry = (const struct entry *)eh_texts_find(&t->entries, texts[0], lengths[0]);
  if (!entry) {
    const char *tidy = key_of(joined->rules, t->join, texts, lengths, scratch);
    if (!tidy) return EH_JOIN_NO_KEY;
    *key = tidy;
    entry = (const struct entry *)eh_texts_find(&t->entries, tidy, strlen(tidy));
  }
  if (!entry) return EH_JOIN_NOT_THERE;
  if (!t->join->from) {
    *row = &entry->first->row;
    return EH_JOIN_FOUND;
  }
  for (const struct row *r = entry->first; r && day && r->from <= *day; r = r->next)
    if (r->until >= *day) *row = &r->row; /* of two on one day the later */
  return *row ? EH_JOIN_FOUND : EH_JOIN_NOT_IN_FORCE;
}

void eh_joined_texts(const struct eh_joined *joined, const char **texts, struct eh_arena *arena) {
  for (size_t j = 0; joined && j < joined->count; j++) {
    const struct eh_join *join = joined->tables[j].join;
    const char *keys[EH_JOIN_MOST_KEYS], *key;
    uint32_t lengths[EH_JOIN_MOST_KEYS];
    for (size_t k = 0; k < join->key_count; k++) {
      keys[k] = texts[join->keys[k]] ? texts[join->keys[k]] : "";
      lengths[k] = (uint32_t)strlen(keys[k]);
    }
    int32_t day;
    const char *at = join->at >= 0 ? texts[join->at] : NULL;
    bool has_day = at && read_day(joined, at, strlen(at), &day);
    const struct eh_joined_row *row;
    (void)eh_joined_find(joined, j, keys, lengths, has_day ? &day : NULL, arena, &row, &key);
    for (size_t c = 0; c < joined->rules->column_count; c++) {
      if (joined->rules->columns[c].join != j + 1) continue;
      bool is_there = row && !eh_rules_is_missing(joined->rules, row->texts[c], row->lengths[c]);
      texts[c] = is_there ? eh_arena_copy(arena, row->texts[c], row->lengths[c]) : "";
    }
  }
}

/* --- what became of records --- */

void eh_join_gain_note(struct eh_join_gain *gain, enum eh_joining what, const char *key) {
  gain->counts[what]++;
  if (what != EH_JOIN_NOT_THERE || gain->key_count == EH_JOIN_KEYS) return;
  for (size_t i = 0; i < gain->key_count; i++)
    if (strcmp(gain->keys[i], key) == 0) return;
  size_t size = strlen(key) + 1;
  gain->keys[gain->key_count] = eh_alloc(size, 1);
  memcpy(gain->keys[gain->key_count++], key, size);
}

void eh_join_gain_add(struct eh_join_gain *gain, const struct eh_join_gain *other) {
  for (size_t i = 0; i < other->key_count; i++) {
    eh_join_gain_note(gain, EH_JOIN_NOT_THERE, other->keys[i]);
    gain->counts[EH_JOIN_NOT_THERE]--;
  }
  for (int i = 0; i <= EH_JOIN_NOT_IN_FORCE; i++) gain->counts[i] += other->counts[i];
}

void eh_join_gain_clear(struct eh_join_gain *gain) {
  for (size_t i = 0; i < gain->key_count; i++) free(gain->keys[i]);
  *gain = (struct eh_join_gain){0};
}

/* --- the account --- */

/* A key as readers see it: its parts with " / " between them, those of individuals as pseudonyms.
 */
static enum eh_status show_key(const struct eh_joined *joined, const struct eh_join *join,
                               const char *key, const struct eh_pseudonyms *pseudonyms,
                               struct eh_arena *arena, const char **shown, struct eh_error *error) {
  *shown = "";
  for (size_t k = 0; k < join->key_count; k++) {
    size_t length = strcspn(key, BETWEEN_KEYS);
    const char *part = eh_arena_copy(arena, key, length);
    if (pseudonyms && joined->rules->columns[join->keys[k]].is_individual) {
      char *pseudonym = eh_arena_alloc(arena, EH_PSEUDONYM_SIZE, 1);
      EH_TRY(eh_pseudonym_make(pseudonyms, eh_rules_individual(joined->rules, join->keys[k]), part,
                               length, pseudonym, error));
      part = pseudonym;
    }
    *shown = eh_arena_printf(arena, "%s%s%s", *shown, k ? " / " : "", part);
    key += length + (key[length] != '\0');
  }
  return EH_OK;
}

enum eh_status eh_joined_account(const struct eh_joined *joined, const struct eh_join_gain *gains,
                                 const struct eh_pseudonyms *pseudonyms, struct eh_arena *arena,
                                 struct eh_account *account, struct eh_error *error) {
  if (!joined) return EH_OK;
  account->joins = eh_arena_alloc(arena, joined->count, sizeof *account->joins);
  for (size_t j = 0; j < joined->count; j++) {
    const struct table *t = &joined->tables[j];
    const struct eh_join_gain *gain = &gains[j];
    const char **keys = eh_arena_alloc(arena, gain->key_count, sizeof *keys);
    for (size_t i = 0; i < gain->key_count; i++)
      EH_TRY(show_key(joined, t->join, gain->keys[i], pseudonyms, arena, &keys[i], error));
    const char **names = eh_arena_alloc(arena, t->join->key_count, sizeof *names);
    for (size_t k = 0; k < t->join->key_count; k++)
      names[k] = joined->rules->columns[t->join->keys[k]].name;
    account->joins[account->join_count++] =
        (struct eh_join_account){.file = t->file,
                                 .by = names,
                                 .by_count = t->join->key_count,
                                 .rows = t->rows,
                                 .rows_without_key = t->without_key,
                                 .found = gain->counts[EH_JOIN_FOUND],
                                 .without_key = gain->counts[EH_JOIN_NO_KEY],
                                 .not_there = gain->counts[EH_JOIN_NOT_THERE],
                                 .not_in_force = gain->counts[EH_JOIN_NOT_IN_FORCE],
                                 .keys = keys,
                                 .key_count = gain->key_count,
                                 .has_more_keys = gain->key_count == EH_JOIN_KEYS};
  }
  return EH_OK;
}
