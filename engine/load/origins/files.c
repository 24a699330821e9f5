/* Records in files. They are read once, for all that is wanted. */
#include <stdlib.h>

#include "engine/load/cells/over_time.h"
#include "engine/load/find/find.h"
#include "engine/load/origins/origins.h"
#include "engine/load/survey/survey.h"

struct files {
  struct eh_records *records;
  struct eh_survey *survey; /* NULL: not wanted */
};

static enum eh_status open(struct eh_origin *o, struct eh_problems *problems,
                           struct eh_error *error) {
  struct files *f = o->state = eh_alloc_zeroed(1, sizeof *f);
  struct eh_load_options options = o->options;
  options.can_find = o->wants.find;
  options.only_cells = !o->wants.find && !o->wants.over_time && !o->rules->table_count;
  enum eh_status status = o->wants.survey
                              ? eh_survey_beside(o->rules, o->names, o->name_count, &options,
                                                 &f->records, &f->survey, problems, error)
                              : eh_load_files(o->rules, o->names, o->name_count, &options,
                                              &f->records, problems, error);
  if (status != EH_OK) free(f);
  return status;
}

static const struct eh_account *account(const struct eh_origin *o) {
  return eh_records_account(((const struct files *)o->state)->records);
}

static enum eh_status cells(struct eh_origin *o, struct eh_cells **made, size_t *count,
                            struct eh_error *error) {
  return eh_records_cells(o->arena, ((struct files *)o->state)->records, made, count, error);
}

static enum eh_status tables(struct eh_origin *o, struct eh_cells **made, size_t *count,
                             struct eh_error *error) {
  return eh_records_tables(o->arena, ((struct files *)o->state)->records, made, count, error);
}

static enum eh_status over_time(struct eh_origin *o, int column, const struct eh_over_time **all,
                                const struct eh_over_time **units, struct eh_error *error) {
  (void)error;
  const struct eh_records *records = ((const struct files *)o->state)->records;
  *all = eh_records_over_time(o->arena, records, &(struct eh_time_request){EH_PERIOD_FITTING, -1});
  *units = NULL;
  if (column >= 0)
    *units = eh_records_over_time(o->arena, records,
                                  &(struct eh_time_request){EH_PERIOD_QUARTER, column});
  return EH_OK;
}

static enum eh_status survey(struct eh_origin *o, const struct eh_survey **made,
                             struct eh_error *error) {
  (void)error;
  *made = ((const struct files *)o->state)->survey;
  return EH_OK;
}

static bool find(struct eh_origin *o, struct eh_find_source *source) {
  *source = eh_records_source(((struct files *)o->state)->records);
  return true;
}

static void close(struct eh_origin *o) {
  struct files *f = o->state;
  eh_survey_free(f->survey);
  eh_records_free(f->records);
  free(f);
}

const struct eh_origin_kind *eh_origin_files(void) {
  static const struct eh_origin_kind kind = {true,   open,      account, cells, tables,
                                             over_time, survey, find,   close};
  return &kind;
}
