#include "engine/audit/release/release.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/behind/situations.h"
#include "engine/audit/findings/audit.h"
#include "engine/audit/release/suppress.h"
#include "engine/stats/chi_square.h"
#include "rules/language/question.h"

/* Measures count the same records, and each further one narrows down what the others hide: with 8 to
   14 of them, counts were known to within 3 values. */
enum { MOST_MEASURES = 3 };

/* A release in the making. */
struct making {
  struct eh_arena *arena;
  const struct eh_audit *audit;
  struct eh_release *release;
  int across; /* column of the rules */
  size_t threads;
  const struct eh_comparison_result **sources; /* of the table, by measure */
  size_t source_count;
  const struct eh_unit **units; /* of all sources, by name, the not recorded last */
  size_t unit_count;
  struct eh_public_count *counts; /* unit x measure */
  struct eh_suppression suppression;
  struct eh_release_measure *measures; /* the release's */
};

static bool is_individual(const struct eh_rules *rules, int column) {
  const struct eh_column *c = &rules->columns[column];
  return c->is_individual || c->is_person || c->is_case;
}

static bool can_be_shown(const struct making *m, const struct eh_comparison_result *c) {
  return !eh_has_outcome(c->measure) && !c->cells->each &&
         !is_individual(m->audit->rules, c->comparison->across);
}

/* The first comparison that can be shown decides on the units; each measure is taken once. */
static void choose_sources(struct making *m) {
  const struct eh_audit *audit = m->audit;
  m->across = -1;
  m->sources = eh_arena_alloc(m->arena, audit->comparison_count, sizeof *m->sources);
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    if (!can_be_shown(m, c)) continue;
    if (m->across < 0) m->across = c->comparison->across;
    bool is_new = c->comparison->across == m->across;
    for (size_t k = 0; k < m->source_count; k++) is_new &= m->sources[k]->measure != c->measure;
    if (is_new) m->sources[m->source_count++] = c;
  }
}

/* --- the table --- */

static int by_name(const void *left, const void *right) {
  const struct eh_unit *a = *(const struct eh_unit *const *)left,
                       *b = *(const struct eh_unit *const *)right;
  if (a->recorded != b->recorded) return b->recorded - a->recorded;
  return strcmp(a->label, b->label);
}

static void collect_units(struct making *m) {
  size_t most = 0;
  for (size_t s = 0; s < m->source_count; s++) most += m->sources[s]->cells->unit_count;
  m->units = eh_arena_alloc(m->arena, most, sizeof *m->units);
  size_t count = 0;
  for (size_t s = 0; s < m->source_count; s++)
    for (size_t u = 0; u < m->sources[s]->cells->unit_count; u++)
      m->units[count++] = &m->sources[s]->cells->units[u];
  if (count) qsort(m->units, count, sizeof *m->units, by_name);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || by_name(&m->units[i], &m->units[m->unit_count - 1]) != 0)
      m->units[m->unit_count++] = m->units[i];
}

static void count_units(struct making *m) {
  m->counts = eh_arena_alloc(m->arena, m->unit_count * m->source_count, sizeof *m->counts);
  for (size_t s = 0; s < m->source_count; s++) {
    const struct eh_cells *cells = m->sources[s]->cells;
    size_t at = 0;
    for (size_t u = 0; u < cells->unit_count; u++) {
      const struct eh_unit *unit = &cells->units[u];
      while (by_name(&m->units[at], &unit) != 0) at++;
      struct eh_public_count *sum = &m->counts[at * m->source_count + s];
      for (size_t i = 0; i < unit->cell_count; i++) {
        sum->records += cells->cells[unit->first_cell + i].records;
        sum->events += cells->cells[unit->first_cell + i].events;
      }
    }
  }
}

/* Keep the measures to be released, and their counts. */
static void choose_measures(struct making *m) {
  size_t all = m->source_count, *kept = eh_arena_alloc(m->arena, all, sizeof *kept), next = 0;
  struct eh_public_table table = {NULL, m->unit_count, m->counts, all, m->release->threshold};
  const char **names = eh_arena_alloc(m->arena, all, sizeof *names);
  size_t count = eh_public_measures(&table, kept);
  if (count > MOST_MEASURES) count = MOST_MEASURES;
  for (size_t s = 0; s < all; s++) {
    bool is_kept = next < count && kept[next] == s;
    if (is_kept)
      m->sources[next++] = m->sources[s];
    else
      names[m->release->left_out.count++] = m->sources[s]->measure->name;
  }
  m->release->left_out.items = names;
  for (size_t u = 0; u < m->unit_count; u++)
    for (size_t k = 0; k < count; k++)
      m->counts[u * count + k] = m->counts[u * all + kept[k]]; /* never before it is read */
  m->source_count = count;
}

