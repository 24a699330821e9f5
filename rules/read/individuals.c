/* `individuals`: the columns whose values name persons. Reports can put pseudonyms in their place,
 * and a release leaves them out. */
#include <stdlib.h>
#include <strings.h>

#include "rules/language/inputs.h"
#include "rules/language/question.h"
#include "rules/read/internal.h"

void eh_read_individuals(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (rules->person_column >= 0) reader->columns[rules->person_column].column.is_individual = true;
  if (!node) return;
  rules->individuals_given = true;
  size_t count;
  const int *columns = eh_read_columns_of(reader, node, "`individuals`", &count);
  for (size_t i = 0; i < count; i++) {
    struct eh_column *column = &reader->columns[columns[i]].column;
    column->is_individual = true;
    if (column->kind != EH_GIVEN)
      eh_read_problem(reader, node->place,
                      "`individuals` takes columns of the records, and `%s` is derived; name the "
                      "column that it comes from",
                      eh_read_shown(reader, column->name));
  }
}

/* --- other names of the same headers --- */

/* Headers under which a source has what one kind of mark is set for. Of all inputs together: a
 * header that holds ids in one hardly holds anything else in another. */
struct marked_headers {
  const char **items;
  size_t count;
};

/* Databases take names with capitals or without for the same. */
static int by_header(const void *left, const void *right) {
  return strcasecmp(*(const char *const *)left, *(const char *const *)right);
}

/* Of a joined column, in its table: what is called there as an individual is in the records is taken
   for one. */
static const char *header_in(const struct eh_rules *rules, size_t input, size_t column) {
  if (rules->columns[column].join) return rules->columns[column].header;
  return eh_rules_header(rules, rules->input_count ? &rules->inputs[input] : NULL, column);
}

static size_t layout_count(const struct eh_rules *rules) {
  return rules->input_count ? rules->input_count : 1;
}

/* A mark of a column, to be read or set. */
typedef bool *mark_of(struct eh_column *column);
static bool *individual_of(struct eh_column *column) { return &column->is_individual; }
static bool *person_of(struct eh_column *column) { return &column->is_person; }
static bool *case_of(struct eh_column *column) { return &column->is_case; }

/* Under what header the keys of joins with the mark stand in their tables. */
static void collect_keys(const struct eh_rules *rules, mark_of *mark, struct marked_headers *m) {
  for (size_t j = 0; j < rules->join_count; j++)
    for (size_t k = 0; k < rules->joins[j].key_count; k++)
      if (*mark(&rules->columns[rules->joins[j].keys[k]]))
        m->items[m->count++] = rules->joins[j].key_headers[k];
}

static void collect_headers(const struct eh_rules *rules, mark_of *mark, struct marked_headers *m) {
  m->count = 0;
  for (size_t c = 0; c < rules->column_count; c++)
    for (size_t i = 0; *mark(&rules->columns[c]) && i < layout_count(rules); i++) {
      const char *header = header_in(rules, i, c);
      if (header) m->items[m->count++] = header;
    }
  collect_keys(rules, mark, m);
  qsort(m->items, m->count, sizeof *m->items, by_header);
}

static bool has_marked_header(const struct eh_rules *rules, size_t column,
                              const struct marked_headers *m) {
  for (size_t i = 0; i < layout_count(rules); i++) {
    const char *header = header_in(rules, i, column);
    if (header && bsearch(&header, m->items, m->count, sizeof *m->items, by_header)) return true;
  }
  return false;
}

/* Set a mark for all that share a header with one that has it, until nothing is new. */
static void spread_mark(struct eh_reader *reader, mark_of *mark, struct marked_headers *m) {
  struct eh_rules *rules = reader->rules;
  bool is_changed = true;
  while (is_changed) {
    is_changed = false;
    collect_headers(rules, mark, m);
    for (size_t c = 0; c < rules->column_count && m->count; c++) {
      if (*mark(&rules->columns[c]) || !has_marked_header(rules, c, m)) continue;
      *mark(&rules->columns[c]) = is_changed = true;
    }
  }
}

static size_t most_keys(const struct eh_rules *rules) {
  size_t count = 0;
  for (size_t j = 0; j < rules->join_count; j++) count += rules->joins[j].key_count;
  return count;
}

