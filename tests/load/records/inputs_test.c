/* Files of different layout, brought to one: values, fixed columns, what could not be mapped. */
#include "engine/load/find/find.h"
#include "engine/load/records/translate.h"
#include "engine/load/survey/survey.h"
#include "tests/load/records.h"

#define RULES                                                                   \
  "evenhand: 1\n"                                                               \
  "columns: {case: id, person: who, date: day}\n"                               \
  "records: {one_per: person, keep: date >= 2016-01-01}\n"                      \
  "missing: ['']\n"                                                             \
  "inputs:\n"                                                                   \
  "  - name: A\n"                                                               \
  "    files: a*\n"                                                             \
  "    columns: {case: No, date: Decided, kind: Class}\n"                       \
  "    prefix: {office: a-}\n"                                                  \
  "    dates: ['%d.%m.%Y', '%d/%m/%Y']\n"                                       \
  "    missing: [UNK]\n"                                                        \
  "    recode: {result: {Y: [REL, R], N: [DET]}, kind: {x: ['1'], y: ['2']}}\n" \
  "  - name: B\n"                                                               \
  "    files: [b*, \"* of B.txt\"]\n"                                           \
  "    columns: {person: missing}\n"                                            \
  "    constants: {kind: x}\n"                                                  \
  "    keep: form != 'test'\n"                                                  \
  "  - {name: C, files: c*}\n"                                                  \
  "similarly_situated: [kind]\n"                                                \
  "measures: {yes: {event: result = 'Y'}}\n"
#define BY_OFFICE "comparisons: [{across: office}]\n"
#define BY_SOURCE "comparisons: [{across: office, within: source}, {across: source}]\n"

static const char a_text[] =
    "note;No;who;Decided;Class;office;result;day\n"
    "n;1;p1;01.02.2016;1;North;REL;2016-09-09\n"
    "n;2;p2;2/3/2016;2;North;DET;x\n"
    "n;3;UNK;03.02.2016;1;UNK;R;x\n"
    "n;4;p4;04.02.2016;7;South;Maybe;x\n"
    "n;5;p1;05.02.2016;1;North;DET;x\n"  /* the same person later */
    "n;6;p6;2016-02-06;1;North;REL;x\n"  /* no form of this input: malformed */
    "n;7;p7;06.02.2016;x;North;UNK;x\n"; /* a label already */
static const char b_text[] =
    "id,day,office,result,form\n"
    "11,2016-01-01,North,Y,1\n"
    "12,2016-01-02,North,N,test\n"
    "13,2016-01-03,UNK,Y,1\n" /* a code of A's only: an office like any other */
    "14,2015-01-03,North,Y,1\n"
    "15,2016-01-04,North,N,\n";

/* A folder with files of these names. */
struct folder {
  char path[40];
  char *names[3];
  size_t count;
};

