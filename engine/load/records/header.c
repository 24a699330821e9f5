#include "engine/load/records/header.h"

#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/records/translate.h"
#include "engine/load/text/encoding.h"

enum { RECORDS_LOOKED_AT = 100 };
static const char candidates[] = {',', ';', '\t', '|'};

/* A header row, with its texts copied. */
struct header {
  const char **names;
  size_t count;
  const char *after; /* its first byte behind */
  uint64_t lines;    /* of the text up to there */
};

static bool read_header(struct eh_arena *arena, const char *text, const char *end, bool is_whole,
                        char delimiter, struct header *header) {
  struct eh_csv *csv = eh_csv_new(delimiter, 0);
  struct eh_csv_record record;
  const char *next = text;
  bool found = eh_csv_next(csv, &next, end, is_whole, &record) == EH_CSV_RECORD;
  if (found) {
    *header = (struct header){
        .count = record.field_count, .after = next, .lines = record.blank_lines + record.lines};
    header->names = eh_arena_alloc(arena, record.field_count, sizeof *header->names);
    for (size_t i = 0; i < record.field_count; i++) {
      const struct eh_field *f = &record.fields[i];
      size_t length = f->length;
      const char *name = f->text;
      if (!eh_text_is_utf8(name, length)) name = eh_text_from_windows(arena, name, length, &length);
      if (name) name = eh_tidy_text(arena, name, &length);
      header->names[i] = !name ? "?" : length ? eh_arena_copy(arena, name, length) : EH_NO_NAME;
    }
  }
  eh_csv_free(csv);
  return found;
}

static size_t find_name(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return i;
  return SIZE_MAX;
}

static size_t columns_found(const struct eh_rules *rules, const struct eh_rules_input *input,
                            const struct header *header) {
  size_t found = 0;
  for (size_t c = 0; rules && c < rules->column_count; c++) {
    const char *name = eh_rules_header(rules, input, c);
    found += name && find_name(header->names, header->count, name) != SIZE_MAX;
  }
  return found;
}

/* How many of the first records have as many fields as the header. */
static size_t agreeing_records(const struct header *header, const char *end, bool is_whole,
                               char delimiter, bool use_libcsv) {
  struct eh_csv *csv = eh_csv_new(delimiter, header->count);
  if (use_libcsv) eh_csv_use_libcsv(csv);
  struct eh_csv_record record;
  const char *next = header->after;
  size_t agreeing = 0;
  for (int i = 0; i < RECORDS_LOOKED_AT; i++) {
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, is_whole, &record);
    if (outcome == EH_CSV_END || outcome == EH_CSV_INCOMPLETE) break;
    agreeing += outcome == EH_CSV_RECORD;
  }
  eh_csv_free(csv);
  return agreeing;
}

/* The delimiter under which most of the rules' columns are found; then, under which most records
   agree with the header; then, which gives most fields. */
static char find_delimiter(const struct eh_rules *rules, const struct eh_load_options *options,
                           const struct eh_start *start, const char *text) {
  const char *end = start->text + start->length;
  char best = ',';
  size_t best_score[3] = {0, 0, 1};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof candidates; i++) {
    struct header header;
    if (!read_header(arena, text, end, start->is_whole, candidates[i], &header) || header.count < 2)
      continue;
    size_t score[3] = {
        columns_found(rules, start->input, &header),
        agreeing_records(&header, end, start->is_whole, candidates[i], options->use_libcsv),
        header.count};
    int better = 0;
    for (int k = 0; k < 3 && !better; k++)
      better = (score[k] > best_score[k]) - (score[k] < best_score[k]);
    if (better <= 0) continue;
    best = candidates[i];
    memcpy(best_score, score, sizeof score);
  }
  eh_arena_free(arena);
  return best;
}

static enum eh_status check_repeats(const struct eh_layout *layout, const struct eh_rules *rules,
                                    const struct eh_start *start, struct eh_error *error) {
  for (size_t c = 0; c < rules->column_count; c++) {
    const char *name = eh_rules_header(rules, start->input, c);
    if (!name) continue;
    size_t first = find_name(layout->headers, layout->field_count, name);
    for (size_t i = first == SIZE_MAX ? layout->field_count : first + 1; i < layout->field_count;
         i++)
      if (strcmp(layout->headers[i], name) == 0)
        return eh_fail_at(error, EH_BAD_INPUT, start->name, layout->header_line - 1, 0,
                          "the header names the column '%s' twice (fields %zu and %zu); rename one",
                          name, first + 1, i + 1);
  }
  return EH_OK;
}

static enum eh_status no_header(const struct eh_start *start, uint64_t line,
                                struct eh_error *error) {
  if (memchr(start->text, '\0', start->length))
    return eh_fail_at(error, EH_BAD_INPUT, start->name, line, 0,
                      "holds NUL bytes and is no delimited text; save it as CSV in UTF-8");
  return eh_fail_at(
      error, EH_BAD_INPUT, start->name, line, 0,
      "has no header line; the first line (after --skip-lines) must name the columns");
}

/* The fields that the rules name, in order. */
static void name_fields(struct eh_arena *arena, const struct eh_rules *rules,
                        struct eh_layout *layout) {
  layout->fields = eh_arena_alloc(arena, rules->column_count, sizeof *layout->fields);
  layout->columns = eh_arena_alloc(arena, rules->column_count, sizeof *layout->columns);
  layout->named_count = 0;
  for (size_t field = 0; field < layout->field_count; field++)
    for (size_t c = 0; c < rules->column_count; c++) {
      const char *name = eh_rules_header(rules, layout->input, c);
      if (!name || strcmp(name, layout->headers[field]) != 0) continue;
      layout->fields[layout->named_count] = field;
      layout->columns[layout->named_count++] = c;
    }
}

static enum eh_status list_headers(struct eh_arena *arena, const struct eh_rules *rules,
                                   const struct eh_load_options *options,
                                   const struct eh_start *start, struct eh_layout *layout,
                                   struct eh_error *error) {
  const char *text = start->text, *end = text + start->length;
  uint64_t line = 1;
  uint64_t skipped = start->is_table ? 0 : options->skip_lines;
  for (; line <= skipped && text < end; line++) text = eh_csv_line_end(text, end);
  char delimiter = start->is_table      ? ','
                   : options->delimiter ? options->delimiter
                                        : find_delimiter(rules, options, start, text);
  struct header header;
  if (!read_header(arena, text, end, start->is_whole, delimiter, &header))
    return no_header(start, line, error);
  *layout = (struct eh_layout){.delimiter = delimiter,
                               .field_count = header.count,
                               .header_offset = (uint64_t)(header.after - start->text),
                               .header_line = line + header.lines,
                               .headers = header.names,
                               .input = start->input};
  return EH_OK;
}

enum eh_status eh_header_read(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_load_options *options, const struct eh_start *start,
                              struct eh_layout *layout, struct eh_problems *problems,
                              struct eh_error *error) {
  EH_TRY(list_headers(arena, rules, options, start, layout, error));
  if (!rules) return EH_OK;
  EH_TRY(check_repeats(layout, rules, start, error));
  if (eh_rules_fit_input(rules, start->input, layout->headers, layout->field_count, start->name,
                         problems) != EH_OK) {
    *error = problems->items[0];
    return EH_BAD_RULES;
  }
  if (start->input) layout->fixed = eh_translate_fixed(arena, rules, start->input);
  name_fields(arena, rules, layout);
  return EH_OK;
}
