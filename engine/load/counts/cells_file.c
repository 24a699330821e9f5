#include "engine/load/counts/cells_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/base/number.h"
#include "engine/load/counts/internal.h"
#include "engine/load/text/bytes.h"
#include "engine/load/text/csv.h"
#include "engine/load/text/encoding.h"
#include "rules/language/question.h"
#include "rules/sql/sql.h"

enum { STEP = 1 << 20 };

/* The columns of a file of cells. */
static const char *const before[] = {"comparison", "measure", "across", "unit", "each"};
enum { TITLE, MEASURE, ACROSS, UNIT, EACH, BEFORE };

/* The cells of one comparison and value of each, which stand together under one title. */
struct block {
  size_t comparison, measure;
  const char *title, *each;
};

struct reading {
  const struct eh_rules *rules;
  struct eh_counts *counts;
  const char *name;
  struct eh_arena *arena; /* scratch for the whole file */
  uint64_t line;
  const char **texts; /* of the record at hand */
  size_t count;
  bool is_windows; /* it was not in UTF-8 */
  uint64_t windows_records;
  /* A file of cells: */
  int *columns; /* by field: the rules' column that it is a label of; -1: none */
  struct block *blocks;
  size_t block_count;
  uint64_t total; /* of the cells' records */
  struct eh_error *error;
};

/* --- texts that a spreadsheet would run --- */

/* Also where apostrophes come first: those put in front can be told from the text's own. */
static bool is_risky(const char *text) {
  static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                     "\xEF\xBC\xA0"}; /* full-width = + - @ */
  const char *first = text + strspn(text, "'");
  for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
    if (strncmp(first, wide[i], 3) == 0) return true;
  double number;
  if (!*first || !strchr("=+-@\t\r\n", *first)) return false;
  return first > text || !eh_number_parse(text, strlen(text), &number);
}

const char *eh_cells_file_guarded(struct eh_arena *arena, const char *text) {
  return is_risky(text) ? eh_arena_printf(arena, "'%s", text) : text;
}

const char *eh_cells_file_unguarded(const char *text) {
  return text[0] == '\'' && is_risky(text + 1) ? text + 1 : text;
}

static enum eh_status bad_line(const struct reading *r, const char *why) {
  return eh_fail_at(r->error, EH_BAD_INPUT, r->name, r->line, 0, "%s", why);
}

/* --- the answer to a statement --- */

static bool is_answer(const struct reading *r) {
  size_t count;
  const char *const *names = eh_sql_result_columns(r->arena, r->rules, &count);
  for (size_t i = 0; i < count; i++)
    if (i >= r->count || strcasecmp(r->texts[i], names[i]) != 0) return false;
  return r->count == count;
}

/* In CSV null is an empty field. */
static enum eh_status take_answer(struct reading *r) {
  for (size_t i = 0; i < r->count; i++)
    if (!*r->texts[i]) r->texts[i] = NULL;
  enum eh_status status = eh_counts_add(r->counts, r->texts, r->error);
  if (status != EH_OK) r->error->line = r->line;
  return status;
}

/* --- cells --- */

/* A label's header is its column's name, or that with _factor where it is one of the fixed ones. */
static int column_of(const struct eh_rules *rules, const char *header) {
  for (size_t c = 0; c < rules->column_count; c++) {
    const char *name = rules->columns[c].name;
    size_t length = strlen(name);
    if (rules->columns[c].is_dimension && strncmp(header, name, length) == 0 &&
        (!header[length] || strcmp(header + length, "_factor") == 0))
      return (int)c;
  }
  return -1;
}

/* Cells of a measure of a category or a value say in a column of their own, the first behind the
 * fixed ones, what the records had. */
static bool has_outcomes(const struct eh_rules *rules) {
  for (size_t m = 0; m < rules->measure_count; m++)
    if (eh_has_outcome(&rules->measures[m])) return true;
  return false;
}

