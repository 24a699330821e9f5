#include <iconv.h>
#include <zlib.h>

#include "engine/base/random.h"
#include "engine/load/records/records.h"
#include "tests/load/records.h"

#define RULES                                     \
  "evenhand: 1\n"                                 \
  "title: t\n"                                    \
  "columns: {case: id, date: day, person: who}\n" \
  "similarly_situated: [kind]\n"                  \
  "measures:\n"                                   \
  "  yes:\n"                                      \
  "    event: result = 'Y'\n"                     \
  "comparisons:\n"                                \
  "  - {across: office}\n"

#define HEADER "id,who,day,kind,office,result\n"

static void expect_cells(const char *rules, const char *text, const char *want) {
  for (size_t threads = 1; threads <= 2; threads++) {
    struct loaded l = load_bytes(rules, text, strlen(text), threads);
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    char *got = describe_cells(&l);
    ck_assert_str_eq(got, want);
    free(got);
    unload(&l);
  }
}

START_TEST(records_become_cells) {
  expect_cells(RULES,
               HEADER
               "1,a,2016-01-01,x,North,Y\n"
               "2,b,2016-01-02,x,North,N\n"
               "3,c,2016-01-03,x,South,Y\n"
               "4,d,2016-01-04,y,South,Y\n"
               "5,e,2016-01-05,,South,N\n"
               "6,f,2016-01-05,x,,N\n"
               "7,g,2016-01-05,x,North,\n",
               "yes\n"
               "x | North 2 1\n"
               "x | South 1 1\ny | South 1 1\n(not recorded) | South 1 0\n"
               "x | (not recorded) 1 0\n"
               "- whether the event occurred is not known 1\n");
}
END_TEST

START_TEST(columns_may_stand_in_any_order_and_file) {
  const char *first = HEADER "1,a,2016-01-01,x,North,Y\n";
  const char *second = "result;office;kind;day;who;id;more\nN;South;x;2016-01-02;b;2;z\n";
  char *names[2] = {file_of(first, strlen(first)), file_of(second, strlen(second))};
  struct loaded l =
      load_files(RULES, (const char *const *)names, 2, (struct eh_load_options){.threads = 2});
  char *got = describe_cells(&l);
  ck_assert_str_eq(got, "yes\nx | North 1 1\nx | South 1 0\n");
  ck_assert_int_eq(l.account->inputs[0].delimiter, ',');
  ck_assert_int_eq(l.account->inputs[1].delimiter, ';');
  free(got);
  unload(&l);
  for (int i = 0; i < 2; i++) {
    unlink(names[i]);
    free(names[i]);
  }
}
END_TEST

START_TEST(repeated_cases_and_persons) {
  const char *text = HEADER
      "1,a,2016-03-01,x,North,Y\n"
      "1,a,2016-02-01,x,North,N\n" /* the earlier one stays */
      "2,b,,x,North,Y\n"
      "2,b,2016-05-01,x,North,N\n" /* a missing date comes last */
      "3,c,2016-05-01,x,South,Y\n"
      "3,c,2016-05-01,x,South,Y\n" /* an exact copy */
      ",d,2016-05-01,x,South,N\n"
      ",e,2016-05-01,x,South,N\n"; /* no case id: each its own */
  struct loaded l = load_bytes(RULES, text, strlen(text), 1);
  char *got = describe_cells(&l);
  ck_assert_str_eq(got, "yes\nx | North 2 0\nx | South 3 1\n");
  ck_assert_uint_eq(excluded_as(&l, "repeated case id"), 1);
  ck_assert_uint_eq(excluded_as(&l, "repeated case id, unlike the record that stays"), 2);
  ck_assert_uint_eq(l.account->differing_cases, 2);
  free(got);
  unload(&l);

  static const char *const choices[2] = {"first", "last"};
  static const char *const wants[2] = {"yes\nx | North 1 1\nx | South 2 1\n",
                                       "yes\nx | North 1 0\nx | South 2 1\n"};
  for (int i = 0; i < 2; i++) {
    char rules[600];
    snprintf(rules, sizeof rules, "%srecords: {one_per: person, choose: %s}\n", RULES, choices[i]);
    expect_cells(rules,
                 HEADER
                 "1,a,2016-03-01,x,North,N\n"
                 "2,a,2016-02-01,x,North,Y\n"
                 "3,a,,x,North,Y\n"
                 "4,,2016-02-01,x,South,Y\n"
                 "5,,2016-02-01,x,South,N\n",
                 wants[i]);
    /* the same day: by case id, bytewise */
    expect_cells(rules,
                 HEADER
                 "9,a,2016-03-01,x,North,N\n"
                 "10,a,2016-03-01,x,North,Y\n",
                 i == 0 ? "yes\nx | North 1 1\n" : "yes\nx | North 1 0\n");
  }
}
END_TEST

