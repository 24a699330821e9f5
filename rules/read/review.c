/* `review`: how many files of each finding are to be read. */
#include <string.h>

#include "rules/read/internal.h"

static void read_tolerable_rate(struct eh_reader *reader, const struct eh_node *node,
                                double *rate) {
  double share;
  /* Below 0.1% a sample would be thousands of files. */
  if (eh_read_share(node, false, &share) && share >= 0.001 && share <= 0.5)
    *rate = share;
  else
    eh_read_expected(reader, node, "`tolerable_rate`",
                     "a share from 0.1% to 50%, such as 5% or 0.05");
}

void eh_read_review(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"confidence", "tolerable_rate"};
  struct eh_review *review = &reader->rules->review;
  if (!node || !eh_read_map(reader, node, "`review`", keys, 2)) return;
  for (size_t i = 0; i < node->item_count; i++) {
    const struct eh_node *item = &node->items[i];
    if (strcmp(item->key, "confidence") == 0)
      eh_read_confidence(reader, item, &review->confidence);
    else if (strcmp(item->key, "tolerable_rate") == 0)
      read_tolerable_rate(reader, item, &review->tolerable_rate);
  }
}