static enum eh_status plan_cells(struct reading *r) {
  bool sound = r->count >= BEFORE + 2 && strcmp(r->texts[r->count - 2], "records") == 0 &&
               strcmp(r->texts[r->count - 1], "events") == 0;
  for (int i = 0; i < BEFORE && sound; i++) sound = strcmp(r->texts[i], before[i]) == 0;
  if (!sound)
    return bad_line(r,
                    "is neither a file of cells (--cells) nor the answer to the statement that "
                    "`evenhand sql` prints for these rules");
  r->columns = eh_arena_alloc(r->arena, r->count, sizeof *r->columns);
  for (size_t i = BEFORE; i + 2 < r->count; i++) {
    r->columns[i] = column_of(r->rules, r->texts[i]);
    bool says_outcome = i == BEFORE && strcmp(r->texts[i], "outcome") == 0;
    if (r->columns[i] < 0 && !(says_outcome && has_outcomes(r->rules)))
      return eh_fail_at(r->error, EH_BAD_INPUT, r->name, r->line, 0,
                        "has a column `%.200s`, which these rules do not compare by; were the "
                        "cells made with other rules?",
                        r->texts[i]);
  }
  return EH_OK;
}

/* Are the labels given just those of the comparison's strata? */
static bool has_strata(const struct reading *r, size_t comparison, size_t measure) {
  int *columns = eh_arena_alloc(r->arena, r->rules->column_count + 3, sizeof *columns);
  size_t count = eh_rules_strata(r->rules, &r->rules->comparisons[comparison],
                                 &r->rules->measures[measure], columns),
         given = 0;
  if (r->rules->comparisons[comparison].each == r->rules->comparisons[comparison].across)
    columns[count++] = r->rules->comparisons[comparison].each;
  for (size_t i = BEFORE; i + 2 < r->count; i++) {
    if (!*r->texts[i]) continue;
    size_t k = 0;
    while (k < count && columns[k] != r->columns[i]) k++;
    if (k == count) return false;
    given++;
  }
  return given == count;
}

static bool fits(const struct reading *r, size_t comparison, size_t measure) {
  const struct eh_comparison *c = &r->rules->comparisons[comparison];
  if (strcmp(r->rules->columns[c->across].name, r->texts[ACROSS]) != 0) return false;
  if (strcmp(r->rules->measures[measure].name, r->texts[MEASURE]) != 0) return false;
  return (c->each >= 0) == (*r->texts[EACH] != '\0') && has_strata(r, comparison, measure);
}

static bool is_taken(const struct reading *r, size_t comparison, size_t measure) {
  for (size_t i = 0; i < r->block_count; i++)
    if (r->blocks[i].comparison == comparison && r->blocks[i].measure == measure &&
        strcmp(r->blocks[i].each, r->texts[EACH]) == 0)
      return true;
  return false;
}

/* The block of the record at hand, a new one for the first comparison that has none of its kind
 * yet. */
static const struct block *block_of(struct reading *r) {
  struct block *last = r->block_count ? &r->blocks[r->block_count - 1] : NULL;
  if (last && strcmp(last->title, r->texts[TITLE]) == 0 &&
      strcmp(last->each, r->texts[EACH]) == 0 &&
      strcmp(r->rules->measures[last->measure].name, r->texts[MEASURE]) == 0)
    return fits(r, last->comparison, last->measure) ? last : NULL;
  for (size_t c = 0; c < r->rules->comparison_count + r->rules->table_count; c++)
    for (size_t i = 0; i < r->rules->comparisons[c].measure_count; i++) {
      size_t m = r->rules->comparisons[c].measures[i];
      if (!fits(r, c, m) || is_taken(r, c, m)) continue;
      r->blocks = eh_resize(r->blocks, r->block_count + 1, sizeof *r->blocks);
      r->blocks[r->block_count] = (struct block){c, m, eh_arena_string(r->arena, r->texts[TITLE]),
                                                 eh_arena_string(r->arena, r->texts[EACH])};
      return &r->blocks[r->block_count++];
    }
  return NULL;
}

