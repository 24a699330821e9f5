/* How each of the `inputs` gives the columns: under a header, as a constant or not at all; with a
 * prefix, and recoded. */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "rules/evaluate/evaluate.h"
#include "rules/read/internal.h"

/* What an input may say of a column. */
static const char *const keys[] = {"columns", "constants", "prefix", "recode"};
enum { COLUMNS, CONSTANTS, PREFIX, RECODE, KEYS };
enum { MOST_NEAR = 200 }; /* columns of an input up to which slips are looked for */

/* What an input says of a column under a key, or NULL. */
static const struct eh_node *said_of(const struct eh_node *item, int key, const char *name) {
  const struct eh_node *map = eh_read_get(item, keys[key]);
  return map ? eh_read_get(map, name) : NULL;
}

/* `missing`, not 'missing': the word, not a header. */
static bool is_missing(const struct eh_node *node) {
  return node->kind == EH_NODE_TEXT && node->style == EH_STYLE_PLAIN &&
         strcmp(node->text, "missing") == 0;
}

/* --- names --- */

/* Does anything in the rules ask for a given column of this name? */
static bool is_asked(const struct eh_reader *reader, const char *name) {
  for (size_t i = 0; i < reader->column_count; i++) {
    const struct eh_column *column = &reader->columns[i].column;
    if (column->kind == EH_GIVEN && strcmp(column->name, name) == 0) return true;
  }
  return false;
}

static bool is_listed(const struct eh_node *root, const char *name) {
  const struct eh_node *columns = eh_read_get(root, "columns");
  return columns && eh_read_get(columns, name);
}

/* Names that the rules ask for and this input does not give otherwise. */
static const char *near_name(struct eh_reader *reader, const struct eh_node *item, int key,
                             const char *name) {
  const char **known = eh_arena_alloc(reader->arena, reader->column_count, sizeof *known);
  size_t count = 0;
  for (size_t i = 0; i < reader->column_count; i++) {
    const struct eh_column *column = &reader->columns[i].column;
    if (column->kind == EH_GIVEN && !said_of(item, key, column->name))
      known[count++] = column->name;
  }
  return eh_read_suggestion(reader, name, known, count);
}

/* A header that nothing asks for does no harm, unless its name is a slip; anything else would do
   nothing. */
static void check_name(struct eh_reader *reader, const struct eh_node *root,
                       const struct eh_node *item, int key, const struct eh_node *said) {
  if (is_asked(reader, said->key) || is_listed(root, said->key)) return;
  if (key != COLUMNS && said_of(item, COLUMNS, said->key)) return;
  const struct eh_name *name = eh_read_find_name(reader, said->key);
  if (!name && (key == COLUMNS || key == CONSTANTS)) return; /* could not be one: told before */
  if (name && name->kind != EH_NAME_LISTED) {
    if (key == PREFIX || key == RECODE)
      eh_read_problem(reader, said->key_place,
                      "`%s` of an input takes columns of the records, and `%s` is none", keys[key],
                      eh_read_shown(reader, said->key));
    return;
  }
  if (key == COLUMNS && eh_read_get(item, keys[key])->item_count > MOST_NEAR) return;
  const char *near = near_name(reader, item, key, said->key);
  if (key == COLUMNS && !*near) return;
  eh_read_problem(reader, said->key_place, "nothing in these rules asks for `%s`%s",
                  eh_read_shown(reader, said->key), *near ? near : "; remove it");
}

/* --- what is said of one column --- */

static void check_header(struct eh_reader *reader, const struct eh_node *item,
                         const struct eh_node *said) {
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, said->key));
  if (said->kind != EH_NODE_TEXT || said->length == 0)
    eh_read_expected(reader, said, what, "a header of the files, or `missing`");
  else if (is_missing(said) && strcmp(said->key, "case") == 0)
    eh_read_problem(reader, said->place,
                    "`case` cannot be missing: without a number files cannot be pulled; name a "
                    "header that tells records apart");
  const struct eh_node *constant = said_of(item, CONSTANTS, said->key);
  if (constant)
    eh_read_problem(reader, constant->key_place,
                    "`%s` has a header above (line %llu); it cannot be a constant too",
                    eh_read_shown(reader, said->key), (unsigned long long)said->place.line);
}

