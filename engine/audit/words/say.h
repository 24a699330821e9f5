/* A unit in words: sentences, and figures as they stand in them. */
#ifndef EVENHAND_AUDIT_WORDS_SAY_H
#define EVENHAND_AUDIT_WORDS_SAY_H

#include "engine/audit/figures/strata.h"
#include "engine/base/words.h"

/* A unit as a describer sees it. */
struct eh_view {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_comparison_result *comparison;
  const struct eh_strata_list *strata;
  struct eh_result *result;
};

enum { EH_MOST_SENTENCES = 20 };
struct eh_sentences {
  struct eh_arena *arena;
  const char *items[EH_MOST_SENTENCES];
  size_t count;
};
void eh_say(struct eh_sentences *sentences, const char *text);

/* Points, signed, to a tenth; a rounded zero carries no sign. */
const char *eh_say_points(struct eh_arena *arena, double fraction);
/* Is a number in words, without its sign, smaller than this? */
bool eh_reads_below(const char *number, double size);
/* Points with as many decimals as show that they are fewer than those of size. */
const char *eh_say_points_below(struct eh_arena *arena, double fraction, double size);
/* 12.3% */
const char *eh_say_percent(struct eh_arena *arena, double fraction);
/* "95%" */
const char *eh_say_confidence(struct eh_arena *arena, double confidence);

/* "95% interval +1.2 to +3.4", its limits being put in words already; or why there is none. */
const char *eh_say_interval(const struct eh_view *view, const struct eh_interval *interval,
                            const char *low, const char *high);
/* The unit's name; with its column's where it would not tell what it is: "detained N", "office 12". */
const char *eh_say_unit(const struct eh_view *view);
/* "release"; where the comparison is repeated for each office "release for office Newark". */
const char *eh_say_measure(const struct eh_view *view);

/* Would the difference from the typical unit be too small, or the other way? */
bool eh_typical_is_less(const struct eh_view *view);
/* "the difference of +1.2 points is smaller than 5", of a share; what, of which one: "" or ",
 * ...,". */
const char *eh_say_share_too_small(const struct eh_view *view, const char *what);

#endif
