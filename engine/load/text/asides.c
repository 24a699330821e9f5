#include "engine/load/text/asides.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "engine/load/containers/total.h"

/* "Note:", "Source", "* provisional": what stands before the text of a note in a cell of its own.
 */
static bool is_note(const struct eh_field *field) {
  static const char *const begins[] = {"note",     "notes",   "source", "sources",     "footnote",
                                       "remark",   "remarks", "as of",  "prepared by", "generated",
                                       "printed",  "nota",    "fuente", "quelle",      "hinweis",
                                       "remarque", NULL};
  size_t length = field->length;
  if (field->text[0] == '*' && length < 4) return true;
  while (length && strchr(": .)", field->text[length - 1])) length--;
  while (length && isdigit((unsigned char)field->text[length - 1])) length--;
  while (length && strchr(" (", field->text[length - 1])) length--;
  for (const char *const *word = begins; *word; word++)
    if (strlen(*word) == length && strncasecmp(*word, field->text, length) == 0) return true;
  return false;
}

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
  if (2 * filled <= columns && eh_total_is_label(fields[first].text, fields[first].length))
    return EH_CSV_TOTAL;
  /* Many cells of it are filled: sums, and what a report repeats. */
  if (first == 0 && filled < columns && eh_total_is_plain_label(fields[0].text, fields[0].length))
    return EH_CSV_TOTAL;
  if (filled == 1 && columns > 2) return EH_CSV_ONE_CELL;
  if (filled == 2 && columns > 4 && is_note(&fields[first])) return EH_CSV_NOTE;
  return is_header(fields, count, columns, names) ? EH_CSV_HEADER_AGAIN : EH_CSV_PROBLEMS;
}

/* Quick: "yes" must be asked of is_note. */
static bool may_begin_note(const struct eh_field *field) {
  if (field->length < 2) return field->length && field->text[0] == '*';
  unsigned char second = (unsigned char)field->text[1];
  return field->text[0] == '*' || (field->text[0] > '9' && isalpha(second) &&
                                   (field->length == 2 || !isdigit((unsigned char)field->text[2])));
}

bool eh_aside_may_be(struct eh_field first, size_t filled, size_t looked_at,
                     const char *first_name) {
  if (filled <= 1 && looked_at > 1) return true;
  if (first.length == 0) return 2 * filled <= looked_at;
  /* A label begins with a letter, or ends with one of these. */
  static const char lasts[] = "lLsStT: ";
  bool may_be =
      first.text[0] > '9' || memchr(lasts, first.text[first.length - 1], sizeof lasts - 1);
  if (may_be && eh_total_is_label(first.text, first.length)) return true;
  if (may_begin_note(&first) && is_note(&first)) return true;
  return first_name && strlen(first_name) == first.length &&
         strncasecmp(first_name, first.text, first.length) == 0;
}
