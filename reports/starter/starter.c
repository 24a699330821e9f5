#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/starter/text.h"
#include "reports/words/safe.h"

enum { MOST_LISTED = 40, LONGEST_SAMPLE = 3 };

struct writer {
  struct eh_arena *arena;
  const struct eh_survey *survey;
  const struct eh_starter *starter;
  struct eh_buffer out;
  const char **names; /* by column: what the rules call it; NULL: not used */
};

static bool is_plain(const char *name) {
  static const char *const words[] = {"and",     "or",     "not",  "in",        "is",    "missing",
                                      "between", "starts", "with", "otherwise", "policy"};
  if (!isalpha((unsigned char)name[0])) return false;
  for (const char *s = name; *s; s++)
    if (!isalnum((unsigned char)*s) && *s != '_') return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(name, words[i]) == 0) return false;
  return true;
}

static bool is_taken(const struct writer *w, const char *name) {
  static const char *const own[] = {"case",   "person", "date",    "officer",
                                    "office", "age",    "age_band"};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strcmp(name, own[i]) == 0) return true;
  for (size_t c = 0; c < w->survey->column_count; c++)
    if (w->names[c] && strcmp(w->names[c], name) == 0) return true;
  return false;
}

/* "Event Area of Responsibility" as event_area_of_responsibility, and unique. */
static const char *short_name(struct writer *w, const char *header) {
  char name[64];
  size_t length = 0;
  for (const char *s = header; *s && length < 48; s++) {
    bool fits = isalnum((unsigned char)*s) && (unsigned char)*s < 128;
    if (fits)
      name[length++] = (char)tolower((unsigned char)*s);
    else if (length && name[length - 1] != '_')
      name[length++] = '_';
  }
  while (length && name[length - 1] == '_') length--;
  name[length] = '\0';
  if (!is_plain(name)) snprintf(name, sizeof name, "column_%.40s", length ? header : "");
  for (char *s = name; *s; s++)
    if (!isalnum((unsigned char)*s)) *s = '_';
  const char *unique = eh_arena_string(w->arena, name);
  for (int nth = 2; is_taken(w, unique); nth++)
    unique = eh_arena_printf(w->arena, "%s_%d", name, nth);
  return unique;
}

/* A text as YAML takes it anywhere. */
static const char *quoted(struct writer *w, const char *text) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "\"");
  for (const char *s = text; *s; s++) {
    size_t length;
    uint32_t code = eh_safe_decode(s, &length);
    if (*s == '"' || *s == '\\') eh_buffer_puts(&out, "\\");
    if (code < 32 || (code >= 127 && code < 160) || eh_safe_is_unseen(code))
      eh_buffer_printf(&out, "\\U%08x", (unsigned)code);
    else
      eh_buffer_add(&out, s, length);
    if (length > 1) s += length - 1;
  }
  eh_buffer_puts(&out, "\"");
  const char *kept = eh_arena_copy(w->arena, out.text, out.length);
  eh_buffer_free(&out);
  return kept;
}

/* A text as a condition takes it. */
static const char *literal(struct writer *w, const char *text) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "'");
  for (const char *s = text; *s; s++)
    eh_buffer_add(&out, *s == '\'' ? "''" : s, *s == '\'' ? 2 : 1);
  eh_buffer_puts(&out, "'");
  const char *kept = eh_arena_copy(w->arena, out.text, out.length);
  eh_buffer_free(&out);
  return kept;
}

static bool can_stand_in_a_condition(const struct eh_survey_value *v) {
  if (v->records == 0 || v->length == 0 || v->length > 200) return false;
  for (size_t i = 0, length; i < v->length; i += length) {
    uint32_t code = eh_safe_decode(v->text + i, &length);
    if (code < 32 || (code >= 127 && code < 160) || eh_safe_is_unseen(code)) return false;
  }
  return strstr(v->text, "  ") == NULL && v->text[0] != ' ' && v->text[v->length - 1] != ' ';
}

static void comment(struct writer *w, const char *text) {
  eh_buffer_printf(&w->out, "# %s\n", eh_safe_line(w->arena, text));
}

/* --- the sections --- */

