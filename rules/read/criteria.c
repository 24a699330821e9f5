/* `reliability`: when the records are good enough. */
#include <string.h>

#include "engine/base/number.h"
#include "rules/read/internal.h"

static const struct {
  const char *name, *meaning;
  struct eh_limits limits;
} criteria[] = {
#define X(name, key, caveat, limit, meaning) {key, meaning, {caveat, limit}},
    EH_CRITERIA(X)
#undef X
};

const char *eh_criterion_name(enum eh_criterion criterion) { return criteria[criterion].name; }
const char *eh_criterion_meaning(enum eh_criterion criterion) {
  return criteria[criterion].meaning;
}
struct eh_limits eh_criterion_default(enum eh_criterion criterion) {
  return criteria[criterion].limits;
}

/* 5% or 0.05 */
static bool read_share(const struct eh_node *node, double *share) {
  if (node->kind != EH_NODE_TEXT || node->length == 0) return false;
  bool is_percent = node->text[node->length - 1] == '%';
  if (!eh_number_parse(node->text, node->length - is_percent, share)) return false;
  if (is_percent) *share /= 100;
  return *share >= 0 && *share <= 1;
}

void eh_read_criteria(struct eh_reader *reader, const struct eh_node *node) {
  const char *keys[EH_CRITERION_COUNT];
  for (int i = 0; i < EH_CRITERION_COUNT; i++) {
    keys[i] = criteria[i].name;
    reader->rules->criteria[i] = criteria[i].limits;
  }
  if (!node || !eh_read_map(reader, node, "`reliability`", keys, EH_CRITERION_COUNT)) return;
  for (int i = 0; i < EH_CRITERION_COUNT; i++) {
    const struct eh_node *pair = eh_read_get(node, keys[i]);
    if (!pair) continue;
    struct eh_limits limits;
    bool is_pair = pair->kind == EH_NODE_LIST && pair->item_count == 2 &&
                   read_share(&pair->items[0], &limits.caveat) &&
                   read_share(&pair->items[1], &limits.limit) && limits.caveat <= limits.limit;
    if (is_pair)
      reader->rules->criteria[i] = limits;
    else
      eh_read_expected(reader, pair, eh_arena_printf(reader->arena, "`%s`", keys[i]),
                       "two shares, the smaller first: above the first the records are usable with "
                       "a caveat, above the second not sufficient, such as [5%, 20%]");
  }
}