static void suppress(struct making *m) {
  const char **names = eh_arena_alloc(m->arena, m->unit_count, sizeof *names);
  for (size_t u = 0; u < m->unit_count; u++) names[u] = m->units[u]->label;
  struct eh_public_table table = {names, m->unit_count, m->counts, m->source_count,
                                  m->release->threshold};
  m->suppression = eh_suppress(m->arena, &table);
}

static bool is_shown(const struct making *m, size_t unit) {
  return !m->suppression.is_withheld && m->suppression.kinds[unit] == EH_PUBLIC_SHOWN;
}

/* A fraction in percent, rounded to a multiple of step. */
static int percent(double fraction, unsigned step) {
  return (int)lround(100 * fraction / step) * (int)step;
}

/* A rate of counts that are off by up to `half`, and how far that of the counts themselves may be
   from it, for all that the published ones tell. */
struct coarse_rate {
  double rate, off;
};

static struct coarse_rate coarse_rate_of(double records, double events, double half) {
  double rate = events / records, least = fmax(events - half, 0) / (records + half),
         most = records > half ? fmin((events + half) / (records - half), 1) : 1;
  return (struct coarse_rate){rate, fmax(rate - least, most - rate)};
}

/* Points that hold a fraction and half a step more, in whole steps. */
static unsigned reach_of(double fraction, unsigned step) {
  return (unsigned)ceil(100 * (fraction + step / 200.0) / step - 1e-9) * step;
}

/* Counts that are sums of so many rounded ones. */
static struct eh_release_count with_rate(uint64_t records, uint64_t events, uint64_t step,
                                         uint64_t summed) {
  struct eh_release_count c = {.records = records, .events = events};
  c.percent_step = eh_public_percent_step(records, step * summed);
  if (!c.percent_step) return c;
  struct coarse_rate rate = coarse_rate_of((double)records, (double)events,
                                           (double)(step / 2) * (double)summed);
  c.percent = (unsigned)percent(fmin(rate.rate, 1), c.percent_step);
  c.percent_within = reach_of(rate.off, c.percent_step);
  return c;
}

static struct eh_release_count published(const struct making *m, struct eh_public_count count) {
  uint64_t step = m->release->step;
  return with_rate(eh_public_round(count.records, step), eh_public_round(count.events, step), step,
                   1);
}

/* Units that the audit found for what they do themselves. */
static uint64_t differing(const struct eh_comparison_result *c) {
  uint64_t count = 0;
  for (size_t i = 0; i < c->result_count; i++) count += eh_result_differs(&c->results[i]);
  return count;
}

static uint64_t public_or_none(const struct making *m, uint64_t count) {
  return count < m->release->threshold ? 0 : eh_public_round(count, m->release->step);
}

static void publish_measures(struct making *m) {
  struct eh_release_measure *measures = eh_arena_alloc(m->arena, m->source_count, sizeof *measures);
  for (size_t s = 0; s < m->source_count; s++) {
    struct eh_public_count others = {0, 0};
    uint64_t records = 0, events = 0, summed = 1, step = m->release->step;
    for (size_t u = 0; u < m->unit_count; u++) {
      const struct eh_public_count *c = &m->counts[u * m->source_count + s];
      if (is_shown(m, u)) {
        records += eh_public_round(c->records, step);
        events += eh_public_round(c->events, step);
        summed++;
      } else {
        others.records += c->records;
        others.events += c->events;
      }
    }
    /* The sum of what is published: rounded by itself it would tell how the parts were rounded. */
    records += eh_public_round(others.records, step);
    events += eh_public_round(others.events, step);
    measures[s] = (struct eh_release_measure){.measure = m->sources[s]->measure,
                                              .all = with_rate(records, events, step, summed),
                                              .others = published(m, others),
                                              .findings = public_or_none(
                                                  m, differing(m->sources[s]))};
  }
  m->release->measures = m->measures = measures;
  m->release->measure_count = m->source_count;
}

/* --- differences among the units shown --- */

