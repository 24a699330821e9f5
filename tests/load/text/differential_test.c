/* The scanner against libcsv, on texts made at random: whatever it reads, it reads as libcsv does.
 */
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "engine/load/text/scan.h"
#include "tests/load/compare_parsers.h"
#include "tests/test.h"

static size_t below(struct eh_random *random, size_t count) {
  return (size_t)eh_random_below(random, count);
}

/* Shared out so that well-formed records, nearly well-formed ones and rubbish all occur. */
static void add_field(struct eh_random *random, struct eh_buffer *text, unsigned faults) {
  static const char *const plain[] = {
      "", "a", "12", "Miami Field Office", " a", "b ", "\t c d\t", "\xc3\xa9", "x'y", "  "};
  static const char *const quoted[] = {
      "\"\"",     "\"a\"",   "\"a,b\"",      "\"say \"\"hi\"\"\"", " \"a\" ", "\"x\ny\"",
      "\"\"\"\"", "\" a \"", "\"a;b|c\td\"", "\"x\r\ny\"",         "\t\"\"\t"};
  static const char *const broken[] = {"\"", "a\"b", "\"a\"b",   "\"a\" \"", "\"\"\"", "\r",
                                       "\n", "\"a",  "\r\n\r\n", "\" \"\"",  "\"a\n"};
  size_t kind = below(random, 100);
  if (kind < faults) {
    eh_buffer_puts(text, broken[below(random, sizeof broken / sizeof broken[0])]);
  } else if (kind < 50) {
    eh_buffer_puts(text, plain[below(random, sizeof plain / sizeof plain[0])]);
  } else {
    eh_buffer_puts(text, quoted[below(random, sizeof quoted / sizeof quoted[0])]);
  }
}

static void add_record(struct eh_random *random, struct eh_buffer *text, char delimiter,
                       size_t fields, unsigned faults) {
  static const char *const ends[] = {"\n", "\r\n", "\r", "\n\n", " \n", "", "\r\r\n"};
  if (below(random, 100) < faults) fields += below(random, 3) - 1;
  for (size_t f = 0; f < fields; f++) {
    if (f) eh_buffer_add(text, &delimiter, 1);
    add_field(random, text, faults);
  }
  eh_buffer_puts(text, ends[below(random, 100) < faults ? below(random, 7) : below(random, 2)]);
}

/* Change some bytes for any others. */
static void mutate(struct eh_random *random, struct eh_buffer *text) {
  static const char bytes[] = ",;\"\"\n\r \t\0a\xe9";
  for (size_t n = below(random, 4); n > 0 && text->length; n--)
    text->text[below(random, text->length)] = bytes[below(random, sizeof bytes - 1)];
}

START_TEST(the_scanner_reads_as_libcsv) {
  static const char delimiters[] = {',', ';', '\t', '|', ' '};
  struct eh_random random = eh_random_seeded(6, 0);
  size_t read = 0;
  for (int round = 0; round < 20000; round++) {
    struct eh_buffer text = {0};
    char delimiter = delimiters[below(&random, sizeof delimiters)];
    size_t fields = 1 + below(&random, 5), count = below(&random, 12), records;
    unsigned faults = (unsigned)below(&random, 3) * 8;
    eh_buffer_puts(&text, "");
    for (size_t i = 0; i < count; i++) add_record(&random, &text, delimiter, fields, faults);
    if (round % 4 == 0) mutate(&random, &text);
    bool is_last = below(&random, 2);
    ck_assert_msg(parsers_agree(text.text, text.length, delimiter, fields, is_last,
                                below(&random, 3) % 3 ? 1 + below(&random, fields) : 0, &records),
                  "round %d, delimiter '%c', %zu fields, is_last %d: %.*s", round, delimiter,
                  fields, is_last, (int)text.length, text.text);
    read += records;
    eh_buffer_free(&text);
  }
  ck_assert_uint_gt(read, 30000);
}
END_TEST

START_TEST(records_across_windows) {
  struct eh_random random = eh_random_seeded(7, 0);
  for (int round = 0; round < 12; round++) {
    struct eh_buffer text = {0};
    size_t records;
    while (text.length < 5 * EH_SCAN_WINDOW) {
      add_record(&random, &text, ',', 3, round % 3 ? 0 : 4);
      if (below(&random, 400) == 0) { /* longer than a window */
        eh_buffer_puts(&text, "1,\"");
        for (size_t n = EH_SCAN_WINDOW - 20 + below(&random, 40); n > 0; n--)
          eh_buffer_puts(&text, below(&random, 9) ? "x" : "\n");
        eh_buffer_puts(&text, "\",2\n");
      }
    }
    ck_assert_msg(parsers_agree(text.text, text.length, ',', 3, round % 2, (size_t)(round % 4), &records), "round %d",
                  round);
    ck_assert_uint_gt(records, 100);
    eh_buffer_free(&text);
  }
}
END_TEST

