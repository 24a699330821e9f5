/* A release as JSON, and on the terminal. */
#include "reports/release/release.h"

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/data/json_stream.h"
#include "reports/words/paragraph.h"
#include "reports/words/safe.h"

const char *eh_release_meaning(struct eh_arena *arena, const struct eh_release *release,
                               const struct eh_measure *measure) {
  const char *event = eh_rules_say(arena, release->rules, measure->event);
  if (!measure->among)
    return eh_arena_printf(arena, "of all audited records, those in which %s", event);
  return eh_arena_printf(arena, "of the audited records in which %s, those in which %s",
                         eh_rules_say(arena, release->rules, measure->among), event);
}

/* --- JSON --- */

static json_t *texts(const struct eh_texts *list) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < list->count; i++) eh_json_append(array, eh_json_text(list->items[i]));
  return array;
}

static void set_count(json_t *object, const struct eh_release_count *count) {
  eh_json_set_count(object, "records", count->records);
  eh_json_set_count(object, "events", count->events);
  const char *why_not = count->percent_step ? NULL : "too few records";
  eh_json_set_number(object, "rate", count->percent / 100.0, why_not);
  eh_json_set_number(object, "rate_within", count->percent_within / 100.0, why_not);
}

static json_t *count_of(const struct eh_release_count *count) {
  json_t *object = eh_json_object();
  set_count(object, count);
  return object;
}

static json_t *unit_of(const struct eh_release_unit *unit, size_t measure) {
  const struct eh_release_difference *d = &unit->differences[measure];
  json_t *object = eh_json_object();
  eh_json_set_text(object, "unit", unit->name);
  set_count(object, &unit->counts[measure]);
  if (d->why_not) {
    eh_json_set_null(object, "difference", d->why_not);
    return object;
  }
  json_t *difference = eh_json_object();
  eh_json_set_number(difference, "estimate", d->points / 100.0, NULL);
  eh_json_set_number(difference, "low", d->low / 100.0, NULL);
  eh_json_set_number(difference, "high", d->high / 100.0, NULL);
  eh_json_set_number(difference, "within", d->within / 100.0, NULL);
  eh_json_set(object, "difference", difference);
  eh_json_set_text(object, "finding", d->finding);
  return object;
}

static void set_many(json_t *object, const char *name, uint64_t count, const char *few) {
  if (count)
    eh_json_set_count(object, name, count);
  else
    eh_json_set_null(object, name, few);
}

static json_t *measure_of(struct eh_arena *arena, const struct eh_release *r, size_t index) {
  const struct eh_release_measure *m = &r->measures[index];
  json_t *object = eh_json_object(), *units = eh_json_array();
  eh_json_set_text(object, "measure", m->measure->name);
  eh_json_set_text(object, "meaning", eh_release_meaning(arena, r, m->measure));
  eh_json_set(object, "all", count_of(&m->all));
  if (r->not_shown.count)
    eh_json_set(object, "not_shown", count_of(&m->others));
  else
    eh_json_set_null(object, "not_shown", "all units are shown");
  set_many(object, "audit_findings", m->findings,
           eh_arena_printf(arena, "fewer than %llu", (unsigned long long)r->threshold));
  eh_json_set_count(object, "findings", m->stand);
  for (size_t u = 0; u < r->unit_count; u++) eh_json_append(units, unit_of(&r->units[u], index));
  eh_json_set(object, "units", units);
  return object;
}

static json_t *individuals_of(struct eh_arena *arena, const struct eh_release *r, size_t index) {
  const struct eh_release_individuals *i = &r->individuals[index];
  const char *few = eh_arena_printf(arena, "fewer than %llu", (unsigned long long)r->threshold);
  json_t *object = eh_json_object();
  eh_json_set_text(object, "across", i->across);
  eh_json_set_text(object, "measure", i->measure->name);
  set_many(object, "individuals", i->count, few);
  set_many(object, "testable", i->testable, few);
  set_many(object, "findings", i->findings, few);
  eh_json_set_number(object, "usual_low", i->low / 100.0, i->has_range ? NULL : "too few");
  eh_json_set_number(object, "usual_high", i->high / 100.0, i->has_range ? NULL : "too few");
  return object;
}

/* What the rules say for the release; NULL: nothing. */
static json_t *publication_of(const struct eh_rules *rules) {
  const struct eh_publication *p = &rules->publication;
  if (!(p->department || p->period || p->contact || p->statement)) return NULL;
  json_t *object = eh_json_object();
  if (p->department) eh_json_set_text(object, "department", p->department);
  if (p->period) eh_json_set_text(object, "period", p->period);
  if (p->contact) eh_json_set_text(object, "contact", p->contact);
  if (p->statement) eh_json_set_text(object, "statement", p->statement);
  return object;
}

