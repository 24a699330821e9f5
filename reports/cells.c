/* The cells behind every comparison as CSV (RFC 4180 quoting): what anyone needs to redo the tests
 * elsewhere. */
#include <inttypes.h>
#include <string.h>

#include "reports/report.h"
#include "reports/safe.h"

static const char *const before[] = {"comparison", "measure", "across", "unit", "each"};
static const char *const after[] = {"records", "events"};
enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0] };

static void put_field(FILE *stream, const char *text) {
  if (!text[strcspn(text, ",\"\r\n")]) {
    fputs(text, stream);
    return;
  }
  putc('"', stream);
  for (; *text; text++) {
    if (*text == '"') putc('"', stream);
    putc(*text, stream);
  }
  putc('"', stream);
}

/* The rules' columns that are a stratum column of some comparison, each once, as they first occur.
 */
static size_t list_strata_columns(const struct eh_audit *audit, int *columns) {
  size_t count = 0;
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_cells *cells = audit->comparisons[i].cells;
    for (size_t k = 0; k < cells->column_count; k++) {
      size_t j = 0;
      while (j < count && columns[j] != cells->columns[k].column) j++;
      if (j == count) columns[count++] = cells->columns[k].column;
    }
  }
  return count;
}

static bool is_taken(const char *name) {
  for (size_t i = 0; i < BEFORE; i++) {
    if (strcmp(name, before[i]) == 0) return true;
  }
  for (size_t i = 0; i < AFTER; i++) {
    if (strcmp(name, after[i]) == 0) return true;
  }
  return false;
}

static void put_header(const struct eh_audit *audit, const int *columns, size_t count,
                       FILE *stream) {
  for (size_t i = 0; i < BEFORE; i++) fprintf(stream, "%s,", before[i]);
  for (size_t i = 0; i < count; i++) {
    const char *name = audit->rules->columns[columns[i]].name;
    put_field(stream, name);
    if (is_taken(name))
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

static void put_comparison(const struct eh_rules *rules, const struct eh_comparison_result *c,
                           const int *positions, size_t count, FILE *stream) {
  const struct eh_cells *cells = c->cells;
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    put_field(stream, c->title);
    putc(',', stream);
    put_field(stream, c->measure->name);
    putc(',', stream);
    put_field(stream, rules->columns[c->comparison->across].name);
    putc(',', stream);
    put_field(stream, cells->units[cell->unit].label);
    putc(',', stream);
    put_field(stream, cells->each ? cells->each : "");
    putc(',', stream);
    const uint32_t *codes = cells->codes + (size_t)cell->stratum * cells->column_count;
    for (size_t k = 0; k < count; k++) {
      if (positions[k] >= 0)
        put_field(stream, cells->columns[positions[k]].labels[codes[positions[k]]]);
      putc(',', stream);
    }
    fprintf(stream, "%" PRIu64 ",%" PRIu64 "\n", cell->records, cell->events);
  }
}

enum eh_status eh_cells_write(const struct eh_audit *audit, FILE *stream, struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  int *columns = eh_arena_alloc(arena, audit->rules->column_count, sizeof *columns);
  int *positions = eh_arena_alloc(arena, audit->rules->column_count, sizeof *positions);
  size_t count = list_strata_columns(audit, columns);
  put_header(audit, columns, count, stream);
  for (size_t i = 0; i < audit->comparison_count && !ferror(stream); i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    for (size_t k = 0; k < count; k++) positions[k] = find_column(c->cells, columns[k]);
    put_comparison(audit->rules, c, positions, count, stream);
  }
  eh_arena_free(arena);
  return eh_stream_check(stream, "the cells file", error);
}
