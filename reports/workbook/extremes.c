/* Never and always: kinds of case in which nobody, or everybody, had the event. */
#include "engine/audit/behind/extremes.h"

#include "engine/base/words.h"
#include "reports/workbook/workbook.h"

struct extreme_row {
  const char *measure, *kind, *what, *says;
  uint64_t records;
  struct eh_figure limit;
};

#define AT(member) offsetof(struct extreme_row, member)
#define TEXT(member) .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = AT(member)

static const struct eh_listing_column columns[] = {
    {"Measure", "What is asked.", 26, TEXT(measure)},
    {"Of", "One value of one factor, all factors together, or one unit.", 14, TEXT(kind)},
    {"What", "The value, the kind of case, the unit.", 70, TEXT(what)},
    {"Event", "None of the records has it, or all have.", 10, TEXT(says)},
    {"Records", "At least 30.", 11, .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT,
     .at = AT(records)},
    {"Rate at most, or at least",
     "What the rate may be for all that so many records show: the limit of the exact interval of "
     "Clopper and Pearson.",
     13, .style = EH_STYLE_PERCENT, .kind = EH_VALUE_FIGURE, .at = AT(limit.value),
     .reason_at = AT(limit.why_not)},
};

bool eh_workbook_has_extremes(const struct eh_workbook *w) {
  return w->audit->extremes && w->audit->extremes->count;
}

void eh_workbook_plan_extremes(struct eh_workbook *w) {
  const struct eh_extremes *extremes = w->audit->extremes;
  const char *rest = extremes->left_out
                         ? eh_arena_printf(w->arena, " %s with fewer records are not listed.",
                                           eh_words_count(w->arena, extremes->left_out))
                         : "";
  w->extremes_table =
      (struct eh_listing){.title = "Never and always",
                          .subtitle = eh_arena_printf(
                              w->arena,
                              "Kinds of case, and units, in which nobody or everybody had the "
                              "event, among at least 30 records. They describe and flag "
                              "nothing; among many kinds of case some are so by chance, and the "
                              "limit says how often the event may be all the same.%s",
                              rest),
                          .identifier = "Never_and_always",
                          .columns = columns,
                          .column_count = sizeof columns / sizeof *columns,
                          .frozen = 1,
                          .count = extremes->count,
                          .rows_per_sheet = w->sizes.rows_per_sheet,
                          .empty = "none",
                          .back = w->back};
  eh_listing_plan(w->book, &w->extremes_table, "Never and always");
}

struct rows {
  const struct eh_workbook *workbook;
  struct extreme_row row;
};

static const void *extreme_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_extreme *e = &rows->workbook->audit->extremes->items[index];
  rows->row = (struct extreme_row){.measure = e->comparison->measure->name,
                                   .kind = eh_extreme_kind_name(e->kind),
                                   .what = e->what,
                                   .says = e->always ? "always" : "never",
                                   .records = e->records,
                                   .limit = eh_figure(e->limit)};
  return &rows->row;
}

void eh_workbook_write_extremes(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->extremes_table, extreme_row, &rows);
}
