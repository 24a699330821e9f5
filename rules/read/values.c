/* Values of an expected kind: texts, numbers, words, lists and maps, or a problem that says what
 * was expected and what was found. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "rules/read/internal.h"

const struct eh_node *eh_read_get(const struct eh_node *map, const char *key) {
  if (map->kind != EH_NODE_MAP) return NULL;
  for (size_t i = 0; i < map->item_count; i++) {
    if (strcmp(map->items[i].key, key) == 0) return &map->items[i];
  }
  return NULL;
}

/* What a key without a value usually is. */
static const char CUT_BY_COMMA[] =
    "; inside { } a comma begins a new key: write numbers without commas, and a condition with a "
    "comma "
    "on a line of its own";

static bool is_empty(const struct eh_node *node) {
  return node->kind == EH_NODE_TEXT && node->length == 0 && node->style == EH_STYLE_PLAIN;
}

static const char *found(struct eh_reader *reader, const struct eh_node *node) {
  if (is_empty(node)) return "nothing stands here";
  if (node->item_count == 0 && node->kind != EH_NODE_TEXT) return "this is empty";
  if (node->kind == EH_NODE_LIST)
    return eh_arena_printf(reader->arena, "this is a list of %zu", node->item_count);
  if (node->kind == EH_NODE_MAP) return "this is a mapping (key: value)";
  return eh_arena_printf(reader->arena, "this is `%s`", eh_read_shown(reader, node->text));
}

void eh_read_expected(struct eh_reader *reader, const struct eh_node *node, const char *what,
                      const char *wanted) {
  eh_read_problem(reader, node->place, "%s takes %s; %s", what, wanted, found(reader, node));
}

/* "a, b or c" */
static const char *listed(struct eh_reader *reader, const char *const *words, size_t count) {
  const char *text = "";
  for (size_t i = 0; i < count; i++) {
    const char *joint = i == 0 ? "" : i + 1 < count ? ", " : " or ";
    text = eh_arena_printf(reader->arena, "%s%s`%s`", text, joint, words[i]);
  }
  return text;
}

bool eh_read_map(struct eh_reader *reader, const struct eh_node *node, const char *what,
                 const char *const *keys, size_t key_count) {
  if (node->kind != EH_NODE_MAP) {
    const char *wanted = listed(reader, keys, key_count);
    eh_read_expected(reader, node, what,
                     eh_arena_printf(reader->arena, "a mapping with %s", wanted));
    return false;
  }
  for (size_t i = 0; i < node->item_count; i++) {
    const struct eh_node *item = &node->items[i];
    bool is_known = false;
    for (size_t k = 0; k < key_count && !is_known; k++) is_known = strcmp(item->key, keys[k]) == 0;
    if (is_known || reader->problems->count >= EH_MAX_PROBLEMS) continue;
    const char *hint = eh_read_suggestion(reader, item->key, keys, key_count);
    if (!*hint && is_empty(item)) hint = CUT_BY_COMMA;
    if (!*hint)
      hint = eh_arena_printf(reader->arena, "; it knows %s", listed(reader, keys, key_count));
    eh_read_problem(reader, item->key_place, "%s has no key `%s`%s", what,
                    eh_read_shown(reader, item->key), hint);
  }
  return true;
}

const struct eh_node *eh_read_items(struct eh_reader *reader, const struct eh_node *node,
                                    const char *what, const char *wanted, size_t *count) {
  *count = 0;
  if (!node) return NULL;
  if (node->kind == EH_NODE_LIST) {
    *count = node->item_count;
    return node->items;
  }
  if (node->kind == EH_NODE_TEXT && !is_empty(node)) {
    *count = 1;
    return node;
  }
  eh_read_expected(reader, node, what, wanted);
  return NULL;
}

const char *eh_read_text(struct eh_reader *reader, const struct eh_node *node, const char *what) {
  if (node->kind == EH_NODE_TEXT && node->length > 0) return node->text;
  eh_read_expected(reader, node, what, "a text");
  return NULL;
}

bool eh_read_number(struct eh_reader *reader, const struct eh_node *node, const char *what,
                    double *number) {
  if (node->kind == EH_NODE_TEXT && eh_number_parse(node->text, node->length, number)) return true;
  eh_read_expected(reader, node, what, "a number, such as 16 or 0.5");
  return false;
}

bool eh_read_count(struct eh_reader *reader, const struct eh_node *node, const char *what,
                   uint64_t least, uint64_t most, uint64_t *number) {
  bool is_whole = node->kind == EH_NODE_TEXT && node->length > 0 && node->length <= 20;
  for (size_t i = 0; is_whole && i < node->length; i++)
    is_whole = node->text[i] >= '0' && node->text[i] <= '9';
  errno = 0;
  unsigned long long value = is_whole ? strtoull(node->text, NULL, 10) : 0;
  if (is_whole && errno == 0 && value >= least && value <= most) {
    *number = value;
    return true;
  }
  eh_read_expected(
      reader, node, what,
      eh_arena_printf(reader->arena, "a whole number from %llu to %llu, in digits only",
                      (unsigned long long)least, (unsigned long long)most));
  return false;
}

bool eh_read_is_day(const struct eh_node *node, int32_t *day) {
  return node->kind == EH_NODE_TEXT && node->length == 10 &&
         eh_date_parse(node->text, node->length, "%Y-%m-%d", day);
}

int eh_read_word(struct eh_reader *reader, const struct eh_node *node, const char *what,
                 const char *const *words, size_t count) {
  for (size_t i = 0; node->kind == EH_NODE_TEXT && i < count; i++) {
    if (strcmp(node->text, words[i]) == 0) return (int)i;
  }
  eh_read_expected(reader, node, what, listed(reader, words, count));
  return -1;
}

static bool ends_with(const char *text, const char *ending, size_t *rest) {
  size_t length = strlen(text), ending_length = strlen(ending);
  if (length < ending_length || strcmp(text + length - ending_length, ending) != 0) return false;
  *rest = length - ending_length;
  while (*rest > 0 && text[*rest - 1] == ' ') (*rest)--;
  return true;
}

bool eh_read_share(const struct eh_node *node, bool in_points, double *share) {
  if (node->kind != EH_NODE_TEXT) return false;
  size_t rest = node->length;
  bool is_of_hundred = ends_with(node->text, "%", &rest);
  if (!is_of_hundred && in_points)
    is_of_hundred = ends_with(node->text, "points", &rest) || ends_with(node->text, "point", &rest);
  double number;
  if (!eh_number_parse(node->text, rest, &number)) return false;
  *share = is_of_hundred ? number / 100 : number;
  return true;
}

void eh_read_confidence(struct eh_reader *reader, const struct eh_node *node, double *confidence) {
  double share;
  if (eh_read_share(node, false, &share) && share >= 0.5 && share < 1)
    *confidence = share;
  else
    eh_read_expected(reader, node, "`confidence`",
                     "a share from 50% to under 100%, such as 95% or 0.95");
}
