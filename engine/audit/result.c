/* What a result says of itself. */
#include "engine/audit/result.h"

const char *eh_level_name(enum eh_level level) {
  static const char *const names[] = {"", "notable", "strong", "exceptional"};
  return names[level];
}

const struct eh_interval *eh_result_headline(const struct eh_result *result) {
  return result->kind == EH_MEASURE_VALUE ? &result->value.difference : &result->share.difference;
}
