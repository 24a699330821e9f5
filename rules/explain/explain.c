/* The rules in plain English, for those who have to approve them. */
#include <ctype.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "engine/base/words.h"
#include "rules/explain/internal.h"
#include "rules/language/inputs.h"
#include "rules/language/missing.h"
#include "rules/language/question.h"

struct day_text {
  char text[11];
};

static struct day_text day_of(int32_t day) {
  struct day_text text = {""};
  eh_date_format(day, text.text);
  return text;
}

const char *eh_explain_percent(struct eh_explanation *explanation, double share) {
  return eh_arena_printf(explanation->arena, "%.6g", 100 * share);
}

static const char *name_of(const struct eh_explanation *explanation, int column) {
  return explanation->rules->columns[column].name;
}

static const char *say(const struct eh_explanation *explanation,
                       const struct eh_expression *condition) {
  return eh_rules_say(explanation->arena, explanation->rules, condition);
}

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

static void explain_role(struct eh_explanation *explanation, int index, const char *meaning) {
  if (index < 0) return;
  const struct eh_column *column = &explanation->rules->columns[index];
  explanation->is_explained[index] = true;
  if (explanation->rules->input_count)
    eh_prose_paragraph(explanation->out, 2, "- ", "%s %s", column->name, meaning);
  else
    eh_prose_paragraph(explanation->out, 2, "- ", "\"%s\" (below: %s) %s", column->header,
                       column->name, meaning);
}

static void explain_roles(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  eh_prose_paragraph(explanation->out, 0, "", "A record is one decision. Of its columns,");
  explain_role(explanation, rules->case_column, "holds the number of the case, which reports cite");
  explain_role(explanation, rules->person_column,
               "says whom it concerns; one person may have several records");
  explain_role(explanation, rules->date_column, "says when it was decided");
  eh_prose_blank(explanation->out);
}

static void explain_individuals(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  const char **names = eh_arena_alloc(explanation->arena, rules->column_count, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; i < rules->column_count; i++)
    if (rules->columns[i].is_individual) names[count++] = rules->columns[i].name;
  if (!rules->individuals_given || count == 0) return;
  eh_prose_paragraph(explanation->out, 0, "",
                     "The values of %s name individuals: reports can put pseudonyms in their "
                     "place, and a release to the public leaves them out.",
                     eh_explain_list(explanation, names, count, "and"));
  eh_prose_blank(explanation->out);
}

/* "%Y is the year, %m the month": the parts of the forms of dates. */
static const char *letters_of(struct eh_explanation *explanation) {
  static const struct {
    char letter;
    const char *meaning;
  } parts[] = {{'Y', "the year"},         {'y', "the year, of 1969 to 2068"},
               {'m', "the month"},        {'b', "the month's short name"},
               {'B', "the month's name"}, {'d', "the day"},
               {'e', "the day"},          {'j', "the day of the year"},
               {'H', "the hour"},         {'I', "the hour of half a day"},
               {'M', "the minute"},       {'S', "the second"},
               {'p', "AM or PM"}};
  const struct eh_rules *rules = explanation->rules;
  const char *text = "";
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    bool is_used = false;
    for (size_t k = 0; k < rules->date_form_count; k++)
      for (const char *s = rules->date_forms[k]; (s = strchr(s, '%')) != NULL; s += 2)
        is_used |= s[1] == parts[i].letter; /* a valid form has a letter behind each % */
    if (is_used)
      text = eh_arena_printf(explanation->arena, "%s%s%%%c %s%s", text, *text ? ", " : "",
                             parts[i].letter, *text ? "" : "is ", parts[i].meaning);
  }
  return text;
}

/* Of the built-in list, what the rules ask for; "" where nothing is. */
static const char *asked_for(struct eh_explanation *explanation, const char *const *items,
                             size_t item_count) {
  const char **asked = eh_arena_alloc(explanation->arena, eh_missing_built_in_count, sizeof *asked);
  size_t count = 0;
  for (size_t i = 0; i < eh_missing_built_in_count; i++) {
    const char *item = eh_missing_built_in[i];
    if (eh_missing_find(items, item_count, item, strlen(item)) == SIZE_MAX)
      asked[count++] = eh_arena_printf(explanation->arena, "\"%s\"", item);
  }
  if (count == 0) return "";
  return eh_arena_printf(explanation->arena, "; but not %s, which these rules ask for",
                         eh_explain_list(explanation, asked, count, "or"));
}

