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

static struct eh_measure with_factor(struct eh_reader *reader, const struct eh_measure *measure,
                                     const struct eh_extra_column *candidate) {
  struct eh_measure more = *measure;
  int *factors = eh_arena_alloc(reader->arena, measure->factor_count + 1, sizeof *factors);
  for (size_t i = 0; i < measure->factor_count; i++) factors[i] = measure->factors[i];
  factors[more.factor_count++] = column_of(reader, candidate);
  more.factors = factors;
  more.name =
      eh_arena_printf(reader->arena, "%s, also alike in %s", measure->name, candidate->name);
  return more;
}

/* Which variants of a measure there are begins at first[measure]; SIZE_MAX: it is not asked. */
static void vary_comparison(struct eh_reader *reader, struct eh_comparison *comparison,
                            const size_t *first, size_t count) {
  size_t *measures =
      eh_arena_alloc(reader->arena, comparison->measure_count * count, sizeof *measures);
  size_t made = 0;
  for (size_t i = 0; i < comparison->measure_count; i++)
    for (size_t k = 0; k < count && first[comparison->measures[i]] != SIZE_MAX; k++)
      measures[made++] = first[comparison->measures[i]] + k;
  comparison->measures = measures;
  comparison->measure_count = made;
  comparison->dependent = (struct eh_dependent){.choice = EH_DEPENDENT_NONE};
}

void eh_read_candidates(struct eh_reader *reader) {
  const struct eh_variation *v = reader->variation;
  struct eh_rules *rules = reader->rules;
  if (!v || reader->problems->count) return;
  size_t *first = eh_arena_alloc(reader->arena, rules->measure_count, sizeof *first), made = 0;
  struct eh_measure *measures = eh_arena_alloc(
      reader->arena, rules->measure_count * v->candidate_count + 1, sizeof *measures);
  for (size_t m = 0; m < rules->measure_count; m++) {
    first[m] = v->asked[m] ? made : SIZE_MAX;
    for (size_t k = 0; k < v->candidate_count && v->asked[m]; k++)
      measures[made++] = with_factor(reader, &rules->measures[m], &v->candidates[k]);
  }
  for (size_t c = 0; c < rules->comparison_count; c++)
    vary_comparison(reader, &rules->comparisons[c], first, v->candidate_count);
  rules->measures = measures;
  rules->measure_count = made;
  rules->main_measure = 0;
}
