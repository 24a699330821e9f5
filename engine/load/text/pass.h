/* Reading an input's records on several threads, for whoever consumes them.
 *
 * The input is cut into pieces that end with a line. Threads take the pieces in turn and parse each
 * on the assumption that a record begins where it does; then the pieces are retired in order. Where
 * a record runs on beyond its piece (a line break between quotes), the assumption was wrong for the
 * next one: that is parsed again, together with the record's beginning. So the outcome is that of
 * one parser reading from the start, on any number of threads.
 *
 * A consumer makes a harvest of each piece, and adds the harvests up as they are retired.
 */
#ifndef EVENHAND_LOAD_PASS_H
#define EVENHAND_LOAD_PASS_H

#include "engine/base/memory.h"
#include "engine/load/account.h"
#include "engine/load/options.h"
#include "engine/load/text/bytes.h"
#include "engine/load/text/pieces.h"
#include "engine/load/text/rows.h"

/* Where a retired piece stands. */
struct eh_piece_place {
  size_t input;
  uint64_t offset, first_line; /* decoded bytes; counted from 1 */
  const struct eh_rows_gain *gain;
};

struct eh_consumer {
  void *context;
  /* An input begins, by its number; it ends, whole. NULL: nothing. */
  void (*begin_input)(void *context, size_t input);
  void (*end_input)(void *context);
  /* What a thread works with, for the input at hand. */
  void *(*start_worker)(void *context);
  void (*end_worker)(void *context, void *worker); /* for one at a time */
  /* What a piece gave: kept for other pieces after it was retired. */
  void *(*new_harvest)(void *context);
  void (*free_harvest)(void *context, void *harvest);
  /* A piece begins (perhaps again): forget what the harvest holds. Its batches. Its end. */
  void (*begin)(void *context, void *worker, void *harvest);
  void (*take)(void *context, void *worker, void *harvest, const struct eh_batch *batch);
  void (*finish)(void *context, void *worker, void *harvest);
  /* The piece counts: in the order of the input, one at a time. */
  void (*retire)(void *context, void *worker, void *harvest, const struct eh_piece_place *place);
  /* After the worker retired some, beside the others; NULL: nothing. */
  void (*settle)(void *context, void *worker);
  /* For the limit of memory: what each record will take later on, and what else could be done. */
  uint64_t bytes_to_come;
  const char *remedy;
};

/* Of all inputs together. */
struct eh_pass {
  const struct eh_load_options *options;
  const struct eh_consumer *consumer;
  struct eh_arena *arena;        /* of what the account holds */
  struct eh_account *account;    /* its inputs and bad places are filled in */
  uint64_t bad[EH_CSV_PROBLEMS]; /* lines that are no records */
  uint64_t records;              /* so far */
};

struct eh_pass_input {
  size_t number; /* in the account */
  struct eh_source *source;
  struct eh_pieces *pieces; /* begun behind the header */
  const struct eh_rows_plan *plan;
  uint64_t offset, line; /* of the first byte, the line, behind the header */
  const char *const *notes; /* on what stands before it, for the account */
  size_t note_count;
};

enum eh_status eh_pass_run(struct eh_pass *pass, const struct eh_pass_input *input,
                           struct eh_error *error) EH_MUST_USE;
/* All inputs were read: how many records and unusable lines there are, into the account, and the
   latter's reasons among its exclusions, with room for so many more. */
void eh_pass_account(const struct eh_pass *pass, size_t more);
/* EH_BAD_INPUT where not one record could be read. */
enum eh_status eh_account_check_usable(const struct eh_account *account, size_t rows,
                                       struct eh_error *error) EH_MUST_USE;

#endif
