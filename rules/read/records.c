/* `records` and `policies`: which records are audited, and under which policy each was decided. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "rules/read/internal.h"

static const int32_t UNKNOWN_DAY = INT32_MIN; /* of a policy whose `from` could not be read */

static void read_one_per(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  bool is_person = node->kind == EH_NODE_TEXT && strcmp(node->text, "person") == 0;
  if (is_person && !eh_read_find_name(reader, "person")) {
    eh_read_problem(
        reader, node->place,
        "`columns` does not say which column is the person; add `person: ` and its header there");
    return;
  }
  int column = eh_read_column_of(reader, node, "`one_per`");
  if (column < 0) return;
  const struct eh_working_column *named = &reader->columns[column];
  if (named->column.kind != EH_GIVEN)
    eh_read_problem(reader, node->place,
                    "`one_per` takes a column of the records, and `%s` is derived; name another",
                    eh_read_shown(reader, named->column.name));
  else if (column == rules->case_column)
    eh_read_problem(reader, node->place,
                    "each case stays only once anyway; `one_per` takes the person");
  else
    rules->one_per = column;
}

static void read_choose(struct eh_reader *reader, const struct eh_node *records,
                        const struct eh_node *node) {
  static const char *const words[] = {"first", "last"};
  struct eh_rules *rules = reader->rules;
  rules->choose_last = eh_read_word(reader, node, "`choose`", words, 2) == 1;
  if (!eh_read_get(records, "one_per"))
    eh_read_problem(
        reader, node->key_place,
        "there is nothing to choose from without `one_per`; add it, or remove `choose`");
  else if (rules->date_column < 0)
    eh_read_problem(reader, node->key_place,
                    "first and last go by date; add `date: ` and its header under `columns`");
}

void eh_read_records(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"keep", "one_per", "choose", "repeated", "order_by", "worst"};
  if (!node || !eh_read_map(reader, node, "`records`", keys, 6)) return;
  const struct eh_node *keep = eh_read_get(node, "keep");
  const struct eh_node *one_per = eh_read_get(node, "one_per");
  const struct eh_node *choose = eh_read_get(node, "choose");
  if (keep) reader->rules->keep = eh_read_condition(reader, keep, "`keep`");
  if (one_per) read_one_per(reader, one_per);
  if (choose) read_choose(reader, node, choose);
  eh_read_repeats(reader, node);
}

void eh_read_mark_records(struct eh_reader *reader) {
  eh_read_mark_condition(reader, reader->rules->keep);
}

static struct eh_policy *find_policy(struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->policy_count; i++) {
    if (strcmp(rules->policies[i].name, name) == 0) return &rules->policies[i];
  }
  return NULL;
}

/* A policy's name stands in a joined label beside others and beside "(none)". */
static void check_policy_name(struct eh_reader *reader, const struct eh_node *node) {
  if (strcmp(node->text, "(none)") == 0 || strcmp(node->text, "(not recorded)") == 0)
    eh_read_problem(reader, node->place,
                    "`%s` has a meaning of its own in reports; choose another name", node->text);
  else if (strstr(node->text, " + "))
    eh_read_problem(
        reader, node->place,
        "` + ` joins the names of policies in force together; write the name without it");
  else if (find_policy(reader->rules, node->text))
    eh_read_problem(reader, node->place, "two policies are named `%s`; give this one another name",
                    eh_read_shown(reader, node->text));
}

/* Name and date of one policy; what it supersedes is read when all are known. */
static void read_policy(struct eh_reader *reader, const struct eh_node *item) {
  static const char *const keys[] = {"name", "from", "supersedes"};
  struct eh_rules *rules = reader->rules;
  if (!eh_read_map(reader, item, "a policy", keys, 3)) return;
  const struct eh_node *name = eh_read_get(item, "name"), *from = eh_read_get(item, "from");
  struct eh_policy policy = {.from = UNKNOWN_DAY, .until = INT32_MAX, .place = item->place};
  if (!name || !from)
    eh_read_problem(reader, item->place, "a policy needs %s",
                    name ? "`from: ` and the day it began, such as 2011-06-17"
                         : "`name: ` and what it is called");
  if (from && !eh_read_is_day(from, &policy.from))
    eh_read_expected(reader, from, "`from`", "a day of the calendar, such as 2011-06-17");
  if (!name || !eh_read_text(reader, name, "`name`")) return;
  check_policy_name(reader, name);
  policy.name = name->text;
  rules->policies[rules->policy_count++] = policy;
}

