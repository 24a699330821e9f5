/* What monitoring says of a unit: never beyond what was measured. */
#include <math.h>

#include "engine/audit/monitoring/internal.h"
#include "engine/audit/words/say.h"

static const char *points(const struct eh_watching *w, struct eh_figure figure) {
  return eh_say_points(w->arena, figure.value);
}

/* "+7.4 points (95% interval +3.8 to +11.0)" */
static const char *interval(const struct eh_watching *w, const struct eh_interval *i) {
  if (i->low.why_not) return eh_arena_printf(w->arena, "%s points", points(w, i->estimate));
  return eh_arena_printf(
      w->arena, "%s points (%s interval %s to %s)", points(w, i->estimate),
      eh_say_confidence(w->arena, w->monitored->measure->flag.confidence), points(w, i->low),
      points(w, i->high));
}

static const char *period(const struct eh_watching *w, uint32_t number) {
  return eh_monitored_period(w->arena, w->monitored, number);
}

/* "most clearly from 2017Q2 (between 2017Q1 and 2017Q3)" */
static const char *when(const struct eh_watching *w, const struct eh_monitored_unit *u) {
  const char *from = period(w, u->change);
  if (u->change_first == u->change_last) return eh_arena_printf(w->arena, "most clearly from %s", from);
  return eh_arena_printf(w->arena, "most clearly from %s (between %s and %s)", from,
                         period(w, u->change_first), period(w, u->change_last));
}

/* "1,234", "over a million" */
static const char *odds(const struct eh_watching *w, double ln_e) {
  if (ln_e > log(1e6)) return "over a million";
  return eh_words_count(w->arena, (uint64_t)floor(exp(ln_e)));
}

static const char *own_words(const struct eh_watching *w, const struct eh_monitored_unit *u) {
  if (u->own.estimate.why_not) return "";
  const char *typical = u->typical.why_not
                            ? ""
                            : eh_arena_printf(w->arena, ", the typical one's by %s",
                                              points(w, u->typical));
  return eh_arena_printf(w->arena, " Its own decisions of like cases moved by %s%s.",
                         interval(w, &u->own), typical);
}

/* Of one that is watched because of its peers. */
static const char *peers_words(const struct eh_watching *w, const struct eh_monitored_unit *u) {
  return eh_arena_printf(w->arena,
                         "%s is watched in %s only because others that changed are among its "
                         "peers: without those there is no such evidence.%s",
                         eh_words_name(w->arena, u->unit), w->monitored->measure->name,
                         own_words(w, u));
}

/* Whose change it is, where that is not the unit's alone. */
static const char *who_words(const struct eh_monitored_unit *u) {
  if (u->who == EH_WHO_PAIR)
    return " It and its only peer changed against each other: one fact, not two.";
  if (u->who == EH_WHO_UNCLEAR)
    return " Too many changed against each other to say who did.";
  return "";
}

static const char *watched_words(const struct eh_watching *w, const struct eh_monitored_unit *u) {
  const char *moved =
      u->moved.estimate.why_not
          ? "how much, its periods do not say"
          : eh_arena_printf(w->arena, "%s against what its difference from them was",
                            interval(w, &u->moved));
  return eh_arena_printf(w->arena,
                         "%s has changed against its peers in %s, %s: %s.%s Evidence %s to 1.%s",
                         eh_words_name(w->arena, u->unit), w->monitored->measure->name, when(w, u),
                         moved, own_words(w, u), odds(w, u->now.ln_e), who_words(u));
}

static const char *quiet_words(const struct eh_watching *w, const struct eh_monitored_unit *u) {
  if (u->noticeable.why_not)
    return eh_arena_printf(w->arena, "Not judged: %s.", u->noticeable.why_not);
  return eh_arena_printf(w->arena,
                         "No evidence of change; one of the odds by a factor of %.1f would be "
                         "noticed within six more %ss four times in five.",
                         u->noticeable.value, eh_every_name(w->monitored->view->every));
}

static const char *statement(const struct eh_watching *w, const struct eh_monitored_unit *u) {
  if (u->why_not && u->watch == EH_NOT_WATCHED)
    return eh_arena_printf(w->arena, "Not judged: %s.", u->why_not);
  switch (u->watch) {
    case EH_WATCHED:
      return u->who == EH_WHO_PEERS ? peers_words(w, u) : watched_words(w, u);
    case EH_WAS_WATCHED:
      return eh_arena_printf(w->arena,
                             "%s was watched since %s; it is no longer clear that it changed "
                             "(evidence %s to 1).",
                             eh_words_name(w->arena, u->unit), period(w, u->since),
                             odds(w, u->now.ln_e));
    case EH_NO_LONGER:
      return eh_arena_printf(w->arena, "%s was watched since %s, and is no longer.",
                             eh_words_name(w->arena, u->unit), period(w, u->since));
    case EH_NOT_WATCHED:
      break;
  }
  return quiet_words(w, u);
}

static void caveat(const struct eh_watching *w, struct eh_monitored_unit *u) {
  const char **items = eh_arena_alloc(w->arena, 3, sizeof *items);
  u->caveats.items = items;
  if (u->watch == EH_WATCHED && u->who != EH_WHO_PEERS)
    items[u->caveats.count++] =
        "A slow drift, a passing change or another kind of case within its situations looks the "
        "same.";
  if (u->watch == EH_WATCHED && !u->signal && u->who != EH_WHO_PEERS && u->who != EH_WHO_UNCLEAR)
    items[u->caveats.count++] =
        "No signal: the evidence is not enough for all units watched together, or the change is "
        "smaller than what matters.";
  if (u->begin)
    items[u->caveats.count++] = eh_arena_printf(w->arena, "Judged anew from %s: `restart`.",
                                                period(w, u->begin));
}

void eh_watching_say(struct eh_watching *w) {
  for (size_t u = 0; u < w->units; u++) {
    struct eh_monitored_unit *unit = &w->monitored->units[u];
    caveat(w, unit);
    unit->statement = statement(w, unit);
  }
}
