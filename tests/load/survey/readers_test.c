/* The audit and the survey read the same records: what is a record, what is left out and why, what
 * the values mean, whatever bytes a file holds and whichever parser reads it. */
#include <glob.h>

#include "engine/load/survey/survey.h"
#include "tests/load/records.h"

#define NOT_TEXT "text in neither UTF-8 nor Windows-1252"

static const char rules_text[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id, person: who, date: day}\nmissing: ['', NA]\n"
    "dates: ['%Y-%m-%d', '%m/%d/%Y']\nrecords: {keep: kind != 'z'}\n"
    "derive:\n  band: {bands: [1, 10], of: size}\n"
    "similarly_situated: [kind, band]\n"
    "measures:\n  yes: {among: size > 0, event: result = 'Y'}\n"
    "comparisons:\n  - {across: office}\n";
/* note: no rule asks for it. */
#define HEADER "id,office,kind,size,result,day,who,note\n"

/* Each by itself, and both in one pass. */
struct both {
  struct eh_arena *arena;
  enum eh_status status;
  struct eh_records *beside;
  struct eh_survey *survey_beside;
  struct eh_records *records;
  struct eh_survey *survey; /* NULL where the records cannot be used, like records */
};

static struct both read_both(const char *name, bool use_libcsv) {
  struct both b = {.arena = eh_arena_new()};
  const struct eh_rules *rules = read_rules(b.arena, rules_text);
  struct eh_load_options options = {.threads = 1, .use_libcsv = use_libcsv};
  struct eh_problems problems = {0};
  struct eh_error error = {0}, again = {0};
  b.status = eh_load_files(rules, &name, 1, &options, &b.records, &problems, &error);
  enum eh_status status = eh_survey_files(&name, 1, rules, &options, &b.survey, &problems, &again);
  ck_assert_msg(status == b.status && strcmp(error.message, again.message) == 0, "%s: '%s', '%s'",
                name, error.message, again.message);
  status =
      eh_survey_beside(rules, &name, 1, &options, &b.beside, &b.survey_beside, &problems, &again);
  ck_assert_msg(status == b.status && strcmp(error.message, again.message) == 0, "%s: '%s', '%s'",
                name, error.message, again.message);
  eh_problems_free(&problems);
  return b;
}

static void free_both(struct both *b) {
  eh_records_free(b->records);
  eh_survey_free(b->survey);
  eh_records_free(b->beside);
  eh_survey_free(b->survey_beside);
  eh_arena_free(b->arena);
}

static uint64_t excluded(const struct eh_account *a, const char *reason) {
  for (size_t i = 0; i < a->exclusion_count; i++)
    if (strcmp(a->excluded[i].reason, reason) == 0) return a->excluded[i].records;
  return 0;
}

static void same_places(const struct eh_account *a, const struct eh_account *b, const char *what) {
  ck_assert_msg(a->bad_place_count == b->bad_place_count, "%s: places", what);
  for (size_t i = 0; i < a->bad_place_count; i++)
    ck_assert_msg(a->bad_places[i].line == b->bad_places[i].line &&
                      strcmp(a->bad_places[i].reason, b->bad_places[i].reason) == 0,
                  "%s: %lu %s, %lu %s", what, (unsigned long)a->bad_places[i].line,
                  a->bad_places[i].reason, (unsigned long)b->bad_places[i].line,
                  b->bad_places[i].reason);
}

/* Values that are malformed by the rules are so by the survey. */
static void same_values(const struct eh_account *a, const struct eh_survey *s, const char *what) {
  for (size_t c = 0; c < s->rules->column_count; c++) {
    const struct eh_column *column = &s->rules->columns[c];
    if (!column->read_as_date && !column->read_as_number) continue;
    uint64_t malformed = 0;
    for (size_t i = 0; i < a->malformed_count; i++)
      if (strcmp(a->malformed[i].column, column->name) == 0) malformed = a->malformed[i].records;
    ck_assert_msg(malformed == s->columns[eh_survey_find(s, column->header)].malformed,
                  "%s: malformed values of %s", what, column->name);
  }
}

/* Those that the audit leaves out for what stands in them, or for their case id. */
static void same_fates(const struct eh_account *a, const struct eh_survey *s, const char *what) {
  uint64_t kept[3] = {0};
  for (size_t i = 0; i < s->rows; i++) kept[eh_survey_kept(s, i)]++;
  uint64_t repeated = excluded(a, "repeated case id") + a->differing_cases;
  ck_assert_msg(a->audited <= kept[EH_TRUE] && a->audited + repeated >= kept[EH_TRUE], "%s: kept",
                what);
  if (repeated == 0)
    ck_assert_msg(excluded(a, "not kept by the rules") == kept[EH_FALSE], "%s: not kept", what);
}