START_TEST(pairs_of_quotes_in_many_records) {
  struct eh_buffer text = {0};
  size_t records, count = 0;
  for (; text.length < 3 * EH_SCAN_WINDOW; count++)
    eh_buffer_printf(&text, "%zu,\"a \"\"text\"\" with as many\"\" pairs as can be\"\"\",2\n",
                     count);
  ck_assert(parsers_agree(text.text, text.length, ',', 3, true, 0, &records));
  ck_assert_uint_eq(records, count);
  eh_buffer_free(&text);
}
END_TEST

/* May a quote stand here? Fills in what the scan says of the byte. */
static bool scan_byte(const char *text, size_t i, char delimiter, bool *inside,
                      struct eh_scan *scan) {
  char c = text[i], before = i ? text[i - 1] : '\n';
  bool was_end = before == '\n' || before == '\r' || before == '\0';
  bool was_inside = *inside, is_end = c == '\n' || c == '\r' || c == '\0';
  if (c == '"') {
    *inside = !was_inside;
    if (was_inside) return true;
    /* An opening one: where a field begins, or behind a closing one. */
    if (i && before == '"') scan->odd[scan->odd_count++] = (uint32_t)i;
    return was_end || before == delimiter || before == '"';
  }
  if (!was_inside && before == '"' && i && c != delimiter && !is_end) return false;
  if (was_inside) {
    if (is_end) scan->odd[scan->odd_count++] = (uint32_t)i;
    return true;
  }
  if (is_end) scan->ends[scan->end_count++] = (uint32_t)scan->count;
  if (is_end || c == delimiter) scan->at[scan->count++] = (uint32_t)i;
  return true;
}

static void scan_byte_by_byte(const char *text, size_t length, char delimiter,
                              struct eh_scan *scan) {
  bool inside = false;
  *scan = (struct eh_scan){.length = length};
  for (size_t i = 0; i < length; i++) {
    size_t odd = scan->odd_count;
    if (scan_byte(text, i, delimiter, &inside, scan)) continue;
    scan->odd_count = odd;
    scan->length = i;
    return;
  }
}

/* A blank beside a byte that shapes the text, without quotes between. */
static bool has_edge(const char *text, char delimiter, const struct eh_scan *scan) {
  for (size_t k = 0; k <= scan->count; k++) {
    size_t first = k ? scan->at[k - 1] + 1 : 0, last = k < scan->count ? scan->at[k] : scan->length;
    if (first == last) continue;
    char a = text[first], b = text[last - 1];
    if ((a == ' ' || a == '\t') && a != delimiter) return true;
    if (k < scan->count && (b == ' ' || b == '\t') && b != delimiter) return true;
  }
  return false;
}

START_TEST(every_way_to_scan_finds_the_same) {
  static const char likely[] = ",,,;\n\r\"\0x yz\xe9";
  struct eh_random random = eh_random_seeded(8, 0);
  struct eh_scan *want = eh_alloc(1, sizeof *want), *got = eh_alloc(1, sizeof *got);
  for (int round = 0; round < 3000; round++) {
    size_t length = round < 200 ? (size_t)round : below(&random, 2000);
    char *text = eh_alloc(length, 1), delimiter = round % 2 ? ',' : 'x';
    size_t rare = 1 + below(&random, 30);
    for (size_t i = 0; i < length; i++)
      text[i] = below(&random, rare) ? (char)below(&random, round % 3 ? 128 : 256)
                                     : likely[below(&random, sizeof likely - 1)];
    scan_byte_by_byte(text, length, delimiter, want);
    for (int way = 0; way < EH_SCAN_WAYS; way++) {
      if (!eh_scan_has((enum eh_scan_way)way)) continue;
      eh_scan_text((enum eh_scan_way)way, text, length, delimiter, got);
      ck_assert_uint_eq(got->count, want->count);
      ck_assert_uint_eq(got->end_count, want->end_count);
      ck_assert_uint_eq(got->odd_count, want->odd_count);
      ck_assert_uint_eq(got->length, want->length);
      ck_assert_mem_eq(got->at, want->at, want->count * sizeof *want->at);
      ck_assert_mem_eq(got->ends, want->ends, want->end_count * sizeof *want->ends);
      ck_assert_mem_eq(got->odd, want->odd, want->odd_count * sizeof *want->odd);
      /* These may be said of what follows too, as far as the block goes. */
      for (size_t i = 0; i < want->length && got->is_ascii; i++)
        ck_assert_int_lt((unsigned char)text[i], 128);
      for (size_t i = 0, k = 0; i < want->length; i++) {
        if (text[i] != '"') continue;
        while (k < got->quoted_count && got->quoted[k] + EH_SCAN_BLOCK <= i) k++;
        ck_assert(k < got->quoted_count && got->quoted[k] <= i);
      }
      ck_assert(got->has_edges || !has_edge(text, delimiter, want));
      if (want->length < length) continue;
      ck_assert_int_eq(got->is_ascii, is_ascii(text, text + length));
      ck_assert_int_eq(got->has_edges, has_edge(text, delimiter, want));
    }
    free(text);
  }
  free(want);
  free(got);
}
END_TEST

RUN_TESTS("differential", the_scanner_reads_as_libcsv, records_across_windows,
          pairs_of_quotes_in_many_records, every_way_to_scan_finds_the_same)
