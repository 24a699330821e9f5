#include "engine/load/cells/by_period.h"

#include "engine/base/date.h"
#include "engine/load/counts/counts.h"
#include "tests/load/records.h"

#define RULES                                                             \
  "evenhand: 1\n"                                                         \
  "title: t\n"                                                            \
  "columns: {case: id, date: day}\n"                                      \
  "derive: {decided: {quarter: day}}\n"                                   \
  "policies: [{name: Old, from: 2010-01-01},\n"                           \
  "           {name: New, from: 2016-02-10, supersedes: Old}]\n"          \
  "similarly_situated: [kind, decided]\n"                                 \
  "measures: {yes: {event: result = 'Y'}}\n"                              \
  "comparisons: [{across: office, within: [region]}]\n"

#define RECORDS                    \
  "id,day,kind,region,office,result\n" \
  "1,2016-01-03,b,E,N,Y\n"         \
  "2,2016-01-04,b,E,N,\n"          \
  "3,2016-02-09,b,E,N,Y\n"         \
  "4,2016-02-10,b,E,N,N\n"         \
  "5,2016-04-30,a,E,N,N\n"         \
  "6,2016-04-30,a,W,S,N\n"         \
  "7,,a,E,S,Y\n"                   \
  "8,2019-01-01,a,E,S,Y\n"

/* The rules as one section would leave them that asks for a table by month. */
static struct eh_rules with_table(struct eh_arena *arena, const struct eh_rules *rules) {
  struct eh_rules made = *rules;
  struct eh_column *columns = eh_arena_alloc(arena, rules->column_count + 1, sizeof *columns);
  struct eh_comparison *all = eh_arena_alloc(arena, 2, sizeof *all);
  memcpy(columns, rules->columns, rules->column_count * sizeof *columns);
  columns[rules->column_count] = (struct eh_column){.name = "month_decided",
                                                    .kind = EH_MONTH,
                                                    .of = {rules->date_column, -1},
                                                    .is_evaluated = true,
                                                    .is_dimension = true,
                                                    .is_period = true};
  made.period_columns[EH_EVERY_MONTH] = (int)made.column_count++;
  all[0] = all[1] = rules->comparisons[0];
  all[1].every = EH_EVERY_MONTH;
  made.columns = columns;
  made.comparisons = all;
  made.table_count = 1;
  return made;
}

static void describe(struct eh_buffer *out, const struct eh_by_period *p) {
  struct eh_arena *scratch = eh_arena_new();
  eh_buffer_printf(out, "%s + %zu\n", eh_period_label(scratch, p->every, p->first), p->count);
  for (size_t u = 0; u < p->cells->unit_count; u++)
    for (size_t i = p->first_item[u]; i < p->first_item[u + 1]; i++) {
      const struct eh_period_cell *c = &p->items[i];
      ck_assert_uint_eq(c->unit, u);
      eh_buffer_printf(out, "%s s%u p%u c%u %u/%u\n", p->cells->units[u].label, c->situation,
                       c->period, c->circumstance, c->events, c->records);
    }
  eh_arena_free(scratch);
}

static const struct eh_by_period *view_of(struct eh_arena *arena, const struct eh_rules *rules,
                                          const struct eh_cells *tables, size_t count,
                                          int32_t last_day) {
  struct eh_by_period_asked asked = {.every = EH_EVERY_MONTH,
                                     .across = rules->comparisons[0].across,
                                     .within = rules->comparisons[0].within,
                                     .within_count = 1,
                                     .last_day = last_day};
  return eh_by_period_of(arena, rules, tables, count, &asked);
}

/* Situations are kind and region; quarter and policy are circumstances: 2016Q1 and New, 2016Q1 and
   Old, 2016Q2 and New. */
START_TEST(records_by_unit_situation_and_month) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_rules rules = with_table(arena, read_rules(arena, RULES));
  char *name = file_of(RECORDS, strlen(RECORDS));
  for (size_t threads = 1; threads <= 2; threads++) {
    struct eh_load_options options = {.threads = threads};
    struct eh_records *records;
    struct eh_problems problems = {0};
    struct eh_error error;
    struct eh_cells *tables;
    size_t count;
    ck_assert_int_eq(EH_OK, eh_load_files(&rules, (const char *const *)&name, 1, &options, &records,
                                          &problems, &error));
    ck_assert_int_eq(EH_OK, eh_records_tables(arena, records, &tables, &count, &error));
    ck_assert_uint_eq(count, 1);
    const struct eh_by_period *p =
        view_of(arena, &rules, tables, count, eh_date_from_civil(2016, 12, 31));
    struct eh_buffer got = {0};
    describe(&got, p);
    ck_assert_str_eq(got.text, "2016-01 + 4\n"
                               "N s0 p3 c2 0/1\n"
                               "N s2 p0 c1 1/1\n"
                               "N s2 p1 c0 0/1\n"
                               "N s2 p1 c1 1/1\n"
                               "S s1 p3 c2 0/1\n");
    ck_assert_uint_eq(p->situation_count, 3);
    ck_assert_uint_eq(p->undated, 1);
    ck_assert_uint_eq(p->later, 1);
    eh_buffer_free(&got);
    eh_records_free(records);
  }
  unlink(name);
  free(name);
  eh_arena_free(arena);
}
END_TEST

/* Cells made elsewhere without it: there is no table, and that is no error. */
START_TEST(cells_without_a_table) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_rules rules = with_table(arena, read_rules(arena, RULES));
  struct eh_counts *counts = eh_counts_new(&rules, "cells.csv");
  struct eh_cells *tables;
  size_t count;
  struct eh_error error;
  ck_assert_int_eq(EH_OK, eh_counts_tables(arena, counts, &tables, &count, &error));
  ck_assert_uint_eq(count, 0);
  ck_assert_ptr_null(view_of(arena, &rules, tables, count, INT32_MAX));
  eh_counts_free(counts);
  eh_arena_free(arena);
}
END_TEST

START_TEST(labels_and_numbers) {
  static const struct {
    enum eh_every every;
    const char *label;
    int year, month, day;
  } rows[] = {{EH_EVERY_MONTH, "2016-11", 2016, 11, 30},
              {EH_EVERY_QUARTER, "2016Q4", 2016, 10, 1},
              {EH_EVERY_FISCAL_YEAR, "FY2017", 2016, 10, 1}};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    int32_t number, day = eh_date_from_civil(rows[i].year, rows[i].month, rows[i].day);
    ck_assert(eh_period_parse(rows[i].every, rows[i].label, &number));
    ck_assert_int_eq(number, eh_period_of(eh_period_of_every(rows[i].every), day));
    ck_assert_str_eq(eh_period_label(arena, rows[i].every, number), rows[i].label);
  }
  static const char *const others[] = {"(not recorded)", "2016-13", "2016", "2016-11x", ""};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    int32_t number;
    ck_assert(!eh_period_parse(EH_EVERY_MONTH, others[i], &number));
  }
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("load/by_period", records_by_unit_situation_and_month, cells_without_a_table,
          labels_and_numbers)
