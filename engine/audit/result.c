/* What a result says of itself. */
#include "engine/audit/result.h"

const char *eh_level_name(enum eh_level level) {
  static const char *const names[] = {"", "notable", "strong", "exceptional"};
  return names[level];
}
