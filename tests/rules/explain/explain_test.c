#include <string.h>

#include "rules/rules.h"
#include "tests/test.h"

static const struct eh_rules *read_rules(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "line %d: %s", problems.count ? (int)problems.items[0].line : 0,
                problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  return rules;
}

static const char middling[] =
    "evenhand: 1\n"
    "title: Releases in 2016\n"
    "about: >\n"
    "  Asked for by the inspector general.\n"
    "columns:\n"
    "  case: File No\n"
    "  date: decided\n"
    "  result: Final Disposition\n"
    "missing: ['', UNK]\n"
    "records:\n"
    "  keep: date >= 2015-10-01 and (component = 'ICE' or component = 'CBP')\n"
    "policies:\n"
    "  - {name: A, from: 2011-06-17}\n"
    "  - {name: B, from: 2014-11-20, supersedes: A}\n"
    "derive:\n"
    "  age: {years_between: [birth_date, date]}\n"
    "  age_band: {bands: [18, 26, 65], of: age}\n"
    "  charge:\n"
    "    recode: charge_code\n"
    "    to: {assault: ['13A', '13B'], drugs: '35A'}\n"
    "  fy: {fiscal_year: date}\n"
    "similarly_situated: [age_band, charge]\n"
    "on_missing: exclude\n"
    "measures:\n"
    "  released:\n"
    "    event: result in ('released', 'stay granted')\n"
    "  basis recorded:\n"
    "    among: result = 'released'\n"
    "    event: basis is not missing\n"
    "    similarly_situated: []\n"
    "    flag: {smallest_difference: 1 point, false_discovery_rate: 1%}\n"
    "comparisons:\n"
    "  - {across: officer, within: [office], measure: released}\n"
    "  - {across: charge, each: office}\n"
    "totals:\n"
    "  - {name: annual report, where: fy = 'FY2016', expected: 12757}\n"
    "expect:\n"
    "  - {column: officer, never: missing}\n";

