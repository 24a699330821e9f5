#include "engine/stats/rows.h"

#include <stdbool.h>

enum { TOGETHER = EH_COLUMNS_TOGETHER, FOUR = 4 };
typedef double four __attribute__((vector_size(FOUR * sizeof(double)), aligned(8), may_alias));
_Static_assert(TOGETHER == 4 * FOUR, "as many as multiply adds up at once");

#define INLINE static inline __attribute__((always_inline))

INLINE void add(double *to, double share, const double *from, size_t count) {
  size_t i = 0;
  for (; i + FOUR <= count; i += FOUR) *(four *)(to + i) += share * *(const four *)(from + i);
  for (; i < count; i++) to[i] += share * from[i];
}

INLINE void multiply(const double *shares, size_t size, const double *own, double *columns) {
  for (size_t k = size; k-- > 0;) {
    const double *row = shares + k * size;
    const four *mine = (const four *)(own + k * TOGETHER);
    four a = row[k] * mine[0], b = row[k] * mine[1], c = row[k] * mine[2], d = row[k] * mine[3];
    for (size_t i = k + 1; i < size; i++) {
      const four *other = (const four *)(columns + i * TOGETHER);
      a += row[i] * other[0];
      b += row[i] * other[1];
      c += row[i] * other[2];
      d += row[i] * other[3];
    }
    four *to = (four *)(columns + k * TOGETHER);
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
  }
}

#if defined __x86_64__ && defined __GNUC__
#define WIDE __attribute__((target("avx2")))
static bool is_wide(void) { return __builtin_cpu_supports("avx2"); }
#else
#define WIDE
static bool is_wide(void) { return false; }
#endif

WIDE static void add_wide(double *to, double share, const double *from, size_t count) {
  add(to, share, from, count);
}
WIDE static void multiply_wide(const double *shares, size_t size, const double *own,
                               double *columns) {
  multiply(shares, size, own, columns);
}

void eh_row_add(double *to, double share, const double *from, size_t count) {
  if (is_wide())
    add_wide(to, share, from, count);
  else
    add(to, share, from, count);
}

void eh_row_multiply(const double *shares, size_t size, const double *own, double *columns) {
  if (is_wide())
    multiply_wide(shares, size, own, columns);
  else
    multiply(shares, size, own, columns);
}
