/* Results: what the cells say of every unit of every comparison, and the audit that holds them.
 *
 * eh_audit_run (audit.h) makes this value; reports/ writes it out. The names here are those of the
 * findings file (JSON). A result is what all kinds of measure have, and parts: one for what only
 * measures of that kind have, which says of the others why it is missing. Rates and differences are
 * fractions; what concerns the values of a measure is in their units.
 */
#ifndef EVENHAND_AUDIT_RESULT_H
#define EVENHAND_AUDIT_RESULT_H

#include "engine/load/account.h"
#include "engine/load/cells.h"
#include "engine/load/cells/over_time.h"
#include "engine/stats/difference.h"
#include "engine/stats/exact.h"
#include "engine/stats/mantel_haenszel.h"
#include "engine/stats/power.h"
#include "engine/stats/tau.h"
#include "engine/stats/typical.h"
#include "engine/stats/unrecorded.h"
#include "engine/stats/who.h"

struct eh_monitoring;
struct eh_reliability;
struct eh_goals;
struct eh_policy_changes;
struct eh_workloads;
struct eh_extremes;

enum eh_level { EH_NOT_FLAGGED, EH_NOTABLE, EH_STRONG, EH_EXCEPTIONAL };
/* "notable", "strong", "exceptional"; "" for EH_NOT_FLAGGED. */
const char *eh_level_name(enum eh_level level);

struct eh_texts {
  const char *const *items;
  size_t count;
};

/* Where a unit worked. */
struct eh_place_part {
  const char *const *within; /* one label for each within column of the rules' comparison: the group
                                that has most of its records */
  size_t groups;             /* how many groups it worked in */
  const char *group;         /* the within labels as one text, for nested multiplicity */
};

/* How often: the event among its records, or of a measure of a category the outcome that differs
   most. Rates and differences are over comparable records. Of a value: the reason. */
struct eh_share_part {
  uint64_t all_events; /* among all of the unit's records */
  uint64_t events;
  struct eh_figure rate, expected, expected_rate;
  struct eh_interval difference;
  bool
      few; /* fewer than 10 events or others, had or expected: the interval is the score interval */
  struct eh_figure crude_difference;
};

/* How decisions that depend on each other bear on a unit, of a measure of an event. */
struct eh_dependence_part {
  const struct eh_clustered *clustering;     /* that weighs most; NULL: none counts */
  const struct eh_unit_dependence *unit;     /* of that */
  double largest;                            /* its design effect */
  size_t kinds;                              /* how many count: of days, of persons, ... */
  struct eh_design test, difference;         /* of all that count together */
  bool few;                                  /* nearly all its decisions are one cluster */
  const struct eh_clustered *unknown;        /* named by the rules, and not to be had; NULL: none */
  struct eh_figure p, log10_p, q, low, high; /* as if all decisions were independent */
};

/* What only a measure of an event has. */
struct eh_event_part {
  struct eh_interval odds_ratio;
  const char *odds_ratio_method; /* "mantel-haenszel", "exact" */
  struct eh_interval risk_difference;
  struct eh_cmh cmh;
  struct eh_exact_p exact;
  double smallest_log10_p; /* the smallest mid-p that its margins allow, where it is not testable
                              for it; else that is at most this */
  struct eh_homogeneity homogeneity;
  struct eh_figure gamma;          /* at the level that decided */
  struct eh_figure gamma_at_05;    /* from the exact one-sided limit at 5% */
  struct eh_figure e_value;        /* of the 95% interval, for this unit alone */
  struct eh_unrecorded unrecorded; /* of a flagged unit: what missing records could hide */
  struct eh_power_reach power_80;  /* the smallest true difference that would have been flagged with
                                      80% power, above  its peers and below */
  struct eh_figure caseload_needed; /* comparable records, for a unit that is not testable */
};

