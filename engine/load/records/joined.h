/* Tables of another grain that the rules join to the records (`joins`): read whole before the
 * records are, then looked up by each record's keys.
 *
 *   eh_joined_read(&joined, rules, options, &error)
 *   eh_joined_find(joined, j, texts, lengths, day, scratch)
 *
 * Keys are compared as texts of records are: tidy, with the zeros that an id has lost. A row
 * without a key is passed over. Two rows of one key that say the same count as one; two that say
 * different things are refused, unless they are in force on different days; where one ends on the
 * day on which the next begins, that is the next one's.
 *
 * Once read, a value of this is not changed: threads share it.
 */
#ifndef EVENHAND_LOAD_JOINED_H
#define EVENHAND_LOAD_JOINED_H

#include "engine/load/records/inputs.h"

/* EH_BAD_INPUT with its place: a table cannot be read, lacks a column, or has a key twice.
   EH_OK, and NULL, where the rules join nothing. */
enum eh_status eh_joined_read(struct eh_joined **joined, const struct eh_rules *rules,
                              const struct eh_load_options *options,
                              struct eh_error *error) EH_MUST_USE;
void eh_joined_free(struct eh_joined *joined);

/* EH_BAD_RULES where an input has a column of the name that the rules give to a joined one: which
   is meant, nobody can tell. */
enum eh_status eh_joined_check(const struct eh_rules *rules, const struct eh_layout *layout,
                               const char *name, struct eh_error *error) EH_MUST_USE;

/* A row's texts, by column of the rules (of this join; NULL of others), tidied, with room behind.
 */
struct eh_joined_row {
  const char *const *texts;
  const uint32_t *lengths;
};

enum eh_joining { EH_JOIN_FOUND, EH_JOIN_NO_KEY, EH_JOIN_NOT_THERE, EH_JOIN_NOT_IN_FORCE };
/* The row of join number j (from 0) for a record. texts, lengths: by key of the join. day: of `at`;
   NULL: not recorded. *key: how a key that is not there is compared, in the scratch arena. */
enum eh_joining eh_joined_find(const struct eh_joined *joined, size_t j, const char *const *texts,
                               const uint32_t *lengths, const int32_t *day,
                               struct eh_arena *scratch, const struct eh_joined_row **row,
                               const char **key);

/* The same of one record whose texts are at hand, by column of the rules, "" where not recorded:
   its joined texts are set beside them. In the arena. joined NULL: nothing. */
void eh_joined_texts(const struct eh_joined *joined, const char **texts, struct eh_arena *arena);

/* What became of records at one join. Gathered piece by piece, and added up in the order of the
   input, so that the keys are the first ones on any number of threads. */
enum { EH_JOIN_KEYS = 20 };
struct eh_join_gain {
  uint64_t counts[EH_JOIN_NOT_IN_FORCE + 1]; /* by enum eh_joining */
  char *keys[EH_JOIN_KEYS];                  /* the first that were not found; on the heap */
  size_t key_count;
};
void eh_join_gain_note(struct eh_join_gain *gain, enum eh_joining what, const char *key);
void eh_join_gain_add(struct eh_join_gain *gain, const struct eh_join_gain *other);
void eh_join_gain_clear(struct eh_join_gain *gain);

/* Into the account: the tables, and what became of the records. gains: by join. */
enum eh_status eh_joined_account(const struct eh_joined *joined, const struct eh_join_gain *gains,
                                 const struct eh_pseudonyms *pseudonyms, struct eh_arena *arena,
                                 struct eh_account *account, struct eh_error *error) EH_MUST_USE;

#endif