static const char explained[] =
    "Releases in 2016\n"
    "================\n"
    "Asked for by the inspector general.\n"
    "\n"
    "Which records are audited\n"
    "-------------------------\n"
    "A record is one decision. Of its columns,\n"
    "  - \"File No\" (below: case) holds the number of the case, which reports cite\n"
    "  - \"decided\" (below: date) says when it was decided\n"
    "\n"
    "A value that is empty or \"UNK\" (in capitals or not) counts as not recorded.\n"
    "Dates are written in the form %Y-%m-%d (%Y is the year, %m the month, %d the\n"
    "day); this text writes 2011-06-07 for 7 June 2011. A value that is used as a\n"
    "date or a number and cannot be read as one is counted as malformed, and\n"
    "treated as not recorded.\n"
    "\n"
    "Every record is audited but those left out here, in this order; each exclusion\n"
    "is counted with its reason:\n"
    "  1. Records whose case number another record has: one stays, the earliest; of\n"
    "     one day, the first in the files.\n"
    "  2. Records that do not meet this condition, or for which that cannot be\n"
    "     known: date is on or after 2015-10-01 and (component is 'ICE' or\n"
    "     component is 'CBP').\n"
    "\n"
    "Policies\n"
    "--------\n"
    "Like is compared with like under the same policy only: the one in force on the\n"
    "day of the decision.\n"
    "  - A: in force from 2011-06-17 to 2014-11-19\n"
    "  - B: in force from 2014-11-20; it superseded A\n"
    "\n"
    "Days on which several were in force together are a period of their own, and so\n"
    "are the days before the first.\n"
    "\n"
    "Who counts as similarly situated\n"
    "--------------------------------\n"
    "For \"released\": two people are similarly situated when they agree in all of\n"
    "these:\n"
    "  1. age_band: age (whole years from birth_date to date) in bands: under 18,\n"
    "     18-25, 26-64 and 65 and over\n"
    "  2. charge: charge_code, grouped:\n"
    "     - \"assault\" for '13A' and '13B'\n"
    "     - \"drugs\" for '35A'\n"
    "     Any other value counts as not recorded.\n"
    "\n"
    "A person for whom one of these is not recorded is left out of the comparison,\n"
    "and counted.\n"
    "\n"
    "For \"basis recorded\": everyone counts as similarly situated.\n"
    "\n"
    "The questions\n"
    "-------------\n"
    "  1. released: in what share of all audited records is it so that result is\n"
    "     'released' or 'stay granted'?\n"
    "  2. basis recorded: of the audited records in which result is 'released', in\n"
    "     what share is it so that basis is recorded?\n"
    "\n"
    "A record for which the answer cannot be known, because a value is not\n"
    "recorded, is left out of that question, and counted.\n"
    "\n"
    "What is compared\n"
    "----------------\n"
    "Only the decisions on similarly situated people are compared.\n"
    "  1. On \"released\", each officer is compared with all others within the same\n"
    "     office, under the same policy. Where the records of one officer spread\n"
    "     over several of these groups, they are compared in each with those of the\n"
    "     others there.\n"
    "  2. On every question, each charge is compared with all others, for each\n"
    "     office by itself, under the same policy. People need not agree in charge\n"
    "     here, since it is what is compared.\n"
    "\n"
    "A record that does not say to which of those compared it belongs counts among\n"
    "the others, and is listed under \"(not recorded)\", which is not judged.\n"
    "\n"
    "Whether decisions of one of those compared and one day, month or quarter\n"
    "depend on each other is looked at first; where they do, it is allowed for.\n"
    "\n"
    "What is flagged, and what a flag means\n"
    "--------------------------------------\n"
    "One of those compared is flagged when all of this holds:\n"
    "  - chance is an unlikely explanation: each is tested by an exact test\n"
    "    (conditional, mid-p), and of those flagged in one comparison on one\n"
    "    question no more than 5% are expected to be false alarms (the procedure of\n"
    "    Benjamini and Hochberg);\n"
    "    They are counted by comparison because measures have rates of their own.\n"
    "  - the difference is large enough to matter: its rate is at least 10\n"
    "    percentage points above or below what its peers would have had on the same\n"
    "    caseload;\n"
    "  - there are enough cases: it has at least 30 records of similarly situated\n"
    "    people with whom its peers dealt too.\n"
    "For \"basis recorded\" instead: 1% false alarms and at least 1 percentage point.\n"
    "\n"
    "Each difference is given with an interval of 95% confidence. Random draws\n"
    "start from the seed 1, so that the same records give the same report.\n"
    "\n"
    "A flag means that similarly situated people, as these rules define them, were\n"
    "treated differently to a degree that chance hardly explains. It is a reason to\n"
    "pull files and read them. It does not mean that any one decision was wrong,\n"
    "nor that anybody acted in bad faith or out of bias: what the records do not\n"
    "hold may explain the difference. No flag does not mean consistent either: who\n"
    "had too few cases to be tested is listed as such.\n"
    "\n"
    "For each flag a random sample of its files is drawn for reading, so large that\n"
    "if no error shows in it, one can say with 95% confidence that fewer than 5% of\n"
    "the files are in error.\n"
    "\n"
    "How far the records can be relied on\n"
    "------------------------------------\n"
    "The records must reconcile with these totals:\n"
    "  - annual report: 12,757 records in which fy is 'FY2016'\n"
    "\n"
    "Of every record it is expected that:\n"
    "  - officer is recorded\n"
    "\n"
    "What the other names stand for\n"
    "------------------------------\n"
    "  - fy: the federal fiscal year of date (FY2017 began on 2016-10-01)\n"
    "  - result: as recorded in the column \"Final Disposition\"\n"
    "  - any other name: a column of the records with that header\n"
    "\n"
    "What is derived from a value that is not recorded is not recorded either. In\n"
    "years that have no 29 February, a person born on that day is a year older on 1\n"
    "March.\n";

START_TEST(a_whole_file_is_explained) {
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(eh_rules_explain(arena, read_rules(arena, middling)), explained);
  eh_arena_free(arena);
}
END_TEST

