/* The survey: what it counts, whatever the pieces and threads; many values; several files. */
#include "engine/load/survey/survey.h"

#include "tests/load/records.h"

static struct eh_survey *survey_of(const char *const *texts, size_t count, const char *rules,
                                   struct eh_arena *arena, size_t threads) {
  char *names[4];
  for (size_t i = 0; i < count; i++) names[i] = file_of(texts[i], strlen(texts[i]));
  struct eh_survey *survey = NULL;
  struct eh_error error;
  struct eh_problems problems = {0};
  struct eh_load_options options = {.threads = threads, .hash = true};
  enum eh_status status =
      eh_survey_files((const char *const *)names, count, rules ? read_rules(arena, rules) : NULL,
                      &options, &survey, &problems, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  for (size_t i = 0; i < count; i++) {
    unlink(names[i]);
    free(names[i]);
  }
  eh_problems_free(&problems);
  return survey;
}

static uint64_t records_of(const struct eh_survey *s, const char *column, const char *value) {
  int c = eh_survey_find(s, column);
  ck_assert_int_ge(c, 0);
  for (size_t i = 0; i < s->columns[c].value_count; i++)
    if (strcmp(s->columns[c].values[i].text, value) == 0) return s->columns[c].values[i].records;
  return 0;
}

START_TEST(files_of_different_columns_are_one_survey) {
  const char *texts[] = {"case_id,office,note\nA1,North,x\nA2,South,\n",
                         "office;case_id;colour\nNorth;B1;red\nNorth;B2;NULL\n"};
  struct eh_survey *s = survey_of(texts, 2, NULL, NULL, 1);
  ck_assert_uint_eq(s->rows, 4);
  ck_assert_uint_eq(s->column_count, 4);
  ck_assert_uint_eq(records_of(s, "office", "North"), 3);
  ck_assert_uint_eq(records_of(s, "colour", "red"), 1);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "colour")].missing, 3);
  ck_assert_uint_eq(records_of(s, "colour", "NULL"), 1);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "note")].missing, 3);
  struct eh_survey_place place = eh_survey_place(s, 3);
  ck_assert_uint_eq(place.input, 1);
  ck_assert_uint_eq(place.line, 3);
  eh_survey_free(s);
}
END_TEST

START_TEST(bad_lines_are_left_out_and_counted) {
  const char *text = "case_id,office\n1,North\n2\n3,\"So\"u,th\n\n4,South\n";
  struct eh_survey *s = survey_of(&text, 1, NULL, NULL, 1);
  ck_assert_uint_eq(s->rows, 2);
  ck_assert_uint_eq(s->account.read, 4);
  ck_assert_uint_eq(s->account.unusable, 2);
  ck_assert_uint_eq(s->account.bad_places[0].line, 3);
  ck_assert_uint_eq(s->account.bad_places[1].line, 4);
  ck_assert_uint_eq(eh_survey_place(s, 1).line, 6);
  eh_survey_free(s);
}
END_TEST

/* Records whose quoted line breaks lie across the ends of pieces, on several threads. */
START_TEST(records_across_pieces_are_whole) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "case_id,office,note\n");
  size_t count = 60000, lines = 2;
  for (size_t i = 0; i < count; i++, lines += 2)
    eh_buffer_printf(&text,
                     "C%zu,%s,\"first line, of %zu\nsecond: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n", i,
                     i % 3 ? "North" : "South", i % 7);
  const char *whole = text.text;
  struct eh_survey *s = survey_of(&whole, 1, NULL, NULL, 3);
  ck_assert_uint_eq(s->rows, count);
  ck_assert_uint_eq(s->account.unusable, 0);
  ck_assert_uint_eq(records_of(s, "office", "South"), count / 3);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "note")].value_count - s->missing_count, 7);
  for (size_t i = 0; i < count; i++) ck_assert_uint_eq(eh_survey_place(s, i).line, 2 + 2 * i);
  eh_survey_free(s);
  eh_buffer_free(&text);
}
END_TEST

START_TEST(too_many_values_are_estimated) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "case_id,amount,office\n");
  size_t count = 250000;
  for (size_t i = 0; i < count; i++)
    eh_buffer_printf(&text, "C%zu,%s%zu,%s\n", i, i == 240000 ? "x" : "", i + 5, i % 2 ? "N" : "S");
  const char *whole = text.text;
  struct eh_survey *s = survey_of(&whole, 1, NULL, NULL, 2);
  const struct eh_survey_column *ids = &s->columns[0], *amounts = &s->columns[1];
  ck_assert_uint_eq(ids->value_count, EH_SURVEY_VALUES);
  ck_close(ids->distinct, (double)count, 0.03);
  ck_assert_uint_eq(ids->rest.records + EH_SURVEY_VALUES - s->missing_count, count);
  ck_assert_int_eq(amounts->kind, EH_SURVEY_NUMBER);
  ck_close(amounts->rest.high, (double)count + 4, 0);
  ck_assert_uint_eq(amounts->malformed, 1);
  ck_assert_uint_eq(amounts->malformed_places[0].line, 240002);
  ck_assert_str_eq(amounts->malformed_texts[0], "x240005");
  eh_survey_free(s);
  eh_buffer_free(&text);
}
END_TEST

