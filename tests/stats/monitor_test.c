/* Scores, evidence, variation, e-values: against values from Python (reference of the worked unit,
 * two situations over eight periods), and what must hold whatever the counts. */
#include <math.h>

#include "engine/stats/evidence.h"
#include "engine/stats/peer_mix.h"
#include "engine/stats/wander.h"
#include "tests/test.h"

enum { PERIODS = 8, TABLES = 16 };

/* By situation, then period. */
static const struct eh_period_table worked[TABLES] = {
    {0, 0, {3, 10, 20, 100}, 0}, {0, 1, {2, 9, 24, 110}, 0},  {0, 2, {4, 12, 19, 90}, 0},
    {0, 3, {3, 11, 22, 104}, 0}, {0, 4, {6, 10, 21, 100}, 0}, {0, 5, {7, 11, 20, 96}, 0},
    {0, 6, {6, 9, 23, 105}, 0},  {0, 7, {8, 12, 20, 99}, 0},  {1, 0, {2, 20, 12, 100}, 0},
    {1, 1, {3, 22, 10, 95}, 0},  {1, 2, {1, 18, 11, 105}, 0}, {1, 3, {2, 19, 13, 99}, 0},
    {1, 4, {5, 20, 12, 100}, 0}, {1, 5, {6, 21, 11, 101}, 0}, {1, 6, {4, 18, 12, 98}, 0},
    {1, 7, {6, 22, 13, 104}, 0}};

START_TEST(noncentral) {
  static const struct {
    struct eh_table table;
    double theta, mean, variance;
  } rows[] = {{{3, 10, 20, 100}, -2.0, 0.376800994702226, 0.35604186832598},
              {{3, 10, 20, 100}, 0.0, 2.09090909090912, 1.51717340207749},
              {{3, 10, 20, 100}, 0.5, 2.93748821312437, 1.85791183320127},
              {{3, 10, 20, 100}, 2.0, 6.07263304807979, 2.0731237141875},
              {{8, 12, 20, 99}, -2.0, 0.585072355195003, 0.542750892311888},
              {{8, 12, 20, 99}, -0.5, 2.11421685563882, 1.60784435882738},
              {{8, 12, 20, 99}, 0.0, 3.02702702702705, 2.03710737764791},
              {{8, 12, 20, 99}, 0.5, 4.13747031311985, 2.38348668287925},
              {{8, 12, 20, 99}, 2.0, 7.9022163056724, 2.34252754283371},
              {{0, 5, 3, 40}, -2.0, 0.0520908510998903, 0.0507985187466986},
              {{0, 5, 3, 40}, -0.5, 0.215126964854774, 0.193671478119612},
              {{0, 5, 3, 40}, 0.0, 0.333333333333334, 0.282828282828283},
              {{0, 5, 3, 40}, 0.5, 0.501033003922468, 0.390092203903624},
              {{0, 5, 3, 40}, 2.0, 1.31016829874087, 0.644941195248098},
              {{60, 100, 300, 900}, -2.0, 7.98790902310427, 7.1088851551401},
              {{60, 100, 300, 900}, -0.5, 26.3192279292911, 17.7680207743653},
              {{60, 100, 300, 900}, 0.0, 35.9999999999999, 20.7567567567555},
              {{60, 100, 300, 900}, 0.5, 46.8190373437119, 22.2169643922143},
              {{60, 100, 300, 900}, 2.0, 77.2334372781411, 16.1377193890767}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct eh_moments m = eh_noncentral_moments(&rows[i].table, exp(rows[i].theta));
    ck_close(m.mean, rows[i].mean, 1e-9);
    ck_close(m.variance, rows[i].variance, 1e-9);
  }
}
END_TEST

static size_t scores_at(uint32_t looks, struct eh_score *scores) {
  double theta[TABLES] = {0};
  return eh_standing_scores(worked, TABLES, looks, theta, scores);
}

