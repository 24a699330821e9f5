/* What is said of a unit: why it was not flagged, what to bear in mind, and one sentence. Nothing
 * here claims a cause. */
#include "engine/audit/findings/describe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/definitions/words.h"
#include "engine/audit/kinds/balanced.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/stats/rounding.h"
#include "rules/language/question.h"

static const double COMPARABLE_SHARE = 0.5, MISSING_SHARE = 0.1, FEW_CLUSTERS = 5.0;

static struct eh_texts keep_sentences(const struct eh_sentences *s) {
  struct eh_texts texts = {NULL, s->count};
  const char **items = eh_arena_alloc(s->arena, s->count, sizeof *items);
  if (s->count) memcpy(items, s->items, s->count * sizeof *items);
  texts.items = items;
  return texts;
}

static const char *caseload_text(struct eh_view *v) {
  struct eh_figure needed = v->result->event.caseload_needed;
  if (needed.why_not || needed.value > 1e15) return "";
  return eh_arena_printf(v->arena, "; with %s such records it could be",
                         eh_words_count(v->arena, (uint64_t)needed.value));
}

/* With two digits, or three decimals, or as many as show that it is above the rate. */
static const char *say_above(struct eh_arena *arena, double p, bool in_digits, double rate) {
  enum { MOST = 12 };
  const char *text = "";
  for (int digits = in_digits ? 2 : 3; digits <= MOST; digits++) {
    text = in_digits ? eh_arena_printf(arena, "%.*g", digits, p)
                     : eh_arena_printf(arena, "%.*f", digits, p);
    if (strtod(text, NULL) > rate) break;
  }
  return text;
}

static void say_untestable(struct eh_view *v) {
  struct eh_result *r = v->result;
  const struct eh_flag *flag = &v->comparison->measure->flag;
  if (r->testable) return;
  if (!r->recorded) {
    r->untestable_because = "its records do not say whose they are";
  } else if (r->comparable < flag->smallest_caseload) {
    r->untestable_because =
        eh_arena_printf(v->arena, "it has %s comparable record%s; the rules ask for %s",
                        eh_words_count(v->arena, r->comparable), r->comparable == 1 ? "" : "s",
                        eh_words_count(v->arena, flag->smallest_caseload));
  } else if (r->balance.refused) {
    r->untestable_because = eh_balance_say_refused(v);
  } else if (r->log10_p.why_not) {
    r->untestable_because =
        eh_arena_printf(v->arena, "no test is possible: %s", r->log10_p.why_not);
  } else if (r->dependence.unknown) {
    r->untestable_because = eh_arena_printf(
        v->arena, "how decisions of one %s depend on each other cannot be had: %s",
        r->dependence.unknown->within, r->dependence.unknown->dependence.theta.why_not);
  } else if (r->dependence.few) {
    r->untestable_because = eh_arena_printf(v->arena, "nearly all its decisions are of one %s",
                                            r->dependence.clustering->within);
  } else {
    r->untestable_because = eh_arena_printf(
        v->arena,
        "whatever it decided, its p-value could not be below %s; the rules ask for %.6g%s",
        say_above(v->arena, pow(10, r->event.smallest_log10_p), true, flag->false_discovery_rate),
        flag->false_discovery_rate, caseload_text(v));
  }
}

/* Would it have passed, had its decisions been independent? */
static bool only_dependence(const struct eh_result *r, const struct eh_flag *flag) {
  return r->dependence.clustering && !r->dependence.q.why_not &&
         eh_passes(r->dependence.q.value, flag->false_discovery_rate);
}

/* Those that it is hidden by are too many to name, or named. */
static const char *say_others(const struct eh_view *v) {
  enum { MOST_NAMED = 3 };
  const struct eh_texts *names = &v->result->who.without;
  return names->count > MOST_NAMED ? eh_arena_printf(v->arena, "%zu others", names->count)
                                   : eh_words_list(v->arena, names->items, names->count, "and");
}

static const char *say_hidden(const struct eh_view *v) {
  const struct eh_who_part *who = &v->result->who;
  const char *by = eh_arena_printf(v->arena, "hidden by %s, found among its peers: without %s it",
                                   say_others(v), who->without.count == 1 ? "that one" : "them");
  if (eh_is_amount(v->comparison->measure) || who->difference_without.why_not)
    return eh_arena_printf(v->arena, "%s would differ", by);
  return eh_arena_printf(v->arena, "%s differs by %s points", by,
                         eh_say_points(v->arena, who->difference_without.value));
}

