/* How the records' numbers are written: `numbers`, by name or sign by sign. */
#include <string.h>

#include "rules/read/internal.h"

static bool read_yes(struct eh_reader *reader, const struct eh_node *map, const char *key) {
  static const char *const words[] = {"no", "yes", "false", "true"};
  const struct eh_node *node = eh_read_get(map, key);
  if (!node) return false;
  int word = eh_read_word(reader, node, eh_arena_printf(reader->arena, "`%s`", key), words, 4);
  return word > 0 && word % 2;
}

static char read_decimal(struct eh_reader *reader, const struct eh_node *map) {
  const struct eh_node *node = eh_read_get(map, "decimal");
  if (!node) return '.';
  if (node->kind == EH_NODE_TEXT && node->length == 1 && strchr(".,", node->text[0]))
    return node->text[0];
  eh_read_expected(reader, node, "`decimal`", "the sign before a fraction: \".\" or \",\"");
  return '.';
}

/* The signs that may stand between thousands. */
static void read_thousands(struct eh_reader *reader, const struct eh_node *map,
                           struct eh_number_form *form) {
  static const char *const wanted =
      "the sign between thousands, or several in a list: \",\", \".\", \"'\", \"_\" or \" \"";
  size_t count, filled = 0;
  const struct eh_node *node = eh_read_get(map, "thousands");
  const struct eh_node *items = eh_read_items(reader, node, "`thousands`", wanted, &count);
  for (size_t i = 0; items && i < count; i++) {
    const struct eh_node *item = &items[i];
    bool is_sign = item->kind == EH_NODE_TEXT && item->length == 1 &&
                   strchr(",.'_ ", item->text[0]) && filled + 1 < sizeof form->thousands;
    if (!is_sign) {
      eh_read_expected(reader, item, "`thousands`", wanted);
    } else if (item->text[0] == form->decimal) {
      eh_read_problem(reader, item->place,
                      "`%c` cannot stand between thousands and before the fraction as well; say "
                      "`decimal`, too",
                      form->decimal);
    } else {
      form->thousands[filled++] = item->text[0];
    }
  }
}

static const struct eh_number_form *by_name(struct eh_reader *reader, const struct eh_node *node) {
  const struct eh_number_form *form = eh_number_form_named(node->text);
  if (form) return form;
  int word =
      eh_read_word(reader, node, "`numbers`", eh_number_form_names, eh_number_form_name_count);
  (void)word; /* none, and the problem says so */
  return NULL;
}

const struct eh_number_form *eh_read_number_form(struct eh_reader *reader,
                                                 const struct eh_node *node) {
  static const char *const keys[] = {"decimal", "thousands", "currency", "percent", "parentheses"};
  static const char *const negative[] = {"no", "negative"};
  if (!node) return NULL;
  if (node->kind == EH_NODE_TEXT) return by_name(reader, node);
  struct eh_number_form *form = eh_arena_alloc(reader->arena, 1, sizeof *form);
  if (!eh_read_map(reader, node, "`numbers`", keys, sizeof keys / sizeof keys[0])) return NULL;
  form->decimal = read_decimal(reader, node);
  read_thousands(reader, node, form);
  form->currency = read_yes(reader, node, "currency");
  form->percent = read_yes(reader, node, "percent");
  const struct eh_node *parentheses = eh_read_get(node, "parentheses");
  if (parentheses)
    form->parentheses = eh_read_word(reader, parentheses, "`parentheses`", negative, 2) == 1;
  return form;
}

void eh_read_numbers(struct eh_reader *reader, const struct eh_node *node) {
  reader->rules->numbers = eh_read_number_form(reader, node);
}
