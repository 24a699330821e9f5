/* `joins`: tables of another grain, such as a roster of officers. */
#include <string.h>

#include "rules/language/inputs.h"
#include "rules/read/internal.h"

enum { MOST_JOINS = 20 };

static const struct eh_node *items_of(const struct eh_node *node, size_t *count) {
  *count = !node || node->kind == EH_NODE_TEXT ? 0
           : node->kind == EH_NODE_MAP         ? 1
                                               : node->item_count;
  if (*count > MOST_JOINS) *count = MOST_JOINS;
  return node && node->kind == EH_NODE_MAP ? node : node ? node->items : NULL;
}

/* A name and the header that it has in the table: of a text, the same; of a mapping, its value. */
struct pair {
  const char *name, *header;
  struct eh_place place;
};

static size_t count_pairs(const struct eh_node *node) {
  return !node ? 0 : node->kind == EH_NODE_TEXT ? 1 : node->item_count;
}

static bool pair_at(struct eh_reader *reader, const struct eh_node *node, size_t i,
                    struct pair *pair) {
  const struct eh_node *item = node->kind == EH_NODE_TEXT ? node : &node->items[i];
  bool is_map = node->kind == EH_NODE_MAP;
  if (item->kind != EH_NODE_TEXT || item->length == 0) return false;
  *pair = (struct pair){is_map ? item->key : item->text, eh_read_tidy(reader, item->text),
                        is_map ? item->key_place : item->place};
  return true;
}

void eh_read_join_names(struct eh_reader *reader, const struct eh_node *root) {
  size_t count;
  const struct eh_node *items = items_of(eh_read_get(root, "joins"), &count);
  for (size_t j = 0; j < count; j++) {
    const struct eh_node *columns =
        items[j].kind == EH_NODE_MAP ? eh_read_get(&items[j], "columns") : NULL;
    for (size_t i = 0; i < count_pairs(columns); i++) {
      struct pair pair;
      if (!pair_at(reader, columns, i, &pair)) continue;
      if (eh_read_is_name(pair.name))
        eh_read_list_joined(reader, pair.name, pair.header, j + 1, pair.place);
      else
        eh_read_problem(reader, pair.place,
                        "`%s` cannot stand in a condition; give it a name: `columns: {a_name: %s}`",
                        eh_read_shown(reader, pair.name), eh_read_shown(reader, pair.name));
    }
  }
}

/* --- one join --- */

/* Beside the rules, unless it says from where. */
static const char *path_of(struct eh_reader *reader, const char *file) {
  const char *slash = strrchr(reader->file, '/');
  if (*file == '/' || !slash) return file;
  return eh_arena_printf(reader->arena, "%.*s/%s", (int)(slash - reader->file), reader->file, file);
}

static void read_file(struct eh_reader *reader, const struct eh_node *item, struct eh_join *join) {
  const struct eh_node *file = eh_read_get(item, "file"), *sheet = eh_read_get(item, "sheet");
  join->file = file ? eh_read_text(reader, file, "`file`") : NULL;
  if (!file)
    eh_read_problem(reader, item->place, "a join needs `file: ` and the name of the table");
  else if (join->file && strcmp(join->file, "-") == 0)
    eh_read_problem(reader, file->place, "a join is read from a file, not from standard input");
  if (!join->file) join->file = "";
  join->path = path_of(reader, join->file);
  if (sheet) join->sheet = eh_read_text(reader, sheet, "`sheet`");
}

/* Is a column known where the join looks its rows up: in the records, or by an earlier join? */
static bool is_known(struct eh_reader *reader, int column, size_t number, struct eh_place place,
                     const char *key) {
  if (column < 0) return false;
  const struct eh_column *c = &reader->columns[column].column;
  if (c->kind == EH_GIVEN && c->join < number) return true;
  eh_read_problem(reader, place,
                  "`%s` takes a column of the records, or of a join further up; `%s` is %s", key,
                  eh_read_shown(reader, c->name),
                  c->kind == EH_GIVEN ? "joined here or further down" : "derived");
  return false;
}

static void read_keys(struct eh_reader *reader, const struct eh_node *item, size_t number,
                      struct eh_join *join) {
  const struct eh_node *on = eh_read_get(item, "on");
  size_t count = count_pairs(on);
  if (!on || count == 0 || count > EH_JOIN_MOST_KEYS) {
    eh_read_problem(reader, on ? on->place : item->place,
                    "a join needs `on: ` and the column, or up to %d columns, that the records and "
                    "the table share",
                    EH_JOIN_MOST_KEYS);
    return;
  }
  const char **headers = eh_arena_alloc(reader->arena, count, sizeof *headers);
  join->keys = eh_arena_alloc(reader->arena, count, sizeof *join->keys);
  join->key_headers = headers;
  for (size_t i = 0; i < count; i++) {
    struct pair pair;
    if (!pair_at(reader, on, i, &pair)) {
      eh_read_expected(reader, on, "`on`", "columns, or `{column: header of the table}`");
      return;
    }
    int column = eh_read_column(reader, pair.name, pair.place);
    if (!is_known(reader, column, number, pair.place, "on")) continue;
    headers[join->key_count] = pair.header;
    join->keys[join->key_count++] = column;
  }
}

