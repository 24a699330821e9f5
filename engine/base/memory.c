#include "engine/base/memory.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Under the address sanitizer, what an arena has not given out may not be touched, and something
   stays so behind each piece. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER
#endif
#ifdef HAS_SANITIZER
#include <sanitizer/asan_interface.h>
#define HIDE(memory, bytes) ASAN_POISON_MEMORY_REGION(memory, bytes)
#define SHOW(memory, bytes) ASAN_UNPOISON_MEMORY_REGION(memory, bytes)
enum { BEHIND = 16 };
#else
#define HIDE(memory, bytes) ((void)(memory), (void)(bytes))
#define SHOW(memory, bytes) ((void)(memory), (void)(bytes))
enum { BEHIND = 0 };
#endif

enum {
  FIRST_BLOCK = 4096,
  LARGEST_STEP = 1 << 20,
  LARGE_PAGE = 1 << 21,
  LARGE = 4 * LARGE_PAGE,
  BULK_STEP = 4 * LARGE
};

/* Written once, at the start of the program, before any thread. */
static void (*out_of_memory_handler)(void);

void eh_on_out_of_memory(void (*handler)(void)) { out_of_memory_handler = handler; }

void eh_out_of_memory(void) {
  if (out_of_memory_handler) out_of_memory_handler();
  abort();
}

static size_t product(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) eh_out_of_memory();
  return bytes ? bytes : 1;
}

void *eh_alloc(size_t count, size_t size) {
  void *memory = malloc(product(count, size));
  if (!memory) eh_out_of_memory();
  return memory;
}

void *eh_alloc_zeroed(size_t count, size_t size) {
  void *memory = calloc(1, product(count, size));
  if (!memory) eh_out_of_memory();
  return memory;
}

void *eh_resize(void *old, size_t count, size_t size) {
  void *memory = realloc(old, product(count, size));
  if (!memory) eh_out_of_memory();
  return memory;
}

void *eh_map_resize(void *old, size_t old_bytes, size_t bytes) {
  void *memory =
      old ? mremap(old, old_bytes, bytes, MREMAP_MAYMOVE)
          : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) eh_out_of_memory();
  if (bytes >= LARGE) madvise(memory, bytes, MADV_HUGEPAGE); /* only advice: it may fail */
  return memory;
}

void eh_map_free(void *memory, size_t bytes) {
  if (memory) munmap(memory, bytes);
}

