/* A file of cells, or of the counts that a database's owner made: no records behind them. */
#include "engine/load/counts/cells_file.h"
#include "engine/load/origins/origins.h"

static enum eh_status open(struct eh_origin *o, struct eh_problems *problems,
                           struct eh_error *error) {
  (void)problems;
  struct eh_counts *counts;
  EH_TRY(eh_cells_file_load(o->rules, o->names[0], &counts, error));
  o->state = counts;
  enum eh_status status = EH_OK;
  if (o->options.pseudonyms) status = eh_counts_pseudonymise(counts, o->options.pseudonyms, error);
  if (status != EH_OK) eh_counts_free(counts);
  return status;
}

static const struct eh_account *account(const struct eh_origin *o) {
  return eh_counts_account(o->state);
}

static enum eh_status cells(struct eh_origin *o, struct eh_cells **made, size_t *count,
                            struct eh_error *error) {
  return eh_counts_cells(o->arena, o->state, made, count, error);
}

static enum eh_status tables(struct eh_origin *o, struct eh_cells **made, size_t *count,
                             struct eh_error *error) {
  return eh_counts_tables(o->arena, o->state, made, count, error);
}

static void close(struct eh_origin *o) { eh_counts_free(o->state); }

const struct eh_origin_kind *eh_origin_cells(void) {
  static const struct eh_origin_kind kind = {
      .open = open, .account = account, .cells = cells, .tables = tables, .close = close};
  return &kind;
}