void eh_read_mark_aliases(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  if (reader->problems->count > 0) return;
  struct marked_headers m = {.items = eh_arena_alloc(reader->arena,
                                                     rules->column_count * layout_count(rules) +
                                                         most_keys(rules) + 1,
                                                     sizeof *m.items)};
  rules->columns[rules->case_column].is_case = true;
  if (rules->person_column >= 0) rules->columns[rules->person_column].is_person = true;
  spread_mark(reader, individual_of, &m);
  spread_mark(reader, person_of, &m);
  spread_mark(reader, case_of, &m);
}

const char *eh_rules_individual(const struct eh_rules *rules, int column) {
  const struct eh_column *c = &rules->columns[column];
  if (c->is_person) return "person";
  return c->is_case ? "case" : "officer";
}

struct search {
  const struct eh_rules *rules;
  bool with_cases;
  const char *what;
  struct eh_problems *problems;
};

static bool is_secret(const struct search *s, int column) {
  if (column < 0) return false;
  return s->rules->columns[column].is_individual ||
         (s->with_cases && s->rules->columns[column].is_case);
}

static void object(const struct search *s, int column, struct eh_place place) {
  eh_problems_add(s->problems, s->rules->file, place,
                  "the rules quote values of `%s`, which are not to be shown, and reports print "
                  "the rules; leave those out, or audit without %s",
                  s->rules->columns[column].name, s->what);
}

static void search_condition(const struct search *s, const struct eh_expression *e) {
  if (!e) return;
  if (is_secret(s, e->column) && e->literal_count > 0)
    object(s, e->column, (struct eh_place){e->line, e->position});
  for (size_t i = 0; i < e->child_count; i++) search_condition(s, e->children[i]);
}

/* The mean of what a column holds, its least and its most are of its values. */
static void search_measure(const struct search *s, const struct eh_measure *measure) {
  search_condition(s, measure->among);
  search_condition(s, measure->event);
  if (eh_is_amount(measure) && is_secret(s, measure->outcome))
    eh_problems_add(s->problems, s->rules->file, measure->outcome_place,
                    "the figures of this measure would be values of `%s`, which are not to be "
                    "shown; leave it out, or audit without %s",
                    s->rules->columns[measure->outcome].name, s->what);
}

static void search_column(const struct search *s, const struct eh_column *column) {
  for (size_t i = 0; i < column->choice_count; i++)
    search_condition(s, column->choices[i].condition);
  for (int k = 0; k < 2; k++)
    if (column->kind != EH_POLICY && is_secret(s, column->of[k])) {
      object(s, column->of[k], column->place);
      return;
    }
}

/* Codes of a source; with its recodes go the values that these do not name, which reports list. */
static void search_input(const struct search *s, const struct eh_rules_input *input) {
  for (size_t c = 0; c < s->rules->column_count; c++) {
    const struct eh_input_column *column = &input->columns[c];
    bool is_quoted = column->provision == EH_CONSTANT || column->recode_count > 0;
    if (is_quoted && is_secret(s, (int)c)) object(s, (int)c, column->place);
  }
}

/* A restart's unit is a value of what is watched. */
static void search_restarts(const struct search *s) {
  const struct eh_monitor *m = &s->rules->monitor;
  for (size_t i = 0; i < m->restart_count; i++) {
    if (!m->restarts[i].unit) continue;
    for (size_t k = 0; k < m->watched_count; k++) {
      int across = s->rules->comparisons[m->watched[k].comparison].across;
      if (!is_secret(s, across)) continue;
      object(s, across, m->restarts[i].place);
      break;
    }
  }
}

enum eh_status eh_rules_quote_nobody(const struct eh_rules *rules, bool with_cases,
                                     const char *what, struct eh_problems *problems) {
  struct search s = {rules, with_cases, what, problems};
  size_t before = problems->count;
  search_condition(&s, rules->keep);
  for (size_t i = 0; i < rules->column_count; i++) search_column(&s, &rules->columns[i]);
  for (size_t i = 0; i < rules->measure_count; i++) search_measure(&s, &rules->measures[i]);
  for (size_t i = 0; i < rules->total_count; i++) search_condition(&s, rules->totals[i].where);
  for (size_t i = 0; i < rules->expect_count; i++)
    search_condition(&s, rules->expects[i].condition);
  search_restarts(&s);
  for (size_t i = 0; i < rules->workload_count; i++) {
    const struct eh_workload *w = &rules->workloads[i];
    int across = rules->comparisons[w->comparison].across;
    if (w->as && is_secret(&s, across)) object(&s, across, w->as_place);
  }
  for (size_t i = 0; i < rules->input_count; i++) search_input(&s, &rules->inputs[i]);
  eh_problems_sort(problems, before);
  return problems->count > before ? EH_BAD_RULES : EH_OK;
}
