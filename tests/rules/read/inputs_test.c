/* `inputs`: what is read, which files belong to which, what is refused and where. */
#include "rules/language/inputs.h"

#include <string.h>

#include "tests/test.h"

#define HEAD "evenhand: 1\ncolumns: {case: id, date: day}\n"
#define TAIL                                                           \
  "similarly_situated: [kind]\nmeasures: {m: {event: result = 'Y'}}\n" \
  "comparisons: [{across: office}]\n"

static const struct {
  const char *text, *problems;
} mistakes[] = {
    {HEAD "inputs: x\n" TAIL,
     "3:9: `inputs` takes a list of sources, such as `- {name: CBP, files: \"cbp*.csv\"}`; this is "
     "`x`\n"},
    {HEAD "inputs: []\n" TAIL,
     "3:9: `inputs` takes a list of sources, such as `- {name: CBP, files: \"cbp*.csv\"}`; this is "
     "empty\n"},
    {HEAD "inputs:\n  - x\n" TAIL,
     "4:5: an input takes a mapping with `name`, `files`, `columns`, `constants`, `prefix`, "
     "`dates`, `missing`, `encoding`, `numbers`, `recode`, `keep`, `sheet`, `header` or `totals_rows`; this is `x`\n"},
    {HEAD "inputs:\n  - {files: a*}\n" TAIL,
     "4:5: an input needs `name: ` and what reports call it\n"},
    {HEAD "inputs:\n  - {name: A, fils: a*}\n" TAIL,
     "4:15: an input has no key `fils`; did you mean `files`?\n"},
    {HEAD "inputs:\n  - {name: A, files: a*}\n  - {name: A, files: b*}\n" TAIL,
     "5:12: two inputs are named `A`; give this one another name\n"},
    {HEAD "inputs:\n  - {name: (not recorded)}\n" TAIL,
     "4:12: `(not recorded)` has a meaning of its own in reports; choose another\n"},
    {HEAD "inputs:\n  - {name: A}\n  - {name: B}\n" TAIL,
     "5:5: the input `A` takes the files that fit no other already; say with `files: ` which files "
     "this one takes\n"},
    {HEAD "inputs:\n  - {name: A, files: [a*, b*]}\n  - {name: B, files: b*}\n" TAIL,
     "5:22: the files of `b*` are those of the input `A` above; remove it here or there\n"},
    {HEAD "inputs:\n  - {name: A, files: '*.csv'}\n  - {name: B, files: [b*, 'b?.csv']}\n" TAIL,
     "5:27: every file of `b?.csv` is one of `*.csv` too, and goes to the input `A` above; put "
     "this "
     "input before it, or remove one of the two patterns\n"},
    {HEAD "inputs:\n  - {name: A}\n  - {name: B, files: [b*, '**']}\n" TAIL,
     "4:12: no file is left for this input: all are files of `**`, and go to the input `B`; say "
     "with `files: ` which files this one takes, and put it first\n"},
    {HEAD "inputs:\n  - {name: A, files: in/a*.csv}\n" TAIL,
     "4:22: `files` is held against the names of files without their folders; leave out all up to "
     "the last `/`\n"},
    {HEAD "inputs:\n  - {name: A, files: []}\n" TAIL,
     "4:22: `files` takes a pattern of file names, such as \"cbp*.csv\", or several in a list; "
     "this is empty\n"},
    {HEAD "inputs:\n  - {name: A, files: [{x: y}]}\n" TAIL,
     "4:23: `files` takes a pattern of file names, such as \"cbp*.csv\", or several in a list; "
     "this is a mapping (key: value)\n"},
    {HEAD "inputs:\n  - {name: A, dates: '%d of %m'}\n" TAIL,
     "4:22: `%d of %m` is no form of dates; it needs a year (%Y or %y), a month (%m, %b or %B) and "
     "a day (%d), as in %Y-%m-%d or %m/%d/%Y; or it is excel, unix or unix-ms\n"},
    {HEAD "inputs:\n  - {name: A, sheet: [2014, 2015]}\n" TAIL,
     "4:22: `sheet` takes a text; this is a list of 2\n"},
    {HEAD "inputs:\n  - {name: A, missing: {x: y}}\n" TAIL,
     "4:24: `missing` takes a list of texts, such as [\"\", NA]; this is a mapping (key: value)\n"},
    {HEAD "inputs:\n  - {name: A, columns: [case]}\n" TAIL,
     "4:24: `columns` takes a mapping that begins with the names of columns; this is a list of "
     "1\n"},
    {HEAD "inputs:\n  - {name: A, columns: {case: missing}}\n" TAIL,
     "4:31: `case` cannot be missing: without a number files cannot be pulled; name a header that "
     "tells records apart\n"},
    {HEAD "inputs:\n  - {name: A, columns: {ofice: Sector}}\n" TAIL,
     "4:25: nothing in these rules asks for `ofice`; did you mean `office`?\n"},
    {HEAD "inputs:\n  - {name: A, columns: {my office: Sector}}\n" TAIL,
     "4:25: `my office` cannot be a name: use letters, digits and _, and begin with a "
     "letter\n4:25: nothing in these rules asks for `my office`; did you mean `office`?\n"},
    {HEAD "inputs:\n  - {name: A, columns: {id: Number}}\n" TAIL,
     "4:25: `id` is the header of `case` (line 2); name it so here too\n"},
    {HEAD "inputs:\n  - {name: A, columns: {kind: [a, b]}}\n" TAIL,
     "4:31: `kind` takes a header of the files, or `missing`; this is a list of 2\n"},
    {HEAD "inputs:\n  - {name: A, columns: {source: x}}\n" TAIL,
     "4:25: `source` is the name of the input, since there are `inputs`; give this name of "
     "`columns` another\n"},
    {HEAD "inputs:\n  - {name: A, columns: {office: Sector}, constants: {office: HQ}}\n" TAIL,
     "4:54: `office` has a header above (line 4); it cannot be a constant too\n"},
    {HEAD "inputs:\n  - {name: A, constants: {case: 1}}\n" TAIL,
     "4:33: `case` tells records apart, so it cannot be the same in all; name its header under "
     "`columns`\n"},
    {HEAD "inputs:\n  - {name: A, constants: {offfice: HQ, day_of_birth: x}}\n" TAIL,
     "4:27: nothing in these rules asks for `offfice`; did you mean `office`?\n4:40: nothing in "
     "these rules asks for `day_of_birth`; remove it\n"},
    {HEAD "inputs:\n  - {name: A, constants: {office: ''}}\n" TAIL,
     "4:35: `office` takes the value that all records of the input have; this is ``\n"},
    {HEAD "inputs:\n  - {name: A, missing: [NA], constants: {office: ''}}\n" TAIL,
     "4:50: `office` takes the value that all records of the input have; this is ``\n"},
    {HEAD "missing: ['', NA]\ninputs:\n  - {name: A, constants: {office: NA}}\n" TAIL,
     "5:35: `NA` stands for a value that is not recorded; write `office: missing` under "
     "`columns`\n"},
    {HEAD "inputs:\n  - {name: A, constants: {date: 1/2/2014}}\n" TAIL,
     "4:33: `date` is read as a date, and `1/2/2014` is none; write it as %Y-%m-%d\n"},
    {HEAD "dates: '%m/%d/%Y'\ninputs:\n  - {name: A, constants: {date: 2014-02-01}}\n" TAIL,
     "5:33: `date` is read as a date, and `2014-02-01` is none; write it as %m/%d/%Y\n"},
    {HEAD "inputs:\n  - {name: A, prefix: {date: D}}\n" TAIL,
     "4:24: `date` is read as a date, which a prefix would spoil; remove it\n"},
    {HEAD "inputs:\n  - {name: A, prefix: {office: ''}}\n" TAIL,
     "4:32: `office` takes a text to put before each value, such as \"CBP-\"; this is ``\n"},
    {HEAD "inputs:\n  - {name: A, constants: {office: HQ}, prefix: {office: X}}\n" TAIL,
     "4:49: no field of this input holds `office`, so nothing gets this prefix; remove it\n"},
    {HEAD
     "inputs:\n  - {name: A, columns: {office: missing}, recode: {office: {N: [North]}}}\n" TAIL,
     "4:52: no field of this input holds `office`, so nothing is recoded; remove it\n"},
    {HEAD "inputs:\n  - {name: A, recode: {resullt: {Y: ['1']}}}\n" TAIL,
     "4:24: nothing in these rules asks for `resullt`; did you mean `result`?\n"},
    {HEAD "inputs:\n  - {name: A, recode: {result: ['1']}}\n" TAIL,
     "4:32: `result` takes labels with their texts, as in {drugs: ['35A']}; this is a list of 1\n"},
    {HEAD "inputs:\n  - {name: A, recode: {result: {Y: ['1', '2'], N: '1'}}}\n" TAIL,
     "4:51: `1` is recoded above already (line 4); keep one\n"},
    {HEAD "inputs:\n  - {name: A, missing: ['0'], recode: {result: {N: ['0']}}}\n" TAIL,
     "4:53: 0 stands for \"not recorded\" under `missing`, so it is never recoded; remove it here "
     "or there\n"},
    {HEAD "missing: [NA]\ninputs:\n  - {name: A, recode: {result: {NA: ['9']}}}\n" TAIL,
     "5:33: the label `NA` stands for a value that is not recorded; list its texts under `missing` "
     "of the input\n"},
    {HEAD "inputs:\n  - {name: A, recode: {date: {soon: ['9']}}}\n" TAIL,
     "4:31: `date` is read as a date, and `soon` is none; write it as %Y-%m-%d\n"},
    {HEAD "inputs:\n  - {name: A, keep: ofice =}\n" TAIL,
     "4:28: the condition ends too early: expected a text in quotes, a number, a date or a "
     "column\n"},
    {HEAD "records: {keep: source = 'B'}\ninputs:\n  - {name: A}\n" TAIL,
     "3:17: source is never 'B': it holds labels like 'A'\n"},
    {HEAD "records: {keep: source = 2}\ninputs:\n  - {name: A}\n" TAIL,
     "3:17: source holds labels like 'A': compare it with one of them, in quotes\n"},
    {HEAD "records: {one_per: source}\ninputs:\n  - {name: A}\n" TAIL,
     "3:20: `one_per` takes a column of the records, and `source` is derived; name another\n"},
    {HEAD "derive: {source: {month: date}}\ninputs:\n  - {name: A}\n" TAIL,
     "3:10: `source` is the name of the input, since there are `inputs`; give this name of "
     "`derive` another\n"},
    {HEAD "derive: {x: {month: date}}\ninputs:\n  - {name: A, columns: {x: y}}\n" TAIL,
     "3:10: `x` is a name already (line 5); give this one another\n"},
    {HEAD "derive: {x: {month: date}}\ninputs:\n  - {name: A, recode: {x: {y: [z]}}}\n" TAIL,
     "5:24: `recode` of an input takes columns of the records, and `x` is none\n"},
};
enum { MISTAKE_COUNT = sizeof mistakes / sizeof mistakes[0] };