static const char *sample(struct writer *w, int column) {
  const struct eh_survey_column *c = &w->survey->columns[column];
  const char *parts[LONGEST_SAMPLE];
  size_t count = 0;
  for (size_t i = w->survey->missing_count; i < c->value_count && count < LONGEST_SAMPLE; i++)
    if (c->values[i].records) {
      size_t fits = eh_safe_fit(c->values[i].text, 24);
      parts[count++] = eh_arena_copy(w->arena, c->values[i].text, fits);
    }
  return eh_words_join(w->arena, parts, count, ", ");
}

static void put_role(struct writer *w, enum eh_role role) {
  int column = w->starter->roles[role];
  if (column < 0) {
    eh_buffer_printf(&w->out, "  # %s: no column looks like it\n", eh_role_name(role));
    return;
  }
  const struct eh_survey_column *c = &w->survey->columns[column];
  w->names[column] = eh_role_name(role);
  eh_buffer_printf(&w->out, "  %s: %s  # %s: %s", eh_role_name(role), quoted(w, c->name),
                   eh_starter_sureness(w->starter->sureness[role]),
                   eh_starter_reason(w->arena, w->survey, column, role));
  /* Rules are passed round: no ids of individuals or their cases. */
  if (role != EH_ROLE_CASE && role != EH_ROLE_PERSON && role != EH_ROLE_OFFICER)
    eh_buffer_printf(&w->out, "; such as %s", eh_safe_line(w->arena, sample(w, column)));
  eh_buffer_puts(&w->out, "\n");
}

static bool is_birth(const char *name) {
  char lower[128];
  size_t i = 0;
  for (; i < sizeof lower - 1 && name[i]; i++) lower[i] = (char)tolower((unsigned char)name[i]);
  lower[i] = '\0';
  return strstr(lower, "birth") || strcmp(lower, "dob") == 0;
}

static int birth_column(const struct writer *w) {
  for (size_t c = 0; c < w->survey->column_count; c++)
    if (w->survey->columns[c].kind == EH_SURVEY_DATE && is_birth(w->survey->columns[c].name))
      return (int)c;
  return -1;
}

/* A column by its own name where that is plain, else by a short one, listed under columns. */
static void put_other(struct writer *w, int column) {
  if (column < 0 || w->names[column]) return;
  const char *header = w->survey->columns[column].name;
  if (is_plain(header) && !is_taken(w, header)) {
    w->names[column] = header;
    return;
  }
  w->names[column] = short_name(w, header);
  eh_buffer_printf(&w->out, "  %s: %s\n", w->names[column], quoted(w, header));
}

const char *eh_starter_case_warning(struct eh_arena *arena, const struct eh_survey *survey,
                                    const struct eh_starter *starter) {
  const struct eh_survey_column *c = &survey->columns[starter->roles[EH_ROLE_CASE]];
  if (c->distinct + 0.5 >= (double)survey->rows * 0.99) return NULL;
  return eh_arena_printf(arena,
                         "CAREFUL: %s does not tell the records apart (%s values in %s records); "
                         "of records with the same case only the first is audited. Name a column "
                         "that does, or add one to the records that numbers them.",
                         c->name, eh_words_count(arena, (uint64_t)c->distinct),
                         eh_words_count(arena, survey->rows));
}

static void put_columns(struct writer *w) {
  const struct eh_starter *g = w->starter;
  eh_buffer_puts(&w->out, "\n");
  comment(w,
          "WHAT THE COLUMNS MEAN. Left: the name used in this file. Right: the header in the "
          "records.");
  eh_buffer_puts(&w->out, "columns:\n");
  for (int role = 0; role <= EH_ROLE_OFFICE; role++) put_role(w, (enum eh_role)role);
  for (size_t i = 0; i < g->outcome_count; i++) put_other(w, g->outcomes[i]);
  for (size_t i = 0; i < g->factor_count; i++) put_other(w, g->factors[i]);
  if (g->roles[EH_ROLE_DATE] >= 0) put_other(w, birth_column(w));
  const char *warning = eh_starter_case_warning(w->arena, w->survey, g);
  if (warning) comment(w, warning);
}

static void put_individuals(struct writer *w) {
  int officer = w->starter->roles[EH_ROLE_OFFICER];
  eh_buffer_puts(&w->out, "\n");
  comment(w,
          "WHICH COLUMNS NAME INDIVIDUALS, beside the person: for --pseudonyms and --public. Add "
          "others.");
  eh_buffer_printf(&w->out, "individuals: [%s]\n", officer >= 0 ? w->names[officer] : "");
}

