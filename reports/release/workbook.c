/* A release as a workbook: what it is, its table, and how much individuals differ. */
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/book/listing.h"
#include "reports/release/release.h"

#define TEXT(type, member) .kind = EH_VALUE_TEXT, .at = offsetof(struct type, member)
#define COUNT(type, member) \
  .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = offsetof(struct type, member)
#define FIGURE(type, member)                                          \
  .kind = EH_VALUE_FIGURE, .at = offsetof(struct type, member.value), \
  .reason_at = offsetof(struct type, member.why_not)

enum { LAST = 9 };
static const double WIDTH = 10.0, PAGE_WIDTH = 10 * 10.7 - 0.7;

struct unit_row {
  const char *measure, *unit, *finding, *why;
  uint64_t records, events;
  struct eh_figure rate, rate_within, difference, low, high, within;
};

static const struct eh_listing_column unit_columns[] = {
    {"Measure", NULL, 30, EH_STYLE_WRAPPED, TEXT(unit_row, measure)},
    {"Unit", NULL, 26, EH_STYLE_WRAPPED, TEXT(unit_row, unit)},
    {"Records", NULL, 11, COUNT(unit_row, records)},
    {"Events", NULL, 11, COUNT(unit_row, events)},
    {"Rate", NULL, 9, EH_STYLE_PERCENT, FIGURE(unit_row, rate)},
    {"Rate within", NULL, 9, EH_STYLE_PERCENT, FIGURE(unit_row, rate_within)},
    {"Difference from the others", NULL, 12, EH_STYLE_DIFFERENCE, FIGURE(unit_row, difference)},
    {"From", NULL, 9, EH_STYLE_DIFFERENCE, FIGURE(unit_row, low)},
    {"To", NULL, 9, EH_STYLE_DIFFERENCE, FIGURE(unit_row, high)},
    {"Difference within", NULL, 11, EH_STYLE_PERCENT, FIGURE(unit_row, within)},
    {"Finding", NULL, 10, EH_STYLE_TEXT, TEXT(unit_row, finding)},
    {"No difference because", NULL, 30, EH_STYLE_WRAPPED, TEXT(unit_row, why)},
};

struct individual_row {
  const char *measure, *across;
  struct eh_figure count, testable, findings, low, high;
};

static const struct eh_listing_column individual_columns[] = {
    {"Measure", NULL, 30, EH_STYLE_WRAPPED, TEXT(individual_row, measure)},
    {"Across", NULL, 20, EH_STYLE_TEXT, TEXT(individual_row, across)},
    {"Individuals", NULL, 12, EH_STYLE_COUNT, FIGURE(individual_row, count)},
    {"With enough records", NULL, 12, EH_STYLE_COUNT, FIGURE(individual_row, testable)},
    {"That differ", NULL, 12, EH_STYLE_COUNT, FIGURE(individual_row, findings)},
    {"Usual rate from", NULL, 12, EH_STYLE_PERCENT, FIGURE(individual_row, low)},
    {"Usual rate to", NULL, 12, EH_STYLE_PERCENT, FIGURE(individual_row, high)},
};

struct pages {
  struct eh_arena *arena;
  const struct eh_release *release;
  struct eh_sheet *about;
  struct eh_listing units, individuals;
  struct unit_row unit;
  struct individual_row individual;
};

/* Of each measure: all units, those shown, and those not shown together. */
static size_t rows_of_measure(const struct eh_release *r) {
  return 1 + r->unit_count + (r->not_shown.count > 0);
}

static struct unit_row sum_row(const char *unit, const struct eh_release_count *count) {
  const char *none = "a sum", *no_rate = count->percent_step ? NULL : "too few records";
  return (struct unit_row){.unit = unit,
                           .records = count->records,
                           .events = count->events,
                           .rate = {count->percent / 100.0, no_rate},
                           .rate_within = {count->percent_within / 100.0, no_rate},
                           .within = eh_no_figure(none),
                           .difference = eh_no_figure(none),
                           .low = eh_no_figure(none),
                           .high = eh_no_figure(none)};
}

static const void *unit_row(void *context, size_t index) {
  struct pages *p = context;
  const struct eh_release *r = p->release;
  size_t measure = index / rows_of_measure(r), at = index % rows_of_measure(r);
  const struct eh_release_measure *m = &r->measures[measure];
  if (at == 0) {
    p->unit = sum_row("All units", &m->all);
  } else if (at > r->unit_count) {
    p->unit = sum_row("All units not shown", &m->others);
  } else {
    const struct eh_release_unit *unit = &r->units[at - 1];
    const struct eh_release_difference *d = &unit->differences[measure];
    p->unit = sum_row(unit->name, &unit->counts[measure]);
    p->unit.finding = d->finding;
    p->unit.why = d->why_not;
    p->unit.difference = (struct eh_figure){d->points / 100.0, d->why_not};
    p->unit.within = (struct eh_figure){d->within / 100.0, d->why_not};
    p->unit.low = (struct eh_figure){d->low / 100.0, d->why_not};
    p->unit.high = (struct eh_figure){d->high / 100.0, d->why_not};
  }
  p->unit.measure = m->measure->name;
  return &p->unit;
}

