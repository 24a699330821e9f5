#include "engine/audit/definitions/list.h"

#include <string.h>

#include "rules/evaluate/labels.h"

enum { MOST_LEVELS = 8 }; /* of a factor, before its rare ones are taken together */
static const double RARE = 0.05, LEVEL_SHARE = 0.2;

struct listing {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_comparison_result *comparison;
  struct eh_variants *variants;
  size_t room;
};

static struct eh_variant *add(struct listing *l, enum eh_variant_kind kind, const char *name) {
  if (l->variants->count == l->room) {
    size_t room = l->room ? 2 * l->room : 16;
    struct eh_variant *items = eh_arena_alloc(l->arena, room, sizeof *items);
    if (l->room) memcpy(items, l->variants->items, l->room * sizeof *items);
    l->variants->items = items;
    l->room = room;
  }
  struct eh_variant *variant = &l->variants->items[l->variants->count++];
  *variant = (struct eh_variant){.definition = {name, kind >= EH_VARIANT_LEVEL}, .kind = kind};
  return variant;
}

static const char *name_of(const struct listing *l, size_t column) {
  return l->rules->columns[l->comparison->cells->columns[column].column].name;
}

static bool is_within(const struct listing *l, size_t column) {
  const struct eh_comparison *comparison = l->comparison->comparison;
  for (size_t w = 0; w < comparison->within_count; w++)
    if (comparison->within[w] == l->comparison->cells->columns[column].column) return true;
  return false;
}

/* A column within whose values units are compared, and nothing else beside. */
static bool is_place(const struct listing *l, size_t column) {
  const struct eh_stratum_column *c = &l->comparison->cells->columns[column];
  return is_within(l, column) && !c->is_factor && c->column != l->comparison->comparison->each &&
         c->column != l->rules->policy_column;
}

/* A factor, and nothing else beside. */
static bool is_factor(const struct listing *l, size_t column) {
  const struct eh_stratum_column *c = &l->comparison->cells->columns[column];
  return c->is_factor && c->column != l->comparison->comparison->each && !is_within(l, column) &&
         c->label_count > 1;
}

/* --- other strata --- */

static struct eh_regroup regroup_new(struct listing *l, bool **dropped, const uint32_t ***merged) {
  size_t columns = l->comparison->cells->column_count;
  *dropped = eh_arena_alloc(l->arena, columns, sizeof **dropped);
  *merged = eh_arena_alloc(l->arena, columns, sizeof **merged);
  return (struct eh_regroup){*dropped, *merged};
}

static void add_without(struct listing *l, size_t column) {
  bool *dropped;
  const uint32_t **merged;
  struct eh_regroup regroup = regroup_new(l, &dropped, &merged);
  dropped[column] = true;
  add(l, EH_VARIANT_REGROUPED, eh_arena_printf(l->arena, "without %s", name_of(l, column)))
      ->regroup = regroup;
}

static void add_any_within(struct listing *l) {
  const struct eh_cells *cells = l->comparison->cells;
  bool *dropped, any = false;
  const uint32_t **merged;
  struct eh_regroup regroup = regroup_new(l, &dropped, &merged);
  for (size_t k = 0; k < cells->column_count; k++) {
    dropped[k] = is_place(l, k);
    any = any || dropped[k];
  }
  if (!any) return;
  struct eh_variant *variant =
      add(l, EH_VARIANT_REGROUPED,
          l->comparison->comparison->within_count > 1
              ? "not within one place"
              : eh_arena_printf(l->arena, "across all of %s",
                                l->rules->columns[l->comparison->comparison->within[0]].name));
  variant->regroup = regroup;
  variant->any_within = true;
}

/* Which band a label is of; bound_count + 1: none. */
static size_t band_of(struct listing *l, const struct eh_column *column, const char *label) {
  for (size_t b = 0; b <= column->bound_count; b++)
    if (strcmp(eh_label_band(l->arena, column, b), label) == 0) return b;
  return column->bound_count + 1;
}

