/* Read a text with the scanner and with libcsv alone, and tell whether they agree on everything:
 * the records, their fields, the lines, what is bad and why, where reading stops. */
#ifndef EVENHAND_TESTS_LOAD_COMPARE_PARSERS_H
#define EVENHAND_TESTS_LOAD_COMPARE_PARSERS_H

#include <string.h>

#include "engine/load/csv.h"

static inline bool same_fields(const struct eh_csv_record *a, const struct eh_csv_record *b) {
  if (a->field_count != b->field_count) return false;
  for (size_t i = 0; i < a->field_count; i++) {
    if (a->fields[i].length != b->fields[i].length) return false;
    if (a->fields[i].length &&
        memcmp(a->fields[i].text, b->fields[i].text, a->fields[i].length) != 0)
      return false;
  }
  return true;
}

static inline bool is_ascii(const char *text, const char *end) {
  for (; text < end; text++)
    if ((unsigned char)*text > 127) return false;
  return true;
}

static inline bool same_record(enum eh_csv_outcome outcome, const struct eh_csv_record *a,
                               const struct eh_csv_record *b) {
  if (a->start != b->start || a->blank_lines != b->blank_lines) return false;
  if (outcome == EH_CSV_RECORD) return a->lines == b->lines && same_fields(a, b);
  return outcome != EH_CSV_BAD || (a->problem == b->problem && a->lines == b->lines);
}

/* *records: how many were read. */
static inline bool parsers_agree(const char *text, size_t length, char delimiter, size_t fields,
                                 bool is_last, size_t *records) {
  struct eh_csv *fast = eh_csv_new(delimiter, fields), *slow = eh_csv_new(delimiter, fields);
  eh_csv_use_libcsv(slow);
  const char *next = text, *slow_next = text, *end = text + length;
  enum eh_csv_outcome outcome;
  bool agree;
  *records = 0;
  do {
    struct eh_csv_record a, b;
    outcome = eh_csv_next(fast, &next, end, is_last, &a);
    agree = outcome == eh_csv_next(slow, &slow_next, end, is_last, &b) && next == slow_next &&
            same_record(outcome, &a, &b) && (!a.is_ascii || is_ascii(a.start, next));
    *records += outcome == EH_CSV_RECORD;
  } while (agree && (outcome == EH_CSV_RECORD || outcome == EH_CSV_BAD));
  eh_csv_free(fast);
  eh_csv_free(slow);
  return agree;
}

#endif
