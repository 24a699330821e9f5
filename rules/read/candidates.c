/* The rules with one column more among the similarly situated: what an audit asks when it looks
 * whether a column that nobody named explains a finding. */
#include <string.h>

#include "rules/read/internal.h"

static int column_of(struct eh_reader *reader, const struct eh_extra_column *candidate) {
  static const struct eh_place nowhere = {1, 1};
  const struct eh_name *name = eh_read_find_name(reader, candidate->name);
  if (name && name->kind != EH_NAME_LISTED) return eh_read_column(reader, candidate->name, nowhere);
  return eh_read_headed(reader, candidate->name, candidate->header);
}

/* The period of the decision: a column of its own. */
static int period_column(struct eh_reader *reader, const struct eh_extra_column *extra) {
  struct eh_column column = {
      .name = extra->name, .kind = extra->period, .of = {reader->rules->date_column, -1}};
  return eh_read_add_column(reader, &column);
}

static void add_factor(struct eh_reader *reader, struct eh_measure *measure, int column) {
  int *factors = eh_arena_alloc(reader->arena, measure->factor_count + 1, sizeof *factors);
  for (size_t i = 0; i < measure->factor_count; i++) factors[i] = measure->factors[i];
  factors[measure->factor_count++] = column;
  measure->factors = factors;
}

static struct eh_expression *both(struct eh_reader *reader, const struct eh_expression *a,
                                  const struct eh_expression *b) {
  struct eh_expression *node = eh_arena_alloc(reader->arena, 1, sizeof *node);
  *node = (struct eh_expression){
      .kind = EH_AND, .column = -1, .other = -1, .child_count = 2, .test = -1, .line = 1};
  node->children = eh_arena_alloc(reader->arena, 2, sizeof(struct eh_expression *));
  node->children[0] = (struct eh_expression *)a;
  node->children[1] = (struct eh_expression *)b;
  return node;
}

static bool can_vary(const struct eh_reader *reader, const struct eh_measure *measure,
                     const struct eh_extra_column *extra) {
  if (extra->kind == EH_EXTRA_PERIOD) return reader->rules->date_column >= 0;
  return extra->kind == EH_EXTRA_COLUMN || measure->among;
}

static struct eh_measure vary(struct eh_reader *reader, const struct eh_measure *measure,
                              const struct eh_extra_column *extra, int column) {
  struct eh_measure more = *measure;
  if (!can_vary(reader, measure, extra)) return more;
  if (extra->kind == EH_EXTRA_COLUMN || extra->kind == EH_EXTRA_PERIOD)
    add_factor(reader, &more, column);
  if (extra->kind == EH_EXTRA_MEMBERS) more.event = measure->among;
  if (extra->kind == EH_EXTRA_OF_ALL) more.event = both(reader, measure->among, measure->event);
  if (extra->kind == EH_EXTRA_MEMBERS || extra->kind == EH_EXTRA_OF_ALL) more.among = NULL;
  more.name = eh_arena_printf(reader->arena, "%s, %s", measure->name, extra->name);
  return more;
}

/* Which variants of a measure there are begins at first[measure]; SIZE_MAX: it is not asked. */
static void vary_comparison(struct eh_reader *reader, struct eh_comparison *comparison,
                            const struct eh_measure *asked, const size_t *first) {
  const struct eh_variation *v = reader->variation;
  size_t *measures = eh_arena_alloc(reader->arena, comparison->measure_count * v->candidate_count,
                                    sizeof *measures);
  size_t made = 0;
  for (size_t i = 0; i < comparison->measure_count; i++) {
    size_t m = comparison->measures[i];
    for (size_t k = 0; k < v->candidate_count && first[m] != SIZE_MAX; k++) {
      if (!v->for_columns[m] && v->candidates[k].kind != EH_EXTRA_PERIOD) continue;
      if (can_vary(reader, &asked[m], &v->candidates[k])) measures[made++] = first[m] + k;
    }
  }
  comparison->measures = measures;
  comparison->measure_count = made;
  comparison->dependent = (struct eh_dependent){.choice = EH_DEPENDENT_NONE};
}

/* The column that each extra stands for; -1: none. */
static int *columns_of(struct eh_reader *reader) {
  const struct eh_variation *v = reader->variation;
  int *columns = eh_arena_alloc(reader->arena, v->candidate_count, sizeof *columns);
  for (size_t k = 0; k < v->candidate_count; k++) {
    columns[k] = -1;
    if (v->candidates[k].kind == EH_EXTRA_COLUMN) columns[k] = column_of(reader, &v->candidates[k]);
    if (v->candidates[k].kind == EH_EXTRA_PERIOD && reader->rules->date_column >= 0)
      columns[k] = period_column(reader, &v->candidates[k]);
  }
  return columns;
}

void eh_read_candidates(struct eh_reader *reader) {
  const struct eh_variation *v = reader->variation;
  struct eh_rules *rules = reader->rules;
  if (!v || reader->problems->count) return;
  const int *columns = columns_of(reader);
  size_t *first = eh_arena_alloc(reader->arena, rules->measure_count, sizeof *first), made = 0;
  struct eh_measure *measures = eh_arena_alloc(
      reader->arena, rules->measure_count * v->candidate_count + 1, sizeof *measures);
  for (size_t m = 0; m < rules->measure_count; m++) {
    first[m] = v->asked[m] ? made : SIZE_MAX;
    for (size_t k = 0; k < v->candidate_count && v->asked[m]; k++)
      measures[made++] = vary(reader, &rules->measures[m], &v->candidates[k], columns[k]);
  }
  for (size_t c = 0; c < rules->comparison_count; c++)
    vary_comparison(reader, &rules->comparisons[c], rules->measures, first);
  reader->table_count = 0; /* counts by period are not asked for again */
  rules->measures = measures;
  rules->measure_count = made;
  rules->main_measure = 0;
}
