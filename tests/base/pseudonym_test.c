#include "engine/base/pseudonym.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

static const char file[] = "/tmp/evenhand-pseudonym-key";

/* A key file of these bytes; what reading it comes to. */
static enum eh_status read_key(const char *bytes, size_t length, mode_t mode,
                               struct eh_pseudonyms **pseudonyms, struct eh_error *error) {
  unlink(file);
  FILE *stream = fopen(file, "w");
  ck_assert_ptr_nonnull(stream);
  ck_assert_uint_eq(fwrite(bytes, 1, length, stream), length);
  fclose(stream);
  chmod(file, mode);
  enum eh_status status = eh_pseudonyms_read(file, pseudonyms, error);
  unlink(file);
  return status;
}

static struct eh_pseudonyms *key_of(const char *text) {
  struct eh_pseudonyms *p;
  struct eh_error error;
  ck_assert_int_eq(read_key(text, strlen(text), 0600, &p, &error), EH_OK);
  return p;
}

static const char *made(const struct eh_pseudonyms *p, const char *kind, const char *id,
                        char *pseudonym) {
  struct eh_error error;
  ck_assert_int_eq(eh_pseudonym_make(p, kind, id, strlen(id), pseudonym, &error), EH_OK);
  return pseudonym;
}

/* printf 'officer\0O0351' | openssl dgst -sha256 -hmac 'c7Qz!pW2rL9x#Vk4' begins
 * adcdef0f5d14285a: 10101 10111 00110 11110 | 11110 00011 11010 11101 | 00010 10000 10100 00101 */
START_TEST(pseudonyms_are_hmacs_in_base_32) {
  char text[EH_PSEUDONYM_SIZE];
  struct eh_pseudonyms *p = key_of("c7Qz!pW2rL9x#Vk4\r\n");
  ck_assert_str_eq(made(p, "officer", "O0351", text), "officer-NQ6Y-Y3TX-2GM5");
  eh_pseudonyms_free(p);
}
END_TEST

START_TEST(key_kind_and_id_all_count) {
  char a[EH_PSEUDONYM_SIZE], b[EH_PSEUDONYM_SIZE];
  struct eh_pseudonyms *p = key_of("c7Qz!pW2rL9x#Vk4"), *other = key_of("c7Qz!pW2rL9x#Vk5");
  ck_assert_str_eq(made(p, "person", "1", a), made(p, "person", "1", b));
  ck_assert_str_ne(made(p, "person", "1", a), made(p, "person", "2", b));
  ck_assert_str_ne(made(p, "person", "1", a) + 6, made(p, "officer", "1", b) + 7);
  ck_assert_str_ne(made(p, "person", "1", a), made(other, "person", "1", b));
  eh_pseudonyms_free(p);
  eh_pseudonyms_free(other);
}
END_TEST

/* Sixty bits: a hundred thousand ids, no two alike. */
static int by_text(const void *a, const void *b) { return strcmp(a, b); }
START_TEST(a_hundred_thousand_differ) {
  enum { COUNT = 100000 };
  char(*all)[EH_PSEUDONYM_SIZE] = calloc(COUNT, sizeof *all), id[16];
  struct eh_pseudonyms *p = key_of("c7Qz!pW2rL9x#Vk4");
  for (int i = 0; i < COUNT; i++) {
    snprintf(id, sizeof id, "%d", i);
    made(p, "person", id, all[i]);
  }
  qsort(all, COUNT, sizeof *all, by_text);
  for (int i = 1; i < COUNT; i++) ck_assert_str_ne(all[i - 1], all[i]);
  eh_pseudonyms_free(p);
  free(all);
}
END_TEST

START_TEST(what_is_no_key_is_refused) {
  static char zeros[64], long_one[EH_LONGEST_KEY + 1];
  for (size_t i = 0; i < sizeof long_one; i++) long_one[i] = (char)(i * i % 251);
  const struct {
    const char *bytes;
    size_t length;
    const char *message;
  } cases[] = {{"", 0, "holds no key"},
               {"0123456789abcde\n", 16, "holds no key"},
               {zeros, 64, "holds no key"},
               {"password12345678", 16, "openssl rand"},
               {"PassWord-Secret-2024-2024", 25, "holds no key"},
               {"abababababababababababababababab", 32, "holds no key"},
               {"abcdefghijklmnopqrstuvwxyz", 26, "holds no key"},
               {"x7Rx7Rx7Rx7Rx7Rx7Rx7Rx7Rx7R", 27, "holds no key"},
               {"9876543210987654321098765", 25, "holds no key"},
               {long_one, sizeof long_one, "too long"}};
  struct eh_pseudonyms *p;
  struct eh_error error;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ck_assert_int_eq(read_key(cases[i].bytes, cases[i].length, 0600, &p, &error), EH_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, cases[i].message));
    ck_assert_ptr_null(p);
  }
  ck_assert_int_eq(read_key(long_one, EH_LONGEST_KEY, 0600, &p, &error), EH_OK);
  eh_pseudonyms_free(p);
  ck_assert_int_eq(eh_pseudonyms_read("/nonexistent", &p, &error), EH_BAD_USAGE);
  ck_assert_int_eq(eh_pseudonyms_read("/tmp", &p, &error), EH_BAD_USAGE);
}
END_TEST

START_TEST(a_key_that_others_can_read_is_noticed) {
  static const struct {
    mode_t mode;
    bool is_exposed;
  } cases[] = {{0600, false}, {0400, false}, {0640, true}, {0604, true}, {0644, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct eh_pseudonyms *p;
    struct eh_error error;
    ck_assert_int_eq(read_key("c7Qz!pW2rL9x#Vk4", 16, cases[i].mode, &p, &error), EH_OK);
    ck_assert_int_eq(eh_pseudonyms_key_is_exposed(p), cases[i].is_exposed);
    eh_pseudonyms_free(p);
  }
}
END_TEST

RUN_TESTS("pseudonym", pseudonyms_are_hmacs_in_base_32, key_kind_and_id_all_count,
          a_hundred_thousand_differ, what_is_no_key_is_refused,
          a_key_that_others_can_read_is_noticed)