static char *told(const struct eh_problems *problems) {
  struct eh_buffer said = {0};
  eh_buffer_puts(&said, "");
  for (size_t i = 0; i < problems->count; i++)
    eh_buffer_printf(&said, "%d:%d: %s\n", (int)problems->items[i].line,
                     (int)problems->items[i].column, problems->items[i].message);
  return said.text;
}

START_TEST(each_mistake_is_told_at_its_place) {
  for (size_t i = 0; i < MISTAKE_COUNT; i++) {
    struct eh_arena *arena = eh_arena_new();
    struct eh_problems problems = {0};
    const struct eh_rules *rules;
    const char *text = mistakes[i].text;
    enum eh_status status = eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems);
    char *said = told(&problems);
    ck_assert_str_eq(said, mistakes[i].problems);
    ck_assert_int_eq(status, EH_BAD_RULES);
    free(said);
    eh_problems_free(&problems);
    eh_arena_free(arena);
  }
}
END_TEST

static const char sound[] = HEAD
    "missing: [UNK]\n"
    "inputs:\n"
    "  - name: ICE\n"
    "    files: [\"ice*.csv\", \"foia_?.txt\"]\n"
    "    columns: {case: Case No., office: AOR, date: Decided}\n"
    "    prefix: {office: I-}\n"
    "    sheet: FY 2014\n"
    "    dates: \"%m/%d/%Y\"\n"
    "    recode: {result: {Y: [REL, R], N: DET}}\n"
    "  - name: CBP\n"
    "    files: cbp*\n"
    "    columns: {kind: missing, office: 'missing'}\n"
    "    constants: {result: Y}\n"
    "    missing: [\"0\"]\n"
    "    keep: form != 'test'\n"
    "  - name: the rest\n"
    "    columns: {never_asked_for: x}\n" TAIL;

