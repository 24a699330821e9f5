/* Tables of one evaluator's values: by text, and by small whole number. Open addressing, at
 * most an eighth full, or a quarter where an eighth would take much memory. Inline because a text
 * is looked up for every field of every record.
 */
#ifndef EVENHAND_RULES_INTERN_H
#define EVENHAND_RULES_INTERN_H

#include <endian.h>
#include <string.h>

#include "engine/base/memory.h"
#include "rules/evaluate/evaluate.h"

enum { EH_INLINE_TEXT = 16, EH_WORD = 8, EH_BRIEF = 2 };

/* A text of up to EH_INLINE_TEXT bytes is a (its first eight) and b (its last eight; both the same,
   filled up with zeros, where there are fewer) with its length; of a longer one a is its hash and
   the text itself decides. */
struct eh_text_key {
  uint64_t a, b;
  uint64_t hash;
};

/* A value, with what only the evaluator needs of it. */
struct eh_interned {
  struct eh_value value;
  uint64_t a, b;   /* of the text's key; b of a long text: where a copy of it is */
  uint32_t length; /* of that text: the value of one that stands for "not recorded" has another */
  int32_t ordinal; /* of a date: year * 10000 + month * 100 + day, so that ages need no calendar;
                      EH_SHORT_YEAR with it where the year was written with two digits */
};

enum { EH_SHORT_YEAR = 1 << 30 };

struct eh_texts {
  const struct eh_interned *
      *slots; /* of all texts, the short ones too; NULL: free. No key stands in them, so that they
                 stay near the processor: it is beside the value, which will be read next */
  size_t capacity; /* a power of two, or 0 */
  size_t count;
  size_t longest; /* length of a text */
  const struct eh_interned *
      *brief; /* by its bytes as one number, of texts of up to EH_BRIEF; NULL: there was none */
};

struct eh_number_slot {
  const struct eh_value *value; /* NULL: free */
  int32_t number;
};

struct eh_numbers {
  struct eh_number_slot *slots;
  size_t capacity;
  size_t count;
};

/* The multiplier and addend are those of wyhash (Wang Yi): odd, with as many ones as zeros. */
#define EH_HASH_1 UINT64_C(0xa0761d6478bd642f)
#define EH_HASH_2 UINT64_C(0xe7037ed1a0b428db)

