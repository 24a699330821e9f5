/* The workbook of a follow-up. */
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/followup/followup.h"
#include "reports/followup/ledger_sheet.h"
#include "reports/followup/sentences.h"

enum { LAST = 11, MOST_FIRST = 10 };
static const double WIDTH = 9.0, PAGE_WIDTH = 12 * 9.7 - 0.7;

struct follow_row {
  const char *attention, *status, *unit, *measure, *across, *place, *each, *statement;
  struct eh_figure was, was_low, was_high, expected, now, now_low, now_high, z, q;
  struct eh_link ledger;
};

#define AT(member) offsetof(struct follow_row, member)
#define TEXT(member) .style = EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(member)
#define WRAPPED(member) .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)
#define DIFFERENCE(member) .style = EH_STYLE_DIFFERENCE, FIGURE(member)

#define UNIT \
  { "Unit", "Whom the finding is about.", 14, WRAPPED(unit), .widest = 30 }
#define MEASURE \
  { "Measure", "What is asked.", 22, WRAPPED(measure) }
#define ACROSS \
  { "Across", "Between whom.", 14, WRAPPED(across) }
#define PLACE \
  { "Within", "Where the unit has most of its records.", 18, WRAPPED(place) }
#define EACH \
  { "Each", "The part of the records that is compared.", 16, WRAPPED(each) }
#define LEDGER \
  { "Ledger", "It leads to the finding's row in the ledger.", 9, .style = EH_STYLE_LINK, .kind = EH_VALUE_LINK, .at = AT(ledger) }

static const struct eh_listing_column earlier_columns[] = {
    {"To do first", "By the ledger: closed as implemented but found again, or overdue.", 18,
     WRAPPED(attention)},
    UNIT,
    {"Status", "What became of the finding, by the later figures alone.", 16, WRAPPED(status)},
    {"In words", "Then, now, and what chance alone would have made of it.", 60, WRAPPED(statement)},
    MEASURE,
    ACROSS,
    PLACE,
    EACH,
    {"Was", "The difference from peers in the earlier audit.", 9, DIFFERENCE(was)},
    {"Was from", "Its lower limit.", 9, DIFFERENCE(was_low)},
    {"Was to", "Its upper limit.", 9, DIFFERENCE(was_high)},
    {"Expected now",
     "Had nothing changed: B x the earlier difference, B = tau^2/(tau^2 + v). Who was found for "
     "being far out comes back nearer by chance.",
     10, DIFFERENCE(expected)},
    {"Now", "The difference in the later audit.", 9, DIFFERENCE(now)},
    {"Now from", "Its lower limit.", 9, DIFFERENCE(now_low)},
    {"Now to", "Its upper limit.", 9, DIFFERENCE(now_high)},
    {"z",
     "(later - B earlier)/sqrt(B v + v'), of log odds less the centre of their units: above 0, "
     "higher than expected.",
     8, .style = EH_STYLE_AMOUNT, FIGURE(z)},
    {"q",
     "Of z, over all earlier findings (Benjamini and Hochberg): how much chance it takes to call "
     "this a change.",
     9, .style = EH_STYLE_P, FIGURE(q)},
    LEDGER,
};

static const struct eh_listing_column fresh_columns[] = {
    UNIT, MEASURE, ACROSS, PLACE, EACH,
    {"Now", "The difference from peers.", 9, DIFFERENCE(now)},
    {"Now from", "Its lower limit.", 9, DIFFERENCE(now_low)},
    {"Now to", "Its upper limit.", 9, DIFFERENCE(now_high)},
    {"In words", "The same in a sentence.", 60, WRAPPED(statement)},
    LEDGER,
};

struct page {
  struct eh_arena *arena;
  const struct eh_followup *up;
  struct eh_sheet *summary, *method;
  uint32_t row;
  struct eh_listing earlier, fresh;
  struct eh_ledger_sheet ledger;
  struct follow_row at_hand;
};

/* --- the tables --- */

/* A value's difference is in its own units: the sentence has it. */
static struct eh_figure shown(const struct eh_past_comparison *c, struct eh_figure figure) {
  bool is_value = c && c->kind[0] == 'v';
  return is_value && !figure.why_not ? eh_no_figure("in its own units: see the words") : figure;
}

static const void *fill(struct page *p, const struct eh_follow_item *item) {
  const struct eh_past_comparison *was = item->old_comparison, *now = item->new_comparison;
  p->at_hand = (struct follow_row){
      .attention = item->attention,
      .status = eh_follow_status_name(item->status),
      .unit = item->unit,
      .measure = *item->outcome
                     ? eh_arena_printf(p->arena, "%s: %s", item->measure, item->outcome)
                     : item->measure,
      .across = item->across,
      .place = item->place,
      .each = item->each,
      .statement = item->statement,
      .was = shown(was, item->old_difference.estimate),
      .was_low = shown(was, item->old_difference.low),
      .was_high = shown(was, item->old_difference.high),
      .expected = shown(was, item->expected),
      .now = shown(now, item->new_difference.estimate),
      .now_low = shown(now, item->new_difference.low),
      .now_high = shown(now, item->new_difference.high),
      .z = item->z,
      .q = item->q,
      .ledger = {"ledger", eh_listing_target(&p->ledger.table,
                                             (size_t)(item->row - p->up->ledger.rows))}};
  return &p->at_hand;
}

