#include "engine/base/tidy.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Every character before this one is what NFC makes of it. */
enum { FIRST_TO_NORMALISE = 0x300 };

static bool is_ascii_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool is_unseen(ucs4_t c) {
  return c >= 0x80 && uc_is_property_default_ignorable_code_point(c);
}

static bool is_space(ucs4_t c) {
  return c < 0x80 ? is_ascii_space((unsigned char)c) : uc_is_property_white_space(c);
}

static const char *trimmed(const char *text, size_t *length) {
  const char *end = text + *length;
  while (text < end && is_ascii_space((unsigned char)*text)) text++;
  while (text < end && is_ascii_space((unsigned char)end[-1])) end--;
  *length = (size_t)(end - text);
  return text;
}

/* What a text holds that tidying could change, beside white space around it. */
static bool has_work(const char *text, size_t length, bool *normalise) {
  bool found = *normalise = false;
  for (size_t i = 0; i < length;) {
    ucs4_t c;
    i += (size_t)u8_mbtouc(&c, (const uint8_t *)text + i, length - i);
    *normalise |= c >= FIRST_TO_NORMALISE;
    found |= c >= 0x80 && (is_unseen(c) || is_space(c));
  }
  return found;
}

/* Without what is unseen, and with one blank for each run of white space that is not ASCII's
   alone. A run ends up shorter, never longer. Returns the length. */
static size_t squeeze(char *to, const char *text, size_t length) {
  size_t written = 0, run = 0; /* where the run of white space at hand begins in `to` */
  bool in_run = false, is_foreign = false;
  for (size_t i = 0; i < length;) {
    ucs4_t c;
    size_t size = (size_t)u8_mbtouc(&c, (const uint8_t *)text + i, length - i);
    bool space = is_space(c), unseen = is_unseen(c);
    if (space && !in_run) {
      in_run = true;
      run = written;
    }
    if (in_run && (unseen || (space && c >= 0x80))) is_foreign = true;
    if (in_run && !space && !unseen) {
      if (is_foreign) {
        to[run] = ' ';
        written = run + 1;
      }
      in_run = is_foreign = false;
    }
    if (!unseen && !(space && c >= 0x80)) {
      memmove(to + written, text + i, size);
      written += size;
    }
    i += size;
  }
  return written;
}

static char *normalised(struct eh_arena *arena, const char *text, size_t *length) {
  size_t size = 0;
  uint8_t *nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)text, *length, NULL, &size);
  if (!nfc) return NULL;
  char *copy = eh_arena_copy(arena, (const char *)nfc, size);
  free(nfc);
  *length = size;
  return copy;
}

const char *eh_tidy_text(struct eh_arena *arena, const char *text, size_t *length) {
  bool normalise;
  text = trimmed(text, length);
  if (eh_tidy_is_plain(text, *length) || u8_check((const uint8_t *)text, *length)) return text;
  if (has_work(text, *length, &normalise)) {
    char *copy = eh_arena_alloc(arena, *length + 1 + EH_ROOM_BEHIND, 1);
    *length = squeeze(copy, text, *length);
    memset(copy + *length, 0, EH_ROOM_BEHIND);
    text = trimmed(copy, length);
  }
  const char *nfc = normalise && *length ? normalised(arena, text, length) : NULL;
  return nfc ? nfc : text;
}

bool eh_tidy_is_done(const char *text, size_t length) {
  text = trimmed(text, &length);
  if (eh_tidy_is_plain(text, length)) return true;
  struct eh_arena *scratch = eh_arena_new();
  size_t tidy_length = length;
  const char *tidy = eh_tidy_text(scratch, text, &tidy_length);
  bool is_done = tidy_length == length && memcmp(tidy, text, length) == 0;
  eh_arena_free(scratch);
  return is_done;
}

static void lower_ascii(char *text) {
  for (; *text; text++)
    if (*text >= 'A' && *text <= 'Z') *text = (char)(*text + ('a' - 'A'));
}

const char *eh_tidy_folded(struct eh_arena *arena, const char *text, size_t *length) {
  text = eh_tidy_text(arena, text, length);
  char *copy = eh_arena_copy(arena, text, *length);
  if (eh_tidy_is_plain(text, *length)) {
    lower_ascii(copy);
    return copy;
  }
  size_t size = 0;
  uint8_t *folded = u8_casefold((const uint8_t *)copy, *length, NULL, UNINORM_NFC, NULL, &size);
  if (!folded) return copy;
  copy = eh_arena_copy(arena, (const char *)folded, size);
  free(folded);
  *length = size;
  return copy;
}

typedef uint8_t *change_case(const uint8_t *text, size_t length, const char *language,
                             uninorm_t form, uint8_t *room, size_t *size);

static const char *cased(struct eh_arena *arena, const char *text, change_case *change) {
  size_t size = 0;
  uint8_t *changed = change((const uint8_t *)text, strlen(text), NULL, UNINORM_NFC, NULL, &size);
  char *copy =
      changed ? eh_arena_copy(arena, (const char *)changed, size) : eh_arena_string(arena, text);
  free(changed);
  lower_ascii(copy);
  return copy;
}

const char *eh_tidy_small(struct eh_arena *arena, const char *text) {
  return cased(arena, text, u8_tolower);
}

const char *eh_tidy_small_of_capitals(struct eh_arena *arena, const char *text) {
  return cased(arena, text, u8_toupper);
}