static void read_days(struct eh_reader *reader, const struct eh_node *item, size_t number,
                      struct eh_join *join) {
  const struct eh_node *between = eh_read_get(item, "between"), *at = eh_read_get(item, "at");
  join->at = -1;
  if (!between && at)
    eh_read_problem(reader, at->key_place,
                    "`at` is the day that `between` is asked about; add `between: [from, until]`");
  if (!between) return;
  bool is_pair = between->kind == EH_NODE_LIST && between->item_count == 2;
  for (size_t i = 0; is_pair && i < 2; i++)
    is_pair = between->items[i].kind == EH_NODE_TEXT && between->items[i].length > 0;
  if (!is_pair) {
    eh_read_expected(reader, between, "`between`",
                     "the headers of two days in the table: the first, and the last on which a row "
                     "is in force");
    return;
  }
  join->from = eh_read_tidy(reader, between->items[0].text);
  join->until = eh_read_tidy(reader, between->items[1].text);
  int column = at ? eh_read_column_of(reader, at, "`at`") : reader->rules->date_column;
  struct eh_place place = at ? at->place : between->place;
  if (column < 0 && !at)
    eh_read_problem(reader, place,
                    "`between` needs a day of the records to ask about; name it with `at`, or give "
                    "the role `date` under `columns`");
  if (is_known(reader, column, number, place, "at")) join->at = column;
}

static void check_columns(struct eh_reader *reader, const struct eh_node *item) {
  const struct eh_node *columns = eh_read_get(item, "columns");
  struct pair pair;
  if (!columns || count_pairs(columns) == 0) {
    eh_read_problem(reader, columns ? columns->place : item->place,
                    "a join needs `columns: ` and those of the table that the records are given");
    return;
  }
  for (size_t i = 0; i < count_pairs(columns); i++)
    if (!pair_at(reader, columns, i, &pair)) {
      eh_read_expected(reader, columns, "`columns`",
                       "columns of the table, or `{a name: header of the table}`");
      return;
    }
}

void eh_read_joins(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"file", "sheet", "on", "columns", "between", "at"};
  size_t count;
  if (!node) return;
  const struct eh_node *items = items_of(node, &count);
  if (count == 0 || (node->kind == EH_NODE_LIST && node->item_count > MOST_JOINS)) {
    eh_read_problem(reader, node->place,
                    "`joins` takes a list of up to %d tables, such as `- {file: roster.csv, on: "
                    "officer_id, columns: [office]}`",
                    MOST_JOINS);
    return;
  }
  struct eh_rules *rules = reader->rules;
  rules->joins = eh_arena_alloc(reader->arena, count, sizeof *rules->joins);
  rules->join_count = count;
  for (size_t j = 0; j < count; j++) {
    struct eh_join *join = &rules->joins[j];
    *join = (struct eh_join){.place = items[j].place, .at = -1};
    if (!eh_read_map(reader, &items[j], "a join", keys, sizeof keys / sizeof *keys)) continue;
    read_file(reader, &items[j], join);
    read_keys(reader, &items[j], j + 1, join);
    read_days(reader, &items[j], j + 1, join);
    check_columns(reader, &items[j]);
  }
  int roles[] = {rules->case_column};
  for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
    if (roles[i] >= 0 && reader->columns[roles[i]].column.join)
      eh_read_problem(reader, reader->columns[roles[i]].column.place,
                      "`case` is the number of a record; it cannot come from a joined table");
}

/* --- once it is known what is in use --- */

static bool is_join_in_use(const struct eh_rules *rules, size_t number) {
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].join == number && eh_read_is_in_use(rules, c)) return true;
  return false;
}

/* From the last, since a join may look up by what an earlier one gives. */
void eh_read_mark_keys(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  for (size_t j = rules->join_count; j-- > 0;) {
    struct eh_join *join = &rules->joins[j];
    if (!is_join_in_use(rules, j + 1)) continue;
    for (size_t k = 0; k < join->key_count; k++) rules->columns[join->keys[k]].is_key = true;
    if (join->at < 0) continue;
    rules->columns[join->at].is_key = true;
    eh_read_mark_column(reader, join->at); /* its day is asked of its value */
  }
}

/* Joins that nothing asks for are dropped, and the columns of those behind numbered anew. */
void eh_read_renumber_joins(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  size_t kept = 0;
  for (size_t j = 0; j < rules->join_count; j++) {
    struct eh_join *join = &rules->joins[j];
    bool is_used = false;
    for (size_t c = 0; c < rules->column_count; c++)
      if (rules->columns[c].join == j + 1) {
        rules->columns[c].join = kept + 1;
        is_used = true;
      }
    if (!is_used) continue;
    for (size_t k = 0; k < join->key_count; k++) eh_read_renumber(reader, &join->keys[k]);
    eh_read_renumber(reader, &join->at);
    rules->joins[kept++] = *join;
  }
  rules->join_count = kept;
}
