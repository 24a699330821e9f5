/* The account of an audit's records: what was read, what was left out and why, what could not be
 * read. read = audited + the sum of the exclusions, always. */
#ifndef EVENHAND_LOAD_ACCOUNT_H
#define EVENHAND_LOAD_ACCOUNT_H

#include "engine/load/cells.h"

struct eh_input {
  const char *name;     /* as named on the command line */
  uint64_t bytes;       /* as stored (a .gz: compressed) */
  char sha256[65];      /* of the stored bytes; "" where hashing was turned off */
  uint64_t records;     /* read from it, unusable ones included */
  uint64_t lenient;     /* of these, read although their form is not quite that of the format */
  const char *encoding; /* "UTF-8", "UTF-16LE", ...; "UTF-8, 12 records Windows-1252" */
  char delimiter;
  uint64_t header_line;
  const char *source; /* the input of the rules that it belongs to; NULL: they have none */
  const char *container; /* what the records were taken out of: ".xlsx"; NULL: text */
  const char *sheet;     /* of a workbook; NULL: none */
  const char *place;     /* what its lines are: "row", "case"; NULL: lines */
  const char *const *notes; /* what of it was passed over, or may surprise; without a full stop */
  size_t note_count;
  size_t lenient_note_count; /* of these, the last, on records whose form was forgiven */
};

/* A column's values that could not be read as the number or date the rules ask for; they count as
 * missing. */
struct eh_malformed {
  const char *column;
  uint64_t records;
};

/* A value of an input that its recode does not name; it stayed as it is. */
struct eh_unmapped_value {
  const char *column, *value;
  uint64_t records; /* read, whether audited or not */
};

/* One of the rules' inputs, and what of its files could not be mapped. */
struct eh_source_account {
  const char *name;
  size_t files;        /* 0: no file on the command line was one of its */
  uint64_t records;    /* read, unusable ones included */
  const char **unused; /* headers that no rule uses, in the order met */
  size_t unused_count;
  const char **absent; /* columns of the rules that it states not to have */
  size_t absent_count;
  struct eh_unmapped_value *unmapped; /* by column, most records first */
  size_t unmapped_count;
};

/* A table that the rules join, and what became of the records at it. read = found + the others. */
struct eh_join_account {
  struct eh_input file;
  const char *const *by; /* the names of its keys */
  size_t by_count;
  uint64_t rows, rows_without_key;
  uint64_t found; /* records that were given a row */
  uint64_t without_key, not_there, not_in_force; /* and those that were not, by why */
  const char *const *keys; /* the first that are not there, as readers may see them */
  size_t key_count;
  bool has_more_keys; /* there may be others */
};

/* The first places of unusable records, for diagnostics. */
struct eh_bad_place {
  const char *input;
  uint64_t line;
  const char *reason;
};

struct eh_account {
  struct eh_input *inputs;
  size_t input_count;
  uint64_t read, audited;
  uint64_t unusable; /* of those read, the lines that are no record; counted among the exclusions by
                        reason */
  struct eh_exclusion *excluded; /* in the order of work; only reasons that occur */
  size_t exclusion_count;
  struct eh_malformed *malformed;
  size_t malformed_count;
  struct eh_join_account *joins; /* in the rules' order */
  size_t join_count;
  struct eh_bad_place *bad_places; /* at most five an input */
  size_t bad_place_count;
  const char *server; /* the database's name and version; NULL: the records came from files */
  const char *const *statements; /* what it was asked */
  size_t statement_count;
  bool has_dates;
  int32_t first_day, last_day;       /* of the audited records, by the date role */
  struct eh_source_account *sources; /* by input of the rules */
  size_t source_count;               /* 0: they have none */
  uint64_t differing_cases; /* records left out because of their case id, although the record that
                               stays differs in what the rules make of it; see excluded */
  uint64_t shared_cases; /* case ids that stand in records of several of them; one record stays */
};

#endif
