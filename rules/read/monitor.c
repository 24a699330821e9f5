/* `monitor`: which units are watched for a change, and how. */
#include <string.h>

#include "rules/language/question.h"
#include "rules/read/internal.h"

enum { LEAST_LOOK = 3, FIRST_MONTHS = 12, FIRST_OTHERS = 4, MOST_PERIODS = 1000, MOST_RESTARTS = 1000 };
static const double ALARMS = 0.05;

/* --- what is watched --- */

static bool is_watched(const struct eh_monitor *m, const struct eh_rules *rules,
                       const struct eh_watched *wanted) {
  for (size_t i = 0; i < m->watched_count; i++) {
    const struct eh_watched *w = &m->watched[i];
    bool same = w->measure == wanted->measure && w->within_count == wanted->within_count &&
                rules->comparisons[w->comparison].across ==
                    rules->comparisons[wanted->comparison].across;
    for (size_t k = 0; k < w->within_count && same; k++) same = w->within[k] == wanted->within[k];
    if (same) return true;
  }
  return false;
}

static void watch(struct eh_reader *reader, size_t comparison, size_t measure) {
  struct eh_monitor *m = &reader->rules->monitor;
  const struct eh_comparison *c = &reader->rules->comparisons[comparison];
  int *within = eh_arena_alloc(reader->arena, c->within_count + 1, sizeof *within);
  struct eh_watched watched = {
      .comparison = comparison, .within = within, .within_count = c->within_count, .measure = measure};
  for (size_t i = 0; i < c->within_count; i++) within[i] = c->within[i];
  if (c->each >= 0) within[watched.within_count++] = c->each;
  if (is_watched(m, reader->rules, &watched)) return;
  m->watched = eh_read_grow(reader, m->watched, m->watched_count, sizeof *m->watched);
  m->watched[m->watched_count++] = watched;
  eh_read_ask_table(reader, &(struct eh_table_asked){.every = m->every,
                                                     .across = c->across,
                                                     .within = within,
                                                     .within_count = watched.within_count,
                                                     .measure = measure,
                                                     .place = m->place});
}

/* The policy in force, or a period, is no unit that could change. */
static bool can_change(const struct eh_reader *reader, int across) {
  if (across < 0) return false;
  enum eh_column_kind kind = reader->columns[across].column.kind;
  return kind != EH_POLICY && !(kind >= EH_MONTH && kind <= EH_FISCAL_YEAR);
}

static bool is_listed(const int *items, size_t count, int item) {
  for (size_t i = 0; i < count; i++)
    if (items[i] == item) return true;
  return false;
}

/* Named measures, or NULL: each comparison's own. */
struct wanted {
  int *measures;
  size_t measure_count;
  const int *across;
  size_t across_count;
  bool all_measures, all_units;
};

static void watch_comparison(struct eh_reader *reader, const struct wanted *w, size_t comparison) {
  const struct eh_comparison *c = &reader->rules->comparisons[comparison];
  if (!can_change(reader, c->across)) return;
  if (!w->all_units && !is_listed(w->across, w->across_count, c->across)) return;
  size_t count = w->all_measures ? c->measure_count : w->measure_count;
  for (size_t i = 0; i < count; i++) {
    size_t measure = w->all_measures ? c->measures[i] : (size_t)w->measures[i];
    if (reader->rules->measures[measure].kind == EH_MEASURE_EVENT) watch(reader, comparison, measure);
  }
}

static void read_measures(struct eh_reader *reader, const struct eh_node *node, struct wanted *w) {
  size_t count;
  const struct eh_node *items =
      eh_read_items(reader, node, "`measure`", "the name of a measure, or a list of names", &count);
  w->all_measures = node == NULL;
  w->measures = eh_arena_alloc(reader->arena, count, sizeof *w->measures);
  for (size_t i = 0; items && i < count; i++) {
    int measure = eh_read_measure_name(reader, &items[i], "`measure`");
    if (measure < 0) continue;
    if (reader->rules->measures[measure].kind != EH_MEASURE_EVENT)
      eh_read_problem(reader, items[i].place,
                      "only yes/no measures can be monitored, and `%s` asks for a %s; name one of "
                      "an `event`",
                      eh_read_shown(reader, items[i].text),
                      eh_question_of(reader->rules->measures[measure].kind)->key);
    else
      w->measures[w->measure_count++] = measure;
  }
}

static void read_across(struct eh_reader *reader, const struct eh_node *node, struct wanted *w) {
  w->all_units = node == NULL;
  w->across = eh_read_columns_of(reader, node, "`across`", &w->across_count);
  for (size_t i = 0; node && i < w->across_count; i++) {
    bool is_compared = false;
    if (w->across[i] < 0) continue;
    for (size_t k = 0; k < reader->rules->comparison_count; k++)
      is_compared |= reader->rules->comparisons[k].across == w->across[i];
    if (!is_compared || !can_change(reader, w->across[i]))
      eh_read_problem(reader, node->place,
                      "`%s` cannot be monitored: name a column that some comparison is `across`, "
                      "other than `policy` or a period",
                      eh_read_shown(reader, reader->columns[w->across[i]].column.name));
  }
}

/* --- how --- */

static void read_alarms(struct eh_reader *reader, const struct eh_node *node) {
  double share;
  if (eh_read_share(node, false, &share) && share >= 0.001 && share <= 0.2)
    reader->rules->monitor.false_alarms = share;
  else
    eh_read_expected(reader, node, "`false_alarms`", "a share from 0.1% to 20%, such as 5%");
}

static void read_smallest(struct eh_reader *reader, const struct eh_node *node) {
  double share;
  if (eh_read_share(node, true, &share) && share >= 0 && share < 1)
    reader->rules->monitor.smallest_change = share;
  else
    eh_read_expected(reader, node, "`smallest_change`",
                     "0 to under 100 percentage points, such as 5 points");
}

