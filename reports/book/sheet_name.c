#include "reports/book/sheet_name.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "reports/words/safe.h"

static const char ellipsis[] = "\xE2\x80\xA6";

static bool is_forbidden(char c) { return strchr("[]:*?/\\", c) != NULL; }

/* Characters that no sheet name may hold become blanks. */
static char *legal_characters(struct eh_arena *arena, const char *wanted) {
  char *name = eh_arena_string(arena, eh_safe_line(arena, wanted));
  for (char *c = name; *c; c++) {
    if (is_forbidden(*c)) *c = ' ';
  }
  return name;
}

/* Without blanks and apostrophes at its ends. */
static const char *trim(struct eh_arena *arena, const char *name) {
  while (*name == ' ' || *name == '\'') name++;
  size_t length = strlen(name);
  while (length && (name[length - 1] == ' ' || name[length - 1] == '\'')) length--;
  return eh_arena_copy(arena, name, length);
}

/* The name with an ending, cut before it where it is too long. */
static const char *with_ending(struct eh_arena *arena, const char *name, const char *ending) {
  size_t room = EH_LONGEST_SHEET_NAME - eh_safe_units(ending);
  if (eh_safe_units(name) <= room) return eh_arena_printf(arena, "%s%s", name, ending);
  const char *kept = trim(arena, eh_arena_copy(arena, name, eh_safe_fit(name, room - 1)));
  return eh_arena_printf(arena, "%s%s%s", kept, ellipsis, ending);
}

static bool is_taken(const struct eh_sheet_names *names, const char *name) {
  if (strcasecmp(name, "history") == 0) return true;
  for (size_t i = 0; i < names->count; i++) {
    if (strcasecmp(names->items[i], name) == 0) return true;
  }
  return false;
}

static void add(struct eh_arena *arena, struct eh_sheet_names *names, const char *name) {
  if (names->count == names->capacity) {
    size_t capacity = names->capacity ? 2 * names->capacity : 16;
    const char **items = eh_arena_alloc(arena, capacity, sizeof *items);
    if (names->count) memcpy(items, names->items, names->count * sizeof *items);
    names->items = items;
    names->capacity = capacity;
  }
  names->items[names->count++] = name;
}

const char *eh_sheet_name(struct eh_arena *arena, struct eh_sheet_names *names,
                          const char *wanted) {
  const char *base = trim(arena, legal_characters(arena, wanted));
  if (!*base) base = "Sheet";
  const char *name = with_ending(arena, base, "");
  for (unsigned i = 2; is_taken(names, name); i++)
    name = with_ending(arena, base, eh_arena_printf(arena, " (%u)", i));
  add(arena, names, name);
  return name;
}
