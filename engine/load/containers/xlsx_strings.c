/* The texts that the cells of an .xlsx share: each is held once. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/cell_text.h"
#include "engine/load/containers/xlsx.h"

struct reading {
  struct eh_xml *xml;
  struct eh_zip *zip;
  struct eh_xlsx_strings *strings;
  size_t begin;         /* of the text being read */
  bool in_item, in_text;
  unsigned in_phonetic; /* elements open within rPh, itself included */
};

enum eh_status eh_xlsx_too_long(const struct eh_zip *zip, struct eh_error *error) {
  return eh_zip_damaged(
      zip, error, "a text of more than 32,767 characters, the most that a cell holds");
}

static void start(void *context, const char *name, const char **attributes) {
  (void)attributes;
  struct reading *r = context;
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (r->in_phonetic) {
    r->in_phonetic++;
  } else if (local && strcmp(local, "rPh") == 0) {
    r->in_phonetic = 1;
  } else if (local && strcmp(local, "si") == 0) {
    r->in_item = true;
    r->begin = r->strings->bytes.length;
  } else if (local && strcmp(local, "t") == 0) {
    r->in_text = r->in_item;
  }
}

static void text(void *context, const char *bytes, int length) {
  struct reading *r = context;
  if (!r->in_text || r->in_phonetic) return;
  struct eh_buffer *all = &r->strings->bytes;
  eh_buffer_add(all, bytes, (size_t)length);
  if (all->length - r->begin <= EH_LONGEST_CELL ||
      eh_cell_characters(all->text + r->begin, all->length - r->begin) <= EH_LONGEST_CELL)
    return;
  struct eh_error error;
  (void)!eh_xlsx_too_long(r->zip, &error);
  eh_xml_fail(r->xml, &error);
}

static void close_item(struct reading *r) {
  struct eh_xlsx_strings *s = r->strings;
  size_t length = s->bytes.length - r->begin;
  if (length) {
    char *bytes = s->bytes.text + r->begin, *trimmed = eh_cell_trim(bytes, &length, true);
    memmove(bytes, trimmed, length);
  }
  s->bytes.length = r->begin + length;
  if (s->count == s->capacity) {
    s->capacity = s->capacity ? 2 * s->capacity : 1024;
    s->ends = eh_resize(s->ends, s->capacity, sizeof *s->ends);
  }
  s->ends[s->count++] = s->bytes.length;
  r->in_item = false;
}

static void end(void *context, const char *name) {
  struct reading *r = context;
  r->in_text = false;
  if (r->in_phonetic) {
    r->in_phonetic--;
    return;
  }
  const char *local = eh_xml_local(name, eh_xlsx_main);
  if (r->in_item && local && strcmp(local, "si") == 0) close_item(r);
}

enum eh_status eh_xlsx_read_strings(struct eh_xlsx_strings *strings, struct eh_zip *zip,
                                    size_t entry, struct eh_error *error) {
  static const struct eh_xml_calls calls = {start, end, text};
  struct reading r = {.zip = zip, .strings = strings};
  return eh_xml_parse(&r.xml, zip, entry, &calls, &r, error);
}

void eh_xlsx_free_strings(struct eh_xlsx_strings *strings) {
  eh_buffer_free(&strings->bytes);
  free(strings->ends);
  *strings = (struct eh_xlsx_strings){0};
}
