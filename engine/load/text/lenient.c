#include "engine/load/text/lenient.h"

#include <string.h>

struct reading {
  const struct eh_lenient *lenient;
  const char *at, *end;
  const char *first_line_end; /* of the record */
  bool misplaced;             /* a closing quote with text behind it, on the first line */
};

static bool is_blank(const struct reading *r, char c) {
  return (c == ' ' || c == '\t') && c != r->lenient->delimiter;
}

static bool ends_field(const struct reading *r, const char *at) {
  if (at == r->end) return r->lenient->is_last;
  return *at == r->lenient->delimiter || *at == '\n' || *at == '\r';
}

static const char *pass_blanks(const struct reading *r, const char *at) {
  while (at < r->end && is_blank(r, *at)) at++;
  return at;
}

/* The quote that closes what begins at text, or NULL. */
static const char *closing(const char *text, const char *end, bool *has_pairs) {
  for (;;) {
    const char *quote = memchr(text, '"', (size_t)(end - text));
    if (!quote || quote + 1 == end || quote[1] != '"') return quote;
    *has_pairs = true;
    text = quote + 2;
  }
}

/* A field within quotes, from the opening one on. */
static enum eh_lenient_outcome read_quoted(struct reading *r, const char *opening) {
  bool has_pairs = false;
  const char *close = closing(opening + 1, r->end, &has_pairs);
  const char *behind = close ? pass_blanks(r, close + 1) : r->end;
  if (behind == r->end && !r->lenient->is_last) return EH_LENIENT_INCOMPLETE;
  if (!close) return EH_LENIENT_NONE;
  if (!ends_field(r, behind)) {
    r->misplaced = close < r->first_line_end;
    return EH_LENIENT_NONE;
  }
  r->lenient->take(r->lenient->context, opening + 1, (size_t)(close - opening - 1), has_pairs);
  r->at = behind;
  return EH_LENIENT_RECORD;
}

/* Behind ="..." that is a whole field on this line, or NULL. */
static const char *formula_end(const struct reading *r, const char *text) {
  if (r->end - text < 3 || text[0] != '=' || text[1] != '"') return NULL;
  const char *line_end = eh_csv_line_end(text, r->end);
  const char *close = memchr(text + 2, '"', (size_t)(line_end - text - 2));
  return close && ends_field(r, pass_blanks(r, close + 1)) ? close + 1 : NULL;
}

static enum eh_lenient_outcome read_bare(struct reading *r, const char *text) {
  const char *end = formula_end(r, text), *behind;
  if (end) {
    behind = pass_blanks(r, end);
  } else {
    for (behind = text; behind < r->end && !ends_field(r, behind);) behind++;
    for (end = behind; end > text && is_blank(r, end[-1]);) end--;
  }
  if (behind == r->end && !r->lenient->is_last) return EH_LENIENT_INCOMPLETE;
  r->lenient->take(r->lenient->context, text, (size_t)(end - text), false);
  r->at = behind;
  return EH_LENIENT_RECORD;
}

static enum eh_lenient_outcome read_field(struct reading *r) {
  const char *text = pass_blanks(r, r->at);
  return text < r->end && *text == '"' ? read_quoted(r, text) : read_bare(r, text);
}

static enum eh_lenient_outcome read_fields(struct reading *r) {
  for (;;) {
    enum eh_lenient_outcome outcome = read_field(r);
    if (outcome != EH_LENIENT_RECORD) return outcome;
    if (r->at == r->end || *r->at != r->lenient->delimiter) return EH_LENIENT_RECORD;
    r->at++;
  }
}

/* How many fields a line has in which quotes quote nothing. */
static size_t count_fields(const struct reading *r, const char *text, const char *end) {
  size_t count = 1;
  for (; text < end; text++) count += *text == r->lenient->delimiter;
  return count;
}

/* The first line, as if its quotes quoted nothing; those around whole fields are taken away. Only
   where as many fields come out as there should be. */
static enum eh_lenient_outcome read_literally(struct reading *r, const char *start) {
  const char *end = r->first_line_end;
  while (end > start && (end[-1] == '\n' || end[-1] == '\r')) end--;
  if (count_fields(r, start, end) != r->lenient->field_count) return EH_LENIENT_NONE;
  for (const char *text = start; text <= end;) {
    const char *stop = memchr(text, r->lenient->delimiter, (size_t)(end - text));
    const char *next = (stop ? stop : end) + 1, *last = next - 1;
    text = pass_blanks(r, text);
    while (last > text && is_blank(r, last[-1])) last--;
    bool is_whole = last - text >= 2 && *text == '"' && last[-1] == '"';
    r->lenient->take(r->lenient->context, text + is_whole, (size_t)(last - text) - 2 * is_whole,
                     false);
    text = next;
  }
  r->at = end;
  return EH_LENIENT_RECORD;
}

enum eh_lenient_outcome eh_lenient_read(const struct eh_lenient *lenient, const char *start,
                                        const char *end, const char **after) {
  struct reading r = {lenient, start, end, eh_csv_line_end(start, end), false};
  enum eh_lenient_outcome outcome = read_fields(&r);
  if (outcome == EH_LENIENT_NONE && r.misplaced) {
    lenient->forget(lenient->context);
    outcome = read_literally(&r, start);
  }
  /* Where pieces end must change nothing: what is too long has no end, wherever it is looked for.
   */
  if (outcome != EH_LENIENT_NONE) {
    const char *reached = outcome == EH_LENIENT_RECORD ? r.at : end;
    if (reached - start > EH_LONGEST_RECORD) return EH_LENIENT_NONE;
  }
  *after = r.at < end ? eh_csv_line_end(r.at, end) : end;
  return outcome;
}
