/* Reading a rules file, from its text to checked rules. */
#include <string.h>

#include "engine/base/digest.h"
#include "rules/read/sections.h"

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
      .period_columns = {-1, -1, -1, -1},
      .repeats = {.order_by = -1, .worst = -1},
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

void eh_read_version(struct eh_reader *reader, const struct eh_node *node) {
  if (!node)
    eh_read_problem(
        reader, reader->root->place,
        "the file does not say which version of the rules language it is in; add `evenhand: 1`");
  else if (node->kind != EH_NODE_TEXT || strcmp(node->text, "1") != 0)
    eh_read_expected(reader, node, "`evenhand`",
                     "the version of the rules language; this program reads version 1");
}

const char *eh_read_block(struct eh_reader *reader, const struct eh_node *node, const char *what,
                          const char *old) {
  const char *text = node ? eh_read_text(reader, node, what) : NULL;
  if (!text) return old;
  size_t length = strlen(text);
  while (length > 0 && strchr(" \n", text[length - 1])) length--;
  return eh_arena_copy(reader->arena, text, length);
}

void eh_read_title(struct eh_reader *reader, const struct eh_node *node) {
  reader->rules->title = eh_read_block(reader, node, "`title`", reader->rules->title);
}

void eh_read_about(struct eh_reader *reader, const struct eh_node *node) {
  reader->rules->about = eh_read_block(reader, node, "`about`", reader->rules->about);
}

static bool has_sections(struct eh_reader *reader, const struct eh_section *sections,
                         size_t count) {
  const struct eh_node *root = reader->root;
  if (root->kind != EH_NODE_MAP) { /* records, perhaps: what they say is not quoted */
    eh_read_problem(
        reader, root->place,
        "a rules file is a mapping with `evenhand`, `columns`, `measures`, `comparisons` "
        "and so on, and this is %s; does it hold records? The rules come first",
        root->kind == EH_NODE_LIST ? "a list" : "a text");
    return false;
  }
  const char **keys = eh_arena_alloc(reader->arena, count, sizeof *keys);
  for (size_t i = 0; i < count; i++) keys[i] = sections[i].key;
  return eh_read_map(reader, root, "a rules file", keys, count);
}

static void read_sections(struct eh_reader *reader) {
  size_t count;
  const struct eh_section *sections = eh_sections(&count);
  if (!has_sections(reader, sections, count)) return;
  for (enum eh_read_pass pass = 0; pass < EH_READ_PASSES; pass++)
    for (size_t i = 0; i < count; i++)
      if (sections[i].pass == pass && sections[i].read)
        sections[i].read(reader, eh_read_get(reader->root, sections[i].key));
  eh_read_family(reader, reader->root);
  eh_read_built_in_missing(reader, reader->root);
  eh_read_settle_inputs(reader, reader->root);
  eh_read_candidates(reader);
  eh_read_use(reader);
  if (reader->problems->count == 0) {
    eh_read_check_ids(reader);
    eh_read_check_after_decision(reader);
  }
  eh_read_input_columns(reader, reader->root);
  eh_read_mark_aliases(reader);
}

static void list_names(struct eh_reader *reader) {
  const char **names = eh_arena_alloc(reader->arena, reader->name_count, sizeof *names);
  for (size_t i = 0; i < reader->name_count; i++) names[i] = reader->names[i].text;
  reader->rules->names = names;
  reader->rules->name_count = reader->name_count;
}

static enum eh_status read_rules(struct eh_reader start, const struct eh_rules **rules) {
  struct eh_reader reader = start;
  struct eh_arena *arena = reader.arena;
  struct eh_problems *problems = reader.problems;
  *rules = NULL;
  reader.rules = new_rules(arena, reader.file, reader.text, reader.length);
  reader.parse = (struct eh_parse){
      .arena = arena, .file = reader.file, .resolve = resolve, .context = &reader, .problems = problems};
  if (eh_read_scan(&reader)) reader.root = eh_read_tree(&reader);
  if (reader.root) read_sections(&reader);
  if (problems->count > 0) {
    eh_problems_sort(problems, 0);
    return EH_BAD_RULES;
  }
  list_names(&reader);
  eh_read_name_expects(&reader);
  *rules = reader.rules;
  return EH_OK;
}

enum eh_status eh_rules_read(struct eh_arena *arena, const char *file, const char *text,
                             size_t length, const struct eh_rules **rules,
                             struct eh_problems *problems) {
  return read_rules((struct eh_reader){.arena = arena,
                                       .file = file,
                                       .text = text,
                                       .length = length,
                                       .problems = problems},
                    rules);
}

enum eh_status eh_rules_vary(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_variation *variation, const struct eh_rules **varied,
                             struct eh_problems *problems) {
  return read_rules((struct eh_reader){.arena = arena,
                                       .file = rules->file,
                                       .text = rules->text,
                                       .length = rules->text_length,
                                       .variation = variation,
                                       .problems = problems},
                    varied);
}
