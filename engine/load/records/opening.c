#include "engine/load/records/opening.h"

#include <string.h>

#include "engine/base/words.h"
#include "engine/load/records/heading.h"
#include "rules/language/inputs.h"

enum { ROWS_LOOKED_AT = 100, RECORDS_LOOKED_AT = 100, RECORDS_SAMPLED = 1000, MOST_NOTES = 4 };
static const char candidates[] = {',', ';', '\t', '|'};

struct finding {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_start *start;
  const char *from; /* where the header is looked for */
  uint64_t line;    /* of it, from 1 */
  bool may_move;    /* the header need not be there */
  bool is_double;   /* it is joined of two lines */
};

/* A line near the beginning. */
struct row {
  const char *at;
  uint64_t lines; /* before it */
  size_t fields, filled;
  bool is_comment, has_digit;
};

static size_t columns_found(const struct finding *f, const struct eh_heading *heading) {
  size_t found = 0;
  for (size_t c = 0; f->rules && c < f->rules->column_count; c++) {
    const char *name = eh_rules_header(f->rules, f->start->input, c);
    for (size_t i = 0; name && i < heading->count; i++)
      if (strcmp(heading->names[i], name) == 0) {
        found++;
        break;
      }
  }
  return found;
}

static size_t list_rows(const struct eh_heading_text *text, const char *from, struct row *rows) {
  struct eh_csv *csv = eh_csv_new(text->delimiter, 0);
  eh_csv_be_lenient(csv, 0);
  struct eh_csv_record record;
  const char *next = from;
  uint64_t lines = 0;
  size_t count = 0;
  while (count < ROWS_LOOKED_AT) {
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, text->end, text->is_whole, &record);
    if (outcome == EH_CSV_END || outcome == EH_CSV_INCOMPLETE) break;
    lines += record.blank_lines;
    struct row row = {.at = record.start, .lines = lines, .is_comment = *record.start == '#'};
    lines += record.lines;
    if (outcome == EH_CSV_BAD) continue;
    row.fields = record.field_count;
    for (size_t i = 0; i < record.field_count; i++) {
      row.filled += record.fields[i].length > 0;
      row.has_digit |= eh_heading_has_digit(&record.fields[i]);
    }
    rows[count++] = row;
  }
  eh_csv_free(csv);
  return count;
}

/* The number of fields that most rows have; of equals, the larger. */
static size_t usual_fields(const struct row *rows, size_t count) {
  size_t usual = 0, most = 0;
  for (size_t i = 0; i < count; i++) {
    size_t same = 0;
    for (size_t k = 0; k < count; k++) same += rows[k].fields == rows[i].fields;
    if (same > most || (same == most && rows[i].fields > usual)) {
      usual = rows[i].fields;
      most = same;
    }
  }
  return usual;
}

/* Does the row above name groups of columns, and this one the columns? A record follows. */
static bool is_below_groups(const struct row *above, const struct row *row) {
  return row->fields == above->fields && row->filled == row->fields &&
         above->filled + 1 < above->fields && !row->has_digit && row[1].has_digit;
}

/* The row that looks like the header; NULL: none more than any other. */
static const struct row *find_by_shape(const struct row *rows, size_t count) {
  size_t usual = usual_fields(rows, count), fullest = 0;
  for (size_t i = 0; i < count; i++)
    if (rows[i].fields == usual && rows[i].filled > fullest) fullest = rows[i].filled;
  for (size_t i = 0; i < count; i++) {
    const struct row *r = &rows[i];
    if (r->filled >= 2 && 2 * r->filled >= fullest && r->fields + 1 >= fullest &&
        (!r->is_comment || r->fields == usual))
      return i + 2 < count && is_below_groups(r, r + 1) ? r + 1 : r;
  }
  return NULL;
}

/* The row with more of the rules' names than `best` has; NULL: none. */
static const struct row *find_by_names(const struct finding *f, const struct eh_heading_text *text,
                                       const struct row *rows, size_t count, size_t best) {
  const struct row *found = NULL;
  for (size_t i = 0; i < count; i++) {
    struct eh_heading heading;
    if (rows[i].fields < 2 || !eh_heading_read(f->arena, text, rows[i].at, &heading)) continue;
    size_t names = columns_found(f, &heading);
    if (names <= best) continue;
    best = names;
    found = &rows[i];
  }
  return found;
}

