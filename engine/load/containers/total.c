#include "engine/load/containers/total.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The whole label. */
static const char *const wholes[] = {"total",
                                     "totals",
                                     "subtotal",
                                     "subtotals",
                                     "sub-total",
                                     "sum",
                                     "sums",
                                     "summary",
                                     "grand total",
                                     "overall",
                                     "average",
                                     "mean",
                                     "count",
                                     "totale",
                                     "totales",
                                     "totaux",
                                     "totais",
                                     "totaal",
                                     "somme",
                                     "suma",
                                     "soma",
                                     "summe",
                                     "gesamt",
                                     "insgesamt",
                                     "gesamtsumme",
                                     "gesamtergebnis",
                                     "sous-total",
                                     "moyenne",
                                     "zwischensumme",
                                     "durchschnitt",
                                     "mittelwert",
                                     "promedio",
                                     "media",
                                     "m\xC3\xA9"
                                     "dia",
                                     "subtotaal",
                                     "eindtotaal",
                                     "gemiddelde",
                                     "grand-total",
                                     "subtotale",
                                     "all",
                                     NULL};
/* The end of a longer one, behind a blank. */
static const char *const ends[] = {"total",  "totals", "subtotal", "count",
                                   "gesamt", "totaal", NULL};
/* The beginning of one, before a blank, a bracket or a sign. */
static const char *const begins[] = {
    "total",         "totals",      "subtotal", "sub-total", "sous-total",
    "grand total",   "grand-total", "totaal",   "subtotaal", "suma total",
    "zwischensumme", "gesamtsumme", "totale",   "n =",       NULL};

static bool is_whole(const char *text, size_t length) {
  for (const char *const *word = wholes; *word; word++)
    if (strlen(*word) == length && strncasecmp(*word, text, length) == 0) return true;
  return false;
}

static bool has_end(const char *text, size_t length) {
  for (const char *const *word = ends; *word; word++) {
    size_t bytes = strlen(*word);
    if (length > bytes && text[length - bytes - 1] == ' ' &&
        strncasecmp(*word, text + length - bytes, bytes) == 0)
      return true;
  }
  return false;
}

static bool has_beginning(const char *text, size_t length) {
  for (const char *const *word = begins; *word; word++) {
    size_t bytes = strlen(*word);
    if (length > bytes && memchr(" :([-=", text[bytes], 6) && strncasecmp(*word, text, bytes) == 0)
      return true;
  }
  return false;
}

bool eh_total_is_plain_label(const char *text, size_t length) {
  static const char *const plain[] = {"total",         "totals",      "grand total", "grand-total",
                                      "subtotal",      "subtotals",   "sub-total",   "summary",
                                      "total general", "gesamtsumme", NULL};
  while (length && (text[length - 1] == ':' || text[length - 1] == ' ')) length--;
  for (const char *const *word = plain; *word; word++)
    if (strlen(*word) == length && strncasecmp(*word, text, length) == 0) return true;
  return false;
}

bool eh_total_is_label(const char *text, size_t length) {
  while (length && (text[length - 1] == ':' || text[length - 1] == ' ')) length--;
  if (length == 0) return false;
  if (has_end(text, length)) return true;
  if (!strchr("acdegijmnoprstz", tolower((unsigned char)text[0]))) return false;
  return is_whole(text, length) || has_beginning(text, length);
}
