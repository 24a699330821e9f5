/* Which of the records with one case number stays. */
#include "rules/explain/internal.h"

/* "the earliest stays; of one day, the first in the files" */
static const char *order_of(struct eh_arena *arena, const struct eh_rules *rules) {
  const struct eh_case_repeats *repeats = &rules->repeats;
  const char *which = repeats->choice == EH_REPEATS_LAST ? "last" : "first";
  const char *order = repeats->order_by < 0
                          ? ""
                          : eh_arena_printf(arena, "the %s by %s, then ", which,
                                            rules->columns[repeats->order_by].name);
  if (rules->date_column < 0) return eh_arena_printf(arena, "%sthe %s in the files", order, which);
  return eh_arena_printf(arena, "the %s; of one day, %sthe %s in the files",
                         repeats->choice == EH_REPEATS_LAST ? "latest" : "earliest", order, which);
}

static const char *worst_of(struct eh_arena *arena, const struct eh_rules *rules) {
  const struct eh_case_repeats *repeats = &rules->repeats;
  struct eh_buffer out = {0};
  for (size_t i = 0; i < repeats->value_count; i++)
    eh_buffer_printf(&out, "%s'%s'", i ? ", " : "", repeats->values[i]);
  const char *text = eh_arena_printf(arena, "the one whose %s comes first in %s; of several, %s",
                                     rules->columns[repeats->worst].name, out.text ? out.text : "",
                                     order_of(arena, rules));
  eh_buffer_free(&out);
  return text;
}

const char *eh_explain_repeats(struct eh_arena *arena, const struct eh_rules *rules) {
  static const char *const which = "Records whose case number another record has: ";
  switch (rules->repeats.choice) {
    case EH_REPEATS_TRUST:
      return "None because of its case number: records with the same one are decisions of their "
             "own.";
    case EH_REPEATS_REFUSE:
      return "None because of its case number: where several records have the same one, there is "
             "no audit.";
    case EH_REPEATS_ANY:
      return eh_arena_printf(arena,
                             "%sof each case and unit one stays, %s; an event is one of any of "
                             "these records that is not left out by what follows.",
                             which, order_of(arena, rules));
    case EH_REPEATS_WORST:
      return eh_arena_printf(arena, "%sone stays, %s.", which, worst_of(arena, rules));
    default:
      return eh_arena_printf(arena, "%sone stays, %s.", which, order_of(arena, rules));
  }
}
