/* What a result says of itself. */
#include "engine/audit/result.h"

const char *eh_level_name(enum eh_level level) {
  static const char *const names[] = {"", "notable", "strong", "exceptional"};
  return names[level];
}

const char *eh_outcome_name(enum eh_outcome outcome) {
  static const char *const names[] = {"not tried", "not testable", "reversed", "too few to tell",
                                      "vanishes",  "smaller",      "stands"};
  return names[outcome];
}
