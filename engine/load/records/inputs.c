#include "engine/load/records/inputs.h"

#include "engine/load/records/header.h"
#include "engine/load/records/joined.h"
#include "engine/load/text/contained.h"
#include "rules/language/inputs.h"

/* Find each file's input before any is read. */
static enum eh_status match_inputs(struct eh_inputs *in, const char *const *names, size_t count,
                                   struct eh_problems *problems, struct eh_error *error) {
  for (size_t i = 0; in->rules && i < count; i++)
    if (eh_rules_match(in->rules, names[i], &in->layouts[i].input, problems) != EH_OK) {
      *error = problems->items[0];
      return EH_BAD_RULES;
    }
  return EH_OK;
}

static enum eh_status read_header(struct eh_inputs *in, size_t i, struct eh_problems *problems,
                                  struct eh_error *error) {
  struct eh_layout *layout = &in->layouts[i];
  struct eh_start start = {.name = eh_source_name(in->sources[i]),
                           .input = layout->input,
                           .is_sheet = eh_contained_is_sheet(in->sources[i]),
                           .is_table = eh_source_is_table(in->sources[i])};
  EH_TRY(eh_pieces_start(in->pieces[i], &start.text, &start.length, &start.is_whole, error));
  if (start.length == 0)
    return eh_fail_at(error, EH_BAD_INPUT, start.name, 0, 0,
                      "is empty; it needs a header line and records");
  EH_TRY(eh_header_read(in->arena, in->rules, in->options, &start, layout, problems, error));
  eh_pieces_begin(in->pieces[i], layout->header_offset);
  return EH_OK;
}

enum eh_status eh_inputs_open(struct eh_inputs *in, const char *const *names, size_t count,
                              struct eh_problems *problems, struct eh_error *error) {
  in->sources = eh_arena_alloc(in->arena, count, sizeof(struct eh_source *));
  in->pieces = eh_arena_alloc(in->arena, count, sizeof(struct eh_pieces *));
  in->layouts = eh_arena_alloc(in->arena, count, sizeof *in->layouts);
  EH_TRY(match_inputs(in, names, count, problems, error));
  EH_TRY(eh_joined_read(&in->joined, in->rules, in->options, error));
  for (size_t i = 0; i < count; i++) {
    const struct eh_rules_input *input = in->layouts[i].input;
    uint64_t said = eh_rules_header_place(in->rules, input).line;
    uint64_t skipped = in->options->skip_lines || !said ? in->options->skip_lines : said - 1;
    struct eh_wish wish =
        eh_wish_of(in->arena, in->rules, input, in->options->sheet, skipped);
    EH_TRY(eh_source_open(&in->sources[i], names[i], in->options->hash, &wish, error));
    in->count++;
    in->pieces[i] = eh_pieces_new(in->sources[i]);
    enum eh_status status = read_header(in, i, problems, error);
    if (status != EH_OK) eh_source_place_error(in->sources[i], error);
    EH_TRY(status);
    EH_TRY(eh_joined_check(in->rules, &in->layouts[i], names[i], error));
  }
  return EH_OK;
}

void eh_inputs_close(struct eh_inputs *in) {
  for (size_t i = 0; i < in->count; i++) {
    eh_pieces_free(in->pieces[i]);
    eh_source_free(in->sources[i]);
  }
  in->count = 0;
  eh_joined_free(in->joined);
  in->joined = NULL;
}

/* Every field, the named ones of which are asked for. */
static void want_all(struct eh_arena *arena, const struct eh_layout *layout,
                     struct eh_rows_plan *plan) {
  size_t *wanted = eh_arena_alloc(arena, layout->field_count, sizeof *wanted);
  bool *asked = eh_arena_alloc(arena, layout->field_count, sizeof *asked);
  for (size_t f = 0; f < layout->field_count; f++) wanted[f] = f;
  for (size_t i = 0; i < layout->named_count; i++) asked[layout->fields[i]] = true;
  plan->wanted = wanted;
  plan->wanted_count = layout->field_count;
  plan->asked = asked;
}

void eh_inputs_plan(struct eh_arena *arena, const struct eh_layout *layout, bool wants_all,
                    struct eh_rows_plan *plan, const size_t **places) {
  *plan = (struct eh_rows_plan){.delimiter = layout->delimiter,
                                .field_count = layout->field_count,
                                .fewest = layout->fewest,
                                .names = layout->is_text ? layout->headers : NULL,
                                .keeps_totals = layout->keeps_totals,
                                .wanted = layout->fields,
                                .wanted_count = layout->named_count};
  *places = layout->fields;
  if (wants_all) {
    want_all(arena, layout, plan);
    return;
  }
  size_t *in_order = eh_arena_alloc(arena, layout->named_count, sizeof *in_order);
  for (size_t i = 0; i < layout->named_count; i++) in_order[i] = i;
  *places = in_order;
}

enum eh_status eh_inputs_read(struct eh_inputs *in, struct eh_pass *pass, bool wants_all,
                              struct eh_error *error) {
  enum eh_status status = EH_OK;
  for (size_t i = 0; i < in->count && status == EH_OK; i++) {
    in->layout = &in->layouts[i];
    eh_inputs_plan(in->arena, in->layout, wants_all, &in->plan, &in->places);
    in->plan.use_libcsv = in->options->use_libcsv;
    in->plan.encoding = eh_rules_encoding(in->rules, in->layout->input);
    struct eh_pass_input input = {i,
                                  in->sources[i],
                                  in->pieces[i],
                                  &in->plan,
                                  in->layout->header_offset,
                                  in->layout->header_line,
                                  in->layout->notes,
                                  in->layout->note_count};
    if (in->layout->input) pass->account->inputs[i].source = in->layout->input->name;
    status = eh_pass_run(pass, &input, error);
    eh_pieces_free(in->pieces[i]);
    in->pieces[i] = NULL;
  }
  return status;
}
