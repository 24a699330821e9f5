/* unfold FILE [SHEET]: the text that comes out of a workbook or another container, for scripts. */
#include <stdio.h>

#include "engine/load/text/bytes.h"

int main(int count, char **arguments) {
  struct eh_wish wish = {.sheet = count > 2 ? arguments[2] : NULL};
  struct eh_source *source;
  struct eh_error error;
  char bytes[1 << 16];
  size_t got = 1;
  if (count < 2) return 2;
  enum eh_status status = eh_source_open(&source, arguments[1], false, &wish, &error);
  for (; status == EH_OK && got > 0; fwrite(bytes, 1, got, stdout))
    status = eh_source_read(source, bytes, sizeof bytes, &got, &error);
  if (status != EH_OK) fprintf(stderr, "unfold: %s: %s\n", error.file, error.message);
  return status != EH_OK;
}
