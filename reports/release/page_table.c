#include "engine/base/words.h"
#include "reports/release/html.h"
#include "reports/release/page_parts.h"

/* A figure with what it is sorted by. */
static void put_count(const struct eh_page *page, uint64_t count) {
  fprintf(page->stream, "<td data-key=\"%llu\">", (unsigned long long)count);
  eh_html_print(page->stream, "%s</td>", eh_words_count(page->arena, count));
}

static void put_points(const struct eh_page *page, int points) {
  fprintf(page->stream, "<td data-key=\"%d\">", points);
  eh_html_print(page->stream, "%s</td>", eh_page_points(page->arena, points));
}

static void put_counts(const struct eh_page *page, const char *unit,
                       const struct eh_release_count *count) {
  eh_html_print(page->stream, "<th scope=\"row\">%s</th>", unit);
  put_count(page, count->records);
  put_count(page, count->events);
  if (count->percent_step)
    fprintf(page->stream, "<td data-key=\"%u\">%u%%</td><td data-key=\"%u\">%u</td>",
            count->percent, count->percent, count->percent_within, count->percent_within);
  else
    fputs("<td data-key=\"\">too few</td><td data-key=\"\"></td>", page->stream);
}

static void put_sum(const struct eh_page *page, const char *what,
                    const struct eh_release_count *count) {
  fputs("<tr class=\"sum\">", page->stream);
  put_counts(page, what, count);
  fputs("<td></td><td></td><td></td><td></td><td class=\"text\">a sum</td></tr>\n", page->stream);
}

static void put_unit(const struct eh_page *page, const struct eh_release_unit *unit,
                     size_t measure) {
  const struct eh_release_difference *d = &unit->differences[measure];
  fputs("<tr>", page->stream);
  put_counts(page, unit->name, &unit->counts[measure]);
  if (d->why_not) {
    for (int i = 0; i < 4; i++) fputs("<td data-key=\"\"></td>", page->stream);
  } else {
    put_points(page, d->points);
    put_points(page, d->low);
    put_points(page, d->high);
    fprintf(page->stream, "<td data-key=\"%u\">%u</td>", d->within, d->within);
  }
  eh_html_print(page->stream, "<td class=\"text\">%s</td></tr>\n",
                d->why_not ? d->why_not : d->finding);
}

void eh_page_table(const struct eh_page *page, size_t measure) {
  const struct eh_release *r = page->release;
  const struct eh_release_measure *m = &r->measures[measure];
  const char *number = eh_words_count(page->arena, measure + 1);
  eh_html_print(
      page->stream,
      "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-%s\">\n"
      "<table>\n<caption id=\"table-%s\">%s, by %s</caption>\n<thead><tr>"
      "<th scope=\"col\">%s</th><th scope=\"col\">Records</th><th scope=\"col\">Events</th>"
      "<th scope=\"col\">Rate</th><th scope=\"col\">Rate within \xC2\xB1 points</th>"
      "<th scope=\"col\">Difference from the others, points</th>"
      "<th scope=\"col\">From</th><th scope=\"col\">To</th>"
      "<th scope=\"col\">Difference within \xC2\xB1 points</th>"
      "<th scope=\"col\" class=\"text\">Finding</th></tr></thead>\n<tbody>\n",
      number, number, m->measure->name, r->across, r->across);
  for (size_t u = 0; u < r->unit_count; u++) put_unit(page, &r->units[u], measure);
  fputs("</tbody>\n<tfoot>\n", page->stream);
  if (r->not_shown.count) put_sum(page, "All units not shown", &m->others);
  put_sum(page, "All units", &m->all);
  fputs("</tfoot>\n</table>\n</div>\n", page->stream);
}