static void say_not_flagged(struct eh_view *v) {
  struct eh_result *r = v->result;
  const struct eh_flag *flag = &v->comparison->measure->flag;
  const struct eh_kind *kind = eh_kind_of(r->kind);
  struct eh_sentences s = {.arena = v->arena};
  if (!r->testable) {
    eh_say(&s, eh_arena_printf(v->arena, "not testable: %s", r->untestable_because));
  } else if (!r->flagged) {
    double d = eh_result_headline(r)->estimate.value;
    if (!eh_passes(r->q.value, flag->false_discovery_rate) && only_dependence(r, flag))
      eh_say(&s,
             eh_arena_printf(v->arena,
                             "q is %s once the dependence of decisions of one %s is allowed for "
                             "(%.2g without)",
                             say_above(v->arena, r->q.value, false, flag->false_discovery_rate),
                             r->dependence.clustering->within, r->dependence.q.value));
    else if (!eh_passes(r->q.value, flag->false_discovery_rate))
      eh_say(&s, eh_arena_printf(v->arena, "q = %s is above the false discovery rate of %.6g",
                                 say_above(v->arena, r->q.value, false, flag->false_discovery_rate),
                                 flag->false_discovery_rate));
    if (fabs(d) < eh_with_rounding(flag->smallest_difference)) eh_say(&s, kind->too_small(v));
    if (s.count == 0) eh_say(&s, kind->disagrees);
    if (r->who.hidden) eh_say(&s, say_hidden(v));
  }
  r->not_flagged_because = keep_sentences(&s);
}

static uint64_t records_lacking_a_factor(const struct eh_view *v) {
  const struct eh_cells *cells = v->comparison->cells;
  const struct eh_unit *unit = &cells->units[v->result->unit_index];
  uint64_t records = 0;
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[unit->first_cell + i];
    if (v->strata->lacks_factor[cell->stratum]) records += cell->records;
  }
  return records;
}

static void say_shares(struct eh_view *v, struct eh_sentences *s) {
  const struct eh_result *r = v->result;
  if ((double)r->comparable < COMPARABLE_SHARE * (double)r->records)
    eh_say(s, eh_arena_printf(v->arena, "only %s of its %s records have peers to be compared with",
                              eh_words_count(v->arena, r->comparable),
                              eh_words_count(v->arena, r->records)));
  uint64_t lacking = records_lacking_a_factor(v);
  if ((double)lacking > MISSING_SHARE * (double)r->records)
    eh_say(s, eh_arena_printf(v->arena,
                              "%s of its records lack a factor and were compared with each other",
                              eh_say_percent(v->arena, (double)lacking / (double)r->records)));
  uint64_t repeated = v->comparison->cells->units[r->unit_index].repeated;
  const struct eh_clustered *allowed = r->dependence.clustering;
  if (repeated && !(allowed && allowed->kind == EH_CLUSTERS_OF_PERSON))
    eh_say(
        s,
        eh_arena_printf(
            v->arena,
            "%s of its records are of persons who have several among them, and are not independent",
            eh_words_count(v->arena, repeated)));
}

/* What its decisions being dependent means, where it counts. */
static void say_dependence(struct eh_view *v, struct eh_sentences *s) {
  const struct eh_dependence_part *d = &v->result->dependence;
  if (!d->clustering) return;
  if (d->test.delta >= 1.005)
    eh_say(s,
           eh_arena_printf(v->arena,
                           "decisions of one %s depend on each other here (odds vary between "
                           "them by a factor of %.1f, 1 sd; design effect %.1f%s): 100 decisions "
                           "tell as much as %.0f; this is allowed for",
                           d->clustering->within, exp(sqrt(d->unit->theta)), d->test.delta,
                           d->kinds > 1 ? ", with what else depends" : "", 100.0 / d->test.delta));
  if (d->unit->effective < FEW_CLUSTERS)
    eh_say(s,
           eh_arena_printf(v->arena,
                           "its decisions stand in few clusters of one %s (worth %.1f): how much "
                           "has to be allowed for is itself uncertain",
                           d->clustering->within, d->unit->effective));
}

/* The one unit that all of a unit's comparable records are compared with; SIZE_MAX: it has several
   peers, or none. */
static size_t only_peer_of(const struct eh_view *v, size_t unit) {
  const struct eh_cells *cells = v->comparison->cells;
  const struct eh_unit *u = &cells->units[unit];
  size_t peer = SIZE_MAX;
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    const struct eh_presence *present = &v->strata->presence[cells->cells[i].stratum];
    size_t other = present->xored ^ (uint32_t)unit;
    if (present->count < 2) continue;
    if (present->count > 2 || (peer != SIZE_MAX && peer != other)) return SIZE_MAX;
    peer = other;
  }
  return peer;
}

static void say_only_peer(struct eh_view *v, struct eh_sentences *s) {
  if (v->result->balance.applies) return; /* peers need not share its kinds of case */
  size_t own = v->result->unit_index, peer = only_peer_of(v, own);
  if (peer == SIZE_MAX) return;
  const struct eh_unit *other = &v->comparison->cells->units[peer];
  if (!other->recorded)
    eh_say(s, "its only peers are the records that do not say whose they are: they may be its own");
  else if (only_peer_of(v, peer) == own && v->comparison->results[peer].flagged)
    eh_say(s, eh_arena_printf(
                  v->arena,
                  "its only peer is %s, whose result mirrors this one: the two are one finding",
                  other->label));
  else
    eh_say(s,
           eh_arena_printf(v->arena, "its only peer is %s: what sets them apart may be that one's",
                           other->label));
}

