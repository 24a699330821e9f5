#include "reports/workbook/result_columns.h"

#include <string.h>

#include "engine/base/words.h"

#define AT(member) offsetof(struct eh_result_row, member)
#define TEXT(member) .kind = EH_VALUE_TEXT, .at = AT(member)
#define COUNT(member) .kind = EH_VALUE_COUNT, .style = EH_STYLE_COUNT, .at = AT(member)
#define LINK(member) .kind = EH_VALUE_LINK, .style = EH_STYLE_LINK, .at = AT(member)
#define FIGURE(member) \
  .kind = EH_VALUE_FIGURE, .at = AT(member.value), .reason_at = AT(member.why_not)
#define MEMBER(base, member) \
  .kind = EH_VALUE_FIGURE, .at = AT(base.member), .reason_at = AT(base.why_not)
#define BESIDE .on_screen = true
#define EVENT .only_for = EH_ROW_EVENT
#define SHARE .only_for = EH_ROW_SHARE
#define VALUE .only_for = EH_ROW_VALUE
#define TEST .only_for = EH_ROW_TEST
#define BALANCED .only_for = EH_ROW_BALANCED

/* Columns that both sheets have; the meanings cite the methods document's formulas. */
#define EACH                                                                                 \
  {                                                                                          \
    "For",                                                                                   \
        "The value of the rules' `each` column: the comparison is repeated for each of its " \
        "values, as one family of tests.",                                                   \
        10, EH_STYLE_TEXT, TEXT(each), .widest = 40                                          \
  }
#define UNIT                                                                                   \
  {                                                                                            \
    "Unit",                                                                                    \
        "The officer, office or other unit that is compared with its peers: all other units' " \
        "records in the same strata.",                                                         \
        10, EH_STYLE_TEXT, TEXT(result.unit), .widest = 40                                     \
  }
#define WITHIN                                                                                 \
  {                                                                                            \
    "Within",                                                                                  \
        "The group whose other units are its peers; where it worked in several, the one with " \
        "most of its records.",                                                                \
        10, EH_STYLE_TEXT, TEXT(within), .widest = 30                                          \
  }
#define LEVEL                                                                                    \
  {                                                                                              \
    "Level",                                                                                     \
        "notable: q <= the false discovery rate, |difference| >= the smallest difference worth " \
        "flagging, and both point the same way. "                                                \
        "strong: and the difference's whole interval lies beyond the smallest difference. "      \
        "exceptional: strong, and an outlier beyond the usual spread of units.",                 \
        12, EH_STYLE_TEXT, TEXT(level), .emphasis = EH_LEVEL_COLOURS                             \
  }
#define DIRECTION                                                                                 \
  {                                                                                               \
    "Direction",                                                                                  \
        "Whether the unit has more or fewer events than its peers would have had: the sign of D " \
        "= sum(a - n1 m/n). Of a category: of records with the outcome that differs most. Of a "  \
        "value: whether its records rank higher or lower.",                                       \
        11, EH_STYLE_TEXT, TEXT(direction)                                                        \
  }
#define COMPARABLE                                                                               \
  {                                                                                              \
    "Comparable records",                                                                        \
        "N = sum n1 over the strata that have peers; events, rates and the difference are over " \
        "these.",                                                                                \
        13, COUNT(result.comparable)                                                             \
  }
#define EVENTS \
  { "Events", "sum a: comparable records with the event.", 9, COUNT(result.share.events), SHARE }
#define RATE \
  { "Rate", "sum a / N.", 8, EH_STYLE_PERCENT, FIGURE(result.share.rate), SHARE }
#define EXPECTED_RATE                                                                              \
  {                                                                                                \
    "Expected rate",                                                                               \
        "E / N with E = sum n1 c/n2: the rate its peers would have had on the same caseload.", 11, \
        EH_STYLE_PERCENT, FIGURE(result.share.expected_rate), SHARE                                \
  }
