/* The ledger brought up to date: evenhand's columns are written anew, people's stay. */
#include <stdlib.h>
#include <string.h>

#include "engine/audit/followup/internal.h"
#include "engine/base/date.h"

enum { RESPONSE_DAYS = 90 };

static const char *day_text(struct eh_arena *arena, int32_t day) {
  char text[11];
  eh_date_format(day, text);
  return eh_arena_string(arena, text);
}

static const char *direction_of(struct eh_arena *arena, const struct eh_follow_item *item) {
  const char *word = item->higher ? "higher" : "lower";
  return *item->outcome ? eh_arena_printf(arena, "%s: %s", word, item->outcome) : word;
}

/* A finding that the ledger did not have. */
static void begin_row(struct eh_following *f, const struct eh_follow_item *item, int32_t seen,
                      struct eh_ledger_row *row) {
  const char **t = row->texts, **others;
  size_t count = f->up->ledger.name_count;
  for (int c = 0; c < EH_LEDGER_COLUMNS; c++) t[c] = "";
  others = eh_arena_alloc(f->arena, count, sizeof *others);
  for (size_t i = 0; i < count; i++) others[i] = "";
  row->others = others;
  t[EH_LEDGER_ID] = item->id;
  t[EH_LEDGER_FIRST_SEEN] = day_text(f->arena, seen);
  t[EH_LEDGER_MEASURE] = item->measure;
  t[EH_LEDGER_ACROSS] = item->across;
  t[EH_LEDGER_EACH] = item->each;
  t[EH_LEDGER_UNIT] = item->unit;
  t[EH_LEDGER_DIRECTION] = direction_of(f->arena, item);
  const struct eh_past_comparison *c =
      item->was ? item->old_comparison : item->new_comparison;
  t[EH_LEDGER_FIRST_DIFFERENCE] = eh_follow_difference(
      f->arena, c, item->was ? item->old_difference.estimate : item->new_difference.estimate);
  t[EH_LEDGER_AGREES] = eh_ledger_choices(EH_LEDGER_AGREES)[0];
  t[EH_LEDGER_AUDITOR_STATUS] = eh_ledger_choices(EH_LEDGER_AUDITOR_STATUS)[0];
  t[EH_LEDGER_RESPONSE_DUE] = day_text(f->arena, seen + RESPONSE_DAYS);
}

static void update_row(struct eh_following *f, const struct eh_follow_item *item,
                       struct eh_ledger_row *row) {
  const char **t = row->texts;
  bool is_flagged = item->now && item->now->flagged && item->status != EH_FOLLOW_BY_OTHERS;
  t[EH_LEDGER_WITHIN] = *item->place ? item->place : t[EH_LEDGER_WITHIN];
  t[EH_LEDGER_STATUS] = eh_follow_status_name(item->status);
  if (is_flagged)
    t[EH_LEDGER_LAST_SEEN] = day_text(f->arena, f->up->after->as_of);
  else if (item->was && !*t[EH_LEDGER_LAST_SEEN])
    t[EH_LEDGER_LAST_SEEN] = day_text(f->arena, f->up->before->as_of);
  if (item->now && item->status != EH_FOLLOW_REDEFINED)
    t[EH_LEDGER_LATEST_DIFFERENCE] = eh_follow_difference(f->arena, item->new_comparison,
                                                          item->new_difference.estimate);
}

static void enter(struct eh_following *f, struct eh_follow_item *item, int32_t seen) {
  struct eh_ledger *ledger = &f->up->ledger;
  struct eh_ledger_row *row = eh_ledger_find(ledger, item->id);
  if (!row) {
    row = &ledger->rows[ledger->count++];
    begin_row(f, item, seen, row);
  }
  update_row(f, item, row);
  item->row = row;
}

/* --- what to do first --- */

static bool is_reopened(const struct eh_follow_item *item) {
  return item->row && item->status == EH_FOLLOW_PERSISTS &&
         strcmp(item->row->texts[EH_LEDGER_AUDITOR_STATUS], "closed implemented") == 0;
}

static void attend(struct eh_following *f, struct eh_follow_item *item) {
  if (!item->row->line) return; /* nobody was asked yet */
  if (is_reopened(item)) {
    item->attention = "closed as implemented, but persists";
    f->up->reopened++;
    return;
  }
  const char *overdue = eh_ledger_overdue(f->arena, item->row, f->as_of);
  if (!overdue) return;
  item->attention = eh_arena_printf(f->arena, "overdue: %s", overdue);
  f->up->overdue++;
}

static int weight_of(const struct eh_follow_item *item) {
  if (is_reopened(item)) return 0;
  if (item->attention) return 1;
  static const int weights[EH_FOLLOW_STATUSES] = {
      [EH_FOLLOW_PERSISTS] = 2,   [EH_FOLLOW_REVERSED] = 3, [EH_FOLLOW_UNDECIDED] = 4,
      [EH_FOLLOW_UNTESTABLE] = 5, [EH_FOLLOW_GONE] = 6,     [EH_FOLLOW_REDEFINED] = 7,
      [EH_FOLLOW_BY_OTHERS] = 8,  [EH_FOLLOW_RESOLVED] = 9, [EH_FOLLOW_UNKNOWN] = 10};
  return weights[item->status];
}

static int by_weight(const void *x, const void *y) {
  const struct eh_follow_item *a = x, *b = y;
  int left = weight_of(a), right = weight_of(b);
  if (left != right) return left < right ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row; /* as they stand in the ledger */
}

void eh_follow_enter(struct eh_following *f) {
  struct eh_followup *up = f->up;
  up->ledger = *f->ledger;
  up->ledger.rows = eh_arena_alloc(f->arena, f->ledger->count + up->count + up->fresh_count,
                                   sizeof *up->ledger.rows);
  if (f->ledger->count)
    memcpy(up->ledger.rows, f->ledger->rows, f->ledger->count * sizeof *f->ledger->rows);
  for (size_t i = 0; i < up->count; i++) enter(f, &up->items[i], up->before->as_of);
  for (size_t i = 0; i < up->fresh_count; i++) enter(f, &up->fresh[i], up->after->as_of);
  for (size_t i = 0; i < up->count; i++) attend(f, &up->items[i]);
  if (up->count) qsort(up->items, up->count, sizeof *up->items, by_weight);
  for (size_t i = 0; i < f->ledger->note_count; i++) eh_follow_note(f, f->ledger->notes[i]);
}
