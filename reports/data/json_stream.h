/* A JSON document written member by member, so that a large one never stands in memory whole.
 *
 * Each value is a small jansson tree; the stream takes it, writes it indented to its depth and
 * frees it. Null carries its reason: eh_json_set_figure writes "q": null, "q_reason": "...".
 */
#ifndef EVENHAND_REPORTS_JSON_STREAM_H
#define EVENHAND_REPORTS_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "engine/stats/tables.h"

struct eh_json_stream {
  FILE *stream;
  int depth;
  bool filled; /* the object or array that is open holds something: a comma comes first */
  bool failed; /* the stream takes no more */
};

/* Open and close an object '{' or array '['; name is NULL for the outermost and within arrays. */
void eh_json_open(struct eh_json_stream *json, const char *name, char bracket);
void eh_json_close(struct eh_json_stream *json, char bracket);
/* A value; the stream takes it over. */
void eh_json_put(struct eh_json_stream *json, const char *name, json_t *value);
/* A whole number up to 2^64 - 1; jansson's own go up to 2^63 - 1. */
void eh_json_put_count(struct eh_json_stream *json, const char *name, uint64_t count);
/* Each member of an object, as a member of the open object; the stream takes it over. */
void eh_json_put_members(struct eh_json_stream *json, json_t *object);

/* Values under construction: as jansson's, but they do not return when memory runs out; they take
 * value over. */
json_t *eh_json_object(void);
json_t *eh_json_array(void);
json_t *eh_json_text(const char *text); /* bytes that are no UTF-8 become U+FFFD */
void eh_json_set(json_t *object, const char *name, json_t *value);
void eh_json_append(json_t *array, json_t *value);

void eh_json_set_count(json_t *object, const char *name, uint64_t count); /* up to 2^63 - 1 */
void eh_json_set_number(json_t *object, const char *name, double number, const char *why_not);
void eh_json_set_figure(json_t *object, const char *name, struct eh_figure figure);
void eh_json_set_text(json_t *object, const char *name, const char *text);
void eh_json_set_null(json_t *object, const char *name, const char *why_not);

#endif
