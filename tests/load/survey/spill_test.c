/* Items in parts come back whole and in order, from memory, from a file, and where there can be
 * none. */
#include "engine/load/survey/spill.h"

#include <stdlib.h>

#include "tests/test.h"

struct item {
  uint64_t number;
  uint32_t part;
};
enum { ITEMS = 60000, PARTS_USED = 3 };

static void all_come_back(size_t held) {
  struct eh_spill *spill = eh_spill_new(sizeof(struct item), held);
  for (uint32_t i = 0; i < ITEMS; i++) {
    struct item item = {i, i * 7 % PARTS_USED};
    eh_spill_add(spill, item.part, &item);
  }
  size_t sum = 0;
  for (unsigned part = 0; part < EH_SPILL_PARTS; part++) {
    struct eh_error error;
    void *items;
    size_t count;
    ck_assert_int_eq(eh_spill_read(spill, part, &items, &count, &error), EH_OK);
    const struct item *item = items;
    for (size_t i = 0; i < count; i++) {
      ck_assert_uint_eq(item[i].part, part);
      if (i) ck_assert(item[i].number > item[i - 1].number);
    }
    sum += count;
    free(items);
  }
  ck_assert_uint_eq(sum, ITEMS);
  eh_spill_free(spill);
}

START_TEST(from_memory) { all_come_back((size_t)1 << 30); }
END_TEST
START_TEST(from_a_file) { all_come_back(0); }
END_TEST
START_TEST(from_both) { all_come_back(200000); }
END_TEST
START_TEST(where_there_can_be_no_file) {
  setenv("TMPDIR", "/dev/null/none", 1);
  all_come_back(0);
}
END_TEST

RUN_TESTS("spill", from_memory, from_a_file, from_both, where_there_can_be_no_file)
