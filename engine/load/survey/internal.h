/* What the survey's files share.
 *
 * Every piece of an input is parsed on its own (piece.c) and looks its values up in the survey's
 * tables as they stand; what is not there goes to tables of the piece. Pieces that were retired are
 * gathered until they make a batch. Then, column by column, the new values join the survey in the
 * order of the file, and the rows are counted (columns.c), while no piece is parsed. What a batch
 * is depends on the file alone, so nothing depends on the threads.
 */
#ifndef EVENHAND_LOAD_SURVEY_INTERNAL_H
#define EVENHAND_LOAD_SURVEY_INTERNAL_H

#include <pthread.h>

#include "engine/load/records/evaluate.h"
#include "engine/load/survey/spill.h"
#include "engine/load/survey/survey.h"
#include "engine/load/survey/values.h"
#include "rules/language/missing.h"

enum {
  EH_SURVEY_FOUND = 0x40000000, /* a code with this bit is one of the piece's own values */
  /* Bytes of the pieces that are counted together, about. The first batch of all decides what the
     columns are. */
  EH_SURVEY_BATCH = 1 << 23
};

/* Where the columns stand in an input. */
struct eh_survey_input {
  size_t *fields; /* by column of the survey: which field; SIZE_MAX: this input lacks it */
  size_t *others; /* fields that stand in no column of the survey, of an input of the rules */
  size_t other_count;
};

/* What is known of a column only while the survey goes on. */
struct eh_survey_work {
  struct eh_survey_table table;
  struct eh_arena *arena;
  bool is_decided;     /* kind and form */
  bool is_provisional; /* the values' counts of records are those of the batch at hand */
  bool has_unreadable; /* values in no encoding */
  unsigned shapes;     /* of numbers: enum eh_amount_shape */
  uint8_t *sketch;     /* of distinct values, once they are too many to keep */
};

struct eh_survey_piece {
  struct eh_arena *arena; /* of its values' texts */
  size_t rows, row_capacity;
  uint32_t **codes;               /* by column */
  struct eh_survey_table *found;  /* by column */
  uint32_t **joined;              /* by column: the survey's code of each found value */
  struct eh_survey_value **loose; /* by column, then row: of closed columns; texts are borrowed */
  uint32_t *lines;                /* from 0 within the piece */
  uint64_t *row_prints;           /* of the whole record */
  uint64_t *case_prints, *person_prints; /* 0: not recorded */
  int32_t *days[EH_SURVEY_DATES];        /* EH_SURVEY_NO_DAY: none */
  uint16_t *months;                      /* EH_SURVEY_MONTHS: not known */
  uint8_t *outcomes, *kept;
  struct eh_survey_measure *measures;
  struct eh_survey_test *expects; /* places hold rows */
  size_t empty_rows, first_empty; /* records of which no field holds anything */
  size_t first_row;               /* in the survey */
  uint64_t first_line;
};

/* What a thread works with. */
struct eh_survey_worker {
  const struct eh_evaluation *evaluation; /* of the batch at hand; NULL: no rules */
  struct eh_evaluation *own;              /* the same, unless another consumer's is used */
};

struct eh_survey_run {
  struct eh_survey *survey;
  struct eh_arena *arena; /* of the survey */
  struct eh_load_options options;
  struct eh_survey_work *work;   /* by column */
  const struct eh_inputs *files; /* NULL: no input is read */
  const struct eh_layout *layouts;
  struct eh_survey_input *inputs;
  size_t input;
  size_t question_count;            /* measures and totals */
  struct eh_missing_filter missing; /* what may stand for "not recorded" */
  pthread_rwlock_t tables;          /* the columns and their values: read while a piece is parsed */
  struct eh_survey_piece *pieces;   /* retired, of the batch */
  size_t piece_count, piece_capacity;
  uint64_t batch_bytes;
  struct eh_survey_piece *spares; /* to be used again */
  size_t spare_count;
  size_t batches;                   /* taken */
  struct eh_arena *rows;            /* of what is kept of each record */
  bool has_days;                    /* the survey's day_base is set */
  struct eh_spill *cases, *persons; /* to find what repeats; NULL: a counted survey, no column */
  uint64_t empty_print;             /* of a record that holds nothing */
};

/* --- fields.c --- */
void eh_survey_add_column(struct eh_survey *survey, const char *name, int rules_column,
                          bool is_derived);
/* Add the columns that an input has and no other before it. */
void eh_survey_list_fields(struct eh_survey_run *run, const struct eh_layout *layout);
/* Once all columns are known: where they stand in an input. */
void eh_survey_place_fields(struct eh_survey_run *run, size_t input);
/* Can this column of the survey have a value in the input at hand? */
bool eh_survey_input_has(const struct eh_survey_run *run, size_t column);
/* The texts of a column, given and in the input at hand, in the batch, and their lengths. */
const char *const *eh_survey_texts(const struct eh_survey_run *run,
                                   const struct eh_survey_worker *worker,
                                   const struct eh_batch *batch, size_t column,
                                   const uint32_t **lengths);
