/* The summary on the terminal: about 40 lines of at most 80 columns. */
#include <string.h>

#include "engine/audit/progress/goals.h"
#include "engine/audit/progress/policy.h"
#include "engine/audit/reliability/reliability.h"
#include "engine/audit/workload/workload.h"
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/report.h"
#include "reports/words/families.h"
#include "reports/words/findings.h"
#include "reports/words/inputs.h"
#include "reports/words/joins.h"
#include "reports/words/monitoring.h"
#include "reports/words/on_file.h"
#include "reports/words/paragraph.h"
#include "reports/words/repeated.h"
#include "reports/words/safe.h"
#include "reports/words/sources.h"
#include "reports/words/unreadable.h"

enum {
  MOST_REASONS = 5,
  MOST_GROUPS = 8,
  STATEMENTS = 6,
  MOST_OUTSIDE = 3,
  MOST_VERDICTS = 3,
  MOST_WATCHED = 6,
  MOST_GOALS = 10
};

struct summary {
  FILE *stream;
  struct eh_arena *arena;
  const struct eh_audit *audit;
  const struct eh_findings *findings;
  int32_t as_of;
  const struct eh_on_file *on_file; /* NULL: no ledger */
};

static void put(struct summary *s, const char *lead, const char *paragraph) {
  eh_paragraph_write(s->stream, s->arena, lead, paragraph);
}

static void put_head(struct summary *s) {
  const struct eh_account *account = s->audit->account;
  char as_of[11], first[11], last[11];
  eh_date_format(s->as_of, as_of);
  put(s, "", s->audit->rules->title);
  if (account->has_dates) {
    eh_date_format(account->first_day, first);
    eh_date_format(account->last_day, last);
    put(s, "", eh_arena_printf(s->arena, "Decisions of %s to %s, as of %s", first, last, as_of));
  } else {
    put(s, "", eh_arena_printf(s->arena, "As of %s", as_of));
  }
}

static void put_records(struct summary *s) {
  const struct eh_account *account = s->audit->account;
  put(s, "",
      eh_arena_printf(s->arena, "%s read from %s: %s audited, %s left out",
                      eh_words_of(s->arena, account->read, "record", "records"),
                      eh_words_of(s->arena, account->input_count, "file", "files"),
                      eh_words_count(s->arena, account->audited),
                      eh_words_count(s->arena, account->read - account->audited)));
  uint64_t rest = 0;
  for (size_t i = 0; i < account->exclusion_count; i++) {
    const struct eh_exclusion *e = &account->excluded[i];
    if (i + 1 > MOST_REASONS && account->exclusion_count > MOST_REASONS + 1) {
      rest += e->records;
      continue;
    }
    put(s, eh_arena_printf(s->arena, "%12s  ", eh_words_count(s->arena, e->records)), e->reason);
  }
  if (rest) {
    put(s, eh_arena_printf(s->arena, "%12s  ", eh_words_count(s->arena, rest)),
        "for other reasons (see the workbook)");
  }
}

/* Of workbooks: which sheet, and what was passed over. */
static void put_inputs(struct summary *s) {
  enum { MOST_INPUTS = 5 };
  const struct eh_account *account = s->audit->account;
  size_t told = 0;
  for (size_t i = 0; i < account->input_count; i++) {
    const char *line = eh_inputs_line(s->arena, &account->inputs[i]);
    if (line && told++ < MOST_INPUTS) put(s, "  ", line);
  }
  if (told > MOST_INPUTS)
    put(s, "  ",
        eh_arena_printf(s->arena, "The workbook (-o) tells as much of %s.",
                        eh_words_of(s->arena, told - MOST_INPUTS, "more file", "more files")));
}

static void put_unreadable(struct summary *s) {
  const char *line = eh_unreadable_line(s->arena, s->audit->account);
  if (line) put(s, "", eh_arena_printf(s->arena, "%s evenhand profile shows some.", line));
}

/* Measures that the records are not good enough for. */
static void put_verdicts(struct summary *s) {
  const struct eh_reliability *r = s->audit->reliability;
  uint64_t count = 0;
  for (size_t i = 0; r && i < r->verdict_count; i++) {
    if (r->verdicts[i].grade != EH_NOT_SUFFICIENT) continue;
    if (++count <= MOST_VERDICTS) put(s, "", r->verdicts[i].text);
  }
  if (count > MOST_VERDICTS)
    put(s, "",
        eh_arena_printf(
            s->arena, "Nor are they sufficient for %s.",
            eh_words_of(s->arena, count - MOST_VERDICTS, "more measure", "more measures")));
}