#define DIFFERENCE                                                                                \
  {                                                                                               \
    "Difference",                                                                                 \
        "(sum a - E) / N, in percentage points: the unit's rate less the expected rate.", 13,     \
        EH_STYLE_DIFFERENCE, FIGURE(result.share.difference.estimate), .emphasis = EH_BARS, SHARE \
  }
#define LOW                                                                                      \
  {                                                                                              \
    "Low",                                                                                       \
        "Lower limit of the difference's interval at the rules' confidence: inverted Sato-type " \
        "variance (after Klingenberg 2014).",                                                    \
        9, EH_STYLE_DIFFERENCE, FIGURE(result.share.difference.low), SHARE                       \
  }
#define HIGH                                                             \
  {                                                                      \
    "High", "Upper limit of the same interval.", 9, EH_STYLE_DIFFERENCE, \
        FIGURE(result.share.difference.high), SHARE                      \
  }
#define Q                                                                                          \
  {                                                                                                \
    "q",                                                                                           \
        "The smallest false discovery rate at which the unit would be flagged, over all testable " \
        "units of the family "                                                                     \
        "(Benjamini and Hochberg 1995 unless the rules say otherwise).",                           \
        9, EH_STYLE_P, FIGURE(result.q)                                                            \
  }
#define ODDS_RATIO                                                                          \
  {                                                                                         \
    "Odds ratio",                                                                           \
        "Common odds ratio of the event, unit to peers: sum(ad/n) / sum(bc/n) (Mantel and " \
        "Haenszel), or exact where one of the sums is 0.",                                  \
        9, EH_STYLE_RATIO, FIGURE(result.event.odds_ratio.estimate), EVENT, BESIDE          \
  }
#define GAMMA                                                                                    \
  {                                                                                              \
    "gamma",                                                                                     \
        "How much an unrecorded fact would have to multiply the odds of the event, for this "    \
        "unit's cases alone, to bring the finding below this report's standard: the odds ratio " \
        "at which half of the two-sided level that decided lies in the mid-tail (Rosenbaum's "   \
        "bound); 1: it did not pass.",                                                           \
        10, EH_STYLE_RATIO, FIGURE(result.event.gamma), EVENT, BESIDE                            \
  }
#define OUTCOME                                                                                 \
  {                                                                                             \
    "Outcome",                                                                                  \
        "Where the measure asks for a category: the outcome that differs most from peers'. "    \
        "Events, rates and the difference are those of records with this outcome, against all " \
        "others.",                                                                              \
        10, EH_STYLE_TEXT, TEXT(outcome), .only_for = EH_ROW_CATEGORY, .widest = 30             \
  }
#define MEAN_DIFFERENCE                                                                           \
  {                                                                                               \
    "Mean difference",                                                                            \
        "Where the measure asks for a value, in its units: sum n1 (mean1 - mean2) / N, the mean " \
        "less what its peers' means of the same strata give.",                                    \
        13, EH_STYLE_AMOUNT, FIGURE(result.value.difference.estimate), .emphasis = EH_BARS, VALUE \
  }
#define MEAN_LOW                                                                           \
  {                                                                                        \
    "Mean low",                                                                            \
        "Lower limit of the mean difference's interval: Student's t with Satterthwaite's " \
        "degrees of freedom.",                                                             \
        10, EH_STYLE_AMOUNT, FIGURE(result.value.difference.low), VALUE                    \
  }
#define MEAN_HIGH                                                          \
  {                                                                        \
    "Mean high", "Upper limit of the same interval.", 10, EH_STYLE_AMOUNT, \
        FIGURE(result.value.difference.high), VALUE                        \
  }
#define E_VALUE                                                                                \
  "RR + sqrt(RR (RR - 1)) for the odds ratio's limit nearest no difference, RR by its square " \
  "root; 1 if the interval holds 1 (VanderWeele and Ding 2017)."