static void put_head(struct eh_json_stream *json, const struct eh_release *r,
                     const struct eh_report_context *context) {
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  json_t *head = eh_json_object(), *rules = eh_json_object(),
         *publication = publication_of(r->rules);
  eh_json_set_text(head, "evenhand", context->version);
  eh_json_set_text(head, "as_of", as_of);
  eh_json_set_text(rules, "title", r->rules->title);
  eh_json_set_text(rules, "sha256", r->rules->sha256);
  eh_json_set(head, "rules", rules);
  if (publication) eh_json_set(head, "publication", publication);
  eh_json_set_count(head, "threshold", r->threshold);
  eh_json_set_count(head, "rounded_to", r->step);
  if (r->across)
    eh_json_set_text(head, "across", r->across);
  else
    eh_json_set_null(head, "across", r->withheld);
  if (r->withheld) eh_json_set_text(head, "withheld", r->withheld);
  eh_json_put_members(json, head);
}

enum eh_status eh_release_json_write(const struct eh_release *r,
                                     const struct eh_report_context *context, FILE *stream,
                                     struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_json_stream json = {.stream = stream};
  eh_json_open(&json, NULL, '{');
  put_head(&json, r, context);
  eh_json_open(&json, "measures", '[');
  for (size_t m = 0; m < r->measure_count; m++) eh_json_put(&json, NULL, measure_of(arena, r, m));
  eh_json_close(&json, ']');
  eh_json_put(&json, "not_shown", texts(&r->not_shown));
  eh_json_open(&json, "individuals", '[');
  for (size_t i = 0; i < r->individual_count; i++)
    eh_json_put(&json, NULL, individuals_of(arena, r, i));
  eh_json_close(&json, ']');
  eh_json_put(&json, "left_out", texts(&r->left_out));
  eh_json_put(&json, "notes", texts(&r->notes));
  eh_json_close(&json, '}');
  eh_arena_free(arena);
  EH_TRY(eh_stream_check(stream, "the release", error));
  if (json.failed) return eh_fail(error, EH_MACHINE, "cannot write the release");
  return EH_OK;
}

/* --- the terminal --- */

static const char *words_of(struct eh_arena *arena, const struct eh_release_count *count) {
  const char *records = eh_words_count(arena, count->records);
  if (!count->percent_step) return eh_arena_printf(arena, "of %s records", records);
  return eh_arena_printf(arena, "%u%% of %s records", count->percent, records);
}

static void put_measure(FILE *stream, struct eh_arena *arena, const struct eh_release *r,
                        size_t index) {
  const struct eh_release_measure *m = &r->measures[index];
  fputs("\n", stream);
  eh_paragraph_write(stream, arena, "",
                     eh_arena_printf(arena, "%s, across %s: %s", m->measure->name, r->across,
                                     words_of(arena, &m->all)));
  for (size_t u = 0; u < r->unit_count; u++) {
    const struct eh_release_difference *d = &r->units[u].differences[index];
    if (d->why_not || !d->finding[0]) continue;
    eh_paragraph_write(
        stream, arena, "  - ",
        eh_arena_printf(arena, "%s: %s; %+d points against the others (%+d to %+d)",
                        r->units[u].name, words_of(arena, &r->units[u].counts[index]), d->points,
                        d->low, d->high));
  }
}

enum eh_status eh_release_summary_write(const struct eh_release *r, FILE *stream,
                                        struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  eh_paragraph_write(stream, arena, "", r->rules->title);
  eh_paragraph_write(stream, arena, "",
                     eh_arena_printf(arena, "For the public: counts under %llu are not shown",
                                     (unsigned long long)r->threshold));
  if (r->withheld)
    eh_paragraph_write(stream, arena, "",
                       eh_arena_printf(arena, "No table can be shown: %s.", r->withheld));
  for (size_t m = 0; m < r->measure_count; m++) put_measure(stream, arena, r, m);
  fputs("\n", stream);
  if (r->unit_count || r->not_shown.count)
    eh_paragraph_write(
        stream, arena, "",
        eh_arena_printf(arena, "%s shown, %s not.",
                        r->unit_count ? eh_words_of(arena, r->unit_count, "unit is", "units are")
                                      : "No unit is",
                        eh_words_count(arena, r->not_shown.count)));
  for (size_t i = 0; i < r->notes.count; i++)
    eh_paragraph_write(stream, arena, "", r->notes.items[i]);
  eh_arena_free(arena);
  return eh_stream_check(stream, "the summary", error);
}
