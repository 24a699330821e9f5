#include "reports/words/repeated.h"

#include "engine/base/words.h"

static const struct {
  const char *rule, *stays;
} rows[] = {
    [EH_REPEATS_FIRST] = {"first", "the earliest stays; of one day, the first in the file"},
    [EH_REPEATS_LAST] = {"last", "the latest stays; of one day, the last in the file"},
    [EH_REPEATS_ANY] = {"any", "one of each case and unit stays, and an event of any is its event"},
    [EH_REPEATS_WORST] = {"worst", "the one with the worst outcome stays"},
    [EH_REPEATS_REFUSE] = {"refuse", ""},
    [EH_REPEATS_TRUST] = {"trust", ""},
};

const char *eh_repeated_rule(const struct eh_rules *rules) {
  return rows[rules->repeats.choice].rule;
}

/* "the earliest stays; of one day, the first by seq" */
static const char *stays(struct eh_arena *arena, const struct eh_rules *rules) {
  const struct eh_case_repeats *repeats = &rules->repeats;
  bool is_last = repeats->choice == EH_REPEATS_LAST;
  if (repeats->choice > EH_REPEATS_LAST) return rows[repeats->choice].stays;
  if (repeats->order_by >= 0)
    return eh_arena_printf(arena, "the %s by %s%s stays", is_last ? "last" : "first",
                           rules->date_column >= 0 ? "date and " : "",
                           rules->columns[repeats->order_by].name);
  if (rules->date_column >= 0) return rows[repeats->choice].stays;
  return eh_arena_printf(arena, "the %s in the file stays", is_last ? "last" : "first");
}

const char *eh_repeated_line(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_account *account) {
  if (account->differing_cases == 0) return NULL;
  return eh_arena_printf(
      arena,
      "%s the case number of a record that stays and %s from it in what the rules use: %s. If "
      "a case may have several decisions, say so in the rules: `repeated: trust`, or `any`, `last` "
      "or `worst`.",
      eh_words_of(arena, account->differing_cases, "record left out has", "records left out have"),
      account->differing_cases == 1 ? "differs" : "differ", stays(arena, rules));
}