static void compare(const struct eh_records *records, const struct eh_survey *survey,
                    const char *what) {
  const struct eh_account *a = eh_records_account(records), *s = &survey->account;
  ck_assert_msg(a->read == s->read && a->unusable == s->unusable, "%s: %lu of %lu, %lu of %lu",
                what, (unsigned long)a->unusable, (unsigned long)a->read,
                (unsigned long)s->unusable, (unsigned long)s->read);
  ck_assert_uint_eq(survey->rows, a->read - a->unusable);
  for (size_t i = 0; i < s->exclusion_count; i++)
    ck_assert_msg(excluded(a, s->excluded[i].reason) == s->excluded[i].records, "%s: %s", what,
                  s->excluded[i].reason);
  ck_assert_msg(strcmp(a->inputs[0].encoding, s->inputs[0].encoding) == 0, "%s: %s, %s", what,
                a->inputs[0].encoding, s->inputs[0].encoding);
  ck_assert_uint_eq(a->inputs[0].header_line, s->inputs[0].header_line);
  same_places(a, s, what);
  same_values(a, survey, what);
  same_fates(a, survey, what);
}

static void readers_agree_on(const char *name, const char *what) {
  for (int libcsv = 0; libcsv < 2; libcsv++) {
    struct both b = read_both(name, libcsv);
    if (b.status == EH_OK) {
      compare(b.records, b.survey, what);
      compare(b.records, b.survey_beside, what);
      compare(b.beside, b.survey, what);
    }
    free_both(&b);
  }
}

static void readers_agree_on_text(const char *text, size_t length, const char *what) {
  char *name = file_of(text, length);
  readers_agree_on(name, what);
  unlink(name);
  free(name);
}

START_TEST(they_agree_on_the_seeds_of_files) {
  glob_t seeds;
  ck_assert_int_eq(glob("tests/fuzz/seeds/load/*", 0, NULL, &seeds), 0);
  for (size_t i = 0; i < seeds.gl_pathc; i++)
    readers_agree_on(seeds.gl_pathv[i], seeds.gl_pathv[i]);
  globfree(&seeds);
}
END_TEST

/* As records among good ones. */
START_TEST(they_agree_on_the_seeds_of_records) {
  glob_t seeds;
  ck_assert_int_eq(glob("tests/fuzz/seeds/csv/*", 0, NULL, &seeds), 0);
  for (size_t i = 0; i < seeds.gl_pathc; i++) {
    static char seed[1 << 16];
    FILE *file = fopen(seeds.gl_pathv[i], "r");
    size_t length = fread(seed, 1, sizeof seed, file);
    fclose(file);
    struct eh_buffer text = {0};
    eh_buffer_puts(&text, HEADER "1,N,a,2,Y,2016-01-01,x,fine\n");
    eh_buffer_add(&text, seed, length);
    eh_buffer_puts(&text, "\n2,S,z,2,N,2016-01-02,y,fine\n3,S,a,x,N,soon,y,fine\n");
    readers_agree_on_text(text.text, text.length, seeds.gl_pathv[i]);
    eh_buffer_free(&text);
  }
  globfree(&seeds);
}
END_TEST

static unsigned drawn(uint32_t *state, unsigned below) {
  *state = *state * 1664525 + 1013904223;
  return (*state >> 8) % below;
}

#define ODD(text) \
  { text, sizeof text - 1 }

/* What is wrong with files, in any column, at random. */
static void write_records(struct eh_buffer *text, uint32_t seed) {
  static const struct {
    const char *text;
    size_t length;
  } odd[] = {ODD("fine"),         ODD("\"a,b\""),
             ODD("\"x\ny\""),     ODD("caf\xE9"),
             ODD("caf\x81"),      ODD("\"unclosed"),
             ODD("a\"b"),         ODD("\xC3\xA9"),
             ODD("nul\0"),        ODD(""),
             ODD("NA"),           ODD("\xC3\xA9\xE9"),
             ODD("\"\xE9\x8D\""), ODD("a long text of \x9D a note")};
  const char *line_end = seed % 3 ? "\n" : "\r\n";
  uint32_t state = seed;
  eh_buffer_puts(text, "id,office,kind,size,result,day,who,note");
  eh_buffer_puts(text, line_end);
  for (int i = 0; i < 60; i++) {
    const char *fields[] = {NULL, "N", "a", "3", "Y", "2016-01-01", "x", "fine"};
    unsigned wrong = drawn(&state, 100), column = drawn(&state, 8), count = 8 - (wrong == 99);
    for (unsigned f = 0; f < count; f++) {
      size_t what = drawn(&state, sizeof odd / sizeof odd[0]);
      if (f) eh_buffer_puts(text, ",");
      if (wrong < 12 && f == column)
        eh_buffer_add(text, odd[what].text, odd[what].length);
      else if (f == 0)
        eh_buffer_printf(text, "%d", i);
      else
        eh_buffer_puts(text, fields[f]);
    }
    eh_buffer_puts(text, line_end);
  }
}

