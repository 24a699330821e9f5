#include "reports/data/json_stream.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "reports/words/safe.h"

enum { INDENT = 2 };
static const size_t FLAGS = JSON_INDENT(INDENT) | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY;

/* jansson answers lack of memory with NULL or -1 (texts that are no UTF-8 and numbers that are not
 * finite do not get there); end as any allocation here does. */
static void out_of_memory(void) { eh_alloc(SIZE_MAX, SIZE_MAX); }

json_t *eh_json_text(const char *text) {
  json_t *value = json_string(text);
  if (value) return value;
  struct eh_arena *arena = eh_arena_new();
  value = json_string(eh_safe_utf8(arena, text));
  eh_arena_free(arena);
  if (!value) out_of_memory();
  return value;
}

static void write_text(struct eh_json_stream *json, const char *text, size_t length) {
  if (length && fwrite(text, 1, length, json->stream) != length) json->failed = true;
}

/* Unseen characters as escapes: the text read back is the same. */
static void write_visibly(struct eh_json_stream *json, const char *text, size_t length) {
  const char *from = text, *end = text + length;
  for (const char *at = text; at < end;) {
    size_t bytes = 1;
    uint32_t code = (unsigned char)*at < 0x7F ? 0 : eh_safe_decode(at, &bytes);
    if (bytes == 0) bytes = 1;
    if (code && (code < 0xA0 || eh_safe_is_unseen(code))) {
      char escape[16];
      write_text(json, from, (size_t)(at - from));
      if (code > 0xFFFF)
        snprintf(escape, sizeof escape, "\\u%04X\\u%04X", 0xD800 + ((code - 0x10000) >> 10),
                 0xDC00 + (code & 0x3FF));
      else
        snprintf(escape, sizeof escape, "\\u%04X", (unsigned)code);
      write_text(json, escape, strlen(escape));
      from = at + bytes;
    }
    at += bytes;
  }
  write_text(json, from, (size_t)(end - from));
}

static void new_line(struct eh_json_stream *json) {
  static const char line_and_indent[] = "\n                                ";
  size_t indent = INDENT * (size_t)json->depth;
  assert(1 + indent < sizeof line_and_indent);
  write_text(json, line_and_indent, 1 + indent);
}

/* jansson breaks lines only between members (in strings they are escaped), so indenting what
 * follows a line end is safe. */
static void write_value(struct eh_json_stream *json, json_t *value) {
  char *text = value ? json_dumps(value, FLAGS) : NULL;
  json_decref(value);
  if (!text) out_of_memory();
  const char *from = text;
  for (const char *line_end; (line_end = strchr(from, '\n')) != NULL; from = line_end + 1) {
    write_visibly(json, from, (size_t)(line_end - from));
    new_line(json);
  }
  write_visibly(json, from, strlen(from));
  free(text);
}

static void begin_member(struct eh_json_stream *json, const char *name) {
  if (json->filled) write_text(json, ",", 1);
  if (json->depth > 0) new_line(json);
  json->filled = true;
  if (!name) return;
  write_value(json, eh_json_text(name));
  write_text(json, ": ", 2);
}

void eh_json_open(struct eh_json_stream *json, const char *name, char bracket) {
  begin_member(json, name);
  write_text(json, &bracket, 1);
  json->depth++;
  json->filled = false;
}

void eh_json_close(struct eh_json_stream *json, char bracket) {
  json->depth--;
  if (json->filled) new_line(json);
  write_text(json, &bracket, 1);
  json->filled = true;
  if (json->depth == 0) write_text(json, "\n", 1);
}

void eh_json_put(struct eh_json_stream *json, const char *name, json_t *value) {
  begin_member(json, name);
  write_value(json, value);
}

void eh_json_put_count(struct eh_json_stream *json, const char *name, uint64_t count) {
  char digits[24];
  begin_member(json, name);
  int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
  write_text(json, digits, (size_t)length);
}

void eh_json_put_members(struct eh_json_stream *json, json_t *object) {
  const char *name;
  json_t *value;
  json_object_foreach(object, name, value) eh_json_put(json, name, json_incref(value));
  json_decref(object);
}

json_t *eh_json_object(void) {
  json_t *object = json_object();
  if (!object) out_of_memory();
  return object;
}

json_t *eh_json_array(void) {
  json_t *array = json_array();
  if (!array) out_of_memory();
  return array;
}

void eh_json_set(json_t *object, const char *name, json_t *value) {
  if (json_object_set_new(object, name, value) != 0) out_of_memory();
}

void eh_json_append(json_t *array, json_t *value) {
  if (json_array_append_new(array, value) != 0) out_of_memory();
}

void eh_json_set_count(json_t *object, const char *name, uint64_t count) {
  eh_json_set(object, name, json_integer((json_int_t)count));
}

void eh_json_set_text(json_t *object, const char *name, const char *text) {
  eh_json_set(object, name, eh_json_text(text));
}

void eh_json_set_null(json_t *object, const char *name, const char *why_not) {
  char reason[128];
  snprintf(reason, sizeof reason, "%s_reason", name);
  eh_json_set(object, name, json_null());
  eh_json_set(object, reason, eh_json_text(why_not));
}

void eh_json_set_number(json_t *object, const char *name, double number, const char *why_not) {
  if (!why_not && !isfinite(number)) why_not = "not a finite number";
  if (why_not) {
    eh_json_set_null(object, name, why_not);
  } else {
    eh_json_set(object, name, json_real(number));
  }
}

void eh_json_set_figure(json_t *object, const char *name, struct eh_figure figure) {
  eh_json_set_number(object, name, figure.value, figure.why_not);
}
