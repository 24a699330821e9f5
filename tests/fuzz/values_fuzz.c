/* Dates and numbers of any text: read or refused, and what was read is what its text says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "tests/fuzz/fuzz.h"

static void check_date(const char *text, size_t length, const char *form) {
  int32_t day, again;
  if (!eh_date_parse(text, length, form, &day)) return;
  char written[11];
  eh_date_format(day, written);
  if (!eh_date_parse(written, strlen(written), "%Y-%m-%d", &again) || again != day) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const char *const forms[] = {"%Y-%m-%d",  "%m/%d/%Y", "%d-%b-%y",
                                      "%B %e, %Y", "%Y%j",     "%Y-%m-%d %H:%M:%S"};
  char *text = malloc(length + 1);
  if (length) memcpy(text, bytes, length);
  text[length] = '\0';
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) check_date(text, length, forms[i]);
  /* The first line as a form, the rest as a text. */
  char *line = memchr(text, '\n', length);
  if (line) {
    *line = '\0';
    if (eh_date_form_valid(text)) check_date(line + 1, length - (size_t)(line + 1 - text), text);
    *line = '\n';
  }
  double number, again;
  char written[32];
  if (eh_number_parse(text, length, &number)) {
    if (!isfinite(number) || number != strtod(text, NULL)) abort();
    eh_number_format(number, written);
    if (!eh_number_parse(written, strlen(written), &again) || again != number) abort();
  }
  free(text);
  return 0;
}
