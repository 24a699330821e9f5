/* What reading the files came to: formulas that count the conclusions on the files' sheet and
 * project them to all of a finding's files. BETAINV, the older name of BETA.INV, is what Excel,
 * LibreOffice and Google Sheets all know. */
#include "reports/workbook/workbook.h"

struct result_row {
  struct eh_link finding;
  const char *unit, *comparison, *each;
  uint64_t files, drawn;
  struct eh_formula conclusions[EH_CONCLUSIONS];
  struct eh_formula read, errors, rate, low, high, at_most, projected, reading;
};

#define AT(member) offsetof(struct result_row, member)
#define TEXT(member) .style = EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT, .at = AT(member)
#define FORMULA(member) .kind = EH_VALUE_FORMULA, .at = AT(member)

/* The order of the columns, for the formulas. */
enum {
  FINDING,
  UNIT,
  FILES,
  DRAWN,
  SUPPORTED,
  NOT_SUPPORTED,
  NOT_FOUND,
  READ,
  ERRORS,
  RATE,
  LOW,
  HIGH,
  AT_MOST,
  PROJECTED,
  READING,
  COMPARISON,
  EACH,
  COLUMNS
};

static const struct eh_listing_column columns[COLUMNS] = {
    [FINDING] = {"Finding", "The finding whose files were read.", 9, EH_STYLE_LINK, EH_VALUE_LINK,
                 .at = AT(finding)},
    [UNIT] = {"Unit", "The flagged unit.", 10, TEXT(unit), .widest = 40},
    [FILES] = {"Files in all", "N: the unit's records in the measure that have a case id.", 9,
               COUNT(files)},
    [DRAWN] = {"Files drawn",
               "The smallest n with C(N - K, n) / C(N, n) <= 1 - confidence, K = the tolerable "
               "share of N, rounded up (hypergeometric; 59 of many for 95% and 5%).",
               9, COUNT(drawn)},
    [SUPPORTED] = {"Supported", "Counted on the sheet File sample.", 11, EH_STYLE_COUNT,
                   FORMULA(conclusions[EH_SUPPORTED])},
    [NOT_SUPPORTED] = {"Not supported", "Counted on the sheet File sample.", 11, EH_STYLE_COUNT,
                       FORMULA(conclusions[EH_NOT_SUPPORTED])},
    [NOT_FOUND] = {"File not found", "Counted on the sheet File sample.", 10, EH_STYLE_COUNT,
                   FORMULA(conclusions[EH_FILE_NOT_FOUND])},
    [READ] = {"Read", "r: conclusions of any kind so far.", 8, EH_STYLE_COUNT, FORMULA(read)},
    [ERRORS] = {"Errors", "x: not supported or not found.", 8, EH_STYLE_COUNT, FORMULA(errors)},
    [RATE] = {"Error rate", "x / r.", 9, EH_STYLE_PERCENT, FORMULA(rate)},
    [LOW] =
        {"Low",
         "Lower limit of the error rate's two-sided interval at the review's confidence c, exact "
         "(Clopper and Pearson 1934): BETAINV((1 - c)/2, x, r - x + 1); the rate itself once "
         "every file was read.",
         9, EH_STYLE_PERCENT, FORMULA(low)},
    [HIGH] = {"High", "Its upper limit: BETAINV(1 - (1 - c)/2, x + 1, r - x).", 9, EH_STYLE_PERCENT,
              FORMULA(high)},
    [AT_MOST] =
        {"At most",
         "One-sided upper limit at that confidence: BETAINV(c, x + 1, r - x); no more than "
         "the tolerable rate once all drawn files were read without an error, which is what "
         "the sample's size was planned for.",
         9, EH_STYLE_PERCENT, FORMULA(at_most)},
    [PROJECTED] = {"Files in error, projected", "Error rate x files in all.", 11, EH_STYLE_COUNT,
                   FORMULA(projected)},
    [READING] = {"What it says", "In words, against the tolerable rate.", 44, EH_STYLE_TEXT,
                 FORMULA(reading)},
    [COMPARISON] = {"Comparison", "The finding's comparison.", 40, TEXT(comparison),
                    .on_screen = true},
    [EACH] = {"For", "The value of the rules' `each` column.", 18, TEXT(each), .on_screen = true},
};

void eh_workbook_plan_results(struct eh_workbook *w) {
  w->drill.results = (struct eh_listing){
      .title = "File results",
      .subtitle =
          "Fills in by itself as conclusions are entered on the sheet File sample. A file "
          "that cannot be found counts as an error.",
      .identifier = "File_results",
      .columns = columns,
      .column_count = COLUMNS,
      .frozen = UNIT + 1,
      .count = w->findings->count,
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back,
  };
  eh_listing_plan(w->book, &w->drill.results, "File results");
}

struct rows {
  const struct eh_workbook *workbook;
  struct result_row row;
};

/* How often a finding has a conclusion, over all sheets of files. */
static const char *count_formula(const struct eh_workbook *w, size_t finding,
                                 const char *conclusion) {
  const struct eh_listing *files = &w->drill.files.table;
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "=");
  for (size_t s = 0; s < files->sheet_count; s++)
    eh_buffer_printf(&text, "%sCOUNTIFS(%s,\"F%zu\",%s,\"%s\")", s ? "+" : "",
                     eh_listing_range(files, s, EH_FILES_FINDING), finding + 1,
                     eh_listing_range(files, s, EH_FILES_CONCLUSION), conclusion);
  const char *formula = eh_arena_copy(w->arena, text.text, text.length);
  eh_buffer_free(&text);
  return formula;
}

