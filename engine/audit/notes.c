/* What a reader must know of the whole audit, beyond any one unit. */
#include "engine/audit/audit_internal.h"

enum { TITLES_NAMED = 3 };

/* The spread is that of log odds ratios. With few expected events a unit has but a rough stand-in
   for one (eh_effect), and where that goes for most units, so is the spread: with one event
   expected of each of 200 units, 0.2 is found where nobody differs, and 0.6 where it is 0.8. */
static bool spread_is_rough(const struct eh_comparison_result *c) {
  size_t effects = 0, rough = 0;
  for (size_t i = 0; i < c->result_count; i++) {
    effects += c->results[i].among.effect.method != EH_EFFECT_NONE;
    rough += c->results[i].among.effect.method == EH_EFFECT_ONE_STEP;
  }
  return !c->event.tau.why_not && 2 * rough > effects;
}

static const char *note_rough_spread(struct eh_arena *arena, const struct eh_audit *audit) {
  struct eh_buffer titles = {0};
  size_t count = 0;
  for (size_t i = 0; i < audit->comparison_count; i++) {
    if (!spread_is_rough(&audit->comparisons[i])) continue;
    if (count++ < TITLES_NAMED)
      eh_buffer_printf(&titles, "%s%s", count > 1 ? "; " : "", audit->comparisons[i].title);
  }
  if (count > TITLES_NAMED) eh_buffer_printf(&titles, "; and %zu more", count - TITLES_NAMED);
  const char *note =
      count ? eh_arena_printf(arena,
                              "How widely units differ, and who stands out even so, is known "
                              "roughly only where most units expected fewer than 5 events, or "
                              "non-events: %s.",
                              titles.text)
            : NULL;
  eh_buffer_free(&titles);
  return note;
}

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
  enum { OTHERS = 4 };
  size_t measures = audit->rules->measure_count;
  const char **notes = eh_arena_alloc(arena, measures + OTHERS, sizeof *notes);
  for (size_t i = 0; i < measures; i++) {
    const char *constant = note_constant(arena, audit, &audit->rules->measures[i]);
    if (constant) notes[audit->notes.count++] = constant;
  }
  const char *rough = note_rough_spread(arena, audit);
  if (rough) notes[audit->notes.count++] = rough;
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
