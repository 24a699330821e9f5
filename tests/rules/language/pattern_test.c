/* Which patterns of file names cover others. */
#include "rules/language/pattern.h"

#include <fnmatch.h>
#include <string.h>

#include "engine/base/random.h"
#include "tests/test.h"

static const struct {
  const char *wide, *narrow;
  bool covers;
} pairs[] = {
    {"*", "", true},
    {"", "*", false},
    {"", "", true},
    {"*.csv", "*.csv", true},
    {"*.csv", "cbp*.csv", true},
    {"cbp*.csv", "*.csv", false},
    {"cbp*", "cbp-201?.csv", true},
    {"cbp?", "cbp*", false},
    {"cbp?", "cbp[0-9]", true},
    {"cbp[0-9]", "cbp?", false},
    {"cbp[0-9]", "cbp[135]", true},
    {"cbp[0-9]", "cbp[1-35x]", false},
    {"cbp[!a-z]", "cbp[[:digit:]]", true},
    {"cbp[[:alnum:]]", "cbp[[:digit:]]", true},
    {"cbp[[:digit:]]", "cbp[[:alnum:]]", false},
    {"[]a]", "]", true},
    {"[\\]a]", "\\]", true},
    {"*", "cbp\\*", true},
    {"cbp\\*", "cbp*", false},
    {"cbp\\*", "cbp[*]", true},
    {"[cbp", "\\[cbp", true},
    {"*a*b*", "x*ab", true},
    {"*a*b*", "x*ba", false},
    {"*a?b", "*aab*ab", false},
    {"*a?b", "*aab", true},
    {"*ab", "*aab", true},
};

START_TEST(pairs_are_judged) {
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
    ck_assert_msg(eh_pattern_covers(pairs[i].wide, pairs[i].narrow) == pairs[i].covers,
                  "%s against %s", pairs[i].wide, pairs[i].narrow);
}
END_TEST

static void draw(struct eh_random *random, char *pattern) {
  static const char *const pieces[] = {"a",    "b",   "*", "?",   "[ab]",
                                       "[!a]", "\\*", "[", "\\a", "[a-c]"};
  *pattern = '\0';
  for (uint64_t left = eh_random_below(random, 5); left > 0; left--)
    strcat(pattern, pieces[eh_random_below(random, sizeof pieces / sizeof pieces[0])]);
}

/* Every name of up to four of some characters. */
static bool any_name_fits_narrow_alone(const char *wide, const char *narrow) {
  static const char characters[] = "abc*[";
  for (int number = 0; number < 6 * 6 * 6 * 6; number++) {
    char name[5] = "";
    for (int rest = number, i = 0; rest > 0 && i < 4; rest /= 6)
      if (rest % 6 < 5) name[i++] = characters[rest % 6];
    if (fnmatch(narrow, name, 0) == 0 && fnmatch(wide, name, 0) != 0) return true;
  }
  return false;
}

START_TEST(covered_patterns_have_no_name_of_their_own) {
  struct eh_random random = eh_random_seeded(41, 0);
  int covered = 0, missed = 0;
  for (int i = 0; i < 4000; i++) {
    char wide[32], narrow[32];
    draw(&random, wide);
    draw(&random, narrow);
    bool covers = eh_pattern_covers(wide, narrow),
         has_own = any_name_fits_narrow_alone(wide, narrow);
    ck_assert_msg(!covers || !has_own, "%s covers %s", wide, narrow);
    covered += covers;
    missed += !covers && !has_own;
  }
  ck_assert_int_gt(covered, 300);
  ck_assert_int_lt(missed, covered / 3); /* names of four characters do not tell all apart */
}
END_TEST

RUN_TESTS("pattern", pairs_are_judged, covered_patterns_have_no_name_of_their_own)