/* The cells of the units shown, as if there were no others. */
static struct eh_cells cells_shown(const struct making *m, const struct eh_cells *cells) {
  struct eh_cells shown = *cells;
  shown.units = eh_arena_alloc(m->arena, cells->unit_count, sizeof *shown.units);
  shown.cells = eh_arena_alloc(m->arena, cells->cell_count, sizeof *shown.cells);
  shown.unit_count = shown.cell_count = 0;
  shown.records = shown.events = 0;
  shown.excluded = NULL;
  shown.exclusion_count = 0;
  size_t at = 0;
  for (size_t u = 0; u < cells->unit_count; u++) {
    const struct eh_unit *unit = &cells->units[u];
    while (by_name(&m->units[at], &unit) != 0) at++;
    if (!is_shown(m, at)) continue;
    struct eh_unit *copy = &shown.units[shown.unit_count];
    *copy = *unit;
    copy->first_cell = shown.cell_count;
    for (size_t i = 0; i < unit->cell_count; i++) {
      struct eh_cell *cell = &shown.cells[shown.cell_count++];
      *cell = cells->cells[unit->first_cell + i];
      cell->unit = (uint32_t)shown.unit_count;
      shown.records += cell->records;
      shown.events += cell->events;
    }
    shown.unit_count++;
  }
  return shown;
}

/* The records of the others in the strata that a unit shares with them. */
static struct eh_public_count peers_of(const struct eh_cells *cells,
                                       const struct eh_stratum_total *totals,
                                       const struct eh_result *r) {
  const struct eh_unit *unit = &cells->units[r->unit_index];
  struct eh_public_count peers = {0};
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[unit->first_cell + i];
    peers.records += totals[cell->stratum].records - cell->records;
    peers.events += totals[cell->stratum].events - cell->events;
  }
  return peers;
}

static struct coarse_rate rounded_rate_of(struct eh_public_count count, uint64_t step) {
  return coarse_rate_of((double)eh_public_round(count.records, step),
                        (double)eh_public_round(count.events, step), (double)(step / 2));
}

/* The variance of a rate, at most, of all counts that round so. */
static double variance_of(struct eh_public_count count, uint64_t step) {
  struct coarse_rate rate = rounded_rate_of(count, step);
  double records = (double)eh_public_round(count.records, step) - (double)(step / 2);
  double nearest = fmin(fmax(0.5, rate.rate - rate.off), rate.rate + rate.off);
  return nearest * (1 - nearest) / fmax(records, 1);
}

/* Half of the interval, of the rounded counts alone: what it would be at most for counts that round
   so. Strata that share few records make it wider; by how much is told in coarse steps. */
static double half_of(const struct making *m, size_t source, double half, double variance) {
  static const double steps[] = {1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0};
  static const double exact_at_most = 1.2; /* exact intervals, to the normal one of the worst case */
  double z = eh_normal_reach(m->sources[source]->measure->flag.confidence);
  double normal = exact_at_most * z * sqrt(variance);
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (half <= steps[i] * normal) return steps[i] * normal;
  return 1.0;
}

static double rate_of(struct eh_public_count count) {
  return (double)count.events / (double)count.records;
}

/* The difference is moved by as much as rounding moves the rates of both sides, so that, like a
   published rate, it tells no more of their counts than the rounded ones do; its interval grows by
   as much as that may be. What a large unit differs by from a small one tells the small one's
   rate: the step is that of the smaller side. */
static struct eh_release_difference difference_of(const struct making *m, size_t source,
                                                  const struct eh_result *r,
                                                  struct eh_public_count peers) {
  uint64_t round_to = m->release->step;
  double least = (double)m->release->threshold, comparable = (double)r->comparable,
         events = (double)r->share.events, expected = r->share.expected.value;
  const struct eh_interval *d = &r->share.difference;
  uint64_t fewer = r->comparable < peers.records ? r->comparable : peers.records;
  unsigned step = eh_public_percent_step(eh_public_round(fewer, round_to), round_to);
  bool is_known = step && r->testable && !r->share.expected.why_not && !d->estimate.why_not &&
                  !d->low.why_not && !d->high.why_not && events >= least &&
                  comparable - events >= least && expected >= least &&
                  comparable - expected >= least;
  if (!is_known)
    return (struct eh_release_difference){.why_not = "too few comparable records", .finding = ""};
  struct eh_public_count own = {r->comparable, r->share.events};
  struct coarse_rate own_rate = rounded_rate_of(own, round_to),
                     peer_rate = rounded_rate_of(peers, round_to);
  double moved = own_rate.rate - rate_of(own) - (peer_rate.rate - rate_of(peers));
  int points = percent(d->estimate.value + moved, step);
  double sides = fmax(d->high.value - d->estimate.value, d->estimate.value - d->low.value);
  double variance = variance_of(own, round_to) + variance_of(peers, round_to);
  int half = (int)reach_of(half_of(m, source, sides, variance) + own_rate.off + peer_rate.off, step);
  return (struct eh_release_difference){.step = step,
                                        .within = reach_of(own_rate.off + peer_rate.off, step),
                                        .points = points,
                                        .low = points - half < -100 ? -100 : points - half,
                                        .high = points + half > 100 ? 100 : points + half,
                                        .finding = ""};
}