/* Of one day, the first (or last) in the file: what it says of the decision has no say in it. */
START_TEST(place_decides_and_not_the_outcome) {
  static const char *const days[] = {"2016-03-01", ""};
  for (size_t i = 0; i < 4; i++) {
    char text[200], want[60], last[600];
    const char *day = days[i / 2], *first = i % 2 ? "Y" : "N", *second = i % 2 ? "N" : "Y";
    snprintf(text, sizeof text, HEADER "1,a,%s,x,North,%s\n1,a,%s,x,North,%s\n", day, first, day,
             second);
    snprintf(want, sizeof want, "yes\nx | North 1 %d\n", *first == 'Y');
    expect_cells(RULES, text, want);
    snprintf(last, sizeof last, "%srecords: {repeated: last}\n", RULES);
    snprintf(want, sizeof want, "yes\nx | North 1 %d\n", *second == 'Y');
    expect_cells(last, text, want);
  }
}
END_TEST

#define REPEATED(how) RULES "records: {" how "}\n"

START_TEST(what_stays_of_a_repeated_case) {
  static const struct {
    const char *rules, *records, *want;
  } rows[] = {
      /* order_by: numbers by size, before texts; the missing last */
      {REPEATED("order_by: seq"), "1,a,2016-03-01,x,North,N,10\n1,a,2016-03-01,x,North,Y,9\n",
       "yes\nx | North 1 1\n"},
      {REPEATED("repeated: last, order_by: seq"),
       "1,a,2016-03-01,x,North,N,10\n1,a,2016-03-01,x,North,Y,9\n1,a,2016-03-01,x,North,Y,\n",
       "yes\nx | North 1 0\n"},
      {REPEATED("order_by: seq"),
       "1,a,2016-03-01,x,North,N,b\n1,a,2016-03-01,x,North,Y,a\n1,a,2016-03-02,x,North,N,1\n",
       "yes\nx | North 1 1\n"},
      /* worst: named values first, then the rest */
      {REPEATED("repeated: worst, worst: {kind: [z, y]}"),
       "1,a,2016-01-01,x,North,N,\n1,a,2016-03-01,y,North,Y,\n1,a,2016-04-01,z,South,Y,\n"
       "2,b,2016-03-01,x,North,Y,\n2,b,2016-02-01,,North,N,\n",
       "yes\n(not recorded) | North 1 0\nz | South 1 1\n"},
      /* any: by unit; an event in any, and not known where one may be */
      {REPEATED("repeated: any"),
       "1,a,2016-03-01,x,North,N,\n1,a,2016-03-02,y,North,Y,\n1,a,2016-03-03,x,South,N,\n"
       "2,b,2016-03-01,x,South,N,\n2,b,2016-03-01,x,South,,\n",
       "yes\nx | North 1 1\nx | South 1 0\n- whether the event occurred is not known 1\n"},
      {REPEATED("repeated: any, keep: kind != 'z'"),
       "1,a,2016-03-01,z,North,Y,\n1,a,2016-03-02,x,North,N,\n", "yes\nx | North 1 0\n"},
      {REPEATED("repeated: trust"),
       "1,a,2016-03-01,x,North,N,\n1,a,2016-03-02,y,North,Y,\n1,a,2016-03-03,x,South,N,\n",
       "yes\nx | North 1 0\ny | North 1 1\nx | South 1 0\n"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[400];
    snprintf(text, sizeof text, "id,who,day,kind,office,result,seq\n%s", rows[i].records);
    expect_cells(rows[i].rules, text, rows[i].want);
  }
}
END_TEST

START_TEST(repeated_cases_may_be_refused) {
  const char *text = HEADER
      "7,a,2016-03-01,x,North,N\n9,b,2016-03-01,x,North,N\n7,a,2016-03-01,x,North,N\n"
      "9,b,2016-04-01,x,North,N\n8,b,2016-04-01,x,North,N\n";
  struct loaded l = load_bytes(REPEATED("repeated: refuse"), text, strlen(text), 2);
  ck_assert_int_eq(l.status, EH_BAD_INPUT);
  ck_assert_msg(strstr(l.error.message,
                       "2 case numbers stand in several records, which "
                       "`repeated: refuse` does not allow: 7 and 9;"),
                "%s", l.error.message);
  unload(&l);
  expect_cells(REPEATED("repeated: refuse"),
               HEADER "1,a,2016-03-01,x,North,N\n,a,2016-03-02,y,North,Y\n,a,,y,North,Y\n",
               "yes\nx | North 1 0\ny | North 2 2\n");
}
END_TEST

START_TEST(the_order_of_work) {
  /* keep comes after repeated cases and before one_per */
  expect_cells(RULES "records: {keep: kind != 'z', one_per: person}\n",
               HEADER
               "1,a,2016-01-01,z,North,Y\n"
               "2,a,2016-02-01,x,North,N\n"
               "3,b,2016-01-01,z,North,Y\n"
               "3,b,2016-02-01,x,North,Y\n"
               "4,c,2016-02-01,,North,Y\n",
               "yes\nx | North 1 0\n");
}
END_TEST

START_TEST(measures_apply_or_not) {
  expect_cells(
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\n"
      "similarly_situated: [kind]\n"
      "on_missing: exclude\n"
      "measures:\n"
      "  yes:\n    among: who != 'b'\n    event: result = 'Y'\n"
      "  all:\n    event: result = 'Y'\n    similarly_situated: []\n"
      "comparisons:\n  - {across: office, each: day}\n",
      HEADER
      "1,a,d1,x,North,Y\n"
      "2,b,d1,x,North,Y\n"
      "3,,d1,x,South,Y\n"
      "4,a,d1,,South,Y\n"
      "5,a,d2,y,South,N\n",
      "yes/d1\n"
      "d1 x | North 1 1\n"
      "- the measure does not apply to it 1\n"
      "- whether the measure applies is not known 1\n"
      "- a factor is not recorded 1\n"
      "yes/d2\n"
      "d2 y | South 1 0\n"
      "all/d1\n"
      "d1 | North 2 2\n"
      "d1 | South 2 2\n"
      "all/d2\n"
      "d2 | South 1 0\n");
}
END_TEST

/* Many records with line breaks in fields, quotes and broken lines, over many pieces of input. */
static char *long_text(size_t *length) {
  struct eh_buffer text = {0};
  struct eh_random random = eh_random_seeded(3, 0);
  eh_buffer_puts(&text, HEADER);
  for (int i = 0; i < 60000; i++) {
    uint64_t kind = eh_random_below(&random, 100);
    if (kind == 0)
      eh_buffer_printf(&text, "%d,\"p\n%d\r\n,,\",2016-01-01,x,\"No\"\"rth\",Y\n", i, i);
    else if (kind == 1)
      eh_buffer_printf(&text, "%d,p%d,2016-01-01,x,\"North,Y\n", i, i);
    else if (kind == 2)
      eh_buffer_printf(&text, "%d,p%d\n\n", i, i);
    else if (kind == 3)
      eh_buffer_printf(&text, "%d,p%d,2016-01-01,x,\"a\n\nb\n%0500d\",N\n", i, i, 7);
    else
      eh_buffer_printf(&text, "%d,p%d,2016-01-0%d,k%d,office %d,%s\n", i, i, 1 + i % 9,
                       (int)(kind % 7), (int)(kind % 11), kind % 3 ? "Y" : "N");
  }
  eh_buffer_puts(&text, "last,p,2016-01-01,x,South,Y");
  *length = text.length;
  return text.text;
}

START_TEST(threads_and_pieces_change_nothing) {
  size_t length;
  char *text = long_text(&length);
  ck_assert_uint_gt(length, 2 << 20);
  char *first = NULL;
  uint64_t line = 0;
  for (size_t threads = 1; threads <= 4; threads++) {
    struct loaded l = load_bytes(RULES, text, length, threads);
    ck_assert_int_eq(l.status, EH_OK);
    char *got = describe_cells(&l);
    if (first) {
      ck_assert_str_eq(got, first);
      ck_assert_uint_eq(l.account->bad_places[4].line, line);
      free(got);
    } else {
      first = got;
      line = l.account->bad_places[4].line;
      ck_assert_uint_eq(l.account->bad_place_count, 5);
    }
    ck_assert_uint_gt(excluded_as(&l, "too few fields"), 500);
    ck_assert_uint_gt(excluded_as(&l, "a stray or unclosed quote"), 500);
    unload(&l);
  }
  free(first);
  free(text);
}
END_TEST

/* Lines of 20 MiB between records: with LF, which are read by byte range, and with CR, in turn. */
START_TEST(endless_lines_cost_only_themselves) {
  static const char rules[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [kind]\n"
      "measures: {yes: {event: result = 'Y'}}\ncomparisons: [{across: office}]\n";
  enum { LONG = 20 << 20 };
  char *filler = malloc(LONG);
  memset(filler, 'x', LONG);
  for (int lone_cr = 0; lone_cr < 2; lone_cr++) {
    struct eh_buffer text = {0};
    eh_buffer_puts(&text, "id,office,kind,result\n");
    for (int i = 1; i <= 300; i++) {
      if (i % 100 == 0) eh_buffer_add(&text, filler, LONG);
      eh_buffer_printf(&text, "%d,o%d,k,%s\n", i, i % 3, i % 2 ? "Y" : "N");
    }
    for (char *c = text.text; lone_cr && c < text.text + text.length; c++)
      if (*c == '\n') *c = '\r';
    for (size_t threads = 1; threads <= 3; threads += 2) {
      struct loaded l = load_bytes(rules, text.text, text.length, threads);
      ck_assert_int_eq(l.status, EH_OK);
      ck_assert_uint_eq(l.account->read, 300);
      ck_assert_uint_eq(l.account->audited, 297);
      ck_assert_uint_eq(l.account->exclusion_count, 1);
      ck_assert_str_eq(l.account->excluded[0].reason, "a record over 8 MiB");
      ck_assert_uint_eq(l.account->bad_places[2].line, 301);
      uint64_t events = 0;
      for (size_t i = 0; i < l.cells[0].cell_count; i++) events += l.cells[0].cells[i].events;
      ck_assert_uint_eq(events, 150);
      unload(&l);
    }
    eh_buffer_free(&text);
  }
  free(filler);
}
END_TEST

START_TEST(a_broken_line_is_named) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "\n" HEADER "\n");
  for (int line = 4; line <= 2000; line++)
    eh_buffer_printf(&text, line == 1017 ? "%d,p,2016-01-01,x\n" : "%d,p,2016-01-01,x,North,Y\n",
                     line);
  struct loaded l = load_bytes(RULES, text.text, text.length, 2);
  ck_assert_uint_eq(l.account->bad_place_count, 1);
  ck_assert_uint_eq(l.account->bad_places[0].line, 1017);
  ck_assert_str_eq(l.account->bad_places[0].reason, "too few fields");
  unload(&l);
  eh_buffer_free(&text);
}
END_TEST

