/* A release's figures as CSV: a row for each unit and measure, the sums, and the individuals. Rates
 * are in percent, differences in points, as on the page. */
#include "reports/data/csv_field.h"
#include "reports/release/release.h"
#include "reports/words/safe.h"

static void put_text(FILE *stream, const char *text) {
  eh_csv_put_field(stream, text);
  putc(',', stream);
}

static void put_count(FILE *stream, const struct eh_release_count *count) {
  fprintf(stream, "%llu,%llu,", (unsigned long long)count->records,
          (unsigned long long)count->events);
  if (count->percent_step)
    fprintf(stream, "%u,%u,", count->percent, count->percent_within);
  else
    fputs(",,", stream);
}

static void put_row(FILE *stream, const struct eh_release *r, const char *measure, const char *unit,
                    const struct eh_release_count *count) {
  put_text(stream, measure);
  put_text(stream, r->across);
  put_text(stream, unit);
  put_count(stream, count);
}

static void put_unit(FILE *stream, const struct eh_release *r, size_t unit, size_t measure) {
  const struct eh_release_unit *u = &r->units[unit];
  const struct eh_release_difference *d = &u->differences[measure];
  put_row(stream, r, r->measures[measure].measure->name, u->name, &u->counts[measure]);
  if (d->why_not)
    fputs(",,,,,", stream);
  else
    fprintf(stream, "%d,%d,%d,%u,%s,", d->points, d->low, d->high, d->within, d->finding);
  put_text(stream, d->why_not ? d->why_not : "");
  fputs(",,,,\n", stream);
}

static void put_sum(FILE *stream, const struct eh_release *r, size_t measure, const char *what,
                    const struct eh_release_count *count) {
  put_row(stream, r, r->measures[measure].measure->name, what, count);
  fputs(",,,,,a sum,,,,,\n", stream);
}

static void put_many(FILE *stream, uint64_t count) {
  if (count) fprintf(stream, "%llu", (unsigned long long)count);
  putc(',', stream);
}

static void put_individuals(FILE *stream, const struct eh_release_individuals *i) {
  put_text(stream, i->measure->name);
  put_text(stream, i->across);
  fputs("individuals,,,,,,,,,,,", stream);
  put_many(stream, i->count);
  put_many(stream, i->testable);
  put_many(stream, i->findings);
  if (i->has_range)
    fprintf(stream, "%u,%u\n", i->low, i->high);
  else
    fputs(",\n", stream);
}

enum eh_status eh_release_figures_write(const struct eh_release *r, FILE *stream,
                                        struct eh_error *error) {
  fputs(
      "measure,across,unit,records,events,rate,rate_within,difference,from,to,difference_within,"
      "finding,no_difference_because,individuals,with_enough_records,that_differ,usual_rate_from,"
      "usual_rate_to\n",
      stream);
  for (size_t m = 0; m < r->measure_count; m++) {
    for (size_t u = 0; u < r->unit_count; u++) put_unit(stream, r, u, m);
    if (r->not_shown.count) put_sum(stream, r, m, "All units not shown", &r->measures[m].others);
    put_sum(stream, r, m, "All units", &r->measures[m].all);
  }
  for (size_t i = 0; i < r->individual_count; i++) put_individuals(stream, &r->individuals[i]);
  return eh_stream_check(stream, "the figures", error);
}