static void check_constant(struct eh_reader *reader, const struct eh_node *said) {
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, said->key));
  const struct eh_rules *rules = reader->rules;
  if (said->kind != EH_NODE_TEXT || said->length == 0)
    eh_read_expected(reader, said, what, "the value that all records of the input have");
  else if (strcmp(said->key, "case") == 0 || strcmp(said->key, "person") == 0)
    eh_read_problem(reader, said->place,
                    "`%s` tells records apart, so it cannot be the same in all; name its header "
                    "under `columns`",
                    said->key);
  else if (eh_rules_is_missing(rules, said->text, said->length))
    eh_read_problem(reader, said->place,
                    "`%s` stands for a value that is not recorded; write `%s: missing` under "
                    "`columns`",
                    eh_read_shown(reader, said->text), eh_read_shown(reader, said->key));
}

static void check_prefix(struct eh_reader *reader, const struct eh_node *item,
                         const struct eh_node *said) {
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, said->key));
  const struct eh_node *header = said_of(item, COLUMNS, said->key);
  if (said->kind != EH_NODE_TEXT || said->length == 0)
    eh_read_expected(reader, said, what, "a text to put before each value, such as \"CBP-\"");
  else if (said_of(item, CONSTANTS, said->key) || (header && is_missing(header)))
    eh_read_problem(reader, said->key_place,
                    "no field of this input holds `%s`, so nothing gets this prefix; remove it",
                    eh_read_shown(reader, said->key));
}

static void check_recode(struct eh_reader *reader, const struct eh_node *item,
                         const struct eh_rules_input *input, const struct eh_node *said) {
  const struct eh_node *header = said_of(item, COLUMNS, said->key);
  const struct eh_rules *rules = reader->rules;
  struct eh_recoding recoding = {
      .what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, said->key)),
      .missing = input->missing ? input->missing : rules->missing,
      .missing_count = input->missing ? input->missing_count : rules->missing_count};
  if (said_of(item, CONSTANTS, said->key) || (header && is_missing(header)))
    eh_read_problem(reader, said->key_place,
                    "no field of this input holds `%s`, so nothing is recoded; remove it",
                    eh_read_shown(reader, said->key));
  if (!eh_read_recoding(reader, said, &recoding)) return;
  for (size_t i = 0; i < recoding.choice_count; i++)
    if (eh_rules_is_missing(rules, recoding.choices[i].label, strlen(recoding.choices[i].label)))
      eh_read_problem(reader, recoding.choices[i].place,
                      "the label `%s` stands for a value that is not recorded; list its texts "
                      "under `missing` of the input",
                      eh_read_shown(reader, recoding.choices[i].label));
}

void eh_read_check_input_columns(struct eh_reader *reader, const struct eh_node *root) {
  const struct eh_node *list = eh_read_get(root, "inputs");
  for (size_t i = 0; i < reader->rules->input_count; i++) {
    const struct eh_node *item = &list->items[i];
    for (int key = 0; key < KEYS && item->kind == EH_NODE_MAP; key++) {
      const struct eh_node *map = eh_read_get(item, keys[key]);
      if (!map) continue;
      const char *what = eh_arena_printf(reader->arena, "`%s`", keys[key]);
      if (map->kind != EH_NODE_MAP)
        eh_read_expected(reader, map, what, "a mapping that begins with the names of columns");
      for (size_t n = 0; map->kind == EH_NODE_MAP && n < map->item_count; n++) {
        const struct eh_node *said = &map->items[n];
        check_name(reader, root, item, key, said);
        if (key == COLUMNS) check_header(reader, item, said);
        if (key == CONSTANTS) check_constant(reader, said);
        if (key == PREFIX) check_prefix(reader, item, said);
        if (key == RECODE) check_recode(reader, item, &reader->inputs[i], said);
      }
    }
  }
}

/* --- the columns in use --- */

/* Can the rules read a value of the standard layout as they read its column? */
static bool can_read(const struct eh_rules *rules, const struct eh_column *column,
                     const char *text) {
  double number;
  int32_t day;
  size_t length = strlen(text);
  bool is_date = !column->read_as_date;
  for (size_t i = 0; i < rules->date_form_count && !is_date; i++)
    is_date = eh_date_parse(text, length, rules->date_forms[i], &day);
  return is_date && (!column->read_as_number || eh_number_parse(text, length, &number));
}

