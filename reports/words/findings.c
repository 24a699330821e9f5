#include "reports/words/findings.h"

#include <math.h>
#include <stdlib.h>

#include "engine/audit/kinds/kinds.h"
#include "engine/base/words.h"

double eh_records_affected(const struct eh_result *result) {
  return eh_kind_of(result->kind)->affected(result);
}

const char *eh_levels_in_words(struct eh_arena *arena, size_t exceptional, size_t strong,
                               size_t notable) {
  const char *parts[3];
  size_t count = 0;
  if (exceptional)
    parts[count++] = eh_arena_printf(arena, "%s exceptional", eh_words_count(arena, exceptional));
  if (strong) parts[count++] = eh_arena_printf(arena, "%s strong", eh_words_count(arena, strong));
  if (notable)
    parts[count++] = eh_arena_printf(arena, "%s notable", eh_words_count(arena, notable));
  return eh_words_join(arena, parts, count, ", ");
}

static const char *group_title(struct eh_arena *arena, const struct eh_rules *rules,
                               const struct eh_comparison_result *c) {
  const struct eh_comparison *comparison = c->comparison;
  struct eh_buffer title = {0};
  eh_buffer_printf(&title, "%s, across %s", c->measure->name,
                   rules->columns[comparison->across].name);
  for (size_t i = 0; i < comparison->within_count; i++) {
    eh_buffer_printf(&title, "%s%s", i == 0 ? " within " : " and ",
                     rules->columns[comparison->within[i]].name);
  }
  if (comparison->each >= 0)
    eh_buffer_printf(&title, ", for each %s", rules->columns[comparison->each].name);
  const char *copy = eh_arena_copy(arena, title.text, title.length);
  eh_buffer_free(&title);
  return copy;
}

static void add_to_group(struct eh_group *group, const struct eh_comparison_result *comparison) {
  group->count++;
  group->units += comparison->result_count;
  group->testable += comparison->testable;
  group->flagged += comparison->levels.flagged;
  group->notable += comparison->levels.notable;
  group->strong += comparison->levels.strong;
  group->exceptional += comparison->levels.exceptional;
}

static void collect_groups(struct eh_arena *arena, const struct eh_audit *audit,
                           struct eh_findings *findings) {
  struct eh_group *groups = eh_arena_alloc(arena, audit->comparison_count, sizeof *groups);
  struct eh_group *group = NULL;
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    if (!group || group->first->cells->comparison != c->cells->comparison ||
        group->first->cells->measure != c->cells->measure) {
      group = &groups[findings->group_count++];
      group->first = c;
      group->title = group_title(arena, audit->rules, c);
    }
    add_to_group(group, c);
  }
  findings->groups = groups;
}

/* Graver first, then by decisions affected; then as they stand in the audit. */
static int compare_weight(const struct eh_finding *x, const struct eh_finding *y) {
  bool x_peers = x->result->who.who == EH_WHO_PEERS, y_peers = y->result->who.who == EH_WHO_PEERS;
  if (x_peers != y_peers)
    return x_peers ? 1 : -1; /* those that differ only because of others last */
  bool x_time = x->result->time.outcome == EH_TIME_EXPLAINS,
       y_time = y->result->time.outcome == EH_TIME_EXPLAINS;
  if (x_time != y_time) return x_time ? 1 : -1; /* and before them those that go with time */
  if (x->result->level != y->result->level) return x->result->level > y->result->level ? -1 : 1;
  double a = eh_records_affected(x->result), b = eh_records_affected(y->result);
  if (a != b) return a > b ? -1 : 1;
  if (x->comparison != y->comparison) return x->comparison < y->comparison ? -1 : 1;
  return x->result < y->result ? -1 : x->result > y->result;
}

static int compare_findings(const void *x, const void *y) { return compare_weight(x, y); }

static size_t count_flagged(const struct eh_audit *audit) {
  size_t count = 0;
  for (size_t i = 0; i < audit->comparison_count; i++) {
    for (size_t j = 0; j < audit->comparisons[i].result_count; j++)
      count += audit->comparisons[i].results[j].flagged;
  }
  return count;
}

const struct eh_findings *eh_findings_collect(struct eh_arena *arena,
                                              const struct eh_audit *audit) {
  struct eh_findings *findings = eh_arena_alloc(arena, 1, sizeof *findings);
  collect_groups(arena, audit, findings);
  size_t count = count_flagged(audit);
  struct eh_finding *items = eh_arena_alloc(arena, count, sizeof *items);
  for (size_t g = 0; g < findings->group_count; g++) {
    const struct eh_group *group = &findings->groups[g];
    for (const struct eh_comparison_result *c = group->first; c < group->first + group->count;
         c++) {
      for (size_t j = 0; j < c->result_count; j++) {
        if (!c->results[j].flagged) continue;
        items[findings->count++] =
            (struct eh_finding){.comparison = c, .result = &c->results[j], .group = g};
      }
    }
  }
  if (count) qsort(items, count, sizeof *items, compare_findings);
  for (size_t i = 0; i < count; i++) items[i].number = i + 1;
  findings->items = items;
  return findings;
}
