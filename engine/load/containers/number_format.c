#include "engine/load/containers/number_format.h"

#include <string.h>
#include <strings.h>

/* One unit of a format's code. */
struct unit {
  const char *text; /* of a literal, what is shown */
  size_t length;
  char letter; /* of what formats: as it is; '\0': a literal, '[': within brackets */
};

static size_t utf8_length(const char *text) {
  size_t length = 1;
  while (((unsigned char)text[length] & 0xc0) == 0x80) length++;
  return length;
}

/* The unit at text; returns where the next one begins. "quoted", \x are literals; _x is a blank of
   the width of x and *x fills the cell with x, so that neither shows anything. */
static const char *next_unit(const char *text, struct unit *unit) {
  *unit = (struct unit){.text = text, .length = 1};
  if (*text == '"') {
    const char *end = strchr(text + 1, '"');
    unit->text = text + 1;
    unit->length = end ? (size_t)(end - text - 1) : strlen(text + 1);
    return end ? end + 1 : text + 1 + unit->length;
  }
  if ((*text == '\\' || *text == '_' || *text == '*') && text[1]) {
    size_t length = utf8_length(text + 1);
    unit->text = text + 1;
    unit->length = *text == '\\' ? length : 0;
    return text + 1 + length;
  }
  if (*text == '[') {
    const char *end = strchr(text, ']');
    unit->letter = '[';
    unit->text = text + 1;
    unit->length = end ? (size_t)(end - text - 1) : strlen(text + 1);
    return end ? end + 1 : text + 1 + unit->length;
  }
  unit->length = utf8_length(text);
  unit->letter = unit->length == 1 ? *text : '\0';
  return text + unit->length;
}

/* [h], [mm], [ss]: hours that go on beyond a day. */
static bool is_elapsed(const struct unit *unit) {
  if (unit->letter != '[' || unit->length == 0) return false;
  char first = unit->text[0] | 0x20;
  if (!strchr("hms", first)) return false;
  for (size_t i = 1; i < unit->length; i++)
    if ((unit->text[i] | 0x20) != first) return false;
  return true;
}

static void note_letter(struct eh_number_format *format, const struct unit *unit) {
  char letter = unit->letter | 0x20;
  if (unit->letter == '\0' || unit->letter == '[') return;
  if (letter == 'y' || letter == 'd') format->has_day = true;
  if (letter == 'h' || letter == 's') format->has_time = true;
  if (strchr("ymdhs", letter)) format->kind = EH_DATE_NUMBER;
}

/* General holds no letters of dates, whatever it looks like. */
static bool is_general(const char *code) {
  return strncasecmp(code, "General", 7) == 0 || strncasecmp(code, "Standard", 8) == 0;
}

static bool is_condition(const struct unit *unit) {
  return unit->letter == '[' && unit->length && strchr("<>=", unit->text[0]);
}

/* A section of 0s, two or more, and literals only. */
static void look_for_id(struct eh_number_format *format, const char *code) {
  size_t zeros = 0;
  const char *at = code;
  while (*at && *at != ';') {
    struct unit unit;
    const char *next = next_unit(at, &unit);
    if (unit.letter == '0')
      zeros++;
    else if (is_condition(&unit) || (unit.letter && strchr("#?,.%eE/@", unit.letter)))
      return;
    at = next;
  }
  if (zeros < 2) return;
  format->kind = EH_ID_NUMBER;
  format->code = code;
  format->code_length = (size_t)(at - code);
}

struct eh_number_format eh_number_format_of(const char *code) {
  struct eh_number_format format = {.kind = EH_PLAIN_NUMBER};
  if (is_general(code)) return format;
  for (const char *at = code; *at && *at != ';';) {
    struct unit unit;
    at = next_unit(at, &unit);
    if (is_elapsed(&unit)) {
      format.is_elapsed = format.has_time = true;
      format.kind = EH_DATE_NUMBER;
    }
    note_letter(&format, &unit);
  }
  /* m alone is months; beside hours or seconds, minutes. */
  if (format.kind == EH_DATE_NUMBER && !format.has_time) format.has_day = true;
  if (format.kind == EH_PLAIN_NUMBER) look_for_id(&format, code);
  return format;
}

struct eh_number_format eh_number_format_built_in(unsigned long id) {
  struct eh_number_format format = {.kind = EH_PLAIN_NUMBER};
  bool is_day = (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 ||
                (id >= 50 && id <= 54) || (id >= 57 && id <= 58);
  bool is_time = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ||
                 (id >= 55 && id <= 56);
  if (!is_day && !is_time && id != 22) return format;
  format.kind = EH_DATE_NUMBER;
  format.has_day = is_day || id == 22;
  format.has_time = is_time || id == 22;
  format.is_elapsed = id == 46;
  return format;
}

static size_t count_places(const char *code, const char *end) {
  size_t places = 0;
  for (const char *at = code; at < end;) {
    struct unit unit;
    at = next_unit(at, &unit);
    places += unit.letter == '0';
  }
  return places;
}

/* Each 0 takes a digit, the last one the last; zeros fill up on the left, and digits without a 0 of
   their own stand at the first one. */
size_t eh_number_format_id(const struct eh_number_format *format, const char *digits, size_t count,
                           char *text, size_t size) {
  const char *end = format->code + format->code_length;
  size_t places = count_places(format->code, end), length = 0, left = count;
  for (const char *at = format->code; at < end;) {
    struct unit unit;
    at = next_unit(at, &unit);
    bool is_place = unit.letter == '0';
    size_t run = unit.letter == '[' ? 0 : unit.length;
    if (is_place) run = left > places ? left - places + 1 : 1;
    if (length + run >= size) return 0;
    if (!is_place) {
      memcpy(text + length, unit.text, run);
    } else if (left < places) {
      text[length] = '0';
    } else {
      memcpy(text + length, digits + count - left, run);
      left -= run;
    }
    places -= is_place;
    length += run;
  }
  return length;
}
