/* Tables by period: what sections that judge month by month ask for, beside the comparisons. One
 * table serves all that ask for the same units in the same groups, as often. */
#include <string.h>

#include "rules/read/internal.h"

static const enum eh_column_kind kinds[EH_EVERIES] = {EH_GIVEN, EH_MONTH, EH_QUARTER,
                                                      EH_FISCAL_YEAR};

bool eh_read_every(struct eh_reader *reader, const struct eh_node *node, const char *what,
                   enum eh_every *every) {
  if (node->kind == EH_NODE_TEXT)
    for (enum eh_every e = EH_EVERY_MONTH; e < EH_EVERIES; e++)
      if (strcmp(node->text, eh_every_name(e)) == 0 ||
          (e == EH_EVERY_FISCAL_YEAR && strcmp(node->text, "fiscal_year") == 0)) {
        *every = e;
        return true;
      }
  eh_read_expected(reader, node, what, "month, quarter or fiscal_year");
  return false;
}

static bool is_taken(const struct eh_reader *reader, const char *name) {
  for (size_t i = 0; i < reader->column_count; i++)
    if (strcmp(reader->columns[i].column.name, name) == 0) return true;
  return eh_read_find_name(reader, name) != NULL;
}

/* A name that nothing else has. */
static const char *name_of(struct eh_reader *reader, enum eh_every every) {
  static const char *const names[EH_EVERIES] = {"", "month_decided", "quarter_decided",
                                                "fiscal_year_decided"};
  const char *name = names[every];
  while (is_taken(reader, name)) name = eh_arena_printf(reader->arena, "%s_", name);
  return name;
}

static int period_column(struct eh_reader *reader, enum eh_every every, struct eh_place place) {
  int *column = &reader->rules->period_columns[every];
  if (*column >= 0) return *column;
  struct eh_column made = {.name = name_of(reader, every),
                           .kind = kinds[every],
                           .of = {reader->rules->date_column, -1},
                           .is_period = true,
                           .place = place};
  return *column = eh_read_add_column(reader, &made);
}

static bool is_same(const struct eh_comparison *a, const struct eh_comparison *b) {
  if (a->every != b->every || a->across != b->across || a->within_count != b->within_count)
    return false;
  for (size_t i = 0; i < a->within_count; i++)
    if (a->within[i] != b->within[i]) return false;
  return true;
}

static struct eh_comparison *table_of(struct eh_reader *reader, const struct eh_comparison *asked) {
  for (size_t i = 0; i < reader->table_count; i++)
    if (is_same(&reader->tables[i], asked)) return &reader->tables[i];
  reader->tables =
      eh_read_grow(reader, reader->tables, reader->table_count, sizeof *reader->tables);
  struct eh_comparison *table = &reader->tables[reader->table_count++];
  *table = *asked;
  table->measures =
      eh_arena_alloc(reader->arena, reader->rules->measure_count, sizeof *table->measures);
  table->measure_count = 0;
  return table;
}

void eh_read_ask_table(struct eh_reader *reader, const struct eh_table_asked *asked) {
  if (reader->rules->date_column < 0) {
    eh_read_problem(reader, asked->place,
                    "this needs to know when a case was decided; add `date: ` and its header under "
                    "`columns`");
    return;
  }
  if (asked->across < 0 || period_column(reader, asked->every, asked->place) < 0) return;
  struct eh_comparison wanted = {.across = asked->across,
                                 .within = asked->within,
                                 .within_count = asked->within_count,
                                 .each = -1,
                                 .dependent = {.choice = EH_DEPENDENT_NONE},
                                 .every = asked->every,
                                 .place = asked->place};
  struct eh_comparison *table = table_of(reader, &wanted);
  size_t *measures = (size_t *)table->measures;
  for (size_t i = 0; i < table->measure_count; i++)
    if (measures[i] == asked->measure) return;
  measures[table->measure_count++] = asked->measure;
}

/* Behind the comparisons, once all have asked. */
void eh_read_place_tables(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  size_t count = rules->comparison_count;
  if (!reader->table_count) return;
  struct eh_comparison *all =
      eh_arena_alloc(reader->arena, count + reader->table_count, sizeof *all);
  memcpy(all, rules->comparisons, count * sizeof *all);
  memcpy(all + count, reader->tables, reader->table_count * sizeof *all);
  rules->comparisons = all;
  rules->table_count = reader->table_count;
}