/* The header under a delimiter. *is_moved: lines of text stand before it. */
static bool find_heading(const struct finding *f, const struct eh_heading_text *text,
                         struct eh_heading *heading, bool *is_moved) {
  *is_moved = false;
  bool found = eh_heading_read(f->arena, text, f->from, heading);
  if (f->is_double && found) found = eh_heading_join(f->arena, text, heading);
  if (!f->may_move) return found;
  if (found && heading->filled == heading->count && heading->count > 1 && *f->from != '#' &&
      2 * eh_heading_fits(text, heading, RECORDS_LOOKED_AT).exact >= RECORDS_LOOKED_AT)
    return true;
  struct row rows[ROWS_LOOKED_AT];
  size_t count = list_rows(text, f->from, rows), names = found ? columns_found(f, heading) : 0;
  const struct row *row = find_by_shape(rows, count);
  if (row && eh_heading_read(f->arena, text, row->at, heading)) names = columns_found(f, heading);
  if (f->rules && names < f->rules->column_count) {
    const struct row *named = find_by_names(f, text, rows, count, names);
    if (named) row = named;
  }
  if (!row) return found;
  *is_moved = row != rows;
  found = eh_heading_read(f->arena, text, row->at, heading);
  heading->lines += row->lines;
  return found;
}

/* The delimiter under which most of the rules' columns are found; then, under which most records
   agree with the header; then, which gives most fields. */
static void find_delimiter(const struct finding *finding, struct eh_heading_text *text) {
  struct finding scratch = *finding, *f = &scratch;
  char best = ',';
  size_t best_score[3] = {0, 0, 1};
  f->arena = eh_arena_new();
  for (size_t i = 0; i < sizeof candidates; i++) {
    struct eh_heading heading;
    bool is_moved;
    text->delimiter = candidates[i];
    if (!find_heading(f, text, &heading, &is_moved) || heading.count < 2) continue;
    struct eh_heading_fit fit = eh_heading_fits(text, &heading, RECORDS_LOOKED_AT);
    size_t score[3] = {columns_found(f, &heading), fit.exact + fit.trailing, heading.count};
    int better = 0;
    for (int k = 0; k < 3 && !better; k++)
      better = (score[k] > best_score[k]) - (score[k] < best_score[k]);
    if (better <= 0) continue;
    best = candidates[i];
    memcpy(best_score, score, sizeof score);
  }
  eh_arena_free(f->arena);
  text->delimiter = best;
}

/* Is the line sep=; or "sep=;"? Then *delimiter is what it says. */
static bool names_delimiter(const char *text, const char *end, char *delimiter) {
  size_t length = (size_t)(end - text);
  while (length && (text[length - 1] == '\n' || text[length - 1] == '\r')) length--;
  bool is_quoted = length == 7 && text[0] == '"' && text[6] == '"';
  if (is_quoted) text++;
  if (!is_quoted && length != 5) return false;
  if ((memcmp(text, "sep=", 4) != 0 && memcmp(text, "SEP=", 4) != 0) || text[4] == '"')
    return false;
  *delimiter = text[4];
  return true;
}

static void note(struct eh_arena *arena, struct eh_opening *o, const char *text) {
  const char **notes = eh_arena_alloc(arena, MOST_NOTES, sizeof *notes);
  if (o->note_count) memcpy(notes, o->notes, o->note_count * sizeof *notes);
  notes[o->note_count++] = text;
  o->notes = notes;
}

/* Files whose records often leave the last fields away: a fewest of theirs is known. A few that do
   are more likely cut, and two that make one together are broken. */
static size_t fewest_of(const struct eh_heading_fit *fit) {
  bool is_often = 20 * fit->missing >= fit->looked_at && fit->missing > 1;
  bool are_broken = 4 * fit->broken_pairs >= fit->missing && 2 * fit->missing < fit->looked_at;
  return is_often && !are_broken ? fit->fewest : 0;
}

static void add_row_names(struct eh_arena *arena, struct eh_opening *o) {
  const char **names = eh_arena_alloc(arena, o->count + 1, sizeof *names);
  names[0] = EH_NO_NAME;
  memcpy(names + 1, o->names, o->count * sizeof *names);
  o->names = names;
  o->count++;
  note(arena, o,
       "the records have one field more than the header names, the first, which is taken for the "
       "name of the row");
}

