/* Memory for SQLite, whose parser asks for much of it: what is freed waits for the next of its
 * size, a power of two. For one thread. */
#ifndef EVENHAND_TESTS_FUZZ_SQLITE_MEMORY_H
#define EVENHAND_TESTS_FUZZ_SQLITE_MEMORY_H

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 40, SMALLEST = 5, BESIDE = 16 };

static void *free_blocks[CLASSES];

static int size_class(int bytes) {
  int class = 64 - __builtin_clzll((unsigned long long)bytes + BESIDE - 1);
  return class < SMALLEST ? SMALLEST : class;
}

static void *give_block(int bytes) {
  int class = size_class(bytes);
  char *block = free_blocks[class];
  if (block)
    free_blocks[class] = *(void **)(block + BESIDE);
  else
    block = malloc((size_t)1 << class);
  if (!block) abort();
  *(int *)block = class;
  return block + BESIDE;
}

static void take_block(void *memory) {
  char *block = (char *)memory - BESIDE;
  if (!memory) return;
  *(void **)memory = free_blocks[*(int *)block];
  free_blocks[*(int *)block] = block;
}

static int block_size(void *memory) {
  return memory ? (1 << *(int *)((char *)memory - BESIDE)) - BESIDE : 0;
}

static void *resize_block(void *memory, int bytes) {
  int old = block_size(memory);
  if (bytes <= old && size_class(bytes) == *(int *)((char *)memory - BESIDE)) return memory;
  void *moved = give_block(bytes);
  memcpy(moved, memory, (size_t)(old < bytes ? old : bytes));
  take_block(memory);
  return moved;
}

static int round_up(int bytes) { return (1 << size_class(bytes)) - BESIDE; }

static int begin_memory(void *data) {
  (void)data;
  return SQLITE_OK;
}

static void end_memory(void *data) { (void)data; }

static struct sqlite3_mem_methods sqlite_memory = {
    give_block, take_block, resize_block, block_size, round_up, begin_memory, end_memory, NULL};

#endif
