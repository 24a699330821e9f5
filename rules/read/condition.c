/* Conditions: handing their text to the parser, and finding the true places of what it says.
 *
 * The parser counts places on from the condition's first character. Where YAML folds lines or
 * doubles quotes that count goes astray, so it is given one long line, and each place on it is
 * looked up in a map made by walking the condition and the file side by side. */
#include <stdlib.h>
#include <string.h>

#include "rules/read/internal.h"

/* A place in the file, as it is walked. */
struct cursor {
  const struct eh_reader *reader;
  size_t offset;
  struct eh_place place;
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static struct cursor cursor_at(const struct eh_reader *reader, struct eh_place place) {
  struct cursor cursor = {reader, reader->length, place};
  if (place.line > reader->line_count) return cursor;
  cursor.offset = reader->lines[place.line - 1];
  for (uint64_t i = 1; i < place.column && cursor.offset < reader->length; i++)
    cursor.offset += eh_read_character_length(reader->text + cursor.offset);
  return cursor;
}

static void step(struct cursor *cursor) {
  const char *at = cursor->reader->text + cursor->offset;
  size_t broken = eh_read_break_length(at, cursor->reader->length - cursor->offset);
  cursor->offset += broken ? broken : eh_read_character_length(at);
  if (broken)
    cursor->place = (struct eh_place){cursor->place.line + 1, 1};
  else
    cursor->place.column++;
}

static bool is_at_blank(const struct cursor *cursor) {
  size_t left = cursor->reader->length - cursor->offset;
  const char *at = cursor->reader->text + cursor->offset;
  return left > 0 && (is_blank(*at) || eh_read_break_length(at, left) > 0);
}

/* Where the text of a node begins: after its quote, or below the line of its | or >. */
static struct eh_place first_place(const struct eh_node *node) {
  struct eh_place place = node->place;
  if (node->style == EH_STYLE_BLOCK) return (struct eh_place){place.line + 1, 1};
  if (node->style != EH_STYLE_PLAIN) place.column++;
  return place;
}

/* The place in the file of each character of a node's text, and of its end. */
static struct eh_place *places_of(const struct eh_reader *reader, const struct eh_node *node,
                                  size_t *count) {
  struct eh_place *places = eh_alloc(node->length + 1, sizeof *places);
  struct cursor cursor = cursor_at(reader, first_place(node));
  *count = 0;
  for (size_t at = 0; at < node->length; at += eh_read_character_length(node->text + at)) {
    if (!is_blank(node->text[at])) {
      while (is_at_blank(&cursor)) step(&cursor);
    }
    places[(*count)++] = cursor.place;
    if (is_blank(node->text[at]) || cursor.offset >= reader->length) continue;
    step(&cursor);
    bool is_doubled = node->style == EH_STYLE_SINGLE && node->text[at] == '\'';
    if (is_doubled && cursor.offset < reader->length) step(&cursor);
  }
  places[*count] = cursor.place;
  return places;
}

struct relocation {
  const struct eh_place *places;
  size_t count;
  struct eh_place first; /* what the parser was given */
};

static struct eh_place relocated(const struct relocation *relocation, uint64_t line,
                                 uint64_t column) {
  bool is_counted = line == relocation->first.line && column >= relocation->first.column;
  if (!is_counted) return (struct eh_place){line, column};
  uint64_t offset = column - relocation->first.column;
  return relocation->places[offset < relocation->count ? offset : relocation->count];
}

static void relocate_tree(const struct relocation *relocation, struct eh_expression *tree) {
  struct eh_place place = relocated(relocation, tree->line, tree->position);
  tree->line = place.line;
  tree->position = place.column;
  for (size_t i = 0; i < tree->child_count; i++) relocate_tree(relocation, tree->children[i]);
}

static void keep(struct eh_reader *reader, struct eh_expression *condition) {
  reader->conditions = eh_read_grow(reader, reader->conditions, reader->condition_count,
                                    sizeof(struct eh_expression *));
  reader->conditions[reader->condition_count++] = condition;
}

void eh_read_keep_condition(struct eh_reader *reader, struct eh_expression *condition) {
  eh_expression_number_tests(&reader->parse, condition);
  keep(reader, condition);
}

/* Parse the text as one line, then put right every place that the parser leaves behind. */
static struct eh_expression *parse_relocated(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_problems *problems = reader->problems;
  size_t first_problem = problems->count, first_column = reader->column_count, count;
  struct eh_place *places = places_of(reader, node, &count);
  struct relocation relocation = {places, count, first_place(node)};
  char *text = eh_arena_copy(reader->arena, node->text, node->length);
  for (size_t i = 0; i < node->length; i++) {
    if (is_blank(text[i])) text[i] = ' ';
  }
  struct eh_expression *tree =
      eh_expression_parse(&reader->parse, text, node->length, relocation.first);
  if (tree) relocate_tree(&relocation, tree);
  for (size_t i = first_problem; i < problems->count; i++) {
    struct eh_error *item = &problems->items[i];
    struct eh_place place = relocated(&relocation, item->line, item->column);
    item->line = place.line;
    item->column = place.column;
  }
  for (size_t i = first_column; i < reader->column_count; i++) {
    struct eh_column *column = &reader->columns[i].column;
    column->place = relocated(&relocation, column->place.line, column->place.column);
  }
  free(places);
  return tree;
}

struct eh_expression *eh_read_choice(struct eh_reader *reader, const struct eh_node *node,
                                     const char *what) {
  if (reader->problems->count >= EH_MAX_PROBLEMS) return NULL;
  if (node->kind != EH_NODE_TEXT || node->length == 0) {
    eh_read_expected(reader, node, what, "a condition, such as outcome = 'released'");
    return NULL;
  }
  bool is_straight = node->style == EH_STYLE_PLAIN && node->one_line;
  struct eh_expression *tree =
      is_straight ? eh_expression_parse(&reader->parse, node->text, node->length, node->place)
                  : parse_relocated(reader, node);
  if (tree) keep(reader, tree);
  return tree;
}

struct eh_expression *eh_read_condition(struct eh_reader *reader, const struct eh_node *node,
                                        const char *what) {
  struct eh_expression *tree = eh_read_choice(reader, node, what);
  if (!tree || tree->kind != EH_OTHERWISE) return tree;
  eh_read_problem(reader, node->place,
                  "`otherwise` is the last choice of a `first_of` only; write a condition");
  return NULL;
}
