/* A profile on the terminal: the verdicts, the doubts, the columns. */
#include <string.h>

#include "engine/base/words.h"
#include "reports/words/inputs.h"
#include "reports/words/paragraph.h"
#include "reports/profile.h"
#include "reports/words/safe.h"

enum { MOST_DOUBTS = 12, MOST_OF_KIND = 3 };

static const char *role_name(const struct eh_survey *s, int column) {
  return column >= 0 ? s->columns[column].name : "none found";
}

static void put_head(FILE *stream, struct eh_arena *arena, const struct eh_reliability *r) {
  const struct eh_survey *s = r->survey;
  const char *bad =
      s->account.unusable
          ? eh_arena_printf(arena, "; %s no records and left out",
                            eh_words_of(arena, s->account.unusable, "line is", "lines are"))
          : "";
  eh_paragraph_write(
      stream, arena, "",
      eh_arena_printf(arena, "%s read from %s%s",
                      eh_words_of(arena, s->account.read, "record", "records"),
                      eh_words_of(arena, s->account.input_count, "file", "files"), bad));
  for (size_t i = 0; i < s->account.input_count; i++) {
    const char *line = eh_inputs_line(arena, &s->account.inputs[i]);
    if (line) eh_paragraph_write(stream, arena, "  ", line);
  }
  if (s->rules) return;
  const char *units = "";
  for (size_t u = 0; u < s->roles.unit_count; u++)
    units =
        eh_arena_printf(arena, "%s, %s %s", units, s->roles.is_individual[u] ? "officer" : "office",
                        s->columns[s->roles.units[u]].name);
  eh_paragraph_write(
      stream, arena, "",
      eh_arena_printf(arena,
                      "Guessed: case %s, person %s, date %s%s. With --rules, "
                      "the rules decide, and their measures are assessed.",
                      role_name(s, s->roles.case_column), role_name(s, s->roles.person_column),
                      role_name(s, s->roles.date_column), units));
}

static void put_doubts(FILE *stream, struct eh_arena *arena, const struct eh_reliability *r) {
  size_t shown = 0, of_kind = 0;
  fprintf(stream, "\n");
  if (r->doubt_count == 0) {
    eh_paragraph_write(stream, arena, "",
                       "Nothing was found that raises doubt. That is no proof: "
                       "what was never recorded leaves no trace.");
    return;
  }
  eh_paragraph_write(
      stream, arena, "",
      eh_arena_printf(arena, "%s:", eh_words_of(arena, r->doubt_count, "doubt", "doubts")));
  for (size_t i = 0; i < r->doubt_count && shown < MOST_DOUBTS; i++) {
    of_kind = i && r->doubts[i].kind == r->doubts[i - 1].kind ? of_kind + 1 : 1;
    if (of_kind > MOST_OF_KIND) continue;
    eh_paragraph_write(stream, arena, "  - ", r->doubts[i].text);
    shown++;
  }
  if (shown < r->doubt_count)
    eh_paragraph_write(stream, arena, "  ",
                       eh_arena_printf(arena, "and %s more: see the workbook or --json",
                                       eh_words_count(arena, r->doubt_count - shown)));
}

static void put_columns(FILE *stream, struct eh_arena *arena, const struct eh_reliability *r) {
  fprintf(stream, "\n%-28s %-7s %10s %8s  %s\n", "Column", "Type", "Distinct", "Missing",
          "Most frequent");
  for (size_t i = 0; i < r->column_count; i++) {
    const struct eh_column_profile *p = &r->columns[i];
    const char *name = eh_safe_line(arena, p->name);
    const char *most = p->is_nearly_unique      ? "(nearly all differ)"
                       : p->most_frequent_count ? eh_safe_line(arena, p->most_frequent[0].text)
                                                : "";
    size_t name_fits = eh_safe_fit(name, 28), most_fits = eh_safe_fit(most, 22);
    size_t pad = 28 - eh_safe_characters(eh_arena_copy(arena, name, name_fits));
    fprintf(stream, "%.*s%*s %-7s %10s %8s  %.*s\n", (int)name_fits, name, (int)pad, "", p->kind,
            eh_arena_printf(arena, "%s%s", p->distinct_is_estimate ? "~" : "",
                            eh_words_count(arena, p->distinct)),
            p->missing_share.why_not ? "-" : eh_words_percent(arena, p->missing_share.value),
            (int)most_fits, most);
  }
}

enum eh_status eh_profile_summary_write(const struct eh_reliability *reliability, FILE *stream,
                                        struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  put_head(stream, arena, reliability);
  put_columns(stream, arena, reliability);
  put_doubts(stream, arena, reliability);
  if (reliability->detectable) {
    fprintf(stream, "\n");
    eh_paragraph_write(stream, arena, "", reliability->detectable->text);
  }
  fprintf(stream, "\n");
  for (size_t i = 0; i < reliability->verdict_count; i++)
    eh_paragraph_write(stream, arena, "", reliability->verdicts[i].text);
  eh_arena_free(arena);
  return eh_stream_check(stream, "the summary", error);
}
