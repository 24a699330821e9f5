/* ReadStat, behind a door of our own. It reads a file to its end at one call, and needs every
 * handler: without some it crashes. */
#include <readstat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/statistical_file.h"

struct parsing {
  struct eh_statistical_cursor cursor;
  const struct eh_statistical_calls *calls;
  void *context;
  struct eh_error failure; /* of the bytes; code EH_OK: none */
  char said[200];          /* by ReadStat */
};

/* --- the bytes --- */

static int open_file(const char *path, void *context) {
  (void)path, (void)context;
  return 0;
}

static int close_file(void *context) {
  (void)context;
  return 0;
}

static readstat_off_t seek_file(readstat_off_t offset, readstat_io_flags_t whence, void *context) {
  struct eh_statistical_cursor *cursor = &((struct parsing *)context)->cursor;
  uint64_t size = cursor->stored->size;
  int64_t from = whence == READSTAT_SEEK_CUR   ? (int64_t)cursor->at
                 : whence == READSTAT_SEEK_END ? (int64_t)size
                                               : 0;
  if (offset > (int64_t)size || offset < -(int64_t)size) return -1;
  int64_t to = from + offset;
  if (to < 0 || to > (int64_t)size) return -1;
  cursor->at = (uint64_t)to;
  return to;
}

static ssize_t read_file(void *buffer, size_t wanted, void *context) {
  struct parsing *p = context;
  size_t got = 0;
  const struct eh_stored *stored = p->cursor.stored;
  if (stored->read_at(stored->context, p->cursor.at, buffer, wanted, &got, &p->failure) != EH_OK)
    return -1;
  p->cursor.at += got;
  return (ssize_t)got;
}

static readstat_error_t update(long size, readstat_progress_handler progress, void *context,
                               void *io) {
  (void)size, (void)progress, (void)context, (void)io;
  return READSTAT_OK;
}

/* --- what it tells --- */

static int take_metadata(readstat_metadata_t *metadata, void *context) {
  (void)metadata, (void)context;
  return READSTAT_HANDLER_OK;
}

static int take_note(int index, const char *note, void *context) {
  (void)index, (void)note, (void)context;
  return READSTAT_HANDLER_OK;
}

static int take_weight(readstat_variable_t *variable, void *context) {
  (void)variable, (void)context;
  return READSTAT_HANDLER_OK;
}

static int take_progress(double progress, void *context) {
  (void)progress, (void)context;
  return READSTAT_HANDLER_OK;
}

static void take_error(const char *message, void *context) {
  struct parsing *p = context;
  if (p->said[0]) return;
  snprintf(p->said, sizeof p->said, "%s", message);
  for (size_t length = strlen(p->said); length && strchr(" \n.", p->said[length - 1]);)
    p->said[--length] = '\0';
}

static int take_variable(int index, readstat_variable_t *variable, const char *set,
                         void *context) {
  (void)index;
  struct parsing *p = context;
  if (p->calls->variable)
    p->calls->variable(p->context, readstat_variable_get_name(variable), set,
                       readstat_variable_get_format(variable));
  return READSTAT_HANDLER_OK;
}

static int take_label(const char *set, readstat_value_t value, const char *label, void *context) {
  struct parsing *p = context;
  struct eh_label one = {.set = set, .label = label ? label : ""};
  if (!p->calls->label || !set || readstat_value_is_tagged_missing(value)) return READSTAT_HANDLER_OK;
  if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING)
    one.text = readstat_string_value(value) ? readstat_string_value(value) : "";
  else
    one.number = readstat_double_value(value);
  p->calls->label(p->context, &one);
  return READSTAT_HANDLER_OK;
}

static int take_value(int index, readstat_variable_t *variable, readstat_value_t value,
                      void *context) {
  (void)index;
  enum { SINGLE = 7, DOUBLE = 15 };
  struct parsing *p = context;
  struct eh_statistical_cell cell = {
      .variable = (size_t)readstat_variable_get_index(variable),
      .is_marked = readstat_value_is_tagged_missing(value) ||
                   readstat_value_is_defined_missing(value, variable)};
  cell.is_missing = cell.is_marked || readstat_value_is_system_missing(value);
  if (!cell.is_missing && readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
    cell.text = readstat_string_value(value);
    cell.is_missing = cell.text == NULL;
  } else if (!cell.is_missing) {
    cell.number = readstat_double_value(value);
    cell.digits = readstat_value_type(value) == READSTAT_TYPE_FLOAT ? SINGLE : DOUBLE;
  }
  return p->calls->value && p->calls->value(p->context, &cell) ? READSTAT_HANDLER_OK
                                                               : READSTAT_HANDLER_ABORT;
}

/* --- the whole --- */

static readstat_parser_t *new_parser(struct parsing *p) {
  readstat_parser_t *parser = readstat_parser_init();
  if (!parser) eh_out_of_memory();
  readstat_set_metadata_handler(parser, take_metadata);
  readstat_set_note_handler(parser, take_note);
  readstat_set_variable_handler(parser, take_variable);
  readstat_set_fweight_handler(parser, take_weight);
  readstat_set_value_handler(parser, take_value);
  readstat_set_value_label_handler(parser, take_label);
  readstat_set_error_handler(parser, take_error);
  readstat_set_progress_handler(parser, take_progress);
  readstat_set_open_handler(parser, open_file);
  readstat_set_close_handler(parser, close_file);
  readstat_set_seek_handler(parser, seek_file);
  readstat_set_read_handler(parser, read_file);
  readstat_set_update_handler(parser, update);
  readstat_set_io_ctx(parser, p);
  return parser;
}

enum eh_status eh_statistical_parse(const struct eh_stored *stored,
                                    enum eh_statistical_format format,
                                    const struct eh_statistical_calls *calls, void *context,
                                    struct eh_error *error) {
  static const struct {
    const char *name;
    readstat_error_t (*parse)(readstat_parser_t *parser, const char *path, void *context);
  } formats[EH_STATISTICAL_FORMATS] = {
      [EH_SAV] = {"SPSS", readstat_parse_sav},
      [EH_POR] = {"SPSS", readstat_parse_por},
      [EH_DTA] = {"Stata", readstat_parse_dta},
      [EH_SAS7BDAT] = {"SAS", readstat_parse_sas7bdat},
      [EH_XPORT] = {"SAS", readstat_parse_xport}};
  struct parsing p = {.cursor = {stored, 0}, .calls = calls, .context = context};
  readstat_parser_t *parser = new_parser(&p);
  readstat_error_t result = formats[format].parse(parser, stored->name, &p);
  readstat_parser_free(parser);
  if (p.failure.code != EH_OK) {
    *error = p.failure;
    return error->code;
  }
  if (result == READSTAT_OK || result == READSTAT_ERROR_USER_ABORT) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, stored->name, 0, 0,
                    "is a damaged %s file, or of a kind that cannot be read (%s); open it there "
                    "and save the records as CSV",
                    formats[format].name, p.said[0] ? p.said : readstat_error_message(result));
}