static inline uint64_t eh_hash_mix(uint64_t x, uint64_t y) {
  __extension__ unsigned __int128 product = (unsigned __int128)x * y;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The first byte is the lowest. */
static inline uint64_t eh_load_8(const char *text) {
  uint64_t bytes;
  memcpy(&bytes, text, sizeof bytes);
  return le64toh(bytes);
}

static inline uint64_t eh_load_4(const char *text) {
  uint32_t bytes;
  memcpy(&bytes, text, sizeof bytes);
  return le32toh(bytes);
}

/* The hash of a text longer than EH_INLINE_TEXT. */
static inline uint64_t eh_hash_long(const char *text, size_t length) {
  uint64_t hash = length ^ EH_HASH_1;
  size_t i = 0;
  for (; i + 16 < length; i += 16)
    hash = eh_hash_mix(eh_load_8(text + i) ^ hash, eh_load_8(text + i + 8) ^ EH_HASH_2);
  const char *last = text + length - 16; /* may overlap what was read before */
  return eh_hash_mix(eh_load_8(last) ^ hash, eh_load_8(last + 8) ^ EH_HASH_2);
}

static inline uint64_t eh_hash_short(uint64_t a, uint64_t b, size_t length) {
  return eh_hash_mix(a ^ EH_HASH_1, b ^ length ^ EH_HASH_2);
}

static inline struct eh_text_key eh_text_key_of(const char *text, size_t length) {
  struct eh_text_key key = {0};
  if (length > EH_INLINE_TEXT) {
    key.a = key.hash = eh_hash_long(text, length);
    return key;
  }
  if (length >= EH_WORD) { /* the two may overlap, so that nothing beyond the text is read */
    key.a = eh_load_8(text);
    key.b = eh_load_8(text + length - EH_WORD);
  } else if (length >= 4) {
    key.a = key.b = eh_load_4(text) | eh_load_4(text + length - 4) << 8 * (length - 4);
  } else if (length > 0) {
    size_t middle = length / 2, last = length - 1;
    key.a = key.b = (unsigned char)text[0] | (uint64_t)(unsigned char)text[middle] << 8 * middle |
                    (uint64_t)(unsigned char)text[last] << 8 * last;
  }
  key.hash = eh_hash_short(key.a, key.b, length);
  return key;
}

static inline bool eh_interned_is(const struct eh_interned *interned, const struct eh_text_key *key,
                                  const char *text, size_t length) {
  if (interned->a != key->a || interned->length != length) return false;
  if (length <= EH_INLINE_TEXT) return interned->b == key->b;
  const char *copy = (const char *)(uintptr_t)interned->b;
  if (length > 2 * EH_INLINE_TEXT) return memcmp(copy, text, length) == 0;
  /* Two halves that may overlap, without a call. */
  size_t half = length - EH_INLINE_TEXT;
  return ((eh_load_8(copy) ^ eh_load_8(text)) | (eh_load_8(copy + 8) ^ eh_load_8(text + 8)) |
          (eh_load_8(copy + half) ^ eh_load_8(text + half)) |
          (eh_load_8(copy + half + 8) ^ eh_load_8(text + half + 8))) == 0;
}

_Static_assert((int)EH_ROOM_BEHIND >= (int)EH_WORD, "a word can be read from any place of a text");

/* The same key for a text of up to EH_INLINE_TEXT bytes that has room behind it, without a branch
   on its length. */
static inline struct eh_text_key eh_text_key_of_roomy(const char *text, size_t length) {
  static const uint64_t masks[EH_INLINE_TEXT + 1] = {
      0,
      UINT64_MAX >> 56,
      UINT64_MAX >> 48,
      UINT64_MAX >> 40,
      UINT64_MAX >> 32,
      UINT64_MAX >> 24,
      UINT64_MAX >> 16,
      UINT64_MAX >> 8,
      [EH_WORD... EH_INLINE_TEXT] = UINT64_MAX,
  };
  uint64_t mask = masks[length];
  size_t last = length < EH_WORD ? 0 : length - EH_WORD;
  struct eh_text_key key = {.a = eh_load_8(text) & mask, .b = eh_load_8(text + last) & mask};
  key.hash = eh_hash_short(key.a, key.b, length);
  return key;
}

/* Is it of this text, which is not longer than EH_INLINE_TEXT bytes? */
static inline bool eh_interned_is_at_once(const struct eh_interned *interned,
                                          const struct eh_text_key *key, size_t length) {
  return ((interned->a ^ key->a) | (interned->b ^ key->b) | (interned->length ^ length)) == 0;
}

/* As eh_texts_find, for such a text; NULL also where it takes more than one look. */
static inline __attribute__((always_inline)) const struct eh_value *eh_texts_find_at_once(
    const struct eh_texts *texts, const char *text, size_t length) {
  if (length > EH_INLINE_TEXT || texts->capacity == 0) return NULL;
  struct eh_text_key key = eh_text_key_of_roomy(text, length);
  const struct eh_interned *interned = texts->slots[key.hash & (texts->capacity - 1)];
  return interned && eh_interned_is_at_once(interned, &key, length) ? &interned->value : NULL;
}

/* The same, for a text of more than EH_INLINE_TEXT bytes, up to twice as many; it needs no room. */
static inline __attribute__((always_inline)) const struct eh_value *eh_texts_find_long(
    const struct eh_texts *texts, const char *text, size_t length) {
  if (length <= EH_INLINE_TEXT || length > (size_t)2 * EH_INLINE_TEXT || texts->capacity == 0)
    return NULL;
  uint64_t hash = eh_hash_long(text, length);
  const struct eh_interned *interned = texts->slots[hash & (texts->capacity - 1)];
  struct eh_text_key key = {.a = hash};
  return interned && eh_interned_is(interned, &key, text, length) ? &interned->value : NULL;
}

/* The same, for a text of up to EH_BRIEF bytes; texts->brief is there. */
static inline __attribute__((always_inline)) const struct eh_value *eh_texts_find_brief(
    const struct eh_texts *texts, const char *text, size_t length) {
  static const uint16_t masks[EH_BRIEF + 1] = {0, 0x00ff, 0xffff};
  uint16_t bytes;
  if (length > EH_BRIEF) return NULL;
  memcpy(&bytes, text, sizeof bytes);
  const struct eh_interned *found = texts->brief[le16toh(bytes) & masks[length]];
  return found && found->length == length ? &found->value : NULL;
}

/* The value of a text, or NULL. */
static inline __attribute__((always_inline)) const struct eh_value *eh_texts_find(
    const struct eh_texts *texts, const char *text, size_t length) {
  if (length == 1 && texts->brief) {
    const struct eh_interned *found = texts->brief[(unsigned char)text[0]];
    if (found && found->length == length) return &found->value;
  }
  if (texts->capacity == 0) return NULL;
  struct eh_text_key key = eh_text_key_of(text, length);
  size_t mask = texts->capacity - 1;
  for (size_t i = key.hash & mask;; i = (i + 1) & mask) {
    const struct eh_interned *interned = texts->slots[i];
    if (!interned) return NULL;
    if (eh_interned_is(interned, &key, text, length)) return &interned->value;
  }
}

/* Add the value of a text that is not there, and note its key in it. copy is a copy of it that
 * lives as long. */
void eh_texts_add(struct eh_texts *texts, const char *copy, size_t length,
                  struct eh_interned *interned);
void eh_texts_free(struct eh_texts *texts);

static inline size_t eh_number_hash(int32_t number) {
  return (size_t)(eh_hash_mix((uint32_t)number ^ EH_HASH_1, EH_HASH_2));
}

static inline const struct eh_value *eh_numbers_find(const struct eh_numbers *numbers,
                                                     int32_t number) {
  if (numbers->capacity == 0) return NULL;
  size_t mask = numbers->capacity - 1;
  for (size_t i = eh_number_hash(number) & mask;; i = (i + 1) & mask) {
    const struct eh_number_slot *slot = &numbers->slots[i];
    if (!slot->value || slot->number == number) return slot->value;
  }
}

/* Add a number that is not there. */
void eh_numbers_add(struct eh_numbers *numbers, int32_t number, const struct eh_value *value);
void eh_numbers_free(struct eh_numbers *numbers);

#endif