static void add_file(struct folder *f, const char *name, const char *text) {
  char *path = f->names[f->count++] = malloc(100);
  snprintf(path, 100, "%s/%s", f->path, name);
  FILE *file = fopen(path, "w");
  ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static struct folder new_folder(void) {
  struct folder f = {.path = "/tmp/evenhand-inputs-XXXXXX"};
  ck_assert_ptr_nonnull(mkdtemp(f.path));
  return f;
}

static struct folder usual_folder(void) {
  struct folder f = new_folder();
  add_file(&f, "a1.csv", a_text);
  add_file(&f, "rest of B.txt", b_text);
  return f;
}

static void remove_folder(struct folder *f) {
  for (size_t i = 0; i < f->count; i++) {
    unlink(f->names[i]);
    free(f->names[i]);
  }
  rmdir(f->path);
}

static struct loaded load_folder(const struct folder *f, const char *rules,
                                 struct eh_load_options options) {
  return load_files(rules, (const char *const *)f->names, f->count, options);
}

static void expect_cells(const char *rules, const char *want) {
  struct folder f = usual_folder();
  for (size_t way = 0; way < 3; way++) {
    struct loaded l = load_folder(
        &f, rules,
        (struct eh_load_options){.threads = 1 + way, .use_libcsv = way == 2, .can_find = way > 0});
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    char *got = describe_cells(&l);
    ck_assert_str_eq(got, want);
    free(got);
    unload(&l);
  }
  remove_folder(&f);
}

START_TEST(layouts_become_one) {
  expect_cells(RULES BY_OFFICE,
               "yes\n"
               "x | North 1 1\n"
               "x | UNK 1 1\n"
               "x | a-North 1 1\ny | a-North 1 0\n"
               "7 | a-South 1 0\n"
               "x | (not recorded) 1 1\n"
               "- whether the event occurred is not known 1\n");
}
END_TEST

START_TEST(the_source_is_a_column) {
  expect_cells(RULES BY_SOURCE,
               "yes\n"
               "x B | North 1 1\n"
               "x B | UNK 1 1\n"
               "x A | a-North 1 1\ny A | a-North 1 0\n"
               "7 A | a-South 1 0\n"
               "x A | (not recorded) 1 1\n"
               "- whether the event occurred is not known 1\n"
               "yes\n"
               "7 | A 1 0\nx | A 2 2\ny | A 1 0\n"
               "x | B 2 2\n"
               "- whether the event occurred is not known 1\n");
}
END_TEST

START_TEST(every_record_is_accounted_for) {
  struct folder f = usual_folder();
  struct loaded l = load_folder(&f, RULES BY_OFFICE, (struct eh_load_options){.threads = 2});
  ck_assert_uint_eq(l.account->read, 12);
  ck_assert_uint_eq(excluded_as(&l, "not kept by the rules"), 2);
  ck_assert_uint_eq(excluded_as(&l, "whether the rules keep it is not known"), 2);
  ck_assert_uint_eq(excluded_as(&l, "another record of the same person"), 1);
  ck_assert_uint_eq(l.account->audited, 7);
  ck_assert_uint_eq(l.account->malformed_count, 1);
  ck_assert_str_eq(l.account->malformed[0].column, "date");
  ck_assert_uint_eq(l.account->malformed[0].records, 1);
  ck_assert_str_eq(l.account->inputs[0].source, "A");
  ck_assert_str_eq(l.account->inputs[1].source, "B");
  unload(&l);
  remove_folder(&f);
}
END_TEST

START_TEST(what_could_not_be_mapped_is_told) {
  struct folder f = usual_folder();
  struct loaded l = load_folder(&f, RULES BY_OFFICE, (struct eh_load_options){.threads = 1});
  ck_assert_uint_eq(l.account->source_count, 3);
  const struct eh_source_account *a = &l.account->sources[0], *b = a + 1, *c = a + 2;
  ck_assert_uint_eq(a->files, 1);
  ck_assert_uint_eq(a->records, 7);
  ck_assert_uint_eq(a->unused_count, 2);
  ck_assert_str_eq(a->unused[0], "note");
  ck_assert_str_eq(a->unused[1], "day");
  ck_assert_uint_eq(a->absent_count, 0);
  ck_assert_uint_eq(a->unmapped_count, 2);
  for (size_t i = 0; i < 2; i++) {
    bool is_kind = strcmp(a->unmapped[i].column, "kind") == 0;
    ck_assert_str_eq(a->unmapped[i].column, is_kind ? "kind" : "result");
    ck_assert_str_eq(a->unmapped[i].value, is_kind ? "7" : "Maybe");
    ck_assert_uint_eq(a->unmapped[i].records, 1);
  }
  ck_assert_uint_eq(b->absent_count, 1);
  ck_assert_str_eq(b->absent[0], "person");
  ck_assert_uint_eq(b->unused_count, 0);
  ck_assert_uint_eq(b->unmapped_count, 0);
  ck_assert_uint_eq(c->files, 0);
  ck_assert_uint_eq(c->records, 0);
  unload(&l);
  remove_folder(&f);
}
END_TEST

/* Many pieces, in which records run on over their ends and are parsed again: each value outside its
   recode counts once. */
START_TEST(counts_do_not_depend_on_threads) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "note;No;who;Decided;Class;office;result;day\n");
  for (int i = 0; i < 60000; i++)
    eh_buffer_printf(&text, "%s;%d;p%d;01.02.2016;%d;North;%s;x\n", i % 50 ? "n" : "\"two\nlines\"",
                     i, i, i % 3,
                     i % 7   ? "REL"
                     : i % 2 ? "odd"
                             : "even");
  struct folder f = new_folder();
  add_file(&f, "a.csv", text.text);
  char *first = NULL;
  for (size_t threads = 1; threads <= 4; threads++) {
    struct loaded l =
        load_folder(&f, RULES BY_OFFICE, (struct eh_load_options){.threads = threads});
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    const struct eh_source_account *a = &l.account->sources[0];
    ck_assert_uint_eq(a->unmapped_count, 3); /* kind 0; result even and odd */
    uint64_t sum = 0;
    for (size_t i = 0; i < 3; i++) sum += a->unmapped[i].records;
    ck_assert_uint_eq(sum, 20000 + 8572);
    bool kind_first = strcmp(a->unmapped[0].column, "kind") == 0;
    ck_assert_str_eq(a->unmapped[kind_first].value, "even"); /* as frequent: bytewise */
    char *cells = describe_cells(&l);
    if (!first) first = strdup(cells);
    ck_assert_str_eq(cells, first);
    free(cells);
    unload(&l);
  }
  free(first);
  eh_buffer_free(&text);
  remove_folder(&f);
}
END_TEST

