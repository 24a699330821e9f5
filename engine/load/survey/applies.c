/* Blanks that mean "does not apply": a column may be filled in only where another says so (the
 * decision on a request, where a request was made). */
#include <string.h>

#include "engine/load/survey/internal.h"

enum { FEWEST_RECORDS = 30 };
static const double LEAST_MISSING =
                        0.10, /* share of the batch, or else there is nothing to explain */
    NEVER_FILLED = 0.90,      /* share missing of the values where it does not apply */
    MOSTLY_FILLED = 0.5;      /* share missing of the rest, at most */

bool eh_survey_may_explain(const struct eh_survey *s, size_t column, size_t by) {
  const struct eh_survey_column *b = &s->columns[by];
  if (by == column || b->value_count <= s->missing_count + 1) return false;
  if (b->value_count - s->missing_count > EH_APPLIES_VALUES || b->rest.records) return false;
  /* Where an office leaves a column blank, that is what the completeness table is to show. */
  for (size_t u = 0; u < s->roles.unit_count; u++)
    if (s->roles.units[u] == (int)by) return false;
  return b->kind == EH_SURVEY_TEXT;
}

static struct eh_applies_tally count(const struct eh_survey_run *run, size_t column, size_t by) {
  struct eh_applies_tally t = {0};
  uint32_t missing = (uint32_t)run->survey->missing_count;
  for (size_t p = 0; p < run->piece_count; p++) {
    const struct eh_survey_piece *piece = &run->pieces[p];
    for (size_t r = 0; r < piece->rows; r++) {
      uint32_t code = piece->codes[by][r];
      if (code < missing) continue;
      t.records[code - missing]++;
      t.missing[code - missing] += piece->codes[column][r] < missing;
    }
  }
  return t;
}

/* How many records the split tells rightly; 0: it is no clear split. */
static uint64_t weigh(const struct eh_applies_tally *t, uint8_t *does_not_apply) {
  uint64_t right = 0, inside = 0, inside_missing = 0, outside = 0;
  for (size_t i = 0; i < EH_APPLIES_VALUES; i++) {
    bool never = t->records[i] > 0 && (double)t->missing[i] >= NEVER_FILLED * (double)t->records[i];
    does_not_apply[i] = never;
    if (never) {
      outside += t->records[i];
      right += t->missing[i];
    } else {
      inside += t->records[i];
      inside_missing += t->missing[i];
      right += t->records[i] - t->missing[i];
    }
  }
  bool is_clear = outside >= FEWEST_RECORDS && inside >= FEWEST_RECORDS &&
                  (double)inside_missing <= MOSTLY_FILLED * (double)inside;
  return is_clear ? right : 0;
}

bool eh_survey_lacks_values(const struct eh_survey *s, size_t column) {
  uint64_t missing = 0;
  for (size_t i = 1; i < s->missing_count; i++) missing += s->columns[column].values[i].records;
  return (double)missing >= LEAST_MISSING * (double)s->rows && missing != s->rows;
}

void eh_survey_try_applies(struct eh_survey_run *run, size_t column, size_t by,
                           const struct eh_applies_tally *tally, uint64_t *best) {
  struct eh_survey *s = run->survey;
  struct eh_survey_column *c = &s->columns[column];
  uint8_t does_not_apply[EH_APPLIES_VALUES];
  uint64_t right = weigh(tally, does_not_apply);
  if (right <= *best) return;
  *best = right;
  c->applies_by = (int)by;
  c->does_not_apply_count = s->columns[by].value_count;
  uint8_t *kept = eh_arena_alloc(run->work[column].arena, c->does_not_apply_count, 1);
  memcpy(kept + s->missing_count, does_not_apply, c->does_not_apply_count - s->missing_count);
  c->does_not_apply = kept;
}

void eh_survey_find_applies(struct eh_survey_run *run, size_t column) {
  const struct eh_survey *s = run->survey;
  uint64_t best = 0;
  for (size_t by = 0; by < s->column_count && eh_survey_lacks_values(s, column); by++) {
    if (!eh_survey_may_explain(s, column, by)) continue;
    struct eh_applies_tally tally = count(run, column, by);
    eh_survey_try_applies(run, column, by, &tally, &best);
  }
}