static const struct eh_rules *read_rules(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "%s", problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  return rules;
}

static size_t column_of(const struct eh_rules *rules, const char *name) {
  for (size_t c = 0; c < rules->column_count; c++)
    if (strcmp(rules->columns[c].name, name) == 0) return c;
  ck_abort_msg("no column %s", name);
  return 0;
}

static const struct eh_input_column *provided(const struct eh_rules *rules, size_t input,
                                              const char *name) {
  return &rules->inputs[input].columns[column_of(rules, name)];
}

START_TEST(columns_come_from_fields_constants_or_nowhere) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, sound);
  ck_assert_uint_eq(rules->input_count, 3);
  ck_assert_str_eq(provided(rules, 0, "case")->text, "Case No.");
  ck_assert_str_eq(provided(rules, 0, "kind")->text, "kind");
  ck_assert_str_eq(provided(rules, 0, "office")->prefix, "I-");
  ck_assert_str_eq(provided(rules, 1, "case")->text, "id");
  ck_assert_int_eq(provided(rules, 1, "kind")->provision, EH_NOT_PROVIDED);
  ck_assert_int_eq(provided(rules, 1, "office")->provision, EH_IN_FIELD); /* in quotes: a header */
  ck_assert_str_eq(provided(rules, 1, "office")->text, "missing");
  ck_assert_int_eq(provided(rules, 1, "result")->provision, EH_CONSTANT);
  ck_assert_str_eq(provided(rules, 1, "result")->text, "Y");
  ck_assert_ptr_null(eh_rules_header(rules, &rules->inputs[1], column_of(rules, "result")));
  const struct eh_input_column *result = provided(rules, 0, "result");
  ck_assert_uint_eq(result->recode_count, 2);
  ck_assert_str_eq(result->recodes[0].label, "Y");
  ck_assert_uint_eq(result->recodes[0].text_count, 2);
  ck_assert_str_eq(result->recodes[1].texts[0].text, "DET");
  eh_arena_free(arena);
}
END_TEST

