/* Planted faults: the assessment finds each at its office, days and lines, and raises no doubt
 * where nothing was planted. */
#include <string.h>
#include <unistd.h>

#include "engine/base/date.h"
#include "fixtures/simulate.h"
#include "reports/data/json_stream.h"
#include "reports/profile.h"
#include "tests/test.h"

enum { MOST_TRUTHS = 100000, AS_OF_YEAR = 2016 };

/* A fault as the truth file tells it. */
struct truth {
  char fault[32], unit[64], column[32], from[11], to[11], detail[64];
  unsigned long line;
};

struct profiled {
  struct eh_arena *arena;
  struct eh_survey *survey;
  const struct eh_reliability *r;
  struct truth *truths;
  size_t truth_count;
  char *text; /* of the records */
};

static void read_truth(FILE *file, struct profiled *p) {
  char line[1024];
  p->truths = eh_alloc(MOST_TRUTHS, sizeof *p->truths);
  rewind(file);
  while (fgets(line, sizeof line, file)) {
    if (strncmp(line, "fault,", 6) != 0) continue;
    char *fields[16], *at = line;
    size_t count = 0;
    line[strcspn(line, "\n")] = '\0';
    for (; count < 16; count++) {
      fields[count] = at;
      char *comma = strchr(at, ',');
      if (!comma) break;
      *comma = '\0';
      at = comma + 1;
    }
    ck_assert(p->truth_count < MOST_TRUTHS);
    struct truth *t = &p->truths[p->truth_count++];
    *t = (struct truth){.line = strtoul(fields[8], NULL, 10)};
    snprintf(t->unit, sizeof t->unit, "%s", fields[1]);
    snprintf(t->fault, sizeof t->fault, "%s", fields[7]);
    snprintf(t->column, sizeof t->column, "%s", fields[11]);
    snprintf(t->from, sizeof t->from, "%s", fields[12]);
    snprintf(t->to, sizeof t->to, "%s", fields[13]);
    snprintf(t->detail, sizeof t->detail, "%s", fields[14]);
  }
}

static char *text_of(const char *name) {
  struct eh_buffer text = {0};
  char part[4096];
  FILE *file = fopen(name, "r");
  ck_assert(file != NULL);
  for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;) eh_buffer_add(&text, part, got);
  fclose(file);
  return text.text;
}

/* Are two lines of the records (counted from 1) the same? */
static bool same_lines(const struct profiled *p, uint64_t a, uint64_t b) {
  const char *lines[2] = {p->text, p->text};
  for (uint64_t i = 1; i < a; i++) lines[0] = strchr(lines[0], '\n') + 1;
  for (uint64_t i = 1; i < b; i++) lines[1] = strchr(lines[1], '\n') + 1;
  size_t length = strcspn(lines[0], "\n");
  return length == strcspn(lines[1], "\n") && memcmp(lines[0], lines[1], length) == 0;
}

static struct profiled profile(unsigned faults, uint64_t records, uint64_t seed, size_t threads) {
  struct profiled p = {.arena = eh_arena_new()};
  struct eh_simulation options = eh_simulation_defaults();
  options.faults = faults;
  options.records = records;
  options.seed = seed;
  options.planted = 5;
  char name[] = "/tmp/evenhand-faults-XXXXXX";
  FILE *file = fdopen(mkstemp(name), "w"), *truth = tmpfile();
  struct eh_error error;
  ck_assert(file && truth && eh_simulate(&options, file, truth, &error) == EH_OK);
  fclose(file);
  read_truth(truth, &p);
  fclose(truth);
  const char *names[] = {name};
  struct eh_load_options load = {.threads = threads, .hash = true};
  struct eh_problems problems = {0};
  enum eh_status status = eh_survey_files(names, 1, NULL, &load, &p.survey, &problems, &error);
  ck_assert_msg(status == EH_OK, "%s", error.message);
  p.text = text_of(name);
  unlink(name);
  p.r = eh_reliability_assess(p.arena, p.survey, eh_date_from_civil(AS_OF_YEAR, 1, 1));
  return p;
}

static void profiled_free(struct profiled *p) {
  free(p->text);
  free(p->truths);
  eh_survey_free(p->survey);
  eh_arena_free(p->arena);
}

