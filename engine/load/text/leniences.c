#include "engine/load/text/leniences.h"

#include <string.h>

#include "engine/base/words.h"

void eh_leniences_add(struct eh_leniences *sum, const struct eh_leniences *more) {
  for (int l = 0; l < EH_LENIENCES; l++) sum->counts[l] += more->counts[l];
  sum->records += more->records;
  sum->blank_lines += more->blank_lines;
}

void eh_notes_add(struct eh_arena *arena, struct eh_input *input, const char *const *notes,
                  size_t count) {
  if (count == 0) return;
  const char **all = eh_arena_alloc(arena, input->note_count + count, sizeof *all);
  if (input->note_count) memcpy(all, input->notes, input->note_count * sizeof *all);
  memcpy(all + input->note_count, notes, count * sizeof *all);
  input->notes = all;
  input->note_count += count;
}

void eh_leniences_describe(struct eh_arena *arena, const struct eh_leniences *leniences,
                           struct eh_input *input) {
  static const char *const texts[EH_LENIENCES] = {
      [EH_LENIENT_QUOTES] = "quotes within fields, read as text,",
      [EH_LENIENT_FORMULA] = "=\"...\", read as the text within,",
      [EH_LENIENT_TRAILING] = "empty fields behind the last column, left out,",
      [EH_LENIENT_MISSING] = "the last fields missing, taken as not recorded,",
      [EH_LENIENT_NUL] = "NUL bytes, taken out,",
  };
  const char *notes[EH_LENIENCES];
  size_t count = 0;
  for (int l = 0; l < EH_LENIENCES; l++)
    if (leniences->counts[l])
      notes[count++] =
          eh_arena_printf(arena, "%s in %s", texts[l],
                          eh_words_of(arena, leniences->counts[l], "record", "records"));
  if (leniences->blank_lines) {
    const char *note =
        eh_arena_printf(arena, "%s passed over",
                        eh_words_of(arena, leniences->blank_lines, "blank line", "blank lines"));
    eh_notes_add(arena, input, &note, 1);
  }
  eh_notes_add(arena, input, notes, count);
  input->lenient_note_count = count;
  input->lenient = leniences->records;
}
