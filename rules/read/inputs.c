/* `inputs`: sources of records of different layout. What each says of itself is read here, except
 * how it gives the columns (read_input_columns.c). */
#include <string.h>

#include "rules/language/pattern.h"
#include "rules/read/internal.h"

static const char NAMELESS[] = "(not recorded)"; /* the reports' label of no value */

static const struct eh_node *list_of(const struct eh_node *root, size_t *count) {
  const struct eh_node *node = eh_read_get(root, "inputs");
  *count = node && node->kind == EH_NODE_LIST ? node->item_count : 0;
  if (*count > EH_MAX_INPUTS) *count = EH_MAX_INPUTS;
  return node;
}

void eh_read_input_names(struct eh_reader *reader, const struct eh_node *root) {
  static const char *const keys[] = {"columns", "constants"};
  size_t count;
  const struct eh_node *list = list_of(root, &count);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < 2; k++) {
      const struct eh_node *map = eh_read_get(&list->items[i], keys[k]);
      for (size_t n = 0; map && map->kind == EH_NODE_MAP && n < map->item_count; n++)
        eh_read_list_name(reader, &map->items[n]);
    }
}

/* --- one input --- */

static void read_name(struct eh_reader *reader, const struct eh_node *item, size_t before,
                      struct eh_rules_input *input) {
  const struct eh_node *node = eh_read_get(item, "name");
  input->name = "";
  if (!node) {
    eh_read_problem(reader, item->place, "an input needs `name: ` and what reports call it");
    return;
  }
  const char *name = eh_read_text(reader, node, "`name`");
  if (!name) return;
  input->name = name;
  input->place = node->place;
  if (strcmp(name, NAMELESS) == 0)
    eh_read_problem(reader, node->place, "`%s` has a meaning of its own in reports; choose another",
                    name);
  for (size_t i = 0; i < before; i++) {
    if (strcmp(reader->inputs[i].name, name) != 0) continue;
    eh_read_problem(reader, node->place, "two inputs are named `%s`; give this one another name",
                    eh_read_shown(reader, name));
    return;
  }
}

/* The input before that has a pattern which covers this one, or NULL. */
static const struct eh_rules_input *taken_by(const struct eh_reader *reader, size_t before,
                                             const char *pattern, const char **by) {
  for (size_t i = 0; i < before; i++) {
    const struct eh_rules_input *other = &reader->inputs[i];
    for (size_t k = 0; k < other->pattern_count; k++) {
      *by = other->patterns[k];
      if (eh_pattern_covers(*by, pattern)) return other;
    }
  }
  return NULL;
}

/* The input before that takes the files that fit no other, or NULL. */
static const struct eh_rules_input *rest_before(const struct eh_reader *reader, size_t before) {
  for (size_t i = 0; i < before; i++)
    if (reader->inputs[i].pattern_count == 0) return &reader->inputs[i];
  return NULL;
}

static void check_pattern(struct eh_reader *reader, const struct eh_node *node, size_t before) {
  if (strchr(node->text, '/')) {
    eh_read_problem(reader, node->place,
                    "`files` is held against the names of files without their folders; leave out "
                    "all up to the last `/`");
    return;
  }
  const char *by;
  const struct eh_rules_input *other = taken_by(reader, before, node->text, &by);
  if (!other) return;
  if (strcmp(by, node->text) == 0)
    eh_read_problem(reader, node->place,
                    "the files of `%s` are those of the input `%s` above; remove it here or there",
                    eh_read_shown(reader, by), eh_read_shown(reader, other->name));
  else
    eh_read_problem(reader, node->place,
                    "every file of `%s` is one of `%s` too, and goes to the input `%s` above; put "
                    "this input before it, or remove one of the two patterns",
                    eh_read_shown(reader, node->text), eh_read_shown(reader, by),
                    eh_read_shown(reader, other->name));
}

/* Does the input that takes the rest get any file? */
static void check_rest(struct eh_reader *reader) {
  size_t count = reader->rules->input_count;
  const struct eh_rules_input *rest = rest_before(reader, count);
  const char *by;
  const struct eh_rules_input *other = rest ? taken_by(reader, count, "*", &by) : NULL;
  if (!other) return;
  eh_read_problem(reader, rest->place,
                  "no file is left for this input: all are files of `%s`, and go to the input "
                  "`%s`; say with `files: ` which files this one takes, and put it first",
                  eh_read_shown(reader, by), eh_read_shown(reader, other->name));
}