static const struct eh_doubt *next_doubt(const struct profiled *p, enum eh_doubt_kind kind,
                                         const struct eh_doubt *after) {
  for (size_t i = after ? (size_t)(after - p->r->doubts) + 1 : 0; i < p->r->doubt_count; i++)
    if (p->r->doubts[i].kind == kind) return &p->r->doubts[i];
  return NULL;
}

/* The truths of one fault, in the order of lines; to be freed. */
static struct truth **truths_of(const struct profiled *p, const char *fault, size_t *count) {
  struct truth **truths = eh_alloc(p->truth_count + 1, sizeof *truths);
  *count = 0;
  for (size_t i = 0; i < p->truth_count; i++)
    if (strcmp(p->truths[i].fault, fault) == 0) truths[(*count)++] = &p->truths[i];
  return truths;
}

/* Every doubt is of the kinds named. */
static void only(const struct profiled *p, enum eh_doubt_kind a, enum eh_doubt_kind b) {
  for (size_t i = 0; i < p->r->doubt_count; i++)
    ck_assert_msg(p->r->doubts[i].kind == a || p->r->doubts[i].kind == b, "%s",
                  p->r->doubts[i].text);
}

START_TEST(sound_records_raise_no_doubt) {
  struct profiled p = profile(0, 10000 + 2000 * (uint64_t)_i, 1 + (uint64_t)_i, 2);
  ck_assert_msg(p.r->doubt_count == 0, "%s", p.r->doubt_count ? p.r->doubts[0].text : "");
  ck_assert_int_eq(p.r->verdicts[0].grade, EH_SUFFICIENT);
  profiled_free(&p);
}
END_TEST

static void check_duplicates(const struct profiled *p) {
  ck_assert(next_doubt(p, EH_DOUBT_EXACT_DUPLICATES, NULL) != NULL);
  ck_assert(next_doubt(p, EH_DOUBT_REPEATED_CASES, NULL) != NULL);
  size_t count;
  struct truth **truths = truths_of(p, "duplicates", &count);
  ck_assert_uint_gt(count, 20);
  ck_assert_uint_eq(p->r->repeats.item_count, count);
  for (size_t i = 0; i < count; i++) {
    const struct eh_repeat *repeat = &p->r->repeats.items[i];
    ck_assert_uint_eq(repeat->place.line, truths[i]->line);
    /* A case decided anew twice has two records alike, though neither was planted as a copy. */
    ck_assert(repeat->is_exact || strcmp(truths[i]->detail, "exact copy") != 0);
    ck_assert_int_eq(repeat->is_exact, same_lines(p, repeat->place.line, repeat->earlier.line));
  }
  free(truths);
}

START_TEST(duplicates_are_found_line_by_line) {
  struct profiled p = profile(1u << EH_FAULT_DUPLICATES, 12000, 3, 2);
  only(&p, EH_DOUBT_EXACT_DUPLICATES, EH_DOUBT_REPEATED_CASES);
  check_duplicates(&p);
  profiled_free(&p);
}
END_TEST

START_TEST(repeated_persons_are_counted) {
  struct profiled p = profile(1u << EH_FAULT_REPEATED_PERSONS, 12000, 3, 2);
  only(&p, EH_DOUBT_REPEATED_PERSONS, EH_DOUBT_REPEATED_PERSONS);
  const struct eh_doubt *doubt = next_doubt(&p, EH_DOUBT_REPEATED_PERSONS, NULL);
  ck_assert(doubt != NULL);
  ck_assert_uint_eq(doubt->records, p.truth_count);
  const struct eh_repeats *r = &p.r->repeats;
  ck_assert_uint_eq(r->within_day + r->within_month + r->within_year + r->later + r->undated,
                    r->records_repeated);
  profiled_free(&p);
}
END_TEST

static bool is_named(const struct profiled *p, const char *office) {
  for (const struct eh_doubt *d = NULL; (d = next_doubt(p, EH_DOUBT_MISSING_AT_UNIT, d));)
    for (size_t u = 0; u < d->unit_count; u++)
      if (strcmp(d->unit_column, "field_office") == 0 && strcmp(d->units[u].label, office) == 0)
        return true;
  return false;
}

