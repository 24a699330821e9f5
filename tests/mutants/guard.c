/* Arena memory with absurd bytes behind each piece, so that what reads beyond one gets absurd
   figures. Linked with -Wl,--wrap=eh_arena_alloc. */
#include <string.h>

#include "engine/base/memory.h"

enum { BEHIND = 64, ABSURD = 0x7f };

void *__real_eh_arena_alloc(struct eh_arena *arena, size_t count, size_t size);
void *__wrap_eh_arena_alloc(struct eh_arena *arena, size_t count, size_t size);

void *__wrap_eh_arena_alloc(struct eh_arena *arena, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
    return __real_eh_arena_alloc(arena, count, size);
  char *memory = __real_eh_arena_alloc(arena, bytes + BEHIND, 1);
  memset(memory + bytes, ABSURD, BEHIND);
  return memory;
}
