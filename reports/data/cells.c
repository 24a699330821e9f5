/* The cells behind every comparison as CSV (RFC 4180 quoting): what anyone needs to redo the tests
 * elsewhere. Where a measure asks for a category or a value, the file has a column `outcome`, and
 * such a measure a row for each outcome of a cell. */
#include "reports/data/cells.h"

#include <inttypes.h>
#include <string.h>

#include "engine/base/number.h"
#include "engine/load/counts/cells_file.h"
#include "reports/data/csv_field.h"
#include "reports/report.h"
#include "reports/words/safe.h"
#include "rules/language/question.h"

static const char *const before[] = {"comparison", "measure", "across", "unit", "each", "outcome"};
static const char *const after[] = {"records", "events"};
enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };

/* What is written: the comparisons' cells, then the tables by period. */
static const struct eh_cells *cells_at(const struct eh_audit *audit, size_t i) {
  return i < audit->comparison_count ? audit->comparisons[i].cells
                                     : &audit->tables[i - audit->comparison_count];
}

static size_t count_of(const struct eh_audit *audit) {
  return audit->comparison_count + audit->table_count;
}

/* The rules' columns that are a stratum column of some comparison or table, each once, as they
 * first occur. */
static size_t list_strata_columns(const struct eh_audit *audit, int *columns) {
  size_t count = 0;
  for (size_t i = 0; i < count_of(audit); i++) {
    const struct eh_cells *cells = cells_at(audit, i);
    for (size_t k = 0; k < cells->column_count; k++) {
      size_t j = 0;
      while (j < count && columns[j] != cells->columns[k].column) j++;
      if (j == count) columns[count++] = cells->columns[k].column;
    }
  }
  return count;
}

static bool is_taken(const struct eh_audit *audit, const char *name) {
  size_t count = eh_cells_have_outcomes(audit) ? BEFORE : BEFORE - 1;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(name, before[i]) == 0) return true;
  }
  for (size_t i = 0; i < AFTER; i++) {
    if (strcmp(name, after[i]) == 0) return true;
  }
  return false;
}

bool eh_cells_have_outcomes(const struct eh_audit *audit) {
  for (size_t i = 0; i < audit->comparison_count; i++)
    if (eh_has_outcome(audit->comparisons[i].measure)) return true;
  return false;
}

static void put_header(const struct eh_audit *audit, const int *columns, size_t count,
                       FILE *stream) {
  size_t first = eh_cells_have_outcomes(audit) ? BEFORE : BEFORE - 1;
  for (size_t i = 0; i < first; i++) fprintf(stream, "%s,", before[i]);
  for (size_t i = 0; i < count; i++) {
    const char *name = audit->rules->columns[columns[i]].name;
    eh_csv_put_field(stream, name);
    if (is_taken(audit, name))
      fputs("_factor", stream); /* no header twice: R and SAS would take the first */
    putc(',', stream);
  }
  fprintf(stream, "%s,%s\n", after[0], after[1]);
}

/* Where a rules' column stands in the cells, or -1. */
static int find_column(const struct eh_cells *cells, int column) {
  for (size_t k = 0; k < cells->column_count; k++) {
    if (cells->columns[k].column == column) return (int)k;
  }
  return -1;
}

/* The comparisons being written, and what of their strata stands where. */
struct table {
  const struct eh_rules *rules;
  const struct eh_cells *cells; /* at hand */
  const char *title;
  const int *positions; /* of the file's strata columns in the cells; -1: not among them */
  size_t count;
  bool with_outcomes;
  FILE *stream;
};

/* All of a row but its counts. outcome: NULL where the measure asks for an event. */
static void put_labels(const struct table *t, const struct eh_cell *cell, const char *outcome) {
  const struct eh_cells *cells = t->cells;
  int across = t->rules->comparisons[cells->comparison].across;
  const char *const fields[] = {t->title, t->rules->measures[cells->measure].name,
                                t->rules->columns[across].name, cells->units[cell->unit].label,
                                cells->each ? cells->each : ""};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    eh_csv_put_field(t->stream, fields[i]);
    putc(',', t->stream);
  }
  if (t->with_outcomes) {
    eh_csv_put_field(t->stream, outcome ? outcome : "");
    putc(',', t->stream);
  }
  const uint32_t *codes = cells->codes + (size_t)cell->stratum * cells->column_count;
  for (size_t k = 0; k < t->count; k++) {
    int at = t->positions[k];
    if (at >= 0) eh_csv_put_field(t->stream, cells->columns[at].labels[codes[at]]);
    putc(',', t->stream);
  }
}

static void put_portions(const struct table *t, size_t cell) {
  const struct eh_cells *cells = t->cells;
  for (size_t i = cells->first_portion[cell]; i < cells->first_portion[cell + 1]; i++) {
    const struct eh_portion *portion = &cells->portions[i];
    char number[32];
    if (cells->values) eh_number_format(cells->values[portion->outcome], number);
    put_labels(t, &cells->cells[cell],
               cells->values ? number : cells->categories[portion->outcome]);
    fprintf(t->stream, "%" PRIu64 ",\n", portion->records); /* no events */
  }
}

static void put_cells(const struct table *t) {
  const struct eh_cells *cells = t->cells;
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    if (cells->portions) {
      put_portions(t, i);
      continue;
    }
    put_labels(t, cell, NULL);
    fprintf(t->stream, "%" PRIu32 ",%" PRIu32 "\n", cell->records, cell->events);
  }
}

/* "by month: favourable discretion, across field_office, within ...": unique, since a table stands
   once. */
static const char *table_title(struct eh_arena *arena, const struct eh_rules *rules,
                               const struct eh_cells *cells) {
  const struct eh_comparison *table = &rules->comparisons[cells->comparison];
  const char *title =
      eh_arena_printf(arena, "by %s: %s, across %s", eh_every_name(table->every),
                      rules->measures[cells->measure].name, rules->columns[table->across].name);
  for (size_t i = 0; i < table->within_count; i++)
    title = eh_arena_printf(arena, "%s%s %s", title, i ? " and" : ", within",
                            rules->columns[table->within[i]].name);
  return title;
}

enum eh_status eh_cells_write(const struct eh_audit *audit, FILE *stream, struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  int *columns = eh_arena_alloc(arena, audit->rules->column_count, sizeof *columns);
  int *positions = eh_arena_alloc(arena, audit->rules->column_count, sizeof *positions);
  size_t count = list_strata_columns(audit, columns);
  struct table table = {.rules = audit->rules,
                        .positions = positions,
                        .count = count,
                        .with_outcomes = eh_cells_have_outcomes(audit),
                        .stream = stream};
  put_header(audit, columns, count, stream);
  for (size_t i = 0; i < count_of(audit) && !ferror(stream); i++) {
    table.cells = cells_at(audit, i);
    table.title = i < audit->comparison_count ? audit->comparisons[i].title
                                              : table_title(arena, audit->rules, table.cells);
    for (size_t k = 0; k < count; k++) positions[k] = find_column(table.cells, columns[k]);
    put_cells(&table);
  }
  eh_arena_free(arena);
  return eh_stream_check(stream, "the cells file", error);
}
