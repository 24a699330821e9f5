/* Pseudonyms: short names that stand for ids, keyed, so that only who has the key can tell which.
 *
 *   officer-7K3Q-F2MA-9XTB
 *
 * HMAC-SHA-256 (RFC 2104, through libcrypto) of the id under the key, its first 60 bits as twelve
 * characters of Crockford's base 32. The same key gives an id the same pseudonym everywhere. Among
 * a million ids two share one with a probability of about 4 in 10 million; who replaces ids checks
 * that none do.
 */
#ifndef EVENHAND_BASE_PSEUDONYM_H
#define EVENHAND_BASE_PSEUDONYM_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/error.h"

enum {
  EH_SHORTEST_KEY = 16, /* bytes */
  EH_LONGEST_KEY = 4096,
  EH_LONGEST_PSEUDONYM_KIND = 8, /* characters: "officer" */
  EH_PSEUDONYM_SIZE = EH_LONGEST_PSEUDONYM_KIND + 16
};

struct eh_pseudonyms;

/* The key is the file's bytes without the line ends behind them. EH_BAD_USAGE when the file cannot
 * be read, or holds no key of from EH_SHORTEST_KEY to EH_LONGEST_KEY bytes. */
enum eh_status eh_pseudonyms_read(const char *file, struct eh_pseudonyms **pseudonyms,
                                  struct eh_error *error) EH_MUST_USE;
/* Wipes the key. */
void eh_pseudonyms_free(struct eh_pseudonyms *pseudonyms);
/* Can others than its owner read the key's file? */
bool eh_pseudonyms_key_is_exposed(const struct eh_pseudonyms *pseudonyms);

/* The pseudonym of an id, of a kind ("officer", "person", "case") that it begins with. EH_MACHINE
 * when libcrypto fails. */
enum eh_status eh_pseudonym_make(const struct eh_pseudonyms *pseudonyms, const char *kind,
                                 const char *id, size_t length, char pseudonym[EH_PSEUDONYM_SIZE],
                                 struct eh_error *error) EH_MUST_USE;

#endif
