/* What a reader must know of the whole audit, beyond any one unit. */
#include "engine/audit/findings/notes.h"

#include "engine/audit/kinds/kinds.h"
#include "engine/audit/reliability/reliability.h"
#include "engine/base/words.h"
#include "rules/language/question.h"

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
  if (eh_has_outcome(measure) || records == 0 || (events > 0 && events < records)) return NULL;
  return eh_arena_printf(
      arena,
      "%s: %s, so that nobody can differ. If that cannot be, the rules may write "
      "a value otherwise than the records do: `evenhand profile` shows how these "
      "write it.",
      measure->name, events ? "all records have the event" : "no record has the event");
}

/* Records and events of a measure in a comparison, over all values of each. */
struct totals {
  uint64_t records, events;
};
static struct totals totals_of(const struct eh_audit *audit, const struct eh_measure *measure,
                               const struct eh_comparison *comparison) {
  struct totals t = {0};
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    if (c->measure != measure || c->comparison != comparison) continue;
    t.records += c->records;
    t.events += c->event.events;
  }
  return t;
}

/* Whatever records are compared across, they are the same records. Cells that somebody made or
   shortened may say otherwise. */
static const char *note_disagreement(struct eh_arena *arena, const struct eh_audit *audit,
                                     const struct eh_measure *measure) {
  const struct eh_comparison *first = NULL;
  struct totals wanted = {0};
  for (size_t i = 0; i < audit->rules->comparison_count; i++) {
    const struct eh_comparison *c = &audit->rules->comparisons[i];
    struct totals t = totals_of(audit, measure, c);
    if (t.records == 0) continue;
    if (first && (t.records != wanted.records || t.events != wanted.events))
      return eh_arena_printf(
          arena,
          "%s: across %s it is asked of %llu records, %llu of them with the event, and across %s "
          "of %llu, %llu of them with it. They should be the same records: were some cells left "
          "out?",
          measure->name, audit->rules->columns[first->across].name,
          (unsigned long long)wanted.records, (unsigned long long)wanted.events,
          audit->rules->columns[c->across].name, (unsigned long long)t.records,
          (unsigned long long)t.events);
    if (!first) wanted = t;
    if (!first) first = c;
  }
  return NULL;
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

/* Where decisions are taken to be independent without having been looked at. */
static const char *note_independent(struct eh_arena *arena, const struct eh_audit *audit) {
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    if (!eh_kind_has(c->measure->kind, EH_PART_EVENT) || eh_cells_are_adjusted(c->cells)) continue;
    if (c->comparison->dependent.choice == EH_DEPENDENT_NONE)
      return "The rules say dependent_within: none: decisions are taken to be independent of each "
             "other, and were not screened for days, months, quarters or persons that hang "
             "together.";
    bool could = c->comparison->dependent.choice == EH_DEPENDENT_NAMED ||
                 audit->rules->date_column >= 0 || audit->rules->person_column >= 0;
    if (c->cells->no_clusterings && could)
      return eh_arena_printf(arena,
                             "Decisions were not screened for dependence on each other%s: %s.",
                             c->comparison->dependent.choice == EH_DEPENDENT_NAMED
                                 ? ", and what dependent_within names is not allowed for"
                                 : "",
                             c->cells->no_clusterings);
  }
  return NULL;
}

/* The columns in which peers are weighted; their number to *count. */
static const char *names_of_adjusted(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_cells *cells, size_t *count) {
  const char **names = eh_arena_alloc(arena, cells->column_count, sizeof *names);
  *count = 0;
  for (size_t k = 0; k < cells->column_count; k++)
    if (cells->columns[k].is_adjusted)
      names[(*count)++] = rules->columns[cells->columns[k].column].name;
  return eh_words_list(arena, names, *count, "and");
}

/* " (jointly factor with landmark, which matter together)"; "" */
static const char *say_pairs(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_comparison_result *c) {
  if (!c->pair_count) return "";
  const char **pairs = eh_arena_alloc(arena, c->pair_count, sizeof *pairs);
  for (size_t i = 0; i < c->pair_count; i++)
    pairs[i] = eh_arena_printf(arena, "%s with %s", rules->columns[c->pairs[i].column].name,
                               rules->columns[c->pairs[i].other].name);
  return eh_arena_printf(arena, " (jointly %s, which matter together)",
                         eh_words_list(arena, pairs, c->pair_count, "and"));
}

