/* Where the records of a delimited text begin. */
#include "engine/load/records/opening.h"

#include <string.h>

#include "tests/test.h"

/* "DELIMITER LINE name|name" (LINE: the header's), then " least N" and the notes; "none". */
static const char *open_text(struct eh_arena *arena, const char *text, uint64_t skip) {
  struct eh_load_options options = {.skip_lines = skip};
  struct eh_start start = {.name = "a.csv", .text = text, .length = strlen(text), .is_whole = true};
  struct eh_opening o;
  if (!eh_opening_find(arena, NULL, &options, &start, &o)) return "none";
  const char *out =
      eh_arena_printf(arena, "%c %llu ", o.delimiter, (unsigned long long)(o.line - 1));
  for (size_t i = 0; i < o.count; i++)
    out = eh_arena_printf(arena, "%s%s%s", out, i ? "|" : "", o.names[i]);
  if (o.fewest) out = eh_arena_printf(arena, "%s least %zu", out, o.fewest);
  for (size_t i = 0; i < o.note_count; i++) out = eh_arena_printf(arena, "%s; %s", out, o.notes[i]);
  return out;
}

static void check(const char *text, const char *want) {
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(open_text(arena, text, 0), want);
  eh_arena_free(arena);
}

#define MOVED(line, before) "; the header is line " line "; " before " left out"

START_TEST(the_header_is_found) {
  check("a,b,c\n1,2,3\n", ", 1 a|b|c");
  check("\n\na;b;c\n1;2;3\n", "; 3 a|b|c");
  check("Decisions of 2014\nby JM\n\na,b,c\n1,2,3\n4,5,6\n",
        ", 4 a|b|c" MOVED("4", "3 lines before it are"));
  check("Decisions,,,\n,,,\na,b,c,d\n1,2,3,4\n", ", 3 a|b|c|d" MOVED("3", "2 lines before it are"));
  check("# by JM, East, and West\na,b,c,d,e\n1,2,3,4,5\n",
        ", 2 a|b|c|d|e" MOVED("2", "1 line before it is"));
  check("#a,b,c\n1,2,3\n4,5,6\n", ", 1 #a|b|c");
  check("sep=;\na;b,x;c\n1;2;3\n", "; 2 a|b,x|c; line 1 names the delimiter, ';'");
  check("a\n1\n2\n", ", 1 a");
  check("\n \n", "none");
}
END_TEST

START_TEST(rows_of_the_header_are_no_records) {
  static const char one[] =
      "; 1 line below the header is no record but more of it, and is left out";
  struct eh_arena *arena = eh_arena_new();
#define RECORDS "1,2014-01-02,x\n2,2014-01-03,y\n3,2014-01-04,\n"
  check("id,day,kind\n1,2,3\n1,2014-01-02,x\n2,2014-01-03,y\n3,2014-01-04,z\n",
        eh_arena_printf(arena, ", 2 id|day|kind%s", one));
  check("id,day,kind\nNUMBER(7),DATE,CHAR(2)\n" RECORDS,
        eh_arena_printf(arena, ", 2 id|day|kind%s", one));
  check("id,day,cost,kind\n,yyyy-mm-dd,USD,\n1,2014-01-02,5,x\n2,2014-01-03,6,y\n3,2014-01-04,7,\n",
        eh_arena_printf(arena, ", 2 id|day|cost|kind%s", one));
  check("id,day,kind\n(id),(yyyy-mm-dd),(code)\n" RECORDS,
        eh_arena_printf(arena, ", 2 id|day|kind%s", one));
  check("id,day,kind\n---,---,---\n" RECORDS, eh_arena_printf(arena, ", 2 id|day|kind%s", one));
  check("id,day,kind\nno 1,(1 of 2),c\n\"{\"\"ImportId\"\":1}\",,\n" RECORDS,
        ", 3 id|day|kind; 2 lines below the header are no record but more of it, and are left out");
  /* one column of digits is not enough, nor is a missing value */
  check("id,a,kind\nx,y,z\n1,y,x\n2,z,y\n3,z,y\n", ", 1 id|a|kind");
  check("id,day,kind\n0,unknown,c\n" RECORDS, ", 1 id|day|kind");
  check(",Who,,Result\nid,name,age,outcome\n1,A,30,x\n2,B,40,y\n",
        ", 2 id|name|age|outcome" MOVED("2", "1 line before it is"));
  check(",name,,outcome\na,b,c,d\ne,f,g,h\n", ", 1 (no name)|name|(no name)|outcome");
  eh_arena_free(arena);
}
END_TEST

START_TEST(lines_that_are_skipped_are_no_matter) {
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(open_text(arena, "a,b,c\nx,,\n1,2,3\n4,5,6\n", 1), ", 2 x|(no name)|(no name)");
  eh_arena_free(arena);
}
END_TEST

START_TEST(names_of_rows_are_told_from_shifted_fields) {
  static const char note[] =
      "; the records have one field more than the header names, the first, which is taken for the "
      "name of the row";
  struct eh_arena *arena = eh_arena_new();
  check("a,b\n1,x,y\n2,x,y\n17,x,\n", eh_arena_printf(arena, ", 1 (no name)|a|b%s", note));
  check("a,b\n\"k\",x,y\n\"l\",x,y\n", eh_arena_printf(arena, ", 1 (no name)|a|b%s", note));
  check("a,b\nk,Smith, J\nl,Brown, R\n", ", 1 a|b");
  check("a,b\n01,x,y\n02,x,y\n", ", 1 a|b");
  check("a,b\n1,x,\n2,y,\n", ", 1 a|b");
  check("a,b\n1,x,y\n2,x\n", ", 1 a|b");
  eh_arena_free(arena);
}
END_TEST

START_TEST(fields_left_away_at_the_end_are_told_from_broken_lines) {
  check("a,b,c,d\n1,2,3\n1,2,3,4\n1,2,3\n1,2,3,4\n", ", 1 a|b|c|d least 3");
  check("a,b,c,d,e\n1,2,3\nx,4,5\n1,2,3,4,5\n1,2,3,4,5\n1,2,3,4,5\n", ", 1 a|b|c|d|e");
  check("a,b,c,d\n1,2,3,4\n1\n1\n1,2,3,4\n", ", 1 a|b|c|d");
}
END_TEST

RUN_TESTS("opening", the_header_is_found, rows_of_the_header_are_no_records,
          lines_that_are_skipped_are_no_matter, names_of_rows_are_told_from_shifted_fields,
          fields_left_away_at_the_end_are_told_from_broken_lines)
