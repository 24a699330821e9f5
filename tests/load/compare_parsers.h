/* Read a text with the scanner and with libcsv alone, and tell whether they agree on everything:
 * the records, their fields, the lines, what is bad and why, where reading stops. */
#ifndef EVENHAND_TESTS_LOAD_COMPARE_PARSERS_H
#define EVENHAND_TESTS_LOAD_COMPARE_PARSERS_H

#include <string.h>

#include "engine/load/text/csv.h"

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
  if (outcome == EH_CSV_RECORD) return a->lines == b->lines && a->leniences == b->leniences && same_fields(a, b);
  return outcome != EH_CSV_BAD || (a->problem == b->problem && a->lines == b->lines);
}

/* Some plain records of `fast`, all whose fields are wanted, against what `slow` reads there. */
enum { PLAIN_FIELDS = 64, PLAIN_RUN = 3 };
static inline bool same_run(struct eh_csv *fast, struct eh_csv *slow, const char **next,
                            const char **slow_next, const char *end, size_t fields, size_t *run) {
  const char *texts[PLAIN_FIELDS * PLAIN_RUN], *start = *next;
  uint32_t lengths[PLAIN_FIELDS * PLAIN_RUN];
  struct eh_csv_columns columns = {texts, lengths, PLAIN_RUN};
  *run = eh_csv_plain(fast, next, end, &columns, PLAIN_RUN);
  for (size_t r = 0; r < *run; r++) {
    struct eh_field row[PLAIN_FIELDS];
    struct eh_csv_record b;
    for (size_t i = 0; i < fields; i++)
      row[i] = (struct eh_field){texts[i * PLAIN_RUN + r], lengths[i * PLAIN_RUN + r]};
    struct eh_csv_record a = {.fields = row, .field_count = fields};
    if (eh_csv_next(slow, slow_next, end, false, &b) != EH_CSV_RECORD || b.blank_lines != 0 ||
        b.lines != 1 || !same_fields(&a, &b))
      return false;
  }
  return *next == *slow_next && is_ascii(start, *next);
}

/* Plain records in runs, and the others one by one. */
static inline bool runs_agree(const char *text, size_t length, char delimiter, size_t fields,
                              bool is_last, size_t fewest) {
  if (fields == 0 || fields > PLAIN_FIELDS) return true;
  struct eh_csv *fast = eh_csv_new(delimiter, fields), *slow = eh_csv_new(delimiter, fields);
  size_t wanted[PLAIN_FIELDS], run;
  for (size_t i = 0; i < fields; i++) wanted[i] = i;
  eh_csv_want(fast, wanted, fields);
  if (fewest) {
    eh_csv_be_lenient(fast, fewest);
    eh_csv_be_lenient(slow, fewest);
  }
  eh_csv_use_libcsv(slow);
  const char *next = text, *slow_next = text, *end = text + length;
  enum eh_csv_outcome outcome = EH_CSV_RECORD;
  bool agree;
  do {
    struct eh_csv_record a, b;
    agree = same_run(fast, slow, &next, &slow_next, end, fields, &run);
    if (!agree || run > 0) continue;
    outcome = eh_csv_next(fast, &next, end, is_last, &a);
    agree = outcome == eh_csv_next(slow, &slow_next, end, is_last, &b) && next == slow_next &&
            same_record(outcome, &a, &b);
  } while (agree && (run > 0 || outcome == EH_CSV_RECORD || outcome == EH_CSV_BAD));
  eh_csv_free(fast);
  eh_csv_free(slow);
  return agree;
}

/* fewest: fields of a record that is read leniently; 0: strictly. *records: how many were read. */
static inline bool parsers_agree(const char *text, size_t length, char delimiter, size_t fields,
                                 bool is_last, size_t fewest, size_t *records) {
  struct eh_csv *fast = eh_csv_new(delimiter, fields), *slow = eh_csv_new(delimiter, fields);
  if (fewest) {
    eh_csv_be_lenient(fast, fewest);
    eh_csv_be_lenient(slow, fewest);
  }
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
  return agree && runs_agree(text, length, delimiter, fields, is_last, fewest);
}

#endif