/* The offices that leave out most are those told; what they leave out is named. */
static void check_careless(const struct profiled *p) {
  const struct eh_unit_table *offices = &p->r->units[0];
  ck_assert_str_eq(offices->column, "field_office");
  size_t named = 0, count;
  struct truth **truths = truths_of(p, "missing", &count);
  for (size_t u = 0; u < offices->unit_count; u++) {
    double left_out = 0;
    for (size_t i = 0; i < count; i++)
      left_out += strcmp(truths[i]->unit, offices->units[u].label) == 0;
    left_out /= (double)offices->units[u].records;
    ck_assert_msg(is_named(p, offices->units[u].label) == (left_out > 0.5), "%s: %g",
                  offices->units[u].label, left_out);
    named += left_out > 0.5;
  }
  ck_assert_uint_eq(named, 4); /* one in eight of 25 */
  free(truths);
}

START_TEST(careless_offices_are_found) {
  struct profiled p = profile(1u << EH_FAULT_MISSING_VALUES, 20000, 5, 2);
  only(&p, EH_DOUBT_MISSING_AT_UNIT, EH_DOUBT_MISSING_AT_UNIT);
  check_careless(&p);
  for (const struct eh_doubt *d = NULL; (d = next_doubt(&p, EH_DOUBT_MISSING_AT_UNIT, d));)
    for (const struct eh_doubt *e = d; (e = next_doubt(&p, EH_DOUBT_MISSING_AT_UNIT, e));)
      ck_assert(strcmp(d->unit_column, e->unit_column) != 0 || d->column_count != e->column_count ||
                memcmp(d->columns, e->columns, d->column_count * sizeof *d->columns) != 0);
  profiled_free(&p);
}
END_TEST

static void check_unreadable(const struct profiled *p) {
  size_t found = 0, count;
  struct truth **truths = truths_of(p, "unreadable-dates", &count);
  for (const struct eh_doubt *d = NULL; (d = next_doubt(p, EH_DOUBT_MALFORMED, d));) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
      /* "unknown" is one of the texts that stand for "not recorded" */
      if (strcmp(truths[i]->column, d->column) != 0 || strcmp(truths[i]->detail, "unknown") == 0)
        continue;
      ck_assert_uint_lt(at, d->place_count);
      ck_assert_uint_eq(d->places[at++].line, truths[i]->line);
    }
    ck_assert_uint_eq(at, d->records);
    found++;
  }
  ck_assert_uint_eq(found, 3);
  free(truths);
}

START_TEST(unreadable_dates_are_found_line_by_line) {
  struct profiled p = profile(1u << EH_FAULT_UNREADABLE_DATES, 12000, 3, 2);
  only(&p, EH_DOUBT_MALFORMED, EH_DOUBT_MALFORMED);
  check_unreadable(&p);
  profiled_free(&p);
}
END_TEST

static int32_t day_of(const char *text) {
  int32_t day;
  ck_assert(eh_date_parse(text, strlen(text), "%Y-%m-%d", &day));
  return day;
}

/* How far off a doubt is: its dates in days, and the records that it says are lost by their share.
 */
struct miss {
  int from, to;
  double share;
};

static struct miss half_missed_by(const struct profiled *p) {
  const struct eh_doubt *doubt = NULL;
  for (const struct eh_doubt *d = NULL; (d = next_doubt(p, EH_DOUBT_UNDER_RECORDED, d));)
    if (strcmp(d->unit_column, "field_office") == 0) {
      ck_assert_msg(doubt == NULL, "%s", d->text);
      doubt = d;
    }
  ck_assert(doubt != NULL);
  size_t count;
  struct truth **truths = truths_of(p, "half-recorded", &count);
  ck_assert_uint_eq(count, 1);
  ck_assert_str_eq(doubt->unit, truths[0]->unit);
  struct miss miss = {doubt->from - day_of(truths[0]->from), doubt->to - day_of(truths[0]->to),
                      (double)doubt->records / strtod(truths[0]->detail, NULL) - 1.0};
  free(truths);
  return miss;
}

static void check_half(const struct miss *miss, int days, double share) {
  ck_assert_int_le(abs(miss->from), days);
  ck_assert_int_le(abs(miss->to), days);
  ck_assert_double_le(fabs(miss->share), share);
}

/* One record and a half a day, halved: what days alone can tell of its ends is a week or so, and of
   some 300 lost records a tenth. */