/* A level that weighted peers come near least, or two of them jointly. */
struct eh_unmatched {
  struct eh_figure size;     /* the shares' distance */
  size_t column, other;      /* strata columns of the cells; other: of two */
  const char *level, *other_level; /* labels; other_level NULL: one alone */
  double own, peers;         /* shares */
};
/* The peers' records of one kind of case, and what each of them counts. */
struct eh_weighted_pattern {
  uint32_t stratum;       /* of the cells */
  struct eh_table counts; /* the unit's, and its peers' */
  double weight;
};
/* How a unit's peers were weighted, of a measure with adjust_for. */
struct eh_balance_part {
  bool applies;                /* else the rest is empty */
  const char *refused;         /* why it is not tested, beyond what else may be; NULL: it may be */
  double peers_variance;       /* of the difference, from its peers */
  struct eh_figure effective;  /* peers: so many records all alike would tell as much */
  struct eh_unmatched worst;   /* of all levels */
  struct eh_unmatched pair;    /* of joint levels of two factors that are not balanced jointly */
  struct eh_figure largest_weight; /* of one record, of all; */
  uint32_t largest;                /* in this stratum of the cells */
  const struct eh_weighted_pattern *weights; /* of a flagged unit; enough for its difference to be redone */
  size_t weight_count;
};

/* One outcome of a measure of a category, against all others: a unit's comparable records. */
struct eh_category_result {
  const char *label;
  uint64_t records;
  struct eh_figure rate, expected_rate;
  struct eh_interval difference;
  bool few; /* fewer than 10 with it, or without, had or expected */
};

/* What only a measure of a category has. */
struct eh_category_part {
  struct eh_category_result *items; /* as in the cells; NULL without comparable records */
  size_t count;
  size_t largest; /* the one that differs most: the share above is of it */
  size_t pooled;  /* so many that hardly occur were taken together in the test */
};

/* What only a measure of a value has. */
struct eh_value_part {
  struct eh_figure mean, expected_mean; /* over comparable records */
  struct eh_interval difference;        /* of the means: decides whether a difference is material */
  struct eh_figure effective;           /* so many of its values the interval's limits rest on */
  bool difference_approximate;          /* fewer than 10 */
  const char *p_method; /* "end", "exact", "saddlepoint": how p was had; NULL where there is none */
  bool p_approximate;   /* by saddlepoint, where few values stand out of many that are equal */
  struct eh_interval shift;          /* Hodges and Lehmann's estimate */
  struct eh_figure superiority;      /* the chance that its record exceeds a peer's; ties by half */
  struct eh_figure crude_difference; /* of the means */
};

/* In relation to all units of the comparison. */
struct eh_among_part {
  struct eh_figure outlier_z, outlier_q;
  struct eh_figure shrunken_difference;
  struct eh_versus_typical versus_typical; /* log odds ratio; where it worked in several groups, in
                                              the one that has most of its records */
  struct eh_figure versus_typical_p;
  /* For following up: its log odds, the variance of that with the design effect of its test, and
     the centre of its block on the same scale. */
  struct eh_figure effect, effect_variance, effect_centre;
  struct eh_interval rank; /* expected rank, 95% interval; 1 is the lowest rate */
  /* Of a category or a value: the difference less that of the median unit of the comparison. */
  struct eh_figure typical_difference;
};

/* Whose difference it is: the unit's, or that of others among its peers. */
struct eh_who_part {
  enum eh_who who;
  const struct eh_result *pair;                   /* EH_WHO_PAIR: the other */
  bool hidden;             /* not flagged, but would be with those left out of its peers who are */
  struct eh_texts without; /* EH_WHO_PEERS, or hidden: the units named in its block */
  struct eh_figure difference_without, p_without; /* with those left out of its peers */
};