static char *converted(const char *text, const char *encoding, const char *mark, size_t mark_length,
                       size_t *length) {
  iconv_t converter = iconv_open(encoding, "UTF-8");
  char *bytes = eh_alloc(8 * strlen(text) + 8, 1), *in = strdup(text), *from = in;
  memcpy(bytes, mark, mark_length);
  char *out = bytes + mark_length;
  size_t in_left = strlen(text), out_left = 8 * strlen(text);
  ck_assert(iconv(converter, &from, &in_left, &out, &out_left) != (size_t)-1);
  iconv_close(converter);
  free(in);
  *length = (size_t)(out - bytes);
  return bytes;
}

START_TEST(encodings_are_read) {
  const char *text = HEADER
      "1,a,2016-01-01,\xc3\xa9t\xc3\xa9,K\xc3\xb6ln,Y\n2,b,2016-01-02,\xc3\xa9t\xc3\xa9,Plain,N\n";
  const char *want = "yes\n\xc3\xa9t\xc3\xa9 | K\xc3\xb6ln 1 1\n\xc3\xa9t\xc3\xa9 | Plain 1 0\n";
  static const struct {
    const char *encoding, *mark;
    size_t mark_length;
  } cases[] = {{"UTF-8", "", 0},
               {"UTF-8", "\xef\xbb\xbf", 3},
               {"WINDOWS-1252", "", 0},
               {"UTF-16LE", "\xff\xfe", 2},
               {"UTF-16BE", "\xfe\xff", 2}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    size_t length;
    char *bytes = converted(text, cases[i].encoding, cases[i].mark, cases[i].mark_length, &length);
    struct loaded l = load_bytes(RULES, bytes, length, 1);
    ck_assert_msg(l.status == EH_OK, "%s: %s", cases[i].encoding, l.error.message);
    char *got = describe_cells(&l);
    ck_assert_str_eq(got, want);
    free(got);
    unload(&l);
    free(bytes);
  }
  const char *neither = HEADER "1,a,2016-01-01,x\x81,North,Y\n2,b,2016-01-02,x,North,N\n";
  struct loaded l = load_bytes(RULES, neither, strlen(neither), 1);
  ck_assert_uint_eq(excluded_as(&l, "text in neither UTF-8 nor Windows-1252"), 1);
  unload(&l);
}
END_TEST

