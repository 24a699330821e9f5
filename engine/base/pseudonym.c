#include "engine/base/pseudonym.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/memory.h"

struct eh_pseudonyms {
  unsigned char key[EH_LONGEST_KEY + 1]; /* room to notice one that is too long */
  size_t length;
  bool is_exposed;
};

/* All bytes of a file, at most EH_LONGEST_KEY + 1. False: errno says why. No stream: its buffer
 * would keep the key. */
static bool read_key(int file, struct eh_pseudonyms *p) {
  while (p->length < sizeof p->key) {
    ssize_t got = read(file, p->key + p->length, sizeof p->key - p->length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    p->length += (size_t)got;
  }
  return true;
}

/* How long a word is that everybody tries first, and that stands there, in capitals or not. */
static size_t known_word(const unsigned char *text, size_t length) {
  static const char *const words[] = {"password", "passwort", "passphrase", "secret", "letmein",
                                      "welcome",  "changeme", "qwertyuiop", "qwerty", "asdfgh",
                                      "zxcvbn",   "admin",    "evenhand",   "officer"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    size_t size = strlen(words[i]);
    if (size <= length && strncasecmp((const char *)text, words[i], size) == 0) return size;
  }
  return 0;
}

/* Does a byte follow from those before it: one of the last few again, or the next in a row? */
static bool follows(const unsigned char *text, size_t at) {
  enum { LAST = 8 };
  for (size_t k = 1; k <= LAST && k < at; k++) /* a period: twice in a row, not by chance */
    if (text[at] == text[at - k] && text[at - 1] == text[at - 1 - k]) return true;
  return at > 0 && (text[at] == text[at - 1] || text[at] == text[at - 1] + 1 ||
                    text[at] + 1 == text[at - 1]);
}

/* Parts of a key that someone had to think of: a word that everybody tries is one, and what follows
 * from what stands before it is none. */
static size_t thought_of(const struct eh_pseudonyms *p) {
  size_t parts = 0;
  for (size_t i = 0; i < p->length;) {
    size_t word = known_word(p->key + i, p->length - i);
    parts += word || !follows(p->key, i);
    i += word ? word : 1;
  }
  return parts;
}

enum { LEAST_THOUGHT_OF = 10 };

static enum eh_status check_key(const char *file, struct eh_pseudonyms *p, struct eh_error *error) {
  if (p->length > EH_LONGEST_KEY)
    return eh_fail_at(error, EH_BAD_USAGE, file, 0, 0,
                      "is over %d bytes, too long for a key; is it another file?", EH_LONGEST_KEY);
  while (p->length > 0 && (p->key[p->length - 1] == '\n' || p->key[p->length - 1] == '\r'))
    p->length--;
  if (p->length < EH_SHORTEST_KEY || thought_of(p) < LEAST_THOUGHT_OF)
    return eh_fail_at(error, EH_BAD_USAGE, file, 0, 0,
                      "holds no key; a key has at least %d bytes that nobody can guess: make one "
                      "with `openssl rand -hex 32`",
                      EH_SHORTEST_KEY);
  return EH_OK;
}

enum eh_status eh_pseudonyms_read(const char *file, struct eh_pseudonyms **pseudonyms,
                                  struct eh_error *error) {
  struct eh_pseudonyms *p = eh_alloc_zeroed(1, sizeof *p);
  struct stat about;
  enum eh_status status = EH_OK;
  int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || fstat(descriptor, &about) != 0 || !read_key(descriptor, p))
    status =
        eh_fail_at(error, EH_BAD_USAGE, file, 0, 0, "the key cannot be read: %s", strerror(errno));
  if (status == EH_OK) {
    p->is_exposed = S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    status = check_key(file, p, error);
  }
  if (descriptor >= 0) close(descriptor);
  if (status != EH_OK) {
    eh_pseudonyms_free(p);
    p = NULL;
  }
  *pseudonyms = p;
  return status;
}

void eh_pseudonyms_free(struct eh_pseudonyms *p) {
  if (!p) return;
  OPENSSL_cleanse(p, sizeof *p);
  free(p);
}

bool eh_pseudonyms_key_is_exposed(const struct eh_pseudonyms *p) { return p->is_exposed; }

/* Twelve characters of five bits each, in fours. */
static void write_bits(const unsigned char *bytes, char *text) {
  static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  enum { CHARACTERS = 12, BITS = 5, GROUP = 4 };
  uint64_t bits = 0;
  for (int i = 0; i < 8; i++) bits = bits << 8 | bytes[i];
  for (int i = 0; i < CHARACTERS; i++) {
    if (i % GROUP == 0) *text++ = '-';
    *text++ = digits[bits >> (64 - BITS * (i + 1)) & 31];
  }
  *text = '\0';
}

enum eh_status eh_pseudonym_make(const struct eh_pseudonyms *p, const char *kind, const char *id,
                                 size_t length, char pseudonym[EH_PSEUDONYM_SIZE],
                                 struct eh_error *error) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  struct eh_buffer text = {0};
  eh_buffer_add(&text, kind, strlen(kind) + 1); /* with its NUL: "a" + "bc" is not "ab" + "c" */
  eh_buffer_add(&text, id, length);
  bool made = HMAC(EVP_sha256(), p->key, (int)p->length, (const unsigned char *)text.text,
                   text.length, digest, &size) != NULL;
  eh_buffer_free(&text);
  if (!made || size < 8)
    return eh_fail(error, EH_MACHINE, "libcrypto cannot make a pseudonym (HMAC-SHA-256)");
  int used = snprintf(pseudonym, EH_PSEUDONYM_SIZE, "%.*s", EH_LONGEST_PSEUDONYM_KIND, kind);
  write_bits(digest, pseudonym + used);
  return EH_OK;
}
