#include "engine/load/cells/portions.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/number.h"
#include "rules/language/question.h"

struct fold {
  struct eh_arena *arena;
  struct eh_cells *cells;
  const struct eh_stratum_column *column; /* of the category or value */
  uint32_t *outcomes;                     /* by stratum, before folding */
  uint32_t *strata;                       /* by stratum, before folding: the one it goes into */
};

/* One label of the column that occurs, as a number where it is a value. */
struct label {
  double value;
  uint32_t code;
};

static int by_value(const void *left, const void *right) {
  const struct label *a = left, *b = right;
  if (a->value != b->value) return a->value < b->value ? -1 : 1;
  return (a->code > b->code) - (a->code < b->code);
}

/* The labels that occur, in their order. */
static struct label *find_labels(const struct fold *f, bool is_value, size_t *found) {
  const struct eh_cells *cells = f->cells;
  bool *occurs = eh_alloc_zeroed(f->column->label_count, sizeof *occurs);
  for (size_t s = 0; s < cells->stratum_count; s++)
    occurs[cells->codes[(s + 1) * cells->column_count - 1]] = true;
  struct label *labels = eh_alloc(f->column->label_count, sizeof *labels);
  size_t count = 0;
  for (size_t code = 0; code < f->column->label_count; code++) {
    if (!occurs[code]) continue;
    struct label *label = &labels[count++];
    *label = (struct label){.code = (uint32_t)code};
    const char *text = f->column->labels[code];
    if (is_value && !eh_number_parse(text, strlen(text), &label->value))
      abort(); /* a record whose value is no number is left out before it is grouped */
  }
  if (is_value && count) qsort(labels, count, sizeof *labels, by_value);
  free(occurs);
  *found = count;
  return labels;
}

/* Number the categories or values that occur, and note each stratum's. */
static void number_outcomes(struct fold *f, bool is_value) {
  struct eh_cells *cells = f->cells;
  size_t count;
  struct label *labels = find_labels(f, is_value, &count);
  const char **categories = is_value ? NULL : eh_arena_alloc(f->arena, count, sizeof *categories);
  double *values = is_value ? eh_arena_alloc(f->arena, count, sizeof *values) : NULL;
  uint32_t *number = eh_alloc_zeroed(f->column->label_count, sizeof *number);
  for (size_t i = 0; i < count; i++) {
    bool is_same = is_value && i > 0 && labels[i].value == labels[i - 1].value;
    if (!is_same && is_value)
      values[cells->outcome_count++] = labels[i].value + 0.0; /* 0, never -0 */
    else if (!is_same)
      categories[cells->outcome_count++] = f->column->labels[labels[i].code];
    number[labels[i].code] = (uint32_t)cells->outcome_count - 1;
  }
  for (size_t s = 0; s < cells->stratum_count; s++)
    f->outcomes[s] = number[cells->codes[(s + 1) * cells->column_count - 1]];
  cells->categories = categories;
  cells->values = values;
  free(number);
  free(labels);
}

static void fold_strata(struct fold *f) {
  struct eh_cells *cells = f->cells;
  size_t wide = cells->column_count, narrow = wide - 1, count = 0;
  uint32_t *codes = eh_arena_alloc(f->arena, cells->stratum_count * narrow, sizeof *codes);
  for (size_t s = 0; s < cells->stratum_count; s++) {
    const uint32_t *from = cells->codes + s * wide;
    bool is_new = s == 0 || (narrow && memcmp(from, from - wide, narrow * sizeof *from) != 0);
    if (is_new && narrow) memcpy(codes + count * narrow, from, narrow * sizeof *codes);
    count += is_new;
    f->strata[s] = (uint32_t)count - 1;
  }
  cells->codes = codes;
  cells->column_count = narrow;
  cells->stratum_count = count;
}

static int by_outcome(const void *left, const void *right) {
  const struct eh_portion *a = left, *b = right;
  return (a->outcome > b->outcome) - (a->outcome < b->outcome);
}

/* Put one cell's portions in order, equal values into one; returns how many are left. */
static size_t order_portions(struct eh_portion *portions, size_t count) {
  qsort(portions, count, sizeof *portions, by_outcome);
  size_t kept = 0;
  for (size_t i = 1; i < count; i++) {
    if (portions[i].outcome == portions[kept].outcome)
      portions[kept].records += portions[i].records;
    else
      portions[++kept] = portions[i];
  }
  return kept + 1;
}

/* The cells of each unit, in place: there are never more than before. */
static void fold_cells(struct fold *f) {
  struct eh_cells *cells = f->cells;
  struct eh_portion *portions = eh_arena_alloc(f->arena, cells->cell_count, sizeof *portions);
  size_t *first = eh_arena_alloc(f->arena, cells->cell_count + 1, sizeof *first);
  size_t count = 0, portion_count = 0;
  for (size_t u = 0; u < cells->unit_count; u++) {
    struct eh_unit *unit = &cells->units[u];
    size_t end = unit->first_cell + unit->cell_count, start = count;
    for (size_t i = unit->first_cell; i < end;) {
      struct eh_cell cell = cells->cells[i];
      cell.stratum = f->strata[cell.stratum];
      cell.records = 0;
      size_t n = 0;
      for (; i < end && f->strata[cells->cells[i].stratum] == cell.stratum; i++) {
        const struct eh_cell *part = &cells->cells[i];
        cell.records += part->records;
        portions[portion_count + n++] =
            (struct eh_portion){f->outcomes[part->stratum], part->records};
      }
      first[count] = portion_count;
      portion_count += order_portions(portions + portion_count, n);
      cells->cells[count++] = cell;
    }
    unit->first_cell = start;
    unit->cell_count = count - start;
  }
  first[count] = portion_count;
  cells->cell_count = count;
  cells->portions = portions;
  cells->first_portion = first;
}

void eh_portions_fold(struct eh_arena *arena, const struct eh_measure *measure,
                      struct eh_cells *cells) {
  if (!eh_has_outcome(measure)) return;
  struct fold f = {arena, cells, &cells->columns[cells->column_count - 1],
                   eh_alloc(cells->stratum_count, sizeof(uint32_t)),
                   eh_alloc(cells->stratum_count, sizeof(uint32_t))};
  number_outcomes(&f, eh_is_amount(measure));
  fold_strata(&f);
  fold_cells(&f);
  free(f.outcomes);
  free(f.strata);
}
