/* Files of SPSS, Stata and SAS, as ReadStat writes them: labels, dates, what is missing. */
#include <readstat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "engine/load/containers/container.h"
#include "tests/load/containers/read_source.h"

static ssize_t write_bytes(const void *bytes, size_t length, void *context) {
  return (ssize_t)fwrite(bytes, 1, length, context);
}

enum program { SAV, ZSAV, DTA, XPT, SAS7BDAT, POR };

struct variables {
  readstat_variable_t *office, *outcome, *day, *amount;
};

static void add_variables(readstat_writer_t *w, enum program program, struct variables *v) {
  readstat_label_set_t *labels = NULL;
  if (program <= DTA || program == POR) {
    labels = readstat_add_label_set(w, READSTAT_TYPE_DOUBLE, "outcomes");
    readstat_label_double_value(labels, 1, "detained");
    readstat_label_double_value(labels, 2, "released, on \"bail\"");
  }
  v->office = readstat_add_variable(w, "OFFICE", READSTAT_TYPE_STRING, 8);
  v->outcome = readstat_add_variable(w, "OUTCOME", READSTAT_TYPE_DOUBLE, 0);
  if (labels) readstat_variable_set_label_set(v->outcome, labels);
  v->day = readstat_add_variable(w, "DECIDED", READSTAT_TYPE_DOUBLE, 0);
  readstat_variable_set_format(v->day, program == DTA                        ? "%td"
                                       : program == XPT || program == SAS7BDAT ? "DATE9"
                                                                               : "DATE11");
  v->amount = readstat_add_variable(w, "AMOUNT", READSTAT_TYPE_DOUBLE, 0);
  if (program <= ZSAV) readstat_variable_add_missing_double_value(v->amount, 999);
}

/* 2015-01-03: 16,438 days behind 1970-01-01. */
static double day_of(enum program program) {
  return program == SAV || program == ZSAV || program == POR ? (16438.0 + 141428.0) * 86400.0
                                                             : 16438.0 + 3653.0;
}

static void put_rows(readstat_writer_t *w, enum program program, const struct variables *v,
                     int rows) {
  for (int i = 0; i < rows; i++) {
    readstat_begin_row(w);
    readstat_insert_string_value(w, v->office, i % 2 ? "South" : "North");
    readstat_insert_double_value(w, v->outcome, i % 3 + 1);
    readstat_insert_double_value(w, v->day, day_of(program) * 1.0);
    if (i % 4 == 3)
      readstat_insert_missing_value(w, v->amount);
    else
      readstat_insert_double_value(w, v->amount, i % 4 == 2 ? 999 : 0.1 + 0.2);
    readstat_end_row(w);
  }
}

