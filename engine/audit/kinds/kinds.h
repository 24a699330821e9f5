/* Kinds of measure: what is measured of each, and what is said. A row each, in kinds.c.
 *
 * Who asks of a result what its kind decides asks here: which parts it has, what makes it material,
 * its words. Nothing else in engine/audit or reports/ tests the kind. What the kind asks of a
 * record is a row of rules/language/question.c.
 *
 * To add a kind: kinds/NAME.c with its figures and words, and a row.
 */
#ifndef EVENHAND_AUDIT_KINDS_KINDS_H
#define EVENHAND_AUDIT_KINDS_KINDS_H

#include "engine/audit/figures/unit.h"
#include "engine/audit/figures/whole.h"
#include "engine/audit/words/say.h"

struct eh_kind {
  /* By part: why a result of this kind does not have it; NULL: it has. */
  const char *why_not[EH_PARTS];
  /* Where its figures lie in struct eh_result: what the unit did and what its peers would have done
     (struct eh_figure), and the difference that makes a finding material (struct eh_interval). */
  size_t own, expected, headline;
  /* Are the differences of all units of one thing, so that they can be put in order? */
  bool is_ranked;

  /* --- figures; any but measure may be NULL --- */
  /* Room for what threads fill in. */
  void (*prepare)(struct eh_arena *arena, const struct eh_cells *cells, struct eh_result *results,
                  size_t count);
  /* Do units differ at all? Takes longest, and needs no unit's result. Scratch is given back. */
  void (*associate)(struct eh_arena *scratch, const struct eh_stratum *strata,
                    struct eh_comparison_result *comparison);
  /* Every figure of a unit that needs no other's: its own parts, the caseload, p and direction.
     True: its margins alone could let it pass. */
  bool (*measure)(struct eh_arena *scratch, const struct eh_unit_task *task);
  /* The figures that relate units to each other. */
  void (*relate)(struct eh_comparison_result *comparison, const struct eh_strata_list *strata,
                 const struct eh_whole_options *options);
  /* Once it is known who is flagged: what could have been found, and what it would take to remove a
     finding. is_median: of the unit of median caseload. */
  void (*foresee)(struct eh_arena *scratch, const struct eh_unit_task *task, bool is_median);
  /* Has the test a direction? NULL: always. */
  bool (*has_direction)(const struct eh_result *result);
  /* How many records' worth a finding is: what weighs it among others. */
  double (*affected)(const struct eh_result *result);

  /* --- words --- */
  /* One sentence; the headline has an estimate. */
  const char *(*statement)(const struct eh_view *view);
  const char *(*too_small)(const struct eh_view *view);
  void (*say_caveats)(const struct eh_view *view, struct eh_sentences *sentences);
  const char *disagrees; /* why not flagged where test and headline differ in sign */
};

const struct eh_kind *eh_kind_of(enum eh_measure_kind kind);
/* Has a result of this kind the part? */
bool eh_kind_has(enum eh_measure_kind kind, enum eh_part part);
/* Which it has, as bits 1 << EH_PART_... */
unsigned eh_kind_parts(enum eh_measure_kind kind);

/* Every figure of one unit that needs no other unit's result, testable among them. Scratch is given
   back. */
void eh_unit_measure(struct eh_arena *scratch, const struct eh_unit_task *task);
/* The figures that relate units to each other. */
void eh_whole_measure(struct eh_comparison_result *comparison, const struct eh_strata_list *strata,
                      const struct eh_whole_options *options);

/* Of a measure of an event: how much its units differ, of cells that are not the comparison's own.
   Its results are by unit of these cells; only who is recorded, and the dependence, is asked of
   them. */
struct eh_tau eh_event_tau(struct eh_comparison_result *comparison,
                           const struct eh_strata_list *strata,
                           const struct eh_whole_options *options);

/* What makes a finding material: the difference, or of a measure of a value the mean difference. */
const struct eh_interval *eh_result_headline(const struct eh_result *result);
/* What the unit did, and what its peers would have done with its cases: rates, or means. */
const struct eh_figure *eh_result_own(const struct eh_result *result);
const struct eh_figure *eh_result_expected(const struct eh_result *result);
/* The outcome that a finding is about, where it is one of several; else NULL. */
const char *eh_result_outcome(const struct eh_result *result);

#endif
