#include "engine/audit/followup/on_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/audit/followup/followup.h"
#include "engine/base/words.h"

struct filing {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_ledger *ledger;
  int32_t as_of;
  struct eh_on_file *on_file;
  bool knows_someone;
};

static const char *id_of(const struct filing *f, const struct eh_comparison_result *c,
                         const struct eh_result *r) {
  const struct eh_rules *rules = f->rules;
  const struct eh_comparison *comparison = c->comparison;
  const char **within = eh_arena_alloc(f->arena, comparison->within_count, sizeof *within);
  for (size_t i = 0; i < comparison->within_count; i++)
    within[i] = rules->columns[comparison->within[i]].name;
  const char *each = c->cells->each
                         ? eh_arena_printf(f->arena, "%s: %s",
                                           rules->columns[comparison->each].name, c->cells->each)
                         : "";
  return eh_finding_id(f->arena, c->measure->name, rules->columns[comparison->across].name,
                       eh_words_join(f->arena, within, comparison->within_count, ", "), each,
                       r->unit);
}

static void judge(const struct filing *f, struct eh_on_file_item *item) {
  struct eh_on_file *on_file = f->on_file;
  if (!item->row) return;
  on_file->known++;
  item->is_reopened =
      strcasecmp(item->row->texts[EH_LEDGER_AUDITOR_STATUS], "closed implemented") == 0;
  item->attention = item->is_reopened ? "closed as implemented, but found again"
                                      : eh_ledger_overdue(f->arena, item->row, f->as_of);
  on_file->reopened += item->is_reopened;
  on_file->overdue += !item->is_reopened && item->attention;
}

static void take_comparison(struct filing *f, const struct eh_comparison_result *c) {
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *r = &c->results[i];
    struct eh_on_file_item item = {.comparison = c, .result = r, .id = id_of(f, c, r)};
    item.row = eh_ledger_find(f->ledger, item.id);
    f->knows_someone |= item.row != NULL;
    if (!eh_result_differs(r)) continue;
    judge(f, &item);
    f->on_file->items[f->on_file->count++] = item;
  }
}

static int rank_of(const struct eh_on_file_item *item) {
  return item->is_reopened ? 0 : item->attention ? 1 : 2;
}

/* Those of one rank stay as they are: the sort is a stable one. */
static void put_attention_first(struct eh_arena *arena, struct eh_on_file *on_file) {
  struct eh_on_file_item *sorted = eh_arena_alloc(arena, on_file->count, sizeof *sorted);
  size_t count = 0;
  for (int rank = 0; rank <= 2; rank++)
    for (size_t i = 0; i < on_file->count; i++)
      if (rank_of(&on_file->items[i]) == rank) sorted[count++] = on_file->items[i];
  on_file->items = sorted;
}

enum eh_status eh_on_file_make(struct eh_arena *arena, const struct eh_audit *audit,
                               const struct eh_ledger *ledger, int32_t as_of,
                               struct eh_on_file *on_file, struct eh_error *error) {
  struct filing f = {arena, audit->rules, ledger, as_of, on_file, ledger->count == 0};
  size_t most = 0;
  for (size_t i = 0; i < audit->comparison_count; i++)
    for (size_t k = 0; k < audit->comparisons[i].result_count; k++)
      most += eh_result_differs(&audit->comparisons[i].results[k]);
  *on_file = (struct eh_on_file){.ledger = ledger};
  on_file->items = eh_arena_alloc(arena, most, sizeof *on_file->items);
  for (size_t i = 0; i < audit->comparison_count; i++) take_comparison(&f, &audit->comparisons[i]);
  on_file->others = ledger->count - on_file->known;
  put_attention_first(arena, on_file);
  if (f.knows_someone) return EH_OK;
  return eh_fail_at(
      error, EH_BAD_INPUT, ledger->file, 0, 0,
      "no unit of the ledger is in these results; was it made with another key, or of "
      "another comparison?");
}

const struct eh_on_file_item *eh_on_file_find(const struct eh_on_file *on_file,
                                              const struct eh_result *result) {
  for (size_t i = 0; on_file && i < on_file->count; i++)
    if (on_file->items[i].result == result) return &on_file->items[i];
  return NULL;
}