static const struct eh_listing_column unit_columns[] = {
    EACH,
    UNIT,
    WITHIN,
    {"Finding", "The finding's number, where the unit is flagged; it leads to the findings sheet.",
     9, LINK(finding)},
    LEVEL,
    DIRECTION,
    {"Records", "All of the unit's records in the measure.", 11, COUNT(result.records)},
    COMPARABLE,
    OUTCOME,
    EVENTS,
    RATE,
    EXPECTED_RATE,
    DIFFERENCE,
    LOW,
    HIGH,
    {"Mean", "Mean value of the comparable records.", 10, EH_STYLE_AMOUNT,
     FIGURE(result.value.mean), VALUE},
    {"Expected mean", "The mean that its peers would have had on the same caseload.", 10,
     EH_STYLE_AMOUNT, FIGURE(result.value.expected_mean), VALUE},
    MEAN_DIFFERENCE,
    MEAN_LOW,
    MEAN_HIGH,
    Q,
    {"Not flagged because",
     "Each condition of a finding that the unit does not meet. \"Not testable\" is never "
     "\"consistent\".",
     56, EH_STYLE_WRAPPED, TEXT(not_flagged_because)},
    {"Caveats", "What to bear in mind about this unit's figures.", 50, EH_STYLE_TEXT,
     TEXT(caveats_line), BESIDE},
    {"p",
     "The p that decides, two-sided: exact mid-p (twice the smaller tail that counts half of P(S = "
     "s)), or CMH where the rules say so; of a category generalised CMH by exact scores, of a "
     "value van Elteren's by all ways its values could have fallen.",
     9, EH_STYLE_P, FIGURE(result.p), BESIDE},
    ODDS_RATIO,
    GAMMA,
    {"Testable",
     "yes: comparable records >= the smallest caseload, and the margins alone allow a p at or "
     "below the false discovery rate; else why not.",
     24, EH_STYLE_TEXT, TEXT(testable), BESIDE},
    {"Events, all records", "Events among all of the unit's records.", 12,
     COUNT(result.share.all_events), SHARE, BESIDE},
    {"Expected events", "E = sum n1 c/n2 over comparable strata.", 12, EH_STYLE_DECIMAL,
     FIGURE(result.share.expected), SHARE, BESIDE},
    {"Events beyond expected",
     "sum a - E: how many decisions are other than its peers would have made.", 14,
     EH_STYLE_DECIMAL, FIGURE(beyond_expected), SHARE, BESIDE},
    {"Interval from",
     "sato-type; or score (Miettinen and Nurminen 1985), where fewer than 10 events or others were "
     "had or expected.",
     13, EH_STYLE_TEXT, TEXT(interval_from), SHARE, BESIDE},
    {"Odds ratio low",
     "Limit of the odds ratio's interval: Robins, Breslow and Greenland 1986, or exact.", 12,
     EH_STYLE_RATIO, FIGURE(result.event.odds_ratio.low), EVENT, BESIDE},
    {"Odds ratio high", "Upper limit of the same interval.", 12, EH_STYLE_RATIO,
     FIGURE(result.event.odds_ratio.high), EVENT, BESIDE},
    {"Odds ratio from", "mantel-haenszel, or exact where one of its two sums is 0.", 17,
     EH_STYLE_TEXT, TEXT(result.event.odds_ratio_method), EVENT, BESIDE},
    {"Risk difference", "Mantel-Haenszel risk difference: sum w(a/n1 - c/n2) / sum w, w = n1 n2/n.",
     12, EH_STYLE_DIFFERENCE, FIGURE(result.event.risk_difference.estimate), EVENT, BESIDE},
    {"Risk difference low",
     "Lower limit, with Sato's (1989) variance. Where all of each side's records went one way that "
     "is 0; limits without a width are then no certainty.",
     15, EH_STYLE_DIFFERENCE, FIGURE(result.event.risk_difference.low), EVENT, BESIDE},
    {"Risk difference high", "Upper limit, with Sato's (1989) variance.", 15, EH_STYLE_DIFFERENCE,
     FIGURE(result.event.risk_difference.high), EVENT, BESIDE},
    {"CMH statistic",
     "D^2/V, D = sum(a - n1 m/n), V = sum n1 n2 m (n-m) / (n^2 (n-1)); chi-square, 1 df, no "
     "continuity correction.",
     11, EH_STYLE_DECIMAL, MEMBER(result.event.cmh.test, statistic), EVENT, BESIDE},
    {"CMH p", "p of that statistic.", 9, EH_STYLE_P, MEMBER(result.event.cmh.test, p), EVENT,
     BESIDE},
    {"Exact p",
     "Sum of the conditional probabilities not larger than the observed one's, as R's "
     "mantelhaen.test(exact = TRUE).",
     9, EH_STYLE_P, MEMBER(result.event.exact, p), EVENT, BESIDE},
    {"Exact mid-p", "Twice the smaller tail that counts half of P(S = s), at most 1.", 9,
     EH_STYLE_P, MEMBER(result.event.exact, mid_p), EVENT, BESIDE},
    {"p from", "Which test gave the p that decides.", 13, EH_STYLE_TEXT, TEXT(result.p_from),
     BESIDE},
    {"log10 p",
     "Base-10 logarithm of p, which does not end at the smallest number a cell can hold.", 10,
     EH_STYLE_DECIMAL, FIGURE(result.log10_p), BESIDE},
    {"log10 q", "Base-10 logarithm of q.", 10, EH_STYLE_DECIMAL, FIGURE(result.log10_q), BESIDE},
    {"Homogeneity statistic",
     "Is the odds ratio the same in all strata? Breslow-Day with Tarone's correction.", 13,
     EH_STYLE_DECIMAL, MEMBER(result.event.homogeneity.tarone, statistic), EVENT, BESIDE},
    {"Homogeneity df", "Informative strata - 1.", 13, EH_STYLE_COUNT,
     MEMBER(result.event.homogeneity.tarone, df), EVENT, BESIDE},
    {"Homogeneity p", "p of that statistic.", 13, EH_STYLE_P,
     MEMBER(result.event.homogeneity.tarone, p), EVENT, BESIDE},
    {"Crude difference",
     "The unit's rate less its peers' over all records, strata forgotten; shown to name a "
     "reversal.",
     11, EH_STYLE_DIFFERENCE, FIGURE(result.share.crude_difference), SHARE, BESIDE},
    {"Effective peers",
     "(sum w)^2 / sum w^2 over its peers' records, w their weights: so many records all alike would "
     "tell as much. Fewer than its own: notable at most.",
     11, EH_STYLE_DECIMAL, FIGURE(result.balance.effective), BALANCED, BESIDE},
    {"Largest imbalance",
     "Of all values that are adjusted for, the one whose share of the weighted peers is furthest "
     "from that of the unit's own records. Above 1 point it is not tested.",
     11, EH_STYLE_POINTS, FIGURE(result.balance.worst.size), BALANCED, BESIDE},
    {"Largest imbalance of two",
     "The same of two values together, of columns that are not balanced jointly.", 11,
     EH_STYLE_POINTS, FIGURE(result.balance.pair.size), BALANCED, BESIDE},
    {"Largest weight", "Of one record of its peers, as a share of all.", 10, EH_STYLE_PERCENT,
     FIGURE(result.balance.largest_weight), BALANCED, BESIDE},
    {"E-value", E_VALUE, 9, EH_STYLE_RATIO, FIGURE(result.event.e_value), EVENT, BESIDE},
    {"Outlier z",
     "(theta - mu) / sqrt(q + tau^2), theta the unit's log odds in one fit of all units, with "
     "variance q, mu the mean: how far beyond the usual spread of units.",
     10, EH_STYLE_AMOUNT, FIGURE(result.among.outlier_z), EVENT, BESIDE},
    {"Outlier q", "Benjamini-Hochberg over the comparison's two-sided normal p of z.", 10,
     EH_STYLE_P, FIGURE(result.among.outlier_q), EVENT, BESIDE},
    {"Shrunken difference",
     "Difference x tau^2 / (tau^2 + q): drawn towards 0 as far as the unit's figures are "
     "uncertain.",
     11, EH_STYLE_DIFFERENCE, FIGURE(result.among.shrunken_difference), EVENT, BESIDE},
    {"Detectable above",
     "The smallest true difference above its peers that a unit with these margins would be flagged "
     "for with 80% probability, given what its peers decided.",
     12, EH_STYLE_POINTS, FIGURE(result.event.power_80.higher), EVENT, BESIDE},
    {"Detectable below", "The same below its peers.", 12, EH_STYLE_POINTS,
     FIGURE(result.event.power_80.lower), EVENT, BESIDE},
    {"Against typical unit",
     "theta less the caseload-weighted median of those that share kinds of case (a log odds "
     "ratio): it does not move where some units are extreme.",
     15, EH_STYLE_AMOUNT, FIGURE(result.among.versus_typical.excess.estimate), EVENT, BESIDE},
    {"Against typical low", "Lower limit of that log odds ratio.", 15, EH_STYLE_AMOUNT,
     FIGURE(result.among.versus_typical.excess.low), EVENT, BESIDE},
    {"Against typical high", "Upper limit of that log odds ratio.", 15, EH_STYLE_AMOUNT,
     FIGURE(result.among.versus_typical.excess.high), EVENT, BESIDE},
    {"Against typical p", "p of that log odds ratio.", 12, EH_STYLE_P,
     FIGURE(result.among.versus_typical_p), EVENT, BESIDE},
    {"Expected rank",
     "Mean rank among the comparison's units, 1 the lowest rate, by Monte Carlo with the rules' "
     "seed.",
     10, EH_STYLE_DECIMAL, FIGURE(result.among.rank.estimate), EVENT, BESIDE},
    {"Rank low", "Lower end of the 95% interval of that rank.", 9, EH_STYLE_DECIMAL,
     FIGURE(result.among.rank.low), EVENT, BESIDE},
    {"Rank high", "Upper end of the 95% interval of that rank.", 9, EH_STYLE_DECIMAL,
     FIGURE(result.among.rank.high), EVENT, BESIDE},
    {"Test statistic",
     "Of a category: generalised CMH, chi-square. Of a value: van Elteren's stratified Wilcoxon "
     "test, chi-square, 1 df.",
     11, EH_STYLE_DECIMAL, MEMBER(result.test, statistic), TEST, BESIDE},
    {"Test df", "Degrees of freedom of that statistic.", 8, EH_STYLE_COUNT, MEMBER(result.test, df),
     TEST, BESIDE},
    {"Taken together",
     "Outcomes of which fewer than 2 records are expected, of the unit or of its peers, were taken "
     "together in that test: so many.",
     12, COUNT(pooled), .only_for = EH_ROW_CATEGORY, BESIDE},
    {"Shift",
     "The typical difference between its and a peer's record of the same stratum, which few values "
     "cannot move far (Hodges and Lehmann 1963).",
     10, EH_STYLE_AMOUNT, FIGURE(result.value.shift.estimate), VALUE, BESIDE},
    {"Shift low", "The lowest shift that the test does not reject.", 10, EH_STYLE_AMOUNT,
     FIGURE(result.value.shift.low), VALUE, BESIDE},
    {"Shift high", "The highest shift that the test does not reject.", 10, EH_STYLE_AMOUNT,
     FIGURE(result.value.shift.high), VALUE, BESIDE},
    {"Superiority",
     "The chance that its record's value exceeds a peer's of the same stratum, ties by half.", 11,
     EH_STYLE_PERCENT, FIGURE(result.value.superiority), VALUE, BESIDE},
    {"Difference from typical",
     "The difference (of a category: in the outcome that differs most, as a fraction) less that of "
     "the median unit of the comparison.",
     12, EH_STYLE_AMOUNT, FIGURE(result.among.typical_difference), TEST, BESIDE},
    {"Crude mean difference",
     "The unit's mean less its peers' over all records, strata forgotten; shown to name a "
     "reversal.",
     12, EH_STYLE_AMOUNT, FIGURE(result.value.crude_difference), VALUE, BESIDE},
    {"Records of repeated persons",
     "The unit's records of persons who have several records among them; 0 also where the rules "
     "name no person column.",
     18, COUNT(repeated), BESIDE},
    {"Figures without value", "Why some of the figures in this row are dashes.", 40, EH_STYLE_TEXT,
     TEXT(missing_figures), BESIDE},
};

