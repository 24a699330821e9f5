/* Monitoring: the units that the rules watch for a change, those watched first. */
#include <math.h>
#include <stdlib.h>

#include "engine/base/words.h"
#include "reports/words/monitoring.h"
#include "reports/words/safe.h"
#include "reports/workbook/workbook.h"

enum { MOST_DRAWN = 24, CERTAIN = 1000000 };

struct monitored_row {
  struct eh_link unit;
  const char *watch, *since, *from, *first, *last, *who, *says, *caveats, *question;
  struct eh_figure evidence, typical, noticeable;
  struct eh_interval moved, own;
  uint64_t records, periods;
};

#define AT(member) offsetof(struct monitored_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .kind = EH_VALUE_COUNT, .style = EH_STYLE_COUNT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)

static const struct eh_listing_column columns[] = {
    {"Unit", "The officer or office; of one that is or was watched it leads to its chart.", 14,
     EH_STYLE_LINK, EH_VALUE_LINK, .at = AT(unit), .widest = 40},
    {"Watched",
     "signal: watched, clear among all units watched together, its own change and large enough to "
     "matter. watched: the evidence is as large as it takes. was watched: it was at an earlier "
     "look, and is no longer clear. no longer: it was, and nothing is left of it. no: it never was, "
     "which does not show that it did not change. not judged: too early, or too few decisions.",
     13, EH_STYLE_TEXT, TEXT(watch)},
    {"Since", "The first look at which it was watched: the end of that period.", 10, EH_STYLE_TEXT,
     TEXT(since)},
    {"Changed from",
     "The period with which the change most clearly began. A slow drift or a passing change looks "
     "the same.",
     11, EH_STYLE_TEXT, TEXT(from)},
    {"At the earliest", "The first of the fewest periods that hold 95%.", 11, EH_STYLE_TEXT,
     TEXT(first)},
    {"At the latest", "The last of these.", 11, EH_STYLE_TEXT, TEXT(last)},
    {"Moved",
     "Its difference from its peers after that less its difference before, like cases, points.", 12,
     EH_STYLE_DIFFERENCE, FIGURE(moved.estimate), .emphasis = EH_BARS},
    {"Moved, low", "Lower limit of its interval.", 10, EH_STYLE_DIFFERENCE, FIGURE(moved.low)},
    {"Moved, high", "Upper limit of its interval.", 10, EH_STYLE_DIFFERENCE, FIGURE(moved.high)},
    {"Own change", "Its own decisions after that against its own of like cases before.", 11,
     EH_STYLE_DIFFERENCE, FIGURE(own.estimate)},
    {"Typical change", "The middle unit's own change at the same cut, by caseload.", 11,
     EH_STYLE_DIFFERENCE, FIGURE(typical)},
    {"Whose",
     "unit: its own change. peers: only because others that changed are among its peers. pair: it "
     "and its only peer against each other. unclear: too many changed to say.",
     10, EH_STYLE_TEXT, TEXT(who)},
    {"Evidence to 1",
     "How much better a change explains the scores than none, mixed over when and how much; at "
     "most 1,000,000 is shown.",
     12, EH_STYLE_DECIMAL, FIGURE(evidence)},
    {"Would be noticed",
     "The change of the odds, by a factor, that six more periods would show four times in five.",
     11, EH_STYLE_RATIO, FIGURE(noticeable)},
    {"Records", "In the periods used.", 10, COUNT(records)},
    {"Periods", "In which its decisions can be compared.", 9, COUNT(periods)},
    {"Question", "The measure, the units and how often.", 30, EH_STYLE_WRAPPED, TEXT(question),
     .on_screen = true},
    {"In words", "The same in a sentence.", 110, EH_STYLE_WRAPPED, TEXT(says), .on_screen = true},
    {"Caveats", "What else it may be.", 40, EH_STYLE_WRAPPED, TEXT(caveats), .on_screen = true},
};

bool eh_workbook_has_monitoring(const struct eh_workbook *w) { return w->audit->monitoring != NULL; }

/* Signals, watched, was watched, no longer, quiet, not judged; then by evidence. */
static int rank_of(const struct eh_monitored_unit *u) {
  if (u->signal) return 0;
  if (u->watch) return (int)u->watch;
  return u->why_not ? EH_NO_LONGER + 2 : EH_NO_LONGER + 1;
}

