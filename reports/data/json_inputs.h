/* What the findings file and the profile say of an input. */
#ifndef EVENHAND_REPORTS_JSON_INPUTS_H
#define EVENHAND_REPORTS_JSON_INPUTS_H

#include "engine/load/account.h"
#include "reports/data/json_stream.h"

/* What its records were taken out of, the sheet, and what was passed over; nothing of a text. */
void eh_json_set_contained(json_t *object, struct eh_arena *arena, const struct eh_input *input);

/* How much came from an input of the rules, and what of it could not be mapped. */
json_t *eh_json_source(const struct eh_source_account *source);

/* A table that the rules join, and what became of the records at it. */
json_t *eh_json_join(struct eh_arena *arena, const struct eh_join_account *join);

#endif
