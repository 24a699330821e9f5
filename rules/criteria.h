/* When are records good enough for a measure? Each criterion is a share of what is wrong; above its
 * first limit the records are usable with a caveat, above its second they are not sufficient. */
#ifndef EVENHAND_RULES_CRITERIA_H
#define EVENHAND_RULES_CRITERIA_H

/* Name in the rules, the two limits, and what the share is of. */
#define EH_CRITERIA(X)                                                                            \
  X(UNUSABLE, "unusable_lines", 0.01, 0.05, "lines that are no records")                          \
  X(REPEATED_CASES, "repeated_cases", 0.01, 0.05, "records whose case number occurred before")    \
  X(REPEATED_PERSONS, "repeated_persons", 0.05, 0.50, "records of persons who occurred before")   \
  X(EVENT_UNKNOWN, "event_not_known", 0.05, 0.20,                                                 \
    "records of the measure whose outcome is not known")                                          \
  X(FACTOR_MISSING, "factors_not_recorded", 0.10, 0.40,                                           \
    "records of the measure with some factor not recorded")                                       \
  X(UNIT_MISSING, "units_not_recorded", 0.02, 0.20,                                               \
    "records without the officer or office compared")                                             \
  X(MALFORMED, "malformed_values", 0.01, 0.10, "values that cannot be read, of the worst column") \
  X(UNDER_RECORDED, "under_recorded", 0.005, 0.10, "decisions that seem not to be recorded")      \
  X(TOTALS, "totals_differ", 0.02, 0.10, "the largest difference from a control total")           \
  X(EXPECTATIONS, "expectations_failed", 0.01, 0.10,                                              \
    "records that fail the expectation failed most")

enum eh_criterion {
#define X(name, key, caveat, limit, meaning) EH_CRITERION_##name,
  EH_CRITERIA(X)
#undef X
      EH_CRITERION_COUNT
};

/* Fractions; caveat is at most limit. */
struct eh_limits {
  double caveat, limit;
};

const char *eh_criterion_name(enum eh_criterion criterion);
const char *eh_criterion_meaning(enum eh_criterion criterion);
struct eh_limits eh_criterion_default(enum eh_criterion criterion);

#endif