uint64_t eh_memory_used(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  unsigned long long all, resident;
  if (!file) return 0;
  int read = fscanf(file, "%llu %llu", &all, &resident);
  fclose(file);
  return read == 2 ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

struct block {
  struct block *previous;
  size_t size;
  size_t mapped; /* bytes to unmap; 0: from the heap */
  alignas(max_align_t) char bytes[];
};

struct eh_arena {
  struct block *last;
  size_t used; /* of the last block */
  size_t total;
  size_t largest_step; /* bytes of a block, unless more is asked for at once */
  bool was_reset;      /* memory may have held something before */
};

static struct eh_arena *new_arena(size_t largest_step) {
  struct eh_arena *arena = eh_alloc_zeroed(1, sizeof *arena);
  arena->largest_step = largest_step;
  return arena;
}

struct eh_arena *eh_arena_new(void) {
  return new_arena(LARGEST_STEP);
}
struct eh_arena *eh_arena_new_bulk(void) {
  return new_arena(BULK_STEP);
}

static void free_block(struct block *block) {
  SHOW(block->bytes, block->size);
  if (block->mapped)
    eh_map_free(block, block->mapped);
  else
    free(block);
}

void eh_arena_free(struct eh_arena *arena) {
  if (!arena) return;
  for (struct block *block = arena->last; block;) {
    struct block *previous = block->previous;
    free_block(block);
    block = previous;
  }
  free(arena);
}

static void add_block(struct eh_arena *arena, size_t bytes) {
  size_t size = arena->last ? 2 * arena->last->size : FIRST_BLOCK;
  if (size > arena->largest_step) size = arena->largest_step;
  if (size < bytes) size = bytes;
  if (size > SIZE_MAX - sizeof(struct block)) eh_out_of_memory();
  struct block *block;
  if (size >= LARGE) {
    /* It comes zeroed, and no page of it is touched before it is used. */
    block = eh_map_resize(NULL, 0, sizeof *block + size);
    block->mapped = sizeof *block + size;
  } else {
    block = eh_alloc(1, sizeof *block + size);
    block->mapped = 0;
  }
  HIDE(block->bytes, size);
  block->previous = arena->last;
  block->size = size;
  arena->last = block;
  arena->used = 0;
  arena->total += size;
}

void *eh_arena_alloc(struct eh_arena *arena, size_t count, size_t size) {
  size_t wanted = product(count, size), unit = alignof(max_align_t);
  if (wanted > SIZE_MAX - unit - BEHIND) eh_out_of_memory();
  size_t bytes = (wanted + unit - 1) / unit * unit + BEHIND;
  if (!arena->last || arena->last->size - arena->used < bytes) add_block(arena, bytes);
  void *memory = arena->last->bytes + arena->used;
  arena->used += bytes;
  /* Mapped memory that never held anything else is zero. */
  bool is_zero = arena->last->mapped && (arena->used == bytes || !arena->was_reset);
  SHOW(memory, wanted);
  return is_zero ? memory : memset(memory, 0, wanted);
}

char *eh_arena_copy(struct eh_arena *arena, const char *text, size_t length) {
  char *copy = eh_arena_alloc(arena, length + EH_ROOM_BEHIND, 1);
  if (length) memcpy(copy, text, length);
  return copy;
}

char *eh_arena_string(struct eh_arena *arena, const char *text) {
  return eh_arena_copy(arena, text, strlen(text));
}

char *eh_arena_printf(struct eh_arena *arena, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = eh_arena_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1, 1);
  if (length > 0) vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

struct eh_arena_mark eh_arena_mark(const struct eh_arena *arena) {
  return (struct eh_arena_mark){arena->last, arena->used};
}

void eh_arena_reset(struct eh_arena *arena, struct eh_arena_mark mark) {
  while (arena->last != mark.block) {
    struct block *previous = arena->last->previous;
    arena->total -= arena->last->size;
    free_block(arena->last);
    arena->last = previous;
  }
  arena->used = mark.used;
  arena->was_reset = true;
  if (arena->last) HIDE(arena->last->bytes + mark.used, arena->last->size - mark.used);
}

void eh_arena_take(struct eh_arena *arena, struct eh_arena *taken) {
  struct block *first = taken->last;
  if (!arena->last) {
    taken->largest_step = arena->largest_step;
    *arena = *taken;
  } else if (first) { /* below the block that is being filled */
    while (first->previous) first = first->previous;
    first->previous = arena->last->previous;
    arena->last->previous = taken->last;
    arena->total += taken->total;
  }
  free(taken);
}

size_t eh_arena_size(const struct eh_arena *arena) { return arena->total; }

static void reserve(struct eh_buffer *buffer, size_t more) {
  size_t wanted;
  if (__builtin_add_overflow(buffer->length, more, &wanted) || wanted == SIZE_MAX)
    eh_out_of_memory();
  if (++wanted <= buffer->capacity) return;
  size_t capacity = buffer->capacity ? buffer->capacity : 256;
  while (capacity < wanted) capacity = capacity > SIZE_MAX / 2 ? wanted : 2 * capacity;
  buffer->text = eh_resize(buffer->text, capacity, 1);
  buffer->capacity = capacity;
}

void eh_buffer_add(struct eh_buffer *buffer, const char *text, size_t length) {
  reserve(buffer, length);
  if (length) memcpy(buffer->text + buffer->length, text, length);
  buffer->length += length;
  buffer->text[buffer->length] = '\0';
}

void eh_buffer_puts(struct eh_buffer *buffer, const char *text) {
  eh_buffer_add(buffer, text, strlen(text));
}

void eh_buffer_printf(struct eh_buffer *buffer, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length > 0) {
    reserve(buffer, (size_t)length);
    vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, again);
    buffer->length += (size_t)length;
  }
  va_end(again);
}

void eh_buffer_free(struct eh_buffer *buffer) {
  free(buffer->text);
  *buffer = (struct eh_buffer){0};
}
