/* What the survey's files share.
 *
 * An input is read in batches of pieces. Every piece of a batch is parsed on its own
 * (survey_piece.c) and looks its values up in the survey's tables as they stood before the batch;
 * what is not there goes to tables of the piece. Then, column by column, the new values join the
 * survey in the order of the file, and the rows are counted (survey_columns.c). So nothing depends
 * on the threads.
 */
#ifndef EVENHAND_LOAD_SURVEY_INTERNAL_H
#define EVENHAND_LOAD_SURVEY_INTERNAL_H

#include "engine/load/records/header.h"
#include "engine/load/records/translate.h"
#include "engine/load/survey/survey.h"
#include "engine/load/survey/values.h"
#include "engine/load/text/csv.h"
#include "rules/evaluate/evaluate.h"
#include "rules/language/missing.h"

enum {
  EH_SURVEY_FOUND = 0x40000000, /* a code with this bit is one of the piece's own values */
  EH_SURVEY_PIECE = 1 << 20,    /* bytes */
  /* Pieces that are parsed together. The first batch decides what the columns are. Neither number
     depends on the threads, so what is surveyed does not. */
  EH_SURVEY_FIRST_BATCH = 8,
  EH_SURVEY_BATCH = 16,
  EH_SURVEY_ROWS = 128 /* records that are looked up together, column by column */
};

struct eh_survey_input {
  const char *name;
  struct eh_source *source;
  struct eh_buffer start; /* its first bytes, read for the header */
  struct eh_header header;
  size_t *fields;     /* by column of the survey: which field; SIZE_MAX: this input lacks it */
  size_t *of_columns; /* by column of the rules: which field; SIZE_MAX: none */
  bool *is_asked;     /* by field: do the rules ask for it? */
  size_t *others;     /* fields that stand in no column of the survey, of an input of the rules */
  size_t other_count;
  const struct eh_rules_input *of_rules; /* NULL: the rules have no inputs */
  const char *const *fixed;              /* with one: see eh_translate_fixed */
};

/* What is known of a column only while the survey goes on. */
struct eh_survey_work {
  struct eh_survey_table table;
  struct eh_arena *arena;
  bool is_decided;     /* kind and form */
  bool is_provisional; /* the values' counts of records are those of the batch at hand */
  bool has_unreadable; /* values in no encoding */
  uint8_t *sketch;     /* of distinct values, once they are too many to keep */
};

struct eh_survey_piece {
  char *text;
  size_t length;
  bool is_last;
  /* What parsing gave. */
  struct eh_arena *arena;
  size_t rows, row_capacity;
  uint32_t **codes;               /* by column */
  struct eh_survey_table *found;  /* by column */
  uint32_t **joined;              /* by column: the survey's code of each found value */
  struct eh_survey_value **loose; /* by column, then row: of closed columns; texts are borrowed */
  uint32_t *lines;                /* from 0 within the piece */
  uint64_t *row_prints;
  uint8_t *outcomes, *kept;
  struct eh_survey_measure *measures;
  struct eh_survey_test *expects; /* places hold rows */
  size_t used;
  bool runs_on; /* it ends within the line of a record that was given up */
  uint64_t line_count, windows_records;
  uint64_t bad[EH_CSV_PROBLEMS];
  uint64_t bad_lines[5];
  enum eh_csv_problem bad_problems[5];
  size_t bad_place_count;
  size_t empty_rows, first_empty; /* records of which no field holds anything */
  size_t first_row;               /* in the survey */
  uint64_t first_line;
};

/* What a thread works with: some records at a time, so that look-ups of one column overlap. */
struct eh_survey_worker {
  struct eh_evaluator *evaluator; /* NULL: no rules */
  const struct eh_value **values; /* by record, then column of the rules */
  const char **texts;             /* by slot, then record */
  uint32_t *lengths;
  uint32_t lines[EH_SURVEY_ROWS];
  uint64_t other_prints[EH_SURVEY_ROWS]; /* of the fields in no column of the survey */
  size_t count;
  const struct eh_survey_input *of_input; /* whose layout the translator knows */
  struct eh_translator *translator;       /* NULL: fields stay as they are */
};

