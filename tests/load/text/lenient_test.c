/* What strict CSV refuses and common readers read, through eh_rows: the texts, and what was
 * forgiven. */
#include <stdio.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/load/text/rows.h"
#include "tests/test.h"

enum { FIELDS = 3 };

/* With the names of the columns, totals, notes and headers among the records are told by their
 * shape. */
static const char *const *names_of_columns;

/* "[a|b|c]" a record, "!reason" a bad line; then what was forgiven: "Q" and so on, with counts. */
static const char *read_with(const char *text, size_t length, size_t fewest, bool use_libcsv,
                             char *out) {
  static const size_t wanted[FIELDS] = {0, 1, 2};
  struct eh_rows_plan plan = {.delimiter = ',',
                              .field_count = FIELDS,
                              .fewest = fewest,
                              .wanted = wanted,
                              .wanted_count = FIELDS,
                              .use_libcsv = use_libcsv,
                              .names = names_of_columns};
  struct eh_rows *rows = eh_rows_new(&plan);
  const struct eh_batch *batch;
  struct eh_buffer padded = {0};
  char room[EH_ROOM_BEHIND] = "";
  eh_buffer_add(&padded, text, length);
  eh_buffer_add(&padded, room, sizeof room);
  *out = '\0';
  eh_rows_begin(rows, padded.text, length, true);
  while ((batch = eh_rows_next(rows)))
    for (size_t r = 0; r < batch->count; r++)
      for (size_t i = 0; i < FIELDS; i++)
        sprintf(out + strlen(out), "%s%.*s%s", i ? "|" : "[", (int)batch->lengths[i * EH_ROWS + r],
                batch->texts[i * EH_ROWS + r], i == FIELDS - 1 ? "]" : "");
  const struct eh_rows_gain *gain = eh_rows_gain(rows);
  for (size_t i = 0; i < gain->bad.place_count; i++)
    sprintf(out + strlen(out), "!%d", (int)gain->bad.lines[i]);
  for (int l = 0; l < EH_LENIENCES; l++)
    if (gain->leniences.counts[l])
      sprintf(out + strlen(out), " %c%d", "QFTMN"[l], (int)gain -> leniences.counts[l]);
  if (gain->leniences.blank_lines)
    sprintf(out + strlen(out), " B%d", (int)gain->leniences.blank_lines);
  eh_rows_free(rows);
  eh_buffer_free(&padded);
  return out;
}

struct reading {
  const char *text, *want;
};
static void check(const struct reading *cases, size_t count, size_t fewest) {
  char out[1000];
  for (size_t i = 0; i < count; i++)
    for (int libcsv = 0; libcsv < 2; libcsv++)
      ck_assert_str_eq(read_with(cases[i].text, strlen(cases[i].text), fewest, libcsv, out),
                       cases[i].want);
}

START_TEST(quotes_within_fields_are_text) {
  static const struct reading cases[] = {
      {"1,2,6'02\"\n4,5,6\n", "[1|2|6'02\"][4|5|6] Q1"},
      {"1,a 6\" knife,x\n4,5,6\n", "[1|a 6\" knife|x][4|5|6] Q1"},
      {"1,\"a, b\",6\"", "[1|a, b|6\"] Q1"},
      {"1,\"a\nb\",6\"\n4,5,6\n", "[1|a\nb|6\"][4|5|6] Q1"},
      {"1,\"say \"\"hi\"\"\",6\"\r\n4,5,6\r\n", "[1|say \"hi\"|6\"][4|5|6] Q1"},
      {"1, b\"c ,x\n", "[1|b\"c|x] Q1"},
      {"1,\"a\"b,x\n", "[1|\"a\"b|x] Q1"},
      {"1,\"Big \"Al\" Smith\",x\n", "[1|Big \"Al\" Smith|x] Q1"},
      /* not known where a field ends: left out */
      {"1,\"Big \"Al, Smith\",x\n4,5,6\n", "[4|5|6]!0"},
      {"1,2,\"x\n4,5,6\n", "[4|5|6]!0"},
      {"1,2,x\",y\n4,5,6\n", "[4|5|6]!0"},
  };
  check(cases, sizeof cases / sizeof cases[0], 0);
}
END_TEST

START_TEST(a_formula_of_text_is_the_text) {
  static const struct reading cases[] = {
      {"=\"0100001\",2,3\n4,5,6\n", "[0100001|2|3][4|5|6] F1"},
      {"1,=\"Smith, J\" ,3\n", "[1|Smith, J|3] F1"},
      {"\"=\"\"0100001\"\"\",2,3\n", "[0100001|2|3] F1"},
      {"=\"\",2,3\n", "[|2|3] F1"},
      {"=1+\"a\",2,3\n", "[=1+\"a\"|2|3] Q1"},
      {"=\",2,3\n", "[=\"|2|3] Q1"},
  };
  check(cases, sizeof cases / sizeof cases[0], 0);
}
END_TEST