/* How much came from each input of the rules, what could not be mapped, and which cases repeat. */
static void put_sources(struct summary *s) {
  const struct eh_account *account = s->audit->account;
  for (size_t i = 0; i < account->source_count; i++) {
    const struct eh_source_account *source = &account->sources[i];
    size_t count;
    const struct eh_sources_outside *outside = eh_sources_outside_of(s->arena, source, &count);
    put(s, eh_arena_printf(s->arena, "  %s: ", source->name), eh_sources_line(s->arena, source));
    for (size_t k = 0; k < count; k++)
      put(s,
          "    not mapped: ", eh_sources_outside_line(s->arena, source, &outside[k], MOST_OUTSIDE));
  }
  for (size_t i = 0; i < account->join_count; i++)
    put(s, "  ",
        eh_arena_printf(s->arena, "joined with %s, %s", account->joins[i].file.name,
                        eh_joins_line(s->arena, &account->joins[i])));
  const char *shared = eh_sources_shared_line(s->arena, account);
  if (shared) put(s, "  ", shared);
  const char *repeated = eh_repeated_line(s->arena, s->audit->rules, account);
  if (repeated) put(s, "  ", repeated);
}

static bool is_across_policies(const struct summary *s, const struct eh_group *group) {
  return group->first->comparison->across == s->audit->rules->policy_column;
}

/* Policies have no peers: what was decided under one is held against what was under the others. */
static const char *policies_line(struct summary *s, const struct eh_group *group) {
  const char *times = eh_words_of(s->arena, group->units, "time in one place", "times and places");
  if (group->testable == 0)
    return eh_arena_printf(s->arena, "%s, none testable by itself", times);
  return eh_arena_printf(
      s->arena, "%s, %s testable: %s by itself from the other times by enough to be flagged%s",
      times, eh_words_count(s->arena, group->testable),
      group->flagged == 0   ? "none differs"
      : group->flagged == 1 ? "1 differs"
                            : eh_arena_printf(s->arena, "%zu differ", group->flagged),
      group->flagged ? eh_arena_printf(s->arena, " (%s)",
                                       eh_levels_in_words(s->arena, group->exceptional,
                                                          group->strong, group->notable))
                     : "");
}

static const char *group_line(struct summary *s, const struct eh_group *group) {
  struct eh_arena *arena = s->arena;
  const char *units = eh_words_of(arena, group->units, "unit", "units");
  if (is_across_policies(s, group)) return policies_line(s, group);
  if (group->testable == 0)
    return group->units
               ? eh_arena_printf(arena, "%s, none testable: nothing can be said of them", units)
               : "no records to compare";
  if (group->flagged == 0) {
    return eh_arena_printf(arena,
                           "%s, %s testable: none differs from its peers by enough to be flagged",
                           units, eh_words_count(arena, group->testable));
  }
  return eh_arena_printf(
      arena, "%s, %s testable: %s %s from %s peers (%s)", units,
      eh_words_count(arena, group->testable), eh_words_count(arena, group->flagged),
      group->flagged == 1 ? "differs" : "differ", group->flagged == 1 ? "its" : "their",
      eh_levels_in_words(arena, group->exceptional, group->strong, group->notable));
}

/* Its title, its counts, and the statements of its gravest findings. */
static void put_group(struct summary *s, size_t index, size_t statements) {
  const struct eh_group *group = &s->findings->groups[index];
  fputs("\n", s->stream);
  put(s, "", group->title);
  put(s, "  ", group_line(s, group));
  size_t shown = 0;
  for (size_t i = 0; i < s->findings->count && shown < statements; i++) {
    const struct eh_finding *finding = &s->findings->items[i];
    if (finding->group != index) continue;
    put(s, "  - ", finding->result->statement ? finding->result->statement : finding->result->unit);
    shown++;
  }
}

static void put_groups(struct summary *s) {
  size_t count = s->findings->group_count, shown = count > MOST_GROUPS ? MOST_GROUPS : count;
  size_t statements = shown && STATEMENTS / shown > 1 ? STATEMENTS / shown : 1;
  for (size_t i = 0; i < shown; i++) put_group(s, i, statements);
  if (shown < count) {
    fputs("\n", s->stream);
    put(s, "",
        eh_arena_printf(
            s->arena, "and %s: see the workbook or the findings file",
            eh_words_of(s->arena, count - shown, "more comparison", "more comparisons")));
  }
}

/* Where units differ only because others are among their peers. */
static const char *facts_of(struct summary *s) {
  if (s->audit->facts == s->audit->findings) return "";
  return eh_arena_printf(s->arena, ": %s", eh_words_of(s->arena, s->audit->facts, "fact", "facts"));
}