struct eh_survey_run {
  struct eh_survey *survey;
  struct eh_arena *arena; /* of the survey */
  struct eh_load_options options;
  struct eh_survey_work *work; /* by column */
  struct eh_survey_input *inputs;
  size_t input;
  size_t question_count; /* measures and totals */
  /* Texts stand in slots: one for each column of the survey, and behind them, where the rules have
     inputs, one for each column of the rules: the field as that column has it translated. */
  size_t *slots;                    /* by column of the survey */
  int *sources;                     /* by column of the rules: the slot it is read from, or -1 */
  struct eh_missing_filter missing; /* what may stand for "not recorded" */
  struct eh_survey_piece *pieces;   /* EH_SURVEY_BATCH */
  size_t piece_count;
  struct eh_survey_worker *workers;
  size_t batches; /* taken */
  size_t row_capacity;
  size_t batch_row; /* the first of the batch */
  uint16_t *months; /* of the batch's rows; EH_SURVEY_MONTHS: not known */
  uint64_t bad[EH_CSV_PROBLEMS];
};

struct eh_survey_opening {
  struct eh_survey_run *run;
  struct eh_problems *problems;
  struct eh_error *error;
};

/* --- survey_fields.c --- */
void eh_survey_add_column(struct eh_survey *survey, const char *name, int rules_column,
                          bool is_derived);
/* Add the columns that an input has and no other before it. */
void eh_survey_list_fields(struct eh_survey_run *run, const struct eh_survey_input *input);
/* Once all columns are known: where they stand in an input. */
void eh_survey_place_fields(struct eh_survey_run *run, struct eh_survey_input *input);
/* Make a worker ready for records of the input at hand. */
void eh_survey_take_layout(const struct eh_survey_run *run, struct eh_survey_worker *worker);
/* Can this column of the survey have a value in the input at hand? */
bool eh_survey_input_has(const struct eh_survey_run *run, size_t column);
/* A record, among the others of the batch. */
void eh_survey_take_fields(const struct eh_survey_run *run, const struct eh_survey_piece *piece,
                           struct eh_survey_worker *worker, const struct eh_field *fields);

/* --- survey_start.c --- */
/* Read an input's header and hold it against the rules. */
enum eh_status eh_survey_read_start(struct eh_survey_opening *o,
                                    struct eh_survey_input *input) EH_MUST_USE;
/* The columns of all inputs, whose headers are read, and what is needed to read the records. */
void eh_survey_start_columns(struct eh_survey_run *run, size_t input_count);

/* --- survey_read.c --- */
enum eh_status eh_survey_read_input(struct eh_survey_run *run, size_t index,
                                    struct eh_error *error) EH_MUST_USE;
/* --- survey.c --- */
/* A survey of columns with these headers, whose values and rows the caller fills in; the arena is
   the survey's. Ended by eh_survey_end. */
struct eh_survey_run *eh_survey_begin(const struct eh_rules *rules, const char *name,
                                      const char **headers, size_t count);
void eh_survey_end(struct eh_survey_run *run);

/* --- survey_piece.c --- */
void eh_survey_piece_new(const struct eh_survey_run *run, struct eh_survey_piece *piece);
void eh_survey_piece_clear(const struct eh_survey_run *run, struct eh_survey_piece *piece);
void eh_survey_piece_free(const struct eh_survey_run *run, struct eh_survey_piece *piece);
void eh_survey_piece_parse(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                           struct eh_survey_worker *worker);

/* --- survey_ask.c --- */
/* What the rules say of a record, whose given columns are in values, goes to a row of the piece. */
void eh_survey_ask(const struct eh_survey_run *run, struct eh_survey_piece *piece, size_t row,
                   struct eh_evaluator *evaluator, const struct eh_value **values);

/* The code of a tidy text that stands for "not recorded"; UINT32_MAX: it does not. */
uint32_t eh_survey_missing_code(const struct eh_survey_run *run, const char *text, size_t length);

/* --- survey_columns.c --- */
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
/* Room for the survey's rows. */
void eh_survey_grow_rows(struct eh_survey_run *run);
/* The number of a day's month; EH_SURVEY_MONTHS: out of range. */
uint16_t eh_survey_month(int year, int month);

/* --- survey_pseudonyms.c --- */
/* Put pseudonyms, where the options have them, in place of what names individuals. */
enum eh_status eh_survey_pseudonymise(struct eh_survey_run *run,
                                      struct eh_error *error) EH_MUST_USE;

/* --- survey_applies.c --- */
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
