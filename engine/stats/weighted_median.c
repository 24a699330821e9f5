#include "engine/stats/weighted_median.h"

#include <stdbool.h>

static void swap(struct eh_weighted *a, struct eh_weighted *b) {
  struct eh_weighted kept = *a;
  *a = *b;
  *b = kept;
}

static double middle_of_three(double a, double b, double c) {
  return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

/* Items of a range, those below a pivot moved to its front, those above to its end. */
struct parted {
  size_t equal, above; /* where they begin */
  double below_weight, equal_weight;
};
static struct parted part(struct eh_weighted *items, size_t first, size_t end, double pivot) {
  struct parted p = {first, end, 0.0, 0.0};
  for (size_t i = first; i < p.above;) {
    if (items[i].value < pivot) {
      p.below_weight += items[i].weight;
      swap(&items[i++], &items[p.equal++]);
    } else if (items[i].value > pivot) {
      swap(&items[i], &items[--p.above]);
    } else {
      p.equal_weight += items[i++].weight;
    }
  }
  return p;
}

static double least_from(const struct eh_weighted *items, size_t first, size_t count) {
  double least = items[first].value;
  for (size_t i = first + 1; i < count; i++)
    if (items[i].value < least) least = items[i].value;
  return least;
}

double eh_weighted_median(struct eh_weighted *items, size_t count, double before, double total) {
  for (size_t first = 0, end = count;;) {
    double pivot = middle_of_three(items[first].value, items[first + (end - first) / 2].value,
                                   items[end - 1].value);
    struct parted p = part(items, first, end, pivot);
    double below = before + p.below_weight, reached = below + p.equal_weight;
    if (p.equal > first && 2.0 * below >= total) {
      end = p.equal;
    } else if (2.0 * reached < total && p.above < end) {
      before = reached;
      first = p.above;
    } else {
      bool shared = 2.0 * reached == total && p.above < count;
      return shared ? pivot + (least_from(items, p.above, count) - pivot) / 2.0 : pivot;
    }
  }
}