void eh_explain_missing(struct eh_explanation *explanation, size_t indent, const char *const *items,
                        size_t count, bool is_built_in) {
  if (is_built_in) {
    eh_prose_paragraph(explanation->out, indent, "",
                       "A value that is empty counts as not recorded, and so does one of the usual "
                       "words and signs for it, such as NULL, N/A, #REF!, (b)(5), - or Unknown, in "
                       "capitals or not (rules/README.md lists them)%s.",
                       asked_for(explanation, items, count));
    return;
  }
  const char **missing = eh_arena_alloc(explanation->arena, count, sizeof *missing);
  bool has_letters = false;
  for (size_t i = 0; i < count; i++) {
    for (const char *c = items[i]; *c; c++)
      has_letters |= isalpha((unsigned char)*c) || (unsigned char)*c >= 0x80;
    missing[i] = *items[i] ? eh_arena_printf(explanation->arena, "\"%s\"", items[i]) : "empty";
  }
  eh_prose_paragraph(explanation->out, indent, "", "A value that is %s%s counts as not recorded.",
                     eh_explain_list(explanation, missing, count, "or"),
                     has_letters ? " (in capitals or not)" : "");
}

void eh_explain_numbers(struct eh_explanation *explanation, size_t indent,
                        const struct eh_number_form *form) {
  const char *groups[4], *means[3];
  size_t count = 0, meant = 0;
  for (const char *c = form->thousands; *c; c++)
    groups[count++] = *c == ' ' ? "a blank" : eh_arena_printf(explanation->arena, "%c", *c);
  const char *example =
      form->thousands[0]
          ? eh_arena_printf(explanation->arena, "1%c234%c5", form->thousands[0], form->decimal)
          : eh_arena_printf(explanation->arena, "1234%c5", form->decimal);
  if (form->currency) means[meant++] = "a sign of money is passed over";
  if (form->percent) means[meant++] = "25% is the share 0.25";
  if (form->parentheses) means[meant++] = "a number in parentheses is negative";
  eh_prose_paragraph(explanation->out, indent, "", "Numbers are written like %s%s%s%s%s.", example,
                     count ? " (between thousands may stand " : "",
                     count ? eh_explain_list(explanation, groups, count, "or") : "",
                     count ? ")" : "",
                     meant ? eh_arena_printf(explanation->arena, "; %s",
                                             eh_explain_list(explanation, means, meant, "and"))
                           : "");
}

static void explain_split(struct eh_explanation *explanation, const struct eh_column *column) {
  const struct eh_split *split = column->split;
  const char *takes[] = {"the first counts", "the last counts",
                         eh_arena_printf(explanation->arena,
                                         "'%s' counts where one of them is that, "
                                         "else the first",
                                         split->of ? split->of : ""),
                         eh_arena_printf(explanation->arena,
                                         "'%s' counts where all of them are that, "
                                         "else the first that is not",
                                         split->of ? split->of : ""),
                         "their number counts, each value once"};
  eh_prose_paragraph(explanation->out, 0, "",
                     "%s may hold several values, with '%s' between them: %s.", column->name,
                     split->by, takes[split->take]);
}

static void explain_ids(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].split) explain_split(explanation, &rules->columns[c]);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].id_digits)
      eh_prose_paragraph(explanation->out, 0, "",
                         "%s is made of %u digits: a shorter number has lost zeros at its front, "
                         "which are put back.",
                         rules->columns[c].name, rules->columns[c].id_digits);
}

void eh_explain_after_decision(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (rules->after_decision_count == 0) return;
  eh_prose_paragraph(
      explanation->out, 0, "",
      "Known only after the decision, and so nothing that makes people similarly "
      "situated: %s.",
      eh_explain_list(explanation, rules->after_decision, rules->after_decision_count, "and"));
}

