/* The labels of one column, numbered as they are met and renumbered bytewise in the end, so that no
 * number depends on the order in which threads met them. Safe to add to from several threads. */
#ifndef EVENHAND_LOAD_DICTIONARY_H
#define EVENHAND_LOAD_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/pseudonym.h"

struct eh_dictionary;
struct eh_dictionary *eh_dictionary_new(void);
void eh_dictionary_free(struct eh_dictionary *dictionary);

/* The code of a label, a new one if need be; a NULL label is "not recorded". */
uint32_t eh_dictionary_code(struct eh_dictionary *dictionary, const char *label, size_t length);

/* After the last code was given out: put pseudonyms in place of the labels, of a kind
 * (base/pseudonym.h). EH_BAD_INPUT where two labels would have one. */
enum eh_status eh_dictionary_pseudonymise(struct eh_dictionary *dictionary,
                                          const struct eh_pseudonyms *pseudonyms, const char *kind,
                                          struct eh_error *error) EH_MUST_USE;

/* After the last code was given out: put the labels in order. */
void eh_dictionary_sort(struct eh_dictionary *dictionary);
/* By code given out: the label's place in bytewise order, "not recorded" last. */
const uint32_t *eh_dictionary_ranks(const struct eh_dictionary *dictionary);
/* By place in order. The last is "(not recorded)" if a NULL label was met. */
const char *const *eh_dictionary_labels(const struct eh_dictionary *dictionary);
size_t eh_dictionary_count(const struct eh_dictionary *dictionary);
bool eh_dictionary_has_missing(const struct eh_dictionary *dictionary);

#endif
