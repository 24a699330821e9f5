#include "rules/evaluate/intern.h"

#include <stdlib.h>

/* Up to SPARSE slots, a table grows until each text stands where its hash says; up to ROOMY it is
   kept so empty that most do. */
enum { FIRST_CAPACITY = 16, SPARSE = 1 << 12, ROOMY = 1 << 18 };

static bool is_full(size_t count, size_t capacity) {
  return (capacity < ROOMY ? 8 : 4) * (count + 1) > capacity;
}

static uint64_t hash_of(const struct eh_interned *interned) {
  return interned->length > EH_INLINE_TEXT
             ? interned->a
             : eh_hash_short(interned->a, interned->b, interned->length);
}

/* False: its place was taken. */
static bool put_text(struct eh_texts *texts, const struct eh_interned *interned) {
  size_t mask = texts->capacity - 1, first = hash_of(interned) & mask, i = first;
  while (texts->slots[i]) i = (i + 1) & mask;
  texts->slots[i] = interned;
  return i == first;
}

static bool grow_texts(struct eh_texts *texts) {
  const struct eh_interned **old = texts->slots;
  size_t old_capacity = texts->capacity;
  texts->capacity = old_capacity ? 2 * old_capacity : FIRST_CAPACITY;
  texts->slots = eh_alloc_zeroed(texts->capacity, sizeof *texts->slots);
  bool all_in_place = true;
  for (size_t i = 0; i < old_capacity; i++)
    if (old[i]) all_in_place &= put_text(texts, old[i]);
  free((void *)old);
  return all_in_place;
}

void eh_texts_add(struct eh_texts *texts, const char *copy, size_t length,
                  struct eh_interned *interned) {
  struct eh_text_key key = eh_text_key_of(copy, length);
  if (length <= EH_BRIEF) {
    if (!texts->brief)
      texts->brief = eh_alloc_zeroed((size_t)1 << 8 * EH_BRIEF, sizeof *texts->brief);
    texts->brief[key.a] = interned;
  }
  interned->a = key.a;
  interned->b = length > EH_INLINE_TEXT ? (uintptr_t)copy : key.b;
  interned->length = (uint32_t)length;
  if (is_full(texts->count, texts->capacity)) grow_texts(texts);
  texts->count++;
  if (length > texts->longest) texts->longest = length;
  bool in_place = put_text(texts, interned);
  while (!in_place && texts->capacity < SPARSE) in_place = grow_texts(texts);
}

void eh_texts_free(struct eh_texts *texts) {
  free((void *)texts->slots);
  free((void *)texts->brief);
  *texts = (struct eh_texts){0};
}

static void put_number(struct eh_numbers *numbers, struct eh_number_slot slot) {
  size_t mask = numbers->capacity - 1, i = eh_number_hash(slot.number) & mask;
  while (numbers->slots[i].value) i = (i + 1) & mask;
  numbers->slots[i] = slot;
}

static void grow_numbers(struct eh_numbers *numbers) {
  struct eh_numbers old = *numbers;
  numbers->capacity = old.capacity ? 2 * old.capacity : FIRST_CAPACITY;
  numbers->slots = eh_alloc_zeroed(numbers->capacity, sizeof *numbers->slots);
  for (size_t i = 0; i < old.capacity; i++)
    if (old.slots[i].value) put_number(numbers, old.slots[i]);
  free(old.slots);
}

void eh_numbers_add(struct eh_numbers *numbers, int32_t number, const struct eh_value *value) {
  if (is_full(numbers->count, numbers->capacity)) grow_numbers(numbers);
  numbers->count++;
  put_number(numbers, (struct eh_number_slot){.value = value, .number = number});
}

void eh_numbers_free(struct eh_numbers *numbers) {
  free(numbers->slots);
  *numbers = (struct eh_numbers){0};
}