static void explain_values(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  const struct eh_rules_input *inputs = rules->inputs; /* all say it, or none does */
  if (!(inputs && inputs->missing))
    eh_explain_missing(explanation, 0, rules->missing, rules->missing_count,
                       rules->missing_built_in);
  explain_ids(explanation);
  eh_explain_rows(explanation, 0, &rules->header, rules->totals_rows);
  if (rules->encoding)
    eh_prose_paragraph(explanation->out, 0, "", "Text that is no UTF-8 is read as %s.",
                       rules->encoding);
  if (rules->numbers && !(inputs && inputs->numbers))
    eh_explain_numbers(explanation, 0, rules->numbers);
  int32_t example = eh_date_from_civil(2011, 6, 7);
  const char *forms = eh_explain_list(explanation, rules->date_forms, rules->date_form_count, "or");
  const char *dates = "";
  if (!(inputs && inputs->date_forms))
    dates = eh_arena_printf(explanation->arena,
                            "Dates are written in the form %s (%s); this text writes %s for 7 June "
                            "2011. ",
                            forms, letters_of(explanation), day_of(example).text);
  eh_prose_paragraph(explanation->out, 0, "",
                     "%sA value that is used as a date or a number and cannot be read as one is "
                     "counted as malformed, and treated as not recorded.",
                     dates);
}

static void explain_one_per(struct eh_explanation *explanation, const char *mark) {
  const struct eh_rules *rules = explanation->rules;
  const char *name = name_of(explanation, rules->one_per);
  bool by_date = rules->date_column >= 0;
  eh_prose_paragraph(
      explanation->out, 2, mark,
      "Records with the same %s as another record: only the %s stays%s, and ties go by case "
      "number. "
      "Several records of one %s are not independent of each other. A record whose %s is not "
      "recorded stays.",
      name, rules->choose_last ? "last" : "first",
      by_date ? ", by date; those without a date come after the others" : ", by case number", name,
      name);
}

void eh_explain_records(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  eh_prose_heading(explanation->out, "Which records are audited", '-');
  explain_roles(explanation);
  explain_individuals(explanation);
  explain_values(explanation);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "Every record is audited but those left out here, in this order; each "
                     "exclusion is counted with its reason:");
  eh_prose_paragraph(explanation->out, 2, "1. ", "%s",
                     eh_explain_repeats(explanation->arena, rules));
  if (rules->keep)
    eh_prose_paragraph(
        explanation->out, 2, "2. ",
        "Records that do not meet this condition, or for which that cannot be known: %s.",
        say(explanation, rules->keep));
  if (rules->one_per >= 0) explain_one_per(explanation, rules->keep ? "3. " : "2. ");
}

static void explain_policy(struct eh_explanation *explanation, const struct eh_policy *policy) {
  struct eh_buffer text = {0};
  eh_buffer_printf(&text, "%s: in force from %s", policy->name, day_of(policy->from).text);
  if (policy->until != INT32_MAX) eh_buffer_printf(&text, " to %s", day_of(policy->until).text);
  if (policy->supersedes_count > 0) {
    const char *ended =
        eh_explain_list(explanation, policy->supersedes, policy->supersedes_count, "and");
    eh_buffer_printf(&text, "; it superseded %s", ended);
  }
  eh_prose_paragraph(explanation->out, 2, "- ", "%s", text.text);
  eh_buffer_free(&text);
}

void eh_explain_policies(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (rules->policy_count == 0) return;
  eh_prose_heading(explanation->out, "Policies", '-');
  eh_prose_paragraph(explanation->out, 0, "",
                     "Like is compared with like under the same policy only: the one in force on "
                     "the day of the decision.");
  for (size_t i = 0; i < rules->policy_count; i++) explain_policy(explanation, &rules->policies[i]);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "Days on which several were in force together are a period of their own, and "
                     "so are the days before the first.");
}

/* "what share had each outcome (disposition)?" */
static const char *asked_of(struct eh_explanation *explanation, const struct eh_measure *measure) {
  return eh_arena_printf(explanation->arena, "%s%s%s%s?", eh_question_of(measure->kind)->asks,
                         name_of(explanation, measure->outcome), *measure->unit ? ", in " : "",
                         measure->unit);
}

static void explain_measure(struct eh_explanation *explanation, size_t number,
                            const struct eh_measure *measure) {
  struct eh_arena *arena = explanation->arena;
  const char *mark = eh_arena_printf(arena, "%zu. ", number);
  if (eh_has_outcome(measure)) {
    const char *records = measure->among ? eh_arena_printf(arena, "the audited records in which %s",
                                                           say(explanation, measure->among))
                                         : "all audited records";
    eh_prose_paragraph(explanation->out, 2, mark, "%s: of %s, %s", measure->name, records,
                       asked_of(explanation, measure));
  } else if (measure->among) {
    eh_prose_paragraph(explanation->out, 2, mark,
                       "%s: of the audited records in which %s, in what share is it so that %s?",
                       measure->name, say(explanation, measure->among),
                       say(explanation, measure->event));
  } else {
    eh_prose_paragraph(explanation->out, 2, mark,
                       "%s: in what share of all audited records is it so that %s?", measure->name,
                       say(explanation, measure->event));
  }
}

