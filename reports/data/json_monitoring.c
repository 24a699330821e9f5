/* The member `monitoring` of the findings file. */
#include "reports/data/json_monitoring.h"

#include <math.h>

static json_t *interval_of(const struct eh_interval *interval) {
  json_t *object = eh_json_object();
  eh_json_set_figure(object, "estimate", interval->estimate);
  eh_json_set_figure(object, "low", interval->low);
  eh_json_set_figure(object, "high", interval->high);
  return object;
}

struct putting {
  struct eh_json_stream *json;
  struct eh_arena *arena;
  const struct eh_monitored *m;
};

static void set_period(const struct putting *p, json_t *object, const char *name, uint32_t period) {
  eh_json_set_text(object, name, eh_monitored_period(p->arena, p->m, period));
}

static json_t *change_of(const struct putting *p, const struct eh_monitored_unit *u) {
  json_t *change = eh_json_object();
  set_period(p, change, "period", u->change);
  set_period(p, change, "first", u->change_first);
  set_period(p, change, "last", u->change_last);
  return change;
}

static json_t *path_of(const struct putting *p, const struct eh_monitored_unit *u) {
  json_t *path = eh_json_array();
  for (uint32_t t = 0; t < p->m->periods; t++) {
    json_t *item = eh_json_object();
    set_period(p, item, "period", t);
    eh_json_set_number(item, "ln_e", u->ln_e[t], NULL);
    eh_json_set_count(item, "records", u->path[t].records);
    eh_json_set_figure(item, "difference", u->path[t].difference.estimate);
    eh_json_set_figure(item, "low", u->path[t].difference.low);
    eh_json_set_figure(item, "high", u->path[t].difference.high);
    eh_json_append(path, item);
  }
  return path;
}

/* What only a unit has that was looked at. */
static void set_evidence(const struct putting *p, json_t *object,
                         const struct eh_monitored_unit *u) {
  const struct eh_evidence *e = &u->now;
  eh_json_set_count(object, "periods", e->periods);
  eh_json_set_number(object, "information", e->information, NULL);
  eh_json_set_number(object, "phi", e->phi, NULL);
  eh_json_set_number(object, "ln_e", e->ln_e, NULL);
  eh_json_set_number(object, "e", exp(fmin(e->ln_e, 700.0)), NULL);
  eh_json_set_number(object, "max_ln_e", u->max_ln_e, NULL);
  eh_json_set_number(object, "anytime_p", fmin(1.0, exp(-u->max_ln_e)), NULL);
  if (!e->has_change) return;
  eh_json_set(object, "change_period", change_of(p, u));
  eh_json_set_number(object, "shift", e->score / e->score_information,
                     e->score_information > 0.0 ? NULL : "nothing tells of it");
  eh_json_set(object, "before", interval_of(&u->before));
  eh_json_set(object, "after", interval_of(&u->after));
  eh_json_set(object, "moved", interval_of(&u->moved));
}

/* Of one that is or was watched. */
static void set_watched(const struct putting *p, json_t *object,
                        const struct eh_monitored_unit *u) {
  set_period(p, object, "since", u->since);
  eh_json_set_text(object, "direction", u->now.score > 0.0 ? "higher" : "lower");
  eh_json_set(object, "own", interval_of(&u->own));
  eh_json_set_figure(object, "typical_change", u->typical);
  if (u->watch == EH_WATCHED) eh_json_set_text(object, "who", eh_who_name(u->who));
  eh_json_set_figure(object, "ln_e_without", u->ln_e_without);
  if (u->path) eh_json_set(object, "path", path_of(p, u));
}

static json_t *unit_of(const struct putting *p, const struct eh_monitored_unit *u) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "unit", u->unit);
  eh_json_set_count(object, "records", u->records);
  eh_json_set(object, "judged", json_boolean(!u->why_not));
  if (u->why_not) eh_json_set_text(object, "not_judged_because", u->why_not);
  eh_json_set_text(object, "watch", eh_watch_name(u->watch));
  eh_json_set(object, "signal", json_boolean(u->signal));
  if (u->now.periods) set_evidence(p, object, u);
  if (u->watch) set_watched(p, object, u);
  eh_json_set_figure(object, "noticeable_odds_ratio", u->noticeable);
  eh_json_set(object, "caveats", eh_json_texts(u->caveats.items, u->caveats.count));
  if (u->statement) eh_json_set_text(object, "statement", u->statement);
  return object;
}

static void put_head(const struct putting *p, const struct eh_monitoring *all,
                     const struct eh_rules *rules) {
  const struct eh_monitored *m = p->m;
  struct eh_json_stream *json = p->json;
  json_t *within = eh_json_array();
  for (size_t i = 0; i < m->watched->within_count; i++)
    eh_json_append(within, eh_json_text(rules->columns[m->watched->within[i]].name));
  eh_json_put(json, "title", eh_json_text(m->title));
  eh_json_put(json, "measure", eh_json_text(m->measure->name));
  eh_json_put(json, "across",
              eh_json_text(rules->columns[rules->comparisons[m->watched->comparison].across].name));
  eh_json_put(json, "within", within);
  eh_json_put(json, "every", json_string(eh_every_name(all->rules->every)));
  if (m->why_not) eh_json_put(json, "not_judged_because", eh_json_text(m->why_not));
  if (m->view && m->periods) {
    eh_json_put(json, "first_period", eh_json_text(eh_monitored_period(p->arena, m, 0)));
    eh_json_put(json, "last_period",
                eh_json_text(eh_monitored_period(p->arena, m, m->periods - 1)));
  }
  eh_json_put_count(json, "first_look", all->rules->first_look);
  eh_json_put_count(json, "units", m->unit_count);
  eh_json_put_count(json, "monitored", m->judged);
  eh_json_put_count(json, "watched", m->watched_now);
  eh_json_put_count(json, "signals", m->signals);
  eh_json_put(json, "false_alarms", json_real(all->rules->false_alarms));
  eh_json_put(json, "smallest_change", json_real(m->smallest_change));
  eh_json_put(json, "seasonal", json_boolean(m->seasonal));
  eh_json_put(json, "sigma", json_real(m->wander.sigma));
  eh_json_put_count(json, "sigma_pairs", m->wander.pairs);
  eh_json_put_count(json, "sigma_periods", m->wander.length);
  eh_json_put(json, "notes", eh_json_texts(m->notes.items, m->notes.count));
}

void eh_json_put_monitoring(struct eh_json_stream *json, const char *name,
                            const struct eh_audit *audit) {
  const struct eh_monitoring *all = audit->monitoring;
  struct putting p = {json, eh_arena_new(), NULL};
  eh_json_open(json, name, '[');
  for (size_t i = 0; i < all->count; i++) {
    p.m = &all->items[i];
    eh_json_open(json, NULL, '{');
    put_head(&p, all, audit->rules);
    eh_json_open(json, "results", '[');
    for (size_t u = 0; u < p.m->unit_count; u++)
      eh_json_put(json, NULL, unit_of(&p, &p.m->units[u]));
    eh_json_close(json, ']');
    eh_json_close(json, '}');
  }
  eh_json_close(json, ']');
  eh_arena_free(p.arena);
}
