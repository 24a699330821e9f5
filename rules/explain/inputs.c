/* The sources of records in words: how each is brought to one layout. */
#include "rules/language/inputs.h"

#include <string.h>

#include "rules/explain/internal.h"

static const char *quoted(struct eh_explanation *explanation, const char *text) {
  return eh_arena_printf(explanation->arena, "'%s'", text);
}

static const char *name_of(const struct eh_explanation *explanation, size_t column) {
  return explanation->rules->columns[column].name;
}

static void explain_files(struct eh_explanation *explanation, const struct eh_rules_input *input) {
  if (input->pattern_count == 0) {
    eh_prose_paragraph(explanation->out, 2, "- ",
                       "%s: the files whose names fit none of the others.", input->name);
    return;
  }
  eh_prose_paragraph(explanation->out, 2, "- ", "%s: files named %s.", input->name,
                     eh_explain_list(explanation, input->patterns, input->pattern_count, "or"));
}

static bool is_given(const struct eh_explanation *explanation, size_t column) {
  return explanation->rules->columns[column].kind == EH_GIVEN;
}

/* "case is in the column "Case No." and office in "AOR"": those that have another name there. */
static void explain_headers(struct eh_explanation *explanation,
                            const struct eh_rules_input *input) {
  const struct eh_rules *rules = explanation->rules;
  const char **items = eh_arena_alloc(explanation->arena, rules->column_count, sizeof *items);
  size_t count = 0;
  for (size_t c = 0; c < rules->column_count; c++) {
    const char *header = eh_rules_header(rules, input, c);
    if (!header || strcmp(header, name_of(explanation, c)) == 0) continue;
    const char *where = count ? "in" : "is in the column";
    items[count++] =
        eh_arena_printf(explanation->arena, "%s %s \"%s\"", name_of(explanation, c), where, header);
  }
  if (count)
    eh_prose_paragraph(explanation->out, 4, "", "There %s.",
                       eh_explain_list(explanation, items, count, "and"));
}

/* Columns of one kind of provision, as one list. */
static void explain_provided(struct eh_explanation *explanation, const struct eh_rules_input *input,
                             enum eh_provision provision) {
  const struct eh_rules *rules = explanation->rules;
  const char **items = eh_arena_alloc(explanation->arena, rules->column_count, sizeof *items);
  size_t count = 0;
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!is_given(explanation, c) || input->columns[c].provision != provision) continue;
    if (!input->columns[c].text) continue; /* only another input asks for it */
    items[count++] = provision == EH_CONSTANT
                         ? eh_arena_printf(explanation->arena, "%s is '%s'",
                                           name_of(explanation, c), input->columns[c].text)
                         : name_of(explanation, c);
  }
  if (count == 0) return;
  const char *list = eh_explain_list(explanation, items, count, "and");
  eh_prose_paragraph(explanation->out, 4, "",
                     provision == EH_CONSTANT ? "In all its records %s." : "It does not have %s.",
                     list);
}

static void explain_recodes(struct eh_explanation *explanation, const char *name,
                            const struct eh_input_column *provided) {
  for (size_t i = 0; i < provided->recode_count; i++) {
    const struct eh_choice *choice = &provided->recodes[i];
    const char **texts = eh_arena_alloc(explanation->arena, choice->text_count, sizeof *texts);
    for (size_t k = 0; k < choice->text_count; k++)
      texts[k] = quoted(explanation, choice->texts[k].text);
    eh_prose_paragraph(explanation->out, 4, "", "%s: %s %s read as '%s'.", name,
                       eh_explain_list(explanation, texts, choice->text_count, "and"),
                       choice->text_count == 1 ? "is" : "are", choice->label);
  }
}

static void explain_values(struct eh_explanation *explanation, const struct eh_rules_input *input) {
  const struct eh_rules *rules = explanation->rules;
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!is_given(explanation, c)) continue;
    explain_recodes(explanation, name_of(explanation, c), &input->columns[c]);
    if (*input->columns[c].prefix)
      eh_prose_paragraph(explanation->out, 4, "", "'%s' is put before each %s.",
                         input->columns[c].prefix, name_of(explanation, c));
  }
  if (input->missing)
    eh_explain_missing(explanation, 4, input->missing, input->missing_count,
                       input->missing_built_in);
  eh_explain_rows(explanation, 4, &input->header, input->totals_rows);
  if (input->encoding)
    eh_prose_paragraph(explanation->out, 4, "", "Text that is no UTF-8 is read as %s.",
                       input->encoding);
  if (input->numbers) eh_explain_numbers(explanation, 4, input->numbers);
  if (input->date_forms)
    eh_prose_paragraph(
        explanation->out, 4, "", "Dates are written in the form %s.",
        eh_explain_list(explanation, input->date_forms, input->date_form_count, "or"));
  if (input->keep)
    eh_prose_paragraph(explanation->out, 4, "", "Only its records in which %s are audited.",
                       eh_rules_say(explanation->arena, rules, input->keep));
}

void eh_explain_inputs(struct eh_explanation *explanation) {
  const struct eh_rules *rules = explanation->rules;
  if (rules->input_count == 0) return;
  eh_prose_heading(explanation->out, "Where the records come from", '-');
  eh_prose_paragraph(explanation->out, 0, "",
                     "Files of these sources are brought to one layout. A file belongs to the "
                     "first whose names it fits.");
  for (size_t i = 0; i < rules->input_count; i++) {
    const struct eh_rules_input *input = &rules->inputs[i];
    explain_files(explanation, input);
    if (input->sheet)
      eh_prose_paragraph(explanation->out, 4, "", "Of workbooks, the sheet '%s' is read.",
                         input->sheet);
    explain_headers(explanation, input);
    explain_provided(explanation, input, EH_CONSTANT);
    explain_provided(explanation, input, EH_NOT_PROVIDED);
    explain_values(explanation, input);
  }
  eh_prose_blank(explanation->out);
  eh_prose_paragraph(explanation->out, 0, "",
                     "A value that a source recodes and does not name there stays as it is; the "
                     "report lists it, with how often it occurs.");
}