START_TEST(they_agree_on_files_at_random) {
  for (uint32_t seed = 0; seed < 300; seed++) {
    struct eh_buffer text = {0};
    char what[32];
    snprintf(what, sizeof what, "seed %u", (unsigned)seed);
    write_records(&text, seed);
    readers_agree_on_text(text.text, text.length, what);
    eh_buffer_free(&text);
  }
}
END_TEST

/* A record is lost only for a field that is asked for; an unreadable text in another column is a
   malformed value of that column. */
START_TEST(a_record_is_lost_only_for_what_is_asked) {
  static const char text[] = HEADER
      "1,N,a,2,Y,2016-01-01,x,caf\x81\n2,N,a\x81,2,Y,2016-01-01,x,fine\n"
      "3,N,a,2,Y,2016-01-01,x,caf\xE9\n4,N,a,2,Y,2016-01-01,x,caf\x81\n"
      "5,N,a,2,Y,2016-01-01,x,\xEF\xBF\xBD\n";
  char *name = file_of(text, sizeof text - 1);
  struct both b = read_both(name, false);
  ck_assert_uint_eq(eh_records_account(b.records)->audited, 4);
  ck_assert_uint_eq(excluded(eh_records_account(b.records), NOT_TEXT), 1);
  ck_assert_uint_eq(excluded(&b.survey->account, NOT_TEXT), 1);
  const struct eh_survey_column *note = &b.survey->columns[eh_survey_find(b.survey, "note")];
  ck_assert_uint_eq(note->malformed, 2);
  ck_assert_uint_eq(note->malformed_places[1].line, 5);
  ck_assert_str_eq(note->malformed_texts[0], "caf\xEF\xBF\xBD");
  ck_assert_uint_eq((unsigned)note->distinct, 3);
  ck_assert_uint_eq(b.survey->columns[eh_survey_find(b.survey, "kind")].malformed, 0);
  free_both(&b);
  unlink(name);
  free(name);
}
END_TEST

/* Without rules nothing is asked for. */
START_TEST(without_rules_unreadable_texts_are_malformed_values) {
  static const char text[] = "id,note\n1,caf\x81\n2,fine\n3,\xE9t\xE9\n";
  char *name = file_of(text, sizeof text - 1);
  struct eh_load_options options = {.threads = 1};
  struct eh_survey *survey;
  struct eh_problems problems = {0};
  struct eh_error error;
  ck_assert_int_eq(
      eh_survey_files((const char *const *)&name, 1, NULL, &options, &survey, &problems, &error),
      EH_OK);
  ck_assert_uint_eq(survey->rows, 3);
  ck_assert_uint_eq(survey->columns[1].malformed, 1);
  ck_assert_str_eq(survey->columns[1].values[survey->missing_count + 2].text, "\xC3\xA9t\xC3\xA9");
  eh_survey_free(survey);
  unlink(name);
  free(name);
}
END_TEST

/* What stands in one column says nothing of another: a field in UTF-8 is read as such, whatever the
   record's other fields are in. */
START_TEST(a_field_is_read_by_itself) {
  static const char text[] = HEADER
      "1,K\xC3\xB6ln,a,2,Y,2016-01-01,x,caf\xE9\n"
      "2,K\xF6ln,a,2,Y,2016-01-01,x,\xC3\xA9\n"
      "3,K\xC3\xB6ln,a,2,Y,2016-01-01,x,fine\n";
  struct loaded l = load_bytes(rules_text, text, sizeof text - 1, 1);
  ck_assert_uint_eq(l.cells[0].unit_count, 1);
  ck_assert_str_eq(l.cells[0].units[0].label, "K\xC3\xB6ln");
  ck_assert_str_eq(l.account->inputs[0].encoding, "UTF-8, 2 records Windows-1252");
  unload(&l);
}
END_TEST

RUN_TESTS("readers", they_agree_on_the_seeds_of_files, they_agree_on_the_seeds_of_records,
          they_agree_on_files_at_random, a_record_is_lost_only_for_what_is_asked,
          without_rules_unreadable_texts_are_malformed_values, a_field_is_read_by_itself)