static bool stands_elsewhere(const struct writer *w, int column, const char *text) {
  for (size_t c = 0; c < w->survey->column_count; c++)
    for (size_t i = 0; (int)c != column && i < w->survey->columns[c].value_count; i++)
      if (w->survey->columns[c].values[i].records &&
          strcmp(w->survey->columns[c].values[i].text, text) == 0)
        return true;
  return false;
}

/* One person for many is nobody: "not recorded", unless the same text means something elsewhere. */
static void put_unknown_person(struct writer *w) {
  int person = w->starter->roles[EH_ROLE_PERSON];
  uint64_t next;
  const struct eh_survey_value *many =
      person < 0 ? NULL : eh_guess_one_for_many(w->survey, (size_t)person, &next);
  bool is_listed = many && !stands_elsewhere(w, person, many->text);
  if (is_listed) eh_buffer_printf(&w->out, ", %s", quoted(w, many->text));
  eh_buffer_puts(&w->out, "]\n");
  if (!many) return;
  const char *records = eh_words_of(w->arena, many->records, "record", "records");
  const char *name = w->survey->columns[person].name;
  if (is_listed)
    comment(w, eh_arena_printf(w->arena,
                               "CHECK: one value of %s stands in %s, and is listed above: probably "
                               "of unknown people.",
                               name, records));
  else
    comment(w, eh_arena_printf(w->arena,
                               "CAREFUL: one value of %s stands in %s, probably of unknown people; "
                               "leave out one_per below, or recode it.",
                               name, records));
}

static void put_dates(struct writer *w);

static void put_missing(struct writer *w) {
  eh_buffer_puts(&w->out, "\n");
  comment(w, "What stands for \"not recorded\", in any column: these were found.");
  eh_buffer_puts(&w->out, "missing: [\"\"");
  for (size_t i = 1; i < w->survey->missing_count; i++) {
    uint64_t records = 0;
    for (size_t c = 0; c < w->survey->column_count; c++)
      records += w->survey->columns[c].values[i].records;
    if (records && w->survey->missing[i][0])
      eh_buffer_printf(&w->out, ", %s", quoted(w, w->survey->missing[i]));
  }
  put_unknown_person(w);
  put_dates(w);
}

enum { MOST_FORMS = EH_SURVEY_DATES * EH_SURVEY_FORMS };

/* A form that is not among those listed; *clash: the one of them that reads a text as another day.
 */
static bool is_new_form(const char *const *forms, size_t count, const char *form,
                        const char **clash) {
  char text[EH_DATE_TEXT];
  *clash = NULL;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(forms[i], form) == 0) return false;
    if (eh_date_forms_clash(forms[i], form, text)) *clash = forms[i];
  }
  return true;
}

/* The forms of all columns' dates. Of two that clash the rules can have one only. */
static size_t list_forms(struct writer *w, const char **forms) {
  size_t count = 0;
  const char *clash;
  for (size_t c = 0; c < w->survey->column_count; c++) {
    const struct eh_survey_column *column = &w->survey->columns[c];
    bool several = column->form_count > 0;
    size_t own = column->kind != EH_SURVEY_DATE ? 0 : several ? column->form_count : 1;
    for (size_t i = 0; i < own && count < MOST_FORMS; i++) {
      const char *form = several ? column->forms[i] : column->form;
      if (!is_new_form(forms, count, form, &clash)) continue;
      if (!clash)
        forms[count++] = form;
      else
        comment(w, eh_arena_printf(w->arena,
                                   "CHECK: %s seems to be written as \"%s\", which cannot stand "
                                   "beside \"%s\".",
                                   column->name, form, clash));
    }
  }
  return count;
}

static void put_dates(struct writer *w) {
  const char *forms[MOST_FORMS];
  size_t count = list_forms(w, forms);
  if (count == 0) return;
  eh_buffer_puts(&w->out, "dates: [");
  for (size_t i = 0; i < count; i++)
    eh_buffer_printf(&w->out, "%s%s", i ? ", " : "", quoted(w, forms[i]));
  eh_buffer_puts(&w->out, "]\n");
  for (size_t i = 0; i < count; i++)
    if (strncmp(forms[i], "%m/%d/", 6) == 0)
      comment(w, eh_arena_printf(w->arena,
                                 "CHECK: read as month/day/year; if the day comes first, write "
                                 "\"%%d/%%m/%s\".",
                                 forms[i] + 6));
}

