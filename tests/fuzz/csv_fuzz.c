/* For libFuzzer (clang -fsanitize=fuzzer) or any program that calls this with bytes: the scanner
 * and libcsv agree on all of them. The first three bytes choose the delimiter, the number of fields
 * and whether the text goes on. */
#include <stdlib.h>

#include "tests/load/compare_parsers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const char delimiters[] = {',', ';', '\t', '|'};
  if (length < 3) return 0;
  size_t records;
  if (!parsers_agree((const char *)bytes + 3, length - 3, delimiters[bytes[0] % 4],
                     1 + bytes[1] % 8, bytes[2] % 2, &records))
    abort();
  return 0;
}