/* Similarly situated in another sense, on the same records; or a part of them. */
struct eh_definition {
  const char *name; /* "without age_band", "only priority: 1" */
  bool is_part;
};
/* What becomes of a finding under one. */
enum eh_outcome {
  EH_OUTCOME_NOT_TRIED,  /* a part that holds too little of the unit's records */
  EH_OUTCOME_UNTESTABLE, /* too few comparable records, or no test */
  EH_OUTCOME_REVERSED,   /* the difference has the other sign, and passes */
  EH_OUTCOME_TOO_FEW,    /* it no longer passes, and its interval holds the difference as found */
  EH_OUTCOME_VANISHES,   /* it no longer passes, nor can it be as large */
  EH_OUTCOME_SMALLER,    /* it passes, and is smaller than the rules' smallest difference */
  EH_OUTCOME_STANDS,
  EH_OUTCOMES
};
const char *eh_outcome_name(enum eh_outcome outcome); /* "too few to tell" */
struct eh_retest {
  struct eh_interval difference; /* as the headline */
  struct eh_figure p, log10_p;   /* that decides, as found */
  uint64_t comparable;
  enum eh_outcome outcome;
};
/* Does a finding stand under other definitions? */
struct eh_robustness_part {
  const struct eh_retest *retests; /* by definition of the comparison; NULL: not tried */
  const char *statement; /* "stands in 12 of 13 other definitions; ..."; NULL: not tried */
  size_t definitions[EH_OUTCOMES], parts[EH_OUTCOMES];
  struct eh_figure low,
      high; /* of the differences under the definitions testable, its own among them */
  struct eh_figure p_every; /* the largest p of them all: that it differs under each */
  struct eh_figure q_every; /* Benjamini and Hochberg's over the comparison's tests */
};

/* A column that the rules do not name beside a finding. */
struct eh_explained {
  const char *column;
  double kept;       /* share of the unit's comparable records that are comparable in it, too */
  double same, fine; /* the difference over these, within the strata as they are, and in the finer */
  double explained;  /* (same - fine) / same */
  double p;          /* that it goes with the event among units not flagged: q over the columns */
  const char *refused; /* why it is no explanation; NULL: it is one */
};
struct eh_explanations {
  const struct eh_explained *items; /* those that explain it, or would if they were not refused */
  size_t count;
};

/* A finding among decisions of the same calendar quarter, month or year. */
enum eh_time_outcome {
  EH_TIME_NOTHING,  /* it stands there, too; or it was not looked at */
  EH_TIME_EXPLAINS, /* it turns, or less than half of it is left: it goes with time */
  EH_TIME_TOO_FEW,  /* the test no longer passes */
  EH_TIME_FEW_PEERS /* most of its records have no peers even in the longer period */
};
struct eh_time_part {
  const char *period; /* "quarter"; NULL: not looked at */
  double kept;        /* share of its comparable records that are so within the period */
  struct eh_figure difference, same, p; /* over these, within the period; before; mid-p */
  enum eh_time_outcome outcome;
};
/* Of a measure with `among`: is the unit's share of such records itself out of line? */
struct eh_selection_part {
  bool is_looked_at;
  struct eh_figure difference, rate, expected_rate, log10_p, q; /* of being among them */
  struct eh_figure all_difference, all_p; /* the event over all records */
  bool caveat;
};

/* The parts that not every kind of measure has: engine/audit/kinds says which. */
enum eh_part {
  EH_PART_SHARE,
  EH_PART_EVENT, /* and what among rests on: odds ratios */
  EH_PART_CATEGORY,
  EH_PART_VALUE,
  EH_PART_TEST, /* test, and the difference from the typical unit in the same terms */
  EH_PARTS
};

/* One unit of one comparison. */
struct eh_result {
  const char *unit;
  size_t unit_index;         /* into cells->units */
  enum eh_measure_kind kind; /* of the comparison's measure */
  bool recorded; /* false: the unit of records whose unit is not recorded; listed, never flagged */
  struct eh_place_part place;

  uint64_t records;    /* all of the unit's records in the measure */
  uint64_t comparable; /* those in strata that have peers */
  struct eh_share_part share;
  struct eh_event_part event;
  struct eh_dependence_part dependence;
  struct eh_balance_part balance;
  struct eh_category_part category;
  struct eh_value_part value;
  struct eh_among_part among;
  struct eh_who_part who;
  struct eh_robustness_part robustness; /* of a flagged unit */
  struct eh_time_part time;             /* the same, of a measure of an event */
  struct eh_selection_part selection;   /* the same, with `among` */
  struct eh_explanations explained;     /* the same; columns that the rules do not name */

