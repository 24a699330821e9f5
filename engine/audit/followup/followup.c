#include "engine/audit/followup/followup.h"

#include <stdlib.h>
#include <string.h>

#include "engine/audit/followup/internal.h"
#include "engine/base/date.h"
#include "engine/base/digest.h"
#include "engine/stats/rounding.h"

const char *eh_follow_status_name(enum eh_followed_status status) {
  static const char *const names[EH_FOLLOW_STATUSES] = {
      [EH_FOLLOW_REDEFINED] = "definition changed", [EH_FOLLOW_GONE] = "unit gone",
      [EH_FOLLOW_UNTESTABLE] = "not testable now",  [EH_FOLLOW_PERSISTS] = "persists",
      [EH_FOLLOW_REVERSED] = "reversed",            [EH_FOLLOW_RESOLVED] = "resolved",
      [EH_FOLLOW_UNDECIDED] = "not decided",        [EH_FOLLOW_NEW] = "new",
      [EH_FOLLOW_BY_OTHERS] = "now only because of others",
      [EH_FOLLOW_UNKNOWN] = "not in either file"};
  return names[status];
}

const char *eh_finding_id(struct eh_arena *arena, const char *measure, const char *across,
                          const char *within, const char *each, const char *unit) {
  char hex[65];
  const char *key =
      eh_arena_printf(arena, "%s\x1f%s\x1f%s\x1f%s\x1f%s", measure, across, within, each, unit);
  eh_digest_of(key, strlen(key), hex);
  return eh_arena_copy(arena, hex, 12);
}

void eh_follow_note(struct eh_following *f, const char *text) {
  struct eh_followup *up = f->up;
  if (up->note_count == f->notes_room) {
    const char **old = f->notes;
    f->notes_room = 2 * f->notes_room + 8;
    f->notes = eh_arena_alloc(f->arena, f->notes_room, sizeof *f->notes);
    if (up->note_count) memcpy(f->notes, old, up->note_count * sizeof *old);
  }
  f->notes[up->note_count++] = text;
  up->notes = f->notes;
}

/* --- who is who --- */

const struct eh_past_result *eh_past_find(const struct eh_past_comparison *comparison,
                                          const char *unit) {
  for (size_t i = 0; comparison && i < comparison->result_count; i++)
    if (strcmp(comparison->results[i].unit, unit) == 0) return &comparison->results[i];
  return NULL;
}

const struct eh_past_comparison *eh_past_comparison_of(const struct eh_past *past,
                                                       const char *measure, const char *across,
                                                       const char *within, const char *each) {
  for (size_t i = 0; i < past->comparison_count; i++) {
    const struct eh_past_comparison *c = &past->comparisons[i];
    if (strcmp(c->measure, measure) == 0 && strcmp(c->across, across) == 0 &&
        strcmp(c->within, within) == 0 && strcmp(c->each, each) == 0)
      return c;
  }
  return NULL;
}

struct eh_interval eh_past_difference(const struct eh_past_result *result, const char *outcome) {
  if (!*outcome) return result->difference;
  for (size_t i = 0; i < result->outcome_count; i++)
    if (strcmp(result->outcomes[i].label, outcome) == 0) return result->outcomes[i].difference;
  return eh_no_interval("no such outcome");
}

static struct eh_follow_item item_of(struct eh_following *f, const struct eh_past_comparison *c,
                                     const struct eh_past_result *r) {
  struct eh_figure none = eh_no_figure("not compared");
  return (struct eh_follow_item){
      .id = eh_finding_id(f->arena, c->measure, c->across, c->within, c->each, r->unit),
      .measure = c->measure,
      .across = c->across,
      .within = c->within,
      .each = c->each,
      .unit = r->unit,
      .place = r->place,
      .outcome = r->outcome,
      .higher = r->higher,
      .old_difference = eh_no_interval("not in the earlier file"),
      .new_difference = eh_no_interval("not in the later file"),
      .shrinkage = none,
      .expected = none,
      .again = none,
      .z = none,
      .p = none,
      .q = none};
}

/* --- what became of it --- */

/* A policy that began before the earlier records end, in one file only, splits them otherwise. */
static bool has_policy(const struct eh_past *past, const struct eh_past_policy *policy) {
  for (size_t i = 0; i < past->policy_count; i++)
    if (past->policies[i].from == policy->from &&
        strcmp(past->policies[i].name, policy->name) == 0)
      return true;
  return false;
}

static bool lacks_policy(const struct eh_past *past, const struct eh_past *other, int32_t until) {
  for (size_t i = 0; i < other->policy_count; i++)
    if (other->policies[i].from <= until && !has_policy(past, &other->policies[i])) return true;
  return false;
}

static bool same_policies(const struct eh_past *before, const struct eh_past *after) {
  int32_t until = before->has_dates ? before->last : before->as_of;
  if (before->format < 2 || after->format < 2) return true;
  return !lacks_policy(before, after, until) && !lacks_policy(after, before, until);
}

