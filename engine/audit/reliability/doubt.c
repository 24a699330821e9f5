/* What all parts of the assessment use: to add a doubt, to word it, and to tell it from chance. */
#include <math.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"
#include "engine/base/date.h"

void eh_assess_doubt(struct eh_assessment *a, const struct eh_doubt *doubt) {
  struct eh_reliability *r = a->result;
  if (r->doubt_count == a->doubt_capacity) {
    a->doubt_capacity = a->doubt_capacity ? 2 * a->doubt_capacity : 64;
    struct eh_doubt *more = eh_arena_alloc(a->arena, a->doubt_capacity, sizeof *more);
    if (r->doubt_count) memcpy(more, r->doubts, r->doubt_count * sizeof *more);
    r->doubts = more;
  }
  struct eh_doubt *kept = &r->doubts[r->doubt_count++];
  *kept = *doubt;
  if (doubt->of)
    kept->share = eh_figure((double)doubt->records / (double)doubt->of);
  else
    kept->share = eh_no_figure("of no known number");
  if (kept->usual.why_not == NULL && kept->usual.value == 0 && doubt->kind != EH_DOUBT_NO_EVENTS)
    kept->usual = eh_no_figure("none is usual");
}

const char *eh_assess_percent(struct eh_arena *arena, double fraction) {
  double percent = 100 * fraction;
  int decimals = percent > 0 && percent < 100 && (percent < 10 || percent > 90) ? 1 : 0;
  if (percent > 0 && percent < 0.05) return "under 0.1%";
  if (percent < 100 && percent > 99.95) return "over 99.9%";
  return eh_arena_printf(arena, "%.*f%%", decimals, percent);
}

const char *eh_assess_day(struct eh_arena *arena, int32_t day) {
  char text[11];
  eh_date_format(day, text);
  return eh_arena_string(arena, text);
}

const char *eh_assess_line(const struct eh_assessment *a, const struct eh_survey_place *place) {
  const struct eh_account *account = &a->survey->account;
  const char *word = account->inputs[place->input].place;
  const char *line =
      eh_arena_printf(a->arena, "%s %llu", word ? word : "line", (unsigned long long)place->line);
  if (account->input_count < 2) return line;
  return eh_arena_printf(a->arena, "%s of %s", line, account->inputs[place->input].name);
}

static const double CHANCE = 0.001;

bool eh_assess_exceeds(double k, double n, double p, double places) {
  if (n <= 0 || k <= n * p) return false;
  double rate = k / n, score = k * log(rate / p);
  if (rate < 1) score += (n - k) * log((1 - rate) / (1 - p));
  return score >= log(places / CHANCE);
}
