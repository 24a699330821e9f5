/* Whole numbers in as few bits as they need. */
#include "engine/base/random.h"
#include "engine/load/records/records.h"
#include "tests/test.h"

enum { MOST = 700 };

/* Numbers from low to low + range, both of which occur. */
static void check(size_t count, uint32_t low, uint32_t range, unsigned bits) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_random random = eh_random_seeded(range, count);
  uint32_t items[MOST];
  for (size_t i = 0; i < count; i++)
    items[i] = low + (uint32_t)eh_random_below(&random, (uint64_t)range + 1);
  items[count / 2] = low + range;
  items[count - 1] = low;
  struct eh_packed packed = eh_packed_new(arena, items, count);
  ck_assert_uint_eq(packed.bits, bits);
  for (size_t i = 0; i < count; i++)
    ck_assert_msg(eh_packed_get(&packed, i) == items[i], "%zu of %zu in %u bits", i, count, bits);
  eh_arena_free(arena);
}

START_TEST(numbers_come_back) {
  static const struct {
    uint32_t range;
    unsigned bits;
  } cases[] = {{1, 1},   {2, 2},    {3, 2},      {4, 4},      {15, 4},       {16, 8},
               {255, 8}, {256, 16}, {65535, 16}, {65536, 32}, {1000000, 32}, {UINT32_MAX, 32}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
    for (size_t count = 3; count <= MOST; count += count < 40 ? 1 : 97) {
      check(count, 0, cases[k].range, cases[k].bits);
      if (cases[k].range < UINT32_MAX)
        check(count, UINT32_MAX - cases[k].range, cases[k].range, cases[k].bits);
    }
}
END_TEST

START_TEST(one_number_needs_no_bits) {
  struct eh_arena *arena = eh_arena_new();
  static const uint32_t items[] = {77, 77, 77};
  struct eh_packed packed = eh_packed_new(arena, items, 3);
  ck_assert_uint_eq(packed.bits, 0);
  ck_assert_uint_eq(eh_packed_get(&packed, 2), 77);
  ck_assert_uint_eq(eh_packed_new(arena, items, 0).bits, 0);
  eh_arena_free(arena);
}
END_TEST

/* Block after block, cut back and gone on with. */
START_TEST(a_list_gives_back_what_was_added) {
  enum { COUNT = 3 * EH_PACKED_BLOCK + 77, CUT = EH_PACKED_BLOCK + 5 };
  struct eh_arena *arena = eh_arena_new();
  struct eh_packed_list list = {0};
  for (uint32_t i = 0; i < COUNT; i++) eh_packed_list_add(&list, arena, i / 100 * i);
  for (uint32_t i = 0; i < COUNT; i++) ck_assert_uint_eq(eh_packed_list_get(&list, i), i / 100 * i);
  eh_packed_list_cut(&list, CUT);
  eh_packed_list_fill(&list, arena, 7, EH_PACKED_BLOCK);
  ck_assert_uint_eq(list.count, CUT + EH_PACKED_BLOCK);
  for (uint32_t i = 0; i < CUT; i++) ck_assert_uint_eq(eh_packed_list_get(&list, i), i / 100 * i);
  for (size_t i = CUT; i < list.count; i++) ck_assert_uint_eq(eh_packed_list_get(&list, i), 7);
  eh_packed_list_free(&list);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("packed numbers", numbers_come_back, one_number_needs_no_bits,
          a_list_gives_back_what_was_added)
