#include "rules/language/inputs.h"

#include <fnmatch.h>
#include <string.h>

#include "rules/language/parse.h"

/* What compressed files end with, beyond the name of what they hold. */
static const char *const endings[] = {".gz", ".zst"};

static const char *base_name(const char *file) {
  const char *slash = strrchr(file, '/');
  return slash ? slash + 1 : file;
}

static bool fits(const struct eh_rules_input *input, const char *name) {
  for (size_t i = 0; i < input->pattern_count; i++)
    if (fnmatch(input->patterns[i], name, 0) == 0) return true;
  return false;
}

static const struct eh_rules_input *find(const struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->input_count; i++)
    if (fits(&rules->inputs[i], name)) return &rules->inputs[i];
  return NULL;
}

const struct eh_rules_input *eh_rules_input_of(const struct eh_rules *rules, const char *file) {
  const char *name = base_name(file);
  size_t length = strlen(name);
  const struct eh_rules_input *input = find(rules, name);
  for (size_t e = 0; e < sizeof endings / sizeof endings[0] && !input; e++) {
    size_t ending = strlen(endings[e]);
    if (length <= ending || strcmp(name + length - ending, endings[e]) != 0) continue;
    struct eh_buffer shorter = {0};
    eh_buffer_add(&shorter, name, length - ending);
    input = find(rules, shorter.text);
    eh_buffer_free(&shorter);
  }
  for (size_t i = 0; i < rules->input_count && !input; i++)
    if (rules->inputs[i].pattern_count == 0) input = &rules->inputs[i];
  return input;
}

enum eh_status eh_rules_match(const struct eh_rules *rules, const char *file,
                              const struct eh_rules_input **input, struct eh_problems *problems) {
  *input = NULL;
  if (rules->input_count == 0) return EH_OK;
  *input = eh_rules_input_of(rules, file);
  if (*input) return EH_OK;
  struct eh_buffer known = {0};
  for (size_t i = 0; i < rules->input_count && known.length < 400; i++) {
    const struct eh_rules_input *one = &rules->inputs[i];
    eh_buffer_printf(&known, "%s%.60s: ", i ? "; " : "", one->name);
    for (size_t k = 0; k < one->pattern_count && k < 4; k++)
      eh_buffer_printf(&known, "%s%.60s", k ? ", " : "", one->patterns[k]);
  }
  bool has_name = strcmp(file, "-") != 0;
  eh_problems_add(problems, rules->file, rules->inputs_place,
                  "%.200s fits no `files` of the inputs (%s); %s",
                  has_name ? file : "standard input", known.text,
                  has_name ? "rename it, add its name to one of them, or leave it out"
                           : "name a file, or add an input without `files`");
  eh_buffer_free(&known);
  return EH_BAD_RULES;
}

const char *eh_rules_header(const struct eh_rules *rules, const struct eh_rules_input *input,
                            size_t column) {
  if (rules->columns[column].kind != EH_GIVEN || rules->columns[column].join) return NULL;
  if (!input) return rules->columns[column].header;
  const struct eh_input_column *provided = &input->columns[column];
  return provided->provision == EH_IN_FIELD ? provided->text : NULL;
}

enum eh_status eh_rules_refuse_inputs(const struct eh_rules *rules, const char *why,
                                      struct eh_error *error) {
  if (rules->input_count == 0) return EH_OK;
  return eh_fail_at(error, EH_BAD_RULES, rules->file, rules->inputs_place.line,
                    rules->inputs_place.column, "%s", why);
}

enum eh_status eh_rules_refuse_joins(const struct eh_rules *rules, const char *why,
                                     struct eh_error *error) {
  if (rules->join_count == 0) return EH_OK;
  const struct eh_place *place = &rules->joins[0].place;
  return eh_fail_at(error, EH_BAD_RULES, rules->file, place->line, place->column, "%s", why);
}

enum eh_status eh_rules_check_numbers(const struct eh_rules *rules, const unsigned *shapes,
                                      struct eh_error *error) {
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (column->kind != EH_GIVEN || !eh_amount_is_open(shapes[c])) continue;
    return eh_fail_at(
        error, EH_BAD_RULES, rules->file, column->place.line, column->place.column,
        "the numbers of '%.200s' have a point before each three digits, and 1.200 may "
        "be 1200 or 1.2: say which at the top of the rules (or of the input), "
        "`numbers: eu` for 1200, `numbers: plain` for 1.2",
        column->header);
  }
  return EH_OK;
}

const char *eh_rules_encoding(const struct eh_rules *rules, const struct eh_rules_input *input) {
  if (input && input->encoding) return input->encoding;
  return rules ? rules->encoding : NULL;
}

struct eh_header_place eh_rules_header_place(const struct eh_rules *rules,
                                             const struct eh_rules_input *input) {
  if (input && input->header.line) return input->header;
  return rules ? rules->header : (struct eh_header_place){0};
}

bool eh_rules_keep_totals(const struct eh_rules *rules, const struct eh_rules_input *input) {
  if (input && input->totals_rows) return input->totals_rows == EH_TOTALS_KEEP;
  return rules && rules->totals_rows == EH_TOTALS_KEEP;
}