static void write_file(const char *name, enum program program, int rows) {
  FILE *file = fopen(name, "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  struct variables v;
  add_variables(w, program, &v);
  if (program == ZSAV) readstat_writer_set_compression(w, READSTAT_COMPRESS_BINARY);
  readstat_error_t error = program == DTA   ? readstat_begin_writing_dta(w, file, rows)
                           : program == XPT ? readstat_begin_writing_xport(w, file, rows)
                           : program == SAS7BDAT
                               ? readstat_begin_writing_sas7bdat(w, file, rows)
                           : program == POR ? readstat_begin_writing_por(w, file, rows)
                                            : readstat_begin_writing_sav(w, file, rows);
  ck_assert_msg(error == READSTAT_OK, "%d: %s", program, readstat_error_message(error));
  put_rows(w, program, &v, rows);
  readstat_end_writing(w);
  readstat_writer_free(w);
  fclose(file);
}

static void check_program(enum program program, const char *kind) {
  static const char *const outcomes[2][3] = {{"detained", "\"released, on \"\"bail\"\"\"", "3"},
                                             {"1", "2", "3"}};
  char name[] = "/tmp/evenhand-statistical-XXXXXX";
  close(mkstemp(name));
  enum { ROWS = 5000 };
  write_file(name, program, ROWS);
  struct eh_buffer text = {0}, expected = {0};
  struct eh_error error = {0};
  enum eh_status status = read_source(name, NULL, 2, &text, &error);
  ck_assert_msg(status == EH_OK, "%s: %s", kind, error.message);
  eh_buffer_puts(&expected, "OFFICE,OUTCOME,DECIDED,AMOUNT\n");
  bool has_labels = program <= DTA || program == POR;
  for (int i = 0; i < ROWS; i++) {
    const char *amount = i % 4 == 3                      ? ""
                         : i % 4 == 2 && program > ZSAV ? "999"
                         : i % 4 == 2                   ? ""
                                                        : "0.3";
    eh_buffer_printf(&expected, "%s,%s,2015-01-03,%s\n", i % 2 ? "South" : "North",
                     outcomes[!has_labels][i % 3], amount);
  }
  if (program == POR) { /* base 30 keeps not all digits */
    ck_assert_uint_gt(text.length, expected.length / 2);
  } else {
    size_t at = 0;
    while (at < text.length && text.text[at] == expected.text[at]) at++;
    ck_assert_msg(strcmp(text.text, expected.text) == 0, "%s at %zu: %.60s, not %.60s", kind, at,
                  text.text + at, expected.text + at);
  }
  eh_buffer_free(&text);
  eh_buffer_free(&expected);
  unlink(name);
}

START_TEST(what_programs_write_is_read) {
  check_program(SAV, "sav");
  check_program(ZSAV, "zsav");
  check_program(DTA, "dta");
  check_program(XPT, "xpt");
  check_program(SAS7BDAT, "sas7bdat");
  check_program(POR, "por");
}
END_TEST

START_TEST(notes_tell_what_became_of_values) {
  char name[] = "/tmp/evenhand-statistical-XXXXXX";
  close(mkstemp(name));
  write_file(name, SAV, 12);
  struct eh_source *source;
  struct eh_error error;
  char bytes[4096];
  size_t got, count;
  ck_assert(eh_source_open(&source, name, false, NULL, &error) == EH_OK);
  ck_assert(eh_source_read(source, bytes, sizeof bytes, &got, &error) == EH_OK);
  const struct eh_container *container = eh_source_container(source);
  const char *const *notes = eh_container_notes(container, &count);
  ck_assert_uint_eq(count, 3);
  ck_assert_str_eq(notes[0], "the values of 1 variable are their labels");
  ck_assert_str_eq(notes[1], "OUTCOME: 8 values are their labels, and 4 without a label are as "
                             "they are");
  ck_assert_str_eq(notes[2], "AMOUNT: 3 values are marked as missing there, not recorded");
  ck_assert_str_eq(eh_container_kind(container), "SPSS");
  ck_assert_uint_eq(eh_source_row(source, 2), 1);
  eh_source_free(source);
  unlink(name);
}
END_TEST

START_TEST(what_is_cut_short_is_refused) {
  static const enum program programs[] = {SAV, DTA, SAS7BDAT};
  for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
    char name[] = "/tmp/evenhand-statistical-XXXXXX";
    close(mkstemp(name));
    write_file(name, programs[i], 2000);
    FILE *file = fopen(name, "rb");
    fseek(file, 0, SEEK_END);
    ck_assert(truncate(name, ftell(file) / 2) == 0);
    fclose(file);
    struct eh_buffer text = {0};
    struct eh_error error = {0};
    ck_assert(read_source(name, NULL, 1, &text, &error) == EH_BAD_INPUT);
    ck_assert_msg(strstr(error.message, "is a damaged") != NULL, "%s", error.message);
    eh_buffer_free(&text);
    unlink(name);
  }
}
END_TEST

START_TEST(a_reading_can_be_given_up) {
  char name[] = "/tmp/evenhand-statistical-XXXXXX", bytes[100];
  close(mkstemp(name));
  write_file(name, DTA, 20000);
  struct eh_source *source;
  struct eh_error error;
  size_t got;
  ck_assert(eh_source_open(&source, name, false, NULL, &error) == EH_OK);
  ck_assert(eh_source_read(source, bytes, sizeof bytes, &got, &error) == EH_OK);
  ck_assert(eh_source_rewind(source, &error) == EH_OK);
  ck_assert(eh_source_read(source, bytes, sizeof bytes, &got, &error) == EH_OK);
  eh_source_free(source);
  unlink(name);
}
END_TEST

RUN_TESTS("statistical", what_programs_write_is_read, notes_tell_what_became_of_values,
          what_is_cut_short_is_refused, a_reading_can_be_given_up)
