#include "engine/load/text/csv.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/memory.h"
#include "tests/test.h"

/* Read all of text and print what was found: "[a|b]" a record, "!reason" a bad line, "(n)" blank
 * lines, "…" an incomplete rest. */
static char *parse(const char *text, size_t length, char delimiter, size_t fields, bool is_last) {
  static char out[4096];
  out[0] = '\0';
  struct eh_csv *csv = eh_csv_new(delimiter, fields);
  const char *next = text, *end = text + length;
  for (;;) {
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, is_last, &record);
    if (record.blank_lines) sprintf(out + strlen(out), "(%d)", (int)record.blank_lines);
    if (outcome == EH_CSV_END) break;
    if (outcome == EH_CSV_INCOMPLETE) {
      sprintf(out + strlen(out), "...%d", (int)(end - next));
      break;
    }
    if (outcome == EH_CSV_BAD) {
      sprintf(out + strlen(out), "!%s;", eh_csv_problem_text(record.problem));
      continue;
    }
    strcat(out, "[");
    for (size_t i = 0; i < record.field_count; i++)
      sprintf(out + strlen(out), "%s%.*s", i ? "|" : "", (int)record.fields[i].length,
              record.fields[i].text);
    strcat(out, "]");
  }
  eh_csv_free(csv);
  return out;
}

START_TEST(records_are_read) {
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"a,b\n1,2\n", "[a|b][1|2]"},
      {"a,b\n1,2", "[a|b][1|2]"},
      {"a,b\r\n1,2\r\n", "[a|b][1|2]"},
      {"a,b\r1,2\r", "[a|b][1|2]"},
      {"a,\"x,y\"\n", "[a|x,y]"},
      {"a,\"x\ny\"\n", "[a|x\ny]"},
      {"a,\"x\r\ny\"\nb,c\n", "[a|x\r\ny][b|c]"},
      {"a,\"say \"\"hi\"\"\"\n", "[a|say \"hi\"]"},
      {" a , b \n", "[a|b]"},
      {"a,\" b \"\n", "[a| b ]"},
      {",\n", "[|]"},
      {"\"\",\"\"\n", "[|]"},
      {"\n\na,b\n\n1,2\n\n", "(2)[a|b](1)[1|2](1)"},
      {"", ""},
      {"\n", "(1)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    ck_assert_str_eq(parse(cases[i].text, strlen(cases[i].text), ',', 2, true), cases[i].want);
}
END_TEST

START_TEST(a_bad_line_costs_only_itself) {
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"1,2\n3\n5,6\n", "[1|2]!too few fields;[5|6]"},
      {"1,2\n3,4,4\n5,6\n", "[1|2]!too many fields;[5|6]"},
      {"1,2\n3,a\"b\n5,6\n", "[1|2]!a stray or unclosed quote;[5|6]"},
      {"1,2\n3,\"a\"b\n5,6\n", "[1|2]!a stray or unclosed quote;[5|6]"},
      {"1,2\n3,\"4\n5,6\n7,8\n", "[1|2]!a stray or unclosed quote;[5|6][7|8]"},
      {"1,2\n3,\"4\n5,6\n7,8", "[1|2]!a stray or unclosed quote;[5|6][7|8]"},
      {"1,2\n3,\"4\n5,\"6\"\n7,8\n", "[1|2]!a stray or unclosed quote;[5|6][7|8]"},
      /* a quote that swallows lines and closes by chance, with a wrong number of fields */
      {"1,2\n3,\"4\n5,6\",9\n7,8\n", "[1|2]!too many fields;!a stray or unclosed quote;[7|8]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    ck_assert_str_eq(parse(cases[i].text, strlen(cases[i].text), ',', 2, true), cases[i].want);
  static const char with_nul[] = "1,2\n3,a\0b\n5,6\n";
  ck_assert_str_eq(parse(with_nul, sizeof with_nul - 1, ',', 2, true), "[1|2]!a NUL byte;[5|6]");
}
END_TEST

START_TEST(other_delimiters) {
  ck_assert_str_eq(parse("a\tb c\n\t\n", 8, '\t', 2, true), "[a|b c][|]");
  ck_assert_str_eq(parse("a;b,c\n", 6, ';', 2, true), "[a|b,c]");
  ck_assert_str_eq(parse("a|b\n", 4, '|', 2, true), "[a|b]");
}
END_TEST