static bool is_redefined(const struct eh_followup *up, const struct eh_follow_item *item) {
  const struct eh_past_comparison *was = item->old_comparison, *now = item->new_comparison;
  if (!now) return true;
  if (was && was->digest && now->digest && strcmp(was->digest, now->digest) != 0) return true;
  return was && !same_policies(up->before, up->after);
}

static bool is_shown_small(const struct eh_interval *difference, double smallest) {
  double within = smallest + 1e-12 * (smallest > 1.0 ? smallest : 1.0);
  return !difference->low.why_not && !difference->high.why_not && smallest > 0.0 &&
         difference->low.value >= -within && difference->high.value <= within;
}

static enum eh_followed_status status_of(const struct eh_followup *up,
                                         const struct eh_follow_item *item) {
  const struct eh_past_result *now = item->now;
  if (is_redefined(up, item)) return EH_FOLLOW_REDEFINED;
  if (!now || now->records == 0) return EH_FOLLOW_GONE;
  if (!now->testable) return EH_FOLLOW_UNTESTABLE;
  bool same_outcome = !*item->outcome || strcmp(now->outcome, item->outcome) == 0;
  if (now->flagged && now->by_others) return EH_FOLLOW_BY_OTHERS;
  if (now->flagged && same_outcome)
    return now->higher == item->higher ? EH_FOLLOW_PERSISTS : EH_FOLLOW_REVERSED;
  return is_shown_small(&item->new_difference, item->new_comparison->smallest)
             ? EH_FOLLOW_RESOLVED
             : EH_FOLLOW_UNDECIDED;
}

static void look_now(const struct eh_followup *up, struct eh_follow_item *item) {
  item->new_comparison =
      eh_past_comparison_of(up->after, item->measure, item->across, item->within, item->each);
  item->now = eh_past_find(item->new_comparison, item->unit);
  if (item->now) item->new_difference = eh_past_difference(item->now, item->outcome);
  item->status = status_of(up, item);
}

/* --- findings of both files --- */

static size_t count_flagged(const struct eh_past *past) {
  size_t count = 0;
  for (size_t i = 0; i < past->comparison_count; i++)
    for (size_t k = 0; k < past->comparisons[i].result_count; k++)
      count += past->comparisons[i].results[k].flagged;
  return count;
}

static void take_earlier(struct eh_following *f) {
  struct eh_followup *up = f->up;
  size_t room = count_flagged(up->before) + f->ledger->count;
  up->items = eh_arena_alloc(f->arena, room, sizeof *up->items);
  for (size_t i = 0; i < up->before->comparison_count; i++) {
    const struct eh_past_comparison *c = &up->before->comparisons[i];
    for (size_t k = 0; k < c->result_count; k++) {
      const struct eh_past_result *r = &c->results[k];
      up->by_others += r->by_others;
      if (!r->flagged || r->by_others) continue;
      struct eh_follow_item *item = &up->items[up->count++];
      *item = item_of(f, c, r);
      item->old_comparison = c;
      item->was = r;
      item->old_difference = r->difference;
      look_now(up, item);
    }
  }
}

static const struct eh_follow_item *find_item(const struct eh_followup *up, const char *id) {
  for (size_t i = 0; i < up->count; i++)
    if (strcmp(up->items[i].id, id) == 0) return &up->items[i];
  return NULL;
}

/* A finding that only the ledger knows: of an audit before OLD, say. */
static struct eh_follow_item item_of_row(struct eh_following *f, const struct eh_ledger_row *row) {
  const char *const *t = row->texts;
  struct eh_follow_item item = {.id = t[EH_LEDGER_ID],
                                .measure = t[EH_LEDGER_MEASURE],
                                .across = t[EH_LEDGER_ACROSS],
                                .each = t[EH_LEDGER_EACH],
                                .unit = t[EH_LEDGER_UNIT],
                                .place = "",
                                .outcome = "",
                                .within = "",
                                .higher = strncmp(t[EH_LEDGER_DIRECTION], "higher", 6) == 0,
                                .status = EH_FOLLOW_UNKNOWN};
  const char *outcome = strchr(t[EH_LEDGER_DIRECTION], ':');
  struct eh_figure none = eh_no_figure("not in the earlier file");
  if (outcome) item.outcome = outcome[1] == ' ' ? outcome + 2 : outcome + 1;
  item.old_difference = item.new_difference = eh_no_interval(none.why_not);
  item.shrinkage = item.expected = item.again = item.z = item.p = item.q = none;
  for (size_t i = 0; i < f->up->after->comparison_count; i++) {
    const struct eh_past_comparison *c = &f->up->after->comparisons[i];
    if (strcmp(c->measure, item.measure) != 0 || strcmp(c->across, item.across) != 0 ||
        strcmp(c->each, item.each) != 0)
      continue;
    if (strcmp(eh_finding_id(f->arena, c->measure, c->across, c->within, c->each, item.unit),
               item.id) != 0)
      continue;
    item.within = c->within;
    look_now(f->up, &item);
    if (item.now) item.place = item.now->place;
  }
  return item;
}

