#include "engine/load/text/scan.h"

#include <string.h>

#if defined __x86_64__ && defined __GNUC__
#define HAS_X86 1
#include <immintrin.h>
#endif

enum { BLOCK = EH_SCAN_BLOCK, AT_ONCE = 8 };

/* One bit for each byte of a block. */
struct masks {
  uint64_t delimiters, ends, quotes, blanks;
  bool has_high;
};

/* What a block leaves to the next, of its last byte: it shapes the text; is a blank; stands within
   quotes; is a closing one. 0 or 1 each. */
struct carry {
  uint64_t shape, blank, inside, closing;
};

/* What a block's shaping bytes are, out of its quotes. */
struct shape {
  uint64_t all, ends, odd, blanks;
  uint64_t broken; /* where a quote stands that may not */
};

/* Bit i: are there an odd number of ones up to it? */
static inline uint64_t parity(uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

static inline __attribute__((always_inline)) struct shape shape_of(const struct masks *masks,
                                                                   struct carry *carry) {
  struct shape shape = {.all = masks->delimiters | masks->ends,
                        .ends = masks->ends,
                        .blanks = masks->blanks & ~masks->delimiters};
  uint64_t inside = 0, closing = 0;
  if (masks->quotes | carry->inside | carry->closing) {
    inside = parity(masks->quotes) ^ (0 - carry->inside);
    closing = masks->quotes & ~inside;
    uint64_t opening = masks->quotes & inside, behind = closing << 1 | carry->closing;
    shape.all &= ~inside;
    shape.ends &= ~inside;
    shape.blanks &= ~inside;
    shape.odd = (behind & opening) | (masks->ends & inside);
    shape.broken =
        (opening & ~(shape.all << 1 | carry->shape | behind)) | (behind & ~(shape.all | opening));
  }
  carry->inside = inside >> 63;
  carry->closing = closing >> 63;
  return shape;
}

/* Leave out what comes from the first broken quote on. */
static inline void cut(struct shape *shape) {
  uint64_t before = (shape->broken & (0 - shape->broken)) - 1;
  shape->all &= before;
  shape->ends &= before;
  shape->odd &= before;
}

/* What a block says besides its positions; false: it holds up to a place in this block only, and
   *shape too. An end is written without asking whether there is one: a branch that is mispredicted
   costs more than a store. */
static inline __attribute__((always_inline)) bool note(struct eh_scan *scan, uint32_t base,
                                                       const struct masks *masks,
                                                       struct carry *carry, uint64_t *all) {
  struct shape shape = shape_of(masks, carry);
  if (shape.broken) cut(&shape);
  uint64_t ends = shape.ends;
  scan->has_edges |= ((shape.blanks & (shape.all << 1 | carry->shape)) |
                      (shape.all & (shape.blanks << 1 | carry->blank))) != 0;
  carry->shape = shape.all >> 63;
  carry->blank = shape.blanks >> 63;
  scan->is_ascii &= !masks->has_high;
  scan->quoted[scan->quoted_count] = base;
  scan->quoted_count += masks->quotes != 0;
  scan->ends[scan->end_count] =
      (uint32_t)scan->count + (uint32_t)__builtin_popcountll(shape.all & ((ends & (0 - ends)) - 1));
  scan->end_count += ends != 0;
  for (ends &= ends - 1; ends; ends &= ends - 1)
    scan->ends[scan->end_count++] =
        (uint32_t)scan->count +
        (uint32_t)__builtin_popcountll(shape.all & ((ends & (0 - ends)) - 1));
  for (uint64_t odd = shape.odd; odd; odd &= odd - 1)
    scan->odd[scan->odd_count++] = base + (uint32_t)__builtin_ctzll(odd);
  *all = shape.all;
  if (shape.broken) scan->length = base + (size_t)__builtin_ctzll(shape.broken);
  return shape.broken == 0;
}

/* Append a block's positions; AT_ONCE are written without asking how many there are. */
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
    masks->quotes |= equal_bytes(word, '"') << i;
    masks->ends |= (equal_bytes(word, '\n') | equal_bytes(word, '\r') | equal_bytes(word, '\0'))
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
    __m128i ends = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                                             _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'))),
                                _mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
    __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i delimiters = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(delimiter));
    __m128i blanks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
    any = _mm_or_si128(any, bytes);
    masks->ends |= (uint64_t)(uint32_t)_mm_movemask_epi8(ends) << i;
    masks->quotes |= (uint64_t)(uint32_t)_mm_movemask_epi8(quotes) << i;
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
    __m256i ends =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')),
                                        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r'))),
                        _mm256_cmpeq_epi8(bytes, _mm256_setzero_si256()));
    __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
    __m256i delimiters = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(delimiter));
    __m256i blanks = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' ')),
                                     _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\t')));
    any = _mm256_or_si256(any, bytes);
    masks->ends |= (uint64_t)(uint32_t)_mm256_movemask_epi8(ends) << i;
    masks->quotes |= (uint64_t)(uint32_t)_mm256_movemask_epi8(quotes) << i;
    masks->delimiters |= (uint64_t)(uint32_t)_mm256_movemask_epi8(delimiters) << i;
    masks->blanks |= (uint64_t)(uint32_t)_mm256_movemask_epi8(blanks) << i;
  }
  masks->has_high = _mm256_movemask_epi8(any) != 0;
}

#define AVX512 __attribute__((target("avx512bw,avx512vbmi2,bmi,popcnt")))

AVX512 static inline void masks_avx512(const char *block, char delimiter, struct masks *masks) {
  __m512i bytes = _mm512_loadu_si512(block);
  masks->delimiters = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(delimiter));
  masks->ends = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
                _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')) |
                _mm512_testn_epi8_mask(bytes, bytes);
  masks->quotes = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'));
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
#define SCAN_LOOP(masks_of, list_of)                           \
  do {                                                         \
    struct masks masks;                                        \
    struct carry carry = {.shape = 1};                         \
    uint64_t all;                                              \
    size_t i = 0;                                              \
    bool holds = true;                                         \
    for (; holds && i + BLOCK <= length; i += BLOCK) {         \
      masks_of(text + i, delimiter, &masks);                   \
      holds = note(scan, (uint32_t)i, &masks, &carry, &all);   \
      list_of(scan, (uint32_t)i, all);                         \
    }                                                          \
    if (holds && i < length) {                                 \
      char rest[BLOCK];                                        \
      memset(rest, delimiter == 'x' ? 'y' : 'x', sizeof rest); \
      memcpy(rest, text + i, length - i);                      \
      masks_of(rest, delimiter, &masks);                       \
      (void)note(scan, (uint32_t)i, &masks, &carry, &all);     \
      list_of(scan, (uint32_t)i, all);                         \
    }                                                          \
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
  scan->count = scan->end_count = scan->odd_count = scan->quoted_count = 0;
  scan->length = length;
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
