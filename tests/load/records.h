/* For tests: rules from text, records from text, cells out. */
#ifndef EVENHAND_TESTS_LOAD_RECORDS_H
#define EVENHAND_TESTS_LOAD_RECORDS_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "engine/load/records/load.h"
#include "tests/test.h"

struct loaded {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct eh_records *records;
  const struct eh_account *account;
  struct eh_cells *cells;
  size_t cells_count;
  enum eh_status status;
  struct eh_error error;
};

static inline const struct eh_rules *read_rules(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "rules.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "%lu:%lu: %s",
                problems.count ? (unsigned long)problems.items[0].line : 0,
                problems.count ? (unsigned long)problems.items[0].column : 0,
                problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  return rules;
}

static inline const char *read_whole(struct eh_arena *arena, const char *path) {
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s", path);
  char *text = eh_arena_alloc(arena, 1 << 20, 1);
  text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
  fclose(file);
  return text;
}

static inline struct loaded load_files(const char *rules, const char *const *names, size_t count,
                                       struct eh_load_options options) {
  struct loaded l = {.arena = eh_arena_new()};
  struct eh_problems problems = {0};
  l.rules = read_rules(l.arena, rules);
  l.status = eh_load_files(l.rules, names, count, &options, &l.records, &problems, &l.error);
  eh_problems_free(&problems);
  if (l.status != EH_OK) return l;
  l.account = eh_records_account(l.records);
  l.status = eh_records_cells(l.arena, l.records, &l.cells, &l.cells_count, &l.error);
  uint64_t excluded = 0;
  for (size_t i = 0; i < l.account->exclusion_count; i++)
    excluded += l.account->excluded[i].records;
  ck_assert_uint_eq(l.account->read, l.account->audited + excluded);
  return l;
}

/* Write bytes to a new file; the caller unlinks and frees its name. */
static inline char *file_of(const char *bytes, size_t length) {
  char *name = strdup("/tmp/evenhand-records-XXXXXX");
  int descriptor = mkstemp(name);
  ck_assert(descriptor >= 0 && write(descriptor, bytes, length) == (ssize_t)length);
  close(descriptor);
  return name;
}

static inline struct loaded load_bytes(const char *rules, const char *bytes, size_t length,
                                       size_t threads) {
  char *name = file_of(bytes, length);
  struct loaded l = load_files(rules, (const char *const *)&name, 1,
                               (struct eh_load_options){.threads = threads, .hash = true});
  unlink(name);
  free(name);
  return l;
}

static inline void unload(struct loaded *l) {
  eh_records_free(l->records);
  eh_arena_free(l->arena);
}

static inline uint64_t excluded_as(const struct loaded *l, const char *reason) {
  for (size_t i = 0; i < l->account->exclusion_count; i++)
    if (strcmp(l->account->excluded[i].reason, reason) == 0) return l->account->excluded[i].records;
  return 0;
}

/* " [released 3] [detained 2]": a cell's portions, where its measure has them. */
static inline void describe_portions(struct eh_buffer *out, const struct eh_cells *cells,
                                     size_t cell) {
  if (!cells->portions) return;
  for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++) {
    const struct eh_portion *portion = &cells->portions[t];
    if (cells->categories)
      eh_buffer_printf(out, " [%s %d]", cells->categories[portion->outcome], (int)portion->records);
    else
      eh_buffer_printf(out, " [%g %d]", cells->values[portion->outcome], (int)portion->records);
  }
}

/* Every cell in words: "measure/each: stratum labels | unit records events portions" lines, in
 * order. */
static inline char *describe_cells(const struct loaded *l) {
  struct eh_buffer out = {0};
  for (size_t c = 0; c < l->cells_count; c++) {
    const struct eh_cells *cells = &l->cells[c];
    eh_buffer_printf(&out, "%s%s%s\n", l->rules->measures[cells->measure].name,
                     cells->each ? "/" : "", cells->each ? cells->each : "");
    for (size_t i = 0; i < cells->cell_count; i++) {
      const struct eh_cell *cell = &cells->cells[i];
      for (size_t k = 0; k < cells->column_count; k++)
        eh_buffer_printf(
            &out, "%s ",
            cells->columns[k].labels[cells->codes[cell->stratum * cells->column_count + k]]);
      eh_buffer_printf(&out, "| %s %d %d", cells->units[cell->unit].label, (int)cell->records,
                       (int)cell->events);
      describe_portions(&out, cells, i);
      eh_buffer_puts(&out, "\n");
    }
    for (size_t i = 0; i < cells->exclusion_count; i++)
      eh_buffer_printf(&out, "- %s %d\n", cells->excluded[i].reason,
                       (int)cells->excluded[i].records);
  }
  eh_buffer_puts(&out, "");
  return out.text;
}

#endif
