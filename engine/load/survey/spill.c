#include "engine/load/survey/spill.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "engine/base/temporaries.h"

/* Items of a block; their bytes are written and read together. */
enum { BLOCK = 2048 };

/* A full block: in memory, or at a place in the file. */
struct block {
  char *items; /* NULL: in the file */
  off_t offset;
};

struct part {
  struct block *blocks;
  size_t block_count, block_capacity;
  char *open; /* the block that is not full */
  size_t open_count;
};

struct eh_spill {
  size_t item_size, held, limit;
  FILE *file; /* NULL: none yet, or there can be none */
  bool has_no_file;
  off_t length;
  struct part parts[EH_SPILL_PARTS];
};

struct eh_spill *eh_spill_new(size_t item_size, size_t held) {
  struct eh_spill *spill = eh_alloc_zeroed(1, sizeof *spill);
  spill->item_size = item_size;
  spill->limit = held;
  return spill;
}

void eh_spill_free(struct eh_spill *spill) {
  if (!spill) return;
  for (size_t p = 0; p < EH_SPILL_PARTS; p++) {
    struct part *part = &spill->parts[p];
    for (size_t b = 0; b < part->block_count; b++) free(part->blocks[b].items);
    free(part->blocks);
    free(part->open);
  }
  if (spill->file) fclose(spill->file);
  free(spill);
}

/* False: it cannot be written, and stays in memory. */
static bool write_block(struct eh_spill *spill, const char *items, off_t *offset) {
  size_t bytes = BLOCK * spill->item_size, done = 0;
  if (!spill->file && !spill->has_no_file) spill->file = eh_temporary_file();
  spill->has_no_file |= !spill->file;
  while (!spill->has_no_file && done < bytes) {
    ssize_t more =
        pwrite(fileno(spill->file), items + done, bytes - done, spill->length + (off_t)done);
    if (more < 0 && errno == EINTR) continue;
    spill->has_no_file |= more <= 0;
    if (more > 0) done += (size_t)more;
  }
  if (spill->has_no_file) return false;
  *offset = spill->length;
  spill->length += (off_t)bytes;
  return true;
}

static void close_block(struct eh_spill *spill, struct part *part) {
  struct block block = {.items = part->open};
  size_t bytes = BLOCK * spill->item_size;
  bool is_held =
      spill->held + bytes <= spill->limit || !write_block(spill, part->open, &block.offset);
  if (is_held) {
    spill->held += bytes;
    part->open = NULL;
  } else {
    block.items = NULL;
  }
  if (part->block_count == part->block_capacity) {
    part->block_capacity = part->block_capacity ? 2 * part->block_capacity : 4;
    part->blocks = eh_resize(part->blocks, part->block_capacity, sizeof *part->blocks);
  }
  part->blocks[part->block_count++] = block;
  part->open_count = 0;
}

void eh_spill_add(struct eh_spill *spill, unsigned number, const void *item) {
  struct part *part = &spill->parts[number];
  if (!part->open) part->open = eh_alloc(BLOCK, spill->item_size);
  memcpy(part->open + part->open_count++ * spill->item_size, item, spill->item_size);
  if (part->open_count == BLOCK) close_block(spill, part);
}

static enum eh_status read_block(const struct eh_spill *spill, const struct block *block, char *to,
                                 struct eh_error *error) {
  size_t bytes = BLOCK * spill->item_size, done = 0;
  if (block->items) {
    memcpy(to, block->items, bytes);
    return EH_OK;
  }
  while (done < bytes) {
    ssize_t more = pread(fileno(spill->file), to + done, bytes - done, block->offset + (off_t)done);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0)
      return eh_fail(error, EH_MACHINE, "a temporary file cannot be read again: %s",
                     more < 0 ? strerror(errno) : "it is too short");
    done += (size_t)more;
  }
  return EH_OK;
}

enum eh_status eh_spill_read(const struct eh_spill *spill, unsigned number, void **items,
                             size_t *count, struct eh_error *error) {
  const struct part *part = &spill->parts[number];
  size_t size = spill->item_size;
  *count = part->block_count * BLOCK + part->open_count;
  char *all = *items = eh_alloc(*count + 1, size);
  for (size_t b = 0; b < part->block_count; b++) {
    enum eh_status status = read_block(spill, &part->blocks[b], all + b * BLOCK * size, error);
    if (status == EH_OK) continue;
    free(all);
    *items = NULL;
    return status;
  }
  if (part->open_count)
    memcpy(all + part->block_count * BLOCK * size, part->open, part->open_count * size);
  return EH_OK;
}