static const void *earlier_row(void *context, size_t index) {
  struct page *p = context;
  return fill(p, &p->up->items[index]);
}

static const void *fresh_row(void *context, size_t index) {
  struct page *p = context;
  return fill(p, &p->up->fresh[index]);
}

/* Columns in which nothing would stand are left out. */
static bool is_empty(const struct eh_listing_column *column, const struct eh_follow_item *items,
                     size_t count) {
  for (size_t i = 0; i < count; i++) {
    const char *text = column->at == AT(attention) ? items[i].attention
                       : column->at == AT(place)   ? items[i].place
                                                   : items[i].each;
    if (text && *text) return false;
  }
  return true;
}

static void choose_columns(struct page *p, struct eh_listing *table,
                           const struct eh_listing_column *all, size_t count,
                           const struct eh_follow_item *items) {
  struct eh_listing_column *chosen = eh_arena_alloc(p->arena, count, sizeof *chosen);
  for (size_t i = 0; i < count; i++) {
    bool may_be_empty = all[i].at == AT(attention) || all[i].at == AT(place) || all[i].at == AT(each);
    if (may_be_empty && all[i].kind == EH_VALUE_TEXT && is_empty(&all[i], items, table->count))
      continue;
    chosen[table->column_count++] = all[i];
    if (all[i].at == AT(unit)) table->frozen = table->column_count;
  }
  table->columns = chosen;
}

static void plan(struct page *p, struct eh_book *book) {
  const char *back = eh_sheet_target(p->summary, 0, 0);
  p->earlier = (struct eh_listing){
      .title = "Follow-up",
      .subtitle = "Each earlier finding: what needs attention first, then what persists.",
      .identifier = "Follow_up",
      .count = p->up->count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "there were no earlier findings",
      .back = back};
  choose_columns(p, &p->earlier, earlier_columns, sizeof earlier_columns / sizeof *earlier_columns,
                 p->up->items);
  eh_listing_plan(book, &p->earlier, "Follow-up");
  p->fresh = (struct eh_listing){
      .title = "New findings",
      .subtitle = "Flagged in the later audit, and not in the earlier one.",
      .identifier = "New_findings",
      .count = p->up->fresh_count,
      .rows_per_sheet = EH_SHEET_ROWS,
      .empty = "none",
      .back = back};
  choose_columns(p, &p->fresh, fresh_columns, sizeof fresh_columns / sizeof *fresh_columns,
                 p->up->fresh);
  eh_listing_plan(book, &p->fresh, "New findings");
  eh_ledger_sheet_plan(&p->ledger, book, &p->up->ledger, back);
  p->method = eh_book_add_sheet(book, "Method");
}

/* --- the pages of text --- */

static void put(struct page *p, struct eh_sheet *sheet, const char *text, enum eh_style style) {
  eh_sheet_paragraph(sheet, p->row++, 0, LAST, PAGE_WIDTH, text, style);
}

static void put_heading(struct page *p, struct eh_sheet *sheet, const char *text) {
  eh_sheet_height(sheet, p->row++, 8.0);
  eh_sheet_across(sheet, p->row, 0, LAST, text, NULL, EH_STYLE_HEADING);
  eh_sheet_height(sheet, p->row++, 19.0);
}

static void put_link(struct page *p, const char *text, const struct eh_listing *table) {
  eh_sheet_across(p->summary, p->row++, 0, LAST, text, eh_listing_target(table, 0), EH_STYLE_LINK);
}

static void write_summary(struct page *p, const struct eh_report_context *context) {
  const struct eh_followup *up = p->up;
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  eh_sheet_width(p->summary, 0, LAST, WIDTH);
  put(p, p->summary, "What became of the findings?", EH_STYLE_TITLE);
  put(p, p->summary,
      eh_arena_printf(p->arena, "%s  \xC2\xB7  as of %s  \xC2\xB7  evenhand %s", up->after->title,
                      as_of, context->version),
      EH_STYLE_SUBTITLE);
  put(p, p->summary,
      eh_arena_printf(p->arena, "Earlier: %s. Later: %s.", eh_followup_span(p->arena, up->before),
                      eh_followup_span(p->arena, up->after)),
      EH_STYLE_PARAGRAPH);
  put_heading(p, p->summary, "The answer");
  put(p, p->summary, eh_followup_answer(p->arena, up), EH_STYLE_PARAGRAPH);
  const char *urgent = eh_followup_urgent(p->arena, up);
  if (urgent) put(p, p->summary, urgent, EH_STYLE_PARAGRAPH);
  for (size_t i = 0; i < up->note_count; i++)
    put(p, p->summary, up->notes[i], EH_STYLE_PARAGRAPH);
  if (up->count) put_heading(p, p->summary, "To look at first");
  for (size_t i = 0; i < up->count && i < MOST_FIRST; i++)
    put(p, p->summary,
        up->items[i].attention ? eh_arena_printf(p->arena, "[%s] %s", up->items[i].attention,
                                                 up->items[i].statement)
                               : up->items[i].statement,
        EH_STYLE_PARAGRAPH);
  put_heading(p, p->summary, "The sheets");
  put_link(p, "Follow-up: each earlier finding, then and now", &p->earlier);
  put_link(p, "New findings: flagged now, and not before", &p->fresh);
  put_link(p, "Ledger: to be filled in, and read again by the next follow-up", &p->ledger.table);
  put_heading(p, p->summary, "What this cannot show");
  put(p, p->summary, EH_FOLLOWUP_LIMITS, EH_STYLE_PARAGRAPH);
  eh_sheet_page(p->summary, false, 0);
}