static int by_weight(const void *left, const void *right) {
  const struct eh_monitoring_row *a = left, *b = right;
  int x = rank_of(a->unit), y = rank_of(b->unit);
  if (x != y) return x < y ? -1 : 1;
  if (x <= EH_NO_LONGER && a->unit->now.ln_e != b->unit->now.ln_e)
    return a->unit->now.ln_e > b->unit->now.ln_e ? -1 : 1;
  if (a->monitored != b->monitored) return a->monitored < b->monitored ? -1 : 1;
  return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static size_t list_rows(struct eh_workbook *w) {
  const struct eh_monitoring *all = w->audit->monitoring;
  size_t count = 0;
  for (size_t i = 0; i < all->count; i++) count += all->items[i].unit_count;
  w->monitoring.rows = eh_arena_alloc(w->arena, count, sizeof *w->monitoring.rows);
  count = 0;
  for (size_t i = 0; i < all->count; i++)
    for (size_t u = 0; u < all->items[i].unit_count; u++)
      w->monitoring.rows[count++] =
          (struct eh_monitoring_row){&all->items[i], &all->items[i].units[u]};
  if (count) qsort(w->monitoring.rows, count, sizeof *w->monitoring.rows, by_weight);
  while (w->monitoring.drawn < count && w->monitoring.drawn < MOST_DRAWN &&
         w->monitoring.rows[w->monitoring.drawn].unit->watch)
    w->monitoring.drawn++;
  return count;
}

/* What is promised, then each question in a line. */
static const char *subtitle(struct eh_workbook *w) {
  const struct eh_monitoring *all = w->audit->monitoring;
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, eh_monitoring_promise(w->arena, all));
  for (size_t i = 0; i < all->count; i++) {
    eh_buffer_printf(&out, "\n%s: %s.", all->items[i].title,
                     eh_monitored_line(w->arena, &all->items[i]));
    for (size_t k = 0; k < all->items[i].notes.count; k++)
      eh_buffer_printf(&out, " %s", all->items[i].notes.items[k]);
  }
  const char *text = eh_arena_copy(w->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

void eh_workbook_plan_monitoring(struct eh_workbook *w) {
  size_t count = list_rows(w);
  w->monitoring.table = (struct eh_listing){
      .title = "Monitoring",
      .subtitle = subtitle(w),
      .identifier = "Monitoring",
      .columns = columns,
      .column_count = sizeof columns / sizeof columns[0],
      .frozen = 2,
      .count = count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "nothing to monitor",
      .back = w->back,
  };
  eh_listing_plan(w->book, &w->monitoring.table, "Monitoring");
}

static const char *watch_of(const struct eh_monitored_unit *u) {
  if (u->signal) return "signal";
  if (u->why_not && u->watch == EH_NOT_WATCHED) return "not judged";
  if (u->watch == EH_NOT_WATCHED && u->noticeable.why_not) return "not judged";
  return eh_watch_name(u->watch);
}

struct monitored_rows {
  const struct eh_workbook *workbook;
  struct monitored_row row;
};

/* When it changed, and whose change it is, of one that is or was watched. */
static void fill_change(const struct eh_workbook *w, const struct eh_monitoring_row *source,
                        struct monitored_row *row) {
  const struct eh_monitored *m = source->monitored;
  const struct eh_monitored_unit *u = source->unit;
  row->since = eh_monitored_period(w->arena, m, u->since);
  row->from = eh_monitored_period(w->arena, m, u->change);
  row->first = eh_monitored_period(w->arena, m, u->change_first);
  row->last = eh_monitored_period(w->arena, m, u->change_last);
  row->moved = u->moved;
  row->own = u->own;
  row->typical = u->typical;
  row->who = eh_who_name(u->who);
}

static const void *monitored_row(void *context, size_t index) {
  struct monitored_rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_monitoring_row *source = &w->monitoring.rows[index];
  const struct eh_monitored_unit *u = source->unit;
  const char *name = eh_words_name(w->arena, u->unit);
  struct eh_figure none = eh_no_figure("not watched");
  rows->row = (struct monitored_row){
      .unit = {name, index < w->monitoring.drawn
                         ? eh_sheet_target(w->monitoring.charts,
                                           eh_workbook_monitoring_chart_row(index), 0)
                         : NULL},
      .watch = watch_of(u),
      .evidence = u->why_not ? eh_no_figure(u->why_not)
                             : eh_figure(fmin(CERTAIN, exp(fmin(u->now.ln_e, 20.0)))),
      .moved = {none, none, none},
      .own = {none, none, none},
      .typical = none,
      .noticeable = u->noticeable,
      .records = u->records,
      .periods = u->now.periods,
      .question = source->monitored->title,
      .says = u->statement ? u->statement : u->why_not,
      .caveats = eh_words_join(w->arena, u->caveats.items, u->caveats.count, " ")};
  if (u->watch) fill_change(w, source, &rows->row);
  return &rows->row;
}

void eh_workbook_write_monitoring(const struct eh_workbook *w) {
  struct monitored_rows rows = {.workbook = w};
  eh_listing_write(&w->monitoring.table, monitored_row, &rows);
}