/* Whatever reads a record again sees the same values: the file's are translated there too. */
START_TEST(found_records_are_in_the_standard_layout) {
  struct folder f = usual_folder();
  struct loaded l =
      load_folder(&f, RULES BY_OFFICE, (struct eh_load_options){.threads = 1, .can_find = true});
  struct eh_find_source source = eh_records_source(l.records);
  size_t unit = 0;
  while (strcmp(l.cells[0].units[unit].label, "a-North") != 0) unit++;
  struct eh_find_request request = {.cells = &l.cells[0], .unit = unit, .sample = 10};
  struct eh_found found;
  ck_assert_int_eq(source.find(source.context, l.arena, &request, 1, &found, &l.error), EH_OK);
  ck_assert_uint_eq(found.sample_count, 2);
  for (size_t i = 0; i < 2; i++) {
    const struct eh_found_record *record = &found.sample[i];
    bool is_first = strcmp(record->case_id, "1") == 0;
    ck_assert_str_eq(record->case_id, is_first ? "1" : "2");
    ck_assert_str_eq(record->unit, "a-North");
    ck_assert_str_eq(record->values[l.rules->date_column], is_first ? "2016-02-01" : "2016-03-02");
  }
  unload(&l);
  remove_folder(&f);
}
END_TEST

/* One header may stand for two columns, and the same file may come by its constants alone. */
START_TEST(one_field_may_be_two_columns) {
  static const char rules[] =
      "evenhand: 1\n"
      "inputs: [{name: A, columns: {case: No, kind: office}}]\n"
      "similarly_situated: [kind]\n"
      "measures: {yes: {event: result = 'Y'}}\n" BY_OFFICE;
  struct folder f = new_folder();
  add_file(&f, "x.csv", "No,office,result\n1,\"No\"\"rth\",Y\n2,South,N\n");
  struct loaded l = load_folder(&f, rules, (struct eh_load_options){.threads = 1});
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  char *got = describe_cells(&l);
  ck_assert_str_eq(got, "yes\nNo\"rth | No\"rth 1 1\nSouth | South 1 0\n");
  free(got);
  unload(&l);
  remove_folder(&f);
}
END_TEST

