#include "reports/book/package_check.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "engine/base/memory.h"

/* Sizes and places in a ZIP archive (PKWARE's APPNOTE 4.3). */
enum { END_RECORD = 22, ENTRY = 46, LOCAL_HEADER = 30, DEFLATED = 8 };
/* What is kept of a part: the root's opening tag, and room for its closing one. */
enum { HEAD = 2048, TAIL = 256, PIECE = 65536 };

struct part {
  char head[HEAD + 1], tail[TAIL + 1];
  size_t head_length, tail_length, length;
};

static uint32_t number_at(const unsigned char *at, int bytes) {
  uint32_t value = 0;
  while (bytes--) value = value << 8 | at[bytes];
  return value;
}

static void keep(struct part *part, const char *data, size_t length) {
  size_t more = HEAD - part->head_length < length ? HEAD - part->head_length : length;
  memcpy(part->head + part->head_length, data, more);
  part->head_length += more;
  part->length += length;
  if (length >= TAIL) {
    memcpy(part->tail, data + length - TAIL, TAIL);
    part->tail_length = TAIL;
    return;
  }
  size_t old = TAIL - length < part->tail_length ? TAIL - length : part->tail_length;
  memmove(part->tail, part->tail + part->tail_length - old, old);
  memcpy(part->tail + old, data, length);
  part->tail_length = old + length;
}

static bool unpack(struct part *part, const unsigned char *data, size_t length) {
  char piece[PIECE];
  z_stream stream = {.next_in = (unsigned char *)data, .avail_in = (uInt)length};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  int answer;
  do {
    stream.next_out = (unsigned char *)piece;
    stream.avail_out = sizeof piece;
    answer = inflate(&stream, Z_NO_FLUSH);
    keep(part, piece, sizeof piece - stream.avail_out);
  } while (answer == Z_OK);
  inflateEnd(&stream);
  return answer == Z_STREAM_END;
}

/* Does the text begin with a tag and end with the same one closed? */
static bool is_whole(struct part *part) {
  part->head[part->head_length] = part->tail[part->tail_length] = '\0';
  const char *root = part->head;
  while ((root = strchr(root, '<')) != NULL && (root[1] == '?' || root[1] == '!')) root++;
  if (!root) return false;
  char closing[128];
  int length =
      snprintf(closing, sizeof closing, "</%.*s>", (int)strcspn(root + 1, " \t\r\n/>"), root + 1);
  const char *end = part->tail + part->tail_length;
  while (end > part->tail && (end[-1] == '\n' || end[-1] == '\r')) end--;
  if (end - part->tail >= length && strncmp(end - length, closing, (size_t)length) == 0)
    return true;
  const char *tag_end = strchr(root, '>'); /* a root that is empty: <name/> and nothing after it */
  return tag_end && tag_end[-1] == '/' && (size_t)(tag_end + 1 - part->head) >= part->length;
}

/* The end record begins at the last of its marks. */
static const unsigned char *find_end(const unsigned char *zip, size_t length) {
  if (length < END_RECORD) return NULL;
  for (const unsigned char *at = zip + length - END_RECORD; at >= zip; at--) {
    if (memcmp(at, "PK\5\6", 4) == 0) return at;
  }
  return NULL;
}

static bool entry_is_whole(const unsigned char *zip, size_t length, const unsigned char *entry) {
  size_t packed = number_at(entry + 20, 4), local = number_at(entry + 42, 4);
  size_t name = number_at(entry + 28, 2);
  bool is_xml = name >= 4 && (memcmp(entry + ENTRY + name - 4, ".xml", 4) == 0 ||
                              memcmp(entry + ENTRY + name - 4, "rels", 4) == 0);
  if (!is_xml) return true;
  if (number_at(entry + 10, 2) != DEFLATED || local + LOCAL_HEADER > length) return false;
  size_t data =
      local + LOCAL_HEADER + number_at(zip + local + 26, 2) + number_at(zip + local + 28, 2);
  if (data > length || packed > length - data) return false;
  struct part part = {.length = 0};
  return unpack(&part, zip + data, packed) && is_whole(&part);
}

static bool archive_is_whole(const unsigned char *zip, size_t length) {
  const unsigned char *end = find_end(zip, length);
  if (!end) return false;
  size_t count = number_at(end + 10, 2), at = number_at(end + 16, 4);
  for (size_t i = 0; i < count; i++) {
    if (at + ENTRY > length || memcmp(zip + at, "PK\1\2", 4) != 0) return false;
    size_t names =
        number_at(zip + at + 28, 2) + number_at(zip + at + 30, 2) + number_at(zip + at + 32, 2);
    if (at + ENTRY + names > length || !entry_is_whole(zip, length, zip + at)) return false;
    at += ENTRY + names;
  }
  return count > 0;
}

enum eh_status eh_package_check(const char *path, struct eh_error *error) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return eh_fail_at(error, EH_MACHINE, path, 0, 0, "cannot read back the workbook: %s",
                      strerror(errno));
  struct eh_buffer zip = {0};
  char *piece = eh_alloc(PIECE, 1);
  size_t got;
  while ((got = fread(piece, 1, PIECE, file)) > 0) eh_buffer_add(&zip, piece, got);
  bool whole = !ferror(file) && archive_is_whole((const unsigned char *)zip.text, zip.length);
  free(piece);
  fclose(file);
  eh_buffer_free(&zip);
  if (whole) return EH_OK;
  return eh_fail_at(
      error, EH_MACHINE, path, 0, 0,
      "the workbook was cut short: the disk, or the folder for temporary files, is full");
}
