#include "rules/language/missing.h"

#include <ctype.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/tidy.h"

const char *const eh_missing_built_in[] = {
    "",
    /* databases and programs */
    "NULL",
    "(null)",
    "<null>",
    "[null]",
    "\\N",
    "nil",
    "NaN",
    "NaT",
    "NA",
    "<NA>",
    "(NA)",
    "#NA",
    "N/A",
    "(N/A)",
    "N.A.",
    "N/K",
    "N/D",
    "N.D.",
    /* spreadsheets */
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#UNKNOWN!",
    "#GETTING_DATA",
    "#ERROR!",
    "(blank)",
    "<blank>",
    "[blank]",
    "(empty)",
    "<empty>",
    "[empty]",
    /* exemptions */
    EH_EXEMPTION_MARKS,
    "b(5)",
    "b(6)",
    "b(7)(A)",
    "b(7)(C)",
    "b(7)(E)",
    "Redacted",
    "[Redacted]",
    "(Redacted)",
    "<Redacted>",
    "Withheld",
    "[Withheld]",
    "(Withheld)",
    /* signs */
    "-",
    "--",
    "---",
    "\xe2\x80\x93",
    "\xe2\x80\x94",
    ".",
    "..",
    "...",
    "?",
    "??",
    "???",
    /* words */
    "Unk",
    "Unknown",
    "(unknown)",
    "[unknown]",
    "<unknown>",
    "Missing",
    "(missing)",
    "[missing]",
    "<missing>",
    "Missing data",
    "Data missing",
    "Not recorded",
    "Unrecorded",
    "Not reported",
    "Not available",
    "Unavailable",
    "Data not available",
    "Information not available",
    "Not applicable",
    "Not specified",
    "Unspecified",
    "Not stated",
    "Not known",
    "Not provided",
    "Not supplied",
    "Not given",
    "Not entered",
    "Not indicated",
    "Not noted",
    "Not documented",
    "Not captured",
    "Not collected",
    "Not completed",
    "Not disclosed",
    "Not answered",
    "No data",
    "No value",
    "No entry",
    "No response",
    "No answer",
    "No information",
    "k. A.",
    "k.A.",
    "keine Angabe",
    "keine Angaben",
    "ohne Angabe",
    "unbekannt",
    "nicht bekannt",
    "nicht erfasst",
    "nicht angegeben",
    "inconnu",
    "inconnue",
    "non connu",
    "non renseign\xc3\xa9",
    "non renseign\xc3\xa9"
    "e",
    "non pr\xc3\xa9"
    "cis\xc3\xa9",
    "non pr\xc3\xa9"
    "cis\xc3\xa9"
    "e",
    "non disponible",
    "desconocido",
    "desconocida",
    "no consta",
    "no registrado",
    "no registrada",
    "no informado",
    "no disponible",
    "sin dato",
    "sin datos",
    "s/d",
    "desconhecido",
    "desconhecida",
    "n\xc3\xa3o informado",
    "n\xc3\xa3o registado",
    "n\xc3\xa3o registrado",
    "n\xc3\xa3o consta",
    "nao informado",
    "ignorado",
    "onbekend",
    "niet bekend",
    "niet geregistreerd",
    "niet ingevuld",
    "n.v.t.",
};
const size_t eh_missing_built_in_count = sizeof eh_missing_built_in / sizeof *eh_missing_built_in;

bool eh_missing_is_mark(const char *text, size_t length) {
  return length >= 5 && text[0] == '(' && strchr("bBjJkK", text[1]) && text[1] && text[2] == ')' &&
         text[3] == '(' && text[4] >= '1' && text[4] <= '9';
}

static char small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

static bool is_ascii(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)text[i] >= 0x80) return false;
  return true;
}

static bool is_alike(const char *item, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (small(item[i]) != small(text[i])) return false; /* its end, too */
  return item[length] == '\0';
}

/* The same for letters beyond ASCII. */
static size_t find_folded(const char *const *items, size_t count, const char *text, size_t length) {
  struct eh_arena *scratch = eh_arena_new();
  const char *folded = eh_tidy_folded(scratch, text, &length);
  size_t found = SIZE_MAX;
  for (size_t i = 0; i < count && found == SIZE_MAX; i++) {
    size_t item_length = strlen(items[i]);
    if (is_ascii(items[i], item_length)) continue;
    const char *item = eh_tidy_folded(scratch, items[i], &item_length);
    if (item_length == length && memcmp(item, folded, length) == 0) found = i;
  }
  eh_arena_free(scratch);
  return found;
}

size_t eh_missing_find(const char *const *items, size_t count, const char *text, size_t length) {
  for (size_t i = 0; i < count; i++)
    if (is_alike(items[i], text, length)) return i;
  if (length == 0) return 0;
  if (eh_missing_is_mark(text, length))
    for (size_t i = 0; i < count; i++)
      if (strcmp(items[i], EH_EXEMPTION_MARKS) == 0) return i;
  return is_ascii(text, length) ? SIZE_MAX : find_folded(items, count, text, length);
}

void eh_missing_filter_make(struct eh_missing_filter *filter, const char *const *items,
                            size_t count) {
  *filter = (struct eh_missing_filter){{0}};
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(items[i]);
    uint64_t bit = (uint64_t)1 << (length < 63 ? length : 63);
    filter->lengths[(unsigned char)tolower((unsigned char)items[i][0])] |= bit;
    filter->lengths[(unsigned char)toupper((unsigned char)items[i][0])] |= bit;
  }
  /* Capitals of other letters may be of another length. */
  for (int c = 0x80; c < 256; c++) filter->lengths[c] = UINT64_MAX;
  filter->lengths['('] = UINT64_MAX;
}