static void put_records(struct writer *w) {
  eh_buffer_puts(&w->out, "\n");
  comment(w, "WHICH RECORDS ARE AUDITED: all, unless a condition says otherwise.");
  if (w->starter->roles[EH_ROLE_PERSON] >= 0) {
    eh_buffer_puts(&w->out, "records:\n");
    comment(w, "  keep: date >= 2016-01-01");
    eh_buffer_puts(&w->out, "  one_per: person  # records of one person are not independent\n");
  } else {
    comment(w, "records:");
    comment(w, "  keep: date >= 2016-01-01");
  }
}

static bool has_age(const struct writer *w) {
  return w->starter->roles[EH_ROLE_DATE] >= 0 && birth_column(w) >= 0 && w->names[birth_column(w)];
}

static const char *band_name(struct writer *w, int column) {
  return eh_arena_printf(w->arena, "%s_band", w->names[column]);
}

static void put_derive(struct writer *w) {
  const struct eh_starter *g = w->starter;
  bool banded = false;
  for (size_t i = 0; i < g->factor_count; i++)
    banded |= eh_starter_is_banded(w->survey, g->factors[i]);
  if (!has_age(w) && !banded) return;
  eh_buffer_puts(&w->out, "\n");
  comment(w, "NEW COLUMNS, made from others. [1, 3] are the bands under 1, 1-2, 3 and over.");
  eh_buffer_puts(&w->out, "derive:\n");
  if (has_age(w))
    eh_buffer_printf(&w->out,
                     "  age: {years_between: [%s, date]}\n  age_band: {bands: [18, 31, 65], of: "
                     "age}\n",
                     w->names[birth_column(w)]);
  for (size_t i = 0; i < g->factor_count; i++) {
    if (!eh_starter_is_banded(w->survey, g->factors[i])) continue;
    eh_buffer_printf(&w->out, "  %s: {bands: [%s], of: %s}\n", band_name(w, g->factors[i]),
                     eh_starter_bands(w->arena, w->survey, g->factors[i]), w->names[g->factors[i]]);
  }
}

static void put_marked(struct writer *w) {
  const char *marked = "";
  for (size_t c = 0; c < w->survey->column_count; c++)
    if (eh_starter_is_marked(w->survey, c))
      marked = eh_arena_printf(w->arena, "%s%s%s", marked, marked[0] ? ", " : "",
                               w->survey->columns[c].name);
  if (marked[0])
    comment(w, eh_arena_printf(w->arena,
                               "Read as text, for their separators or signs (bands need plain "
                               "numbers): %s",
                               marked));
}

static void put_factors(struct writer *w) {
  const struct eh_starter *g = w->starter;
  eh_buffer_puts(&w->out, "\n");
  comment(w,
          "WHO IS SIMILARLY SITUATED: people who agree in all of these. Guessed from the names: "
          "put here what");
  comment(w, "the policy tells officers to weigh, and take out what it does not.");
  eh_buffer_puts(&w->out, "similarly_situated: [");
  for (size_t i = 0; i < g->factor_count; i++)
    eh_buffer_printf(&w->out, "%s%s", i ? ", " : "",
                     eh_starter_is_banded(w->survey, g->factors[i]) ? band_name(w, g->factors[i])
                                                                    : w->names[g->factors[i]]);
  if (has_age(w)) eh_buffer_printf(&w->out, "%sage_band", g->factor_count ? ", " : "");
  eh_buffer_puts(&w->out, "]\n");
  const char *others = "";
  for (size_t c = 0; c < w->survey->column_count; c++) {
    const struct eh_survey_column *column = &w->survey->columns[c];
    if (w->names[c] || column->kind == EH_SURVEY_DATE || column->distinct > 30 ||
        column->distinct < 2)
      continue;
    others = eh_arena_printf(w->arena, "%s%s%s", others, others[0] ? ", " : "", column->name);
  }
  if (others[0]) comment(w, eh_arena_printf(w->arena, "Other columns with few values: %s", others));
  put_marked(w);
}

