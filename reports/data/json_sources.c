#include "reports/data/json_inputs.h"
#include "reports/data/json_members.h"

json_t *eh_json_source(const struct eh_source_account *source) {
  enum { MOST_LISTED = 1000 }; /* values outside a recode; the counts are of all */
  json_t *object = eh_json_object(), *values = eh_json_array();
  uint64_t records = 0;
  eh_json_set_text(object, "name", source->name);
  eh_json_set_count(object, "files", source->files);
  eh_json_set_count(object, "records", source->records);
  eh_json_set(object, "columns_missing",
              eh_json_texts((const char *const *)source->absent, source->absent_count));
  eh_json_set(object, "columns_unused",
              eh_json_texts((const char *const *)source->unused, source->unused_count));
  for (size_t i = 0; i < source->unmapped_count; i++) {
    const struct eh_unmapped_value *value = &source->unmapped[i];
    records += value->records;
    if (i >= MOST_LISTED) continue;
    json_t *item = eh_json_object();
    eh_json_set_text(item, "column", value->column);
    eh_json_set_text(item, "value", value->value);
    eh_json_set_count(item, "records", value->records);
    eh_json_append(values, item);
  }
  eh_json_set_count(object, "values_not_mapped_count", source->unmapped_count);
  eh_json_set_count(object, "values_not_mapped_records", records);
  eh_json_set(object, "values_not_mapped", values);
  return object;
}
