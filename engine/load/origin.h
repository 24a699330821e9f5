/* Who has the records of an audit: files, a database, a file of cells. What an audit asks of them
 * is a table of functions, so that nobody else needs to know which it is.
 *
 *   struct eh_origin origin = {.kind = eh_origin_files(), .rules = rules, .arena = arena, ...};
 *   eh_origin_open(&origin, problems, error)
 *   origin.kind->cells(&origin, &cells, &count, error) ...
 *   eh_origin_close(&origin)
 *
 * The kinds are in engine/load/origins; another one is another row there. One that a database
 * answers by other ways than ODBC shares all functions with it but `open`.
 */
#ifndef EVENHAND_LOAD_ORIGIN_H
#define EVENHAND_LOAD_ORIGIN_H

#include "engine/load/account.h"
#include "engine/load/options.h"

struct eh_database_options;
struct eh_find_source;
struct eh_over_time;
struct eh_survey;

/* What will be asked beyond cells and account: it is cheaper to know beforehand. */
struct eh_origin_wants {
  bool survey;    /* the survey, of the assessment of reliability */
  bool find;      /* records behind findings */
  bool over_time; /* counts over time */
};

struct eh_origin {
  const struct eh_origin_kind *kind;
  const struct eh_rules *rules;
  struct eh_arena *arena; /* of the answers */
  struct eh_load_options options;
  struct eh_origin_wants wants;
  const char *const *names; /* of files: of records, or of cells */
  size_t name_count;
  const struct eh_database_options *database;
  void *state; /* the kind's own, while open */
};

struct eh_origin_kind {
  bool is_surveyed_unasked; /* or does the survey take so much that only who asks gets it? */
  /* EH_BAD_RULES with problems where the rules do not fit. */
  enum eh_status (*open)(struct eh_origin *origin, struct eh_problems *problems,
                         struct eh_error *error) EH_MUST_USE;
  const struct eh_account *(*account)(const struct eh_origin *origin);
  enum eh_status (*cells)(struct eh_origin *origin, struct eh_cells **cells, size_t *count,
                          struct eh_error *error) EH_MUST_USE;
  /* The tables by period that the rules ask for; fewer where cells were made without them. After
     cells. */
  enum eh_status (*tables)(struct eh_origin *origin, struct eh_cells **cells, size_t *count,
                           struct eh_error *error) EH_MUST_USE;
  /* These are NULL where it cannot, and answer with NULL where it cannot of these records.
     over_time: of all, in fitting periods, and of each value of a column, by quarter; column -1:
     *units is NULL. */
  enum eh_status (*over_time)(struct eh_origin *origin, int column, const struct eh_over_time **all,
                              const struct eh_over_time **units,
                              struct eh_error *error) EH_MUST_USE;
  enum eh_status (*survey)(struct eh_origin *origin, const struct eh_survey **survey,
                           struct eh_error *error) EH_MUST_USE;
  bool (*find)(struct eh_origin *origin, struct eh_find_source *source);
  void (*close)(struct eh_origin *origin);
};

static inline enum eh_status eh_origin_open(struct eh_origin *origin, struct eh_problems *problems,
                                            struct eh_error *error) {
  enum eh_status status = origin->kind->open(origin, problems, error);
  if (status != EH_OK) origin->state = NULL;
  return status;
}

static inline void eh_origin_close(struct eh_origin *origin) {
  if (origin->state) origin->kind->close(origin);
  origin->state = NULL;
}

#endif
