#include "engine/stats/who.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/base/memory.h"

/* What those named may hold of a block's records; and what a unit that was found may, for the
   others to be measured by it, or it by them. */
static const double MOST_NAMED = 0.4, MOST_OF_ONE = 0.5;

/* A found unit, where it stands. */
struct found {
  const struct eh_who_unit *unit;
  size_t index;
};

/* By block; in it the furthest first. */
static int by_distance(const void *left, const void *right) {
  const struct found *a = left, *b = right;
  if (a->unit->block != b->unit->block) return a->unit->block < b->unit->block ? -1 : 1;
  if (a->unit->distance != b->unit->distance) return a->unit->distance > b->unit->distance ? -1 : 1;
  if (a->unit->size != b->unit->size) return a->unit->size > b->unit->size ? -1 : 1;
  return (a->index > b->index) - (a->index < b->index);
}

struct block {
  size_t units;
  double records;
};

/* The units found in one block. */
struct search {
  const struct found *found;
  size_t count;
  const struct block *block;
  eh_still_differs *still_differs;
  void *context;
  struct eh_who_differs *result;
};

static void call_all(const struct search *s, enum eh_who who) {
  for (size_t i = 0; i < s->count; i++) {
    s->result->who[s->found[i].index] = who;
    s->result->named[s->found[i].index] = false;
  }
}

/* The furthest that is not named and still differs; NULL: none. At first all found ones do. */
static const struct found *next_of(const struct search *s, bool first) {
  for (size_t i = 0; i < s->count; i++) {
    size_t index = s->found[i].index;
    if (s->result->named[index]) continue;
    if (first || s->still_differs(s->context, index, s->result->named)) return &s->found[i];
  }
  return NULL;
}

static bool one_holds_most(const struct search *s) {
  for (size_t i = 0; i < s->count; i++)
    if (s->found[i].unit->records > MOST_OF_ONE * s->block->records) return true;
  return false;
}

static void look_at_block(const struct search *s) {
  if (s->block->units <= 2 || one_holds_most(s)) {
    call_all(s, s->block->units <= 2 ? EH_WHO_PAIR : EH_WHO_UNCLEAR);
    s->result->facts++;
    return;
  }
  double named = 0.0;
  call_all(s, EH_WHO_PEERS);
  for (const struct found *next = next_of(s, true); next; next = next_of(s, false)) {
    named += next->unit->records;
    if (named > MOST_NAMED * s->block->records) {
      call_all(s, EH_WHO_UNCLEAR);
      s->result->facts++;
      return;
    }
    s->result->who[next->index] = EH_WHO_UNIT;
    s->result->named[next->index] = true;
  }
  for (size_t i = 0; i < s->count; i++) s->result->facts += s->result->named[s->found[i].index];
}

void eh_who_differs(const struct eh_who_unit *units, size_t count, eh_still_differs *still_differs,
                    void *context, struct eh_who_differs *result) {
  struct eh_arena *scratch = eh_arena_new();
  struct block *blocks = eh_arena_alloc(scratch, count, sizeof *blocks);
  struct found *found = eh_arena_alloc(scratch, count, sizeof *found);
  size_t all = 0;
  result->facts = 0;
  for (size_t u = 0; u < count; u++) {
    assert(units[u].block < count);
    blocks[units[u].block].units++;
    blocks[units[u].block].records += units[u].records;
    result->who[u] = EH_WHO_NOBODY;
    result->named[u] = false;
    if (units[u].found) found[all++] = (struct found){&units[u], u};
  }
  qsort(found, all, sizeof *found, by_distance);
  for (size_t first = 0, end; first < all; first = end) {
    size_t block = found[first].unit->block;
    for (end = first + 1; end < all && found[end].unit->block == block;) end++;
    struct search search = {found + first, end - first, &blocks[block],
                            still_differs, context,     result};
    look_at_block(&search);
  }
  eh_arena_free(scratch);
}

const char *eh_who_name(enum eh_who who) {
  static const char *const names[] = {"", "unit", "peers", "pair", "unclear"};
  return names[who];
}
