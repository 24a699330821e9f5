#include "engine/cli/recount.h"

#include <string.h>

#include "engine/load/origins/origins.h"

enum { MOST_RECORDS = 1000000 };

/* The audit's own origin, and the one that is opened for this. */
struct again {
  const struct eh_origin *first;
  struct eh_origin again;
};

/* Are these the bytes of the first reading? */
static bool is_same(const struct eh_account *first, const struct eh_account *again) {
  if (first->input_count != again->input_count) return false;
  for (size_t i = 0; i < first->input_count; i++) {
    const struct eh_input *a = &first->inputs[i], *b = &again->inputs[i];
    if (a->bytes != b->bytes || a->records != b->records || strcmp(a->sha256, b->sha256) != 0)
      return false;
  }
  return true;
}

static bool read_again(void *context, const struct eh_rules *varied, struct eh_arena *arena,
                       struct eh_cells **cells, size_t *count, const char **why) {
  struct again *a = context;
  const struct eh_origin *first = a->first;
  a->again = (struct eh_origin){.kind = first->kind,
                                .rules = varied,
                                .arena = arena,
                                .options = first->options,
                                .names = first->names,
                                .name_count = first->name_count};
  struct eh_problems problems = {0};
  struct eh_error error = {0};
  a->again.options.progress = NULL;
  enum eh_status status = eh_origin_open(&a->again, &problems, &error);
  if (status == EH_OK) status = a->again.kind->cells(&a->again, cells, count, &error);
  if (status == EH_OK &&
      !is_same(first->kind->account(first), a->again.kind->account(&a->again))) {
    *why = "not tried: the records changed after they had been read";
    return false;
  }
  if (status != EH_OK)
    *why = eh_arena_printf(arena, "not tried: the records could not be read again: %s",
                           problems.count ? problems.items[0].message : error.message);
  eh_problems_free(&problems);
  return status == EH_OK;
}

static void close_again(void *context) {
  struct again *a = context;
  eh_origin_close(&a->again);
}

/* Why no columns are tried as explanations. */
static const char *no_columns(const struct eh_origin *origin, const struct eh_survey *survey,
                              bool is_short) {
  if (is_short) return "not asked: only the summary is wanted";
  if (origin->rules->robustness.is_off) return "not asked: the rules say `robustness: none`";
  if (!survey) return "not tried: the records' columns were not surveyed";
  if (origin->rules->input_count) return "not tried: the inputs differ in their columns";
  if (origin->kind->account(origin)->audited > MOST_RECORDS)
    return "not tried: over 1,000,000 records";
  return NULL;
}

const char *eh_cli_recount(struct eh_origin *origin, const struct eh_survey *survey, bool is_short,
                           struct eh_recount *recount) {
  if (origin->kind != eh_origin_files()) return "not in these counts: only files are read again";
  for (size_t i = 0; i < origin->name_count; i++)
    if (strcmp(origin->names[i], "-") == 0) return "standard input can be read only once";
  if (is_short && origin->kind->account(origin)->audited > MOST_RECORDS)
    return "over 1,000,000 records are read twice only for a workbook or a findings file";
  const char *why_not = no_columns(origin, survey, is_short);
  *recount = why_not ? (struct eh_recount){.no_columns = why_not}
                     : eh_recount_candidates(origin->arena, origin->rules, survey);
  recount->cells = read_again;
  recount->done = close_again;
  struct again *context = eh_arena_alloc(origin->arena, 1, sizeof *context);
  context->first = origin;
  recount->context = context;
  return NULL;
}
