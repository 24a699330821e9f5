#include "reports/words/joins.h"

#include "engine/base/words.h"

enum { KEYS_SHOWN = 5 };

static const char *keys_of(struct eh_arena *arena, const struct eh_join_account *join) {
  size_t shown = join->key_count < KEYS_SHOWN ? join->key_count : KEYS_SHOWN;
  const char *list = eh_words_join(arena, join->keys, shown, ", ");
  bool has_more = shown < join->key_count || join->has_more_keys;
  return eh_arena_printf(arena, "%s%s", list, has_more ? " and others" : "");
}

const char *eh_joins_line(struct eh_arena *arena, const struct eh_join_account *join) {
  uint64_t read = join->found + join->without_key + join->not_there + join->not_in_force;
  const char *line = eh_arena_printf(arena, "by %s: %s of %s have a row there",
                                     eh_words_list(arena, join->by, join->by_count, "and"),
                                     eh_words_count(arena, join->found),
                                     eh_words_of(arena, read, "record", "records"));
  if (join->not_there)
    line = eh_arena_printf(
        arena, "%s; %s none (%s)", line,
        join->not_there == 1
            ? "1 has"
            : eh_arena_printf(arena, "%s have", eh_words_count(arena, join->not_there)),
        keys_of(arena, join));
  if (join->not_in_force)
    line = eh_arena_printf(arena, "%s; of %s no row was in force that day", line,
                           eh_words_count(arena, join->not_in_force));
  if (join->without_key)
    line = eh_arena_printf(arena, "%s; %s without %s", line,
                           eh_words_of(arena, join->without_key, "record is", "records are"),
                           eh_words_list(arena, join->by, join->by_count, "or"));
  return line;
}
