/* A release as a page that can be posted: one file, which asks nothing of any network and works
 * without scripts. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/release/html.h"
#include "reports/release/page_parts.h"
#include "reports/words/safe.h"

const char *eh_page_points(struct eh_arena *arena, int points) {
  const char *sign = points > 0 ? "+" : points < 0 ? "\xE2\x88\x92" : "";
  return eh_arena_printf(arena, "%s%d", sign, abs(points));
}

static void put_head(const struct eh_page *page, const struct eh_report_context *context) {
  eh_html_print(page->stream,
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
                "<meta name=\"generator\" content=\"evenhand %s\">\n<title>%s</title>\n<style>\n",
                context->version, page->release->rules->title);
  fputs(eh_page_style, page->stream);
  fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n",
        page->stream);
}

static void put_title(const struct eh_page *page, const struct eh_report_context *context) {
  const struct eh_publication *by = &page->release->rules->publication;
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  fputs("<header>\n", page->stream);
  if (by->department) eh_html_print(page->stream, "<p class=\"from\">%s</p>\n", by->department);
  eh_html_print(page->stream, "<h1>%s</h1>\n<p class=\"from\">As of %s%s%s</p>\n</header>\n",
                page->release->rules->title, as_of, by->period ? " \xC2\xB7 " : "",
                by->period ? by->period : "");
}

static void put_contents(const struct eh_page *page) {
  const struct eh_release *r = page->release;
  fputs("<nav aria-label=\"On this page\">\n<ul>\n<li><a href=\"#about\">What this is</a></li>\n",
        page->stream);
  for (size_t m = 0; m < r->measure_count; m++)
    eh_html_print(page->stream, "<li><a href=\"#measure-%s\">%s</a></li>\n",
                  eh_words_count(page->arena, m + 1), r->measures[m].measure->name);
  if (r->individual_count)
    fputs("<li><a href=\"#individuals\">How widely those who decide differ</a></li>\n",
          page->stream);
  fputs("<li><a href=\"#read\">How to read the figures</a></li>\n</ul>\n</nav>\n", page->stream);
}

static void put_about(const struct eh_page *page) {
  const struct eh_release *r = page->release;
  fputs("<section aria-labelledby=\"about\">\n<h2 id=\"about\">What this is</h2>\n", page->stream);
  if (r->rules->about[0]) eh_html_print(page->stream, "<p>%s</p>\n", r->rules->about);
  if (r->rules->publication.statement)
    eh_html_print(page->stream, "<p>%s</p>\n", r->rules->publication.statement);
  if (r->withheld)
    eh_html_print(page->stream, "<p class=\"note\">No table can be shown: %s.</p>\n", r->withheld);
  fputs("</section>\n", page->stream);
}

static const char *sentence_of(const struct eh_page *page, size_t measure) {
  const struct eh_release *r = page->release;
  const struct eh_release_measure *m = &r->measures[measure];
  struct eh_arena *arena = page->arena;
  const char *rate = m->all.percent_step
                         ? eh_arena_printf(arena, "%u%% of %s records", m->all.percent,
                                           eh_words_count(arena, m->all.records))
                         : eh_arena_printf(arena, "too few of %s records for a rate",
                                           eh_words_count(arena, m->all.records));
  return eh_arena_printf(arena, "%s in all. Of the %s shown, %s from the others in these figures.",
                         rate, eh_words_of(arena, r->unit_count, "unit", "units"),
                         m->stand == 1 ? "1 differs"
                         : m->stand
                             ? eh_arena_printf(arena, "%s differ", eh_words_count(arena, m->stand))
                             : "none was found to differ");
}

static void put_measure(const struct eh_page *page, size_t measure) {
  const struct eh_release *r = page->release;
  const char *number = eh_words_count(page->arena, measure + 1);
  eh_html_print(page->stream,
                "<section aria-labelledby=\"measure-%s\">\n<h2 id=\"measure-%s\">%s</h2>\n"
                "<p>Counted are, %s.</p>\n<p>%s</p>\n",
                number, number, r->measures[measure].measure->name,
                eh_release_meaning(page->arena, r, r->measures[measure].measure),
                sentence_of(page, measure));
  eh_page_draw(page, measure);
  eh_page_table(page, measure);
  fputs("</section>\n", page->stream);
}

static const char *many(struct eh_arena *arena, uint64_t count) {
  return count ? eh_words_count(arena, count) : "too few";
}

static void put_individuals(const struct eh_page *page) {
  const struct eh_release *r = page->release;
  if (!r->individual_count) return;
  fputs(
      "<section aria-labelledby=\"individuals\">\n"
      "<h2 id=\"individuals\">How widely those who decide differ</h2>\n"
      "<p>No individual is shown: only how many there are, and how widely they differ.</p>\n"
      "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-individuals\">\n"
      "<table>\n<caption id=\"table-individuals\">Individuals, by measure</caption>\n<thead><tr>"
      "<th scope=\"col\">Measure</th><th scope=\"col\" class=\"text\">Across</th>"
      "<th scope=\"col\">Individuals</th><th scope=\"col\">With enough records</th>"
      "<th scope=\"col\">That differ</th><th scope=\"col\">Usual rate from</th>"
      "<th scope=\"col\">Usual rate to</th></tr></thead>\n<tbody>\n",
      page->stream);
  for (size_t i = 0; i < r->individual_count; i++) {
    const struct eh_release_individuals *of = &r->individuals[i];
    struct eh_arena *arena = page->arena;
    eh_html_print(page->stream,
                  "<tr><th scope=\"row\">%s</th><td class=\"text\">%s</td><td>%s</td><td>%s</td>"
                  "<td>%s</td><td>%s</td><td>%s</td></tr>\n",
                  of->measure->name, of->across, many(arena, of->count), many(arena, of->testable),
                  many(arena, of->findings),
                  of->has_range ? eh_arena_printf(arena, "%u%%", of->low) : "too few",
                  of->has_range ? eh_arena_printf(arena, "%u%%", of->high) : "too few");
  }
  fputs("</tbody>\n</table>\n</div>\n</section>\n", page->stream);
}

static void put_how_to_read(const struct eh_page *page) {
  const struct eh_release *r = page->release;
  fputs("<section aria-labelledby=\"read\">\n<h2 id=\"read\">How to read the figures</h2>\n<ul>\n",
        page->stream);
  for (size_t i = 0; i < r->notes.count; i++)
    eh_html_print(page->stream, "<li>%s</li>\n", r->notes.items[i]);
  fputs("</ul>\n", page->stream);
  if (r->not_shown.count)
    eh_html_print(page->stream, "<p>Not shown: %s.</p>\n",
                  eh_words_join(page->arena, r->not_shown.items, r->not_shown.count, "; "));
  fputs("</section>\n", page->stream);
}

/* A file beside the page, as an address. */
static const char *link_to(struct eh_arena *arena, const char *file) {
  const char *link = "";
  for (; *file; file++) {
    bool stands = strchr("-._~", *file) || isalnum((unsigned char)*file);
    link = eh_arena_printf(arena, stands ? "%s%c" : "%s%%%02X", link, (unsigned char)*file);
  }
  return link;
}

