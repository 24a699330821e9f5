/* YAML text to a tree of nodes with places. libyaml's events are used rather than its documents:
 * those resolve aliases silently, and a tree of aliases can unfold without bound. */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "rules/read/internal.h"

struct loader {
  struct eh_reader *reader;
  yaml_parser_t parser;
  bool failed; /* the tree cannot be had: a problem was added, or the parser stopped */
};

static struct eh_place place_of(yaml_mark_t mark) {
  return (struct eh_place){mark.line + 1, mark.column + 1};
}

/* What libyaml complains of is often far from what the user did; these are the usual causes. */
static const struct {
  const char *problem, *remedy; /* the first that occurs in libyaml's message */
} remedies[] = {
    {"cannot start any token", "put a value that begins with this character in quotes"},
    {"mapping values are not allowed",
     "check the indentation; a text that holds `: ` must stand in quotes, or below `key: >` on a "
     "line "
     "of its own"},
    {"',' or '}'",
     "close the bracket; a condition with a comma cannot stand inside { }: write it on a line of "
     "its own"},
    {"',' or ']'", "close the bracket, and put commas between the items"},
    {"expected key",
     "check the indentation; a condition begins with a name or a parenthesis, not with a quote"},
    {"'-' indicator",
     "check the indentation; each item of the list begins with `- ` in the same column"},
    {"", "check the indentation, the quotes and the brackets"},
};

static const char *remedy_of(const char *problem) {
  size_t i = 0;
  while (!strstr(problem, remedies[i].problem)) i++;
  return remedies[i].remedy;
}

static bool is_tab_at(const struct eh_reader *reader, struct eh_place place) {
  if (place.line > reader->line_count) return false;
  size_t offset = reader->lines[place.line - 1];
  for (uint64_t i = 1; i < place.column && offset < reader->length; i++)
    offset += eh_read_character_length(reader->text + offset);
  return offset < reader->length && reader->text[offset] == '\t';
}

static void add_syntax_problem(struct loader *loader) {
  const yaml_parser_t *parser = &loader->parser;
  struct eh_reader *reader = loader->reader;
  const char *problem = parser->problem ? parser->problem : "it cannot be read";
  const char *context = parser->context ? parser->context : "";
  struct eh_place place = place_of(parser->problem_mark), begun = place_of(parser->context_mark);
  if (strstr(context, "quoted scalar") && strstr(problem, "end of stream")) {
    eh_read_problem(reader, begun,
                    "this quote is never closed; close it, or double a quote inside the text");
  } else if (is_tab_at(reader, place)) {
    eh_read_problem(reader, place, "a tab cannot stand here; indent with blanks");
  } else {
    const char *where = "";
    if (strstr(context, "flow"))
      where = eh_arena_printf(reader->arena, ", for the bracket of line %llu",
                              (unsigned long long)begun.line);
    eh_read_problem(reader, place, "this is not YAML (%s%s); %s", problem, where,
                    remedy_of(problem));
  }
}

/* The next event, to be deleted by the caller; false when there is none. */
static bool next_event(struct loader *loader, yaml_event_t *event) {
  if (loader->failed) return false;
  if (yaml_parser_parse(&loader->parser, event)) return true;
  if (loader->parser.error == YAML_MEMORY_ERROR) eh_out_of_memory();
  loader->failed = true;
  add_syntax_problem(loader);
  return false;
}

/* Refuse an anchor or a tag, which nodes of each kind can carry. */
static void refuse_extras(struct loader *loader, struct eh_place place, const yaml_char_t *anchor,
                          const yaml_char_t *tag) {
  if (anchor)
    eh_read_problem(loader->reader, place,
                    "rules have no anchors (&%s): write the value out where it is needed",
                    eh_read_shown(loader->reader, (const char *)anchor));
  if (tag)
    eh_read_problem(loader->reader, place, "rules have no tags (%s): remove it",
                    eh_read_shown(loader->reader, (const char *)tag));
}

