#include "engine/load/scan.h"

#include <string.h>

#if defined __x86_64__ && defined __GNUC__
#define HAS_X86 1
#include <immintrin.h>
#endif

enum { BLOCK = 64, AT_ONCE = 8 };

/* One bit for each byte of a block. */
struct masks {
  uint64_t delimiters, stops, blanks;
  bool has_high;
};

/* What a block leaves to the next: was its last byte one that shapes the text; a blank? */
struct carry {
  uint64_t shape, blank;
};

/* What a block says besides its positions. AT_ONCE positions, and one stop, are written without
   asking how many there are: a branch that is mispredicted costs more than some stores. */
static inline __attribute__((always_inline)) void note(struct eh_scan *scan,
                                                       const struct masks *masks,
                                                       struct carry *carry) {
  uint64_t all = masks->delimiters | masks->stops, stops = masks->stops;
  uint64_t blanks = masks->blanks & ~masks->delimiters;
  scan->has_edges |=
      ((blanks & (all << 1 | carry->shape)) | (all & (blanks << 1 | carry->blank))) != 0;
  *carry = (struct carry){all >> 63, blanks >> 63};
  scan->is_ascii &= !masks->has_high;
  scan->stops[scan->stop_count] =
      (uint32_t)scan->count + (uint32_t)__builtin_popcountll(all & ((stops & -stops) - 1));
  scan->stop_count += stops != 0;
  for (stops &= stops - 1; stops; stops &= stops - 1)
    scan->stops[scan->stop_count++] =
        (uint32_t)scan->count + (uint32_t)__builtin_popcountll(all & ((stops & -stops) - 1));
}

/* Append a block's positions. */
static inline __attribute__((always_inline)) void list(struct eh_scan *scan, uint32_t base,
                                                       uint64_t all) {
  size_t count = (size_t)__builtin_popcountll(all);
  uint32_t *at = scan->at + scan->count;
  scan->count += count;
  for (size_t done = 0; done < count; done += AT_ONCE)
    for (size_t i = 0; i < AT_ONCE; i++) {
      at[done + i] = base + (uint32_t)__builtin_ctzll(all | (uint64_t)1 << 63);
      all &= all - 1;
    }
}

/* Eight bytes in a word: the exact zero-byte test of "Hacker's Delight" (6-1), its high bits
   brought together by a multiplication. */
static uint64_t equal_bytes(uint64_t word, unsigned char byte) {
  const uint64_t low = 0x7f7f7f7f7f7f7f7fULL;
  uint64_t x = word ^ (0x0101010101010101ULL * byte);
  uint64_t zero = ~(((x & low) + low) | x | low);
  return ((zero >> 7) * 0x0102040810204080ULL) >> 56;
}

static inline __attribute__((always_inline)) void masks_portable(const char *block, char delimiter,
                                                                 struct masks *masks) {
  uint64_t high = 0;
  *masks = (struct masks){0};
  for (unsigned i = 0; i < BLOCK; i += 8) {
    uint64_t word = 0;
    for (unsigned k = 0; k < 8; k++) word |= (uint64_t)(unsigned char)block[i + k] << 8 * k;
    high |= word;
    masks->delimiters |= equal_bytes(word, (unsigned char)delimiter) << i;
    masks->blanks |= (equal_bytes(word, ' ') | equal_bytes(word, '\t')) << i;
    masks->stops |= (equal_bytes(word, '\n') | equal_bytes(word, '\r') | equal_bytes(word, '"') |
                     equal_bytes(word, '\0'))
                    << i;
  }
  masks->has_high = (high & 0x8080808080808080ULL) != 0;
}

#ifdef HAS_X86
static inline __attribute__((always_inline)) void masks_sse2(const char *block, char delimiter,
                                                             struct masks *masks) {
  __m128i any = _mm_setzero_si128();
  *masks = (struct masks){0};
  for (unsigned i = 0; i < BLOCK; i += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
    __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                                              _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'))),
                                 _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                              _mm_cmpeq_epi8(bytes, _mm_setzero_si128())));
    __m128i delimiters = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(delimiter));
    __m128i blanks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
    any = _mm_or_si128(any, bytes);
    masks->stops |= (uint64_t)(uint32_t)_mm_movemask_epi8(stops) << i;
    masks->delimiters |= (uint64_t)(uint32_t)_mm_movemask_epi8(delimiters) << i;
    masks->blanks |= (uint64_t)(uint32_t)_mm_movemask_epi8(blanks) << i;
  }
  masks->has_high = _mm_movemask_epi8(any) != 0;
}

