/* What text the cells of spreadsheets become: numbers, dates, ids, white space, escapes. */
#include "engine/load/containers/cell_text.h"

#include <stdio.h>
#include <string.h>

#include "engine/load/containers/sheet.h"
#include "tests/test.h"

START_TEST(only_numbers_are_numbers) {
  static const char *const good[] = {"0", "12", "-1.5", "+3", ".5", "5.", "1E5", "1e-10", "1.2E+03"};
  static const char *const bad[] = {"",     "-",   ".",    "12,5", "0x1F", "INF",
                                    "NaN",  "1e",  "1e+",  "1 2",  "1..2", "1E123456",
                                    "infinity"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    ck_assert_msg(eh_cell_is_number(good[i], strlen(good[i])), "%s", good[i]);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_msg(!eh_cell_is_number(bad[i], strlen(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(numbers_are_written_in_full) {
  static const struct {
    const char *number, *text;
    bool is_long;
  } cases[] = {{"12000", "12000", false},
               {"007", "007", false},
               {"0", "0", false},
               {"-0.0", "0", false},
               {"0.30000000000000004", "0.3", false},
               {"0.3333333333333333", "0.333333333333333", false},
               {"1E21", "1000000000000000000000", true},
               {"1E-10", "0.0000000001", false},
               {"287800.0", "287800", false},
               {"-42.10", "-42.1", false},
               {"123456789012345", "123456789012345", false},
               {"1234567890123456", "1234567890123456", true},
               {"2.01403E+16", "20140300000000000", true},
               {"99999999999999.95", "100000000000000", false},
               {"1E999", "1E999", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[EH_NUMBER_TEXT];
    bool is_long = false;
    size_t length = eh_cell_number(cases[i].number, strlen(cases[i].number), text, &is_long);
    ck_assert_msg(length == strlen(cases[i].text) && memcmp(text, cases[i].text, length) == 0,
                  "%s: %.*s", cases[i].number, (int)length, text);
    ck_assert_msg(is_long == cases[i].is_long, "%s", cases[i].number);
  }
}
END_TEST

START_TEST(formats_tell_dates_and_ids) {
  static const struct {
    const char *code, *number;
    int first_day;
    const char *text;
  } cases[] = {
      {"General", "42007", 0, "42007"},
      {"Standard", "42007", 0, "42007"},
      {"yyyy-mm-dd", "42007", 0, "2015-01-03"},
      {"yyyy-mm-dd", "42007.75", 0, "2015-01-03 18:00:00"},
      {"d/m/yy h:mm", "42007", 0, "2015-01-03 00:00:00"},
      {"[$-409]d mmm yyyy;@", "40545", 1462, "2015-01-03"},
      {"h:mm", "0.75", 0, "18:00:00"},
      {"h:mm", "1.75", 0, "1900-01-01 18:00:00"},
      {"[h]:mm:ss", "2.5", 0, "60:00:00"},
      {"mm:ss", "0.01", 0, "00:14:24"},
      {"yyyy-mm-dd", "1", 0, "1900-01-01"},
      {"yyyy-mm-dd", "59", 0, "1900-02-28"},
      {"yyyy-mm-dd", "60", 0, "60"},
      {"yyyy-mm-dd", "61", 0, "1900-03-01"},
      {"yyyy-mm-dd", "0", 0, "0"},
      {"yyyy-mm-dd", "-5", 0, "-5"},
      {"yyyy-mm-dd", "2958465", 0, "9999-12-31"},
      {"yyyy-mm-dd", "2958466", 0, "2958466"},
      {"yyyy-mm-dd hh:mm:ss", "42736.9999999", 0, "2017-01-02 00:00:00"},
      {"#,##0.00", "1234.5", 0, "1234.5"},
      {"0%", "0.25", 0, "0.25"},
      {"0.00E+00", "1200", 0, "1200"},
      {"0 \"days\"", "17", 0, "17"},
      {"[Red]0", "17", 0, "17"},
      {"0_d", "17", 0, "17"},
      {"0*d", "17", 0, "17"},
      {"0\\d", "17", 0, "17"},
      {"[$USD] 0", "17", 0, "17"},
      {"00000", "501", 0, "00501"},
      {"00000", "1234567", 0, "1234567"},
      {"\"A\"000000000", "12345678", 0, "A012345678"},
      {"000-00-0000", "10203114", 0, "010-20-3114"},
      {"000-00-0000", "12345678901", 0, "12345-67-8901"},
      {"00000", "-501", 0, "-501"},
      {"00000", "501.5", 0, "501.5"},
      {"00.00", "5", 0, "5"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[EH_NUMBER_TEXT];
    bool is_long = false;
    struct eh_number_format format = eh_number_format_of(cases[i].code);
    size_t length = eh_cell_formatted(cases[i].number, strlen(cases[i].number), &format,
                                      cases[i].first_day, text, &is_long);
    ck_assert_msg(length == strlen(cases[i].text) && memcmp(text, cases[i].text, length) == 0,
                  "%s under %s: %.*s, not %s", cases[i].number, cases[i].code, (int)length, text,
                  cases[i].text);
  }
}
END_TEST

START_TEST(built_in_formats_are_known) {
  static const struct {
    unsigned long id;
    bool has_day, has_time;
  } cases[] = {{0, false, false},  {1, false, false},  {10, false, false}, {14, true, false},
               {17, true, false},  {18, false, true},  {22, true, true},   {27, true, false},
               {32, false, true},  {37, false, false}, {45, false, true},  {46, false, true},
               {49, false, false}, {55, false, true},  {58, true, false},  {164, false, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct eh_number_format format = eh_number_format_built_in(cases[i].id);
    ck_assert_msg(format.has_day == cases[i].has_day && format.has_time == cases[i].has_time,
                  "%lu", cases[i].id);
  }
}
END_TEST

START_TEST(iso_dates_and_times) {
  static const struct {
    const char *text;
    bool keeps_midnight;
    const char *date;
  } cases[] = {{"2015-01-03", false, "2015-01-03"},
               {"2015-01-03T00:00:00", false, "2015-01-03"},
               {"2015-01-03T00:00:00", true, "2015-01-03 00:00:00"},
               {"2014-12-23T00:27:00.6", false, "2014-12-23 00:27:01"},
               {"2014-03-01T23:59:59.6", false, "2014-03-02 00:00:00"},
               {"2014-03-01T09:30:00Z", false, "2014-03-01 09:30:00"},
               {"2014-03-01T09:30", false, "2014-03-01 09:30:00"},
               {"next Monday", false, "next Monday"},
               {"2014-03-01Tnoon", false, "2014-03-01Tnoon"}};
  static const struct {
    const char *text, *time;
  } times[] = {{"PT32H05M09S", "32:05:09"}, {"PT00H27M00.0000001S", "00:27:00"},
               {"P1DT1H", "25:00:00"},      {"PT1H2X", ""},
               {"1H", ""},                  {"-PT1H", ""}};
  char made[EH_NUMBER_TEXT];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t length = eh_cell_iso_date(cases[i].text, strlen(cases[i].text), cases[i].keeps_midnight,
                                     made);
    ck_assert_msg(length == strlen(cases[i].date) && memcmp(made, cases[i].date, length) == 0,
                  "%s: %.*s", cases[i].text, (int)length, made);
  }
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    size_t length = eh_cell_iso_duration(times[i].text, strlen(times[i].text), made);
    ck_assert_msg(length == strlen(times[i].time) && memcmp(made, times[i].time, length) == 0,
                  "%s: %.*s", times[i].text, (int)length, made);
  }
}
END_TEST

START_TEST(texts_are_trimmed_and_decoded_once) {
  static const struct {
    const char *text, *trimmed;
  } cases[] = {{"  a b \xc2\xa0", "a b"},
               {"\xc2\xa0\xc2\xa0", ""},
               {"one_x000D__x000A_two", "one\ntwo"},
               {"one\r\ntwo\rthree", "one\ntwo\nthree"},
               {"_x005F_x0041_", "_x0041_"},
               {"_x0041_", "A"},
               {"_xD83D__xDE00_", "\xf0\x9f\x98\x80"},
               {"_xD83D_", "_xD83D_"},
               {"_x0000_", "_x0000_"},
               {"_x00G1_", "_x00G1_"},
               {"_x20AC_5", "\xe2\x82\xac" "5"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[100];
    size_t length = strlen(cases[i].text);
    memcpy(text, cases[i].text, length);
    char *trimmed = eh_cell_trim(text, &length, true);
    ck_assert_msg(length == strlen(cases[i].trimmed) && memcmp(trimmed, cases[i].trimmed, length) == 0,
                  "%s: %.*s", cases[i].text, (int)length, trimmed);
  }
}
END_TEST

START_TEST(references_are_those_of_a_sheet) {
  static const char *const bad[] = {"", "A", "5", "A0", "5A", "XFE1", "A1048577", "ZZZZ5", "A1B",
                                    "A99999999999"};
  uint32_t row, column;
  char name[4];
  ck_assert(eh_sheet_cell_of("XFD1048576", 10, &row, &column));
  ck_assert_uint_eq(row, 1048575);
  ck_assert_uint_eq(column, 16383);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_msg(!eh_sheet_cell_of(bad[i], strlen(bad[i]), &row, &column), "%s", bad[i]);
  for (uint32_t c = 0; c < EH_MOST_COLUMNS; c++) {
    char cell[8];
    eh_sheet_column_name(c, name);
    snprintf(cell, sizeof cell, "%s7", name);
    ck_assert(eh_sheet_cell_of(cell, strlen(cell), &row, &column) && column == c && row == 6);
  }
  struct eh_sheet_range range;
  ck_assert(eh_sheet_range_of("B2:C9", &range) && range.bottom == 8 && range.right == 2);
  ck_assert(eh_sheet_range_of("B2", &range) && range.bottom == 1 && range.left == 1);
  ck_assert(!eh_sheet_range_of("C9:B2", &range));
}
END_TEST

RUN_TESTS("cell text", only_numbers_are_numbers, numbers_are_written_in_full,
          formats_tell_dates_and_ids, built_in_formats_are_known, iso_dates_and_times,
          texts_are_trimmed_and_decoded_once, references_are_those_of_a_sheet)