static void check_readable(struct eh_reader *reader, const struct eh_column *column,
                           struct eh_place place, const char *text) {
  if (can_read(reader->rules, column, text)) return;
  eh_read_problem(reader, place, "`%s` is read as a %s, and `%s` is none; write it %s%s",
                  eh_read_shown(reader, column->name), column->read_as_date ? "date" : "number",
                  eh_read_shown(reader, text), column->read_as_date ? "as " : "in digits",
                  column->read_as_date ? reader->rules->date_forms[0] : "");
}

static void read_recodes(struct eh_reader *reader, const struct eh_node *said,
                         const struct eh_column *column, struct eh_input_column *provided) {
  struct eh_recoding recoding = {.what = ""}; /* read before: no problem is added */
  if (!eh_read_recoding(reader, said, &recoding)) return;
  for (size_t i = 0; i < recoding.choice_count; i++)
    check_readable(reader, column, recoding.choices[i].place, recoding.choices[i].label);
  provided->recodes = recoding.choices;
  provided->recode_count = recoding.choice_count;
}

struct search {
  int column;
  bool is_found;
};

static void look_for(void *context, int column, enum eh_reading reading) {
  struct search *search = context;
  (void)reading;
  search->is_found |= column == search->column;
}

/* Does only the `keep` of other inputs ask for a column? */
static bool is_for_others(const struct eh_reader *reader, const struct eh_rules_input *input,
                          size_t index) {
  struct search search = {.column = (int)index};
  for (size_t i = 0; i < reader->column_count; i++)
    if (reader->columns[i].final == search.column && !reader->columns[i].is_of_keeps) return false;
  if (input->keep) eh_expression_each_column(input->keep, look_for, &search);
  return !search.is_found;
}

static void read_column(struct eh_reader *reader, const struct eh_node *item,
                        const struct eh_rules_input *input, size_t index) {
  const struct eh_column *column = &reader->rules->columns[index];
  const struct eh_node *header = said_of(item, COLUMNS, column->name);
  const struct eh_node *constant = said_of(item, CONSTANTS, column->name);
  const struct eh_node *prefix = said_of(item, PREFIX, column->name);
  const struct eh_node *recode = said_of(item, RECODE, column->name);
  const struct eh_node *columns = eh_read_get(item, "columns");
  struct eh_input_column *provided = &input->columns[index];
  *provided =
      (struct eh_input_column){.provision = EH_IN_FIELD,
                               .text = header ? eh_read_tidy(reader, header->text) : column->header,
                               .prefix = prefix ? prefix->text : "",
                               .place = header    ? header->place
                                        : columns ? columns->key_place
                                                  : input->place};
  if (header && is_missing(header)) provided->provision = EH_NOT_PROVIDED;
  if (!header && !constant && is_for_others(reader, input, index)) {
    provided->provision = EH_NOT_PROVIDED;
    provided->text = NULL;
  }
  if (constant) {
    provided->provision = EH_CONSTANT;
    provided->text = eh_read_tidy(reader, constant->text);
    provided->place = constant->place;
    check_readable(reader, column, constant->place, constant->text);
  }
  if (prefix && (column->read_as_date || column->read_as_number))
    eh_read_problem(reader, prefix->key_place,
                    "`%s` is read as a %s, which a prefix would spoil; remove it",
                    eh_read_shown(reader, column->name), column->read_as_date ? "date" : "number");
  if (recode) read_recodes(reader, recode, column, provided);
}

void eh_read_input_columns(struct eh_reader *reader, const struct eh_node *root) {
  struct eh_rules *rules = reader->rules;
  const struct eh_node *list = eh_read_get(root, "inputs");
  if (reader->problems->count > 0) return;
  for (size_t i = 0; i < rules->input_count; i++) {
    struct eh_rules_input *input = &reader->inputs[i];
    input->columns = eh_arena_alloc(reader->arena, rules->column_count, sizeof *input->columns);
    for (size_t c = 0; c < rules->column_count; c++) {
      if (rules->columns[c].join) {
        input->columns[c] = (struct eh_input_column){.provision = EH_NOT_PROVIDED, .prefix = ""};
      } else if (rules->columns[c].kind == EH_GIVEN) {
        read_column(reader, &list->items[i], input, c);
      }
    }
  }
}
