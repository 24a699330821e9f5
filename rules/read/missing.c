/* What stands for "not recorded": the rules' own list, or the built-in one without the texts that
 * the rules ask for themselves. */
#include "rules/language/missing.h"

#include <string.h>

#include "engine/base/tidy.h"
#include "rules/read/internal.h"

const char *eh_read_tidy(struct eh_reader *reader, const char *text) {
  size_t length = strlen(text);
  const char *tidy = eh_tidy_text(reader->arena, text, &length);
  return tidy == text && text[length] == '\0' ? text : eh_arena_copy(reader->arena, tidy, length);
}

const char *const *eh_read_missing_list(struct eh_reader *reader, const struct eh_node *node,
                                        size_t *count) {
  size_t given;
  const struct eh_node *items =
      eh_read_items(reader, node, "`missing`", "a list of texts, such as [\"\", NA]", &given);
  *count = 0;
  if (!items && given == 0 && !(node && node->kind == EH_NODE_LIST)) return NULL;
  const char **texts = eh_arena_alloc(reader->arena, given + 1, sizeof *texts);
  for (size_t i = 0; i < given; i++) {
    texts[i] = items[i].kind == EH_NODE_TEXT ? eh_read_tidy(reader, items[i].text) : "";
    bool is_empty = items[i].length == 0 && items[i].style == EH_STYLE_PLAIN;
    if (items[i].kind != EH_NODE_TEXT || is_empty)
      eh_read_expected(reader, &items[i], "`missing`", "texts (an empty one is written \"\")");
  }
  *count = given;
  return texts;
}

const char *const *eh_read_with_empty(struct eh_reader *reader, const char *const *texts,
                                      size_t *count) {
  const char **longer = eh_arena_alloc(reader->arena, *count + 1, sizeof *longer);
  for (size_t i = 0; i < *count; i++) {
    if (!*texts[i]) return texts;
    longer[i] = texts[i];
  }
  longer[(*count)++] = "";
  return longer;
}

void eh_read_missing(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const empty[] = {""};
  struct eh_rules *rules = reader->rules;
  rules->missing = eh_read_missing_list(reader, node, &rules->missing_count);
  rules->missing_built_in = !rules->missing;
  if (rules->missing) {
    rules->missing = eh_read_with_empty(reader, rules->missing, &rules->missing_count);
    return;
  }
  rules->missing = empty;
  rules->missing_count = 1;
}

/* --- the built-in list --- */

struct choosing {
  struct eh_reader *reader;
  bool *is_value; /* by item of the list: the rules ask for it */
};

static void keep_value(struct choosing *choosing, const char *text, size_t length) {
  size_t item = eh_missing_find(eh_missing_built_in, eh_missing_built_in_count, text, length);
  if (item != SIZE_MAX && length > 0) choosing->is_value[item] = true;
}

/* What a condition compares a column of the records with. */
static void keep_compared(struct choosing *choosing, const struct eh_expression *node) {
  for (size_t i = 0; i < node->child_count; i++) keep_compared(choosing, node->children[i]);
  if (node->column < 0) return;
  if (choosing->reader->columns[node->column].column.kind != EH_GIVEN) return;
  for (size_t i = 0; i < node->literal_count; i++)
    if (node->literals[i].reading == EH_AS_TEXT)
      keep_value(choosing, node->literals[i].text, node->literals[i].length);
}

static void keep_recoded(struct choosing *choosing) {
  const struct eh_reader *reader = choosing->reader;
  for (size_t c = 0; c < reader->column_count; c++) {
    const struct eh_column *column = &reader->columns[c].column;
    for (size_t i = 0; column->kind == EH_RECODE && i < column->choice_count; i++)
      for (size_t k = 0; k < column->choices[i].text_count; k++)
        keep_value(choosing, column->choices[i].texts[k].text, column->choices[i].texts[k].length);
  }
}

/* Every text in a part of the file, and every key. */
static void keep_said(struct choosing *choosing, const struct eh_node *node) {
  if (node->key) keep_value(choosing, node->key, strlen(node->key));
  if (node->kind == EH_NODE_TEXT) keep_value(choosing, node->text, node->length);
  for (size_t i = 0; i < node->item_count; i++) keep_said(choosing, &node->items[i]);
}

void eh_read_built_in_missing(struct eh_reader *reader, const struct eh_node *root) {
  struct eh_rules *rules = reader->rules;
  if (!rules->missing_built_in) return;
  size_t count = eh_missing_built_in_count;
  struct choosing choosing = {reader, eh_arena_alloc(reader->arena, count, sizeof(bool))};
  for (size_t i = 0; i < reader->condition_count; i++)
    keep_compared(&choosing, reader->conditions[i]);
  keep_recoded(&choosing);
  const struct eh_node *inputs = eh_read_get(root, "inputs");
  for (size_t i = 0; inputs && inputs->kind == EH_NODE_LIST && i < inputs->item_count; i++) {
    const struct eh_node *recode = eh_read_get(&inputs->items[i], "recode");
    const struct eh_node *constants = eh_read_get(&inputs->items[i], "constants");
    if (recode) keep_said(&choosing, recode);
    if (constants) keep_said(&choosing, constants);
  }
  const char **texts = eh_arena_alloc(reader->arena, count, sizeof *texts);
  rules->missing_count = 0;
  for (size_t i = 0; i < count; i++)
    if (!choosing.is_value[i]) texts[rules->missing_count++] = eh_missing_built_in[i];
  rules->missing = texts;
}
