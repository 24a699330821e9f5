/* Do rules fit the records: does every header that they name stand there? */
#include <stdlib.h>
#include <string.h>

#include "rules/language/inputs.h"
#include "rules/language/lex.h"

struct fitting {
  const struct eh_rules *rules;
  const struct eh_rules_input *input; /* NULL: the rules have none */
  const char *const *headers;
  size_t header_count;
  const char *records;
  struct eh_problems *problems;
  bool headers_shown; /* the records' columns were listed in a problem: once is enough */
  bool has_known;     /* some column is there: the headers are headers, and no values of a record */
};

static struct eh_excerpt shown(const char *text) { return eh_excerpt_of(text, strlen(text)); }

static size_t count_header(const struct fitting *fitting, const char *header) {
  size_t count = 0;
  for (size_t i = 0; i < fitting->header_count; i++)
    count += strcmp(fitting->headers[i], header) == 0;
  return count;
}

/* Where the rules say under which header a column stands. */
static struct eh_place place_of(const struct fitting *fitting, size_t column) {
  if (fitting->input) return fitting->input->columns[column].place;
  return fitting->rules->columns[column].place;
}

/* Did somebody write the header as one, or is it a name of the rules taken for one? */
static bool is_listed(const struct fitting *fitting, size_t column) {
  const char *header = eh_rules_header(fitting->rules, fitting->input, column);
  return strcmp(fitting->rules->columns[column].name, header) != 0;
}

/* The nearest of the headers and of the rules' own names: a plain name that is no header may be a
   slip for either. */
static const char *nearest(const struct fitting *fitting, size_t column) {
  const struct eh_rules *rules = fitting->rules;
  bool listed = is_listed(fitting, column);
  size_t count = fitting->header_count + (listed ? 0 : rules->name_count);
  const char **known = eh_alloc(count, sizeof *known);
  size_t filled = 0;
  for (size_t i = 0; i < fitting->header_count; i++) known[filled++] = fitting->headers[i];
  for (size_t i = 0; i < rules->name_count && !listed; i++) {
    if (strcmp(rules->names[i], rules->columns[column].name) != 0)
      known[filled++] = rules->names[i];
  }
  const char *found =
      eh_rules_nearest(eh_rules_header(rules, fitting->input, column), known, filled);
  free(known);
  return found;
}

/* What to do where nothing is near. */
static void add_choice(struct fitting *fitting, struct eh_buffer *message) {
  if (fitting->headers_shown) {
    eh_buffer_puts(message, "; name one that it has");
    return;
  }
  fitting->headers_shown = true;
  if (!fitting->has_known) {
    eh_buffer_puts(message,
                   ", nor any other of the rules; does its first line (after --skip-lines) "
                   "name the columns, and is the delimiter right?");
    return;
  }
  eh_buffer_puts(message, "; its columns are ");
  for (size_t i = 0; i < fitting->header_count && message->length < 600; i++)
    eh_buffer_printf(message, "%s%s", i ? ", " : "", shown(fitting->headers[i]).text);
}

/* Say that a header is not there. */
static void add_absent(struct fitting *fitting, size_t index) {
  const struct eh_column *column = &fitting->rules->columns[index];
  const char *near = nearest(fitting, index);
  struct eh_buffer message = {0};
  bool listed = is_listed(fitting, index);
  eh_buffer_printf(&message, "%.200s has no column `%s`", fitting->records,
                   shown(eh_rules_header(fitting->rules, fitting->input, index)).text);
  if (listed && fitting->input) eh_buffer_printf(&message, " for `%s`", shown(column->name).text);
  if (!listed && !near) eh_buffer_puts(&message, ", and the rules derive none");
  if (near)
    eh_buffer_printf(&message, "; did you mean `%s`?", shown(near).text);
  else
    add_choice(fitting, &message);
  if (fitting->input && (int)index != fitting->rules->case_column)
    eh_buffer_printf(&message, " (`%s: missing` under `columns` of %s says that it has none)",
                     shown(column->name).text, shown(fitting->input->name).text);
  eh_problems_add(fitting->problems, fitting->rules->file, place_of(fitting, index), "%s",
                  message.text);
  eh_buffer_free(&message);
}

enum eh_status eh_rules_fit_input(const struct eh_rules *rules, const struct eh_rules_input *input,
                                  const char *const *headers, size_t header_count,
                                  const char *records, struct eh_problems *problems) {
  struct fitting fitting = {.rules = rules,
                            .input = input,
                            .headers = headers,
                            .header_count = header_count,
                            .records = records,
                            .problems = problems};
  size_t before = problems->count;
  for (size_t i = 0; i < rules->column_count; i++) {
    const char *header = eh_rules_header(rules, input, i);
    fitting.has_known |= header && count_header(&fitting, header) > 0;
  }
  for (size_t i = 0; i < rules->column_count; i++) {
    const char *header = eh_rules_header(rules, input, i);
    if (!header) continue;
    size_t count = count_header(&fitting, header);
    if (count == 0) add_absent(&fitting, i);
    if (count > 1)
      eh_problems_add(problems, rules->file, place_of(&fitting, i),
                      "%.200s has %zu columns named `%s`; rename all but the one that is meant",
                      records, count, shown(header).text);
  }
  if (problems->count == before) return EH_OK;
  eh_problems_sort(problems, before);
  return EH_BAD_RULES;
}

enum eh_status eh_rules_fit(const struct eh_rules *rules, const char *const *headers,
                            size_t header_count, const char *records,
                            struct eh_problems *problems) {
  return eh_rules_fit_input(rules, NULL, headers, header_count, records, problems);
}
