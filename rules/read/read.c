/* Reading a rules file, from its text to checked rules. */
#include <string.h>

#include "engine/base/digest.h"
#include "rules/read/internal.h"

static int resolve(void *context, const char *name, size_t length, struct eh_place place) {
  struct eh_reader *reader = context;
  return eh_read_column(reader, eh_arena_copy(reader->arena, name, length), place);
}

static struct eh_rules *new_rules(struct eh_arena *arena, const char *file, const char *text,
                                  size_t length) {
  struct eh_rules *rules = eh_arena_alloc(arena, 1, sizeof *rules);
  *rules = (struct eh_rules){
      .file = eh_arena_string(arena, file),
      .title = "Untitled rules",
      .about = "",
      .text = text,
      .text_length = length,
      .case_column = -1,
      .person_column = -1,
      .date_column = -1,
      .policy_column = -1,
      .source_column = -1,
      .one_per = -1,
      .flag = {.false_discovery_rate = 0.05,
               .smallest_difference = 0.10,
               .smallest_caseload = 30,
               .confidence = 0.95,
               .test = EH_TEST_EXACT,
               .multiplicity = EH_BENJAMINI_HOCHBERG},
      .seed = 1,
      .review = {.confidence = 0.95, .tolerable_rate = 0.05},
  };
  eh_digest_of(text, length, rules->sha256);
  return rules;
}

static void read_version(struct eh_reader *reader, const struct eh_node *root) {
  const struct eh_node *node = eh_read_get(root, "evenhand");
  if (!node)
    eh_read_problem(
        reader, root->place,
        "the file does not say which version of the rules language it is in; add `evenhand: 1`");
  else if (node->kind != EH_NODE_TEXT || strcmp(node->text, "1") != 0)
    eh_read_expected(reader, node, "`evenhand`",
                     "the version of the rules language; this program reads version 1");
}

/* A text without the line break that ends a block. */
static const char *trimmed(struct eh_reader *reader, const char *text) {
  size_t length = strlen(text);
  while (length > 0 && strchr(" \n", text[length - 1])) length--;
  return eh_arena_copy(reader->arena, text, length);
}

static void read_titles(struct eh_reader *reader, const struct eh_node *root) {
  struct eh_rules *rules = reader->rules;
  const struct eh_node *title = eh_read_get(root, "title"), *about = eh_read_get(root, "about");
  const char *text = title ? eh_read_text(reader, title, "`title`") : NULL;
  if (text) rules->title = trimmed(reader, text);
  text = about ? eh_read_text(reader, about, "`about`") : NULL;
  if (text) rules->about = trimmed(reader, text);
}

/* The sections in the order in which they need each other. */
static void read_sections(struct eh_reader *reader, const struct eh_node *root) {
  static const char *const keys[] = {
      "evenhand",   "title",    "about",       "columns", "missing",
      "dates",      "records",  "policies",    "derive",  "similarly_situated",
      "on_missing", "measures", "comparisons", "flag",    "review",
      "totals",     "expect",   "reliability", "inputs",  "individuals"};
  if (root->kind != EH_NODE_MAP) { /* records, perhaps: what they say is not quoted */
    eh_read_problem(
        reader, root->place,
        "a rules file is a mapping with `evenhand`, `columns`, `measures`, `comparisons` "
        "and so on, and this is %s; does it hold records? The rules come first",
        root->kind == EH_NODE_LIST ? "a list" : "a text");
    return;
  }
  if (!eh_read_map(reader, root, "a rules file", keys, sizeof keys / sizeof keys[0])) return;
  read_version(reader, root);
  read_titles(reader, root);
  eh_read_names(reader, root);
  eh_read_missing(reader, eh_read_get(root, "missing"));
  eh_read_dates(reader, eh_read_get(root, "dates"));
  eh_read_derive(reader, eh_read_get(root, "derive"));
  eh_read_policies(reader, eh_read_get(root, "policies"));
  eh_read_records(reader, eh_read_get(root, "records"));
  eh_read_flag(reader, eh_read_get(root, "flag"), &reader->rules->flag, &reader->rules->seed);
  eh_read_review(reader, eh_read_get(root, "review"));
  eh_read_situated(reader, root);
  eh_read_measures(reader, root);
  eh_read_comparisons(reader, root);
  eh_read_totals(reader, eh_read_get(root, "totals"));
  eh_read_expects(reader, eh_read_get(root, "expect"));
  eh_read_criteria(reader, eh_read_get(root, "reliability"));
  eh_read_individuals(reader, eh_read_get(root, "individuals"));
  eh_read_inputs(reader, root);
  eh_read_built_in_missing(reader, root);
  eh_read_settle_inputs(reader, root);
  eh_read_use(reader);
  eh_read_input_columns(reader, root);
  eh_read_mark_aliases(reader);
}

static void list_names(struct eh_reader *reader) {
  const char **names = eh_arena_alloc(reader->arena, reader->name_count, sizeof *names);
  for (size_t i = 0; i < reader->name_count; i++) names[i] = reader->names[i].text;
  reader->rules->names = names;
  reader->rules->name_count = reader->name_count;
}

enum eh_status eh_rules_read(struct eh_arena *arena, const char *file, const char *text,
                             size_t length, const struct eh_rules **rules,
                             struct eh_problems *problems) {
  struct eh_reader reader = {
      .arena = arena, .file = file, .text = text, .length = length, .problems = problems};
  *rules = NULL;
  reader.rules = new_rules(arena, file, text, length);
  reader.parse = (struct eh_parse){
      .arena = arena, .file = file, .resolve = resolve, .context = &reader, .problems = problems};
  const struct eh_node *root = eh_read_scan(&reader) ? eh_read_tree(&reader) : NULL;
  if (root) read_sections(&reader, root);
  if (problems->count > 0) {
    eh_problems_sort(problems, 0);
    return EH_BAD_RULES;
  }
  list_names(&reader);
  eh_read_name_expects(&reader);
  *rules = reader.rules;
  return EH_OK;
}