START_TEST(a_field_over_one_mebibyte_is_refused) {
  size_t sizes[] = {EH_LONGEST_FIELD - 1, EH_LONGEST_FIELD, EH_LONGEST_FIELD + 1,
                    3 * EH_LONGEST_FIELD};
  for (size_t i = 0; i < 4; i++) {
    struct eh_buffer text = {0};
    eh_buffer_puts(&text, "1,\"");
    for (size_t k = 0; k < sizes[i]; k++) eh_buffer_add(&text, "x", 1);
    eh_buffer_puts(&text, "\"\n3,4\n");
    struct eh_csv *csv = eh_csv_new(',', 2);
    struct eh_csv_record record;
    const char *next = text.text;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, text.text + text.length, true, &record);
    bool fits = sizes[i] <= EH_LONGEST_FIELD;
    ck_assert_int_eq(outcome, fits ? EH_CSV_RECORD : EH_CSV_BAD);
    if (!fits) ck_assert_int_eq(record.problem, EH_CSV_LONG_FIELD);
    ck_assert_int_eq(eh_csv_next(csv, &next, text.text + text.length, true, &record),
                     EH_CSV_RECORD);
    eh_csv_free(csv);
    eh_buffer_free(&text);
  }
}
END_TEST

/* A line without an end took memory and time beyond all bounds: each piece read was parsed together
 * with all before it. Now it is given up at 8 MiB, its end in the buffer or not. */
START_TEST(a_record_over_eight_mebibytes_is_refused) {
  enum { FIELDS = 9, LENGTH = 1 << 20 };
  struct eh_buffer text = {0};
  for (int f = 0; f < FIELDS; f++) {
    for (size_t k = 0; k < LENGTH - 1; k++) eh_buffer_add(&text, "x", 1);
    eh_buffer_puts(&text, f + 1 < FIELDS ? "," : "\n");
  }
  size_t long_line = text.length;
  eh_buffer_puts(&text, "1,2,3,4,5,6,7,8,9\n");
  size_t lengths[] = {text.length, long_line, long_line - 1, EH_LONGEST_RECORD + 1};
  for (size_t i = 0; i < 4; i++) {
    struct eh_csv *csv = eh_csv_new(',', FIELDS);
    struct eh_csv_record record;
    const char *next = text.text, *end = text.text + lengths[i];
    ck_assert_int_eq(eh_csv_next(csv, &next, end, i == 0, &record), EH_CSV_BAD);
    ck_assert_int_eq(record.problem, EH_CSV_LONG_RECORD);
    ck_assert_int_eq(record.runs_on, lengths[i] < long_line);
    ck_assert_uint_eq((size_t)(next - text.text), lengths[i] < long_line ? lengths[i] : long_line);
    ck_assert_int_eq(eh_csv_next(csv, &next, end, i == 0, &record),
                     i == 0 ? EH_CSV_RECORD : EH_CSV_END);
    eh_csv_free(csv);
  }
  struct eh_csv *csv = eh_csv_new(',', FIELDS);
  struct eh_csv_record record;
  const char *next = text.text;
  ck_assert_int_eq(eh_csv_next(csv, &next, text.text + EH_LONGEST_RECORD, false, &record),
                   EH_CSV_INCOMPLETE);
  eh_csv_free(csv);
  eh_buffer_free(&text);
}
END_TEST

START_TEST(the_rest_of_a_line_is_passed) {
  bool runs_on;
  ck_assert_uint_eq(eh_csv_pass_line("ab\ncd", 5, &runs_on), 3);
  ck_assert(!runs_on);
  ck_assert_uint_eq(eh_csv_pass_line("ab\r\ncd", 6, &runs_on), 4);
  ck_assert(!runs_on);
  ck_assert_uint_eq(eh_csv_pass_line("abcd", 4, &runs_on), 4);
  ck_assert(runs_on);
  ck_assert_uint_eq(eh_csv_pass_line("", 0, &runs_on), 0);
  ck_assert(runs_on);
}
END_TEST

START_TEST(a_record_may_end_beyond_the_buffer) {
  ck_assert_str_eq(parse("a,b\n1,\"x\n", 9, ',', 2, false), "[a|b]...5");
  ck_assert_str_eq(parse("a,b\n1,2", 7, ',', 2, false), "[a|b]...3");
  ck_assert_str_eq(parse("a,b\n", 4, ',', 2, false), "[a|b]");
  ck_assert_str_eq(parse("a,b\n\n", 5, ',', 2, false), "[a|b](1)");
}
END_TEST

RUN_TESTS("csv", records_are_read, a_bad_line_costs_only_itself, other_delimiters,
          a_field_over_one_mebibyte_is_refused, a_record_over_eight_mebibytes_is_refused,
          the_rest_of_a_line_is_passed, a_record_may_end_beyond_the_buffer)