/* The values that make an event, and whether their words tell. */
static size_t event_values(const struct eh_survey *s, const struct eh_survey_column *c,
                           const struct eh_survey_value **values, bool *by_words) {
  size_t count = 0, recorded = 0;
  bool are_codes = eh_guess_are_codes(s, (size_t)(c - s->columns));
  const struct eh_survey_value *commonest = NULL;
  *by_words = true;
  for (size_t i = s->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (!can_stand_in_a_condition(v)) continue;
    recorded++;
    if (!commonest || v->records > commonest->records) commonest = v;
    bool is_event = eh_guess_yes_or_no(v->text) == 1 ||
                    (eh_guess_yes_or_no(v->text) < 0 && eh_guess_is_favourable(v->text));
    if (is_event && !are_codes && count < MOST_LISTED) values[count++] = v;
  }
  if (count && count < recorded) return count;
  *by_words = false;
  if (commonest) values[0] = commonest;
  return commonest != NULL;
}

/* Those that were answered. */
static size_t answered_values(const struct writer *w, const struct eh_survey_column *c,
                              const struct eh_survey_value **values) {
  size_t count = 0;
  for (size_t i = w->survey->missing_count; i < c->value_count && count < MOST_LISTED; i++)
    if (w->starter->events[i] && can_stand_in_a_condition(&c->values[i]))
      values[count++] = &c->values[i];
  return count;
}

const uint8_t *eh_starter_events(struct eh_arena *arena, const struct eh_survey *survey,
                                 int column) {
  const struct eh_survey_column *c = &survey->columns[column];
  uint8_t *events = eh_arena_alloc(arena, c->value_count, sizeof *events);
  const struct eh_survey_value *values[MOST_LISTED];
  bool by_words;
  size_t count = event_values(survey, c, values, &by_words);
  for (size_t i = 0; i < count; i++) events[values[i] - c->values] = 1;
  return events;
}

/* A box that is ticked or left blank. */
static void put_box(struct writer *w, int column, double sureness) {
  eh_buffer_printf(&w->out, "  %s:  # the column: %s; its values: %s, or blank\n",
                   quoted(w, w->survey->columns[column].name), eh_starter_sureness(sureness),
                   eh_safe_line(w->arena, sample(w, column)));
  eh_buffer_printf(&w->out, "    event: %s is not missing\n", w->names[column]);
}

static void put_measure(struct writer *w, int column, double sureness) {
  const struct eh_survey_column *c = &w->survey->columns[column];
  if (eh_guess_is_box(w->survey, (size_t)column)) {
    put_box(w, column, sureness);
    return;
  }
  const struct eh_survey_value *values[MOST_LISTED];
  bool by_words;
  size_t count = event_values(w->survey, c, values, &by_words);
  bool is_answered = w->starter->events && column == w->starter->outcomes[0];
  if (is_answered) count = answered_values(w, c, values);
  if (count == 0) return;
  bool is_flag = by_words && count == 1 && eh_guess_yes_or_no(values[0]->text) == 1;
  const char *name = is_flag ? c->name
                     : by_words && !is_answered
                         ? eh_arena_printf(w->arena, "favourable %s", c->name)
                         : eh_arena_printf(w->arena, "%s: %s%s", c->name, values[0]->text,
                                           count > 1 ? " and others" : "");
  eh_buffer_printf(&w->out, "  %s:  # the column: %s; its values: %s\n", quoted(w, name),
                   eh_starter_sureness(sureness),
                   is_answered ? "as answered"
                   : is_flag   ? "yes or no"
                   : by_words  ? "by their words: check"
                   : eh_guess_are_codes(w->survey, (size_t)column)
                       ? "codes, whose meaning only their code book tells: choose"
                       : "only the commonest: choose what is to be compared");
  eh_buffer_printf(&w->out, "    event: >-\n      %s in (\n", w->names[column]);
  for (size_t i = 0; i < count; i++)
    eh_buffer_printf(&w->out, "      %s%s\n", literal(w, values[i]->text),
                     i + 1 < count ? "," : ")");
  const char *others = "";
  for (size_t i = w->survey->missing_count, listed = 0; i < c->value_count && listed < 20; i++) {
    bool is_event = false;
    for (size_t k = 0; k < count; k++) is_event |= values[k] == &c->values[i];
    if (is_event || !c->values[i].records) continue;
    others = eh_arena_printf(w->arena, "%s%s%s", others, others[0] ? "; " : "", c->values[i].text);
    listed++;
  }
  eh_buffer_printf(&w->out, "    # not an event: %s\n", eh_safe_line(w->arena, others));
}

