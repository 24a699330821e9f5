/* Records in a database, which is asked for counts. One that knows the ids only cannot be asked by
 * pseudonyms: then there is nothing but the counts. */
#include "engine/load/database/database.h"

#include <stdlib.h>

#include "engine/load/origins/origins.h"

struct state {
  struct eh_database_options options;
  struct eh_database *database;
  struct eh_survey *survey;
};

static enum eh_status open(struct eh_origin *o, struct eh_problems *problems,
                           struct eh_error *error) {
  struct state *s = o->state = eh_alloc_zeroed(1, sizeof *s);
  s->options = *o->database;
  s->options.as_of = o->options.as_of;
  s->options.has_more = (o->wants.find || o->wants.over_time) && !o->options.pseudonyms;
  enum eh_status status = eh_database_open(o->rules, &s->options, &s->database, problems, error);
  if (status == EH_OK && o->options.pseudonyms)
    status = eh_counts_pseudonymise(eh_database_counts(s->database), o->options.pseudonyms, error);
  if (status == EH_OK) return EH_OK;
  eh_database_close(s->database);
  free(s);
  return status;
}

static const struct eh_account *account(const struct eh_origin *o) {
  return eh_counts_account(eh_database_counts(((const struct state *)o->state)->database));
}

static enum eh_status cells(struct eh_origin *o, struct eh_cells **made, size_t *count,
                            struct eh_error *error) {
  struct eh_database *database = ((const struct state *)o->state)->database;
  return eh_counts_cells(o->arena, eh_database_counts(database), made, count, error);
}

static enum eh_status tables(struct eh_origin *o, struct eh_cells **made, size_t *count,
                             struct eh_error *error) {
  struct eh_database *database = ((const struct state *)o->state)->database;
  return eh_counts_tables(o->arena, eh_database_counts(database), made, count, error);
}

static enum eh_status over_time(struct eh_origin *o, int column, const struct eh_over_time **all,
                                const struct eh_over_time **units, struct eh_error *error) {
  *all = *units = NULL;
  if (o->options.pseudonyms) return EH_OK;
  struct eh_database *database = ((const struct state *)o->state)->database;
  return eh_database_over_time(o->arena, database, column, all, units, error);
}

/* Not of a table that is spread over servers. */
static enum eh_status survey(struct eh_origin *o, const struct eh_survey **made,
                             struct eh_error *error) {
  struct state *s = o->state;
  *made = NULL;
  if (o->options.pseudonyms || s->options.shard_key) return EH_OK;
  EH_TRY(eh_database_survey(s->database, &s->survey, error));
  *made = s->survey;
  return EH_OK;
}

static bool find(struct eh_origin *o, struct eh_find_source *source) {
  if (o->options.pseudonyms) return false;
  *source = eh_database_source(((const struct state *)o->state)->database);
  return true;
}

static void close(struct eh_origin *o) {
  struct state *s = o->state;
  eh_survey_free(s->survey);
  eh_database_close(s->database);
  free(s);
}

const struct eh_origin_kind *eh_origin_database(void) {
  static const struct eh_origin_kind kind = {false,     open,   account, cells, tables,
                                             over_time, survey, find,    close};
  return &kind;
}
