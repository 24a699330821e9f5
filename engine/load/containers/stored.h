/* The bytes of a file as stored, at hand from anywhere: what containers are opened from. */
#ifndef EVENHAND_LOAD_STORED_H
#define EVENHAND_LOAD_STORED_H

#include <stddef.h>

#include "engine/base/error.h"

struct eh_stored {
  const char *name; /* as messages give it */
  uint64_t size;
  void *context;
  /* Up to `wanted` bytes from `offset`; *got is less only at the end. */
  enum eh_status (*read_at)(void *context, uint64_t offset, char *buffer, size_t wanted,
                            size_t *got, struct eh_error *error);
};

#endif