/* A column that only one input's `keep` asks for is no column that the others lack. */
START_TEST(what_one_input_keeps_is_asked_of_it_alone) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, sound);
  ck_assert_int_eq(provided(rules, 1, "form")->provision, EH_IN_FIELD);
  ck_assert_int_eq(provided(rules, 0, "form")->provision, EH_NOT_PROVIDED);
  ck_assert_ptr_null(provided(rules, 0, "form")->text);
  ck_assert_str_eq(eh_rules_say(arena, rules, rules->keep),
                   "source is not 'CBP' or form is not 'test'");
  eh_arena_free(arena);
}
END_TEST

/* Once one input has codes or forms of its own, the rules read the standard layout. */
START_TEST(codes_and_forms_are_each_inputs_own) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, sound);
  ck_assert_uint_eq(rules->missing_count, 1);
  ck_assert_str_eq(rules->missing[0], "");
  ck_assert_uint_eq(rules->inputs[0].missing_count, 2);
  ck_assert_str_eq(rules->inputs[0].missing[0], "UNK");
  ck_assert_str_eq(rules->inputs[0].missing[1], "");
  ck_assert_str_eq(rules->inputs[1].missing[0], "0");
  ck_assert_str_eq(rules->date_forms[0], "%Y-%m-%d");
  ck_assert_str_eq(rules->inputs[0].date_forms[0], "%m/%d/%Y");
  ck_assert_str_eq(rules->inputs[2].date_forms[0], "%Y-%m-%d");
  rules = read_rules(arena, HEAD "missing: [UNK]\ndates: \"%m/%d/%Y\"\ninputs: [{name: A}]\n" TAIL);
  ck_assert_uint_eq(rules->missing_count, 2);
  ck_assert_ptr_null(rules->inputs[0].missing);
  ck_assert_str_eq(rules->date_forms[0], "%m/%d/%Y");
  ck_assert_ptr_null(rules->inputs[0].date_forms);
  eh_arena_free(arena);
}
END_TEST

/* Names may come from the inputs alone. */
START_TEST(columns_may_be_named_by_inputs_only) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(
      arena,
      "evenhand: 1\ninputs:\n  - {name: A, files: a*, columns: {case: No}}\n"
      "  - {name: B, columns: {case: id, person: who}}\nrecords: {one_per: person}\n" TAIL);
  ck_assert_str_eq(rules->columns[rules->case_column].header, "case");
  ck_assert_str_eq(provided(rules, 0, "person")->text, "person");
  ck_assert_str_eq(provided(rules, 1, "person")->text, "who");
  eh_arena_free(arena);
}
END_TEST