/* End a policy the day before another begins. */
static void end_policy(struct eh_reader *reader, const struct eh_policy *successor,
                       const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  const char *shown = eh_read_shown(reader, node->text);
  struct eh_policy *ended = find_policy(rules, node->text);
  if (!ended) {
    const char **known = eh_arena_alloc(reader->arena, rules->policy_count, sizeof *known);
    for (size_t i = 0; i < rules->policy_count; i++) known[i] = rules->policies[i].name;
    const char *hint = eh_read_suggestion(reader, node->text, known, rules->policy_count);
    eh_read_problem(reader, node->place, "there is no policy `%s`%s", shown,
                    *hint ? hint : "; name one of this list");
  } else if (strcmp(ended->name, successor->name) == 0) {
    eh_read_problem(reader, node->place, "a policy cannot supersede itself; name an earlier one");
  } else if (ended->from == UNKNOWN_DAY || successor->from == UNKNOWN_DAY) {
    return;
  } else if (ended->from >= successor->from) {
    eh_read_problem(
        reader, node->place,
        "`%s` does not begin before this policy, so this cannot supersede it; check both dates",
        shown);
  } else if (ended->until != INT32_MAX) {
    eh_read_problem(reader, node->place,
                    "`%s` is superseded by another policy already; remove one of the two", shown);
  } else {
    ended->until = successor->from - 1;
  }
}

static void read_supersedes(struct eh_reader *reader, const struct eh_node *item) {
  const struct eh_node *name = eh_read_get(item, "name");
  const struct eh_node *node = eh_read_get(item, "supersedes");
  if (!node || !name || name->kind != EH_NODE_TEXT) return;
  struct eh_policy *policy = find_policy(reader->rules, name->text);
  if (!policy) return;
  size_t count;
  const struct eh_node *items = eh_read_items(
      reader, node, "`supersedes`", "the name of an earlier policy, or a list of names", &count);
  const char **names = eh_arena_alloc(reader->arena, count, sizeof *names);
  policy->supersedes = names;
  policy->supersedes_count = 0; /* a name that stands twice is a problem already */
  for (size_t i = 0; i < count; i++) {
    const char *ended = eh_read_text(reader, &items[i], "`supersedes`");
    if (!ended) continue;
    end_policy(reader, policy, &items[i]);
    names[policy->supersedes_count++] = ended;
  }
}

static int compare_policies(const void *left, const void *right) {
  const struct eh_policy *a = left, *b = right;
  if (a->from != b->from) return a->from < b->from ? -1 : 1;
  if (a->place.line != b->place.line) return a->place.line < b->place.line ? -1 : 1;
  return (a->place.column > b->place.column) - (a->place.column < b->place.column);
}

void eh_read_policies(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (!node) return;
  if (node->kind != EH_NODE_LIST || node->item_count == 0 || node->item_count > EH_MAX_POLICIES) {
    eh_read_expected(
        reader, node, "`policies`",
        "a list of 1 to 200 policies, such as {name: June memorandum, from: 2011-06-17}");
    return;
  }
  rules->policies = eh_arena_alloc(reader->arena, node->item_count, sizeof *rules->policies);
  for (size_t i = 0; i < node->item_count; i++) read_policy(reader, &node->items[i]);
  for (size_t i = 0; i < node->item_count; i++) read_supersedes(reader, &node->items[i]);
  qsort(rules->policies, rules->policy_count, sizeof *rules->policies, compare_policies);
}
