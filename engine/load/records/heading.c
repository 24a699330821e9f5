#include "engine/load/records/heading.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/records/header.h"
#include "engine/load/text/encoding.h"

static struct eh_csv *open_csv(const struct eh_heading_text *text, size_t fields, size_t fewest) {
  struct eh_csv *csv = eh_csv_new(text->delimiter, fields);
  eh_csv_be_lenient(csv, fewest);
  if (text->use_libcsv) eh_csv_use_libcsv(csv);
  return csv;
}

static const char *name_of(struct eh_arena *arena, const char *encoding,
                           const struct eh_field *field) {
  size_t length = field->length;
  const char *name = field->text;
  if (length > 3 && memcmp(name, "=\"", 2) == 0 && name[length - 1] == '"') {
    name += 2;
    length -= 3;
  }
  struct eh_field text = {name, length};
  if (!eh_text_take_field(arena, encoding, &text)) return "?";
  name = eh_tidy_text(arena, text.text, &text.length);
  length = text.length;
  return length ? eh_arena_copy(arena, name, length) : EH_NO_NAME;
}

bool eh_heading_read(struct eh_arena *arena, const struct eh_heading_text *text, const char *at,
                     struct eh_heading *heading) {
  struct eh_csv *csv = open_csv(text, 0, 0);
  struct eh_csv_record record;
  const char *next = at;
  bool found = eh_csv_next(csv, &next, text->end, text->is_whole, &record) == EH_CSV_RECORD;
  if (found) {
    *heading = (struct eh_heading){
        .count = record.field_count, .after = next, .lines = record.blank_lines + record.lines};
    heading->names = eh_arena_alloc(arena, record.field_count, sizeof *heading->names);
    for (size_t i = 0; i < record.field_count; i++) {
      heading->names[i] = name_of(arena, text->encoding, &record.fields[i]);
      heading->filled += strcmp(heading->names[i], EH_NO_NAME) != 0;
    }
  }
  eh_csv_free(csv);
  return found;
}

static bool is_named(const char *name) { return strcmp(name, EH_NO_NAME) != 0; }

bool eh_heading_join(struct eh_arena *arena, const struct eh_heading_text *text,
                     struct eh_heading *heading) {
  struct eh_heading lower;
  if (!eh_heading_read(arena, text, heading->after, &lower) || lower.count < heading->count)
    return false;
  const char *above = EH_NO_NAME;
  lower.filled = 0;
  for (size_t i = 0; i < lower.count; i++) {
    const char *own = i < heading->count ? heading->names[i] : EH_NO_NAME;
    const char *below = lower.names[i];
    if (is_named(own) || !is_named(below)) above = own;
    if (!is_named(below))
      lower.names[i] = above;
    else if (is_named(above))
      lower.names[i] = eh_arena_printf(arena, "%s / %s", above, below);
    lower.filled += is_named(lower.names[i]);
  }
  lower.lines += heading->lines;
  *heading = lower;
  return true;
}

static void note_short(struct eh_heading_fit *fit, size_t fields, size_t expected, size_t *before) {
  fit->missing++;
  fit->broken_pairs += *before + fields == expected + 1;
  *before = fields;
  if (2 * fields >= expected && fields >= 2 && (!fit->fewest || fields < fit->fewest))
    fit->fewest = fields;
}

struct eh_heading_fit eh_heading_fits(const struct eh_heading_text *text,
                                      const struct eh_heading *heading, size_t most) {
  struct eh_csv *csv = open_csv(text, heading->count, 1);
  struct eh_heading_fit fit = {0};
  struct eh_csv_record record;
  const char *next = heading->after;
  size_t before = 0;
  for (; fit.looked_at < most; fit.looked_at++) {
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, text->end, text->is_whole, &record);
    if (outcome == EH_CSV_END || outcome == EH_CSV_INCOMPLETE) break;
    bool is_short = outcome == EH_CSV_RECORD && record.leniences & 1u << EH_LENIENT_MISSING;
    if (is_short) note_short(&fit, record.found_count, heading->count, &before);
    if (!is_short) before = 0;
    fit.trailing += outcome == EH_CSV_RECORD && record.leniences & 1u << EH_LENIENT_TRAILING &&
                    record.found_count == heading->count + 1;
    fit.exact += outcome == EH_CSV_RECORD &&
                 !(record.leniences & (1u << EH_LENIENT_MISSING | 1u << EH_LENIENT_TRAILING));
    fit.more_by_one += outcome == EH_CSV_BAD && record.problem == EH_CSV_MANY_FIELDS &&
                       record.found_count == heading->count + 1;
  }
  eh_csv_free(csv);
  return fit;
}

/* A whole number as it is counted, without zeros before it; 0: none. */
static uint64_t counted(const struct eh_field *field) {
  uint64_t number = 0;
  if (field->length == 0 || field->length > 12 || field->text[0] == '0') return 0;
  for (size_t i = 0; i < field->length; i++) {
    if (field->text[i] < '0' || field->text[i] > '9') return 0;
    number = 10 * number + (uint64_t)(field->text[i] - '0');
  }
  return number;
}

/* Does a blank follow the delimiter, as in a name that should have been quoted? */
static bool has_led_field(const struct eh_heading_text *text, const struct eh_csv_record *record,
                          const char *after) {
  bool is_quoted = false;
  for (const char *at = record->start; at + 1 < after; at++) {
    is_quoted ^= *at == '"';
    if (!is_quoted && *at == text->delimiter && at[1] == ' ') return true;
  }
  return false;
}

