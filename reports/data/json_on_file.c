#include "reports/data/json_on_file.h"

#include "reports/words/safe.h"

json_t *eh_json_on_file(struct eh_arena *arena, const struct eh_on_file_item *item) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "finding_id", item->id);
  eh_json_set_text(object, "comparison", item->comparison->title);
  eh_json_set_text(object, "unit", item->result->unit);
  if (item->attention)
    eh_json_set_text(object, "attention", item->attention);
  else
    eh_json_set_null(object, "attention", "nothing waits");
  if (!item->row) {
    eh_json_set_null(object, "ledger", "not on file");
    return object;
  }
  json_t *row = eh_json_object();
  for (int c = EH_LEDGER_FIRST_SEEN; c < EH_LEDGER_COLUMNS; c++)
    if (c <= EH_LEDGER_LAST_SEEN || c >= EH_LEDGER_RESPONSE)
      eh_json_set_text(row, eh_ledger_column_name((enum eh_ledger_column)c),
                       eh_safe_utf8(arena, item->row->texts[c]));
  eh_json_set(object, "ledger", row);
  return object;
}
