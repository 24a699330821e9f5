/* Texts that become labels: of the derivation `recode`, and of an input's `recode`. */
#include <stdlib.h>
#include <string.h>

#include "rules/language/missing.h"
#include "rules/read/internal.h"

static bool stands_for_missing(const struct eh_recoding *recoding, const char *text) {
  return eh_missing_find(recoding->missing, recoding->missing_count, text, strlen(text)) !=
         SIZE_MAX;
}

/* The texts that become one label. */
static bool read_recoded(struct eh_reader *reader, const struct eh_recoding *recoding,
                         const struct eh_node *item, struct eh_choice *choice) {
  size_t count;
  const char *wanted = "the texts that become it, such as ['13A', '13B']";
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, item->key));
  const struct eh_node *texts = eh_read_items(reader, item, what, wanted, &count);
  bool is_good = count > 0 && *item->key;
  if (*item->key == '\0')
    eh_read_problem(reader, item->key_place,
                    "the label is empty; to make a text missing, list it under `missing`");
  if (count == 0 && item->kind == EH_NODE_LIST) eh_read_expected(reader, item, what, wanted);
  struct eh_literal *literals = eh_arena_alloc(reader->arena, count, sizeof *literals);
  *choice = (struct eh_choice){.label = eh_read_tidy(reader, item->key),
                               .texts = literals,
                               .text_count = count,
                               .place = item->key_place};
  for (size_t i = 0; i < count; i++) {
    const struct eh_node *text = &texts[i];
    const char *tidy = eh_read_tidy(reader, text->text ? text->text : "");
    literals[i] = (struct eh_literal){.reading = EH_AS_TEXT, .text = tidy, .length = strlen(tidy)};
    if (text->kind != EH_NODE_TEXT) {
      eh_read_expected(reader, text, what, wanted);
      is_good = false;
    } else if (stands_for_missing(recoding, tidy)) {
      eh_read_problem(reader, text->place,
                      "%s stands for \"not recorded\" under `missing`, so it is never recoded; "
                      "remove it here or there",
                      *text->text ? eh_read_shown(reader, text->text) : "an empty text");
      is_good = false;
    }
  }
  return is_good;
}

static int compare_texts(const void *left, const void *right) {
  const struct eh_node *a = *(const struct eh_node *const *)left;
  const struct eh_node *b = *(const struct eh_node *const *)right;
  int order = strcmp(a->text, b->text);
  if (order) return order;
  if (a->place.line != b->place.line) return a->place.line < b->place.line ? -1 : 1;
  return (a->place.column > b->place.column) - (a->place.column < b->place.column);
}

/* A text recoded to two labels: the second can never hold. */
static bool check_recoded_once(struct eh_reader *reader, const struct eh_node *to) {
  size_t count = 0, filled = 0;
  for (size_t i = 0; i < to->item_count; i++)
    count += to->items[i].kind == EH_NODE_TEXT ? 1 : to->items[i].item_count;
  const struct eh_node **texts = eh_alloc(count, sizeof *texts);
  for (size_t i = 0; i < to->item_count; i++) {
    const struct eh_node *item = &to->items[i];
    if (item->kind == EH_NODE_TEXT) texts[filled++] = item;
    for (size_t k = 0; item->kind == EH_NODE_LIST && k < item->item_count; k++) {
      if (item->items[k].kind == EH_NODE_TEXT) texts[filled++] = &item->items[k];
    }
  }
  qsort(texts, filled, sizeof *texts, compare_texts);
  bool is_good = true;
  for (size_t i = 1; i < filled; i++) {
    if (strcmp(texts[i - 1]->text, texts[i]->text) != 0) continue;
    eh_read_problem(reader, texts[i]->place, "`%s` is recoded above already (line %llu); keep one",
                    eh_read_shown(reader, texts[i]->text),
                    (unsigned long long)texts[i - 1]->place.line);
    is_good = false;
  }
  free(texts);
  return is_good;
}

bool eh_read_recoding(struct eh_reader *reader, const struct eh_node *node,
                      struct eh_recoding *recoding) {
  if (node->kind != EH_NODE_MAP || node->item_count == 0) {
    eh_read_expected(reader, node, recoding->what,
                     "labels with their texts, as in {drugs: ['35A']}");
    return false;
  }
  recoding->choices = eh_arena_alloc(reader->arena, node->item_count, sizeof *recoding->choices);
  recoding->choice_count = node->item_count;
  bool is_good = true;
  for (size_t i = 0; i < node->item_count; i++)
    is_good = read_recoded(reader, recoding, &node->items[i], &recoding->choices[i]) && is_good;
  return check_recoded_once(reader, node) && is_good;
}