/* The cells of one row that the formulas refer to. */
struct names {
  const char *files, *drawn, *read, *errors, *rate, *low, *at_most;
};

static struct names name_cells(const struct eh_listing *table, size_t row) {
  return (struct names){
      .files = eh_listing_cell(table, row, FILES),
      .drawn = eh_listing_cell(table, row, DRAWN),
      .read = eh_listing_cell(table, row, READ),
      .errors = eh_listing_cell(table, row, ERRORS),
      .rate = eh_listing_cell(table, row, RATE),
      .low = eh_listing_cell(table, row, LOW),
      .at_most = eh_listing_cell(table, row, AT_MOST),
  };
}

static void fill_limits(struct eh_arena *arena, const struct names *n,
                        const struct eh_review *review, struct result_row *row) {
  double tail = (1.0 - review->confidence) / 2.0;
  const char *begin = eh_arena_printf(arena, "=IF(%s=0,\"\",IF(%s=%s,%s/%s,", n->read, n->read,
                                      n->files, n->errors, n->read);
  row->low.text = eh_arena_printf(arena, "%sIF(%s=0,0,BETAINV(%.12g,%s,%s-%s+1))))", begin,
                                  n->errors, tail, n->errors, n->read, n->errors);
  row->high.text = eh_arena_printf(arena, "%sIF(%s=%s,1,BETAINV(%.12g,%s+1,%s-%s))))", begin,
                                   n->errors, n->read, 1.0 - tail, n->errors, n->read, n->errors);
  row->at_most.text = eh_arena_printf(
      arena, "%sIF(%s=%s,1,MIN(BETAINV(%.12g,%s+1,%s-%s),IF(AND(%s=0,%s>=%s),%.12g,1)))))", begin,
      n->errors, n->read, review->confidence, n->errors, n->read, n->errors, n->errors, n->read,
      n->drawn, review->tolerable_rate);
}

static void fill_words(struct eh_arena *arena, const struct names *n,
                       const struct eh_review *review, struct result_row *row) {
  const char *tolerable = eh_arena_printf(arena, "%.6g%%", 100.0 * review->tolerable_rate);
  row->reading.shown = "not begun";
  row->reading.text = eh_arena_printf(
      arena,
      "=IF(%s=0,\"not begun\",IF(%s<%s,%s&\" of \"&%s&\" read\",IF(%s<=%.12g,\"fewer than %s are "
      "in "
      "error\",IF(%s>%.12g,\"more than %s are in error\",\"not settled: may be under or over "
      "%s\"))))",
      n->read, n->read, n->drawn, n->read, n->drawn, n->at_most, review->tolerable_rate, tolerable,
      n->low, review->tolerable_rate, tolerable, tolerable);
}

static void fill_formulas(const struct eh_workbook *w, size_t finding, struct result_row *row) {
  const struct eh_listing *table = &w->drill.results;
  const struct eh_review *review = &w->audit->rules->review;
  struct names n = name_cells(table, finding);
  for (int i = 0; i < EH_CONCLUSIONS; i++)
    row->conclusions[i].text = count_formula(w, finding, eh_review_conclusions()[i]);
  row->read.text = eh_arena_printf(
      w->arena, "=%s+%s+%s", eh_listing_cell(table, finding, SUPPORTED),
      eh_listing_cell(table, finding, NOT_SUPPORTED), eh_listing_cell(table, finding, NOT_FOUND));
  row->errors.text =
      eh_arena_printf(w->arena, "=%s+%s", eh_listing_cell(table, finding, NOT_SUPPORTED),
                      eh_listing_cell(table, finding, NOT_FOUND));
  row->rate.text = eh_arena_printf(w->arena, "=IF(%s=0,\"\",%s/%s)", n.read, n.errors, n.read);
  row->projected.text = eh_arena_printf(w->arena, "=IF(%s=0,\"\",%s*%s)", n.read, n.rate, n.files);
  row->rate.shown = row->low.shown = row->high.shown = row->at_most.shown = "";
  row->projected.shown = "";
  fill_limits(w->arena, &n, review, row);
  fill_words(w->arena, &n, review, row);
}

static const void *result_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_drill *drill = w->drill.drills[index];
  const struct eh_finding *finding = &w->findings->items[index];
  const char *files = eh_finding_rows_target(&w->drill.files, finding);
  rows->row = (struct result_row){
      .finding = {eh_arena_printf(w->arena, "F%zu", index + 1),
                  files ? files : eh_listing_target(&w->findings_table, index)},
      .unit = drill->result->unit,
      .comparison = w->findings->groups[finding->group].title,
      .each = drill->comparison->cells->each,
      .files = drill->found.files,
      .drawn = drill->found.sample_count,
  };
  fill_formulas(w, index, &rows->row);
  if (!eh_result_differs(drill->result)) {
    rows->row.reading.shown = "none drawn: it differs only because others do";
    rows->row.reading.text = "=\"none drawn: it differs only because others do\"";
  }
  return &rows->row;
}

void eh_workbook_write_results(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->drill.results, result_row, &rows);
}