START_TEST(compressed_files_and_repeats_in_them) {
  /* gzip in two members, and a repeat that must be found again in the compressed file */
  const char *parts[2] = {"id,who,day,kind,office,result,seq\n1,a,2016-03-01,x,North,Y,2\n",
                          "1,a,2016-03-01,x,North,N,1\n2,b,2016-03-01,x,South,N,3\n"};
  const char *rules = RULES "records: {order_by: seq}\n";
  char *name = file_of("", 0);
  for (int i = 0; i < 2; i++) {
    gzFile file = gzopen(name, i ? "ab" : "wb");
    ck_assert_int_gt(gzwrite(file, parts[i], (unsigned)strlen(parts[i])), 0);
    gzclose(file);
  }
  struct loaded l = load_files(rules, (const char *const *)&name, 1,
                               (struct eh_load_options){.threads = 2, .hash = true});
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  char *got = describe_cells(&l);
  ck_assert_str_eq(got, "yes\nx | North 1 0\nx | South 1 0\n");
  free(got);
  unload(&l);
  truncate(name, 60) == 0 ? (void)0 : ck_abort();
  l = load_files(RULES, (const char *const *)&name, 1, (struct eh_load_options){.threads = 2});
  ck_assert_int_eq(l.status, EH_BAD_INPUT);
  ck_assert_ptr_nonnull(strstr(l.error.message, "cut short"));
  eh_arena_free(l.arena);
  unlink(name);
  free(name);
}
END_TEST

