/* What a reader must know of the whole audit, beyond any one unit. */
#include "engine/audit/audit_internal.h"

/* Of the records that a measure is asked of, do all have its event, or none? Then nobody can differ
   in it; mostly the rules write a value otherwise than the records do. */
static const char *note_constant(struct eh_arena *arena, const struct eh_audit *audit,
                                 const struct eh_measure *measure) {
  uint64_t records = 0, events = 0;
  for (size_t i = 0; i < audit->comparison_count; i++) {
    if (audit->comparisons[i].measure != measure) continue;
    records += audit->comparisons[i].records;
    events += audit->comparisons[i].event.events;
  }
  if (measure->kind != EH_MEASURE_EVENT || records == 0 || (events > 0 && events < records))
    return NULL;
  return eh_arena_printf(
      arena,
      "%s: %s, so that nobody can differ. If that cannot be, the rules may write "
      "a value otherwise than the records do: `evenhand profile` shows how these "
      "write it.",
      measure->name, events ? "all records have the event" : "no record has the event");
}

static const char *note_counted(struct eh_arena *arena, const struct eh_survey_counted *counted) {
  struct eh_buffer list = {0};
  for (size_t i = 0; i < counted->unassessed_count; i++)
    eh_buffer_printf(&list, "%s%s", i ? "; " : "", counted->unassessed[i]);
  const char *note = eh_arena_printf(
      arena,
      "The reliability of the records was assessed by questions to the database, without: %s.",
      list.length ? list.text : "nothing");
  eh_buffer_free(&list);
  return note;
}

void eh_audit_note(struct eh_arena *arena, const struct eh_audit_options *options,
                   struct eh_audit *audit) {
  enum { OTHERS = 3 };
  size_t measures = audit->rules->measure_count;
  const char **notes = eh_arena_alloc(arena, measures + OTHERS, sizeof *notes);
  for (size_t i = 0; i < measures; i++) {
    const char *constant = note_constant(arena, audit, &audit->rules->measures[i]);
    if (constant) notes[audit->notes.count++] = constant;
  }
  if (options->note_pseudonyms)
    notes[audit->notes.count++] =
        audit->rules->columns[audit->rules->case_column].is_individual
            ? "Individuals and cases have pseudonyms here: who holds the key that made them can "
              "make them again from the records."
            : "Individuals have pseudonyms here: who holds the key that made them can make them "
              "again from the records. Case numbers are as recorded, so that files can be pulled.";
  if (options->note_unassessed)
    notes[audit->notes.count++] =
        "Whether the records can be relied on was not assessed here: `evenhand profile` does, and "
        "so "
        "does an audit with --reliability.";
  if (audit->reliability && audit->reliability->survey->counted)
    notes[audit->notes.count++] = note_counted(arena, audit->reliability->survey->counted);
  audit->notes.items = notes;
}