bool eh_heading_lacks_row_names(const struct eh_heading_text *text,
                                const struct eh_heading *heading) {
  enum { MOST = 1000 };
  struct eh_csv *csv = open_csv(text, heading->count + 1, heading->count + 1);
  struct eh_csv_record record;
  const char *next = heading->after;
  uint64_t before = 0;
  bool ascend = true, are_quoted = true;
  size_t records = 0, led = 0;
  while (records < MOST &&
         eh_csv_next(csv, &next, text->end, text->is_whole, &record) == EH_CSV_RECORD) {
    uint64_t number = counted(&record.fields[0]);
    ascend &= number > before;
    are_quoted &= *record.start == '"';
    led += has_led_field(text, &record, next);
    before = number;
    records++;
  }
  eh_csv_free(csv);
  return records && led < records && (ascend || are_quoted);
}

/* --- rows below the header --- */

bool eh_heading_has_digit(const struct eh_field *field) {
  for (size_t i = 0; i < field->length; i++)
    if (field->text[i] >= '0' && field->text[i] <= '9') return true;
  return false;
}

enum { BELOW = 3, LOOKED_AT = 40, LEAST_RECORDS = 3 };
enum content { NOTHING, WORDS, DIGITS, MIXED };

/* The rows that may belong to the header, and the records behind. */
struct below {
  size_t count, columns;
  const char *after[LOOKED_AT];
  uint64_t lines[LOOKED_AT]; /* with the blank ones before it */
  bool is_rule[LOOKED_AT], is_numbering[LOOKED_AT], is_qualtrics[LOOKED_AT];
  unsigned char *content; /* enum content, by row and column */
};

static bool is_rule(const struct eh_field *fields, size_t count) {
  size_t filled = 0;
  for (size_t i = 0; i < count; i++) {
    filled += fields[i].length > 0;
    for (size_t k = 0; k < fields[i].length; k++)
      if (!strchr("-=_+*", fields[i].text[k]) || !fields[i].text[k]) return false;
  }
  return filled > 1;
}

/* "1", "2", "3" and so on: columns numbered for a form. */
static bool is_numbering(const struct eh_field *fields, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (counted(&fields[i]) != i + 1) return false;
  return count > 2;
}

static bool begins_with(const struct eh_field *field, const char *text) {
  return field->length > strlen(text) && memcmp(field->text, text, strlen(text)) == 0;
}

/* What a cell holds: no digit, digits without a letter, or both. */
static enum content content_of(const struct eh_field *field) {
  bool has_letter = false;
  if (field->length == 0) return NOTHING;
  if (!eh_heading_has_digit(field)) return WORDS;
  for (size_t i = 0; i < field->length; i++)
    has_letter |= isalpha((unsigned char)field->text[i]) != 0;
  return has_letter ? MIXED : DIGITS;
}

static void read_below(const struct eh_heading_text *text, const struct eh_heading *heading,
                       struct below *b) {
  struct eh_csv *csv = open_csv(text, 0, 0);
  struct eh_csv_record record;
  const char *next = heading->after;
  for (; b->count < LOOKED_AT; b->count++) {
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, text->end, text->is_whole, &record);
    if (outcome != EH_CSV_RECORD) break;
    b->after[b->count] = next;
    b->lines[b->count] = record.blank_lines + record.lines;
    b->is_rule[b->count] = is_rule(record.fields, record.field_count);
    b->is_numbering[b->count] = is_numbering(record.fields, record.field_count);
    b->is_qualtrics[b->count] = begins_with(&record.fields[0], "{\"ImportId\"");
    for (size_t c = 0; c < b->columns && c < record.field_count; c++)
      b->content[b->count * b->columns + c] = content_of(&record.fields[c]);
  }
  eh_csv_free(csv);
}

/* Has this row words, or nothing, in all columns in which later rows have digits, and words in two
   or more? Where those hold no letters, "NUMBER(9,2)" is a word. */
static bool has_words_for_digits(const struct below *b, size_t row) {
  size_t words = 0;
  if (b->count < row + 1 + LEAST_RECORDS) return false;
  for (size_t c = 0; c < b->columns; c++) {
    size_t digits = 0, plain = 0;
    for (size_t r = row + 1; r < b->count; r++) {
      digits += b->content[r * b->columns + c] >= DIGITS;
      plain += b->content[r * b->columns + c] == DIGITS;
    }
    if (10 * digits < 9 * (b->count - row - 1)) continue;
    unsigned char own = b->content[row * b->columns + c];
    if (own == NOTHING) continue;
    if (own != WORDS && (own != MIXED || plain < digits)) return false;
    words++;
  }
  return words > 1;
}

/* Is this row the columns' numbers, where some column holds words and no digit in all later rows? */
static bool numbers_words(const struct below *b, size_t row) {
  if (!b->is_numbering[row] || b->count < row + 1 + LEAST_RECORDS) return false;
  for (size_t c = 0; c < b->columns; c++) {
    size_t words = 0, digits = 0;
    for (size_t r = row + 1; r < b->count; r++) {
      words += b->content[r * b->columns + c] == WORDS;
      digits += b->content[r * b->columns + c] >= DIGITS;
    }
    if (words >= LEAST_RECORDS && digits == 0) return true;
  }
  return false;
}

uint64_t eh_heading_pass_rows(const struct eh_heading_text *text, struct eh_heading *heading) {
  struct below b = {.columns = heading->count};
  b.content = eh_alloc_zeroed(LOOKED_AT * heading->count, 1);
  read_below(text, heading, &b);
  size_t passed = 0;
  for (size_t r = 0; r < BELOW && r < b.count; r++)
    if (b.is_qualtrics[r] || (passed == r && (b.is_rule[r] || has_words_for_digits(&b, r) || numbers_words(&b, r))))
      passed = r + 1;
  uint64_t lines = 0;
  for (size_t r = 0; r < passed; r++) lines += b.lines[r];
  if (passed) heading->after = b.after[passed - 1];
  free(b.content);
  return lines;
}
