/* Members of a .xlsx, which is a ZIP archive, for tests. */
#ifndef EVENHAND_TESTS_REPORTS_UNZIP_H
#define EVENHAND_TESTS_REPORTS_UNZIP_H

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "tests/test.h"

struct bytes {
  unsigned char *data;
  size_t length;
};

static struct bytes read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "cannot read %s", path);
  struct bytes bytes = {NULL, 0};
  size_t capacity = 1 << 20, got;
  bytes.data = malloc(capacity);
  while ((got = fread(bytes.data + bytes.length, 1, capacity - bytes.length, file)) > 0) {
    bytes.length += got;
    if (bytes.length == capacity) bytes.data = realloc(bytes.data, capacity *= 2);
  }
  fclose(file);
  return bytes;
}

static size_t little_endian(const unsigned char *at, int bytes) {
  size_t value = 0;
  while (bytes--) value = value << 8 | at[bytes];
  return value;
}

/* The central directory's entry of a member, from the one at `from` on (0: the first); NULL: none.
 */
static const unsigned char *find_entry(const struct bytes *zip, const char *name,
                                       const unsigned char *from) {
  static const unsigned char mark[4] = {'P', 'K', 1, 2};
  const unsigned char *at = from ? from : zip->data, *end = zip->data + zip->length;
  while ((at = memmem(at, (size_t)(end - at), mark, 4)) != NULL) {
    size_t length = little_endian(at + 28, 2);
    if (strncmp((const char *)at + 46, name, strlen(name)) == 0 && length >= strlen(name))
      return at;
    at += 46 + length;
  }
  return NULL;
}

/* How many members' names begin so. */
static inline size_t count_members(const struct bytes *zip, const char *beginning) {
  size_t count = 0;
  const unsigned char *at = NULL;
  while ((at = find_entry(zip, beginning, at)) != NULL) {
    count++;
    at += 46;
  }
  return count;
}

/* A member's text; the caller frees it. */
static char *member_text(const struct bytes *zip, const char *name) {
  const unsigned char *entry = find_entry(zip, name, NULL);
  ck_assert_msg(entry != NULL, "no member %s", name);
  size_t packed = little_endian(entry + 20, 4), length = little_endian(entry + 24, 4);
  const unsigned char *local = zip->data + little_endian(entry + 42, 4);
  const unsigned char *data =
      local + 30 + little_endian(local + 26, 2) + little_endian(local + 28, 2);
  char *text = calloc(length + 1, 1);
  z_stream stream = {.next_in = (unsigned char *)data,
                     .avail_in = (uInt)packed,
                     .next_out = (unsigned char *)text,
                     .avail_out = (uInt)length};
  ck_assert_int_eq(inflateInit2(&stream, -MAX_WBITS), Z_OK);
  ck_assert_int_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return text;
}

#endif