START_TEST(categories_and_values_are_explained) {
  static const char text[] =
      "evenhand: 1\ncolumns: {case: id, date: d}\n"
      "derive: {wait: {days_between: [met, date]}}\n"
      "measures:\n"
      "  disposition: {category: result}\n"
      "  wait: {among: result = 'released', value: wait, flag: {smallest_difference: 5}}\n"
      "  bond: {value: bond, flag: {smallest_difference: 500 dollars}}\n"
      "comparisons: [{across: office}]\n";
  static const char *const sentences[] = {
      "1. disposition: of all audited records, what share had each of the outcomes in result?",
      "2. wait: of the audited records in which result is 'released', how large is wait, in days?",
      "3. bond: of all audited records, how large is bond, in dollars?",
      "For \"disposition\" instead: one generalised Cochran-Mantel-Haenszel test of all outcomes, "
      "of "
      "which the one that differs most must be large enough.",
      "For \"wait\" instead: a mean at least 5 days above or below the expected and the stratified "
      "Wilcoxon test (van Elteren), which goes by ranks.",
      "a mean at least 500 dollars above or below the expected",
      "wait: days from met to date",
  };
  struct eh_arena *arena = eh_arena_new();
  char *said = eh_arena_string(arena, eh_rules_explain(arena, read_rules(arena, text)));
  char *to = said;
  for (const char *from = said; *from; from++) /* lines and their indent become one blank */
    if (*from != '\n' && !(*from == ' ' && to > said && to[-1] == ' '))
      *to++ = *from;
    else if (*from == '\n' && to > said && to[-1] != ' ')
      *to++ = ' ';
  *to = '\0';
  for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
    ck_assert_msg(strstr(said, sentences[i]), "no \"%s\" in %s", sentences[i], said);
  eh_arena_free(arena);
}
END_TEST

static size_t characters(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += (text[i] & 0xc0) != 0x80;
  return count;
}

/* Lines are as wide as a terminal, counted in characters, unless one word is wider; nothing is
 * lost. */
START_TEST(lines_are_wrapped_by_characters) {
  static const char about[] =
      "\u00e9\u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 "
      "\u00e9\u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 "
      "\u00e9\u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 "
      "\u00e9\u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9 end";
  struct eh_arena *arena = eh_arena_new();
  const char *text = eh_arena_printf(
      arena,
      "evenhand: 1\nabout: %s\ncolumns: {case: id}\nmeasures: {m: {event: a = 'b'}}\n"
      "comparisons: [{across: o}]\n",
      about);
  const char *explanation = eh_rules_explain(arena, read_rules(arena, text));
  const char *first = strstr(explanation, "\u00e9");
  ck_assert_ptr_nonnull(first);
  ck_assert_uint_eq(characters(first, strcspn(first, "\n")), 63 + 4);
  ck_assert_ptr_nonnull(strstr(explanation, "end\n"));
  for (const char *line = explanation; *line; line += strcspn(line, "\n") + 1)
    ck_assert_uint_le(characters(line, strcspn(line, "\n")), 78);
  eh_arena_free(arena);
}
END_TEST

static const struct {
  const char *condition, *said;
} sayings[] = {
    {"a = 'x'", "a is 'x'"},
    {"a != 'x'", "a is not 'x'"},
    {"a < 'x'", "a sorts before 'x'"},
    {"a >= 'x'", "a sorts after or is 'x'"},
    {"n >= 18", "n is at least 18"},
    {"n < 18.5", "n is below 18.5"},
    {"not n > 18", "n is at most 18"},
    {"date <= 2011-06-17", "date is on or before 2011-06-17"},
    {"date > other_date", "date is after other_date"},
    {"date = other_date", "date is the same as other_date"},
    {"date != other_date", "date differs from other_date"},
    {"a in ('x')", "a is 'x'"},
    {"a in ('x', 'y', 'z')", "a is 'x', 'y' or 'z'"},
    {"a not in ('x', 'y')", "a is neither 'x' nor 'y'"},
    {"n between 16 and 20", "n is from 16 to 20"},
    {"n not between 16 and 20", "n is not from 16 to 20"},
    {"a is missing", "a is not recorded"},
    {"a is not missing", "a is recorded"},
    {"not not a is missing", "a is not recorded"},
    {"a starts with '13'", "a starts with '13'"},
    {"a not starts with '13'", "a does not start with '13'"},
    {"a = 'x' and b = 'y' and c = 'z'", "a is 'x' and b is 'y' and c is 'z'"},
    {"a = 'x' or b = 'y' and c = 'z'", "a is 'x' or (b is 'y' and c is 'z')"},
    {"(a = 'x' or b = 'y') and c = 'z'", "(a is 'x' or b is 'y') and c is 'z'"},
    {"a in ('x', 'y') or b = 'z'", "a is 'x' or 'y', or b is 'z'"},
    {"not (a = 'x' or b = 'y')", "it is not so that (a is 'x' or b is 'y')"},
};

