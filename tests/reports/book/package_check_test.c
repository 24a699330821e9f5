#include "reports/book/package_check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/test.h"

struct archive {
  unsigned char bytes[8192];
  size_t length;
};

static void put_number(struct archive *zip, size_t at, size_t value, int bytes) {
  for (int i = 0; i < bytes; i++, value >>= 8) zip->bytes[at + (size_t)i] = (unsigned char)value;
}

/* An archive of one member, as APPNOTE 4.3 has it; fields that nothing reads stay 0. */
static void pack(struct archive *zip, const char *name, const char *text) {
  *zip = (struct archive){.length = 30};
  size_t name_length = strlen(name);
  memcpy(zip->bytes, "PK\3\4", 4);
  put_number(zip, 26, name_length, 2);
  memcpy(zip->bytes + 30, name, name_length);
  z_stream stream = {.next_in = (unsigned char *)text,
                     .avail_in = (uInt)strlen(text),
                     .next_out = zip->bytes + 30 + name_length,
                     .avail_out = 4096};
  ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
  size_t packed = stream.total_out, entry = 30 + name_length + packed;
  deflateEnd(&stream);
  memcpy(zip->bytes + entry, "PK\1\2", 4);
  put_number(zip, entry + 10, 8, 2);
  put_number(zip, entry + 20, packed, 4);
  put_number(zip, entry + 28, name_length, 2);
  memcpy(zip->bytes + entry + 46, name, name_length);
  size_t end = entry + 46 + name_length;
  memcpy(zip->bytes + end, "PK\5\6", 4);
  put_number(zip, end + 10, 1, 2);
  put_number(zip, end + 16, entry, 4);
  zip->length = end + 22;
}

static enum eh_status check(const struct archive *zip) {
  char path[] = P_tmpdir "/evenhand-package-XXXXXX";
  struct eh_error error = {0};
  int file = mkstemp(path);
  ck_assert_int_ge(file, 0);
  ck_assert_int_eq(write(file, zip->bytes, zip->length), (ssize_t)zip->length);
  close(file);
  enum eh_status status = eh_package_check(path, &error);
  if (status != EH_OK) ck_assert_ptr_nonnull(strstr(error.message, "cut short"));
  unlink(path);
  return status;
}

START_TEST(parts) {
  static const struct {
    const char *name, *text;
    enum eh_status status;
  } cases[] = {
      {"a.xml", "<?xml version=\"1.0\"?>\n<root a=\"1\"><b/></root>", EH_OK},
      {"a.xml", "<?xml version=\"1.0\"?>\n<root a=\"1\"><b/></roo", EH_MACHINE},
      {"a.xml", "<?xml version=\"1.0\"?>\n<root a=\"1\"><b/>", EH_MACHINE},
      {"a.xml", "<?xml version=\"1.0\"?>\n<root a=\"1\"/>", EH_OK},
      {"a.xml", "<?xml version=\"1.0\"?>\n", EH_MACHINE},
      {"a.xml", "", EH_MACHINE},
      {"a.rels", "<r></r>\n", EH_OK},
      {"a.rels", "<r><s></s>", EH_MACHINE},
      {"a.png", "no text", EH_OK},
  };
  struct archive zip;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pack(&zip, cases[i].name, cases[i].text);
    ck_assert_msg(check(&zip) == cases[i].status, "case %zu", i);
  }
}
END_TEST

/* Cut at every byte, or with any one byte changed: an answer, and never one that reads beyond the
 * file (under sanitizers). */
START_TEST(damaged) {
  struct archive whole, zip;
  pack(&whole, "a.xml", "<root><b/></root>");
  for (size_t length = 0; length < whole.length; length++) {
    zip = whole;
    zip.length = length;
    ck_assert_int_eq(check(&zip), EH_MACHINE);
  }
  for (size_t i = 0; i < whole.length; i++) {
    zip = whole;
    zip.bytes[i] ^= 0xFF;
    (void)check(&zip);
  }
}
END_TEST

RUN_TESTS("reports/package_check", parts, damaged)