START_TEST(files_belong_to_the_first_that_fits) {
  static const struct {
    const char *file, *input;
  } files[] = {{"ice-2014.csv", "ICE"},  {"/data/cbp/ice.csv", "ICE"},
               {"foia_1.txt", "ICE"},    {"foia_10.txt", "the rest"},
               {"ICE.csv", "the rest"},  {"ice1.csv.gz", "ICE"},
               {"cbp.gz", "CBP"},        {"-", "the rest"},
               {"ice.csv/x", "the rest"}};
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, sound);
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    ck_assert_str_eq(eh_rules_input_of(rules, files[i].file)->name, files[i].input);
  eh_arena_free(arena);
}
END_TEST

START_TEST(a_file_that_fits_none_is_refused) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules_input *input;
  const struct eh_rules *rules = read_rules(
      arena, HEAD "inputs:\n  - {name: A, files: [a*, x?]}\n  - {name: B, files: b*}\n" TAIL);
  ck_assert_int_eq(eh_rules_match(rules, "in/b.csv", &input, &problems), EH_OK);
  ck_assert_str_eq(input->name, "B");
  ck_assert_int_eq(eh_rules_match(rules, "in/c.csv", &input, &problems), EH_BAD_RULES);
  char *said = told(&problems);
  ck_assert_str_eq(said,
                   "3:1: in/c.csv fits no `files` of the inputs (A: a*, x?; B: b*); rename "
                   "it, add its name to one of them, or leave it out\n");
  free(said);
  eh_problems_free(&problems);
  rules = read_rules(arena, HEAD TAIL);
  ck_assert_int_eq(eh_rules_match(rules, "c.csv", &input, &problems), EH_OK);
  ck_assert_ptr_null(input);
  eh_arena_free(arena);
}
END_TEST

START_TEST(headers_that_an_input_lacks_are_told_at_their_place) {
  static const char *const headers[] = {"Case No", "AOR", "Decided", "kind", "result"};
  static const char *const others[] = {"id", "day", "missing", "from"};
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules *rules = read_rules(arena, sound);
  ck_assert_int_eq(eh_rules_fit_input(rules, &rules->inputs[0], headers, 5, "ice.csv", &problems),
                   EH_BAD_RULES);
  ck_assert_int_eq(eh_rules_fit_input(rules, &rules->inputs[1], others, 4, "cbp.csv", &problems),
                   EH_BAD_RULES);
  char *said = told(&problems);
  ck_assert_str_eq(said,
                   "7:21: ice.csv has no column `Case No.` for `case`; did you mean `Case No`?\n"
                   "14:5: cbp.csv has no column `form`; did you mean `from`? (`form: missing` "
                   "under `columns` of CBP says that it has none)\n");
  free(said);
  eh_problems_free(&problems);
  eh_arena_free(arena);
}
END_TEST

START_TEST(sources_are_explained) {
  struct eh_arena *arena = eh_arena_new();
  const char *text = eh_rules_explain(arena, read_rules(arena, sound));
  static const char *const wanted[] = {
      "  - ICE: files named ice*.csv or foia_?.txt.\n"
      "    Of workbooks, the sheet 'FY 2014' is read.\n"
      "    There case is in the column \"Case No.\", date in \"Decided\" and office in\n"
      "    \"AOR\".\n"
      "    result: 'REL' and 'R' are read as 'Y'.\n"
      "    result: 'DET' is read as 'N'.\n"
      "    'I-' is put before each office.\n"
      "    A value that is \"UNK\" or empty (in capitals or not) counts as not\n"
      "    recorded.\n"
      "    Dates are written in the form %m/%d/%Y.\n",
      "    In all its records result is 'Y'.\n"
      "    It does not have kind.\n",
      "    Only its records in which form is not 'test' are audited.\n",
      "  - the rest: the files whose names fit none of the others.\n"};
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
    ck_assert_msg(strstr(text, wanted[i]), "no \"%s\" in\n%s", wanted[i], text);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("inputs", each_mistake_is_told_at_its_place,
          columns_come_from_fields_constants_or_nowhere, what_one_input_keeps_is_asked_of_it_alone,
          codes_and_forms_are_each_inputs_own, columns_may_be_named_by_inputs_only,
          files_belong_to_the_first_that_fits, a_file_that_fits_none_is_refused,
          headers_that_an_input_lacks_are_told_at_their_place, sources_are_explained)