static struct eh_figure many(uint64_t count) {
  return count ? eh_figure((double)count) : eh_no_figure("too few");
}

static const void *individual_row(void *context, size_t index) {
  struct pages *p = context;
  const struct eh_release_individuals *i = &p->release->individuals[index];
  const char *why_not = i->has_range ? NULL : "too few";
  p->individual = (struct individual_row){.measure = i->measure->name,
                                          .across = i->across,
                                          .count = many(i->count),
                                          .testable = many(i->testable),
                                          .findings = many(i->findings),
                                          .low = {i->low / 100.0, why_not},
                                          .high = {i->high / 100.0, why_not}};
  return &p->individual;
}

static void plan(struct pages *p, struct eh_book *book) {
  const struct eh_release *r = p->release;
  const char *back = eh_sheet_target(p->about, 0, 0);
  p->units = (struct eh_listing){.title = "Units",
                                 .subtitle = r->across,
                                 .identifier = "Units",
                                 .columns = unit_columns,
                                 .column_count = sizeof unit_columns / sizeof *unit_columns,
                                 .frozen = 2,
                                 .count = r->measure_count * rows_of_measure(r),
                                 .rows_per_sheet = EH_SHEET_ROWS,
                                 .empty = r->withheld,
                                 .back = back};
  eh_listing_plan(book, &p->units, "Units");
  p->individuals =
      (struct eh_listing){.title = "Individuals",
                          .subtitle = "How widely those who decide differ; empty where too few",
                          .identifier = "Individuals",
                          .columns = individual_columns,
                          .column_count = sizeof individual_columns / sizeof *individual_columns,
                          .frozen = 1,
                          .count = r->individual_count,
                          .rows_per_sheet = EH_SHEET_ROWS,
                          .empty = "the rules have no comparison across individuals",
                          .back = back};
  eh_listing_plan(book, &p->individuals, "Individuals");
}

static void put(struct pages *p, uint32_t *row, const char *text, enum eh_style style) {
  eh_sheet_paragraph(p->about, (*row)++, 0, LAST, PAGE_WIDTH, text, style);
}

static void write_about(struct pages *p, const struct eh_report_context *context) {
  const struct eh_release *r = p->release;
  const struct eh_publication *by = &r->rules->publication;
  char as_of[11];
  uint32_t row = 0;
  eh_date_format(context->as_of, as_of);
  eh_sheet_width(p->about, 0, LAST, WIDTH);
  put(p, &row, r->rules->title, EH_STYLE_TITLE);
  put(p, &row,
      eh_arena_printf(p->arena, "For the public  \xC2\xB7  as of %s  \xC2\xB7  evenhand %s", as_of,
                      context->version),
      EH_STYLE_SUBTITLE);
  if (by->department) put(p, &row, by->department, EH_STYLE_SUBTITLE);
  if (by->period) put(p, &row, by->period, EH_STYLE_SUBTITLE);
  if (r->rules->about[0]) put(p, &row, r->rules->about, EH_STYLE_PARAGRAPH);
  if (by->statement) put(p, &row, by->statement, EH_STYLE_PARAGRAPH);
  if (by->contact)
    put(p, &row, eh_arena_printf(p->arena, "Contact: %s", by->contact), EH_STYLE_PARAGRAPH);
  if (r->withheld)
    put(p, &row, eh_arena_printf(p->arena, "No table can be shown: %s.", r->withheld),
        EH_STYLE_PARAGRAPH);
  put(p, &row, "What is counted", EH_STYLE_HEADING);
  for (size_t m = 0; m < r->measure_count; m++)
    put(p, &row,
        eh_arena_printf(p->arena, "%s: %s.", r->measures[m].measure->name,
                        eh_release_meaning(p->arena, r, r->measures[m].measure)),
        EH_STYLE_PARAGRAPH);
  put(p, &row, "What is shown", EH_STYLE_HEADING);
  for (size_t i = 0; i < r->notes.count; i++) put(p, &row, r->notes.items[i], EH_STYLE_PARAGRAPH);
  if (r->not_shown.count)
    put(p, &row,
        eh_arena_printf(p->arena, "Not shown: %s.",
                        eh_words_join(p->arena, r->not_shown.items, r->not_shown.count, "; ")),
        EH_STYLE_PARAGRAPH);
  eh_sheet_page(p->about, false, 0);
}

enum eh_status eh_release_workbook_write(const struct eh_release *release,
                                         const struct eh_report_context *context, const char *path,
                                         struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = {
      .title = release->rules->title,
      .subject = "Release to the public",
      .comments = eh_arena_printf(arena, "Written by evenhand %s.", context->version),
      .created = context->as_of,
  };
  struct eh_book *book = eh_book_open(arena, path, &about, error);
  if (book) {
    struct pages p = {
        .arena = arena, .release = release, .about = eh_book_add_sheet(book, "About")};
    plan(&p, book);
    write_about(&p, context);
    eh_listing_write(&p.units, unit_row, &p);
    eh_listing_write(&p.individuals, individual_row, &p);
    status = eh_book_close(book, error);
  }
  eh_arena_free(arena);
  return status;
}