/* It was entered by following up this same later file: it is new still. */
static bool is_fresh(const struct eh_followup *up, const struct eh_ledger_row *row) {
  int32_t day;
  return eh_ledger_day(row->texts[EH_LEDGER_FIRST_SEEN], &day) && day >= up->after->as_of;
}

static void take_ledger(struct eh_following *f) {
  struct eh_followup *up = f->up;
  for (size_t i = 0; i < f->ledger->count; i++) {
    const struct eh_ledger_row *row = &f->ledger->rows[i];
    if (!*row->texts[EH_LEDGER_ID] || is_fresh(up, row)) continue;
    if (find_item(up, row->texts[EH_LEDGER_ID])) continue;
    up->items[up->count++] = item_of_row(f, row);
  }
}

static void take_fresh(struct eh_following *f) {
  struct eh_followup *up = f->up;
  up->fresh = eh_arena_alloc(f->arena, count_flagged(up->after), sizeof *up->fresh);
  for (size_t i = 0; i < up->after->comparison_count; i++) {
    const struct eh_past_comparison *c = &up->after->comparisons[i];
    for (size_t k = 0; k < c->result_count; k++) {
      const struct eh_past_result *r = &c->results[k];
      if (!r->flagged || r->by_others) continue;
      struct eh_follow_item item = item_of(f, c, r);
      if (find_item(up, item.id)) continue;
      item.new_comparison = c;
      item.now = r;
      item.new_difference = r->difference;
      item.status = EH_FOLLOW_NEW;
      up->fresh[up->fresh_count++] = item;
    }
  }
}

/* --- the two files --- */

static const char *day_text(struct eh_arena *arena, int32_t day) {
  char text[11];
  eh_date_format(day, text);
  return eh_arena_string(arena, text);
}

static enum eh_status check_order(const struct eh_past *before, const struct eh_past *after,
                                  struct eh_error *error) {
  bool dated = before->has_dates && after->has_dates;
  if (strcmp(before->sha256, after->sha256) == 0)
    return eh_fail_at(error, EH_BAD_USAGE, after->file, 0, 0,
                      "is the same findings file twice; name the earlier one, then the later one");
  if (dated ? before->last > after->last : before->as_of > after->as_of)
    return eh_fail_at(error, EH_BAD_USAGE, after->file, 0, 0,
                      "ends before %.200s does; are they the wrong way round?", before->file);
  return EH_OK;
}

static const char *why_not_compared(struct eh_following *f) {
  const struct eh_past *before = f->up->before, *after = f->up->after;
  if (before->format < 2 || after->format < 2)
    return "a findings file was written by an earlier version, without effects";
  if (!before->has_dates || !after->has_dates)
    return "without dates nobody can tell whether the two audits share records";
  if (before->last < after->first) return NULL;
  return eh_arena_printf(
      f->arena, "the two audits share records from %s to %s; a change cannot be judged",
      day_text(f->arena, after->first > before->first ? after->first : before->first),
      day_text(f->arena, before->last));
}

static enum eh_status check_ledger(const struct eh_following *f, struct eh_error *error) {
  const struct eh_followup *up = f->up;
  bool any = f->ledger->count == 0;
  for (size_t i = 0; i < up->count && !any; i++)
    any = up->items[i].status != EH_FOLLOW_UNKNOWN &&
          eh_ledger_find(f->ledger, up->items[i].id) != NULL;
  for (size_t i = 0; i < up->fresh_count && !any; i++)
    any = eh_ledger_find(f->ledger, up->fresh[i].id) != NULL;
  if (any) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, f->ledger->file, 0, 0,
                    "no unit of the ledger is in these results; was it made with another key, or "
                    "for other rules?");
}

enum eh_status eh_followup_make(struct eh_arena *arena, const struct eh_past *before,
                                const struct eh_past *after, const struct eh_ledger *ledger,
                                int32_t as_of, struct eh_followup *followup,
                                struct eh_error *error) {
  struct eh_following f = {.arena = arena, .up = followup, .ledger = ledger, .as_of = as_of};
  EH_TRY(check_order(before, after, error));
  *followup = (struct eh_followup){.before = before, .after = after};
  followup->not_compared = why_not_compared(&f);
  take_earlier(&f);
  take_ledger(&f);
  take_fresh(&f);
  EH_TRY(check_ledger(&f, error));
  eh_follow_judge(&f);
  eh_follow_enter(&f);
  eh_follow_say(&f);
  return EH_OK;
}