static bool parse_count(const char *text, uint64_t *number) {
  char *end;
  errno = 0;
  *number = strtoull(text, &end, 10);
  return *text >= '0' && *text <= '9' && !*end && !errno;
}

/* The counts that a file brings are of events; a cell of these has a row for each outcome. */
static enum eh_status refuse_outcomes(const struct reading *r) {
  for (size_t m = 0; m < r->rules->measure_count; m++) {
    const struct eh_measure *measure = &r->rules->measures[m];
    if (!eh_has_outcome(measure) || strcmp(measure->name, r->texts[MEASURE]) != 0) continue;
    return eh_fail_at(r->error, EH_BAD_INPUT, r->name, r->line, 0,
                      "is a cell of `%.200s`, a measure of a %s: such cells count records by "
                      "outcome, not events, and cannot be read back; audit the records, or the "
                      "answer to the statement of `evenhand sql`",
                      r->texts[MEASURE], eh_question_of(measure->kind)->key);
  }
  return EH_OK;
}

static enum eh_status take_cell(struct reading *r) {
  const int *dimensions;
  size_t count = eh_counts_dimensions(r->counts, &dimensions);
  const char **labels = eh_arena_alloc(r->arena, count, sizeof *labels);
  EH_TRY(refuse_outcomes(r));
  const struct block *block = block_of(r);
  if (!block)
    return bad_line(
        r, "is a cell of no comparison of these rules; were the cells made with other rules?");
  for (size_t i = UNIT; i + 2 < r->count; i++) {
    int column = i == UNIT    ? r->rules->comparisons[block->comparison].across
                 : i < BEFORE ? -1
                              : r->columns[i];
    bool is_label = *r->texts[i] && strcmp(r->texts[i], EH_NOT_RECORDED) != 0;
    for (size_t d = 0; d < count && is_label; d++)
      if (dimensions[d] == column) labels[d] = r->texts[i];
  }
  struct eh_counts_cell cell = {.comparison = block->comparison,
                                .measure = block->measure,
                                .labels = labels,
                                .line = r->line};
  if (!parse_count(r->texts[r->count - 2], &cell.records) ||
      !parse_count(r->texts[r->count - 1], &cell.events) || cell.events > cell.records ||
      cell.records == 0)
    return bad_line(
        r, "has counts that are no cell's: records must be at least 1, and events at most as many");
  if (cell.records > EH_MOST_COUNTED - r->total)
    return bad_line(
        r, "brings the records in the cells to over a million million (2^40); are these counts?");
  r->total += cell.records;
  eh_counts_add_cell(r->counts, &cell);
  return EH_OK;
}

/* --- the file --- */

static enum eh_status read_all(const char *name, struct eh_buffer *text, struct eh_source **source,
                               struct eh_error *error) {
  EH_TRY(eh_source_open(source, name, true, NULL, error));
  for (size_t got = STEP; got == STEP;) {
    if (text->length + STEP + 1 > text->capacity) {
      text->capacity = 2 * text->capacity + STEP + 1;
      text->text = eh_resize(text->text, text->capacity, 1);
    }
    EH_TRY(eh_source_read(*source, text->text + text->length, STEP, &got, error));
    text->length += got;
  }
  return eh_source_check_unchanged(*source, error);
}

/* As fields of records: what is no UTF-8 is Windows-1252. */
static enum eh_status copy_texts(struct reading *r, const struct eh_csv_record *record) {
  r->texts = eh_arena_alloc(r->arena, record->field_count, sizeof *r->texts);
  r->count = record->field_count;
  r->is_windows = false;
  for (size_t i = 0; i < r->count; i++) {
    const char *text = record->fields[i].text;
    size_t length = record->fields[i].length;
    bool is_utf8 = record->is_ascii || eh_text_is_utf8(text, length);
    if (!is_utf8) text = eh_text_from_windows(r->arena, text, length, &length);
    r->is_windows |= !is_utf8;
    if (!text)
      return bad_line(r, "is text neither in UTF-8 nor in Windows-1252; save the file in UTF-8");
    r->texts[i] = eh_arena_copy(r->arena, text, length);
  }
  return EH_OK;
}

