#include "reports/profile/sheets.h"

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "reports/words/safe.h"

#define TEXT(type, member) .kind = EH_VALUE_TEXT, .at = offsetof(struct type, member)
#define COUNT(type, member) \
  .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = offsetof(struct type, member)
#define FIGURE(type, member)                                          \
  .kind = EH_VALUE_FIGURE, .at = offsetof(struct type, member.value), \
  .reason_at = offsetof(struct type, member.why_not)

enum { LISTED_LINES = 30 };

/* --- verdicts: a row for each measure and criterion --- */

struct verdict_row {
  const char *measure, *verdict, *criterion, *grade, *why;
  struct eh_figure share, caveat, limit;
};

static const struct eh_listing_column verdict_columns[] = {
    {"Measure", NULL, 16, EH_STYLE_TEXT, TEXT(verdict_row, measure), .widest = 50},
    {"Verdict on the measure", NULL, 20, EH_STYLE_TEXT, TEXT(verdict_row, verdict)},
    {"Criterion: share of", NULL, 52, EH_STYLE_WRAPPED, TEXT(verdict_row, criterion)},
    {"Found", NULL, 9, EH_STYLE_PERCENT, FIGURE(verdict_row, share)},
    {"Caveat above", NULL, 9, EH_STYLE_PERCENT, FIGURE(verdict_row, caveat)},
    {"Not sufficient above", NULL, 10, EH_STYLE_PERCENT, FIGURE(verdict_row, limit)},
    {"By this criterion", NULL, 20, EH_STYLE_TEXT, TEXT(verdict_row, grade)},
    {"Not assessed because", NULL, 36, EH_STYLE_WRAPPED, TEXT(verdict_row, why)},
};

struct rows {
  const struct eh_profile_sheets *sheets;
  union {
    struct verdict_row verdict;
    struct doubt_row {
      const char *kind, *across, *unit, *column, *from, *to, *lines, *text;
      uint64_t number, records;
      struct eh_figure share, usual;
    } doubt;
    struct column_row {
      const char *name, *kind, *role, *applies, *most, *codes, *lowest, *highest, *usual, *examples;
      uint64_t recorded, missing, not_applicable, malformed, distinct, outliers;
      struct eh_figure missing_share;
    } column;
    struct repeat_row {
      const char *what, *input, *earlier_input;
      uint64_t line, earlier;
    } repeat;
    struct total_row {
      const char *name;
      uint64_t recorded, unknown;
      struct eh_figure expected, difference, share;
    } total;
  } row;
};

static const void *verdict_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_reliability *r = rows->sheets->reliability;
  const struct eh_verdict *v = &r->verdicts[index / EH_CRITERION_COUNT];
  size_t i = index % EH_CRITERION_COUNT;
  rows->row.verdict = (struct verdict_row){
      .measure = v->measure,
      .verdict = eh_grade_name(v->grade),
      .criterion = eh_criterion_meaning((enum eh_criterion)i),
      .grade = v->shares[i].why_not ? "not assessed" : eh_grade_name(v->grades[i]),
      .why = v->shares[i].why_not,
      .share = v->shares[i],
      .caveat = eh_figure(r->criteria[i].caveat),
      .limit = eh_figure(r->criteria[i].limit)};
  return &rows->row;
}

/* --- doubts --- */

static const struct eh_listing_column doubt_columns[] = {
    {"No.", NULL, 6, COUNT(doubt_row, number)},
    {"What", NULL, 26, EH_STYLE_WRAPPED, TEXT(doubt_row, kind)},
    {"In words", NULL, 62, EH_STYLE_WRAPPED, TEXT(doubt_row, text)},
    {"Unit", NULL, 10, EH_STYLE_TEXT, TEXT(doubt_row, unit), .widest = 40},
    {"Column", NULL, 10, EH_STYLE_TEXT, TEXT(doubt_row, column), .widest = 30},
    {"From", NULL, 11, EH_STYLE_TEXT, TEXT(doubt_row, from)},
    {"To", NULL, 11, EH_STYLE_TEXT, TEXT(doubt_row, to)},
    {"Records", NULL, 10, COUNT(doubt_row, records)},
    {"Share", NULL, 9, EH_STYLE_PERCENT, FIGURE(doubt_row, share)},
    {"Usual", NULL, 9, EH_STYLE_PERCENT, FIGURE(doubt_row, usual)},
    {"Lines (the first ones)", NULL, 60, EH_STYLE_TEXT, TEXT(doubt_row, lines), .on_screen = true},
};

