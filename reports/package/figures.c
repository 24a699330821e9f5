/* What the cells alone give, for who redoes it in other software: p and limits as if all decisions
 * were independent, since cells do not tell which go together. */
#include "engine/base/number.h"
#include "reports/data/csv_field.h"
#include "reports/package/package.h"
#include "reports/words/safe.h"

static void put_figure(FILE *stream, struct eh_figure figure) {
  putc(',', stream);
  if (!figure.why_not) fprintf(stream, "%.17g", figure.value);
}

/* As if independent, where the findings file has another one. */
static struct eh_figure independent(const struct eh_result *r, struct eh_figure other,
                                    struct eh_figure own) {
  return r->dependence.clustering ? other : own;
}

static void put_result(FILE *stream, const struct eh_comparison_result *c,
                       const struct eh_result *r) {
  static const char *const kinds[EH_MEASURE_KINDS] = {[EH_MEASURE_EVENT] = "event",
                                                      [EH_MEASURE_CATEGORY] = "category",
                                                      [EH_MEASURE_VALUE] = "value"};
  bool is_value = r->kind == EH_MEASURE_VALUE, is_event = r->kind == EH_MEASURE_EVENT;
  const struct eh_interval *d = is_value ? &r->value.difference : &r->share.difference;
  struct eh_figure none = eh_no_figure("");
  struct eh_figure test = is_event || r->test.why_not ? none : eh_figure(r->test.p);
  eh_csv_put_field(stream, c->title);
  putc(',', stream);
  eh_csv_put_field(stream, r->unit);
  fprintf(stream, ",%s,%llu,%llu", eh_cells_are_adjusted(c->cells) ? "balanced" : kinds[r->kind],
          (unsigned long long)r->records, (unsigned long long)r->comparable);
  putc(',', stream);
  eh_csv_put_field(stream, r->kind == EH_MEASURE_CATEGORY && !d->estimate.why_not
                               ? r->category.items[r->category.largest].label
                               : "");
  put_figure(stream, d->estimate);
  put_figure(stream, independent(r, r->dependence.low, d->low));
  put_figure(stream, independent(r, r->dependence.high, d->high));
  put_figure(stream, is_event ? r->event.odds_ratio.estimate : none);
  fprintf(stream, ",%s", is_event && r->event.odds_ratio_method ? r->event.odds_ratio_method : "");
  put_figure(stream, test);
  put_figure(stream, is_event ? independent(r, r->dependence.p, r->p) : none);
  fprintf(stream, ",%s\n", is_event && r->p_from ? r->p_from : "");
}

enum eh_status eh_package_figures_write(const struct eh_audit *audit, FILE *stream,
                                        struct eh_error *error) {
  fputs(
      "comparison,unit,kind,records,comparable,outcome,difference,low,high,odds_ratio,"
      "odds_ratio_method,test_p,p,p_from\n",
      stream);
  for (size_t i = 0; i < audit->comparison_count; i++)
    for (size_t k = 0; k < audit->comparisons[i].result_count; k++)
      put_result(stream, &audit->comparisons[i], &audit->comparisons[i].results[k]);
  return eh_stream_check(stream, "the figures", error);
}