/* What the audit found of a unit; NULL: it has none of this name. next: where to look from, as units
   are asked for in the order of their names, which is that of the results. */
static const struct eh_result *audited(const struct eh_comparison_result *c,
                                       const struct eh_unit *unit, size_t *next) {
  for (; *next < c->result_count; ++*next) {
    const struct eh_result *r = &c->results[*next];
    if (r->recorded == unit->recorded && strcmp(r->unit, unit->label) == 0) return r;
  }
  return NULL;
}

/* A finding is published where all agree: the audit, which must find that it is the unit that
   differs (or one of a pair), its rerun over the units shown, the published difference, and its
   interval. Else none, and no word of which did not: that would tell of small
   counts. */
static const char *finding_of(const struct eh_result *found, const struct eh_result *rerun,
                              const struct eh_release_difference *d) {
  if (d->why_not || !found || !found->flagged || !rerun->flagged ||
      found->higher != rerun->higher ||
      (found->who.who != EH_WHO_UNIT && found->who.who != EH_WHO_PAIR))
    return "";
  if (found->higher) return d->low > 0 ? "higher" : "";
  return d->high < 0 ? "lower" : "";
}

static void publish_units(struct making *m) {
  size_t shown = m->suppression.shown, measures = m->source_count, at = 0;
  struct eh_cells *cells = eh_arena_alloc(m->arena, measures, sizeof *cells);
  for (size_t s = 0; s < measures; s++) cells[s] = cells_shown(m, m->sources[s]->cells);
  struct eh_audit_options options = {.threads = m->threads};
  const struct eh_audit *audit =
      eh_audit_run(m->arena, m->audit->rules, m->audit->account, cells, measures, &options);
  const struct eh_stratum_total **totals = eh_arena_alloc(m->arena, measures, sizeof *totals);
  for (size_t s = 0; s < measures; s++) totals[s] = eh_stratum_totals(m->arena, &cells[s]);
  struct eh_release_unit *units = eh_arena_alloc(m->arena, shown, sizeof *units);
  size_t *next = eh_arena_alloc(m->arena, measures, sizeof *next);
  uint64_t *stand = eh_arena_alloc(m->arena, measures, sizeof *stand);
  for (size_t u = 0; u < m->unit_count; u++) {
    if (!is_shown(m, u)) continue;
    struct eh_release_count *counts = eh_arena_alloc(m->arena, measures, sizeof *counts);
    struct eh_release_difference *differences =
        eh_arena_alloc(m->arena, measures, sizeof *differences);
    for (size_t s = 0; s < measures; s++) {
      counts[s] = published(m, m->counts[u * measures + s]);
      const struct eh_result *result = &audit->comparisons[s].results[at];
      differences[s] = difference_of(m, s, result, peers_of(&cells[s], totals[s], result));
      differences[s].finding =
          finding_of(audited(m->sources[s], m->units[u], &next[s]), result, &differences[s]);
    }
    for (size_t s = 0; s < measures; s++) stand[s] += differences[s].finding[0] != '\0';
    units[at++] = (struct eh_release_unit){m->units[u]->label, counts, differences};
  }
  for (size_t s = 0; s < measures; s++) m->measures[s].stand = stand[s];
  m->release->units = units;
  m->release->unit_count = shown;
}

static void name_the_others(struct making *m) {
  const char **names = eh_arena_alloc(m->arena, m->unit_count, sizeof *names);
  size_t count = 0;
  for (size_t u = 0; u < m->unit_count; u++)
    if (!is_shown(m, u)) names[count++] = m->units[u]->label;
  m->release->not_shown = (struct eh_texts){names, count};
}

/* --- individuals --- */

static void publish_individuals(struct making *m) {
  const struct eh_audit *audit = m->audit;
  struct eh_release_individuals *items =
      eh_arena_alloc(m->arena, audit->comparison_count, sizeof *items);
  size_t count = 0;
  for (size_t i = 0; i < audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &audit->comparisons[i];
    if (eh_has_outcome(c->measure) || c->cells->each ||
        !audit->rules->columns[c->comparison->across].is_individual)
      continue;
    const struct eh_spread_part *spread = &c->event.spread;
    bool has_range = c->testable >= m->release->threshold && !spread->low.why_not;
    items[count++] = (struct eh_release_individuals){
        .measure = c->measure,
        .across = audit->rules->columns[c->comparison->across].name,
        .count = public_or_none(m, c->result_count),
        .testable = public_or_none(m, c->testable),
        .findings = public_or_none(m, differing(c)),
        .has_range = has_range,
        .low = has_range ? (unsigned)percent(spread->low.value, 1) : 0,
        .high = has_range ? (unsigned)percent(spread->high.value, 1) : 0};
  }
  m->release->individuals = items;
  m->release->individual_count = count;
}