/* A number for each record that stands for the fields in no column of the survey. */
void eh_survey_other_prints(const struct eh_survey_run *run, const struct eh_batch *batch,
                            uint64_t *prints);

/* --- start.c --- */
/* The columns of all inputs, whose headers are read, and what is needed to read the records. */
void eh_survey_start_columns(struct eh_survey_run *run, size_t input_count);

/* --- consume.c --- */
/* All but the evaluation, which start_worker sees to where there are rules. */
struct eh_consumer eh_survey_consumer(struct eh_survey_run *run);

/* --- survey.c --- */
/* A survey of columns with these headers, whose values and rows the caller fills in; the arena is
   the survey's. Ended by eh_survey_end. */
struct eh_survey_run *eh_survey_begin(const struct eh_rules *rules, const char **headers,
                                      size_t count);
void eh_survey_end(struct eh_survey_run *run);

/* --- piece.c --- */
void eh_survey_piece_new(const struct eh_survey_run *run, struct eh_survey_piece *piece);
void eh_survey_piece_clear(const struct eh_survey_run *run, struct eh_survey_piece *piece);
void eh_survey_piece_free(const struct eh_survey_run *run, struct eh_survey_piece *piece);
/* Records, of which the worker's evaluation tells. */
void eh_survey_piece_take(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                          struct eh_survey_worker *worker, const struct eh_batch *batch);

/* The code of a tidy text that stands for "not recorded"; UINT32_MAX: it does not. */
uint32_t eh_survey_missing_code(const struct eh_survey_run *run, const char *text, size_t length);

/* --- ask.c --- */
/* What the rules say of the records of the batch at hand goes to the piece's next rows. */
void eh_survey_ask(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                   const struct eh_evaluation *evaluation);

/* --- columns.c --- */
/* Take over the values and rows of the batch, whose pieces are final. */
void eh_survey_take_batch(struct eh_survey_run *run);
void eh_survey_finish_columns(struct eh_survey_run *run);
/* Read a value as its column's kind and forms ask. */
void eh_survey_classify_value(const struct eh_survey_run *run, size_t column,
                              struct eh_survey_value *value);
/* A column's kind, from its values where nobody said; and what each value reads as. */
void eh_survey_settle_values(struct eh_survey_run *run, size_t column, size_t first);
bool eh_survey_is_malformed(const struct eh_survey_column *column,
                            const struct eh_survey_value *value);
/* Room for the counts of what is missing where and when. */
void eh_survey_grow_counts(struct eh_survey_run *run, struct eh_survey_column *column);

/* --- crossed.c --- */
/* Once the first batch has settled what the columns are. */
void eh_survey_start_crossing(struct eh_survey_run *run, size_t column);
void eh_survey_cross_values(struct eh_survey_run *run, size_t column);
void eh_survey_free_crossed(struct eh_survey_column *column);

/* --- keep.c --- */
void eh_survey_start_rows(struct eh_survey_run *run);
/* Keep what is asked of each of a counted piece's records. */
void eh_survey_keep_rows(struct eh_survey_run *run, const struct eh_survey_piece *piece);
/* A day as the survey's lists hold it. */
uint32_t eh_survey_store_day(struct eh_survey_run *run, int32_t day);

/* --- repeats.c --- */
/* Once all records are kept: which of them occurred before? */
enum eh_status eh_survey_find_repeats(struct eh_survey_run *run,
                                      struct eh_error *error) EH_MUST_USE;

/* The number of a day's month; EH_SURVEY_MONTHS: out of range. */
uint16_t eh_survey_month(int year, int month);

/* --- pseudonyms.c --- */
/* Put pseudonyms, where the options have them, in place of what names individuals. */
enum eh_status eh_survey_pseudonymise(struct eh_survey_run *run,
                                      struct eh_error *error) EH_MUST_USE;

/* --- applies.c --- */
/* Does a column apply only where another has certain values? Judged from the first batch. */
void eh_survey_find_applies(struct eh_survey_run *run, size_t column);

/* The same in two steps, for counts from elsewhere. How many records have each value of a column
   `by`, and lack another column. */
enum { EH_APPLIES_VALUES = 40 };
struct eh_applies_tally {
  uint64_t records[EH_APPLIES_VALUES], missing[EH_APPLIES_VALUES];
};
bool eh_survey_may_explain(const struct eh_survey *survey, size_t column, size_t by);
/* Does so much of it lack values that there is something to explain? */
bool eh_survey_lacks_values(const struct eh_survey *survey, size_t column);
/* Take `by` for the explanation if it is a better one than *best, the best so far. */
void eh_survey_try_applies(struct eh_survey_run *run, size_t column, size_t by,
                           const struct eh_applies_tally *tally, uint64_t *best);

#endif
