#include "engine/base/digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/memory.h"

struct eh_digest {
  EVP_MD_CTX *context;
};

struct eh_digest *eh_digest_new(void) {
  struct eh_digest *digest = eh_alloc(1, sizeof *digest);
  digest->context = EVP_MD_CTX_new();
  if (!digest->context || EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1) abort();
  return digest;
}

void eh_digest_add(struct eh_digest *digest, const void *bytes, size_t length) {
  if (EVP_DigestUpdate(digest->context, bytes, length) != 1) abort();
}

void eh_digest_finish(struct eh_digest *digest, char hex[65]) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (EVP_DigestFinal_ex(digest->context, bytes, &length) != 1 || length != 32) abort();
  EVP_MD_CTX_free(digest->context);
  free(digest);
  for (size_t i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

void eh_digest_of(const void *bytes, size_t length, char hex[65]) {
  struct eh_digest *digest = eh_digest_new();
  eh_digest_add(digest, bytes, length);
  eh_digest_finish(digest, hex);
}
