/* `publication`: who publishes a release, in their own words. */
#include <string.h>

#include "rules/read/internal.h"

void eh_read_publication(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"department", "contact", "period", "statement"};
  struct eh_publication *p = &reader->rules->publication;
  const char **const texts[] = {&p->department, &p->contact, &p->period, &p->statement};
  enum { COUNT = sizeof keys / sizeof *keys };
  if (!node || !eh_read_map(reader, node, "`publication`", keys, COUNT)) return;
  for (size_t i = 0; i < node->item_count; i++)
    for (size_t k = 0; k < COUNT; k++)
      if (strcmp(node->items[i].key, keys[k]) == 0)
        *texts[k] = eh_read_block(reader, &node->items[i],
                                  eh_arena_printf(reader->arena, "`%s`", keys[k]), NULL);
}
