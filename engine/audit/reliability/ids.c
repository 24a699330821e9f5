/* Ids that are no longer what was recorded: long numbers that a spreadsheet wrote in E notation,
 * leading zeros that it took away, one id for everybody who has none; and exports that were cut
 * where a sheet ends. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"
#include "engine/load/survey/guess.h"

/* Records below a header line on a full sheet of .xls, and of .xlsx. */
enum { XLS_RECORDS = 65535, XLSX_RECORDS = 1048575 };
enum { NAMED = 3 };

/* "2.01E+11": digits, perhaps with a point, E, a sign and digits. */
static bool is_e_notation(const char *text) {
  size_t digits = strspn(text, "0123456789.,");
  const char *rest = text + digits;
  if (digits == 0 || !isdigit((unsigned char)text[0]) || toupper((unsigned char)*rest) != 'E')
    return false;
  if (rest[1] != '+') return false;
  size_t power = strspn(rest + 2, "0123456789");
  return power > 0 && rest[2 + power] == '\0';
}

/* Of the column of an id one is enough; of another, most of its values must look so. */
static void doubt_lost_digits(struct eh_assessment *a, const struct eh_survey_column *c,
                              bool is_id) {
  const struct eh_survey_value *example = NULL;
  uint64_t values = 0, records = 0, recorded = a->survey->rows - c->missing;
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (v->records == 0 || !is_e_notation(v->text)) continue;
    if (!example || v->records > example->records) example = v;
    values++;
    records += v->records;
  }
  if (!example || (!is_id && 2 * records < recorded)) return;
  eh_assess_doubt(
      a,
      &(struct eh_doubt){
          .kind = EH_DOUBT_LOST_DIGITS,
          .column = c->name,
          .records = records,
          .of = recorded,
          .text = eh_arena_printf(
              a->arena,
              "%s holds %s in E notation in %s ('%s'), as spreadsheets write long numbers: the "
              "digits are lost and different ids look alike; get the file anew, with this column "
              "as text.",
              c->name, eh_words_of(a->arena, values, "value", "values"),
              eh_words_of(a->arena, records, "record", "records"), example->text)});
}

/* An id of digits, and what is left of it without the zeros at its beginning. */
struct digits {
  const char *significant;
  const struct eh_survey_value *value;
};

static int by_digits(const void *left, const void *right) {
  const struct digits *x = left, *y = right;
  int order = strcmp(x->significant, y->significant);
  if (order) return order;
  return (x->value->length > y->value->length) - (x->value->length < y->value->length);
}

static size_t list_digits(const struct eh_assessment *a, const struct eh_survey_column *c,
                          struct digits *list) {
  size_t count = 0;
  for (size_t i = a->survey->missing_count; i < c->value_count; i++) {
    const struct eh_survey_value *v = &c->values[i];
    if (v->records == 0 || v->length == 0 || strspn(v->text, "0123456789") != v->length) continue;
    size_t zeros = strspn(v->text, "0");
    if (zeros < v->length) list[count++] = (struct digits){v->text + zeros, v};
  }
  if (count) qsort(list, count, sizeof *list, by_digits);
  return count;
}

/* The longest form of those that are alike is what the others were: how many digits it has. */
struct lost_zeros {
  uint64_t ids, records; /* ids written in several ways, and the records of all but the longest */
  size_t longest;
  const char *examples;
};

static struct lost_zeros find_lost_zeros(struct eh_arena *arena, const struct digits *list,
                                         size_t count) {
  struct lost_zeros lost = {.examples = ""};
  for (size_t i = 0, n; i < count; i += n) {
    for (n = 1; i + n < count && strcmp(list[i].significant, list[i + n].significant) == 0; n++)
      lost.records += list[i + n - 1].value->records;
    if (n == 1) continue;
    const struct eh_survey_value *full = list[i + n - 1].value;
    if (full->length > lost.longest) lost.longest = full->length;
    if (lost.ids++ < NAMED)
      lost.examples = eh_arena_printf(arena, "%s%s'%s' and '%s'", lost.examples,
                                      lost.ids > 1 ? ", " : "", full->text, list[i].value->text);
  }
  return lost;
}

static void doubt_lost_zeros(struct eh_assessment *a, const struct eh_survey_column *c) {
  struct digits *list = eh_alloc(c->value_count + 1, sizeof *list);
  struct lost_zeros lost = find_lost_zeros(a->arena, list, list_digits(a, c, list));
  free(list);
  if (lost.ids == 0) return;
  eh_assess_doubt(
      a, &(struct eh_doubt){
             .kind = EH_DOUBT_LOST_ZEROS,
             .column = c->name,
             .records = lost.records,
             .of = a->survey->rows - c->missing,
             .text = eh_arena_printf(
                 a->arena,
                 "%s: %s equal but for zeros at the beginning, which spreadsheets take away, and "
                 "count%s as different: %s%s; if they are the same, `ids: {%s: digits %zu}` in the "
                 "rules puts the zeros back.",
                 c->name, eh_words_of(a->arena, lost.ids, "id is", "ids are"),
                 lost.ids == 1 ? "s" : "", lost.examples, lost.ids > NAMED ? " and more" : "",
                 c->name, lost.longest)});
}

/* An id that far more records have than any other: that of everybody who has none. */
static void doubt_one_for_many(struct eh_assessment *a, size_t column) {
  const struct eh_survey_column *c = &a->survey->columns[column];
  uint64_t next;
  const struct eh_survey_value *most = eh_guess_one_for_many(a->survey, column, &next);
  if (!most) return;
  eh_assess_doubt(
      a, &(struct eh_doubt){
             .kind = EH_DOUBT_ONE_FOR_MANY,
             .column = c->name,
             .records = most->records,
             .of = a->survey->rows - c->missing,
             .text = eh_arena_printf(
                 a->arena,
                 "%s '%s' stands in %s, no other in more than %s: it may be what is written where "
                 "the person is not known; then list it under `missing` in the rules.",
                 c->name, most->text, eh_words_of(a->arena, most->records, "record", "records"),
                 eh_words_count(a->arena, next))});
}

static void doubt_cut_off(struct eh_assessment *a, const struct eh_input *input) {
  bool is_xls = input->records == XLS_RECORDS, is_xlsx = input->records == XLSX_RECORDS;
  if (!is_xls && !is_xlsx) return;
  eh_assess_doubt(
      a,
      &(struct eh_doubt){
          .kind = EH_DOUBT_CUT_OFF,
          .records = input->records,
          .of = input->records,
          .text = eh_arena_printf(
              a->arena,
              "%s holds exactly %s records, as many as a sheet of %s below its header: it may "
              "have been cut off there; ask how many there should be.",
              input->name, eh_words_count(a->arena, input->records), is_xls ? ".xls" : ".xlsx")});
}

static bool is_id(const struct eh_survey *s, size_t column) {
  int c = (int)column;
  bool found = c == s->roles.case_column || c == s->roles.person_column;
  for (size_t u = 0; u < s->roles.unit_count; u++) found |= c == s->roles.units[u];
  return found;
}

void eh_assess_ids(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  for (size_t c = 0; c < s->column_count; c++) {
    if (s->columns[c].is_derived) continue;
    doubt_lost_digits(a, &s->columns[c], is_id(s, c));
    if (is_id(s, c)) doubt_lost_zeros(a, &s->columns[c]);
    if ((int)c == s->roles.person_column) doubt_one_for_many(a, c);
  }
  for (size_t i = 0; i < s->account.input_count; i++) doubt_cut_off(a, &s->account.inputs[i]);
}