void eh_explain_measures(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  eh_prose_heading(explanation->out, rules->measure_count == 1 ? "The question" : "The questions",
                   '-');
  for (size_t i = 0; i < rules->measure_count; i++)
    explain_measure(explanation, i + 1, &rules->measures[i]);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "A record for which the answer cannot be known, because a value is not "
                     "recorded, is left out of that "
                     "question, and counted.");
}

/* The factors of a comparison's measures that do not hold in it, being what is compared. */
static bool compares_a_factor(const struct eh_rules *rules,
                              const struct eh_comparison *comparison) {
  for (size_t i = 0; i < comparison->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[comparison->measures[i]];
    for (size_t k = 0; k < measure->factor_count; k++) {
      if (measure->factors[k] == comparison->across) return true;
    }
  }
  return false;
}

static const char *names_of_measures(struct eh_explanation *explanation,
                                     const struct eh_comparison *comparison) {
  const struct eh_rules *rules = explanation->rules;
  if (comparison->measure_count == rules->measure_count)
    return rules->measure_count == 1 ? "the question" : "every question";
  const char **names = eh_arena_alloc(explanation->arena, comparison->measure_count, sizeof *names);
  for (size_t i = 0; i < comparison->measure_count; i++)
    names[i] = eh_arena_printf(explanation->arena, "\"%s\"",
                               rules->measures[comparison->measures[i]].name);
  return eh_explain_list(explanation, names, comparison->measure_count, "and");
}

/* What is known, or not, of decisions that hang together. */
static void explain_dependent(struct eh_explanation *explanation, struct eh_buffer *text,
                              const struct eh_comparison *comparison) {
  const struct eh_dependent *d = &comparison->dependent;
  if (d->choice == EH_DEPENDENT_NONE)
    eh_buffer_puts(text, " All decisions are taken to be independent of each other.");
  if (d->choice != EH_DEPENDENT_NAMED) return;
  eh_buffer_puts(text, " Decisions that share");
  for (size_t i = 0; i < d->count; i++)
    eh_buffer_printf(text, "%s one %s", i == 0 ? "" : ", or",
                     eh_explain_names(explanation, d->sets[i].columns, d->sets[i].count, "and"));
  eh_buffer_puts(text, " may depend on each other, and that is allowed for.");
}

static void explain_comparison(struct eh_explanation *explanation, size_t number,
                               const struct eh_comparison *comparison) {
  const struct eh_rules *rules = explanation->rules;
  struct eh_buffer text = {0};
  eh_buffer_printf(&text, "On %s, each %s is compared with all others",
                   names_of_measures(explanation, comparison),
                   name_of(explanation, comparison->across));
  if (comparison->within_count > 0)
    eh_buffer_printf(
        &text, " within the same %s",
        eh_explain_names(explanation, comparison->within, comparison->within_count, "and"));
  if (comparison->each >= 0)
    eh_buffer_printf(&text, ", for each %s by itself", name_of(explanation, comparison->each));
  bool across_policies = comparison->across == rules->policy_column;
  if (rules->policy_column >= 0 && !across_policies)
    eh_buffer_puts(&text, ", under the same policy");
  eh_buffer_puts(&text, ".");
  if (comparison->within_count > 0)
    eh_buffer_printf(&text,
                     " Where the records of one %s spread over several of these groups, they are "
                     "compared in each "
                     "with those of the others there.",
                     name_of(explanation, comparison->across));
  if (across_policies) eh_buffer_puts(&text, " Here the policies themselves are compared.");
  if (compares_a_factor(rules, comparison))
    eh_buffer_printf(&text, " People need not agree in %s here, since it is what is compared.",
                     name_of(explanation, comparison->across));
  explain_dependent(explanation, &text, comparison);
  eh_prose_paragraph(explanation->out, 2, eh_arena_printf(explanation->arena, "%zu. ", number),
                     "%s", text.text);
  eh_buffer_free(&text);
}