/* Closed columns: what is kept and counted is the same however many threads read. */
START_TEST(threads_change_nothing_in_closed_columns) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "case_id,stamp,person_id,office\n");
  for (int i = 0; i < 330000; i++)
    eh_buffer_printf(&text, "C%d,2016-%02d-%02d %02d:%02d:%02d,%s%.0d,%s%s\n", i, i % 12 + 1,
                     i % 28 + 1, i % 24, i / 7 % 60, i / 60 % 60, i % 50 ? "P" : "NULL",
                     i % 50 ? i / 2 : 0, i % 2 ? "N" : "S",
                     i % 999 ? "" : "orth of a river with a long name");
  const char *whole = text.text;
  struct eh_survey *a = survey_of(&whole, 1, NULL, NULL, 1),
                   *b = survey_of(&whole, 1, NULL, NULL, 5);
  ck_assert(a->columns[0].is_closed && !a->columns[3].is_closed);
  ck_assert_uint_eq(a->columns[2].missing, 330000 / 50);
  ck_assert_int_eq(a->columns[1].kind, EH_SURVEY_DATE);
  for (size_t c = 0; c < 4; c++) {
    const struct eh_survey_column *x = &a->columns[c], *y = &b->columns[c];
    ck_assert_int_eq(x->is_closed, y->is_closed);
    ck_assert(x->distinct == y->distinct && x->missing == y->missing);
    ck_assert_uint_eq(x->value_count, y->value_count);
    ck_assert_uint_eq(x->rest.records, y->rest.records);
    ck_assert_uint_eq(x->rest.dates, y->rest.dates);
    uint64_t kept = 0;
    for (size_t i = 0; i < x->value_count; i++) {
      ck_assert_str_eq(x->values[i].text, y->values[i].text);
      ck_assert_uint_eq(x->values[i].records, y->values[i].records);
      kept += x->values[i].records;
    }
    ck_assert_uint_eq(kept + x->rest.records, a->rows);
  }
  const struct eh_survey_repeats *x = &a->repeats, *y = &b->repeats;
  ck_assert_uint_eq(x->cases, 330000);
  ck_assert_uint_eq(x->all_persons, y->all_persons);
  ck_assert_uint_eq(x->records_repeated, y->records_repeated);
  ck_assert(x->records_repeated > 100000 && x->within_year + x->later == y->within_year + y->later);
  eh_survey_free(a);
  eh_survey_free(b);
  eh_buffer_free(&text);
}
END_TEST

START_TEST(it_stops_at_the_memory_limit) {
  const char *text = "case_id,office\n1,North\n2,South\n";
  char *name = file_of(text, strlen(text));
  const char *names[] = {name};
  struct eh_load_options options = {.threads = 1, .memory = 1000};
  struct eh_survey *survey;
  struct eh_problems problems = {0};
  struct eh_error error;
  ck_assert_int_eq(eh_survey_files(names, 1, NULL, &options, &survey, &problems, &error),
                   EH_MACHINE);
  ck_assert_ptr_null(survey);
  ck_assert(strstr(error.message, "--no-reliability") != NULL);
  unlink(name);
  free(name);
}
END_TEST

START_TEST(a_column_that_applies_to_some_is_not_missing_elsewhere) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "case_id,office,outcome,offence\n");
  for (int i = 0; i < 400; i++)
    eh_buffer_printf(&text, "%d,%s,%s,%s\n", i, i % 3 ? "N" : "S", i % 2 ? "released" : "held",
                     i % 2 == 0 || i % 20 == 1 ? "" : "no");
  const char *whole = text.text;
  struct eh_survey *s = survey_of(&whole, 1, NULL, NULL, 1);
  const struct eh_survey_column *c = &s->columns[3];
  ck_assert_int_eq(c->applies_by, eh_survey_find(s, "outcome"));
  ck_assert_uint_eq(c->missing, 220);
  ck_assert_uint_eq(c->not_applicable, 200);
  eh_survey_free(s);
  eh_buffer_free(&text);
}
END_TEST

START_TEST(rules_are_asked) {
  static const char rules[] =
      "evenhand: 1\ncolumns: {case: id, date: day}\nmissing: ['', '?']\n"
      "records: {keep: kind != 'x'}\n"
      "derive: {year: {year: date}}\n"
      "similarly_situated: [kind]\n"
      "measures:\n  out:\n    among: kind is not missing\n    event: outcome = 'out'\n"
      "comparisons: [{across: office}]\n"
      "totals: [{name: all out, where: outcome = 'out', expected: 2}]\n"
      "expect: [{column: outcome, one_of: [in, out]}]\n";
  const char *text =
      "id,day,kind,office,outcome\n1,2016-01-01,a,N,out\n2,2016-02-30,a,N,?\n3,2017-01-01,b,,in\n"
      "4,2016-01-01,x,N,out\n5,2016-01-01,?,S,out\n6,2016-01-01,a,S,maybe\n";
  struct eh_arena *arena = eh_arena_new();
  struct eh_survey *s = survey_of(&text, 1, rules, arena, 1);
  ck_assert_uint_eq(s->measures[0].applies, 4);
  ck_assert_uint_eq(s->measures[0].event_unknown, 1);
  ck_assert_uint_eq(s->measures[0].events, 1);
  ck_assert_uint_eq(s->expects[0].no, 1);
  ck_assert_uint_eq(s->expects[0].places[0].line, 7);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "day")].malformed, 1);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "day")].malformed_places[0].line, 3);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "kind")].missing, 0 + 1);
  ck_assert_int_eq(s->roles.units[0], eh_survey_find(s, "office"));
  eh_survey_free(s);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("survey", files_of_different_columns_are_one_survey, bad_lines_are_left_out_and_counted,
          records_across_pieces_are_whole, too_many_values_are_estimated,
          threads_change_nothing_in_closed_columns, it_stops_at_the_memory_limit,
          a_column_that_applies_to_some_is_not_missing_elsewhere, rules_are_asked)