/* --- notes --- */

static const char *listed(struct eh_arena *arena, const struct eh_texts *texts) {
  const char *text = texts->items[0];
  for (size_t i = 1; i < texts->count; i++)
    text = eh_arena_printf(arena, "%s; %s", text, texts->items[i]);
  return text;
}

static const char *note_findings(const struct making *m, size_t measure) {
  const struct eh_release_measure *of = &m->release->measures[measure];
  const char *all = of->findings ? eh_arena_printf(m->arena, "about %llu",
                                                   (unsigned long long)of->findings)
                                 : eh_arena_printf(m->arena, "fewer than %llu",
                                                   (unsigned long long)m->release->threshold);
  return eh_arena_printf(m->arena, "%s: the audit has %s findings of units; %llu stand here.",
                         of->measure->name, all, (unsigned long long)of->stand);
}

static void write_notes(struct making *m) {
  enum { MOST = 8 };
  struct eh_release *r = m->release;
  const char **notes = eh_arena_alloc(m->arena, MOST + r->measure_count, sizeof *notes);
  unsigned long long threshold = r->threshold, step = r->step;
  size_t count = 0;
  if (step > 1)
    notes[count++] = eh_arena_printf(
        m->arena,
        "Counts are rounded to the nearest %llu, sums are of rounded counts, and rates, differences "
        "and intervals are of these: in whole multiples of as many percent, or points, as a step of "
        "counts is worth, and within so many as the rounding may be worth. No count under %llu is "
        "known to within fewer than %llu values.",
        step, threshold, step);
  if (r->not_shown.count)
    notes[count++] = eh_arena_printf(
        m->arena,
        "Units are not shown that have fewer than %llu records with, or without, the event of some "
        "measure; and some that have more, so that the others cannot be had by subtraction.",
        threshold);
  if (r->unit_count)
    notes[count++] =
        "A difference is between one of the units shown and the other units shown, for the same "
        "kinds of case, in percentage points with its interval. It is a reason to look, not proof "
        "that like cases were treated unlike: what was not recorded may explain it.";
  if (r->unit_count)
    notes[count++] =
        "Higher and lower: flagged by the audit, and visible in these figures. A blank does not say "
        "that a unit is like its peers: a finding is left out where rounding, or units that cannot "
        "be shown, would hide or change it.";
  for (size_t s = 0; s < r->measure_count && r->unit_count; s++)
    notes[count++] = note_findings(m, s);
  if (r->individual_count)
    notes[count++] = eh_arena_printf(m->arena,
                                     "Of individuals no more is shown than how many there are, and "
                                     "how widely they differ; not where they are fewer than %llu.",
                                     threshold);
  if (r->left_out.count)
    notes[count++] = eh_arena_printf(m->arena,
                                     "These measures are left out, because too many units have fewer "
                                     "than %llu records with, or without, the event, or because three "
                                     "that count the same records are as many as can be shown: %s.",
                                     threshold, listed(m->arena, &r->left_out));
  notes[count++] =
      "Comparisons across other columns, and for each value of one, are left out, because they "
      "count the same records; so are measures of a category or a value.";
  r->notes = (struct eh_texts){notes, count};
}

const struct eh_release *eh_release_make(struct eh_arena *arena, const struct eh_audit *audit,
                                         uint64_t threshold, size_t threads) {
  struct eh_release *release = eh_arena_alloc(arena, 1, sizeof *release);
  *release = (struct eh_release){
      .rules = audit->rules, .threshold = threshold, .step = eh_public_step(threshold)};
  struct making m = {.arena = arena, .audit = audit, .release = release, .threads = threads};
  choose_sources(&m);
  if (m.across >= 0) {
    release->across = audit->rules->columns[m.across].name;
    collect_units(&m);
    count_units(&m);
    choose_measures(&m);
    suppress(&m);
    name_the_others(&m);
  }
  if (m.across < 0)
    release->withheld =
        "the rules have no comparison of a yes/no measure that is not across "
        "individuals";
  else if (m.suppression.is_withheld)
    release->withheld = "too few units have enough records to hide those that have not";
  if (!release->withheld) {
    publish_measures(&m);
    publish_units(&m);
  }
  publish_individuals(&m);
  write_notes(&m);
  return release;
}
