/* What following up came to, on the terminal, and the sentences that the workbook shares. */
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/followup/followup.h"
#include "reports/followup/sentences.h"
#include "reports/words/paragraph.h"
#include "reports/words/safe.h"

enum { MOST_STATEMENTS = 8, MOST_FRESH = 4 };

const char *eh_followup_counts(struct eh_arena *arena, const struct eh_followup *up) {
  const char *parts[EH_FOLLOW_STATUSES];
  size_t counts[EH_FOLLOW_STATUSES] = {0}, listed = 0;
  for (size_t i = 0; i < up->count; i++) counts[up->items[i].status]++;
  for (int s = 0; s < EH_FOLLOW_STATUSES; s++)
    if (counts[s])
      parts[listed++] =
          eh_arena_printf(arena, "%s %s", eh_follow_status_name((enum eh_followed_status)s),
                          eh_words_count(arena, counts[s]));
  return eh_words_join(arena, parts, listed, ", ");
}

static const char *day_text(struct eh_arena *arena, int32_t day) {
  char text[11];
  eh_date_format(day, text);
  return eh_arena_string(arena, text);
}

const char *eh_followup_span(struct eh_arena *arena, const struct eh_past *past) {
  if (!past->has_dates)
    return eh_arena_printf(arena, "%s, as of %s", past->file, day_text(arena, past->as_of));
  return eh_arena_printf(arena, "%s, decisions of %s to %s", past->file,
                         day_text(arena, past->first), day_text(arena, past->last));
}

const char *eh_followup_answer(struct eh_arena *arena, const struct eh_followup *up) {
  const char *text =
      up->count ? eh_arena_printf(arena, "%s: %s. ",
                                  eh_words_of(arena, up->count, "earlier finding",
                                              "earlier findings"),
                                  eh_followup_counts(arena, up))
                : "There were no earlier findings. ";
  text = eh_arena_printf(arena, "%s%s.", text,
                         up->fresh_count ? eh_words_of(arena, up->fresh_count, "new finding",
                                                       "new findings")
                                         : "No new findings");
  if (up->by_others)
    text = eh_arena_printf(arena,
                           "%s Not followed up: %s of units that differed only because others are "
                           "among their peers.",
                           text, eh_words_of(arena, up->by_others, "finding", "findings"));
  return text;
}

const char *eh_followup_urgent(struct eh_arena *arena, const struct eh_followup *up) {
  const char *parts[2];
  size_t count = 0;
  if (up->reopened)
    parts[count++] = eh_arena_printf(arena, "%s closed as implemented, but %s",
                                     eh_words_of(arena, up->reopened, "is", "are"),
                                     up->reopened == 1 ? "persists" : "persist");
  if (up->overdue)
    parts[count++] =
        eh_arena_printf(arena, "%s overdue", eh_words_of(arena, up->overdue, "is", "are"));
  if (!count) return NULL;
  return eh_arena_printf(arena, "By the ledger, %s.", eh_words_list(arena, parts, count, "and"));
}

/* --- the terminal --- */

static void put_items(FILE *stream, struct eh_arena *arena, const char *heading,
                      const struct eh_follow_item *items, size_t count, size_t most) {
  if (!count) return;
  fputs("\n", stream);
  eh_paragraph_write(stream, arena, "", heading);
  for (size_t i = 0; i < count && i < most; i++) {
    const struct eh_follow_item *item = &items[i];
    const char *text = item->statement;
    if (item->attention) text = eh_arena_printf(arena, "[%s] %s", item->attention, text);
    eh_paragraph_write(stream, arena, "  - ", text);
  }
  if (count > most)
    eh_paragraph_write(stream, arena, "  ",
                       eh_arena_printf(arena, "and %s more: see the workbook (-o) or --json",
                                       eh_words_count(arena, count - most)));
}

enum eh_status eh_followup_summary_write(const struct eh_followup *up, FILE *stream,
                                         struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  eh_paragraph_write(stream, arena, "", up->after->title);
  eh_paragraph_write(
      stream, arena, "",
      eh_arena_printf(arena, "Findings of %s", eh_followup_span(arena, up->before)));
  eh_paragraph_write(
      stream, arena, "",
      eh_arena_printf(arena, "looked at again in %s", eh_followup_span(arena, up->after)));
  fputs("\n", stream);
  eh_paragraph_write(stream, arena, "", eh_followup_answer(arena, up));
  const char *urgent = eh_followup_urgent(arena, up);
  if (urgent) eh_paragraph_write(stream, arena, "", urgent);
  put_items(stream, arena, "Earlier findings", up->items, up->count, MOST_STATEMENTS);
  put_items(stream, arena, "New findings", up->fresh, up->fresh_count, MOST_FRESH);
  fputs("\n", stream);
  for (size_t i = 0; i < up->note_count; i++) eh_paragraph_write(stream, arena, "", up->notes[i]);
  eh_paragraph_write(stream, arena, "", EH_FOLLOWUP_LIMITS);
  eh_arena_free(arena);
  return eh_stream_check(stream, "the summary", error);
}