START_TEST(inputs_that_cannot_be_used) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"", "is empty"},
      {HEADER, "has a header but no records"},
      {HEADER "1,2\n", "no record can be used"},
      {"id,who,day,kind,office,result,kind\n1,2,3,4,5,6,7\n", "names the column 'kind' twice"},
      {"id,who,day,kind,office\n1,a,2,3,4\n", "result"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct loaded l = load_bytes(RULES, cases[i].text, strlen(cases[i].text), 2);
    ck_assert_int_ne(l.status, EH_OK);
    ck_assert_msg(strstr(l.error.message, cases[i].message) != NULL, "%s", l.error.message);
    eh_arena_free(l.arena);
  }
}
END_TEST

START_TEST(lines_before_the_header_are_skipped) {
  const char *text = "Report of today\n\n" HEADER "1,a,2016-03-01,x,North,Y\n";
  char *name = file_of(text, strlen(text));
  struct loaded l = load_files(RULES, (const char *const *)&name, 1,
                               (struct eh_load_options){.threads = 1, .skip_lines = 2});
  ck_assert_int_eq(l.status, EH_OK);
  ck_assert_uint_eq(l.account->inputs[0].header_line, 3);
  unload(&l);
  unlink(name);
  free(name);
}
END_TEST

START_TEST(many_wide_factors_still_make_cells) {
  /* Ten factors of some thousand values each need more bits than a key has. */
  struct eh_buffer rules = {0}, text = {0};
  eh_buffer_puts(&rules, "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [");
  for (int f = 0; f < 10; f++) eh_buffer_printf(&rules, "%sf%d", f ? ", " : "", f);
  eh_buffer_puts(
      &rules, "]\nmeasures:\n  yes:\n    event: result = 'Y'\ncomparisons:\n  - {across: unit}\n");
  eh_buffer_puts(&text, "id,f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,unit,result\n");
  for (int i = 0; i < 6000; i++) {
    eh_buffer_printf(&text, "%d", i);
    for (int f = 0; f < 10; f++) eh_buffer_printf(&text, ",v%04d", i / 2 * (f + 1) % 3000);
    eh_buffer_printf(&text, ",%s,%s\n", i % 2 ? "u1" : "u0", i % 2 ? "Y" : "N");
  }
  struct loaded l = load_bytes(rules.text, text.text, text.length, 2);
  ck_assert_int_eq(l.status, EH_OK);
  ck_assert_uint_eq(l.cells[0].stratum_count, 3000);
  ck_assert_uint_eq(l.cells[0].cell_count, 6000);
  for (size_t s = 0; s < 3000; s++) {
    const uint32_t *codes = l.cells[0].codes + s * 10;
    const char *first = l.cells[0].columns[0].labels[codes[0]];
    int value = atoi(first + 1);
    for (int f = 1; f < 10; f++)
      ck_assert_int_eq(atoi(l.cells[0].columns[f].labels[codes[f]] + 1), value * (f + 1) % 3000);
  }
  unload(&l);
  eh_buffer_free(&rules);
  eh_buffer_free(&text);
}
END_TEST