START_TEST(files_that_belong_nowhere_are_refused_before_any_is_read) {
  struct folder f = new_folder();
  add_file(&f, "a.csv", "not the header\n");
  add_file(&f, "z.csv", b_text);
  struct loaded l = load_folder(&f, RULES BY_OFFICE, (struct eh_load_options){.threads = 1});
  ck_assert_int_eq(l.status, EH_BAD_RULES);
  ck_assert_ptr_nonnull(strstr(l.error.message, "z.csv fits no `files` of the inputs (A: a*; B: "));
  unload(&l);
  remove_folder(&f);
}
END_TEST

/* Sources may number their cases each for itself: that is told, and a prefix keeps them apart. */
START_TEST(case_numbers_in_several_sources_are_told) {
  static const char *const prefixes[] = {"", ", prefix: {case: a-}"};
  struct folder f = new_folder();
  add_file(&f, "a.csv", "id,office,result\n1,North,Y\n2,North,N\n2,North,N\n3,North,Y\n");
  add_file(&f, "b.csv", "id,office,result\n1,East,Y\n3,East,N\n4,East,N\n4,East,Y\n");
  for (int way = 0; way < 2; way++) {
    char rules[400];
    snprintf(rules, sizeof rules,
             "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: []\n"
             "inputs:\n  - {name: A, files: a*%s}\n  - {name: B}\n"
             "measures: {yes: {event: result = 'Y'}}\n" BY_OFFICE,
             prefixes[way]);
    struct loaded l = load_folder(&f, rules, (struct eh_load_options){.threads = 2});
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    ck_assert_uint_eq(l.account->shared_cases, way == 0 ? 2 : 0);
    ck_assert_uint_eq(excluded_as(&l, "repeated case id"), 1);
    ck_assert_uint_eq(l.account->differing_cases, way == 0 ? 3 : 1);
    unload(&l);
  }
  remove_folder(&f);
}
END_TEST

START_TEST(a_survey_sees_the_standard_layout) {
  struct folder f = usual_folder();
  struct eh_arena *arena = eh_arena_new();
  struct eh_survey *s;
  struct eh_problems problems = {0};
  struct eh_error error;
  struct eh_load_options options = {.threads = 2};
  const struct eh_rules *rules = read_rules(arena, RULES BY_SOURCE);
  ck_assert_int_eq(eh_survey_files((const char *const *)f.names, f.count, rules, &options, &s,
                                   &problems, &error),
                   EH_OK);
  /* Neither what no rule asks for, nor what only one input keeps by. */
  static const char *const absent[] = {"note", "form", "No", "Decided"};
  for (size_t i = 0; i < 4; i++) ck_assert_int_eq(eh_survey_find(s, absent[i]), -1);
  const struct eh_survey_column *date = &s->columns[eh_survey_find(s, "day")];
  ck_assert_int_eq(date->kind, EH_SURVEY_DATE);
  ck_assert_uint_eq(date->malformed, 1);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "who")].missing, 6); /* UNK, and all of B */
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "kind")].missing, 0);
  ck_assert_uint_eq(s->columns[eh_survey_find(s, "office")].missing, 1);
  const struct eh_survey_column *source = &s->columns[eh_survey_find(s, "source")];
  uint64_t of_a = 0;
  for (size_t i = 0; i < source->value_count; i++)
    if (strcmp(source->values[i].text, "A") == 0) of_a = source->values[i].records;
  ck_assert_uint_eq(of_a, 7);
  eh_survey_free(s);
  eh_arena_free(arena);
  remove_folder(&f);
}
END_TEST

RUN_TESTS("inputs", layouts_become_one, the_source_is_a_column, every_record_is_accounted_for,
          what_could_not_be_mapped_is_told, counts_do_not_depend_on_threads,
          found_records_are_in_the_standard_layout, one_field_may_be_two_columns,
          files_that_belong_nowhere_are_refused_before_any_is_read,
          case_numbers_in_several_sources_are_told, a_survey_sees_the_standard_layout)
