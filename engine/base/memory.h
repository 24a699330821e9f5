/* Memory: arenas that are freed whole, and allocation that does not return NULL.
 *
 * A stage of the program allocates its value in one arena and frees it in one call.
 * When the machine has no memory left, the one handler that the program registered
 * is called; it must not return (engine/cli removes unfinished output and exits 3).
 */
#ifndef EVENHAND_BASE_MEMORY_H
#define EVENHAND_BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/error.h"

/* Register what to do when memory runs out; call once, before any thread starts.
   Without one, the program aborts. */
void eh_on_out_of_memory(void (*handler)(void));
/* What a failed allocation calls; for libraries that report one by a status of their own. */
_Noreturn void eh_out_of_memory(void);

/* Heap memory for growing arrays: count * size bytes, checked for overflow, never NULL. */
void *eh_alloc(size_t count, size_t size) __attribute__((malloc));
void *eh_alloc_zeroed(size_t count, size_t size) __attribute__((malloc));
void *eh_resize(void *old, size_t count, size_t size) EH_MUST_USE;

/* Memory straight from the system, in large pages where it has them; it grows without being copied,
   and pages that are not touched take no room. old NULL: new memory. */
void *eh_map_resize(void *old, size_t old_bytes, size_t bytes) EH_MUST_USE;
void eh_map_free(void *memory, size_t bytes);

/* Bytes of memory that this process holds now; 0 where that cannot be known. */
uint64_t eh_memory_used(void);

struct eh_arena;
struct eh_arena *eh_arena_new(void);
struct eh_arena *eh_arena_new_bulk(
    void); /* for much: it takes memory in larger steps, in large pages */
void eh_arena_free(struct eh_arena *arena); /* NULL is legal */

/* count * size bytes, aligned for any type, zeroed, never NULL; freed with the arena. */
void *eh_arena_alloc(struct eh_arena *arena, size_t count, size_t size);
/* Bytes behind the end of a text that can be read, whatever they hold, where it is said to have
   room behind it: a word can then be read from anywhere in it. */
enum { EH_ROOM_BEHIND = 8 };
/* A NUL-terminated copy of length bytes of text, with room behind it. */
char *eh_arena_copy(struct eh_arena *arena, const char *text, size_t length);
char *eh_arena_string(struct eh_arena *arena, const char *text);
char *eh_arena_printf(struct eh_arena *arena, const char *format, ...) EH_PRINTF(2, 3);
/* Give back everything allocated since the mark was taken (for scratch in a loop). */
struct eh_arena_mark {
  void *block;
  size_t used;
};
struct eh_arena_mark eh_arena_mark(const struct eh_arena *arena);
void eh_arena_reset(struct eh_arena *arena, struct eh_arena_mark mark);
/* Everything of one arena becomes the other's; the one is gone. No mark of either is good any more.
 */
void eh_arena_take(struct eh_arena *arena, struct eh_arena *taken);
/* Bytes the arena holds. */
size_t eh_arena_size(const struct eh_arena *arena);

/* A string that grows at its end; start it as {0}, release it with eh_buffer_free. */
struct eh_buffer {
  char *text; /* NUL-terminated once anything was added; NULL before */
  size_t length;
  size_t capacity;
};
void eh_buffer_add(struct eh_buffer *buffer, const char *text, size_t length);
void eh_buffer_puts(struct eh_buffer *buffer, const char *text);
void eh_buffer_printf(struct eh_buffer *buffer, const char *format, ...) EH_PRINTF(2, 3);
void eh_buffer_free(struct eh_buffer *buffer);

#endif
