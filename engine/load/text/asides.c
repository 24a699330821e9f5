#include "engine/load/text/asides.h"

#include <string.h>
#include <strings.h>

#include "engine/load/containers/total.h"

static bool is_header(const struct eh_field *fields, size_t count, size_t columns,
                      const char *const *names) {
  if (!names || count != columns || columns < 2) return false;
  for (size_t i = 0; i < count; i++)
    if (strlen(names[i]) != fields[i].length ||
        strncasecmp(names[i], fields[i].text, fields[i].length) != 0)
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
  if (2 * filled <= columns && eh_total_is_label(fields[first].text, fields[first].length)) return EH_CSV_TOTAL;
  if (filled == 1 && columns > 2) return EH_CSV_ONE_CELL;
  return is_header(fields, count, columns, names) ? EH_CSV_HEADER_AGAIN : EH_CSV_PROBLEMS;
}

bool eh_aside_may_be(struct eh_field first, size_t filled, size_t looked_at,
                     const char *first_name) {
  if (filled <= 1 && looked_at > 1) return true;
  if (first.length == 0) return 2 * filled <= looked_at;
  /* A label begins with a letter, or ends with one of these. */
  static const char lasts[] = "lLsStT: ";
  bool may_be = first.text[0] > '9' || memchr(lasts, first.text[first.length - 1], sizeof lasts - 1);
  if (may_be && eh_total_is_label(first.text, first.length)) return true;
  return first_name && strlen(first_name) == first.length &&
         strncasecmp(first_name, first.text, first.length) == 0;
}