/* What every comparison is screened for, unless it says none. */
static void explain_screen(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  bool dated = rules->date_column >= 0, named = rules->person_column >= 0 && rules->one_per < 0;
  bool screened = false;
  for (size_t i = 0; i < rules->comparison_count; i++)
    screened = screened || rules->comparisons[i].dependent.choice != EH_DEPENDENT_NONE;
  if (!screened || !(dated || named)) return;
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "Whether decisions of one of those compared and one %s depend on each other "
                     "is looked at first; where they do, it is allowed for.",
                     dated && named ? "day, month or quarter, or decisions on one person,"
                     : dated        ? "day, month or quarter"
                                    : "person");
}

void eh_explain_comparisons(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  eh_prose_heading(explanation->out, "What is compared", '-');
  eh_prose_paragraph(explanation->out, 0, "",
                     "Only the decisions on similarly situated people are compared.");
  for (size_t i = 0; i < rules->comparison_count; i++)
    explain_comparison(explanation, i + 1, &rules->comparisons[i]);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "A record that does not say to which of those compared it belongs counts "
                     "among the others, and is "
                     "listed under \"(not recorded)\", which is not judged.");
  explain_screen(explanation);
}

static const char *test_of(const struct eh_flag *flag) {
  return flag->test == EH_TEST_CMH ? "the Cochran-Mantel-Haenszel test"
                                   : "an exact test (conditional, mid-p)";
}

static const char *procedure_of(const struct eh_flag *flag) {
  switch (flag->multiplicity) {
    case EH_BENJAMINI_HOCHBERG:
      return "the procedure of Benjamini and Hochberg";
    case EH_ANY_DEPENDENCE:
      return "the procedure of Benjamini and Yekutieli, which holds however the tests depend on "
             "each other";
    case EH_NESTED:
      return "a procedure that tests groups first, and the units of a group only where the group "
             "stands out";
  }
  return "";
}

/* Are there several questions to count over: comparisons, measures? */
static bool asks_several(const struct eh_rules *rules) {
  size_t questions = 0;
  for (size_t i = 0; i < rules->comparison_count; i++)
    questions += rules->comparisons[i].measure_count ? rules->comparisons[i].measure_count
                                                     : rules->measure_count;
  return questions > 1;
}

/* "in one comparison on one question", "on release, and of those on all other questions" */
static const char *family_of(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (!asks_several(rules)) return "";
  switch (rules->family) {
    case EH_FAMILY_REPORT:
      return eh_arena_printf(explanation->arena,
                             rules->measure_count > 1
                                 ? " on `%s`, and of those on all other questions likewise,"
                                 : " on `%s`, whoever is compared,",
                             rules->measures[rules->main_measure].name);
    case EH_FAMILY_STRICT:
      return " in the whole report";
    case EH_FAMILY_COMPARISON:
      return " in one comparison on one question";
  }
  return "";
}

static void explain_conditions(struct eh_explanation *explanation, const struct eh_flag *flag) {
  eh_prose_paragraph(explanation->out, 2, "- ",
                     "chance is an unlikely explanation: each is tested by %s, and of those "
                     "flagged%s no more than %s%% are expected to be false alarms (%s);",
                     test_of(flag), family_of(explanation),
                     eh_explain_percent(explanation, flag->false_discovery_rate),
                     procedure_of(flag));
  if (explanation->rules->family_fell_back)
    eh_prose_paragraph(explanation->out, 4, "",
                       "They are counted by comparison because measures have rates of their own.");
  eh_prose_paragraph(explanation->out, 2, "- ",
                     "the difference is large enough to matter: its rate is at least %s percentage "
                     "point%s above or "
                     "below what its peers would have had on the same caseload;",
                     eh_explain_percent(explanation, flag->smallest_difference),
                     flag->smallest_difference == 0.01 ? "" : "s");
  eh_prose_paragraph(explanation->out, 2, "- ",
                     "there are enough cases: it has at least %llu record%s of similarly situated "
                     "people with whom "
                     "its peers dealt too.",
                     (unsigned long long)flag->smallest_caseload, plural(flag->smallest_caseload));
}

/* "at least 5 days" */
static const char *material(struct eh_explanation *explanation, const struct eh_measure *measure) {
  double size = measure->flag.smallest_difference;
  if (!eh_is_amount(measure))
    return eh_arena_printf(explanation->arena, "at least %s percentage point%s",
                           eh_explain_percent(explanation, size), size == 0.01 ? "" : "s");
  char number[32];
  eh_number_format(size, number);
  return eh_arena_printf(explanation->arena, "a mean at least %s%s%s above or below the expected",
                         number, *measure->unit ? " " : "", measure->unit);
}