static const struct eh_listing_columns all_unit_columns = {
    unit_columns, sizeof unit_columns / sizeof unit_columns[0]};

static const struct eh_listing_column finding_columns[] = {
    {"Finding",
     "The finding's number: by level, then decisions affected (|difference| x "
     "comparable records; of a value |2 superiority - 1| x comparable records).",
     9, EH_STYLE_TEXT, .kind = EH_VALUE_TEXT, .at = AT(finding.text)},
    EACH,
    UNIT,
    WITHIN,
    LEVEL,
    {"Statement", "The finding in one sentence.", 46, EH_STYLE_WRAPPED, TEXT(result.statement)},
    COMPARABLE,
    OUTCOME,
    DIFFERENCE,
    LOW,
    HIGH,
    MEAN_DIFFERENCE,
    MEAN_LOW,
    MEAN_HIGH,
    Q,
    {"Caveats", "What to bear in mind before acting on the finding.", 52, EH_STYLE_WRAPPED,
     TEXT(caveats)},
    {"How sure",
     "Under how many other definitions of \"similarly situated\", and in how many parts of the "
     "records, the finding stands; every one is on the sheet How sure.",
     26, EH_STYLE_WRAPPED, TEXT(result.robustness.statement)},
    {"Response of the office", "For the office's answer.", 26, EH_STYLE_INPUT, TEXT(response)},
    {"Finding id", "As the ledger calls it, from audit to audit.", 14, EH_STYLE_TEXT,
     TEXT(finding_id), BESIDE},
    {"Attention", "What waits: an answer or an action that is overdue, or a finding that is there "
     "again although it was closed as implemented.", 22, EH_STYLE_WRAPPED, TEXT(attention), BESIDE},
    {"Responsible", "By the ledger.", 16, EH_STYLE_WRAPPED, TEXT(responsible), BESIDE},
    {"Response due", "By the ledger.", 12, EH_STYLE_TEXT, TEXT(response_due), BESIDE},
    {"Action due", "By the ledger.", 12, EH_STYLE_TEXT, TEXT(action_due), BESIDE},
    {"Auditor status", "By the ledger; blank: not on file.", 16, EH_STYLE_WRAPPED,
     TEXT(auditor_status), BESIDE},
    {"Comparison", "It leads to the unit's row on the sheet of its comparison, with every figure.",
     14, LINK(comparison), BESIDE},
    {"Definitions", "It leads to the definitions under which the finding was tried again.", 11,
     LINK(definitions), BESIDE},
    {"Situations", "It leads to the kinds of case that carry the finding.", 11, LINK(situations),
     BESIDE},
    {"Similar cases", "It leads to like cases decided differently.", 10, LINK(similar), BESIDE},
    {"Files", "It leads to the random sample of its files.", 9, LINK(files), BESIDE},
    {"Cells", "It leads to the counts that the finding rests on.", 9, LINK(cells), BESIDE},
    {"Direction",
     "Whether the unit has more or fewer events than its peers would have had: the sign of D = "
     "sum(a - n1 m/n). Of a category: of records with the outcome that differs most. Of a value: "
     "whether its records rank higher or lower.",
     11, EH_STYLE_TEXT, TEXT(direction), BESIDE},
    {"Rate", "sum a / N over comparable records.", 8, EH_STYLE_PERCENT, FIGURE(result.share.rate),
     SHARE, BESIDE},
    {"Expected rate",
     "E / N with E = sum n1 c/n2: the rate its peers would have had on the same caseload.", 10,
     EH_STYLE_PERCENT, FIGURE(result.share.expected_rate), SHARE, BESIDE},
    {"Events beyond expected",
     "sum a - E: how many decisions are other than its peers would have made.", 14,
     EH_STYLE_DECIMAL, FIGURE(beyond_expected), SHARE, BESIDE},
    {"Mean", "Mean value of the comparable records.", 10, EH_STYLE_AMOUNT,
     FIGURE(result.value.mean), VALUE, BESIDE},
    {"Expected mean", "The mean that its peers would have had on the same caseload.", 10,
     EH_STYLE_AMOUNT, FIGURE(result.value.expected_mean), VALUE, BESIDE},
    ODDS_RATIO,
    GAMMA,
    {"E-value", E_VALUE, 9, EH_STYLE_RATIO, FIGURE(result.event.e_value), EVENT, BESIDE},
    {"Unrecorded enough",
     "How many more decisions, unrecorded, with the opposite outcome and in the kinds of case "
     "where "
     "they count most, would be enough to remove the finding: bring the difference under the "
     "smallest that matters, or p over the level that decided here.",
     12, EH_STYLE_COUNT, FIGURE(result.event.unrecorded.decisions), EVENT, BESIDE},
    {"Stands if recorded",
     "Comparable records / (those + so many unrecorded ones): the finding stands where more of the "
     "unit's decisions were recorded.",
     11, EH_STYLE_PERCENT, FIGURE(result.event.unrecorded.completeness), EVENT, BESIDE},
};