static const char *lines_text(struct eh_arena *arena, const struct eh_reliability *r,
                              const struct eh_survey_place *places, size_t count) {
  struct eh_buffer text = {0};
  bool several = r->survey->account.input_count > 1;
  for (size_t i = 0; i < count && i < LISTED_LINES; i++) {
    if (several && (i == 0 || places[i].input != places[i - 1].input))
      eh_buffer_printf(&text, "%s%s: ", i ? "; " : "",
                       r->survey->account.inputs[places[i].input].name);
    else if (i)
      eh_buffer_puts(&text, ", ");
    eh_buffer_printf(&text, "%llu", (unsigned long long)places[i].line);
  }
  if (count > LISTED_LINES) eh_buffer_puts(&text, " ...");
  const char *kept = eh_arena_copy(arena, text.text ? text.text : "", text.length);
  eh_buffer_free(&text);
  return kept;
}

static const char *unit_text(struct eh_arena *arena, const struct eh_doubt *d) {
  if (d->unit || d->unit_count == 0) return d->unit;
  if (d->unit_count == 1) return d->units[0].label;
  return eh_arena_printf(arena, "%zu %s", d->unit_count, d->unit_column ? "units" : "months");
}

static const char *column_text(struct eh_arena *arena, const struct eh_doubt *d) {
  if (d->column || d->column_count == 0) return d->column;
  return eh_arena_printf(arena, "%zu columns", d->column_count);
}

static const void *doubt_row(void *context, size_t index) {
  struct rows *rows = context;
  struct eh_arena *arena = rows->sheets->arena;
  const struct eh_reliability *r = rows->sheets->reliability;
  const struct eh_doubt *d = &r->doubts[index];
  char from[11] = "", to[11] = "";
  if (d->has_days) {
    eh_date_format(d->from, from);
    eh_date_format(d->to, to);
  }
  rows->row.doubt = (struct doubt_row){.number = index + 1,
                                       .kind = eh_doubt_name(d->kind),
                                       .text = d->text,
                                       .across = d->unit_column,
                                       .unit = unit_text(arena, d),
                                       .column = column_text(arena, d),
                                       .from = eh_arena_string(arena, from),
                                       .to = eh_arena_string(arena, to),
                                       .records = d->records,
                                       .share = d->share,
                                       .usual = d->usual,
                                       .lines = lines_text(arena, r, d->places, d->place_count)};
  return &rows->row;
}

/* --- columns --- */

static const struct eh_listing_column column_columns[] = {
    {"Column", NULL, 28, EH_STYLE_TEXT, TEXT(column_row, name)},
    {"Role", NULL, 9, EH_STYLE_TEXT, TEXT(column_row, role)},
    {"Type", NULL, 16, EH_STYLE_TEXT, TEXT(column_row, kind)},
    {"Recorded", NULL, 10, COUNT(column_row, recorded)},
    {"Missing", NULL, 10, COUNT(column_row, missing)},
    {"Missing share", NULL, 9, EH_STYLE_PERCENT, FIGURE(column_row, missing_share),
     .emphasis = EH_HEAT},
    {"Missing as", NULL, 24, EH_STYLE_WRAPPED, TEXT(column_row, codes)},
    {"Does not apply", NULL, 10, COUNT(column_row, not_applicable)},
    {"Not readable", NULL, 10, COUNT(column_row, malformed)},
    {"Distinct values", NULL, 10, COUNT(column_row, distinct)},
    {"Most frequent", NULL, 44, EH_STYLE_WRAPPED, TEXT(column_row, most)},
    {"Lowest", NULL, 12, EH_STYLE_TEXT, TEXT(column_row, lowest)},
    {"Highest", NULL, 12, EH_STYLE_TEXT, TEXT(column_row, highest)},
    {"Usual range", NULL, 24, EH_STYLE_TEXT, TEXT(column_row, usual), .on_screen = true},
    {"Outside it", NULL, 9, COUNT(column_row, outliers), .on_screen = true},
    {"Applies", NULL, 40, EH_STYLE_TEXT, TEXT(column_row, applies), .on_screen = true},
    {"Not readable, where", NULL, 40, EH_STYLE_TEXT, TEXT(column_row, examples), .on_screen = true},
};