static void put_tail(struct summary *s) {
  fputs("\n", s->stream);
  put(s, "",
      eh_arena_printf(
          s->arena, "%s from %s%s. %s",
          s->audit->findings ? eh_words_of(s->arena, s->audit->findings, "finding", "findings")
                             : "No findings",
          eh_words_of(s->arena, s->audit->tests, "test", "tests"), facts_of(s),
          "A difference is a reason to look at files, not proof that like cases were treated "
          "unlike: what was not recorded may explain it. A unit that is not testable is not "
          "thereby consistent."));
  if (s->audit->findings)
    put(s, "", eh_arena_printf(s->arena, "Chance: %s.", eh_families_line(s->arena, s->audit)));
  for (size_t i = 0; i < s->audit->notes.count; i++) put(s, "", s->audit->notes.items[i]);
}

/* Who has changed against its peers: a line for each that is watched, the signals first. */
static void put_watched(struct summary *s, bool signals, size_t *shown) {
  const struct eh_monitoring *all = s->audit->monitoring;
  for (size_t i = 0; i < all->count; i++)
    for (size_t u = 0; u < all->items[i].unit_count && *shown < MOST_WATCHED; u++) {
      const struct eh_monitored_unit *unit = &all->items[i].units[u];
      if (unit->watch != EH_WATCHED || unit->signal != signals) continue;
      put(s, "  - ", unit->statement);
      ++*shown;
    }
}

static void put_monitoring(struct summary *s) {
  size_t shown = 0;
  if (!s->audit->monitoring) return;
  fputs("\n", s->stream);
  put(s, "", eh_monitoring_line(s->arena, s->audit->monitoring));
  put_watched(s, true, &shown);
  put_watched(s, false, &shown);
}

/* Before against after, all units together. */
static void put_policy_changes(struct summary *s) {
  enum { MOST = 4 };
  const struct eh_policy_changes *changes = s->audit->policy_changes;
  if (!changes) return;
  fputs("\n", s->stream);
  put(s, "", "What policies did");
  for (size_t i = 0; i < changes->count && i < MOST; i++)
    put(s, "  - ", changes->items[i].statement);
  if (changes->count > MOST)
    put(s, "  ", eh_arena_printf(s->arena, "and %s: see the workbook",
                                 eh_words_of(s->arena, changes->count - MOST, "more change",
                                             "more changes")));
}

/* Each goal: met, missed, or how far. */
static void put_goals(struct summary *s) {
  const struct eh_goals *goals = s->audit->goals;
  if (!goals) return;
  fputs("\n", s->stream);
  put(s, "", "Goals");
  for (size_t i = 0; i < goals->count && i < MOST_GOALS; i++)
    put(s, "  - ", goals->items[i].statement);
  if (goals->count > MOST_GOALS)
    put(s, "  ", eh_arena_printf(s->arena, "and %s: see the workbook",
                                 eh_words_of(s->arena, goals->count - MOST_GOALS, "more goal",
                                             "more goals")));
}

/* What is on file of the findings, what waits first. */
static void put_on_file(struct summary *s) {
  if (!s->on_file) return;
  fputs("\n", s->stream);
  put(s, "", eh_on_file_line(s->arena, s->on_file));
  for (size_t i = 0; i < s->on_file->count && i < MOST_GOALS; i++) {
    const char *line = eh_on_file_attention(s->arena, &s->on_file->items[i]);
    if (line) put(s, "  - ", line);
  }
  for (size_t i = 0; i < s->on_file->ledger->note_count; i++)
    put(s, "  ", s->on_file->ledger->notes[i]);
}

/* What deciding as others do would come to. */
static void put_workloads(struct summary *s) {
  const struct eh_workloads *workloads = s->audit->workloads;
  if (!workloads) return;
  fputs("\n", s->stream);
  put(s, "", "Workload");
  for (size_t i = 0; i < workloads->count && i < MOST_GOALS; i++)
    put(s, "  - ", workloads->items[i].statement);
  if (workloads->count > MOST_GOALS) put(s, "  ", "The others stand in the workbook.");
}

/* What it says, in order; each says nothing where there is nothing to say. */
static void (*const paragraphs[])(struct summary *) = {put_head,       put_records, put_inputs,
                                                       put_unreadable, put_sources, put_verdicts,
                                                       put_groups, put_on_file, put_monitoring, put_policy_changes,
                                                       put_goals, put_workloads, put_tail};

enum eh_status eh_summary_write(const struct eh_audit *audit,
                                const struct eh_report_context *context, FILE *stream,
                                struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct summary s = {stream, arena, audit, eh_findings_collect(arena, audit), context->as_of,
                      context->on_file};
  for (size_t i = 0; i < sizeof paragraphs / sizeof paragraphs[0]; i++) paragraphs[i](&s);
  eh_arena_free(arena);
  return eh_stream_check(stream, "the summary", error);
}