/* Every second bound goes: two neighbouring bands are one. A label of none stays. */
static bool merge_bands(struct listing *l, const struct eh_stratum_column *c, uint32_t *codes) {
  const struct eh_column *column = &l->rules->columns[c->column];
  uint32_t *first =
      eh_arena_alloc(l->arena, column->bound_count / 2 + 1, sizeof *first); /* and 1 */
  bool any = false;
  for (size_t code = 0; code < c->label_count; code++) {
    size_t band = band_of(l, column, c->labels[code]);
    codes[code] = (uint32_t)code;
    if (band > column->bound_count) continue;
    if (first[band / 2]) {
      codes[code] = first[band / 2] - 1;
      any = true;
    } else {
      first[band / 2] = (uint32_t)code + 1;
    }
  }
  return any;
}

/* Those that hold few of the records are one. */
static bool merge_rare(struct listing *l, size_t column, uint32_t *codes) {
  const struct eh_cells *cells = l->comparison->cells;
  size_t labels = cells->columns[column].label_count, rare = SIZE_MAX, merged = 0;
  uint64_t *records = eh_arena_alloc(l->arena, labels, sizeof *records);
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    records[cells->codes[cell->stratum * cells->column_count + column]] += cell->records;
  }
  size_t recorded = labels - cells->columns[column].has_missing;
  for (size_t code = 0; code < labels; code++) {
    codes[code] = (uint32_t)code;
    if (code >= recorded || (double)records[code] >= RARE * (double)cells->records) continue;
    if (rare == SIZE_MAX) rare = code;
    codes[code] = (uint32_t)rare;
    merged++;
  }
  return merged > 1;
}

static void add_coarser(struct listing *l, size_t column) {
  const struct eh_stratum_column *c = &l->comparison->cells->columns[column];
  uint32_t *codes = eh_arena_alloc(l->arena, c->label_count, sizeof *codes);
  bool is_banded = l->rules->columns[c->column].kind == EH_BANDS;
  if (!is_banded && c->label_count <= MOST_LEVELS) return;
  if (is_banded ? !merge_bands(l, c, codes) : !merge_rare(l, column, codes)) return;
  bool *dropped;
  const uint32_t **merged;
  struct eh_regroup regroup = regroup_new(l, &dropped, &merged);
  merged[column] = codes;
  add(l, EH_VARIANT_REGROUPED,
      eh_arena_printf(l->arena, is_banded ? "%s in wider bands" : "rare values of %s as one",
                      name_of(l, column)))
      ->regroup = regroup;
}

/* --- some of the strata --- */

static bool is_level(const struct eh_cells *cells, size_t stratum, size_t column, uint32_t code) {
  return cells->codes[stratum * cells->column_count + column] == code;
}

static void add_without_missing(struct listing *l) {
  const struct eh_cells *cells = l->comparison->cells;
  if (l->comparison->measure->exclude_missing) return;
  bool *strata = eh_arena_alloc(l->arena, cells->stratum_count, sizeof *strata), any = false;
  for (size_t s = 0; s < cells->stratum_count; s++) strata[s] = true;
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_stratum_column *c = &cells->columns[k];
    if (!c->is_factor || !c->has_missing) continue;
    for (size_t s = 0; s < cells->stratum_count; s++)
      if (is_level(cells, s, k, (uint32_t)c->label_count - 1)) {
        strata[s] = false;
        any = true;
      }
  }
  if (any) add(l, EH_VARIANT_STRATA, "where every factor is recorded")->strata = strata;
}