START_TEST(the_office_that_records_half_is_found_with_its_year) {
  enum { FILES = 14 };
  double days = 0.0, share = 0.0, bias = 0.0;
  for (uint64_t seed = 1; seed <= FILES; seed++) {
    struct profiled p = profile(1u << EH_FAULT_HALF_RECORDED, 40000, seed, 2);
    only(&p, EH_DOUBT_UNDER_RECORDED, EH_DOUBT_UNDER_RECORDED);
    struct miss miss = half_missed_by(&p);
    check_half(&miss, 35, 0.35);
    days += (abs(miss.from) + abs(miss.to)) / (2.0 * FILES);
    share += fabs(miss.share) / FILES;
    bias += miss.share / FILES;
    profiled_free(&p);
  }
  ck_assert_double_le(days, 8.0);
  ck_assert_double_le(share, 0.15);
  ck_assert_double_le(fabs(bias), 0.08);
}
END_TEST

static void check_broken(const struct profiled *p) {
  const struct eh_doubt *doubt = next_doubt(p, EH_DOUBT_UNUSABLE_LINES, NULL);
  ck_assert(doubt != NULL && doubt->place_count > 0);
  size_t count;
  struct truth **truths = truths_of(p, "broken-lines", &count);
  ck_assert_uint_eq(doubt->records, count);
  for (size_t i = 0; i < doubt->place_count; i++)
    ck_assert_uint_eq(doubt->places[i].line, truths[i]->line);
  free(truths);
}

START_TEST(broken_lines_are_counted_and_placed) {
  struct profiled p = profile(1u << EH_FAULT_BROKEN_LINES, 12000, 3, 2);
  only(&p, EH_DOUBT_UNUSABLE_LINES, EH_DOUBT_UNUSABLE_LINES);
  check_broken(&p);
  profiled_free(&p);
}
END_TEST

/* All faults in one file: each is found as if it were alone. */
START_TEST(every_fault_is_found_among_the_others) {
  struct profiled p = profile(EH_FAULTS_ALL, 40000, 1 + (uint64_t)_i, 2);
  check_duplicates(&p);
  check_careless(&p);
  check_unreadable(&p);
  struct miss miss = half_missed_by(&p);
  check_half(&miss, 55, 0.4); /* fewer records: found, but less sharply */
  check_broken(&p);
  ck_assert(next_doubt(&p, EH_DOUBT_REPEATED_PERSONS, NULL) != NULL);
  for (size_t i = 0; i < p.r->doubt_count; i++) {
    enum eh_doubt_kind kind = p.r->doubts[i].kind;
    ck_assert_msg(kind <= EH_DOUBT_UNDER_RECORDED || kind == EH_DOUBT_MISSING_AT_UNIT ||
                      kind == EH_DOUBT_MALFORMED,
                  "%s", p.r->doubts[i].text);
  }
  profiled_free(&p);
}
END_TEST

static char *json_of(const struct profiled *p) {
  char *text;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  struct eh_json_stream json = {.stream = stream};
  eh_json_open(&json, NULL, '{');
  eh_profile_json_put(&json, "reliability", p->r, p->arena);
  eh_json_close(&json, '}');
  fclose(stream);
  return text;
}

START_TEST(threads_change_nothing) {
  struct profiled one = profile(EH_FAULTS_ALL, 60000, 7, 1),
                  many = profile(EH_FAULTS_ALL, 60000, 7, 5);
  char *a = json_of(&one), *b = json_of(&many), *name = strstr(a, "/tmp/"),
       *other = strstr(b, "/tmp/");
  ck_assert(name && other); /* the two files' names differ */
  for (; name; name = strstr(name + 1, "/tmp/")) memset(name, 'x', strcspn(name, "\""));
  for (; other; other = strstr(other + 1, "/tmp/")) memset(other, 'x', strcspn(other, "\""));
  ck_assert(strcmp(a, b) == 0);
  free(a);
  free(b);
  profiled_free(&one);
  profiled_free(&many);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("faults");
  tcase_add_loop_test(tcase, sound_records_raise_no_doubt, 0, 20);
  tcase_add_test(tcase, duplicates_are_found_line_by_line);
  tcase_add_test(tcase, repeated_persons_are_counted);
  tcase_add_test(tcase, careless_offices_are_found);
  tcase_add_test(tcase, unreadable_dates_are_found_line_by_line);
  tcase_add_test(tcase, the_office_that_records_half_is_found_with_its_year);
  tcase_add_loop_test(tcase, every_fault_is_found_among_the_others, 0, 20);
  tcase_add_test(tcase, broken_lines_are_counted_and_placed);
  tcase_add_test(tcase, threads_change_nothing);
  return run_case("faults", tcase);
}
