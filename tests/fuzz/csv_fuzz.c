/* For libFuzzer (clang -fsanitize=fuzzer) or any program that calls this with bytes: the scanner
 * and libcsv agree on all of them, and the processor's ways to scan with one another. The first
 * three bytes choose the delimiter, the number of fields, whether the text goes on, whether it is read leniently, and, of some
 * inputs, where in it a window of the scanner ends. */
#include <stdlib.h>

#include "engine/load/text/scan.h"
#include "tests/fuzz/fuzz.h"
#include "tests/load/compare_parsers.h"

static void check_ways(const char *text, size_t length, char delimiter) {
  static struct eh_scan plain, fast;
  if (length > EH_SCAN_WINDOW) length = EH_SCAN_WINDOW;
  eh_scan_text(EH_SCAN_PORTABLE, text, length, delimiter, &plain);
  for (int way = 0; way < EH_SCAN_WAYS; way++) {
    if (way == EH_SCAN_PORTABLE || !eh_scan_has((enum eh_scan_way)way)) continue;
    eh_scan_text((enum eh_scan_way)way, text, length, delimiter, &fast);
    if (plain.count != fast.count || plain.end_count != fast.end_count ||
        plain.odd_count != fast.odd_count || plain.length != fast.length ||
        plain.is_ascii != fast.is_ascii || plain.has_edges != fast.has_edges ||
        plain.quoted_count != fast.quoted_count ||
        memcmp(plain.quoted, fast.quoted, plain.quoted_count * sizeof *plain.quoted) != 0 ||
        memcmp(plain.at, fast.at, plain.count * sizeof *plain.at) != 0 ||
        memcmp(plain.ends, fast.ends, plain.end_count * sizeof *plain.ends) != 0 ||
        memcmp(plain.odd, fast.odd, plain.odd_count * sizeof *plain.odd) != 0)
      abort();
  }
}

/* Records before the text, so that the first window ends `within` bytes into it. */
static char *put_behind_window(const char *text, size_t length, size_t within, char delimiter,
                               size_t fields) {
  size_t before = EH_SCAN_WINDOW - within, record = 2 * fields;
  char *all = malloc(before + length);
  for (size_t i = 0; i < before; i++)
    all[i] = i / record == before / record ? 'x' : i % 2 == 0 ? 'x' : delimiter;
  for (size_t i = record; i <= before / record * record; i += record) all[i - 1] = '\n';
  if (length) memcpy(all + before, text, length);
  return all;
}

/* Reading a whole window takes longer than the rest, so only some inputs are read behind one,
 * whichever come. */
static bool takes_window(const uint8_t *bytes, size_t length) {
  uint32_t sum = (uint32_t)length;
  for (size_t i = 0; i < length; i++) sum = sum * 31 + bytes[i];
  return (sum >> 8) % 128 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const char delimiters[] = {',', ';', '\t', '|'};
  if (length < 3) return 0;
  const char *text = (const char *)bytes + 3;
  char delimiter = delimiters[bytes[0] % 4];
  size_t fields = 1 + bytes[1] % 8, records;
  size_t fewest = bytes[2] / 2u % (fields + 1);
  bool is_last = bytes[2] % 2;
  bool is_behind = takes_window(bytes, length);
  length -= 3;
  if (!parsers_agree(text, length, delimiter, fields, is_last, fewest, &records)) abort();
  check_ways(text, length, delimiter);
  if (is_behind) {
    size_t within = (bytes[0] / 4u * 32 + bytes[1] / 8u) % (length + 1);
    char *all = put_behind_window(text, length, within, delimiter, fields);
    if (!parsers_agree(all, EH_SCAN_WINDOW - within + length, delimiter, fields, is_last, fewest, &records))
      abort();
    free(all);
  }
  return 0;
}
