#include "rules/evaluate/labels.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"

/* Above this, whole numbers have no successor of their own. */
static const double largest_whole = 9007199254740992.0;

static bool is_whole(double bound) { return bound == floor(bound) && fabs(bound) <= largest_whole; }

static bool all_whole(const struct eh_column *column) {
  for (size_t i = 0; i < column->bound_count; i++)
    if (!is_whole(column->bounds[i])) return false;
  return true;
}

/* Whole bounds are written out: 100000, where the shortest form is 1e+05. */
static void format_bound(double bound, char text[32]) {
  if (is_whole(bound))
    snprintf(text, 32, "%.0f", bound + 0.0);
  else
    eh_number_format(bound, text);
}

const char *eh_label_band(struct eh_arena *arena, const struct eh_column *column, size_t band) {
  char low[32], high[32];
  assert(column->bound_count > 0 && band <= column->bound_count);
  if (band == 0) {
    format_bound(column->bounds[0], high);
    return eh_arena_printf(arena, "under %s", high);
  }
  double from = column->bounds[band - 1];
  format_bound(from, low);
  if (band == column->bound_count) return eh_arena_printf(arena, "%s and over", low);
  double to = column->bounds[band];
  bool whole = all_whole(column);
  format_bound(whole ? to - 1 : to, high);
  if (!whole) return eh_arena_printf(arena, "%s to under %s", low, high);
  if (to - 1 == from) return eh_arena_string(arena, low);
  /* -5--1 would be hard to read. */
  return eh_arena_printf(arena, from < 0 ? "%s to %s" : "%s-%s", low, high);
}

void eh_label_period(enum eh_column_kind kind, int32_t day, char label[16]) {
  struct eh_civil civil = eh_date_to_civil(day);
  if (kind == EH_MONTH)
    snprintf(label, 16, "%04d-%02d", civil.year, civil.month);
  else if (kind == EH_QUARTER)
    snprintf(label, 16, "%04dQ%d", civil.year, (civil.month + 2) / 3);
  else if (kind == EH_YEAR)
    snprintf(label, 16, "%04d", civil.year);
  else /* a fiscal year is called by the calendar year in which it ends, on 30 September */
    snprintf(label, 16, "FY%04d", civil.year + (civil.month >= 10));
}

static bool is_label(const char *known, const char *label, size_t length) {
  return known && strlen(known) == length && memcmp(known, label, length) == 0;
}

/* Does the label have the form: 9 for a digit, anything else for itself? */
static bool has_form(const char *form, const char *label, size_t length) {
  if (length != strlen(form)) return false;
  for (size_t i = 0; i < length; i++) {
    bool digit = label[i] >= '0' && label[i] <= '9';
    if (form[i] == '9' ? !digit : label[i] != form[i]) return false;
  }
  return true;
}

static bool is_month(const char *label, size_t length) {
  int month = has_form("9999-99", label, length) ? 10 * (label[5] - '0') + label[6] - '0' : 0;
  return month >= 1 && month <= 12;
}

static bool is_band(const struct eh_column *column, const char *label, size_t length) {
  struct eh_arena *scratch = eh_arena_new();
  bool found = column->bound_count == 0;
  for (size_t i = 0; i <= column->bound_count && !found; i++)
    found = is_label(eh_label_band(scratch, column, i), label, length);
  eh_arena_free(scratch);
  return found;
}

static bool is_choice(const struct eh_column *column, const char *label, size_t length) {
  for (size_t i = 0; i < column->choice_count; i++)
    if (is_label(column->choices[i].label, label, length)) return true;
  return column->choice_count == 0 || is_label(column->otherwise, label, length);
}

bool eh_label_possible(const struct eh_column *column, const char *label, size_t length) {
  switch (column->kind) {
    case EH_BANDS:
      return is_band(column, label, length);
    case EH_FIRST_OF:
    case EH_RECODE:
    case EH_SOURCE:
      return is_choice(column, label, length);
    case EH_MONTH:
      return is_month(label, length);
    case EH_QUARTER:
      return has_form("9999Q9", label, length) && label[5] >= '1' && label[5] <= '4';
    case EH_YEAR:
      return has_form("9999", label, length);
    case EH_FISCAL_YEAR:
      return has_form("FY9999", label, length);
    case EH_GIVEN:
    case EH_YEARS_BETWEEN:
    case EH_DAYS_BETWEEN:
    case EH_POLICY:
      break;
  }
  return true;
}

bool eh_label_all_numbers(const struct eh_column *column) {
  double number;
  if (column->kind == EH_YEAR) return true;
  if (column->kind != EH_FIRST_OF && column->kind != EH_RECODE) return false;
  for (size_t i = 0; i < column->choice_count; i++) {
    const char *label = column->choices[i].label;
    if (!eh_number_parse(label, strlen(label), &number)) return false;
  }
  return !column->otherwise ||
         eh_number_parse(column->otherwise, strlen(column->otherwise), &number);
}

const char *eh_label_sample(struct eh_arena *arena, const struct eh_column *column) {
  switch (column->kind) {
    case EH_BANDS:
      return column->bound_count ? eh_label_band(arena, column, column->bound_count) : "";
    case EH_FIRST_OF:
    case EH_RECODE:
    case EH_SOURCE:
      return column->choice_count ? column->choices[0].label : "";
    case EH_MONTH:
      return "2016-11";
    case EH_QUARTER:
      return "2016Q4";
    case EH_YEAR:
      return "2016";
    case EH_FISCAL_YEAR:
      return "FY2017";
    case EH_GIVEN:
    case EH_YEARS_BETWEEN:
    case EH_DAYS_BETWEEN:
    case EH_POLICY:
      break;
  }
  return "";
}