static void read_files(struct eh_reader *reader, const struct eh_node *item, size_t before,
                       struct eh_rules_input *input) {
  const struct eh_node *node = eh_read_get(item, "files");
  static const char wanted[] =
      "a pattern of file names, such as \"cbp*.csv\", or several in a list";
  const struct eh_rules_input *other = node ? NULL : rest_before(reader, before);
  if (other)
    eh_read_problem(reader, item->place,
                    "the input `%s` takes the files that fit no other already; say with `files: ` "
                    "which files this one takes",
                    eh_read_shown(reader, other->name));
  if (!node) return;
  size_t count;
  const struct eh_node *items = eh_read_items(reader, node, "`files`", wanted, &count);
  if (node->kind == EH_NODE_LIST && count == 0) eh_read_expected(reader, node, "`files`", wanted);
  const char **patterns = eh_arena_alloc(reader->arena, count + 1, sizeof *patterns);
  patterns[0] = "";
  for (size_t i = 0; i < count; i++) {
    patterns[i] = "";
    if (items[i].kind != EH_NODE_TEXT || items[i].length == 0) {
      eh_read_expected(reader, &items[i], "`files`", wanted);
      continue;
    }
    patterns[i] = items[i].text;
    check_pattern(reader, &items[i], before);
  }
  input->patterns = patterns;
  input->pattern_count = count ? count : 1;
}

static void read_input(struct eh_reader *reader, const struct eh_node *item, size_t index) {
  static const char *const keys[] = {"name",    "files",  "columns", "constants", "prefix",
                                     "dates",   "missing", "encoding", "numbers", "recode",
                                     "keep",    "sheet",  "header",  "totals_rows"};
  struct eh_rules_input *input = &reader->inputs[index];
  *input = (struct eh_rules_input){.name = "", .place = item->place};
  if (!eh_read_map(reader, item, "an input", keys, sizeof keys / sizeof keys[0])) return;
  read_name(reader, item, index, input);
  read_files(reader, item, index, input);
  input->missing =
      eh_read_missing_list(reader, eh_read_get(item, "missing"), &input->missing_count);
  input->date_forms =
      eh_read_date_forms(reader, eh_read_get(item, "dates"), &input->date_form_count);
  const struct eh_node *sheet = eh_read_get(item, "sheet");
  if (sheet) input->sheet = eh_read_text(reader, sheet, "`sheet`");
  input->encoding = eh_read_encoding_of(reader, eh_read_get(item, "encoding"));
  input->header = eh_read_header_of(reader, eh_read_get(item, "header"));
  input->totals_rows = eh_read_totals_rows_of(reader, eh_read_get(item, "totals_rows"));
  input->numbers = eh_read_number_form(reader, eh_read_get(item, "numbers"));
  const struct eh_node *keep = eh_read_get(item, "keep");
  if (keep) input->keep = eh_read_condition(reader, keep, "`keep`");
}

/* --- what each keeps, as a part of what the rules keep --- */

static struct eh_expression *new_node(struct eh_reader *reader, enum eh_expression_kind kind,
                                      struct eh_place place) {
  struct eh_expression *node = eh_arena_alloc(reader->arena, 1, sizeof *node);
  *node = (struct eh_expression){.kind = kind,
                                 .column = -1,
                                 .other = -1,
                                 .line = place.line,
                                 .position = place.column,
                                 .test = -1};
  return node;
}

static struct eh_expression *joined(struct eh_reader *reader, enum eh_expression_kind kind,
                                    const struct eh_expression *left,
                                    const struct eh_expression *right) {
  struct eh_expression *node =
      new_node(reader, kind, (struct eh_place){right->line, right->position});
  node->children = eh_arena_alloc(reader->arena, 2, sizeof *node->children);
  node->children[0] = (struct eh_expression *)left;
  node->children[1] = (struct eh_expression *)right;
  node->child_count = 2;
  return node;
}

/* source != 'NAME' */
static struct eh_expression *not_from(struct eh_reader *reader,
                                      const struct eh_rules_input *input) {
  struct eh_expression *node = new_node(reader, EH_COMPARE, input->place);
  node->op = EH_NE;
  node->column = reader->rules->source_column;
  node->literals = eh_arena_alloc(reader->arena, 1, sizeof *node->literals);
  node->literals[0] = (struct eh_literal){
      .reading = EH_AS_TEXT, .text = input->name, .length = strlen(input->name)};
  node->literal_count = 1;
  eh_read_keep_condition(reader, node);
  return node;
}