static void unguard(struct reading *r) {
  for (size_t i = 0; i < r->count; i++) r->texts[i] = eh_cells_file_unguarded(r->texts[i]);
}

static enum eh_status take_records(struct reading *r, struct eh_csv *csv, const char *text,
                                   size_t length) {
  const char *next = text, *end = text + length;
  bool answer = false;
  size_t width = 0;
  for (r->line = 1;;) {
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, true, &record);
    r->line += record.blank_lines;
    if (outcome == EH_CSV_END) break;
    if (outcome != EH_CSV_RECORD) return bad_line(r, eh_csv_problem_text(record.problem));
    struct eh_arena_mark mark = eh_arena_mark(r->arena);
    EH_TRY(copy_texts(r, &record));
    if (width == 0) {
      width = r->count;
      answer = is_answer(r);
      if (!answer) unguard(r);
      if (!answer) EH_TRY(plan_cells(r));
    } else {
      if (r->count != width) return bad_line(r, "has another number of fields than the header");
      if (!answer) unguard(r);
      uint64_t *total = answer ? &r->counts->total : &r->total, already = *total;
      EH_TRY(answer ? take_answer(r) : take_cell(r));
      if (r->is_windows) r->windows_records += *total - already;
      if (answer) eh_arena_reset(r->arena, mark);
    }
    r->line += record.lines;
  }
  return width ? EH_OK
               : eh_fail_at(r->error, EH_BAD_INPUT, r->name, 0, 0,
                            "is empty; it needs a header line and cells");
}

/* Whether one of two is right or their sum, nobody can tell. */
static enum eh_status refuse_repeated(struct reading *r) {
  size_t first, second;
  if (!r->counts->tags || !eh_counts_find_repeated(r->counts, &first, &second)) return EH_OK;
  return eh_fail_at(r->error, EH_BAD_INPUT, r->name, r->counts->lines[second], 0,
                    "counts the same cell as line %llu; leave one of the two out, or add them up",
                    (unsigned long long)r->counts->lines[first]);
}

static enum eh_status read_file(struct reading *r, struct eh_source **source,
                                struct eh_buffer *text) {
  EH_TRY(read_all(r->name, text, source, r->error));
  struct eh_csv *csv = eh_csv_new(',', 0);
  enum eh_status status = take_records(r, csv, text->text, text->length);
  eh_csv_free(csv);
  if (status == EH_OK) status = refuse_repeated(r);
  if (status != EH_OK) return status;
  struct eh_account *account = eh_counts_account(r->counts);
  struct eh_input *input = &account->inputs[0];
  if (account->read == 0)
    return eh_fail_at(r->error, EH_BAD_INPUT, r->name, 0, 0, "has a header but no cells");
  input->bytes = eh_source_bytes(*source);
  input->encoding = eh_source_encoding(*source);
  if (r->windows_records)
    input->encoding = eh_arena_printf(r->counts->arena, "%s, %llu records Windows-1252",
                                      input->encoding, (unsigned long long)r->windows_records);
  eh_source_sha256(*source, input->sha256);
  return EH_OK;
}

enum eh_status eh_cells_file_load(const struct eh_rules *rules, const char *name,
                                  struct eh_counts **counts, struct eh_error *error) {
  struct eh_buffer text = {0};
  struct eh_source *source = NULL;
  struct reading r = {.rules = rules, .name = name, .arena = eh_arena_new(), .error = error};
  r.counts = eh_counts_new(rules, name);
  enum eh_status status = read_file(&r, &source, &text);
  eh_source_free(source);
  eh_buffer_free(&text);
  free(r.blocks);
  eh_arena_free(r.arena);
  if (status != EH_OK) {
    eh_counts_free(r.counts);
    r.counts = NULL;
  }
  *counts = r.counts;
  return status;
}