START_TEST(scores_of_the_worked_unit) {
  struct eh_score s[TABLES];
  double theta[TABLES] = {0};
  ck_assert_uint_eq(eh_standing_scores(worked, TABLES, 5, theta, s), 10);
  ck_close(theta[0], 0.680715721430548, 1e-9);
  ck_close(s[0].u, -0.282611557229545, 1e-9);
  ck_close(s[0].v, 1.95901253894762, 1e-9);
  ck_close(s[1].u, -1.09096893120148, 1e-9);
  for (uint32_t looks = 2; looks <= PERIODS; looks++) { /* each situation's add up to nothing */
    size_t count = scores_at(looks, s);
    double sum = 0.0;
    for (size_t i = 0; i < count / 2; i++) sum += s[i].u;
    ck_assert(fabs(sum) < 1e-9);
  }
}
END_TEST

START_TEST(evidence_as_first_written) {
  static const struct {
    uint32_t look;
    double sigma, phi, ln_e;
    uint32_t change, first, last;
    double score, information;
  } rows[] = {
      {4, 0.0, 1, -0.0997179901586552, 2, 2, 4, -0.158101109420517, 2.55741889960709},
      {8, 0.0, 1, 1.51331470679148, 5, 4, 7, 11.2518552364285, 9.14786985760129},
      {5, 0.15, 1.08868179331212, -0.0306545609476778, 5, 2, 5, 3.78640428541661, 3.06982893381459},
      {8, 0.15, 1.10344909208139, 1.14585597950039, 5, 3, 7, 10.1969862653152, 8.29025092616281}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct eh_score s[TABLES];
    size_t count = scores_at(rows[i].look, s);
    struct eh_evidence e = eh_evidence_plain(s, count, rows[i].look, rows[i].sigma);
    ck_close(e.ln_e, rows[i].ln_e, 1e-9);
    ck_close(e.phi, rows[i].phi, 1e-9);
    ck_close(e.score, rows[i].score, 1e-9);
    ck_close(e.score_information, rows[i].information, 1e-9);
    ck_assert_uint_eq(e.change + 1, rows[i].change);
    ck_assert_uint_eq(e.change_first + 1, rows[i].first);
    ck_assert_uint_eq(e.change_last + 1, rows[i].last);
  }
}
END_TEST

/* Each period weighed by its own variation, peers of changing mix: tests/reference/monitor.py. */
START_TEST(evidence_with_weights_and_shifts) {
  struct eh_period_table shifted[TABLES];
  double theta[TABLES] = {0};
  struct eh_score s[TABLES];
  for (size_t i = 0; i < TABLES; i++) {
    shifted[i] = worked[i];
    shifted[i].shift = 0.1 * sin((double)(i + 1));
  }
  size_t count = eh_standing_scores(shifted, TABLES, PERIODS, theta, s);
  ck_assert_uint_eq(count, TABLES);
  static const struct {
    double sigma, ln_e, information;
    uint32_t change;
    double score, score_information;
  } rows[] = {{0.0, 1.35597644244902, 36.7423234298271, 5, 10.9388543374966, 9.12327232936904},
              {0.3, 0.508032048011138, 25.9533412998008, 5, 7.72634858113054, 6.45780364511446}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct eh_evidence e = eh_evidence(s, count, PERIODS, rows[i].sigma);
    ck_close(e.ln_e, rows[i].ln_e, 1e-9);
    ck_close(e.information, rows[i].information, 1e-9);
    ck_assert_uint_eq(e.change + 1, rows[i].change);
    ck_close(e.score, rows[i].score, 1e-8);
    ck_close(e.score_information, rows[i].score_information, 1e-9);
  }
}
END_TEST

START_TEST(nothing_to_say) {
  struct eh_period_table none[] = {{0, 0, {0, 5, 3, 20}, 0}, {0, 1, {0, 4, 2, 20}, 0}};
  struct eh_score s[2];
  double theta[2] = {0};
  ck_assert_uint_eq(eh_standing_scores(none, 2, 2, theta, s), 0);
  struct eh_evidence e = eh_evidence(s, 0, 2, 0.0);
  ck_assert(!e.has_change && fabs(e.ln_e) < 1e-9 && e.periods == 0);
  ck_assert(eh_evidence_noticeable(0.0, 0, 6, 0.05).why_not);
  ck_assert(eh_standing_estimate(none, 2).why_not);
}
END_TEST

