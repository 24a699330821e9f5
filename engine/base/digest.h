/* SHA-256, through libcrypto. */
#ifndef EVENHAND_BASE_DIGEST_H
#define EVENHAND_BASE_DIGEST_H

#include <stddef.h>

struct eh_digest;
struct eh_digest *eh_digest_new(void);
void eh_digest_add(struct eh_digest *digest, const void *bytes, size_t length);
/* Write 64 hexadecimal digits and a NUL, and free the digest. */
void eh_digest_finish(struct eh_digest *digest, char hex[65]);
void eh_digest_of(const void *bytes, size_t length, char hex[65]);

#endif