static void put_measures(struct writer *w) {
  eh_buffer_puts(&w->out, "\n");
  comment(w, "WHAT IS COMPARED: yes/no questions asked of each record.");
  eh_buffer_puts(&w->out, "measures:\n");
  for (size_t i = 0; i < w->starter->outcome_count; i++)
    put_measure(w, w->starter->outcomes[i], w->starter->outcome_sureness[i]);
}

/* What a reader would otherwise learn from a screen that misses weak dependence. */
static void put_dependence(struct writer *w) {
  const int *roles = w->starter->roles;
  bool officer = roles[EH_ROLE_OFFICER] >= 0, office = roles[EH_ROLE_OFFICE] >= 0;
  if (roles[EH_ROLE_DATE] < 0 || (!officer && !office)) return;
  const char *unit = officer ? "officer" : "office";
  eh_buffer_puts(&w->out, "\n");
  comment(w, eh_arena_printf(w->arena,
                             "DECISIONS THAT DEPEND ON EACH OTHER: ten cases that one %s decides "
                             "on one day tell less than",
                             unit));
  comment(w, "ten cases of ten days. Name what else holds cases together (a panel, a batch), as in");
  comment(w, eh_arena_printf(w->arena, "[[%s, date], [panel]]; none: they are independent.", unit));
  eh_buffer_printf(&w->out, "dependent_within: [%s, date]\n", unit);
}

static void put_rest(struct writer *w) {
  bool office = w->starter->roles[EH_ROLE_OFFICE] >= 0;
  bool officer = w->starter->roles[EH_ROLE_OFFICER] >= 0;
  eh_buffer_puts(&w->out, "\n");
  comment(w, "BETWEEN WHOM.");
  eh_buffer_puts(&w->out, "comparisons:\n");
  if (office) eh_buffer_puts(&w->out, "  - {across: office}\n");
  if (officer)
    eh_buffer_puts(&w->out,
                   office ? "  - {across: officer, within: office}\n" : "  - {across: officer}\n");
  put_dependence(w);
  eh_buffer_puts(&w->out, "\n");
  comment(w, "WHAT IS WORTH FLAGGING. These are the defaults.");
  eh_buffer_puts(&w->out,
                 "flag:\n  false_discovery_rate: 5%\n  smallest_difference: 10 points\n"
                 "  smallest_caseload: 30\n  confidence: 95%\n\n");
  comment(w, "WHAT VALID RECORDS LOOK LIKE: checked by `evenhand profile --rules`.");
  eh_buffer_puts(&w->out, "expect:\n  - {column: case, never: missing}\n");
  if (office) eh_buffer_puts(&w->out, "  - {column: office, never: missing}\n");
  if (officer) eh_buffer_puts(&w->out, "  - {column: officer, never: missing}\n");
  comment(w, "totals:");
  comment(w, "  - {name: figure from the annual report, where: date >= 2016-01-01, expected: 100}");
}

const char *eh_starter_text(struct eh_arena *arena, const struct eh_survey *survey,
                            const struct eh_starter *starter, const char *records) {
  struct writer w = {.arena = arena, .survey = survey, .starter = starter};
  w.names = eh_arena_alloc(arena, survey->column_count, sizeof *w.names);
  const char *file = strrchr(records, '/') ? strrchr(records, '/') + 1 : records;
  comment(&w, eh_arena_printf(arena, "Starter rules for evenhand, guessed from %s (%s).", file,
                              eh_words_of(arena, survey->rows, "record", "records")));
  comment(&w,
          "Everything here is a guess from names and values: read it, and change what is wrong.");
  comment(&w,
          "  evenhand check RULES RECORDS    evenhand explain RULES    evenhand audit RULES "
          "RECORDS -o audit.xlsx");
  eh_buffer_printf(&w.out, "\nevenhand: 1\ntitle: %s\n",
                   quoted(&w, eh_arena_printf(arena, "Consistency of decisions in %s",
                                              eh_safe_line(arena, file))));
  put_columns(&w);
  put_individuals(&w);
  put_missing(&w);
  put_records(&w);
  put_derive(&w);
  put_factors(&w);
  put_measures(&w);
  put_rest(&w);
  const char *text = eh_arena_copy(arena, w.out.text, w.out.length);
  eh_buffer_free(&w.out);
  return text;
}