START_TEST(what_it_would_notice) {
  static const struct {
    double information;
    uint32_t periods;
    double phi, want;
  } rows[] = {{180, 12, 1.0, 0.656815125958439}, {180, 12, 1.5, 0.80724102052293},
              {54, 12, 1.0, 1.23527425007839},   {18, 12, 1.0, 2.38794639927998},
              {540, 12, 1.0, 0.382081035351474}, {400, 24, 1.0, 0.572980501321639}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    ck_close(
        eh_evidence_noticeable(rows[i].information / rows[i].phi, rows[i].periods, 6, 0.05).value,
        rows[i].want, 1e-9);
}
END_TEST

START_TEST(e_values) {
  static const struct {
    double e[5];
    size_t count, first; /* the first so many are selected */
  } rows[] = {{{600, 210, 150, 90, 1}, 5, 4},
              {{80, 80, 80, 80, 80}, 5, 5},
              {{99, 1, 1, 1, 1}, 5, 0},
              {{100, 1, 1, 1, 1}, 5, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    double ln_e[5];
    bool selected[5];
    for (size_t k = 0; k < rows[i].count; k++) ln_e[k] = log(rows[i].e[k]);
    eh_e_values_select(ln_e, rows[i].count, 0.05, selected);
    for (size_t k = 0; k < rows[i].count; k++) ck_assert(selected[k] == (k < rows[i].first));
  }
}
END_TEST

/* Six units of 36 periods, made up: tests/reference/monitor.py. */
START_TEST(variation_from_period_to_period) {
  enum { UNITS = 6, LOOKS = 36 };
  double u[UNITS * LOOKS], v[UNITS * LOOKS];
  for (size_t i = 0; i < UNITS * LOOKS; i++) {
    size_t unit = i / LOOKS, t = i % LOOKS;
    v[i] = 10.0 + (double)((unit * 7 + t * 5) % 11);
    u[i] = v[i] * (0.5 * sin((double)t / 4.0 + (double)unit) +
                   0.7 * sin((double)(t * t) + 3.0 * (double)unit));
  }
  size_t pairs;
  static const struct {
    uint32_t length;
    size_t pairs;
    double sigma;
  } rows[] = {{1, 210, 0.563505422882469},
              {3, 66, 0.298501280762791},
              {6, 30, 0.430272859901765},
              {12, 12, 0.384301529835979}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    double sigma = eh_wander_of(u, v, UNITS, LOOKS, LOOKS, rows[i].length, 5, &pairs);
    ck_assert_uint_eq(pairs, rows[i].pairs);
    ck_close(sigma, rows[i].sigma, 1e-9);
  }
  struct eh_wander w = eh_wander(u, v, UNITS, LOOKS, LOOKS);
  ck_assert_uint_eq(w.length, 12);
  ck_close(w.sigma, 1.33125955020472, 1e-9);
}
END_TEST

/* Units in one table: exactly their odds, but for the one further decision of each kind. */
START_TEST(peers_of_one_table) {
  struct eh_mix_cell cells[] = {{0, 0, 4000, 1000}, {0, 1, 4000, 2000}, {0, 2, 4000, 3000}};
  double psi[] = {1, 1, 1};
  eh_peer_mix_fit(cells, 3, psi, 3);
  ck_close(psi[1] / psi[0], 3.0, 5e-3);
  ck_close(psi[2] / psi[1], 3.0, 5e-3);
}
END_TEST

RUN_TESTS("stats/monitor", noncentral, scores_of_the_worked_unit, evidence_as_first_written,
          evidence_with_weights_and_shifts, nothing_to_say, what_it_would_notice, e_values,
          variation_from_period_to_period, peers_of_one_table)
