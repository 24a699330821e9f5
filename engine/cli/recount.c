#include "engine/cli/recount.h"

#include <string.h>
#include <sys/stat.h>

#include "engine/load/database/database.h"
#include "engine/load/origins/origins.h"

enum { MOST_RECORDS = 1000000 };

/* The audit's own origin, and the one that is opened for this. */
struct again {
  const struct eh_origin *first;
  struct eh_origin again;
  enum eh_status status; /* what came of it */
  struct eh_error error;
};

/* Are these the bytes of the first reading? */
static enum eh_status check_same(const struct eh_account *first, const struct eh_account *again,
                                 struct eh_error *error) {
  static const char changed[] =
      "changed while it was being read; run again on a file that is at rest";
  for (size_t i = 0; i < first->input_count && i < again->input_count; i++) {
    const struct eh_input *a = &first->inputs[i], *b = &again->inputs[i];
    if (a->bytes != b->bytes || a->records != b->records || strcmp(a->sha256, b->sha256) != 0)
      return eh_fail_at(error, EH_BAD_INPUT, a->name, 0, 0, changed);
  }
  if (first->read == again->read) return EH_OK;
  return eh_fail(error, EH_BAD_INPUT,
                 "the records changed while they were being read: %llu at first, then %llu; run "
                 "again while they are at rest",
                 (unsigned long long)first->read, (unsigned long long)again->read);
}

static bool read_again(void *context, const struct eh_rules *varied, struct eh_arena *arena,
                       struct eh_cells **cells, size_t *count, const char **why) {
  struct again *a = context;
  const struct eh_origin *first = a->first;
  a->again = (struct eh_origin){.kind = first->kind,
                                .rules = varied,
                                .arena = arena,
                                .options = first->options,
                                .database = first->database,
                                .names = first->names,
                                .name_count = first->name_count};
  struct eh_problems problems = {0};
  a->again.options.progress = NULL;
  a->status = eh_origin_open(&a->again, &problems, &a->error);
  if (a->status == EH_BAD_RULES && problems.count) a->error = problems.items[0];
  if (a->status == EH_OK) a->status = a->again.kind->cells(&a->again, cells, count, &a->error);
  if (a->status == EH_OK)
    a->status =
        check_same(first->kind->account(first), a->again.kind->account(&a->again), &a->error);
  eh_problems_free(&problems);
  *why = "the records could not be read again";
  if (a->status == EH_BAD_RULES) { /* a database cannot be asked so: that is no failure */
    *why = eh_arena_string(arena, a->error.message);
    a->status = EH_OK;
    return false;
  }
  return a->status == EH_OK;
}

enum eh_status eh_cli_recount_check(const struct eh_recount *recount, struct eh_error *error) {
  const struct again *a = recount->context;
  if (a->status != EH_OK) *error = a->error;
  return a->status;
}

static void close_again(void *context) {
  struct again *a = context;
  eh_origin_close(&a->again);
}

/* A file, which can be read again. */
static bool is_at_rest(const char *name) {
  struct stat about;
  return strcmp(name, "-") != 0 && stat(name, &about) == 0 && S_ISREG(about.st_mode);
}

/* Why no columns are tried as explanations. */
static const char *no_columns(const struct eh_origin *origin, const struct eh_survey *survey,
                              bool is_short) {
  if (is_short) return "not asked: only the summary is wanted";
  if (origin->rules->robustness.is_off) return "not asked: the rules say `robustness: none`";
  if (origin->kind != eh_origin_files()) return "not tried: only columns of files are";
  if (!survey) return "not tried: the records' columns were not surveyed";
  if (origin->rules->input_count) return "not tried: the inputs differ in their columns";
  if (origin->kind->account(origin)->audited > MOST_RECORDS)
    return "not tried: over 1,000,000 records";
  return NULL;
}

const char *eh_cli_recount(struct eh_origin *origin, const struct eh_survey *survey, bool is_short,
                           struct eh_recount *recount) {
  if (origin->kind == eh_origin_cells()) return "not in these cells";
  if (origin->kind == eh_origin_database() && origin->database->shard_key)
    return "shards have no calendar to ask";
  for (size_t i = 0; i < origin->name_count && origin->kind == eh_origin_files(); i++)
    if (!is_at_rest(origin->names[i])) return "a pipe can be read only once";
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