static bool is_of_ledger(const struct eh_listing_column *column) {
  return column->at >= AT(finding_id) && column->at <= AT(attention);
}

static struct eh_columns select_columns(struct eh_arena *arena, struct eh_listing_columns all,
                                        const struct eh_columns_asked *asked) {
  struct eh_listing_column *items = eh_arena_alloc(arena, all.count, sizeof *items);
  struct eh_columns columns = {.items = items};
  for (size_t i = 0; i < all.count; i++) {
    const struct eh_listing_column *column = &all.items[i];
    if (column->at == AT(each) && !asked->with_each) continue;
    if (column->at == AT(within) && !asked->with_within) continue;
    if (is_of_ledger(column) && !asked->with_ledger) continue;
    if (column->only_for && !(column->only_for & asked->parts)) continue;
    items[columns.count++] = *column;
    if (column->at == AT(result.unit)) columns.frozen = columns.count;
  }
  return columns;
}

struct eh_columns eh_unit_columns(struct eh_arena *arena, const struct eh_columns_asked *asked) {
  return select_columns(arena, all_unit_columns, asked);
}

struct eh_columns eh_finding_columns(struct eh_arena *arena, const struct eh_columns_asked *asked) {
  struct eh_listing_columns all = {finding_columns,
                                   sizeof finding_columns / sizeof finding_columns[0]};
  return select_columns(arena, all, asked);
}

