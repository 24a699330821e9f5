#include "reports/words/on_file.h"

#include "engine/base/words.h"

static const char *is_or_are(size_t count) { return count == 1 ? "is" : "are"; }

const char *eh_on_file_line(struct eh_arena *arena, const struct eh_on_file *f) {
  size_t fresh = f->count - f->known;
  const char *line = eh_arena_printf(arena, "%zu of %s %s on file in %s", f->known,
                                     eh_words_of(arena, f->count, "finding", "findings"),
                                     is_or_are(f->known), f->ledger->file);
  if (fresh) line = eh_arena_printf(arena, "%s, %zu %s not", line, fresh, is_or_are(fresh));
  if (f->reopened)
    line = eh_arena_printf(arena, "%s; %zu closed as implemented %s found again", line, f->reopened,
                           f->reopened == 1 ? "was" : "were");
  if (f->overdue)
    line = eh_arena_printf(arena, "%s; %zu %s overdue", line, f->overdue, is_or_are(f->overdue));
  if (f->others)
    line = eh_arena_printf(arena,
                           "%s. %s of the ledger %s no finding now: `evenhand follow` says "
                           "what became of %s",
                           line, eh_words_of(arena, f->others, "row", "rows"), is_or_are(f->others),
                           f->others == 1 ? "it" : "them");
  return eh_arena_printf(arena, "%s.", line);
}

const char *eh_on_file_attention(struct eh_arena *arena, const struct eh_on_file_item *item) {
  if (!item->attention) return NULL;
  const char *who = item->row->texts[EH_LEDGER_RESPONSIBLE];
  return eh_arena_printf(arena, "%s (%s): %s%s%s%s.", item->result->unit, item->comparison->title,
                         item->attention, *who ? " (" : "", who, *who ? ")" : "");
}
