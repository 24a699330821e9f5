/* Units that begin or end within the time of the records: an office opens, a pilot ends, or nobody
 * records there any more. */
#include <math.h>

#include "engine/audit/reliability/volume.h"

enum { MOST_NAMED = 5 /* units that begin, or end, of one column */ };

/* The days before the unit's first record, or after its last: from first up to (not with) end. */
struct outside {
  size_t first, end;
  double usual; /* what the unit would have recorded then */
  double all;   /* what the others did */
};

static struct outside outside_of(const struct eh_volume_column *c, uint32_t code,
                                 enum eh_doubt_kind kind) {
  const struct eh_volume_unit *unit = &c->units[code];
  struct outside o = {.end = unit->first};
  if (kind == EH_DOUBT_ENDED) o = (struct outside){.first = unit->last + 1, .end = c->fit.days};
  o.usual = eh_usual_of_days(&c->fit, code, o.first, o.end);
  for (size_t t = o.first; t < o.end; t++) o.all += c->span->totals[t];
  return o;
}

static void doubt_turnover(struct eh_assessment *a, const struct eh_volume_column *c, uint32_t code,
                           enum eh_doubt_kind kind) {
  const struct eh_survey_column *column = &a->survey->columns[a->survey->roles.units[c->u]];
  const struct eh_volume_unit *unit = &c->units[code];
  struct outside o = outside_of(c, code, kind);
  int32_t day = c->span->first + (int32_t)(kind == EH_DOUBT_BEGAN ? unit->first : unit->last);
  /* Where it took over nearly all that there was, its pace says nothing of the other days. */
  const char *usual = "";
  if (o.usual <= o.all)
    usual = eh_arena_printf(a->arena, ", where about %s would be usual",
                            eh_words_count(a->arena, (uint64_t)llround(o.usual)));
  const char *name = column->name, *label = column->values[code].text,
             *when = eh_assess_day(a->arena, day), *text;
  if (kind == EH_DOUBT_BEGAN)
    text =
        eh_arena_printf(a->arena, "%s %s began %s: no record before%s.", name, label, when, usual);
  else
    text = eh_arena_printf(a->arena, "%s %s: no record after %s%s: closed, or no longer recorded.",
                           name, label, when, usual);
  eh_assess_doubt(a, &(struct eh_doubt){.kind = kind,
                                        .unit_column = name,
                                        .unit = label,
                                        .has_days = true,
                                        .from = c->span->first + (int32_t)o.first,
                                        .to = c->span->first + (int32_t)o.end - 1,
                                        .records = (uint64_t)llround(fmin(o.usual, o.all)),
                                        .text = text});
}

static void doubt_much_turnover(struct eh_assessment *a, const struct eh_volume_column *c,
                                size_t found, enum eh_doubt_kind kind) {
  const char *name = a->survey->columns[a->survey->roles.units[c->u]].name;
  const char *what = kind == EH_DOUBT_BEGAN
                         ? "begin within the time of the records"
                         : "have no record to its end: closed or gone, or no longer recorded";
  eh_assess_doubt(a, &(struct eh_doubt){.kind = kind,
                                        .unit_column = name,
                                        .records = found,
                                        .of = (uint64_t)c->places,
                                        .text = eh_arena_printf(
                                            a->arena, "%s: %s of %s units %s.", name,
                                            eh_words_count(a->arena, found),
                                            eh_words_count(a->arena, (uint64_t)c->places), what)});
}

/* Only where the records that lack are more than chance explains, looked for in so many places. */
void eh_assess_turnover(struct eh_assessment *a, const struct eh_volume_column *c,
                        enum eh_doubt_kind kind) {
  uint32_t named[MOST_NAMED];
  double least = log(4 * c->places / EH_VOLUME_CHANCE);
  size_t found = 0;
  for (size_t code = a->survey->missing_count; code < c->fit.unit_count; code++) {
    if (!eh_volume_can_be_judged(&c->units[code])) continue;
    if (outside_of(c, (uint32_t)code, kind).usual <= least) continue;
    if (found < MOST_NAMED) named[found] = (uint32_t)code;
    found++;
  }
  if (found > MOST_NAMED) doubt_much_turnover(a, c, found, kind);
  for (size_t i = 0; i < found && found <= MOST_NAMED; i++) doubt_turnover(a, c, named[i], kind);
}