static void settle_fields(const struct finding *f, const struct eh_heading_text *text,
                          const struct eh_heading *heading, struct eh_opening *o) {
  struct eh_heading_fit fit = eh_heading_fits(text, heading, RECORDS_SAMPLED);
  bool has_more = fit.more_by_one && fit.more_by_one + fit.trailing == fit.looked_at;
  if (has_more && eh_heading_lacks_row_names(text, heading))
    add_row_names(f->arena, o);
  else
    o->fewest = fewest_of(&fit);
}

/* Units, kinds, a rule of dashes: rows that belong to the header. */
static void pass_rows_below(const struct finding *f, const struct eh_heading_text *text,
                            struct eh_heading *heading, struct eh_opening *o) {
  uint64_t lines = eh_heading_pass_rows(text, heading);
  if (lines == 0) return;
  o->after = heading->after;
  o->line += lines;
  note(f->arena, o,
       eh_arena_printf(f->arena, "%s below the header %s no record but more of it, and %s left out",
                       eh_words_of(f->arena, lines, "line", "lines"), lines == 1 ? "is" : "are",
                       lines == 1 ? "is" : "are"));
}

static void note_place(const struct finding *f, struct eh_opening *o) {
  uint64_t before = o->line - 2;
  note(f->arena, o,
       eh_arena_printf(f->arena, "the header is line %llu; %s before it %s left out",
                       (unsigned long long)(o->line - 1),
                       eh_words_of(f->arena, before, "line", "lines"), before == 1 ? "is" : "are"));
}

/* As the rules say. */
static void note_said(const struct finding *f, const struct eh_header_place *place,
                      struct eh_opening *o) {
  uint64_t before = place->line - 1;
  const char *left =
      before ? eh_arena_printf(f->arena, "; %s before it %s left out",
                               eh_words_of(f->arena, before, "line", "lines"),
                               before == 1 ? "is" : "are")
             : "";
  note(f->arena, o,
       eh_arena_printf(f->arena, "the header is line %llu%s, as the rules say%s",
                       (unsigned long long)place->line, f->is_double ? " with the next" : "",
                       left));
}

bool eh_opening_find(struct eh_arena *arena, const struct eh_rules *rules,
                     const struct eh_load_options *options, const struct eh_start *start,
                     struct eh_opening *o) {
  struct eh_header_place place = eh_rules_header_place(rules, start->input);
  if (start->is_table || options->skip_lines) place.line = 0;
  struct finding f = {.arena = arena,
                      .rules = rules,
                      .start = start,
                      .from = start->text,
                      .line = 1,
                      .may_move = !start->is_table && !options->skip_lines && !place.line,
                      .is_double = place.line && place.count == 2};
  struct eh_heading_text text = {start->text + start->length, start->is_whole, ',',
                                 options->use_libcsv, eh_rules_encoding(rules, start->input)};
  *o = (struct eh_opening){.line = 1};
  uint64_t skipped = start->is_table ? 0 : place.line ? place.line - 1 : options->skip_lines;
  const char *line_end = eh_csv_line_end(f.from, text.end);
  char named = '\0';
  bool is_named = !start->is_table && names_delimiter(f.from, line_end, &named);
  if (is_named && skipped == 0 && !place.line) skipped = 1;
  for (; f.line <= skipped && f.from < text.end; f.line++)
    f.from = eh_csv_line_end(f.from, text.end);
  struct eh_heading heading;
  bool is_moved;
  if (options->delimiter || is_named)
    text.delimiter = options->delimiter ? options->delimiter : named;
  else if (!start->is_table)
    find_delimiter(&f, &text);
  o->line = f.line;
  if (!find_heading(&f, &text, &heading, &is_moved)) return false;
  o->delimiter = text.delimiter;
  o->names = heading.names;
  o->count = heading.count;
  o->after = heading.after;
  o->line = f.line + heading.lines;
  if (is_named && options->skip_lines == 0)
    note(arena, o, eh_arena_printf(arena, "line 1 names the delimiter, '%c'", named));
  if (is_moved) note_place(&f, o);
  if (place.line) note_said(&f, &place, o);
  if (!start->is_table || start->is_sheet) pass_rows_below(&f, &text, &heading, o);
  if (start->is_table) return true;
  settle_fields(&f, &text, &heading, o);
  return true;
}