/* Rows that are dropped once they are grouped, and a limit that the cells would pass. */
START_TEST(cells_may_be_all_that_is_wanted) {
  static const char rules[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\n"
      "similarly_situated: [a]\nmeasures:\n  yes:\n    event: r = 'Y'\n"
      "comparisons:\n  - {across: unit}\n  - {across: b}\n";
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,a,b,unit,r\n");
  for (int i = 0; i < 5000; i++)
    eh_buffer_printf(&text, "%d,%d,%d,u%d,%c\n", i, i % 7, i % 11, i % 13, i % 3 ? 'Y' : 'N');
  char *name = file_of(text.text, text.length);
  struct eh_load_options options = {.threads = 2};
  struct loaded kept = load_files(rules, (const char *const *)&name, 1, options);
  options.only_cells = true;
  struct loaded dropped = load_files(rules, (const char *const *)&name, 1, options);
  ck_assert_uint_eq(kept.cells_count, 2);
  ck_assert_uint_eq(dropped.cells_count, 2);
  for (size_t c = 0; c < 2; c++) {
    const struct eh_cells *a = &kept.cells[c], *b = &dropped.cells[c];
    ck_assert_uint_eq(a->records, 5000);
    ck_assert_uint_eq(a->cell_count, b->cell_count);
    ck_assert_mem_eq(a->cells, b->cells, a->cell_count * sizeof *a->cells);
  }
  kept.records->options.memory = 1000000;
  struct eh_cells *cells;
  size_t count;
  struct eh_error error;
  ck_assert_int_eq(eh_records_cells(kept.arena, kept.records, &cells, &count, &error), EH_MACHINE);
  ck_assert_ptr_nonnull(strstr(error.message, "91 cells in 7 strata need"));
  ck_assert_ptr_nonnull(strstr(error.message, "and the limit is 1 MB"));
  unload(&kept);
  unload(&dropped);
  unlink(name);
  free(name);
  eh_buffer_free(&text);
}
END_TEST

/* R writes its row names under no header. */
START_TEST(a_column_without_a_name) {
  static const char rules[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: (no name)}\n"
      "measures:\n  yes:\n    event: r = 'Y'\n"
      "comparisons:\n  - {across: unit}\n";
  static const char text[] =
      "\"\",\"unit\",\"r\"\n\"1\",\"a\",\"Y\"\n\"2\",\"b\",\"N\"\n"
      "\"2\",\"b\",\"N\"\n";
  struct loaded l = load_bytes(rules, text, sizeof text - 1, 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  ck_assert_uint_eq(l.account->audited, 2);
  ck_assert_uint_eq(excluded_as(&l, "repeated case id"), 1);
  unload(&l);
}
END_TEST

RUN_TESTS("load", a_column_without_a_name, cells_may_be_all_that_is_wanted, records_become_cells,
          columns_may_stand_in_any_order_and_file, repeated_cases_and_persons,
          place_decides_and_not_the_outcome, what_stays_of_a_repeated_case,
          repeated_cases_may_be_refused, the_order_of_work, measures_apply_or_not,
          threads_and_pieces_change_nothing, a_broken_line_is_named,
          endless_lines_cost_only_themselves, encodings_are_read,
          compressed_files_and_repeats_in_them, inputs_that_cannot_be_used,
          lines_before_the_header_are_skipped, many_wide_factors_still_make_cells)
