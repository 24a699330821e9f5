/* `header` and `totals_rows`: which rows of a file name the columns, and which are records. */
#include "rules/read/internal.h"

enum { MOST_LINES = 1000 }; /* before a header */

struct eh_header_place eh_read_header_of(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"line", "of"};
  struct eh_header_place place = {.count = 1};
  if (!node) return place;
  place.place = node->place;
  if (!eh_read_map(reader, node, "`header`", keys, sizeof keys / sizeof keys[0])) return place;
  const struct eh_node *line = eh_read_get(node, "line"), *of = eh_read_get(node, "of");
  if (line)
    eh_read_count(reader, line, "`line`", 1, MOST_LINES, &place.line);
  else
    eh_read_problem(reader, node->place,
                    "`header` needs `line: ` and the number of the line that names the columns, as "
                    "in {line: 3}");
  if (of) eh_read_count(reader, of, "`of`", 1, 2, &place.count);
  return place;
}

enum eh_totals_rows eh_read_totals_rows_of(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const words[] = {"leave out", "keep"};
  if (!node) return EH_TOTALS_NOT_SAID;
  int word = eh_read_word(reader, node, "`totals_rows`", words, sizeof words / sizeof words[0]);
  return word < 0 ? EH_TOTALS_NOT_SAID : word == 1 ? EH_TOTALS_KEEP : EH_TOTALS_LEAVE_OUT;
}

void eh_read_header(struct eh_reader *reader, const struct eh_node *node) {
  reader->rules->header = eh_read_header_of(reader, node);
}

void eh_read_totals_rows(struct eh_reader *reader, const struct eh_node *node) {
  reader->rules->totals_rows = eh_read_totals_rows_of(reader, node);
}