static void fill_on_file(const struct eh_workbook *w, const struct eh_unit_row *unit,
                         struct eh_result_row *row) {
  const struct eh_on_file_item *item =
      unit->finding ? eh_on_file_find(w->context->on_file, unit->result) : NULL;
  if (!item) return;
  row->finding_id = item->id;
  row->attention = item->attention;
  if (!item->row) return;
  row->response = item->row->texts[EH_LEDGER_RESPONSE];
  row->responsible = item->row->texts[EH_LEDGER_RESPONSIBLE];
  row->response_due = item->row->texts[EH_LEDGER_RESPONSE_DUE];
  row->action_due = item->row->texts[EH_LEDGER_ACTION_DUE];
  row->auditor_status = item->row->texts[EH_LEDGER_AUDITOR_STATUS];
}

static const char *within_text(struct eh_arena *arena, const struct eh_unit_row *unit) {
  const struct eh_result *result = unit->result;
  const char *labels =
      eh_words_join(arena, result->place.within, unit->comparison->comparison->within_count, ", ");
  if (result->place.groups < 2) return labels;
  return eh_arena_printf(arena, "%s and %s", labels,
                         eh_words_of(arena, result->place.groups - 1, "other", "others"));
}

static void link_to(struct eh_link *link, const char *text, const char *target) {
  if (target) *link = (struct eh_link){text, target};
}

