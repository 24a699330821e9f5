#include "engine/load/containers/spreadsheet_notes.h"

#include <string.h>

struct notes {
  struct eh_arena *arena;
  const char **items;
  size_t count, capacity;
};

static void add(struct notes *n, const char *text) {
  if (n->count == n->capacity) {
    size_t capacity = n->capacity ? 2 * n->capacity : 16;
    const char **items = eh_arena_alloc(n->arena, capacity, sizeof *items);
    if (n->count) memcpy(items, n->items, n->count * sizeof *items);
    n->items = items;
    n->capacity = capacity;
  }
  n->items[n->count++] = text;
}

/* A name, cut where it is long. */
static const char *shown(struct notes *n, const char *name) {
  enum { MOST_SHOWN = 80 };
  size_t length = strlen(name);
  if (length <= MOST_SHOWN) return name;
  length = MOST_SHOWN;
  while (length && ((unsigned char)name[length] & 0xc0) == 0x80) length--;
  return eh_arena_printf(n->arena, "%.*s...", (int)length, name);
}

static const char *plural(uint32_t count, const char *one, const char *several) {
  return count == 1 ? one : several;
}

static const char *why_passed(const struct eh_worksheet *sheet, const struct eh_table_plan *plan) {
  if (sheet->is_chart) return "a chart";
  if (sheet->visibility != EH_VISIBLE) return "hidden";
  if (!plan->sheet) return "part of the form";
  switch (plan->state) {
    case EH_TABLE_BLANK:
      return "blank";
    case EH_TABLE_ONE_COLUMN:
      return "one column only";
    case EH_TABLE_NO_RECORDS:
      return "no records";
    default:
      return "without the columns needed";
  }
}

static void add_sheets(struct notes *n, const struct eh_workbook_format *format,
                       const struct eh_workbook *workbook, const struct eh_table_plan *plans,
                       size_t chosen) {
  struct eh_buffer text = {0};
  size_t count = format->sheet_count(workbook), passed = 0;
  for (size_t i = 0; i < count; i++) {
    const struct eh_worksheet *sheet = format->sheet(workbook, i);
    if (i == chosen) continue;
    if (passed++ < 8)
      eh_buffer_printf(&text, "%s\"%s\" (%s)", passed > 1 ? ", " : "", shown(n, sheet->name),
                       why_passed(sheet, &plans[i]));
  }
  if (passed > 8) eh_buffer_printf(&text, " and %zu more", passed - 8);
  if (passed)
    add(n, eh_arena_printf(n->arena, "%s passed over: %s", passed == 1 ? "another sheet was" : "other sheets were",
        text.text));
  eh_buffer_free(&text);
}

static void add_header(struct notes *n, const struct eh_table_plan *p) {
  if (p->in_range) {
    add(n, eh_arena_printf(n->arena, "only the table of the sheet was read, from its header in row %u to row %u", p->header,
        p->range.bottom + 1));
  } else if (p->header > 1) {
    add(n, eh_arena_printf(n->arena, "the header is in row %u%s", p->header,
        p->above ? "; what stands above was passed over" : ""));
  }
}

static void add_left_out(struct notes *n, const struct eh_table_plan *p) {
  if (p->totals == 1)
    add(n, eh_arena_printf(n->arena, "row %u was left out: it holds totals", p->first_total));
  else if (p->totals)
    add(n, eh_arena_printf(n->arena, "%u rows were left out: they hold totals (the first is row %u)", p->totals,
        p->first_total));
  if (p->notes == 1)
    add(n, eh_arena_printf(n->arena, "row %u was left out: one cell only, below the last record", p->first_note));
  else if (p->notes)
    add(n, eh_arena_printf(n->arena, "%u rows were left out: one cell only, below the last record (from row %u)", p->notes,
        p->first_note));
  if (p->blank)
    add(n, eh_arena_printf(n->arena, "%u blank %s between the records %s left out", p->blank,
        plural(p->blank, "row", "rows"), plural(p->blank, "was", "were")));
}

static void add_read_anyway(struct notes *n, const struct eh_table_plan *p) {
  if (p->hidden)
    add(n, eh_arena_printf(n->arena, "%u of %u rows %s hidden in the sheet (a filter, maybe); they were read", p->hidden,
        p->records, plural(p->hidden, "is", "are")));
  if (p->hidden_columns)
    add(n, eh_arena_printf(n->arena, "%u %s hidden in the sheet; they were read", p->hidden_columns,
        plural(p->hidden_columns, "column is", "columns are")));
  if (p->merge_count)
    add(n, eh_arena_printf(n->arena, "%zu %s over several rows; each row has %s value", p->merge_count,
        p->merge_count == 1 ? "cell is merged" : "cells are merged",
        p->merge_count == 1 ? "its" : "their"));
}

static void add_columns(struct notes *n, const struct eh_table_plan *p) {
  for (size_t i = 0; i < p->column_count; i++) {
    const struct eh_table_column *c = &p->columns[i];
    if (c->errors)
      add(n, eh_arena_printf(n->arena, "%s: %u %s (such as %.20s), not recorded", shown(n, c->name), c->errors,
          plural(c->errors, "cell is an error", "cells are errors"), c->error_word));
    if (c->long_numbers)
      add(n, eh_arena_printf(n->arena, "%s holds numbers of more than 15 digits, which Excel cuts: %u %s; ids that differ "
          "may have become one",
          shown(n, c->name), c->long_numbers, plural(c->long_numbers, "cell", "cells")));
    if (c->no_values)
      add(n, eh_arena_printf(n->arena, "%s: %u %s without a saved value, not recorded", shown(n, c->name), c->no_values,
          plural(c->no_values, "formula", "formulas")));
  }
}

const char **eh_spreadsheet_notes_of(struct eh_arena *arena, const struct eh_workbook_format *format,
                              const struct eh_workbook *workbook,
                              const struct eh_table_plan *plans, size_t chosen, bool was_named,
                              size_t *count) {
  struct notes n = {.arena = arena};
  const struct eh_table_plan *plan = &plans[chosen];
  if (!was_named) add_sheets(&n, format, workbook, plans, chosen);
  add_header(&n, plan);
  add_left_out(&n, plan);
  add_read_anyway(&n, plan);
  add_columns(&n, plan);
  *count = n.count;
  return n.items;
}