/* A web address or an address of mail is a link; any other text stays one. */
static void put_contact(const struct eh_page *page, const char *contact) {
  const char *to = strncmp(contact, "https://", 8) == 0 ? "" : "mailto:";
  bool is_link = !contact[strcspn(contact, " \t\n")] && (!*to || strchr(contact, '@'));
  if (is_link)
    eh_html_print(page->stream, "<p>Contact: <a href=\"%s%s\">%s</a></p>\n", to, contact, contact);
  else
    eh_html_print(page->stream, "<p>Contact: %s</p>\n", contact);
}

static void put_foot(const struct eh_page *page, const struct eh_report_context *context,
                     const char *figures) {
  const struct eh_rules *rules = page->release->rules;
  fputs("<footer>\n", page->stream);
  eh_html_print(page->stream,
                "<p>The same figures as a table for spreadsheets: <a href=\"%s\">%s</a></p>\n",
                link_to(page->arena, figures), figures);
  if (rules->publication.contact) put_contact(page, rules->publication.contact);
  eh_html_print(page->stream,
                "<p class=\"soft\">Made by evenhand %s from rules with the SHA-256 %s.</p>\n"
                "</footer>\n",
                context->version, rules->sha256);
}

enum eh_status eh_release_page_write(const struct eh_release *release,
                                     const struct eh_report_context *context, const char *figures,
                                     FILE *stream, struct eh_error *error) {
  struct eh_page page = {stream, eh_arena_new(), release};
  put_head(&page, context);
  put_title(&page, context);
  put_contents(&page);
  fputs("<main id=\"content\">\n", stream);
  put_about(&page);
  for (size_t m = 0; m < release->measure_count; m++) put_measure(&page, m);
  put_individuals(&page);
  put_how_to_read(&page);
  fputs("</main>\n", stream);
  put_foot(&page, context, figures);
  fputs("<script>\n", stream);
  fputs(eh_page_script, stream);
  fputs("</script>\n</body>\n</html>\n", stream);
  eh_arena_free(page.arena);
  return eh_stream_check(stream, "the page", error);
}