__attribute__((target("avx2,bmi,popcnt"))) static inline void masks_avx2(const char *block,
                                                                         char delimiter,
                                                                         struct masks *masks) {
  __m256i any = _mm256_setzero_si256();
  *masks = (struct masks){0};
  for (unsigned i = 0; i < BLOCK; i += 32) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(block + i));
    __m256i stops =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')),
                                        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r'))),
                        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')),
                                        _mm256_cmpeq_epi8(bytes, _mm256_setzero_si256())));
    __m256i delimiters = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(delimiter));
    __m256i blanks = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' ')),
                                     _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\t')));
    any = _mm256_or_si256(any, bytes);
    masks->stops |= (uint64_t)(uint32_t)_mm256_movemask_epi8(stops) << i;
    masks->delimiters |= (uint64_t)(uint32_t)_mm256_movemask_epi8(delimiters) << i;
    masks->blanks |= (uint64_t)(uint32_t)_mm256_movemask_epi8(blanks) << i;
  }
  masks->has_high = _mm256_movemask_epi8(any) != 0;
}

#define AVX512 __attribute__((target("avx512bw,avx512vbmi2,bmi,popcnt")))

AVX512 static inline void masks_avx512(const char *block, char delimiter, struct masks *masks) {
  __m512i bytes = _mm512_loadu_si512(block);
  masks->delimiters = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(delimiter));
  masks->stops = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
                 _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')) |
                 _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) |
                 _mm512_testn_epi8_mask(bytes, bytes);
  masks->blanks = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' ')) |
                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t'));
  masks->has_high = _mm512_movepi8_mask(bytes) != 0;
}

/* The numbers of a block's bytes, those wanted moved together and widened, sixteen at a time. */
AVX512 static inline void list_avx512(struct eh_scan *scan, uint32_t base, uint64_t all) {
  static const unsigned char numbers[BLOCK] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  __m512i wanted = _mm512_maskz_compress_epi8(all, _mm512_loadu_si512(numbers));
  __m512i bases = _mm512_set1_epi32((int)base);
  size_t count = (size_t)__builtin_popcountll(all);
  uint32_t *at = scan->at + scan->count;
  scan->count += count;
  _mm512_storeu_si512(
      at, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(wanted))));
  if (count <= 16) return;
  _mm512_storeu_si512(
      at + 16, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(wanted, 1))));
  if (count <= 32) return;
  _mm512_storeu_si512(
      at + 32, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(wanted, 2))));
  _mm512_storeu_si512(
      at + 48, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(wanted, 3))));
}
#endif

/* The loop of every way. The last bytes are looked at in a block of their own, filled up with a
   byte that is none of those looked for. */
#define SCAN_LOOP(masks_of, list_of)                              \
  do {                                                            \
    struct masks masks;                                           \
    struct carry carry = {1, 0}; /* it may begin with a field */  \
    size_t i = 0;                                                 \
    for (; i + BLOCK <= length; i += BLOCK) {                     \
      masks_of(text + i, delimiter, &masks);                      \
      note(scan, &masks, &carry);                                 \
      list_of(scan, (uint32_t)i, masks.delimiters | masks.stops); \
    }                                                             \
    if (i < length) {                                             \
      char rest[BLOCK];                                           \
      memset(rest, delimiter == 'x' ? 'y' : 'x', sizeof rest);    \
      memcpy(rest, text + i, length - i);                         \
      masks_of(rest, delimiter, &masks);                          \
      note(scan, &masks, &carry);                                 \
      list_of(scan, (uint32_t)i, masks.delimiters | masks.stops); \
    }                                                             \
  } while (0)

static void scan_portable(const char *text, size_t length, char delimiter, struct eh_scan *scan) {
  SCAN_LOOP(masks_portable, list);
}

#ifdef HAS_X86
static void scan_sse2(const char *text, size_t length, char delimiter, struct eh_scan *scan) {
  SCAN_LOOP(masks_sse2, list);
}

__attribute__((target("avx2,bmi,popcnt"))) static void scan_avx2(const char *text, size_t length,
                                                                 char delimiter,
                                                                 struct eh_scan *scan) {
  SCAN_LOOP(masks_avx2, list);
}

AVX512 static void scan_avx512(const char *text, size_t length, char delimiter,
                               struct eh_scan *scan) {
  SCAN_LOOP(masks_avx512, list_avx512);
}
#endif

bool eh_scan_has(enum eh_scan_way way) {
#ifdef HAS_X86
  if (way == EH_SCAN_AVX512)
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  if (way == EH_SCAN_AVX2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
  if (way == EH_SCAN_SSE2) return true;
#endif
  return way == EH_SCAN_PORTABLE;
}

enum eh_scan_way eh_scan_best(void) {
  int way = EH_SCAN_WAYS - 1;
  while (!eh_scan_has((enum eh_scan_way)way)) way--;
  return (enum eh_scan_way)way;
}

void eh_scan_text(enum eh_scan_way way, const char *text, size_t length, char delimiter,
                  struct eh_scan *scan) {
  scan->count = scan->stop_count = 0;
  scan->is_ascii = true;
  scan->has_edges = false;
#ifdef HAS_X86
  if (way == EH_SCAN_AVX512) {
    scan_avx512(text, length, delimiter, scan);
    return;
  }
  if (way == EH_SCAN_AVX2) {
    scan_avx2(text, length, delimiter, scan);
    return;
  }
  if (way == EH_SCAN_SSE2) {
    scan_sse2(text, length, delimiter, scan);
    return;
  }
#endif
  (void)way;
  scan_portable(text, length, delimiter, scan);
}