START_TEST(each_kind_of_condition_is_said) {
  for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const char *text = eh_arena_printf(
        arena,
        "evenhand: 1\ncolumns: {case: id, date: d}\nmeasures:\n  m:\n    event: %s\n"
        "comparisons: [{across: o}]\n",
        sayings[i].condition);
    const struct eh_rules *rules = read_rules(arena, text);
    ck_assert_str_eq(eh_rules_say(arena, rules, rules->measures[0].event), sayings[i].said);
    eh_arena_free(arena);
  }
}
END_TEST

/* What an explanation must say, or must not, for rules that differ in one thing. */
static const struct {
  const char *rules, *wanted, *unwanted;
} details[] = {
    {"dates: \"%d-%b-%y\"\n",
     "(%y is the year, of 1969 to 2068, %b\nthe month's short name, %d the day)", "%Y"},
    {"records: {repeated: last, order_by: seq}\n",
     "one stays, the latest; of\n     one day, the last by seq, then the last in the files.",
     "earliest"},
    {"records: {repeated: any}\n", "an event is one\n     of any of these records", "one stays,"},
    {"records: {repeated: worst, worst: {x: [b, a]}}\n", "first in 'b', 'a'; of several,",
     "any of"},
    {"records: {repeated: refuse}\n", "there is no audit", "one stays"},
    {"records: {repeated: trust}\n", "are decisions\n     of their own", "one stays"},
    {"records: {one_per: person, choose: last}\n", "only the last stays, by\n     date",
     "2. Records that do not"},
    {"derive: {p: {first_of: [a: x = 'y', b: otherwise]}}\nsimilarly_situated: [p]\n",
     "- \"a\" when x is 'y'\n     - \"b\" in all other cases\n", "where none of them holds"},
    {"derive: {p: {first_of: [a: x = 'y']}}\nsimilarly_situated: [p]\n", "where none of them holds",
     "in all other cases"},
    {"derive: {p: {recode: x, to: {a: b}, otherwise: c}}\nsimilarly_situated: [p]\n",
     "\"c\" for any other recorded value", "Any other value counts"},
    {"similarly_situated: [q]\n", "compared with each other,\nnever with those",
     "left out of the comparison"},
    {"similarly_situated: []\n", "\nEveryone counts as similarly situated.", "agree in"},
    {"numbers: eu\n",
     "Numbers are written like 1.234,5 (between thousands may stand . or a blank); a\nsign of "
     "money "
     "is passed over, 25% is the share 0.25 and a number in\nparentheses is negative.",
     "zzz"},
    {"numbers: plain\n", "Numbers are written like 1234.5.", "between thousands"},
    {"ids: {o: digits 5}\n", "o is made of 5 digits: a shorter number has lost zeros at its front",
     "zzz"},
    {"after_decision: [bail, note]\n", "situated: bail and note.", "zzz"},
    {"missing: []\n", "A value that is empty counts as not recorded.", "usual words"},
    {"", "(b)(5), - or Unknown, in", "which these rules ask for"},
    {"records: {keep: x != 'N/A'}\n", "but not \"N/A\"", "zzz"},
    {"flag: {test: cmh, multiplicity: any-dependence, confidence: 99%}\n", "99% confidence",
     "exact test"},
    {"flag: {multiplicity: nested, smallest_caseload: 1, smallest_difference: 0.01}\n",
     "percentage point above or", "Benjamini"},
    {"flag: {dependence: any}\n", "Benjamini and Yekutieli", "in the whole report"},
    {"flag: {family: strict}\n", "of those flagged no more than", "Yekutieli"},
};

START_TEST(details_are_said) {
  for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const char *text = eh_arena_printf(
        arena,
        "evenhand: 1\ncolumns: {case: id, person: p_id, date: d}\nmeasures: {m: {event: a = 'b'}}\n"
        "comparisons: [{across: o}]\n%s",
        details[i].rules);
    const char *explanation = eh_rules_explain(arena, read_rules(arena, text));
    ck_assert_msg(strstr(explanation, details[i].wanted), "%s: no \"%s\" in\n%s", details[i].rules,
                  details[i].wanted, explanation);
    ck_assert_msg(!strstr(explanation, details[i].unwanted), "%s: \"%s\" in\n%s", details[i].rules,
                  details[i].unwanted, explanation);
    eh_arena_free(arena);
  }
}
END_TEST

RUN_TESTS("explain", categories_and_values_are_explained, a_whole_file_is_explained,
          lines_are_wrapped_by_characters, each_kind_of_condition_is_said, details_are_said)
