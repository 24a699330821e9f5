#include "engine/load/text/asides.h"

#include <string.h>
#include <strings.h>

static bool is_one_of(const char *const *words, size_t count, const char *text, size_t length) {
  for (size_t i = 0; i < count; i++)
    if (strlen(words[i]) == length && strncasecmp(words[i], text, length) == 0) return true;
  return false;
}

static bool ends_with(const char *word, const char *text, size_t length) {
  size_t bytes = strlen(word);
  return length > bytes && text[length - bytes - 1] == ' ' &&
         strncasecmp(word, text + length - bytes, bytes) == 0;
}

static bool is_total(struct eh_field field) {
  static const char *const wholes[] = {"total",    "totals",    "grand total", "grand totals",
                                       "subtotal", "sub-total", "sum",         "summe",
                                       "gesamt",   "insgesamt", "suma",        "totaal"};
  static const char *const ends[] = {"total", "totals", "subtotal", "count"};
  size_t length = field.length;
  while (length && (field.text[length - 1] == ':' || field.text[length - 1] == ' ')) length--;
  if (is_one_of(wholes, sizeof wholes / sizeof wholes[0], field.text, length)) return true;
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    if (ends_with(ends[i], field.text, length)) return true;
  return false;
}

static bool is_header(const struct eh_field *fields, size_t count, size_t columns,
                      const char *const *names) {
  if (!names || count != columns || columns < 2) return false;
  for (size_t i = 0; i < count; i++)
    if (strlen(names[i]) != fields[i].length ||
        memcmp(names[i], fields[i].text, fields[i].length) != 0)
      return false;
  return true;
}

enum eh_csv_problem eh_aside_of(const struct eh_field *fields, size_t count, size_t columns,
                                const char *const *names) {
  size_t filled = 0, first = count;
  for (size_t i = 0; i < count; i++) {
    if (fields[i].length == 0) continue;
    filled++;
    if (first == count) first = i;
  }
  if (filled == 0) return EH_CSV_PROBLEMS;
  if (2 * filled <= columns && is_total(fields[first])) return EH_CSV_TOTAL;
  if (filled == 1 && columns > 2) return EH_CSV_ONE_CELL;
  return is_header(fields, count, columns, names) ? EH_CSV_HEADER_AGAIN : EH_CSV_PROBLEMS;
}

bool eh_aside_may_be(struct eh_field first, size_t filled, size_t looked_at,
                     const char *first_name) {
  if (filled <= 1 && looked_at > 1) return true;
  if (first.length == 0) return 2 * filled <= looked_at;
  /* What a total's last letter can be; a colon or a blank may follow. */
  static const char lasts[] = "lLsSmMeEtTaA: ";
  if (memchr(lasts, first.text[first.length - 1], sizeof lasts - 1) && is_total(first)) return true;
  return first_name && strlen(first_name) == first.length &&
         memcmp(first_name, first.text, first.length) == 0;
}