START_TEST(fields_too_many_or_too_few) {
  static const struct reading cases[] = {
      {"1,2,3,\n4,5,6\n7,8,9,, \n", "[1|2|3][4|5|6][7|8|9] T2"},
      {"1,2,3,\"\"\n", "[1|2|3] T1"},
      {"1,2,3,4\n5,6,7\n", "[5|6|7]!0"},
      {"1,2\n4,5,6\n", "[4|5|6]!0"},
      {"1,2,3\n\n\r\n4,5,6\n", "[1|2|3][4|5|6] B2"},
  };
  check(cases, sizeof cases / sizeof cases[0], 0);
  static const struct reading ragged[] = {
      {"1,2\n4,5,6\n7\n", "[1|2|][4|5|6]!2 M1"},
      {"1,6\"\n4,5,6", "[1|6\"|][4|5|6] Q1 M1"},
  };
  check(ragged, sizeof ragged / sizeof ragged[0], 2);
}
END_TEST

START_TEST(nul_bytes_are_taken_out) {
  static const char text[] = "1,a\0b\0,3\n4,\0,\"x\0\"\n7,8,9\n";
  char out[1000];
  for (int libcsv = 0; libcsv < 2; libcsv++)
    ck_assert_str_eq(read_with(text, sizeof text - 1, 0, libcsv, out), "[1|ab|3][4||x][7|8|9] N2");
}
END_TEST

START_TEST(rows_that_are_no_records) {
  static const char *const names[] = {"id", "office", "outcome"};
  static const struct reading cases[] = {
      {"1,North,x\nTotal,,\nGrand total: ,,\n2,South,y\n", "[1|North|x][2|South|y]!1!2"},
      {"Total,,\n1,North,x\n,Subtotal,\n", "[1|North|x]!0!2"},
      {"North Total,,\n1,\"a\nb\",x\n\"South Count\",,\"\"\n", "[1|a\nb|x]!0!3"},
      {"id,office,outcome\n1,North,x\n", "[1|North|x]!0"},
      {"1,North,x\nTotal g\xC3\xA9n\xC3\xA9ral,,\nSous-total:,,\nSuma total,,\n", "[1|North|x]!1!2!3"},
      {"Total (2),,\nGesamtsumme,,\nZwischensumme Nord,,\n1,North,x\n", "[1|North|x]!0!1!2"},
      {"ID,Office,OUTCOME\n1,North,x\n", "[1|North|x]!0"},
      {"Media Smith,,x\nTotalis,,x\nMeans,,x\n", "[Media Smith||x][Totalis||x][Means||x]"},
      {"id,North,x\nid,office,x\n", "[id|North|x][id|office|x]"},
      {"North office,,\n1,North,x\n,Source: the court's system,\n", "[1|North|x]!0!2"},
      {"1,North,x\n(1 row affected)\nTotal,1\n", "[1|North|x]!1!2"},
      /* records */
      {"Total,North,x\n1,Total,x\n2,,x\n,,\n", "[Total|North|x][1|Total|x][2||x][||]"},
      {"1,North,x\r\nTotalitarian,,y\r\n", "[1|North|x][Totalitarian||y]"},
  };
  names_of_columns = names;
  check(cases, sizeof cases / sizeof cases[0], 0);
  names_of_columns = NULL;
  static const struct reading table[] = {{"Total,,\n1,,\n", "[Total||][1||]"}};
  check(table, 1, 0);
}
END_TEST

/* Where a text is cut must change nothing: a record that may go on is asked for again. */
START_TEST(a_lenient_record_may_end_beyond_the_text) {
  static const char text[] = "1,6\",\"x\ny\"\n4,5,6\n";
  for (size_t cut = 1; cut < sizeof text - 1; cut++) {
    struct eh_csv *csv = eh_csv_new(',', FIELDS);
    eh_csv_be_lenient(csv, FIELDS);
    struct eh_csv_record record;
    const char *next = text;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, text + cut, false, &record);
    ck_assert_int_eq(outcome, cut < 11 ? EH_CSV_INCOMPLETE : EH_CSV_RECORD);
    ck_assert_ptr_eq(next, outcome == EH_CSV_RECORD ? text + 11 : text);
    eh_csv_free(csv);
  }
}
END_TEST

RUN_TESTS("lenient", quotes_within_fields_are_text, a_formula_of_text_is_the_text,
          fields_too_many_or_too_few, nul_bytes_are_taken_out, rows_that_are_no_records,
          a_lenient_record_may_end_beyond_the_text)