static const char *counted_text(struct eh_arena *arena, const struct eh_counted_text *texts,
                                size_t count, uint64_t distinct) {
  const char *parts[EH_PROFILE_TEXTS];
  if (count && texts[0].records <= 1 && distinct > 1) return "each value once";
  for (size_t i = 0; i < count; i++)
    parts[i] =
        eh_arena_printf(arena, "%s (%s)", texts[i].text, eh_words_count(arena, texts[i].records));
  return eh_words_join(arena, parts, count, "; ");
}

static const char *most_text(struct eh_arena *arena, const struct eh_column_profile *p) {
  const char *text = p->is_nearly_unique ? "nearly each value once"
                                         : counted_text(arena, p->most_frequent,
                                                        p->most_frequent_count, p->distinct);
  return p->distinct_is_estimate ? eh_arena_printf(arena, "%s (about %s values, estimated)", text,
                                                   eh_words_count(arena, p->distinct))
                                 : text;
}

static const void *column_row(void *context, size_t index) {
  struct rows *rows = context;
  struct eh_arena *arena = rows->sheets->arena;
  const struct eh_column_profile *p = &rows->sheets->reliability->columns[index];
  const struct eh_survey_column *c = p->column;
  rows->row.column = (struct column_row){
      .name = p->name,
      .role = p->role,
      .kind = p->is_derived ? "derived"
              : p->form     ? eh_arena_printf(arena, "%s, %s", p->kind, p->form)
                            : p->kind,
      .recorded = p->recorded,
      .missing = p->missing,
      .missing_share = p->missing_share,
      .codes = counted_text(arena, p->missing_codes, p->missing_code_count, 1),
      .not_applicable = p->not_applicable,
      .malformed = p->malformed,
      .distinct = p->distinct,
      .most = most_text(arena, p),
      .lowest = p->lowest,
      .highest = p->highest,
      .usual =
          p->usual_low[0] ? eh_arena_printf(arena, "%s to %s", p->usual_low, p->usual_high) : "",
      .outliers = p->outliers,
      .applies = p->applies,
      .examples = lines_text(arena, rows->sheets->reliability, c->malformed_places,
                             c->malformed_place_count)};
  return &rows->row;
}

/* --- repeats and totals --- */

static const struct eh_listing_column repeat_columns[] = {
    {"What", NULL, 34, EH_STYLE_TEXT, TEXT(repeat_row, what)},
    {"Line", NULL, 12, COUNT(repeat_row, line)},
    {"In", NULL, 40, EH_STYLE_TEXT, TEXT(repeat_row, input)},
    {"As in line", NULL, 12, COUNT(repeat_row, earlier)},
    {"Of", NULL, 40, EH_STYLE_TEXT, TEXT(repeat_row, earlier_input)},
};

static const void *repeat_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_reliability *r = rows->sheets->reliability;
  const struct eh_repeat *repeat = &r->repeats.items[index];
  const struct eh_input *inputs = r->survey->account.inputs;
  rows->row.repeat = (struct repeat_row){
      .what = repeat->is_exact ? "exact copy of a record" : "the same case number, another record",
      .input = inputs[repeat->place.input].name,
      .line = repeat->place.line,
      .earlier = repeat->earlier.line,
      .earlier_input = inputs[repeat->earlier.input].name};
  return &rows->row;
}