/* What a comparison with weighted peers is adjusted for, once for each family. */
static const char *note_adjusted(struct eh_arena *arena, const struct eh_audit *audit,
                                 size_t index) {
  const struct eh_comparison_result *c = &audit->comparisons[index];
  const struct eh_measure *measure = c->measure;
  if (!eh_cells_are_adjusted(c->cells)) return NULL;
  if (index > 0 && c[-1].measure == measure && c[-1].comparison == c->comparison) return NULL;
  size_t count;
  const char *names = names_of_adjusted(arena, audit->rules, c->cells, &count);
  bool apart = audit->monitoring || audit->goals || audit->policy_changes;
  return eh_arena_printf(
      arena,
      "%s: peers are weighted until %s make%s up the same share of their cases as of the unit's "
      "own%s. Their decisions are taken to be independent of each other.%s",
      c->title ? c->title : measure->name, names, count == 1 ? "s" : "",
      say_pairs(arena, audit->rules, c),
      apart ? " What is monitored, goals and policy results are not adjusted for that." : "");
}

/* What goes with time is notable at most: where that was not looked at, levels may be higher. */
static const char *note_asked_once(struct eh_arena *arena, const struct eh_audit *audit) {
  bool could = audit->rules->date_column >= 0;
  for (size_t i = 0; i < audit->rules->measure_count; i++)
    could = could || audit->rules->measures[i].among;
  if (!audit->findings || !could || !audit->not_asked_again) return NULL;
  return eh_arena_printf(arena,
                         "Findings were not looked at within one quarter, nor who is asked: %s. "
                         "They may go with time.",
                         audit->not_asked_again);
}

/* How many findings time explains: they are notable at most, and stand behind the others. */
static const char *note_time(struct eh_arena *arena, const struct eh_audit *audit) {
  uint64_t count = 0;
  for (size_t i = 0; i < audit->comparison_count; i++)
    for (size_t u = 0; u < audit->comparisons[i].result_count; u++)
      count += audit->comparisons[i].results[u].time.outcome == EH_TIME_EXPLAINS;
  if (count == 0) return NULL;
  return eh_arena_printf(arena,
                         "%s with time: among decisions of one period less than half of the "
                         "difference is left, or it turns.",
                         eh_words_of(arena, count, "finding goes", "findings go"));
}

void eh_audit_note(struct eh_arena *arena, struct eh_notes_asked asked, struct eh_audit *audit) {
  enum { OTHERS = 6 };
  size_t measures = audit->rules->measure_count;
  const char **notes =
      eh_arena_alloc(arena, 2 * measures + audit->comparison_count + OTHERS, sizeof *notes);
  for (size_t i = 0; i < measures; i++) {
    const char *constant = note_constant(arena, audit, &audit->rules->measures[i]);
    if (constant) notes[audit->notes.count++] = constant;
    const char *disagreement = eh_has_outcome(&audit->rules->measures[i])
                                   ? NULL
                                   : note_disagreement(arena, audit, &audit->rules->measures[i]);
    if (disagreement) notes[audit->notes.count++] = disagreement;
  }
  if (asked.pseudonyms)
    notes[audit->notes.count++] =
        audit->rules->columns[audit->rules->case_column].is_individual
            ? "Individuals and cases have pseudonyms here: who holds the key that made them can "
              "make them again from the records."
            : "Individuals have pseudonyms here: who holds the key that made them can make them "
              "again from the records. Case numbers are as recorded, so that files can be pulled.";
  if (asked.unassessed)
    notes[audit->notes.count++] =
        "Whether the records can be relied on was not assessed here: `evenhand profile` does, and "
        "so "
        "does an audit with --reliability.";
  if (audit->reliability && audit->reliability->survey->counted)
    notes[audit->notes.count++] = note_counted(arena, audit->reliability->survey->counted);
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const char *adjusted = note_adjusted(arena, audit, i);
    if (adjusted) notes[audit->notes.count++] = adjusted;
  }
  const char *independent = note_independent(arena, audit);
  if (independent) notes[audit->notes.count++] = independent;
  const char *with_time = note_time(arena, audit);
  if (with_time) notes[audit->notes.count++] = with_time;
  const char *asked_once = note_asked_once(arena, audit);
  if (asked_once) notes[audit->notes.count++] = asked_once;
  audit->notes.items = notes;
}