/* What a measure's own flag, or its kind, changes. */
static void explain_own_flag(struct eh_explanation *explanation, const struct eh_measure *measure) {
  const struct eh_flag *own = &measure->flag, *common = &explanation->rules->flag;
  const char *changes[7];
  size_t count = 0;
  struct eh_arena *arena = explanation->arena;
  if (own->false_discovery_rate != common->false_discovery_rate)
    changes[count++] = eh_arena_printf(arena, "%s%% false alarms",
                                       eh_explain_percent(explanation, own->false_discovery_rate));
  if (eh_is_amount(measure) || own->smallest_difference != common->smallest_difference)
    changes[count++] = material(explanation, measure);
  if (own->smallest_caseload != common->smallest_caseload)
    changes[count++] =
        eh_arena_printf(arena, "at least %llu record%s", (unsigned long long)own->smallest_caseload,
                        plural(own->smallest_caseload));
  if (own->confidence != common->confidence)
    changes[count++] = eh_arena_printf(arena, "intervals of %s%% confidence",
                                       eh_explain_percent(explanation, own->confidence));
  const char *only_test = eh_question_of(measure->kind)->test;
  if (only_test)
    changes[count++] = only_test;
  else if (own->test != common->test)
    changes[count++] = test_of(own);
  if (own->multiplicity != common->multiplicity) changes[count++] = procedure_of(own);
  if (count > 0)
    eh_prose_paragraph(explanation->out, 0, "", "For \"%s\" instead: %s.", measure->name,
                       eh_explain_list(explanation, changes, count, "and"));
}

void eh_explain_flag(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  eh_prose_heading(explanation->out, "What is flagged, and what a flag means", '-');
  eh_prose_paragraph(explanation->out, 0, "",
                     "One of those compared is flagged when all of this holds:");
  explain_conditions(explanation, &rules->flag);
  for (size_t i = 0; i < rules->measure_count; i++)
    explain_own_flag(explanation, &rules->measures[i]);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "Each difference is given with an interval of %s%% confidence. Random draws "
                     "start from the seed %llu, "
                     "so that the same records give the same report.",
                     eh_explain_percent(explanation, rules->flag.confidence),
                     (unsigned long long)rules->seed);
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "A flag means that similarly situated people, as these rules define them, "
                     "were treated differently "
                     "to a degree that chance hardly explains. It is a reason to pull files and "
                     "read them. It does not "
                     "mean that any one decision was wrong, nor that anybody acted in bad faith or "
                     "out of bias: what the "
                     "records do not hold may explain the difference. No flag does not mean "
                     "consistent either: who had too "
                     "few cases to be tested is listed as such.");
}

void eh_explain_review(struct eh_explanation *explanation) {
  const struct eh_review *review = &explanation->rules->review;
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "For each flag a random sample of its files is drawn for reading, so large "
                     "that if no error shows in it, one can say with %s%% confidence that fewer "
                     "than %s%% of the files are in error.",
                     eh_explain_percent(explanation, review->confidence),
                     eh_explain_percent(explanation, review->tolerable_rate));
}

void eh_explain_checks(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (rules->total_count + rules->expect_count == 0) return;
  eh_prose_heading(explanation->out, "How far the records can be relied on", '-');
  if (rules->total_count > 0)
    eh_prose_paragraph(explanation->out, 0, "", "The records must reconcile with these totals:");
  for (size_t i = 0; i < rules->total_count; i++) {
    const struct eh_total *total = &rules->totals[i];
    eh_prose_paragraph(explanation->out, 2, "- ", "%s: %s record%s in which %s", total->name,
                       eh_words_count(explanation->arena, (uint64_t)(total->expected + 0.5)),
                       total->expected == 1 ? "" : "s", say(explanation, total->where));
  }
  if (rules->total_count > 0 && rules->expect_count > 0) eh_prose_blank(explanation->out);
  if (rules->expect_count > 0)
    eh_prose_paragraph(explanation->out, 0, "", "Of every record it is expected that:");
  for (size_t i = 0; i < rules->expect_count; i++) {
    const struct eh_expect *expect = &rules->expects[i];
    const char *said = say(explanation, expect->condition);
    if (strcmp(said, expect->name) == 0)
      eh_prose_paragraph(explanation->out, 2, "- ", "%s", said);
    else
      eh_prose_paragraph(explanation->out, 2, "- ", "%s (%s)", said, expect->name);
  }
}