static const char *const method[] = {
    "A finding is known by its measure, across, within, each and unit. Its status is the first of "
    "these that holds. Definition changed: not compared now, or under another definition of what "
    "is compared or of who is similarly situated. Unit gone: no records of it now. Not testable "
    "now. Persists: flagged now, to the same side. Reversed: flagged now, to the other side. Now "
    "only because of others: flagged, but it differs only because another unit is among its "
    "peers. Resolved: not flagged, and its whole interval lies within the smallest difference "
    "that matters: shown small, not merely not flagged. Not decided: anything else.",
    "Expected now. Who was found was found partly for being far out, and comes back nearer by "
    "chance alone. With tau the spread of the units' effects (log odds) in the earlier audit and v "
    "the variance of this one's, B = tau^2/(tau^2 + v) is what is left of an effect after chance. "
    "Had nothing changed, the later effect would be normal about B times the earlier one, with "
    "variance B v + v', v' that of the later estimate; both less the centre of their units, with "
    "the design effects of decisions that depend on each other. A change is said where "
    "Benjamini and Hochberg's q of that, over all earlier findings, is at most the rules' false "
    "discovery rate. Where tau is not known (fewer than 5 units) B is 1, and nothing is allowed "
    "for. Without effects (measures of a category or of a value) only the status is told.",
    "Flagged again if nothing had changed: the sum of Phi((B|d| - c)/sqrt(B s^2 + s'^2)), d the "
    "earlier difference, s and s' the standard errors, c the larger of the smallest difference "
    "that matters and of what the later p had to reach.",
    "Two audits that share records say nothing of a change: such a pair is followed by status "
    "only. Findings of units that differ only because others are among their peers are not "
    "followed up and have no row in the ledger.",
    "Overdue: a date for a response that is in the past while no response stands, or for an "
    "action, of a finding that is not closed. evenhand writes the columns of the ledger up to "
    "status_by_records and changes no others."};

static void write_method(struct page *p) {
  p->row = 0;
  eh_sheet_width(p->method, 0, LAST, WIDTH);
  put(p, p->method, "Method", EH_STYLE_TITLE);
  for (size_t i = 0; i < sizeof method / sizeof *method; i++)
    put(p, p->method, method[i], EH_STYLE_PARAGRAPH);
  put_heading(p, p->method, "The files");
  put(p, p->method,
      eh_arena_printf(p->arena, "%s: SHA-256 %s", p->up->before->file, p->up->before->sha256),
      EH_STYLE_PARAGRAPH);
  put(p, p->method,
      eh_arena_printf(p->arena, "%s: SHA-256 %s", p->up->after->file, p->up->after->sha256),
      EH_STYLE_PARAGRAPH);
  put_heading(p, p->method, "The columns of the sheet Follow-up");
  for (size_t i = 0; i < sizeof earlier_columns / sizeof *earlier_columns; i++)
    put(p, p->method,
        eh_arena_printf(p->arena, "%s: %s", earlier_columns[i].heading,
                        earlier_columns[i].meaning),
        EH_STYLE_PARAGRAPH);
  eh_sheet_page(p->method, false, 0);
}

enum eh_status eh_followup_workbook_write(const struct eh_followup *up,
                                          const struct eh_report_context *context, const char *path,
                                          struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  enum eh_status status = EH_MACHINE;
  struct eh_book_about about = {
      .title = up->after->title,
      .subject = "What became of the findings?",
      .comments = eh_arena_printf(arena, "Written by evenhand %s.", context->version),
      .created = context->as_of};
  struct eh_book *book = eh_book_open(arena, path, &about, error);
  if (book) {
    struct page p = {.arena = arena, .up = up, .summary = eh_book_add_sheet(book, "Summary")};
    plan(&p, book);
    write_summary(&p, context);
    eh_listing_write(&p.earlier, earlier_row, &p);
    eh_listing_write(&p.fresh, fresh_row, &p);
    eh_ledger_sheet_write(&p.ledger, arena);
    write_method(&p);
    status = eh_book_close(book, error);
  }
  eh_arena_free(arena);
  return status;
}