static void join_keeps(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < rules->input_count && rules->source_column >= 0; i++) {
    const struct eh_rules_input *input = &reader->inputs[i];
    if (!input->keep || !*input->name) continue;
    const struct eh_expression *kept = joined(reader, EH_OR, not_from(reader, input), input->keep);
    rules->keep = rules->keep ? joined(reader, EH_AND, rules->keep, kept) : kept;
  }
}

/* --- the whole --- */

/* In the standard layout that records are brought to, what is not recorded is empty. Where an input
   has codes of its own for it, the file's hold for the others only. */
static void settle_missing(struct eh_reader *reader) {
  static const char *const empty[] = {""};
  struct eh_rules *rules = reader->rules;
  bool are_own = false;
  for (size_t i = 0; i < rules->input_count; i++) are_own |= reader->inputs[i].missing != NULL;
  if (!are_own) return;
  for (size_t i = 0; i < rules->input_count; i++) {
    struct eh_rules_input *input = &reader->inputs[i];
    if (!input->missing) {
      input->missing = rules->missing;
      input->missing_count = rules->missing_count;
      input->missing_built_in = rules->missing_built_in;
    }
    input->missing = eh_read_with_empty(reader, input->missing, &input->missing_count);
  }
  rules->missing = empty;
  rules->missing_count = 1;
  rules->missing_built_in = false;
}

/* The same for numbers, which are plain in the standard layout. Each input's own form is known, or
   nobody's is. */
static void settle_numbers(struct eh_reader *reader, const struct eh_node *root) {
  struct eh_rules *rules = reader->rules;
  bool are_own = false;
  const struct eh_node *list = eh_read_get(root, "inputs");
  for (size_t i = 0; i < rules->input_count; i++) are_own |= reader->inputs[i].numbers != NULL;
  if (!are_own) return;
  for (size_t i = 0; i < rules->input_count; i++) {
    struct eh_rules_input *input = &reader->inputs[i];
    if (!input->numbers) input->numbers = rules->numbers;
    if (!input->numbers)
      eh_read_problem(reader, list->items[i].place,
                      "another input says how its numbers are written (`numbers`), and this one "
                      "does not; add `numbers: plain` (1200.50), or what is so here");
  }
  rules->numbers = eh_number_form_named("plain");
}

/* The same for dates, which are written 2011-06-17 in the standard layout. */
static void settle_dates(struct eh_reader *reader) {
  static const char *const standard[] = {"%Y-%m-%d"};
  struct eh_rules *rules = reader->rules;
  bool are_own = false;
  for (size_t i = 0; i < rules->input_count; i++) are_own |= reader->inputs[i].date_forms != NULL;
  if (!are_own) return;
  for (size_t i = 0; i < rules->input_count; i++) {
    struct eh_rules_input *input = &reader->inputs[i];
    if (input->date_forms) continue;
    input->date_forms = rules->date_forms;
    input->date_form_count = rules->date_form_count;
  }
  rules->date_forms = standard;
  rules->date_form_count = 1;
}

void eh_read_inputs(struct eh_reader *reader, const struct eh_node *node) {
  size_t count;
  (void)node; /* a mapping may stand for a list of one */
  const struct eh_node *list = list_of(reader->root, &count);
  if (!list) return;
  if (count == 0) {
    eh_read_expected(reader, list, "`inputs`",
                     "a list of sources, such as `- {name: CBP, files: \"cbp*.csv\"}`");
    return;
  }
  if (list->item_count > EH_MAX_INPUTS)
    eh_read_problem(reader, list->place, "there are more than %d inputs; remove those not needed",
                    EH_MAX_INPUTS);
  struct eh_rules *rules = reader->rules;
  rules->inputs = reader->inputs = eh_arena_alloc(reader->arena, count, sizeof *reader->inputs);
  rules->inputs_place = list->key_place;
  size_t asked = reader->column_count;
  for (; rules->input_count < count; rules->input_count++)
    read_input(reader, &list->items[rules->input_count], rules->input_count);
  for (size_t i = asked; i < reader->column_count; i++) reader->columns[i].is_of_keeps = true;
  check_rest(reader);
  join_keeps(reader);
}

void eh_read_settle_inputs(struct eh_reader *reader, const struct eh_node *root) {
  if (reader->rules->input_count == 0) return;
  settle_missing(reader);
  settle_dates(reader);
  settle_numbers(reader, root);
  eh_read_check_input_columns(reader, root);
}