static void read_day(struct eh_reader *reader, const struct eh_node *node, const char *what,
                     int32_t *day) {
  if (!eh_read_is_day(node, day))
    eh_read_expected(reader, node, what, "a date, such as 2014-11-20");
}

static void read_season(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const words[] = {"yes", "no"};
  int word = eh_read_word(reader, node, "`season`", words, 2);
  if (word >= 0) reader->rules->monitor.season = word ? EH_SEASON_NO : EH_SEASON_YES;
}

static void read_restart(struct eh_reader *reader, const struct eh_node *item,
                         struct eh_restart *restart) {
  static const char *const keys[] = {"on", "because", "unit"};
  const struct eh_node *on, *because, *unit;
  restart->place = item->place;
  if (!eh_read_map(reader, item, "a restart", keys, 3)) return;
  on = eh_read_get(item, "on");
  because = eh_read_get(item, "because");
  unit = eh_read_get(item, "unit");
  if (!on || !because)
    eh_read_problem(reader, item->place,
                    "a restart needs `on: ` and the day, and `because: ` and the reason");
  if (on) read_day(reader, on, "`on`", &restart->on);
  if (because) restart->because = eh_read_text(reader, because, "`because`");
  if (unit) {
    restart->unit = eh_read_text(reader, unit, "`unit`");
    if (restart->unit) restart->unit = eh_read_tidy(reader, restart->unit);
    restart->place = unit->place;
  }
}

static void read_restarts(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_monitor *m = &reader->rules->monitor;
  if (node->kind != EH_NODE_LIST || node->item_count > MOST_RESTARTS) {
    eh_read_expected(reader, node, "`restart`",
                     "a list, each item with `on`, `because` and perhaps `unit`");
    return;
  }
  m->restarts = eh_arena_alloc(reader->arena, node->item_count, sizeof *m->restarts);
  m->restart_count = node->item_count;
  for (size_t i = 0; i < node->item_count; i++)
    read_restart(reader, &node->items[i], &m->restarts[i]);
}

static void read_how(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_monitor *m = &reader->rules->monitor;
  for (size_t i = 0; i < node->item_count; i++) {
    const struct eh_node *item = &node->items[i];
    if (strcmp(item->key, "from") == 0) {
      m->has_from = true;
      read_day(reader, item, "`from`", &m->from);
    } else if (strcmp(item->key, "first_look") == 0) {
      eh_read_count(reader, item, "`first_look`", LEAST_LOOK, MOST_PERIODS, &m->first_look);
    } else if (strcmp(item->key, "false_alarms") == 0) {
      read_alarms(reader, item);
    } else if (strcmp(item->key, "smallest_change") == 0) {
      read_smallest(reader, item);
    } else if (strcmp(item->key, "season") == 0) {
      read_season(reader, item);
    } else if (strcmp(item->key, "restart") == 0) {
      read_restarts(reader, item);
    }
  }
}

/* Would a later record of a case change what an earlier month said of it? */
static bool rewrites_the_past(enum eh_repeats_choice choice) {
  return choice == EH_REPEATS_LAST || choice == EH_REPEATS_ANY || choice == EH_REPEATS_WORST;
}

/* With the last of a person's records a new month would take back what an old one said. */
static void check_choice(struct eh_reader *reader) {
  const struct eh_rules *rules = reader->rules;
  if (rewrites_the_past(rules->repeats.choice))
    eh_read_problem(reader, rules->monitor.place,
                    "with `repeated: last`, `any` or `worst` a later record of a case changes what "
                    "an earlier month said, and what was said of that would not stand; take the "
                    "first, or leave out `monitor`");
  if (rules->one_per >= 0 && rules->choose_last)
    eh_read_problem(reader, rules->monitor.place,
                    "with `choose: last` a new month takes records out of earlier ones, and what "
                    "was said of those would not stand; choose the first, or leave out `monitor`");
}

void eh_read_monitor(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"every",        "measure",         "across", "from", "first_look",
                                     "false_alarms", "smallest_change", "season", "restart"};
  struct eh_monitor *m = &reader->rules->monitor;
  if (!node || !eh_read_map(reader, node, "`monitor`", keys, sizeof keys / sizeof keys[0])) return;
  const struct eh_node *every = eh_read_get(node, "every");
  m->place = node->key_place;
  m->every = EH_EVERY_MONTH;
  if (every) (void)eh_read_every(reader, every, "`every`", &m->every);
  m->first_look = m->every == EH_EVERY_MONTH ? FIRST_MONTHS : FIRST_OTHERS;
  m->false_alarms = ALARMS;
  m->smallest_change = -1.0;
  read_how(reader, node);
  check_choice(reader);
  struct wanted w = {0};
  read_measures(reader, eh_read_get(node, "measure"), &w);
  read_across(reader, eh_read_get(node, "across"), &w);
  if (reader->rules->date_column < 0) {
    eh_read_problem(reader, m->place,
                    "`monitor` needs to know when a case was decided; add `date: ` and its header "
                    "under `columns`");
    return;
  }
  for (size_t i = 0; i < reader->rules->comparison_count; i++) watch_comparison(reader, &w, i);
  if (m->watched_count == 0 && reader->problems->count == 0)
    eh_read_problem(reader, m->place,
                    "there is nothing to monitor: no comparison asks for an `event` across units "
                    "that decide");
}

void eh_read_renumber_monitor(struct eh_reader *reader) {
  struct eh_monitor *m = &reader->rules->monitor;
  for (size_t i = 0; i < m->watched_count; i++)
    m->watched[i].within =
        eh_read_renumbered(reader, m->watched[i].within, m->watched[i].within_count);
}
