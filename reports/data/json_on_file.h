#ifndef EVENHAND_REPORTS_JSON_ON_FILE_H
#define EVENHAND_REPORTS_JSON_ON_FILE_H

#include "engine/audit/followup/on_file.h"
#include "reports/data/json_stream.h"

/* A finding and what is on file of it. */
json_t *eh_json_on_file(struct eh_arena *arena, const struct eh_on_file_item *item);

#endif
