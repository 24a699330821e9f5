/* Numbers among the factors, in bands: nobody has peers of exactly the same score. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reports/starter/text.h"

enum { FEW_NUMBERS = 5 };
static const double MOST = 0.9;

static int ascending(const void *a, const void *b) {
  const struct eh_survey_value *x = *(const struct eh_survey_value *const *)a,
                               *y = *(const struct eh_survey_value *const *)b;
  return (x->number > y->number) - (x->number < y->number);
}

/* The numbers below which a quarter, a half and three quarters of the records lie, each once,
   rounded up; how many. */
static size_t cuts_of(const struct eh_survey *s, const struct eh_survey_column *c, double cuts[3]) {
  const struct eh_survey_value **order = eh_alloc(c->value_count, sizeof(struct eh_survey_value *));
  size_t count = 0, cut = 0;
  double records = 0, before = 0;
  for (size_t i = s->missing_count; i < c->value_count; i++)
    if (c->values[i].is_number && c->values[i].records) {
      order[count++] = &c->values[i];
      records += (double)c->values[i].records;
    }
  if (count) qsort((void *)order, count, sizeof(struct eh_survey_value *), ascending);
  for (size_t i = 0, quarter = 1; i < count && quarter < 4; i++) {
    before += (double)order[i]->records;
    for (; quarter < 4 && before >= (double)quarter * records / 4; quarter++) {
      double next = floor(order[i]->number) + 1;
      if (i + 1 < count && (cut == 0 || next > cuts[cut - 1])) cuts[cut++] = next;
    }
  }
  free((void *)order);
  return cut;
}

static bool is_age(const char *name) {
  return strncasecmp(name, "age", 3) == 0 && !isalpha((unsigned char)name[3]);
}

bool eh_starter_is_banded(const struct eh_survey *s, int column) {
  const struct eh_survey_column *c = &s->columns[column];
  return c->kind == EH_SURVEY_NUMBER && c->distinct > FEW_NUMBERS;
}

const char *eh_starter_bands(struct eh_arena *arena, const struct eh_survey *s, int column) {
  const struct eh_survey_column *c = &s->columns[column];
  if (is_age(c->name)) return "18, 31, 65";
  double cuts[3];
  size_t count = cuts_of(s, c, cuts);
  const char *text = "";
  for (size_t i = 0; i < count; i++)
    text = eh_arena_printf(arena, "%s%s%.0f", text, i ? ", " : "", cuts[i]);
  return count ? text : "1";
}

/* "2.941,90", "$1,000": digits and marks only. */
static bool is_marked_number(const struct eh_survey_value *v) {
  bool has_digit = false, has_mark = false;
  const char *s = v->text;
  if (strncmp(s, "\xE2\x82\xAC", 3) == 0 || strncmp(s, "\xC2\xA3", 2) == 0)
    s += s[0] == '\xC2' ? 2 : 3; /* euro, pound */
  for (; *s; s++) {
    if (isdigit((unsigned char)*s))
      has_digit = true;
    else if (strchr(",.'$% ", *s))
      has_mark = true;
    else
      return false;
  }
  return has_digit && has_mark;
}

bool eh_starter_is_marked(const struct eh_survey *s, size_t column) {
  const struct eh_survey_column *c = &s->columns[column];
  double marked = 0, all = 0;
  if (c->kind != EH_SURVEY_TEXT) return false;
  for (size_t i = s->missing_count; i < c->value_count; i++) {
    all += (double)c->values[i].records;
    if (is_marked_number(&c->values[i])) marked += (double)c->values[i].records;
  }
  return all > 0 && marked >= MOST * all;
}
