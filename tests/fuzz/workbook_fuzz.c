/* A workbook of any parts is read or refused: the same twice, as records of as many fields as the
 * header, in UTF-8, with rows that rise. An input that begins with PK is a zip as it is; any other
 * is a list of parts, each behind a line "=== NAME", which are put into a sound zip. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "engine/load/containers/container.h"
#include "engine/load/text/csv.h"
#include "engine/load/text/encoding.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_TEXT = 1 << 20, MOST_PARTS = 16 };

struct bytes {
  const char *text;
  size_t length;
};

static enum eh_status read_at(void *context, uint64_t offset, char *buffer, size_t wanted,
                              size_t *got, struct eh_error *error) {
  (void)error;
  const struct bytes *b = context;
  size_t left = offset < b->length ? b->length - (size_t)offset : 0;
  *got = left < wanted ? left : wanted;
  if (*got) memcpy(buffer, b->text + offset, *got);
  return EH_OK;
}

/* --- a zip of parts as they are --- */

static void put(struct eh_buffer *zip, uint32_t value, int bytes) {
  for (; bytes > 0; bytes--, value >>= 8) {
    char byte = (char)(value & 0xff);
    eh_buffer_add(zip, &byte, 1);
  }
}

struct part {
  const char *name, *text;
  size_t name_length, length;
  uint32_t offset;
};

/* What local headers and the directory have in common, from the version on. */
static void put_header(struct eh_buffer *zip, const struct part *p) {
  uint32_t sum = (uint32_t)crc32(0, (const Bytef *)p->text, (uInt)p->length);
  put(zip, 20, 2); /* version */
  put(zip, 0, 2);  /* flags */
  put(zip, 0, 2);  /* stored */
  put(zip, 0, 4);  /* time and date */
  put(zip, sum, 4);
  put(zip, (uint32_t)p->length, 4);
  put(zip, (uint32_t)p->length, 4);
  put(zip, (uint32_t)p->name_length, 2);
  put(zip, 0, 2); /* extra */
}

static void put_parts(struct eh_buffer *zip, struct part *parts, size_t count) {
  for (size_t i = 0; i < count; i++) {
    parts[i].offset = (uint32_t)zip->length;
    eh_buffer_add(zip, "PK\3\4", 4);
    put_header(zip, &parts[i]);
    eh_buffer_add(zip, parts[i].name, parts[i].name_length);
    eh_buffer_add(zip, parts[i].text, parts[i].length);
  }
  size_t directory = zip->length;
  for (size_t i = 0; i < count; i++) {
    eh_buffer_add(zip, "PK\1\2", 4);
    put(zip, 20, 2);
    put_header(zip, &parts[i]);
    put(zip, 0, 2 + 2 + 2); /* comment, disk, kind */
    put(zip, 0, 4);
    put(zip, parts[i].offset, 4);
    eh_buffer_add(zip, parts[i].name, parts[i].name_length);
  }
  size_t length = zip->length - directory;
  eh_buffer_add(zip, "PK\5\6", 4);
  put(zip, 0, 4);
  put(zip, (uint32_t)count, 2);
  put(zip, (uint32_t)count, 2);
  put(zip, (uint32_t)length, 4);
  put(zip, (uint32_t)directory, 4);
  put(zip, 0, 2);
}

static size_t split(const char *text, size_t length, struct part *parts) {
  static const char mark[] = "=== ";
  size_t count = 0, letters = sizeof mark - 1;
  const char *end = text + length;
  while (count < MOST_PARTS && (size_t)(end - text) > letters &&
         memcmp(text, mark, letters) == 0) {
    struct part *p = &parts[count++];
    p->name = text + letters;
    const char *line = memchr(p->name, '\n', (size_t)(end - p->name));
    if (!line) line = end;
    p->name_length = (size_t)(line - p->name);
    p->text = line < end ? line + 1 : end;
    const char *next = memmem(p->text, (size_t)(end - p->text), "\n=== ", letters + 1);
    p->length = (size_t)((next ? next : end) - p->text);
    text = next ? next + 1 : end;
  }
  return count;
}

/* --- what must hold --- */

/* A number that stands for the text. */
static uint64_t read_all(struct eh_container *container, struct eh_buffer *text) {
  struct eh_error error;
  uint64_t sum = 0;
  char step[5000];
  size_t got = 1;
  text->length = 0;
  while (got && text->length < MOST_TEXT) {
    if (eh_container_read(container, step, sizeof step, &got, &error) != EH_OK)
      return error.message[0] ? 1 : (abort(), 0u);
    eh_buffer_add(text, step, got);
  }
  for (size_t i = 0; i < text->length; i++) sum = sum * 31 + (unsigned char)text->text[i];
  return 2 * sum;
}

static void check_table(const struct eh_container *container, const struct eh_buffer *text) {
  struct eh_csv *csv = eh_csv_new(',', 0);
  struct eh_csv_record record;
  const char *next = text->text, *end = next + text->length;
  bool is_whole = text->length < MOST_TEXT;
  uint64_t line = 1, row = 0;
  size_t fields = 0;
  while (text->length) {
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, is_whole, &record);
    if (outcome == EH_CSV_END || outcome == EH_CSV_INCOMPLETE) break;
    if (outcome != EH_CSV_RECORD || record.blank_lines) abort();
    if (fields == 0) fields = record.field_count;
    if (record.field_count != fields) abort();
    for (size_t i = 0; i < fields; i++)
      if (!eh_text_is_utf8(record.fields[i].text, record.fields[i].length)) abort();
    uint64_t its = eh_container_row(container, line);
    if (its <= row && line > 1) abort();
    row = its;
    line += record.lines;
  }
  eh_csv_free(csv);
}

static void check(const char *text, size_t length, const struct eh_wish *wish) {
  struct bytes bytes = {text, length};
  struct eh_stored stored = {"input", length, &bytes, read_at};
  struct eh_container *container;
  struct eh_error error = {0};
  if (!eh_container_is(text, length)) return;
  if (eh_container_open(&container, &stored, wish, &error) != EH_OK) {
    if (!error.message[0]) abort();
    return;
  }
  struct eh_buffer read = {0};
  char start[100]; /* a reading that is given up changes nothing */
  size_t got;
  if (eh_container_read(container, start, sizeof start, &got, &error) == EH_OK &&
      eh_container_rewind(container, &error) != EH_OK)
    abort();
  uint64_t sum = read_all(container, &read);
  if (sum != 1 && eh_container_is_table(container)) check_table(container, &read);
  size_t notes;
  eh_container_notes(container, &notes);
  if (eh_container_rewind(container, &error) != EH_OK || read_all(container, &read) != sum) abort();
  eh_buffer_free(&read);
  eh_container_free(container);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const struct eh_wish any, named = {.sheet = "A", .skipped = 1};
  const char *text = (const char *)bytes;
  if (length >= 2 && memcmp(bytes, "PK", 2) == 0) {
    check(text, length, &any);
    return 0;
  }
  struct part parts[MOST_PARTS];
  struct eh_buffer zip = {0};
  size_t count = split(text, length, parts);
  if (count == 0) return 0;
  put_parts(&zip, parts, count);
  check(zip.text, zip.length, &any);
  if (length % 4 == 0) check(zip.text, zip.length, &named);
  eh_buffer_free(&zip);
  return 0;
}
