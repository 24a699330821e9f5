#include "engine/load/records/dictionary.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/base/memory.h"
#include "engine/load/cells.h"

struct entry {
  const char *label; /* NULL: not recorded */
  size_t length;
  uint64_t hash;
};

struct eh_dictionary {
  pthread_mutex_t lock;
  struct eh_arena *arena;
  struct entry *entries; /* by code */
  size_t count, capacity;
  uint32_t *slots; /* code + 1; 0: free */
  size_t slot_count;
  bool has_missing;
  uint32_t missing_code;
  uint32_t *ranks;
  const char **labels;
};

struct eh_dictionary *eh_dictionary_new(void) {
  struct eh_dictionary *d = eh_alloc_zeroed(1, sizeof *d);
  pthread_mutex_init(&d->lock, NULL);
  d->arena = eh_arena_new();
  d->slot_count = 64;
  d->slots = eh_alloc_zeroed(d->slot_count, sizeof *d->slots);
  return d;
}

void eh_dictionary_free(struct eh_dictionary *d) {
  if (!d) return;
  pthread_mutex_destroy(&d->lock);
  eh_arena_free(d->arena);
  free(d->entries);
  free(d->slots);
  free(d->ranks);
  free(d->labels);
  free(d);
}

static void widen(struct eh_dictionary *d) {
  size_t count = 2 * d->slot_count;
  uint32_t *slots = eh_alloc_zeroed(count, sizeof *slots);
  for (size_t code = 0; code < d->count; code++) {
    if (!d->entries[code].label) continue;
    size_t i = d->entries[code].hash & (count - 1);
    while (slots[i]) i = (i + 1) & (count - 1);
    slots[i] = (uint32_t)code + 1;
  }
  free(d->slots);
  d->slots = slots;
  d->slot_count = count;
}

static uint32_t append(struct eh_dictionary *d, struct entry entry) {
  if (d->count == d->capacity) {
    d->capacity = d->capacity ? 2 * d->capacity : 64;
    d->entries = eh_resize(d->entries, d->capacity, sizeof *d->entries);
  }
  d->entries[d->count] = entry;
  return (uint32_t)d->count++;
}

static uint32_t find_or_add(struct eh_dictionary *d, const char *label, size_t length,
                            uint64_t hash) {
  size_t i = hash & (d->slot_count - 1);
  for (; d->slots[i]; i = (i + 1) & (d->slot_count - 1)) {
    const struct entry *e = &d->entries[d->slots[i] - 1];
    if (e->hash == hash && e->length == length && memcmp(e->label, label, length) == 0)
      return d->slots[i] - 1;
  }
  uint32_t code = append(d, (struct entry){eh_arena_copy(d->arena, label, length), length, hash});
  d->slots[i] = code + 1;
  if (2 * d->count > d->slot_count) widen(d);
  return code;
}

uint32_t eh_dictionary_code(struct eh_dictionary *d, const char *label, size_t length) {
  uint64_t hash = label ? XXH3_64bits(label, length) : 0;
  pthread_mutex_lock(&d->lock);
  uint32_t code;
  if (label) {
    code = find_or_add(d, label, length, hash);
  } else {
    if (!d->has_missing) d->missing_code = append(d, (struct entry){NULL, 0, 0});
    d->has_missing = true;
    code = d->missing_code;
  }
  pthread_mutex_unlock(&d->lock);
  return code;
}

/* Bytewise; a missing label after every other. */
static int by_label(const void *left, const void *right, void *context) {
  const struct entry *entries = context;
  const struct entry *a = &entries[*(const uint32_t *)left],
                     *b = &entries[*(const uint32_t *)right];
  if (!a->label || !b->label) return (a->label == NULL) - (b->label == NULL);
  size_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->label, b->label, shorter);
  if (order) return order;
  return (a->length > b->length) - (a->length < b->length);
}

void eh_dictionary_sort(struct eh_dictionary *d) {
  uint32_t *order = eh_alloc(d->count, sizeof *order);
  for (size_t i = 0; i < d->count; i++) order[i] = (uint32_t)i;
  qsort_r(order, d->count, sizeof *order, by_label, d->entries);
  free(d->ranks);
  free(d->labels);
  d->ranks = eh_alloc(d->count, sizeof *d->ranks);
  d->labels = eh_alloc(d->count, sizeof *d->labels);
  for (size_t i = 0; i < d->count; i++) {
    const char *label = d->entries[order[i]].label;
    d->ranks[order[i]] = (uint32_t)i;
    d->labels[i] = label ? label : EH_NOT_RECORDED;
  }
  free(order);
}

static enum eh_status check_distinct(const struct eh_dictionary *d, struct eh_error *error) {
  for (size_t i = 1; i < d->count; i++)
    if (strcmp(d->labels[i - 1], d->labels[i]) == 0)
      return eh_fail(error, EH_BAD_INPUT,
                     "two ids would have one pseudonym under this key; use another key");
  return EH_OK;
}

enum eh_status eh_dictionary_pseudonymise(struct eh_dictionary *d,
                                          const struct eh_pseudonyms *pseudonyms, const char *kind,
                                          struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new(); /* of the labels that stay */
  enum eh_status status = EH_OK;
  for (size_t code = 0; code < d->count && status == EH_OK; code++) {
    struct entry *e = &d->entries[code];
    if (!e->label) continue;
    char pseudonym[EH_PSEUDONYM_SIZE];
    status = eh_pseudonym_make(pseudonyms, kind, e->label, e->length, pseudonym, error);
    if (status != EH_OK) break;
    e->length = strlen(pseudonym);
    e->label = eh_arena_copy(arena, pseudonym, e->length);
    e->hash = XXH3_64bits(e->label, e->length);
  }
  eh_arena_free(d->arena);
  d->arena = arena;
  if (status != EH_OK) {
    d->count = 0;
    return status;
  }
  eh_dictionary_sort(d);
  return check_distinct(d, error);
}

const uint32_t *eh_dictionary_ranks(const struct eh_dictionary *d) { return d->ranks; }
const char *const *eh_dictionary_labels(const struct eh_dictionary *d) { return d->labels; }
size_t eh_dictionary_count(const struct eh_dictionary *d) { return d->count; }
bool eh_dictionary_has_missing(const struct eh_dictionary *d) { return d->has_missing; }