/* Of each of a column's labels: has some flagged unit this share of its records there? */
static bool *large_levels(struct listing *l, size_t column) {
  const struct eh_cells *cells = l->comparison->cells;
  size_t labels = cells->columns[column].label_count;
  bool *large = eh_arena_alloc(l->arena, labels, sizeof *large);
  uint64_t *records = eh_arena_alloc(l->arena, labels, sizeof *records);
  for (size_t u = 0; u < l->comparison->result_count; u++) {
    const struct eh_result *r = &l->comparison->results[u];
    const struct eh_unit *unit = &cells->units[r->unit_index];
    if (!r->flagged) continue;
    memset(records, 0, labels * sizeof *records);
    for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++)
      records[cells->codes[cells->cells[i].stratum * cells->column_count + column]] +=
          cells->cells[i].records;
    for (size_t code = 0; code < labels; code++)
      large[code] = large[code] || (double)records[code] >= LEVEL_SHARE * (double)r->records;
  }
  return large;
}

static void add_levels(struct listing *l, size_t column) {
  const struct eh_cells *cells = l->comparison->cells;
  const struct eh_stratum_column *c = &cells->columns[column];
  const bool *large = large_levels(l, column);
  for (size_t code = 0; code < c->label_count; code++) {
    if (!large[code]) continue;
    bool *strata = eh_arena_alloc(l->arena, cells->stratum_count, sizeof *strata);
    for (size_t s = 0; s < cells->stratum_count; s++)
      strata[s] = is_level(cells, s, column, (uint32_t)code);
    add(l, EH_VARIANT_LEVEL,
        eh_arena_printf(l->arena, "only %s: %s", name_of(l, column), c->labels[code]))
        ->strata = strata;
  }
}

/* As the rules' own definition says: factors that it does not name are left out. */
static void add_own(struct listing *l, const struct eh_other_definition *definition) {
  const struct eh_cells *cells = l->comparison->cells;
  bool *dropped, any = false;
  const uint32_t **merged;
  struct eh_regroup regroup = regroup_new(l, &dropped, &merged);
  for (size_t k = 0; k < cells->column_count; k++) {
    bool named = !definition->has_factors;
    for (size_t f = 0; f < definition->factor_count; f++)
      named = named || definition->factors[f] == cells->columns[k].column;
    dropped[k] = (is_factor(l, k) && !named) || (definition->any_within && is_place(l, k));
    any = any || dropped[k];
  }
  if (!any) return;
  struct eh_variant *variant = add(l, EH_VARIANT_REGROUPED, definition->name);
  variant->regroup = regroup;
  variant->any_within = definition->any_within;
}

/* Where peers are weighted: as if they had to agree in everything. */
static void add_all_exact(struct listing *l) {
  if (!eh_cells_are_adjusted(l->comparison->cells)) return;
  bool *dropped;
  const uint32_t **merged;
  struct eh_regroup regroup = regroup_new(l, &dropped, &merged);
  struct eh_variant *variant = add(l, EH_VARIANT_REGROUPED, "alike in every factor, unweighted");
  variant->regroup = regroup;
  variant->all_exact = true;
}

struct eh_variants eh_variants_of(struct eh_arena *arena, const struct eh_rules *rules,
                                  const struct eh_comparison_result *comparison) {
  struct eh_variants variants = {NULL, 0};
  struct listing l = {arena, rules, comparison, &variants, 0};
  const struct eh_cells *cells = comparison->cells;
  for (size_t k = 0; k < cells->column_count; k++)
    if (is_factor(&l, k)) add_without(&l, k);
  for (size_t k = 0; k < cells->column_count; k++)
    if (is_factor(&l, k)) add_coarser(&l, k);
  add_all_exact(&l);
  add_without_missing(&l);
  add_any_within(&l);
  for (size_t i = 0; i < rules->robustness.definition_count; i++)
    add_own(&l, &rules->robustness.definitions[i]);
  for (size_t k = 0; k < cells->column_count; k++) {
    if (is_factor(&l, k) || cells->columns[k].column == rules->policy_column) add_levels(&l, k);
  }
  add(&l, EH_VARIANT_NO_LARGEST, "without its largest peer");
  return variants;
}