static void fill_links(const struct eh_workbook *w, const struct eh_unit_row *unit,
                       struct eh_result_row *row) {
  const struct eh_finding *finding = unit->finding;
  if (!finding) return;
  size_t index = finding->number - 1;
  row->finding.text = eh_arena_printf(w->arena, "F%zu", finding->number);
  row->finding.target = eh_listing_target(&w->findings_table, index);
  row->comparison.text = eh_arena_printf(w->arena, "comparison %zu", finding->group + 1);
  row->comparison.target =
      eh_listing_target(&w->groups[finding->group].table, w->place_in_group[index]);
  link_to(&row->definitions, "definitions", eh_finding_rows_target(&w->how_sure, finding));
  link_to(&row->situations, "situations", eh_finding_rows_target(&w->drill.situations, finding));
  link_to(&row->similar, "pairs", eh_finding_rows_target(&w->drill.similar, finding));
  link_to(&row->files, "files", eh_finding_rows_target(&w->drill.files, finding));
  bool is_balanced = unit->result->balance.applies;
  row->cells.text = is_balanced ? "weights" : "cells";
  row->cells.target = is_balanced ? eh_finding_rows_target(&w->weights, finding)
                                  : eh_listing_target(&w->cells_table, w->first_cell[index]);
}

void eh_result_row_fill(const struct eh_workbook *w, const struct eh_unit_row *unit,
                        struct eh_result_row *row) {
  const struct eh_result *result = unit->result;
  memset(row, 0, sizeof *row);
  row->result = *result;
  row->beyond_expected = result->share.expected;
  row->beyond_expected.value = (double)result->share.events - result->share.expected.value;
  row->repeated = unit->comparison->cells->units[result->unit_index].repeated;
  row->pooled = result->category.pooled;
  if (!result->share.difference.estimate.why_not) row->outcome = eh_result_outcome(result);
  row->each = unit->comparison->cells->each;
  row->within = within_text(w->arena, unit);
  row->level = result->who.who == EH_WHO_PEERS
                   ? eh_arena_printf(w->arena, "(%s)", eh_level_name(result->level))
                   : eh_level_name(result->level);
  row->direction = result->p.why_not ? "" : result->higher ? "higher" : "lower";
  row->testable =
      result->testable ? "yes" : eh_arena_printf(w->arena, "no: %s", result->untestable_because);
  row->interval_from = result->balance.applies ? "weighted peers"
                       : result->share.few     ? "score"
                                               : "sato-type";
  row->not_flagged_because = eh_words_join(w->arena, result->not_flagged_because.items,
                                           result->not_flagged_because.count, "; ");
  row->caveats = eh_words_lines(w->arena, result->caveats.items, result->caveats.count);
  row->caveats_line = eh_words_join(w->arena, result->caveats.items, result->caveats.count, "; ");
  row->missing_figures =
      eh_listing_reasons(w->arena, all_unit_columns,
                         eh_comparison_parts(unit->comparison), row);
  row->response = "";
  fill_on_file(w, unit, row);
  fill_links(w, unit, row);
}