static void read_scalar(struct loader *loader, const yaml_event_t *event, struct eh_node *node) {
  static const enum eh_node_style styles[] = {
      [YAML_PLAIN_SCALAR_STYLE] = EH_STYLE_PLAIN,
      [YAML_SINGLE_QUOTED_SCALAR_STYLE] = EH_STYLE_SINGLE,
      [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = EH_STYLE_DOUBLE,
      [YAML_LITERAL_SCALAR_STYLE] = EH_STYLE_BLOCK,
      [YAML_FOLDED_SCALAR_STYLE] = EH_STYLE_BLOCK,
  };
  const char *value = (const char *)event->data.scalar.value;
  size_t length = event->data.scalar.length;
  refuse_extras(loader, node->place, event->data.scalar.anchor, event->data.scalar.tag);
  if (memchr(value, 0, length)) {
    eh_read_problem(loader->reader, node->place, "a text cannot hold a NUL character; remove it");
    length = strlen(value);
  }
  node->kind = EH_NODE_TEXT;
  node->style = styles[event->data.scalar.style];
  node->one_line = event->start_mark.line == event->end_mark.line;
  node->text = eh_arena_copy(loader->reader->arena, value, length);
  node->length = length;
}

static int compare_keys(const void *left, const void *right) {
  const struct eh_node *a = *(const struct eh_node *const *)left;
  const struct eh_node *b = *(const struct eh_node *const *)right;
  int order = strcmp(a->key, b->key);
  return order ? order : (a > b) - (a < b);
}

static void check_duplicates(struct eh_reader *reader, const struct eh_node *map) {
  if (map->item_count < 2) return;
  const struct eh_node **sorted = eh_alloc(map->item_count, sizeof *sorted);
  for (size_t i = 0; i < map->item_count; i++) sorted[i] = &map->items[i];
  qsort(sorted, map->item_count, sizeof *sorted, compare_keys);
  for (size_t i = 1; i < map->item_count; i++) {
    if (strcmp(sorted[i - 1]->key, sorted[i]->key) != 0) continue;
    eh_read_problem(reader, sorted[i]->key_place,
                    "`%s` stands here twice (before: line %llu); keep one, or give it another name",
                    eh_read_shown(reader, sorted[i]->key),
                    (unsigned long long)sorted[i - 1]->key_place.line);
  }
  free(sorted);
}

static bool read_node(struct loader *loader, const yaml_event_t *event, int depth,
                      struct eh_node *node);

/* The key of a map's next item into node; false at the map's end, or when there is no tree to be
 * had. */
static bool read_key(struct loader *loader, struct eh_node *node) {
  yaml_event_t event;
  if (!next_event(loader, &event)) return false;
  struct eh_place place = place_of(event.start_mark);
  bool is_text = event.type == YAML_SCALAR_EVENT, is_end = event.type == YAML_MAPPING_END_EVENT;
  struct eh_node key = {.place = place};
  if (is_text) read_scalar(loader, &event, &key);
  yaml_event_delete(&event);
  if (is_end) return false;
  if (!is_text) {
    eh_read_problem(loader->reader, place,
                    "a key must be a text, not a list, a mapping or an alias");
    loader->failed = true;
    return false;
  }
  *node = (struct eh_node){.key = key.text, .key_place = place};
  return true;
}

/* The items of a list or a map up to its end. */
static void read_items(struct loader *loader, struct eh_node *parent, int depth) {
  struct eh_node *items = NULL;
  size_t count = 0;
  bool is_map = parent->kind == EH_NODE_MAP;
  for (;;) {
    struct eh_node item = {0};
    yaml_event_t event;
    if (is_map && !read_key(loader, &item)) break;
    if (!next_event(loader, &event)) break;
    bool is_item = read_node(loader, &event, depth + 1, &item);
    yaml_event_delete(&event);
    if (!is_item) break;
    items = eh_read_grow(loader->reader, items, count, sizeof *items);
    items[count++] = item;
  }
  parent->items = items;
  parent->item_count = count;
  if (is_map && !loader->failed) check_duplicates(loader->reader, parent);
}

/* The node that begins with an event; false at the end of a list, or when there is no tree to be
 * had. */
static bool read_node(struct loader *loader, const yaml_event_t *event, int depth,
                      struct eh_node *node) {
  node->place = place_of(event->start_mark);
  if (event->type == YAML_SEQUENCE_END_EVENT) return false;
  if (event->type == YAML_SCALAR_EVENT) {
    read_scalar(loader, event, node);
    return true;
  }
  if (event->type == YAML_ALIAS_EVENT) {
    eh_read_problem(loader->reader, node->place,
                    "rules have no aliases (*%s): write the value out here",
                    eh_read_shown(loader->reader, (const char *)event->data.alias.anchor));
    node->text = "alias"; /* so that its absence is no second problem */
    node->length = strlen(node->text);
    return true;
  }
  if (depth > EH_MAX_RULES_DEPTH) {
    eh_read_problem(loader->reader, node->place,
                    "this is nested more than %d levels deep; rules need about five",
                    EH_MAX_RULES_DEPTH);
    loader->failed = true;
    return false;
  }
  bool is_map = event->type == YAML_MAPPING_START_EVENT;
  node->kind = is_map ? EH_NODE_MAP : EH_NODE_LIST;
  if (is_map)
    refuse_extras(loader, node->place, event->data.mapping_start.anchor,
                  event->data.mapping_start.tag);
  else
    refuse_extras(loader, node->place, event->data.sequence_start.anchor,
                  event->data.sequence_start.tag);
  read_items(loader, node, depth);
  return !loader->failed;
}

/* Skip to the next event of any of the document's own kinds; the caller deletes it. */
static bool next_content(struct loader *loader, yaml_event_t *event) {
  while (next_event(loader, event)) {
    if (event->type != YAML_STREAM_START_EVENT && event->type != YAML_DOCUMENT_START_EVENT &&
        event->type != YAML_DOCUMENT_END_EVENT)
      return true;
    yaml_event_delete(event);
  }
  return false;
}

static bool read_document(struct loader *loader, struct eh_node *root) {
  yaml_event_t event;
  if (!next_content(loader, &event)) return false;
  bool is_empty = event.type == YAML_STREAM_END_EVENT;
  bool done = !is_empty && read_node(loader, &event, 1, root);
  yaml_event_delete(&event);
  if (is_empty)
    eh_read_problem(loader->reader, (struct eh_place){1, 1},
                    "the file is empty; begin it with `evenhand: 1`");
  if (!done || !next_content(loader, &event)) return false;
  if (event.type != YAML_STREAM_END_EVENT)
    eh_read_problem(loader->reader, place_of(event.start_mark),
                    "a rules file is one document; remove the `---` before this one, or its text");
  yaml_event_delete(&event);
  return true;
}

const struct eh_node *eh_read_tree(struct eh_reader *reader) {
  struct loader loader = {.reader = reader};
  if (!yaml_parser_initialize(&loader.parser)) eh_out_of_memory();
  yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&loader.parser, (const unsigned char *)reader->text, reader->length);
  struct eh_node *root = eh_arena_alloc(reader->arena, 1, sizeof *root);
  bool done = read_document(&loader, root);
  yaml_parser_delete(&loader.parser);
  return done ? root : NULL;
}
