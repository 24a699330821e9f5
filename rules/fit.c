/* Do rules fit the records: does every header that they name stand there? */
#include <stdlib.h>
#include <string.h>

#include "rules/lex.h"

struct fitting {
  const struct eh_rules *rules;
  const char *const *headers;
  size_t header_count;
  const char *records;
  struct eh_problems *problems;
  bool is_listed; /* the records' columns were listed in a problem: once is enough */
};

static struct eh_excerpt shown(const char *text) { return eh_excerpt_of(text, strlen(text)); }

static size_t count_header(const struct fitting *fitting, const char *header) {
  size_t count = 0;
  for (size_t i = 0; i < fitting->header_count; i++)
    count += strcmp(fitting->headers[i], header) == 0;
  return count;
}

/* The nearest of the headers and of the rules' own names: a plain name that is no header may be a
   slip for either. */
static const char *nearest(const struct fitting *fitting, const struct eh_column *column) {
  const struct eh_rules *rules = fitting->rules;
  bool is_listed = strcmp(column->name, column->header) != 0;
  size_t count = fitting->header_count + (is_listed ? 0 : rules->name_count);
  const char **known = eh_alloc(count, sizeof *known);
  size_t filled = 0;
  for (size_t i = 0; i < fitting->header_count; i++) known[filled++] = fitting->headers[i];
  for (size_t i = 0; i < rules->name_count && !is_listed; i++) {
    if (strcmp(rules->names[i], column->name) != 0) known[filled++] = rules->names[i];
  }
  const char *found = eh_rules_nearest(column->header, known, filled);
  free(known);
  return found;
}

/* Say that a header is not there. */
static void add_absent(struct fitting *fitting, const struct eh_column *column) {
  const char *near = nearest(fitting, column);
  struct eh_buffer message = {0};
  bool is_listed = strcmp(column->name, column->header) != 0;
  eh_buffer_printf(&message, "%.200s has no column `%s`", fitting->records,
                   shown(column->header).text);
  if (!is_listed && !near) eh_buffer_puts(&message, ", and the rules derive none");
  if (near) {
    eh_buffer_printf(&message, "; did you mean `%s`?", shown(near).text);
  } else if (fitting->is_listed) {
    eh_buffer_puts(&message, "; name one that it has");
  } else {
    fitting->is_listed = true;
    eh_buffer_puts(&message, "; its columns are ");
    for (size_t i = 0; i < fitting->header_count && message.length < 600; i++)
      eh_buffer_printf(&message, "%s%s", i ? ", " : "", shown(fitting->headers[i]).text);
  }
  eh_problems_add(fitting->problems, fitting->rules->file, column->place, "%s", message.text);
  eh_buffer_free(&message);
}

enum eh_status eh_rules_fit(const struct eh_rules *rules, const char *const *headers,
                            size_t header_count, const char *records,
                            struct eh_problems *problems) {
  struct fitting fitting = {rules, headers, header_count, records, problems, false};
  size_t before = problems->count;
  for (size_t i = 0; i < rules->column_count; i++) {
    const struct eh_column *column = &rules->columns[i];
    if (column->kind != EH_GIVEN) continue;
    size_t count = count_header(&fitting, column->header);
    if (count == 0) add_absent(&fitting, column);
    if (count > 1)
      eh_problems_add(problems, rules->file, column->place,
                      "%.200s has %zu columns named `%s`; rename all but the one that is meant",
                      records, count, shown(column->header).text);
  }
  if (problems->count == before) return EH_OK;
  eh_problems_sort(problems, before);
  return EH_BAD_RULES;
}
