/* The cases of an SPSS, Stata or SAS file as CSV; values that have labels are their labels. */
#ifndef EVENHAND_LOAD_STATISTICAL_H
#define EVENHAND_LOAD_STATISTICAL_H

#include <stdbool.h>

#include "engine/load/containers/stored.h"

bool eh_statistical_is(const char *bytes, size_t length);

struct eh_statistical;
enum eh_status eh_statistical_open(struct eh_statistical **file, const struct eh_stored *stored,
                                   struct eh_error *error) EH_MUST_USE;
void eh_statistical_free(struct eh_statistical *file);
/* Begin, or begin again, with the names of the variables. */
enum eh_status eh_statistical_rewind(struct eh_statistical *file,
                                     struct eh_error *error) EH_MUST_USE;
enum eh_status eh_statistical_read(struct eh_statistical *file, char *buffer, size_t wanted,
                                   size_t *got, struct eh_error *error) EH_MUST_USE;

const char *eh_statistical_kind(const struct eh_statistical *file); /* "SPSS" */
/* The number of the case in a line; 0: the names. */
uint64_t eh_statistical_case(struct eh_statistical *file, uint64_t line);
/* Known once all was read. */
const char *const *eh_statistical_notes(struct eh_statistical *file, size_t *count);

#endif