  bool testable;
  const char *untestable_because; /* NULL when testable */
  struct eh_test test;            /* of a category: generalised CMH; of a value: van Elteren */
  struct eh_figure p, log10_p;    /* the p that decides */
  const char *p_from; /* "exact mid-p", "cmh", "saddlepoint", "generalised cmh", "van elteren" */
  struct eh_figure q, log10_q;    /* over the testable units of the family */
  struct eh_figure decided_at;    /* the largest p at which it would have passed */

  bool flagged;
  enum eh_level level;
  bool
      higher; /* direction: the sign of the CMH deviation; of a category, the sign of the difference
                 of the one that differs most; of a value, whether the unit's rank higher */
  struct eh_texts not_flagged_because;
  struct eh_texts caveats;
  const char *statement; /* one sentence that never overstates */
};

/* Flagged units, and of these how many of each level. */
struct eh_level_counts {
  size_t flagged, notable, strong, exceptional;
};

/* How much its units differ, chance taken away, and what may be shown of it. */
struct eh_spread_part {
  struct eh_tau tau; /* log odds */
  double records;    /* of the units that enter */
  struct eh_shown shown;
  const char *lowest, *highest; /* units; NULL where nothing can be shown */
  struct eh_figure low, high;   /* what may be shown: rates for the same kinds of case */
};

/* What only a comparison of a measure of an event has. */
struct eh_event_whole {
  uint64_t events;
  struct eh_spread_part spread;
  struct eh_power_reach power_80; /* of the testable unit of median caseload */
};

/* Is it found for what it does itself? Not where only others among its peers differ. */
static inline bool eh_result_differs(const struct eh_result *r) {
  return r->flagged && r->who.who != EH_WHO_PEERS;
}

/* Two columns of adjust_for that matter jointly. */
struct eh_adjusted_pair {
  int column, other; /* of the rules */
  double p;          /* that they do not */
};

struct eh_comparison_result {
  const struct eh_cells *cells;
  const struct eh_measure *measure;
  const struct eh_comparison *comparison;
  const char *title; /* "favourable discretion, across field_office": unique in the audit */
  uint64_t strata, records, comparable;
  size_t testable;
  struct eh_level_counts levels;
  size_t facts;           /* that the flagged units come down to */
  struct eh_test overall; /* do its units differ at all? none of a measure of a value */
  bool overall_diagonal; /* more than 2,000 units share strata: by the diagonal of the covariance */
  struct eh_event_whole event;
  const struct eh_adjusted_pair *pairs; /* of adjust_for, balanced jointly */
  size_t pair_count;
  struct eh_result *results; /* by unit name, the not recorded last */
  size_t result_count;
  const struct eh_definition *definitions; /* that findings were tried under */
  size_t definition_count;
  const char *no_definitions; /* why not; NULL: they were, where there is a finding */
};

/* Families that hold a test: of the rules' main measure, of the others. */
struct eh_family_counts {
  size_t main, side;
};

struct eh_audit {
  const struct eh_rules *rules;
  const struct eh_account *account;
  const struct eh_over_time *over_time;     /* as given; NULL: none */
  const struct eh_reliability *reliability; /* NULL: not assessed */
  const struct eh_monitoring *monitoring; /* NULL: not asked for */
  const struct eh_goals *goals;             /* NULL: the rules have none */
  const struct eh_policy_changes *policy_changes; /* NULL: nothing is compared across policies */
  const struct eh_extremes *extremes;     /* never and always; NULL: not asked for */
  const struct eh_workloads *workloads;   /* NULL: the rules ask for none */
  const struct eh_cells *tables; /* by period, where the rules ask for them; see by_period.h */
  size_t table_count;
  struct eh_comparison_result
      *comparisons; /* in the rules' order: comparison, measure, each value */
  size_t comparison_count;
  size_t tests;    /* tests made in all: testable units of every comparison */
  size_t findings; /* flagged units of every comparison */
  size_t facts;    /* that they come down to: those who differ only because of others are none */
  struct eh_family_counts families;
  struct eh_texts screened;    /* columns tried as explanations of findings */
  const char *not_asked_again; /* why findings were not looked at within periods, nor who is asked */
  const char *not_screened;    /* why none was; NULL: they were, or there is no finding */
  struct eh_texts notes; /* what a reader must know of the whole: one sentence each */
};

#endif