static const struct eh_listing_column total_columns[] = {
    {"Control total", NULL, 50, EH_STYLE_WRAPPED, TEXT(total_row, name)},
    {"Expected", NULL, 12, EH_STYLE_COUNT, FIGURE(total_row, expected)},
    {"Recorded", NULL, 12, COUNT(total_row, recorded)},
    {"Not known", NULL, 12, COUNT(total_row, unknown)},
    {"Recorded less expected", NULL, 14, EH_STYLE_COUNT, FIGURE(total_row, difference)},
    {"Share of the expected", NULL, 12, EH_STYLE_RELATIVE, FIGURE(total_row, share)},
};

static const void *total_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_total_result *t = &rows->sheets->reliability->totals[index];
  rows->row.total = (struct total_row){.name = t->name,
                                       .recorded = t->recorded,
                                       .unknown = t->unknown,
                                       .expected = eh_figure(t->expected),
                                       .difference = eh_figure(t->difference),
                                       .share = t->share};
  return &rows->row;
}

/* --- the whole --- */

#define LISTING(list, name, heading, below, rows, none)                       \
  (struct eh_listing) {                                                       \
    .title = heading, .subtitle = below, .identifier = name, .columns = list, \
    .column_count = sizeof list / sizeof *list, .frozen = 1, .count = (rows), \
    .rows_per_sheet = rows_per_sheet, .empty = none, .back = back             \
  }

void eh_profile_sheets_plan(struct eh_profile_sheets *sheets, struct eh_book *book,
                            const struct eh_reliability *reliability, size_t rows_per_sheet,
                            const char *back) {
  *sheets = (struct eh_profile_sheets){.arena = eh_book_arena(book), .reliability = reliability};
  sheets->verdicts =
      LISTING(verdict_columns, "Reliability", "Data reliability",
              "Can these records be relied on, and for what? The limits stand in the rules' "
              "`reliability` section.",
              reliability->verdict_count * EH_CRITERION_COUNT, "none");
  eh_listing_plan(book, &sheets->verdicts, "Reliability");
  sheets->doubts = LISTING(doubt_columns, "Doubts", "What raises doubt",
                           "What an auditor should look into. An empty list is no proof that the "
                           "records are sound.",
                           reliability->doubt_count, "nothing was found that raises doubt");
  eh_listing_plan(book, &sheets->doubts, "Doubts");
  sheets->columns = LISTING(column_columns, "Columns", "The columns",
                            "What stands in each column of the records, over all records read.",
                            reliability->column_count, "none");
  eh_listing_plan(book, &sheets->columns, "Columns");
  eh_profile_plan_completeness(sheets, book, rows_per_sheet, back);
  sheets->repeats = LISTING(repeat_columns, "Repeats", "Records that occur twice",
                            "The first 1,000; a copy has every value of the earlier record.",
                            reliability->repeats.item_count,
                            reliability->survey->counted
                                ? "A table has no lines to list; the counts stand among the doubts."
                                : "no record occurs twice");
  eh_listing_plan(book, &sheets->repeats, "Repeats");
  if (reliability->total_count == 0) return;
  sheets->totals = LISTING(total_columns, "Totals", "Control totals",
                           "Of the records that the rules keep, each case once.",
                           reliability->total_count, "none");
  eh_listing_plan(book, &sheets->totals, "Totals");
}

void eh_profile_sheets_write(const struct eh_profile_sheets *sheets) {
  struct rows rows = {.sheets = sheets};
  eh_listing_write(&sheets->verdicts, verdict_row, &rows);
  eh_listing_write(&sheets->doubts, doubt_row, &rows);
  eh_listing_write(&sheets->columns, column_row, &rows);
  eh_profile_write_completeness(sheets);
  eh_listing_write(&sheets->repeats, repeat_row, &rows);
  if (sheets->totals.sheet_count) eh_listing_write(&sheets->totals, total_row, &rows);
}
