/* The records of an audit, after reading: no text, only what the rules made of each record.
 *
 * Records stand in chunks, in the order of the input. A chunk knows where its bytes are, so that a
 * record can be found again in its file. Internal to engine/load; the rest of the program sees
 * load.h.
 */
#ifndef EVENHAND_LOAD_RECORDS_H
#define EVENHAND_LOAD_RECORDS_H

#include "engine/base/memory.h"
#include "engine/load/account.h"
#include "engine/load/packed.h"
#include "engine/load/records/dictionary.h"
#include "engine/load/records/inputs.h"
#include "engine/load/records/load.h"
#include "engine/load/records/translate.h"

/* What became of a record that could be read. */
enum eh_fate {
  EH_AUDITED,
  EH_REPEATED_CASE,
  EH_NOT_KEPT,
  EH_KEEP_UNKNOWN,
  EH_SAME_PERSON,
  EH_DIFFERING_CASE, /* repeated, and the record that stays differs in what the rules make of it */
  EH_UNORDERED,      /* only in a database: nothing says which of these records stays */
  EH_FATES
};
/* All but EH_AUDITED, in the order in which they are told. */
extern const enum eh_fate eh_fates_left_out[EH_FATES - 1];
/* Why a record of such a fate is left out, in words that can follow "excluded: "; NULL: it is not.
 */
const char *eh_fate_reason(enum eh_fate fate);
enum { EH_FATE_MASK = 0x0f }; /* bits of a chunk's status bytes */

/* What a measure says of a record: three bits each. */
enum eh_outcome {
  EH_DOES_NOT_APPLY,
  EH_APPLIES_UNKNOWN,
  EH_EVENT_UNKNOWN,
  EH_NO_EVENT, /* also: has a category or value, of a measure that asks for one */
  EH_EVENT,
  EH_FACTOR_MISSING, /* only while grouping: on_missing: exclude */
  EH_OUTCOMES
};

/* Why a measure does not count a record; NULL: it does. */
const char *eh_outcome_reason(enum eh_outcome outcome, enum eh_measure_kind kind);

enum {
  EH_NO_DAY = 0,
  EH_DAY_ZERO = 1000000
}; /* days are stored shifted, so that all are positive */

struct eh_chunk {
  size_t input;
  uint64_t offset, length; /* decoded bytes of the input */
  uint64_t first_line;
  size_t rows, first_row;  /* how many; the number of the first over all chunks */
  struct eh_packed *codes; /* by dimension: a dictionary's code */
  uint8_t *outcomes;       /* rows x measures */
  uint8_t *status;         /* fate, and bits */
  uint64_t *case_prints;   /* 64-bit fingerprint; 0: not recorded. On the heap; NULL once retired,
                              unless records are to be found again */
  uint64_t *person_prints; /* of eh_records_person's column; NULL without one */
  struct eh_packed days;   /* with a date column */
};

struct eh_unmapped; /* engine/load/records/unmapped.h */

/* Eight bytes a row hold the case fingerprints until repeated cases are settled, and a grouping's
   keys after that: memory that is given back and taken again has to be cleared. */
struct eh_records {
  const struct eh_rules *rules;
  struct eh_load_options options;
  struct eh_arena *arena;
  struct eh_inputs inputs;
  struct eh_chunk *chunks;
  size_t chunk_count, chunk_capacity;
  size_t rows;
  struct eh_arena *row_arena; /* of what chunks hold */
  uint64_t *row_memory;       /* by row; see above */
  size_t row_memory_bytes;
  size_t *dimensions; /* the rules' columns that are dimensions */
  size_t dimension_count;
  struct eh_dictionary **dictionaries; /* by dimension */
  uint64_t *malformed;                 /* by column of the rules */
  unsigned *shapes;                    /* so: what its numbers look like */
  struct eh_join_gain *gains;          /* by join of the rules */
  struct eh_unmapped *unmapped;        /* of the rules' inputs; NULL: they have none */
  struct eh_account account;
};

/* Chunks that follow each other, for threads to share: where the block of this number, of so many,
   begins; of the number of blocks, the end of the last. */
static inline const struct eh_chunk *eh_records_block(const struct eh_records *records,
                                                      size_t block, size_t blocks) {
  return records->chunks + records->chunk_count * block / blocks;
}

/* The chunk in which a row stands. */
struct eh_chunk *eh_records_chunk(const struct eh_records *records, size_t row);

/* Give up what is kept of each row; their number, the account and the dictionaries stay. */
void eh_records_drop_rows(struct eh_records *records);

/* The dimension of a column of the rules; it must be one. */
size_t eh_records_dimension(const struct eh_records *records, int column);

/* The column that tells persons apart: one_per's, or else the person role's; -1: none. */
int eh_records_person(const struct eh_records *records);

/* 64 bits that stand for an id; 0 for one that is not recorded. */
uint64_t eh_records_print(const struct eh_rules *rules, int column, const char *text,
                          size_t length);

/* A record found again in its file: call visit for the wanted rows of each chunk, in order. texts
   are by column of the rules (given ones; NULL otherwise), trimmed, "" when missing, valid during
   the call. wanted: row numbers over all chunks, ascending. */
typedef void eh_fetch_visit(void *context, size_t wanted_index, const char *const *texts);
enum eh_status eh_records_fetch(struct eh_records *records, const size_t *wanted, size_t count,
                                eh_fetch_visit *visit, void *context,
                                struct eh_error *error) EH_MUST_USE;

/* Settle repeated case ids and one_per. The case fingerprints are gone after that. */
enum eh_status eh_records_settle(struct eh_records *records, struct eh_error *error) EH_MUST_USE;

#endif