static void say_caveats(struct eh_view *v) {
  struct eh_result *r = v->result;
  const struct eh_interval *difference = eh_result_headline(r);
  struct eh_sentences s = {.arena = v->arena};
  if (r->comparable) say_shares(v, &s);
  say_dependence(v, &s);
  eh_kind_of(r->kind)->say_caveats(v, &s);
  bool holds_zero = !difference->low.why_not && !difference->high.why_not &&
                    difference->low.value <= 0 && difference->high.value >= 0;
  if (r->flagged && holds_zero)
    eh_say(&s, "the interval of the difference includes 0, although the test finds one");
  if (r->flagged) say_only_peer(v, &s);
  const char *warning = eh_robustness_warn(v->arena, v->comparison, r);
  if (warning) eh_say(&s, warning);
  const char *explained = eh_explained_say(v->arena, r);
  if (explained) eh_say(&s, explained);
  const char *selected = eh_selection_say(v->arena, r);
  if (selected) eh_say(&s, selected);
  r->caveats = keep_sentences(&s);
}

static void say_statement(struct eh_view *v) {
  struct eh_result *r = v->result;
  const struct eh_figure *difference = &eh_result_headline(r)->estimate;
  if (difference->why_not)
    r->statement = eh_arena_printf(v->arena, "%s cannot be compared with peers in %s: %s.",
                                   eh_say_unit(v), eh_say_measure(v), difference->why_not);
  else
    r->statement = eh_kind_of(r->kind)->statement(v);
}

const char *eh_comparison_title(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct eh_comparison_result *c) {
  struct eh_buffer text = {0};
  eh_buffer_printf(&text, "%s, across %s", c->measure->name,
                   rules->columns[c->comparison->across].name);
  for (size_t w = 0; w < c->comparison->within_count; w++)
    eh_buffer_printf(&text, "%s%s", w ? " and " : " within ",
                     rules->columns[c->comparison->within[w]].name);
  if (c->cells->each)
    eh_buffer_printf(&text, ", for %s %s", rules->columns[c->comparison->each].name,
                     eh_words_name(arena, c->cells->each));
  char *kept = eh_arena_copy(arena, text.text, text.length);
  eh_buffer_free(&text);
  return kept;
}

/* Two units that have only each other, in the same order in both their statements. */
static const char *say_pair(const struct eh_view *v) {
  const struct eh_result *r = v->result, *other = r->who.pair;
  if (!other) return "";
  const struct eh_result *first = r->unit_index < other->unit_index ? r : other;
  return eh_arena_printf(v->arena, " %s and %s differ from each other: one fact%s.",
                         eh_words_name(v->arena, first->unit),
                         eh_words_name(v->arena, first == r ? other->unit : r->unit),
                         other->flagged ? ", not two" : "");
}

/* Whose difference it is, after the statement. */
static const char *say_who(const struct eh_view *v) {
  const struct eh_result *r = v->result;
  const struct eh_texts *names = &r->who.without;
  struct eh_arena *a = v->arena;
  if (r->who.who == EH_WHO_UNCLEAR)
    return " The units found here differ from each other; which of them is out of line these "
           "records "
           "cannot say.";
  if (r->who.who == EH_WHO_PAIR) return say_pair(v);
  if (r->who.who != EH_WHO_PEERS) return "";
  const char *others = say_others(v);
  const char *only = eh_arena_printf(a, " It differs from all others together only because %s %s",
                                     others, names->count == 1 ? "does" : "do");
  if (eh_is_amount(v->comparison->measure) || r->who.difference_without.why_not)
    return eh_arena_printf(a, "%s.", only);
  bool by_chance = !r->who.p_without.why_not && r->who.p_without.value > r->decided_at.value;
  return eh_arena_printf(a, "%s: without %s by %s points, %s.", only,
                         names->count == 1 ? others : "them",
                         eh_say_points(a, r->who.difference_without.value),
                         by_chance ? "which chance explains" : "which is too little to matter");
}

/* Where it goes with time, the sentence says so; the caveats have the rest. */
static void append_time(struct eh_view *v) {
  const char *time = v->result->flagged ? eh_time_say(v->arena, v->result) : NULL;
  if (time)
    v->result->statement = eh_arena_printf(v->arena, "%s But %s.", v->result->statement, time);
}

static void append_who(struct eh_view *v) {
  const char *who = v->result->flagged ? say_who(v) : "";
  if (*who) v->result->statement = eh_arena_printf(v->arena, "%s%s", v->result->statement, who);
}

void eh_result_state(struct eh_arena *arena, const struct eh_rules *rules,
                     const struct eh_comparison_result *comparison, struct eh_result *result) {
  struct eh_view v = {arena, rules, comparison, NULL, result};
  say_statement(&v);
  append_who(&v);
  append_time(&v);
}

void eh_result_describe(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct eh_strata_list *strata,
                        const struct eh_comparison_result *comparison, struct eh_result *result) {
  struct eh_view v = {arena, rules, comparison, strata, result};
  say_untestable(&v);
  say_not_flagged(&v);
  say_caveats(&v);
  say_statement(&v);
  append_who(&v);
  append_time(&v);
}
